"""Which letters a procedure calls for, what each may say, which are refused (R26, R27, R41 to R45, R65)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import bid, clausier, mark, marks, note, point, price_and_technical, rules, tender
from egide.clausier.model import AwardUse
from egide.finding import Severity
from egide.message import render
from egide.tender.evaluation import Evaluation, Status, evaluate
from egide.tender.model import BidClass, BidKey, Criterion, Decision, Lot, SubCriterion, Tenderer
from egide.tender.model import Kind as CriterionKind
from egide.tender.procedure.journal import (
    Award,
    Candidacy,
    Cause,
    Deposit,
    Ending,
    Journal,
    Justification,
    LetterKind,
    NoAward,
    Proof,
    ReasonsRequest,
    Regularisation,
    Sent,
    Withdrawal,
)
from egide.tender.procedure.letter import FILES, Kind, Letter
from egide.tender.procedure.letters import letters
from egide.tender.procedure.situation import Situation
from egide.tender.rules import Rules

DAY = date(2026, 11, 2)
ON = date(2026, 12, 28)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AWARD = Award("lot-1", "A", DAY, "La directrice")
POINTS = clausier(point("P-1", 3), point("P-2"), point("P-3", use=AwardUse.MINIMUM))
CRITERIA = (
    Criterion("price", Decimal(40), CriterionKind.PRICE),
    Criterion("points", Decimal(30), CriterionKind.CLAUSIER),
    Criterion("technical", Decimal(30), CriterionKind.MARKED, subcriteria=(SubCriterion("use", Decimal(70), "Usage"), SubCriterion("plan", Decimal(30)))),
)  # fmt: skip


def asked(names: str = "ABC", **changes: object):
    return tender(CRITERIA, names, **changes)


def final(made=None, **decided: tuple[BidClass, str]) -> Evaluation:
    """A is first, then B, then C; `decided` puts bids out."""
    made = made or asked()
    given = []
    for name, level, value in (("A", "full", "90"), ("B", "floor", "60"), ("C", "below", "30")):
        given += [mark(name, "P-1", level), mark(name, "P-2", "full"), mark(name, "P-3", "full")]
        given += [replace(note(name, value), subcriterion=each) for each in ("use", "plan")]
    decisions = tuple(Decision(BidKey(name, "lot-1"), kind, "Mme X", DAY, why) for name, (kind, why) in decided.items())
    bids = [bid("A", "100"), bid("B", "110"), bid("C", "120")]
    return evaluate(made, POINTS, rules(), bids, replace(marks(*given), decisions=decisions))  # type: ignore[arg-type]


def made(journal: Journal, evaluation: Evaluation | None = None, of=None, the_rules=None):
    of = of or (evaluation.tender if evaluation else asked())
    return letters(Situation(of, the_rules or rules(), journal, ON, evaluation))  # type: ignore[arg-type]


def only(kind: Kind, journal: Journal, evaluation: Evaluation | None = None, **more: object) -> dict[str, Letter]:
    return {each.tenderer: each for each in made(journal, evaluation, **more)[0] if each.kind is kind}  # type: ignore[arg-type]


def refusals(journal: Journal, evaluation: Evaluation | None = None, **more: object) -> list[tuple[str, str, str]]:
    found = made(journal, evaluation, **more)[1]  # type: ignore[arg-type]
    return [(each.code, each.tenderer, render(each.understood)) for each in found]


# ----------------------------------------------------------------------------------------------- R42: what must be said
def test_each_rejected_tenderer_has_his_rank_his_notes_the_winner_and_the_first_day_of_signature():
    told = only(Kind.REJECTION, Journal(awards=(AWARD,)), final())
    assert set(told) == {"B", "C"}
    letter = told["B"]
    assert (letter.own[0].rank, letter.ranked, letter.winner) == (2, 3, "Société A")
    assert letter.best is not None
    assert letter.best.rank == 1
    assert letter.best.price is None, "the price is told on request only"
    assert [part.weight for part in letter.own[0].parts] == [40, 30, 30]
    assert [(sub.title, sub.weight) for sub in letter.own[0].parts[2].parts] == [("Usage", 21), ("plan", 9)]
    assert sum(part.earned for part in letter.own[0].parts) == pytest.approx(letter.own[0].total)
    assert [(lost.point, lost.cost) for lost in letter.lost] == [("P-1", Decimal("1.5"))]
    assert letter.lost[0].level.fr == "Plancher"
    assert [(lost.point, lost.cost) for lost in told["C"].lost] == [("P-1", Decimal(3))]


def test_the_first_day_counts_the_day_of_sending_and_the_last_sending():
    """R41, CE 2 August 2011 n° 347526: sent on 28 December, sixteen days, signature on 13 January."""
    assert only(Kind.REJECTION, Journal(awards=(AWARD,)), final())["B"].first_day == date(2027, 1, 8)
    paper = tuple(Sent(name, "lot-1", LetterKind.REJECTION, ON, electronic=name == "B") for name in "BC")
    told = only(Kind.REJECTION, Journal(awards=(AWARD,), sent=paper), final())
    assert {letter.first_day for letter in told.values()} == {date(2027, 1, 13)}
    earlier = (Sent("B", "lot-1", LetterKind.REJECTION, date(2026, 12, 1)),)
    told = only(Kind.REJECTION, Journal(awards=(AWARD,), sent=earlier), final())
    assert told["B"].on == date(2026, 12, 1)
    assert told["C"].on == ON
    assert told["B"].first_day == date(2027, 1, 8), "the letter that leaves today is the last sending"


def test_what_was_sent_before_the_award_does_not_tell_it():
    before = tuple(Sent(name, "lot-1", LetterKind.REJECTION, date(2026, 10, 30)) for name in "BC")
    refused = (Candidacy("C", admitted=False, on=DAY, reason="Capacités"),)
    told = made(Journal(awards=(AWARD,), sent=before, candidacies=refused), final())[0]
    by_name = {each.tenderer: each for each in told}
    assert (by_name["B"].on, by_name["B"].winner) == (ON, "Société A")
    assert (by_name["C"].on, by_name["C"].winner, by_name["C"].first_day) == (date(2026, 10, 30), "", None)


def test_no_wait_in_an_adapted_procedure_nor_for_one_tenderer():
    adapted = asked(formalised=False)
    told = only(Kind.REJECTION, Journal(awards=(AWARD,)), final(adapted))
    assert {letter.first_day for letter in told.values()} == {None}
    assert not told["B"].formalised


def test_a_letter_without_its_first_day_of_signature_is_refused_when_formalised():
    without = Rules("x", tuple(rule for rule in rules().rules if rule.id != "R41"))  # type: ignore[attr-defined]
    found = refusals(Journal(awards=(AWARD,)), final(), the_rules=without)
    assert [(code, who) for code, who, _ in found] == [("letter.rejection", "B"), ("letter.rejection", "C")]
    assert only(Kind.AWARD, Journal(awards=(AWARD,)), final(), the_rules=without), "nothing else is lost"


def test_letters_are_refused_on_a_provisional_evaluation_and_others_are_not():
    request = Regularisation("B", "lot-1", "Joindre la liste.", DAY, NOON)
    journal = Journal(awards=(AWARD,), regularisations=(request,))
    provisional = replace(final(), status=Status.PROVISIONAL)
    letters_made, found = made(journal, provisional)
    assert [letter.kind for letter in letters_made] == [Kind.REGULARISATION]
    assert [(each.code, each.severity) for each in found] == [("letter.rejection", Severity.ERROR)]
    assert "provisoire" in refusals(journal, None)[0][2]


def test_a_letter_needs_the_name_of_the_winner_and_a_winner_in_the_ranking():
    nameless = asked(tenderers=(Tenderer("A"), Tenderer("B", "Société B"), Tenderer("C", "Société C")))
    assert "le nom de l'attributaire manque" in refusals(Journal(awards=(AWARD,)), final(nameless))[0][2]
    stranger = replace(AWARD, tenderer="Z")
    assert "le nom de l'attributaire manque" in refusals(Journal(awards=(stranger,)), final())[0][2]
    out = final(A=(BidClass.IRREGULAR, "Pièce absente"))
    assert refusals(Journal(awards=(AWARD,)), out)[0][:2] == ("letter.award", "A")
    absent = replace(final(), ranking=tuple(row for row in final().ranking if row.key.tenderer != "A"))
    assert refusals(Journal(awards=(AWARD,)), absent)[0][:2] == ("letter.award", "A")


def test_nothing_is_refused_before_anything_is_decided():
    letters_made, found = made(Journal(), final())
    assert letters_made == []
    assert [(each.code, each.severity) for each in found] == [("letter.none", Severity.NOTE)]


# --------------------------------------------------------------------------------------------- who may not know as much
def test_who_is_out_of_the_ranking_has_the_reason_and_not_the_advantages_of_the_winner():
    evaluation = final(C=(BidClass.IRREGULAR, "Certificat absent"))
    letter = only(Kind.REJECTION, Journal(awards=(AWARD,)), evaluation)["C"]
    assert [(each.bid_class, each.reason) for each in letter.excluded] == [(BidClass.IRREGULAR, "Certificat absent")]
    assert (letter.own, letter.best, letter.lost) == ((), None, ())
    assert (letter.winner, letter.first_day) == ("Société A", date(2027, 1, 8))


def test_a_rejection_without_its_reason_is_refused_alone():
    evaluation = final(C=(BidClass.IRREGULAR, ""))
    letters_made, found = made(Journal(awards=(AWARD,)), evaluation)
    assert {(each.kind, each.tenderer) for each in letters_made} == {(Kind.AWARD, "A"), (Kind.REJECTION, "B")}
    assert [(each.code, each.tenderer) for each in found] == [("letter.rejection", "C")]


def test_a_better_ranked_bid_that_is_passed_over_must_be_told_why():
    second = replace(AWARD, tenderer="B")
    assert refusals(Journal(awards=(second,)), final())[0][:2] == ("letter.rejection", "A")
    told = only(Kind.REJECTION, Journal(awards=(replace(second, reason="Limite de lots atteinte"),)), final())
    assert (told["A"].reason, told["C"].reason) == ("Limite de lots atteinte", "")


def test_a_winner_who_could_not_go_on_is_told_so():
    gone = Withdrawal("lot-1", "A", DAY, Cause.PROOFS)
    then = replace(AWARD, tenderer="B", on=date(2026, 11, 9))
    told = only(Kind.REJECTION, Journal(awards=(AWARD, then), withdrawals=(gone,)), final())
    assert told["A"].gone is not None
    assert told["A"].gone.fr == "justificatifs non remis"
    assert told["C"].gone is None


def test_a_refused_candidacy_has_its_reason_and_no_other_letter():
    candidacies = (Candidacy("C", admitted=False, on=DAY, reason="Capacités insuffisantes"), Candidacy("B", admitted=True, on=DAY))  # fmt: skip
    letters_made, _ = made(Journal(awards=(AWARD,), candidacies=candidacies), final())
    assert [(each.kind, each.winner) for each in letters_made if each.tenderer == "C"] == [(Kind.CANDIDACY, "Société A")]  # fmt: skip
    early = only(Kind.CANDIDACY, Journal(candidacies=candidacies))["C"]
    assert (early.winner, early.first_day) == ("", None)
    silent = (Candidacy("C", admitted=False, on=DAY, lots=("lot-1",)),)
    assert refusals(Journal(candidacies=silent))[0][:2] == ("letter.candidacy", "C")


def test_what_came_too_late_is_rejected_with_its_reason():
    without = final()
    without = replace(without, ranking=tuple(row for row in without.ranking if row.key.tenderer != "C"))
    late = Deposit("C", NOON, opened=False, why="arrivé à 17 h 01 pour une limite à 17 h 00")
    told = only(Kind.REJECTION, Journal(awards=(AWARD,), deposits=(late,)), without)["C"]
    assert (told.reason, told.best, told.winner) == (late.why, None, "Société A")
    assert told.late == (NOON, asked().deadline), "it was received after the deadline: both instants are told"
    infected = replace(late, ended_at=datetime(2026, 8, 31, 10, tzinfo=UTC), why="un virus")
    assert only(Kind.REJECTION, Journal(awards=(AWARD,), deposits=(infected,)), without)["C"].late is None
    assert refusals(Journal(awards=(AWARD,)), without)[0][:2] == ("letter.rejection", "C")


# --------------------------------------------------------------------------------------------------------- other letters
def test_the_winner_has_the_amount_and_the_proofs_still_due():
    """R45: proofs are asked of the presumed winner only."""
    proofs = (
        Proof("A", "lot-1", "Attestation fiscale", DAY, NOON),
        Proof("A", "lot-1", "Attestation sociale", DAY, NOON, received_on=DAY),
    )
    letter = only(Kind.AWARD, Journal(awards=(AWARD,), proofs=proofs), final())["A"]
    assert ([each.what for each in letter.asked], letter.amount) == (["Attestation fiscale"], Decimal(100))
    fixed = replace(AWARD, amount=Decimal(99))
    assert only(Kind.AWARD, Journal(awards=(fixed,)), final())["A"].amount == Decimal(99)


def test_proofs_are_asked_of_the_presumed_winner_only():
    proof = Proof("A", "lot-1", "Attestation fiscale", DAY, NOON)
    assert only(Kind.PROOFS, Journal(proofs=(proof,)), final())["A"].on == DAY
    other = replace(proof, tenderer="B")
    assert refusals(Journal(proofs=(proof, other)), final())[0][:2] == ("letter.proofs", "B")
    assert refusals(Journal(proofs=(proof,)))[0][:2] == ("letter.proofs", "A"), "no ranking, nobody is presumed"
    gone = Withdrawal("lot-1", "A", DAY, Cause.PROOFS)
    assert set(only(Kind.PROOFS, Journal(proofs=(proof, other), withdrawals=(gone,)), final())) == {"A", "B"}
    assert set(only(Kind.PROOFS, Journal(proofs=(other,), awards=(replace(AWARD, tenderer="B"),)))) == {"B"}


def test_regularisation_gives_everybody_the_same_deadline_and_each_his_own_points():
    """R26."""
    one = Regularisation("B", "lot-1", "Joindre la liste.", DAY, NOON, points=("P-1", "P-9"))
    two = replace(one, tenderer="C", what="Signer l'acte.", points=())
    told = only(Kind.REGULARISATION, Journal(regularisations=(one, two)), final())
    assert {letter.asked[0].deadline for letter in told.values()} == {NOON}
    assert [(name, getattr(title, "fr", title)) for name, title in told["B"].asked[0].points] == [("P-1", "Exigence P-1"), ("P-9", "")]  # fmt: skip
    assert told["C"].asked[0].points == ()
    uneven = replace(two, deadline=NOON.replace(day=25))
    found = refusals(Journal(regularisations=(one, uneven)))
    assert [each[:2] for each in found][:2] == [("letter.regularisation", "B"), ("letter.regularisation", "C")]
    later = replace(uneven, round=2)
    assert set(only(Kind.REGULARISATION, Journal(regularisations=(one, later)))) == {"B", "C"}


def test_justification_of_a_price_shows_that_price():
    """R27."""
    asked_ = Justification("A", "lot-1", DAY, NOON)
    assert only(Kind.JUSTIFICATION, Journal(justifications=(asked_,)), final())["A"].amount == Decimal(100)
    assert only(Kind.JUSTIFICATION, Journal(justifications=(asked_,)))["A"].amount is None


def test_not_awarding_is_told_to_everybody_with_its_reason():
    """R65."""
    ended = NoAward("lot-1", Ending.SANS_SUITE, "Besoin disparu", DAY, "x")
    candidacies = (Candidacy("C", admitted=False, on=DAY, reason="x"),)
    told = only(Kind.NO_AWARD, Journal(no_awards=(ended,), candidacies=candidacies))
    assert set(told) == {"A", "B"}
    assert {letter.reason for letter in told.values()} == {"Besoin disparu"}
    assert {code for code, *_ in refusals(Journal(no_awards=(replace(ended, reason=""),)))} == {"letter.no_award"}


def test_reasons_on_request_add_the_whole_price_and_keep_their_day():
    """R43."""
    request = ReasonsRequest("B", "lot-1", date(2026, 12, 3), date(2026, 12, 9))
    letter = only(Kind.REASONS, Journal(awards=(AWARD,), reasons=(request,)), final())["B"]
    assert (letter.on, letter.requested_on, letter.first_day) == (date(2026, 12, 9), date(2026, 12, 3), None)
    assert letter.best is not None
    assert letter.best.price == Decimal(100)
    waiting = replace(request, answered_on=None)
    assert only(Kind.REASONS, Journal(awards=(AWARD,), reasons=(waiting,)), final())["B"].on == ON
    out = final(B=(BidClass.UNACCEPTABLE, "Hors crédits"))
    assert only(Kind.REASONS, Journal(awards=(AWARD,), reasons=(request,)), out)["B"].best is None
    assert ("letter.reasons", "B") in [each[:2] for each in refusals(Journal(reasons=(request,)), final())]
    silent = final(B=(BidClass.IRREGULAR, ""))
    assert ("letter.reasons", "B") in [each[:2] for each in refusals(Journal(awards=(AWARD,), reasons=(request,)), silent)]  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- names
def test_a_hand_written_text_that_names_another_tenderer_is_refused():
    evaluation = final(C=(BidClass.IRREGULAR, "Moins complet que Société B"))
    assert ("letter.rejection", "C") in [each[:2] for each in refusals(Journal(awards=(AWARD,)), evaluation)]
    own = final(C=(BidClass.IRREGULAR, "Société C n'a pas signé"))
    assert refusals(Journal(awards=(AWARD,)), own) == []


def test_each_letter_has_its_own_file():
    assert set(FILES) == set(Kind)
    assert len(set(FILES.values())) == len(FILES)
    assert Letter(Kind.AWARD, "a", "lot-1", DAY).name == "lettre-attribution-lot-1-a"


def test_lots_are_not_mixed():
    two = asked(lots=(Lot("lot-1"), Lot("lot-2")))
    letters_made, found = made(Journal(awards=(AWARD,)), final(two))
    assert {each.lot for each in letters_made} == {"lot-1"}
    assert [each.place for each in found] == ["lot-2"]


def test_the_points_lost_by_a_base_and_its_variant_are_told_apart():
    evaluation = final(asked(variants_allowed=True))
    row = next(row for row in evaluation.ranking if row.key.tenderer == "B")
    key = replace(row.key, variant=1)
    again = tuple(replace(each, bid=key) for each in evaluation.marks.points if each.bid == row.key)
    both = replace(
        evaluation,
        ranking=(*evaluation.ranking, replace(row, key=key, rank=4)),
        marks=replace(evaluation.marks, points=(*evaluation.marks.points, *again)),
    )
    lost = only(Kind.REJECTION, Journal(awards=(AWARD,)), both)["B"].lost
    assert [(each.point, render(each.bid)) for each in lost] == [
        ("P-1", "Société B"),
        ("P-1", "Société B, variante 1"),
    ]
    assert {each.bid for each in only(Kind.REJECTION, Journal(awards=(AWARD,)), evaluation)["B"].lost} == {None}


def test_a_point_that_nobody_marked_or_that_has_no_level_is_not_told_as_lost():
    evaluation = final()
    bare = replace(evaluation, marks=replace(evaluation.marks, points=()))
    assert only(Kind.REJECTION, Journal(awards=(AWARD,)), bare)["C"].lost == ()


def test_price_and_technical_alone_make_a_letter_too():
    simple = tender(price_and_technical(), "AB")
    evaluation = evaluate(simple, clausier(), rules(), [bid("A"), bid("B", "120")], marks(note("A", "90"), note("B", "60")))  # type: ignore[arg-type] # fmt: skip
    assert only(Kind.REJECTION, Journal(awards=(AWARD,)), evaluation)["B"].lost == ()


# --------------------------------------------------------------------------------------------------------- properties
NOTES = st.lists(st.integers(0, 100), min_size=6, max_size=6)
LEVELS = st.lists(st.sampled_from(["full", "floor", "below"]), min_size=6, max_size=6)


@settings(max_examples=40, deadline=None)
@given(NOTES, LEVELS)
def test_what_is_told_adds_up_and_losses_are_never_negative_and_the_worst_come_first(notes, levels):
    given_marks = []
    for n, name in enumerate("ABC"):
        given_marks += [mark(name, "P-1", levels[2 * n]), mark(name, "P-2", levels[2 * n + 1]), mark(name, "P-3", "full")]  # fmt: skip
        given_marks += [replace(note(name, str(notes[2 * n + k])), subcriterion=sub) for k, sub in enumerate(("use", "plan"))]  # fmt: skip
    consultation = asked()
    prices = [bid("A", "100"), bid("B", "110"), bid("C", "120")]
    evaluation = evaluate(consultation, POINTS, rules(), prices, marks(*given_marks))  # type: ignore[arg-type]
    first = next((row for row in evaluation.ranking if row.rank == 1), None)
    assert first is not None
    award = replace(AWARD, tenderer=first.key.tenderer)
    for letter in made(Journal(awards=(award,)), replace(evaluation, status=Status.FINAL))[0]:
        for told in (*letter.own, *([letter.best] if letter.best else [])):
            assert abs(sum(part.earned for part in told.parts) - told.total) < Decimal("1e-20")
            for part in told.parts:
                assert 0 <= part.earned <= part.weight
                assert not part.parts or abs(sum(sub.earned for sub in part.parts) - part.earned) < Decimal("1e-20")
                assert not part.parts or sum(sub.weight for sub in part.parts) == part.weight
        costs = [lost.cost for lost in letter.lost]
        assert costs == sorted(costs, reverse=True)
        assert all(cost > 0 for cost in costs)
        assert letter.best is None or letter.tenderer != award.tenderer
