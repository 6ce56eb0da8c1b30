"""What people write on the rows of a page, sent whole or row by row, and how it is kept without overwriting anybody.

A row has a place (bid and subject), the values written, and the revision that the page showed. Another revision in the
database means that somebody else wrote meanwhile: both values are then told, and the person chooses.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from egide.tender.model import BidKey
from egide.web.audit import guard
from egide.web.tenders import models
from egide.web.tenders.marking.room import Room

MOST = 500
"""Rows in one request."""
Place = tuple[str, str, str]
"""The UUID of a bid, a point or criterion, a sub-criterion."""


@dataclass(frozen=True)
class Form:
    """What a kind of row is kept as: its model, the column of its subject, what people write."""

    model: type[models.Marked]
    subject: str
    fields: tuple[str, ...]
    part: str = ""
    action: str = ""


LEVELS = Form(models.Mark, "point", ("level", "na", "proof_seen", "reason"), action="mark.written")
NOTES = Form(models.Note, "criterion", ("note", "reason"), "subcriterion", "note.written")


class Choice(StrEnum):
    """What a person chose when told of the value of somebody else."""

    NONE = ""
    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Entry:
    """A row as it was written: `revision` is what the page showed, `against` what a conflict told since."""

    place: Place
    values: Mapping[str, str]
    revision: int
    against: int = 0
    choice: Choice = Choice.NONE
    number: str = ""

    @property
    def expected(self) -> int:
        """Return the revision over which this may be written."""
        return self.against if self.choice is Choice.MINE else self.revision


class Outcome(StrEnum):
    """What became of a row."""

    SAVED = "saved"
    SAME = "same"
    TAKEN = "taken"
    """The value of the other person was chosen."""
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Kept:
    """What became of a row, and what is now in the database; `by` and `at` say who wrote it when."""

    entry: Entry
    outcome: Outcome
    values: Mapping[str, str]
    revision: int
    by: str = ""
    at: datetime | None = None
    before: Mapping[str, str] | None = None
    why: str = ""


@dataclass(frozen=True)
class Refused:
    """Why a row cannot be kept, in the words of the page."""

    why: str


Check = Callable[[Entry], Entry | Refused]
"""Returns what a row says in the words of the database, or why it cannot be kept."""


def read(data: QueryDict, form: Form) -> list[Entry]:
    """Return the rows that a page sent; what is not a row of such a page is left out."""
    found = []
    for number in data.getlist("row")[:MOST]:
        bid, _, subject = data.get(f"place-{number}", "").partition("/")
        part = ""
        if form.part:
            subject, _, part = subject.partition("/")
        values = {name: _text(data.get(f"{name}-{number}", "")) for name in form.fields}
        choice = data.get(f"choice-{number}", "")
        found.append(
            Entry(
                (bid, subject, part),
                values,
                _number(data.get(f"revision-{number}", "")),
                _number(data.get(f"against-{number}", "")),
                Choice(choice) if choice in set(Choice) else Choice.NONE,
                number,
            )
        )
    return found


def _text(written: str) -> str:
    return written.replace("\r\n", "\n").replace("\x00", "").strip()


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def keep(
    room: Room, evaluator: str, form: Form, bids: Mapping[str, tuple[BidKey, models.Bid]], entries: Sequence[Entry], check: Check
) -> list[Kept]:  # fmt: skip
    """Write the rows of `evaluator` whose bid is in `bids` (by UUID) and that `check` accepts; tell what became of each.

    `check` accepts no row of another bid than those of `bids`.
    """
    known = _known(form, evaluator, bids, entries)
    told: dict[str, dict[str, Any]] = {}
    kept = []
    for written in entries:
        entry = check(written)
        if isinstance(entry, Refused):
            kept.append(Kept(written, Outcome.REFUSED, written.values, written.revision, why=entry.why))
            continue
        key, bid = bids[entry.place[0]]
        own = known.get(entry.place)
        one = _keep(room, evaluator, form, bid, entry, own)
        kept.append(one)
        if one.outcome is Outcome.SAVED:
            was = one.before or {}
            changed = {name: [was.get(name, ""), new] for name, new in entry.values.items() if was.get(name, "") != new}
            place = " / ".join(part for part in (key.tenderer, key.lot, *_numbers(key), *entry.place[1:]) if part)
            told[place] = changed
    if told:
        models.Consultation.objects.filter(pk=room.row.pk).update(marks_revision=F("marks_revision") + 1)
        guard.record(form.action, room.row.organisation, room.row, {"evaluator": evaluator, "rows": told})
    return kept


def _numbers(key: BidKey) -> list[str]:
    return [f"variante {key.variant}"] * bool(key.variant) + [f"tour {key.round}"] * (key.round > 1)


def _known(
    form: Form, evaluator: str, bids: Mapping[str, tuple[BidKey, models.Bid]], entries: Sequence[Entry]
) -> dict[Place, Any]:
    """Return the rows of the database at the places of the entries: one query."""
    wanted = {bids[entry.place[0]][1].pk for entry in entries if entry.place[0] in bids}
    subjects = {entry.place[1] for entry in entries}
    by_pk = {bid.pk: uuid for uuid, (_, bid) in bids.items()}
    found = form.model.objects.filter(
        bid_id__in=wanted, evaluator=evaluator, **{f"{form.subject}__in": subjects}
    ).select_related("changed_by")
    return {
        (by_pk[own.bid_id], getattr(own, form.subject), getattr(own, form.part) if form.part else ""): own
        for own in found
    }


def _keep(room: Room, evaluator: str, form: Form, bid: models.Bid, entry: Entry, own: Any) -> Kept:
    now = timezone.now()
    said = {**entry.values, "changed_by": room.user, "changed_at": now, "file": "", "place": ""}
    if own is None:
        if not any(entry.values.values()):
            return Kept(entry, Outcome.SAME, entry.values, 0)
        place = {"bid": bid, "evaluator": evaluator, form.subject: entry.place[1]}
        place |= {form.part: entry.place[2]} if form.part else {}
        try:
            with transaction.atomic():
                form.model.objects.create(**place, **said)
        except IntegrityError:
            again = form.model.objects.select_related("changed_by").get(**place)
            return _told(form, entry, again)
        return Kept(entry, Outcome.SAVED, entry.values, 1, str(room.user), now)
    now_there = {name: getattr(own, name) for name in form.fields}
    if now_there == entry.values:
        return Kept(entry, Outcome.SAME, now_there, own.revision, _by(own), own.changed_at)
    if entry.choice is Choice.THEIRS and entry.against == own.revision:
        return Kept(entry, Outcome.TAKEN, now_there, own.revision, _by(own), own.changed_at)
    if entry.expected != own.revision:
        return _told(form, entry, own)
    same = form.model.objects.filter(pk=own.pk, revision=own.revision)
    if not same.update(**said, revision=own.revision + 1):
        return _told(form, entry, form.model.objects.select_related("changed_by").get(pk=own.pk))
    return Kept(entry, Outcome.SAVED, entry.values, own.revision + 1, str(room.user), now, now_there)


def _told(form: Form, entry: Entry, own: Any) -> Kept:
    there = {name: getattr(own, name) for name in form.fields}
    outcome = Outcome.SAME if there == entry.values else Outcome.CONFLICT
    return Kept(replace(entry, against=own.revision), outcome, there, own.revision, _by(own), own.changed_at)


def _by(own: Any) -> str:
    return str(own.changed_by) if own.changed_by_id else ""
