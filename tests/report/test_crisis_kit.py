"""The crisis kit on paper: a page a card, a page a form, both expiries in each foot, nothing of an exercise."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from egide import reference
from egide.exercise.crisis import CrisisKit, Directory, Establishment, Insurance, Line, Person, Supplier
from egide.exercise.crisis_making import kit
from egide.exercise.module import Setting
from egide.report import crisis_kit
from pdf_text import pages

ON = date(2026, 11, 23)
DIRECTORY = Directory(
    date(2026, 11, 20), "Salle du conseil", "Bibliothèque", "12 mobiles", "Armoire rouge", "Coffre",
    (Person("director", "Mme Arnoult", "01", "06 99", "M. Berre", "06 98"), Person("it", "M. Colin", "02"), Person("gone", "X")),
    (Supplier("Orvelis <Santé>", "Dossia", "C-114", "01 55", always=True), Supplier("Sans téléphone")),
    Insurance("Hexarque", "P-7", "01 56", 48), (Line("ars", "04 44", "la nuit"),),
)  # fmt: skip


def made(setting: Setting = Setting.HOSPITAL, directory: Directory = DIRECTORY) -> CrisisKit:
    house = Establishment(setting, "Centre hospitalier de Valmorin", {"neighbour": "CH de Sarlans"}, directory)
    return kit(reference.crisis(), reference.clocks(), reference.exercises(), house, ON)


def short(held: CrisisKit) -> CrisisKit:
    """The same with a card, two forms (upright and lying) and a statement: quick to read back."""
    upright = next(each for each in held.forms if not each.wide)
    lying = next(each for each in held.forms if each.wide)
    return replace(held, cards=held.cards[:1], forms=(lying, upright), statements=held.statements[:1])


@pytest.mark.once
def test_the_paper_says_whom_to_call_until_when_and_what_is_missing() -> None:
    held = short(made())
    read = pages(crisis_kit.pdf_of(held, "fr"))
    text = " ".join(read).replace("\n", " ").replace("\u202f", " ")
    said = (
        "Mme Arnoult", "06 99", "06 98", "Orvelis <Santé>", "C-114", "P-7", "48 heures", "04 44", "la nuit",
        "09 72 43 91 25", "Salle du conseil", "CH de Sarlans", "72 heures", "Pas encore la loi", "gone",
    )  # fmt: skip
    for each in said:
        assert each in text, each
    assert "xercice" not in text
    assert all("sûrs jusqu’au 20/02/2027" in each and "réimprimer avant le 23/11/2027" in each for each in read)
    assert "Ce qui manque encore" in read[0]


@pytest.mark.once
def test_never_checked_is_said_and_many_gaps_are_counted() -> None:
    read = pages(crisis_kit.pdf_of(short(made(directory=Directory())), "en"))
    assert "numbers never checked" in read[0]
    assert "and 2 others" in read[0].replace("\n", " ")


@pytest.mark.once
@pytest.mark.parametrize(
    "setting",
    [Setting.HOSPITAL, *(pytest.param(each, marks=pytest.mark.long) for each in (Setting.HOME, Setting.PRACTICE))],
)
def test_one_page_a_card_and_a_form_whatever_is_written(setting: Setting) -> None:
    held = made(setting, Directory())
    content = crisis_kit.pdf_of(held, "fr")
    assert content == crisis_kit.pdf_of(held, "fr")
    with pikepdf.open(io.BytesIO(content)) as document:
        lying = [page for page in document.pages if page.mediabox[2] > page.mediabox[3]]
        assert len(lying) == sum(each.wide for each in held.forms) + crisis_kit.LOGS
        titles = [str(entry.title) for part in document.open_outline().root for entry in part.children]
        bare = len(document.pages) - len(held.cards) - len(held.forms) - crisis_kit.LOGS
    assert len(titles) == len(held.cards) + len(held.forms) + len(held.statements) + 1
    assert bare <= 12


@pytest.mark.once
def test_its_editable_double_holds_the_directory_the_texts_and_the_forms() -> None:
    held = made(Setting.PRACTICE)
    name, content = crisis_kit.paper(held, "docx", "fr")
    assert name == "kit-de-crise.docx"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = package.read("word/document.xml").decode()
    for each in ("Mme Arnoult", "Orvelis &lt;Santé&gt;", "Feuille de consultation", "C-114", "04 44"):
        assert each in body, each
    assert list(crisis_kit.files(short(held), "en")) == ["crisis-kit.pdf", "crisis-kit.docx"]
