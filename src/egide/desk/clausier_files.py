"""A clausier as a file, in every format that we write."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from egide import reference
from egide.clausier.model import Clausier
from egide.errors import UsageError
from egide.exchange.clausiers import export
from egide.message import Language, Text, message


@dataclass(frozen=True)
class Format:
    """A format: how the names of its files end, its media type, what it is for."""

    ending: str
    media_type: str
    title: Text
    is_text: bool = False


_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "json": Format(".json", "application/json", Text("Données (JSON d'Égide)", "Data (Égide JSON)"), is_text=True),
        "csv": Format(".csv", "text/csv; charset=utf-8", Text("Tableau (CSV)", "Table (CSV)"), is_text=True),
        "oscal": Format(".oscal.json", "application/json", Text("Catalogue OSCAL", "OSCAL catalogue"), is_text=True),
        "xlsx": Format(".xlsx", f"{_OFFICE}.spreadsheetml.sheet", Text("Cadre de réponse (XLSX)", "Answer sheet (XLSX)")),
        "ods": Format(".ods", f"{_OPEN_DOCUMENT}.spreadsheet", Text("Cadre de réponse (ODS)", "Answer sheet (ODS)")),
        "pdf": Format(".pdf", "application/pdf", Text("Recueil à lire (PDF)", "Book to read (PDF)")),
        "docx": Format(".docx", f"{_OFFICE}.wordprocessingml.document", Text("Recueil à lire (DOCX)", "Book to read (DOCX)")),
        "odt": Format(".odt", f"{_OPEN_DOCUMENT}.text", Text("Recueil à lire (ODT)", "Book to read (ODT)")),
    }
)  # fmt: skip
"""Every format by its name: data, the answer sheet to send, the book to read."""


def known(form: str) -> Format:
    """Return a format by its name. Raises UsageError."""
    if form not in FORMATS:
        raise UsageError(message("format inconnu : {name} (possibles : {names})", name=form, names=tuple(FORMATS)))
    return FORMATS[form]


def content(clausier: Clausier, form: str, language: Language, on: date) -> bytes:
    """Return a clausier, entire or narrowed, in a format, dated `on`: same inputs, same bytes. Raises UsageError."""
    if known(form).is_text:
        return export.as_text(clausier, form, language).encode()
    from egide.exchange import questionnaire, questionnaire_ods  # noqa: PLC0415 (writers only where they serve)
    from egide.report import clausier_book  # noqa: PLC0415

    if form in clausier_book.WRITERS:
        return clausier_book.book(clausier, form, language, on, reference.vocabulary().roles)
    if form == "ods":
        return questionnaire_ods.content(clausier, None, language, created=on)
    memory = io.BytesIO()
    questionnaire.write(clausier, None, memory, language, created=on)
    return memory.getvalue()
