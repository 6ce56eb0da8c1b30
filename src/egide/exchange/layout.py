"""Where a sheet keeps its answers: the column of identifiers, and what each other column holds.

Headings decide first; where they do not, the content of the column does.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from egide.clausier.model import Clausier, Point
from egide.exchange.grid import Sheet
from egide.exchange.identifiers import Identifiers, Named
from egide.exchange.reply import is_answer
from egide.exchange.vocabulary import Role, fold, heading
from egide.tender.model import Declared

HEADER_DEPTH = 15
SAMPLE_ROWS = 2_000


_SETTLED = frozenset({Role.OPTION, Role.DIGEST, Role.ANSWER, Role.COMMENT, Role.PROOF})


@dataclass(frozen=True)
class Reader:
    """What reading needs to know of a clausier, prepared once for all the files of a tender."""

    clausier: Clausier
    _texts: dict[str, "Asked"] = field(default_factory=dict)

    @cached_property
    def identifiers(self) -> Identifiers:
        """Return the known identifiers."""
        return Identifiers(self.clausier)

    def asked(self, point: str) -> "Asked":
        """Return the texts that a questionnaire carries for a point."""
        if point not in self._texts:
            self._texts[point] = Asked.of(self.clausier, self.clausier.points[point])
        return self._texts[point]


_NOT_LETTERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=20_000)
def squashed(text: str) -> str:
    """Return the letters and digits of a text, so that spaces, quotes and dashes do not count."""
    return _NOT_LETTERS.sub("", fold(text))


@dataclass(frozen=True, slots=True)
class Asked:
    """The buyer's texts of a point, squashed; `words` are those of its wording, to recognise another version of it."""

    wordings: frozenset[str]
    known: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, clausier: Clausier, point: Point) -> "Asked":
        """Gather the texts of a point in both languages."""
        theme = clausier.theme_of[point.id]
        wordings = frozenset(squashed(point.wording(language)) for language in ("fr", "en"))
        others = (point.id, *point.xref, ", ".join(point.xref), theme.id, *_both(point), point.title.fr, point.title.en)
        themes = (theme.title.fr, theme.title.en, f"{theme.id} {theme.title.fr}", f"{theme.id} {theme.title.en}")
        known = frozenset(map(squashed, (*others, *themes))) | wordings
        return cls(wordings, known - {""}, _significant(point.wording("fr")) | _significant(point.wording("en")))

    def is_version(self, text: str) -> bool:
        """Tell whether a text is the wording or another version of it."""
        if squashed(text) in self.wordings:
            return True
        words = _significant(text)
        return len(words) >= 4 and len(words & self.words) >= 0.6 * len(words)


def _both(point: Point) -> tuple[str, ...]:
    return (point.why.fr, point.why.en, point.how_to_prove.fr, point.how_to_prove.en)


@lru_cache(maxsize=2_000)
def _significant(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", fold(text)) if len(word) > 3)


@dataclass(frozen=True)
class Table:
    """The layout of one sheet that names points. A column without a role is one that nothing explains."""

    sheet: Sheet
    column: int
    rows: tuple[tuple[int, Named], ...]
    roles: Mapping[int, Role]
    options: Mapping[int, Declared | None]
    headings: Mapping[int, str]
    wording: int | None = None
    guessed: int | None = None
    """The answer column, when its content alone told it."""

    def columns(self, role: Role) -> tuple[int, ...]:
        """Return the columns of a role, from left to right."""
        return tuple(column for column, held in sorted(self.roles.items()) if held is role)

    def cell(self, row: int, column: int) -> str:
        """Return the text of a cell, empty beyond the end of its row."""
        return text_at(self.sheet, row, column)


def text_at(sheet: Sheet, row: int, column: int) -> str:
    """Return the text of a cell, empty beyond the end of its row."""
    cells = sheet.rows[row]
    return cells[column] if column < len(cells) else ""


def table_of(sheet: Sheet, reader: Reader) -> Table | None:
    """Return the layout of a sheet, None if it names no point."""
    column = _identifier_column(sheet, reader.identifiers)
    if column is None:
        return None
    named = ((number, reader.identifiers.named(text_at(sheet, number, column))) for number in range(len(sheet.rows)))
    rows = tuple((number, name) for number, name in named if name is not None)
    return _Finder(sheet, column, rows, reader).table()


def _identifier_column(sheet: Sheet, identifiers: Identifiers) -> int | None:
    points: dict[int, set[str]] = {}
    whole: Counter[int] = Counter()
    for row in sheet.rows[:SAMPLE_ROWS]:
        for column, text in enumerate(row):
            named = identifiers.named(text) if text else None
            if named:
                points.setdefault(column, set()).add(named.point)
                whole[column] += not named.rest
    return max(points, key=lambda column: (len(points[column]), whole[column], -column), default=None)


class _Finder:
    """Gives each column of a sheet its role."""

    def __init__(self, sheet: Sheet, column: int, rows: tuple[tuple[int, Named], ...], reader: Reader) -> None:
        self.sheet, self.column, self.rows, self.reader = sheet, column, rows, reader
        self.roles: dict[int, Role] = {}
        self.options: dict[int, Declared | None] = {}
        self.headings: dict[int, str] = {}
        self.wording: int | None = None
        self.guessed: int | None = None
        width = max(len(sheet.rows[number]) for number, _ in rows)
        self.filled = {
            each: [
                (named.point, text) for number, named in rows[:SAMPLE_ROWS] if (text := text_at(sheet, number, each))
            ]
            for each in range(width)
            if each != column
        }

    def table(self) -> Table:
        self._read_headings()
        self._recognise_asked()
        self._settle_options()
        self._settle_answers()
        roles = {**self.roles, self.column: Role.IDENTIFIER}
        return Table(self.sheet, self.column, self.rows, roles, self.options, self.headings, self.wording, self.guessed)

    # -------------------------------------------------------------------------------------------------- by heading
    def _read_headings(self) -> None:
        first = self.rows[0][0]
        resembles = self.reader.identifiers.resembles  # a row of an unknown point is no heading
        nearest = range(max(0, first - HEADER_DEPTH), first)
        above = [number for number in nearest if not resembles(text_at(self.sheet, number, self.column))]
        spread = {number: _spread(self.sheet, number) for number in above}
        told = {
            number: {text for each in self.filled if heading(text := spread[number].get(each, ""))} for number in above
        }
        base = max(above, key=lambda number: (len(told[number]), number), default=None)
        if base is None or not told[base]:
            return
        below = [number for number in reversed(above) if number > base and len(told[number]) > 1]
        for column in self.filled:
            for number in (*below, base, *(each for each in (base - 1, base - 2) if each in spread)):
                self._take(column, spread[number].get(column, ""))

    def _take(self, column: int, text: str) -> None:
        found = heading(text)
        if text and column not in self.headings:
            self.headings[column] = text
        if found is None or column in self.roles:
            return
        self.headings[column] = text
        self.roles[column] = found[0]
        if found[0] is Role.OPTION:
            self.options[column] = found[1]

    # -------------------------------------------------------------------------------------------------- by content
    def _recognise_asked(self) -> None:
        """Find the buyer's own texts by content; a column that its heading gives to the tenderer stays his."""
        likeness: dict[int, tuple[int, int]] = {}
        for column, cells in self.filled.items():
            if not cells or self.roles.get(column) in _SETTLED:
                continue
            asked = [(self.reader.asked(point), text) for point, text in cells]
            exact = sum(squashed(text) in each.wordings for each, text in asked)
            known = sum(squashed(text) in each.known for each, text in asked)
            versions = exact + sum(squashed(text) not in each.known and each.is_version(text) for each, text in asked)
            if 2 * versions >= len(cells):
                likeness[column] = exact, versions
            if 2 * max(versions, known) >= len(cells):
                self.roles[column] = Role.ASKED
        self.wording = max(likeness, key=lambda column: (likeness[column], -column), default=None)

    def _settle_options(self) -> None:
        columns = [column for column, role in self.roles.items() if role is Role.OPTION]
        several = len({self.options[column] for column in columns}) > 1
        for column in columns:
            if not several:
                self.roles[column] = Role.ANSWER
                del self.options[column]
        if several:
            self._lower(column for column, role in list(self.roles.items()) if role is Role.ANSWER)

    def _settle_answers(self) -> None:
        if self.options:
            return
        answers = sorted(column for column, role in self.roles.items() if role is Role.ANSWER)
        candidates = [column for column in self.filled if self._mostly_answers(column)]
        if answers and (any(self.filled.get(column) for column in answers) or not candidates):
            best = max(answers, key=lambda column: (self._answer_words(column), -column))
            self._lower(column for column in answers if column != best)
            return
        order = (None, Role.COMMENT, Role.ASKED, Role.PROOF)
        candidates.sort(key=lambda column: (order.index(self.roles.get(column)), column))
        self.guessed = next(iter(candidates), None)
        if self.guessed is not None:
            self.roles[self.guessed] = Role.ANSWER

    def _lower(self, columns: Iterator[int]) -> None:
        for column in columns:
            self.roles[column] = Role.COMMENT

    def _answer_words(self, column: int) -> int:
        return sum(is_answer(text) for _, text in self.filled.get(column, ()))

    def _mostly_answers(self, column: int) -> bool:
        unfit = self.roles.get(column) in {Role.DIGEST, Role.IDENTIFIER} or column == self.wording
        return not unfit and 0 < len(self.filled[column]) <= 2 * self._answer_words(column)


def _spread(sheet: Sheet, row: int) -> dict[int, str]:
    """Return the texts of a row, the text of a merged area under each of its columns and rows."""
    texts = {column: text for column, text in enumerate(sheet.rows[row]) if text}
    for (top, left), (bottom, right) in sheet.merged:
        if top <= row <= bottom and right - left < HEADER_DEPTH * 2 and top < len(sheet.rows):
            for column in range(left, right + 1):
                texts.setdefault(column, text_at(sheet, top, left))
    return texts
