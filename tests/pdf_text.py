"""The text of PDF documents, page by page, as pypdf finds it.

Qpdf takes the pages apart instead of pypdf, twice as quickly: only what moves or shows text is handed over. A document
met again is not read again.
"""

import io
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
from pypdf.generic import ArrayObject, ByteStringObject, ContentStream, NameObject

SEEN = "BT ET Tc Tw Tz TL Tf Td TD Tm T* Tj TJ ' \" cm q Q Do"
"""The operators that say which text stands where (ISO 32000-2, tables 51, 56, 86, 103 to 107)."""


def pages(document: bytes | Path) -> tuple[str, ...]:
    """Return the text of each page."""
    return _pages(document if isinstance(document, bytes) else document.read_bytes())


@lru_cache(maxsize=16)
def _pages(document: bytes) -> tuple[str, ...]:
    read, texts = pypdf.PdfReader(io.BytesIO(document)), []
    with pikepdf.open(io.BytesIO(document)) as parsed:
        for page, content in zip(read.pages, parsed.pages, strict=True):
            stream = ContentStream(None, read)
            stream.operations = [
                ([_plain(each) for each in step.operands], str(step.operator).encode())
                for step in pikepdf.parse_content_stream(content, SEEN)
            ]
            page[NameObject("/Contents")] = stream
            texts.append(page.extract_text(visitor_text=_nothing))
    return tuple(texts)


def _plain(value: Any) -> Any:
    if isinstance(value, int | float | Decimal):
        return float(value)
    if isinstance(value, pikepdf.String):
        return ByteStringObject(bytes(value))
    if isinstance(value, pikepdf.Array):
        return ArrayObject([_plain(each) for each in value])
    return NameObject(str(value))


def _nothing(*_: object) -> None:
    """With a visitor, pypdf takes the operations as they are given; without, it writes and reads them again."""
