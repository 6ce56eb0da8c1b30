"""A contract on an estimate: what is paid, in which events, under which conditions."""

from dataclasses import replace

import pytest

from egide.insurance.programme import Programme
from egide.loss.faults import Unfit
from egide.loss.simulation import simulate
from egide.loss.terms import Retention
from egide.risk.contract import Condition, Contract, default_contract, terms
from egide.risk.draws import drawn
from egide.risk.expected import prepared
from egide.risk.model import loss_model, name
from egide.risk.multipliers import multipliers
from risk.establishments import LIBRARY, average, draws, exposure

DRAWS = draws()
MODEL = loss_model(prepared(exposure(), DRAWS), multipliers(DRAWS, {}))
PROGRAMME = Programme("p", retention=Retention(flat=1e5), event_limit=1e7)


@pytest.mark.parametrize(
    ("revenue", "usual", "retention"),
    [(3e5, "practice", 2_648), (3.6e6, "small", 8_385), (15e6, "middle", 17_900), (1.2e9, "university", 1e6)],
)
def test_the_default_is_that_of_the_size(revenue, usual, retention):
    contract = default_contract(LIBRARY, revenue)
    assert contract.default == usual
    assert contract.programme.retention.flat == retention
    assert contract.programme.annual_limit == contract.programme.event_limit
    assert contract.monotone


def test_a_condition_is_met_by_what_is_there_and_not_by_what_is_not_applicable():
    contract = Contract(PROGRAMME, (Condition("mfa", 0.9), Condition("backup", 0.3)))
    assert contract.unmet(average()) == contract.conditions
    assert contract.unmet(average().with_level("mfa", 0.9)) == (Condition("backup", 0.3),)
    assert contract.unmet(average().with_level("mfa", 1.0).with_level("backup", 0.3)) == ()


def test_a_disappearing_franchise_is_left_out_of_the_guarantee():
    assert not Contract(replace(PROGRAMME, retention=Retention(flat=1e5, franchise=True))).monotone


def test_each_draw_has_its_contract_and_its_complaint():
    made = terms(Contract(PROGRAMME), MODEL, DRAWS)
    assert [each.members for each in made.policies] == [(name(draw),) for draw in range(DRAWS.count)]
    for policy, complaint in zip(made.policies, DRAWS["insurance.complaint"], strict=True):
        assert policy.paid["H01"] == policy.paid["H01+H03"] == policy.paid["S02"] == complaint
        assert "H10" not in policy.paid


def test_a_state_attack_is_not_paid():
    attacked = LIBRARY.overridden({"insurance.state_attack": "0.25"})
    known = drawn(attacked, count=DRAWS.count)
    made = terms(Contract(PROGRAMME), MODEL, known)
    assert made.policies[0].paid["H05"] == pytest.approx(0.75 * DRAWS["insurance.complaint"][0])


def test_what_the_programme_says_of_payment_stands_in_the_place_of_the_complaint():
    often = terms(Contract(replace(PROGRAMME, paid=0.5)), MODEL, DRAWS).policies[3]
    assert {often.paid[each] for each in ("H01", "H10", "S05")} == {0.5}
    by_scenario = terms(Contract(replace(PROGRAMME, paid_by_scenario={"H03": 1.0})), MODEL, DRAWS).policies[3]
    assert "H03" not in by_scenario.paid
    assert "H01+H03" not in by_scenario.paid
    assert by_scenario.paid["H01"] < 1


def test_an_excluded_scenario_takes_its_milder_forms_with_it():
    made = terms(Contract(replace(PROGRAMME, excluded_scenarios=frozenset({"H03"}))), MODEL, DRAWS)
    assert made.policies[0].excluded == {"H03", "H01+H03"}


def test_fines_are_never_ceded():
    run = simulate(MODEL, terms(Contract(PROGRAMME), MODEL, DRAWS), years=4096)
    ceded = {each.name: each.ceded.value for each in run.heads}
    assert ceded["fine"] == 0
    assert all(value > 0 for head, value in ceded.items() if head != "fine")
    with pytest.raises(Unfit):
        terms(Contract(replace(PROGRAMME, excluded_scenarios=frozenset({"H99"}))), MODEL, DRAWS)
