"""Our own versioned reference data and its strict loader: trusted, dated, sourced."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from egide import plain
from egide.clausier.model import Clausier, Theme
from egide.clausier.purchase import Vocabulary
from egide.diagnosis.maturity import Weighing
from egide.diagnosis.priorities import Advice
from egide.diagnosis.questionnaire import Depth, Head, Questionnaire, Sheet, edition_of
from egide.errors import DataError
from egide.exercise import crisis as crisis_kit
from egide.exercise.assessment import Assessment
from egide.exercise.clock import LegalClocks
from egide.exercise.kit import Kits, Place
from egide.exercise.kit import Library as Exercises
from egide.exercise.module import Function, Module
from egide.finding import Finding, Severity
from egide.message import message
from egide.risk import published
from egide.risk.assembly import assembled
from egide.risk.freeze import Freezes
from egide.risk.library import Block, Library
from egide.risk.outcome import BackTest
from egide.tender.contract import Texts
from egide.tender.model import Tender
from egide.tender.points import narrowed
from egide.tender.procedure.candidacies import Standards
from egide.tender.procedure.presentation import RecordItems
from egide.tender.rules import FILE, Rules

HERE = Path(__file__).parent


def _read(name: str) -> object:
    return plain.parse_yaml((HERE / name).read_text(encoding="utf-8"), name)


@cache
def vocabulary() -> Vocabulary:
    """Return the facets, profiles, level table and roles of a purchase."""
    return plain.structure(_read("purchase.yaml"), Vocabulary, "purchase.yaml")


@cache
def clausier() -> Clausier:
    """Return Égide's own open clausier, its themes in the order of their numbers."""
    head = plain.structure(_read("clausier/clausier.yaml"), Clausier, "clausier.yaml")
    files = sorted((HERE / "clausier").glob("T*.yaml"), key=lambda path: int(path.stem[1:3]))
    themes = tuple(plain.structure(_read(f"clausier/{path.name}"), Theme, path.name) for path in files)
    return replace(head, themes=themes)


@cache
def certificates() -> Standards:
    """Return what is known of the certificates that a tender may ask for."""
    return plain.structure(_read("certificates.yaml"), Standards, "certificates.yaml")


@cache
def rules() -> Rules:
    """Return every dated rule, of all dates."""
    return plain.structure(_read("rules.yaml"), Rules, "rules.yaml")


@cache
def record_items() -> RecordItems:
    """Return what the code asks of the record of a formalised procedure, item by item."""
    return plain.structure(_read("record_items.yaml"), RecordItems, "record_items.yaml")


@cache
def texts() -> Texts:
    """Return the fixed texts of the tender documents."""
    return plain.structure(_read("dce.yaml"), Texts, "dce.yaml")


# ------------------------------------------------------------------------------------------------------------ diagnosis
@cache
def questionnaire() -> Questionnaire:
    """Return the whole pool of questions of the diagnosis, of all depths, chapter by chapter."""
    head = _pool()
    chapters = (chapter for name in head.files for chapter in _sheet(name).chapters)
    return replace(head.pool, chapters=tuple(chapters))


def _pool() -> Head:
    return plain.structure(_read("diagnosis/questionnaire.yaml"), Head, "questionnaire.yaml")


def _sheet(name: str) -> Sheet:
    return plain.structure(_read(f"diagnosis/{name}"), Sheet, name)


@cache
def questionnaires() -> Mapping[Depth, Questionnaire]:
    """Return the questionnaire of each depth, from the shortest to the longest."""
    return {each.depth: edition_of(questionnaire(), each) for each in _pool().editions}


@cache
def advice(depth: Depth | None = None) -> Mapping[str, Advice]:
    """Return what to say of each measure: why, how, the order of cost, how long; to a practice, in plain words."""
    entries = plain.structure(_read("diagnosis/measures.yaml"), tuple[Advice, ...], "measures.yaml")
    return {each.measure: each.plainly() if depth is Depth.PRACTICE else each for each in entries}


@cache
def weighing() -> Weighing:
    """Return what proof and age are worth: assumptions, marked so."""
    return plain.structure(_read("diagnosis/weighing.yaml"), Weighing, "weighing.yaml")


RISK_FILES = (
    "assumptions.yaml",
    "categories.yaml",
    "scenarios.yaml",
    "effects.yaml",
    "programmes.yaml",
    "operation.yaml",
)


@cache
def risk_library() -> Library:
    """Return the library of the risk model: categories, scenarios, effects, and every parameter with its source."""
    return assembled({name: plain.structure(_read(f"risk/{name}"), Block, name) for name in RISK_FILES})


@cache
def national_figures() -> published.Published:
    """Return the published national figures against which the risk model is tried."""
    return published.checked(plain.structure(_read("risk/national.yaml"), published.Published, "national.yaml"))


@cache
def freezes() -> Freezes:
    """Return the days on which the parameters of the risk model were frozen, oldest first, each with its reason."""
    return plain.structure(_read("risk/frozen.yaml"), Freezes, "frozen.yaml")


@cache
def backtest() -> BackTest:
    """Return the stored back-test of the frozen parameters."""
    text = (HERE / "risk" / "backtest.json").read_text(encoding="utf-8")
    return plain.structure(plain.parse_json(text, "backtest.json"), BackTest, "backtest.json")


# ------------------------------------------------------------------------------------------------------------ exercises
@cache
def exercises() -> Exercises:
    """Return everything that crisis exercises are made of: functions, places, modules, kits."""
    head = plain.structure(_read("exercise/kits.yaml"), Kits, "kits.yaml")
    files = sorted((HERE / "exercise" / "modules").glob("*.yaml"))
    return Exercises(
        version=head.version,
        functions=plain.structure(_read("exercise/functions.yaml"), tuple[Function, ...], "functions.yaml"),
        places=plain.structure(_read("exercise/places.yaml"), tuple[Place, ...], "places.yaml"),
        modules=tuple(plain.structure(_read(f"exercise/modules/{each.name}"), Module, each.name) for each in files),
        kits=head.kits,
    )


@cache
def clocks() -> LegalClocks:
    """Return the legal clocks of an incident, bills included, as they were seen on their day."""
    return plain.structure(_read("exercise/clocks.yaml"), LegalClocks, "clocks.yaml")


@cache
def assessment() -> Assessment:
    """Return the self-assessment that chooses a level of exercise."""
    return plain.structure(_read("exercise/assessment.yaml"), Assessment, "assessment.yaml")


@cache
def crisis() -> crisis_kit.Guide:
    """Return what the crisis kits of all establishments have in common."""
    head = plain.structure(_read("exercise/crisis/crisis.yaml"), crisis_kit.Guide, "crisis.yaml")
    return replace(
        head,
        cards=plain.structure(_read("exercise/crisis/cards.yaml"), tuple[crisis_kit.Card, ...], "cards.yaml"),
        forms=plain.structure(_read("exercise/crisis/forms.yaml"), tuple[crisis_kit.Form, ...], "forms.yaml"),
        statements=plain.structure(
            _read("exercise/crisis/statements.yaml"), tuple[crisis_kit.Statement, ...], "statements.yaml"
        ),
        contacts=plain.structure(
            _read("exercise/crisis/contacts.yaml"), tuple[crisis_kit.Contact, ...], "contacts.yaml"
        ),
    )


def load(tender: Tender, enclosed: Clausier | None = None) -> tuple[Clausier, Rules]:
    """Return the clausier of a consultation, narrowed to its points, and the rules of its own date.

    `enclosed` is the clausier that came in the folder, already read. Raises DataError with all findings.
    """
    known = clausier()
    whole = enclosed or (known if tender.clausier.id in {"", known.id} else None)
    if whole is None:
        understood = message("clausier inconnu : {id}", id=tender.clausier.id)
        remedy = message("Écrire id: {id}, ou file: suivi du nom d'un clausier joint au dossier.", id=known.id)
        unknown = Finding(
            "tender.clausier", Severity.ERROR, understood, remedy, FILE, "clausier.id", read=tender.clausier.id
        )
        raise DataError(understood, (unknown,))
    narrow, found = narrowed(tender, whole, vocabulary())
    if found:
        raise DataError(message("les points de la consultation ne peuvent pas être établis"), tuple(found))
    return narrow, rules().on(tender.sent_on)
