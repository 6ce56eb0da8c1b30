"""Where a sheet keeps the answers to a questionnaire: the line of its headings, what each column holds, its lines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from egide.diagnosis.questionnaire import Question, Questionnaire
from egide.exchange.diagnosis_form import HEADINGS, Column
from egide.exchange.diagnosis_level import understood
from egide.exchange.grid import Sheet
from egide.exchange.layout import squashed, text_at
from egide.exchange.vocabulary import Role, fold, heading

HEADER_DEPTH = 40
"""Lines above the first question among which the headings are looked for."""
SAMPLE = 3_000
_ROLES: Mapping[Role, Column] = {
    Role.IDENTIFIER: Column.IDENTIFIER,
    Role.ANSWER: Column.ANSWER,
    Role.COMMENT: Column.NOTE,
    Role.PROOF: Column.PROOF,
    Role.DIGEST: Column.DIGEST,
}
"""What the headings of any questionnaire mean here, for a column that is not titled as ours are."""


@dataclass(frozen=True)
class Table:
    """The layout of one sheet that names questions; `guessed` is the answer column that its content alone told."""

    sheet: Sheet
    header: int
    columns: Mapping[Column, int]
    headings: Mapping[int, str]
    rows: tuple[tuple[int, Question], ...]
    guessed: bool = False

    def cell(self, row: int, column: Column) -> str:
        """Return the text of a cell, empty without such a column."""
        return text_at(self.sheet, row, self.columns[column]) if column in self.columns else ""


@lru_cache(20_000)
def key(identifier: str) -> str:
    """Return an identifier as it is compared: letters and digits, the zeros that pad its numbers apart."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", squashed(identifier))


def table_of(sheet: Sheet, questionnaire: Questionnaire) -> Table | None:
    """Return the layout of a sheet, None if it names no question of the questionnaire."""
    by_key = {key(each): question for each, question in questionnaire.by_id.items()}
    hits: dict[int, int] = {}
    for row in sheet.rows[:SAMPLE]:
        for column, text in enumerate(row):
            if text and len(text) < 60 and key(text) in by_key:
                hits[column] = hits.get(column, 0) + 1
    if not hits:
        return None
    named = max(hits, key=lambda column: (hits[column], -column))
    rows = tuple(
        (number, question)
        for number in range(len(sheet.rows))
        if (question := by_key.get(key(text_at(sheet, number, named)))) is not None and text_at(sheet, number, named)
    )
    header, columns, headings = _headed(sheet, rows[0][0], named)
    guessed = Column.ANSWER not in columns and (found := _guessed(sheet, rows, columns)) is not None
    if guessed and found is not None:
        columns[Column.ANSWER] = found
    return Table(sheet, header, columns, headings, rows, guessed)


def _headed(sheet: Sheet, first: int, named: int) -> tuple[int, dict[Column, int], dict[int, str]]:
    """Return the line of the headings above the first question, -1 without one, the columns they name, their texts."""
    best: dict[Column, int] = {}
    line = -1
    for number in range(max(0, first - HEADER_DEPTH), first):
        found = _columns(sheet, number)
        if len(found) >= len(best) and found:
            best, line = found, number
    texts = {column: text for column, text in enumerate(sheet.rows[line]) if text} if line >= 0 else {}
    return line, {**{each: column for each, column in best.items() if column != named}, Column.IDENTIFIER: named}, texts


def _columns(sheet: Sheet, row: int) -> dict[Column, int]:
    own: dict[Column, int] = {}
    other: dict[Column, int] = {}
    for number, text in enumerate(sheet.rows[row]):
        exact = _exact(text) if text else None
        if exact is not None:
            own.setdefault(exact, number)
        elif text and (role := heading(text)) is not None and role[0] in _ROLES:
            other.setdefault(_ROLES[role[0]], number)
    taken = set(own.values())
    return {**{each: number for each, number in other.items() if number not in taken}, **own}


@lru_cache(500)
def _exact(text: str) -> Column | None:
    folded, squeezed = fold(text), squashed(text)
    for column, its in HEADINGS.items():
        if squeezed in {squashed(its.title.fr), squashed(its.title.en)}:
            return column
    if folded.startswith(("empreinte ", "fingerprint ")):
        return Column.DIGEST
    return next((column for column, words in _LOOSE.items() if words.search(folded)), None)


_LOOSE: Mapping[Column, re.Pattern[str]] = {
    Column.SEEN: re.compile(r"^(preuve vue|proof seen|vue? ?\?$)"),
    Column.EXPECTED: re.compile(r"^(preuves? (acceptee|attendue)s?|accepted proofs?)"),
    Column.REASON: re.compile(r"sans objet.*raison|raison.*sans objet|not applicable.*reason|^n/?a\b.*(raison|reason)"),
    Column.PROOF: re.compile(r"^reference.*(preuve|proof)|^(preuve|proof)s?$"),
    Column.MEASURE: re.compile(r"^(mesure|measure)\b"),
    Column.WHY: re.compile(r"^(pourquoi|why)\b"),
    Column.LEVELS: re.compile(r"^(niveaux|levels|ce que veut dire)"),
    Column.CHAPTER: re.compile(r"^(chapitre|chapter)\b"),
    Column.QUESTION: re.compile(r"^questions?$"),
}


def _guessed(sheet: Sheet, rows: tuple[tuple[int, Question], ...], columns: Mapping[Column, int]) -> int | None:
    """Return the column whose cells are mostly levels of their questions, None if there is none."""
    width = max(len(sheet.rows[row]) for row, _ in rows)
    best, most = None, 0
    for column in sorted(set(range(width)) - set(columns.values())):
        filled = [(question, text) for row, question in rows[:SAMPLE] if (text := text_at(sheet, row, column))]
        read = [understood(question, text) for question, text in filled]
        good = sum(each.doubt is None and (each.choice is not None or each.not_applicable) for each in read)
        if 2 * good > len(filled) and good > most:
            best, most = column, good
    return best
