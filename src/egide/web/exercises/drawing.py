"""Fictitious documents drawn on a page as what they are: the parts `exercises/parts/document.html` and its style."""

from dataclasses import dataclass

from egide.exercise.module import Document, Kind
from egide.exercise.words import DOCUMENTS
from egide.message import Text
from egide.web.design.words import said


@dataclass(frozen=True)
class Drawn:
    """A document in the language of the page: `heads` and `lines` are the cells of a list or a form."""

    document: Document
    kind: Text
    heads: list[str]
    lines: list[list[str]]
    buttons: list[str]
    """Of the picture of a screen."""


def drawn(document: Document) -> Drawn:
    """Return a document ready to be drawn."""
    rows = [[cell.strip() for cell in said(each).split("|")] for each in document.rows]
    if document.kind is Kind.SCREEN:
        return Drawn(document, DOCUMENTS[document.kind], [], [], [cell for row in rows for cell in row if cell])
    return Drawn(document, DOCUMENTS[document.kind], rows[0] if rows else [], rows[1:], [])
