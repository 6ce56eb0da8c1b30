from dataclasses import replace
from decimal import Decimal

import pytest

from egide import plain, reference
from egide.errors import DataError
from egide.finding import Severity
from egide.message import Text
from egide.reference import HERE, RISK_FILES
from egide.risk.assembly import assembled
from egide.risk.library import Act, Block, DefaultProgramme, Spread
from egide.risk.parameter import Design, Grade, Kind
from worlds import LIBRARY


def blocks():
    return {
        name: plain.structure(plain.parse_yaml((HERE / "risk" / name).read_text(), name), Block, name)
        for name in RISK_FILES
    }


def with_scenario(name, **changed):
    found = blocks()
    block = found["scenarios.yaml"]
    scenarios = tuple(replace(each, **changed) if each.id == name else each for each in block.scenarios)
    return found | {"scenarios.yaml": replace(block, scenarios=scenarios)}


def with_parameter(file, parameter):
    found = blocks()
    return found | {file: replace(found[file], parameters=(*found[file].parameters, parameter))}


def refused(given):
    with pytest.raises(DataError) as caught:
        assembled(given)
    return caught.value.findings


def test_the_library_holds_twenty_scenarios_ten_categories_and_says_it_all_in_both_languages():
    assert [each.id for each in LIBRARY.scenarios] == [*(f"H{n:02}" for n in range(1, 15)), *(f"S{n:02}" for n in range(1, 7))]  # fmt: skip
    assert len(LIBRARY.categories) == 10
    assert LIBRARY.notes == ()
    for each in (*LIBRARY.parameters.values(), *LIBRARY.scenarios, *LIBRARY.categories, *LIBRARY.programmes):
        assert each.title.fr, each.id
        assert each.title.en, each.id


def test_every_parameter_has_a_source_and_every_assumption_that_is_a_quantity_an_interval():
    for each in LIBRARY.parameters.values():
        assert each.source.fr, each.id
        assert each.source.en, each.id
        assert each.unit, each.id
    bare = {
        each.id.rpartition(".")[2] for each in LIBRARY.parameters.values() if each.grade.marked and each.low is None
    }
    assert bare == {
        "count", "places", "beds", "lost", "days_sd", "own_sd", "leak", "records", "sd", "total", "most", "days_cut",
        "threshold", "discount", "state_attack", "retention", "limit", "waiting",
    }  # fmt: skip


def test_suppliers_and_orders_of_magnitude_are_told_apart():
    assert [each.id for each in LIBRARY.scenarios if each.supplied] == ["S01", "S02", "S03", "S04", "S05", "S06"]
    assert [each.id for each in LIBRARY.categories if each.order_of_magnitude] == ["care_home", "social", "practice"]


@pytest.mark.parametrize(
    ("revenue", "programme"),
    [(300_000, "practice"), (2_000_000, "small"), (15e6, "middle"), (64e6, "large"), (1.2e9, "university")],
)
def test_the_default_programme_follows_the_size(revenue, programme):
    assert LIBRARY.programme_of(revenue).id == programme


def test_the_digest_changes_with_a_figure_and_not_with_a_title():
    again = assembled(blocks())
    assert again.digest == LIBRARY.digest
    words = blocks()
    first = words["scenarios.yaml"].scenarios[0]
    words["scenarios.yaml"] = replace(
        words["scenarios.yaml"], scenarios=(replace(first, title=Text("Autre", "Other")), *words["scenarios.yaml"].scenarios[1:])
    )  # fmt: skip
    assert assembled(words).digest == LIBRARY.digest
    assert LIBRARY.overridden({"H01.days": "22"}).digest != LIBRARY.digest
    assert assembled(with_scenario("H06", tail=True)).digest != LIBRARY.digest
    effects = replace(LIBRARY, effects=LIBRARY.effects[:-1])
    assert effects.digest != LIBRARY.digest
    assert replace(LIBRARY, programmes=(DefaultProgramme("all", Text("Tous"), Decimal(0)),)).digest != LIBRARY.digest


# ---------------------------------------------------------------------------------------------------- the overlay
def test_an_overlay_is_kept_beside_the_result_and_graded_as_an_assumption():
    changed = LIBRARY.overridden({"effect.hard": {"value": "4", "low": "2", "high": "6"}, "maturity.reference": "0.5"})
    assert [(each.id, each.before, each.after) for each in changed.overrides] == [
        ("effect.hard", "6 [3 ; 9]", "4 [2 ; 6]"),
        ("maturity.reference", "0.45 [0.3 ; 0.6]", "0.5 [0.5 ; 0.5]"),
    ]
    assert changed["effect.hard"].grade is Grade.ASSUMPTION
    assert changed["effect.hard"].source.en == "changed by the user"
    assert LIBRARY.overrides == ()


def test_an_overlay_of_the_same_value_changes_nothing():
    same = LIBRARY.overridden({"H01.days": {"value": "21", "low": "13", "high": "34"}})
    assert same.overrides == ()
    assert same.digest == LIBRARY.digest


def test_a_second_overlay_remembers_the_first_value():
    twice = LIBRARY.overridden({"H01.days": "22"}).overridden({"H01.days": "23", "H02.days": "7"})
    assert [(each.id, each.before, each.after) for each in twice.overrides] == [
        ("H01.days", "21 [13 ; 34]", "23 [23 ; 23]"),
        ("H02.days", "6 [3.5 ; 10]", "7 [7 ; 7]"),
    ]


def test_a_count_takes_a_number_alone():
    changed = LIBRARY.overridden({"national.declared": "1498"})
    assert (changed["national.declared"].kind, changed["national.declared"].value) == (Kind.COUNT, 1498)
    assert changed["national.declared"].low is None


@pytest.mark.parametrize(
    ("wrong", "place", "why"),
    [
        ({"H01.dais": "2"}, "H01.dais", "inconnu"),
        ({"ransom.paid": "1"}, "ransom.paid", "aucun calcul"),
        ({"category.hospital.count": "0"}, "category.hospital.count", "ne se calcule pas"),
        ({"H01.days": {"value": "2", "mode": "3"}}, "H01.days", "Clé inconnue"),
        ({"H01.days": {"low": "2", "high": "3"}}, "H01.days", "nécessaire"),
        ({"H01.days": {"value": "2", "high": "3"}}, "H01.days", "deux bornes"),
        ({"H01.days": "deux"}, "H01.days.value", "pas un nombre"),
        ({"H01.days": {"value": "2", "low": "x", "high": "3"}}, "H01.days.low", "pas un nombre"),
        ({"H01.days": {"value": "2", "low": "4", "high": "3"}}, "H01.days", "vide"),
        ({"effect.hard": "0.5"}, "effect.hard", "au moins 1"),
        ({"effect.cap": "1"}, "effect.cap", "ne se calcule pas"),
        ({"national.declared": "60"}, "national.declared", "deux fois"),
        ({"national.ransomware": "5000"}, "national.declared", "deux fois"),
        ({"H03.days": {"value": "15", "low": "12", "high": "20"}}, "H03.days", "moins grave"),
        ({"H03.leak": {"value": "0.4", "low": "0.3", "high": "0.5"}}, "H03.leak", "moins grave"),
    ],
)
def test_a_wrong_overlay_is_refused_with_its_place(wrong, place, why):
    with pytest.raises(DataError) as caught:
        LIBRARY.overridden(wrong, "mine.yaml")
    (found,) = caught.value.findings
    assert (found.file, found.place, found.severity) == ("mine.yaml", place, Severity.ERROR)
    assert why in str(found.understood)


def test_all_faults_of_an_overlay_are_told_at_once():
    with pytest.raises(DataError) as caught:
        LIBRARY.overridden({"a": "1", "H01.days": "x", "H02.days": {"value": "1", "low": "2", "high": "3"}})
    assert [each.place for each in caught.value.findings] == ["a", "H01.days.value", "H02.days"]


# ------------------------------------------------------------------------------------------- what must not be loaded
def test_two_sources_that_contradict_each_other_are_refused():
    other = replace(
        LIBRARY["H01.days"], value=Decimal(60), low=Decimal(40), high=Decimal(90), source=Text("presse", "press")
    )
    (found,) = refused(with_parameter("assumptions.yaml", other))
    assert found.code == "risk.contradiction"
    assert all(each in str(found.understood) for each in ("H01.days", "21 [13 ; 34]", "60 [40 ; 90]", "presse"))


def test_of_two_sources_that_agree_the_better_established_is_taken_and_it_is_said():
    other = replace(LIBRARY["H01.days"], value=Decimal(20), low=Decimal(10), high=Decimal(34), grade=Grade.READ, source=Text("rapport", "report"))  # fmt: skip
    for file in ("assumptions.yaml", "programmes.yaml"):
        made = assembled(with_parameter(file, other))
        assert made["H01.days"].value == 20
        (note,) = made.notes
        assert (note.code, note.severity, note.place) == ("risk.two_sources", Severity.NOTE, "H01.days")
        assert "rapport" in str(note.understood)
    worse = replace(other, grade=Grade.ASSUMPTION)
    assert assembled(with_parameter("programmes.yaml", worse))["H01.days"].value == 21


def test_an_effect_with_an_empty_interval_is_refused():
    given = blocks()
    parameters = tuple(
        replace(each, low=Decimal(9), high=Decimal(3)) if each.id == "effect.hard" else each
        for each in given["effects.yaml"].parameters
    )
    found = refused(given | {"effects.yaml": replace(given["effects.yaml"], parameters=parameters)})
    assert [(each.code, each.place) for each in found] == [("risk.parameter", "effect.hard")]
    assert "vide" in str(found[0].understood)


def test_a_missing_parameter_is_named():
    given = blocks()
    kept = tuple(each for each in given["assumptions.yaml"].parameters if each.id not in {"size.cost", "effect.cap"})
    found = refused(given | {"assumptions.yaml": replace(given["assumptions.yaml"], parameters=kept)})
    assert [(each.code, each.place) for each in found] == [("risk.missing", "size.cost")]


def test_an_effect_on_what_does_not_exist_is_refused():
    given = blocks()
    effect = given["effects.yaml"].effects[0]
    wrong = replace(effect, measure="magic", acts=(*effect.acts, Act("X", ("H99",))))
    given["effects.yaml"] = replace(given["effects.yaml"], effects=(wrong, *given["effects.yaml"].effects[1:]))
    found = refused(given)
    assert {each.read for each in found if each.code == "risk.effect"} == {"H99", "X", "magic"}


def test_every_family_of_a_scenario_has_an_effect_and_the_reverse():
    families = LIBRARY.scenario_by_id["H06"].families
    assert families == ()
    (found,) = refused(with_scenario("H06", families=("network",)))
    assert (found.code, found.place, found.read) == ("risk.family", "H06", "network")
    (found,) = refused(with_scenario("H11", families=()))
    assert (found.place, found.read) == ("H11", "continuity")


def test_events_come_in_again_as_a_known_and_milder_scenario():
    (found,) = refused(with_scenario("H01", spread=Spread("H99", ("network",))))
    assert (found.code, found.read) == ("risk.spread", "H99")
    (found,) = refused(with_scenario("H01", spread=Spread("H03", ("network", "backup"))))
    assert (found.code, found.read) == ("risk.spread", "backup")
    found = refused(with_scenario("H01", spread=Spread("S03", ("network",))))
    assert {each.place for each in found} == {"S03.days", "S03.own", "S03.lost", "S03.leak", "S03.records"}


def test_a_wider_dispersion_of_the_milder_form_is_seen_in_its_tail():
    given = blocks()
    wide = tuple(
        replace(each, value=Decimal(2)) if each.id == "H03.own_sd" else each
        for each in given["scenarios.yaml"].parameters
    )
    (found,) = refused(given | {"scenarios.yaml": replace(given["scenarios.yaml"], parameters=wide)})
    assert (found.code, found.place) == ("risk.order", "H03.own")


def test_the_loader_keeps_one_library():
    assert reference.risk_library() is LIBRARY


def test_what_is_an_assumption_of_ours_says_so():
    for each in LIBRARY.parameters.values():
        if each.source.fr == "hypothèse des auteurs":
            assert each.grade is Grade.ASSUMPTION, each.id
            assert each.design in {Design.EXPERT, Design.CONVENTION, Design.ACCOUNTS}, each.id
