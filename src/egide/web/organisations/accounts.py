"""Addresses of accounts: the views of the library that are used here, and no other (no sign-up, no address change)."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from egide.web.organisations import recovery

urlpatterns = [
    path("connexion", account.login, name="account_login"),
    path("deconnexion", account.logout, name="account_logout"),
    path("ferme", account.account_inactive, name="account_inactive"),
    path("confirmer", account.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe", account.password_change, name="account_change_password"),
    path("mot-de-passe/oublie", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mot-de-passe/change", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("double-authentification", factor.index, name="mfa_index"),
    path("double-authentification/code", factor.authenticate, name="mfa_authenticate"),
    path("double-authentification/confirmer", factor.reauthenticate, name="mfa_reauthenticate"),
    path("double-authentification/activer", totp.activate_totp, name="mfa_activate_totp"),
    path("double-authentification/desactiver", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("double-authentification/secours", recovery.show, name="mfa_view_recovery_codes"),
    path("double-authentification/secours/nouveaux", recovery.generate, name="mfa_generate_recovery_codes"),
    path("double-authentification/secours/fichier", recovery.download, name="mfa_download_recovery_codes"),
]  # fmt: skip
