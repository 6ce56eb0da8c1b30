"""Our own questionnaire, ready to send: how to answer, then one locked line a point with its cells to fill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO

import xlsxwriter

from egide.clausier.model import Clausier, Expects, IfBlank, Point
from egide.exchange.vocabulary import DIGEST_HEADING
from egide.message import Language, Text
from egide.tender.model import Declared

CHOICES: Mapping[Declared, Text] = {
    Declared.YES: Text("Oui", "Yes"),
    Declared.NO: Text("Non", "No"),
    Declared.PARTIAL: Text("Partiel", "Partial"),
    Declared.DESCRIBED: Text("Décrit", "Described"),
    Declared.NA: Text("Sans objet", "Not applicable"),
}
MEANINGS: Mapping[Declared, Text] = {
    Declared.YES: Text(
        "L'exigence est tenue, sans condition, à la date de l'offre.",
        "The requirement is met, unconditionally, on the date of the bid.",
    ),
    Declared.NO: Text("L'exigence n'est pas tenue.", "The requirement is not met."),
    Declared.PARTIAL: Text(
        "L'exigence est tenue en partie : le commentaire dit ce qui manque et quand ce sera fait.",
        "The requirement is met in part: the comment says what is missing and when it will be done.",
    ),
    Declared.DESCRIBED: Text(
        "La réponse est dans un document joint : le justificatif nomme le document et la section.",
        "The answer is in an enclosed document: the proof column names the document and the section.",
    ),
    Declared.NA: Text(
        "La question ne concerne pas l'offre : le commentaire en donne la raison, que l'établissement accepte ou refuse.",
        "The question does not concern the bid: the comment gives the reason, which the hospital accepts or refuses.",
    ),
}
EXPECTED: Mapping[Expects, Text] = {
    Expects.STATEMENT: Text("Prise de position", "Statement"),
    Expects.VALUE: Text("Valeur chiffrée", "Figure"),
    Expects.DOCUMENT: Text("Document joint", "Enclosed document"),
}
_BLANK: Mapping[IfBlank, Text] = {
    IfBlank.IRREGULAR: Text("sans réponse : offre incomplète", "no answer: incomplete bid"),
    IfBlank.ZERO: Text("sans réponse : zéro", "no answer: zero"),
}
GUIDE: tuple[Text, ...] = (
    Text(
        "Répondez dans la feuille « Questionnaire », une ligne par question, dans les trois colonnes de réponse (fond clair, cadre épais).",
        'Answer in the sheet "Questionnaire", one line a question, in the three answer columns (light background, thick frame).',
    ),
    Text(
        "Choisissez la réponse dans la liste ; écrivez conditions, réserves, délais et options payantes dans « Commentaire ».",
        'Choose the answer from the list; write conditions, reserves, delays and paid options under "Comment".',
    ),
    Text(
        "Dans « Justificatif », nommez un document joint à l'offre et la section, par exemple : memoire-technique.pdf, § 4.2. Un lien vers un site ne suffit pas.",
        'Under "Proof", name a document enclosed with the bid and the section, for example: technical-file.pdf, § 4.2. A link to a website is not enough.',
    ),
    Text(
        "Ne modifiez ni les identifiants ni les colonnes. Gardez le format tableur (.xlsx ou .ods) ; un PDF ne peut pas être lu.",
        "Change neither identifiers nor columns. Keep a spreadsheet format (.xlsx or .ods); a PDF cannot be read.",
    ),
    Text(
        "Une question laissée sans réponse vaut ce qu'indique la colonne « Réponse attendue » : « offre incomplète » ou « zéro ».",
        'A question left without answer is worth what the column "Expected answer" says: "incomplete bid" or "zero".',
    ),
    Text(
        "« Sans objet » demande une raison en commentaire. « Oui » est une déclaration : les preuves demandées la vérifient.",
        '"Not applicable" needs a reason in the comment. "Yes" is a declaration: the proofs asked for verify it.',
    ),
)
TITLES = {
    "guide": Text("Mode d'emploi", "How to answer"),
    "sheet": Text("Questionnaire", "Questionnaire"),
    "values": Text("Ce que veut dire chaque réponse", "What each answer means"),
    "choose": Text("Choisir une réponse de la liste.", "Choose an answer from the list."),
    "version": Text("version", "version"),
}


@dataclass(frozen=True)
class Column:
    """A column of the sheet to fill in: its title, its width in characters, its style."""

    title: Text
    width: float
    style: str = "asked"


COLUMNS: tuple[Column, ...] = (
    Column(Text("Identifiant", "Identifier"), 11, "name"),
    Column(Text("Réf. officielle", "Official ref."), 11),
    Column(Text("Thème", "Theme"), 16),
    Column(Text("Intitulé", "Title"), 24, "name"),
    Column(Text("Exigence", "Requirement"), 58),
    Column(Text("Réponse attendue", "Expected answer"), 17),
    Column(Text("Réponse", "Answer"), 13, "choice"),
    Column(Text("Commentaire", "Comment"), 40, "answer"),
    Column(Text("Justificatif (document, section)", "Proof (document, section)"), 30, "answer"),
    Column(Text(DIGEST_HEADING, "Fingerprint"), 18),
)
ANSWER = next(number for number, column in enumerate(COLUMNS) if column.style == "choice")
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {"bold": True, "font_size": 15},
    "section": {"bold": True, "font_size": 12, "top": 1},
    "guide": {"text_wrap": True, "valign": "top"},
    "head": {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "bg_color": "#1F3A5F",
        "font_color": "#FFFFFF",
        "border": 1,
    },
    "asked": {"text_wrap": True, "valign": "top", "border": 1, "font_size": 9},
    "name": {"text_wrap": True, "valign": "top", "border": 1, "bold": True},
    "answer": {"text_wrap": True, "valign": "top", "border": 2, "bg_color": "#FFF9E0", "locked": False},
    "choice": {
        "text_wrap": True,
        "valign": "top",
        "border": 2,
        "bg_color": "#FFF9E0",
        "locked": False,
        "bold": True,
        "align": "center",
    },
}
_ALLOWED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
    "sort": True,
}


def write(
    clausier: Clausier,
    points: Sequence[Point] | None,
    output: Path | str | IO[bytes],
    language: Language = "fr",
    *,
    created: date | datetime,
) -> None:
    """Write the questionnaire of `points` (all of them by default). Same inputs, same bytes."""
    asked = list(clausier.points.values() if points is None else points)
    target = str(output) if isinstance(output, Path) else output
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _set_properties(book, clausier, language, created)
        styles = {
            name: book.add_format({"font_name": "Arial", "font_size": 10, **style}) for name, style in _STYLES.items()
        }
        _write_guide(book.add_worksheet(TITLES["guide"].say(language)), clausier, language, styles)
        sheet = book.add_worksheet(TITLES["sheet"].say(language))
        _write_points(sheet, clausier, asked, language, styles)
        _set_page(sheet, len(asked))


def _set_properties(
    book: xlsxwriter.Workbook, clausier: Clausier, language: Language, created: date | datetime
) -> None:
    instant = created.replace(tzinfo=None) if isinstance(created, datetime) else datetime.combine(created, time())
    book.set_properties({"title": clausier.title.say(language), "author": "Égide", "created": instant})
    for name, value in properties(clausier).items():
        book.set_custom_property(name, value, "text")


def properties(clausier: Clausier) -> Mapping[str, str]:
    """Return the document properties by which a questionnaire is known when it comes back."""
    return {"egide_clausier": clausier.id, "egide_version": clausier.version, "egide_digest": clausier.digest}


def _write_guide(
    sheet: xlsxwriter.worksheet.Worksheet, clausier: Clausier, language: Language, styles: Mapping[str, object]
) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 120)
    sheet.write_string(0, 0, clausier.title.say(language), styles["title"])
    sheet.write_string(1, 0, f"{clausier.id}, {TITLES['version'].say(language)} {clausier.version}", styles["guide"])
    row = 3
    for number, text in enumerate(GUIDE, 1):
        sheet.write_string(row, 0, f"{number}.", styles["guide"])
        sheet.write_string(row, 1, text.say(language), styles["guide"])
        sheet.set_row(row, 28)
        row += 1
    sheet.write_string(row + 1, 0, TITLES["values"].say(language), styles["section"])
    for offset, (declared, meaning) in enumerate(MEANINGS.items(), row + 2):
        sheet.write_string(offset, 0, CHOICES[declared].say(language), styles["name"])
        sheet.write_string(offset, 1, meaning.say(language), styles["guide"])
    sheet.protect("", _ALLOWED)
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)
    sheet.set_paper(9)


def _write_points(
    sheet: xlsxwriter.worksheet.Worksheet,
    clausier: Clausier,
    points: Sequence[Point],
    language: Language,
    styles: Mapping[str, object],
) -> None:
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width, None, {"hidden": number == len(COLUMNS) - 1})
        sheet.write_string(0, number, column.title.say(language), styles["head"])
    for row, point in enumerate(points, 1):
        for number, (column, text) in enumerate(zip(COLUMNS, texts(clausier, point, language), strict=True)):
            sheet.write_string(row, number, text, styles[column.style]) if text else sheet.write_blank(
                row, number, None, styles[column.style]
            )
        sheet.set_row(row, height(point.wording(language), point.title.say(language)))
    if points:
        choices = [text.say(language) for text in CHOICES.values()]
        said = TITLES["choose"].say(language)
        sheet.data_validation(
            1,
            ANSWER,
            len(points),
            ANSWER,
            {"validate": "list", "source": choices, "error_title": "Égide", "error_message": said},
        )


def texts(clausier: Clausier, point: Point, language: Language) -> tuple[str, ...]:
    """Return the cells of a point, in the order of the columns."""
    expected = f"{EXPECTED[point.expects].say(language)} ({_BLANK[point.if_blank].say(language)})"
    theme = clausier.theme_of[point.id].title.say(language)
    asked = (point.id, ", ".join(point.xref), theme, point.title.say(language), point.wording(language), expected)
    return (*asked, "", "", "", point.wording_digest)


def height(wording: str, title: str) -> float:
    """Return a row height that shows the whole text: spreadsheets do not all fit rows by themselves."""
    lines = max(len(wording) // 58 + 1 + wording.count("\n"), len(title) // 22 + 1, 3)
    return min(12.5 * lines + 4, 400)


def _set_page(sheet: xlsxwriter.worksheet.Worksheet, count: int) -> None:
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 2)
    sheet.protect("", _ALLOWED)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")
    sheet.print_area(0, 0, max(count, 1), len(COLUMNS) - 2)
    sheet.activate()
