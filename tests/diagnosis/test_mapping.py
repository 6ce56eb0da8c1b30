"""A grid of other hands: what its words propose, what a person decides."""

import pytest

from diagnosis.small import DAY, filled, question, questionnaire
from egide.diagnosis.filled import read
from egide.diagnosis.mapping import WORDS, doubts, mapped, proposals, propose
from egide.family import MEASURE_BY_CODE
from egide.finding import Severity
from egide.message import Text


def asks(text, code="F1", family="", **more):
    from dataclasses import replace

    return replace(question(code, measure="", family=family, **more), text=Text(text))


@pytest.mark.parametrize(
    ("text", "measure", "certain"),
    [
        ("Les sauvegardes sont-elles testées ?", "backup", True),
        ("L’authentification forte est-elle exigée ?", "mfa", False),
        ("Existe-t-il une charte informatique ?", "people", True),
        ("Avez-vous un pare-feu et un réseau Wi-Fi séparé ?", "network", True),
        ("Le registre des traitements RGPD est-il tenu par le DPO ?", "data", True),
        ("Les comptes des prestataires en télémaintenance et accès distants sont-ils revus ?", "interventions", False),
    ],
)
def test_words_propose_a_measure(text, measure, certain):
    found = propose(asks(text))
    assert (found.measure, found.certain) == (measure, certain)
    assert found.words


def test_words_that_say_nothing_propose_nothing():
    assert propose(asks("De quelle couleur est la porte ?")) is None


def test_every_measure_has_words_and_devices_keep_the_family_of_the_question():
    assert set(WORDS) == set(MEASURE_BY_CODE)
    assert propose(asks("Le parc biomédical est-il suivi ?", family="network")).family == "network"


def test_what_nobody_mapped_is_a_doubt_and_counts_for_nothing():
    grid = questionnaire(asks("Les sauvegardes sont-elles testées ?"), asks("Et la porte ?", "F2"))
    assert [each.severity for each in doubts(grid)] == [Severity.NOTE, Severity.DOUBT]
    assert read(grid, filled(grid, "yy")).observations() == ()
    assert [each[0].id for each in proposals(grid)] == ["F1", "F2"]


def test_a_person_maps_and_the_answers_count():
    grid = questionnaire(
        asks("Les sauvegardes ?"), asks("Le scanner ?", "F2"), asks("Autre ?", "F3"), asks("Sans ?", "F4")
    )
    done = mapped(grid, {"F1": "backup", "F2": "device", "F3": "", "unknown": "mfa"})
    assert [(each.measure, each.family, each.device) for each in done.questions] == [
        ("backup", "backup", False), ("device", "", True), ("", "", False), ("", "", False),
    ]  # fmt: skip
    reading = read(done, filled(done, "yn-y"))
    assert {code: each.level.low for code, each in reading.measures.items()} == {"backup": 1.0, "device": 0.0}
    assert mapped(done, {"F1": ""}).measures == ("device",)
    assert doubts(mapped(grid, {each.id: "backup" for each in grid.questions})) == []
    assert done.version == DAY


def test_a_family_that_holds_the_measure_is_kept():
    grid = questionnaire(asks("Contrats ?", family="suppliers"))
    assert mapped(grid, {"F1": "governance"}).questions[0].family == "suppliers"
