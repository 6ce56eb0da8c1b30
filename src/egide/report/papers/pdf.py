"""The one frame of documents as plain data, and its PDF."""

import ctypes
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from egide.errors import EgideError
from egide.message import Message, Text, message
from egide.report.papers.blocks import Block
from egide.report.papers.font import FONTS
from egide.report.papers.typography import Setter
from egide.tender.model import Tender

TEMPLATE = Path(__file__).parent / "templates" / "document.typ"


def frame(setter: Setter, title: Message, tender: Tender, foot: Message, blocks: Sequence[Block]) -> dict[str, Any]:
    """Return a document about a consultation as plain data for the writers of PDF, DOCX and ODT."""
    return page(setter, title, tender.title, tender.buyer.name, foot, blocks)


def page(
    setter: Setter, title: Message | Text, subject: Message | str, author: str, foot: Message, blocks: Sequence[Block]
) -> dict[str, Any]:
    """Return a document about anything as the same plain data; `author` stands above the title."""
    say = setter.say
    about = say(subject)
    return {
        "title": say(title),
        "subject": about,
        "running": about if len(about) < 90 else f"{about[:88].rstrip()}…",
        "author": say(author),
        "buyer": say(author),
        "lang": setter.language,
        "region": "FR" if setter.language == "fr" else "GB",
        "page": say(message("page")),
        "contents": say(message("Sommaire")),
        "foot": say(foot),
        "blocks": list(blocks),
    }


def compiled(data: Mapping[str, Any], on: date, template: Path = TEMPLATE) -> bytes:
    """Return the tagged PDF (PDF/UA-1) of a document, dated `on`: same data, same bytes.

    `template` lays it out: another one of its folder for what is no report.
    Raises EgideError on a fault or a warning of the typesetter: neither is ever shipped.
    """
    written = json.dumps(data, ensure_ascii=False)
    try:
        result, warnings = typst.compile_with_warnings(
            str(template),
            root=str(template.parent),
            font_paths=fonts(),
            sys_inputs={"data": written},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(on, time(), UTC),
        )
    except typst.TypstError as fault:
        raise EgideError(message("le rapport n'a pas pu être composé : {fault}", fault=str(fault))) from None
    if warnings:
        raise EgideError(message("le rapport n'a pas pu être composé : {fault}", fault=str(warnings[0])))
    if len(written) > LONG:
        _forget()
    return result


LONG = 200_000
"""Signs above which the layout of a document takes a memory that the next one may need."""
KEPT = 11
"""How many documents the typesetter goes through before it lets go of what it laid out."""


def _forget() -> None:
    """Let go of a long document, so that memory does not add up over several.

    Empty pages make the typesetter drop what it laid out; the C library of Linux then gives the memory back.
    """
    for _ in range(KEPT):
        typst.compile(b"", font_paths=fonts())
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@cache
def fonts() -> typst.Fonts:
    """Return our fonts alone, as the typesetter takes them."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
