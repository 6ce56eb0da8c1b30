"""A filled questionnaire read back: from a workbook, an OpenDocument sheet or CSV, whatever was done to it.

Each cell of a known line ends as an answer or as a finding. Reading decides nothing: between two answers the lower one is
proposed, and said; an answer to another wording is kept, and said to be confirmed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from egide.diagnosis.filled import Answer, Filled
from egide.diagnosis.mapping import mapped
from egide.diagnosis.questionnaire import Questionnaire
from egide.errors import DataError
from egide.exchange import diagnosis_form, grid
from egide.exchange.diagnosis_establishment import Establishment, establishment
from egide.exchange.diagnosis_form import Column
from egide.exchange.diagnosis_rows import Line, Rows
from egide.exchange.diagnosis_table import Table, key, table_of
from egide.exchange.grid import Layout, Sheet
from egide.exchange.safety import refusal
from egide.finding import Finding, Severity
from egide.message import message

MOST_ALIKE = 200
"""Findings of a kind that are told one by one: more is one fault of the file, not so many."""


@dataclass(frozen=True)
class Answers:
    """What a file says: the questionnaire it answers (None if none is recognised), the answers, all findings.

    `places` says where each question was read. `readable` is False when the file could not be opened at all.
    """

    questionnaire: Questionnaire | None
    filled: Filled
    findings: tuple[Finding, ...]
    readable: bool = True
    places: Mapping[str, str] = field(default_factory=dict)


def read(path: Path, name: str, known: Iterable[Questionnaire], on: date) -> Answers:
    """Read one file, whatever it is, as answers to one of the `known` questionnaires or to the grid that it carries.

    `on` is the day of the answers when the file gives none. Never raises on its content.
    """
    nothing = Filled("", date.min, on)
    sheets, found = grid.read(path, name)
    if not sheets:
        errors = any(each.severity is Severity.ERROR for each in found)
        return Answers(None, nothing, tuple(found if errors else [*found, _empty(name)]), readable=not errors)
    try:
        return _read(sheets, name, tuple(known), on, found)
    except Exception:
        return Answers(None, nothing, (*found, refusal("file.reader_failed", name)), readable=False)


def _read(
    sheets: tuple[Sheet, ...], name: str, known: tuple[Questionnaire, ...], on: date, found: list[Finding]
) -> Answers:
    if not any(any(row) for sheet in sheets for row in sheet.rows):
        return Answers(None, Filled("", date.min, on), (*found, _empty(name)))
    carried, said = _carried(sheets, name)
    own = tuple(sheet for sheet in sheets if sheet.name != diagnosis_form.DATA_SHEET)
    found = [*found, *said]
    questionnaire = carried or _chosen(own, known)
    if questionnaire is None:
        return Answers(None, Filled("", date.min, on), (*found, _unknown(name)))
    version, said = _version(own, questionnaire, name)
    return _answers(own, name, questionnaire, version, on, [*found, *said])


def _answers(
    sheets: tuple[Sheet, ...], name: str, questionnaire: Questionnaire, version: date, on: date, found: list[Finding]
) -> Answers:
    lines: dict[str, Line] = {}
    about: Establishment | None = None
    tables = {number: table for number, sheet in enumerate(sheets) if (table := table_of(sheet, questionnaire))}
    answering = {number for number, table in tables.items() if Column.ANSWER in table.columns and not _is_list(table)}
    for number, sheet in enumerate(sheets):
        if number in answering or (number in tables and not answering and not _is_list(tables[number])):
            rows = Rows(tables[number], questionnaire, name)
            for line in rows.lines():
                before = lines.get(line.question.id)
                lines[line.question.id] = line if before is None else rows.settled(before, line)
            found = [*found, *rows.findings]
            continue
        says = establishment(sheet, questionnaire, name) if about is None else None
        if says is not None:
            about = says
        elif number not in tables and _is_foreign(sheet):
            found.append(_unread_sheet(sheet, name))
    about = about or Establishment()
    found = [*found, *about.findings]
    answers = {each: line.answer for each, line in lines.items() if line.answer != Answer()}
    measures = {each: line.measure for each, line in lines.items() if line.measure is not None}
    filled = Filled(questionnaire.id, version, about.observed_on or on, answers, about.figures, about.name)
    if not lines:
        found.append(_no_line(name))
    elif absent := [each for each in questionnaire.by_id if each not in lines]:
        found.append(_absent(absent, name))
    if about.observed_on is None and sheets[0].layout is Layout.WORKBOOK and lines:
        found.append(_undated(name, on))
    places = {each: line.place for each, line in lines.items()}
    asked = mapped(questionnaire, measures) if measures else questionnaire
    return Answers(asked, filled, tuple(_bounded(found, name)), places=places)


def _bounded(found: list[Finding], name: str) -> list[Finding]:
    """Return the findings, those of a kind that comes in hundreds told by the first of them and by their count."""
    counts = Counter(each.code for each in found)
    many = {code for code, count in counts.items() if count > MOST_ALIKE}
    kept: list[Finding] = []
    told: Counter[str] = Counter()
    for each in found:
        told[each.code] += 1
        if each.code not in many or told[each.code] <= MOST_ALIKE:
            kept.append(each)
    for code in sorted(many):
        said = message("et {count} autres constats du même genre, non répétés ici", count=counts[code] - MOST_ALIKE)
        remedy = message("Corriger ceux qui sont dits, puis relire.")
        kept.append(Finding(code, Severity.DOUBT, said, remedy, name))
    return kept


def _is_foreign(sheet: Sheet) -> bool:
    """Tell whether a sheet that holds something is none of ours."""
    ours = {said for title in diagnosis_form.SHEETS.values() for said in (title.fr, title.en)}
    return sheet.layout is Layout.WORKBOOK and sheet.name not in ours and any(map(any, sheet.rows))


def _unread_sheet(sheet: Sheet, name: str) -> Finding:
    said = message("feuille sans question connue : elle n'a pas été lue")
    remedy = message("La retirer, ou recopier ses réponses dans la feuille des questions.")
    return Finding("diagnosis.sheet", Severity.NOTE, said, remedy, name, sheet.name)


def _is_list(table: Table) -> bool:
    """Tell whether a sheet only lists the levels of the questions, as ours does for the drop-down lists."""
    return diagnosis_form.SHEETS["levels"].fr == table.sheet.name or diagnosis_form.SHEETS["levels"].en == table.sheet.name  # fmt: skip


# ------------------------------------------------------------------------------------------------ which questionnaire
_MARK = re.compile(r"^(?:empreinte|fingerprint)\s+(\S+)\s+(\d{4}-\d{2}-\d{2})$", re.I)


def _carried(sheets: tuple[Sheet, ...], name: str) -> tuple[Questionnaire | None, list[Finding]]:
    """Return the grid that a file carries in its hidden sheet."""
    hidden = next((sheet for sheet in sheets if sheet.name == diagnosis_form.DATA_SHEET), None)
    if hidden is None:
        return None, []
    try:
        return diagnosis_form.from_pieces([row[0] for row in hidden.rows if row], f"{name} ({hidden.name})"), []
    except DataError:
        said = message(
            "la grille que ce fichier porte dans une feuille masquée a été abîmée : elle ne peut plus être lue"
        )
        remedy = message(
            "Importer de nouveau la grille d'origine (egide diagnose import), puis y recopier les réponses."
        )
        return None, [Finding("diagnosis.damaged", Severity.ERROR, said, remedy, name, hidden.name)]


def _marks(sheets: tuple[Sheet, ...]) -> tuple[str, str]:
    """Return the identifier and the version of the questionnaire that a file says it was, each empty if it does not."""
    properties = sheets[0].properties
    if properties.get("egide_questionnaire"):
        return properties["egide_questionnaire"], properties.get("egide_version", "")
    for sheet in sheets:
        for row in sheet.rows[:40]:
            for text in row:
                if found := _MARK.match(text):
                    return found[1], found[2]
    return "", ""


def _chosen(sheets: tuple[Sheet, ...], known: tuple[Questionnaire, ...]) -> Questionnaire | None:
    """Return the questionnaire that a file names, else the smallest that holds most of the identifiers met in it."""
    named, _ = _marks(sheets)
    if chosen := next((each for each in known if each.id == named), None):
        return chosen
    met = {key(text) for sheet in sheets for row in sheet.rows for text in row if text and len(text) < 40}
    counts = {each.id: sum(key(one) in met for one in each.by_id) for each in known}
    best = max(known, key=lambda each: (counts[each.id], -len(each.questions)), default=None)
    return best if best is not None and counts[best.id] else None


def _version(sheets: tuple[Sheet, ...], questionnaire: Questionnaire, name: str) -> tuple[date, list[Finding]]:
    """Return the version that a file says it answers, that of the questionnaire when it says none."""
    named, written = _marks(sheets)
    try:
        version = date.fromisoformat(written) if written else questionnaire.version
    except ValueError:
        version = questionnaire.version
    if named and named != questionnaire.id:
        said = message("le fichier répond au questionnaire « {id} », qui n'est pas connu : ses questions reconnues ont été lues avec « {other} »", id=named, other=questionnaire.id)  # fmt: skip
        remedy = message("Vérifier que c'est le bon questionnaire.")
        return questionnaire.version, [Finding("diagnosis.other", Severity.DOUBT, said, remedy, name, read=named)]
    return version, []


# ------------------------------------------------------------------------------------------------------- whole findings
def _empty(name: str) -> Finding:
    remedy = message("Écrire un questionnaire avec « egide diagnose sheet » et le remplir.")
    return Finding("diagnosis.empty", Severity.ERROR, message("le fichier ne contient rien"), remedy, name)


def _unknown(name: str) -> Finding:
    said = message("aucune question d'un questionnaire connu n'a été trouvée dans ce fichier")
    remedy = message("Donner un questionnaire écrit par « egide diagnose sheet » ; pour la grille d'un autre outil, l'importer d'abord avec « egide diagnose import ».")  # fmt: skip
    return Finding("diagnosis.unknown", Severity.ERROR, said, remedy, name)


def _no_line(name: str) -> Finding:
    said = message("le questionnaire est reconnu, mais aucune de ses lignes n'a pu être lue")
    remedy = message("Remettre la colonne des identifiants et la feuille des questions telles que fournies.")
    return Finding("diagnosis.no_line", Severity.ERROR, said, remedy, name)


def _absent(absent: list[str], name: str) -> Finding:
    said = message("{count} question(s) ne sont pas dans le fichier, elles comptent comme laissées vides : {points}", count=len(absent), points=absent[:30])  # fmt: skip
    remedy = message("Remettre les lignes retirées, ou répondre dans un questionnaire neuf.")
    return Finding("diagnosis.absent", Severity.DOUBT, said, remedy, name)


def _undated(name: str, on: date) -> Finding:
    said = message("le fichier ne dit pas de quel jour est l'état décrit : le {day} est pris", day=on)
    remedy = message("Écrire la date dans la feuille « Établissement », ou la donner par --date.")
    return Finding("diagnosis.undated", Severity.NOTE, said, remedy, name)
