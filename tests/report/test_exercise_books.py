"""The papers of an exercise: nothing of it is missed by who leads, nothing of it is told to who plays."""

import io
import json
import time
from dataclasses import replace

import pikepdf
import pypdf
import pytest

from egide.exercise.module import Channel, Kind
from egide.message import Text
from egide.report import exercise_cards
from egide.report.exercise_books import BODIES, FILES, Book, book, books
from egide.report.exercise_words import SPOKEN, Words, clock, length
from egide.report.papers.typography import Setter, printable
from report.exercises import exercise, item

pytestmark = pytest.mark.once


def words(script, language="fr"):
    return Words(script, Setter(language, printable))


def texts(part, script, language="fr", titles=None):
    """Every text of one paper."""
    return json.dumps(BODIES[part](words(script, language), titles or {}), ensure_ascii=False)


def pages(made):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]


@pytest.mark.parametrize(("minutes", "said"), [(0, "T+00:00"), (35, "T+00:35"), (-90, "T-01:30"), (1500, "T+25:00")])
def test_times_are_written_as_in_the_chronogram(minutes, said):
    assert clock(minutes) == said


@pytest.mark.parametrize(("minutes", "said"), [(25, "25 min"), (60, "1 h"), (95, "1 h 35")])
def test_lengths_are_said_in_hours(minutes, said):
    assert str(length(minutes)) == said


def test_the_animator_has_every_word_of_the_script():
    script = exercise()
    setter = Setter("fr", printable)
    said = texts(Book.ANIMATOR, script)
    for each in script.items:
        for text in (each.title, each.sender, each.text, each.what_if, each.moment, *(one.text for one in each.expectations)):  # fmt: skip
            assert json.dumps(setter.say(text), ensure_ascii=False)[1:-1] in said
        assert clock(each.at) in said
    for text in (*script.objectives, *script.material, *script.rules, *script.questions):
        assert setter.say(text) in said


def test_players_are_told_nothing_of_what_comes():
    script = exercise()
    setter = Setter("fr", printable)
    said = texts(Book.PLAYER, script)
    hidden = [*script.modules.values(), *(each.title for each in script.documents)]
    for each in script.items:
        hidden += [each.title, each.sender, each.text, each.what_if, *(one.text for one in each.expectations)]
        assert clock(each.at) not in said
    assert not [each.fr for each in hidden if each.fr and setter.say(each) in said]
    assert all(setter.say(each) in said for each in script.rules)


def test_observers_see_each_expectation_once_by_module_and_time():
    script = exercise()
    grids = [each for each in BODIES[Book.OBSERVER](words(script), {}) if each["kind"] == "grid"]
    assert len(grids) == len(script.modules) + 1
    for grid in grids:
        assert [each["time"] for each in grid["parts"]] == sorted(each["time"] for each in grid["parts"])
    rows = [row for grid in grids for part in grid["parts"] for row in part["rows"]]
    assert len(rows) == sum(len(each.expectations) for each in script.items)


def test_fictitious_names_are_told_with_what_they_stand_for():
    script = exercise()
    assert "Mutuelle Hexarque" in texts(Book.ANIMATOR, script)
    named = texts(Book.ANIMATOR, script, titles={"record": Text("Dossier patient"), "insurer": Text("Assureur cyber")})
    assert '["Assureur cyber", "Mutuelle Hexarque"]' in named


def cards(*items):
    script = exercise()
    return exercise_cards.cards(words(replace(script, items=items)))


def test_written_injects_become_cards_two_or_four_a_sheet():
    short = [item(n, n, Channel.SMS) for n in range(1, 6)]
    made = cards(*short)["pages"]
    assert [[len(row) for row in page["rows"]] for page in made] == [[2, 2], [1]]
    made = cards(item(1, 0, Channel.EMAIL, 5), item(2, 1, Channel.PRESS, 30))["pages"]
    assert [page["kind"] for page in made] == ["rows", "sheet"]
    assert made[0]["rows"][0][0]["wide"]
    assert cards(item(1, 0, Channel.CALL)) == {}


def test_all_papers_are_printable_marked_on_every_page_and_always_the_same():
    script = exercise(9)
    made = books(script, "fr")
    assert list(made) == [FILES[each].fr for each in Book]
    assert made == books(script, "fr")
    for name, content in made.items():
        assert all("EXERCICE" in page.replace(" ", "") for page in pages(content)), name
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert "/StructTreeRoot" in pdf.Root, name
            assert all(sorted(map(float, page.mediabox))[2:] == pytest.approx([595.276, 841.89], abs=0.01) for page in pdf.pages)  # fmt: skip


def test_a_card_stands_on_one_page_and_a_document_begins_one():
    script = exercise()
    written = [each for each in script.items if each.channel not in SPOKEN]
    sheets = pages(book(script, Book.CARDS, "fr"))
    assert len(sheets) == -(-len(written) // 4)
    assert len(pages(book(script, Book.DOCUMENTS, "fr"))) == len(Kind)


def test_what_has_nothing_to_print_is_left_out():
    script = exercise(1)
    silent = replace(script, items=(), documents=())
    assert list(books(silent, "en")) == [FILES[each].en for each in (Book.ANIMATOR, Book.PLAYER, Book.OBSERVER)]


def test_texts_of_strangers_stay_texts_and_what_has_no_title_is_called_by_its_id():
    script = exercise(3)
    odd = Text('#panic("x") $a$ `b` <c> @d *e* _f_ 😀 مرحبا')
    items = tuple(replace(each, title=Text(), text=odd, sender=odd, what_if=odd) for each in script.items)
    documents = tuple(replace(each, title=Text(), text=odd, rows=(odd, Text("a | b | c"))) for each in script.documents)
    made = books(replace(script, items=items, documents=documents), "fr")
    assert len(made) == len(Book)
    assert "TST-01" in "".join(pages(made[FILES[Book.ANIMATOR].fr]))


@pytest.mark.long
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_papers_of_eighty_injects_are_made_in_five_seconds(language):
    script = exercise(80, 5, 3, long=3)
    began = time.process_time()
    books(script, language)
    assert time.process_time() - began < 5
