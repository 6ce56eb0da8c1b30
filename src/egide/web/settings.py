"""The one settings file: everything that changes from one place to another comes from the environment."""

import os
import secrets
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from egide.web import environment

WEB = Path(__file__).parent
try:
    ENV = environment.read(os.environ)
except ImproperlyConfigured as refused:
    raise SystemExit(str(refused)) from None

# ------------------------------------------------------------------------------------------------------------- the place
DATA: Path = ENV["EGIDE_DATA"]
FILES = DATA / "files"
DEMO = bool(ENV["EGIDE_DEMO"])
OPERATOR = ENV["EGIDE_OPERATOR"]
DEBUG = False
ALLOWED_HOSTS = list(ENV["EGIDE_HOSTS"])
ALONE = all(host in environment.LOOPBACK for host in ALLOWED_HOSTS)
SECRET_KEY = ENV["EGIDE_SECRET_KEY"] or secrets.token_urlsafe(50)
HTTPS = not ALONE if ENV["EGIDE_HTTPS"] is None else ENV["EGIDE_HTTPS"]

SQLITE: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": ENV["DATABASE_URL"] or {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA / "egide.sqlite3")}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {"OPTIONS": SQLITE, "CONN_MAX_AGE": 60}
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------------------------------------------------- the parts
INSTALLED_APPS = [
    "egide.web.design",
    "egide.web.audit",
    "egide.web.files",
    "egide.web.jobs",
    "egide.web.organisations",
    "egide.web.clauses",
    "egide.web.establishments",
    "egide.web.tenders",
    "egide.web.diagnoses",
    "egide.web.exercises",
    "egide.web.risk",
    "egide.web.home",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
]
MIDDLEWARE = [
    "egide.web.exercises.live.poll.Poll",
    "egide.web.log.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "egide.web.organisations.second_factor.SecondFactor",
    "egide.web.home.resume.Resumed",
    "egide.web.audit.guard.Guarded",
]
ROOT_URLCONF = "egide.web.urls"
WSGI_APPLICATION = "egide.web.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "design" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["egide.web.design.templatetags.words", "egide.web.design.templatetags.parts"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "egide.web.design.context.page",
            ],
        },
    }
]

# -------------------------------------------------------------------------------------------------------------- language
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

# -------------------------------------------------------------------------------------------------------------- accounts
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "full_name")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
ACCOUNT_ADAPTER = "egide.web.organisations.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "egide.web.organisations.account_forms.LoginForm",
    "reauthenticate": "egide.web.organisations.account_forms.ReauthenticateForm",
    "change_password": "egide.web.organisations.account_forms.ChangePasswordForm",
    "reset_password": "egide.web.organisations.account_forms.ResetPasswordForm",
    "reset_password_from_key": "egide.web.organisations.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,10/300s/key"}  # of wrong codes; axes counts wrong passwords
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:start"
LOGOUT_REDIRECT_URL = "home:welcome"
MFA_TOTP_ISSUER = "Égide"
MFA_ADAPTER = "egide.web.organisations.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "egide.web.organisations.account_forms.CodeForm",
    "reauthenticate": "egide.web.organisations.account_forms.CodeAgainForm",
    "activate_totp": "egide.web.organisations.account_forms.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_USERNAME_CALLABLE = "egide.web.organisations.adapter.login_name"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = 1 if ENV["EGIDE_PROXY"] else 0
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if ENV["EGIDE_PROXY"] else ["REMOTE_ADDR"]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "egide-session"
CSRF_COOKIE_NAME = "egide-csrf"

# -------------------------------------------------------------------------------------------------------------- security
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV["EGIDE_PROXY"] else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^sante$"]
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the preload list of browsers is joined by whoever owns the domain
CSRF_FAILURE_VIEW = "egide.web.home.errors.csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
UPLOAD_BYTES = ENV["EGIDE_UPLOAD_MB"] * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "egide.web.files.upload.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000

# ------------------------------------------------------------------------------------------------------- static and mail
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
EMAIL_CONFIG = ENV["EGIDE_EMAIL_URL"]
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = ENV["EGIDE_EMAIL_FROM"]

# -------------------------------------------------------------------------------------------------------------- long work
JOBS = {
    "load_folder": "egide.web.tenders.work.load_folder",
    "import_deposits": "egide.web.tenders.work.import_deposits",
    "read_workbooks": "egide.web.tenders.work.read_workbooks",
    "write_precisions": "egide.web.tenders.received.doubts.write",
    "evaluate": "egide.web.tenders.result.work.evaluate",
    "record": "egide.web.tenders.result.record.write",
    "robustness": "egide.web.tenders.result.robustness.work",
    "write_bench": "egide.web.tenders.preparing.work.write_bench",
    "estimate": "egide.web.risk.estimates.work.estimate",
    "write_exercise": "egide.web.exercises.preparing.work.write",
    "write_dce": "egide.web.tenders.preparing.work.write_dce",
}
JOB_LOST_AFTER = 60
JOB_ATTEMPTS = 3

# ------------------------------------------------------------------------------------------------------------------- logs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "egide.web.log.Json"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "egide": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "CRITICAL"},
        "axes": {"level": "ERROR"},
    },
}
