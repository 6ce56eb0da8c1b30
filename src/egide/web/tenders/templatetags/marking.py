"""What a page of marking repeats hundreds of times, drawn faster than a template does."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from egide.message import message
from egide.web.design.words import said
from egide.web.tenders.marking.lines import Asked, Choice, Line
from egide.web.tenders.marking.overview import Row

register = template.Library()
NONE = SafeString("")
CHECKED = SafeString(" checked")
LEVEL = (
    '<label class="level{}"><input class="form-check-input" type="radio" name="level-{}" value="{}" data-key="{}"{}> '
    '<kbd aria-hidden="true">{}</kbd> {}</label>'
)


@register.simple_tag
def levels(line: Line) -> SafeString:
    """Return the levels of a row to choose from, and last that of no level."""
    chosen = line.values["level"]
    every = (*line.asked.choices, Choice("0", "", said(message("Non noté"))))
    return format_html_join(
        "",
        LEVEL,
        (
            ("" if each.code else " level-none", line.number, each.code, each.key, CHECKED if each.code == chosen else NONE, each.key, each.word)
            for each in every
        ),
    )  # fmt: skip


@register.simple_tag
def seen_at_levels(asked: Asked) -> SafeString:
    """Return what is seen at each level of a point, as the items of a list."""
    return format_html_join(
        "",
        "<li><strong>{}</strong>{} : {}</li>",
        ((each.word, f" ({each.value})" if each.value else "", each.text) for each in asked.choices),
    )


@register.simple_tag
def progress_rows(rows: Iterable[Row]) -> SafeString:
    """Return the rows of the bids: how far each theme is, a link to its grid, and the figures of the whole."""
    return SafeString("\n".join(map(_row, rows)))


def _row(row: Row) -> str:
    cells = "".join(
        f'<td class="number"><a class="{each.state}" href="{escape(each.url)}">{each.text}</a></td>'
        for each in row.cells
    )
    figures = "".join(f'<td class="number">{each}</td>' for each in row.figures)
    return f'<tr><th scope="row">{escape(row.name)}</th>{cells}{figures}</tr>'
