"""The matrix: tenderers side by side, theme by theme, with the sums as live formulas that a reader can check.

What comes from a tenderer is written as text and stays text: never a formula, never a link.
"""

import io
import re
from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from egide.clausier.model import AwardUse, Point
from egide.message import Message, message
from egide.report import matrix_prices
from egide.report.arithmetic import subweight
from egide.report.papers.typography import plain_text
from egide.report.record import Record
from egide.report.view import NOTHING, PROVISIONAL, Retained, View, view
from egide.tender import words
from egide.tender.evaluation import Row
from egide.tender.model import Criterion, Kind, SubCriterion
from egide.tender.notes import Note

HEAD = 3
"""The row of the headings on every sheet: status, title and legend stand above."""
NOT_ASKED = message("non demandé sur ce lot")
FILLS = {"high": "#CDE6F5", "middle": "#FFF2CC", "low": "#F8D5BE", "irregular": "#E8B4B4", "missing": "#E3E3E3"}
"""Behind the words of retained levels: blue, yellow, orange, told apart by colour-blind readers; words say it first."""


def workbook(kept: Record) -> bytes:
    """Return the matrix as XLSX: same record, same bytes."""
    memory = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(memory, options)
    seen = view(kept, plain_text)
    book.set_properties({
        "title": seen.set.say(kept.evaluation.tender.title),
        "author": seen.set.say(kept.evaluation.tender.buyer.name),
        "comments": kept.evaluation.fingerprint,
        "created": datetime.combine(kept.date, time()),
    })  # fmt: skip
    made = _Book(book, seen)
    _synthesis(made)
    for theme in seen.clausier.themes:
        points = [point for point in theme.points if point.award_use is not AwardUse.NONE]
        if points:
            _theme(made, theme.id, f"{theme.id} – {seen.set.say(theme.title)}", points)
    matrix_prices.write(made, HEAD)
    _notes(made)
    _findings(made)
    _sums(made)
    book.close()
    return memory.getvalue()


class _Book:
    """A workbook being written, its formats, and the sheets with what all of them bear."""

    def __init__(self, book: xlsxwriter.Workbook, seen: View):
        self.book, self.seen = book, seen
        self.names: set[str] = set()
        self.base = {
            "font_name": "Arial",
            "font_size": 9,
            "valign": "top",
            "text_wrap": True,
            "border": 1,
            "border_color": "#B9C3CE",
        }
        self.text = book.add_format(self.base)
        self.strong = book.add_format({**self.base, "bold": True})
        self.head = book.add_format({**self.base, "bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF"})
        self.title = book.add_format({"font_name": "Arial", "font_size": 13, "bold": True, "font_color": "#1F3A5F"})
        self.legend = book.add_format({"font_name": "Arial", "font_size": 9, "italic": True})
        self.warning = book.add_format({"font_name": "Arial", "font_size": 11, "bold": True, "bg_color": "#F8D5BE"})
        self.two = book.add_format({**self.base, "num_format": "0.00"})
        self.four = book.add_format({**self.base, "num_format": "0.0000"})
        self.money = book.add_format({**self.base, "num_format": "#,##0.00"})
        self.plain = book.add_format({**self.base, "num_format": "General"})
        self.total = book.add_format({**self.base, "num_format": "0.00", "bold": True, "top": 2})
        self.fills = {name: book.add_format({**self.base, "bg_color": colour}) for name, colour in FILLS.items()}
        self.rows = seen.evaluation.ranking
        self.names_of = [self._name(row) for row in self.rows]

    def _name(self, row: Row) -> str:
        name = self.seen.name(row.key)
        return f"{name} ({row.key.lot})" if self.seen.several else name

    def say(self, said: Message) -> str:
        """Return a text set for people."""
        return self.seen.set.say(said)

    def sheet(self, name: str, title: str, legend: str, heads: Sequence[tuple[str, float]], frozen: int) -> Any:
        """Add a sheet with its status, title, legend and headings, ready to print."""
        sheet = self.book.add_worksheet(self._free(name))
        if self.seen.provisional:
            warning = self.say(PROVISIONAL)
            sheet.set_row(0, 20, self.warning)
            sheet.write_string(0, 0, warning, self.warning)
            sheet.set_header(f'&C&"Arial,Bold"&14{warning}'.replace("\u202f", " "))
        else:
            final = message(
                "Évaluation définitive, rapport du {day}, empreinte {short}",
                day=self.seen.set.day(self.seen.record.date),
                short=self.seen.evaluation.fingerprint[:16],
            )
            sheet.write_string(0, 0, self.say(final), self.legend)
        sheet.write_string(1, 0, title, self.title)
        sheet.write_string(2, 0, legend, self.legend)
        for column, (text, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(HEAD, column, text, self.head)
        self.height(sheet, HEAD, heads)
        sheet.freeze_panes(HEAD + 1, frozen)
        sheet.set_landscape()
        sheet.set_paper(8 if len(heads) > 10 else 9)
        sheet.set_margins(0.4, 0.4, 0.7, 0.6)
        sheet.fit_to_pages(max(1, -(-len(heads) // 22)), 0)
        sheet.repeat_rows(HEAD)
        sheet.repeat_columns(0, frozen - 1) if frozen else None
        sheet.set_footer(f"&L{self.seen.evaluation.fingerprint[:16]}&C&A&R&P / &N")
        return sheet

    def height(self, sheet: Any, row: int, cells: Sequence[tuple[str, float]]) -> None:
        """Set the height of a row so that its texts, of the given column widths, show in full."""
        lines = max(
            (sum(max(1, -(-len(line) * 1.12 // width)) for line in text.split("\n")) for text, width in cells),
            default=1,
        )
        sheet.set_row(row, min(400, 5 + 12.5 * lines))

    def _free(self, wanted: str) -> str:
        """Return a name that a sheet can bear and that no other bears."""
        base = re.sub(r"[\[\]:*?/\\']", "-", plain_text(wanted)).strip()[:28] or "Feuille"
        name, n = base, 2
        while name.lower() in self.names:
            name, n = f"{base} {n}"[:31], n + 1
        self.names.add(name.lower())
        return name

    def fill(self, found: Retained | None) -> Any:
        """Return the format behind a level: by what it is worth."""
        if found is None or found.value is None:
            return self.fills["missing"]
        if found.code == "irregular":
            return self.fills["irregular"]
        return self.fills["high" if found.value >= Decimal("0.7") else "middle" if found.value > 0 else "low"]


# ---------------------------------------------------------------------------------------------------------- synthesis
def _synthesis(made: _Book) -> None:
    seen, say = made.seen, made.say
    criteria = seen.tender.criteria
    heads = [
        (say(message("Lot")), 10.0),
        (say(message("Rang")), 8.0),
        (say(message("Soumissionnaire")), 34.0),
        (say(message("Classe")), 20.0),
        (say(message("Signal")), 18.0),
        (say(message("Prix HT")), 16.0),
    ]
    heads += [
        (say(message("{title} : points sur {weight}", title=seen.criterion_title(each), weight=each.weight)), 16.0)
        for each in criteria
    ]
    heads += [(say(message("Total sur 100")), 12.0), (say(message("Attendus")), 10.0)]
    legend = say(
        message("Total d'une offre exclue : pour information. « Attendus » : niveaux, notes et décisions qui manquent.")
    )
    sheet = made.sheet(say(message("Synthèse")), seen.set.say(seen.tender.title), legend, heads, 3)
    for number, row in enumerate(made.rows, HEAD + 1):
        low = say(message("prix à justifier")) if row.abnormally_low else NOTHING
        rank = say(message("exclue")) if row.rank is None else ""
        sheet.write_string(number, 0, row.key.lot, made.text)
        sheet.write_string(number, 1, rank, made.text) if rank else sheet.write_number(number, 1, row.rank, made.strong)
        made.height(sheet, number, [(seen.name(row.key), 34.0)])
        for column, text in enumerate([seen.name(row.key), seen.word(words.CLASSES, row.bid_class), low], 2):
            sheet.write_string(number, column, text, made.strong if row.rank == 1 else made.text)
        _number(sheet, number, 5, row.price, made.money)
        shown = seen.noted(row)
        for column, note in enumerate(row.notes, 6):
            _number(sheet, number, column, note.weighted if shown else None, made.two)
        _number(sheet, number, 6 + len(criteria), row.total if shown else None, made.total)
        sheet.write_number(number, 7 + len(criteria), row.missing, made.plain)
    sheet.autofilter(HEAD, 0, max(HEAD + 1, HEAD + len(made.rows)), len(heads) - 1)


def _number(sheet: Any, row: int, column: int, value: Decimal | None, style: Any) -> None:
    if value is None:
        sheet.write_string(row, column, NOTHING, style)
    else:
        sheet.write_number(row, column, float(value), style)


# -------------------------------------------------------------------------------------------------------------- themes
def _theme(made: _Book, name: str, title: str, points: Sequence[Point]) -> None:
    seen, say = made.seen, made.say
    heads = [
        (say(message("Point")), 10.0),
        (say(message("Intitulé")), 34.0),
        (say(message("Poids")), 7.0),
        (say(message("Usage")), 14.0),
    ]
    for bid in made.names_of:
        heads += [
            (f"{bid}\n{say(part)}", width)
            for part, width in ((message("Déclaré"), 14.0), (message("Retenu"), 18.0), (message("Preuve vue"), 22.0))
        ]
    legend = say(
        message(
            "Déclaré : dit par le soumissionnaire, jamais noté. Retenu : mot et valeur, par un évaluateur. Bleu : 0,7 et plus ; jaune : moins ; orange : 0 ; gris : attendu."
        )
    )
    sheet = made.sheet(name, title, legend, heads, 4)
    for number, point in enumerate(points, HEAD + 1):
        sheet.write_string(number, 0, point.id, made.text)
        sheet.write_string(
            number, 1, seen.set.say(point.title) or seen.set.say(point.wording(seen.record.language)), made.text
        )
        sheet.write_number(number, 2, point.weight, made.plain) if point.award_use.scores else sheet.write_string(
            number, 2, NOTHING, made.text
        )
        sheet.write_string(number, 3, seen.word(words.AWARD_USES, point.award_use), made.text)
        texts = [(seen.set.say(point.title), 34.0), (seen.word(words.AWARD_USES, point.award_use), 14.0)]
        for column, row in enumerate(made.rows):
            texts += _point(made, sheet, number, 4 + 3 * column, row, point)
        made.height(sheet, number, texts)
    sheet.autofilter(HEAD, 0, HEAD + len(points), len(heads) - 1)


def _point(made: _Book, sheet: Any, number: int, column: int, row: Row, point: Point) -> list[tuple[str, float]]:
    """Write what a bid declares, what is retained and the proof seen; return these texts with their widths."""
    seen = made.seen
    if not seen.asked(point, row.key.lot):
        for n, text in enumerate((NOTHING, made.say(NOT_ASKED), NOTHING)):
            sheet.write_string(number, column + n, text, made.text)
        return []
    found = seen.retained(row.key, point)
    proofs = dict.fromkeys(mark.proof_seen for mark in (found.marks if found else ()) if mark.proof_seen)
    texts = [seen.declared(row.key, point), _retained(made, found), seen.set.say(" · ".join(proofs)) or NOTHING]
    for n, text in enumerate(texts):
        sheet.write_string(number, column + n, text, made.fill(found) if n == 1 else made.text)
    return list(zip(texts, (14.0, 18.0, 22.0), strict=True))


def _retained(made: _Book, found: Retained | None) -> str:
    if found is None:
        return made.say(message("attendu"))
    word = made.seen.level_word(found)
    return word if found.value is None else f"{word} ({made.seen.set.number(found.value, None)})"


# --------------------------------------------------------------------------------------------------------------- notes
def _notes(made: _Book) -> None:
    seen, say = made.seen, made.say
    heads = [(say(message("Lot")), 10.0), (say(message("Soumissionnaire")), 34.0), (say(message("Critère")), 30.0), (say(message("Sous-critère")), 26.0), (say(message("Poids")), 9.0), (say(message("Échelle")), 9.0), (say(message("Note")), 11.0), (say(message("Points")), 11.0), (say(message("État")), 14.0), (say(message("Motif")), 60.0)]  # fmt: skip
    legend = say(
        message("Points = note ÷ échelle × poids. Les lignes de sous-critère s'ajoutent dans celle de leur critère.")
    )
    sheet = made.sheet(say(message("Notes")), say(message("Notes par critère et sous-critère")), legend, heads, 2)
    number = HEAD
    for row in made.rows:
        if not seen.noted(row):
            continue
        notes = {note.id: note for note in row.notes}
        for criterion in seen.tender.criteria:
            note = notes[criterion.id]
            parts = {part.id: part for part in note.parts}
            lines: list[tuple[SubCriterion | None, Note]] = [(None, note)]
            lines += [(sub, parts[sub.id]) for sub in criterion.subcriteria if sub.id in parts]
            for sub, each in lines:
                number += 1
                _note(made, sheet, number, row, criterion, sub, each)
    sheet.autofilter(HEAD, 0, max(HEAD + 1, number), len(heads) - 1)


def _note(made: _Book, sheet: Any, number: int, row: Row, criterion: Criterion, sub: SubCriterion | None, note: Note) -> None:  # fmt: skip
    seen = made.seen
    given = seen.notes.get((row.key, criterion.id, sub.id if sub else ""), [])
    weight = subweight(criterion, sub) if sub else criterion.weight
    state = message("complète") if note.complete else message("provisoire")
    title = seen.criterion_title(sub) if sub else NOTHING
    style = made.text if sub else made.strong
    for column, text in enumerate([row.key.lot, seen.name(row.key), seen.criterion_title(criterion), title]):
        sheet.write_string(number, column, text, style)
    for column, (value, form) in enumerate(
        [(weight, made.plain), (criterion.scale, made.plain), (note.note, made.four), (note.weighted, made.four)], 4
    ):
        sheet.write_number(number, column, float(value), form)
    sheet.write_string(number, 8, made.say(state), made.text)
    reasons = seen.set.say(" · ".join(dict.fromkeys(each.reason for each in given if each.reason))) or NOTHING
    sheet.write_string(number, 9, reasons, made.text)
    made.height(sheet, number, [(seen.criterion_title(criterion), 30.0), (title, 26.0), (reasons, 60.0)])


# ------------------------------------------------------------------------------------------------------------ findings
def _findings(made: _Book) -> None:
    seen, say = made.seen, made.say
    heads = [(say(message("Gravité")), 10.0), (say(message("Lot")), 9.0), (say(message("Soumissionnaire")), 26.0), (say(message("Point")), 10.0), (say(message("Fichier")), 34.0), (say(message("Place")), 18.0), (say(message("Lu")), 34.0), (say(message("Compris")), 44.0), (say(message("Ce qui le lève")), 50.0), (say(message("Code")), 22.0)]  # fmt: skip
    legend = say(
        message("Erreur : rien n'est produit de ce qu'elle touche. Doute : une personne confirme. Note : pour mémoire.")
    )
    sheet = made.sheet(
        say(message("Constats")), say(message("Constats de lecture, de notation et d'évaluation")), legend, heads, 1
    )
    for number, finding in enumerate(seen.record.findings, HEAD + 1):
        tenderer = seen.tender.tenderer.get(finding.tenderer)
        cells = [
            seen.word(words.SEVERITIES, finding.severity),
            seen.lot_of(finding),
            (tenderer.name if tenderer else "") or finding.tenderer,
            finding.point,
            finding.file,
            finding.place,
            finding.read,
        ]
        texts = [
            *map(seen.set.quote, cells),
            seen.set.say(finding.understood),
            seen.set.say(finding.remedy),
            finding.code,
        ]
        for column, text in enumerate(texts):
            sheet.write_string(number, column, text, made.text)
        made.height(sheet, number, [(text, width) for text, (_, width) in zip(texts, heads, strict=True)])
    sheet.autofilter(HEAD, 0, max(HEAD + 1, HEAD + len(seen.record.findings)), len(heads) - 1)


# ---------------------------------------------------------------------------------------------------------------- sums
def _sums(made: _Book) -> None:
    """Write the sums as formulas: values of the levels above, notes, points and totals below, one column a bid."""
    _Sums(made).write()


class _Sums:
    """The sheet of live formulas; each has its value beside it for readers that do not calculate."""

    FIRST = 4
    """The first column of bids: point, title or label, weight, sub-criterion stand before."""

    def __init__(self, made: _Book):
        self.made, self.seen = made, made.seen
        self.rows = [row for row in made.rows if self.seen.noted(row)]
        say = made.say
        heads = [
            (say(message("Point")), 10.0),
            (say(message("Intitulé")), 40.0),
            (say(message("Poids")), 9.0),
            (say(message("Sous-critère")), 16.0),
        ]
        heads += [(name, 16.0) for row, name in zip(made.rows, made.names_of, strict=True) if self.seen.noted(row)]
        legend = say(
            message(
                "Changer une valeur montre ce qu'elle déplace. Les cellules du bas sont des formules ; celles du haut, les valeurs retenues."
            )
        )
        if self.seen.provisional:
            legend = say(
                message(
                    "Un point que personne n'a retenu compte ici ce que les règles publiées proposent de la déclaration : en gris."
                )
            )
        self.sheet = made.sheet(
            say(message("Recalcul")), say(message("Recalcul des notes et des totaux")), legend, heads, self.FIRST
        )
        self.at = HEAD + 1
        self.first, self.last = self.at, self.at + len(self.seen.scored) - 1

    def write(self) -> None:
        """Write the values, then each criterion, then the totals."""
        for point in self.seen.scored:
            self._point(point)
        self.at += 1
        points = [self._criterion(criterion, n) for n, criterion in enumerate(self.seen.tender.criteria)]
        cells = [[f"{xl_col_to_name(self.FIRST + n)}{row + 1}" for row in points] for n in range(len(self.rows))]
        formulas = ["=" + "+".join(each) for each in cells]
        self._line(self.made.say(message("Total sur 100")), formulas, [row.total for row in self.rows], self.made.total)

    def _point(self, point: Point) -> None:
        sub = self.seen.subcriterion(point)
        self.sheet.write_string(self.at, 0, point.id, self.made.text)
        title = self.seen.set.say(point.title)
        self.made.height(self.sheet, self.at, [(title, 40.0)])
        self.sheet.write_string(self.at, 1, title, self.made.text)
        self.sheet.write_number(self.at, 2, point.weight, self.made.plain)
        self.sheet.write_string(self.at, 3, plain_text(sub.id) if sub else NOTHING, self.made.text)
        for n, row in enumerate(self.rows):
            if not self.seen.asked(point, row.key.lot):
                self.sheet.write_string(self.at, self.FIRST + n, NOTHING, self.made.text)
                continue
            found = self.seen.counted(row.key, point)
            style = self.made.fills["missing"] if found.proposed else self.made.plain
            self.sheet.write_number(self.at, self.FIRST + n, float(found.value or 0), style)
        self.at += 1

    def _line(self, label: str, formulas: Sequence[str], values: Sequence[Decimal | None], style: Any, weight: Decimal | None = None) -> int:  # fmt: skip
        """Write one line of formulas and return its row."""
        self.sheet.write_string(self.at, 1, label, self.made.strong)
        if weight is not None:
            self.sheet.write_number(self.at, 2, float(weight), self.made.plain)
        for n, (formula, value) in enumerate(zip(formulas, values, strict=True)):
            self.sheet.write_formula(self.at, self.FIRST + n, formula, style, float(value or 0))
        self.at += 1
        return self.at - 1

    def _given(self, label: str, values: Sequence[Decimal | None], style: Any) -> int:
        """Write one line of values that people or prices gave, and return its row."""
        self.sheet.write_string(self.at, 1, label, self.made.text)
        for n, value in enumerate(values):
            _number(self.sheet, self.at, self.FIRST + n, value, style)
        self.at += 1
        return self.at - 1

    def _cell(self, row: int, n: int) -> str:
        return str(xl_rowcol_to_cell(row, self.FIRST + n))

    def _criterion(self, criterion: Criterion, place: int) -> int:
        """Write what leads to the points of a criterion and return the row of its points."""
        notes = [row.notes[place] for row in self.rows]
        title = self.seen.criterion_title(criterion)
        if criterion.subcriteria:
            parts = [self._part(criterion, sub, n, notes) for n, sub in enumerate(criterion.subcriteria)]
            formulas = ["=" + "+".join(self._cell(part, n) for part in parts) for n in range(len(self.rows))]
        else:
            source = self._source(criterion, notes)
            formulas = [self._points(source, n, criterion, criterion.weight) for n in range(len(self.rows))]
        label = self.made.say(message("{title} : points", title=title))
        row = self._line(label, formulas, [note.weighted for note in notes], self.made.four, criterion.weight)
        self.at += 1
        return row

    def _points(self, note_row: int, n: int, criterion: Criterion, weight: Decimal) -> str:
        return f"={self._cell(note_row, n)}/{criterion.scale:f}*{weight:f}"

    def _part(self, criterion: Criterion, sub: SubCriterion, place: int, notes: Sequence[Note]) -> int:
        title = self.seen.criterion_title(sub)
        parts = [note.parts[place] for note in notes]
        if criterion.kind is Kind.CLAUSIER:
            source = self._points_note(criterion, title, parts, sub)
        else:
            source = self._given(
                self.made.say(message("{title} : note", title=title)), [part.note for part in parts], self.made.four
            )
        whole = sum((each.weight for each in criterion.subcriteria), Decimal(0))
        formulas = [
            f"={self._cell(source, n)}/{criterion.scale:f}*{criterion.weight:f}*{sub.weight:f}/{whole:f}"
            for n in range(len(self.rows))
        ]
        label = self.made.say(message("{title} : points", title=title))
        return self._line(label, formulas, [part.weighted for part in parts], self.made.four, subweight(criterion, sub))

    def _source(self, criterion: Criterion, notes: Sequence[Note]) -> int:
        title = self.seen.criterion_title(criterion)
        if criterion.kind is Kind.CLAUSIER:
            return self._points_note(criterion, title, notes)
        if criterion.kind is Kind.PRICE:
            return self._price(criterion, title, notes)
        return self._given(
            self.made.say(message("{title} : note", title=title)), [note.note for note in notes], self.made.four
        )

    def _points_note(self, criterion: Criterion, title: str, notes: Sequence[Note], sub: SubCriterion | None = None) -> int:  # fmt: skip
        """Write sum of weight x value, sum of weights and note, over all points or those of a sub-criterion."""
        first, last = self.first + 1, self.last + 1
        weights = f"$C${first}:$C${last}"
        kept = f'($D${first}:$D${last}="{plain_text(sub.id).replace(chr(34), chr(34) * 2)}")*' if sub else ""
        columns = [xl_col_to_name(self.FIRST + n) for n in range(len(self.rows))]
        earned = [f"=SUMPRODUCT({kept}{weights}*{column}${first}:{column}${last})" for column in columns]
        possible = [f"=SUMPRODUCT({kept}{weights}*1)" for _ in columns]
        if self.seen.by_lot:  # a text stands where the point is not asked on the lot: it counts nowhere
            earned = [f"=SUMPRODUCT({kept}{weights}*1,{column}${first}:{column}${last})" for column in columns]
            possible = [
                f"=SUMPRODUCT({kept}{weights}*(1-ISTEXT({column}${first}:{column}${last})))" for column in columns
            ]
        say = self.made.say
        top = self._line(
            say(message("{title} : Σ(poids × valeur)", title=title)),
            earned,
            [note.earned for note in notes],
            self.made.plain,
        )
        under = self._line(
            say(message("{title} : Σ poids", title=title)), possible, [note.possible for note in notes], self.made.plain
        )
        formulas = [f"={criterion.scale:f}*{self._cell(top, n)}/{self._cell(under, n)}" for n in range(len(self.rows))]
        return self._line(
            say(message("{title} : note", title=title)), formulas, [note.note for note in notes], self.made.four
        )

    def _price(self, criterion: Criterion, title: str, notes: Sequence[Note]) -> int:
        named = message("{title} : prix HT", title=title)
        if any(row.added for row in self.rows):
            named = message("{title} : prix HT et coût du risque", title=title)
        prices = self._given(self.made.say(named), [row.compared for row in self.rows], self.made.money)
        formulas = [self._price_formula(criterion, prices, n, notes[n]) for n in range(len(self.rows))]
        return self._line(
            self.made.say(message("{title} : note", title=title)),
            formulas,
            [note.note for note in notes],
            self.made.four,
        )

    def _price_formula(self, criterion: Criterion, prices: int, n: int, note: Note) -> str:
        """Return the price formula over the bids compared in the same lot: they stand side by side, excluded ones last."""
        lot = self.rows[n].key.lot
        compared = [m for m, row in enumerate(self.rows) if row.key.lot == lot and not self.seen.excluded(row)]
        if not compared:
            return "=0"
        scale, paid = f"{criterion.scale:f}", self._cell(prices, n)
        among = f"{self._cell(prices, compared[0])}:{self._cell(prices, compared[-1])}"
        match criterion.formula:
            case "proportional":
                share = f"MIN({among})/{paid}"
            case "linear_gap":
                share = f"1-({paid}-MIN({among}))/MIN({among})"
            case "linear_min_max":
                share = f"IF(MAX({among})=MIN({among}),1,(MAX({among})-{paid})/(MAX({among})-MIN({among})))"
            case "mean_based":
                share = f"IF({paid}<=AVERAGE({among}),1,AVERAGE({among})/{paid})"
            case _:
                return f"={note.note:f}"
        return f"=IFERROR({scale}*MAX(0,MIN(1,{share})),0)"
