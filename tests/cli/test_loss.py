"""egide loss and egide insurance: tables, the same bytes on any crew, refusals with their remedy."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

from egide.cli import console, crew, main

EXAMPLES = Path(__file__).parents[2] / "examples/loss"
W1, W2, GHT = (EXAMPLES / f"{name}.yaml" for name in ("w1", "w2", "ght"))
YEARS = ("--years", 20_000)
LEVELS = {"0.95", "0.99", "0.995"}


def run(*arguments: object) -> int:
    try:
        main([str(each) for each in arguments])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


@pytest.fixture
def said(capsys):
    """Return a function that runs a command that succeeds and gives what it printed, its spaces made plain."""

    def told(*arguments: object) -> str:
        assert run(*arguments) == 0
        return capsys.readouterr().out.replace("\u202f", " ")

    return told


# ---------------------------------------------------------------------------------------------------------------- loss
@pytest.mark.parametrize("name", ["w1", "w2", "ght"])
def test_the_figures_of_a_year_are_there_with_their_errors(said, name):
    data = json.loads(said("loss", EXAMPLES / f"{name}.yaml", *YEARS, "--no-exact", "--seed", 3, "--json"))
    assert (data["years"], data["seed"], data["currency"]) == (20_000, 3, "EUR")
    for key in ("gross", "retained", "ceded"):
        measures = data["measures"][key]
        assert set(measures["var"]) == set(measures["tvar"]) == set(measures["standard_error"]["var"]) == LEVELS
        assert len(measures["exceedance"]) == 64
        amounts = [each["amount"] for each in measures["exceedance"]]
        assert amounts == sorted(amounts)
        assert all(measures["tvar"][level] >= measures["var"][level] for level in LEVELS)
    gross, retained, ceded = (data["measures"][key]["mean"] for key in ("gross", "retained", "ceded"))
    assert math.isclose(gross, retained + ceded, rel_tol=1e-9)
    assert data["measures"]["gross"]["standard_error"]["mean"] > 0
    for parts in ("scenarios", "risks", "heads"):
        assert math.isclose(math.fsum(each["gross"]["value"] for each in data[parts]), gross, rel_tol=1e-9)
        assert math.isclose(math.fsum(each["ceded"]["value"] for each in data[parts]), ceded, rel_tol=1e-9)


def test_what_is_exact_is_told_beside_what_is_drawn(said):
    one, two = (json.loads(said("loss", path, *YEARS, "--json")) for path in (W1, W2))
    assert json.loads(said("loss", W1, *YEARS, "--no-exact", "--json")) == {**one, "exact": None}
    exact = one["exact"]["gross"]
    assert abs(exact["mean"]["value"] - 310_227.6) < 0.1
    assert abs(exact["var"]["0.99"]["value"] - 5_245_975.5) <= exact["var"]["0.99"]["error"]
    assert abs(exact["tvar"]["0.99"]["value"] - 11_957_230.3) <= exact["tvar"]["0.99"]["error"]
    assert abs(two["exact"]["gross"]["mean"]["value"] - 728_018.8) < 0.1
    ceded = two["exact"]["ceded"]["mean"]
    assert abs(ceded["value"] - 441_158.6) <= ceded["error"]
    assert two["exact"]["retained"]["var"] is None
    assert [each["place"] for each in two["exact"]["not_covered"]] == ["retained"]
    for data in (one, two):
        drawn = data["measures"]["gross"]
        assert abs(drawn["mean"] - data["exact"]["gross"]["mean"]["value"]) < 5 * drawn["standard_error"]["mean"]


def test_tables_say_what_is_exact_and_why_the_rest_is_not(said):
    for command in (("loss", W2), ("insurance", W2, "--exact")):
        text = said(*command, *YEARS)
        assert re.search(r"^Moyenne +728 019 +286 8\d\d ± \d+ +441 1\d\d ± \d+$", text, re.M)
        assert "Pas de calcul exact – Conservée" in text


@pytest.mark.parametrize(
    ("command", "options"), [("loss", ("--no-exact",)), ("loss", ("--no-exact", "--stratified")), ("insurance", ())]
)
def test_any_number_of_workers_gives_the_same_bytes(said, command, options):
    one, three = (said(command, GHT, *YEARS, "--json", "--workers", each, *options) for each in (1, 3))
    assert one == three
    assert one != said(command, GHT, *YEARS, "--json", "--seed", 1, *options)


def test_the_years_of_the_file_are_those_unless_others_are_asked(said, tmp_path):
    path = tmp_path / "étude.yaml"
    path.write_text("years: 5000\n" + W1.read_text(encoding="utf-8").replace("years: 1000000\n", ""), encoding="utf-8")
    assert json.loads(said("loss", path, "--json"))["years"] == 5000
    assert json.loads(said("loss", path, "--years", 300, "--json"))["years"] == 300


def test_the_fingerprint_is_that_of_what_was_asked_not_of_its_wording(said, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "frequency: {poisson: {mean: 4e-1}}\nseverity: {lognormal: {p95: 3e6, median: 2e5}}", encoding="utf-8"
    )
    one, two = (json.loads(said("loss", each, *YEARS, "--json")) for each in (path, W1))
    assert one == two


def test_tables_say_the_seed_the_budget_and_each_part(said):
    text = said("loss", GHT, *YEARS, "--no-exact", "--budget", "1 500 000,50", "--budget", "3e6")
    assert "20 000 années simulées · graine 0 · tirage simple" in text
    assert re.search(r"TVaR 99 % \(moyenne au-delà\) +[\d ]+ ± [\d ]+", text)
    assert re.search(r"^1 500 00[01] +\d+,\d\d % ± ", text, re.M)
    for name in ("panne de l'hébergeur commun", "EHPAD du Clos-Merle (fictif)", "amendes", "première ligne"):
        assert name in text


def test_tables_speak_english(said):
    text = said("loss", GHT, *YEARS, "--no-exact", "--lang", "en")
    assert "20,000 simulated years" in text
    assert "Gross loss" in text
    assert "own costs" in text
    assert "Moyenne" not in text


def test_no_progress_in_a_pipe_and_some_on_a_terminal(capsys, monkeypatch):
    assert run("loss", W1, *YEARS) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    console.follow(1, 4)
    console.follow(4, 4)
    assert capsys.readouterr().err == "\r 25 %\r100 %\r     \r"


def test_pictures_are_written_and_the_same_again(said, tmp_path):
    files = [tmp_path / name for name in ("a.svg", "a.png", "b.svg", "b.png")]
    text = said("loss", GHT, *YEARS, "--no-exact", "--svg", files[0], "--png", files[1])
    said("loss", GHT, *YEARS, "--no-exact", "--svg", files[2], "--png", files[3], "--json")
    assert f"Écrit : {files[0]}" in text
    assert files[0].read_bytes() == files[2].read_bytes()
    assert files[1].read_bytes() == files[3].read_bytes()
    assert files[0].read_text(encoding="utf-8").startswith("<svg")
    assert files[1].read_bytes().startswith(b"\x89PNG")


# ----------------------------------------------------------------------------------------------------------- insurance
def test_programmes_are_compared_on_the_same_years(said):
    data = json.loads(said("insurance", GHT, *YEARS, "--json"))
    names = [each["name"] for each in data["comparison"]]
    assert names == [
        "police de groupe",
        "franchise relevée à 250 000",
        "une police par établissement",
        "sans assurance",
    ]
    assert [each["name"] for each in data["differences"]] == names[1:]
    gross = [each["measures"]["gross"]["mean"] for each in data["options"]]
    assert gross == pytest.approx([gross[0]] * 4, rel=1e-12)
    first, *_, bare = data["comparison"]
    assert bare["retained"]["mean"]["value"] == pytest.approx(bare["gross"]["mean"]["value"])
    assert bare["paid"]["value"] == 0
    last = data["differences"][-1]["retained"]["mean"]
    assert last["value"] == pytest.approx(bare["retained"]["mean"]["value"] - first["retained"]["mean"]["value"])
    assert last["error"] < bare["retained"]["mean"]["error"] + first["retained"]["mean"]["error"]


def test_what_is_ceded_is_split_between_layers_insurers_heads_and_members(said):
    option = json.loads(said("insurance", GHT, *YEARS, "--json"))["options"][0]
    ceded = option["measures"]["ceded"]["mean"]
    for parts in ("layers", "insurers", "by_insurer"):
        assert math.isclose(math.fsum(each["ceded"]["value"] for each in option[parts]), ceded, rel_tol=1e-9)
    assert {each["name"]: each["ceded"]["value"] for each in option["heads"]}["fines"] == 0
    assert [each["name"] for each in option["layer_premiums"]] == ["première ligne", "seconde ligne"]
    whole = option["premium"]
    assert whole["expected"]["value"] == pytest.approx(ceded)
    assert whole["by_deviation"]["value"] > whole["expected"]["value"]
    assert whole["line"] == 3_000_000 + 0.8 * 5_000_000
    assert whole["rate_on_line"]["value"] == pytest.approx(whole["by_deviation"]["value"] / whole["line"])


def test_a_price_that_is_asked_counts_instead_of_the_indication(said, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(
        W2.read_text(encoding="utf-8") + "price: 600000\npremium_loading: {deviation: 0.5}\n", encoding="utf-8"
    )
    data = json.loads(said("insurance", path, *YEARS, "--json"))
    assert data["comparison"][0]["paid"] == {"value": 600000.0, "error": 0.0}
    assert data["premium_loading"] == {"deviation": 0.5, "capital": 0.06, "level": 0.99}


def test_tables_of_insurance_say_premiums_and_what_they_are(said, tmp_path):
    tower, curves = tmp_path / "tour.svg", tmp_path / "courbes.png"
    text = said("insurance", GHT, *YEARS, "--tower", tower, "--png", curves)
    assert "Écart avec « police de groupe »" in text
    assert "jamais le prix d’un assureur" in text
    assert re.search(r"^Assureur Gamma \(fictif\) +seconde ligne +80 % ", text, re.M)
    assert "seconde ligne" in tower.read_text(encoding="utf-8")
    assert curves.read_bytes().startswith(b"\x89PNG")


def test_a_file_without_programme_cannot_be_compared(capsys):
    assert run("insurance", W1, *YEARS) == 1
    error = capsys.readouterr().err
    assert "insurance.no_programme" in error
    assert "alternatives" in error


# ------------------------------------------------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--workers", 0), 2),
        (("--workers", 2, "--cluster", "tcp://127.0.0.1:9"), 2),
        (("--cluster", "machine"), 2),
        (("--budget", "beaucoup"), 2),
        (("--budget", "-3"), 2),
        (("--years", "beaucoup"), 2),
        (("--years", 20), 1),
        (("--years", 10**12), 1),
        (("--seed", -1), 1),
    ],
)
def test_wrong_usage_is_2_and_what_has_no_meaning_1(capsys, arguments, code):
    assert run("loss", W1, *arguments) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_tower_is_an_svg_or_a_png(capsys):
    assert run("insurance", W2, *YEARS, "--tower", "tour.pdf") == 2
    assert ".svg" in capsys.readouterr().err


def test_a_faulty_file_lists_all_its_faults_for_people_and_for_machines(capsys, tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "frequency: {poisson: {mean: '0,4'}}\nseverity: {lognormal: {median: 5, sigma: -1}}", encoding="utf-8"
    )
    assert run("loss", path, "--json") == 1
    out, error = capsys.readouterr()
    assert [each["place"] for each in json.loads(out)["findings"]] == [
        "frequency.poisson.mean",
        "severity.lognormal.sigma",
    ]
    assert "severity.lognormal.sigma" in error
    assert run("loss", tmp_path / "absent.yaml") == 1
    assert "ce fichier ou ce dossier n'existe pas" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("severity", "rate", "expected"),
    [
        ("generalised_pareto: {xi: 1.1, beta: 5}", 1, "loss.infinite_mean"),
        ("lognormal: {mu: 700, sigma: 9}", 1, "loss.infinite_mean"),
        ("constant: {value: 1}", 1e12, "loss.events"),
    ],
)
def test_a_figure_without_meaning_is_refused(capsys, tmp_path, severity, rate, expected):
    path = tmp_path / "a.yaml"
    path.write_text(f"frequency: {{poisson: {{mean: {rate:.0f}}}}}\nseverity: {{{severity}}}", encoding="utf-8")
    assert run("loss", path, *YEARS) == 1
    assert expected in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------------- cluster
def test_a_cluster_that_does_not_answer_is_told_in_a_few_seconds(capsys, monkeypatch):
    monkeypatch.setattr(crew, "PATIENCE", 0.5)
    assert run("loss", W1, *YEARS, "--cluster", "tcp://127.0.0.1:9") == 1
    assert "loss.cluster" in capsys.readouterr().err


def test_without_the_library_a_cluster_is_refused_with_what_to_install(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run("loss", W1, *YEARS, "--cluster", "tcp://127.0.0.1:9") == 2
    assert "egide[distributed]" in capsys.readouterr().err


def test_two_workers_of_a_cluster_give_the_bytes_of_one_thread(said, monkeypatch):
    from distributed import LocalCluster

    alone = said("loss", GHT, *YEARS, "--no-exact", "--json", "--workers", 1)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp"
    ) as two:
        assert said("loss", GHT, *YEARS, "--no-exact", "--json", "--cluster", two.scheduler_address) == alone


@pytest.mark.long
def test_two_worker_processes_of_a_cluster_give_the_bytes_of_one_thread(said):
    from distributed import LocalCluster

    asked = (GHT, "--years", 400_000, "--json")
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as two:
        assert said("loss", *asked, "--cluster", two.scheduler_address) == said("loss", *asked, "--workers", 1)
        assert said("insurance", *asked, "--cluster", two.scheduler_address) == said("insurance", *asked)


def test_workers_of_another_version_are_refused(capsys, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(crew, "_version", lambda: "0.0.0")
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp"
    ) as one:
        assert run("loss", W1, *YEARS, "--cluster", one.scheduler_address) == 1
    assert "loss.cluster_version" in capsys.readouterr().err


def test_the_help_costs_neither_numba_nor_scipy():
    code = "import sys\nfrom egide.cli import main\ntry:\n main(['loss', '--help'])\nexcept SystemExit:\n pass\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"numpy", "numba", "scipy", "distributed"} & set(loaded)
