"""Our own versioned reference data and its strict loader: trusted, dated, sourced."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from egide import plain
from egide.clausier.model import Clausier, Theme
from egide.clausier.purchase import Vocabulary
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
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
