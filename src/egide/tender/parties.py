"""Who stands behind a bid: a company or a group of companies, its subcontractors, and the certificates they hold."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Group(StrEnum):
    """The form of a group of companies (R2142-20); NONE is a company alone."""

    NONE = "none"
    JOINT = "joint"
    """Conjoint: each member answers for its part."""
    SOLIDARY = "solidary"
    """Solidaire: each member answers for the whole."""


@dataclass(frozen=True)
class Member:
    """A member of a group; exactly one is the mandataire, who speaks for all."""

    name: str
    siret: str = ""
    mandataire: bool = False
    part: str = ""


@dataclass(frozen=True)
class Subcontractor:
    """A subcontractor of public procurement (form DC4), to be accepted by the buyer; `of` names who engages it.

    `processor` tells whether it is also a processor under the GDPR: the two are not the same thing.
    """

    name: str
    siret: str = ""
    part: str = ""
    of: str = ""
    processor: bool = False
    country: str = ""


@dataclass(frozen=True)
class Certificate:
    """A certificate as its document says it: who holds it, for what, from when to when."""

    standard: str
    holder: str
    holder_siret: str = ""
    number: str = ""
    version: str = ""
    activities: tuple[int, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    file: str = ""


@dataclass(frozen=True)
class RequiredCertificate:
    """A certificate that the tender asks for, on the lots that need it only (none named: all)."""

    standard: str
    activities: tuple[int, ...] = ()
    lots: tuple[str, ...] = ()
