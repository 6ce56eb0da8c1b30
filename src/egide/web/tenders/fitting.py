"""What columns hold: a text too long or a number too large is refused in words, before the database refuses it.

SQLite takes everything; PostgreSQL takes neither a longer text nor a NUL character.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import models as db

from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import Tender
from egide.web.jobs.queue import storable
from egide.web.tenders import models

REACH = 2**31
READ = 80
"""How much of a text too long is told."""


def fit(rows: Sequence[Any]) -> Sequence[Any]:
    """Return rows that the database can take: NUL characters, which it refuses, are replaced by the sign of a lost one.

    Raises DataError naming all that is too long or too large.
    """
    found = {each.read: each for row in rows for each in _of(row)}
    if found:
        said = message("des textes ou des nombres ne peuvent pas être enregistrés")
        raise DataError(said, tuple(found.values()))
    return rows


def definition(tender: Tender, clausier: Clausier | None = None) -> None:
    """Raise DataError when a name that a definition or a clausier gives is longer than the rows that will bear it."""
    rows: list[Any] = [models.Consultation(title=tender.title, reference=tender.reference)]
    rows += [models.Bid(tenderer=each.id) for each in tender.tenderers]
    rows += [models.Bid(lot=each.id) for each in tender.lots]
    rows += [models.Seat(evaluator=each.id) for each in tender.evaluators]
    for each in tender.criteria:
        rows += [models.Note(criterion=each.id), *(models.Note(subcriterion=part.id) for part in each.subcriteria)]
    for point in clausier.points.values() if clausier else ():
        rows += [models.Answer(point=point.id), *(models.Mark(level=level.code) for level in point.levels)]
    fit(rows)


@cache
def _columns(model: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((each.attname, each) for each in model._meta.concrete_fields if isinstance(each, db.CharField | db.TextField | db.IntegerField | db.JSONField) and not each.primary_key)  # fmt: skip


def _of(row: Any) -> Iterable[Finding]:
    for name, column in _columns(row.__class__):
        value = getattr(row, name)
        if isinstance(value, str):
            if "\0" in value:
                setattr(row, name, storable(value))
            if column.max_length and len(value) > column.max_length:
                said = message("« {read}… » : {most} caractères au plus", read=value[:READ], most=column.max_length)
                yield _finding(name, value, said)
        elif isinstance(column, db.IntegerField):
            if value is not None and not -REACH <= value < REACH:
                said = message("« {read}… » : ce nombre est hors de portée", read=str(value)[:READ])
                yield _finding(name, str(value), said)
        elif isinstance(column, db.JSONField):
            setattr(row, name, storable(value))


def _finding(name: str, value: str, said: Any) -> Finding:
    remedy = message("Raccourcir ou corriger, puis recommencer ; rien n’a été enregistré.")
    return Finding("value.unfit", Severity.ERROR, said, remedy, place=name, read=value[:READ])
