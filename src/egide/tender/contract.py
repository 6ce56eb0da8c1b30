"""What the contract texts need besides the clauses: the processing of personal data, penalties, audits, notices.

A default that no text imposes is a choice of Égide, which the documents mark as such.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Processing:
    """The processing sheet of RGPD article 28(3), written by the hospital before publication."""

    purpose: str
    nature: str = ""
    data: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    duration: str = ""
    recipients: tuple[str, ...] = ()
    transfers: str = ""
    controller: str = ""
    dpo: str = ""
    lots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Penalty:
    """A penalty: `amount` in euros for each `unit` of what is not done."""

    subject: str
    amount: Decimal
    unit: str = ""
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """The parameters of the contract texts."""

    start: date | None = None
    months: int = 0
    renewals: int = 0
    incident_notice_hours: int = 24
    audits_per_year: int = 1
    audit_notice_days: int = 15
    penalty_ceiling_percent: Decimal = Decimal(10)
    penalties: tuple[Penalty, ...] = field(default_factory=tuple)
