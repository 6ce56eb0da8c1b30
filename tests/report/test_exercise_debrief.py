"""The debrief on paper: what is not known is never shown as done, and nothing counts that validity refuses."""

import io
import json
from dataclasses import replace
from datetime import date

import pypdf
import pytest

from egide.exercise.comparison import Change, Comparison
from egide.exercise.debrief import debrief
from egide.exercise.outcome import Result
from egide.message import message
from egide.report import attestation, exercise_debrief
from egide.report.exercise_debrief import held
from egide.report.papers.typography import Setter, printable
from report.exercises import report

pytestmark = pytest.mark.once
DAY = date(2026, 12, 20)


def clean(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def told(shown, language="fr", of=exercise_debrief):
    made = of.document(shown, Setter(language, printable), DAY)
    kept = [{name: each for name, each in block.items() if name != "svg"} for block in made["blocks"]]
    return clean(json.dumps({**made, "blocks": kept}, ensure_ascii=False))


@pytest.mark.parametrize(
    ("result", "word"),
    [
        (Result(0.0, 1.0, 0.0), "non observé"),
        (Result(0.0, 1.0, 0.0, unseen=3), "non observé"),
        (Result(0.8, 1.0, 0.8, yes=4, unseen=1), "acquis"),
        (Result(0.0, 0.2, 0.8, no=4, unseen=1), "manque"),
        (Result(0.2, 0.9, 0.3, yes=1, no=1, unseen=5), "trop peu observé pour le dire"),
        (Result(0.5, 0.5, 1.0, yes=1, no=1), "en partie"),
    ],
)
def test_a_word_never_says_more_than_was_observed(result, word):
    assert str(held(result)) == word


def test_the_debrief_tells_what_was_played_seen_decided_and_is_unknown():
    shown = report()
    said = told(shown)
    whole = shown.debrief.whole
    for each in (
        f"Sur {whole.asked} réactions attendues, {whole.yes} ont été faites",
        "et 10 min de pause", "1 sautés", "Pause de 10 min.", "est sauté.", "cet exercice compte pour 2026",
        "Imprimer chaque soir le plan de soins.", "01/12/2026, en retard", "Actions en retard au 20/12/2026 : 1.",
        "Personne n’a observé ces réactions", "Des observateurs ont vu autre chose", "La cellule s’est réunie en dix minutes. (Direction)",
        "Un classeur de crise. (Direction, 18/12/2026)", "C’est le premier exercice", "Services de soins",
    ):  # fmt: skip
        assert each in said, each
    assert said.count("Transfert de trois patients") == 1


def test_nobody_ticked_is_said_and_gives_no_level():
    shown = report()
    blind = replace(shown.record, ticks=(), presence=())
    said = told(replace(shown, record=blind, debrief=debrief(shown.script, blind), answers=()))
    assert "il n’apprend rien de mesurable" in said
    assert "de 0 % à 100 % (non observé)" in said
    assert "Les présents n’ont pas été relevés." in said
    assert "Aucune action n’est encore décidée" in said


def compared(common):
    shown = report()
    before = replace(shown.debrief, held_on=date(2025, 11, 20))
    change = Change(Result(0.4, 0.6, 0.8, yes=4, no=6), Result(0.7, 0.7, 1.0, yes=7, no=3))
    changes = {"continuity": change} if common else {}
    done = shown.debrief.strengths[:1] if common else ()
    found = Comparison(before, shown.debrief, common, 3, 5, change if common else None, changes, {}, done, ())
    return told(replace(shown, comparison=found))


def test_it_is_compared_with_the_last_one_on_what_both_asked():
    said = compared(10)
    assert "10 réactions attendues sont communes. Niveau avant : de 40 % à 60 % ; maintenant : 70 %." in said
    assert "+30 points" in said
    assert "Ce qui manquait et qui vient" in said
    assert "ne se comparent pas" in compared(0)


def test_the_attestation_says_that_it_counts_only_when_it_does():
    assert "compte pour l’obligation annuelle d’exercice de crise cyber de 2026" in told(report(), of=attestation)
    said = told(report(counts=False), of=attestation)
    assert "Cet exercice ne compte pas" in said
    assert "exercice compte pour" not in said
    assert "Rejouer avec la direction." in said
    assert "cet exercice ne compte pas : La direction n’était pas là." in told(report(counts=False))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_papers_are_the_same_each_time_and_the_attestation_has_one_page(language):
    shown = replace(report(), notes=(message("Résultats édités."),))
    made = attestation.pdf_of(shown, language, DAY)
    assert made == attestation.pdf_of(shown, language, DAY)
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        written = exercise_debrief.written(shown, form, language, DAY)
        assert written.startswith(start)
        assert written == exercise_debrief.written(shown, form, language, DAY)
