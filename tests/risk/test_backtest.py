"""The back-test as a whole: same bytes, no figure that depends on another, the stored result that of the parameters."""

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from egide import plain, reference
from egide.risk.backtest import COSTED, MEASURES, Modelled, backtest, modelled, trial

LIBRARY, PUBLISHED = reference.risk_library(), reference.national_figures()
FEW = 32


@pytest.fixture(scope="module")
def made():
    return backtest(LIBRARY, PUBLISHED, count=FEW)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(made):
    again = backtest(LIBRARY, PUBLISHED, count=FEW)
    assert plain.canonical(again) == plain.canonical(made)
    other = backtest(LIBRARY, PUBLISHED, count=FEW, seed=1)
    assert [each.found for each in other.lines] != [each.found for each in made.lines]


def test_a_figure_does_not_depend_on_the_others(made):
    kept = PUBLISHED.figures[::-3]
    alone = backtest(LIBRARY, replace(PUBLISHED, figures=kept), count=FEW)
    known = {each.id: each for each in made.lines}
    assert alone.lines == tuple(known[each.id] for each in kept)


def test_every_measure_gives_one_finite_value_a_draw():
    tried = trial(LIBRARY, PUBLISHED, count=FEW)
    for figure in PUBLISHED.figures:
        values = MEASURES[figure.measure](tried, figure)
        assert values.shape in {(FEW,), (FEW // COSTED,)}
        assert np.isfinite(values).all()
        assert (values >= 0).all()


def test_a_median_stands_between_the_ends():
    assert modelled(np.arange(101.0)) == Modelled(*map(plain.decimal, ("50", "5", "95")))


def test_a_year_like_2021_costs_more_to_everybody(made):
    assert all(each.stressed > each.usual > 0 for each in made.heavier)
    assert made.stressed_loss.modelled > made.loss.modelled
    assert 0 <= made.supplier_years <= 1
    assert made.revenue_share > 0


def test_a_library_that_declares_twice_as_much_is_seen(made):
    double = LIBRARY.overridden({"national.declared": "2346", "national.ransomware": "118"})
    worse = {each.id: each for each in backtest(double, PUBLISHED, count=FEW).lines}
    known = {each.id: each for each in made.lines}
    for figure in ("declarations-2022", "ransomware-2022", "compromises-2024"):
        assert float(worse[figure].found.modelled) == pytest.approx(2 * float(known[figure].found.modelled), rel=0.15)
    assert worse["dax"].found == known["dax"].found


def test_the_stored_result_reads_back_as_it_was_written():
    text = (Path(reference.__file__).parent / "risk/backtest.json").read_text(encoding="utf-8")
    assert json.loads(text) == plain.unstructure(reference.backtest())


@pytest.mark.long
def test_the_stored_result_is_that_of_the_parameters_and_comes_in_ten_seconds():
    began = time.process_time()
    again = backtest(LIBRARY, PUBLISHED)
    assert time.process_time() - began < 20
    assert again == reference.backtest()
