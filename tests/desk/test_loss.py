"""A loss study in one call: finite figures or a refusal, the same on any executor and in any order."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from egide.desk import loss as desk
from egide.desk.insurance import insured
from egide.desk.loss import finite, studied, text
from egide.errors import Cancelled, DataError
from egide.exchange.loss_file.programmes import Option
from egide.exchange.loss_file.study import Study
from egide.insurance.programme import Programme
from egide.loss.frequency import Binomial, Fixed, NegativeBinomial, Poisson
from egide.loss.model import Amount, Interruption, Model, Risk, Scenario
from egide.loss.severity import Constant, GeneralisedPareto, Lognormal, Pert
from egide.loss.terms import Retention
from egide.message import message
from exchange.loss_file.studies import calm, studies

OFTEN = Scenario("souvent", Poisson(2.0), (Amount("own", Lognormal(9, 1)),))
RARE = Scenario(
    "rare",
    Poisson(0.1),
    (Amount("own", Lognormal(12, 1.5)), Interruption("interruption", 20_000.0)),
    Lognormal(1, 0.5),
)
PROGRAMME = Programme("contrat", retention=Retention(flat=20_000), event_limit=1e6, annual_limit=2e6)
STUDY = Study(
    Model((Risk("A", (OFTEN, RARE)), Risk("B", (RARE,)))),
    (Option("assuré", (PROGRAMME,)), Option("nu", ())),
    years=20_000,
    budgets=(1e5,),
)


def test_all_executors_give_the_same_bytes():
    with ThreadPoolExecutor(3) as threads:
        assert text(studied(STUDY, executor=threads).data) == text(studied(STUDY).data)
        assert text(insured(STUDY, executor=threads).data) == text(insured(STUDY).data)


def test_the_order_of_scenarios_and_risks_does_not_matter():
    turned = Model((Risk("B", (RARE,)), Risk("A", (RARE, OFTEN))))
    one, two = (studied(each).data for each in (STUDY, replace(STUDY, model=turned)))
    assert one["measures"] == two["measures"]
    assert one["scenarios"] == two["scenarios"]


def test_the_budget_is_passed_as_often_as_the_law_says():
    data = studied(STUDY).data["measures"]["gross"]
    (passed,) = data["budgets"]
    drawn = next(each for each in data["exceedance"] if each["probability"] < passed["probability"])
    assert drawn["amount"] > passed["amount"] == 1e5
    assert 0 < passed["error"] < passed["probability"] < 1


def test_levels_of_the_study_are_told_beside_the_usual_ones():
    data = studied(replace(STUDY, levels=(0.9,))).data
    assert list(data["measures"]["gross"]["var"]) == ["0.9", "0.95", "0.99", "0.995"]
    assert list(data["exact"]["gross"]["tvar"]) == ["0.9", "0.95", "0.99", "0.995"]


def test_a_person_can_stop_a_long_call():
    def stop(done: int, total: int) -> None:
        raise Cancelled(message("arrêté"))

    for ask in (studied, insured):
        with pytest.raises(Cancelled):
            ask(STUDY, progress=stop)


@pytest.mark.parametrize("ask", [studied, insured])
def test_progress_goes_up_to_its_end(ask):
    told: list[float] = []
    ask(replace(STUDY, years=200_000), progress=lambda done, total: told.append(done / total))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_years_asked_and_their_bounds():
    assert studied(STUDY, years=500).data["years"] == 500
    for years in (99, 2**40):
        with pytest.raises(DataError) as caught:
            studied(STUDY, years=years)
        assert [each.code for each in caught.value.findings] == ["loss.years"]


def test_too_many_events_are_refused_before_any_is_drawn():
    many = replace(STUDY, model=Model((Risk("A", (replace(OFTEN, frequency=Poisson(1e9)),)),)), options=())
    with pytest.raises(DataError) as caught:
        studied(many)
    assert caught.value.findings[0].code == "loss.events"


@pytest.mark.parametrize(
    ("frequency", "year_shape"),
    [(Binomial(10**6, 1e-6), None), (Fixed(10**5), None), (NegativeBinomial(1e5, 1.0), None), (Poisson(1e5), 2.0)],
)
def test_events_that_memory_cannot_keep_together_are_refused(frequency, year_shape):
    many = replace(STUDY, model=Model((Risk("A", (replace(OFTEN, frequency=frequency),), year_shape),)), options=())
    with pytest.raises(DataError) as caught:
        studied(many, years=100)
    assert [each.code for each in caught.value.findings] == ["loss.events_at_once"]


def test_an_infinite_mean_is_refused_and_an_infinite_variance_has_no_exact_standard_deviation():
    def with_tail(xi: float) -> Study:
        heavy = Scenario("lourd", Poisson(1.0), (Amount("own", GeneralisedPareto(xi, 1000.0)),))
        return replace(STUDY, model=Model((Risk("A", (heavy,)),)), options=())

    with pytest.raises(DataError) as caught:
        studied(with_tail(1.2))
    assert [each.code for each in caught.value.findings] == ["loss.infinite_mean"]
    exact = studied(with_tail(0.6)).data["exact"]["gross"]
    assert exact["mean"]["value"] == pytest.approx(1000 / 0.4)
    assert exact["sd"] is None
    assert exact["var"]["0.99"]["value"] > 0


@pytest.mark.long
def test_events_too_many_for_the_grid_of_the_exact_way_leave_the_simulation_alone():
    many = Model(
        (Risk("A", (Scenario("s", Poisson(1e5), (Amount("own", Constant(10.0)), Amount("other", Pert(0, 0, 9)))),)),)
    )
    data = studied(replace(STUDY, model=many, options=()), years=100).data
    assert data["measures"]["gross"]["mean"] == pytest.approx(1e5 * 11.5, rel=1e-3)
    assert data["exact"]["gross"]["mean"]["value"] == pytest.approx(1e5 * 11.5)
    assert data["exact"]["gross"]["var"] is None
    assert {each["code"] for each in data["exact"]["not_covered"]} == {"loss.exact_beyond"}


def test_a_figure_that_is_not_finite_never_leaves():
    with pytest.raises(DataError) as caught:
        finite({"a": [{"b": 1.0}, {"b": math.nan}]})
    (finding,) = caught.value.findings
    assert (finding.code, finding.place) == ("loss.not_finite", "a[1].b")
    assert json.loads(text(finite({"a": [1.5, None, "inf"]}))) == {"a": [1.5, None, "inf"]}


def test_the_exact_way_is_left_when_there_are_too_many_kinds_of_events(monkeypatch):
    monkeypatch.setattr(desk, "MOST_KINDS", 2)
    exact = studied(STUDY).data["exact"]
    assert [each["code"] for each in exact["not_covered"]] == ["loss.exact_many"]
    assert "gross" not in exact


def test_what_is_not_exact_is_told_in_the_language_asked():
    one, two = (studied(STUDY, language=each).data["exact"]["not_covered"] for each in ("fr", "en"))
    assert [each["code"] for each in one] == [each["code"] for each in two]
    assert [each["understood"] for each in one] != [each["understood"] for each in two]


def test_a_fixed_cost_every_year_is_told_without_error():
    fixed = Scenario("tarif", Poisson(0.0), (Amount("own", Constant(5.0)),))
    data = studied(replace(STUDY, model=Model((Risk("A", (fixed,)),)), options=())).data
    assert data["measures"]["gross"]["mean"] == data["measures"]["gross"]["standard_error"]["mean"] == 0.0
    assert data["measures"]["gross"]["tvar"]["0.99"] == 0.0


def test_no_programme_cannot_be_compared():
    with pytest.raises(DataError) as caught:
        insured(replace(STUDY, options=()))
    assert [each.code for each in caught.value.findings] == ["insurance.no_programme"]


def test_an_uninsured_way_leaves_all_and_costs_no_premium():
    made = insured(STUDY)
    bare = made.data["options"][1]
    assert bare["measures"]["retained"] == bare["measures"]["gross"]
    assert bare["premium"]["line"] == 0.0
    assert bare["premium"]["rate_on_line"] is None
    assert not bare["contracts"]
    (apart,) = made.data["differences"]
    assert apart["retained"]["mean"]["value"] > 0 > apart["paid"]["value"]


def test_a_contract_without_limit_has_no_rate_on_line():
    data = insured(replace(STUDY, options=(Option("tout", (Programme("tout"),)),))).data
    premium = data["options"][0]["premium"]
    assert (premium["line"], premium["rate_on_line"]) == (None, None)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_any_study_gives_finite_figures_or_a_refusal(study: Study):
    with suppress(DataError):
        assert text(studied(calm(study), with_exact=False).data)  # `text` raises at a NaN


@pytest.mark.long
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_any_way_to_be_insured_gives_finite_figures_or_a_refusal(study: Study):
    with suppress(DataError):
        assert text(insured(calm(study)).data)


@pytest.mark.long
@settings(max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(studies())
def test_any_exact_way_gives_finite_figures_or_a_refusal(study: Study):
    with suppress(DataError):
        assert text(studied(calm(study)).data)


def of(severity, rate=1.0):
    return Study(Model((Risk("A", (Scenario("s", Poisson(rate), (Amount("own", severity),)),)),)), years=20_000)


@pytest.mark.parametrize(
    ("study", "years", "said"),
    [
        (of(Lognormal(9, 1)), 20_000, []),
        (of(GeneralisedPareto(0.7, 1000.0)), 20_000, ["loss.infinite_variance"]),
        (of(Lognormal(9, 1)), 1000, ["loss.few_years"]),
        (of(Lognormal(9, 1), 1e-6), 1000, ["loss.few_years"]),
    ],
)
def test_what_keeps_errors_from_being_taken_at_their_word_is_said(study, years, said):
    made = studied(study, years=years, with_exact=False)
    assert [each["code"] for each in made.data["cautions"]] == said
    assert [each.code for each in desk.cautions(study, made.simulation)] == said


def test_programmes_compared_tell_the_same_gross_to_the_last_digit():
    data = insured(STUDY, years=20_000, stratified=False).data
    assert data["options"][0]["measures"]["gross"] == data["options"][1]["measures"]["gross"]
