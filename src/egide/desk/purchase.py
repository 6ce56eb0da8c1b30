"""A purchase described in a few answers: its facets, its level, its points with the reason of each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from egide import reference
from egide.clausier.model import Clausier
from egide.clausier.purchase import Selection, combined, select
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.locale import say
from egide.message import Language, message
from egide.tender.model import Purchase
from egide.tender.points import purchase_findings

THRESHOLDS = "R20"
"""The rule that holds the thresholds of procedures."""


@dataclass(frozen=True)
class Selected:
    """What follows from a purchase: all its facets, the fate of each point, the clausier of the points kept."""

    facets: Mapping[str, tuple[str, ...]]
    selection: Selection
    clausier: Clausier


def selected(clausier: Clausier, purchase: Purchase) -> Selected:
    """Return what a purchase keeps of a clausier.

    Raises DataError naming every profile, facet, value or point that is not known.
    """
    vocabulary = reference.vocabulary()
    wrong = [replace(each, file="") for each in purchase_findings(purchase, vocabulary)]
    wrong += _unknown(purchase, clausier)
    if wrong:
        raise DataError(message("l'achat décrit ne peut pas être compris"), tuple(wrong))
    facets = combined([vocabulary.profile[each] for each in purchase.profiles], purchase.facets)
    chosen = select(clausier, vocabulary, facets, purchase.level, purchase.covered)
    return Selected(facets, chosen, narrowed(clausier, chosen.kept))


def _unknown(purchase: Purchase, clausier: Clausier) -> list[Finding]:
    understood, remedy = message("point inconnu du clausier"), message("Corriger l'identifiant.")
    return [
        Finding("tender.points", Severity.ERROR, understood, remedy, place="purchase.covered", point=each, read=each)
        for each in purchase.covered
        if each not in clausier.points
    ]


def narrowed(clausier: Clausier, points: Collection[str]) -> Clausier:
    """Return the clausier reduced to some of its points, in its own order."""
    kept = frozenset(points)
    themes = (
        replace(theme, points=tuple(point for point in theme.points if point.id in kept)) for theme in clausier.themes
    )
    return replace(clausier, themes=tuple(theme for theme in themes if theme.points))


def value_band(euros: Decimal, on: date) -> str | None:
    """Return the value of the facet `value` for an estimate without tax; None when no threshold is known on that day."""
    rule = reference.rules().on(on).by_id.get(THRESHOLDS)
    if rule is None:
        return None
    if euros >= rule.parameters["formalised"]:
        return "formalised"
    return "adapted" if euros >= rule.parameters["dispensation"] else "small"


def as_data(clausier: Clausier, made: Selected, language: Language) -> dict[str, Any]:
    """Return a selection for a program: level, points kept, reason of each. `clausier` is the one selected from."""
    chosen = made.selection
    return {
        "clausier": clausier.id,
        "version": clausier.version,
        "facets": {name: list(values) for name, values in made.facets.items()},
        "level": chosen.level.value,
        "level_reason": say(chosen.level_reason, language),
        "kept": list(chosen.kept),
        "choices": [
            {"point": each.point, "kept": each.kept, "reason": say(each.reason, language)} for each in chosen.choices
        ],
    }
