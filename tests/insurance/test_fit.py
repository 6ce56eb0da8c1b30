"""A programme against the model of what is exposed."""

from dataclasses import replace
from math import inf

import pytest

from egide.finding import Severity
from egide.insurance.fit import fitted, members_of, to_terms
from egide.insurance.programme import Cover, Layer, Programme
from egide.loss import terms
from egide.loss.faults import Unfit
from egide.loss.model import Model, Risk
from egide.loss.terms import HeadTerms, Policy, Retention, Terms
from insurance.exposed import MODEL, W2


def test_the_terms_of_w2():
    assert to_terms([W2], MODEL) == Terms(
        (
            Policy(
                name="w2",
                members=("A", "B"),
                layers=(terms.Layer("w2", 0.0, 5e6, 1.0, 0.0, 10e6),),
                retention=Retention(flat=1e5),
                waiting_days=0.5,
                heads={
                    "own": HeadTerms(1.0, 2e6),
                    "interruption": HeadTerms(0.9, 4e6),
                    "liability": HeadTerms(1.0, 3e6),
                },
            ),
        )
    )


def test_each_layer_keeps_its_bounds_and_its_placed_part():
    programme = Programme(
        "P",
        layers=(
            Layer("a", 0, 1e6, annual_retention=5e4, reinstatements=1, insurers={"X": 0.5, "Y": 0.25}),
            Layer("b", 1e6, annual_limit=3e6),
        ),
    )
    (policy,) = to_terms([programme], MODEL).policies
    assert policy.layers == (
        terms.Layer("a", 0, 1e6, 0.75, 5e4, 2e6),
        terms.Layer("b", 1e6, inf, 1.0, 0.0, 3e6),
    )


def test_what_is_excluded_is_not_covered():
    programme = Programme(
        "P",
        heads={"own": Cover(excluded=True)},
        other_heads=Cover(excluded=True),
        excluded_scenarios=frozenset({"leak"}),
    )
    (policy,) = to_terms([programme], MODEL).policies
    assert policy.of_head("own") == HeadTerms(0.0)
    assert policy.of_head("liability") is None
    assert policy.excluded == {"leak"}
    assert to_terms([W2], MODEL).policies[0].of_head("other") == HeadTerms()


def test_the_probability_of_payment_is_that_of_each_scenario():
    programme = Programme("P", paid=0.9, paid_by_scenario={"leak": 1.0, "ransom": 0.8})
    (policy,) = to_terms([programme], MODEL).policies
    assert policy.paid == {"ransom": 0.8, "outage": 0.9}


def test_a_programme_covers_those_it_names_else_all():
    assert members_of(W2, MODEL) == ("A", "B")
    assert members_of(replace(W2, members=("B",)), MODEL) == ("B",)


def test_several_programmes_stand_side_by_side():
    north, south = replace(W2, name="north", members=("A",)), replace(W2, name="south", members=("B",))
    assert [policy.name for policy in to_terms([north, south], MODEL).policies] == ["north", "south"]
    assert to_terms([], MODEL) == Terms()


def test_all_that_does_not_fit_the_model_is_told_at_once():
    programme = Programme(
        "P",
        members=("A", "Z"),
        heads={"fines": Cover(), "parking": Cover(), "own": Cover(), "interruption": Cover(sublimit=3e6)},
        event_limit=1e6,
        excluded_scenarios=frozenset({"war"}),
        paid_by_scenario={"flood": 0.5, "war": 0.2, "leak": 0.9},
    )
    found = [(finding.code, finding.place, finding.read, finding.severity) for finding in fitted(programme, MODEL)]
    assert found == [
        ("insurance.unknown_member", "P.members", "Z", Severity.ERROR),
        ("insurance.unknown_head", "P.heads", "parking", Severity.ERROR),
        ("insurance.unknown_scenario", "P.scenarios", "flood", Severity.ERROR),
        ("insurance.unknown_scenario", "P.scenarios", "war", Severity.ERROR),
        ("insurance.not_insurable", "P.heads", "fines", Severity.ERROR),
        ("insurance.sublimit_above_limit", "P.heads.interruption.sublimit", "3000000", Severity.NOTE),
    ]
    assert "A, B" in str(fitted(programme, MODEL)[0].remedy)
    with pytest.raises(Unfit) as caught:
        to_terms([programme], MODEL)
    assert caught.value.findings == fitted(programme, MODEL)[:5]


def test_an_uninsurable_head_may_be_excluded_by_name():
    assert fitted(Programme("P", heads={"fines": Cover(excluded=True)}), MODEL) == ()


def test_names_and_members_come_once_among_programmes():
    with pytest.raises(Unfit) as caught:
        to_terms([W2, replace(W2, members=("B",))], MODEL)
    assert [(finding.code, finding.read) for finding in caught.value.findings] == [
        ("insurance.name_twice", "w2"),
        ("insurance.member_twice", "B"),
    ]


def test_a_long_list_of_known_names_is_cut():
    model = Model(tuple(Risk(f"R{number:02}", ()) for number in range(30)))
    (finding,) = fitted(Programme("P", members=("Z",)), model)
    assert "R19, …" in str(finding.remedy)
    assert "R20" not in str(finding.remedy)
