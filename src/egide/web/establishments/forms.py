"""Forms of an establishment: register numbers, facts of a year, observations."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone

from egide.family import BY_CODE as FAMILY
from egide.family import FAMILIES, MEASURE_BY_CODE
from egide.message import Message, Text, message
from egide.web.design.fields import DayField, NumberField
from egide.web.design.words import phrase, said
from egide.web.establishments.convert import Value
from egide.web.establishments.definitions import DEFINITIONS, GROUPS, Definition, Group, Kind
from egide.web.establishments.models import Category, Observation, Reliability, Source

FINESS = re.compile(r"\d[\dAB]\d{7}")
HUNDRED = Decimal(100)
CHOOSE = ("", phrase("Choisir"))
ANSWERS = (("", phrase("Ne sait pas")), ("yes", phrase("Oui")), ("no", phrase("Non")))


class IdentityForm(forms.Form):
    """What identifies an establishment in the registers."""

    category = forms.ChoiceField(
        label=phrase("Catégorie"), choices=[("", phrase("À préciser")), *Category.choices], required=False
    )
    finess_legal = forms.CharField(
        label=phrase("FINESS juridique"),
        required=False,
        max_length=20,
        help_text=phrase("Numéro de l’entité juridique, neuf caractères."),
    )
    finess_site = forms.CharField(
        label=phrase("FINESS géographique"),
        required=False,
        max_length=20,
        help_text=phrase("Numéro de l’établissement principal, neuf caractères."),
    )

    def clean_finess_legal(self) -> str:
        """Return the number without spaces."""
        return self._finess("finess_legal")

    def clean_finess_site(self) -> str:
        """Return the number without spaces."""
        return self._finess("finess_site")

    def _finess(self, name: str) -> str:
        number = re.sub(r"\s", "", self.cleaned_data[name]).upper()
        if number and not FINESS.fullmatch(number):
            raise _refused(message("Un numéro FINESS a neuf caractères : des chiffres, ou A ou B en deuxième place."))
        return number


class YearForm(forms.Form):
    """The facts of one year; the source given applies to what this sending changes."""

    source = forms.CharField(
        label=phrase("Source de ce que vous changez"),
        max_length=200,
        required=False,
        help_text=phrase("Par exemple : SAE 2025, compte financier 2025, estimation de la DSI."),
    )

    def __init__(self, *args: Any, before: Mapping[str, Value], **options: Any) -> None:
        super().__init__(*args, **options)
        self.before = before
        for definition in DEFINITIONS:
            self.fields[definition.code] = _field(definition)
            self.initial[definition.code] = _initial(before.get(definition.code))

    def groups(self) -> Iterator[tuple[Group, list[BoundField]]]:
        """Yield the fields by group."""
        for group in GROUPS:
            yield group, [self[each.code] for each in DEFINITIONS if each.group == group.code]

    def clean(self) -> dict[str, Any]:
        """Ask for a source as soon as something changes."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and self.changes() and not cleaned.get("source"):
            self.add_error("source", said(message("Dites d’où viennent les données que vous changez.")))
        security = cleaned.get("security")
        budget = [cleaned[code] for code in ("it_running", "it_investment") if cleaned.get(code) is not None]
        if security is not None and len(budget) == 2 and security > sum(budget):
            self.add_error(
                "security", said(message("La sécurité ne peut dépasser le budget numérique dont elle fait partie."))
            )
        return cleaned

    def changes(self) -> dict[str, tuple[Value | None, Value | None]]:
        """Return what differs from before: code, value before, value now."""
        now = {each.code: _value(each, self.cleaned_data.get(each.code)) for each in DEFINITIONS}
        return {code: (self.before.get(code), value) for code, value in now.items() if value != self.before.get(code)}


def _field(definition: Definition) -> forms.Field:
    unit = f" ({said(definition.unit)})" if definition.unit != Text() else ""
    label = f"{said(definition.title)}{unit}"
    common: dict[str, Any] = {"label": label, "help_text": said(definition.says), "required": False}
    match definition.kind:
        case Kind.TEXT:
            return forms.CharField(max_length=300, **common)
        case Kind.FLAG:
            return forms.ChoiceField(choices=ANSWERS, **common)
        case Kind.WHOLE:
            return NumberField(min_value=0, max_digits=9, decimal_places=0, **common)
        case Kind.SHARE:
            return NumberField(min_value=0, max_value=HUNDRED, decimal_places=2, **common)
        case Kind.MONEY:
            return NumberField(min_value=0, max_digits=14, decimal_places=2, **common)


def _initial(value: Value | None) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _value(definition: Definition, given: Any) -> Value | None:
    if definition.kind is Kind.FLAG:
        return {"yes": True, "no": False}.get(given)
    return given if given not in {"", None} else None


class ObservationForm(forms.Form):
    """What was observed; a level alone is exact, with an upper bound it is an interval."""

    what = forms.ChoiceField(label=phrase("Famille de mesures, ou mesure"), choices=lambda: [CHOOSE, *targets()])
    source = forms.ChoiceField(label=phrase("Origine"), choices=[CHOOSE, *Source.choices])
    reliability = forms.ChoiceField(label=phrase("Fiabilité"), choices=[CHOOSE, *Reliability.choices])
    observed_on = DayField(label=phrase("Observé le"))
    level = NumberField(
        label=phrase("Niveau, de 0 à 100 %"), min_value=0, max_value=HUNDRED, decimal_places=2,
        help_text=phrase("0 : rien n’est en place ; 100 : en place partout et vérifié."),
    )  # fmt: skip
    upper = NumberField(
        label=phrase("Jusqu’à"), min_value=0, max_value=HUNDRED, decimal_places=2, required=False,
        help_text=phrase("À remplir si le niveau n’est connu qu’entre deux bornes."),
    )  # fmt: skip
    note = forms.CharField(
        label=phrase("Ce qui a été vu"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=phrase("Document, périmètre, personne rencontrée. Pas de donnée de patient."),
    )  # fmt: skip

    field_order = ("what", "level", "upper", "source", "observed_on", "reliability", "note")

    def clean_observed_on(self) -> date:
        """Return the day, neither to come nor too old to be meant."""
        day: date = self.cleaned_data["observed_on"]
        if day > timezone.localdate():
            raise _refused(message("Ce jour est à venir."))
        if day.year < 1990:
            raise _refused(message("Ce jour est trop ancien : vérifiez l’année."))
        return day

    def clean(self) -> dict[str, Any]:
        """Set the family, the measure and the bounds of the level."""
        cleaned = super().clean() or self.cleaned_data
        low, high = cleaned.get("level"), cleaned.get("upper")
        if low is not None and high is not None and high < low:
            self.add_error("upper", said(message("La borne haute est au-dessous du niveau.")))
        elif low is not None:
            cleaned["low"], cleaned["high"] = low / HUNDRED, (low if high is None else high) / HUNDRED
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the values of the row."""
        family, _, measure = self.cleaned_data["what"].partition("/")
        kept = ("low", "high", "source", "reliability", "observed_on", "note")
        named = {"family": family, "measure": measure} if family else {"code": measure}
        return named | {name: self.cleaned_data[name] for name in kept}


def targets() -> list[tuple[str, str]]:
    """Return what can be observed: each family, after it its measures, then the measures of no family of their own."""
    found = []
    for family in FAMILIES:
        found.append((family.code, said(family.title)))
        found += [(f"{family.code}/{measure}", target(family.code, measure)) for measure in family.measures]
    return found + [(f"/{code}", target("", code)) for code, each in MEASURE_BY_CODE.items() if not each.families]


MEASURES = {
    "pam": Text("comptes à privilèges", "privileged accounts"),
    "mfa": Text("authentification à plusieurs facteurs", "multi-factor authentication"),
    "hard": Text("durcissement", "hardening"),
    "edr": Text("détection sur les machines (EDR)", "detection on machines (EDR)"),
}
"""The measures of families in words; a measure without words here is shown by its code."""


def target(family: str, measure: str) -> str:
    """Return a family, or a measure of it, in words; without a family, a measure told by its code alone."""
    if not family and measure in MEASURE_BY_CODE:
        return said(MEASURE_BY_CODE[measure].title)
    title = FAMILY[family].title if family in FAMILY else Text(family)
    if not measure:
        return said(title)
    return said(message("{family} : {measure}", family=title, measure=MEASURES.get(measure, Text(measure))))


def seen(row: Observation) -> str:
    """Return in words what an observation is of."""
    return target("", row.code) if row.code else target(row.family, row.measure)


class WithdrawForm(forms.Form):
    """Why an observation no longer counts."""

    reason = forms.CharField(
        label=phrase("Motif du retrait"), max_length=500,
        help_text=phrase("L’observation reste lisible, avec ce motif ; elle ne compte plus."),
    )  # fmt: skip


def year_given(year: int, today: date) -> bool:
    """Whether facts of that year may be given: not before 2010, not after next year, whose budget may be voted."""
    return 2010 <= year <= today.year + 1


def _refused(why: Message) -> ValidationError:
    return ValidationError(said(why))
