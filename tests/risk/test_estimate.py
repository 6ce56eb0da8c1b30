"""The estimate of an establishment: intervals, nothing lost between its parts, stored and read again as it was."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import numpy as np
import pytest

from egide import plain
from egide.diagnosis.maturity import Maturity
from egide.errors import Cancelled, DataError
from egide.insurance.programme import Programme
from egide.loss.terms import Retention
from egide.message import message
from egide.risk.contract import Condition, Contract, default_contract
from egide.risk.estimate import CareFigures, Estimate, estimate, fingerprint
from egide.risk.expected import expected_loss
from egide.risk.exposure import Declared
from egide.risk.interval import Interval
from egide.risk.year import STRESS
from risk.establishments import LIBRARY, average, draws, exposure, nothing

DRAWS = draws()
YEARS = 4096
CONTRACT = Contract(Programme("own", retention=Retention(flat=2e5), event_limit=1e7, waiting_hours=12))


def made(*, maturity: Maturity | None = None, contract: Contract | None = CONTRACT, **changes: object) -> Estimate:
    asked = {
        "years": YEARS,
        **{key: changes.pop(key) for key in ("ransomware", "executor", "progress") if key in changes},
    }
    return estimate(exposure(**changes), maturity or average(), DRAWS, contract, **asked)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> Estimate:
    return made()


def test_it_is_stored_and_read_again_as_it_was(whole):
    text = json.dumps(plain.unstructure(whole), allow_nan=False)
    assert plain.structure(json.loads(text), Estimate, "estimate.json") == whole


def test_means_are_those_of_the_closed_form(whole):
    closed = expected_loss(exposure(), average(), DRAWS)
    assert whole.gross.mean == whole.reference == whole.bracket.worst == Interval.of(closed.total)
    assert whole.gross.mean_error == 0
    assert whole.serious_once_in == Interval.of(closed.once_in("H01", "H02"))
    assert whole.care.days == closed.care.days.interval
    assert whole.care.diverted is None
    assert whole.means == tuple(closed.total.tolist())
    assert whole.care_means == tuple(closed.care.days.values.tolist())


def test_what_is_kept_and_what_is_ceded_make_the_whole(whole):
    assert whole.retained.mean.value + whole.ceded.mean.value == pytest.approx(whole.gross.mean.value, rel=1e-12)
    assert whole.ceded.mean.value > 10 * whole.ceded.mean_error > 0
    for parts in (whole.scenarios, whole.heads):
        assert sum(each.mean.value for each in parts) == pytest.approx(whole.gross.mean.value, rel=1e-9)
        assert sum(each.share for each in parts) == pytest.approx(1)
        assert sum(each.ceded for each in parts) == pytest.approx(whole.ceded.mean.value, rel=1e-9)
    assert [each.mean.value for each in whole.scenarios] == sorted(
        (e.mean.value for e in whole.scenarios), reverse=True
    )
    assert {each.id: each.ceded for each in whole.heads}["fine"] == 0
    assert sum(each.care_days.value for each in whole.scenarios) == pytest.approx(whole.care.days.value, rel=1e-9)


def test_every_figure_has_its_interval_and_its_error(whole):
    for law in (whole.gross, whole.retained, whole.ceded):
        for each in (*law.var, law.tvar):
            assert each.across.low <= each.across.value <= each.across.high
            assert each.pooled >= 0
    assert 0 < whole.gross.at(0.99).error < whole.gross.at(0.99).across.value / 2
    assert whole.care.days_one_in_100.value > whole.care.days.value


def test_care_days_stand_in_a_class_of_their_own(whole):
    assert isinstance(whole.care, CareFigures)
    assert not {each.name for each in fields(CareFigures)} & {"loss", "euros", "gross", "mean"}


def test_days_of_care_are_those_of_the_interruptions_whatever_a_day_brings_in():
    paid, unpaid = made(contract=None), made(contract=None, activity_share=0.0)
    for one, other in ((paid.care.days, unpaid.care.days), (paid.care.days_one_in_100, unpaid.care.days_one_in_100)):
        assert one.value == pytest.approx(other.value, rel=0.05)
    assert unpaid.heads[1].mean.value == 0


def test_threads_and_their_number_change_no_digit(whole):
    with ThreadPoolExecutor(3) as threads:
        assert made(executor=threads) == whole


def test_an_estimate_can_be_stopped():
    def stop(done: int, total: int) -> None:
        raise Cancelled(message("arrêté"))

    with pytest.raises(Cancelled):
        made(progress=stop)


def test_more_incidents_than_any_establishment_has_are_refused():
    with pytest.raises(DataError) as caught:
        made(declared=Declared(10_000_000, 5.0))
    (found,) = caught.value.findings
    assert (found.code, found.place) == ("risk.events", "declared")


def test_without_contract_nothing_is_ceded(whole):
    alone = made(contract=None)
    assert alone.retained is alone.ceded is alone.insured is None
    assert alone.gross.mean == whole.gross.mean
    assert {each.ceded for each in (*alone.scenarios, *alone.heads)} == {0.0}


def test_a_condition_that_is_not_met_pays_nothing_and_is_named(whole):
    wanting = made(contract=replace(CONTRACT, conditions=(Condition("mfa", 0.9), Condition("backup", 0.0))))
    assert wanting.insured.unmet == (Condition("mfa", 0.9),)
    assert wanting.ceded is None
    assert wanting.retained == wanting.gross
    assert whole.insured.unmet == ()
    assert whole.insured.paid == Interval.of(DRAWS["insurance.complaint"])
    assert whole.insured.state_attack == Interval(0.0, 0.0, 0.0)
    told = made(contract=Contract(replace(CONTRACT.programme, paid=0.8, excluded_scenarios=frozenset({"H03"}))))
    assert told.insured.paid == Interval(0.8, 0.8, 0.8)
    assert told.ceded.mean.value < whole.ceded.mean.value


def test_own_experience_is_told_with_and_without(whole):
    quiet, hit = (made(contract=None, declared=Declared(events, 5.0)) for events in (0, 40))
    assert whole.unaided is None
    assert quiet.gross.mean.value < whole.gross.mean.value < hit.gross.mean.value
    for each in (quiet, hit):
        assert each.unaided.mean == whole.gross.mean
        assert each.unaided.serious_once_in == whole.serious_once_in
        assert each.unaided.years == 5


def test_blanks_open_a_bracket_and_the_headline_is_its_worst_end():
    blank = made(maturity=nothing(), contract=None)
    assert blank.bracket.completeness == 0
    assert blank.bracket.worst == blank.gross.mean
    assert blank.bracket.best.value < blank.reference.value < blank.bracket.worst.value
    assert blank.narrowing[0].width.value > 0


def test_a_year_like_2021_costs_more():
    usual, stressed = made(contract=None), made(contract=None, ransomware=float(LIBRARY[STRESS].value))
    assert stressed.ransomware == 2
    assert stressed.gross.mean.value > 1.1 * usual.gross.mean.value
    assert stressed.reference.value > usual.reference.value
    assert stressed.serious_once_in.value == pytest.approx(usual.serious_once_in.value / 2)


def test_defaults_and_rough_categories_are_told():
    home = estimate(exposure("care_home"), average(), DRAWS, default_contract(LIBRARY, 3.6e6), years=YEARS)
    assert home.order_of_magnitude
    assert home.insured.default == "small"
    vague = estimate(
        replace(exposure("local", emergencies_per_day=20), defaults=frozenset({"beds"})), average(), DRAWS, years=100
    )
    assert not vague.order_of_magnitude
    assert [each.name for each in vague.exposure if each.default] == ["beds"]
    assert vague.exposure[-1].name == "emergencies_per_day"
    assert vague.care.diverted.value > 0


def test_overrides_are_printed_and_change_the_digest(whole):
    changed = LIBRARY.overridden({"size.malicious": "0.2"})
    other = estimate(exposure(), average(), replace(DRAWS, library=changed), years=100)
    assert [(each.id, each.after) for each in other.overrides] == [("size.malicious", "0.2 [0.2 ; 0.2]")]
    assert other.library != whole.library
    assert whole.overrides == ()


def test_the_fingerprint_tells_every_input():
    base = fingerprint(exposure(), average(), DRAWS)
    others = [
        fingerprint(exposure(beds=1), average(), DRAWS),
        fingerprint(replace(exposure(), defaults=frozenset({"beds"})), average(), DRAWS),
        fingerprint(exposure(declared=Declared(1, 2.0)), average(), DRAWS),
        fingerprint(exposure(), average().with_level("mfa", 1.0), DRAWS),
        fingerprint(exposure(), nothing(), DRAWS),
        fingerprint(exposure(), average(), draws(25)),
        fingerprint(exposure(), average(), DRAWS, CONTRACT),
        fingerprint(exposure(), average(), DRAWS, replace(CONTRACT, conditions=(Condition("mfa", 0.9),))),
        fingerprint(exposure(), average(), DRAWS, years=1000),
        fingerprint(exposure(), average(), DRAWS, ransomware=2.0),
    ]
    assert len({base, *others}) == 11
    assert fingerprint(exposure(), average(), DRAWS) == base


def test_nobody_at_stake_loses_nearly_nothing():
    practice = estimate(exposure("practice", persons=0), average(), DRAWS, years=100)
    assert practice.care.days == Interval(0.0, 0.0, 0.0)
    assert np.isfinite([each.share for each in practice.scenarios]).all()
