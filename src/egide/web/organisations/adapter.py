"""How the library of accounts behaves here: no account without an invitation, its sentences in the project's words."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from egide.web.design.words import phrase

logger = logging.getLogger("egide.web")


def login_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the address that somebody tries to log in with, as it is counted for the lockout."""
    given = (credentials or {}).get("email") or request.POST.get("login", "")
    return str(given).strip().lower()[:254]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": phrase("Ce compte est fermé."),
        "email_password_mismatch": phrase("Adresse ou mot de passe incorrect."),
        "enter_current_password": phrase("Saisissez votre mot de passe actuel."),
        "incorrect_code": phrase("Code incorrect."),
        "incorrect_password": phrase("Mot de passe incorrect."),
        "invalid_login": phrase("Adresse ou mot de passe incorrect."),
        "invalid_password_reset": phrase("Ce lien n’est plus valable : demandez-en un autre."),
        "too_many_login_attempts": phrase("Trop d’essais : attendez quelques minutes."),
        "rate_limited": phrase("Trop d’essais : attendez quelques minutes."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Whether to answer with data: never. Those answers refuse, and so would undo the count of wrong passwords."""
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this visitor may open an account on the page of the library: never, invitations have their own."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count no wrong password here: the lockout counts them by address and account, so that nobody locks another out."""

    def format_email_subject(self, subject: str) -> str:
        """Return the subject of a mail."""
        return f"Égide · {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; a mail server that is down is written in the log, and nobody learns whether the account exists."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as fault:
            logger.error("mail", exc_info=fault)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, in the project's words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": phrase("Code incorrect ou déjà remplacé par le suivant."),
        "cannot_delete_authenticator": phrase("La double authentification ne peut pas être désactivée."),
        "cannot_generate_recovery_codes": phrase("Activez d’abord la double authentification."),
    }
