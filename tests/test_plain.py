import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide import plain
from egide.errors import DataError
from egide.message import Message, message


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Part:
    name: str
    price: Decimal = Decimal(0)


@dataclass(frozen=True)
class Whole:
    title: str
    day: date | None = None
    at: datetime | None = None
    count: int = 0
    kept: bool = False
    colour: Colour = Colour.RED
    parts: tuple[Part, ...] = ()
    named: Mapping[str, Part] = field(default_factory=dict)


def read(text: str) -> Whole:
    return plain.structure(plain.parse_yaml(text, "f.yaml"), Whole, "f.yaml")


def refused(text: str) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as caught:
        read(text)
    return [(finding.place, str(finding.understood)) for finding in caught.value.findings]


@pytest.mark.parametrize("text", ['title: "a\\0b"', 'title: t\nnamed: {"a\\0": {name: x}}'])
def test_a_null_character_is_refused_with_its_place(text):
    assert any("nul" in said for _, said in refused(text))


def test_scalars_stay_what_was_typed():
    assert plain.parse_yaml("a: no\nb: 1.10\nc: 12:30\nd: 2026-01-01\ne:\nf: ~\ng: '~'", "f") == {
        "a": "no", "b": "1.10", "c": "12:30", "d": "2026-01-01", "e": None, "f": None, "g": "~",
    }  # fmt: skip


def test_a_value_takes_the_type_of_its_field():
    whole = read(
        "title: t\nday: 2026-09-01\nat: 2026-09-01T12:00+02:00\ncount: 3\nkept: oui\nparts: [{name: a, price: '1.10'}]\nnamed: {x: {name: 3}}"
    )
    assert whole.day == date(2026, 9, 1)
    assert whole.at is not None
    assert whole.at.utcoffset() is not None
    assert (whole.count, whole.kept) == (3, True)
    assert whole.parts == (Part("a", Decimal("1.10")),)
    assert whole.named == {"x": Part("3")}


def test_json_values_keep_their_type_and_fractions_stay_text():
    data = plain.parse_json('{"title": "t", "count": 2, "kept": true, "parts": [{"name": "a", "price": 1.10}]}', "f")
    whole = plain.structure(data, Whole, "f")
    assert (whole.count, whole.kept, whole.parts[0].price) == (2, True, Decimal("1.10"))


def test_every_fault_comes_at_once_with_its_path():
    faults = refused(
        "day: demain\nat: 2026-09-01T12:00\ncount: x\nkept: peut-être\ncolour: blue\nparts: [{name: a, price: NaN}, {nom: b}]\nnamed: []\nextra: 1"
    )
    places = {place for place, _ in faults}
    assert {
        "title",
        "day",
        "at",
        "count",
        "kept",
        "colour",
        "parts[0].price",
        "parts[1].name",
        "named",
        "extra",
    } <= places


@pytest.mark.parametrize(
    "text",
    ["title: t\nparts: 3", "title: t\nat: jamais", "title: [a]", "title: t\nparts: {a: b}", "- a", "title: {a: b}"],
)
def test_wrong_shapes_are_findings(text):
    assert refused(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: 1\na: 2", "deux fois"),
        ("a: &x 1\nb: *x", "renvois"),
        ("[" * 200_000, "imbriqués"),
        ("- " * 200_000, "imbriqués"),
        ("a: [", "YAML"),
        ("\x00", "YAML"),
    ],
)
def test_unreadable_yaml_names_the_file(text, word):
    with pytest.raises(DataError) as caught:
        plain.parse_yaml(text, "tender.yaml")
    assert word in str(caught.value)
    assert caught.value.findings[0].file == "tender.yaml"


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "{", "[" * 100_000])
def test_unreadable_json_names_the_file(text):
    with pytest.raises(DataError):
        plain.parse_json(text, "c.json")


@pytest.mark.parametrize("value", [1.5, "abc", "NaN", "Infinity", None, True])
def test_money_is_a_finite_number_made_from_text(value):
    with pytest.raises(ValueError, match="nombre"):
        plain.decimal(value)


def test_money_accepts_text_whole_numbers_and_decimals():
    assert plain.decimal("1 234.50") == plain.decimal(Decimal("1234.5")) == Decimal("1234.50")
    assert plain.decimal(3) == Decimal(3)


@pytest.mark.parametrize("far", ["1e999999", "1e-999999", "9" * 16, "1" + "0" * 15, "0." + "1" * 61])
def test_a_number_that_nobody_can_mean_is_refused_before_any_arithmetic(far):
    assert refused(f"title: t\nparts: [{{name: a, price: '{far}'}}]")[0][0] == "parts[0].price"


def test_a_whole_number_and_a_day_stay_in_reach():
    found = refused(f"title: t\ncount: {10**15}\nday: 9999-12-31\nat: 0001-01-01T00:00:00+14:00")
    assert [place for place, _ in found] == ["day", "at", "count"]
    assert read(f"title: t\ncount: {10**15 - 1}\nday: 2199-12-31").count == 10**15 - 1


def test_any_fault_without_sentence_still_says_where():
    finding = plain._findings(RuntimeError("étrange"), ".a", "f")[0]
    assert "étrange" in str(finding.understood)
    assert plain._mapping_or_fault({"a": 1}) == {"a": 1}


texts = st.text().filter(lambda text: "\0" not in text)
wholes = st.builds(
    Whole,
    texts,
    st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.booleans(),
    st.just(Colour.RED),
    st.lists(st.builds(Part, texts, st.decimals(-(10**14), 10**14, places=10))).map(tuple),
    st.dictionaries(texts, st.builds(Part, texts)),
)


@given(wholes)
def test_plain_and_back_is_the_same_value_and_digest(whole):
    again = plain.structure(plain.parse_json(plain.canonical(whole).decode(), "f"), Whole, "f")
    assert again == whole
    assert plain.digest(again) == plain.digest(whole)


def test_digest_ignores_the_order_of_keys_and_sees_each_value():
    assert plain.digest({"a": 1, "b": 2}) == plain.digest({"b": 2, "a": 1}) != plain.digest({"a": 1, "b": 3})


def test_json_may_say_a_text_with_a_number_or_nothing_and_a_list_with_nothing():
    whole = plain.structure({"title": 3, "parts": None}, Whole, "f")
    assert (whole.title, whole.parts) == ("3", ())
    assert plain.structure({"title": None}, Whole, "f").title == ""


def test_half_a_character_is_replaced_and_a_whole_one_kept():
    assert plain.parse_json(r'{"a": "x\ud800y", "b": "\ud83d\ude00"}', "f") == {"a": "x?y", "b": "😀"}


def test_messages_are_plain_data():
    assert plain.unstructure(message("a {b}", b=1)) == {"text": "a {b}", "values": {"b": 1}}
    assert plain.structure({"text": "a", "values": {}}, Message, "f") == Message("a")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(PLAIN)
def test_indented_is_the_json_of_the_standard_library(data):
    assert plain.indented(data) == json.dumps(data, ensure_ascii=False, indent=1)
