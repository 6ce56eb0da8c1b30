"""A programme in words: what it means, and all that it refuses or doubts at once."""

from dataclasses import replace
from math import inf, nan

import pytest

from egide.finding import Severity
from egide.insurance.programme import Cover, Layer, Programme, shared_by
from egide.loss.faults import Unfit
from egide.loss.terms import Retention
from insurance.exposed import W2


def refused(**fields: object) -> dict[str, str]:
    """Place -> code of what a programme with these fields is refused for."""
    with pytest.raises(Unfit) as caught:
        Programme("P", **fields)  # type: ignore[arg-type]
    return {finding.place: finding.code for finding in caught.value.findings}


def told(programme: Programme) -> dict[str, tuple[str, Severity]]:
    return {finding.place: (finding.code, finding.severity) for finding in programme.remarks}


def test_a_programme_without_a_tower_is_one_layer_of_its_name():
    assert W2.tower == (Layer("w2", 0.0, 5e6, 10e6),)
    assert W2.waiting_days == 0.5
    assert W2.top == 5e6
    assert W2.remarks == ()


def test_a_tower_is_kept_as_it_is_written():
    layers = (Layer("première", 0, 1e6), Layer("deuxième", 1e6, 4e6))
    assert Programme("P", layers=layers).tower == layers
    assert Programme("P", layers=layers).top == 5e6


def test_reinstatements_bound_the_year():
    assert Layer("L", 0, 1e6).year == inf
    assert Layer("L", 0, 1e6, reinstatements=0).year == 1e6
    assert Layer("L", 0, 1e6, reinstatements=2).year == 3e6
    assert Layer("L", 0, 1e6, annual_limit=2e6, reinstatements=2).year == 2e6


def test_the_share_of_a_layer_is_what_its_insurers_carry():
    assert Layer("L").share == 1
    assert Layer("L", insurers={"X": 0.6, "Y": 0.3}).share == pytest.approx(0.9)
    assert Layer("L", insurers=dict.fromkeys("abcdefghij", 0.1)).share == 1
    assert Layer("L", insurers={"X": 1.0, "Y": 1e-10}).share == 1


def test_the_same_programme_for_each_group():
    north, south = shared_by(W2, {"north": ["A"], "south": ["B", "C"]})
    assert north == replace(W2, name="north", members=("A",))
    assert south == replace(W2, name="south", members=("B", "C"))


def test_all_that_has_no_meaning_is_told_at_once():
    assert refused(
        members=("A", "A"),
        retention=Retention(flat=-1, share=1.5, least=2, most=1),
        waiting_hours=-1,
        indemnity_days=0,
        event_limit=0,
        annual_retention=nan,
        insurers={"X": 0.7, "Y": 0.5, "Z": -0.1},
        paid=1.2,
        paid_by_scenario={"ransom": nan},
        reinstatements=-1,
    ) == {
        "members": "insurance.name_twice",
        "retention.flat": "insurance.negative",
        "retention.share": "insurance.not_a_share",
        "retention.least": "insurance.least_above_most",
        "waiting_hours": "insurance.negative",
        "indemnity_days": "insurance.limit",
        "event_limit": "insurance.limit",
        "annual_retention": "insurance.negative",
        "insurers.Z": "insurance.not_a_share",
        "insurers": "insurance.share_above_one",
        "paid": "insurance.not_a_share",
        "paid_by_scenario.ransom": "insurance.not_a_share",
        "reinstatements": "insurance.negative",
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"event_limit": 5e6, "annual_limit": 4e6}, {"annual_limit": "insurance.annual_below_event"}),
        ({"annual_limit": nan}, {"annual_limit": "insurance.limit"}),
        ({"reinstatements": 1}, {"reinstatements": "insurance.reinstatement_without_limit"}),
        ({"waiting_hours": 48, "indemnity_days": 1}, {"waiting_hours": "insurance.waiting_above_indemnity"}),
        ({"waiting_hours": nan}, {"waiting_hours": "insurance.negative"}),
        (
            {"retention": Retention(least=-1, most=0)},
            {"retention.least": "insurance.negative", "retention.most": "insurance.limit"},
        ),
        ({"event_limit": 1e6, "layers": (Layer("L"),)}, {"layers": "insurance.limit_and_layers"}),
        ({"insurers": {"X": 1}, "layers": (Layer("L"),)}, {"layers": "insurance.limit_and_layers"}),
        ({"layers": (Layer("L", 0, 1), Layer("L", 1, 1))}, {"layers": "insurance.name_twice"}),
        (
            {"layers": (Layer("c", 3, 1), Layer("a", 0, 10), Layer("b", 1, 1), Layer("d", 10, 1))},
            {"layers.b.attachment": "insurance.layers_overlap", "layers.c.attachment": "insurance.layers_overlap"},
        ),
        ({"layers": (Layer("a"), Layer("b", 1, 1))}, {"layers.b.attachment": "insurance.layers_overlap"}),
    ],
)
def test_a_fault_of_a_programme(fields, expected):
    assert refused(**fields) == expected


def test_a_fault_says_value_and_remedy():
    with pytest.raises(Unfit) as caught:
        Programme("P", event_limit=5e6, annual_limit=4e6)
    (finding,) = caught.value.findings
    assert finding.read == "4000000"
    assert str(finding.understood) == "Le plafond annuel est inférieur au plafond par sinistre (5\u202f000\u202f000)."
    assert str(finding.remedy)


@pytest.mark.parametrize(
    ("made", "places"),
    [
        (lambda: Cover(coinsurance=1.1, sublimit=0), {"coinsurance", "sublimit"}),
        (lambda: Cover(coinsurance=nan), {"coinsurance"}),
        (lambda: Layer("L", -1, 0, insurers={"X": 2}), {"attachment", "limit", "insurers.X", "insurers"}),
        (lambda: Layer("L", 0, 5, 4), {"annual_limit"}),
    ],
)
def test_a_cover_and_a_layer_check_themselves(made, places):
    with pytest.raises(Unfit) as caught:
        made()
    assert {finding.place for finding in caught.value.findings} == places
    assert all(finding.code.startswith("insurance.") for finding in caught.value.findings)


def test_a_disappearing_franchise_is_a_doubt():
    programme = Programme("P", retention=Retention(flat=1e5, franchise=True))
    assert told(programme) == {
        "P.retention.franchise": ("insurance.disappearing_franchise", Severity.DOUBT),
    }
    assert told(Programme("P", retention=Retention(share=0.1, franchise=True))) == {}


@pytest.mark.parametrize("retention", [Retention(flat=2e6), Retention(least=2e6), Retention(flat=9e6, most=2e6)])
def test_a_retention_above_the_limit_is_a_doubt(retention):
    programme = Programme("P", retention=retention, event_limit=1e6)
    assert told(programme) == {"P.retention": ("insurance.retention_above_limit", Severity.DOUBT)}


def test_what_never_acts_is_a_note():
    programme = Programme(
        "P",
        heads={"own": Cover(sublimit=2e6), "fines": Cover(excluded=True)},
        event_limit=1e6,
        annual_limit=3e6,
        reinstatements=1,
    )
    assert told(programme) == {
        "P.heads.own.sublimit": ("insurance.sublimit_above_limit", Severity.NOTE),
        "P.layers.P.annual_limit": ("insurance.annual_never_acts", Severity.NOTE),
    }


@pytest.mark.parametrize(
    ("retention", "sublimit", "acts"),
    [
        (Retention(), 1e6, False),
        (Retention(flat=1e5), 1.05e6, True),
        (Retention(flat=1e5), 1.1e6, False),
        (Retention(flat=1e5, share=0.5), 2e6, True),
        (Retention(flat=1e5, franchise=True), 1.05e6, False),
    ],
)
def test_a_sublimit_acts_unless_it_leaves_the_whole_limit_to_pay(retention, sublimit, acts):
    programme = Programme("P", retention=retention, heads={"own": Cover(sublimit=sublimit)}, event_limit=1e6)
    assert ("P.heads.own.sublimit" not in told(programme)) == acts


def test_a_gap_of_a_tower_is_a_note():
    programme = Programme("P", layers=(Layer("c", 5, 1), Layer("b", 2, 2), Layer("a", 1, 1)))
    assert told(programme) == {
        "P.layers.a.attachment": ("insurance.layers_gap", Severity.NOTE),
        "P.layers.c.attachment": ("insurance.layers_gap", Severity.NOTE),
    }
