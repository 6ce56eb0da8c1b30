"""A lawful procedure for tests, from its publication to its signature, to be spoiled one thing at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime

from builders import OLD, bid, clausier, marks, note, price_and_technical, rules, tender
from egide.tender.evaluation import Evaluation, evaluate
from egide.tender.model import Decision, Tender
from egide.tender.procedure.journal import (
    Award,
    Candidacy,
    Declaration,
    Deposit,
    Journal,
    LetterKind,
    Opening,
    Proof,
    Publication,
    Sent,
    Signature,
)
from egide.tender.procedure.situation import Situation, Stage
from egide.tender.procedure.steps import check, next_steps, situated

OPENED = datetime(2026, 9, 2, 9, tzinfo=UTC)
AWARDED = date(2026, 9, 20)
SENT = date(2026, 9, 21)
FIRST_DAY = date(2026, 10, 2)
"""Eleven days, the day of sending being the first: the last one is 1 October."""
LATER = date(2026, 10, 20)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def three(**changes: object) -> Tender:
    return tender(price_and_technical(), "ABC", **changes)


def evaluated(given: Tender, *decisions: Decision, prices: dict[str, str] | None = None) -> Evaluation:
    """A 100 € and 90, B 110 € and 70, C 120 € and 50: ranked A, B, C."""
    asked = {"A": "100", "B": "110", "C": "120"} | (prices or {})
    bids = [replace(bid(name, price), key=replace(bid(name).key, lot=lot.id)) for lot in given.lots for name, price in asked.items()]  # fmt: skip
    notes = [replace(note(name, value), bid=replace(note(name, value).bid, lot=lot.id)) for lot in given.lots for name, value in {"A": "90", "B": "70", "C": "50"}.items()]  # fmt: skip
    return evaluate(given, clausier(), rules(given.sent_on), bids, replace(marks(*notes), decisions=decisions))


def journal(lot: str = "lot-1", **changes: object) -> Journal:
    values: dict[str, object] = {
        "publication": Publication(OLD, digest="abc"),
        "declarations": (Declaration("rssi", date(2026, 8, 1), conflict=False),),
        "deposits": tuple(Deposit(name, datetime(2026, 8, 31, 10, tzinfo=UTC)) for name in "ABC"),
        "opening": Opening(OPENED),
        "candidacies": tuple(Candidacy(name, admitted=True, on=OPENED.date()) for name in "ABC"),
        "awards": (Award(lot, "A", AWARDED, "la directrice"),),
        "proofs": (proof("A", lot),),
        "sent": tuple(letter(name, lot) for name in "BC"),
    }
    return Journal(**(values | changes))  # type: ignore[arg-type]


def proof(name: str, lot: str = "lot-1", **changes: object) -> Proof:
    given = Proof(name, lot, "attestation fiscale", AWARDED, at(date(2026, 9, 30)), date(2026, 9, 25), accepted=True)
    return replace(given, **changes)  # type: ignore[arg-type]


def letter(name: str, lot: str = "lot-1", on: date = SENT, kind: LetterKind = LetterKind.REJECTION, *, electronic: bool = True) -> Sent:  # fmt: skip
    return Sent(name, lot, kind, on, electronic)


def signed(on: date, lot: str = "lot-1", **changes: object) -> Signature:
    return Signature(lot, on, "la directrice", **changes)  # type: ignore[arg-type]


def situation(
    given: Journal | None = None,
    on: date = LATER,
    buying: Tender | None = None,
    evaluation: Evaluation | None = None,
    *,
    unevaluated: bool = False,
    frozen: str = "",
) -> Situation:
    buying = buying or three()
    known = None if unevaluated else evaluation or evaluated(buying)
    return situated(buying, rules(buying.sent_on), given or journal(), known, on, frozen)


def codes(where: Situation) -> set[str]:
    """What is found, states (notes) left out."""
    return {each.code.removeprefix("record.") for each in check(where) if each.severity != "note"}


def step(where: Situation, stage: Stage, lot: str = "lot-1") -> object:
    common = {Stage.PUBLISH, Stage.OPEN}
    return next(
        each for each in next_steps(where) if each.stage is stage and each.lot == ("" if stage in common else lot)
    )


def first_day(where: Situation, lot: str = "lot-1") -> date | None:
    return step(where, Stage.SIGN, lot).from_day


def blocked_by(where: Situation, stage: Stage = Stage.SIGN, lot: str = "lot-1") -> tuple[str, ...]:
    return step(where, stage, lot).blocked_by
