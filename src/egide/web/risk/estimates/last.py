"""The last estimate of each of several organisations, and the line that lists say of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from egide import plain
from egide.desk.establishment_risk import Made
from egide.report.risk_words import RARE, Words
from egide.risk.interval import Interval
from egide.web.organisations.models import Organisation
from egide.web.risk import models
from egide.web.risk.estimates.library import setter


@dataclass(frozen=True)
class Brief:
    """What lists show of an estimate: a part of its figures, kept apart so that a list need not read them all.

    `means` are the means of a year in each draw, `falls` what one fall of a supplier costs on average in each: those
    of several establishments add up draw by draw, when they were made on the same draws.
    """

    category: str
    rough: bool
    mean: Interval
    care: Interval
    rare: Interval
    completeness: float
    changed: int
    levels: dict[str, float]
    means: tuple[float, ...]
    care_means: tuple[float, ...]
    falls: tuple[float, ...]
    seed: int


@dataclass(frozen=True)
class Line:
    """An estimate in a list."""

    row: models.Estimate
    brief: Brief
    mean: str
    rare: str
    care: str
    completeness: str
    made_at: datetime


def of(organisations: Iterable[Organisation]) -> dict[int, models.Estimate]:
    """Return the last estimate of each organisation that has one, without its figures: one query."""
    newest = models.Estimate.objects.filter(organisation=OuterRef("organisation")).values("pk")[:1]
    rows = models.Estimate.objects.filter(organisation__in=[each.pk for each in organisations])
    rows = rows.filter(pk=Subquery(newest)).defer("inputs", "result")
    return {row.organisation_id: row for row in rows}


def brief(row: models.Estimate) -> Brief:
    """Return what a row keeps for lists. Raises DataError when this version can no longer read it."""
    return plain.structure(row.brief, Brief, "estimate")


def line(row: models.Estimate) -> Line:
    """Return an estimate in a list."""
    found = brief(row)
    words = Words(setter(), 1 if found.rough else 2)
    return Line(
        row,
        found,
        words.amount(found.mean),
        words.amount(found.rare),
        words.number(found.care),
        words.percent(found.completeness, 2),
        row.made_at,
    )


def told(made: Made) -> dict[str, Any]:
    """Return what lists keep of an estimate, as plain data."""
    shown = made.figures
    kept = Brief(
        shown.category,
        shown.rough,
        shown.mean,
        shown.care.days,
        shown.year(RARE).gross,
        shown.completeness,
        len(shown.changed),
        {each.code: each.level for each in shown.safeguards},
        shown.means,
        shown.care_means,
        made.falls,
        shown.seed,
    )
    data: dict[str, Any] = plain.unstructure(kept)
    return data
