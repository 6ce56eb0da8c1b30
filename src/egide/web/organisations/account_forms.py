"""The forms of the library of accounts, with the project's labels."""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as totp
from axes.utils import reset

from egide.web.design.words import phrase

ADDRESS = phrase("Adresse de courriel")
PASSWORD = phrase("Mot de passe")
NEW = phrase("Nouveau mot de passe")
AGAIN = phrase("Nouveau mot de passe, une seconde fois")
CODE = phrase("Code à six chiffres de l’application")
HOW_TO_CHOOSE = phrase("12 caractères au moins ; ni votre nom, ni un mot de passe courant, ni des chiffres seuls.")


class Worded:
    """A form whose labels and help are those of `words` and `helps`; a label is never a placeholder."""

    words: ClassVar[Mapping[str, str]] = {}
    helps: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            field.help_text = self.helps.get(name, "")


class LoginForm(Worded, account.LoginForm):  # type: ignore[misc]
    """Log in."""

    words = {"login": ADDRESS, "password": PASSWORD}


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    """Say again who one is."""

    words = {"password": PASSWORD}


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """Change one's password."""

    words = {"oldpassword": phrase("Mot de passe actuel"), "password1": NEW, "password2": AGAIN}
    helps = {"password1": HOW_TO_CHOOSE}


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link by mail."""

    words = {"email": ADDRESS}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choose a password after the link."""

    words = {"password1": NEW, "password2": AGAIN}
    helps = {"password1": HOW_TO_CHOOSE}

    def save(self) -> None:
        """Set the password; failed tries no longer lock the account."""
        super().save()
        reset(username=self.user.email.lower())


class CodeForm(Worded, factor.AuthenticateForm):  # type: ignore[misc]
    """The second factor at login."""

    words = {"code": phrase("Code de l’application, ou code de secours")}


class CodeAgainForm(Worded, factor.ReauthenticateForm):  # type: ignore[misc]
    """The second factor asked again."""

    words = {"code": phrase("Code de l’application, ou code de secours")}


class ActivateForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code, which shows that the application is set."""

    words = {"code": CODE}
