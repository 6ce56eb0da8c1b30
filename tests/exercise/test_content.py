"""What the library of exercises must be, and that ours is."""

from dataclasses import replace

import pytest

from egide import reference
from egide.exercise import content
from egide.exercise.kit import Placed
from egide.exercise.module import Setting
from egide.message import Text
from exercise.libraries import ALERT, HOME, LIBRARY, PHARMACY, inject, kit


def test_ours_has_no_fault():
    assert [(each.code, each.place, str(each.understood)) for each in content.faults(reference.exercises())] == []


@pytest.fixture
def small(monkeypatch):
    """The sizes of the small library."""
    monkeypatch.setattr(content, "SIZES", dict.fromkeys(content.SIZES, (1, 6)))


def codes(**changes):
    return {each.code.removeprefix("exercise.") for each in content.faults(replace(LIBRARY, **changes))}


def alert(**changes):
    """Return what is found when the first inject is changed so."""
    return codes(
        modules=(
            replace(ALERT, injects=(inject("ALE-01", document="ALE-D1", **changes), *ALERT.injects[1:])),
            PHARMACY,
            HOME,
        )
    )


def test_a_sound_library_has_none(small):
    assert codes() == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ("nobody",)}, "function"),
        ({"text": Text("{colour}", "{colour}")}, "place"),
        ({"text": Text("Une langue")}, "language"),
        ({"text": Text("x" * 901, "x")}, "long"),
        ({"expectations": ()}, "idle"),
        ({"what_if": Text()}, "idle"),
        ({"expectations": (replace(ALERT.injects[0].expectations[0], family="courage"),)}, "family"),
        ({"expectations": (replace(ALERT.injects[0].expectations[0], measure="mfa"),)}, "family"),
        ({"to": ("nurse",), "settings": (Setting.HOSPITAL,)}, "elsewhere"),
    ],
)
def test_a_fault_of_an_inject_is_named(small, changes, code):
    assert code in alert(**changes)


def test_faults_of_modules_and_functions_are_named(small):
    assert codes(modules=(ALERT, ALERT, PHARMACY, HOME)) == {"twice"}
    assert codes(modules=(replace(ALERT, documents=()), PHARMACY, HOME)) == {"document"}
    assert codes(functions=(*LIBRARY.functions[:4], replace(LIBRARY.functions[4], stand_ins=("nobody",)))) == {
        "function"
    }


def one(**changes):
    return codes(kits=(replace(kit(1), **changes), kit(2), kit(3)))


def test_faults_of_kits_are_named(small):
    assert one(play=61) == {"duration"}
    assert one(play=15) == {"time"}
    assert one(modules=(Placed("alert", 0, times={"ALE-02": 0}), *kit(1).modules[1:])) == set()
    crowd = tuple(inject(f"ALE-1{number}", to=("all",)) for number in range(4))
    assert codes(modules=(replace(ALERT, injects=(*ALERT.injects, *crowd)), PHARMACY, HOME)) == {"crowded", "size"}
    seats = dict(kit(1).seats)
    seats[Setting.PRACTICE] = (*seats[Setting.PRACTICE], replace(seats[Setting.HOME][1], code="idle"))
    assert one(seats=seats, modules=(Placed("alert", 0, without=("ALE-02",)), *kit(1).modules[1:])) == {"seat"}


def test_the_real_sizes_hold_for_a_small_library():
    assert codes() == {"size"}
