"""An establishment in one call: the four examples beside RISK_MODEL 10, a diagnosis in its workbook, cautions."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from egide import reference
from egide.desk import risk
from egide.desk.risk import Ready, cautions, data, estimated, read
from egide.diagnosis.filled import Answer, Filled
from egide.diagnosis.maturity import Maturity
from egide.diagnosis.questionnaire import Depth
from egide.exchange import diagnosis_sheet
from egide.insurance.programme import Programme
from egide.loss.terms import Retention
from egide.risk.contract import Condition, Contract
from egide.risk.exposure import exposed

EXAMPLES = Path(__file__).parents[2] / "examples/risk"
TODAY = date(2026, 11, 23)
LIBRARY = reference.risk_library()


# ------------------------------------------------------------------------------------------------------- worked examples
COMPLAINT = 0.1
"""Malicious events that are not paid, on average, for want of a complaint in time: the prototype paid them."""


@pytest.mark.parametrize(
    ("name", "mean", "var95", "var99", "retained", "care_in_100"),
    [
        ("chu", 1.40e6, 5.8e6, 19.8e6, 0.96e6, 16_000),
        pytest.param("hopital-local", 13_600, 57e3, 240e3, 4_700, 82, marks=pytest.mark.long),
        pytest.param("ehpad", 1_300, 3e3, 27e3, 490, 9, marks=pytest.mark.long),
        pytest.param("cabinet", 220, 0.3e3, 4.4e3, 70, 0, marks=pytest.mark.long),
    ],
)
def test_the_examples_are_near_the_worked_examples_of_the_specification(
    name, mean, var95, var99, retained, care_in_100
):
    """Within a fifth for hospitals, a third of the mean where only an order of magnitude is told.

    RISK_MODEL 10 gives means across the 2,000 draws or more of a prototype, its own draws: a mean of 200 draws is out by
    3 % (by 8 % for a home), and the median of a quantile, which is told here, is some 8 % below its mean across draws.
    Where the median says nothing (a home, a practice: twentyfold intervals), the figure of 10 is inside the interval.
    """
    made = estimated(replace(read(EXAMPLES / f"{name}.yaml", TODAY), years=8_192)).estimate
    rough = name in {"ehpad", "cabinet"}
    assert made.order_of_magnitude == rough
    assert made.gross.mean.value == pytest.approx(mean, rel=1 / 3 if rough else 0.1)
    assert made.retained.mean.value + made.ceded.mean.value == pytest.approx(made.gross.mean.value)
    told = retained + COMPLAINT * made.ceded.mean.value
    assert made.retained.mean.value == pytest.approx(told, rel=1 / 3 if rough else 0.2)
    care = made.care.days_one_in_100
    for level, figure, across in (
        (0.95, var95, made.gross.at(0.95).across),
        (0.99, var99, made.gross.at(0.99).across),
        ("care", care_in_100, care),
    ):
        assert across.low <= figure <= across.high, level
        assert rough or across.value == pytest.approx(figure, rel=0.2), level


@pytest.mark.parametrize("name", ["chu", "hopital-local", "ehpad", "cabinet"])
def test_the_examples_say_that_they_are_fictitious(name):
    assert "(fictif)" in read(EXAMPLES / f"{name}.yaml", TODAY).title
    assert "FICTIF" in (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")


# -------------------------------------------------------------------------------------------------------------- diagnosis
def workbook(folder: Path, answered: int) -> Path:
    """Write an establishment's file and its questionnaire, the first questions answered at best."""
    asked = reference.questionnaires()[Depth.HOSPITAL]
    questions = [each for each in asked.questions if each.counts][:answered]
    answers = {each.id: Answer(each.best.code, proven=True, proof="vu") for each in questions}
    filled = Filled(asked.id, asked.version, TODAY, answers, {}, "Essai")
    (folder / "rempli.xlsx").write_bytes(diagnosis_sheet.content(asked, created=TODAY, filled=filled))
    file = folder / "hopital.yaml"
    file.write_text("category: hospital\ndiagnosis: rempli.xlsx\nexposure: {beds: 120}\nyears: 100\ndraws: 20\n")
    return file


def test_a_diagnosis_gives_the_maturity_and_the_question_to_answer_first(tmp_path):
    ready = read(workbook(tmp_path, 8), TODAY)
    assert 0 < ready.maturity.overall_completeness < 1
    assert ready.exposure.beds == 120
    made = estimated(ready)
    first = made.estimate.narrowing[0]
    assert first.id in ready.answered
    assert first.width.value > 0
    assert "risk.blanks" in {each.code for each in made.findings}
    more = read(workbook(tmp_path, 30), TODAY)
    assert estimated(more).estimate.gross.mean.value < made.estimate.gross.mean.value


def test_figures_of_the_questionnaire_fill_what_the_file_does_not_tell():
    asked = reference.questionnaires()[Depth.HOSPITAL]
    reading = risk.answers.read(
        asked, Filled(asked.id, asked.version, TODAY, {}, {"revenue": 8, "beds": 9, "emergencies": 730})
    )
    base = Ready(LIBRARY, exposed(LIBRARY, "hospital", beds=120.0), Maturity.uniform(0.0))
    both = risk.with_diagnosis(base, reading, TODAY).exposure
    assert (both.revenue, both.beds, both.emergencies_per_day) == (8, 120, 2)
    told = replace(base, exposure=replace(base.exposure, emergencies_per_day=5.0))
    assert risk.with_diagnosis(told, reading, TODAY).exposure.emergencies_per_day == 5


# --------------------------------------------------------------------------------------------------------------- cautions
def ready(**changes: object) -> Ready:
    base = Ready(LIBRARY, exposed(LIBRARY, "local"), Maturity.uniform(0.5), years=100, draws=20)
    return replace(base, **changes)  # type: ignore[arg-type]


def codes(asked: Ready) -> list[str]:
    return [each.code for each in estimated(asked).findings]


def test_what_keeps_figures_from_being_taken_at_their_word():
    assert codes(ready()) == ["risk.category_default", "risk.few_years"]
    assert "risk.order_of_magnitude" in codes(ready(exposure=exposed(LIBRARY, "practice")))
    assert "risk.stress" in codes(ready(ransomware=2.0))
    programme = Programme("p", retention=Retention(flat=1e4, franchise=True), event_limit=1e6)
    assert {"insurance.disappearing_franchise", "risk.no_condition"} <= set(codes(ready(contract=Contract(programme))))
    wanting = Contract(programme, (Condition("mfa", 0.9),), default="middle")
    assert {"risk.condition_unmet", "risk.default_programme"} <= set(codes(ready(contract=wanting)))
    made = estimated(ready(contract=wanting))
    assert made.estimate.retained == made.estimate.gross
    assert "risk.few_years" not in {each.code for each in cautions(replace(made.estimate, years=50_000), wanting)}


def test_a_year_like_2021_is_asked_in_the_file(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("category: local\nmaturity: {all: reference}\nyear_like_2021: oui\n")
    assert read(file, TODAY).ransomware == 2


def test_plain_data_have_their_title_their_cautions_and_every_figure():
    told = data(estimated(ready(title="Essai")), "fr")
    assert told["title"] == "Essai"
    assert [each["code"] for each in told["cautions"]] == ["risk.category_default", "risk.few_years"]
    assert told["gross"]["mean"]["value"] > 0
    assert told["format"] == 1
