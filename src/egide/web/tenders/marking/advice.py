"""What is still to be said of a mark as it is written: a reason that lacks, a change that must be explained."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from egide.clausier.model import Clausier, Point
from egide.message import Message, message
from egide.tender.history import CHANGED, Change, lowered
from egide.tender.model import Acceptance, Answer, BidKey, Marks, PointMark
from egide.tender.points import proposal
from egide.tender.words import level

NO_REASON = message("niveau retenu sans motif")
DIFFERS = message("le niveau retenu n'est pas celui que la déclaration suggère : écrire pourquoi dans « Motif »")
WRITE = message("Écrire au moins une phrase : ce qui a été vu, et où.")


@dataclass(frozen=True)
class Told:
    """A mark, what the answer suggested, and what the same evaluator gave at the rounds before."""

    mark: PointMark
    point: Point
    answer: Answer | None
    before: tuple[PointMark, ...] = ()


def of_mark(told: Told, clausier: Clausier) -> Iterator[Message]:
    """Yield what a mark still lacks."""
    mark, point = told.mark, told.point
    suggested, _ = proposal(point, told.answer)
    if mark.level and not mark.reason:
        yield DIFFERS if suggested and suggested != mark.level else NO_REASON
    if mark.na is Acceptance.ACCEPTED and not point.na_allowed:
        yield message("« sans objet » accepté alors que la consultation ne l'admet pas pour ce point")
    if mark.na is Acceptance.ACCEPTED and not mark.level:
        yield message("« sans objet » accepté sans niveau retenu")
    if mark.level in point.level_of and point.level_of[mark.level].value is None:
        yield message("niveau « à préciser » : la note attend la réponse du soumissionnaire")
    if mark.level and told.before:
        for finding in lowered(Marks((mark, *told.before)), clausier):
            yield message("{understood} ({levels})", understood=finding.understood, levels=_lowered(finding.read))


def _lowered(read: str) -> Message:
    was, _, now = read.partition(" → ")
    return message("{was} → {now}", was=level(was), now=level(now))


def of_change(
    evaluator: str, key: BidKey, subject: str, before: Mapping[str, str], after: Mapping[str, str], seen_on: date
) -> Message | None:
    """Return what is asked of a mark or note changed since a result was seen, None when it says why it changed."""
    name = "level" if "level" in after else "note"
    was, now = before.get(name, ""), after.get(name, "")
    if not was or was == now:
        return None
    change = Change(evaluator, key, subject, was, now, before.get("reason", ""), after.get("reason", ""), seen_on)
    return None if change.explained else CHANGED[0]
