"""Events whose parts hang on a common duration, by the exact way; and what it leaves to the simulation."""

from dataclasses import replace
from math import exp, inf, log, sqrt

import numpy as np
import pytest
from scipy.special import ndtri

from egide.loss.exact import exact
from egide.loss.exact.strata import Tied, Within, lasting, strata
from egide.loss.exact.whole import MOST
from egide.loss.faults import Unfit
from egide.loss.frequency import Binomial, Fixed, Poisson
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.moments import mean
from egide.loss.severity import Discrete, Gamma, GeneralisedPareto, Lognormal, Pert, Severity, Spliced
from egide.loss.terms import Layer, Policy, Retention, Terms

LAWS: list[Severity] = [
    Lognormal(1.0, 0.8),
    Gamma(2.0, 3.0),
    Pert(1.0, 2.0, 9.0),
    Spliced(Lognormal(1.0, 1.0), 9.0, 0.1, GeneralisedPareto(0.2, 4.0)),
    Discrete((1.0, 4.0, 6.0), (0.3, 0.5, 0.2)),
]
X = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 5.0, 8.0, 9.0, 20.0, 200.0])
COST, DAYS = Lognormal(1.0, 0.8), Lognormal(0.5, 1.2)


def one(tie: float, cost: Severity = COST, count: int = 1) -> Model:
    heads = tuple(Amount(f"own{number}", cost, 1.0, tie) for number in range(count))
    return Model((Risk("A", (Scenario("s", Fixed(1), (*heads, Interruption("stop", 1.0)), DAYS),)),))


def test_strata_cover_the_normal_law() -> None:
    found = strata(64)
    assert len(found) == 64
    assert (found[0].low, found[-1].high) == (-inf, inf)
    assert sum(each.weight for each in found) == pytest.approx(1)
    assert sum(each.weight * each.centre for each in found) == pytest.approx(0, abs=1e-12)
    assert sum(each.weight * (each.spread + each.centre**2) for each in found) == pytest.approx(1)
    assert all(each.low < each.centre < each.high for each in found)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_a_law_is_the_mixture_of_its_strata(law: Severity) -> None:
    cut = [(each.weight, Within(law, each)) for each in strata(16)]
    assert sum(w * each.mean for w, each in cut) == pytest.approx(law.mean)
    assert sum(w * (each.variance + each.mean**2) for w, each in cut) == pytest.approx(law.variance + law.mean**2)
    assert max(each.highest for _, each in cut) == law.highest
    for x in X:
        assert sum(w * each.cdf(float(x)) for w, each in cut) == pytest.approx(law.cdf(float(x)), abs=1e-12)
        assert sum(w * each.survival(float(x)) for w, each in cut) == pytest.approx(law.survival(float(x)), abs=1e-12)
        assert sum(w * each.limited(float(x)) for w, each in cut) == pytest.approx(law.limited(float(x)), abs=1e-9)
    for w, each in cut:
        assert w > 0
        middle = each.at(0.0)
        assert each.survival(middle) <= 0.5 + 1e-9
        assert each.cdf(middle) >= 0.5 - 1e-9


@pytest.mark.parametrize("law", LAWS[:4], ids=lambda law: type(law).__name__)
@pytest.mark.parametrize("tie", [0.5, -0.9])
def test_a_tied_law_is_the_mixture_of_what_each_stratum_says_of_it(law: Severity, tie: float) -> None:
    spread = [(each, sqrt(1 - tie**2 * (1 - each.spread))) for each in strata(64)]
    cut = [(each.weight, Tied(law, tie * each.centre, sd)) for each, sd in spread]
    assert sum(w * each.mean for w, each in cut) == pytest.approx(law.mean, rel=1e-4)
    second = sum(w * (each.variance + each.mean**2) for w, each in cut)
    assert second == pytest.approx(law.variance + law.mean**2, rel=2e-3)
    assert sum(w * each.cdf(X) for w, each in cut) == pytest.approx(law.cdf(X), abs=2e-4)
    assert sum(w * each.survival(X) for w, each in cut) == pytest.approx(law.survival(X), abs=2e-4)
    assert sum(w * each.limited(X) for w, each in cut) == pytest.approx(law.limited(X), rel=1e-3, abs=1e-3)
    assert cut[0][1].highest == law.highest


@pytest.mark.parametrize("tie", [0.5, -0.5, 0.9])
def test_the_spread_of_a_tied_amount_is_that_of_the_copula(tie: float) -> None:
    law = exact(one(tie), buckets=2**12).gross
    assert law is not None
    covariance = COST.mean * DAYS.mean * (exp(tie * 0.8 * 1.2) - 1)
    sd = sqrt(COST.variance + DAYS.variance + 2 * covariance)
    assert abs(law.sd.value - sd) < law.sd.error
    assert law.sd.error < 2e-3 * sd
    assert law.mean.error == 0
    assert law.mean.value == pytest.approx(COST.mean + DAYS.mean)


def test_a_tied_amount_against_a_sum_over_both_scores() -> None:
    scores = ndtri((np.arange(4000) + 0.5) / 4000)
    total = DAYS.at(scores)[:, None] + COST.at(0.6 * scores[:, None] + 0.8 * scores[None, :])
    ranked = np.sort(total.ravel())
    law = exact(one(0.6), buckets=2**12).gross
    assert law is not None
    for level in (0.1, 0.5, 0.9, 0.99):
        told = law.var(level)
        assert abs(told.value - ranked[int(level * ranked.size)]) < told.error + 2e-3 * told.value
        assert told.error < 0.03 * told.value + 0.1
        assert told.error >= abs(told.value - law.coarse.var(level).value)  # type: ignore[union-attr]
    passed = law.passed(20.0)
    assert abs(passed.value - (ranked > 20).mean()) < passed.error + 1e-4


def test_a_factor_on_a_duration_gives_the_law_of_the_product() -> None:
    hit = Hit("A", (Interruption("stop", 2.0),), Lognormal(0.0, 0.5))
    found = exact(Model((Risk("A", ()),), (Shock("cloud", Binomial(1, 0.5), DAYS, (hit,)),)), buckets=2**14)
    law, product = found.gross, Lognormal(0.5 + log(2), sqrt(1.44 + 0.25))
    assert law is not None
    assert law.mean.value == pytest.approx(0.5 * product.mean)
    for level in (0.6, 0.9, 0.99, 0.995):
        told = law.var(level)
        by_hand = product.quantile(1 - 2 * (1 - level))
        assert abs(told.value - by_hand) < told.error
        assert told.error < 0.05 * told.value
    lasted = lasting(None, None, strata(8)[0])
    assert lasted is None


def test_members_of_a_contract_hit_by_one_shock_are_hit_together() -> None:
    hits = (Hit("A", (Interruption("stop", 2.0),)), Hit("B", (Interruption("stop", 1.0),)))
    model = Model((Risk("A", ()), Risk("B", ())), (Shock("cloud", Binomial(1, 0.5), DAYS, hits),))
    policy = Policy("G", ("A", "B"), (Layer("L", limit=20.0),), Retention(flat=1.0))
    found = exact(model, Terms((policy,)), buckets=2**13)
    law = found.ceded
    assert law is not None
    for level in (0.6, 0.8, 0.9, 0.95, 0.999):
        days = DAYS.quantile(1 - 2 * (1 - level))
        by_hand = min(max(2 * days - 1, 0) + max(days - 1, 0), 20.0)
        told = law.var(level)
        assert abs(told.value - by_hand) < told.error + 1e-9
        assert told.error < 0.04 * 20
    scores = ndtri((np.arange(200_000) + 0.5) / 200_000)
    days = DAYS.at(scores)
    expected = 0.5 * np.minimum(np.maximum(2 * days - 1, 0) + np.maximum(days - 1, 0), 20.0).mean()
    assert abs(law.mean.value - expected) < law.mean.error + 1e-4
    assert found.ceded_mean is not None
    assert found.ceded_mean.error >= law.mean.error - 1e-12


def test_a_member_lodges_its_own_complaint() -> None:
    hits = (Hit("A", (Interruption("stop", 1.0),)), Hit("B", (Interruption("stop", 1.0),)))
    days = Discrete((4.0,), (1.0,))
    model = Model((Risk("A", ()), Risk("B", ())), (Shock("cloud", Fixed(1), days, hits),))
    policy = Policy("G", ("A", "B"), (Layer("L", limit=5.0),), paid={"cloud": 0.5})
    law = exact(model, Terms((policy,)), buckets=2**10, step=0.5).ceded
    assert law is not None
    assert law.mean.value == pytest.approx(0.5 * 4 + 0.25 * 5, abs=0.01)
    assert law.passed(4.25).value == pytest.approx(0.25, abs=1e-6)


def codes(model: Model, terms: Terms = Terms()) -> list[str]:
    found = exact(model, terms, buckets=2**8)
    assert found.gross is None
    assert found.retained is None
    assert found.gross_mean is not None
    assert found.gross_mean.value == pytest.approx(mean(model))
    return [note.code for note in found.not_covered]


def test_what_has_no_exact_way_is_named() -> None:
    assert codes(one(1.0)) == ["loss.exact_tied"]
    assert codes(one(0.5, GeneralisedPareto(0.6, 1.0))) == ["loss.exact_tied"]
    assert codes(one(0.5, count=MOST)) == ["loss.exact_too_many"]
    policy = Policy("P", ("A",), (Layer("L", limit=5.0),))
    terms = Terms((policy,))
    assert codes(one(-1.0), terms) == ["loss.exact_tied", "loss.exact_retained"]
    assert codes(one(0.5, count=MOST), terms) == ["loss.exact_too_many", "loss.exact_too_many", "loss.exact_retained"]
    refused = exact(one(1.0), terms, buckets=2**8)
    assert (refused.ceded, refused.ceded_mean, refused.retained_mean, refused.layers) == (None, None, None, ())
    assert refused.not_covered[0].place == "A.s"


def test_a_contract_that_excludes_what_hangs_is_exact() -> None:
    policy = Policy("P", ("A",), (Layer("L"),), excluded=frozenset({"s"}))
    found = exact(one(1.0), Terms((policy,)), buckets=2**8)
    assert found.ceded is not None
    assert found.ceded.mean.value == 0


def test_a_shock_that_hits_several_contracts_leaves_their_total_unknown() -> None:
    hits = (Hit("A", (Interruption("stop", 2.0),)), Hit("B", (Interruption("stop", 1.0),)))
    model = Model((Risk("A", ()), Risk("B", ())), (Shock("cloud", Poisson(0.5), DAYS, hits),))
    terms = Terms(tuple(Policy(name, (name,), (Layer("L"),)) for name in ("A", "B")))
    found = exact(model, terms, buckets=2**9)
    assert found.ceded is None
    assert found.ceded_mean is not None
    assert found.ceded_mean.value == pytest.approx(0.5 * 3 * DAYS.mean, rel=1e-6)
    assert [note.code for note in found.not_covered] == ["loss.exact_several_contracts", "loss.exact_retained"]


def test_the_total_of_contracts_keeps_the_error_of_their_strata() -> None:
    risks = tuple(replace(one(0.5).risks[0], name=name) for name in ("A", "B"))
    terms = Terms(tuple(Policy(name, (name,), (Layer("L", limit=9.0),)) for name in ("A", "B")))
    found = exact(Model(risks), terms, buckets=2**9)
    assert found.ceded is not None
    assert found.ceded.coarse is not None
    assert found.ceded.mean.value == pytest.approx(2 * found.layers[0].law.mean.value, rel=1e-6)
    alone = exact(Model((risks[0], replace(one(0.0).risks[0], name="B"))), terms, buckets=2**9)
    assert alone.ceded is not None
    assert alone.ceded.coarse is not None
    assert alone.layers[1].law.coarse is None


def test_a_common_duration_without_mean_still_has_a_law() -> None:
    hit = Hit("A", (Interruption("stop", 2.0), Amount("own", COST, 1.0, 0.4)), Lognormal(0.0, 0.5))
    model = Model((Risk("A", ()),), (Shock("cloud", Poisson(0.5), GeneralisedPareto(1.1, 1.0), (hit,)),))
    law = exact(model, buckets=2**10).gross
    assert law is not None
    assert law.var(0.9).value > 0
    with pytest.raises(Unfit):
        _ = law.mean


def test_a_head_that_does_not_hang_is_computed_once() -> None:
    heads: tuple[Head, ...] = (Amount("own", COST, 0.5), *one(0.5).risks[0].scenarios[0].heads)
    scenario = replace(one(0.5).risks[0].scenarios[0], heads=heads, frequency=Poisson(0.0))
    law = exact(Model((Risk("A", (scenario,)),)), buckets=2**8).gross
    assert law is not None
    assert law.mean.value == 0
