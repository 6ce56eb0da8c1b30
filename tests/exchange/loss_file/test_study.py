"""The file of a loss study: read as it stands, written so that it reads back the same, never a crash."""

import copy
import re
from math import exp, inf, log
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.errors import DataError
from egide.exchange.loss_file import exposure, laws, programmes
from egide.exchange.loss_file import study as files
from egide.exchange.loss_file.study import Study, read, read_bytes, read_file, written
from egide.finding import Severity
from egide.locale import say
from egide.loss.frequency import Binomial, Fixed, NegativeBinomial, Poisson
from egide.loss.model import Amount, Interruption
from egide.loss.severity import GeneralisedPareto, Lognormal, Pert, Spliced
from exchange.loss_file.studies import studies

EXAMPLES = Path(__file__).parents[3] / "examples/loss"
NAMES = ("w1", "w2", "ght")
SHORT = "frequency: {poisson: {mean: 0.4}}\nseverity: {lognormal: {median: 200000, p95: 3000000}}\n"
ONE = """scenarios:
- name: a
  frequency: {poisson: {mean: 1}}
  own: {lognormal: {median: 10, sigma: 1}}
  interruption: {daily_loss: 5, median_days: 2, sigma: 1}
"""


def refused(text: str) -> dict[str, str]:
    """Return the code of each fault of a text, by its place."""
    with pytest.raises(DataError) as caught:
        read(text, "essai.yaml")
    assert all(each.file == "essai.yaml" and say(each.remedy, "en") for each in caught.value.findings)
    return {each.place: each.code for each in caught.value.findings}


def law(text: str) -> Any:
    """Return the severity written in a text."""
    (risk,) = read(f"frequency: {{poisson: {{mean: 1}}}}\nseverity: {text}\n", "essai.yaml").study.model.risks
    (head,) = risk.scenarios[0].heads
    return head.severity


def often(text: str) -> Any:
    """Return the frequency written in a text."""
    (risk,) = read(f"frequency: {text}\nseverity: {{constant: {{value: 1}}}}\n", "essai.yaml").study.model.risks
    return risk.scenarios[0].frequency


# ------------------------------------------------------------------------------------------------------ as they stand
def test_the_shortest_file_is_one_law_of_counts_and_one_of_amounts():
    study = read_file(EXAMPLES / "w1.yaml").study
    assert study.years == 1_000_000
    (risk,) = study.model.risks
    (scenario,) = risk.scenarios
    assert scenario.frequency == Poisson(0.4)
    assert scenario.heads == (Amount("loss", Lognormal.from_median(200000, 0.95, 3000000)),)


def test_a_workload_of_twelve_scenarios_and_its_programme_is_read_as_it_stands():
    study = read_file(EXAMPLES / "w2.yaml").study
    (risk,) = study.model.risks
    assert len(risk.scenarios) == 12
    first = risk.scenarios[0]
    assert first.frequency == NegativeBinomial(0.12, 1.5)
    assert first.duration == Lognormal(log(6.0), 1.0)
    tail = GeneralisedPareto(0.35, 1200000.0)
    assert first.heads == (
        Amount("own", Spliced(Lognormal(log(400000.0), 1.1), 2000000.0, 0.06, tail)),
        Interruption("interruption", 90000.0),
        Amount("liability", Lognormal(log(150000.0), 1.4), 0.35),
    )
    assert risk.scenarios[3].heads[0].severity == Pert(2000.0, 15000.0, 250000.0, 4.0)
    ((programme,),) = (option.programmes for option in study.options)
    assert (programme.waiting_hours, programme.retention.flat) == (12.0, 100000.0)
    assert (programme.event_limit, programme.annual_limit) == (5e6, 1e7)
    assert {name: cover.sublimit for name, cover in programme.heads.items()} == {
        "own": 2e6,
        "interruption": 4e6,
        "liability": 3e6,
    }
    assert programme.heads["interruption"].coinsurance == 0.1


def test_the_fuller_example_says_all_that_the_format_can():
    found = read_file(EXAMPLES / "ght.yaml")
    assert not found.findings
    study = found.study
    assert [option.name for option in study.options] == [
        "police de groupe",
        "franchise relevée à 250 000",
        "une police par établissement",
        "sans assurance",
    ]
    assert len(study.options[0].programmes[0].members) == 3
    assert not study.options[-1].programmes
    assert study.model.risks[0].scenarios[0].frequency == NegativeBinomial.mixed(0.1, 0.8)
    fines = study.model.risks[0].scenarios[0].heads[-1]
    assert (fines.name, fines.insurable, fines.probability) == ("fines", False, 0.08)
    text = (EXAMPLES / "ght.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    named = {key for scenario in data["risks"][0]["scenarios"] for key in scenario}
    assert named >= {"name", "frequency", "duration", "heads", "own", "interruption", "liability"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{lognormal: {mu: 2, sigma: 0.5}}", Lognormal(2, 0.5)),
        ("{lognormal: {median: 100, sigma: 0.5}}", Lognormal(log(100), 0.5)),
        ("{lognormal: {mean: 100, sigma: 0.5}}", Lognormal(log(100) - 0.125, 0.5)),
        ("{lognormal: {median: 100, p99.5: 900}}", Lognormal.from_median(100, 0.995, 900)),
        ("{lognormal: {p95: 900, p5: 10}}", Lognormal.from_quantiles(0.05, 10, 0.95, 900)),
        ("{pert: {min: 1, mode: 2, max: 9}}", Pert(1, 2, 9, 4)),
        ("{generalised_pareto: {xi: 0.3, beta: 5}}", GeneralisedPareto(0.3, 5)),
    ],
)
def test_a_severity_can_be_given_in_several_ways(text, expected):
    assert law(text) == expected


def test_the_mean_of_a_lognormal_law_is_the_one_given():
    assert law("{lognormal: {mean: 250, sigma: 1.7}}").mean == pytest.approx(250)
    assert exp(law("{lognormal: {median: 250, p90: 900}}").mu) == pytest.approx(250)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{bernoulli: {probability: 0.2}}", Binomial(1, 0.2)),
        ("{binomial: {trials: 3, probability: 0.2}}", Binomial(3, 0.2)),
        ("{fixed: {count: 2}}", Fixed(2)),
        ("{mixed_poisson: {mean: 2, variation: 0.5}}", NegativeBinomial.mixed(2, 0.5)),
    ],
)
def test_a_frequency_can_be_given_in_several_ways(text, expected):
    assert often(text) == expected


def test_short_keys_of_a_programme_are_the_long_ones():
    short = """programme: {deductible_event: 9, waiting_period_days: 1, limit_event: 50, limit_annual_aggregate: 80,
  sublimit_own: 40, own_coinsurance: 0.2}"""
    long = """programme: {retention: {flat: 9}, waiting_hours: 24, event_limit: 50, annual_limit: 80,
  heads: {own: {sublimit: 40, coinsurance: 0.2}}}"""
    assert read(ONE + short, "a").study == read(ONE + long, "b").study


def test_a_programme_is_taken_by_a_group_or_by_each_group():
    text = "risks:\n" + "".join(
        f"- {{name: {name}, group: {group}, scenarios: [{{name: s, frequency: {{poisson: {{mean: 1}}}}, own: {{constant: {{value: 1}}}}}}]}}\n"
        for name, group in (("a", "x"), ("b", "y"), ("c", "x"))
    )
    (option,) = read(text + "programme: {group: x, limit_event: 5}", "f").study.options
    assert option.programmes[0].members == ("a", "c")
    (option,) = read(text + "programme: {each_group: true, limit_event: 5}", "f").study.options
    assert {each.name: each.members for each in option.programmes} == {"x": ("a", "c"), "y": ("b",)}
    assert refused(text + "programme: {group: z}") == {"programme.group": "loss.unknown_group"}
    assert refused(ONE + "programme: {each_group: true}") == {"programme.each_group": "loss.each_group"}


# --------------------------------------------------------------------------------------------------------- round trip
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(studies())
def test_what_is_written_reads_back_the_same(study: Study):
    assert read(written(study), "essai.yaml").study == study


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_the_same_once_written_and_read(name):
    study = read_file(EXAMPLES / f"{name}.yaml").study
    again = read(written(study), "essai.yaml").study
    assert again == study
    assert files.fingerprint(again) == files.fingerprint(study)


# -------------------------------------------------------------------------------------------------------------- faults
def test_all_the_faults_of_a_file_are_told_at_once_each_with_its_place():
    text = """years: 20
levels: [0.9, 1]
currancy: EUR
scenarios:
- name: a
  frequency: {poisson: {mean: -1}}
  own: {lognormal: {median: 100, sigma: 0}}
  liability: {probability: 1.2, median: 5, sigma: 1}
- name: a
  frequency: {poisson: {mean: "0,5"}}
  own: {lognormal: {median: 5000, p95: 3000}}
  interruption: {daily_loss: 5, median_days: 2, sigma: x}
  heads:
    fines: {severity: {pareto: {xi: 1}}}
programme: {limit_event: 10, limit_annual_aggregate: 5, insurers: {x: 0.9, y: 0.4}, deductible: 3}
"""
    assert refused(text) == {
        "years": "loss.years",
        "levels[1]": "loss.not_inside",
        "currancy": "loss.unknown_key",
        "scenarios": "loss.name_twice",
        "scenarios[0].frequency.poisson.mean": "loss.negative",
        "scenarios[0].own.lognormal.sigma": "loss.not_positive",
        "scenarios[0].liability.probability": "loss.not_a_share",
        "scenarios[1].frequency.poisson.mean": "loss.not_a_number",
        "scenarios[1].own.lognormal.p95": "loss.quantile_order",
        "scenarios[1].interruption.sigma": "loss.not_a_number",
        "scenarios[1].heads.fines.severity.pareto": "loss.unknown_key",
        "programme.limit_annual_aggregate": "insurance.annual_below_event",
        "programme.insurers": "insurance.share_above_one",
        "programme.deductible": "loss.unknown_key",
    }


def remedy(value: str) -> str:
    """Return the remedy told for one faulty number."""
    with pytest.raises(DataError) as caught:
        often(f"{{poisson: {{mean: {value}}}}}")
    (finding,) = caught.value.findings
    return say(finding.remedy, "fr")


@pytest.mark.parametrize(
    ("value", "instead"),
    [
        ("'0,25'", "0.25"),
        ("'1 500 000'", "1500000"),
        ("'1 500 000,5 €'", "1500000.5"),
        ("25 %", "0.25"),
        ("1_000", "1000"),
        ("'12,5'", "12.5"),
    ],
)
def test_a_number_written_the_french_way_is_refused_with_what_to_write(value, instead):
    assert f"Écrire {instead} :" in remedy(value)


@pytest.mark.parametrize(
    "value", [".nan", ".inf", "-.inf", "nan", "inf", "infinity", "douze", "0x10", "1e", "--1", "٣"]
)
def test_what_is_no_number_is_refused(value):
    assert "0.25 ou 1500000" in remedy(value)


@pytest.mark.parametrize("value", ["1e16", "1e999", "1e-400", "1e9999", "9" * 400])
def test_a_number_that_nobody_can_mean_is_refused(value):
    assert refused(f"frequency: {{poisson: {{mean: {value}}}}}\nseverity: {{constant: {{value: 1}}}}") == {
        "frequency.poisson.mean": "loss.out_of_reach"
    }


def test_the_nearest_known_key_is_told():
    with pytest.raises(DataError) as caught:
        law("{lognormal: {median: 100, sigme: 1}}")
    said = " ".join(say(each.remedy, "fr") for each in caught.value.findings)
    assert "Écrire « sigma », ou retirer cette clé." in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"": "loss.structure"}),
        ("- a", {"": "loss.structure"}),
        ("title: x", {"": "loss.missing_key"}),
        ("scenarios: []", {"scenarios": "loss.missing_key"}),
        ("scenarios: 3", {"scenarios": "loss.structure"}),
        ("scenarios: [3]", {"scenarios[0]": "loss.structure"}),
        (SHORT + "scenarios: []", {"": "loss.exposure_twice"}),
        ("format: 2\n" + SHORT, {"format": "loss.format"}),
        ("format: 1.5\n" + SHORT, {"format": "loss.not_whole"}),
        ("title: [x]\n" + SHORT, {"title": "loss.text"}),
        (f"title: {'x' * 101}\n" + SHORT, {"title": "loss.text"}),
        ('title: "a\\u0085b"\n' + SHORT, {"title": "loss.text"}),
        ("frequency: {poisson: {mean: 1}}", {"severity": "loss.missing_key"}),
        ("severity: {constant: {value: 1}}", {"frequency": "loss.missing_key"}),
        (SHORT + "shocks: [{name: x, frequency: {poisson: {mean: 1}}, duration: {constant: {value: 1}}}]", {"shocks": "loss.shocks_alone", "shocks[0].hits": "loss.missing_key"}),
        ("risks: []", {"scenarios": "loss.missing_key"}),
        ("risks: [{name: a}]", {"scenarios": "loss.missing_key"}),
        (ONE + "levels: []", {"levels": "loss.points"}),
        (ONE + "levels: 0.9", {"levels": "loss.structure"}),
        (ONE + "programme: 3", {"programme": "loss.structure"}),
        (ONE + "programme: {heads: {owm: {}}}", {"programme.heads": "insurance.unknown_head"}),
        (ONE + "programme: {heads: {own: {sublimit: -3}}}", {"programme.heads.own.sublimit": "insurance.limit"}),
        (ONE + "programme: {sublimit_own: -3}", {"programme.sublimit_own": "insurance.limit"}),
        (ONE + "programme: {sublimit_own: 3, heads: {own: {sublimit: 4}}}", {"programme.heads.own.sublimit": "loss.said_twice"}),
        (ONE + "programme: {limit_event: 3, event_limit: 4}", {"programme.limit_event": "loss.said_twice"}),
        (ONE + "programme: {deductible_event: 3, retention: {flat: 4}}", {"programme.deductible_event": "loss.said_twice"}),
        (ONE + "programme: {waiting_period_days: -1}", {"programme.waiting_period_days": "insurance.negative"}),
        (ONE + "programme: {members: [z]}", {"programme.members": "insurance.unknown_member"}),
        (ONE + "programme: {reinstatements: 1.5}", {"programme.reinstatements": "loss.not_whole"}),
        (ONE + "programme: {insurers: {x: }}", {"programme.insurers.x": "loss.missing_value"}),
        (ONE + "programme: {layers: [{name: a, limit: 5}, {name: b, attachment: 3}]}", {"programme.layers[1].attachment": "insurance.layers_overlap"}),
        (ONE + "programme: {layers: [3]}", {"programme.layers[0]": "loss.structure"}),
        (ONE + "programme: {}\nprogrammes: []", {"programmes": "loss.programme_twice"}),
        (ONE + "programmes: [{name: a}, {name: b}]", {"programmes": "insurance.member_twice"}),
        (ONE + "programme: {}\nalternatives: [{name: programme, programmes: []}]", {"alternatives": "loss.name_twice"}),
        (ONE + "alternatives: [{name: x}]", {"alternatives[0]": "loss.missing_key"}),
        ("scenarios: [{name: a, frequency: {poisson: {mean: 1}}}]", {"scenarios[0]": "loss.no_head"}),
        ("scenarios: [{name: '', frequency: {poisson: {mean: 1}}, own: {constant: {value: 1}}}]", {"scenarios[0].name": "loss.name"}),
        ("scenarios: [{name: a, own: {constant: {value: 1}}}]", {"scenarios[0].frequency": "loss.missing_key"}),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(text, expected):
    assert refused(text) == expected


HEAD_FAULTS = [
    ("own: 3", {"own": "loss.structure"}),
    ("own: {}", {"own.severity": "loss.missing_key"}),
    ("own: {lognormol: {mu: 1, sigma: 1}}", {"own.lognormol": "loss.unknown_key", "own.severity": "loss.missing_key"}),
    ("own: {lognormal: {mu: 1}}", {"own.lognormal": "loss.lognormal"}),
    ("own: {lognormal: {p95: 1, p5: 3, mu: 3}}", {"own.lognormal": "loss.lognormal"}),
    ("own: {lognormal: {p0: 1, p95: 3}}", {"own.lognormal.p0": "loss.not_inside"}),
    ("own: {lognormal: 3}", {"own.lognormal": "loss.structure"}),
    ("own: {lognormal: {mu: 1, sigma: 1}, constant: {value: 3}}", {"own": "loss.one_law"}),
    ("own: {empirical: {values: 3}}", {"own.empirical.values": "loss.structure"}),
    ("own: {empirical: {values: [1, ]}}", {}),
    ("own: {empirical: {values: [1, x, ~]}}", {"own.empirical.values[1]": "loss.not_a_number", "own.empirical.values[2]": "loss.not_a_number"}),
    ("own: {scaled: {base: {x: 1}, factor: 2}}", {"own.scaled.base.x": "loss.unknown_key"}),
    ("own: {spliced: {body: {}, threshold: 2, tail_probability: 0.1}}", {"own.spliced.body": "loss.one_law", "own.spliced.tail": "loss.missing_key"}),
    ("own: {lognormal_gpd: {median: 1, sigma: 1, threshold: 2, tail_probability: 0.1, beta: 1}}", {"own.lognormal_gpd.xi": "loss.missing_key"}),
    ("own: {lognormal_gpd: {median: 1, sigma: 1, threshold: 2, tail_probability: 0.1, beta: -1, xi: 0.2}}", {"own.lognormal_gpd.beta": "loss.not_positive"}),
    ("own: {severity: {constant: {value: 1}}, insurable: peut-être}", {"own.insurable": "loss.truth"}),
    ("own: {severity: {constant: {value: 1}}, correlation_with_duration: 2}", {"own.correlation_with_duration": "loss.not_a_correlation"}),
    ("own: {severity: {constant: {value: 1}}, correlation_with_duration: 0.5}", {"duration": "loss.no_duration"}),
    ("interruption: {median_days: 1, sigma: 1}", {"interruption": "loss.missing_key"}),
    ("interruption: {daily_loss: 1}", {"duration": "loss.no_duration"}),
    ("interruption: {daily_loss: 1, daily_revenue: 2, median_days: 1, sigma: 1}", {"interruption.daily_revenue": "loss.daily_twice"}),
    ("interruption: {daily_loss: 1, median_days: 1}", {"interruption.sigma": "loss.missing_key"}),
    ("interruption: {daily_loss: 1, median_days: 1, sigma: -1}", {"interruption.sigma": "loss.not_positive"}),
    ("interruption: {daily_loss: 1, median_days: 1, sigma: 1}, duration: {constant: {value: 2}}", {"duration": "loss.duration_twice"}),
    ("heads: {own: {constant: {value: 1}}}, own: {constant: {value: 1}}", {"heads": "loss.name_twice"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HEAD_FAULTS)
def test_a_fault_of_a_head_is_told_at_its_place(text, expected):
    whole = f"scenarios: [{{name: a, frequency: {{poisson: {{mean: 1}}}}, {text}}}]"
    if not expected:
        assert read(whole, "essai.yaml").study.model.risks
        return
    assert refused(whole) == {f"scenarios[0].{place}": code for place, code in expected.items()}


def test_a_shock_names_risks_that_are_there_and_has_one_duration():
    text = """risks: [{name: a, scenarios: []}]
shocks:
- name: x
  frequency: {poisson: {mean: 1}}
  hits: [{risk: b, interruption: {daily_loss: 1, median_days: 1, sigma: 1}}, {risk: a, own: {constant: {value: 1}}}]
"""
    assert refused(text) == {
        "shocks[0].duration": "loss.missing_key",
        "shocks[0].hits[0].risk": "loss.unknown_risk",
        "shocks[0].hits[0]": "loss.duration_twice",
    }


def test_doubts_are_returned_beside_the_study():
    found = read(ONE + "programme: {retention: {flat: 5, franchise: true}}", "essai.yaml")
    assert [(each.severity, each.place) for each in found.findings] == [
        (Severity.DOUBT, "programme.retention.franchise")
    ]
    assert found.study.options[0].programmes[0].event_limit == inf


def test_a_file_that_is_no_text_or_too_long_is_refused(monkeypatch):
    for content, code in ((b"\xff\xfe", "loss.unreadable"), (b"#" * 50, "loss.file_size")):
        monkeypatch.setattr(files, "MOST_BYTES", 40)
        with pytest.raises(DataError) as caught:
            read_bytes(content, "essai.yaml")
        assert caught.value.findings[0].code == code


# ---------------------------------------------------------------------------------------------------------------- fuzz
STRANGE: tuple[Any, ...] = (
    *(
        "",
        None,
        "0",
        "-1",
        "1",
        "1e999",
        "1e-999",
        "1e15",
        "-1e15",
        "1e-30",
        "NaN",
        ".inf",
        "0,5",
        "9" * 400,
        "²",
        "true",
    ),
    *(
        "x" * 300,
        "\u202eabc",
        "a\u200bb",
        "{places}",
        "{0}",
        "%s",
        "a\nb",
        "\x1b[31m",
        "own",
        "lognormal",
        "p95",
        "[0]",
    ),
    *([], {}, [[]], ["x"], [None], {"a": "b"}, {"": ""}, [{}], {"lognormal": {}}, {"poisson": None}, {"name": "x"}),
)


def _places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(place for key, value in inside for place in _places(value, (*at, key)))]


def _damaged(data: Any, random: Random) -> Any:
    data = copy.deepcopy(data)
    for _ in range(random.randint(1, 4)):
        *path, last = random.choice([place for place in _places(data) if place] or [("x",)])
        holder = data
        for step in path:
            holder = holder[step]
        if not isinstance(holder, dict | list) or (isinstance(holder, dict) and last not in holder):
            continue
        match random.randrange(4):
            case 0 if isinstance(holder, dict):
                holder[str(random.choice(STRANGE))] = holder.pop(last)
            case 1:
                del holder[last]
            case _:
                holder[last] = copy.deepcopy(random.choice(STRANGE))
    return data


class _Text(yaml.SafeLoader):
    """Every scalar is text, as the program reads it."""


_Text.yaml_implicit_resolvers = {}


def _fuzzed(count: int, seed: int) -> None:
    random = Random(seed)  # noqa: S311
    texts = [(EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8") for name in NAMES]
    whole = [yaml.load(text, Loader=_Text) for text in texts]  # noqa: S506
    refused_all: list[tuple[Any, ...]] = []
    for number in range(count):
        if number % 5 == 0:
            text = list(random.choice(texts))
            for _ in range(random.randint(1, 20)):
                text[random.randrange(len(text))] = random.choice("\0\t\n:{}[]-#&*!|>'\"%@`é0.e ,")
            written_as = "".join(text)
        else:
            written_as = yaml.safe_dump(_damaged(random.choice(whole), random), allow_unicode=True)
        try:
            found = read(written_as, "essai.yaml")
            assert read(written(found.study), "essai.yaml").study == found.study
        except DataError as error:
            refused_all.append(error.findings)
    assert len(refused_all) > count / 4
    assert all(refused_all)
    found = [each for findings in refused_all for each in findings]
    assert all(re.fullmatch(r"(plain|loss|insurance)\.[a-z_]+", each.code) for each in found)
    assert all(say(each.understood, "en") and say(each.remedy, "fr") for each in found)


def test_a_damaged_file_is_read_or_refused_never_a_crash():
    _fuzzed(100, 5)


@pytest.mark.long
def test_a_damaged_file_is_read_or_refused_never_a_crash_however_damaged():
    _fuzzed(6000, 6)


@settings(max_examples=200)
@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_read_or_refused(content):
    with pytest.raises(DataError):
        read_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content, "essai.yaml")


def test_every_key_of_the_file_is_in_the_formats():
    formats = (EXAMPLES.parents[1] / "docs/formats.md").read_text(encoding="utf-8").split("## Étude de perte", 1)[1]
    words = set(re.findall(r"[a-z_0-9]+", formats))
    known = {*files.KEYS, *files.LOADING, *programmes.KEYS, *programmes.RETENTION, *programmes.LAYER}
    known |= {*exposure.RISK_KEYS, *exposure.SCENARIO_KEYS, *exposure.AMOUNT_KEYS, *exposure.INTERRUPTION_KEYS}
    known |= {*exposure.DURATION_KEYS, *laws.FREQUENCY_READERS, *laws.SEVERITY_READERS, *laws.LOGNORMAL, *laws.TAIL}
    known |= {key for law in (*laws.FREQUENCIES, *laws.SEVERITIES, laws.MIXED) for key in law.keys}
    assert known - words == set()
