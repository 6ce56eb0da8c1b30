"""The maturity grids of other tools as questionnaires; every file here is fictitious."""

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnosis.questionnaire import Questionnaire
from egide.errors import DataError
from egide.exchange import maturity_grid
from egide.finding import Finding
from egide.message import Text

LIBRARY = """
urn: urn:fictif:lib:grille
locale: fr
ref_id: GF
name: Grille fictive
version: 3
publication_date: 2026-03-14
objects:
  framework:
    ref_id: GF
    name: Grille fictive
    scores_definition:
    - {score: 1, name: Initial, description: "Rien n'est écrit"}
    - {score: 2, name: Reproductible}
    - {score: 3, name: Maîtrisé}
    implementation_groups_definition: [{ref_id: base, name: Base}]
    requirement_nodes:
    - {urn: "urn:a", assessable: false, depth: 1, ref_id: A, name: Sauvegardes}
    - {urn: "urn:a1", parent_urn: "urn:a", assessable: true, depth: 2, ref_id: A.1, name: Copies, description: "Des copies existent.", implementation_groups: [base]}
    - urn: urn:a2
      parent_urn: urn:a
      assessable: true
      depth: 2
      ref_id: A.2
      description: Essais
      questions:
        urn:a2:q1:
          type: unique_choice
          text: Sont-ils faits ?
          choices: [{value: "Non", add_score: 0}, {value: "Oui", add_score: 10}]
        urn:a2:q2:
          type: unique_choice
          text: Sont-ils chronométrés ?
          choices: [{value: "Jamais encore"}, {value: "Une fois"}, {value: "À chaque essai"}]
        urn:a2:q3: {type: text, text: Remarques}
"""
SCALED = """<?xml version="1.0" encoding="ISO-8859-1"?>
<grille id="g1" version="2.1"><titre>Grille fictive</titre>
 <echelle><niveau valeur="1">Inexistant</niveau><niveau valeur="3">Maîtrisé</niveau><niveau valeur="2">Partiel</niveau></echelle>
 <domaine nom="Gouvernance"><sousdomaine nom="Rôles">
  <question id="Q1" poids="2"><libelle>Qui décide ?</libelle><aide>Pour savoir</aide><preuve>Une lettre</preuve><couleurs>bleu</couleurs></question></sousdomaine>
  <question id="Q2"><texte>Avez-vous des pare-feux ?</texte>
   <reponses><reponse score="0">Non</reponse><reponse score="5">Oui</reponse><reponse>Non applicable</reponse></reponses></question>
 </domaine></grille>"""
NUMBERED = """<document><section name="svg" title="Sauvegardes"><desc>Tout sur elles</desc>
 <element name="copies" title="Copies"><desc>Y a-t-il des copies ?</desc><desc0>Aucune</desc0><desc1>Une</desc1><desc2>Plusieurs</desc2><score>1</score></element>
 <element name="essais" title="Sont-elles essayées ?"/></section></document>"""
NESTED = """<Questionnaire xmlns="http://hl7.org/fhir"><title value="Trial"/><item><linkId value="1"/><text value="Backups"/>
 <item><linkId value="1.1"/><text value="Are they offline?"/><answerOption><valueCoding><code value="n"/><display value="No"/></valueCoding></answerOption>
 <answerOption><valueCoding><code value="y"/><display value="Yes"/></valueCoding></answerOption></item></item></Questionnaire>"""
PLAIN = """
name: Modèle fictif
domains:
- name: Réseau
  questions:
  - {id: N1, text: "Le réseau est-il cloisonné ?", levels: ["Rien", "Une partie", "Tout"]}
  - {id: N1, text: Journaux gardés ?, answers: {0: Rien, 1: Un mois, 3: Un an}}
  - {text: {fr: "Et la nuit ?", en: "And at night?"}}
"""
LOCAL = [
    {"numero": 2, "libelle": "Accès", "sousdomaines": [{"numero": 1, "libelle": "Comptes", "questions": [
        {"numero": 1, "libelle": "Les comptes sont-ils nominatifs ?", "mesure": "La liste est tenue.", "poids": 2, "level": 1},
        {"numero": 2, "libelle": "Sont-ils relus ?", "mesure": "Néant", "poids": 1, "level": 2},
    ]}]},
]  # fmt: skip
OSCAL = {
    "catalog": {
        "uuid": "c1",
        "metadata": {"title": "Fictitious", "version": "1", "oscal-version": "1.1.2"},
        "groups": [{"id": "g", "title": "Backups", "controls": [{"id": "b-1", "title": "Copies", "parts": [{"name": "statement", "prose": "Copies exist."}]}]}],
    }
}  # fmt: skip


def read(tmp_path, name: str, text: str, encoding: str = "utf-8") -> tuple[Questionnaire, list[Finding]]:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return maturity_grid.read(path, name)


def scale(grid: Questionnaire, name: str) -> list[tuple[str, str]]:
    return [(each.text.fr, str(each.value.normalize())) for each in grid.by_id[name].levels]


def codes(found: list[Finding]) -> list[str]:
    return [each.code for each in found]


def test_a_library_with_its_scale_its_choices_and_each_of_its_questions(tmp_path):
    grid, found = read(tmp_path, "grille.yaml", LIBRARY)
    assert (grid.id, grid.version.isoformat(), grid.depth) == ("GF", "2026-03-14", None)
    assert [each.title.fr for each in grid.chapters] == ["Sauvegardes"]
    assert list(grid.by_id) == ["A.1", "A.2.1", "A.2.2"]
    assert scale(grid, "A.1") == [("Initial\nRien n'est écrit", "0"), ("Reproductible", "0.5"), ("Maîtrisé", "1")]
    assert scale(grid, "A.2.1") == [("Non", "0"), ("Oui", "1")]
    assert scale(grid, "A.2.2") == [("Jamais encore", "0"), ("Une fois", "0.5"), ("À chaque essai", "1")]
    assert [each.weight for each in grid.questions] == [1, Decimal("0.5"), Decimal("0.5")]
    assert {each.measure for each in grid.questions} == {""}
    assert sorted(codes(found)) == ["grid.order", "import.left"]


def test_an_oscal_catalogue_takes_the_default_scale_and_says_so(tmp_path):
    grid, found = read(tmp_path, "catalogue.json", json.dumps(OSCAL))
    assert grid.questions[0].text.en == "Copies\nCopies exist."
    assert [str(each.value) for each in grid.questions[0].levels] == ["0", "0.5", "1"]
    assert codes(found) == ["grid.scale"]


def test_xml_with_a_scale_for_all_and_choices_of_its_own(tmp_path):
    grid, found = read(tmp_path, "grille.xml", SCALED, "iso-8859-1")
    assert (grid.id, grid.title.fr) == ("g1", "Grille fictive")
    assert [each.title.fr for each in grid.chapters] == ["Gouvernance · Rôles", "Gouvernance"]
    first = grid.by_id["Q1"]
    assert (first.text.fr, first.why.fr, first.proofs[0].fr, first.weight) == ("Qui décide ?", "Pour savoir", "Une lettre", 2)  # fmt: skip
    assert scale(grid, "Q1") == [("Inexistant", "0"), ("Partiel", "0.5"), ("Maîtrisé", "1")]
    assert scale(grid, "Q2") == [("Non", "0"), ("Oui", "1")]
    assert [each.understood.values["count"] for each in found if each.code == "import.left"] == [1]


def test_xml_with_levels_in_the_names_of_tags(tmp_path):
    grid, found = read(tmp_path, "grille.xml", NUMBERED)
    assert list(grid.by_id) == ["copies", "essais"]
    assert [each.title.fr for each in grid.chapters] == ["Sauvegardes"]
    assert grid.by_id["copies"].text.fr == "Copies\nY a-t-il des copies ?"
    assert scale(grid, "copies") == [("Aucune", "0"), ("Une", "0.5"), ("Plusieurs", "1")]
    assert codes(found) == ["grid.scale"]


def test_xml_with_questions_inside_questions(tmp_path):
    grid, _ = read(tmp_path, "grille.xml", NESTED)
    assert [(each.id, each.text.fr) for each in grid.questions] == [("1.1", "Are they offline?")]
    assert scale(grid, "1.1") == [("No", "0"), ("Yes", "1")]


def test_any_yaml_of_sections_questions_and_levels(tmp_path):
    grid, found = read(tmp_path, "grille.yaml", PLAIN)
    assert list(grid.by_id) == ["N1", "N1-2", "Q-001"]
    assert scale(grid, "N1") == [("Rien", "0"), ("Une partie", "0.5"), ("Tout", "1")]
    assert scale(grid, "N1-2") == [("Rien", "0"), ("Un mois", "0.33"), ("Un an", "1")]
    assert grid.by_id["Q-001"].text.en == "And at night?"
    assert sorted(codes(found)) == ["grid.identifier", "grid.order", "grid.renamed", "grid.scale"]


def test_a_list_of_chapters_whose_numbers_begin_again(tmp_path):
    grid, found = read(tmp_path, "grille.json", json.dumps(LOCAL))
    assert list(grid.by_id) == ["2.1.1", "2.1.2"]
    assert [each.title.fr for each in grid.chapters] == ["Accès · Comptes"]
    first = grid.by_id["2.1.1"]
    assert (first.text.fr, first.why.fr, first.weight) == (
        "Les comptes sont-ils nominatifs ?",
        "La liste est tenue.",
        2,
    )
    assert codes(found) == ["grid.scale"]


def test_a_form_whose_questions_have_a_name_and_a_title(tmp_path):
    choices = [{"value": 0, "text": "Jamais"}, {"value": 1, "text": "Toujours"}, {"value": 9, "text": "Sans objet"}]
    form = {"title": "Formulaire fictif", "pages": [{"name": "p1", "title": "Réseau", "elements": [{"type": "radio", "name": "q-wifi", "title": "Le wifi est-il à part ?", "choices": choices}]}]}  # fmt: skip
    grid, _ = read(tmp_path, "formulaire.json", json.dumps(form))
    assert list(grid.by_id) == ["q-wifi"]
    assert grid.by_id["q-wifi"].text.fr == "Le wifi est-il à part ?"
    assert scale(grid, "q-wifi") == [("Jamais", "0"), ("Toujours", "1")]


def test_a_scale_beyond_what_anybody_answers_is_cut_and_said(tmp_path):
    levels = "".join(f"<niveau>Palier {n}</niveau>" for n in range(30))
    grid, found = read(
        tmp_path, "grille.xml", f'<g><question id="1"><texte>Où en est-on ?</texte>{levels}</question></g>'
    )
    assert len(grid.questions[0].levels) == 20
    assert codes(found) == ["grid.levels", "grid.order"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("vide.xml", "", "file.empty"),
        ("x.xml", "<grille><vide/></grille>", "grid.empty"),
        ("x.xml", "<grille><question>", "file.corrupt"),
        ("x.xml", '<!DOCTYPE a [<!ENTITY x "y">]><grille><question id="1">&x;</question></grille>', "file.entities"),
        ("x.xml", '<!DOCTYPE a SYSTEM "http://fictif.invalid/a.dtd"><grille/>', "file.entities"),
        ("x.xml", "<html><body><table/></body></html>", "file.html"),
        ("x.xml", "<a>" * 100 + "</a>" * 100, "tree.size"),
        ("x.json", "{", "plain.json"),
        ("x.json", '{"a": {"b": 1}}', "framework.form"),
        ("x.yaml", "a: [", "yaml.unreadable"),
        ("x.yaml", "texte", "yaml.refused"),
    ],
)
def test_a_file_that_is_no_grid_is_refused_with_its_reason(tmp_path, name, text, code):
    with pytest.raises(DataError) as refused:
        read(tmp_path, name, text)
    assert code in codes(list(refused.value.findings))


def test_an_external_entity_in_utf_16_is_refused_too(tmp_path):
    with pytest.raises(DataError):
        read(tmp_path, "x.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><grille>&x;</grille>', "utf-16")


TAGS = st.sampled_from(["question", "niveau", "domaine", "id", "texte", "x", "desc0", "score"])
TREES = st.recursive(st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", TAGS, st.sampled_from(["", "1", "Oui", "été"])), lambda inner: st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)), max_leaves=20)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_no_tree_makes_the_reading_fail(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("grid") / "x.xml"
    path.write_text(text, encoding="utf-8")
    grid = Questionnaire("", date.min, Text())
    with suppress(DataError):
        grid, _ = maturity_grid.read(path, path.name)
    assert len(grid.by_id) == len(grid.questions)
    for each in grid.questions:
        values = [level.value for level in each.levels]
        assert values == sorted(values)
        assert (values[0], values[-1]) == (0, 1)
