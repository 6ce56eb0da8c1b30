"""The marks workbook of each evaluator, written prefilled: declarations and proposals to read, retained levels to fill."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from egide.clausier.model import IRREGULAR, Clausier, Point
from egide.errors import DataError
from egide.exchange import point_text
from egide.exchange.marks import COLUMNS, DECISIONS, marked_points
from egide.finding import Finding
from egide.locale import say
from egide.message import Language, Message, Text, message
from egide.tender.model import Answer, Bid, Declared, Evaluator, Kind, Tender
from egide.tender.points import proposal
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
LINE, MOST_HEIGHT = 12.0, 400.0
"""Height of a line of text and greatest height of a row, in points."""


def prepare(
    folder: Path,
    tender: Tender,
    clausier: Clausier,
    bids: Sequence[Bid],
    findings: Iterable[Finding],
    language: Language = "fr",
) -> list[Path]:
    """Write one workbook per evaluator and decisions.csv in marks/; return their paths.

    Nothing is overwritten: raises DataError naming the files already there, before anything is written.
    """
    target = folder / "marks"
    paths = [target / f"{evaluator.id}.xlsx" for evaluator in tender.evaluators] + [target / f"{DECISIONS}.csv"]
    present = [path.name for path in paths if path.exists()]
    if present:
        raise DataError(
            message(
                "marks/ contient déjà {present} : rien n'a été écrit. Les ranger ailleurs, puis recommencer.",
                present=tuple(present),
            )
        )
    doubts = _doubts(findings, language)
    contents = [_workbook(tender, clausier, bids, evaluator, doubts, language) for evaluator in tender.evaluators]
    contents.append(_decisions(language))
    target.mkdir(exist_ok=True)
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


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


def _workbook(
    tender: Tender,
    clausier: Clausier,
    bids: Sequence[Bid],
    evaluator: Evaluator,
    doubts: Mapping[tuple[str, str], str],
    language: Language,
) -> bytes:
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": tender.title, "created": datetime.combine(tender.sent_on, datetime.min.time())})
    formats = _Formats(book)
    _guide(book, formats, tender, evaluator, language)
    themes = [theme.id for theme in clausier.themes if reads(evaluator, tender, theme.id)]
    points = marked_points(clausier, themes)
    if points:
        _points_sheet(book, formats, clausier, points, bids, doubts, language)
        _asked_sheet(book, formats, points, language)
    if any(criterion.kind is Kind.MARKED and notes(evaluator, criterion) for criterion in tender.criteria):
        _notes_sheet(book, formats, tender, bids, evaluator, language)
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


def _points_sheet(
    book: xlsxwriter.Workbook,
    formats: _Formats,
    clausier: Clausier,
    points: Sequence[Point],
    bids: Sequence[Bid],
    doubts: Mapping[tuple[str, str], str],
    language: Language,
) -> None:
    sheet = book.add_worksheet(say(message("Points"), language))
    fill_at = len(KEY_COLUMNS) + 1 + len(READ_COLUMNS)
    rows = [(point, bid) for point in points for bid in bids]
    widths = [*(width for _, width in KEY_COLUMNS), 10, *(width for _, width in READ_COLUMNS)]
    _heads(sheet, formats, [*KEY_COLUMNS, ("point", 10)], READ_COLUMNS, FILL_COLUMNS, language)
    for number, (point, bid) in enumerate(rows, 1):
        answer = bid.answers.get(point.id)
        cells = [
            *_key(bid),
            point.id,
            *_read_cells(clausier, point, answer, doubts.get((bid.key.tenderer, point.id), ""), language),
        ]
        _row(sheet, formats, number, cells, widths)
        for column in range(fill_at, fill_at + len(FILL_COLUMNS)):
            sheet.write_blank(number, column, None, formats.fill)
        levels = [LEVELS.get(code, Text(code)).say(language) for code in (*point.level_of, IRREGULAR)]
        sheet.data_validation(number, fill_at, number, fill_at, {"validate": "list", "source": levels})
    last = len(rows)
    yes_no = [text.say(language) for text in ACCEPTANCES.values()]
    sheet.data_validation(1, fill_at + 3, max(1, last), fill_at + 3, {"validate": "list", "source": yes_no})
    _hide_constants(sheet, bids)
    _finish(sheet, last, fill_at + len(FILL_COLUMNS) - 1)


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


def _decisions(language: Language) -> bytes:
    """Return an empty decisions.csv that a spreadsheet opens with its accents: semicolons, byte order mark."""
    columns = ("tenderer", "lot", "variant", "round", "class", "person", "date", "reason", "draw")
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([COLUMNS[code].say(language) for code in columns])
    return text.getvalue().encode("utf-8-sig")
