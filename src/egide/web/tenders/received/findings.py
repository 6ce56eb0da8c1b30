"""What readings found, as people look at it: by tenderer, by severity, by kind, one page at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.words import SEVERITIES
from egide.web.clauses.views.checking import KINDS
from egide.web.design.words import said
from egide.web.tenders import convert, models, settled
from egide.web.tenders.marking.room import Room

ORDER = tuple(Severity)
TONES: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.DOUBT: "doubt", Severity.NOTE: "info"}


@dataclass(frozen=True)
class Counted:
    """How many findings of each severity."""

    errors: int = 0
    doubts: int = 0
    notes: int = 0


@dataclass(frozen=True)
class Group:
    """The findings of one severity and kind."""

    severity: Text
    tone: str
    title: Message
    code: str
    findings: Sequence[tuple[Finding, str]]
    """Each with the page where what was read is reviewed, "" where there is none."""

    @property
    def anchor(self) -> str:
        """Return what names it in the page."""
        return f"{self.tone}-{self.code.replace('.', '-')}"


def folder_of(file: str, lots: Iterable[str]) -> str:
    """Return the lot in whose folder a file of a bid is, "" when its path names none."""
    parts = file.split("/")
    return next((part for part in parts[2:-1] if part in lots), "") if parts[0] == "bids" else ""


def may_see(file: str, every: Iterable[str], lots: Iterable[str]) -> bool:
    """Whether who reads only `lots` may read of a file."""
    lot = folder_of(file, every)
    return not lot or lot in lots


def counted(room: Room, lots: frozenset[str]) -> Mapping[str, Counted]:
    """Return how many findings each tenderer has on the lots that one may read: one query."""
    every = frozenset(lot.id for lot in room.tender.lots)
    found = models.ReadFinding.objects.filter(consultation=room.row, source="bids")
    counts: Counter[tuple[str, str]] = Counter()
    for tenderer, severity, file in found.values_list("tenderer", "severity", "file"):
        if may_see(file, every, lots):
            counts[tenderer, severity] += 1
    return {
        tenderer: Counted(*(counts[tenderer, severity.value] for severity in ORDER))
        for tenderer in {name for name, _ in counts}
    }


def of_tenderer(room: Room, tenderer: str, lots: frozenset[str]) -> list[Finding]:
    """Return what readings found of a tenderer, the gravest first: one query, and two where somebody settled a reading."""
    every = frozenset(lot.id for lot in room.tender.lots)
    rows = models.ReadFinding.objects.filter(consultation=room.row, tenderer=tenderer).exclude(source="marks")
    revised = [each for each in settled.findings(room.row) if each.tenderer == tenderer]
    found = [*(convert.finding(each) for each in rows), *revised]
    return in_order(each for each in found if may_see(each.file, every, lots))


def of_nobody(room: Room) -> list[Finding]:
    """Return what readings found that concerns no tenderer in particular: files left aside, unknown folders."""
    rows = models.ReadFinding.objects.filter(consultation=room.row, tenderer="").exclude(
        source__in=("marks", "tender", "journal")
    )
    return in_order(convert.finding(each) for each in rows)


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Return findings, the gravest first, those of one kind together."""
    return sorted(found, key=lambda each: (ORDER.index(each.severity), each.code))


def grouped(found: Sequence[Finding], review: Callable[[Finding], str] = lambda found: "") -> list[Group]:
    """Return findings that are in order, by severity and kind; `review` gives the page where a reading is reviewed."""
    groups: list[Group] = []
    for place in dict.fromkeys((each.severity, each.code) for each in found):
        same = [each for each in found if (each.severity, each.code) == place]
        severity, code = place
        groups.append(
            Group(
                SEVERITIES[severity],
                TONES[severity],
                _title(same),
                code,
                [(each, review(each)) for each in same],
            )
        )
    return groups


def _title(same: Sequence[Finding]) -> Message:
    if len({said(each.understood) for each in same}) == 1:
        return same[0].understood
    return KINDS.get(same[0].code, message("plusieurs constats de même nature"))
