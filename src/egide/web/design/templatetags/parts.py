"""The components of pages: what has a body is a block tag, what has data only is a tag; all work without script."""

# ruff: noqa: A002, the arguments bear the names that HTML gives them
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseFormSet
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from egide.finding import Finding, Severity
from egide.message import Message, Text
from egide.web.design import navigation, words

register = template.Library()

TONES = ("plain", "info", "good", "doubt", "error")
SEVERITIES: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.DOUBT: "doubt", Severity.NOTE: "info"}


class UnknownTone(template.TemplateSyntaxError):
    """A template names a tone that the design does not have."""


def _tone(name: str) -> str:
    if name not in TONES:
        raise UnknownTone(f"{name!r}: the tones are {', '.join(TONES)}")
    return name


def _text(value: object) -> object:
    return words.said(value) if isinstance(value, Message | Text) else value


def _part(name: str, **context: Any) -> SafeString:
    return render_to_string(f"parts/{name}.html", context)


@register.simple_block_tag(end_name="endbreadcrumb")
def breadcrumb(content: SafeString) -> SafeString:
    """Return the way to this page: the body is a list of <li>, the last one without a link."""
    return _part("breadcrumb", content=content)


@register.simple_block_tag(end_name="endtable")
def table(
    content: SafeString, caption: object, id: str, *, hidden_caption: bool = False, dense: bool = False, tall: bool = False,
    css: str = "",
) -> SafeString:  # fmt: skip
    """Return a table, its caption, and around it what lets a narrow screen and a keyboard scroll it.

    A `tall` one scrolls in its own frame, its head and its first column staying in view.
    """
    return _part(
        "table", content=content, caption=_text(caption), id=id, hidden_caption=hidden_caption, dense=dense, tall=tall,
        css=css,
    )  # fmt: skip


@register.simple_block_tag(end_name="endfold")
def fold(
    content: SafeString, title: object, *, open: bool = False, id: str = "", count: int | None = None
) -> SafeString:
    """Return details behind a title that opens them."""
    return _part("fold", content=content, title=_text(title), open=open, id=id, count=count)


@register.simple_block_tag(end_name="endnotice")
def notice(content: SafeString, tone: str, title: object = "", *, id: str = "") -> SafeString:
    """Return a framed remark: its tone is said in a word, drawn, and coloured."""
    return _part("notice", content=content, tone=_tone(tone), title=_text(title), id=id)


@register.simple_block_tag(end_name="endcard")
def card(content: SafeString, title: object = "", *, id: str = "", level: int = 2) -> SafeString:
    """Return a framed part of a page under its own heading."""
    return _part("card", content=content, title=_text(title), id=id, level=level)


@register.simple_block_tag(end_name="endempty")
def empty(content: SafeString, title: object) -> SafeString:
    """Return what stands where there is nothing yet: the body says what to do first."""
    return _part("empty", content=content, title=_text(title))


@register.simple_block_tag(end_name="endpicture")
def picture(content: SafeString, title: object, svg: str, id: str) -> SafeString:
    """Return a drawing made by this program, with its title and, in a fold, the table that it shows."""
    return _part("picture", content=content, title=_text(title), svg=SafeString(svg), id=id)


@register.simple_tag
def drawing(svg: str) -> SafeString:
    """Return a drawing made by this program, and by nobody else: its texts are escaped where it is made."""
    return SafeString(svg)


@register.simple_tag
def badge(tone: str, text: object) -> SafeString:
    """Return a state in words on a coloured ground."""
    return format_html('<span class="badge tone-{}">{}</span>', _tone(tone), _text(text))


@register.simple_tag
def finding(found: Finding, link: str = "") -> SafeString:
    """Return one finding: how serious, where, what was read, what was understood, what to do."""
    return _part("finding", found=found, tone=SEVERITIES[found.severity], link=link)


@register.simple_tag
def steps(entries: Iterable[navigation.Step], title: object = "") -> SafeString:
    """Return the numbered steps of a consultation with the state of each in words."""
    return _part("steps", entries=tuple(entries), title=_text(title))


@register.simple_tag
def tabs(entries: Iterable[navigation.Link], title: object) -> SafeString:
    """Return views of one thing side by side, each a link to its own address."""
    return _part("tabs", entries=tuple(entries), title=_text(title))


@register.simple_tag
def definitions(entries: Iterable[tuple[object, object]]) -> SafeString:
    """Return terms and what each is."""
    return _part("definitions", entries=[(_text(term), _text(value)) for term, value in entries])


@register.simple_tag(takes_context=True)
def pages(context: template.Context, page: Any, parameter: str = "page") -> SafeString:
    """Return the links between the pages of a paginated list, keeping the other parameters of the address."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is not None:
        query.pop(parameter, None)
    kept = f"&{query.urlencode()}" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return _part("pages", page=page, numbers=numbers, parameter=parameter, kept=kept)


@register.simple_tag(takes_context=True)
def progress(
    context: template.Context, done: int, total: int, *, title: object, url: str, state: object = "",
    running: bool = True, cancel: str = "", id: str = "job",
) -> SafeString:  # fmt: skip
    """Return how far a long work is; while it runs it asks `url` again, which answers this same part alone."""
    share = 100 * done // total if total else 0
    return _part(
        "progress", done=done, total=total, share=share, title=_text(title), url=url, state=_text(state),
        running=running, cancel=cancel, id=id, csrf_token=context.get("csrf_token"),
    )  # fmt: skip


@register.inclusion_tag("parts/form.html", takes_context=True)
def form(
    context: template.Context, form: Any, submit: object, *, action: str = "", cancel: str = "", method: str = "post",
    dangerous: bool = False, guard: bool = True, css: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Return a whole form: summary of errors, fields, protection against forgery, buttons.

    `guard` is for every form but one that is answered by a file: sent once, and nothing typed is left without asking.
    """
    return {
        "form": form, "submit": _text(submit), "action": action, "cancel": cancel, "method": method,
        "dangerous": dangerous, "guard": guard, "css": css, "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.simple_tag
def errors(*forms: Any, partly: bool = False) -> SafeString:
    """Return the summary of the errors of forms and formsets, each a link to its field; nothing if there is none.

    `partly` says that what is right was saved nevertheless.
    """
    general = [error for each in forms if isinstance(each, BaseFormSet) for error in each.non_form_errors()]
    single = [one for each in forms for one in (each.forms if isinstance(each, BaseFormSet) else [each])]
    general += [error for each in single for error in each.non_field_errors()]
    general += [error for each in single for field in each.hidden_fields() for error in field.errors]
    faults = [
        (f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label, field.label, error)
        for each in single
        for field in each.visible_fields()
        for error in field.errors
    ]
    return _part("errors", faults=faults, general=general, partly=partly) if faults or general else SafeString("")
