"""A plain list of requirements in a workbook, a CSV or a table: one sheet or one a chapter, read into the native form."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from egide import plain
from egide.clausier.model import Clausier, Expects, Point, Theme
from egide.exchange import grid
from egide.exchange.clausiers.foreign import Report, clean, proofs, reused, unique
from egide.exchange.vocabulary import fold
from egide.finding import Severity
from egide.message import Text, message


class Column(StrEnum):
    """What a column holds."""

    THEME = "theme"
    ASSESSABLE = "assessable"
    WEIGHT = "weight"
    PROOF = "proof"
    WHY = "why"
    IDENTIFIER = "identifier"
    TITLE = "title"
    TEXT = "text"
    OTHER = "other"


HEADINGS: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile(words))
    for column, words in (
        (Column.OTHER, r"\b(repon|answer|conform|statut|status|commentaire|candidat|soumissionnaire|note obtenue|depth|profondeur|implementation_groups|urn)"),
        (Column.ASSESSABLE, r"^(assessable|evaluable)$"),
        (Column.THEME, r"\b(thema|theme|chapitre|chapter|section|domaine?s?\b|categor|rubrique|partie|famille|topic)"),
        (Column.IDENTIFIER, r"^(id|ref|refs?\.|reference|identifiant|identifier|code|n°|no|nr|#|num|numero|number|ref_id|ref id|id\.)$"
                            r"|^(id|ref\.?|reference|identifiant|code|n°|numero|no|num\.?)\s+(de\s+|d'|l')*(exigence|clause|point|mesure|controle|regle|objectif|requirement|critere)"
                            r"|^(requirement|control|clause|exigence|mesure|point) (id|ref|n°|no|number|code)$"),
        (Column.PROOF, r"\b(preuve|justificatif|evidence|proof|piece|typical_evidence|document)"),
        (Column.WEIGHT, r"\b(poids|weight|ponderation|coef|importance|priorite|priority)"),
        (Column.WHY, r"\b(pourquoi|why|annotation|objectif|objective|rationale|contexte)"),
        (Column.TITLE, r"\b(intitule|titre|title|nom|name|sujet|objet|subject)\b"),
        (Column.TEXT, r"\b(exigence|texte|text|description|libelle|requirement|clause|enonce|contenu|mesure|question|controle|control|regle|critere|attendu|point)"),
    )
)  # fmt: skip
ENGLISH = re.compile(r"\(en\)|\[en\]|\banglais|\benglish|_en$")
GENERIC = re.compile(r"^(feuil(le)?|sheet|tabelle|tableau|table)?\s*\d*$")
IDENTIFIER = re.compile(r"^(?=[^\s]{1,24}$)(?=.*\d)[\w.()/§-]+$|^[A-Z]{1,8}[ .-]\d[\w.-]*$")
WEIGHTS: Mapping[str, int] = {
    **dict.fromkeys(("essentiel", "essentielle", "obligatoire", "critique", "haute", "elevee", "eleve", "forte", "fort", "mandatory", "high", "must", "indispensable"), 3),
    **dict.fromkeys(("important", "importante", "moyenne", "moyen", "medium", "recommended", "recommande", "should"), 2),
    **dict.fromkeys(("utile", "faible", "basse", "low", "souhaite", "souhaitable", "optionnel", "could", "nice to have"), 1),
}  # fmt: skip
MOST_HEADING_ROW = 40
CHAPTER = 160


@dataclass
class _Row:
    """One row under the headings, its cells by column."""

    cells: Mapping[Column, str]
    english: Mapping[Column, str]
    alone: str
    place: str


@dataclass
class _Table:
    """A sheet with its columns found."""

    sheet: grid.Sheet
    header: int
    columns: Mapping[int, tuple[Column, bool]]

    def rows(self) -> Iterator[_Row]:
        for number in range(self.header + 1, len(self.sheet.rows)):
            row = self.sheet.rows[number]
            cells: dict[bool, dict[Column, str]] = {False: {}, True: {}}
            for column, (kind, english) in self.columns.items():
                value = clean(row[column]) if column < len(row) else ""
                if value and kind not in cells[english]:
                    cells[english][kind] = value
            filled = [clean(cell) for cell in row if clean(cell)]
            first = next((column for column, cell in enumerate(row) if clean(cell)), 0)
            if filled:
                yield _Row(
                    cells[False],
                    cells[True],
                    filled[0] if len(set(filled)) == 1 else "",
                    self.sheet.place(number, first),
                )


@dataclass
class _Reader:
    report: Report
    places: list[tuple[str, str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    themes: dict[str, list[Point]] = field(default_factory=dict)
    made: int = 0

    def take(self, table: _Table, name: str) -> None:
        """Add the points of one table."""
        theme = name
        rows = list(table.rows())
        identifiers = [row.cells.get(Column.IDENTIFIER, "") for row in rows]
        prefixes = {prefix for each in identifiers for prefix in _prefixes(each)}
        by_mark = any(row.cells.get(Column.ASSESSABLE) for row in rows)
        for row in rows:
            heading = self._heading(row, prefixes, by_mark=by_mark)
            if heading:
                theme = heading
                continue
            theme = row.cells.get(Column.THEME, theme)
            text, title = self._texts(row)
            if text.fr or text.en:
                self.themes.setdefault(theme, []).append(self._point(row, text, title))
            else:
                self.report.leave(message("lignes sans texte d'exigence"))

    def _heading(self, row: _Row, prefixes: set[str], *, by_mark: bool) -> str:
        """Return the title of the chapter that a row opens, empty if it is a requirement."""
        identifier = row.cells.get(Column.IDENTIFIER, "")
        words = row.cells.get(Column.TEXT) or row.cells.get(Column.TITLE) or row.cells.get(Column.THEME, "")
        if by_mark:
            return "" if row.cells.get(Column.ASSESSABLE) else words or row.alone
        short = 0 < len(row.alone) <= CHAPTER
        if short and not (identifier and IDENTIFIER.match(identifier)) and not row.alone.endswith("."):
            return row.alone
        both = Column.TEXT in row.cells and Column.TITLE in row.cells
        return (
            f"{identifier} {words}" if identifier in prefixes and words and len(words) <= CHAPTER and not both else ""
        )

    def _texts(self, row: _Row) -> tuple[Text, Text]:
        title = Text(row.cells.get(Column.TITLE, ""), row.english.get(Column.TITLE, ""))
        text = Text(row.cells.get(Column.TEXT, ""), row.english.get(Column.TEXT, ""))
        return (text, title) if text.fr or text.en else (title, Text())

    def _point(self, row: _Row, text: Text, title: Text) -> Point:
        identifier = " ".join(row.cells.get(Column.IDENTIFIER, "").split())
        if not identifier:
            self.made += 1
            identifier = unique(f"P-{self.made:03d}", self.taken)
            self.report.say(
                "list.identifier",
                Severity.DOUBT,
                message("cette exigence n'a pas d'identifiant : {identifier} lui est donné", identifier=identifier),
                message("Donner un identifiant stable à chaque exigence avant de publier."),
                row.place,
                point=identifier,
                read=text.fr or text.en,
            )
        self.places.append((identifier, row.place))
        expected = proofs(Text(row.cells.get(Column.PROOF, ""), row.english.get(Column.PROOF, "")))
        return Point(
            identifier,
            text,
            title,
            weight=self._weight(row),
            proofs=expected,
            expects=Expects.DOCUMENT if expected else Expects.STATEMENT,
            why=Text(row.cells.get(Column.WHY, ""), row.english.get(Column.WHY, "")),
        )

    def _weight(self, row: _Row) -> int:
        written = fold(row.cells.get(Column.WEIGHT, ""))
        if not written:
            return 1
        if written in WEIGHTS:
            return WEIGHTS[written]
        if written in {"1", "2", "3"}:
            return int(written)
        self.report.leave(message("poids qui ne sont pas 1, 2 ou 3 (poids 1 retenu)"))
        return 1


def read(sheets: tuple[grid.Sheet, ...], report: Report) -> Clausier:
    """Return the clausier that the sheets list. Raises DataError when no sheet lists requirements."""
    reader = _Reader(report)
    tables = [(sheet, _table(sheet, report)) for sheet in sheets]
    known = [(sheet, table) for sheet, table in tables if table is not None]
    for sheet, table in tables:
        if table is None:
            if any(any(row) for row in sheet.rows):
                report.leave(
                    message("feuille sans colonne d'exigences : « {sheet} »", sheet=sheet.name), len(sheet.rows)
                )
            continue
        named = sheet.name if len(known) > 1 or not GENERIC.match(fold(sheet.name)) else ""
        reader.take(table, named or "Exigences")
    if not reader.themes:
        understood = message(
            "aucune liste d'exigences reconnue : une ligne d'en-têtes avec un identifiant et un texte est attendue"
        )
        raise plain.refusal("list.absent", report.file, ", ".join(sheet.name for sheet in sheets), understood)
    reused(reader.places, report)
    taken: set[str] = set()
    themes = [
        Theme(unique(f"T{n}", taken), Text(fr=title), tuple(points))
        for n, (title, points) in enumerate(reader.themes.items(), 1)
    ]
    stem = re.sub(r"\.\w+$", "", report.file.replace("\\", "/").rpartition("/")[2])
    return Clausier(stem, "1", Text(fr=stem), tuple(themes), source=report.file)


# ------------------------------------------------------------------------------------------------------------- columns
def _table(sheet: grid.Sheet, report: Report) -> _Table | None:
    for number, row in enumerate(sheet.rows[:MOST_HEADING_ROW]):
        found = {column: kind for column, cell in enumerate(row) if (kind := _heading(cell)) is not None}
        kinds = {kind for kind, _ in found.values()}
        if kinds & {Column.TEXT, Column.TITLE} and (len(kinds - {Column.OTHER}) > 1 or len(found) > 1):
            columns = _settled(sheet, number, found)
            _leave_columns(row, columns, report)
            return _Table(sheet, number, columns)
    return _without_headings(sheet, report)


def _heading(cell: str) -> tuple[Column, bool] | None:
    folded = fold(cell).strip(" *:")
    if not folded or len(folded) > 60:
        return None
    english = bool(ENGLISH.search(folded))
    bare = ENGLISH.sub("", folded).strip()
    return next(((column, english) for column, words in HEADINGS if words.search(bare)), None)


def _settled(
    sheet: grid.Sheet, header: int, found: Mapping[int, tuple[Column, bool]]
) -> dict[int, tuple[Column, bool]]:
    """Tell apart, by what they hold, two columns of one language that both announce the text."""
    columns = dict(found)
    for english in (False, True):
        texts = [column for column, kind in found.items() if kind == (Column.TEXT, english)]
        if len(texts) > 1:
            longest = max(texts, key=lambda column: _length(sheet, header, column))
            for column in texts:
                if column != longest:
                    columns[column] = (_lesser(sheet, header, column, columns), english)
    kinds = {kind for kind, _ in columns.values()}
    if Column.IDENTIFIER not in kinds:
        for column in range(max((len(row) for row in sheet.rows), default=0)):
            if columns.get(column, (Column.OTHER, False))[0] not in {Column.TEXT, Column.PROOF} and _identifies(
                sheet, header, column
            ):
                columns[column] = (Column.IDENTIFIER, False)
                break
    return columns


def _lesser(sheet: grid.Sheet, header: int, column: int, columns: Mapping[int, tuple[Column, bool]]) -> Column:
    kinds = {kind for kind, _ in columns.values()}
    if Column.IDENTIFIER not in kinds and _identifies(sheet, header, column):
        return Column.IDENTIFIER
    return Column.OTHER if Column.TITLE in kinds else Column.TITLE


def _values(sheet: grid.Sheet, header: int, column: int) -> list[str]:
    return [clean(row[column]) for row in sheet.rows[header + 1 :] if column < len(row) and clean(row[column])]


def _length(sheet: grid.Sheet, header: int, column: int) -> float:
    values = _values(sheet, header, column)
    return sum(map(len, values)) / len(values) if values else 0


def _identifies(sheet: grid.Sheet, header: int, column: int) -> bool:
    values = _values(sheet, header, column)
    alike = [value for value in values if IDENTIFIER.match(value)]
    return len(alike) > 0.6 * len(values) > 0 and len(set(alike)) > 0.8 * len(alike)


def _without_headings(sheet: grid.Sheet, report: Report) -> _Table | None:
    """Find an identifier column and a text column where nothing announces them."""
    width = max((len(row) for row in sheet.rows), default=0)
    named = next((column for column in range(width) if _identifies(sheet, -1, column)), None)
    longest = max(range(width), key=lambda column: _length(sheet, -1, column), default=None)
    if named is None or longest is None or longest == named or _length(sheet, -1, longest) < 15:
        return None
    report.say(
        "list.headings",
        Severity.DOUBT,
        message(
            "sans ligne d'en-têtes : {identifier} est lu comme identifiant, {text} comme texte",
            identifier=sheet.column(named),
            text=sheet.column(longest),
        ),
        message("Ajouter une ligne d'en-têtes (identifiant, texte)."),
        sheet.place(0, 0),
    )
    return _Table(sheet, -1, {named: (Column.IDENTIFIER, False), longest: (Column.TEXT, False)})


def _leave_columns(row: grid.Row, columns: Mapping[int, tuple[Column, bool]], report: Report) -> None:
    for column, cell in enumerate(row):
        if clean(cell) and columns.get(column, (Column.OTHER, False))[0] is Column.OTHER:
            report.leave(message("colonne « {heading} »", heading=clean(cell)[:60]))


def _prefixes(identifier: str) -> Iterator[str]:
    """Yield the identifiers of the chapters that an identifier announces: 1 and 1.2 for 1.2.3."""
    for found in re.finditer(r"[.\-_]", identifier):
        yield identifier[: found.start()]
