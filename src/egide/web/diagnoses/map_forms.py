"""Forms of the lines of a map: durations in hours, three-way answers (yes, no, not known)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from egide.diagnosis.cartography import plain_name
from egide.message import message
from egide.web.design.fields import DayField, NumberField
from egide.web.design.words import phrase, said
from egide.web.diagnoses.convert import plainly
from egide.web.diagnoses.models import MOST, DataKind, Hosting

YES_NO = (("", phrase("Ne sait pas")), ("yes", phrase("Oui")), ("no", phrase("Non")))
READ = {"yes": True, "no": False}


class MapForm(forms.Form):
    """A line of the map; `others` are the names taken by other lines of its kind."""

    FLAGS: ClassVar[tuple[str, ...]] = ()

    name = forms.CharField(label=phrase("Nom"), max_length=200)

    def __init__(self, *args: Any, others: frozenset[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.others = frozenset(plain_name(each) for each in others)

    def clean_name(self) -> str:
        """Return the name on one line, told from the others."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if plain_name(name) and plain_name(name) in self.others:
            raise forms.ValidationError(said(message("« {name} » figure déjà dans la liste.", name=name)))
        return name

    def values(self) -> dict[str, Any]:
        """Return the values of the row, once the form is valid."""
        return {name: READ.get(value) if name in self.FLAGS else value for name, value in self.cleaned_data.items()}

    @classmethod
    def shown(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a row as the fields show them."""
        words = {True: "yes", False: "no", None: ""}
        return {name: words[value] if name in cls.FLAGS else plainly(value) for name, value in values.items()}


def _flag(label: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, required=False, **options)


def _hours(label: str, says: str) -> NumberField:
    return NumberField(label=label, help_text=says, required=False, min_value=0, max_digits=7, decimal_places=2)


class ApplicationForm(MapForm):
    """An application."""

    FLAGS = ("care_critical", "fallback")

    supplier = forms.CharField(label=phrase("Fournisseur"), max_length=200, required=False)
    care_critical = _flag(phrase("Les soins en dépendent"))
    recovery_time_hours = _hours(phrase("Arrêt accepté, en heures"), phrase("Combien de temps les soins acceptent de s’en passer (RTO)."))  # fmt: skip
    data_loss_hours = _hours(phrase("Perte de saisie acceptée, en heures"), phrase("Ce qui peut être ressaisi (RPO)."))
    backup_every_hours = _hours(phrase("Heures entre deux sauvegardes"), phrase("Ce qui est fait aujourd’hui."))
    restored_in_hours = _hours(phrase("Dernière restauration essayée, en heures"), phrase("Mesurée, pas estimée ; vide si elle n’a jamais été essayée."))  # fmt: skip
    hosting = forms.ChoiceField(label=phrase("Hébergement"), choices=Hosting.choices)
    data = forms.ChoiceField(label=phrase("Données"), choices=DataKind.choices)  # type: ignore[assignment]
    fallback = _flag(phrase("Procédure écrite pour soigner sans elle"))


class SupplierForm(MapForm):
    """A supplier."""

    FLAGS = ("remote_access", "reachable")

    siren = forms.RegexField(
        r"^\d{9}$", label="SIREN", required=False, help_text=phrase("Neuf chiffres ; il réunit les noms d’un même fournisseur."),
        error_messages={"invalid": phrase("Un SIREN a neuf chiffres.")},
    )  # fmt: skip
    remote_access = _flag(phrase("Accès à distance à votre système"))
    reachable = _flag(phrase("Joignable jour et nuit, numéro essayé"))
    contract_end = DayField(label=phrase("Fin du contrat"), required=False)


class DeviceForm(MapForm):
    """A class of devices."""

    count = forms.IntegerField(label=phrase("Nombre d’appareils"), min_value=0, max_value=MOST)
    unsupported = forms.IntegerField(label=phrase("Dont sans correctifs"), min_value=0, required=False)
    networked = forms.IntegerField(label=phrase("Dont connectés au réseau"), min_value=0, required=False)
    segmented = forms.IntegerField(label=phrase("Dont dans un réseau à part"), min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a part larger than the whole."""
        told = super().clean() or self.cleaned_data
        whole = told.get("count")
        for name in ("unsupported", "networked", "segmented"):
            if whole is not None and (told.get(name) or 0) > whole:
                self.add_error(name, said(message("Ce nombre dépasse le total, {count}.", count=whole)))
        return told


FORMS: Mapping[str, type[MapForm]] = {
    "applications": ApplicationForm,
    "fournisseurs": SupplierForm,
    "dispositifs": DeviceForm,
}
