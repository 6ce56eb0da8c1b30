"""From the library to a script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide import plain, reference
from egide.errors import UsageError
from egide.exercise.kit import Seat
from egide.exercise.making import digest, routed, script
from egide.exercise.module import EVERYBODY, Setting
from egide.exercise.script import Script
from egide.message import Text
from exercise.libraries import LIBRARY


def ids(made):
    return [(each.id, each.at, each.seats) for each in made.items]


def test_a_kit_places_its_modules_in_time_and_sends_each_inject_to_who_plays():
    assert ids(script(LIBRARY, Setting.HOSPITAL, 1, {})) == [
        ("ALE-01", 0, ("lead",)), ("ALE-02", 9, ("lead", "care")), ("PHA-01", 20, ("care",)),
    ]  # fmt: skip
    assert ids(script(LIBRARY, Setting.HOME, 1, {}))[-1] == ("EHP-01", 20, ("care",))


def test_a_module_may_stay_below_the_level_of_its_kit():
    assert [each.id for each in script(LIBRARY, Setting.HOSPITAL, 3, {}).items] == [
        "ALE-01",
        "ALE-02",
        "ALE-03",
        "PHA-01",
    ]


def test_places_hold_the_words_of_the_establishment_or_their_example():
    made = script(LIBRARY, Setting.HOME, 1, {"record": Text("Residia", "Residia")})
    assert made.items[0].text.fr == "Residia ne répond plus."
    assert made.documents[0].text == Text("À Les Tilleuls", "To Les Tilleuls")
    assert made.questions[1].en == "At Les Tilleuls, when?"
    assert made.examples == ("establishment",)
    assert script(LIBRARY, Setting.HOSPITAL, 1, {}).documents[0].text.fr == "À CH de Valmorin"


def test_modules_chosen_a_la_carte_follow_each_other():
    made = script(LIBRARY, Setting.HOSPITAL, 2, {}, ("pharmacy", "alert"))
    assert ids(made) == [("PHA-01", 0, ("care",)), ("ALE-01", 10, ("lead",)), ("ALE-02", 18, ("lead", "care")), ("ALE-03", 22, ("lead",))]  # fmt: skip
    assert (made.level, made.play, list(made.modules)) == (0, 32, ["pharmacy", "alert"])


def test_injects_left_out_and_a_setting_without_the_module():
    kit = LIBRARY.kit[1]
    assert "pharmacy" not in script(LIBRARY, Setting.PRACTICE, 1, {}).modules
    assert len(kit.modules) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"level": 4}, "Niveau 4"),
        ({"modules": ("theatre",)}, "Module inconnu"),
        ({"modules": ("home",)}, "ne se joue pas ici"),
        ({"modules": ("later",)}, "n'a rien au niveau 1"),
        ({"values": {"colour": Text("bleu")}}, "Repère inconnu"),
    ],
)
def test_what_does_not_exist_is_refused(asked, said):
    with pytest.raises(UsageError, match=said):
        script(LIBRARY, Setting.HOSPITAL, **{"level": 1, "values": {}} | asked)


def test_a_script_is_plain_data_and_named_by_its_content():
    made = script(LIBRARY, Setting.HOSPITAL, 2, {})
    again = plain.structure(plain.unstructure(made), Script, "script")
    assert again == made
    assert digest(again) == digest(made) != digest(script(LIBRARY, Setting.HOSPITAL, 1, {}))


CODES = [each.code for each in LIBRARY.functions]


@given(
    st.lists(st.sampled_from([*CODES, EVERYBODY, "nobody"]), min_size=1),
    st.lists(st.lists(st.sampled_from(CODES)), min_size=1, max_size=4),
)
def test_an_inject_always_reaches_somebody(to, held):
    seats = [Seat(str(number), Text(), tuple(functions)) for number, functions in enumerate(held)]
    reached = routed(to, seats, LIBRARY.function)
    assert reached
    assert list(reached) == sorted(reached)
    for each in seats:
        if {*each.functions} & {*to}:
            first = next(seat.code for seat in seats if {*seat.functions} & {*each.functions} & {*to})
            assert first in reached


@pytest.mark.parametrize("setting", Setting)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_kit_is_made_in_both_languages_without_a_place_left(level, setting):
    made = plain.unstructure(script(reference.exercises(), setting, level, {}))
    assert "{" not in str([*made["items"], *made["documents"], *made["questions"]]).replace("{'", "")
