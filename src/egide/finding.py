"""What a reading or a rule has to say about the data: never an exception, always with a place and a remedy."""

from dataclasses import dataclass
from enum import StrEnum

from egide.message import Message


class Severity(StrEnum):
    """How much a finding holds up."""

    ERROR = "error"
    """No output of what it touches; exit code 1."""
    DOUBT = "doubt"
    """Something was understood, a person must confirm it."""
    NOTE = "note"
    """Said for the record."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a stable code, where it is, what was read, what was understood, what to do about it."""

    code: str
    severity: Severity
    understood: Message
    remedy: Message
    file: str = ""
    place: str = ""
    point: str = ""
    read: str = ""
    tenderer: str = ""
    """The tenderer to whom the finding can be sent, empty if it concerns the buyer."""


def worst(findings: tuple[Finding, ...] | list[Finding]) -> Severity | None:
    """Return the highest severity among `findings`, None if there is none."""
    present = {finding.severity for finding in findings}
    return next((severity for severity in Severity if severity in present), None)
