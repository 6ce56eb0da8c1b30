"""A purchase as a link: everything that the assistant was told stands in the query string, in one canonical writing.

The link says by which version of the clausier it was made (`v`); an unknown or wrong part is told, then left out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlencode

from egide import plain, reference
from egide.clausier.model import Clausier, Depth
from egide.clausier.purchase import Choice, combined
from egide.desk.purchase import Selected, narrowed, selected, value_band
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.model import Purchase

Read = TypeVar("Read")
MOST_EUROS = Decimal(10) ** 12
SEPARATOR = "."
"""Between the values of one name; identifiers of ours hold none."""


@dataclass(frozen=True)
class Wish:
    """A purchase as the buyer describes it: `purchase` holds what is stated, `amount` in euros without tax decides the
    facet `value` by the thresholds of `sent_on`; `keep` and `drop` are points set by hand; `mark` names the clausier.
    """

    purchase: Purchase = Purchase()
    amount: Decimal | None = None
    sent_on: date | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    mark: str = ""

    @cached_property
    def described(self) -> Purchase:
        """Return the purchase with the facet that follows from the amount."""
        if self.amount is None or self.sent_on is None or (band := value_band(self.amount, self.sent_on)) is None:
            return self.purchase
        return replace(self.purchase, facets={**self.purchase.facets, "value": (band,)})


@dataclass(frozen=True)
class Outcome:
    """What follows from a wish: `made` by the rules alone, then `choices` and `clausier` with what was set by hand."""

    made: Selected
    choices: tuple[Choice, ...]
    clausier: Clausier


BY_HAND = message("gardé par l'acheteur")
DROPPED = message("écarté par l'acheteur")


def outcome(wish: Wish, clausier: Clausier) -> Outcome:
    """Return the level, the points and their reasons for a wish."""
    made = selected(clausier, wish.described)
    choices = tuple(_set_by_hand(each, wish) for each in made.selection.choices)
    return Outcome(made, choices, narrowed(clausier, [each.point for each in choices if each.kept]))


def _set_by_hand(choice: Choice, wish: Wish) -> Choice:
    if choice.point in wish.drop and choice.kept:
        return Choice(choice.point, kept=False, reason=DROPPED)
    if choice.point in wish.keep and not choice.kept:
        return Choice(choice.point, kept=True, reason=BY_HAND)
    return choice


def adjusted(wish: Wish, found: Outcome, kept: Iterable[str]) -> Wish:
    """Return the wish whose points are exactly `kept`, set by hand where the rules say otherwise."""
    wanted = set(kept)
    by_rules = set(found.made.selection.kept)
    keep = tuple(each.point for each in found.choices if each.point in wanted - by_rules)
    drop = tuple(each.point for each in found.choices if each.point in by_rules - wanted)
    return replace(wish, keep=keep, drop=drop)


def stated(profiles: Sequence[str], facets: Mapping[str, Sequence[str]]) -> Purchase:
    """Return the purchase that says `facets` in full, by its profiles when they say nothing against.

    A value of the profiles that is not among `facets` was taken back: the profiles then no longer describe the purchase.
    """
    vocabulary = reference.vocabulary()
    whole = {name: tuple(sorted(set(values))) for name, values in facets.items() if values}
    chosen = [vocabulary.profile[each] for each in profiles if each in vocabulary.profile]
    said = combined(chosen)
    if any(not set(values) <= set(whole.get(name, ())) for name, values in said.items()):
        return Purchase(facets=whole)
    more = {name: values for name, values in whole.items() if set(values) != set(said.get(name, ()))}
    return Purchase(facets=more, profiles=tuple(each.id for each in chosen))


# -------------------------------------------------------------------------------------------------------------- links
def mark(clausier: Clausier) -> str:
    """Return what a link names a clausier by: its version, and enough of its digest."""
    return f"{clausier.version}-{clausier.digest[:8]}"


def link(wish: Wish) -> str:
    """Return the query string of a wish: one wish, one writing."""
    purchase = wish.purchase
    pairs = [("profile", purchase.profiles)]
    pairs += [(each.id, purchase.facets.get(each.id, ())) for each in reference.vocabulary().facets]
    pairs += [
        ("amount", (amount_text(wish.amount),) if wish.amount is not None else ()),
        ("sent", (wish.sent_on.isoformat(),) if wish.sent_on else ()),
        ("level", (purchase.level.value,) if purchase.level else ()),
        ("covered", purchase.covered),
        ("keep", wish.keep),
        ("drop", wish.drop),
    ]
    written = [(name, value) for name, values in pairs if (value := SEPARATOR.join(values))]
    return urlencode([*written, ("v", wish.mark)] if wish.mark else written)


def amount_text(amount: Decimal) -> str:
    """Return an amount without useless digits: 260000.50 is 260000.5."""
    written = f"{amount:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def read(query: Mapping[str, Sequence[str]], clausier: Clausier) -> tuple[Wish, tuple[Finding, ...]]:
    """Return the wish of a query string, by name its values as they came, and a doubt for each part left out."""
    vocabulary = reference.vocabulary()
    found: list[Finding] = []

    def known(name: str, possible: Iterable[str]) -> tuple[str, ...]:
        order = {value: rank for rank, value in enumerate(possible)}
        given = dict.fromkeys(part for each in query.get(name, ()) for part in _parts(each))
        found.extend(_unknown(name, each) for each in given if each not in order)
        return tuple(sorted((each for each in given if each in order), key=lambda each: order[each]))

    facets = {each.id: known(each.id, each.values) for each in vocabulary.facets}
    levels = known("level", list(Depth))
    keep, drop = known("keep", clausier.points), known("drop", clausier.points)
    purchase = Purchase(
        facets={name: tuple(sorted(values)) for name, values in facets.items() if values},
        profiles=known("profile", vocabulary.profile),
        level=Depth(levels[0]) if levels else None,
        covered=known("covered", clausier.points),
    )
    amount = _one(query, "amount", _amount, found)
    sent_on = _one(query, "sent", _day, found)
    both = set(keep) & set(drop)
    made = Wish(
        purchase,
        amount,
        sent_on,
        tuple(each for each in keep if each not in both),
        tuple(each for each in drop if each not in both),
        next((each[:60] for each in query.get("v", ()) if each), ""),
    )
    return made, tuple(found)


def _parts(written: str) -> list[str]:
    return [part.strip() for part in written.replace(",", SEPARATOR).split(SEPARATOR) if part.strip()]


def _one(
    query: Mapping[str, Sequence[str]], name: str, make: Callable[[str], Read], found: list[Finding]
) -> Read | None:
    written = next((each.strip() for each in query.get(name, ()) if each.strip()), "")
    if not written:
        return None
    try:
        return make(written)
    except ValueError:
        found.append(_unknown(name, written))
        return None


def _amount(written: str) -> Decimal:
    euros = plain.decimal(written)
    if not 0 <= euros <= MOST_EUROS:
        raise ValueError(written)
    return euros.normalize() + 0


def _day(written: str) -> date:
    day = date.fromisoformat(written)
    if day.year not in plain.YEARS:
        raise ValueError(written)
    return day


NAMES: Mapping[str, Message] = {
    "profile": message("profil d'achat"),
    "amount": message("montant"),
    "sent": message("date d'envoi"),
    "level": message("niveau"),
    "covered": message("point déjà fixé"),
    "keep": message("point gardé"),
    "drop": message("point écarté"),
}


def _unknown(name: str, written: str) -> Finding:
    facets: dict[str, Message | Text] = {each.id: each.title for each in reference.vocabulary().facets}
    said = message("« {name} » : cette partie du lien n'est pas comprise, elle est laissée de côté", name={**facets, **NAMES}[name])  # fmt: skip
    remedy = message("Répondre de nouveau à la question, ou demander le lien à la personne qui l'a envoyé.")
    return Finding("link.unknown", Severity.DOUBT, said, remedy, place=name, read=written[:80])


# ------------------------------------------------------------------------------------------------------ command line
def command(wish: Wish) -> str:
    """Return the command that selects the same points, apart from those set by hand, which it does not know."""
    purchase = wish.purchase
    words = ["egide", "clausier", "select"]
    words += [part for each in purchase.profiles for part in ("--profile", each)]
    words += [part for name, values in purchase.facets.items() for part in ("--facet", f"{name}={','.join(values)}")]
    words += ["--value", amount_text(wish.amount)] if wish.amount is not None else []
    words += ["--date", wish.sent_on.isoformat()] if wish.sent_on else []
    words += ["--level", purchase.level.value] if purchase.level else []
    words += [part for each in purchase.covered for part in ("--covered", each)]
    return " ".join(words)
