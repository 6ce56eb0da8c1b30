"""Forms of the pages of risk: one assumption to change, the insurance that is taken into account."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from egide.message import message
from egide.report.risk_words import number, scale, unit, written
from egide.risk.parameter import Parameter
from egide.web.design.fields import NumberField
from egide.web.design.words import phrase, said
from egide.web.risk.estimates import library

MOST_DIGITS, DECIMALS = 15, 6


def _ours(value: str) -> str:
    """Return what the library says, as a hint beside a field."""
    return said(message("Égide : {value}", value=value))


class ChangeForm(forms.Form):
    """Another value of an assumption: its interval too where the library has one, and why."""

    def __init__(self, parameter: Parameter, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parameter = parameter
        of = unit(parameter)
        interval = parameter.low is not None
        ours = filter(None, (written(parameter, library.setter())[0], said(of)))
        self.fields["value"] = self._number(phrase("Valeur"), _ours(" ".join(ours)))
        if interval:
            low, high = (number(parameter, each, library.setter()) for each in parameter.interval)
            self.fields["low"] = self._number(phrase("Borne basse"), _ours(low))
            self.fields["high"] = self._number(phrase("Borne haute"), _ours(high))
        self.fields["reason"] = forms.CharField(
            label=phrase("Raison, telle qu’elle sera imprimée sur chaque résultat"),
            max_length=300,
            help_text=phrase("Par exemple : mesuré chez nous en 2025, note de la direction des finances."),
        )

    def _number(self, label: str, hint: str) -> NumberField:
        return NumberField(label=label, help_text=hint, max_digits=MOST_DIGITS, decimal_places=DECIMALS, min_value=0)

    def wanted(self) -> dict[str, str]:
        """Return what is to be kept, once the form is valid."""
        told: Mapping[str, Any] = self.cleaned_data
        over = scale(self.parameter)
        numbers = {key: f"{(told[key] / over).normalize():f}" for key in ("value", "low", "high") if key in told}
        return numbers | {"reason": " ".join(told["reason"].split())}


NONE, MEAN, OWN = "uninsured", "average_contract", "own_contract"


class InsuranceForm(forms.Form):
    """The insurance that an estimate takes into account."""

    kind = forms.ChoiceField(
        label=phrase("Assurance prise en compte"),
        widget=forms.RadioSelect,
        choices=(
            (MEAN, phrase("contrat moyen des organisations de cette taille (aucun hôpital dans l’échantillon)")),
            (OWN, phrase("notre contrat, décrit ci-dessous")),
            (NONE, phrase("aucune assurance")),
        ),
    )
    retention = NumberField(label=phrase("Franchise par événement (€)"), required=False, max_digits=MOST_DIGITS, decimal_places=2, min_value=0)  # fmt: skip
    waiting_hours = NumberField(label=phrase("Franchise en heures d’arrêt"), required=False, max_digits=6, decimal_places=1, min_value=0)  # fmt: skip
    event_limit = NumberField(label=phrase("Plafond par événement (€)"), required=False, max_digits=MOST_DIGITS, decimal_places=2, min_value=1, help_text=phrase("Vide : sans plafond."))  # fmt: skip
    annual_limit = NumberField(label=phrase("Plafond par an (€)"), required=False, max_digits=MOST_DIGITS, decimal_places=2, min_value=1, help_text=phrase("Vide : sans plafond."))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a contract of one's own of which nothing is said."""
        told = super().clean() or {}
        terms = ("retention", "waiting_hours", "event_limit", "annual_limit")
        if told.get("kind") == OWN and all(told.get(name) is None for name in terms):
            self.add_error("retention", said(message("Décrivez le contrat : une franchise ou un plafond au moins.")))
        event, year = told.get("event_limit"), told.get("annual_limit")
        if event is not None and year is not None and event > year:
            self.add_error("annual_limit", said(message("Le plafond par an est plus petit que celui d’un événement.")))
        return told

    def wanted(self) -> dict[str, str]:
        """Return what is to be kept, once the form is valid."""
        told = self.cleaned_data
        if told["kind"] != OWN:
            return {"kind": told["kind"]}
        terms = {name: told[name] for name in ("retention", "waiting_hours", "event_limit", "annual_limit")}
        return {"kind": OWN} | {name: f"{value.normalize():f}" for name, value in terms.items() if value is not None}

    @property
    def lines(self) -> list[tuple[str, Any]]:
        """Return what is kept, as one reads it who may not change it: each label, and its value in words."""
        kinds: Mapping[Any, Any] = dict(self.fields["kind"].choices)  # type: ignore[attr-defined]
        terms = [name for name in self.fields if self.initial.get(name) is not None]
        return [(str(self.fields[name].label), kinds.get(self.initial[name], self.initial[name])) for name in terms]


def filled(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a kept insurance fills the form with."""
    if not kept:
        return {"kind": MEAN}
    return {"kind": kept["kind"]} | {name: Decimal(value) for name, value in kept.items() if name != "kind"}
