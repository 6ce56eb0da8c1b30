"""The first tender.yaml of a consultation, from its purchase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from egide import plain, reference
from egide.clausier.purchase import Facet
from egide.deadline import next_open_day
from egide.desk.purchase import Selected, selected
from egide.exchange.new_tender import Wish, written
from egide.exchange.tender_folder import FILE
from egide.message import Language
from egide.tender.model import Purchase, Tender

DAYS = 35
"""Between sending and deadline: the thirty days of an open procedure by electronic means, and a margin of ours."""


@dataclass(frozen=True)
class Begun:
    """The text of tender.yaml, what the purchase selected, and the facets that it left unsaid: they drop no point."""

    text: str
    selected: Selected
    unsaid: tuple[Facet, ...]

    @cached_property
    def tender(self) -> Tender:
        """Return what the text says; what remains to be set is in it, in words."""
        return plain.structure(plain.parse_yaml(self.text, FILE), Tender, FILE)


def begun(
    purchase: Purchase,
    sent_on: date,
    language: Language,
    *,
    title: str = "",
    buyer: str = "",
    siret: str = "",
    lots: Sequence[str] = (),
    estimate: str = "",
) -> Begun:
    """Return the first tender.yaml: points, criteria, lots, evaluators. `purchase.facets` are those that it states itself.

    `estimate` is the estimated value as the buyer writes it. The deadline is an open day, DAYS after sending, at noon in
    Paris. Raises DataError when the purchase names what is not known.
    """
    clausier, vocabulary = reference.clausier(), reference.vocabulary()
    made = selected(clausier, purchase)
    wish = Wish(
        title,
        buyer,
        sent_on,
        _deadline(sent_on),
        purchase.profiles,
        purchase.facets,
        purchase.level.value if purchase.level else "",
        tuple(lots),
        "formalised" in made.facets.get("value", ("formalised",)),
        siret,
        estimate,
    )
    text = written(wish, made.clausier, made.facets, vocabulary.roles, language)
    return Begun(text, made, tuple(each for each in vocabulary.facets if each.id not in made.facets))


def _deadline(sent: date) -> datetime:
    day = next_open_day(sent + timedelta(days=DAYS))
    return datetime.combine(day, time(12), ZoneInfo("Europe/Paris"))
