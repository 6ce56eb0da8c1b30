"""The spaces and the apostrophe of French, for every medium."""

import re
from functools import lru_cache

THIN = "\u202f"
"""Narrow no-break space."""

_BEFORE = re.compile(r"[ \u00a0\u202f]+(?=[;:?!»%€])")
_AFTER = re.compile(r"(?<=«)[ \u00a0\u202f]+")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_DIGITS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


@lru_cache(8192)
def french(text: str) -> str:
    """Return `text` with the spaces and the apostrophe of French; a space that is not written is not added."""
    text = _APOSTROPHE.sub("’", _AFTER.sub(THIN, _BEFORE.sub(THIN, text)))
    return _DIGITS.sub(THIN, text)
