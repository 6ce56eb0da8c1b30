"""What people change of a chronogram, kept apart from what the library says."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from egide import plain
from egide.exercise.editing import Change, Edits, edited, edits, free
from egide.exercise.making import script
from egide.exercise.module import Channel, Setting
from egide.exercise.script import Item
from egide.message import Text
from exercise.libraries import LIBRARY

MADE = script(LIBRARY, Setting.HOSPITAL, 2, {})
OWN = Item("PLUS-01", 33, Text("La presse est là"), Channel.VISIT, Text("Accueil"), ("lead",), Text("Il filme."))


def ids(made):
    return [each.id for each in made.items]


def test_nothing_changed_is_the_script_itself():
    assert edits(MADE, MADE.items) == Edits()
    assert not Edits()
    assert edited(MADE, Edits()) == MADE


def test_a_line_moved_is_in_its_place_and_the_others_stay():
    first = MADE.items[0]
    changes = edits(MADE, [replace(first, at=50), *MADE.items[1:]])
    assert changes == Edits({first.id: Change(at=50)})
    assert bool(changes)
    assert edited(MADE, changes).items[-1] == replace(first, at=50)


def test_a_line_dropped_takes_its_document_with_it():
    (document,) = MADE.documents
    named = next(each for each in MADE.items if each.document == document.id)
    changes = edits(MADE, [each for each in MADE.items if each is not named])
    assert changes.dropped == (named.id,)
    assert edited(MADE, changes).documents == ()


def test_a_line_of_ones_own_is_added_and_the_play_lasts_until_it():
    late = replace(OWN, at=MADE.play + 15)
    made = edited(MADE, edits(MADE, [*MADE.items, late]))
    assert ids(made)[-1] == OWN.id
    assert made.play == MADE.play + 16


def test_changes_outlive_another_choice_of_modules():
    changes = Edits(
        {"GONE-01": Change(at=5)}, ("GONE-02",), (replace(OWN, seats=("gone",)), replace(OWN, id=MADE.items[0].id))
    )
    made = edited(MADE, changes)
    assert ids(made) == [*ids(MADE), OWN.id]
    assert made.items[-1].seats == tuple(each.code for each in MADE.seats)


def test_nothing_left_is_an_empty_chronogram():
    made = edited(MADE, edits(MADE, []))
    assert made.items == made.documents == ()
    assert made.play == MADE.play


def test_a_new_line_has_a_name_that_no_other_has():
    assert free(MADE.items) == "PLUS-01"
    assert free([OWN]) == "PLUS-02"


TEXTS = st.text("aé {}", max_size=8).map(Text)
LINES = st.builds(
    replace,
    st.sampled_from([*MADE.items, OWN, replace(OWN, id="PLUS-02")]),
    at=st.integers(-60, 200),
    title=TEXTS,
    channel=st.sampled_from(Channel),
    seats=st.sampled_from([("lead",), ("care",), ("lead", "care")]),
    what_if=TEXTS,
)


@given(st.lists(LINES, max_size=8, unique_by=lambda each: each.id))
def test_whatever_people_change_comes_back_as_they_left_it(lines):
    changes = plain.structure(plain.unstructure(edits(MADE, lines)), Edits, "edits")
    made = edited(MADE, changes)
    assert [each.at for each in made.items] == sorted(each.at for each in lines)
    assert {each.id: each for each in made.items} == {each.id: each for each in lines}
    assert edited(MADE, edits(MADE, made.items)) == made
