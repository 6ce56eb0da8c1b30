"""What may be done next and from which day; the journal at a day; random walks that never sign against a rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import OLD
from egide import reference
from egide.tender.model import Allotment, Lot
from egide.tender.procedure.ending_rules import LETS_SIGN
from egide.tender.procedure.journal import (
    Amendment,
    Award,
    Cause,
    Journal,
    LetterKind,
    Outcome,
    Proof,
    Publication,
    Question,
    ReasonsRequest,
    Referral,
    Regularisation,
    Sent,
    Withdrawal,
)
from egide.tender.procedure.outcome import current_award
from egide.tender.procedure.situation import ORDER, Stage, as_of
from egide.tender.procedure.steps import TITLES, State, next_steps
from procedures import (
    FIRST_DAY,
    LATER,
    SENT,
    at,
    blocked_by,
    evaluated,
    journal,
    letter,
    proof,
    signed,
    situation,
    step,
    three,
)


def states(where):
    return [(each.stage.value, each.lot, each.state.value) for each in next_steps(where)]


def test_every_stage_has_its_words():
    assert set(TITLES) == set(Stage) == set(ORDER)


def test_an_empty_journal_waits_for_the_publication():
    where = situation(Journal(), date(2026, 6, 1), unevaluated=True)
    assert states(where) == [
        ("publish", "", "blocked"),
        ("open", "", "waiting"),
        ("award", "lot-1", "waiting"),
        ("inform", "lot-1", "waiting"),
        ("sign", "lot-1", "waiting"),
        ("notify", "lot-1", "waiting"),
        ("data", "lot-1", "waiting"),
    ]
    ready = three(allotment=Allotment("L2113-11, 2° : un seul système."))
    assert step(situation(Journal(), date(2026, 6, 1), ready, unevaluated=True), Stage.PUBLISH).state == "possible"
    assert blocked_by(where, Stage.PUBLISH) == ("R22",)


def test_bids_are_opened_from_the_deadline_on():
    published = Journal(publication=Publication(OLD))
    for day, state in ((date(2026, 8, 31), "waiting"), (date(2026, 9, 1), "possible")):
        opening = step(situation(published, day, unevaluated=True), Stage.OPEN)
        assert (opening.state, opening.from_day) == (state, date(2026, 9, 1))
    assert step(situation(), Stage.OPEN).done_on == date(2026, 9, 2)


def test_the_award_waits_for_the_opening_and_a_final_evaluation():
    before = {"awards": (), "proofs": (), "sent": ()}
    possible = step(situation(journal(**before)), Stage.AWARD)
    assert (possible.state, [each.values["tenderer"] for each in possible.why]) == ("possible", ["A"])
    limited = three(lots=(Lot("lot-1"), Lot("lot-2")), allotment=Allotment("", 0, 1, ("lot-2", "lot-1")))
    where = situation(journal(**before), buying=limited)
    assert [step(where, Stage.AWARD, lot).why[0].values["tenderer"] for lot in ("lot-1", "lot-2")] == ["B", "A"]
    nobody = replace(evaluated(three()), ranking=())
    assert step(situation(journal(**before), evaluation=nobody), Stage.AWARD).why == ()
    assert step(situation(journal(**before), unevaluated=True), Stage.AWARD).state == "waiting"
    assert step(situation(journal(**before, opening=None)), Stage.AWARD).state == "waiting"
    assert step(situation(), Stage.AWARD).done_on == date(2026, 9, 20)


def test_a_procedure_carried_to_its_end():
    whole = journal(signatures=(signed(FIRST_DAY, notified_on=FIRST_DAY, data_on=date(2026, 10, 9)),))
    assert {state for _, _, state in states(situation(whole))} == {"done", "none"}
    assert step(situation(), Stage.NOTIFY).state == "waiting"
    assert step(situation(journal(signatures=(signed(FIRST_DAY),))), Stage.NOTIFY).state == "possible"


def test_what_waits_for_a_day_and_what_a_rule_blocks_are_told_apart():
    waiting = step(situation(on=SENT + timedelta(days=5)), Stage.SIGN)
    assert (waiting.state, waiting.from_day, waiting.blocked_by) == ("waiting", FIRST_DAY, ())
    referred = journal(referrals=(Referral("lot-1", SENT),))
    held = step(situation(referred, SENT + timedelta(days=5)), Stage.SIGN)
    assert (held.state, held.from_day, held.blocked_by) == ("blocked", FIRST_DAY, ("R61",))
    assert len(held.why) == 2


def test_one_lot_does_not_hold_back_another():
    buying = three(lots=(Lot("lot-1"), Lot("lot-2")))
    given = journal("lot-1", referrals=(Referral("lot-2", SENT),))
    where = situation(given, LATER, buying)
    assert step(where, Stage.SIGN, "lot-1").state == "possible"
    assert step(where, Stage.SIGN, "lot-2").state == "blocked"


# ----------------------------------------------------------------------------------------------------- the journal at a day
def test_what_happens_later_is_not_known_yet():
    day = date(2026, 9, 10)
    later = day + timedelta(days=1)
    given = Journal(
        publication=Publication(later),
        intention_notice=later,
        closed_on=day,
        sourcing=("une rencontre",),
        amendments=(Amendment(day, "x", told_on=later),),
        questions=(Question("1", at(day), "?", answer="!", answered_at=at(later)),),
        regularisations=(
            Regularisation("A", "lot-1", "x", day, at(later), answered_at=at(later), answer="y", accepted=True),
            Regularisation("B", "lot-1", "x", later, at(later)),
        ),
        proofs=(Proof("A", "lot-1", "x", day, at(later), received_on=later, accepted=True),),
        referrals=(Referral("lot-1", day, later, Outcome.REJECTED),),
        reasons=(ReasonsRequest("B", "lot-1", day, later), ReasonsRequest("C", "lot-1", later)),
        signatures=(signed(day, notified_on=later, data_on=later),),
    )
    then = as_of(given, day)
    assert (then.publication, then.intention_notice, then.closed_on, then.sourcing) == (None, None, day, given.sourcing)
    assert then.amendments[0].told_on is None
    assert (then.questions[0].answer, then.questions[0].answered_at) == ("", None)
    assert [(each.answer, each.accepted) for each in then.regularisations] == [("", None)]
    assert (then.proofs[0].received_on, then.proofs[0].accepted) == (None, None)
    assert (then.referrals[0].notified_on, then.referrals[0].outcome) == (None, None)
    assert then.reasons == (ReasonsRequest("B", "lot-1", day),)
    assert (then.signatures[0].notified_on, then.signatures[0].data_on) == (None, None)
    assert as_of(given, later) == given


@given(st.dates(date(2026, 6, 1), date(2026, 12, 1)), st.integers(0, 60))
def test_a_journal_seen_twice_is_the_journal_of_the_earlier_day(day, more):
    given = journal(
        signatures=(signed(FIRST_DAY, notified_on=LATER),), referrals=(Referral("", SENT, LATER, Outcome.REJECTED),)
    )
    later = day + timedelta(days=more)
    assert as_of(as_of(given, later), day) == as_of(given, day) == as_of(as_of(given, day), later)


# --------------------------------------------------------------------------------------------------------- time machine
def test_r59_a_procedure_of_2025_replayed_in_2027_keeps_its_rules():
    def replay(sent_on: date):
        given = journal(
            awards=(Award("lot-1", "A", date(2026, 9, 12), "x"), Award("lot-1", "B", date(2026, 9, 20), "x")),
            proofs=(proof("B"),),
            sent=(letter("A"), letter("C")),
            withdrawals=(Withdrawal("lot-1", "A", date(2026, 9, 15), Cause.FORCE_MAJEURE, "constat"),),
        )
        return next_steps(situation(given, date(2027, 6, 1), three(sent_on=sent_on)))

    early, late = replay(date(2025, 12, 31)), replay(date(2026, 1, 1))
    assert [each.blocked_by for each in early if each.stage is Stage.SIGN] == [("R45",)]
    assert [each.blocked_by for each in late if each.stage is Stage.SIGN] == [()]


# ---------------------------------------------------------------------------------------------------------- random walks
BUYING = three(lots=(Lot("lot-1"),))
RULES = reference.rules().on(OLD)
EVALUATION = evaluated(BUYING)
START = date(2026, 9, 3)


def walk(random: Random) -> tuple[Journal, date]:
    """A journal grown by random events on random days, lawful or not, and the day on which it is looked at."""
    given = journal(awards=(), proofs=(), sent=(), candidacies=())
    day = START
    for _ in range(random.randint(1, 12)):
        day += timedelta(days=random.randint(0, 9))
        name = random.choice("ABC")
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        choice = random.choices(range(8), (4, 1, 1, 1, 2, 1, 4, 4))[0]
        if choice == 0:
            given = replace(given, awards=(*given.awards, Award("lot-1", random.choice("AAAB"), day, "x")))
        elif choice == 1:
            told = random.sample("ABC", random.randint(1, 3))
            letters = [Sent(each, "lot-1", LetterKind.REJECTION, day, random.random() < 0.8) for each in told]
            given = replace(given, sent=(*given.sent, *letters))
        elif choice == 2:
            accepted = random.choice((True, True, False, None))
            given = replace(
                given,
                proofs=(
                    *given.proofs,
                    Proof(name, "lot-1", "x", day, moment, day if accepted else None, None, accepted),
                ),
            )
        elif choice == 3:
            given = replace(given, referrals=(*given.referrals, Referral("lot-1", day)))
        elif choice == 4 and given.referrals:
            ended = replace(given.referrals[-1], notified_on=day, outcome=random.choice(list(Outcome)))
            given = replace(given, referrals=(*given.referrals[:-1], ended))
        elif choice == 5:
            given = replace(given, withdrawals=(*given.withdrawals, Withdrawal("lot-1", name, day, random.choice(list(Cause)), random.choice(("", "constat")))))  # fmt: skip
        elif choice == 6:
            told = [Sent(each, "lot-1", LetterKind.REJECTION, day) for each in "ABC"]
            given = replace(given, sent=(*given.sent, *told))
        else:
            given = replace(
                given, proofs=(*given.proofs, Proof("A", "lot-1", "x", day, moment, day, None, accepted=True))
            )
    return given, day + timedelta(days=random.randint(0, 20))


def forbidden(given: Journal, on: date) -> list[str]:
    """Why a signature would be unlawful that day, told again from the law and without the rules of the product."""
    award = current_award(given, "lot-1")
    if award is None:
        return ["no award"]
    reasons = []
    losers = [name for name in "ABC" if name != award.tenderer]
    letters = [each for each in given.sent if each.tenderer in losers and each.on >= award.on]
    if {each.tenderer for each in letters} != set(losers):
        reasons.append("somebody was not told")
    else:
        days = 11 if all(each.electronic for each in letters) else 16
        if (on - max(each.on for each in letters)).days < days:
            reasons.append("standstill")
    if any(each.notified_on is None or each.outcome not in LETS_SIGN for each in given.referrals):
        reasons.append("referral")
    own = [each for each in given.proofs if each.tenderer == award.tenderer]
    if not own or any(each.accepted is not True for each in own):
        reasons.append("proofs")
    gone = {each.tenderer for each in given.withdrawals if each.cause is Cause.PROOFS or each.evidence}
    if set("ABC"["ABC".index(award.tenderer) - 1 :: -1] if award.tenderer != "A" else "") - gone:
        reasons.append("not the first")
    return reasons


def walks(count: int, seed: int) -> int:
    random, possible = Random(seed), 0  # noqa: S311 (a replayable walk, no secret)
    for _ in range(count):
        given, on = walk(random)
        signing = step(situation(given, on, BUYING, EVALUATION), Stage.SIGN)
        if signing.state is State.POSSIBLE:
            possible += 1
            assert forbidden(given, on) == []
            day_before = situation(given, signing.from_day - timedelta(days=1), BUYING, EVALUATION)
            assert step(day_before, Stage.SIGN).state is not State.POSSIBLE
        else:
            assert signing.blocked_by or signing.why
    return possible


def test_r60_random_walks_never_make_a_signature_possible_against_a_rule():
    assert walks(300, seed=1) > 5


@pytest.mark.long
def test_r60_ten_thousand_random_walks():
    assert walks(10_000, seed=7) > 300
