"""The four worked examples of the specification (RISK_MODEL, section 10), written as cases that the field can read.

Tolerances. Printed figures have two or three digits (1 to 4 %); both sides are sampled (2,000 draws here, 2,000 to
4,000 there: 1 % for a hospital whose relative deviation is 0.4, 3 % for a nursing home or a practice, whose deviation
is 1.2, on each side); the prototype has no cut at 730 days and no re-entry of stopped events (below 1 %), and its
intervals hold fixed what has an interval here, so the ends are further out.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from egide.diagnosis.level import Level
from egide.risk.expected import HEADS, expected_loss
from egide.risk.exposure import Exposure, exposed
from egide.risk.interval import Interval
from worlds import AVERAGE, EXPOSURES, LIBRARY, Levels, draws, uniform

CASES = {
    path.stem: yaml.safe_load(path.read_text()) for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
}
BEST = Level(1.0, 1.0)
MATURITIES = {
    "reference": AVERAGE,
    "weak (.2)": uniform(0.2),
    "good (.8), mfa partial": uniform(0.8),
    "good (.8), mfa everywhere": Levels(uniform(0.8).levels | {"mfa": BEST}),
    "nothing answered": uniform(0.0),
    "all at best": uniform(1.0),
}
FAMILIES = {
    "hardening": ("hard", "edr"),
    "identity": ("pam", "mfa"),
    "backup": ("backup",),
    "detection": ("detection",),
    "continuity": ("continuity",),
}


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def loss(case, maturity=AVERAGE, count=2000):
    return expected_loss(Exposure(**case["exposure"]), maturity, draws(count))


def near(found, printed, tolerance):
    assert found.value == pytest.approx(printed["mean"], rel=tolerance["mean"])
    for end in {"low", "high"} & set(printed):
        assert getattr(found, end) == pytest.approx(printed[end], rel=tolerance["ends"])


def test_the_cases_are_the_establishments_of_the_tests():
    assert {name: Exposure(**each["exposure"]) for name, each in CASES.items()} == EXPOSURES


def test_the_expected_loss_of_a_year(case):
    for name, printed in case["expected"].items():
        near(Interval.of(loss(case, MATURITIES[name]).total), printed, case["tolerance"])


def test_heads(case):
    found = loss(case)
    for head in HEADS:
        share = found.of_head(head).mean() / found.total.mean()
        assert share == pytest.approx(case["heads"][head], abs=case["tolerance"]["heads"]), head


def test_ransomware_once_in_so_many_years(case):
    near(Interval.of(loss(case).once_in("H01", "H02")), case["once in (H01 or H02), years"], case["tolerance"])


def test_care_days(case):
    near(loss(case).care.days.interval, case["care days"], case["tolerance"])


def test_top_scenarios(case):
    found = loss(case)
    shares = {each: found.of_scenario(each).mean() / found.total.mean() for each in found.scenarios}
    for scenario, printed in case["top scenarios"].items():
        assert shares[scenario] == pytest.approx(printed, abs=case["tolerance"]["share"]), scenario
    first = sorted(shares, key=shares.__getitem__, reverse=True)[: len(case["top scenarios"])]
    assert set(first) == set(case["top scenarios"])


def test_best_families(case):
    reference = loss(case).total.mean()
    for family, printed in case["best families"].items():
        better = loss(case, Levels(dict.fromkeys(FAMILIES[family], BEST))).total.mean()
        assert 1 - better / reference == pytest.approx(printed, abs=case["tolerance"]["share"]), family


def test_no_family_alone_is_worth_more_than_eleven_per_cent(case):
    reference = loss(case, count=200).total.mean()
    for code in uniform(1.0).levels:
        assert loss(case, Levels({code: BEST}), count=200).total.mean() > reference * (1 - 0.115)


def test_the_hospital_rate_is_about_three_times_the_national_average():
    rate = 1 / loss({"exposure": {**CASES["university"]["exposure"], "revenue": 129e6}}).once_in("H01", "H02")
    assert rate.mean() == pytest.approx(0.021, rel=0.05)
    assert np.all(rate > 0.0063)


def test_all_hospitals_together():
    """RISK_MODEL 9, sanity: 119 M EUR a year [77-174], 0.09 % of revenue."""
    known = draws(2000)
    hospitals = [each.id for each in LIBRARY.categories if each.hospital]
    loss, revenue = (
        sum(of(category) * known[f"category.{category}.count"] for category in hospitals)
        for of in (
            lambda category: expected_loss(exposed(LIBRARY, category), AVERAGE, known).total,
            lambda category: known[f"category.{category}.revenue"],
        )
    )
    near(Interval.of(loss), {"mean": 119e6, "low": 77e6, "high": 174e6}, {"mean": 0.05, "ends": 0.1})
    assert (loss / revenue).mean() == pytest.approx(0.0009, rel=0.1)
