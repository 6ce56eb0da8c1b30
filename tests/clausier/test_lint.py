"""What lint finds in anybody's clausier, one wrong thing at a time."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from builders import clausier, point
from egide import reference
from egide.clausier import lint as rules
from egide.clausier.bands import bands, holes
from egide.clausier.lint import lint
from egide.clausier.model import AwardUse, Binding, Level, Moment, Parameter, Proof, ProofKind, Reference, Theme
from egide.finding import Severity
from egide.message import Text

VOCABULARY = reference.vocabulary()
PROOF = Proof(ProofKind.DOCUMENT, Moment.WITH_BID, Text("Plan de la porte", "Door plan"))
WORDS = ("serrure", "jardin", "camion", "cuisine", "tableau", "fenêtre", "lampe", "moteur", "papier", "rivière")


def sound(identifier="A-1", text="Le titulaire ferme la porte chaque soir à 18 heures.", **changes):
    return replace(point(identifier), text=Text(text), proofs=(PROOF,), **changes)


def found(*points):
    return [(each.code, each.point) for each in lint(clausier(*points), VOCABULARY, "x.yaml")]


def test_our_own_clausier_passes_without_exemption_and_soon():
    started = time.process_time()
    assert lint(reference.clausier(), VOCABULARY) == []
    assert time.process_time() - started < 3


def test_a_sound_point_of_another_has_nothing():
    assert found(sound()) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (sound(text="Le titulaire " + "ferme " * 95), "length"),
        (sound(text="Le titulaire ferme la porte régulièrement."), "vague"),
        (sound(text="La porte est fermée."), "subject"),
        (sound(text="Le titulaire surveille son sous-traitant."), "subcontractor"),
        (sound(text="Le titulaire ferme en {minutes} minutes."), "parameter"),
        (sound(parameters={"minutes": Parameter("5", egide_default=True)}), "parameter"),
        (sound(text="Le titulaire ferme en {m} minutes.", parameters={"m": Parameter("5")}), "parameter.source"),
        (sound(why=Text("parce que {heures}")), "parameter"),
        (sound(text="Le titulaire corrige si > 4,0 et < 7,0, puis si > 7,0 et < 8,9."), "band.hole"),
        (sound(text="Le titulaire corrige de 4,0 à 6,0, puis de 7,0 à 8,9."), "band.hole"),
        (sound(levels=(Level("below", Decimal(0), Text("a")), Level("full", Decimal(1), Text("b")))), "level.order"),
        (sound(levels=(Level("full", Decimal(1), Text("a")), Level("full", Decimal(0), Text("b")))), "level.codes"),
        (sound(award_use=AwardUse.MINIMUM_THEN_SCORED, levels=(Level("full", Decimal(1), Text()), Level("below", Decimal(0), Text()))), "level.floor"),
        (sound(weight=4), "weight"),
        (replace(sound(), proofs=()), "proof.missing"),
        (sound(objects=("clé",)), "proof.object"),
        (sound(references=(Reference("Code"),)), "reference"),
        (sound(references=(Reference("Code", seen=date(2026, 1, 1), to_check=True),)), "reference"),
        (sound(family="magie"), "family"),
        (sound(family="network", measure="magie"), "family.measure"),
        (sound(facets=({"object": ("licorne",)},)), "facet"),
        (sound(text=""), "text.missing"),
        (sound("EG-999", binding=Binding()), "incomplete"),
    ],
)  # fmt: skip
def test_each_fault_is_found_at_its_point(wrong, code):
    assert (f"lint.{code}", wrong.id) in found(wrong)


def test_what_is_allowed():
    unscored = sound(award_use=AwardUse.NONE, weight=0)
    assert found(replace(unscored, proofs=())) == []
    assert found(sound(objects=("portes",))) == []
    assert found(sound(family="identity", measure="mfa", references=(Reference("Code", seen=date(2026, 1, 1)),))) == []
    english = replace(sound(), text=Text("", "The supplier shuts the door."))
    assert found(english) == []


def test_findings_say_file_and_place():
    (finding,) = lint(clausier(replace(sound(), proofs=())), VOCABULARY, "x.yaml")
    assert (finding.file, finding.place, finding.point) == ("x.yaml", "A-1", "A-1")
    assert finding.severity is Severity.DOUBT


def test_identifiers_used_twice_are_errors_whatever_the_case():
    first, second = sound("A-1"), sound("a-1 ", text="Le titulaire range les outils dans la remise.")
    (finding,) = [each for each in lint(clausier(first, second), VOCABULARY) if each.code == "lint.id.reused"]
    assert finding.severity is Severity.ERROR
    assert finding.read == "A-1"
    shared = [replace(each, id=f"B-{n}", xref=("O-1.1",)) for n, each in enumerate((first, second))]
    assert ("lint.xref.reused", "B-0") in found(*shared)


# --------------------------------------------------------------------------------------------------------------- bands
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CVSS >4.0 et <7.0 : 30 jours ; CVSS >7.0 et <8.9 : 7 jours", [("7.0", "7.0")]),
        (
            "strictement supérieure à 4,0 et strictement inférieure à 7,0 ; supérieure à 7,0 et inférieure à 8,9",
            [("7.0", "7.0")],
        ),
        ("supérieure ou égale à 4 et inférieure ou égale à 7 ; plus de 7", []),
        ("greater than 4.0 and less than 7.0; greater than 7.0 and less than 8.9", [("7.0", "7.0")]),
        ("greater than or equal to 4 and less than or equal to 6.9; above 7.0", [("6.9", "7.0")]),
        ("de 4,0 à 6,9, de 7,0 à 8,9, à partir de 9,0", []),
        ("between 4.0 and 6.9, then between 7.5 and 8.9", [("6.9", "7.5")]),
        ("4 ≤ x < 7 ; 7 < x ≤ 9", [("7", "7")]),
        ("[4;7[ puis ]7;9]", [("7", "7")]),
        ("4.0-6.9 : 30 jours, 7.0-8.9 : 7 jours", []),
        ("CVSS < 4,0 ; CVSS >= 4,0 et CVSS < 7,0", []),
        ("CVSS =< 3,9 ; CVSS > 4,0 et CVSS < 7,0", [("3.9", "4.0")]),
        ("de 2 à 4 heures et de 10 à 20 utilisateurs", []),
        ("entre 4 et moins de 7, entre 7 et 9", []),
        ("de 1 à 9, de 2 à 3, de 12 à 14", [("9", "12")]),
        ("plus de 30 jours, moins de 10 jours", []),
        ("aucun nombre", []),
    ],
)
def test_holes_in_one_text(text, expected):
    assert [(str(low), str(high)) for low, high in holes(text)] == expected


def test_a_band_knows_its_unit_and_subject():
    (band,) = bands("Une gravité comprise entre 4 et 7 jours")
    assert (band.unit, band.subject, band.closed) == ("jour", "gravite", True)


def test_holes_between_the_bands_of_several_points():
    low = sound("V-1", text="Le titulaire corrige en 90 jours une faille de score CVSS > 4,0 et < 7,0.")
    high = sound("V-2", text="Pour un score CVSS > 7,0 et < 8,9, le titulaire livre un correctif sous une semaine.")
    (finding,) = [each for each in lint(clausier(high, low), VOCABULARY) if each.code == "lint.band.hole"]
    assert (finding.point, finding.read) == ("V-2", "7.0")
    assert "V-1" in str(finding.understood)
    joined = replace(high, text=Text(high.text.fr.replace("> 7,0", "≥ 7,0")))
    assert "lint.band.hole" not in dict(found(low, joined))


def test_only_what_lies_between_two_points_is_said_of_both():
    bare = sound("V-1", text="> 4 et < 7 : le titulaire corrige, puis score CVSS > 8 et < 9.")
    other = sound("V-2", text="Le titulaire traite un score CVSS > 1 et < 2, un score CVSS > 3 et ≤ 8, puis > 9.")
    told = [
        (each.point, each.read) for each in lint(clausier(bare, other), VOCABULARY) if each.code == "lint.band.hole"
    ]
    assert told == [("V-1", "7"), ("V-2", "2"), ("V-2", "8")]


# ------------------------------------------------------------------------------------------------------------ likeness
def test_near_equal_texts_are_found_once_each():
    texts = [
        "Le titulaire ferme la porte chaque soir à 18 heures.",
        "Le titulaire ferme la porte chaque soir à 19 heures.",
        "Le titulaire ferme la porte chaque soir à 18 heures.",
    ]
    given = [sound(f"A-{n}", text=text) for n, text in enumerate(texts)]
    assert [each for each in found(*given) if each[0] == "lint.alike"] == [("lint.alike", "A-1"), ("lint.alike", "A-2")]


def test_texts_of_the_same_words_in_another_order_are_not_alike():
    assert (
        found(
            sound("A-1", text="Le titulaire alpha beta gamma delta."),
            sound("A-2", text="Delta gamma beta alpha le titulaire."),
        )
        == []
    )


def test_same_letters_in_another_order():
    first = sound("A-1", text="Le titulaire porte la serrure du jardin et la lampe du moteur.")
    second = sound("A-2", text="Du moteur la lampe et du jardin la serrure porte le titulaire.")
    assert "lint.alike" not in dict(found(first, second))


def test_a_thousand_points_in_bounded_time():
    given = [
        sound(f"A-{n}", text=f"Le titulaire {' '.join(f'{WORDS[int(digit)]}{n * 7 + k}' for k, digit in enumerate(str(n * 7919 + 10**30)))} à {n} heures.")
        for n in range(1_000)
    ]  # fmt: skip
    started = time.process_time()
    lint(clausier(*given), VOCABULARY)
    assert time.process_time() - started < 15


def test_a_flood_of_look_alikes_stops_and_says_so(monkeypatch):
    monkeypatch.setattr(rules, "MOST_WORK", 20_000)
    given = [sound(f"A-{n}", text=f"Le titulaire {' '.join(WORDS[n % 5 :] + WORDS[: n % 5])} {n}.") for n in range(8)]
    assert "lint.alike.stopped" in dict(found(*given))


def test_themes_are_read_apart():
    first = Theme("T1", Text("Un"), (sound("V-1", text="Le titulaire corrige un score CVSS de 1 à 3."),))
    second = Theme("T2", Text("Deux"), (sound("V-2", text="Le titulaire livre les outils, score CVSS de 7 à 9."),))
    assert lint(replace(clausier(), themes=(first, second)), VOCABULARY) == []
