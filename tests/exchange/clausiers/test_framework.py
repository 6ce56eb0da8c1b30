"""Frameworks of others: libraries in YAML, plain lists in CSV and workbooks, our own JSON."""

import json
import time
from decimal import Decimal

import pytest
from openpyxl import Workbook

from egide.clausier.model import DEFAULT_LEVELS, Depth, Expects
from egide.errors import DataError
from egide.exchange.clausiers import export, framework, loose_yaml, native
from egide.exchange.clausiers.foreign import renamed
from egide.finding import Severity

LIBRARY = """\
urn: urn:essai:risk:library:jardin
locale: fr
ref_id: JARDIN-1
name: Référentiel du jardin
description: Inventé pour l'essai
copyright: Domaine public
version: 3
publication_date: 2026-02-01
provider: Atelier
packager: Essai
translations:
  en: {name: Garden framework}
objects:
  threats:
  - {urn: "urn:essai:threat:1", ref_id: T1, name: Gel}
  - {urn: "urn:essai:threat:2", ref_id: T2, name: Grêle}
  framework:
    urn: urn:essai:risk:framework:jardin
    ref_id: JARDIN-1
    name: Référentiel du jardin
    min_score: 0
    max_score: 4
    scores_definition:
    - {score: 0, name: rien}
    implementation_groups_definition:
    - {ref_id: P, name: petit}
    requirement_nodes:
    - urn: urn:essai:risk:req_node:jardin:1
      assessable: false
      depth: 1
      ref_id: '1'
      name: Arrosage
      translations:
        en: {name: Watering}
        de: {name: Wasser}
    - urn: urn:essai:risk:req_node:jardin:1.1
      assessable: false
      depth: 2
      parent_urn: urn:essai:risk:req_node:jardin:1
      ref_id: '1.1'
      description: "Le titulaire doit :"
    - urn: urn:essai:risk:req_node:jardin:1.10
      assessable: true
      depth: 3
      parent_urn: urn:essai:risk:req_node:jardin:1.1
      ref_id: 1.10
      description: "arroser deux fois par jour."
      annotation: Le sol est sec.
      typical_evidence: "- Relevé du compteur\\n- Photographie"
      implementation_groups: [P]
      importance: mandatory
      threats: ["urn:essai:threat:1"]
      translations:
        en: {description: water twice a day.}
    - urn: urn:essai:risk:req_node:jardin:node4
      assessable: true
      depth: 2
      parent_urn: urn:essai:risk:req_node:jardin:1
      name: Réserve d'eau
      description:
      weight: 7
      questions:
        urn:essai:q:1:
          type: unique_choice
          text: Quelle réserve ?
          depends_on: {question: x, answers: [y]}
          choices:
          - {urn: "c:1", value: Aucune, add_score: 0}
          - {urn: "c:2", value: Un tonneau, add_score: 2}
          - {urn: "c:3", value: Une citerne, add_score: 4}
          - {urn: "c:4", value: Je ne sais pas}
    - urn: urn:essai:risk:req_node:jardin:2
      assessable: false
      depth: 1
      ref_id: '2'
      name: Outils
    - urn: urn:essai:risk:req_node:jardin:2.1
      assessable: true
      depth: 2
      parent_urn: urn:essai:risk:req_node:jardin:2
      ref_id: '2.1'
      questions:
      - {type: text, text: Où sont-ils rangés ?}
      - type: multiple_choice
        text: Lesquels ?
        choices: [{value: Pelle, compute_result: true}, {value: Râteau}]
    - urn: urn:essai:risk:req_node:jardin:2.2
      assessable: true
      depth: 2
      parent_urn: urn:essai:risk:req_node:jardin:2
      ref_id: '2.2'
      reference_controls: [a, b]
"""


def written(tmp_path, text, name="x.yaml"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(tmp_path, text, name="x.yaml"):
    return framework.read(written(tmp_path, text, name), name)


def nodes(*given, head="locale: fr\nref_id: R\nname: Essai\n"):
    return f"{head}objects:\n  framework:\n    requirement_nodes:\n" + "".join(f"    - {{{each}}}\n" for each in given)


def codes(findings):
    return [each.code for each in findings]


# ----------------------------------------------------------------------------------------------------------- libraries
def test_library_becomes_a_clausier(tmp_path):
    clausier, findings = read(tmp_path, LIBRARY)
    assert (clausier.id, clausier.version, clausier.licence) == ("JARDIN-1", "3", "Domaine public")
    assert (clausier.title.fr, clausier.title.en) == ("Référentiel du jardin", "Garden framework")
    assert str(clausier.published) == "2026-02-01"
    assert [(theme.id, theme.title.fr, theme.title.en) for theme in clausier.themes] == [
        ("1", "Arrosage", "Watering"),
        ("2", "Outils", ""),
    ]
    assert list(clausier.points) == ["1.10", "node4", "2.1", "2.2"]
    watered = clausier.points["1.10"]
    assert watered.text.fr == "Le titulaire doit :\narroser deux fois par jour."
    assert watered.text.en == "water twice a day."
    assert (watered.title.fr, watered.weight, watered.why.fr) == ("Arrosage", 3, "Le sol est sec.")
    assert [proof.what.fr for proof in watered.proofs] == ["Relevé du compteur", "Photographie"]
    assert watered.expects is Expects.DOCUMENT
    assert watered.levels == DEFAULT_LEVELS
    assert clausier.points["2.1"].text.fr == "Où sont-ils rangés ?\nLesquels ?"
    assert codes(findings).count("framework.text") == 1


def test_choices_with_scores_become_levels(tmp_path):
    clausier, _ = read(tmp_path, LIBRARY)
    point = clausier.points["node4"]
    assert [(level.code, level.value, level.text.fr) for level in point.levels] == [
        ("full", Decimal(1), "Une citerne"),
        ("partial", Decimal("0.50"), "Un tonneau"),
        ("to_clarify", None, "Je ne sais pas"),
        ("below", Decimal(0), "Aucune"),
    ]
    assert (point.text.fr, point.weight) == ("Réserve d'eau", 3)
    assert point.how_to_prove.fr == "Quelle réserve ?"


def test_what_is_left_is_listed_once_a_kind_with_its_count(tmp_path):
    _, findings = read(tmp_path, LIBRARY)
    notes = {str(each.understood) for each in findings if each.code == "import.left"}
    assert notes == {
        "laissé de côté : menaces (2)",
        "laissé de côté : liens d'une exigence vers des menaces (1)",
        "laissé de côté : liens d'une exigence vers des mesures de référence (2)",
        "laissé de côté : groupes de mise en œuvre (sélection par profil) (1)",
        "laissé de côté : échelle de notes du référentiel (1)",
        "laissé de côté : conditions d'affichage de questions (depends_on) (1)",
        "laissé de côté : barèmes de questions qui ne font pas une échelle (les questions sont gardées en texte) (1)",
        "laissé de côté : textes en « de » (1)",
        "laissé de côté : poids au-delà de 3, ramenés à 3 (1)",
    }
    assert all(each.severity is Severity.NOTE for each in findings if each.code == "import.left")


def test_an_import_is_read_back_as_any_clausier(tmp_path):
    clausier, _ = read(tmp_path, LIBRARY)
    path = tmp_path / "out.json"
    path.write_text(export.as_json(clausier), encoding="utf-8")
    assert native.read(path, path.name) == clausier
    again, findings = framework.read(path, path.name)
    assert again == clausier
    assert findings == []


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (("true", "false"), ["full", "below"]),
        (
            ("compliant", "partially_compliant", "non_compliant", "not_applicable"),
            ["full", "partial", "to_clarify", "below"],
        ),
        (("true", "true"), None),
        (("", ""), None),
    ],
)
def test_results_make_levels_when_they_make_a_scale(tmp_path, results, expected):
    options = ", ".join(f"{{value: c{n}, compute_result: '{each}'}}" for n, each in enumerate(results))
    question = f"questions: {{q: {{type: unique_choice, text: Quoi ?, choices: [{options}]}}}}"
    clausier, _ = read(tmp_path, nodes(f"urn: 'a:1', assessable: true, ref_id: A1, description: Texte, {question}"))
    levels = clausier.points["A1"].levels
    assert levels == DEFAULT_LEVELS if expected is None else [level.code for level in levels] == expected


def test_old_forms_of_questions(tmp_path):
    old = "question: {question_type: unique_choice, question_choices: ['Oui', 'Non'], questions: [{urn: q, text: Fait ?}]}"
    clausier, _ = read(
        tmp_path,
        nodes(f"urn: 'a:1', assessable: true, {old}", "urn: 'a:2', assessable: true, question: {text: Et là ?}"),
    )
    assert clausier.points["1"].text.fr == "Fait ?"
    assert clausier.points["1"].how_to_prove.fr == "Fait ? (Oui / Non)"
    assert clausier.points["2"].text.fr == "Et là ?"


def test_implementation_groups_that_are_rungs_become_levels(tmp_path):
    text = nodes(
        *(
            f"urn: 'a:{n}', assessable: true, description: Texte {n}, implementation_groups: [{group}]"
            for n, group in enumerate(("IG1", "IG2", "IG3", "'IG3,IG2'"))
        )
    )
    clausier, findings = read(tmp_path, text)
    depths = [Depth.ESSENTIEL, Depth.STANDARD, Depth.RENFORCE]
    assert [point.level for point in clausier.points.values()][:3] == depths
    assert clausier.points["3"].level is Depth.STANDARD
    assert findings == []


def test_english_library_with_a_french_translation(tmp_path):
    text = nodes(
        "urn: 'a:1', assessable: true, ref_id: A, description: Lock the door, translations: {fr: {description: Fermer la porte}}",
        "urn: 'a:2', assessable: true, ref_id: B, description: Keep the key",
        head="locale: en_US\nref_id: R\nname: Doors\n",
    )
    clausier, _ = read(tmp_path, text)
    assert clausier.points["A"].text.fr == "Fermer la porte"
    assert clausier.points["B"].text.fr == ""
    assert clausier.points["B"].wording("fr") == "Keep the key"


def test_a_third_language_stands_for_french_and_is_said(tmp_path):
    text = nodes("urn: 'a:1', assessable: true, description: Tür", head="locale: de\nref_id: R\nname: Türen\n")
    clausier, findings = read(tmp_path, text)
    assert clausier.points["1"].text.fr == "Tür"
    assert codes(findings) == ["framework.language"]


def test_reused_references_are_kept_and_are_an_error(tmp_path):
    text = nodes(
        "urn: 'a:1', assessable: true, ref_id: X-1, description: Un",
        "urn: 'a:2', assessable: true, ref_id: x-1, description: Deux",
    )
    clausier, findings = read(tmp_path, text)
    assert [point.id for theme in clausier.themes for point in theme.points] == ["X-1", "x-1"]
    (error,) = [each for each in findings if each.severity is Severity.ERROR]
    assert (error.code, error.point, error.place) == ("lint.id.reused", "X-1", "ligne 7 ; ligne 8")
    apart, found = renamed(clausier, "x.yaml")
    assert list(apart.points) == ["X-1", "x-1-2"]
    assert codes(found) == ["import.renamed"]


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        (nodes("urn: 'a:1', depth: 1, name: Haut", "urn: 'a:2', depth: 2, assessable: true, name: Bas"), ["Haut"]),
        (nodes("urn: 'a:1', name: Haut", "urn: 'a:2', parent_urn: 'a:1', name: Bas"), ["Haut"]),
        (nodes("urn: 'a:1', assessable: true, name: Seul"), ["Essai"]),
        (nodes("urn: 'a:1', name: A, parent_urn: 'a:2'", "urn: 'a:2', assessable: true, name: B, parent_urn: 'a:1'"), ["B"]),
        (nodes("urn: 'a:2', assessable: true, name: B, parent_urn: 'a:absent'"), ["Essai"]),
        ("requirement_nodes:\n- {urn: 'a:1', assessable: true, description: Texte}\nname: Plat\n", ["Plat"]),
        ("name: N\nobjects:\n  framework:\n  - {name: L, requirement_nodes: [{urn: 'a:1', assessable: true, description: Texte}, 3]}\n", ["L"]),
        (
            nodes("urn: r, name: Tout", "urn: c1, parent_urn: r, name: C1", "urn: c2, parent_urn: r, name: C2", "urn: p1, parent_urn: c1, assessable: yes, name: x", "urn: p2, parent_urn: c2, assessable: yes, name: y"),
            ["C1", "C2"],
        ),
    ],
)  # fmt: skip
def test_trees_of_all_shapes(tmp_path, text, themes):
    clausier, _ = read(tmp_path, text)
    assert [theme.title.fr or theme.title.en for theme in clausier.themes] == themes


def test_merge_keys_aliases_and_decomposed_letters(tmp_path):
    text = (
        "name: &n Essai\nlocale: fr\nobjects:\n  framework:\n    requirement_nodes:\n"
        "    - &a {urn: 'a:1', assessable: true, description: Ve\u0301rifier}\n"
        "    - {<<: *a, urn: 'a:2', name: *n}\n"
    )
    clausier, _ = read(tmp_path, text)
    assert clausier.points["2"].text.fr == "Vérifier"
    assert clausier.points["2"].title.fr == "Essai"


def test_a_key_given_twice_is_said(tmp_path):
    _, findings = read(tmp_path, "name: A\nname: B\n" + nodes("urn: 'a:1', assessable: true, name: x", head=""))
    assert [(each.code, each.place) for each in findings] == [("yaml.double", "ligne 2")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("objects:\n  threats: [{name: x}]\n", "framework.absent"),
        ("objects: 3\n", "framework.absent"),
        ("objects:\n  framework: {requirement_nodes: []}\n", "framework.empty"),
        ("name: [", "yaml.unreadable"),
        ("name: \x01", "file.unknown"),
        ("a: *nowhere\n", "yaml.refused"),
        ("a: &a [*a]\n", "yaml.refused"),
        ("[a]: b\n? {x: y}\n: z\n", "yaml.refused"),
        ("a: {<<: 3}\n", "yaml.refused"),
        ("- " * 100 + "x\n", "yaml.refused"),
        ("just a sentence\n", "framework.form"),
        ("name: seul\n", "framework.form"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, text, code):
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    assert caught.value.findings[0].code == code
    assert caught.value.findings[0].file == "x.yaml"


def test_bombs_take_no_time(tmp_path):
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60))
    merges = "b0: &b0 {k0: v}\n" + "".join(f"b{n}: &b{n} {{<<: *b{n - 1}, k{n}: v}}\n" for n in range(1, 3_000))
    started = time.process_time()
    clausier, _ = read(tmp_path, laughs + nodes("urn: 'a:1', assessable: true, name: *a59, description: x"))
    assert clausier.points["1"].title.fr == ""
    with pytest.raises(DataError):
        read(tmp_path, merges + nodes("urn: 'a:1', assessable: true, name: x"))
    assert time.process_time() - started < 5


@pytest.mark.long
def test_a_long_library_in_bounded_time(tmp_path):
    given = [
        f"urn: 'a:{n}', assessable: true, parent_urn: 'a:{n - 1}', description: 'Texte {n} {'mot ' * 60}'"
        for n in range(8_000)
    ]
    started = time.process_time()
    clausier, _ = read(tmp_path, nodes(*given))
    assert len(clausier.points) == 8_000
    assert time.process_time() - started < 20


def test_too_large_texts_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(framework, "MAX_YAML", 10)
    with pytest.raises(DataError):
        read(tmp_path, LIBRARY)
    monkeypatch.setattr(loose_yaml, "MAX_EVENTS", 5)
    with pytest.raises(DataError):
        loose_yaml.parse(LIBRARY, "x.yaml")


def test_the_same_library_in_json(tmp_path):
    data = {
        "name": "J",
        "objects": {
            "framework": {
                "requirement_nodes": [{"urn": "a:7", "assessable": True, "weight": 2, "description": "Texte"}]
            }
        },
    }
    clausier, _ = read(tmp_path, json.dumps(data), "x.json")
    assert clausier.points["7"].weight == 2


# --------------------------------------------------------------------------------------------------------------- lists
def test_csv_with_chapters_as_rows(tmp_path):
    text = (
        "Questionnaire de sécurité;;;;\n\nN°;Exigence;Preuve attendue;Poids;Réponse du candidat\n"
        "Accès;;;;\nA-1;Le titulaire ferme la porte.;- Photo\n A-2;Le titulaire rend la clé.;;important;\n"
        "Eau;;;;\nB-1;Le titulaire coupe l'eau.;Relevé;9;\n;Le titulaire range.;;;\n"
    )
    clausier, findings = read(tmp_path, text.encode("cp1252"), "liste.csv")
    assert [(theme.title.fr, [point.id for point in theme.points]) for theme in clausier.themes] == [
        ("Accès", ["A-1", "A-2"]),
        ("Eau", ["B-1", "P-001"]),
    ]
    assert [proof.what.fr for proof in clausier.points["A-1"].proofs] == ["Photo"]
    assert [point.weight for point in clausier.points.values()] == [1, 2, 1, 1]
    assert codes(findings) == ["list.identifier", "import.left", "import.left"]
    assert findings[0].place == "ligne 9, colonne 2"


def test_workbook_one_sheet_a_chapter_in_both_languages(tmp_path):
    book = Workbook()
    book.remove(book.active)
    for name in ("Réseau", "Comptes"):
        sheet = book.create_sheet(name)
        sheet.append(["Code", "Titre", "Exigence", "Exigence (EN)", "Statut"])
        sheet.append([f"{name[0]}1", "Intitulé", "Texte de l'exigence", "Text", None])
    book.create_sheet("Notice").append(["Merci de répondre."])
    book.save(tmp_path / "x.xlsx")
    clausier, findings = framework.read(tmp_path / "x.xlsx", "x.xlsx")
    assert [theme.title.fr for theme in clausier.themes] == ["Réseau", "Comptes"]
    point = clausier.points["R1"]
    assert (point.title.fr, point.text.fr, point.text.en) == ("Intitulé", "Texte de l'exigence", "Text")
    assert any("Notice" in str(each.understood) for each in findings)


def test_columns_told_apart_by_what_they_hold(tmp_path):
    text = "Exigence;Description;Thème\nX.1;Le titulaire fait ceci, et longuement.;Un\nX.2;Le titulaire fait cela, et longuement.;\nX.3;Encore autre chose, longuement.;Deux\n"
    clausier, _ = read(tmp_path, text, "x.csv")
    assert [(theme.title.fr, len(theme.points)) for theme in clausier.themes] == [("Un", 2), ("Deux", 1)]
    assert list(clausier.points) == ["X.1", "X.2", "X.3"]


def test_numbered_chapters_and_marked_rows(tmp_path):
    clausier, _ = read(
        tmp_path, "N°;Exigence\n1;Gouvernance\n1.1;Nommer un responsable.\n1.2;Tenir un registre.\n", "x.csv"
    )
    assert [(theme.title.fr, len(theme.points)) for theme in clausier.themes] == [("1 Gouvernance", 2)]
    marked = "assessable,depth,ref_id,name,description\n,1,1,Accès,\nx,2,1.1,Porte,La porte ferme.\n"
    clausier, _ = read(tmp_path, marked, "y.csv")
    assert [(theme.title.fr, [point.id for point in theme.points]) for theme in clausier.themes] == [("Accès", ["1.1"])]


def test_a_list_without_headings(tmp_path):
    clausier, findings = read(tmp_path, "A-1;Le titulaire ferme la porte.\nA-2;Le titulaire rend la clé.\n", "x.csv")
    assert list(clausier.points) == ["A-1", "A-2"]
    assert codes(findings) == ["list.headings"]


@pytest.mark.parametrize("text", ["bonjour\n", "a;b\nc;d\n", "<html></html>", "N°;Exigence\n;\n"])
def test_no_list_at_all(tmp_path, text):
    with pytest.raises(DataError) as caught:
        read(tmp_path, text, "x.csv")
    assert caught.value.findings


def test_reused_identifiers_of_a_list(tmp_path):
    _, findings = read(tmp_path, "N°;Exigence\nA-1;Fermer la porte.\nA-1;Ouvrir la porte.\n", "x.csv")
    assert [(each.code, each.place) for each in findings] == [
        ("lint.id.reused", "ligne 2, colonne 1 ; ligne 3, colonne 1")
    ]


def test_our_own_json_with_doubles_and_without_points(tmp_path):
    clausier, _ = read(tmp_path, LIBRARY)
    data = json.loads(export.as_json(clausier))
    data["themes"][0]["points"][1]["id"] = "1.10"
    _, findings = read(tmp_path, json.dumps(data), "x.json")
    assert [(each.code, each.place) for each in findings] == [
        ("lint.id.reused", "themes[0].points[0] ; themes[0].points[1]")
    ]
    with pytest.raises(DataError):
        read(tmp_path, json.dumps({**data, "themes": []}), "x.json")


# -------------------------------------------------------------------------------------------------------------- export
def test_csv_export_is_for_spreadsheets_and_computes_nothing(tmp_path):
    clausier, _ = read(tmp_path, nodes("urn: 'a:1', assessable: true, ref_id: '=1+1', description: '@SUM(A1)'"))
    text = export.as_csv(clausier)
    assert text.startswith('\ufeff"Identifiant";')
    assert '"\'=1+1"' in text
    assert '"\'@SUM(A1)"' in text
    assert "Requirement" in export.as_csv(clausier, "en")
