"""The page of a GHT: its members side by side, what adds up and what does not, the suppliers that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from egide.desk import risk_group
from egide.diagnosis.cartography import SharedSupplier, shared
from egide.family import MEASURES
from egide.message import Text
from egide.report.pictures import of_risk
from egide.report.pictures.picture import NARROW, WIDE
from egide.report.risk_words import Words
from egide.risk.interval import Interval
from egide.web.diagnoses import convert as diagnoses
from egide.web.establishments.models import Category
from egide.web.organisations.models import Organisation
from egide.web.risk.estimates import inputs, last, room
from egide.web.risk.estimates.library import setter
from egide.web.risk.estimates.shown import Drawing


@dataclass(frozen=True)
class Member:
    """A member of a GHT: its last estimate, None without one, and what changed since."""

    organisation: Organisation
    category: str
    line: last.Line | None
    stale: Sequence[Any] = ()

    @property
    def dot(self) -> of_risk.Member | None:
        """Return the member as pictures and papers show it."""
        if self.line is None:
            return None
        found = self.line.brief
        return of_risk.Member(self.organisation.name, found.rough, found.mean, found.rare, found.care, found.completeness, self.line.made_at.date(), found.changed, bool(self.stale))  # fmt: skip


def members(request: HttpRequest, group: Organisation) -> tuple[list[Member], int]:
    """Return the members that this person sees, the dearest first, and how many others there are."""
    visible, hidden = diagnoses.members_of(group, request.user)
    rows = last.of(visible)
    known = inputs.of(visible, timezone.localdate())
    found = [
        Member(
            each,
            str(Category(known[each.pk].category).label) if known[each.pk].category in Category.values else "",
            last.line(rows[each.pk]) if each.pk in rows else None,
            inputs.stale(rows[each.pk], known[each.pk]) if each.pk in rows else (),
        )
        for each in visible
    ]
    return sorted(found, key=lambda each: (-(each.line.brief.mean.value if each.line else 0), each.organisation.name)), hidden  # fmt: skip


def together(found: Sequence[Member]) -> tuple[Interval, Interval] | None:
    """Return the mean year of all members, and their days of care: sums draw by draw, on the same draws.

    None when a member has no estimate, or one made on other draws: no interval of the sum is then known.
    """
    briefs = [each.line.brief for each in found if each.line]
    alike = {(each.seed, len(each.means)) for each in briefs}
    if len(briefs) < len(found) or len(briefs) < 2 or len(alike) != 1:
        return None
    return risk_group.added([each.means for each in briefs]), risk_group.added([each.care_means for each in briefs])


def suppliers(found: Sequence[Member]) -> list[of_risk.Fall]:
    """Return the suppliers that several members share, and what the fall of each costs all of them together.

    A cost is None where a member has no estimate, or one made on other draws.
    """
    maps = diagnoses.cartographies_of([each.organisation for each in found])
    briefs = {each.organisation.name: each.line.brief for each in found if each.line}
    return [of_risk.Fall(each, _fall(each, briefs)) for each in shared([maps[one.organisation.pk] for one in found])]


def _fall(supplier: SharedSupplier, briefs: Mapping[str, last.Brief]) -> Interval | None:
    known = [briefs[name] for name in supplier.members if name in briefs]
    alike = {(each.seed, len(each.falls)) for each in known}
    if len(known) < len(supplier.members) or len(alike) != 1:
        return None
    return risk_group.added([each.falls for each in known])


def levels(found: Sequence[Member]) -> list[tuple[Text, list[str]]]:
    """Return the level of each measure for each member that has an estimate."""
    words = Words(setter())
    known = [each.line.brief.levels for each in found if each.line]
    return [(each.title, [words.percent(level.get(each.code, 0.0), 2) for level in known]) for each in MEASURES]


def show(request: HttpRequest, group: Organisation) -> HttpResponse:
    """Show a GHT."""
    found, hidden = members(request, group)
    dots = [dot for each in found if (dot := each.dot)]
    words = Words(setter())
    total = together(found)
    context: dict[str, Any] = {
        "organisation": group,
        "members": found,
        "hidden": hidden,
        "estimated": [each for each in found if each.line],
        "levels": levels(found),
        "shared": [(each.supplier, words.amount(each.cost) if each.cost else "") for each in suppliers(found)],
        "address": room.address,
        "changed": any(each.line.brief.changed for each in found if each.line),
    }
    if len(dots) > 1:
        wide, narrow = (of_risk.member_dots(dots, group.name, setter(), f"membres-{n}", n) for n in (WIDE, NARROW))
        context["picture"] = Drawing("membres", wide, narrow)
    if total is not None:
        context |= {"mean": words.amount(total[0]), "care": words.number(total[1])}
    return render(request, "estimates/group.html", context)
