"""The cost of risk before any bid: which guard rails a criterion would meet, and what each point is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from egide import reference
from egide.clausier.model import Clausier
from egide.desk.risk_use import checked
from egide.desk.supplier_cost import cost_of
from egide.finding import Finding, Severity
from egide.message import Message
from egide.risk.guard_rails import RAILS, Rail
from egide.tender.model import Kind, Marks, Tender
from egide.tender.risk_cost import RiskCost
from egide.tender.risk_terms import Beneficiaries, RiskTerms, RiskUse

LATER = frozenset({5, 6, 8, 10})
"""The guard rails that only marks and a result can break: they are looked at when bids are evaluated."""


class Standing(StrEnum):
    """Where a guard rail stands before the publication."""

    HELD = "held"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Seen:
    """A guard rail, where it stands, and why it refuses."""

    rail: Rail
    standing: Standing
    findings: tuple[Finding, ...] = ()

    @property
    def why(self) -> list[Message]:
        """Return why it refuses, without the words that name the guard rail."""
        said = (each.understood.values.get("why") for each in self.findings)
        return [each for each in said if isinstance(each, Message)]


@dataclass(frozen=True)
class Rails:
    """The ten guard rails of a consultation, and what else refuses a criterion (faults of the terms, its price criterion)."""

    rails: tuple[Seen, ...]
    others: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing refuses the cost as a criterion today."""
        return not self.others and all(each.standing is not Standing.REFUSED for each in self.rails)


def rails(tender: Tender, clausier: Clausier) -> Rails:
    """Return the guard rails as they stand, or as they would stand if the cost were made a criterion.

    A consultation that asks for no cost is looked at as if one beneficiary had every lot: no guard rail depends on more.
    """
    given = tender.risk or RiskTerms((_nobody(),))
    if given.use is RiskUse.INFORMATION:
        given = replace(given, use=RiskUse.CRITERION, criterion=_price(tender), library=reference.risk_library().digest)
    found = [each for each in checked(replace(tender, risk=given), clausier) if each.severity is Severity.ERROR]
    codes = {rail.code for rail in RAILS}
    return Rails(
        tuple(_seen(rail, [each for each in found if each.code == rail.code]) for rail in RAILS),
        tuple(each for each in found if each.code not in codes),
    )


def _nobody() -> Beneficiaries:
    category = reference.risk_library().categories[0].id
    return Beneficiaries(category, Decimal(1), Decimal(0), (Decimal(0),) * 3)


def _price(tender: Tender) -> str:
    return next((each.id for each in tender.criteria if each.kind is Kind.PRICE), "")


def _seen(rail: Rail, found: Sequence[Finding]) -> Seen:
    if found:
        return Seen(rail, Standing.REFUSED, tuple(found))
    return Seen(rail, Standing.LATER if rail.number in LATER else Standing.HELD)


def worth(tender: Tender, clausier: Clausier) -> RiskCost:
    """Return the landmarks of each lot and what its points are worth, before any bid. Raises DataError."""
    return cost_of(tender, clausier, (), Marks())
