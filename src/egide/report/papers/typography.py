"""How texts, numbers, amounts and dates are set on paper and in sheets, in the manner of each language.

Texts of the project and of the buyer are typeset; what a tenderer wrote is quoted as it is, made displayable only.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache

from egide.locale import say
from egide.locale.typography import THIN, french
from egide.message import Language, Message, Text
from egide.report.papers import font

WHOLE = "\u00a0"
"""No-break space."""
BREAK = "\u200b"
"""A place where a long word may be cut."""
WIDE = Context(prec=100)
"""Enough digits to show any amount: a product of what people may write is never cut."""
CURRENCIES = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True)
class Setter:
    """Sets texts for one language. `clean` makes a text displayable by the medium: a font knows some signs only."""

    language: Language
    clean: Callable[[str], str]

    def say(self, said: Message | Text | str) -> str:
        """Return a text of the project or of the buyer."""
        text = said if isinstance(said, str) else say(said, self.language)
        return self.clean(french(text) if self.language == "fr" else text)

    def quote(self, text: str) -> str:
        """Return a text of somebody else, as it was written."""
        return self.clean(text)

    def number(self, value: Decimal, decimals: int | None = 2) -> str:
        """Return a number, half up; `decimals` None shows those that there are."""
        shown = value if decimals is None else value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, WIDE)
        text = f"{shown.normalize(WIDE) if decimals is None else shown:,f}"
        if self.language == "en":
            return text.replace("-", "−")
        return text.replace("-", "−").replace(",", THIN).replace(".", ",")

    def money(self, value: Decimal, currency: str = "EUR") -> str:
        """Return an amount with its currency."""
        sign = CURRENCIES.get(currency, currency)
        if self.language == "fr":
            return f"{self.number(value)}{WHOLE}{self.clean(sign)}"
        return f"{sign}{self.number(value)}" if len(sign) == 1 else f"{self.number(value)}{WHOLE}{self.clean(sign)}"

    def day(self, value: date | datetime) -> str:
        """Return a day, with the hour of an instant."""
        if not isinstance(value, datetime):
            return value.strftime("%d/%m/%Y" if self.language == "fr" else "%Y-%m-%d")
        shape = "%d/%m/%Y à %H h %M" if self.language == "fr" else "%Y-%m-%d %H:%M"
        return f"{value.strftime(shape)} ({self._zone(value)})".replace(" h ", f"{WHOLE}h{WHOLE}")

    def _zone(self, value: datetime) -> str:
        if value.utcoffset() == paris(value):
            return "heure de Paris" if self.language == "fr" else "Paris time"
        zone = value.strftime("%z")
        return f"UTC{zone[:3]}:{zone[3:5]}" if zone.strip("+0") else "UTC"


def paris(value: datetime) -> timedelta:
    """Return what the clocks of Paris are ahead of UTC by: summer time between the last Sundays of March and of October
    (directive 2000/84/EC).
    """
    year = value.astimezone(UTC).year
    march, october = (datetime(year, month, 31, 1, tzinfo=UTC) for month in (3, 10))
    starts, ends = (last - timedelta(days=last.isoweekday() % 7) for last in (march, october))
    return timedelta(hours=2 if starts <= value < ends else 1)


# ----------------------------------------------------------------------------------------------- what can be displayed
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_KEPT = frozenset({"\n", "\u00ad", BREAK, THIN, WHOLE})
_LIKE = {
    "→": "->", "←": "<-", "⇒": "=>", "↔": "<->", "✓": "[x]", "✔": "[x]", "☑": "[x]", "☒": "[x]", "✗": "[ ]", "✘": "[ ]",
    "☐": "[ ]", "▪": "•", "■": "•", "●": "•", "◦": "•", "○": "•", "‑": "-", "‐": "-", "➔": "->", "➢": "•", "✅": "[x]", "❌": "[ ]",
}  # fmt: skip
_RUN = 8


@lru_cache(8192)
def plain_text(text: str) -> str:
    """Return `text` in composed form, without the control, formatting, private or half signs that nothing displays."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(sign for sign in composed if sign in _KEPT or unicodedata.category(sign) not in _INVISIBLE)


@lru_cache(8192)
def printable(text: str) -> str:
    """Return `text` as our font can print it: other signs by their like or their code, long words able to be cut."""
    known = _covered()
    text = plain_text(text)
    if not all(sign in known for sign in text):
        text = "".join(_shown(text, known))
    return _LONG.sub(_cut, text)


@cache
def _covered() -> frozenset[str]:
    return font.covered() | _KEPT


def _shown(text: str, known: frozenset[str]) -> Iterator[str]:
    """Give the signs of a text, those that the font lacks by their code; of a long run of them, the first only."""
    run = 0
    for sign in text:
        if sign in known:
            run = 0
            yield sign
            continue
        like = _LIKE.get(sign) or _ascii(sign, known)
        run = 0 if like else run + 1
        if like or run < _RUN:
            yield like or f"{BREAK}[U+{ord(sign):04X}]"
        elif run == _RUN:
            yield "[…]"


def _ascii(sign: str, known: frozenset[str]) -> str:
    like = unicodedata.normalize("NFKC", sign)
    return like if like != sign and all(each in known for each in like) else ""


_LONG = re.compile(r"[^\s\u00ad\u200b\u00a0\u202f]{17,}")
_PLACES = re.compile(r"(?<=[/_.\-:,;=\\@?&])(?=\w)")


def _cut(found: re.Match[str]) -> str:
    """Give a long word places where it may be cut: after its signs, then every twelve characters if it is very long."""
    parts = _PLACES.split(found[0])
    cut = [BREAK.join(part[n : n + 12] for n in range(0, len(part), 12)) if len(part) > 26 else part for part in parts]
    return BREAK.join(cut)
