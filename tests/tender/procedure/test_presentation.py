"""The record of a formalised procedure: each item is filled, without object and why, or asked of a person."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import bid, marks, note, price_and_technical, rules, tender
from egide import reference
from egide.clausier.model import Clausier
from egide.finding import Severity
from egide.message import Message, Text, render
from egide.tender.evaluation import Evaluation, Status, evaluate
from egide.tender.model import (
    Allotment,
    BidClass,
    BidKey,
    Buyer,
    Decision,
    Lot,
    Procedure,
    Tenderer,
)
from egide.tender.parties import Member, Subcontractor
from egide.tender.procedure.journal import (
    Award,
    Candidacy,
    Cause,
    Declaration,
    Deposit,
    Ending,
    Item,
    Journal,
    Justification,
    NoAward,
    Withdrawal,
)
from egide.tender.procedure.outcome import (
    asked_to_justify,
    bid_label,
    criterion_name,
    current_award,
    lot_name,
    named_in,
    tenderer_name,
)
from egide.tender.procedure.presentation import ItemState, State, blocking, due, identifier, items, owed, unknown
from egide.tender.procedure.presentation_items import ITEMS
from egide.tender.procedure.situation import Situation

DAY = date(2026, 11, 2)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
AWARD = Award("lot-1", "A", DAY, "La directrice")


def asked(**changes: object):
    return tender(price_and_technical(), "ABC", **changes)


def final(made=None, low: str = "100", **decided: tuple[BidClass, str]) -> Evaluation:
    """A is first, then B, then C; `decided` puts bids out."""
    made = made or asked()
    given = marks(note("A", "90"), note("B", "60"), note("C", "30"))
    decisions = tuple(
        Decision(BidKey(name, "lot-1"), kind, "Mme X", DAY, reason) for name, (kind, reason) in decided.items()
    )
    empty = Clausier("test", "1", Text("Essai", "Trial"), ())
    return evaluate(made, empty, rules(), [bid("A", low), bid("B", "110"), bid("C", "120")], replace(given, decisions=decisions))  # type: ignore[arg-type] # fmt: skip


def state(name: str, made=None, evaluation: Evaluation | None = None, **journal: object) -> ItemState:
    made = made or asked()
    return next(each for each in items(made, evaluation, Journal(**journal)) if each.id == name)  # type: ignore[arg-type]


def text(sentences: tuple[Message, ...]) -> str:
    return " | ".join(render(each) for each in sentences)


# ------------------------------------------------------------------------------------------------------------ the data
def test_the_items_of_the_data_are_those_that_are_filled_in_the_order_of_the_code():
    data = reference.record_items().items
    assert [item.id for item in data] == list(ITEMS) == [identifier(f"{item.article}, {item.number}") for item in data]
    assert all(item.seen == "to_check" or date.fromisoformat(item.seen) for item in data)
    assert [item.id for item in data if item.seen == "to_check"] == ["R2184-4"]
    assert all(item.read_at for item in data if item.seen != "to_check")
    assert all(item.title.fr and item.title.en and item.source.fr and item.source.en for item in data)


@pytest.mark.parametrize(
    "written", ["R2184-3-5", "R. 2184-3, 5°", "r2184-3 5", "R 2184-3 5°", "R.2184-3-5°"]
)  # fmt: skip
def test_an_item_is_found_however_its_number_is_written(written):
    assert identifier(written) == "R2184-3-5"


@given(st.text(max_size=30))
def test_any_number_of_an_item_gives_an_identifier_that_gives_itself(written):
    once = identifier(written)
    assert identifier(once) == once


def test_a_record_is_due_when_the_procedure_is_formalised():
    assert due(asked())
    assert not due(asked(formalised=False))


def test_an_unknown_item_is_refused_instead_of_lost():
    found = unknown(Journal(record={"R2184-9": Item("x"), "": Item(), "R2184-2, 1°": Item("x")}))
    assert [each.read for each in found] == ["R2184-9", ""]
    assert {each.severity for each in found} == {Severity.ERROR}


def test_what_is_missing_blocks_and_what_is_filled_does_not():
    states = items(asked(), None, Journal())
    found = blocking(states)
    assert [each.place for each in found] == [f"record.{each.id}" for each in states if each.state is State.MISSING]
    assert {"R2184-2-1", "R2184-3-3"} <= {each.place.removeprefix("record.") for each in found}
    assert all(each.missing for each in states if each.state is State.MISSING)
    assert not any(each.missing for each in states if each.state is not State.MISSING)
    assert all(each.said for each in states if each.state is not State.MISSING)


def test_nothing_is_owed_before_a_lot_is_decided_nor_in_an_adapted_procedure():
    def owing(made, journal: Journal) -> list[str]:
        return [each.code for each in owed(Situation(made, rules(), journal, DAY))]  # type: ignore[arg-type]

    assert owing(asked(), Journal()) == []
    assert set(owing(asked(), Journal(awards=(AWARD,)))) == {"record.item"}
    assert owing(asked(formalised=False), Journal(awards=(AWARD,), record={"x": Item("y")})) == ["record.unknown"]
    assert owing(asked(), Journal(no_awards=(NoAward("lot-1", Ending.SANS_SUITE, "x", DAY, "y"),)))


# ---------------------------------------------------------------------------------------------- what a person writes
def test_a_text_fills_what_only_a_person_knows_and_none_needs_its_reason():
    assert state("R2184-3-3").state is State.MISSING
    filled = state("R2184-3-3", record={"R2184-3, 3°": Item("Risque fort.")})
    assert (filled.state, text(filled.said)) == (State.FILLED, "Risque fort.")
    none = state("R2184-3-4", record={"R2184-3-4": Item(none="remise électronique")})
    assert (none.state, text(none.said)) == (State.NONE, "remise électronique")


def test_a_text_and_none_together_are_refused_and_none_cannot_deny_the_file():
    both = state("R2184-3-3", record={"R2184-3-3": Item("x", "y")})
    assert both.state is State.MISSING
    denied = state("R2184-2-1", record={"R2184-2-1": Item(none="sans intérêt")})
    assert denied.state is State.MISSING
    assert "contredit" in text(denied.missing)
    undone = state("R2184-2-4", record={"R2184-2-4": Item(none="aucune")})
    assert "évaluation définitive" in text(undone.missing)


def test_a_text_does_not_replace_what_must_be_done():
    found = state("R2184-2-5", record={"R2184-2-5": Item("À voir.")})
    assert found.state is State.MISSING
    assert "l'attributaire" in text(found.missing)


# ------------------------------------------------------------------------------------------------------------ R2184-2
def test_buyer_needs_its_address_and_a_value():
    made = asked(buyer=Buyer("CH fictif", "12345678900011", "1 rue du Test"), estimate=Decimal(900000))
    found = state("R2184-2-1", made)
    assert found.state is State.FILLED
    assert "CH fictif (SIRET 12345678900011), 1 rue du Test" in text(found.said)
    bare = state("R2184-2-1")
    assert "l'adresse" in text(bare.missing)
    assert "la valeur" in text(bare.missing)


def test_the_value_is_what_was_awarded_and_the_maximum_of_a_framework():
    made = asked(buyer=Buyer("CH", address="x"), lots=(Lot("lot-1", maximum=Decimal(500)),))
    evaluation = final(made)
    assert "attribuée, hors taxes : 100" in text(state("R2184-2-1", made, evaluation, awards=(AWARD,)).said)
    assert "hors taxes : 77" in text(state("R2184-2-1", made, evaluation, awards=(replace(AWARD, amount=Decimal(77)),)).said)  # fmt: skip
    assert "Maximum de l'accord-cadre, hors taxes : 500" in text(state("R2184-2-1", made).said)
    unknown_winner = state("R2184-2-1", made, evaluation, awards=(replace(AWARD, tenderer="Z"),))
    assert "attribuée" not in text(unknown_winner.said)
    assert "attribuée" not in text(state("R2184-2-1", made, None, awards=(AWARD,)).said)


def test_candidates_excluded_and_selected_need_a_decision_and_a_reason():
    assert "candidacies" in text(state("R2184-2-2").missing)
    assert "Société A, Société B, Société C" in text(state("R2184-2-3").missing)
    given = (
        Candidacy("A", admitted=True, on=DAY, reason="capacités"),
        Candidacy("B", admitted=True, on=DAY),
        Candidacy("C", admitted=False, on=DAY),
    )
    assert "rejet de la candidature de Société C" in text(state("R2184-2-2", candidacies=given).missing)
    selected = state("R2184-2-3", candidacies=given)
    assert text(selected.said) == "Société A : capacités | Société B"
    assert "la sélection de Société B" in text(selected.missing)
    covered = state("R2184-2-3", candidacies=given, record={"R2184-2-3": Item("Toutes ont les capacités minimales.")})
    assert covered.state is State.FILLED
    told = state("R2184-2-2", candidacies=(Candidacy("C", admitted=False, on=DAY, reason="pas de certificat"),))
    assert text(told.said) == "Société C : pas de certificat"
    everybody = tuple(Candidacy(name, admitted=True, on=DAY, reason="x") for name in "ABC")
    assert state("R2184-2-2", candidacies=everybody).state is State.NONE
    nobody = tuple(Candidacy(name, admitted=False, on=DAY, reason="x") for name in "ABC")
    assert state("R2184-2-3", candidacies=nobody).state is State.NONE


def test_rejected_bids_have_their_rank_or_the_reason_of_the_decision():
    evaluation = final(C=(BidClass.IRREGULAR, "Pièce absente"))
    late = Deposit("B", NOON, opened=False)
    found = state("R2184-2-4", None, evaluation, awards=(AWARD,), deposits=(late, Deposit("A", NOON)))
    assert found.state is State.FILLED
    assert "Société B : classée 2e" in text(found.said)
    assert "Société C : offre irrégulière : Pièce absente" in text(found.said)
    assert "Société B : pli non ouvert : arrivé hors délai" in text(found.said)
    again = Deposit("B", NOON + timedelta(minutes=9))
    resent = state("R2184-2-4", None, evaluation, awards=(AWARD,), deposits=(replace(late, lots=("lot-1",)), again))
    assert "pli non ouvert" not in text(resent.said)
    elsewhere = (replace(late, lots=("lot-1",)), replace(again, lots=("lot-2",)))
    apart = state("R2184-2-4", None, evaluation, awards=(AWARD,), deposits=elsewhere)
    assert "Société B : pli non ouvert" in text(apart.said)
    silent = state("R2184-2-4", None, final(C=(BidClass.IRREGULAR, "")), awards=(AWARD,))
    assert "motif de la décision" in text(silent.missing)


def test_rejections_wait_for_a_final_evaluation_and_for_a_decision():
    evaluation = final()
    assert "définitive" in text(state("R2184-2-4", None, replace(evaluation, status=Status.PROVISIONAL)).missing)
    assert "attribuer ou non" in text(state("R2184-2-4", None, evaluation).missing)
    ended = (NoAward("lot-1", Ending.SANS_SUITE, "Besoin disparu", DAY, "x"),)
    assert "lot non attribué" in text(state("R2184-2-4", None, evaluation, no_awards=ended).said)


def test_alone_in_the_race_nothing_is_rejected():
    made = tender(price_and_technical(), "A")
    alone = evaluate(made, Clausier("t", "1", Text("E", "E"), ()), rules(), [bid("A")], marks(note("A", "50")))  # type: ignore[arg-type]
    found = state("R2184-2-4", made, alone, awards=(AWARD,))
    assert found.state is State.NONE


def test_a_very_low_price_must_be_asked_answered_and_analysed():
    evaluation = final(low="10")
    assert next(row for row in evaluation.ranking if row.key.tenderer == "A").abnormally_low

    def low(**changes: object) -> ItemState:
        given = Justification("A", "lot-1", DAY, NOON, **changes)  # type: ignore[arg-type]
        return state("R2184-2-4", None, evaluation, awards=(AWARD,), justifications=(given,))

    assert "à demander" in text(state("R2184-2-4", None, evaluation, awards=(AWARD,)).missing)
    assert "ce qui est décidé de la justification" in text(low().missing)
    assert "l'analyse de la justification" in text(low(accepted=True).missing)
    assert "très bas mais justifié : outils amortis" in text(low(accepted=True, answer="outils amortis").said)
    refused = low(accepted=False, analysis="rien ne tient")
    assert "anormalement basse : rien ne tient" in text(refused.said)
    assert "encore classée" in text(refused.missing)
    out = final(low="10", A=(BidClass.IRREGULAR, "prix non justifié"))
    given = Justification("A", "lot-1", DAY, NOON, accepted=False, analysis="rien ne tient")
    award = replace(AWARD, tenderer="B")
    assert state("R2184-2-4", None, out, awards=(award,), justifications=(given,)).state is State.FILLED
    assert asked_to_justify(Journal(justifications=(given,)), BidKey("B", "lot-1")) is None


def test_the_winner_has_its_rank_its_notes_and_its_subcontractors():
    made = asked()
    found = state("R2184-2-5", made, final(made), awards=(AWARD,))
    assert found.state is State.FILLED
    assert "classée première (offres classées : 3) avec 94" in text(found.said)
    assert "Aucune sous-traitance (commande publique)" in text(found.said)
    helped = Tenderer("A", "Société A", subcontractors=(Subcontractor("Relais SAS", part="support"), Subcontractor("Nu")))  # fmt: skip
    made = asked(tenderers=(helped, Tenderer("B", "Société B"), Tenderer("C", "Société C")))
    said = text(state("R2184-2-5", made, final(made), awards=(AWARD,)).said)
    assert "sous-traitants (commande publique) : Relais SAS (support), Nu" in said
    part = replace(AWARD, subcontracted="20 %")
    assert "20 % ; Relais SAS" in text(state("R2184-2-5", made, final(made), awards=(part,)).said)
    assert "publique) : 20 %" in text(state("R2184-2-5", None, final(), awards=(part,)).said)


def test_with_several_lots_each_line_says_its_lot():
    made = asked(lots=(Lot("lot-1", "Nord"), Lot("lot-2")))
    evaluation = final(made)
    found = state("R2184-2-5", made, evaluation, awards=(AWARD,))
    assert "Lot 1 : Nord, Société A" in text(found.said)
    assert text(found.missing) == "l'attributaire : Lot 2"
    assert "Lot 1 : Nord, Société B : classée 2e" in text(state("R2184-2-4", made, evaluation, awards=(AWARD,)).said)


def test_a_winner_who_is_not_first_or_not_ranked_must_be_explained():
    evaluation = final(C=(BidClass.IRREGULAR, "Pièce absente"))
    second = replace(AWARD, tenderer="B")
    unsaid = state("R2184-2-5", None, evaluation, awards=(second,))
    assert "première du classement" in text(unsaid.missing)
    said = state("R2184-2-5", None, evaluation, awards=(replace(second, reason="A a renoncé"),))
    assert said.state is State.FILLED
    assert "classée 2e (offres classées : 2)" in text(said.said)
    for name in "CZ":
        found = state("R2184-2-5", None, evaluation, awards=(replace(AWARD, tenderer=name),))
        assert "pas au classement" in text(found.missing)
    assert "définitive" in text(state("R2184-2-5", None, None, awards=(AWARD,)).missing)


def test_a_winner_who_could_not_go_on_is_told_and_a_lot_not_awarded_has_no_winner():
    gone = (Withdrawal("lot-1", "A", DAY, Cause.PROOFS, "Attestation non remise"), Withdrawal("lot-2", "A", DAY, Cause.PROOFS))  # fmt: skip
    then = replace(AWARD, tenderer="B", reason="A a été écarté")
    found = state("R2184-2-5", None, final(), awards=(AWARD, then), withdrawals=gone)
    assert found.state is State.FILLED
    assert "d'abord retenue, n'a pas pu conclure (justificatifs non remis) | Attestation non remise" in text(found.said)
    bare = (Withdrawal("lot-1", "A", DAY, Cause.FORTUITOUS),)
    pending = state("R2184-2-5", None, final(), awards=(AWARD,), withdrawals=bare)
    assert "l'attributaire" in text(pending.missing)
    assert "cas fortuit" in text(pending.said)
    ended = (NoAward("lot-1", Ending.INFRUCTUEUX, "x", DAY, "y"),)
    assert state("R2184-2-5", None, final(), no_awards=ended).state is State.NONE


# ------------------------------------------------------------------------------------------------------------ R2184-3
@pytest.mark.parametrize("kind", [Procedure.NEGOTIATED, Procedure.DIALOGUE, Procedure.DIRECT])
def test_a_procedure_out_of_the_ordinary_gives_its_reasons(kind):
    assert state("R2184-3-1", asked(procedure=kind)).state is State.MISSING
    assert state("R2184-3-1", asked(procedure=kind), record={"R2184-3-1": Item("Besoin complexe.")}).state is State.FILLED  # fmt: skip


def test_an_open_procedure_has_nothing_to_justify():
    found = state("R2184-3-1")
    assert (found.state, text(found.said)) == (State.NONE, "la procédure suivie est : appel d'offres ouvert")


def test_lots_or_the_reason_for_none():
    assert state("R2184-3-2", asked(lots=(Lot("lot-1"), Lot("lot-2")))).state is State.NONE
    assert state("R2184-3-2").state is State.MISSING
    found = state("R2184-3-2", asked(allotment=Allotment("Un seul système")))
    assert "Un seul système" in text(found.said)


def test_earlier_studies_are_told():
    assert state("R2184-3-5").state is State.MISSING
    found = state("R2184-3-5", sourcing=("Trois éditeurs entendus, questions publiées.",))
    assert found.state is State.FILLED


def test_each_evaluator_declares_and_a_conflict_has_its_measure():
    assert "rssi" in text(state("R2184-3-6").missing)
    clear = (Declaration("rssi", DAY, conflict=False),)
    assert state("R2184-3-6", declarations=clear).state is State.NONE
    assert "la mesure prise" in text(state("R2184-3-6", declarations=(Declaration("rssi", DAY, conflict=True),)).missing)  # fmt: skip
    dealt = (Declaration("rssi", DAY, conflict=True, measure="déport"), Declaration("autre", DAY, conflict=True, nature="parts", measure="déport"))  # fmt: skip
    found = state("R2184-3-6", declarations=dealt)
    assert text(found.said) == "rssi : conflit d'intérêts déclaré ; mesure prise : déport | autre : parts ; mesure prise : déport"  # fmt: skip
    marked = replace(final(), marks=replace(final().marks, declarations=clear))
    assert state("R2184-3-6", None, marked).state is State.NONE


def test_not_awarding_has_its_reason():
    assert "attribuer ou non" in text(state("R2184-3-7").missing)
    assert state("R2184-3-7", awards=(AWARD,)).state is State.NONE
    ended = NoAward("lot-1", Ending.SANS_SUITE, "", DAY, "x")
    assert "le motif de ne pas attribuer" in text(state("R2184-3-7", no_awards=(ended,)).missing)
    told = state("R2184-3-7", no_awards=(replace(ended, reason="Besoin disparu"),))
    assert text(told.said) == "Lot unique : procédure déclarée sans suite : Besoin disparu"


def test_the_award_notice_is_not_referred_to():
    assert state("R2184-4").state is State.NONE


# --------------------------------------------------------------------------------------------------------------- names
def test_lots_bids_and_criteria_have_names():
    made = asked(lots=(Lot("lot-1", "Nord"), Lot("LOT_B")))
    assert [render(lot_name(made, each)) for each in ("lot-1", "LOT_B")] == ["Lot 1 : Nord", "Lot b"]
    assert render(lot_name(asked(), "lot-1")) == "Lot unique"
    assert tenderer_name(made, "Z") == "Z"
    price, technical = price_and_technical()
    assert render(Message("{x}", {"x": criterion_name(price)})) == "Prix"
    assert criterion_name(replace(technical, title="Valeur")) == "Valeur"
    variant = final()
    assert variant.status is Status.FINAL
    assert render(bid_label(made, BidKey("A", "lot-1", 2))) == "Société A, variante 2"


def test_an_award_stands_until_its_winner_withdraws():
    gone = Withdrawal("lot-1", "A", DAY, Cause.FORCE_MAJEURE)
    assert current_award(Journal(), "lot-1") is None
    assert current_award(Journal(awards=(AWARD,)), "lot-1") == AWARD
    assert current_award(Journal(awards=(AWARD,), withdrawals=(gone,)), "lot-1") is None
    assert current_award(Journal(awards=(AWARD,), withdrawals=(replace(gone, tenderer="B"),)), "lot-1") == AWARD
    assert current_award(Journal(awards=(AWARD,), withdrawals=(replace(gone, lot="lot-2"),)), "lot-1") == AWARD


def test_names_are_found_in_texts_whole_and_of_any_kind():
    group = Tenderer("D", "Groupe Delta", "12345678900011", members=(Member("Velmio"),))
    made = asked(tenderers=(Tenderer("A", "Alto"), Tenderer("B", "Sol"), group))
    assert named_in(["moins bien qu'ALTO."], made) == ["Alto"]
    assert named_in(["moins bien qu'Alto."], made, except_for={"A"}) == []
    assert named_in(["l'altocumulus et le sol"], made) == []
    assert named_in(["vu chez Velmio", "SIRET 12345678900011"], made) == ["Groupe Delta"]
