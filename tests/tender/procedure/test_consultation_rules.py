"""From the publication to the marks: order of opening, changes, answers, phases, interests, trials."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from builders import OLD
from egide.finding import Severity
from egide.tender.history import Change
from egide.tender.model import BidKey, Evaluator, Lot, Procedure, Tenderer
from egide.tender.procedure.journal import (
    Amendment,
    Candidacy,
    Declaration,
    Deposit,
    Negotiation,
    Opening,
    Order,
    Publication,
    Question,
    Trial,
)
from egide.tender.procedure.situation import Stage
from egide.tender.procedure.steps import check
from procedures import OPENED, at, blocked_by, codes, evaluated, journal, situation, step, three

DEADLINE = datetime(2026, 9, 1, 12, tzinfo=UTC)


def test_a_lawful_procedure_has_nothing_to_say():
    assert codes(situation()) == set()
    assert codes(situation(on=OLD)) == set()


def of_award(given, on: date = date(2026, 9, 10), **more: object):
    """The rules that hold back an award not given yet."""
    return blocked_by(situation(replace(given, awards=(), proofs=(), sent=()), on, **more), Stage.AWARD)


# ------------------------------------------------------------------------------------------------------------------ R14
def test_r14_bids_are_opened_after_the_deadline_and_never_before():
    early = journal(opening=Opening(DEADLINE - timedelta(minutes=1)))
    assert codes(situation(early)) == {"opened_early"}
    assert of_award(early) == ("R14",)
    assert codes(situation(journal(opening=Opening(DEADLINE)))) == set()


@pytest.mark.parametrize(
    ("kind", "published", "wrong"),
    [
        (Procedure.OPEN, False, True),
        (Procedure.OPEN, True, False),
        (Procedure.RESTRICTED, True, True),
        (Procedure.DIALOGUE, True, True),
    ],
)
def test_r14_offers_first_is_published_and_only_in_an_open_procedure(kind, published, wrong):
    offers = journal(opening=Opening(OPENED, order=Order.OFFERS, order_published=published))
    assert ("order" in codes(situation(offers, buying=three(procedure=kind)))) is wrong


@pytest.mark.parametrize(("day", "opened", "wrong"), [(1, True, True), (2, True, False), (1, False, False)])
def test_r14_the_offer_of_a_candidacy_already_refused_is_not_opened(day, opened, wrong):
    refused = Candidacy("C", admitted=False, on=date(2026, 9, day))
    deposits = (Deposit("C", at(date(2026, 8, 31)), opened=opened),)
    assert ("refused_opened" in codes(situation(journal(candidacies=(refused,), deposits=deposits)))) is wrong
    other_lot = replace(refused, lots=("lot-2",))
    assert "refused_opened" not in codes(situation(journal(candidacies=(other_lot,), deposits=deposits)))


# ------------------------------------------------------------------------------------------------------------------ R19
def test_r19_what_was_published_is_compared_with_what_is_evaluated():
    assert codes(situation(frozen="abc")) == set()
    assert codes(situation(frozen="xyz")) == {"changed"}
    amended = journal(amendments=(Amendment(date(2026, 7, 10), "poids", told_on=date(2026, 7, 10), digest="xyz"),))
    assert codes(situation(amended, frozen="xyz")) == set()
    assert codes(situation(amended, frozen="abc")) == {"changed"}
    assert codes(situation(journal(publication=Publication(OLD)), frozen="xyz")) == {"no_digest"}
    assert codes(situation(journal(publication=None), frozen="xyz")) == set()


def test_r19_a_change_is_told_and_bids_already_in_are_to_be_confirmed():
    untold = Amendment(date(2026, 7, 10), "annexe")
    assert codes(situation(journal(amendments=(untold,)))) == {"amendment_untold"}
    told = replace(untold, on=date(2026, 8, 31), told_on=date(2026, 8, 31))
    early = (
        Deposit("A", at(date(2026, 8, 30))),
        Deposit("B", at(date(2026, 8, 30))),
        Deposit("B", at(date(2026, 8, 31))),
    )
    found = check(situation(journal(amendments=(told,), deposits=early)))
    (one,) = [each for each in found if each.code == "record.to_confirm"]
    assert one.understood.values["names"] == ("A",)
    again = (Deposit("A", at(date(2026, 8, 31))),)
    assert codes(situation(journal(amendments=(told,), deposits=again))) == set()


# ------------------------------------------------------------------------------------------------------------------ R63
def question(**changes: object) -> Question:
    given = Question(
        "1", at(date(2026, 7, 5)), "Combien de sites ?", answer="Quatre.", answered_at=at(date(2026, 7, 6))
    )
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"to": ("A",)}, {"answer_to_some"}),
        ({"answered_at": DEADLINE}, {"answer_short"}),
        ({"answered_at": DEADLINE + timedelta(seconds=1)}, {"answer_late"}),
        ({"answered_at": at(date(2026, 8, 26), 23)}, set()),
        ({"answered_at": at(date(2026, 8, 27), 0)}, {"answer_short"}),
        ({"answered_at": None}, {"unanswered"}),
        ({"substantial": True}, {"deadline_kept"}),
    ],
)
def test_r63_the_same_answer_to_all_in_time(changes, expected):
    assert codes(situation(journal(questions=(question(**changes),)))) == expected


def test_r63_six_days_are_those_of_a_formalised_procedure_and_an_open_question_is_a_state_until_the_deadline():
    short = journal(questions=(question(answered_at=DEADLINE),))
    assert codes(situation(short, buying=three(formalised=False))) == set()
    waiting = journal(questions=(question(answered_at=None),))
    (note,) = [each for each in check(situation(waiting, date(2026, 7, 10))) if each.code == "record.unanswered"]
    assert note.severity is Severity.NOTE


def test_r63_a_substantial_change_moves_the_deadline_and_never_back():
    change = Amendment(date(2026, 7, 10), "hébergement ajouté", substantial=True, told_on=date(2026, 7, 10))
    assert codes(situation(journal(amendments=(change,)))) == {"deadline_kept"}
    moved = replace(change, deadline=datetime(2026, 9, 15, 12, tzinfo=UTC))
    later = Opening(datetime(2026, 9, 15, 14, tzinfo=UTC))
    assert codes(situation(journal(amendments=(moved,), opening=later))) == set()
    assert "opened_early" in codes(situation(journal(amendments=(moved,))))
    back = replace(moved, deadline=DEADLINE)
    assert codes(situation(journal(amendments=(moved, back), opening=later))) == {"deadline_back"}
    assert (
        codes(situation(journal(questions=(question(substantial=True),), amendments=(moved,), opening=later))) == set()
    )


# ------------------------------------------------------------------------------------------------------------------ R23
def phase(number: int, *invited: str, **changes: object) -> Negotiation:
    return replace(Negotiation(number, date(2026, 9, 3 + number), invited=invited), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("phases", "announced", "minimum", "expected"),
    [
        ((phase(2, "A", "B", "C"),), False, 0, set()),
        ((phase(2),), False, 0, set()),
        ((phase(2, "A", "B"),), False, 0, {"reduction"}),
        ((phase(2, "A", "B"),), True, 2, set()),
        ((phase(2, "A", "B"), phase(3, "A", "B")), True, 2, set()),
        ((phase(2, "A", "B"), phase(3, "A")), True, 2, {"too_few"}),
        ((phase(2, "A", "B"), phase(3, "A", why="B ne convient plus.")), True, 2, set()),
        ((phase(2, "A", "B"), phase(3, "A", lots=("lot-1",))), True, 1, set()),
    ],
)
def test_r23_phases_are_reduced_only_as_announced(phases, announced, minimum, expected):
    buying = three(procedure=Procedure.DIALOGUE, reduction_announced=announced, participants_minimum=minimum)
    assert codes(situation(journal(negotiations=phases), buying=buying)) == expected


def test_r23_one_whose_candidacy_was_refused_need_not_be_invited():
    refused = (Candidacy("C", admitted=False, on=OPENED.date()),)
    buying = three(procedure=Procedure.DIALOGUE)
    given = journal(negotiations=(phase(2, "A", "B"),), candidacies=refused)
    assert "reduction" not in codes(situation(given, buying=buying))


def test_r23_one_whose_bid_came_too_late_and_stays_closed_need_not_be_invited():
    late = Deposit("C", DEADLINE + timedelta(minutes=6), opened=False, why="reçu hors délai")
    tried = evaluated(three(), prices={"A": "100"})
    buying = three(procedure=Procedure.DIALOGUE)
    given = journal(negotiations=(phase(2, "A", "B"),), deposits=(late,))
    without = replace(tried, ranking=tuple(row for row in tried.ranking if row.key.tenderer != "C"))
    assert "reduction" not in codes(situation(given, buying=buying, evaluation=without))
    assert "reduction" in codes(situation(given, buying=buying, evaluation=tried))
    assert "reduction" in codes(situation(replace(given, deposits=()), buying=buying, evaluation=without))


# ------------------------------------------------------------------------------------------------------------------ R32
def test_r32_interests_are_declared_before_the_opening():
    assert codes(situation(journal(declarations=()))) == {"undeclared"}
    same_day = Declaration("rssi", OPENED.date(), conflict=False)
    assert codes(situation(journal(declarations=(same_day,)))) == set()
    late = replace(same_day, on=date(2026, 9, 3))
    assert codes(situation(journal(declarations=(late,)))) == {"undeclared"}
    assert codes(situation(journal(declarations=(), opening=None))) == set()


def test_r32_a_declared_conflict_keeps_away_from_the_lot():
    conflict = Declaration("rssi", date(2026, 8, 1), conflict=True, measure="Remplacée par le DSI.")
    assert codes(situation(journal(declarations=(conflict,)))) == {"conflict_marked"}
    assert codes(situation(journal(declarations=(replace(conflict, lots=("lot-2",)),)))) == set()
    assert codes(situation(journal(declarations=(replace(conflict, lots=("lot-2",), measure=""),)))) == {
        "conflict_measure"
    }
    free = replace(conflict, evaluator="dpo")
    buying = three(evaluators=(Evaluator("rssi"), Evaluator("dpo")))
    both = (Declaration("rssi", date(2026, 8, 1), conflict=False), free)
    assert codes(situation(journal(declarations=both), buying=buying)) == set()
    assert of_award(journal(declarations=(conflict,))) == ("R32",)
    assert "conflict_marked" not in codes(situation(journal(declarations=(conflict,)), unevaluated=True))


# ------------------------------------------------------------------------------------------------------------------ R33
def test_r33_a_mark_changed_after_a_view_says_why_before_the_award():
    seen = Change("rssi", BidKey("A", "lot-1"), "technical", "70", "90", "Vu.", "Vu.", OLD)
    silent = replace(evaluated(three()), history=(seen,))
    assert codes(situation(journal(), evaluation=silent)) == {"unexplained_change"}
    assert of_award(journal(), evaluation=silent) == ("R33",)
    explained = replace(silent, history=(replace(seen, reason="La preuve est arrivée."),))
    assert codes(situation(journal(), evaluation=explained)) == set()


# ------------------------------------------------------------------------------------------------------------------ R64
def trial(*tenderers: str, **changes: object) -> Trial:
    given = Trial("lot-1", date(2026, 9, 8), tenderers, date(2026, 7, 1), ("cadre de santé", "radiologue"))
    return replace(given, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ((trial("A", "B", "C"),), set()),
        ((trial("A"), trial("B", "C")), set()),
        ((trial("A", "B"),), {"trial_missing"}),
        ((trial("A", "B", "C", grid_published_on=None),), {"trial_grid"}),
        ((trial("A", "B", "C", grid_published_on=date(2026, 9, 8)),), {"trial_grid"}),
        ((trial("A", "B", "C", grid_published_on=date(2026, 9, 7)),), set()),
        ((trial("A", "B", "C", signed_by=()),), {"trial_unsigned"}),
    ],
)
def test_r64_a_trial_has_its_grid_before_and_is_the_same_for_all(trials, expected):
    given = journal(trials=trials)
    assert codes(situation(given)) == expected
    assert of_award(given) == (("R64",) if expected else ())


def test_r64_one_whose_candidacy_was_refused_is_not_tried():
    refused = (Candidacy("C", admitted=False, on=OPENED.date()),)
    assert "trial_missing" not in codes(situation(journal(trials=(trial("A", "B"),), candidacies=refused)))


def test_rules_of_one_lot_hold_back_that_lot_only():
    buying = three(lots=(Lot("lot-1"), Lot("lot-2")), tenderers=tuple(Tenderer(name) for name in "ABC"))
    given = journal(awards=(), trials=(trial("A"),))
    where = situation(given, date(2026, 9, 10), buying, evaluated(buying))
    assert blocked_by(where, Stage.AWARD, "lot-1") == ("R64",)
    assert step(where, Stage.AWARD, "lot-2").state == "possible"
