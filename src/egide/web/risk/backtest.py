"""The page where the model stands before the published figures, open to all: read as stored, nothing is worked out."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egide import reference
from egide.desk import backtest
from egide.message import Message, Text, message
from egide.report import backtest_words as words
from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures.amounts import between, compact
from egide.report.pictures.backtest import backtest_chart
from egide.report.pictures.picture import Picture
from egide.risk.outcome import Line, Modelled, Verdict
from egide.risk.published import Figure, Role
from egide.web.design.words import language

KNOWN, ROUGH = 2, 1
"""Significant figures of an amount: of a hospital, and where only the order of magnitude is known."""


@dataclass(frozen=True)
class Row:
    """A published figure as the page shows it."""

    figure: Figure
    measure: Text
    published: str
    modelled: str
    interval: str
    verdict: Message
    outside: bool


@dataclass(frozen=True)
class Heavier:
    """What a year costs an establishment of a category: usual, and like 2021; `rough`: an order of magnitude only."""

    title: Text
    usual: str
    stressed: str
    rough: bool


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the back-test: its misses first, then the figures held out, then those that were used."""
    tried, setter = backtest.stored(), Setter(language(), plain_text)
    rows = [_row(tried, setter, *each) for each in tried.lines]
    held = [each for each in tried.lines if each[0].role is Role.HELD_OUT]
    used = [each for each in tried.lines if each[0].role is Role.CALIBRATED]
    context = {
        "tried": tried,
        "missed": [each for each in rows if each.outside],
        "weak": [each for each in rows if not each.outside and each.figure.miss.fr],
        "held": len(held),
        "held_inside": _inside(held),
        "used": len(used),
        "used_inside": _inside(used),
        "held_picture": _picture(message("Chiffres mis de côté"), held, setter, "held"),
        "used_picture": _picture(message("Chiffres qui ont servi au calage"), used, setter, "used"),
        "sources": [(line, list(each)) for line, each in groupby(rows, key=lambda row: row.figure.line)],
        "stressed": _whole(setter, tried.outcome.stressed_ransomware),
        "heavier": _heavier(tried, setter),
        "loss": compact(setter, float(tried.outcome.loss.modelled), figures=KNOWN),
        "loss_interval": between(
            setter, (float(tried.outcome.loss.low), float(tried.outcome.loss.high)), figures=KNOWN
        ),
        "revenue_share": setter.number(words.short(tried.outcome.revenue_share * 100), KNOWN),
        "supplier_years": setter.number(words.short(tried.outcome.supplier_years * 100), 1),
        "digest": tried.outcome.library[:12],
        "freezes": reference.freezes().entries,
    }
    return render(request, "backtest/page.html", context)


@require_safe
def data(request: HttpRequest) -> JsonResponse:
    """Give the same figures to machines."""
    return JsonResponse(backtest.data(backtest.stored(), language()), json_dumps_params={"ensure_ascii": False})


def _row(tried: backtest.Tried, setter: Setter, figure: Figure, line: Line) -> Row:
    return Row(
        figure,
        tried.published.says[figure.measure],
        words.published(setter, figure),
        words.modelled(setter, figure, line),
        words.interval(setter, figure, line),
        words.verdict(line),
        line.verdict is Verdict.OUTSIDE,
    )


def _inside(lines: list[tuple[Figure, Line]]) -> int:
    return sum(line.verdict is Verdict.INSIDE for _, line in lines)


def _picture(title: Message, lines: list[tuple[Figure, Line]], setter: Setter, key: str) -> Picture:
    return backtest_chart(setter.say(title), lines, setter, key)


def _whole(setter: Setter, found: Modelled) -> dict[str, str]:
    values = {"modelled": found.modelled, "low": found.low, "high": found.high}
    return {name: setter.number(value, 0) for name, value in values.items()}


def _heavier(tried: backtest.Tried, setter: Setter) -> list[Heavier]:
    known = reference.risk_library().category_by_id
    rows = []
    for each in tried.outcome.heavier:
        category = known[each.category]
        figures = ROUGH if category.order_of_magnitude else KNOWN
        usual, stressed = (compact(setter, float(value), figures=figures) for value in (each.usual, each.stressed))
        rows.append(Heavier(category.title, usual, stressed, category.order_of_magnitude))
    return rows
