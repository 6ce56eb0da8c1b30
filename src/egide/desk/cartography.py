"""A light map in one call: its template, what a filled one says, what it shows by itself."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import egide
from egide import plain
from egide.diagnosis.cartography import Cartography, check
from egide.exchange import cartography_sheet
from egide.finding import Finding
from egide.message import Language
from egide.report import record


def template(language: Language, on: date) -> bytes:
    """Return the workbook to fill in, written on a day."""
    return cartography_sheet.content(language, created=on)


def read(path: Path, name: str, on: date) -> tuple[Cartography, list[Finding]]:
    """Return the map of a file, and what its reading and the map itself show on a day. Raises DataError."""
    found, said = cartography_sheet.read(path, name)
    return found, [*said, *(replace(each, file=name) for each in check(found, on))]


def data(found: Cartography, said: list[Finding], language: Language) -> dict[str, Any]:
    """Return a map as plain data with stable keys."""
    return {
        "format": 1,
        "program": egide.__version__,
        **plain.unstructure(found),
        "findings": record.findings(said, language),
    }
