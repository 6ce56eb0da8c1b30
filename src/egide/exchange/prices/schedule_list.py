"""The price schedule of a buyer, read from its own table: each row that names something to be priced is a line proposed."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from egide.exchange import grid
from egide.exchange.prices.amount import amount
from egide.exchange.prices.table import Kind, Paper, Row, is_sum, papers, period_of
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.schedule import Period, ScheduleLine

MOST = 500
"""Lines of a schedule that a person can still check."""
_OPTION = re.compile(r"\b(option|options|pse)\b")


def read(path: Path, name: str) -> tuple[tuple[ScheduleLine, ...], list[Finding]]:
    """Return the lines that a table proposes, and what was found; never raises on its content."""
    sheets, found = grid.read(path, name)
    if not sheets:
        return (), found
    tables = [paper for paper in papers(sheets, name) if paper.kind is not Kind.ENGAGEMENT and _named(paper)]
    if not tables:
        said = message("aucun tableau de prix n'a été reconnu dans ce fichier")
        remedy = message("Donner une ligne de titres avec au moins : désignation, unité, quantité, prix unitaire.")
        return (), [*found, Finding("schedule.no_table", Severity.ERROR, said, remedy, name)]
    best = max(tables, key=lambda paper: (sum(bool(row.quantity.text) for row in _named(paper)), len(_named(paper))))
    lines = tuple(_lines(_named(best), name, found))
    if len(lines) > MOST:
        said = message("{count} lignes : au-delà de {most}, rien n'est repris", count=len(lines), most=MOST)
        remedy = message("Ne garder que les lignes à chiffrer, sans les sous-totaux ni les commentaires.")
        return (), [*found, Finding("schedule.too_long", Severity.ERROR, said, remedy, name)]
    return lines, found


def _named(paper: Paper) -> list[Row]:
    """Return the rows that name something and are no sum."""
    return [row for row in paper.rows if row.title.text.strip() and not is_sum(row)]


def _lines(rows: Sequence[Row], name: str, found: list[Finding]) -> Iterator[ScheduleLine]:
    taken: set[str] = set()
    for number, row in enumerate(rows, 1):
        identifier = row.id.text.strip()[:40]
        if not identifier or identifier in taken:
            if identifier:
                said = message("le repère « {id} » est donné deux fois", id=identifier)
                found.append(_doubt("schedule.twice", said, name, row.id.place, identifier))
            identifier = next(each for each in (f"p{n}" for n in range(number, number + MOST * 2)) if each not in taken)
        taken.add(identifier)
        quantity = amount(row.quantity.text, number=row.quantity.number).value if row.quantity.text.strip() else None
        if quantity is None or quantity <= 0:
            said = message("« {title} » : aucune quantité lisible, 1 est proposé", title=row.title.text[:80])
            found.append(
                _doubt("schedule.quantity", said, name, row.quantity.place or row.title.place, row.quantity.text)
            )
            quantity = None
        title = row.title.text.strip()[:300]
        yield ScheduleLine(
            identifier,
            title,
            row.unit.text.strip()[:40],
            quantity if quantity is not None else ScheduleLine("", "").quantity,
            period_of(row.period.text) or period_of(row.unit.text) or Period.ONCE,
            bool(_OPTION.search(fold(f"{identifier} {title}"))),
        )


def _doubt(code: str, said: Message, file: str, place: str, given: str) -> Finding:
    return Finding(
        code, Severity.DOUBT, said, message("Vérifier la ligne avant d'enregistrer."), file, place, read=given
    )
