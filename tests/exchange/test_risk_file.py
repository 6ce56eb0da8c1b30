"""The file of an establishment: read as it is meant, refused with all its faults at once."""

from datetime import date
from math import inf

import pytest

from egide import reference
from egide.diagnosis.level import Level
from egide.errors import DataError
from egide.exchange.risk_file import MOST_BYTES, RiskStudy, read, read_file, read_overlay
from egide.family import MEASURES
from egide.risk.contract import Condition
from egide.risk.exposure import Declared

LIBRARY = reference.risk_library()
LEAST = "category: local\nmaturity:\n"


def study(text: str) -> RiskStudy:
    return read(text, "x.yaml", LIBRARY).study


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as caught:
        read(text, "x.yaml", LIBRARY)
    assert all(each.understood and each.remedy and each.file == "x.yaml" for each in caught.value.findings)
    return [(each.code, each.place) for each in caught.value.findings]


def test_the_least_that_is_a_study():
    found = study(LEAST)
    assert found.exposure.defaults == {"revenue", "activity_share", "beds", "places", "persons"}
    assert found.contract is None
    assert set(found.maturity.levels.values()) == {Level(0.0, 0.0)}
    assert set(found.maturity.best.values()) == {Level(1.0, 1.0)}
    assert found.maturity.overall_completeness == 0
    assert (found.years, found.draws, found.seed) == (50_000, 200, 2026)


def test_all_that_a_study_can_say():
    found = study("""
format: 1
title: Hôpital d'essai
category: hospital
exposure: {revenue: 1e7, activity_share: 0.5, beds: 50, places: 4, persons: 900, emergencies_per_day: 12.5}
declared: {events: 3, years: 4.5}
maturity: {all: 0.5, mfa: reference, backup: blank, edr: 1}
programme: {name: Contrat, deductible_event: 10000, limit_event: 1e6, waiting_hours: 24, sublimit_notification: 5e4}
conditions: {mfa: 0.9}
assumptions: {size.days: 0.2, effect.backup: {value: 2, low: 1.5, high: 3}}
year_like_2021: true
date: 2026-11-01
years: 1000
draws: 20
seed: 7
""")
    assert (found.exposure.beds, found.exposure.emergencies_per_day) == (50, 12.5)
    assert found.exposure.defaults == frozenset()
    assert found.exposure.declared == Declared(3, 4.5)
    assert found.maturity.levels["mfa"] == Level(0.0, None)
    assert (found.maturity.levels["backup"], found.maturity.best["backup"]) == (Level(0.0, 0.0), Level(1.0, 1.0))
    assert found.maturity.levels["people"] == Level(0.5, 0.5)
    assert found.maturity.completeness["backup"] == 0
    assert found.contract.conditions == (Condition("mfa", 0.9),)
    assert found.contract.programme.retention.flat == 10_000
    assert found.contract.programme.heads["notification"].sublimit == 50_000
    assert found.contract.programme.indemnity_days == inf
    assert [each.id for each in found.library.overrides] == ["effect.backup", "size.days"]
    assert found.on == date(2026, 11, 1)
    assert (found.year_like_2021, found.years, found.draws, found.seed) == (True, 1000, 20, 7)


@pytest.mark.parametrize(("programme", "default"), [("default", "middle"), ("none", None)])
def test_programmes_by_name(programme, default):
    contract = study(f"{LEAST}programme: {programme}\n").contract
    assert (contract and contract.default) == default


def test_a_diagnosis_stands_in_the_place_of_levels():
    found = study("category: local\ndiagnosis: rempli.xlsx\n")
    assert (found.maturity, found.diagnosis) == (None, "rempli.xlsx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- liste", [("risk.structure", "")]),
        ("maturity:\n", [("risk.category", "category")]),
        ("category: palace\nmaturity:\n", [("risk.category", "category")]),
        ("category: local\n", [("risk.missing_key", "")]),
        (LEAST + "format: 2\n", [("risk.format", "format")]),
        (LEAST + "mesures: 1\n", [("risk.unknown_key", "mesures")]),
        ("category: local\nmaturity: {all: 1.5}\n", [("loss.not_a_share", "maturity.all")]),
        ("category: local\nmaturity: {mfa: haut}\n", [("risk.not_a_number", "maturity.mfa")]),
        ("category: local\nmaturity: {mfaa: 1}\n", [("risk.unknown_key", "maturity.mfaa")]),
        ("category: local\nmaturity: {}\ndiagnosis: x.xlsx\n", [("risk.two_maturities", "maturity")]),
        ("category: local\ndiagnosis: ../x.xlsx\n", [("risk.file_elsewhere", "diagnosis")]),
        (LEAST + "exposure: {revenue: 0}\n", [("risk.exposure", "exposure.revenue")]),
        (LEAST + "exposure: {lits: 3}\n", [("risk.unknown_key", "exposure.lits")]),
        (LEAST + "declared: {events: 2}\n", [("risk.missing_key", "declared.years")]),
        (LEAST + "declared: 3\n", [("risk.structure", "declared")]),
        (LEAST + "declared: {events: -2, years: 3}\n", [("risk.exposure", "declared.events")]),
        (LEAST + "conditions: {mfa: 0.9}\n", [("risk.conditions", "conditions")]),
        (LEAST + "programme: default\nconditions: {mfa: 2}\n", [("loss.not_a_share", "conditions.mfa")]),
        (LEAST + "programme: default\nconditions: {mf: 1}\n", [("risk.unknown_key", "conditions.mf")]),
        (LEAST + "programme: Contrat\n", [("risk.programme", "programme")]),
        (LEAST + "programme: {heads: {fine: {}}}\n", [("insurance.not_insurable", "programme.heads")]),
        (LEAST + "programme: {excluded_scenarios: [H99]}\n", [("insurance.unknown_scenario", "programme.scenarios")]),
        (LEAST + "programme: {limit_event: -1}\n", [("insurance.limit", "programme.limit_event")]),
        (
            LEAST + "assumptions: {effect.hard: {value: 2, low: 3, high: 3}}\n",
            [("risk.parameter", "assumptions.effect.hard")],
        ),
        (LEAST + "assumptions: {nope: 2}\n", [("risk.overlay", "assumptions.nope")]),
        (LEAST + "assumptions: [1]\n", [("risk.structure", "assumptions")]),
        (LEAST + "date: hier\n", [("risk.date", "date")]),
        (LEAST + "years: 3\n", [("loss.years", "years")]),
        (LEAST + "years: 1e9\n", [("risk.out_of_reach", "years")]),
        (LEAST + "draws: 5\n", [("risk.out_of_reach", "draws")]),
        (LEAST + "seed: -1\n", [("risk.out_of_reach", "seed")]),
        (LEAST + "year_like_2021: peut-être\n", [("risk.truth", "year_like_2021")]),
    ],
)
def test_what_is_refused_and_where(text, expected):
    assert faults(text) == expected


def test_all_faults_at_once():
    found = faults(
        "exposure: {beds: deux}\nmaturity: {all: 2}\nprogramme: oui\ndraws: 1\ndate: x\nassumptions: {nope: 1}\n"
    )
    assert len(found) == 7


def test_files_that_are_not_texts_or_too_large(tmp_path):
    path = tmp_path / "x.yaml"
    for content, code in ((b"\xff\xfe\x00", "risk.unreadable"), (b"a" * (MOST_BYTES + 1), "risk.file_size")):
        path.write_bytes(content)
        with pytest.raises(DataError) as caught:
            read_file(path, LIBRARY)
        assert [each.code for each in caught.value.findings] == [code]


def test_an_overlay_is_a_list_of_parameters(tmp_path):
    path = tmp_path / "hypotheses.yaml"
    path.write_text("size.days: 0.2\nclaim.amount: {value: 1e5, low: 5e4, high: 2e5}\n")
    assert LIBRARY.overridden(read_overlay(path)).overrides
    path.write_text("- size.days\n")
    with pytest.raises(DataError):
        read_overlay(path)


def test_every_measure_may_be_told():
    text = "category: local\nmaturity:\n" + "".join(f"  {each.code}: 0.5\n" for each in MEASURES)
    assert study(text).maturity.overall_completeness == 1
