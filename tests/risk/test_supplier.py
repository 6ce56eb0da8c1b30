"""The cost of a supplier: which points count, what an answer is worth, the cost over the contract."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide import reference
from egide.clausier.model import AwardUse, Clausier, Point, Responsible, Theme
from egide.diagnosis.level import EVERYTHING, NOTHING, Level
from egide.message import Text
from egide.risk.draws import drawn
from egide.risk.exposure import exposed
from egide.risk.interval import Interval
from egide.risk.supplier import (
    CONTRACTS,
    HEADS,
    Profile,
    Retained,
    asked_of_devices,
    attributed,
    counted,
    landmarks,
    levels,
    pert_of,
    possible,
    purchase,
    supplier_cost,
)
from egide.tender.risk_terms import SheetPoint
from risk.suppliers import ASKED, CREDIT, POINTS, SCENARIOS, A, B, bought, draws, profile

VALUES = st.sampled_from([0.0, 0.25, 0.5, 1.0])


# -------------------------------------------------------------------------------------- which scenarios, which points
@pytest.mark.parametrize(
    ("facets", "gone"),
    [
        ({}, ""),
        ({"access": ["none"]}, "S03"),
        ({"access": ["on_site", "none"]}, "S03"),
        ({"access": ["on_site", "remote"]}, ""),
        ({"hosting": ["hospital"]}, "S01 S05"),
        ({"hosting": ["hospital_by_supplier"]}, "S01 S05"),
        ({"hosting": ["supplier", "hospital_by_supplier"]}, ""),
        ({"data": ["none"]}, "S02"),
        ({"data": ["none", "health"]}, ""),
        ({"object": ["intellectual_service"], "access": ["none"]}, "S03 S04"),
    ],
)
def test_what_is_bought_tells_which_scenarios_can_happen(facets, gone):
    assert set(SCENARIOS) - set(possible(SCENARIOS, facets)) == set(gone.split())


def point(identifier: str, **changes: object) -> Point:
    values = {"text": Text("Texte."), "family": "backup", "weight": 2}
    return Point(identifier, **(values | changes))  # type: ignore[arg-type]


def test_points_that_count_have_a_measure_and_a_weight():
    clausier = Clausier("x", "1", Text("x"), (Theme("T", Text("T"), (
        point("scored"),
        point("floor", award_use=AwardUse.MINIMUM, weight=0),
        point("named", family="identity", measure="mfa"),
        point("misnamed", measure="mfa"),
        point("device", facets=({"device_class": ("md",)}, {"object": ("laboratory",)})),
        point("both", facets=({"device_class": ("md",)}, {"object": ("laboratory", "software")})),
        point("duty", responsible=Responsible.HOSPITAL),
        point("unmarked", award_use=AwardUse.NONE),
        point("foreign", family=""),
    )),))  # fmt: skip
    assert counted(clausier) == {
        "scored": SheetPoint("backup", 2),
        "floor": SheetPoint("backup", 1),
        "named": SheetPoint("mfa", 2),
        "misnamed": SheetPoint("backup", 2),
        "device": SheetPoint("device", 2),
        "both": SheetPoint("backup", 2),
    }


def test_every_point_of_the_device_theme_feeds_the_devices_and_no_point_of_hosting_does():
    whole = reference.clausier()
    of_theme = {theme.id: [asked_of_devices(each) for each in theme.points] for theme in whole.themes}
    assert all(of_theme["T8"])
    assert not any(of_theme["T9"] + of_theme["T2"] + of_theme["T5"])


# ------------------------------------------------------------------------------------------------ what answers are worth
@pytest.mark.parametrize(
    ("retained", "level"),
    [
        ({}, Level(0.0, 0.0)),
        ({"x": Retained(1.0)}, Level(0.75, 0.75)),
        ({"x": Retained(1.0, proven=False)}, Level(0.375, 0.375)),
        ({"x": Retained(1.0), "y": Retained(0.5)}, Level(0.875, 0.875)),
        ({"x": Retained(None), "y": Retained(0.5)}, Level(0.125, 0.5)),
        ({"x": Retained(None), "y": Retained(None)}, Level(0.0, None)),
    ],
)
def test_the_level_of_a_measure(retained, level):
    points = {"x": SheetPoint("backup", 3), "y": SheetPoint("backup", 1)}
    assert levels(points, retained, 0.5) == {"backup": level}


@given(
    answers=st.dictionaries(st.sampled_from(sorted(ASKED)), st.builds(Retained, VALUES, st.booleans())),
    which=st.sampled_from(sorted(ASKED)),
    better=VALUES,
)
@settings(max_examples=50, deadline=None)
def test_in_no_draw_does_more_cost_more_nor_silence_less(answers, which, better):
    """Yes instead of less never raises the cost nor care days; N/A or a blank instead of a proven yes never lowers them."""

    def cost(said: dict[str, Retained]):
        return supplier_cost(bought(), levels(ASKED, said, CREDIT))

    before = cost(answers)
    value = answers.get(which, Retained(0.0)).value
    after = cost({**answers, which: Retained(max(value, better))})
    yes = cost({**answers, which: Retained(1.0)})
    blank = cost({name: each for name, each in answers.items() if name != which})
    refused = cost({**answers, which: Retained(0.0)})
    without = cost({**answers, which: Retained(None)})
    for measured in (lambda each: each.total, lambda each: each.care.values):
        slack = 1e-9 * measured(blank)
        assert np.all(measured(after) <= measured(before) + slack)
        assert np.all(measured(yes) <= measured(blank) + slack)
        assert np.all(measured(yes) <= measured(without) + slack)
        assert np.all(measured(without) <= measured(blank) + slack)
        assert np.array_equal(measured(blank), measured(refused))


def test_a_measure_without_anything_applicable_stands_at_the_average():
    points = {"x": SheetPoint("hard", 3)}
    none = supplier_cost(bought(), levels(points, {"x": Retained(None)}, CREDIT))
    assert np.allclose(none.total, supplier_cost(bought(), {}).total)


# ---------------------------------------------------------------------------------------------------------- the cost
def test_it_depends_on_the_bid_alone_and_on_draws_that_all_share():
    alone = supplier_cost(bought(), levels(ASKED, A, CREDIT)).total
    supplier_cost(bought(), levels(ASKED, B, CREDIT))
    again = purchase(profile(), draws())
    assert np.array_equal(alone, supplier_cost(again, levels(ASKED, A, CREDIT)).total)
    more = purchase(profile(), draws(48))
    assert np.allclose(alone, supplier_cost(more, levels(ASKED, A, CREDIT)).total[:32])


def test_parts_add_up_and_years_and_scenarios_scale():
    cost = supplier_cost(bought(), levels(ASKED, B, CREDIT))
    assert np.allclose(sum(cost.of_scenario(each) for each in SCENARIOS), cost.total)
    assert np.allclose(sum(cost.of_head(each) for each in HEADS), cost.total)
    double = supplier_cost(purchase(profile(years=10.0), draws()), levels(ASKED, B, CREDIT))
    assert np.allclose(double.total, 2 * cost.total)
    assert np.allclose(double.care.values, 2 * cost.care.values)
    some = supplier_cost(purchase(profile(("S02", "S06")), draws()), levels(ASKED, B, CREDIT))
    assert np.allclose(some.total, cost.of_scenario("S02") + cost.of_scenario("S06"))


def test_no_scenario_no_cost():
    none = purchase(profile(()), draws())
    assert none.effective == frozenset()
    assert np.all(supplier_cost(none, levels(ASKED, B, CREDIT)).total == 0)


def test_a_criterion_leaves_fines_out():
    cost = supplier_cost(bought(), levels(ASKED, B, CREDIT))
    gross = supplier_cost(purchase(profile(heads=HEADS[:-1]), draws()), levels(ASKED, B, CREDIT))
    assert np.allclose(gross.total, cost.total - cost.of_head("fine"))


def test_care_days_cannot_be_added_to_euros():
    cost = supplier_cost(bought(), {})
    assert np.all(cost.care.values > 0)
    with pytest.raises(TypeError):
        cost.total + cost.care  # type: ignore[operator]


def test_the_contracts_of_a_hospital_add_up_to_its_own_supplier_risk():
    """The frequency of a contract times the number of comparable contracts is the rate of the hospital."""
    from egide.risk.expected import prepared

    known = prepared(profile().exposure, draws())
    one = purchase(profile(heads=("own",), years=1.0), draws())
    for (scenario, _), cost in zip(one.cells, one.product.reference, strict=True):
        row = draws().library.row[scenario]
        whole = known.rate[row] * known.severities.own[row]
        assert np.allclose(cost * draws()[CONTRACTS[scenario]], whole)


def test_more_activity_never_costs_less():
    bigger = replace(profile(), exposure=replace(profile().exposure, revenue=1200e6))
    small, large = (supplier_cost(purchase(each, draws()), {}).total for each in (profile(), bigger))
    assert np.all(large > small)


def test_criticality_has_a_stream_of_its_own():
    made = pert_of("purchase.criticality", (0.06, 0.15, 0.30), draws())
    assert made.min() >= 0.06
    assert made.max() <= 0.30
    assert np.array_equal(made, pert_of("purchase.criticality", (0.06, 0.15, 0.30), draws()))
    assert np.all(pert_of("purchase.criticality", (0.2, 0.2, 0.2), draws()) == 0.2)
    assert not np.array_equal(made, pert_of("purchase.transfer", (0.06, 0.15, 0.30), draws()))


def test_landmarks_frame_every_supplier():
    stones = {name: each.total for name, each in landmarks(bought(), ASKED).items()}
    for answers in (A, B):
        cost = supplier_cost(bought(), levels(ASKED, answers, CREDIT)).total
        assert np.all(stones["proven"] <= cost)
        assert np.all(cost <= stones["blank"])
    assert np.all(stones["proven"] < stones["reference"])
    asked = {each.measure for each in ASKED.values()}
    by_hand = supplier_cost(bought(), {**dict.fromkeys(asked, EVERYTHING), "backup": NOTHING}).total
    assert np.all(by_hand > stones["proven"])


def test_only_measures_that_act_on_a_scenario_are_effective():
    assert "device" not in bought().effective
    assert {"backup", "hard", "mfa", "governance"} <= bought().effective
    assert purchase(profile(("S06",)), draws()).effective == {"governance", "continuity"}


# ------------------------------------------------------------------------------------------------- the worked purchase
def test_the_worked_purchase_of_the_specification():
    """RISK_MODEL 10, the imaging service of a GHT: orders of magnitude, signs, order of the first points.

    The prototype gives 147,000 and 241,000 EUR, difference 93,600 [27,600-225,000], landmarks 225,000, 129,000 and
    835,000. What differs here: the 24 points are made again from the attribution list (tests/risk/suppliers.py); ours
    follows the text where activity comes back little by little after a ransomware at the host, and spreads durations
    with a factor on sigma: levels come out 20 to 40 % higher, hence a tolerance of 45 % on costs. The difference, of
    which 60 % of that uncertainty cancels on common draws, is held to 20 %, its interval to 45 %.
    """
    made = bought(2000)
    a, b = (supplier_cost(made, levels(ASKED, each, CREDIT)) for each in (A, B))
    stones = {name: each.total.mean() for name, each in landmarks(made, ASKED).items()}
    published = {"A": 147e3, "B": 241e3, "reference": 225e3, "proven": 129e3, "blank": 835e3}
    for name, cost in {"A": a.total.mean(), "B": b.total.mean(), **stones}.items():
        assert 0.55 * published[name] < cost < 1.45 * published[name], name
    assert len(POINTS) == 24
    difference = b.total - a.total
    interval = Interval.of(difference)
    assert interval.value == pytest.approx(93_600, rel=0.2)
    assert interval.low == pytest.approx(27_600, rel=0.45)
    assert interval.high == pytest.approx(225_000, rel=0.45)
    shares = attributed(b, a, ASKED, (B, A), CREDIT)
    assert np.all(np.abs(sum(shares.values()) - difference) < 1e-6)
    means = {name: share.mean() for name, share in shares.items()}
    assert sorted(means, key=means.__getitem__, reverse=True)[:3] == [
        "immutable backup",
        "patch delays",
        "administration MFA",
    ]
    assert {name for name, mean in means.items() if mean < 0} == {"OWASP audit", "database encryption"}
    assert 0.6 < means["immutable backup"] / 30_800 < 1.4
    apart = supplier_cost(bought(2000, seed=7), levels(ASKED, A, CREDIT))
    assert (b.total - apart.total).std() > 2 * difference.std()


def test_a_small_practice_is_costed_too():
    exposure = exposed(reference.risk_library(), "practice", revenue=300_000.0)
    made = purchase(Profile(exposure, 4.0, (0.3, 0.6, 1.0), SCENARIOS), draws())
    assert 0 < supplier_cost(made, {}).total.mean() < supplier_cost(bought(), {}).total.mean() / 20
    assert Decimal(str(made.profile.years)) == 4


def test_a_discount_rate_lowers_euros_and_no_care_day():
    library = reference.risk_library().overridden({"contract.discount": "0.03"})
    now, later = (purchase(profile(), drawn(each, count=8)) for each in (reference.risk_library(), library))
    of = [supplier_cost(each, levels(ASKED, A, CREDIT)) for each in (now, later)]
    assert of[1].total == pytest.approx(of[0].total * (1 - 1.03**-5) / math.log(1.03) / 5)
    assert np.array_equal(of[0].care.values, of[1].care.values)
