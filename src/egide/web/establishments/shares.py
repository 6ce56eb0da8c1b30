"""Shares of budgets, and the published references shown beside them; they judge nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from egide.message import Message, Text, message
from egide.web.establishments.definitions import BY_CODE

Figures = Mapping[str, Mapping[int, Decimal]]
"""Code of a fact, then year, then its value."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A published figure: what it says, who says it, and the day it was seen there."""

    says: Text
    source: Text
    seen: date


@dataclass(frozen=True, slots=True)
class Rule:
    """A share: the sum of some facts over the sum of others, in percent."""

    title: Text
    parts: tuple[str, ...]
    whole: tuple[str, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of one year, in percent, exact; None when a fact is missing, `lacks` then names the facts."""

    rule: Rule
    year: int | None
    percent: Decimal | None
    lacks: tuple[str, ...] = ()

    @property
    def shown(self) -> Message:
        """Return the share as people read it, to a hundredth of a percent."""
        return message("{level} %", level=(self.percent or Decimal(0)).quantize(Decimal("0.01")))

    @property
    def missing(self) -> list[Text]:
        """Return the facts that are missing, in words."""
        return [BY_CODE[code].title for code in self.lacks]


SEEN = date(2026, 11, 22)
RULES = (
    Rule(
        Text("Part du numérique dans les dépenses d’exploitation", "Digital share of operating spending"),
        ("it_running",),
        ("spending",),
        (
            Reference(
                Text("1,7 % en moyenne dans les hôpitaux publics", "1.7% on average in public hospitals"),
                Text("Cour des comptes, janvier 2025, citée par egora.fr", "Cour des comptes, January 2025, quoted by egora.fr"),
                SEEN,
            ),
            Reference(
                Text("objectif de 2 % au moins en 2027", "target of at least 2% in 2027"),
                Text("feuille de route nationale, citée par lequotidiendupharmacien.fr", "national roadmap, quoted by lequotidiendupharmacien.fr"),
                SEEN,
            ),
        ),
    ),
    Rule(
        Text("Part de la sécurité dans le budget numérique", "Security share of the digital budget"),
        ("security",),
        ("it_running", "it_investment"),
        (
            Reference(
                Text("5 à 10 %, condition mise en 2021 aux aides de l’État", "5 to 10%, condition set in 2021 for State aid"),
                Text("annonce de l’État de 2021, rapportée par la presse", "State announcement of 2021, reported by the press"),
                SEEN,
            ),
        ),
    ),
)  # fmt: skip


def shares(figures: Figures) -> tuple[Share, ...]:
    """Return every share for the last year of which all its facts are known."""
    return tuple(_share(rule, figures) for rule in RULES)


def _share(rule: Rule, figures: Figures) -> Share:
    needed = (*rule.parts, *rule.whole)
    years = set.intersection(*(set(figures.get(code, {})) for code in needed))
    for year in sorted(years, reverse=True):
        whole = sum((figures[code][year] for code in rule.whole), Decimal(0))
        part = sum((figures[code][year] for code in rule.parts), Decimal(0))
        if whole > 0:
            return Share(rule, year, 100 * part / whole)
    return Share(rule, None, None, tuple(code for code in needed if not figures.get(code)) or needed)
