"""The marks workbook of each evaluator, written prefilled: declarations and proposals to read, retained levels to fill."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from pathlib import Path

import xlsxwriter

from egide.clausier.model import IRREGULAR, Clausier, Point
from egide.errors import DataError
from egide.exchange.marks import COLUMNS, DECISIONS, DECLARATIONS, PART, marked_points
from egide.finding import Finding
from egide.locale import point_text, say
from egide.message import Language, Message, Text, message
from egide.tender.lots import concerns
from egide.tender.model import (
    HARMONISED,
    Answer,
    Bid,
    BidKey,
    CriterionNote,
    Declared,
    Evaluator,
    Kind,
    Marks,
    PointMark,
    Tender,
)
from egide.tender.points import proposal
from egide.tender.readers import countable, may_read
from egide.tender.retained import retained_marks, retained_notes
from egide.tender.rules import notes, reads
from egide.tender.words import ACCEPTANCES, CONDITIONS, DECLARED, LEVELS

READ_COLUMNS: Sequence[tuple[Message, int]] = (
    (message("Thème"), 6),
    (message("Poids"), 6),
    (message("Intitulé"), 24),
    (message("Niveaux possibles"), 62),
    (message("Déclaré"), 11),
    (message("Condition"), 12),
    (message("Commentaire du soumissionnaire"), 34),
    (message("Justificatif annoncé"), 24),
    (message("Doutes de lecture"), 30),
    (message("Proposition"), 22),
)
ASKED_COLUMNS: Sequence[tuple[Message, int]] = (
    (message("Point"), 10),
    (message("Intitulé"), 30),
    (message("Exigence"), 70),
    (message("Niveaux possibles"), 62),
    (message("Preuves attendues"), 60),
)
KEY_COLUMNS = (("tenderer", 16), ("lot", 8), ("variant", 9), ("round", 7))
FILL_COLUMNS = (("level", 14), ("reason", 46), ("proof_seen", 26), ("na", 11))
NO_MARKS = Marks()
LINE, MOST_HEIGHT = 12.0, 400.0
"""Height of a line of text and greatest height of a row, in points."""


def prepare(
    folder: Path,
    tender: Tender,
    clausier: Clausier,
    bids: Sequence[Bid],
    findings: Iterable[Finding],
    language: Language = "fr",
    given: Marks = NO_MARKS,
) -> list[Path]:
    """Write one workbook per evaluator and round, and decisions.csv, in marks/; return the paths written.

    `given` is what marks/ already says: an evaluator that declared a conflict has no bid of that lot; once declarations
    are kept, who has not declared has no workbook; a later round starts from what was retained of the same answer.
    Nothing is overwritten: raises DataError naming the files there when there is nothing to add.
    """
    target = folder / "marks"
    written = [path.name for path in target.glob("*")] if target.is_dir() else []
    doubts = _doubts(findings, language)
    contents: dict[str, bytes] = {}
    strict = bool(given.declarations) or _present(written, DECLARATIONS)
    for name, evaluator, round_bids in _workbooks(tender, bids, given, strict=strict):
        if not _present(written, name):
            work = _Work(tender, clausier, evaluator, tuple(round_bids), given, doubts, language)
            contents[f"{name}.xlsx"] = _workbook(work)
    if not _present(written, DECISIONS):
        contents[f"{DECISIONS}.csv"] = _table(DECISION_COLUMNS, (), language)
    if not contents:
        raise DataError(
            message("marks/ contient déjà {present} : rien n'a été écrit. Les ranger ailleurs, puis recommencer.", present=tuple(sorted(written)))
        )  # fmt: skip
    return _placed(target, contents)


def _workbooks(
    tender: Tender, bids: Sequence[Bid], given: Marks, *, strict: bool
) -> Iterator[tuple[str, Evaluator, list[Bid]]]:
    """Yield the workbooks of a consultation: their name, who marks, and the bids of one round that he may read."""
    for evaluator in tender.evaluators:
        for number in sorted({bid.key.round for bid in bids}) or [1]:
            of_round = [bid for bid in bids if bid.key.round == number]
            if strict:
                of_round = [bid for bid in of_round if may_read(tender, given, evaluator.id, bid.key.lot)]
            if of_round or not strict:
                yield evaluator.id if number == 1 else f"{evaluator.id}{PART}tour-{number}", evaluator, of_round


def _present(names: Sequence[str], stem: str) -> bool:
    return any(name.rpartition(".")[0] == stem for name in names)


def _placed(target: Path, contents: Mapping[str, bytes]) -> list[Path]:
    target.mkdir(exist_ok=True)
    for name, content in contents.items():
        (target / name).write_bytes(content)
    return [target / name for name in contents]


def declare(folder: Path, tender: Tender, language: Language = "fr") -> list[Path]:
    """Write marks/declarations.csv, a line for each evaluator, and return its path. Raises DataError if it is there."""
    target = folder / "marks"
    if _present([path.name for path in target.glob("*")] if target.is_dir() else [], DECLARATIONS):
        raise DataError(message("marks/ contient déjà les déclarations : rien n'a été écrit."))
    rows = [[evaluator.id, "", "", "", "", ""] for evaluator in tender.evaluators]
    return _placed(target, {f"{DECLARATIONS}.csv": _table(DECLARATION_COLUMNS, rows, language)})


def harmonise(
    folder: Path, tender: Tender, clausier: Clausier, bids: Sequence[Bid], given: Marks, language: Language = "fr"
) -> list[Path]:
    """Write marks/harmonisation.xlsx: what evaluators retained differently, side by side, to be agreed together.

    Raises DataError when it is there already, when somebody's marks are awaited (they stay hidden until all are in), or
    when nothing differs.
    """
    target = folder / "marks"
    if _present([path.name for path in target.glob("*")], HARMONISED):
        raise DataError(message("marks/ contient déjà une harmonisation : rien n'a été écrit."))
    seen, found = countable(tender, clausier, given)
    awaited = tuple(finding for finding in found if finding.code == "mark.awaited")
    if awaited:
        raise DataError(message("des notations sont attendues : rien n'est montré avant"), awaited)
    points = {place: marks for place, marks in retained_marks(seen.points).items() if len({m.level for m in marks}) > 1}
    noted = {place: given for place, given in retained_notes(seen.notes).items() if len({n.note for n in given}) > 1}
    if not points and not noted:
        raise DataError(message("les évaluateurs retiennent partout la même chose : rien à harmoniser"))
    return _placed(target, {f"{HARMONISED}.xlsx": _harmonisation(tender, clausier, bids, points, noted, language)})


def _doubts(findings: Iterable[Finding], language: Language) -> dict[tuple[str, str], str]:
    said: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        if finding.tenderer and finding.point:
            said.setdefault((finding.tenderer, finding.point), []).append(say(finding.understood, language))
    return {place: " · ".join(texts) for place, texts in said.items()}


class _Formats:
    """The few cell formats of a workbook: what is to be filled is framed and tinted, the rest is grey and locked."""

    def __init__(self, book: xlsxwriter.Workbook):
        base = {"font_name": "Arial", "font_size": 9, "valign": "top", "text_wrap": True}
        self.head = book.add_format({**base, "bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1})
        self.fill_head = book.add_format(
            {**base, "bold": True, "bg_color": "#8A5A00", "font_color": "#FFFFFF", "border": 1}
        )
        self.read = book.add_format({**base, "border": 1, "border_color": "#C9CED6"})
        self.fill = book.add_format({**base, "border": 1, "bg_color": "#FFF8E6", "locked": False})
        self.title = book.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False})
        self.text = book.add_format({**base, "font_size": 10})


@dataclass(frozen=True)
class _Work:
    """What one workbook is made from."""

    tender: Tender
    clausier: Clausier
    evaluator: Evaluator
    bids: tuple[Bid, ...]
    given: Marks
    doubts: Mapping[tuple[str, str], str]
    language: Language

    @cached_property
    def earlier(self) -> Mapping[tuple[BidKey, str], PointMark]:
        """Return what this evaluator retained, by bid and point."""
        return {(mark.bid, mark.point): mark for mark in self.given.points if mark.evaluator == self.evaluator.id}

    def before(self, bid: Bid, point: str) -> PointMark | None:
        """Return what this evaluator retained of a point at the last round before that of the bid."""
        rounds = (replace(bid.key, round=number) for number in range(bid.key.round - 1, 0, -1))
        return next((self.earlier[key, point] for key in rounds if (key, point) in self.earlier), None)


def _opened(tender: Tender) -> tuple[io.BytesIO, xlsxwriter.Workbook]:
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": tender.title, "created": datetime.combine(tender.sent_on, datetime.min.time())})
    return memory, book


def _workbook(work: _Work) -> bytes:
    tender, evaluator = work.tender, work.evaluator
    memory, book = _opened(tender)
    formats = _Formats(book)
    _guide(book, formats, tender, evaluator, work.language)
    themes = [theme.id for theme in work.clausier.themes if reads(evaluator, tender, theme.id)]
    points = marked_points(work.clausier, themes)
    if points:
        _points_sheet(book, formats, work, points)
        _asked_sheet(book, formats, points, work.language)
    if any(criterion.kind is Kind.MARKED and notes(evaluator, criterion) for criterion in tender.criteria):
        _notes_sheet(book, formats, tender, work.bids, evaluator, work.language)
    book.close()
    return memory.getvalue()


def _guide(
    book: xlsxwriter.Workbook, formats: _Formats, tender: Tender, evaluator: Evaluator, language: Language
) -> None:
    sheet = book.add_worksheet(say(message("Mode d'emploi"), language)[:31])
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, tender.title, formats.title)
    lines = [
        message("Classeur de notation de : {id} ({role})", id=evaluator.id, role=evaluator.role),
        message(
            "Ce que déclare un soumissionnaire n'est jamais noté. Seul compte le niveau que vous retenez, avec son motif."
        ),
        message(
            "Remplir les colonnes claires : niveau retenu (liste), motif (au moins une phrase : ce qui a été vu, et où), preuve vue."
        ),
        message(
            "« Sans objet » : écrire Oui ou Non dans « Sans objet accepté » ; s'il est accepté, retenir aussi le niveau qu'il vaut."
        ),
        message(
            "« Irrégulier » : pièce ou réponse exigée absente ; une personne habilitée décide ensuite dans decisions.csv."
        ),
        message(
            "La colonne « Proposition » applique les règles publiées aux déclarations ; elle ne remplit rien à votre place."
        ),
        message("Ne pas changer la ligne d'en-tête. Enregistrer au format .xlsx ou .ods, sous le même nom."),
    ]
    for row, line in enumerate(lines, 2):
        sheet.write_string(row, 0, say(line, language), formats.text)


def _key(bid: Bid) -> list[str]:
    return [bid.key.tenderer, bid.key.lot, str(bid.key.variant), str(bid.key.round)]


def _points_sheet(book: xlsxwriter.Workbook, formats: _Formats, work: _Work, points: Sequence[Point]) -> None:
    language = work.language
    sheet = book.add_worksheet(say(message("Points"), language))
    fill_at = len(KEY_COLUMNS) + 1 + len(READ_COLUMNS)
    rows = [(point, bid) for point in points for bid in work.bids if concerns(work.tender, point.id, bid.key.lot)]
    widths = [*(width for _, width in KEY_COLUMNS), 10, *(width for _, width in READ_COLUMNS)]
    _heads(sheet, formats, [*KEY_COLUMNS, ("point", 10)], READ_COLUMNS, FILL_COLUMNS, language)
    for number, (point, bid) in enumerate(rows, 1):
        answer = bid.answers.get(point.id)
        doubt = work.doubts.get((bid.key.tenderer, point.id), "")
        before = work.before(bid, point.id)
        cells = [*_key(bid), point.id, *_read_cells(work.clausier, point, answer, doubt, language)]
        kept = before if before is not None and _carried(answer, bid) else None
        if before is not None and kept is None:
            cells[-1] = f"{_changed(before, language)}\n{cells[-1]}"
        _row(sheet, formats, number, cells, widths)
        filled = (_level(kept.level, language), kept.reason, kept.proof_seen) if kept else ()
        for column in range(len(FILL_COLUMNS)):
            sheet.write(number, fill_at + column, filled[column] if column < len(filled) else None, formats.fill)
        levels = [_level(code, language) for code in (*point.level_of, IRREGULAR)]
        sheet.data_validation(number, fill_at, number, fill_at, {"validate": "list", "source": levels})
    last = len(rows)
    yes_no = [text.say(language) for text in ACCEPTANCES.values()]
    sheet.data_validation(1, fill_at + 3, max(1, last), fill_at + 3, {"validate": "list", "source": yes_no})
    _hide_constants(sheet, work.bids)
    _finish(sheet, last, fill_at + len(FILL_COLUMNS) - 1)


def _level(code: str, language: Language) -> str:
    return LEVELS.get(code, Text(code)).say(language)


def _carried(answer: Answer | None, bid: Bid) -> bool:
    """Whether this round says nothing new of a point: its answer stands in a file of an earlier round."""
    return answer is None or f"/round-{bid.key.round}/" not in f"/{answer.file}"


def _changed(before: PointMark, language: Language) -> str:
    said = message(
        "Réponse nouvelle ; retenu au tour {round} : {level}",
        round=before.bid.round,
        level=LEVELS.get(before.level, Text(before.level)),
    )
    return say(said, language)


def _hide_constants(sheet: xlsxwriter.worksheet.Worksheet, bids: Sequence[Bid]) -> None:
    """Hide the lot, variant and round columns that say the same everywhere; they are read back all the same."""
    for column in range(1, len(KEY_COLUMNS)):
        if len({_key(bid)[column] for bid in bids}) <= 1:
            sheet.set_column(column, column, None, None, {"hidden": True})


def _row(
    sheet: xlsxwriter.worksheet.Worksheet, formats: _Formats, number: int, cells: Sequence[str], widths: Sequence[int]
) -> None:
    """Write a row of texts, high enough for the longest: spreadsheets do not all reckon it themselves."""
    for column, text in enumerate(cells):
        sheet.write_string(number, column, text, formats.read)
    lines = max(
        sum(1 + int(len(part) / width) for part in text.split("\n")) for text, width in zip(cells, widths, strict=True)
    )
    sheet.set_row(number, min(MOST_HEIGHT, LINE * (lines + 0.5)))


def _asked_sheet(book: xlsxwriter.Workbook, formats: _Formats, points: Sequence[Point], language: Language) -> None:
    """Write each clause once, in full, with its levels and the proofs expected."""
    sheet = book.add_worksheet(say(message("Exigences"), language))
    widths = [width for _, width in ASKED_COLUMNS]
    _heads(sheet, formats, (), ASKED_COLUMNS, (), language)
    for number, point in enumerate(points, 1):
        cells = [
            point.id,
            point.title.say(language),
            point.wording(language),
            point_text.levels(point, language),
            point_text.proofs(point, language),
        ]
        _row(sheet, formats, number, cells, widths)
    _finish(sheet, len(points), len(widths) - 1, frozen=2)


def _read_cells(clausier: Clausier, point: Point, answer: Answer | None, doubt: str, language: Language) -> list[str]:
    proposed, why = proposal(point, answer)
    level = LEVELS[proposed].say(language) if proposed else "—"
    declared = answer.declared if answer else Declared.BLANK
    return [
        clausier.theme_of[point.id].id,
        str(point.weight),
        point.title.say(language),
        point_text.levels(point, language),
        DECLARED[declared].say(language),
        CONDITIONS[answer.condition].say(language) if answer else "",
        answer.comment if answer else "",
        _pointer(answer),
        doubt,
        f"{level} ({say(why, language)})",
    ]


def _pointer(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if answer.pointer is None:
        return answer.proof
    return ", ".join(part for part in (answer.pointer.document, answer.pointer.section) if part)


def _notes_sheet(
    book: xlsxwriter.Workbook,
    formats: _Formats,
    tender: Tender,
    bids: Sequence[Bid],
    evaluator: Evaluator,
    language: Language,
) -> None:
    sheet = book.add_worksheet(say(message("Notes"), language))
    lines = [
        (bid, criterion, sub)
        for criterion in tender.criteria
        if criterion.kind is Kind.MARKED and notes(evaluator, criterion)
        for sub in (criterion.subcriteria or (None,))
        for bid in bids
    ]
    keys = [*KEY_COLUMNS, ("criterion", 20), ("subcriterion", 20)]
    _heads(
        sheet,
        formats,
        keys,
        ((message("Intitulé"), 50), (message("Échelle"), 12)),
        (("note", 10), ("reason", 70)),
        language,
    )
    for number, (bid, criterion, sub) in enumerate(lines, 1):
        title = (sub.title if sub else "") or criterion.title
        scale = f"0 – {criterion.scale.normalize():f}"
        for column, text in enumerate([*_key(bid), criterion.id, sub.id if sub else "", title, scale]):
            sheet.write_string(number, column, text, formats.read)
        sheet.write_blank(number, 8, None, formats.fill)
        sheet.write_blank(number, 9, None, formats.fill)
    _finish(sheet, len(lines), 9)


def _heads(
    sheet: xlsxwriter.worksheet.Worksheet,
    formats: _Formats,
    keys: Sequence[tuple[str, int]],
    read: Sequence[tuple[Message, int]],
    fill: Sequence[tuple[str, int]],
    language: Language,
) -> None:
    sheet.set_row(0, 2 * LINE + 4)
    heads = [(COLUMNS[code].say(language), width, formats.head) for code, width in keys]
    heads += [(say(text, language), width, formats.head) for text, width in read]
    heads += [(COLUMNS[code].say(language), width, formats.fill_head) for code, width in fill]
    for column, (text, width, style) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, style)


def _finish(sheet: xlsxwriter.worksheet.Worksheet, rows: int, last_column: int, frozen: int = 5) -> None:
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, max(1, rows), last_column)
    sheet.protect(
        "", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True, "select_locked_cells": True}
    )
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


DECISION_COLUMNS = ("tenderer", "lot", "variant", "round", "class", "person", "date", "reason", "draw")
DECLARATION_COLUMNS = ("evaluator", "date", "conflict", "of_lots", "nature", "measure")


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], language: Language) -> bytes:
    """Return a table in CSV that a spreadsheet opens with its accents: semicolons, byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([COLUMNS[code].say(language) for code in columns])
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


# ------------------------------------------------------------------------------------------------------- harmonisation
def _harmonisation(
    tender: Tender,
    clausier: Clausier,
    bids: Sequence[Bid],
    points: Mapping[tuple[BidKey, str], list[PointMark]],
    noted: Mapping[tuple[BidKey, str, str], list[CriterionNote]],
    language: Language,
) -> bytes:
    memory, book = _opened(tender)
    formats = _Formats(book)
    by_key = {bid.key: bid for bid in bids}
    if points:
        sheet = book.add_worksheet(say(message("Points"), language))
        read = ((message("Intitulé"), 30), (message("Niveaux possibles"), 60), (message("Retenu par chacun"), 70))
        _heads(sheet, formats, [*KEY_COLUMNS, ("point", 10)], read, (("level", 16), ("reason", 60)), language)
        widths = [*(width for _, width in KEY_COLUMNS), 10, 30, 60, 70]
        for number, ((key, identifier), given) in enumerate(sorted(points.items(), key=itemgetter(0)), 1):
            point = clausier.points[identifier]
            each = "\n".join(f"{mark.evaluator} : {_level(mark.level, language)} – {mark.reason}" for mark in given)
            cells = [
                *_key(by_key[key]),
                identifier,
                point.title.say(language),
                point_text.levels(point, language),
                each,
            ]
            _row(sheet, formats, number, cells, widths)
            sheet.write_blank(number, len(cells), None, formats.fill)
            sheet.write_blank(number, len(cells) + 1, None, formats.fill)
            levels = [_level(code, language) for code in (*point.level_of, IRREGULAR)]
            sheet.data_validation(number, len(cells), number, len(cells), {"validate": "list", "source": levels})
        _finish(sheet, len(points), 9)
    if noted:
        sheet = book.add_worksheet(say(message("Notes"), language))
        keys = [*KEY_COLUMNS, ("criterion", 20), ("subcriterion", 20)]
        _heads(sheet, formats, keys, ((message("Retenu par chacun"), 70),), (("note", 10), ("reason", 60)), language)
        widths = [*(width for _, width in keys), 70]
        for number, ((key, criterion, sub), given_notes) in enumerate(sorted(noted.items(), key=itemgetter(0)), 1):
            each = "\n".join(f"{note.evaluator} : {note.note} – {note.reason}" for note in given_notes)
            cells = [*_key(by_key[key]), criterion, sub, each]
            _row(sheet, formats, number, cells, widths)
            sheet.write_blank(number, len(cells), None, formats.fill)
            sheet.write_blank(number, len(cells) + 1, None, formats.fill)
        _finish(sheet, len(noted), 8)
    book.close()
    return memory.getvalue()
