"""The cells of the matrix: a thousand of them on a page, so a row is written at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from egide.message import message
from egide.web.design.words import said

register = template.Library()
NOTHING = "—"


@register.simple_tag
def cells(given: Iterable[Mapping[str, Any]], of: Iterable[str]) -> SafeString:
    """Return the cells of a row: the level in words on its ground, what was declared, the reasons in a fold.

    `of` names what each cell is of, for who hears the page without seeing its columns.
    """
    why = escape(said(message("Motif")))
    return SafeString("".join(_cell(cell, name, why) for cell, name in zip(given, of, strict=True)))


def _cell(cell: Mapping[str, Any], name: str, why: str) -> str:
    value = f" ({escape(cell['value'])})" if cell["value"] else ""
    meanwhile = f"<br><small>{escape(cell['meanwhile'])}</small>" if cell["meanwhile"] else ""
    told = [(mark["who"], mark["reason"] or mark["proof"]) for mark in cell["marks"]]
    reasons = "".join(f"<p>{escape(reason)} <small>({escape(who)})</small></p>" for who, reason in told if reason)
    fold = f'<details><summary>{why}<span class="visually-hidden"> : {escape(name)}</span></summary>{reasons}</details>'
    return (
        f'<td class="grade-{cell["grade"]}"><strong>{escape(cell["word"])}</strong>{value}{meanwhile}<br>'
        f"<small>{escape(cell['declared'])}</small>{fold if reasons else ''}</td>"
    )


@register.simple_tag
def point_rows(points: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return the rows of the points of a bid: declared, retained, why and on what proof, points won and left."""
    return SafeString("".join(map(_point_row, points)))


def _point_row(point: Mapping[str, Any]) -> str:
    text = {name: escape(point[name]) for name in ("id", "title", "use", "declared", "pointer", "word", "value", "meanwhile", "won", "lost")}  # fmt: skip
    value = f" ({text['value']})" if text["value"] else ""
    why = "".join(map(_mark, point["marks"])) or NOTHING
    return (
        f'<tr><th scope="row"><span class="data">{text["id"]}</span> {text["title"]}{_small(text["use"])}</th>'
        f"<td>{text['declared']}{_small(text['pointer'])}</td>"
        f'<td class="grade-{point["grade"]}"><strong>{text["word"]}</strong>{value}{_small(text["meanwhile"])}</td>'
        f'<td>{why}</td><td class="number">{text["won"] or NOTHING}</td><td class="number">{text["lost"] or NOTHING}</td></tr>'
    )


def _mark(mark: Mapping[str, str]) -> str:
    reason = f" : {escape(mark['reason'])}" if mark["reason"] else ""
    return f"<p><strong>{escape(mark['who'])}</strong>{reason}{_small(escape(mark['proof']))}</p>"


def _small(text: str) -> str:
    return f"<br><small>{text}</small>" if text else ""


@register.simple_tag
def figure_rows(rows: Iterable[Iterable[str]], texts: int) -> SafeString:
    """Return the rows of the table behind a picture, whose first `texts` columns are words."""
    return SafeString("".join(f"<tr>{''.join(_figures(row, texts))}</tr>" for row in rows))


def _figures(row: Iterable[str], texts: int) -> Iterable[str]:
    for n, cell in enumerate(row):
        if n == 0:
            yield f'<th scope="row">{escape(cell)}</th>'
        else:
            yield f"<td>{escape(cell)}</td>" if n < texts else f'<td class="number">{escape(cell)}</td>'
