"""Rows of a consultation to values of the core and back, each in a bounded number of queries."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from egide import plain
from egide.clausier.model import Clausier
from egide.desk.consultation import Consultation as Given
from egide.desk.consultation import of_values
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.model import (
    Acceptance,
    Answer,
    Bid,
    BidClass,
    BidKey,
    Computed,
    Condition,
    CriterionNote,
    Decision,
    Declared,
    Marks,
    Pointer,
    PointMark,
    Price,
    SourceFile,
    Tender,
)
from egide.tender.procedure.journal import Declaration, Journal
from egide.web.clauses.convert import clausier_of
from egide.web.design.words import in_both
from egide.web.tenders import models, settled
from egide.web.tenders.fitting import fit

FILE = "tender.yaml"
CHUNK = 500


# ---------------------------------------------------------------------------------------------------------- rows to values
def tender(row: models.Consultation) -> Tender:
    """Return the definition of a consultation."""
    return plain.structure(row.definition, Tender, FILE)


def journal(row: models.Consultation) -> Journal:
    """Return the journal of a consultation."""
    return plain.structure(row.journal, Journal, "journal.yaml")


def whole_clausier(row: models.Consultation) -> Clausier:
    """Return the clausier that a consultation took, before it is narrowed to its points."""
    return clausier_of(row.clausier)


def computed(row: models.Consultation) -> Computed:
    """Return the notes computed elsewhere."""
    return {
        criterion: {tenderer: Decimal(note) for tenderer, note in notes.items()}
        for criterion, notes in row.computed.items()
    }


def prepared(row: models.Consultation) -> Given:
    """Return a consultation without bids nor marks: what pages before the opening need. Raises DataError."""
    return of_values(tender(row), whole_clausier(row), journal=journal(row))


def opened(row: models.Consultation) -> Given:
    """Return a consultation with bids, marks and what reading found: nine queries. Raises DataError."""
    found = findings(row)
    return of_values(
        tender(row),
        whole_clausier(row),
        journal=journal(row),
        bids=bids(row),
        marks=marks(row),
        computed=computed(row),
        of_tender=found.get("tender", ()),
        of_journal=found.get("journal", ()),
        of_bids=(*found.get("bids", ()), *settled.findings(row)),
        of_marks=found.get("marks", ()),
    )


def key(row: models.Bid) -> BidKey:
    """Return the key of a bid."""
    return BidKey(row.tenderer, row.lot, row.variant, row.round)


def bids(row: models.Consultation) -> tuple[Bid, ...]:
    """Return the bids with their answers: two queries."""
    answers: dict[int, dict[str, Answer]] = {}
    for each in models.Answer.objects.filter(bid__consultation=row).order_by("bid_id", "pk"):
        answers.setdefault(each.bid_id, {})[each.point] = answer(each)
    return tuple(bid(each, answers.get(each.pk, {})) for each in models.Bid.objects.filter(consultation=row))


def bid(row: models.Bid, answers: Mapping[str, Answer]) -> Bid:
    """Return a bid."""
    price = plain.structure(row.price, Price, "price") if row.price is not None else None
    return Bid(key(row), answers, price, tuple(SourceFile(**each) for each in row.files))


def answer(row: models.Answer) -> Answer:
    """Return a declared answer."""
    return Answer(
        row.point,
        Declared(row.declared),
        Condition(row.condition),
        Pointer(row.document, row.section) if row.has_pointer else None,
        row.comment,
        row.proof,
        row.file,
        row.place,
        row.raw,
        row.wording,
    )


def marks(row: models.Consultation) -> Marks:
    """Return all that people wrote: five queries. A mark without level or note is not one yet."""
    keys = {each.pk: key(each) for each in models.Bid.objects.filter(consultation=row)}
    of = {"bid__consultation": row}
    return Marks(
        tuple(point_mark(each, keys[each.bid_id]) for each in models.Mark.objects.filter(**of).order_by("evaluator", "pk") if each.level or each.na),
        tuple(note(each, keys[each.bid_id]) for each in models.Note.objects.filter(**of).order_by("evaluator", "pk") if each.note),
        tuple(decision(each, keys[each.bid_id]) for each in models.Decision.objects.filter(**of).order_by("pk")),
        (),
        tuple(interest(each) for each in models.Interest.objects.filter(consultation=row).order_by("pk")),
    )  # fmt: skip


def point_mark(row: models.Mark, of: BidKey) -> PointMark:
    """Return a retained level."""
    na = Acceptance(row.na) if row.na else None
    return PointMark(row.evaluator, of, row.point, row.level, row.reason, row.proof_seen, na, row.file, row.place)


def note(row: models.Note, of: BidKey) -> CriterionNote:
    """Return a note."""
    return CriterionNote(
        row.evaluator, of, row.criterion, Decimal(row.note), row.reason, row.subcriterion, row.file, row.place
    )


def decision(row: models.Decision, of: BidKey) -> Decision:
    """Return a decision on a bid."""
    return Decision(of, BidClass(row.bid_class), row.person, row.decided_on, row.reason, row.draw, row.file, row.place)


def interest(row: models.Interest) -> Declaration:
    """Return a declaration of interests."""
    return Declaration(row.evaluator, row.on, row.conflict, tuple(row.lots), row.nature, row.measure)


def findings(row: models.Consultation, **only: str) -> dict[str, tuple[Finding, ...]]:
    """Return what readings found, by what was read: one query."""
    by_source: dict[str, list[Finding]] = {}
    for each in models.ReadFinding.objects.filter(consultation=row, **only):
        by_source.setdefault(each.source, []).append(finding(each))
    return {source: tuple(found) for source, found in by_source.items()}


def finding(row: models.ReadFinding) -> Finding:
    """Return a finding; its sentences are those kept when it was found."""
    return Finding(
        row.code,
        Severity(row.severity),
        _kept(row.understood),
        _kept(row.remedy),
        row.file,
        row.place,
        row.point,
        row.read,
        row.tenderer,
    )


def _kept(said: Mapping[str, str]) -> Message:
    return message("{text}", text=Text(said["fr"], said["en"]))


# ---------------------------------------------------------------------------------------------------------- values to rows
def definition(value: Tender) -> Any:
    """Return the plain data of a definition."""
    return plain.unstructure(value)


Write = Callable[[], None]
"""Writes what was worked out before: short, as it holds everybody else's writes."""


def store_bids(row: models.Consultation, read: Sequence[Bid], found: Iterable[Finding]) -> None:
    """Write the bids read, each in the place of the one of the same key, and what reading found.

    A bid that is no longer read goes with its answers, unless somebody marked or settled something of it: then it stays,
    without files. What a person settled of an answer stands over every later reading.
    """
    bids_writer(row, read, found)()


def bids_writer(row: models.Consultation, read: Sequence[Bid], found: Iterable[Finding]) -> Write:
    """Work out, by reading only, what the bids read change in the rows; what is as it was is not written again.

    The consultation itself may be one that is not saved yet.
    """
    known = {key(each): each for each in models.Bid.objects.filter(consultation_id=row.pk)}
    kept: dict[int, list[models.Answer]] = {}
    for answered in models.Answer.objects.filter(bid__consultation_id=row.pk).order_by("pk"):
        kept.setdefault(answered.bid_id, []).append(answered)
    corrections = models.Correction.objects.filter(bid__consultation_id=row.pk)
    newest = max((each.pk for each in corrections), default=0)
    last = {(each.bid_id, each.point): each for each in corrections}
    new: list[models.Bid] = []
    changed: list[models.Bid] = []
    replaced: list[tuple[models.Bid, list[tuple[Any, ...]]]] = []
    for value in read:
        price = plain.unstructure(value.price) if value.price is not None else None
        files = [dataclasses.asdict(each) for each in value.files]
        own = known.pop(value.key, None)
        if own is None:
            own = models.Bid(consultation=row, price=price, files=files, **dataclasses.asdict(value.key))
            new.append(own)
        elif (own.price, own.files) != (price, files):
            own.price, own.files = price, files
            changed.append(own)
        answers = fit([_answer_row(each, last.get((own.pk, each.point))) for each in value.answers.values()])
        if [_said(each) for each in answers] != [_said(each) for each in kept.get(own.pk, ())]:
            replaced.append((own, [_ready(each) for each in answers]))
    fit([*new, *changed])
    findings = findings_writer(row, "bids", found)

    def write() -> None:
        for each in new:
            each.consultation = row
        models.Bid.objects.bulk_create(new, batch_size=CHUNK)
        models.Bid.objects.bulk_update(changed, ("price", "files"), batch_size=CHUNK)
        _replace(replaced)
        for gone in known.values():
            _take_away(gone)
        for correction in models.Correction.objects.filter(bid__consultation=row, pk__gt=newest):
            settled.settle(correction)
        findings()

    return write


def _replace(replaced: Sequence[tuple[models.Bid, Sequence[tuple[Any, ...]]]]) -> None:
    """Write the answers of bids in the place of those before; the values were made ready outside of the transaction."""
    models.Answer.objects.filter(bid__in=[own.pk for own, _ in replaced]).delete()
    names = ", ".join(connection.ops.quote_name(name) for name in ("bid_id", *ANSWER))
    places = ", ".join(["%s"] * (1 + len(ANSWER)))
    rows = [(own.pk, *values) for own, answers in replaced for values in answers]
    if rows:
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(models.Answer._meta.db_table)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 (names of ours)


def _take_away(gone: models.Bid) -> None:
    models.Answer.objects.filter(bid=gone).delete()
    if any(each.exists() for each in (gone.mark_set, gone.note_set, gone.decision_set, gone.correction_set)):
        models.Bid.objects.filter(pk=gone.pk).update(price=None, files=[])
    else:
        gone.delete()


_FIELDS = tuple(each for each in models.Answer._meta.concrete_fields if each.name not in {"id", "bid"})
ANSWER = tuple(each.attname for each in _FIELDS)


def _said(row: models.Answer) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in ANSWER)


def _ready(row: models.Answer) -> tuple[Any, ...]:
    """Return the values of an answer as the database takes them."""
    return tuple(each.get_db_prep_save(getattr(row, each.attname), connection) for each in _FIELDS)


def _answer_row(value: Answer, correction: models.Correction | None) -> models.Answer:
    pointer = value.pointer or Pointer("")
    row = models.Answer(
        point=value.point,
        declared=value.declared.value,
        condition=value.condition.value,
        document=pointer.document,
        section=pointer.section,
        has_pointer=value.pointer is not None,
        comment=value.comment,
        proof=value.proof,
        file=value.file,
        place=value.place,
        raw=value.raw,
        wording=value.wording,
    )
    if correction is not None:
        settled.over(row, correction)
    return row


def store_findings(row: models.Consultation, source: str, found: Iterable[Finding]) -> None:
    """Write what a reading found, in the place of what the one before found."""
    findings_writer(row, source, found)()


def findings_writer(row: models.Consultation, source: str, found: Iterable[Finding]) -> Write:
    """Put findings in words; return what writes them in the place of those of the same source."""
    rows = [
        models.ReadFinding(
            consultation=row,
            source=source,
            number=number,
            code=each.code[:80],
            severity=each.severity.value,
            understood=in_both(each.understood),
            remedy=in_both(each.remedy),
            file=each.file,
            place=each.place,
            point=each.point[:80],
            read=each.read,
            tenderer=each.tenderer[:80],
        )
        for number, each in enumerate(found)
    ]

    fit(rows)

    def write() -> None:
        for each in rows:
            each.consultation = row
        models.ReadFinding.objects.filter(consultation=row, source=source).delete()
        models.ReadFinding.objects.bulk_create(rows, batch_size=CHUNK)

    return write


def store_marks(row: models.Consultation, read: Marks, found: Iterable[Finding], by: Any) -> None:
    """Write what workbooks say: each line in the place of the one of the same evaluator, bid and subject.

    What was written on a page and is in no workbook stays. Bids that are not known are told by `found` already.
    """
    ids = {key(each): each.pk for each in models.Bid.objects.filter(consultation=row)}
    said = {"changed_by": by}
    _upsert(models.Mark, ("bid_id", "evaluator", "point"), [
        {"bid_id": ids[each.bid], "evaluator": each.evaluator, "point": each.point, "level": each.level, "reason": each.reason,
         "proof_seen": each.proof_seen, "na": each.na.value if each.na else "", "file": each.file, "place": each.place, **said}
        for each in read.points if each.bid in ids
    ])  # fmt: skip
    _upsert(models.Note, ("bid_id", "evaluator", "criterion", "subcriterion"), [
        {"bid_id": ids[each.bid], "evaluator": each.evaluator, "criterion": each.criterion, "subcriterion": each.subcriterion,
         "note": str(each.note), "reason": each.reason, "file": each.file, "place": each.place, **said}
        for each in read.notes if each.bid in ids
    ])  # fmt: skip
    _upsert(models.Decision, ("bid_id",), [
        {"bid_id": ids[each.bid], "bid_class": each.bid_class.value, "person": each.person, "decided_on": each.decided_on,
         "reason": each.reason, "draw": each.draw, "file": each.file, "place": each.place}
        for each in read.decisions if each.bid in ids
    ])  # fmt: skip
    evaluators = {each.evaluator for each in read.declarations}
    models.Interest.objects.filter(consultation=row, evaluator__in=evaluators).delete()
    models.Interest.objects.bulk_create(fit([
        models.Interest(consultation=row, declared_by=by, evaluator=each.evaluator, on=each.on, conflict=each.conflict,
                        lots=list(each.lots), nature=each.nature, measure=each.measure)
        for each in read.declarations
    ]))  # fmt: skip
    store_findings(row, "marks", found)


def _upsert(model: Any, place: tuple[str, ...], lines: Sequence[Mapping[str, Any]]) -> None:
    """Write lines over those at the same place, whose revision grows; a line that says nothing new is left alone."""
    bids_of = {line["bid_id"] for line in lines}
    known = {tuple(getattr(each, name) for name in place): each for each in model.objects.filter(bid_id__in=bids_of)}
    new, changed = [], []
    for line in lines:
        own = known.get(tuple(line[name] for name in place))
        if own is None:
            new.append(model(**line))
        elif any(getattr(own, name) != value for name, value in line.items() if name != "changed_by"):
            for name, value in line.items():
                setattr(own, name, value)
            own.revision += 1
            changed.append(own)
    fit([*new, *changed])
    model.objects.bulk_create(new, batch_size=CHUNK)
    if changed:
        fields = [name for name in lines[0] if name not in place]
        model.objects.bulk_update(changed, [*fields, "revision"], batch_size=CHUNK)
