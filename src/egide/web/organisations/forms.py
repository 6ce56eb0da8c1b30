"""Forms of organisations, of people and of invitations."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.fr import siret

from egide.web.design.words import phrase
from egide.web.organisations.account_forms import HOW_TO_CHOOSE
from egide.web.organisations.models import Invitation, Kind, Organisation, User
from egide.web.organisations.roles import Right

SIRET_HELP = phrase("14 chiffres ; les espaces sont admis.")


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an organisation is."""

    siret = forms.CharField(label="SIRET", required=False, max_length=20, help_text=SIRET_HELP)

    class Meta:
        model = Organisation
        fields = ("name", "kind", "siret", "address", "second_factor_required")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["second_factor_required"].help_text = phrase(
            "Administrateurs, acheteurs et évaluateurs ne verront plus rien ici tant qu’ils ne l’ont pas activée."
        )

    def clean_siret(self) -> str:
        """Return the fourteen digits."""
        written = self.cleaned_data["siret"]
        if not written:
            return ""
        try:
            return str(siret.validate(written))
        except WrongNumber:
            raise forms.ValidationError(phrase("Ce n’est pas un SIRET : vérifiez les 14 chiffres.")) from None


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new member establishment of a GHT."""

    siret = forms.CharField(label="SIRET", required=False, max_length=20, help_text=SIRET_HELP)

    class Meta:
        model = Organisation
        fields = ("name", "siret", "address")

    clean_siret = OrganisationForm.clean_siret


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """The support establishment and the members of a GHT, among the organisations that one manages."""

    class Meta:
        model = Organisation
        fields = ("members", "support")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        managed = Organisation.objects.visible_to(user, Right.MANAGE).filter(kind=Kind.ESTABLISHMENT)
        choices = (managed | Organisation.objects.filter(groups=self.instance)).distinct()
        self.fields["members"] = forms.ModelMultipleChoiceField(
            choices, label=phrase("Établissements membres"), required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["support"] = forms.ModelChoiceField(
            choices,
            label=phrase("Établissement support"),
            required=False,
            empty_label=phrase("Aucun"),
            help_text=phrase("Celui qui signe les marchés du groupement ; il en est membre."),
        )

    def clean(self) -> dict[str, Any]:
        """Check that the support establishment is a member."""
        given: dict[str, Any] = super().clean() or {}
        support = given.get("support")
        if support is not None and support not in given.get("members", ()):
            self.add_error("support", phrase("L’établissement support doit être l’un des membres."))
        return given


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to invite, in which role."""

    class Meta:
        model = Invitation
        fields = ("email", "role")

    def clean_email(self) -> str:
        """Return the address as accounts know it."""
        return str(self.cleaned_data["email"]).strip().lower()


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """One's name."""

    class Meta:
        model = User
        fields = ("full_name",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"
        self.fields["full_name"].help_text = phrase("Tel qu’il apparaît aux autres membres et dans le journal.")


class AcceptForm(forms.Form):
    """Open an account: name and password."""

    full_name = forms.CharField(label=phrase("Nom"), max_length=150)
    password1 = forms.CharField(
        label=phrase("Mot de passe"), strip=False, help_text=HOW_TO_CHOOSE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password2 = forms.CharField(
        label=phrase("Mot de passe, une seconde fois"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules and against its second writing."""
        given: dict[str, Any] = super().clean() or {}
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", phrase("Les deux mots de passe diffèrent."))
        if first:
            try:
                validate_password(first, User(email=self.email, full_name=given.get("full_name", "")))
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return given
