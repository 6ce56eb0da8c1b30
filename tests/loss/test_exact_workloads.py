"""The reference values of the workloads, by the exact way."""

import pytest

from egide.loss.exact import exact
from egide.loss.exact.aggregate import Law
from egide.loss.moments import mean
from loss.workloads import w1, w2, w2_terms, w3


def test_w1_at_the_grid_of_its_reference() -> None:
    found = exact(w1(), buckets=2**17, step=1000.0).gross
    assert found is not None
    assert found.mean.value == pytest.approx(310_227.6, abs=0.05)
    for level, value in ((0.95, 1_389_284.5), (0.99, 5_245_975.5), (0.995, 8_266_838.9)):
        told = found.var(level)
        assert abs(told.value - value) < min(told.error, 1.0)
    assert abs(found.tvar(0.99).value - 11_957_230.3) < min(found.tvar(0.99).error, 1.0)
    assert found.tvar(0.99).error < 1e-4 * found.tvar(0.99).value


def test_w1_at_a_grid_of_its_own() -> None:
    found = exact(w1()).gross
    assert found is not None
    assert found.var(0.99).value == pytest.approx(5_245_975.5, rel=2e-6)
    assert abs(found.var(0.99).value - 5_245_975.5) < found.var(0.99).error
    assert found.tvar(0.99).value == pytest.approx(11_957_230.3, rel=2e-6)


def test_w2_gross_and_ceded() -> None:
    found = exact(w2(), w2_terms())
    assert found.gross is not None
    assert found.ceded is not None
    assert found.gross.mean.value == pytest.approx(728_018.8, abs=0.05)
    assert found.gross.mean.error == 0
    assert found.ceded_mean is not None
    assert abs(found.ceded_mean.value - 441_158.6) < found.ceded_mean.error
    assert found.ceded_mean.value == pytest.approx(441_158.6, rel=5e-6)
    assert found.retained_mean is not None
    assert found.retained_mean.value == pytest.approx(728_018.8 - 441_158.6, rel=1e-5)
    assert found.ceded.var(0.99999).value == 10e6
    assert found.ceded.passed(10e6).value < 1e-6
    assert [note.code for note in found.not_covered] == ["loss.exact_retained"]


def test_more_buckets_give_the_same_values_and_narrower_bounds() -> None:
    coarse, fine = (exact(w2(), w2_terms(), buckets=2**power) for power in (14, 15))

    def compared(one: Law | None, other: Law | None) -> None:
        assert one is not None
        assert other is not None
        for level in (0.9, 0.95, 0.99, 0.995):
            for told, better in ((one.var(level), other.var(level)), (one.tvar(level), other.tvar(level))):
                assert abs(told.value - better.value) < told.error + better.error
                assert better.error < told.error
                assert told.value == pytest.approx(better.value, rel=1e-4)

    compared(coarse.gross, fine.gross)
    compared(coarse.ceded, fine.ceded)


@pytest.mark.long
def test_w3_mean_gross() -> None:
    model, terms = w3()
    assert mean(model) == pytest.approx(588.12e6, abs=0.005e6)
    assert len(model.risks) == 900
    assert len(terms.policies) == 135
