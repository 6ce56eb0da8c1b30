"""Published figures: read strictly, all faults at once, and a digest of what a verdict depends on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from egide import reference
from egide.errors import DataError
from egide.message import Text
from egide.risk.backtest import MEASURES
from egide.risk.published import Role, Unit, checked

PUBLISHED = reference.national_figures()


def test_every_measure_is_said_used_and_worked_out():
    assert set(PUBLISHED.says) == {each.measure for each in PUBLISHED.figures} == set(MEASURES)


def test_texts_are_in_both_languages_and_sources_are_given():
    texts = [
        PUBLISHED.title,
        PUBLISHED.base,
        PUBLISHED.stress.name,
        PUBLISHED.stress.says,
        PUBLISHED.stress.source,
        *PUBLISHED.says.values(),
    ]
    for each in PUBLISHED.figures:
        texts += [each.name, each.population, each.source, *(text for text in (each.note, each.miss) if text.fr)]
    for untested in PUBLISHED.untested:
        texts += [untested.name, untested.published, untested.reason]
    for beside in PUBLISHED.beside:
        texts += [beside.name, beside.says, beside.source]
    assert all(text.fr and text.en for text in texts)


def test_every_scenario_touches_operation_in_one_way():
    named = [scenario for each in PUBLISHED.operations for scenario in each.scenarios]
    assert sorted(named) == sorted(each.id for each in reference.risk_library().scenarios)


def test_a_range_has_two_ends_and_a_value_twice_the_same():
    by_id = {each.id: each for each in PUBLISHED.figures}
    assert by_id["days-within-week"].ends == (0.21, 0.58)
    assert by_id["declarations-2022"].ends == (592, 592)
    assert all(0 <= end <= 1 for each in PUBLISHED.figures if each.unit in {Unit.SHARE, Unit.RANK} for end in each.ends)


def test_all_faults_are_told_at_once():
    first, second, third, *others = PUBLISHED.figures
    wrong = (
        replace(first, measure="astrology"),
        replace(second, published=(Decimal(3), Decimal(2))),
        replace(third, id="twice"),
        replace(third, id="twice", published=()),
    )
    with pytest.raises(DataError) as caught:
        checked(replace(PUBLISHED, figures=(*wrong, *others)))
    assert [(each.point or each.place, each.code) for each in caught.value.findings] == [
        (first.id, "risk.published"),
        (second.id, "risk.published"),
        ("twice", "risk.published"),
        ("twice", "risk.published"),
        ("twice", "risk.published"),
    ]


def test_the_digest_follows_what_counts_and_nothing_else():
    first, *others = PUBLISHED.figures
    renamed = replace(PUBLISHED, figures=(replace(first, name=Text("autre", "other"), source=Text("?")), *others))
    assert renamed.digest == PUBLISHED.digest
    for change in ({"published": (Decimal(1),)}, {"role": Role.HELD_OUT}, {"measure": "ransomware"}):
        assert replace(PUBLISHED, figures=(replace(first, **change), *others)).digest != PUBLISHED.digest


def test_roles_are_headings_in_words():
    assert Role.CALIBRATED.said != Role.HELD_OUT.said
