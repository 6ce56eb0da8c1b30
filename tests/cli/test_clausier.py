"""egide clausier, as typed."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from egide import reference
from egide.cli import console, main
from egide.cli.clausier import value_band
from egide.errors import UsageError

LIBRARY = """\
locale: fr
ref_id: PORTES
name: Portes
objects:
  framework:
    requirement_nodes:
    - {urn: "u:1", depth: 1, ref_id: P, name: Portes}
    - {urn: "u:2", depth: 2, parent_urn: "u:1", assessable: true, ref_id: P-1, description: "Le titulaire corrige un score CVSS > 4,0 et < 7,0."}
    - {urn: "u:3", depth: 2, parent_urn: "u:1", assessable: true, ref_id: P-2, description: "Pour un score CVSS > 7,0 et < 8,9, le titulaire livre vite.", typical_evidence: Journal}
"""


def run(capsys, *arguments):
    code = 0
    try:
        main(["clausier", *map(str, arguments)])
    except SystemExit as left:
        code = int(left.code or 0)
    console.take_language([])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def library(tmp_path):
    path = tmp_path / "portes.yaml"
    path.write_text(LIBRARY, encoding="utf-8")
    return path


@pytest.fixture
def double(tmp_path):
    path = tmp_path / "double.yaml"
    path.write_text(LIBRARY.replace("ref_id: P-2", "ref_id: P-1"), encoding="utf-8")
    return path


def test_show_lists_themes_and_points(capsys):
    code, out, _ = run(capsys, "show")
    assert code == 0
    assert "T4  Identités, authentification et habilitations" in out
    assert "EG-034 [O-4.1]" in out
    assert "open clausier" in run(capsys, "show", "--lang", "en")[1]


def test_show_one_point_by_either_name(capsys):
    code, out, _ = run(capsys, "show", "o-4.1")
    assert code == 0
    assert out.startswith("EG-034")
    for said in (
        "Niveaux",
        "Preuves attendues",
        "vu le 22/11/2026",
        "à vérifier",
        "Pourquoi",
        "Comment le montrer",
        "avec l'offre",
    ):
        assert said in out
    assert "{minutes}" not in out
    shown = json.loads(run(capsys, "show", "EG-034", "--json")[1])
    assert (shown["id"], shown["theme"], shown["wording"]["fr"][:11]) == ("EG-034", "T4", "La solution")
    assert "themes" in json.loads(run(capsys, "show", "--json")[1])


def test_show_an_unknown_point_or_clausier(capsys):
    assert run(capsys, "show", "EG-999")[0] == 2
    code, _, err = run(capsys, "show", "--clausier", "absent.json")
    assert code == 1
    assert "absent.json" in err


def test_select_says_why_for_each_point(capsys):
    code, out, _ = run(
        capsys,
        "select",
        "--profile",
        "saas_health",
        "--profile",
        "local_gateway",
        "--facet",
        "care=critical",
        "--value",
        "400 000",
        "--date",
        "2026-05-01",
    )
    assert code == 0
    assert out.startswith("Niveau renforce : procédure formalisée")
    fates = [line for line in out.splitlines() if line[:2] in {"+ ", "- "}]
    assert len(fates) == len(reference.clausier().points)
    assert all(" — " in line for line in fates)


def test_select_for_a_program_and_into_a_file(capsys, tmp_path):
    target = tmp_path / "deep" / "small.json"
    code, out, _ = run(
        capsys,
        "select",
        "--profile",
        "software_on_site",
        "--value",
        "20000",
        "--date",
        "2026-05-01",
        "-o",
        target,
        "--json",
    )
    said = json.loads(out)
    assert code == 0
    assert (said["level"], len(said["kept"])) == ("essentiel", 25)
    assert said["facets"]["value"] == ["small"]
    written = json.loads(target.read_text(encoding="utf-8"))
    assert [point["id"] for theme in written["themes"] for point in theme["points"]] == said["kept"]
    assert "Écrit" in run(capsys, "select", "--level", "standard", "-o", target)[1]


def test_select_a_call_off(capsys):
    given = ["select", "--profile", "framework_call_off", "--level", "renforce", "--json"]
    whole = json.loads(run(capsys, *given)[1])["kept"]
    left = json.loads(run(capsys, *given, "--covered", ",".join(whole[:3]))[1])["kept"]
    assert left == whole[3:]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--profile", "licorne"],
        ["--facet", "licorne=1"],
        ["--facet", "data=licorne"],
        ["--level", "licorne"],
        ["--covered", "EG-999"],
        ["--value", "beaucoup"],
        ["--value", "-3"],
        ["--value", "3", "--date", "2031-01-01"],
    ],
)
def test_select_wrongly_asked(capsys, wrong):
    code, _, err = run(capsys, "select", *wrong)
    assert code == 2
    assert err


@pytest.mark.parametrize(
    ("value", "day", "band"),
    [
        ("39999", date(2026, 3, 31), "small"),
        ("40000", date(2026, 3, 31), "adapted"),
        ("59 999,99 €", date(2026, 4, 1), "small"),
        ("60000", date(2026, 4, 1), "adapted"),
        ("216000", date(2026, 4, 1), "formalised"),
        ("216000", date(2025, 12, 31), "adapted"),
        ("221000", date(2025, 12, 31), "formalised"),
    ],
)
def test_thresholds_are_those_of_the_day(value, day, band):
    assert value_band(value, day) == band
    with pytest.raises(UsageError):
        value_band("", day)


def test_export_json_is_the_native_form(capsys):
    code, out, _ = run(capsys, "export", "--format", "json")
    themes = json.loads(out)["themes"]
    assert code == 0
    assert len(themes) == 10
    assert {"id", "xref", "text", "extra"} <= set(themes[0]["points"][0])
    assert set(themes[0]["title"]) == {"fr", "en"}


def test_export_csv(capsys, tmp_path):
    _, out, _ = run(capsys, "export", "--format", "csv", "--profile", "mobile_fleet", "--level", "essentiel")
    assert out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(out[1:]), delimiter=";"))
    assert len(rows) == 25
    assert rows[0]["Exigence"]
    target = tmp_path / "x.csv"
    assert run(capsys, "export", "--format", "csv", "-o", target, "--lang", "en")[0] == 0
    assert "Requirement" in target.read_text(encoding="utf-8-sig")


def test_export_a_questionnaire_and_read_it_back(capsys, library, tmp_path):
    native, sheet = tmp_path / "x.json", tmp_path / "x.xlsx"
    assert run(capsys, "import", library, "-o", native)[0] == 0
    assert run(capsys, "export", "--format", "xlsx", "--clausier", native, "-o", sheet)[0] == 0
    book = load_workbook(sheet)
    page = book.worksheets[1]
    heads = {cell.value: cell.column for row in page.iter_rows() for cell in row if cell.value}
    rows = {page.cell(row, heads["Identifiant"]).value: row for row in range(1, page.max_row + 1)}
    page.cell(rows["P-1"], heads["Réponse"]).value = "Oui"
    book.save(sheet)
    with pytest.raises(SystemExit) as left:
        main(["check", str(sheet), "--clausier", str(native), "--json"])
    said = json.loads(capsys.readouterr().out)
    assert not left.value.code
    assert {answer["point"]: answer["declared"] for answer in said["answers"]}["P-1"] == "yes"


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_questionnaire_sent_out_is_recognised(capsys, tmp_path, form):
    sheet = tmp_path / f"q.{form}"
    assert run(capsys, "export", "--format", form, "--profile", "mobile_fleet", "-o", sheet)[0] == 0
    with pytest.raises(SystemExit) as left:
        main(["check", str(sheet), "--json"])
    said = json.loads(capsys.readouterr().out)
    assert not left.value.code
    assert "answer.other_wording" not in {each["code"] for each in said["findings"]}
    assert len(said["answers"]) > 50
    assert {each["declared"] for each in said["answers"]} == {"blank"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("form", ["pdf", "docx", "odt"])
def test_export_a_book_to_read(capsys, library, tmp_path, form, language):
    native, book = tmp_path / "x.json", tmp_path / f"x.{form}"
    assert run(capsys, "import", library, "-o", native)[0] == 0
    asked = ("export", "--format", form, "--clausier", native, "-o", book, "--date", "2026-11-20", "--lang", language)
    assert run(capsys, *asked)[0] == 0
    first = book.read_bytes()
    assert run(capsys, *asked)[0] == 0
    assert book.read_bytes() == first
    assert first.startswith(b"%PDF" if form == "pdf" else b"PK")


def test_export_wrongly_asked(capsys, tmp_path):
    for form in ("pdf", "docx", "odt", "xlsx", "ods"):
        assert run(capsys, "export", "--format", form)[0] == 2
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert run(capsys, "export", "-o", blocked / "x.json")[0] == 1
    (tmp_path / "folder").mkdir()
    assert run(capsys, "export", "-o", tmp_path / "folder")[0] == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


def test_import_says_what_it_kept(capsys, library, tmp_path):
    target = tmp_path / "x.json"
    target.write_text("old")
    code, out, _ = run(capsys, "import", library, "-o", target)
    assert code == 0
    assert "2 points" in out
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "PORTES"
    said = json.loads(run(capsys, "import", library, "-o", target, "--json")[1])
    assert (said["points"], said["proofs"], said["findings"]) == (2, 1, [])


def test_import_never_loses_a_reused_identifier(capsys, double, tmp_path):
    target = tmp_path / "x.json"
    code, out, _ = run(capsys, "import", double, "-o", target)
    assert code == 0
    assert "import.renamed" in out
    assert "P-1-2" in out
    assert run(capsys, "show", "P-1-2", "--clausier", target)[0] == 0
    assert run(capsys, "show", "--clausier", double)[0] == 1


def test_lint_of_ours_of_another_and_of_a_broken_one(capsys, library, double, tmp_path):
    assert run(capsys, "lint") == (0, "0 erreur(s), 0 doute(s), 0 note(s)\n", "")
    code, out, _ = run(capsys, "lint", library, "--json")
    told = {(each["code"], each["point"]) for each in json.loads(out)["findings"]}
    assert code == 0
    assert {("lint.band.hole", "P-2"), ("lint.proof.missing", "P-1")} <= told
    code, out, _ = run(capsys, "lint", double)
    assert code == 1
    assert out.count("lint.id.reused") == 1
    assert "ligne 8 ; ligne 9" in out
    native = tmp_path / "x.json"
    assert run(capsys, "import", library, "-o", native)[0] == 0
    after = {(each["code"], each["point"]) for each in json.loads(run(capsys, "lint", native, "--json")[1])["findings"]}
    assert after == told


# ------------------------------------------------------------------------------------------------------ OSCAL and diff
def test_oscal_out_and_back_gives_the_same_clausier(capsys, tmp_path):
    out = tmp_path / "egide.oscal.json"
    code, said, _ = run(capsys, "export", "--format", "oscal", "-o", out)
    assert (code, "158 points" in said) == (0, True)
    code, said, _ = run(capsys, "import", out, "-o", tmp_path / "back.json", "--json")
    assert code == 0
    assert json.loads(said)["digest"] == reference.clausier().digest
    assert json.loads(said)["findings"] == []
    code, said, _ = run(capsys, "diff", "egide", out)
    assert (code, "Aucun point n'a changé" in said) == (0, True)
    assert run(capsys, "export", "--format", "oscal")[1] == out.read_text(encoding="utf-8")


def test_import_of_an_oscal_profile_says_what_to_give(capsys, tmp_path):
    path = tmp_path / "profile.json"
    path.write_text('{"profile": {"metadata": {}}}', encoding="utf-8")
    code, _, err = run(capsys, "import", path, "-o", tmp_path / "x.json")
    assert code == 1
    assert "oscal.model" in err
    assert not (tmp_path / "x.json").exists()


@pytest.fixture
def next_version(capsys, tmp_path):
    data = json.loads(run(capsys, "export", "--format", "json")[1])
    first, second, third, fourth = data["themes"][0]["points"][:4]
    first["parameters"]["hours"]["default"] = "8"
    second["weight"] = 3
    third["id"] = "EG-003B"
    data["themes"][1]["points"].append(fourth)
    data["themes"][0]["points"].remove(fourth)
    data["themes"][1]["points"].pop(0)
    data["themes"][2]["title"]["fr"] = "Autre titre"
    data["themes"].append(
        {"id": "T11", "title": {"fr": "Neuf"}, "points": [{"id": "EG-900", "text": {"fr": "Le titulaire agit."}}]}
    )
    data["version"] = "2027.1"
    path = tmp_path / "next.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_diff_is_a_page_that_says_which_answers_stand(capsys, next_version):
    code, out, _ = run(capsys, "diff", "egide", next_version)
    assert code == 0
    assert "version 2026.1 (158 points) à Clausier ouvert Égide, version 2027.1 (158 points)" in out
    assert "1 ajoutés, 1 supprimés, 2 modifiés, 1 renommés, 1 changés de thème" in out
    assert "Thème ajouté : T11 Neuf" in out
    assert "devient T3 Autre titre" in out
    assert "EG-003 → EG-003B" in out
    assert "« hours 4, days 15 » → « hours 8, days 15 »" in out
    assert "À demander ou à redemander (2) : EG-001, EG-900" in out
    assert "Réponses maintenues : 156" in out
    assert "Theme added" in run(capsys, "diff", "egide", next_version, "--lang", "en")[1]
    assert "Thème supprimé : T11 Neuf" in run(capsys, "diff", next_version, "egide")[1]


def test_diff_for_a_program(capsys, next_version):
    data = json.loads(run(capsys, "diff", "egide", next_version, "--json")[1])
    assert data["counts"] == {"added": 1, "removed": 1, "renamed": 1, "changed": 2, "moved": 1}
    assert data["asked_again"] == ["EG-001", "EG-900"]
    assert len(data["standing"]) == 156
    weight = next(each for each in data["points"] if each["point"] == "EG-002")
    assert [(each["field"], each["old"], each["new"]) for each in weight["fields"]] == [
        ("weight", weight["fields"][0]["old"], 3)
    ]
    assert (weight["asks_again"], weight["reasons"]) == (False, ["le poids change, pas la question"])
    assert data["themes"] == [{"before": "T3", "after": "T3"}, {"before": None, "after": "T11"}]


def test_diff_of_a_consultation_with_the_whole_clausier(capsys):
    example = Path(__file__).parents[2] / "examples/pacs-ght"
    data = json.loads(run(capsys, "diff", example, "egide", "--json")[1])
    assert data["counts"]["added"] > 0
    assert data["counts"]["removed"] == 0
    assert run(capsys, "diff", example, example)[1].endswith("restent valables.\n")
    assert run(capsys, "diff", example / "bids", "egide")[0] == 1


def test_lint_of_a_tender_warns_of_a_criterion_that_speaks_of_the_firm(capsys, tmp_path):
    title = "Chiffre d'affaires et références de la société"
    text = (Path(__file__).parents[2] / "examples/pacs-ght/tender.yaml").read_text(encoding="utf-8")
    (tmp_path / "tender.yaml").write_text(
        text.replace("Valeur fonctionnelle pour les services de soins", title), encoding="utf-8"
    )
    code, out, _ = run(capsys, "lint", tmp_path, "--json")
    assert code == 0
    assert [each["code"] for each in json.loads(out)["findings"]] == ["tender.firm_not_offer"]
    (tmp_path / "tender.yaml").write_text(text, encoding="utf-8")
    assert run(capsys, "lint", tmp_path) == (0, "0 erreur(s), 0 doute(s), 0 note(s)\n", "")


@pytest.mark.parametrize(
    ("value", "code"), [("260000", 0), ("260 000", 0), ("260000,50", 0), ("260.000", 2), ("1,250,000", 2), ("260k", 2)]
)
def test_an_amount_that_can_be_read_two_ways_is_refused(capsys, value, code):
    assert run(capsys, "select", "--profile", "telephony", "--value", value, "--date", "2026-11-24")[0] == code
