"""What a point and a clausier know of themselves."""

from dataclasses import replace
from decimal import Decimal

from builders import clausier, point
from egide.clausier.model import AwardUse, Level, Parameter, filled
from egide.message import Text


def test_use_of_a_point():
    assert AwardUse.MINIMUM_THEN_SCORED.scores
    assert AwardUse.MINIMUM_THEN_SCORED.floors
    assert AwardUse.CANDIDACY.floors
    assert not AwardUse.SCORED.floors
    assert not AwardUse.MINIMUM.scores


def test_levels_under_the_floor():
    made = point("A")
    assert made.level_of["floor"].value == Decimal("0.5")
    assert made.under_floor == {"below"}
    bare = replace(
        made,
        levels=(Level("full", Decimal(1), Text()), Level("unclear", None, Text()), Level("below", Decimal(0), Text())),
    )
    assert bare.under_floor == {"below"}


def test_the_digest_answers_for_the_wording_and_its_thresholds():
    made = replace(point("A"), text=Text("Sous {days} jours, {other}."), parameters={"days": Parameter("3")})
    assert made.wording() == "Sous 3 jours, {other}."
    assert filled("{days}", {}) == "{days}"
    same = replace(made, text=Text("Sous  {days}\njours, {other}."))
    assert made.wording_digest == same.wording_digest
    assert made.wording_digest != replace(made, parameters={"days": Parameter("4")}).wording_digest


def test_a_clausier_finds_its_points():
    made = clausier(point("A"), point("B"))
    assert list(made.points) == ["A", "B"]
    assert made.theme_of["B"].id == "T1"
    assert made.digest == clausier(point("A"), point("B")).digest != clausier(point("A")).digest
