"""The whole definition as text: any field without its own form is changed here, and nothing is taken that cannot be read."""

from dataclasses import replace
from uuid import UUID

from django import forms as django
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from egide import plain
from egide.errors import DataError
from egide.exchange.tender_folder import FILE
from egide.exchange.tender_text import text_of
from egide.finding import Finding
from egide.message import message
from egide.tender.model import Tender
from egide.web.design.words import phrase, said
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import convert, models, page
from egide.web.tenders.preparing import editing, links

MOST = 2_000_000
KEYS = tuple(Tender.__dataclass_fields__)


class Definition(django.Form):
    """The text of tender.yaml."""

    text = django.CharField(
        label=phrase("Définition de la consultation (tender.yaml)"),
        help_text=phrase(
            "Au format décrit par docs/formats.md ; les nombres et les dates sont vérifiés à l’enregistrement."
        ),
        widget=django.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "data"}),
        max_length=MOST,
        strip=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def definition(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the definition as text, or take another text of it."""
    row, can = editing.asked(request, uuid)
    if request.method == "POST" and not can:
        return editing.closed(request, request.path)
    form = Definition(request.POST or None, initial={"text": _text(request, row)})
    form.fields["text"].disabled = not can
    change = editing.amendment(request, row, KEYS, can=can)
    faults: tuple[Finding, ...] = ()
    clash: list[tuple[str, str, str]] = []
    if request.method == "POST" and all(each.is_valid() for each in (form, change) if each is not None):
        try:
            read = plain.parse_yaml(form.cleaned_data["text"], FILE)
            value = plain.structure(read, Tender, FILE)
            editing.store(request, row, _kept(row, value), KEYS, change)
        except DataError as refusal:
            faults = refusal.findings
        except page.Changed:
            row = page.consultation(request, uuid)
            clash = editing.differences(row.definition, convert.definition(value), KEYS)
        else:
            messages.success(request, said(message("Définition enregistrée.")))
            return redirect(request.path)
    return page.show(request, row, "documents", "tenders/expert/definition.html", {
        "form": form,
        "can": can,
        "amendment": change,
        "faults": faults,
        "clash": clash,
        "base": editing.base(row, KEYS),
        "told": links.told(row, page.against(row)) if row.state == models.State.PREPARING else [],
    })  # fmt: skip


def _kept(row: models.Consultation, value: Tender) -> dict[str, object]:
    """Return the definition with the clausier that the consultation took: a text does not change it."""
    return {**convert.definition(value), "clausier": row.definition["clausier"]}


def _text(request: HttpRequest, row: models.Consultation) -> str:
    """Return the text of the definition; who tendered is told to those only who read the bids or the result."""
    told = any(may(request.user, right, row.organisation_id) for right in (Right.OPEN_BIDS, Right.SEE_RESULT))
    try:
        value = convert.tender(row)
    except DataError:
        left_out = () if told else ("tenderers",)
        return plain.indented({name: each for name, each in row.definition.items() if name not in left_out})
    return text_of(value if told else replace(value, tenderers=()))


@require_safe
@login_required
def download(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send tender.yaml, as the command line reads it."""
    row = page.consultation(request, uuid)
    response = HttpResponse(_text(request, row), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


urlpatterns = [
    path("<uuid:uuid>/definition/", definition, name="definition"),
    path("<uuid:uuid>/definition/tender.yaml", download, name="definition_file"),
]
