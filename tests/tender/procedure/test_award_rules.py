"""From the award to the publication of the data: ranking, letters, standstill, proofs, referrals, endings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import OLD
from egide import reference
from egide.tender.evaluation import Status
from egide.tender.model import Allotment, BidClass, BidKey, Decision, Lot, Procedure
from egide.tender.procedure.award_rules import allocate, reasons_due, received, standstill
from egide.tender.procedure.ending_rules import intention
from egide.tender.procedure.journal import (
    Award,
    Candidacy,
    Cause,
    Deposit,
    Ending,
    LetterKind,
    NoAward,
    Outcome,
    ReasonsRequest,
    Referral,
    Withdrawal,
)
from egide.tender.procedure.situation import Stage, formalised
from procedures import (
    AWARDED,
    FIRST_DAY,
    LATER,
    OPENED,
    SENT,
    blocked_by,
    codes,
    evaluated,
    first_day,
    journal,
    letter,
    proof,
    signed,
    situation,
    step,
    three,
)

RULES = reference.rules().on(OLD).by_id


# ------------------------------------------------------------------------------------------------------------------ R41
def test_r41_the_vector_of_the_conseil_d_etat():
    paper = [letter("B", on=date(2010, 12, 28), electronic=False)]
    assert standstill(paper, RULES["R41"]) == date(2011, 1, 13)
    assert standstill([letter("B", on=date(2010, 12, 28))], RULES["R41"]) == date(2011, 1, 8)


def test_r41_eleven_days_sixteen_on_paper_and_the_latest_sending_counts():
    assert first_day(situation()) == FIRST_DAY
    one_on_paper = journal(sent=(letter("B"), letter("C", electronic=False)))
    assert first_day(situation(one_on_paper)) == FIRST_DAY + timedelta(days=5)
    later = journal(sent=(letter("B"), letter("C", on=SENT + timedelta(days=3))))
    assert first_day(situation(later)) == FIRST_DAY + timedelta(days=3)
    winner = (letter("A", on=SENT + timedelta(days=2), kind=LetterKind.AWARD),)
    assert first_day(situation(journal(sent=(letter("B"), letter("C"), *winner)))) == FIRST_DAY + timedelta(days=2)


@pytest.mark.parametrize(("days", "state"), [(-1, "waiting"), (0, "possible")])
def test_r41_signature_is_possible_on_its_first_day_and_not_the_day_before(days, state):
    on = FIRST_DAY + timedelta(days=days)
    assert step(situation(on=on), Stage.SIGN).state == state
    then = codes(situation(journal(signatures=(signed(on),)), LATER))
    assert ("signed_unlawfully" in then) is (days < 0)


def test_r41_none_in_an_adapted_procedure_nor_for_a_single_tenderer():
    adapted = situation(buying=three(formalised=False), on=SENT + timedelta(days=4))
    assert (first_day(adapted), step(adapted, Stage.SIGN).state) == (None, "possible")
    alone = three(tenderers=three().tenderers[:1])
    only = evaluated(three())
    where = situation(journal(sent=()), SENT + timedelta(days=4), alone, only)
    assert (first_day(where), step(where, Stage.SIGN).state) == (None, "possible")
    assert step(where, Stage.INFORM).state == "none"


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.booleans()), min_size=1, max_size=6),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.booleans(),
)
def test_r41_the_first_day_is_never_before_and_one_more_letter_never_brings_it_forward(sent, day, electronic):
    letters = [letter("B", on=on, electronic=kind) for on, kind in sent]
    first = standstill(letters, RULES["R41"])
    assert timedelta(days=11) <= first - max(each.on for each in letters) <= timedelta(days=16)
    assert standstill([*letters, letter("C", on=day, electronic=electronic)], RULES["R41"]) >= first
    assert standstill([*letters, letter("C", on=letters[0].on)], RULES["R41"]) == first


# ------------------------------------------------------------------------------------------------------------ R42, R43
def test_r42_the_signature_waits_until_every_rejected_tenderer_was_told():
    one = journal(sent=(letter("B"),))
    assert blocked_by(situation(one)) == ("R42",)
    assert step(situation(one), Stage.INFORM).state == "possible"
    assert step(situation(), Stage.INFORM).done_on == SENT
    too_soon = journal(sent=(letter("B"), letter("C", on=AWARDED - timedelta(days=1))))
    assert blocked_by(situation(too_soon)) == ("R42",)
    refused = replace(too_soon, candidacies=(Candidacy("C", admitted=False, on=OPENED.date()),))
    assert blocked_by(situation(refused)) == ()
    adapted = situation(one, buying=three(formalised=False))
    assert (blocked_by(adapted), codes(adapted)) == ((), {"untold"})


def test_r43_reasons_are_given_within_fifteen_days():
    request = ReasonsRequest("B", "lot-1", date(2026, 9, 24))
    due = date(2026, 10, 9)
    assert reasons_due(request, RULES["R43"]) == due
    asked = journal(reasons=(request,))
    assert codes(situation(asked, due)) == set()
    assert codes(situation(asked, due + timedelta(days=1))) == {"reasons_late"}
    answered = journal(reasons=(replace(request, answered_on=due),))
    assert codes(situation(answered, LATER)) == set()
    late = journal(reasons=(replace(request, answered_on=due + timedelta(days=1)),))
    assert codes(situation(late, LATER)) == {"reasons_late"}
    assert (step(situation(asked, due), Stage.REASONS).by, step(situation(answered), Stage.REASONS).state) == (
        due,
        "done",
    )


# ---------------------------------------------------------------------------------------------------------- R28, R45
def unfit(given, **more: object):
    where = situation(given, **more)
    return "award_unfit" in codes(where) and "R28" in blocked_by(where)


def test_r28_the_bid_chosen_is_ranked_by_a_final_evaluation_and_its_candidacy_admitted():
    assert not unfit(journal())
    assert unfit(journal(candidacies=(Candidacy("A", admitted=False, on=OPENED.date()),)))
    again = (Candidacy("A", admitted=False, on=OPENED.date()), Candidacy("A", admitted=True, on=OPENED.date()))
    assert not unfit(journal(candidacies=again))
    assert unfit(journal(), unevaluated=True)
    out = Decision(BidKey("A", "lot-1"), BidClass.IRREGULAR, "la directrice", date(2026, 9, 15), "Motif.")
    assert unfit(journal(), evaluation=evaluated(three(), out))
    assert unfit(journal(awards=(Award("lot-1", "A", AWARDED, "x", variant=1),)))
    provisional = replace(evaluated(three()), status=Status.PROVISIONAL)
    assert unfit(journal(), evaluation=provisional)


def test_r45_the_award_goes_to_the_first_unless_it_could_not_go_on():
    second = {
        "awards": (Award("lot-1", "B", AWARDED, "x"),),
        "proofs": (proof("B"),),
        "sent": (letter("A"), letter("C")),
    }
    assert (codes(situation(journal(**second))), blocked_by(situation(journal(**second)))) == ({"not_first"}, ("R45",))
    explained = {**second, "awards": (Award("lot-1", "B", AWARDED, "x", reason="A a retiré son offre."),)}
    assert (codes(situation(journal(**explained))), blocked_by(situation(journal(**explained)))) == ({"not_first"}, ())
    failing = {
        **second,
        "awards": (Award("lot-1", "A", date(2026, 9, 12), "x"), Award("lot-1", "B", AWARDED, "x")),
        "proofs": (proof("A", asked_on=date(2026, 9, 12), received_on=None, accepted=False), proof("B")),
        "withdrawals": (Withdrawal("lot-1", "A", date(2026, 9, 19), Cause.PROOFS),),
    }
    assert (codes(situation(journal(**failing))), blocked_by(situation(journal(**failing)))) == (set(), ())


@pytest.mark.parametrize(
    ("changes", "blocked", "expected"),
    [
        ({}, (), set()),
        ({"accepted": None}, ("R45",), set()),
        ({"received_on": None, "accepted": None}, ("R45",), {"proof"}),
        ({"accepted": False}, ("R45",), {"proof"}),
        ({"valid_until": LATER}, (), set()),
        ({"valid_until": LATER - timedelta(days=1)}, ("R45",), {"proof"}),
        ({"tenderer": "B"}, ("R45",), {"proof_of_loser"}),
    ],
)
def test_r45_proofs_are_asked_of_the_presumed_winner_only_and_hold_back_the_signature(changes, blocked, expected):
    given = journal(proofs=(proof("A", **changes),))
    assert (blocked_by(situation(given)), codes(situation(given))) == (blocked, expected)
    assert blocked_by(situation(journal(proofs=()))) == ("R45",)


def test_r45_a_proof_is_awaited_until_its_deadline():
    waiting = journal(proofs=(proof("A", received_on=None, accepted=None),))
    assert codes(situation(waiting, date(2026, 9, 30))) == set()
    assert codes(situation(waiting, date(2026, 10, 1))) == {"proof"}


# ------------------------------------------------------------------------------------------------------------------ R22
def two_lots(most: int, order: tuple[str, ...], most_tendered: int = 0, **changes: object):
    buying = three(lots=(Lot("lot-1"), Lot("lot-2")), allotment=Allotment("", most_tendered, most, order))
    first, second = journal("lot-1"), journal("lot-2", **changes)
    both = replace(first, **{key: getattr(first, key) + getattr(second, key) for key in ("awards", "proofs", "sent")})
    return situation(both, LATER, buying)


def test_r22_the_limit_of_lots_is_applied_at_the_award_in_the_published_order():
    assert codes(two_lots(2, ("lot-1", "lot-2"))) == set()
    assert codes(two_lots(1, ("lot-1", "lot-2"))) == {"too_many_lots"}
    to_b = {"awards": (Award("lot-2", "B", AWARDED, "x"),), "proofs": (proof("B", "lot-2"),), "sent": tuple(letter(name, "lot-2") for name in "AC")}  # fmt: skip
    assert codes(two_lots(1, ("lot-1", "lot-2"), **to_b)) == set()
    assert codes(two_lots(1, ("lot-2", "lot-1"), **to_b)) == {"not_first"}
    assert codes(two_lots(0, (), **to_b)) == {"not_first"}
    assert codes(two_lots(0, (), most_tendered=1)) == {"too_many_bids"}
    assert codes(two_lots(0, (), most_tendered=2)) == set()


def test_r22_lots_are_given_in_order_until_the_limit():
    rankings = {"1": ("A", "B"), "2": ("A", "B"), "3": ("A",), "4": ()}
    assert allocate("1234", rankings, 1) == {"1": "A", "2": "B"}
    assert allocate("2134", rankings, 1) == {"2": "A", "1": "B"}
    assert allocate("1234", rankings, 0) == {"1": "A", "2": "A", "3": "A"}


@given(st.permutations("123"), st.integers(1, 3), st.lists(st.permutations("ABC"), min_size=3, max_size=3))
def test_r22_nobody_gets_more_than_the_limit_and_no_lot_is_lost_while_somebody_is_free(order, most, ranked):
    given_to = allocate(order, dict(zip("123", ranked, strict=True)), most)
    assert all(list(given_to.values()).count(name) <= most for name in "ABC")
    assert len(given_to) == 3


# ------------------------------------------------------------------------------------------------------------------ R47
def test_r47_bids_received_are_all_those_in_time_irregular_ones_included():
    deadline = datetime(2026, 9, 1, 12, tzinfo=UTC)
    out = Decision(BidKey("C", "lot-1"), BidClass.IRREGULAR, "la directrice", date(2026, 9, 15), "Motif.")
    deposits = (
        Deposit("A", deadline),
        Deposit("B", deadline - timedelta(days=1), lots=("lot-1",)),
        Deposit("B", deadline - timedelta(hours=1)),
        Deposit("C", deadline + timedelta(milliseconds=1)),
        Deposit("D", deadline, lots=("lot-2",)),
    )
    assert received(situation(journal(deposits=deposits)), "lot-1") == 2
    candidacies_apart = three(procedure=Procedure.RESTRICTED)
    assert received(situation(journal(deposits=deposits), buying=candidacies_apart), "lot-1") == 2
    early = (*deposits, Deposit("D", datetime(2026, 8, 20, 10, tzinfo=UTC)))
    assert received(situation(journal(deposits=early)), "lot-1") == 3
    assert received(situation(journal(deposits=early), buying=candidacies_apart), "lot-1") == 2
    assert received(situation(journal(deposits=early), buying=candidacies_apart, unevaluated=True), "lot-1") == 3
    assert received(situation(journal(deposits=()), evaluation=evaluated(three(), out)), "lot-1") == 3


# ------------------------------------------------------------------------------------------------------------------ R61
@pytest.mark.parametrize(
    ("notified_on", "outcome", "blocked"),
    [
        (None, None, ("R61",)),
        (date(2026, 10, 15), Outcome.REJECTED, ()),
        (date(2026, 10, 15), Outcome.WITHDRAWN, ()),
        (date(2026, 10, 15), None, ("R61",)),
        (date(2026, 10, 15), Outcome.RESUME, ("R61",)),
        (date(2026, 10, 15), Outcome.ANNULLED, ("R61",)),
    ],
)
def test_r61_a_referral_holds_back_the_signature_even_after_the_standstill(notified_on, outcome, blocked):
    referred = Referral("lot-1", date(2026, 10, 1), notified_on, outcome)
    given = journal(referrals=(referred,))
    assert blocked_by(situation(given)) == blocked
    assert blocked_by(situation(given, date(2026, 10, 14))) == ("R61",)
    assert blocked_by(situation(journal(referrals=(replace(referred, lot="lot-2"),)))) == ()
    assert blocked_by(situation(journal(referrals=(replace(referred, lot=""),)))) == blocked
    before = codes(situation(replace(given, signatures=(signed(date(2026, 10, 14)),)), LATER))
    assert before == {"signed_unlawfully"}


# ------------------------------------------------------------------------------------------------------------------ R62
def test_r62_after_a_notice_of_intention_the_signature_comes_on_the_twelfth_day():
    assert intention(date(2026, 9, 21), RULES["R62"]) == date(2026, 10, 3)
    noticed = journal(intention_notice=date(2026, 9, 21))
    adapted = three(formalised=False)
    assert first_day(situation(noticed, buying=adapted)) == date(2026, 10, 3)
    assert step(situation(noticed, date(2026, 10, 2), adapted), Stage.SIGN).state == "waiting"
    assert step(situation(noticed, date(2026, 10, 3), adapted), Stage.SIGN).state == "possible"
    assert first_day(situation(noticed)) == FIRST_DAY
    assert first_day(situation(buying=adapted)) is None


# ------------------------------------------------------------------------------------------------------------------ R65
def ended(**changes: object):
    ending = NoAward(
        "lot-1", Ending.SANS_SUITE, "Besoin disparu.", date(2026, 9, 18), "la directrice", date(2026, 9, 18)
    )
    return journal(awards=(), proofs=(), sent=(), no_awards=(replace(ending, **changes),))  # type: ignore[arg-type]


def test_r65_giving_up_has_a_reason_told_to_all():
    assert codes(situation(ended())) == set()
    assert codes(situation(ended(reason=" "))) == {"ending_reason"}
    assert codes(situation(ended(told_on=None))) == {"ending_untold"}
    letters = tuple(letter(name, kind=LetterKind.NO_AWARD) for name in "ABC")
    assert codes(situation(replace(ended(told_on=None), sent=letters))) == set()
    assert codes(situation(replace(ended(told_on=None), sent=letters[:2]))) == {"ending_untold"}
    steps = (step(situation(ended()), Stage.AWARD).state, step(situation(ended()), Stage.INFORM).done_on)
    assert steps == ("none", date(2026, 9, 18))


def test_r65_infructueux_means_that_no_bid_could_be_chosen():
    assert codes(situation(ended(kind=Ending.INFRUCTUEUX))) == {"ending_kind"}
    out = [Decision(BidKey(name, "lot-1"), BidClass.IRREGULAR, "x", date(2026, 9, 15), "Motif.") for name in "ABC"]
    assert codes(situation(ended(kind=Ending.INFRUCTUEUX), evaluation=evaluated(three(), *out))) == set()


def test_r65_a_lot_given_up_is_not_signed():
    given = journal(no_awards=(ended().no_awards[0],), signatures=(signed(FIRST_DAY),))
    assert codes(situation(given)) == {"signed_unlawfully"}


# ------------------------------------------------------------------------------------------------------------------ R66
def impeded(cause: Cause = Cause.FORCE_MAJEURE, evidence: str = "incendie de l'atelier, constat", **changes: object):
    values: dict[str, object] = {
        "awards": (Award("lot-1", "A", date(2026, 9, 12), "x"), Award("lot-1", "B", AWARDED, "x")),
        "proofs": (proof("B"),),
        "sent": (letter("A"), letter("C")),
        "withdrawals": (Withdrawal("lot-1", "A", date(2026, 9, 15), cause, evidence),),
    }
    return journal(**(values | changes))


@pytest.mark.parametrize("cause", [Cause.FORCE_MAJEURE, Cause.FORTUITOUS])
def test_r66_the_next_bid_is_taken_only_since_2026_and_only_with_its_evidence(cause):
    assert (codes(situation(impeded(cause))), blocked_by(situation(impeded(cause)))) == (set(), ())
    assert codes(situation(impeded(cause, ""))) == {"impeded_unproved", "not_first"}
    assert set(blocked_by(situation(impeded(cause, "")))) == {"R66", "R45"}
    for sent_on, expected in ((date(2025, 12, 31), {"not_first"}), (date(2026, 1, 1), set())):
        assert codes(situation(impeded(cause), buying=three(sent_on=sent_on))) == expected


def test_r66_the_event_comes_after_the_choice_and_before_the_letters():
    early = impeded(withdrawals=(Withdrawal("lot-1", "A", date(2026, 9, 11), Cause.FORTUITOUS, "x"),))
    assert codes(situation(early)) == {"impeded_before"}
    never = impeded(withdrawals=(Withdrawal("lot-1", "C", date(2026, 9, 13), Cause.FORTUITOUS, "x"),))
    assert "impeded_before" in codes(situation(never))
    told = impeded(sent=(letter("C", on=date(2026, 9, 14)), letter("A"), letter("C")))
    assert codes(situation(told)) == {"impeded_after_letters"}
    proofs = impeded(Cause.PROOFS, "")
    assert codes(situation(proofs, buying=three(sent_on=date(2025, 12, 31)))) == set()


# ------------------------------------------------------------------------------------------------------- R46, signature
def test_r46_essential_data_are_due_within_two_months_of_the_notification():
    given = journal(signatures=(signed(FIRST_DAY, notified_on=date(2026, 12, 31)),))
    on = date(2027, 1, 5)
    big = {"evaluation": evaluated(three(), prices={"A": "40000", "B": "44000", "C": "48000"})}
    assert step(situation(given, on, **big), Stage.DATA).by == date(2027, 2, 28)
    assert step(situation(given, date(2026, 12, 30), **big), Stage.DATA).by is None
    small = {"evaluation": evaluated(three(), prices={"A": "39999.99", "B": "44000", "C": "48000"})}
    assert step(situation(given, on, **small), Stage.DATA).state == "none"
    amount = journal(signatures=given.signatures, awards=(Award("lot-1", "A", AWARDED, "x", amount=Decimal(39999)),))
    assert step(situation(amount, on, **big), Stage.DATA).state == "none"
    published = journal(signatures=(signed(FIRST_DAY, notified_on=date(2026, 12, 31), data_on=on),))
    assert step(situation(published, on, **big), Stage.DATA).done_on == on
    old = three(sent_on=date(2023, 12, 31))
    assert step(situation(given, on, old), Stage.DATA).state == "none"
    assert step(situation(journal(), on, unevaluated=True), Stage.DATA).state == "waiting"


def test_a_signature_without_an_award_is_seen():
    given = journal(awards=(), proofs=(), sent=(), signatures=(signed(FIRST_DAY),))
    assert codes(situation(given)) == {"signed_unawarded"}


def test_procedures_that_are_not_formalised():
    assert formalised(three())
    assert not any(formalised(three(procedure=kind)) for kind in (Procedure.ADAPTED, Procedure.DIRECT))
