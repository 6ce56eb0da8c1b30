from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.diagnosis.level import Level
from egide.diagnosis.observation import Observation, Reliability, Source
from egide.family import MEASURE_BY_CODE
from egide.locale import say
from egide.message import Message, Text
from egide.web.establishments import convert, forms, models
from egide.web.establishments.definitions import BY_CODE, DEFINITIONS, Kind
from egide.web.establishments.models import Fact

VALUES = {
    Kind.WHOLE: st.integers(0, 10**9 - 1).map(Decimal),
    Kind.MONEY: st.decimals(min_value=0, max_value=10**12, places=2),
    Kind.SHARE: st.decimals(min_value=0, max_value=100, places=2),
    Kind.TEXT: st.text(min_size=1, max_size=300),
    Kind.FLAG: st.booleans(),
}
FACTS = st.sampled_from(DEFINITIONS).flatmap(lambda each: st.tuples(st.just(each), VALUES[each.kind]))


def said(value):
    return say(value, "fr") if isinstance(value, Message | Text) else value


@given(FACTS)
def test_a_value_comes_back_from_the_text_of_its_row(fact):
    definition, value = fact
    assert convert.value_of(definition, convert.written(value)) == value
    assert said(convert.shown(definition, value))


def test_values_are_shown_with_their_unit():
    assert said(convert.shown(BY_CODE["spending"], Decimal("1250000.50"))) == "1\u202f250\u202f000,50\u00a0€"
    assert said(convert.shown(BY_CODE["beds"], Decimal(820))) == "820"
    assert said(convert.shown(BY_CODE["on_call"], value=False)) == "non"


def test_the_last_year_comes_first_and_an_unknown_code_is_left_out():
    rows = [
        Fact(code="beds", year=2023, value="100", source="SAE 2023"),
        Fact(code="beds", year=2025, value="120", source="SAE 2025"),
        Fact(code="of_a_later_version", year=2025, value="1", source="?"),
    ]
    known = convert.known(rows)
    assert list(known) == ["beds"]
    assert [each.year for each in known["beds"]] == [2025, 2023]
    assert convert.figures(known) == {"beds": {2025: Decimal(120), 2023: Decimal(100)}}
    grouped = {group.code: facts for group, facts in convert.grouped(known)}
    assert [each.value for each in grouped["activity"]] == [Decimal(120)]
    assert grouped["system"] == []


def test_a_level_is_exact_or_an_interval():
    assert said(convert.level(Decimal("0.4000"), Decimal("0.4000"))) == "40\u00a0%"
    assert said(convert.level(Decimal("0.125"), Decimal(1))) == "entre 12,5 et 100\u00a0%"


def test_an_interval_written_by_hand_counts_at_its_lower_bound():
    row = models.Observation(
        family="identity", measure="mfa", low=Decimal("0.4"), high=Decimal("0.6"), source="audit", reliability="proven",
        observed_on=date(2026, 5, 4), note="Rapport",
    )  # fmt: skip
    assert convert.observation(row) == Observation(
        "mfa",
        Level.exactly(0.4),
        Level.exactly(0.6),
        1.0,
        Source.AUDIT,
        Reliability.PROVEN,
        date(2026, 5, 4),
        "Rapport",
    )


@pytest.mark.parametrize(
    "seen",
    [
        Observation("device", Level(0.25, None), Level(0.5, None), 0.5, Source.QUESTIONNAIRE, Reliability.DECLARED, date(2026, 5, 4), "Grille", 0.5, 0.75),
        Observation("governance", Level(0.25, 0.5), Level(0.5, 1.0), 0.75, Source.QUESTIONNAIRE, Reliability.PROVEN, date(2026, 5, 4), "", 1.0, 1.0),
        Observation("edr", Level.exactly(0.25), Level.exactly(0.25), 1.0, Source.EXERCISE, Reliability.ESTIMATED, date(2026, 5, 4)),
    ],
)  # fmt: skip
def test_a_row_gives_back_what_it_was_made_of(seen):
    row = convert.observation_row(seen)
    assert convert.observation(row) == seen
    assert forms.seen(row) == said(MEASURE_BY_CODE[seen.measure].title)
    assert (row.family, row.measure) == {"device": ("", ""), "governance": ("governance", ""), "edr": ("hardening", "edr")}[seen.measure]  # fmt: skip
