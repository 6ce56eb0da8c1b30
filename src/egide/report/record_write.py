"""The documents of the record of a procedure, in PDF and DOCX, with the register of what was written: all or nothing."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import egide
from egide.finding import Finding, Severity
from egide.message import message
from egide.report import REGISTER, letters, presentation, questions, record
from egide.report.papers import docx as docx_paper
from egide.report.papers import pdf as paper
from egide.report.papers.typography import Setter, plain_text, printable
from egide.report.procedure import Procedure
from egide.tender.procedure.letter import Letter
from egide.tender.procedure.presentation import due, items

PRESENTATION = "rapport-presentation"
PUBLIC_QUESTIONS = "questions-reponses"
INTERNAL_QUESTIONS = "registre-questions"


@dataclass(frozen=True)
class Document:
    """A document to write: its name without ending, what it is, and to whom it goes ("" is nobody outside)."""

    name: str
    kind: str
    tenderer: str = ""
    lot: str = ""


def contents(
    procedure: Procedure, due_letters: Iterable[Letter], found: Iterable[Finding], out: Path | None = None
) -> tuple[dict[str, bytes], list[Finding]]:
    """Return every file by name, then what this adds to the findings: each document in PDF and in DOCX, and the register.

    A document of `out` that somebody changed since it was written is left as it is, and said.
    """
    leaks = questions.telling(procedure.tender, procedure.journal)
    edited = _edited(out) if out else frozenset()
    written: dict[str, bytes] = {}
    entries: list[dict[str, object]] = []
    for document, pdf, docx in _documents(procedure, due_letters, told=bool(leaks)):
        for name, content in ((f"{document.name}.pdf", pdf), (f"{document.name}.docx", docx)):
            touched = out is not None and name in edited and (out / name).read_bytes() != content
            about = {"file": name, "kind": document.kind, "tenderer": document.tenderer, "lot": document.lot}
            entries.append({**about, "sha256": _digest(content), "edited": touched})
            if not touched:
                written[name] = content
    kept = [_left(str(entry["file"])) for entry in entries if entry["edited"]]
    register = {
        "format": 1,
        "program": egide.__version__,
        "date": procedure.on.isoformat(),
        "language": procedure.language,
        "fingerprint": procedure.evaluation.fingerprint if procedure.evaluation else "",
        "documents": entries,
        "findings": record.findings([*found, *leaks, *kept], procedure.language),
    }
    written[REGISTER] = (json.dumps(register, ensure_ascii=False, indent=1) + "\n").encode()
    return written, [*leaks, *kept]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _left(name: str) -> Finding:
    return Finding(
        "record.edited",
        Severity.NOTE,
        message("ce document a été modifié depuis qu'il a été écrit : il est laissé tel quel"),
        message("Le déplacer ou le supprimer pour qu'il soit écrit de nouveau."),
        name,
    )


def _documents(procedure: Procedure, due_letters: Iterable[Letter], *, told: bool) -> Iterable[tuple[Document, bytes, bytes]]:  # fmt: skip
    tender, journal, on = procedure.tender, procedure.journal, procedure.on
    pages: list[tuple[Document, date, Any]] = []
    if due(tender):
        states = items(tender, procedure.evaluation, journal)
        pages.append((Document(PRESENTATION, "presentation"), on, lambda setter: presentation.document(setter, tender, procedure.evaluation, journal, states, procedure.asked, on)))  # fmt: skip
    if journal.questions:
        pages.append((Document(INTERNAL_QUESTIONS, "questions_register"), on, lambda setter: questions.register(setter, tender, journal, on)))  # fmt: skip
        if not told:
            pages.append((Document(PUBLIC_QUESTIONS, "questions"), on, lambda setter: questions.public(setter, tender, journal, on)))  # fmt: skip
    for letter in due_letters:
        pages.append((Document(letter.name, f"letter.{letter.kind}", letter.tenderer, letter.lot), letter.on, lambda setter, letter=letter: letters.document(setter, tender, letter)))  # fmt: skip
    paged, flowing = Setter(procedure.language, printable), Setter(procedure.language, plain_text)
    for document, day, make in pages:
        yield document, paper.compiled(make(paged), day), docx_paper.compiled(make(flowing), day)


def stale(out: Path) -> list[str]:
    """Return the files that an earlier run wrote into `out` and nobody changed: what is no longer due must not stay."""
    edited = _edited(out)
    return [name for name in _registered(out) if name not in edited]


def _edited(out: Path) -> frozenset[str]:
    """Return the documents of `out` that are not as an earlier run left them."""
    known = _registered(out)
    present = [path for kind in ("*.pdf", "*.docx") for path in out.glob(kind) if path.is_file()]
    return frozenset(path.name for path in present if known.get(path.name) != _digest(path.read_bytes()))


def _registered(out: Path) -> dict[str, str]:
    """Return the files of the register of an earlier run, with their digests; one that cannot be read has none."""
    try:
        told = json.loads((out / REGISTER).read_text(encoding="utf-8"))
        listed = {str(each["file"]): str(each["sha256"]) for each in told["documents"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {
        name: digest
        for name, digest in listed.items()
        if Path(name).name == name and Path(name).suffix in {".pdf", ".docx"}
    }
