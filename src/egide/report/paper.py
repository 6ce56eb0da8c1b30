"""The one template of printed documents: the frame of a page, and its PDF."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from egide.errors import EgideError
from egide.message import Message, message
from egide.report.blocks import Block
from egide.report.font import FONTS
from egide.report.typography import Setter
from egide.tender.model import Tender

TEMPLATE = Path(__file__).parent / "templates" / "document.typ"


def frame(setter: Setter, title: Message, tender: Tender, foot: Message, blocks: Sequence[Block]) -> dict[str, Any]:
    """Return a document about a consultation as plain data for the template."""
    say = setter.say
    subject = say(tender.title)
    return {
        "title": say(title),
        "subject": subject,
        "running": subject if len(subject) < 90 else f"{subject[:88].rstrip()}…",
        "author": say(tender.buyer.name),
        "buyer": say(tender.buyer.name),
        "lang": setter.language,
        "region": "FR" if setter.language == "fr" else "GB",
        "page": say(message("page")),
        "contents": say(message("Sommaire")),
        "foot": say(foot),
        "blocks": list(blocks),
    }


def compiled(data: Mapping[str, Any], on: date) -> bytes:
    """Return the tagged PDF (PDF/UA-1) of a document, dated `on`: same data, same bytes.

    Raises EgideError on a fault or a warning of the typesetter: neither is ever shipped.
    """
    try:
        result, warnings = typst.compile_with_warnings(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=datetime.combine(on, time(), UTC),
        )
    except typst.TypstError as fault:
        raise EgideError(message("le rapport n'a pas pu être composé : {fault}", fault=str(fault))) from None
    if warnings:
        raise EgideError(message("le rapport n'a pas pu être composé : {fault}", fault=str(warnings[0])))
    return result


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
