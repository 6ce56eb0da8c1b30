from dataclasses import replace
from decimal import Decimal

import pytest

from egide.message import Text
from egide.risk.parameter import Design, Grade, Kind, Parameter

DAYS = Parameter(
    "H01.days", Text("Jours", "Days"), Decimal(21), Kind.LOGNORMAL, "days", Grade.SEEN, Design.CASES,
    Text("cas", "cases"), Decimal(13), Decimal(34),
)  # fmt: skip
SHARE = replace(DAYS, kind=Kind.PERT, unit="share", value=Decimal("0.2"), low=Decimal(0), high=Decimal("0.4"))
RATIO = replace(DAYS, kind=Kind.RATIO, value=Decimal(2), low=Decimal("0.9"), high=Decimal(3))
COUNT = replace(DAYS, kind=Kind.COUNT, low=None, high=None, over=Decimal(2))


@pytest.mark.parametrize("sound", [DAYS, SHARE, RATIO, COUNT, replace(DAYS, low=DAYS.value, high=DAYS.value)])
def test_a_sound_record_has_no_fault(sound):
    assert sound.faults("f", "p") == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(DAYS, low=None, high=None), "intervalle est attendu"),
        (replace(DAYS, high=None), "intervalle est attendu"),
        (replace(COUNT, low=Decimal(1), high=Decimal(40)), "n'a pas d'intervalle"),
        (replace(DAYS, low=Decimal(34), high=Decimal(13)), "vide"),
        (replace(DAYS, value=Decimal(12)), "hors de son intervalle"),
        (replace(DAYS, low=Decimal(0)), "positif"),
        (replace(SHARE, low=Decimal(-1)), "positif"),
        (replace(COUNT, value=Decimal(0)), "positif"),
        (replace(SHARE, high=Decimal(2)), "part"),
        (replace(RATIO, value=Decimal("0.7"), low=Decimal("0.5"), high=Decimal("0.9")), "au moins 1"),
        (replace(COUNT, over=Decimal(0)), "durée d'observation"),
        (replace(SHARE, id="effect.cap", high=Decimal(1)), "ne se calcule pas"),
        (replace(SHARE, id="declaration.minor"), "ne se calcule pas"),
        (replace(SHARE, id="category.clinic.revenue", unit="EUR", low=Decimal(0)), "ne se calcule pas"),
        (replace(SHARE, id="H01.own_sd", unit="log"), "ne se calcule pas"),
        (replace(SHARE, id="severity.correlation", unit="correlation", high=Decimal(2)), "ne se calcule pas"),
    ],
)
def test_a_record_that_cannot_be_drawn_is_said(wrong, why):
    (found,) = wrong.faults("scenarios.yaml", "H01.days")
    assert why in str(found.understood)
    assert (found.code, found.file, found.place, found.read) == ("risk.parameter", "scenarios.yaml", "H01.days", wrong.written)  # fmt: skip


def test_intervals_meet_when_they_share_a_value():
    other = replace(DAYS, value=Decimal(40), low=Decimal(34), high=Decimal(50))
    assert DAYS.meets(other)
    assert other.meets(DAYS)
    assert not DAYS.meets(replace(other, low=Decimal(35)))
    assert COUNT.meets(COUNT)
    assert not COUNT.meets(replace(COUNT, value=Decimal(22)))


def test_only_memory_and_assumption_are_marked():
    assert [each for each in Grade if each.marked] == [Grade.MEMORY, Grade.ASSUMPTION]


@pytest.mark.parametrize("each", [*Grade, *Design])
def test_grades_and_designs_have_words(each):
    assert str(each.said)


def test_the_value_is_written_with_its_interval():
    assert DAYS.written == "21 [13 ; 34]"
    assert COUNT.written == "21"
