"""What changed in the marks since the ranking was last seen: both are kept, and each change has its reason (R33)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from egide.clausier.model import Clausier
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import HARMONISED, BidKey, CriterionNote, Marks, PointMark

Mark = PointMark | CriterionNote
Place = tuple[str, BidKey, str, str]
"""Evaluator, bid, point or criterion, sub-criterion."""


@dataclass(frozen=True)
class Change:
    """A mark that is no longer what it was when the ranking was seen on `seen_on`.

    Empty `before`: an agreement added over marks already seen; empty `after`: a mark taken away.
    """

    evaluator: str
    bid: BidKey
    subject: str
    before: str
    after: str
    reason_before: str
    reason: str
    seen_on: date
    subcriterion: str = ""

    @property
    def explained(self) -> bool:
        """Whether the change says why: a mark that stands, with a reason that is new."""
        return bool(self.after and self.reason.strip()) and self.reason.strip() != self.reason_before.strip()

    @property
    def place(self) -> Place:
        """Return what the mark is about, and whose it is."""
        return self.evaluator, self.bid, self.subject, self.subcriterion


@dataclass(frozen=True)
class View:
    """The ranking as it was last seen: the day of that report, the marks it showed, and what had changed before."""

    on: date
    marks: Marks
    history: tuple[Change, ...] = ()


def since(seen: View | None, marks: Marks) -> tuple[tuple[Change, ...], list[Finding]]:
    """Return the whole history of the marks, and a doubt for each change that does not say why."""
    if seen is None:
        return (), []
    now = _by_place(marks)
    known = [updated for change in seen.history if (updated := _updated(change, now.get(change.place)))]
    history = (*known, *changes(seen.marks, marks, seen.on))
    return history, [_unexplained(change, now.get(change.place)) for change in history if not change.explained]


def changes(before: Marks, after: Marks, seen_on: date) -> tuple[Change, ...]:
    """Return the marks changed since a view of the ranking on `seen_on`.

    A mark given for the first time is no change, unless it is an agreement that replaces marks already seen.
    """
    old, new = _by_place(before), _by_place(after)
    replaced = {place[1:] for place in old}
    made = []
    for place in sorted(old.keys() | new.keys()):
        was, now = old.get(place), new.get(place)
        agreed = was is None and place[0] == HARMONISED and place[1:] in replaced
        if agreed or (was is not None and _value(was) != _value(now)):
            why, reason = (mark.reason if mark else "" for mark in (was, now))
            made.append(Change(*place[:3], _value(was), _value(now), why, reason, seen_on, place[3]))
    return tuple(made)


def _updated(change: Change, now: Mark | None) -> Change | None:
    """Return a change as the mark stands now, with the reason written since; None when what was taken away is back."""
    if now is None or _value(now) != (change.after or change.before):
        return change
    return replace(change, reason=now.reason) if change.after else None


def _by_place(marks: Marks) -> Mapping[Place, Mark]:
    points: dict[Place, Mark] = {
        (mark.evaluator, mark.bid, mark.point, ""): mark for mark in marks.points if mark.level
    }
    return points | {(each.evaluator, each.bid, each.criterion, each.subcriterion): each for each in marks.notes}


def _value(mark: Mark | None) -> str:
    if mark is None:
        return ""
    return mark.level if isinstance(mark, PointMark) else str(mark.note)


def _unexplained(change: Change, now: Mark | None) -> Finding:
    fault = CHANGED if change.after else REMOVED
    return _finding("mark.changed", Severity.DOUBT, change.subject, (change.before, change.after), now, fault)


CHANGED = (
    message("une note a changé après la première vue du classement, sans motif nouveau"),
    message("Dire dans « Motif » pourquoi elle change : les deux notes et les deux motifs sont gardés."),
)
REMOVED = (
    message("une note vue au classement a été retirée"),
    message("La rétablir, ou écrire la nouvelle avec le motif du changement."),
)


def _finding(
    code: str,
    severity: Severity,
    subject: str,
    values: tuple[str, str],
    mark: Mark | None,
    fault: tuple[Message, Message],
) -> Finding:
    file, place = (mark.file, mark.place) if mark else ("marks", "")
    return Finding(code, severity, *fault, file, place, subject, " → ".join(values))


# ------------------------------------------------------------------------------------------------------------- rounds
def lowered(marks: Marks, clausier: Clausier) -> list[Finding]:
    """Return an error for each mark that a later round lowers without saying why."""
    given = _by_place(marks)
    found = []
    for place, now in given.items():
        was = _earlier(given, place)
        if was is None or _worth(now, clausier) >= _worth(was, clausier):
            continue
        if not now.reason.strip() or now.reason.strip() == was.reason.strip():
            fault = (
                message("le tour {round} abaisse une note sans dire pourquoi", round=now.bid.round),
                message("Écrire dans « Motif » ce qui, dans l'offre de ce tour, justifie une note plus basse."),
            )
            values = (_value(was), _value(now))
            found.append(_finding("mark.lowered", Severity.ERROR, place[2], values, now, fault))
    return found


def _earlier(given: Mapping[Place, Mark], place: Place) -> Mark | None:
    """Return what the same evaluator gave at the last round before."""
    evaluator, bid, subject, sub = place
    rounds = (replace(bid, round=number) for number in range(bid.round - 1, 0, -1))
    return next((given[each] for one in rounds if (each := (evaluator, one, subject, sub)) in given), None)


def _worth(mark: Mark, clausier: Clausier) -> Decimal:
    """Return what a mark is worth to compare it with another of the same place; a level without value is worth 0."""
    if isinstance(mark, CriterionNote):
        return mark.note
    level = clausier.points[mark.point].level_of.get(mark.level)
    return (level.value if level else None) or Decimal(0)
