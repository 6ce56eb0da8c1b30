"""What was published, read again: publication.json and the tables of the RC, whatever a person did to the rest of it.

Nothing is decided here: each difference with the consultation is a finding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from egide import plain
from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.exchange import grid
from egide.exchange.grid import Layout, Row, Sheet
from egide.exchange.safety import Refused, refusal, text_parts
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.model import Tender
from egide.tender.procedure.journal import Journal
from egide.tender.procedure.publication import (
    CRITERIA,
    IDENTIFIER,
    LEVELS,
    POINTS,
    Change,
    Terms,
    changes,
    criterion_cells,
    digest,
    fold,
    level_cells,
    point_cells,
    terms,
)
from egide.tender.risk_terms import RiskSheet
from egide.tender.rules import FILE

FOLDER = "dce"
PUBLICATION = "publication.json"
RC = ("1-reglement-consultation.docx", "1-reglement-consultation.odt")


@dataclass(frozen=True)
class Publication:
    """publication.json: what was frozen, on which day, by which version of the program."""

    digest: str
    terms: Terms
    day: date
    format: int = 1
    program: str = ""
    language: str = ""
    title: str = ""
    risk: RiskSheet | None = None
    """What anybody needs to compute the cost of risk again; None when the consultation has none."""


def read(path: Path, name: str) -> Publication:
    """Return a publication.json, told as `name`. Raises DataError when it is absent, altered or of another format."""
    try:
        data = plain.parse_json(path.read_text(encoding="utf-8-sig"), name)
    except (OSError, UnicodeDecodeError):
        raise plain.refusal("publication.unreadable", name, "", message("fichier absent ou illisible")) from None
    kept = plain.structure(data, Publication, name)
    if kept.format != 1:
        raise plain.refusal(
            "publication.format", name, "format", message("format {format} inconnu", format=kept.format)
        )
    if digest(kept.terms) != kept.digest:
        understood = message("l'empreinte ne correspond plus à ce que dit ce fichier : il a été modifié")
        remedy = message("Remettre le fichier publié, gardé au profil d'acheteur.")
        raise plain.refusal("publication.altered", name, "digest", understood, kept.digest, remedy=remedy)
    return kept


def sheet(folder: Path) -> RiskSheet | None:
    """Return what was published of the cost of risk, None when nothing usable was: `check` then says why."""
    try:
        published = _publication(folder / FOLDER / PUBLICATION)
    except DataError:
        return None
    return published.risk if published else None


def check(folder: Path, tender: Tender, clausier: Clausier, journal: Journal | None = None) -> list[Finding]:
    """Return how the consultation differs from what was published (nothing when `folder` has no dce/).

    `clausier` is that of the consultation. A dated amendment of the journal that bears the new digest makes it acceptable.
    """
    papers = folder / FOLDER
    if not papers.is_dir():
        return []
    now = terms(tender, clausier)
    try:
        published = _publication(papers / PUBLICATION)
    except DataError as fault:
        return [*fault.findings, *_rc(papers, [now])]
    accepted = [now] if published is None or digest(now) == digest(published.terms) else [now, published.terms]
    found = [_absent()] if published is None else list(_changed(published, now, journal))
    return [*found, *_rc(papers, accepted)]


def _publication(path: Path) -> Publication | None:
    return read(path, f"{FOLDER}/{PUBLICATION}") if path.exists() else None


def _absent() -> Finding:
    return Finding(
        "publication.absent",
        Severity.DOUBT,
        message("le dossier des pièces publiées n'a pas de {file} : rien ne dit ce qui a été figé", file=PUBLICATION),
        message("Remettre le fichier écrit avec les pièces (egide clausier export --dce)."),
        f"{FOLDER}/{PUBLICATION}",
    )


# -------------------------------------------------------------------------------------------- R19: the consultation
def _changed(published: Publication, now: Terms, journal: Journal | None) -> Iterator[Finding]:
    frozen_at = journal.publication.digest if journal and journal.publication else ""
    current = digest(now)
    amended = next((each for each in reversed(journal.amendments) if each.digest == current), None) if journal else None
    found = changes(published.terms, now)
    if amended is not None and (found or frozen_at not in {"", current}):
        yield Finding(
            "publication.amended",
            Severity.NOTE,
            message("la consultation a changé depuis sa publication, par la modification du {day} : {what}", day=amended.on, what=amended.what),
            message("Marquer « à confirmer » les offres remises avant cette modification."),
            FILE,
        )  # fmt: skip
        return
    if not found and frozen_at not in {"", current}:
        yield Finding(
            "publication.changed",
            Severity.ERROR,
            message(
                "ces pièces ne sont pas celles du jour de la publication : leur empreinte n'est pas celle du journal"
            ),
            _amend(current),
            f"{FOLDER}/{PUBLICATION}",
            "digest",
            read=published.digest,
        )
    for change in found:
        yield _change(change, published.day, current)


def _change(change: Change, day: date, current: str) -> Finding:
    if change.place.endswith(".wording"):
        understood = message("la clause de ce point n'a plus les mots publiés le {day}", day=day)
    elif change.before and change.after:
        understood = message(
            "publié le {day} : « {before} » ; tender.yaml dit maintenant « {after} »",
            day=day,
            before=change.before,
            after=change.after,
        )
    elif change.before:
        understood = message("publié le {day}, et retiré depuis : « {before} »", day=day, before=change.before)
    else:
        understood = message("ajouté après la publication du {day} : « {after} »", day=day, after=change.after)
    remedy = KEPT if change.place.endswith(".wording") else _amend(current)
    return Finding("publication.changed", Severity.ERROR, understood, remedy, FILE, change.place, read=change.after)


KEPT = message(
    "Si c'est le clausier du programme qui a changé : écrire « clausier: {{file: dce/clausier.json}} » dans tender.yaml, pour garder les clauses du jour. Sinon, remettre le seuil publié, ou modifier le dossier par un envoi daté à tous."
)


def _amend(current: str) -> Message:
    return message(
        "Remettre ce qui a été publié ; ou modifier le dossier par un envoi daté à tous ceux qui l'ont retiré, et l'écrire dans journal.yaml (amendments: on, what, told_on, digest: {digest}).",
        digest=current,
    )


# ----------------------------------------------------------------------------------------------------- the RC, again
@dataclass(frozen=True)
class _Table:
    """A table that is looked for: its columns by heading, what each row must say, how it is named in a sentence."""

    name: Text
    columns: Mapping[str, Text]
    rows: Mapping[str, Sequence[Mapping[str, Text]]]
    """Row -> the cells that are accepted, the present ones first."""
    states: int
    """How many states of the terms are accepted: a row that all of them have must be there."""


def _tables(accepted: Sequence[Terms]) -> tuple[_Table, ...]:
    criteria = [{each.id: criterion_cells(each) for each in one.criteria} for one in accepted]
    points = [{each.id: point_cells(each) for each in one.points} for one in accepted]
    levels = [level_cells(one) for one in accepted]
    return (
        _Table(Text("niveaux", "levels"), LEVELS, _by_row(levels), len(accepted)),
        _Table(Text("critères", "criteria"), CRITERIA, _by_row(criteria), len(accepted)),
        _Table(Text("points", "points"), POINTS, _by_row(points), len(accepted)),
    )


def _by_row(states: Sequence[Mapping[str, Mapping[str, Text]]]) -> dict[str, list[Mapping[str, Text]]]:
    names = dict.fromkeys(name for state in states for name in state)
    return {name: [state[name] for state in states if name in state] for name in names}


def _rc(papers: Path, accepted: Sequence[Terms]) -> Iterator[Finding]:
    """Give what differs in each RC of the folder; one that nobody can read is a doubt."""
    present = [name for name in RC if (papers / name).exists()]
    if not present:
        yield _unread(f"{FOLDER}/{RC[0]}", message("le règlement de la consultation n'est pas dans le dossier des pièces publiées"))  # fmt: skip
    for file in present:
        name = f"{FOLDER}/{file}"
        sheets, found = _odt(papers / file, name) if file.endswith(".odt") else grid.read(papers / file, name)
        yield from found
        if not sheets and found:
            continue
        for table in _tables(accepted):
            yield from _compared(table, sheets, name)


def _unread(file: str, understood: Message) -> Finding:
    remedy = message("Y remettre le document publié, en DOCX ou en ODT : ses tableaux sont relus avant l'évaluation.")
    return Finding("publication.rc_unread", Severity.DOUBT, understood, remedy, file)


def _compared(table: _Table, sheets: Sequence[Sheet], file: str) -> Iterator[Finding]:
    seen: set[str] = set()
    met = False
    for sheet in sheets:
        columns: Mapping[int, str] = {}
        for number, row in enumerate(sheet.rows):
            if heading := _heading(table, row):
                columns, met = heading, True
                yield from _lost(table, heading, sheet, number, file)
                continue
            name = next((row[place].strip() for place, column in columns.items() if column == IDENTIFIER and place < len(row)), "")  # fmt: skip
            if not name:
                continue
            meant = _meant(name, table)
            if not meant:
                yield _edited(file, sheet, number, 0, name, message("ligne ajoutée : « {name} » n'est pas dans la consultation", name=name), message("Retirer cette ligne."))  # fmt: skip
                continue
            seen.add(meant)
            yield from _cells(table, columns, sheet, number, row, table.rows[meant], file)
    if not met and table.rows:
        yield _unread(file, message("le tableau des {table} n'a pas été retrouvé dans le règlement", table=table.name))
        return
    for name, states in table.rows.items():
        if name not in seen and len(states) == table.states:
            understood = message("tableau des {table} : la ligne « {name} » manque", table=table.name, name=name)
            yield Finding("publication.rc_edited", Severity.ERROR, understood, RESTORE, file, name, read="")


RESTORE = message(
    "Remettre au règlement ce que dit tender.yaml ; si le règlement a été publié ainsi, corriger tender.yaml ou modifier le dossier par un envoi daté à tous."
)


def _meant(name: str, table: _Table) -> str:
    """Return the row that a cell means, in either language, "" if none: spaces and case do not count."""
    wanted = _same(name)
    named = ((key, states[0][IDENTIFIER]) for key, states in table.rows.items())
    return next((key for key, text in named if wanted in {_same(text.fr), _same(text.say("en"))}), "")


def _heading(table: _Table, row: Row) -> dict[int, str]:
    """Return the columns of a row of headings, nothing when it is not one of this table."""
    words = {fold(said): name for name, text in table.columns.items() for said in (text.fr, text.en or text.fr)}
    columns: dict[int, str] = {}
    for place, cell in enumerate(row):
        name = words.get(fold(cell), "")
        if name and name not in columns.values():
            columns[place] = name
    return columns if IDENTIFIER in columns.values() and len(columns) > max(2, len(table.columns) // 2) else {}


OPTIONAL = frozenset({"lots"})
"""Columns that a document may do without."""


def _lost(table: _Table, heading: Mapping[int, str], sheet: Sheet, number: int, file: str) -> Iterator[Finding]:
    for column, title in table.columns.items():
        if column not in heading.values() and column not in OPTIONAL:
            understood = message("tableau des {table} : la colonne « {column} » manque", table=table.name, column=title)
            yield _edited(file, sheet, number, 0, "", understood, RESTORE)


def _cells(
    table: _Table,
    columns: Mapping[int, str],
    sheet: Sheet,
    number: int,
    row: Row,
    known: Sequence[Mapping[str, Text]],
    file: str,
) -> Iterator[Finding]:
    for place, column in columns.items():
        if column == IDENTIFIER:
            continue
        read = row[place] if place < len(row) else ""
        wanted = [said for state in known for said in (state[column].fr, state[column].say("en"))]
        if _same(read) not in {_same(said) for said in wanted}:
            understood = message(
                "tableau des {table}, « {row} », {column} : le règlement dit « {read} », la consultation « {wanted} »",
                table=table.name,
                row=known[0][IDENTIFIER],
                column=table.columns[column],
                read=read,
                wanted=known[0][column],
            )
            yield _edited(file, sheet, number, place, read, understood, RESTORE)


def _same(text: str) -> str:
    """Return a cell as it is compared: spaces, case, accents and the sign of decimals do not count."""
    return "".join(fold(text).replace(",", ".").replace("−", "-").replace("–", "-").replace("—", "-").split())


def _edited(file: str, sheet: Sheet, row: int, column: int, read: str, understood: Message, remedy: Message) -> Finding:
    return Finding(
        "publication.rc_edited", Severity.ERROR, understood, remedy, file, sheet.place(row, column), read=read
    )


# ----------------------------------------------------------------------------------------------------------------- odt
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_MOST = 64
"""Repeated columns that are followed: a table of text has no more."""


def _odt(path: Path, name: str) -> tuple[tuple[Sheet, ...], list[Finding]]:
    from lxml import etree  # noqa: PLC0415 (loaded for text documents only)

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(text_parts(path)["content.xml"], parser)
    except Refused as refused:
        return (), [refusal(refused.code, name)]
    except (etree.XMLSyntaxError, KeyError):
        return (), [refusal("file.corrupt", name)]
    tables = (_sheet(table, f"tableau {number}") for number, table in enumerate(root.iter(f"{_TABLE}table"), 1))
    return tuple(tables), []


def _sheet(table: Any, name: str) -> Sheet:
    rows = []
    for row in table.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in _CELLS:
                times = cell.get(f"{_TABLE}number-columns-repeated", "1")
                cells += [_said(cell)] * min(int(times) if times.isdecimal() else 1, _MOST)
        rows.append(tuple(cells))
    return Sheet(name, tuple(rows), Layout.TABLE)


def _said(cell: Any) -> str:
    """Return the text of a cell, a line for each paragraph."""
    lines = []
    for paragraph in cell.iter(f"{_TEXT}p", f"{_TEXT}h"):
        pieces = [paragraph.text or ""]
        for inner in paragraph.iterdescendants():
            pieces += [" " if inner.tag in {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"} else "", inner.text or "", inner.tail or ""]  # fmt: skip
        lines.append("".join(pieces).strip())
    return "\n".join(line for line in lines if line)
