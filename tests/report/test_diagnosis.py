"""The document of a diagnosis: four pages whatever was answered, each picture with its words, the same bytes."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pikepdf
import pytest

from egide import reference
from egide.desk.diagnosis import diagnosed
from egide.diagnosis.filled import Answer, Filled
from egide.diagnosis.questionnaire import Depth, Questionnaire
from egide.message import Text
from egide.report import diagnosis
from egide.report.diagnosis_view import Diagnosis
from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures import of_diagnosis
from egide.report.pictures.picture import NARROW, WIDE
from egide.report.pictures.stacked import stacked_bars
from egide.risk.library import Override

DAY = date(2026, 11, 20)
CATEGORIES = {Depth.PRACTICE: "practice", Depth.HOSPITAL: "hospital", Depth.UNIVERSITY: "university"}
LONG = "Un commentaire interminable, écrit par quelqu'un qui ne sait pas s'arrêter. " * 60
SETTERS = {language: Setter(language, plain_text) for language in ("fr", "en")}


def filled(asked: Questionnaire, share: int, level: int = -1) -> Filled:
    """Answer one question in `share` of a questionnaire (0: none), each with proof every third time."""
    kept = [each for n, each in enumerate(asked.questions) if share and n % share == 0]
    answers = {each.id: Answer(each.levels[level].code, proven=n % 3 == 0, proof="PV", note=LONG) for n, each in enumerate(kept)}  # fmt: skip
    return Filled(asked.id, asked.version, DAY, answers, {"revenue": Decimal(64_000_000)}, "Hôpital " * 40)


@cache
def shown(depth: Depth, share: int, level: int, category: str) -> Diagnosis:
    asked = reference.questionnaires()[depth]
    return diagnosed(asked, filled(asked, share, level), category=category).shown


def pages(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


CASES = [(Depth.HOSPITAL, 0, -1), (Depth.HOSPITAL, 2, 0), (Depth.HOSPITAL, 1, -1), (Depth.PRACTICE, 2, 0), (Depth.UNIVERSITY, 2, 0)]  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("depth", "share", "level"), CASES)
def test_four_pages_whatever_was_answered(depth, share, level, language):
    for category in ("", CATEGORIES[depth]):
        assert pages(diagnosis.pdf_of(shown(depth, share, level, category), language, DAY)) == diagnosis.PAGES


def test_four_pages_for_the_longest_grid_of_others():
    asked = reference.questionnaires()[Depth.HOSPITAL]
    long = {
        each.id: replace(each, text=Text(LONG, LONG), why=Text(LONG), proofs=(Text(LONG),)) for each in asked.questions
    }
    grid = replace(asked.with_questions(long), depth=None, title=Text(LONG), figures=())
    made = diagnosed(grid, replace(filled(grid, 3), figures={}), category="university", revenue=1e9)
    assert pages(diagnosis.pdf_of(made.shown, "fr", DAY)) == diagnosis.PAGES


def test_a_grid_that_feeds_nothing_says_so():
    asked = reference.questionnaires()[Depth.PRACTICE]
    grid = asked.with_questions({each.id: replace(each, measure="") for each in asked.questions})
    made = diagnosed(grid, filled(grid, 1))
    text = str(diagnosis.document(made.shown, SETTERS["fr"], DAY))
    assert "rien ne peut être dit" in text
    assert pages(diagnosis.pdf_of(made.shown, "fr", DAY)) == diagnosis.PAGES


def test_the_same_diagnosis_gives_the_same_bytes_and_a_tagged_document():
    asked = reference.questionnaires()[Depth.PRACTICE]
    contents = {diagnosis.pdf_of(diagnosed(asked, filled(asked, 2)).shown, "fr", DAY) for _ in range(2)}
    assert len(contents) == 1
    with pikepdf.open(io.BytesIO(contents.pop())) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr-FR"


def test_the_order_of_magnitude_is_said_with_one_figure():
    asked = reference.questionnaires()[Depth.PRACTICE]
    given = replace(filled(asked, 2), figures={"revenue": Decimal(300_000)})
    made = diagnosed(asked, given, category="practice").shown
    text = json.dumps(diagnosis.document(made, SETTERS["fr"], DAY), ensure_ascii=False)
    assert "ordre de grandeur" in text
    amounts = re.findall(r"ordre de grandeur\W+([\d,]+)", text)
    assert amounts
    assert all(len(each.replace(",", "").strip("0")) == 1 for each in amounts)
    asked = reference.questionnaires()[Depth.HOSPITAL]
    text = str(diagnosis.document(diagnosed(asked, filled(asked, 2), category="hospital").shown, SETTERS["fr"], DAY))
    assert "ordre de grandeur" not in text
    assert "Perte attendue par an" in text


@pytest.mark.parametrize(("count", "rest"), [(1, ""), (4, "et une autre"), (300, "et 297 autres")])
def test_changed_assumptions_are_told_with_their_values_and_how_many_more_there_are(count, rest):
    made = shown(Depth.UNIVERSITY, 2, 0, "care_home")
    changed = tuple(
        Override(f"p{n}", Text(f"Hypothèse {n} " + "longue " * 40), "0.3 [0.1 ; 0.5]", "0.25") for n in range(count)
    )
    made = replace(made, cost=replace(made.cost, overrides=changed))
    body = diagnosis.document(made, SETTERS["fr"], DAY)
    text = json.dumps(body, ensure_ascii=False).replace("\u00a0", " ").replace("\u202f", " ")
    assert text.count("0,3 [0,1 ; 0,5] devient 0,25") == min(count, 3)
    assert (rest or "Hypothèse 0") in text
    days = text.partition("(jamais en euros)")[2].partition("ordre de grandeur : ")[2].partition(" (")[0]
    assert len(days.replace(" ", "").replace(",", "").strip("0")) == 1
    assert (" autre" in text.partition("Hypothèses modifiées")[2].partition('"')[0]) == bool(rest)
    assert pages(diagnosis.pdf_of(made, "fr", DAY)) == diagnosis.PAGES


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_picture_says_in_words_what_its_bars_show(width):
    asked = reference.questionnaires()[Depth.HOSPITAL]
    made = diagnosed(asked, filled(asked, 2)).shown
    for data in (of_diagnosis.levels(made, SETTERS["fr"]), of_diagnosis.answered(made, SETTERS["fr"])):
        picture = stacked_bars(data, SETTERS["fr"], "essai", width)
        assert len(picture.rows) == len(data.bars)
        assert all(bar.name in picture.description for bar in data.bars)
        assert "style=" not in picture.svg
        assert picture.width == width


def test_the_parts_of_a_level_add_up_to_it_and_stay_under_the_best():
    asked = reference.questionnaires()[Depth.HOSPITAL]
    for share in (1, 2, 5):
        made = diagnosed(asked, filled(asked, share)).shown
        levels = made.maturity.at(made.reference)
        shown = dict(zip(made.reading.measures, of_diagnosis.levels(made, SETTERS["fr"]).bars, strict=False))
        assert len(shown) == len(made.reading.measures)
        for bar in of_diagnosis.levels(made, SETTERS["fr"]).bars:
            assert all(part >= 0 for part in bar.parts)
            assert sum(bar.parts) <= 1 + 1e-9
        total = sum(sum(bar.parts[:2]) for bar in of_diagnosis.levels(made, SETTERS["fr"]).bars)
        assert total == pytest.approx(sum(levels[code] for code in made.reading.measures))
