"""The risk of an establishment in one call: figures that follow from the core, questions, insurance, groups, changes."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from egide import plain, reference
from egide.desk import risk_effect, risk_group
from egide.desk.establishment_risk import Given, Insurance, of_establishment
from egide.diagnosis.filled import Answer, Filled, read
from egide.diagnosis.maturity import Maturity
from egide.diagnosis.questionnaire import Depth
from egide.errors import Cancelled, DataError
from egide.message import message
from egide.report.risk_figures import Figures
from egide.risk.interval import Interval

ON = date(2026, 11, 23)
SMALL = {"count": 32, "years": 2_000}
TOLD = {"revenue": 15e6, "beds": 72.0, "places": 10.0}
OVERLAY = {"severity.catch_up": {"value": "0.3", "low": "0.2", "high": "0.4"}}


@pytest.fixture(scope="module")
def diagnosis():
    asked = reference.questionnaires()[Depth.PRACTICE]
    shown = read(asked, Filled(asked.id, asked.version, ON, {})).asked
    answers = {each.question.id: Answer(each.question.levels[-1].code) for n, each in enumerate(shown) if n % 3}
    return asked, Filled(asked.id, asked.version, ON, answers)


@pytest.fixture(scope="module")
def given(diagnosis):
    observed = read(*diagnosis).observations()
    return Given("Hôpital fictif", "local", ON, TOLD, {"revenue": 2025}, observed, diagnosis=diagnosis)


@pytest.fixture(scope="module")
def made(given):
    return of_establishment(given, **SMALL)


def test_figures_are_those_of_the_estimate(made):
    shown, core = made.figures, made.estimate
    assert shown.mean == core.gross.mean
    assert shown.bracket == (core.bracket.worst, core.bracket.best)
    assert shown.year(100).gross == core.gross.at(0.99).across
    assert [each.years for each in shown.curve] == [2, 5, 10, 20, 50, 100, 200]
    amounts = [each.gross.value for each in shown.curve]
    assert amounts == sorted(amounts)
    for each in shown.curve:
        assert each.gross.low <= each.gross.value <= each.gross.high
        assert each.retained.value <= each.gross.value * 1.001
    assert sum(each.mean.value for each in shown.heads) == pytest.approx(shown.mean.value)
    assert sum(each.mean.value for each in shown.events) == pytest.approx(shown.mean.value)
    assert sum(each.share for each in shown.events) == pytest.approx(1.0)
    assert all(each.euros.low <= each.euros.value <= each.euros.high for each in shown.gains)
    assert [each.euros.value for each in shown.gains] == sorted((each.euros.value for each in shown.gains), reverse=True)  # fmt: skip
    assert np.mean(shown.means) == pytest.approx(shown.mean.value, rel=1e-5)
    assert np.mean(shown.care_means) == pytest.approx(shown.care.days.value, rel=1e-5)
    assert all(0 <= each.level <= each.high <= 1 for each in shown.safeguards)
    assert shown.stress.value > shown.mean.value
    assert all(each > 0 for each in made.falls)
    assert plain.structure(plain.unstructure(shown), Figures, "x") == shown


def test_what_is_not_told_is_said_to_be_the_category_s_with_its_mark(made):
    known = {each.code: each for each in made.figures.exposure}
    assert not known["revenue"].default
    assert known["revenue"].year == 2025
    assert known["persons"].default
    assert known["persons"].grade == "A"
    assert known["activity_share"].value == "35"
    assert any("aucun hôpital" in each.fr for each in made.figures.remarks)


def test_the_question_that_would_narrow_the_bracket_most_is_a_blank_of_the_diagnosis(given, diagnosis, made):
    question = made.figures.question
    blanks = {each.question.id: each.question for each in read(*diagnosis).blanks}
    assert question.code in blanks
    assert not question.measure
    worst, best = made.figures.bracket
    assert 0 < question.width <= (worst.value - best.value) * 1.0001
    asked, filled = diagnosis
    best_of = {**filled.answers, question.code: Answer(blanks[question.code].best.code, proven=True)}
    answered = replace(filled, answers=best_of)
    then = of_establishment(replace(given, observed=read(asked, answered).observations(), diagnosis=(asked, answered)), **SMALL)  # fmt: skip
    assert made.figures.mean.value - then.figures.mean.value == pytest.approx(question.width, rel=1e-6)


def test_without_a_diagnosis_a_measure_is_asked_for(given):
    shown = of_establishment(replace(given, diagnosis=None, observed=()), **SMALL).figures
    assert shown.question.measure
    assert shown.completeness == 0


def test_insurance_is_the_average_one_s_own_or_none(given, made):
    assert made.figures.insurance.fr == "une assurance moyenne pour cette taille"
    own = of_establishment(replace(given, insurance=Insurance(event_limit=1e6)), **SMALL).figures
    assert own.insurance.fr == "votre assurance"
    dear = of_establishment(replace(given, insurance=Insurance(50_000, 48, 1e6, 1e6)), **SMALL).figures
    assert 0 <= own.retained.value < dear.retained.value < dear.mean.value
    assert of_establishment(replace(given, uninsured=True), **SMALL).figures.retained is None


def test_a_change_is_printed_with_both_values_and_its_reason(given):
    shown = of_establishment(replace(given, overlay=OVERLAY, reasons={"severity.catch_up": "Mesuré"}), **SMALL).figures
    (change,) = shown.changed
    assert (change.ours.fr, change.theirs.en, change.unit.fr, change.reason) == ("15 (0 à 40)", "30 (20 to 40)", "%", "Mesuré")  # fmt: skip
    assert shown.library != reference.risk_library().digest


def test_same_inputs_same_figures_and_a_person_may_stop_it(given, made):
    assert of_establishment(given, **SMALL).figures == made.figures

    def stop(done, total):
        if done:
            raise Cancelled(message("x"))

    with pytest.raises(Cancelled):
        of_establishment(given, **SMALL, progress=stop)


@pytest.mark.parametrize(("changes", "code"), [({"category": "palace"}, "risk.category"), ({"told": {"revenue": 0.0}}, "risk.exposure"), ({"overlay": {"x": "1"}}, "risk.overlay")])  # fmt: skip
def test_what_has_no_meaning_is_refused(given, changes, code):
    with pytest.raises(DataError) as refused:
        of_establishment(replace(given, **changes), **SMALL)
    assert [each.code for each in refused.value.findings] == [code]


# ------------------------------------------------------------------------------------------------- a change, a group
def test_a_change_is_seen_on_the_same_draws_of_all_the_rest():
    found = risk_effect.effect("university", {"revenue": 1.2e9}, Maturity.uniform(0.45), {}, OVERLAY)
    assert found.after.euros.value < found.before.euros.value
    assert found.after.care == found.before.care
    same = risk_effect.effect("university", {"revenue": 1.2e9}, Maturity.uniform(0.45), {}, {})
    assert same.before == same.after == found.before


def test_a_sum_is_made_draw_by_draw():
    assert risk_group.added([[1.0, 3.0], [3.0, 1.0]]) == Interval(4.0, 4.0, 4.0)
    one = [1.0, 2.0, 3.0]
    assert risk_group.added([one, one]) == Interval.of(2 * np.array(one))
