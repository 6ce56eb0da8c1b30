"""A diagnosis in one call: what it is worth, with and without euros, side by side, and the grids of others."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from egide import reference
from egide.desk import cartography
from egide.desk import diagnosis as desk
from egide.diagnosis.filled import Answer, Filled
from egide.diagnosis.questionnaire import Depth
from egide.errors import DataError, UsageError
from egide.family import MEASURES
from egide.finding import Severity

DAY = date(2026, 11, 20)
ASKED = reference.questionnaires()[Depth.HOSPITAL]
SOME = {each.id: Answer(each.levels[-1].code, proven=True, proof="PV") for each in ASKED.questions[::2]}
FILLED = Filled(ASKED.id, ASKED.version, DAY, SOME, {"revenue": Decimal(64_000_000), "emergencies": Decimal(36_500)}, "CH fictif")  # fmt: skip


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "diagnostic.xlsx"
    path.write_bytes(desk.sheet(Depth.HOSPITAL, "fr", DAY, FILLED))
    return path


def test_a_filled_sheet_is_read_weighed_and_placed(sheet):
    made = desk.read(sheet, sheet.name, DAY)
    assert made.filled == FILLED
    assert made.shown.cost is None
    assert all(each.file == sheet.name for each in made.findings)
    assert len(made.shown.priorities.first) == 6
    blanks = [each.question.id for each in made.shown.matters]
    assert blanks
    assert set(blanks) <= {each.question.id for each in made.shown.reading.blanks}
    later = desk.read(sheet, sheet.name, DAY, on=date(2027, 1, 1))
    assert later.shown.on == date(2027, 1, 1)


def test_a_finding_on_an_answer_says_in_which_cell(tmp_path):
    path = tmp_path / "d.xlsx"
    first = ASKED.questions[0].id
    path.write_bytes(desk.sheet(Depth.HOSPITAL, "fr", DAY, replace(FILLED, answers={first: Answer(ASKED.questions[0].levels[0].code, proven=True)})))  # fmt: skip
    found = [each for each in desk.read(path, path.name, DAY).findings if each.point == first]
    assert [(each.file, each.place) for each in found] == [("d.xlsx", "Questions!D2")]


def test_the_euros_order_the_priorities_and_bracket_the_blanks():
    made = desk.diagnosed(ASKED, FILLED, category="hospital")
    cost = made.shown.cost
    assert cost is not None
    assert cost.best.value < cost.now.value
    assert set(cost.worth) == {each.code for each in MEASURES}
    worths = [each.worth for each in made.shown.priorities.first]
    assert worths == sorted(worths, reverse=True)
    assert worths[0] == cost.worth[made.shown.priorities.first[0].advice.measure].value
    weights = [each.weight for each in made.shown.matters]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0
    assert "revenue" not in cost.defaults
    assert not cost.order_of_magnitude
    assert desk.diagnosed(ASKED, FILLED, category="care_home").shown.cost.order_of_magnitude


def test_answering_a_blank_at_best_never_raises_the_loss():
    blank = desk.diagnosed(ASKED, replace(FILLED, answers={}), category="hospital").shown.cost
    full = desk.diagnosed(ASKED, FILLED, category="hospital").shown.cost
    assert full.now.value < blank.now.value
    assert blank.best.value <= full.best.value


def test_an_unknown_category_or_an_impossible_revenue_is_refused():
    for options in ({"category": "chateau"}, {"category": "hospital", "revenue": -1.0}):
        with pytest.raises(DataError) as refused:
            desk.diagnosed(ASKED, FILLED, **options)
        assert all(each.severity is Severity.ERROR for each in refused.value.findings)


def test_a_file_that_is_no_questionnaire_is_refused_with_all_findings(tmp_path):
    path = tmp_path / "rien.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(DataError) as refused:
        desk.read(path, path.name, DAY)
    assert [each.code for each in refused.value.findings] == ["diagnosis.unknown"]
    with pytest.raises(UsageError):
        desk.depth_of("village")


@pytest.mark.parametrize("category", ["", "hospital"])
def test_the_plain_data_is_json_and_the_documents_are_the_same_twice(category):
    made = desk.diagnosed(ASKED, FILLED, category=category)
    data = json.loads(json.dumps(desk.data(made, "en")))
    assert len(data["measures"]) == 16
    assert (data["cost"] is None) is (not category)
    first, second = (desk.documents(made, "fr", DAY) for _ in range(2))
    assert first == second
    assert set(first) == {desk.PDF, desk.JSON}


def test_two_diagnoses_side_by_side():
    before = desk.diagnosed(ASKED, replace(FILLED, answers={}, name=""))
    after = desk.diagnosed(ASKED, FILLED)
    data = desk.compared_data(desk.compared([before, after]), "fr")
    assert [each["name"] for each in data["columns"]] == [ASKED.id, "CH fictif"]
    assert all(float(row["cells"][0]["level"]) <= float(row["cells"][1]["level"]) for row in data["measures"])
    assert json.dumps(data)


def test_the_grid_of_another_tool_becomes_a_sheet_whose_measures_are_proposed(tmp_path):
    path = tmp_path / "grille.xml"
    path.write_text(
        '<grille id="g"><domaine nom="Sauvegardes"><question id="1"><texte>Des copies hors ligne ?</texte></question></domaine>'
        '<domaine nom="Divers"><question id="2"><texte>Et le reste ?</texte></question><question id="3"><texte>Un pare-feu partout ?</texte></question></domaine></grille>'
    )  # fmt: skip
    content, grid, findings = desk.imported(path, path.name, "fr", DAY)
    assert [each.measure for each in grid.questions] == ["backup", "", "network"]
    assert [each.point for each in findings if each.code == "diagnosis.mapping"].count("1") == 1
    filled = tmp_path / "grille.xlsx"
    filled.write_bytes(content)
    made = desk.read(filled, filled.name, DAY)
    assert made.questionnaire == grid
    assert "backup" in made.shown.reading.measures


def test_a_map_is_read_checked_and_told(tmp_path):
    path = tmp_path / "apps.csv"
    path.write_text("Application;Fournisseur;Indispensable aux soins;RTO\nDPI;Alpha;oui;4 h\n", encoding="utf-8")
    found, said = cartography.read(path, path.name, DAY)
    assert found.applications[0].recovery_time_hours == 4
    assert "cartography.untried" in [each.code for each in said]
    assert json.dumps(cartography.data(found, said, "fr"))
    assert cartography.template("en", DAY) == cartography.template("en", DAY)
