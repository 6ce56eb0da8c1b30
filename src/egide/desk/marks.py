"""The files in which people mark outside of a page: workbooks of one evaluator, decisions, declarations."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from egide.clausier.model import Clausier
from egide.exchange import marks_workbook
from egide.finding import Finding
from egide.message import Language
from egide.tender.model import Bid, Evaluator, Marks, Tender

DECISIONS = "decisions.csv"


def workbooks(
    tender: Tender,
    clausier: Clausier,
    evaluator: Evaluator,
    bids: Sequence[Bid],
    findings: Iterable[Finding],
    given: Marks,
    language: Language,
) -> Mapping[str, bytes]:
    """Return the prefilled workbooks of one evaluator by name, one a round: only bids that it may read once declared."""
    alone = replace(tender, evaluators=(evaluator,))
    with tempfile.TemporaryDirectory() as place:
        marks_workbook.prepare(Path(place), alone, clausier, bids, findings, language, given)
        made = {path.name: path.read_bytes() for path in sorted((Path(place) / "marks").iterdir())}
    return {name: content for name, content in made.items() if name != DECISIONS}


def decisions(tender: Tender, clausier: Clausier, language: Language) -> bytes:
    """Return an empty table of decisions, to be filled and brought back."""
    with tempfile.TemporaryDirectory() as place:
        marks_workbook.prepare(Path(place), replace(tender, evaluators=()), clausier, (), (), language)
        return (Path(place) / "marks" / DECISIONS).read_bytes()


def declarations(tender: Tender, language: Language) -> bytes:
    """Return the table of the declarations of interests, a line an evaluator."""
    with tempfile.TemporaryDirectory() as place:
        (written,) = marks_workbook.declare(Path(place), tender, language)
        return written.read_bytes()
