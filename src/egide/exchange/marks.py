"""Marks workbooks: written prefilled for each evaluator, read back with what people retained.

Three kinds of table are read, in .xlsx, .ods, .csv or .yaml, each known by its headings: levels by point, notes by
criterion, decisions. The headings and the words for levels are data, in `COLUMNS` and `LEVELS`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from egide import plain
from egide.clausier.lint import folded
from egide.clausier.model import IRREGULAR, AwardUse, Clausier, Point
from egide.errors import DataError
from egide.exchange import grid
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.model import (
    HARMONISED,
    Acceptance,
    BidClass,
    BidKey,
    Criterion,
    CriterionNote,
    Decision,
    Kind,
    Marks,
    PointMark,
    SourceFile,
    Tender,
)
from egide.tender.procedure.journal import Declaration
from egide.tender.words import ACCEPTANCES, CLASSES, LEVELS

DECISIONS = "decisions"
DECLARATIONS = "declarations"
PART = "@"
"""What separates an evaluator from the part of its marks that a file holds: rssi@tour-2.xlsx."""

COLUMNS: Mapping[str, Text] = {
    "tenderer": Text("Soumissionnaire", "Tenderer"),
    "lot": Text("Lot", "Lot"),
    "variant": Text("Variante", "Variant"),
    "round": Text("Tour", "Round"),
    "point": Text("Point", "Point"),
    "level": Text("Niveau retenu", "Retained level"),
    "reason": Text("Motif", "Reason"),
    "proof_seen": Text("Preuve vue", "Proof seen"),
    "na": Text("Sans objet accepté", "N/A accepted"),
    "criterion": Text("Critère", "Criterion"),
    "subcriterion": Text("Sous-critère", "Sub-criterion"),
    "note": Text("Note", "Note"),
    "class": Text("Classe", "Class"),
    "person": Text("Personne", "Person"),
    "date": Text("Date", "Date"),
    "draw": Text("Tirage", "Draw"),
    "evaluator": Text("Évaluateur", "Evaluator"),
    "conflict": Text("Conflit d'intérêts", "Conflict of interest"),
    "of_lots": Text("Lots concernés", "Lots concerned"),
    "nature": Text("Nature", "Nature"),
    "measure": Text("Mesure prise", "Measure taken"),
}

Row = Mapping[str, str]
T = TypeVar("T")


def _codes(words: Mapping[str, Text]) -> dict[str, str]:
    """Return the code that each writing of it stands for: the code itself, French, English."""
    return {folded(writing): code for code, text in words.items() for writing in (code, text.fr, text.en)}


HEADINGS = _codes(COLUMNS)
LEVEL_CODES = _codes(LEVELS)
CLASS_CODES = _codes(CLASSES)
ACCEPTANCE_CODES = _codes(ACCEPTANCES) | {"true": "accepted", "false": "refused"}


# ------------------------------------------------------------------------------------------------------------- reading
@dataclass(frozen=True)
class _Line:
    """One line of a marks table, its cells by column code, and where it stands."""

    cells: Row
    file: str
    place: str
    evaluator: str

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()


class _Reader:
    """Reads the lines of every file of marks/; each fault is a finding, nothing stops at the first."""

    def __init__(self, tender: Tender, clausier: Clausier):
        self.tender = tender
        self.clausier = clausier
        self.found: list[Finding] = []
        self.keys: dict[BidKey, BidKey] = {}
        self.lots = {lot.id for lot in tender.lots}
        self.criteria = {criterion.id: criterion for criterion in tender.criteria}

    def fault(self, code: str, line: _Line, understood: Message, remedy: Message, read: str, point: str = "") -> None:
        """Record a line that cannot be used."""
        self.found.append(
            Finding(f"mark.{code}", Severity.ERROR, understood, remedy, line.file, line.place, point, read)
        )

    def bid(self, line: _Line) -> BidKey | None:
        """Return the bid that a line speaks of."""
        tenderer, lot = line["tenderer"], line["lot"] or (self.tender.lots[0].id if len(self.tender.lots) == 1 else "")
        if tenderer not in self.tender.tenderer:
            known = tuple(self.tender.tenderer)
            self.fault(
                "tenderer",
                line,
                message("soumissionnaire inconnu"),
                message("Soumissionnaires possibles : {known}.", known=known),
                tenderer,
            )
            return None
        if lot not in self.lots:
            self.fault(
                "lot",
                line,
                message("lot inconnu"),
                message("Lots possibles : {known}.", known=tuple(sorted(self.lots))),
                lot,
            )
            return None
        variant, tour = self.number(line, "variant", 0), self.number(line, "round", 1)
        if variant is None or tour is None:
            return None
        key = BidKey(tenderer, lot, variant, tour)
        return self.keys.setdefault(key, key)

    def number(self, line: _Line, column: str, default: int) -> int | None:
        """Return the whole number of a cell, `default` when it is empty."""
        written = line[column].removesuffix(".0")
        if not written:
            return default
        if not written.isdecimal():
            self.fault(
                "number",
                line,
                message("« {column} » attend un nombre entier", column=COLUMNS[column]),
                message("Corriger la cellule."),
                written,
            )
            return None
        return int(written)

    def word(self, line: _Line, column: str, codes: Mapping[str, str], words: Mapping[str, Text]) -> str | None:
        """Return the code of a cell that takes a word of a list, "" when it is empty."""
        written = line[column]
        if not written:
            return ""
        code = codes.get(folded(written))
        if code is None:
            self.fault(
                "word",
                line,
                message("« {column} » : mot inconnu", column=COLUMNS[column]),
                message("Mots possibles : {words}.", words=tuple(words.values())),
                written,
                line["point"],
            )
        return code

    def point_mark(self, line: _Line) -> PointMark | None:
        """Return the mark of a line of the points table; a line with nothing retained is no mark."""
        if not (line["level"] or line["na"]):
            return None
        bid = self.bid(line)
        point = self.clausier.points.get(line["point"])
        if point is None:
            self.fault(
                "point",
                line,
                message("point inconnu de cette consultation"),
                message("Corriger l'identifiant, ou retirer la ligne."),
                line["point"],
                line["point"],
            )
            return None
        level = self.level(line, point)
        na = self.word(line, "na", ACCEPTANCE_CODES, ACCEPTANCES)
        if bid is None or level is None or na is None:
            return None
        self.doubts(line, point, level, na)
        accepted = Acceptance(na) if na else None
        return PointMark(
            line.evaluator, bid, point.id, level, line["reason"], line["proof_seen"], accepted, line.file, line.place
        )

    def level(self, line: _Line, point: Point) -> str | None:
        """Return the level code retained, None when the point has no such level."""
        written = line["level"]
        spelled = folded(written)
        own = next((code for code in point.level_of if folded(code) == spelled), "")
        code = own or LEVEL_CODES.get(spelled, "")
        possible = (*point.level_of, IRREGULAR)
        if written and code not in possible:
            words = tuple(LEVELS.get(each, Text(each)) for each in possible)
            self.fault(
                "level",
                line,
                message("le point {point} n'a pas ce niveau", point=point.id),
                message("Niveaux possibles : {words}.", words=words),
                written,
                point.id,
            )
            return None
        return code

    def doubts(self, line: _Line, point: Point, level: str, na: str) -> None:
        """Say what a person should complete: a level without a reason, an N/A that was not to be accepted."""

        def doubt(code: str, understood: Message, remedy: Message) -> None:
            self.found.append(
                Finding(
                    f"mark.{code}", Severity.DOUBT, understood, remedy, line.file, line.place, point.id, line["level"]
                )
            )

        if level and not line["reason"]:
            doubt(
                "no_reason",
                message("niveau retenu sans motif"),
                message("Écrire au moins une phrase : ce qui a été vu, et où."),
            )
        if na == Acceptance.ACCEPTED and not point.na_allowed:
            doubt(
                "na_not_allowed",
                message("« sans objet » accepté alors que la consultation ne l'admet pas pour ce point"),
                message("Retenir un niveau comme pour les autres soumissionnaires."),
            )
        if na == Acceptance.ACCEPTED and not level:
            doubt(
                "na_no_level",
                message("« sans objet » accepté sans niveau retenu"),
                message("Retenir le niveau que vaut ce « sans objet », avec la raison."),
            )
        if level in point.level_of and point.level_of[level].value is None:
            doubt(
                "to_clarify",
                message("niveau « à préciser » : la note attend la réponse du soumissionnaire"),
                message("Demander la précision, puis retenir un niveau."),
            )

    def criterion_note(self, line: _Line) -> CriterionNote | None:
        """Return the note of a line of the notes table."""
        if not line["note"]:
            return None
        bid = self.bid(line)
        criterion = self.criteria.get(line["criterion"])
        if criterion is None or criterion.kind is not Kind.MARKED:
            known = tuple(each.id for each in self.tender.criteria if each.kind is Kind.MARKED)
            self.fault(
                "criterion",
                line,
                message("critère inconnu, ou qui ne se note pas à la main"),
                message("Critères possibles : {known}.", known=known),
                line["criterion"],
            )
            return None
        known = tuple(sub.id for sub in criterion.subcriteria) or ("",)
        if line["subcriterion"] not in known:
            self.fault(
                "criterion",
                line,
                message("sous-critère inconnu"),
                message("Sous-critères possibles : {known}.", known=known),
                line["subcriterion"],
            )
            return None
        note = self.note(line, criterion)
        if bid is None or note is None:
            return None
        return CriterionNote(
            line.evaluator, bid, criterion.id, note, line["reason"], line["subcriterion"], line.file, line.place
        )

    def note(self, line: _Line, criterion: Criterion) -> Decimal | None:
        """Return the note written, None when it is no number of the scale."""
        try:
            note = plain.decimal(line["note"].replace(",", "."))
        except ValueError:
            note = Decimal(-1)
        if 0 <= note <= criterion.scale:
            return note
        self.fault(
            "note",
            line,
            message("la note doit être un nombre de 0 à {scale}", scale=criterion.scale),
            message("Corriger la note."),
            line["note"],
        )
        return None

    def decision(self, line: _Line) -> Decision | None:
        """Return the decision of a line of the decisions table; a line without class is not yet decided."""
        if not line["class"]:
            return None
        bid = self.bid(line)
        bid_class = self.word(line, "class", CLASS_CODES, CLASSES)
        draw = self.number(line, "draw", 0)
        on = _day(line["date"])
        if on is None or not line["person"] or not line["reason"]:
            self.fault(
                "decision",
                line,
                message("une décision demande une personne, une date (jj/mm/aaaa) et un motif"),
                message("Compléter la ligne."),
                line["date"],
            )
            return None
        if bid is None or not bid_class or draw is None:
            return None
        return Decision(bid, BidClass(bid_class), line["person"], on, line["reason"], draw, line.file, line.place)

    def declaration(self, line: _Line) -> Declaration | None:
        """Return what an evaluator declares of its interests; a line without an answer is not yet declared."""
        if not line["conflict"]:
            return None
        conflict = self.word(line, "conflict", ACCEPTANCE_CODES, ACCEPTANCES)
        on, lots = _day(line["date"]), _listed(line["of_lots"])
        if line["evaluator"] not in {each.id for each in self.tender.evaluators} or not self.lots.issuperset(lots):
            self.fault(
                "declaration",
                line,
                message("évaluateur ou lot inconnu de la consultation"),
                message("Prendre les identifiants de tender.yaml."),
                " ".join((line["evaluator"], line["of_lots"])).strip(),
            )
            return None
        if on is None or (conflict == Acceptance.ACCEPTED and not line["nature"]):
            self.fault(
                "declaration",
                line,
                message("une déclaration demande une date (jj/mm/aaaa) et, s'il y a conflit, sa nature"),
                message("Compléter la ligne."),
                line["date"],
            )
            return None
        if not conflict:
            return None
        declared = conflict == Acceptance.ACCEPTED
        return Declaration(line["evaluator"], on, declared, lots, line["nature"], line["measure"])

    def collect(self, lines: Iterable[_Line], make: Callable[[_Line], T | None]) -> tuple[T, ...]:
        """Return what the lines make, without those that make nothing."""
        return tuple(made for line in lines if (made := make(line)) is not None)


def _day(written: str) -> date | None:
    for shape in (written[:10], "-".join(reversed(written[:10].split("/")))):
        try:
            return date.fromisoformat(shape)
        except ValueError:
            continue
    return None


def _listed(written: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in written.replace(";", ",").split(",") if part.strip())


def read_marks(folder: Path, tender: Tender, clausier: Clausier) -> tuple[Marks, list[Finding]]:
    """Return all that marks/ holds, and every fault of every file. An absent folder is no marks."""
    reader = _Reader(tender, clausier)
    points: list[_Line] = []
    notes: list[_Line] = []
    decisions: list[_Line] = []
    declarations: list[_Line] = []
    files = []
    for path in _files(folder / "marks"):
        name = f"marks/{path.name}"
        files.append(SourceFile(name, sha256(path.read_bytes()).hexdigest()))
        lines, found = _lines(path, name, tender)
        reader.found += found
        for line in lines:
            if "conflict" in line.cells:
                declarations.append(line)
            else:
                kind = decisions if "class" in line.cells else notes if "note" in line.cells else points
                kind.append(line)
    marks = Marks(
        reader.collect(points, reader.point_mark),
        reader.collect(notes, reader.criterion_note),
        reader.collect(decisions, reader.decision),
        tuple(files),
        reader.collect(declarations, reader.declaration),
    )
    return marks, reader.found + _twice(marks)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith((".", "~$")))


def _lines(path: Path, name: str, tender: Tender) -> tuple[list[_Line], list[Finding]]:
    evaluator = path.stem.partition(PART)[0]
    known = {evaluator.id for evaluator in tender.evaluators} | {HARMONISED, DECISIONS, DECLARATIONS}
    if evaluator not in known:
        stranger = Finding(
            "mark.stranger",
            Severity.ERROR,
            message("ce fichier n'est d'aucun évaluateur de tender.yaml"),
            message("Le nommer d'après un évaluateur ({known}), ou le retirer.", known=tuple(sorted(known))),
            name,
            read=path.name,
        )
        return [], [stranger]
    if path.suffix in {".yaml", ".yml"}:
        return _yaml_lines(path, name, evaluator)
    sheets, found = grid.read(path, name)
    lines = [line for sheet in sheets for line in _table_lines(sheet, name, evaluator)]
    if sheets and not lines and not any(_header(sheet) for sheet in sheets):
        found = [*found, _no_table(name)]
    return lines, found


def _no_table(name: str) -> Finding:
    return Finding(
        "mark.headings",
        Severity.ERROR,
        message("aucun tableau de notation reconnu"),
        message("Garder la ligne d'en-tête écrite par egide marks prepare (voir docs/formats.md)."),
        name,
    )


def _header(sheet: grid.Sheet) -> tuple[int, dict[int, str]] | None:
    """Return the row of headings and the column codes by position, None when the sheet is no marks table."""
    for number, row in enumerate(sheet.rows[:30]):
        columns = {n: HEADINGS[folded(cell.strip())] for n, cell in enumerate(row) if folded(cell.strip()) in HEADINGS}
        codes = set(columns.values())
        if ("tenderer" in codes and codes & {"level", "note", "class"}) or {"evaluator", "conflict"} <= codes:
            return number, columns
    return None


def _table_lines(sheet: grid.Sheet, name: str, evaluator: str) -> list[_Line]:
    header = _header(sheet)
    if header is None:
        return []
    start, columns = header
    lines = []
    for number, row in enumerate(sheet.rows[start + 1 :], start + 1):
        cells = {code: row[n].strip() for n, code in columns.items() if n < len(row)}
        if cells.get("tenderer") or cells.get("evaluator"):
            lines.append(_Line(cells, name, sheet.place(number, 0), evaluator))
    return lines


def _yaml_lines(path: Path, name: str, evaluator: str) -> tuple[list[_Line], list[Finding]]:
    """Read {points: [...], notes: [...], decisions: [...]}, the keys being the column codes."""
    try:
        data = plain.parse_yaml(path.read_text(encoding="utf-8-sig"), name)
        tables = plain.structure(data, dict[str, tuple[dict[str, str], ...]], name)
    except DataError as refusal:
        return [], list(refusal.findings)
    except (OSError, UnicodeDecodeError):
        return [], [_no_table(name)]
    lines = []
    marker = {"points": "level", "notes": "note", "decisions": "class", "declarations": "conflict"}
    for table, rows in tables.items():
        if table not in marker:
            return [], [_no_table(name)]
        lines += [_Line({marker[table]: "", **row}, name, f"{table}[{n}]", evaluator) for n, row in enumerate(rows)]
    return lines, []


def _twice(marks: Marks) -> list[Finding]:
    """Find the same evaluator saying two different things of one point: neither is kept silently."""
    seen: dict[tuple[str, BidKey, str], PointMark] = {}
    found = []
    for mark in marks.points:
        earlier = seen.setdefault((mark.evaluator, mark.bid, mark.point), mark)
        if earlier.level != mark.level:
            found.append(
                Finding(
                    "mark.twice",
                    Severity.ERROR,
                    message(
                        "deux niveaux différents pour le même point ({first} à {place})",
                        first=earlier.level,
                        place=earlier.place,
                    ),
                    message("Ne garder qu'une ligne."),
                    mark.file,
                    mark.place,
                    mark.point,
                    mark.level,
                )
            )
    return found


def marked_points(clausier: Clausier, themes: Sequence[str]) -> list[Point]:
    """Return the points that an evaluator of `themes` has to mark."""
    return [
        point
        for theme in clausier.themes
        if theme.id in themes
        for point in theme.points
        if point.award_use is not AwardUse.NONE
    ]
