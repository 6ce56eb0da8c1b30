"""Durations, shares, whole numbers, days and yes or no, as people write them in the cells of a sheet.

Each reading gives the value, None when nothing can be made of the text, and whether it could be meant otherwise.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from egide.exchange import vocabulary
from egide.exchange.prices.amount import amount
from egide.exchange.vocabulary import fold
from egide.tender.model import Declared

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a text is read as: `value` is None for a text without meaning (or an empty one), `sure` tells a doubt."""

    value: T | None = None
    sure: bool = True


NOTHING = frozenset({*vocabulary.NOTHING, "?", "??", "nsp", "ne sait pas", "inconnu", "inconnue", "unknown", "a definir", "a determiner", "tbd", "nc", "n.c.", "na", "n/a", "sans objet", "non renseigne", "non defini", "aucun", "aucune", "none"})  # fmt: skip
"""What stands for an empty cell where a quantity is awaited."""


def is_nothing(text: str) -> bool:
    """Tell whether a text says that nothing is known."""
    return fold(text) in NOTHING


# ----------------------------------------------------------------------------------------------------------- durations
HOUR, DAY = Decimal(1), Decimal(24)
_UNITS: tuple[tuple[str, Decimal], ...] = (
    (r"minutes?|mins?|mn", HOUR / 60),
    (r"heures?|hours?|hrs?|h", HOUR),
    (r"jours? (?:ouvres?|ouvrables?)|(?:working|business) days?|jo", DAY),
    (r"jours?|days?|j|d", DAY),
    (r"semaines?|weeks?|sem|w", 7 * DAY),
    (r"mois|months?", 30 * DAY),
    (r"ans?|annees?|years?", 365 * DAY),
)
_PIECE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(" + "|".join(f"(?:{words})" for words, _ in _UNITS) + r")(?![a-z])")
_CLOCK = re.compile(r"(?:(\d+) days?, )?(\d{1,4})[:h](\d{1,2})(?::(\d{2})(?:\.\d+)?)?")
_PLUS = re.compile(r"([jhds])\s*\+\s*(\d+(?:[.,]\d+)?)")
_PLUS_UNIT = {"j": DAY, "d": DAY, "h": HOUR, "s": 7 * DAY}
_AT_ONCE = re.compile(r"^(0|zero|immediat\w*|instantane\w*|temps reel|real[ -]?time|immediate\w*|instant\w*|aucune perte|no loss)$")  # fmt: skip
_SPELT = {"une": "1", "un": "1", "one": "1", "deux": "2", "two": "2", "trois": "3", "three": "3", "quatre": "4", "four": "4", "demi-journee": "12 h", "demi journee": "12 h", "half a day": "12 h"}  # fmt: skip
_ALWAYS = re.compile(r"\b24 ?h? ?/ ?24|\b7 ?j? ?/ ?7|\b24/7")
"""A duty round the clock, not a duration."""
_WORKING = re.compile(r"ouvr(?:e|able)|working|business|\bjo\b")
_BELOW_ZERO = re.compile(r"^[-−–]\s*\d")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_RANGE = re.compile(r"\d\s*[a-z]*\s*(?:-|a|to|/|et|and|ou|or)\s*\d")
_EACH: tuple[tuple[re.Pattern[str], Decimal], ...] = (
    (re.compile(r"^(?:toutes les heures|chaque heure|horaire|hourly|every hour)$"), HOUR),
    (re.compile(r"^(?:tous les jours|chaque (?:jour|nuit)|toutes les nuits|(?:1|une) fois par jour|quotidien(?:ne)?s?|journalier\w*|daily|nightly|every (?:day|night))$"), DAY),
    (re.compile(r"^(?:toutes les semaines|chaque semaine|(?:1|une) fois par semaine|hebdomadaires?|hebdo|weekly|every week)$"), 7 * DAY),
    (re.compile(r"^(?:tous les mois|chaque mois|(?:1|une) fois par mois|mensuel(?:le)?s?|monthly|every month)$"), 30 * DAY),
)  # fmt: skip
_BOUND = re.compile(r"^(?:<=?|≤|moins de|inferieure? a|max(?:imum|imal)?\.?|au plus|sous|under|less than|at most|up to|jusqu'a|en|in|within)\s*")  # fmt: skip
_MORE = re.compile(r"^(?:>=?|≥|plus de|superieure? a|au moins|over|more than|at least|environ|~|≈|about)\s*")
MOST_HOURS = Decimal(10 * 365 * 24)


def unit_of(heading: str) -> Decimal | None:
    """Return the hours of the unit that a heading announces ("RTO (en jours)"), None when it names none."""
    folded = fold(heading)
    found = re.search(r"\((?:en )?([a-z]+)\)|\ben (minutes?|heures?|jours?)\b|\bin (minutes?|hours?|days?)\b|[\s,/](min|h|j)$", folded)  # fmt: skip
    word = next((each for each in found.groups() if each), "") if found else ""
    return next((hours for words, hours in _UNITS if re.fullmatch(words, word)), None)


def hours(text: str, unit: Decimal | None = None) -> Read[Decimal]:
    """Return a duration in hours: "4 h", "1 h 30", "2 jours", "J+1", "30 min", "immédiat"; `unit` is that of a bare number.

    Of a range the longer bound is taken, in doubt; so are working days, read as days, and a bare number without unit.
    """
    folded = fold(text)
    if is_nothing(folded) or _ALWAYS.search(folded) or _BELOW_ZERO.match(folded):
        return Read()
    if _AT_ONCE.match(folded):
        return Read(Decimal(0))
    if (every := next((hours_of for words, hours_of in _EACH if words.match(folded)), None)) is not None:
        return Read(every)
    sure = not (_WORKING.search(folded) or _MORE.match(folded))
    bare = _THOUSANDS.sub("", _MORE.sub("", _BOUND.sub("", folded)))
    for word, digits in _SPELT.items():
        bare = re.sub(rf"(?<![a-z0-9]){word}(?![a-z])", digits, bare)
    if plus := _PLUS.fullmatch(bare):
        return _in_reach(_PLUS_UNIT[plus[1]] * _decimal(plus[2]), sure=sure)
    if clock := _CLOCK.fullmatch(bare):
        days, whole, minutes, _ = clock.groups()
        return _in_reach(int(days or 0) * DAY + int(whole) + Decimal(int(minutes)) / 60, sure=sure)
    if re.fullmatch(r"[\d\s.,]+", bare):
        number = amount(bare).value
        return Read() if number is None else _in_reach(number * (unit or HOUR), sure=sure and unit is not None)
    return _pieces(bare, sure=sure)


def _pieces(text: str, *, sure: bool) -> Read[Decimal]:
    joined = _RANGE.search(text) is not None
    if joined:  # "2 à 4 h" says its unit once
        text = re.sub(r"(\d)\s*(?:-|a|to|/|ou|or)\s*(\d+(?:[.,]\d+)?)\s*([a-z]+)", r"\1 \3 ; \2 \3", text)
    found = [(_decimal(number), _unit(word)) for number, word in _PIECE.findall(text)]
    rest = re.sub(r"[\s,;.+/()-]|\b(?:et|and|a|to|ou|or|de|sous|par|each|every|toutes? les|tous les|maximum|max|h24)\b", "", _PIECE.sub("", text))  # fmt: skip
    trailing = re.fullmatch(r"\d{1,2}", rest) and text.endswith(rest)
    if not found:
        return Read()
    values = [number * unit for number, unit in found]
    if joined:
        return _in_reach(max(values), sure=False)
    if trailing and found[-1][1] == HOUR:  # "1 h 30"
        return _in_reach(sum(values, Decimal(int(rest)) / 60), sure=sure)
    return _in_reach(sum(values, Decimal(0)), sure=sure and not rest)


def _unit(word: str) -> Decimal:
    return next(hours_of for words, hours_of in _UNITS if re.fullmatch(words, word))


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "."))


def _in_reach(value: Decimal, *, sure: bool) -> Read[Decimal]:
    if value > MOST_HOURS:
        return Read()
    rounded = value.quantize(Decimal("0.01"))
    return Read(rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize(), sure)


# ------------------------------------------------------------------------------------------------- numbers and shares
_NOTES = re.compile(r"^(?:environ|~|≈|about|env\.?)\s*")


def number(text: str, *, is_number: bool = False) -> Read[Decimal]:
    """Return a number that is not negative, its unit or its currency left aside; "12,5 M€" and "12 500 000" are the same."""
    if is_nothing(text):
        return Read()
    folded = fold(text)
    about = _NOTES.sub("", folded)
    read = amount(re.sub(r"(?<=\d)\s*(?:lits?|places?|postes?|beds?|personnes?|people|devices?|unites?|equipements?|passages?)(?: .*)?$", "", about), number=is_number)  # fmt: skip
    if read.value is None or read.value < 0:
        return Read()
    return Read(read.value, sure=about == folded and read.problem in {"", "price.multiplied"})


def whole(text: str, *, is_number: bool = False) -> Read[int]:
    """Return a whole number."""
    read = number(text, is_number=is_number)
    if read.value is None:
        return Read()
    rounded = int(read.value.to_integral_value())
    return Read(rounded, read.sure and rounded == read.value)


def share(text: str, *, is_number: bool = False) -> Read[Decimal]:
    """Return a share from 0 to 1: "65 %", "0,65"; a bare number over 1 is read as per cent, in doubt."""
    folded = fold(text)
    said_percent = folded.endswith(("%", "pour cent", "percent", "pct"))
    read = number(re.sub(r"\s*(?:%|pour cent|percent|pct)$", "", folded), is_number=is_number and not said_percent)
    if read.value is None or read.value > 100:
        return Read()
    if said_percent:
        return Read(read.value / 100, read.sure)
    return Read(read.value, read.sure) if read.value <= 1 else Read(read.value / 100, sure=False)


# ----------------------------------------------------------------------------------------------------- yes, no and days
_YES = frozenset({*vocabulary.TICKS, *vocabulary.ANSWERS[Declared.YES], "vu", "vue", "seen", "prouve", "prouvee"})
_NO = frozenset({*(vocabulary.UNTICKED - {"", "-", "/"}), *vocabulary.ANSWERS[Declared.NO], "pas vu", "pas vue", "non vue", "not seen", "0"})  # fmt: skip


def yes_no(text: str) -> Read[bool]:
    """Return whether a cell says yes, from its first word when it says more, then in doubt."""
    folded = fold(text).strip(" .;!")
    if folded in _YES or folded in _NO:
        return Read(folded in _YES)
    if is_nothing(folded):
        return Read()
    first = re.match(r"(oui|yes|non|no|vrai|faux|true|false)(?![\w-])", folded)
    return Read(first[1] in {"oui", "yes", "vrai", "true"}, sure=False) if first else Read(sure=False)


_FRENCH_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ].*)?")
_EPOCH = date(1899, 12, 30)


def day(text: str, *, is_number: bool = False) -> Read[date]:
    """Return a day: "31/12/2027", "2027-12-31", the number of a sheet, or a year alone (its last day, in doubt)."""
    folded = fold(text)
    try:
        if found := _ISO_DAY.fullmatch(folded):
            return _calendar(date(int(found[1]), int(found[2]), int(found[3])))
        if found := _FRENCH_DAY.fullmatch(folded):
            year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
            return _calendar(date(year, int(found[2]), int(found[1])))
    except ValueError:
        return Read()
    if re.fullmatch(r"(?:fin )?20\d\d", folded):
        return Read(date(int(folded[-4:]), 12, 31), sure=False)
    if is_number and re.fullmatch(r"\d{5}", folded):
        return _calendar(_EPOCH + timedelta(days=int(folded)))
    return Read()


def _calendar(found: date) -> Read[date]:
    return Read(found) if 1990 <= found.year <= 2100 else Read()
