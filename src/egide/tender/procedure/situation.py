"""Where a procedure stands on a day: the consultation, the journal up to that day, the evaluation, and what rules say.

A rule says a `Hit`: a finding, and what it holds back. The articles come from the dated data, never from the code.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.evaluation import Evaluation, Row
from egide.tender.model import Procedure, Tender
from egide.tender.procedure.admitted import refused
from egide.tender.procedure.journal import Award, Journal, LetterKind, NoAward, Sent
from egide.tender.procedure.outcome import current_award, no_award
from egide.tender.rules import Rule, Rules

JOURNAL = "journal.yaml"
ITERATIVE = frozenset({Procedure.NEGOTIATED, Procedure.DIALOGUE})
NOT_FORMALISED = frozenset({Procedure.ADAPTED, Procedure.DIRECT})
CANDIDACY_FIRST = frozenset({Procedure.RESTRICTED, Procedure.NEGOTIATED, Procedure.DIALOGUE})


class Stage(StrEnum):
    """The steps of a procedure, in their order; what holds one back holds back those after it."""

    PUBLISH = "publish"
    OPEN = "open"
    AWARD = "award"
    INFORM = "inform"
    SIGN = "sign"
    NOTIFY = "notify"
    DATA = "data"
    REASONS = "reasons"


ORDER = tuple(Stage)


@dataclass(frozen=True)
class Hit:
    """What a rule says: the stage of the lot (empty: of every lot) that it holds back, until a day when time is enough."""

    finding: Finding
    stage: Stage | None = None
    lot: str = ""
    until: date | None = None
    rule: str = ""

    def holds(self, stage: Stage, lot: str, on: date) -> bool:
        """Whether it holds back a stage of a lot on a day."""
        concerned = not self.lot or not lot or self.lot == lot
        reached = self.stage is not None and ORDER.index(self.stage) <= ORDER.index(stage)
        return concerned and reached and (self.until is None or on < self.until)


def formalised(tender: Tender) -> bool:
    """Whether the procedure followed is a formalised one."""
    return tender.kind not in NOT_FORMALISED


def iterative(tender: Tender) -> bool:
    """Whether bids may become regular while it lasts: a negotiation or a dialogue (R2152-1)."""
    return tender.kind in ITERATIVE or (tender.negotiation and tender.kind is Procedure.ADAPTED)


def day_of(moment: date) -> date:
    """Return the day of a date or of an instant, in the time zone in which it was written."""
    return moment.date() if isinstance(moment, datetime) else moment


# ------------------------------------------------------------------------------------------------- the journal at a day
HAPPENED = ("on", "at", "asked_on", "ended_at", "received_on", "opened_on")
"""The field that says when an entry happened: the first of these that it has."""
LATER = ("answered_at", "answered_on", "told_on", "notified_on", "received_on", "data_on")
"""Fields that say what happened to an entry afterwards."""
FOLLOWS = {"answered_at": ("answer", "accepted"), "notified_on": ("outcome",), "received_on": ("accepted",)}
"""What such a field brings with it, unknown before."""


def as_of(journal: Journal, on: date) -> Journal:
    """Return the journal as it stood at the end of a day: what happened later is left out."""
    kept: dict[str, Any] = {}
    for each in fields(journal):
        value = getattr(journal, each.name)
        if isinstance(value, tuple):
            kept[each.name] = tuple(_before(entry, on) for entry in value if _happened(entry) <= on)
        elif value is not None and each.name not in {"format", "record"}:
            kept[each.name] = value if _happened(value) <= on else None
    return replace(journal, **kept)


def _happened(entry: Any) -> date:
    if isinstance(entry, date):
        return day_of(entry)
    named = next((getattr(entry, name) for name in HAPPENED if hasattr(entry, name)), date.min)
    return day_of(named)


def _before(entry: Any, on: date) -> Any:
    """Return an entry without what happened to it after a day."""
    first = next((name for name in HAPPENED if hasattr(entry, name)), "")
    after = [
        name
        for name in LATER
        if name != first and (told := getattr(entry, name, None)) is not None and day_of(told) > on
    ]
    if not after:
        return entry
    unknown: dict[str, Any] = dict.fromkeys(after)
    for name in (lost for field in after for lost in FOLLOWS.get(field, ()) if hasattr(entry, lost)):
        unknown[name] = "" if isinstance(getattr(entry, name), str) and name == "answer" else None
    return replace(entry, **unknown)


# ------------------------------------------------------------------------------------------------------- the situation
@dataclass(frozen=True)
class Situation:
    """A procedure on the day `on`. `journal` is that of the day; `frozen` the digest of what is published, if known."""

    tender: Tender
    rules: Rules
    journal: Journal
    on: date
    evaluation: Evaluation | None = None
    frozen: str = ""

    @property
    def lots(self) -> tuple[str, ...]:
        """Return the lots."""
        return tuple(lot.id for lot in self.tender.lots)

    @property
    def deadline(self) -> datetime:
        """Return the deadline of the bids, as the last amendment moved it."""
        moved = [each.deadline for each in self.journal.amendments if each.deadline is not None]
        return moved[-1] if moved else self.tender.deadline

    def bidders(self, lot: str) -> tuple[str, ...]:
        """Return who took part on a lot."""
        return tuple(each.id for each in self.tender.tenderers if not each.lots or lot in each.lots)

    def refused(self, tenderer: str, lot: str) -> bool:
        """Whether the candidacy of a tenderer was refused on a lot: its last decision counts."""
        return refused(self.journal, tenderer, lot)

    def award(self, lot: str) -> Award | None:
        """Return the award of a lot that stands."""
        return current_award(self.journal, lot)

    def no_award(self, lot: str) -> NoAward | None:
        """Return the decision not to award a lot."""
        return no_award(self.journal, lot)

    def rows(self, lot: str) -> tuple[Row, ...]:
        """Return the rows of a lot, none without evaluation."""
        return self.evaluation.lot(lot) if self.evaluation else ()

    def withdrawn(self, lot: str) -> frozenset[str]:
        """Return the winners of a lot who could not go on."""
        return frozenset(each.tenderer for each in self.journal.withdrawals if each.lot == lot)

    def letters(self, lot: str, award: Award) -> Mapping[str, tuple[Sent, ...]]:
        """Return, for each who is not chosen, the rejection letters that count.

        A letter tells the winner's name only from the award on; a candidacy refused may have been told before.
        """
        losers = [each for each in self.bidders(lot) if each != award.tenderer]
        sent = [each for each in self.journal.sent if each.lot == lot and each.kind is LetterKind.REJECTION]
        return {
            loser: tuple(
                each for each in sent if each.tenderer == loser and (each.on >= award.on or self.refused(loser, lot))
            )
            for loser in losers
        }


# ------------------------------------------------------------------------------------------------------- how rules speak
Check = Callable[[Situation, Rule], Iterator[Hit]]


def run(checks: Mapping[str, Check], situation: Situation) -> list[Hit]:
    """Return what the rules of the procedure's own date say, each with its article."""
    hits = []
    for identifier, check in checks.items():
        if rule := situation.rules.by_id.get(identifier):
            hits += [replace(hit, rule=rule.id, finding=_sourced(hit.finding, rule)) for hit in check(situation, rule)]
    return hits


def _sourced(finding: Finding, rule: Rule) -> Finding:
    remedy = message("{remedy} ({rule} : {article})", remedy=finding.remedy, rule=rule.id, article=rule.article)
    return replace(finding, remedy=remedy)


def said(
    code: str,
    place: str,
    understood: Message,
    remedy: Message,
    *,
    severity: Severity = Severity.ERROR,
    file: str = JOURNAL,
    read: str = "",
) -> Finding:
    """Return the finding of a rule; `code` is its last part."""
    return Finding(f"record.{code}", severity, understood, remedy, file, place, read=read)
