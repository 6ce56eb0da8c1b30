"""OSCAL catalogs: ours out and back without a difference, others' in with all that must be said, and hostile ones."""

import json
import re
import time
import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import clausier, point
from egide import reference
from egide.clausier.model import Binding, Clausier, Level, Moment, Parameter, Proof, ProofKind, Reference, Theme
from egide.errors import DataError
from egide.exchange.clausiers import framework, native, oscal, oscal_foreign
from egide.exchange.clausiers.foreign import Report
from egide.finding import Severity
from egide.message import Text

TOKEN = re.compile(r"[^\W\d][\w.\-]*")
LINE = re.compile(r"\S(.*\S)?")
DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def taken_in(text):
    report = Report("x.json")
    made = oscal_foreign.from_oscal(json.loads(text), report)
    return made, [*report.findings, *report.notes()]


def catalog(**content):
    metadata = {"title": "Sample", "last-modified": "2026-01-02T00:00:00Z", "version": "1.0", "oscal-version": "1.1.2"}
    return {"catalog": {"uuid": str(uuid.UUID(int=1)), "metadata": metadata, **content}}


def control(identifier="a-1", prose="The system keeps the door shut.", **content):
    return {
        "id": identifier,
        "title": f"Title {identifier}",
        "parts": [{"name": "statement", "prose": prose}],
        **content,
    }


def read(data, tmp_path, name="catalog.json"):
    path = tmp_path / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return framework.read(path, name)


# --------------------------------------------------------------------------------------------------------------- ours
def test_our_clausier_comes_back_identical(tmp_path):
    ours = reference.clausier()
    path = tmp_path / "egide.json"
    path.write_text(oscal.as_oscal(ours), encoding="utf-8")
    back, found = framework.read(path, path.name)
    assert back == ours
    assert back.digest == ours.digest
    assert found == []
    assert oscal.as_oscal(back) == oscal.as_oscal(ours)


signs = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
"""Any sign but NUL, which no text of ours may hold."""
texts = st.builds(Text, st.text(signs, max_size=20), st.text(signs, max_size=20))
short = st.text(signs, max_size=8)
parameters = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True),
    st.builds(Parameter, st.text(signs, max_size=5), texts, short, short, st.booleans()),
    max_size=2,
)
points = st.builds(
    lambda number, text, title, params, levels, proofs, binding, refs, facets, weight: replace(
        point(f"P-{number}", weight), text=text, title=title, parameters=params, levels=levels, proofs=proofs,
        binding=binding, references=refs, facets=facets,
    ),
    st.integers(0, 10_000), texts, texts, parameters,
    st.lists(st.builds(Level, short, st.none() | st.sampled_from([Decimal(0), Decimal("0.50"), Decimal(1)]), texts), max_size=2).map(tuple),
    st.lists(st.builds(Proof, st.sampled_from(ProofKind), st.sampled_from(Moment), texts, st.lists(short, max_size=2).map(tuple)), max_size=2).map(tuple),
    st.none() | st.builds(Binding, texts, texts),
    st.lists(st.builds(Reference, short, short, st.none() | st.dates(date(2000, 1, 1), date(2199, 12, 31)), st.booleans(), short), max_size=2).map(tuple),
    st.lists(st.dictionaries(short, st.lists(short, max_size=2).map(tuple), max_size=2), max_size=2).map(tuple),
    st.integers(0, 9),
)  # fmt: skip


def clean_of_inserts(value):
    return "{{" not in repr(value)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(points, min_size=1, max_size=3, unique_by=lambda each: each.id).filter(clean_of_inserts),
    texts, short, short, st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.lists(short, max_size=2).map(tuple),
)  # fmt: skip
def test_any_clausier_comes_back_identical(given_points, title, version, licence, published, readers):
    made = Clausier(
        "x y",
        version,
        title,
        (Theme("T 1", title, tuple(given_points), readers),),
        published=published,
        licence=licence,
    )
    back, found = taken_in(oscal.as_oscal(made))
    assert back == made
    assert [each for each in found if each.severity is not Severity.NOTE] == []


def walk(data):
    yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from walk(value)


def test_the_catalog_obeys_the_structure_of_oscal_1_1():
    made = json.loads(oscal.as_oscal(reference.clausier()))
    assert set(made) == {"catalog"}
    whole = made["catalog"]
    assert set(whole) == {"uuid", "metadata", "groups", "back-matter"}
    assert {"title", "last-modified", "version", "oscal-version"} <= set(whole["metadata"])
    assert DATETIME.fullmatch(whole["metadata"]["last-modified"])
    assert whole["metadata"]["last-modified"].startswith("2026-11-22")
    assert uuid.UUID(whole["uuid"]).version == 5
    allowed = {
        "groups": {"id", "class", "title", "props", "controls"},
        "controls": {"id", "class", "title", "params", "props", "links", "parts"},
        "params": {"id", "label", "props", "constraints", "values"},
        "parts": {"id", "name", "ns", "class", "props", "prose", "parts"},
        "props": {"name", "ns", "value", "class"},
        "links": {"href", "rel"},
        "resources": {"uuid", "title", "props"},
        "constraints": {"description"},
    }
    met = set()
    identifiers = []
    for node in walk(whole):
        for key, kind in allowed.items():
            for each in node.get(key, []) if isinstance(node, dict) else []:
                met.add(key)
                assert set(each) <= kind, (key, each)
                assert node[key], "an empty array is not valid"
                identifiers += [each["id"]] if "id" in each else []
                for name in {"id", "name", "class"} & set(each):
                    assert TOKEN.fullmatch(each[name]), each
                if key == "props":
                    assert LINE.fullmatch(each["value"])
                    assert each.get("ns", oscal.NAMESPACE).startswith("urn:")
    assert met == set(allowed)
    assert len(identifiers) == len(set(identifiers))
    known = {each["uuid"] for each in whole["back-matter"]["resources"]}
    links = {link["href"] for group in whole["groups"] for each in group["controls"] for link in each.get("links", [])}
    assert links == {f"#{each}" for each in known}
    inserted = {found for node in walk(whole) if isinstance(node, str) for found in oscal.INSERT.findall(node)}
    assert inserted
    assert inserted <= {
        each["id"] for group in whole["groups"] for one in group["controls"] for each in one.get("params", [])
    }


def test_what_a_hand_changed_in_our_catalog_is_said(tmp_path):
    made = json.loads(oscal.as_oscal(clausier(point("A"), point("B"))))
    controls = made["catalog"]["groups"][0]["controls"]
    controls[0]["parts"][0]["prose"] = "Le titulaire fait autre chose."
    _, found = read(made, tmp_path)
    assert [(each.code, each.point) for each in found] == [("oscal.digest", "A")]
    controls.append(controls[1])
    _, found = read(made, tmp_path)
    assert ("lint.id.reused", Severity.ERROR) in [(each.code, each.severity) for each in found]
    next(each for each in controls[1]["props"] if each["name"] == "weight")["value"] = "beaucoup"
    with pytest.raises(DataError) as refused:
        read(made, tmp_path)
    assert {each.place for each in refused.value.findings} == {
        "themes[0].points[1].weight",
        "themes[0].points[2].weight",
    }


def test_our_catalog_emptied_is_refused(tmp_path):
    made = json.loads(oscal.as_oscal(clausier(point("A"))))
    made["catalog"].pop("groups")
    with pytest.raises(DataError) as refused:
        read(made, tmp_path)
    assert refused.value.findings[0].code == "clausier.empty"


# -------------------------------------------------------------------------------------------------------------- others
def test_groups_parameters_and_parts_of_another(tmp_path):
    params = [
        {"id": "a-1_prm_1", "label": "a delay", "values": ["3 days"]},
        {"id": "a-1_prm_2", "label": "a choice", "select": {"choice": ["lock after {{ insert: param, a-1_prm_3 }}", "log off"]}},
        {"id": "a-1_prm_3", "label": "a duration"},
    ]  # fmt: skip
    parts = [
        {
            "name": "statement", "prose": "Within {{ insert: param, a-1_prm_1 }} the system:",
            "parts": [
                {"name": "item", "props": [{"name": "label", "value": "a."}], "prose": "{{ insert: param, a-1_prm_2 }};"},
                {"name": "item", "props": [{"name": "label", "value": "b."}], "prose": "writes {{ insert: param, gone }}."},
            ],
        },
        {"name": "guidance", "prose": "Doors are opened.", "parts": [{"name": "objective", "prose": "Look."}]},
        {"name": "assessment-objective", "prose": "the delay is set"},
        {"name": "assessment-method", "props": [{"name": "method", "value": "TEST"}], "parts": [{"name": "assessment-objects", "prose": "the door"}]},
        {"name": "overview2", "prose": "left"},
    ]  # fmt: skip
    inner = control("a-1.1", "It also rings.", props=[{"name": "label", "value": "A-1(1)"}])
    outer = control("a-1", params=params, controls=[inner], parts=parts, links=[{"href": f"#{uuid.UUID(int=2)}", "rel": "reference"}, {"href": "https://example.org", "rel": "related"}])  # fmt: skip
    gone = control("a-2", props=[{"name": "status", "value": "withdrawn"}])
    bare = {"id": "a-3", "title": "Only a title"}
    data = catalog(
        groups=[
            {
                "id": "a",
                "title": "Access",
                "groups": [{"id": "a.1", "title": "Doors", "controls": [outer, gone, bare]}],
            },
            {"title": "Rest", "controls": [control("r-1")]},
        ],
        **{"back-matter": {"resources": [{"uuid": str(uuid.UUID(int=2)), "citation": {"text": "SP 1"}}]}},
    )
    made, found = read(data, tmp_path)
    assert [(theme.id, theme.title.en) for theme in made.themes] == [("a.1", "Access · Doors"), ("2", "Rest")]
    assert list(made.points) == ["a-1", "a-1.1", "a-3", "r-1"]
    first = made.points["a-1"]
    assert first.wording("en").splitlines() == [
        "Within 3 days the system:", "a. [lock after a duration | log off];", "b. writes [gone].",
    ]  # fmt: skip
    assert {name: each.default for name, each in first.parameters.items()} == {
        "p_a_1_prm_1": "3 days",
        "p_a_1_prm_2": "[lock after a duration | log off]",
    }
    assert first.why.en == "Doors are opened.\nLook."
    assert first.how_to_prove.en == "the delay is set"
    assert [(proof.kind, proof.what.en) for proof in first.proofs] == [(ProofKind.TEST, "the door")]
    assert [(each.text, each.to_check) for each in first.references] == [("SP 1", True)]
    assert made.points["a-1.1"].xref == ("A-1(1)",)
    assert made.points["a-3"].text.en == "Only a title"
    assert {each.code for each in found} == {"oscal.parameter", "oscal.no_statement", "oscal.nested", "import.left"}
    said = " ".join(str(each.understood) for each in found)
    assert all(word in said for word in ("gone", "overview2", "retirées", "liens d'une exigence", "a-3"))
    assert (made.version, str(made.published), made.source) == ("1.0", "2026-01-02", "OSCAL 1.1.2")


def test_controls_without_group_and_one_theme_given_twice(tmp_path):
    twice = [
        {"id": "g", "title": "G", "controls": [control("a")]},
        {"id": "g", "title": "H", "controls": [control("b")]},
    ]
    made, found = read(catalog(controls=[control("z")], groups=twice), tmp_path)
    assert [(theme.id, len(theme.points)) for theme in made.themes] == [("T0", 1), ("g", 2)]
    assert found == []


def test_an_import_becomes_a_clausier_like_any_other(tmp_path):
    made, _ = read(catalog(groups=[{"id": "g", "title": "G", "controls": [control("a"), control("b")]}]), tmp_path)
    path = tmp_path / "native.json"
    path.write_text(native.text(made), encoding="utf-8")
    assert native.read(path, "native.json") == made
    assert taken_in(oscal.as_oscal(made))[0] == made


# ------------------------------------------------------------------------------------------------------------- hostile
def nested(depth, key, leaf):
    for _ in range(depth):
        leaf = {key: [{"id": "g", "title": "G", "name": "statement", "prose": "p", **leaf}]}
    return leaf


@pytest.mark.parametrize("key", ["groups", "controls", "parts"])
def test_a_bomb_of_nesting_is_a_finding(tmp_path, key):
    leaf = {} if key == "parts" else {"controls": [control("deep")]}
    deep = nested(300, key, leaf)
    data = catalog(controls=[control("a"), {"id": "b", "title": "B", **deep}], **(deep if key == "groups" else {}))
    made, found = read(data, tmp_path)
    assert "a" in made.points
    assert "deep" not in made.points
    assert "oscal.depth" in [each.code for each in found]


def test_nesting_beyond_the_reader_is_refused_in_no_time(tmp_path):
    path = tmp_path / "bomb.json"
    path.write_text('{"catalog": {"metadata": {}, "groups": ' + '[{"groups": ' * 50_000, encoding="utf-8")
    started = time.monotonic()
    with pytest.raises(DataError):
        framework.read(path, "bomb.json")
    assert time.monotonic() - started < 5


def test_control_identifiers_used_twice(tmp_path):
    _, found = read(catalog(groups=[{"id": "g", "title": "G", "controls": [control("a"), control("A")]}]), tmp_path)
    assert [(each.code, each.severity, each.read) for each in found] == [("lint.id.reused", Severity.ERROR, "a")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"profile": {"uuid": "x", "metadata": {}}}, "oscal.model"),
        ({"system-security-plan": {"metadata": {}}}, "oscal.model"),
        ({"catalog": {"metadata": {}}}, "framework.empty"),
        ({"catalog": {"metadata": [], "groups": "none", "controls": {"a": 1}}}, "framework.empty"),
        ({"catalog": {"metadata": {}, "groups": [None, 3, {"controls": [None, "x"]}]}}, "framework.empty"),
        ({"catalog": {"uuid": "x"}}, "framework.form"),
    ],
)
def test_what_is_no_catalog_of_requirements_is_refused_with_its_reason(tmp_path, data, code):
    with pytest.raises(DataError) as refused:
        read(data, tmp_path)
    assert refused.value.findings[0].code == code


def outcome(data):
    """Return the themes of what was read, or the findings of its refusal."""
    try:
        return taken_in(json.dumps(data))[0].themes
    except DataError as refused:
        return refused.findings


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "title", "props", "parts", "prose", "name", "value", "params", "values", "select", "choice",
                         "controls", "groups", "links", "href", "rel", "ns", "class", "metadata", "back-matter", "resources", "uuid"]),
        inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(junk, junk, junk)
def test_any_content_gives_a_clausier_or_a_refusal(groups, controls, metadata):
    data = {"catalog": {"metadata": metadata, "groups": groups, "controls": controls, "back-matter": groups}}
    assert outcome(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_to_our_catalog_gives_a_clausier_or_a_refusal(data):
    made = json.loads(oscal.as_oscal(clausier(replace(point("A"), parameters={"n": Parameter("3")}), point("B"))))
    holders = [each for each in walk(made["catalog"]) if isinstance(each, dict) and each]
    holder = data.draw(st.sampled_from(holders))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(junk)
    assert outcome(made)


def test_five_megabytes_are_read_in_bounded_time(tmp_path):
    prose = "The system keeps {{ insert: param, p }} shut. " * 30
    many = [control(f"c-{number}", prose, params=[{"id": f"q-{number}"}]) for number in range(3_600)]
    data = catalog(params=[{"id": "p", "label": "the door"}], groups=[{"id": "g", "title": "G", "controls": many}])
    assert len(json.dumps(data)) > 5_000_000
    started = time.monotonic()
    made, found = read(data, tmp_path)
    assert time.monotonic() - started < 8
    assert len(made.points) == 3_600
    assert [each.code for each in found] == ["oscal.parameter"]
