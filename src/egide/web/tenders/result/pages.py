"""The pages of a result: ranking, why a bid has its rank, matrix theme by theme, pictures. All is read, nothing computed."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from egide.message import Message, message
from egide.report.summary import BID, FIRST, PICTURES, RISK, THEME
from egide.web.audit import guard
from egide.web.design.fields import DayField
from egide.web.design.navigation import Link
from egide.web.design.words import phrase
from egide.web.jobs import queue
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import models, page
from egide.web.tenders.result.room import open_to, shown, waiting

EVALUATE = "evaluate"
SIDE_BY_SIDE = 6
"""Bids whose levels stand in columns, a point a line; more are read a bid a line, a point a column."""
WAITING: dict[str, tuple[Message, Message, str]] = {
    "bid.awaited": (message("Niveaux, notes ou décisions qui manquent"), message("Compléter la notation"), "tenders:marking"),
    "bid.irregular_proposed": (message("Irrégularités proposées : une personne doit décider"), message("Décider"), "tenders:decisions"),
    "bid.over_budget": (message("Prix au-dessus des crédits : une personne doit décider"), message("Décider"), "tenders:decisions"),
    "mark.awaited": (message("Notes cachées tant qu’un autre évaluateur n’a pas noté"), message("Voir où en est la notation"), "tenders:marking"),
    "mark.conflict": (message("Notes écartées : conflit d’intérêts déclaré"), message("Faire noter par une autre personne"), "tenders:marking"),
    "mark.disagreement": (message("Désaccords entre évaluateurs"), message("Harmoniser"), "tenders:harmonise"),
    "rank.tie": (message("Égalités à départager"), message("Départager"), "tenders:decisions"),
}  # fmt: skip
"""What keeps a result provisional: how it is called, where it is done."""


class Ask(forms.Form):
    """The day that the documents bear."""

    on = DayField(
        label=phrase("Date des documents"), required=False, help_text=phrase("Vide : aujourd’hui. Même date, mêmes notes : mêmes fichiers.")
    )  # fmt: skip


@require_safe
@open_to(Right.SEE_RESULT)
def index(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    """Show the newest result, or how to make the first one."""
    if models.Result.objects.filter(consultation=row).exists():
        return _ranking(request, row, 0)
    known = {"form": Ask(), "waiting": waiting(request, row, EVALUATE)}
    return page.show(request, row, "result", "tenders/result/none.html", known)


@require_safe
@open_to(Right.SEE_RESULT)
def one(request: HttpRequest, row: models.Consultation, number: int) -> HttpResponse:
    """Show a result, old or new, as it was made."""
    return _ranking(request, row, number)


def _ranking(request: HttpRequest, row: models.Consultation, number: int) -> HttpResponse:
    seen = shown(request, row, number, request.GET.get("lot", ""))
    earlier = models.Result.objects.filter(consultation=row).select_related("made_by").defer("summary")
    return seen.answer("ranking", "result_one", {
        "ranked": [each for each in seen.lot["bids"] if not each["excluded"]],
        "excluded": [each for each in seen.lot["bids"] if each["excluded"]],
        "awaited": [_awaited(row, each) for each in (*seen.summary["waiting"], *seen.lot["waiting"])],
        "pictures": (seen.perhaps(PICTURES, FIRST) or {"pictures": []})["pictures"],
        "earlier": list(earlier),
        "form": Ask(),
        "waiting": waiting(request, row, EVALUATE),
    })  # fmt: skip


def _awaited(row: models.Consultation, group: dict[str, Any]) -> dict[str, Any]:
    title, do, name = WAITING[group["code"]]
    more = group["count"] - len(group["said"])
    return {**group, "title": title, "do": do, "more": more, "url": reverse(name, args=[row.uuid])}


@require_POST
@open_to(Right.DECIDE)
def evaluate(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    """Ask for an evaluation of the consultation as it is."""
    form = Ask(request.POST)
    if not form.is_valid():
        known = {"form": form, "waiting": None}
        return page.show(request, row, "result", "tenders/result/none.html", known)
    on = form.cleaned_data["on"]
    arguments = {"date": on.isoformat() if on else "", "marks": row.marks_revision, "revision": row.revision}
    job = queue.ask(EVALUATE, row.organisation, request.user, row, **arguments)
    guard.record("result.asked", row.organisation, row, arguments)
    return redirect("jobs:one", job.uuid)


@require_safe
@open_to(Right.SEE_RESULT)
def bid(request: HttpRequest, row: models.Consultation, number: int, lot: str, place: int) -> HttpResponse:
    """Show why a bid has its rank."""
    seen = shown(request, row, number, lot)
    known = seen.lot["bids"]
    if not 0 < place <= len(known):
        raise Http404
    beside = [
        (each["name"], reverse("tenders:result_bid", args=[row.uuid, number, lot, each["place"]]))
        for each in known[max(0, place - 2) : place + 1]
        if each["place"] != place
    ]
    return seen.answer("bid", "result_one", {"bid": seen.part(BID, str(place)), "beside": beside})


@require_safe
@open_to(Right.SEE_RESULT)
def matrix(request: HttpRequest, row: models.Consultation, number: int, lot: str, theme: str = "") -> HttpResponse:
    """Show the tenderers side by side on a theme."""
    seen = shown(request, row, number, lot)
    themes = seen.lot["themes"]
    if not themes:
        raise Http404
    theme = theme or themes[0]["id"]
    data = seen.part(THEME, theme)
    links = [
        Link(format_html('{}<span class="theme-title"> – {}</span>', each["id"], each["title"]), reverse("tenders:result_theme", args=[row.uuid, number, lot, each["id"]]), current=each["id"] == theme)
        for each in themes
    ]  # fmt: skip
    few = len(data["bids"]) <= SIDE_BY_SIDE
    cells = [[each["cells"][n] for each in data["bids"]] for n in range(len(data["points"]))] if few else []
    return seen.answer("matrix", "result_matrix", {
        "theme": data,
        "themes": links,
        "few": few,
        "lines": list(zip(data["points"], cells, strict=True)) if few else [],
        "names": [each["name"] for each in data["bids"]] if few else [each["id"] for each in data["points"]],
        "first": reverse("tenders:result_bid", args=[row.uuid, number, lot, 1]).removesuffix("1/"),
    })  # fmt: skip


@require_safe
@open_to(Right.SEE_RESULT)
def pictures(request: HttpRequest, row: models.Consultation, number: int, lot: str) -> HttpResponse:
    """Show the pictures of a lot, each with its table."""
    seen = shown(request, row, number, lot)
    return seen.answer("pictures", "result_pictures", {"pictures": seen.part(PICTURES)["pictures"]})


@require_safe
@open_to(Right.SEE_RESULT)
def risk(request: HttpRequest, row: models.Consultation, number: int, lot: str) -> HttpResponse:
    """Show the expected cost of incidents of each bid, and what the differences are attributed to."""
    seen = shown(request, row, number, lot)
    return seen.answer("risk", "result_risk", {"cost": seen.part(RISK)})


def can_decide(request: HttpRequest, row: models.Consultation) -> bool:
    """Whether this person decides here."""
    return may(request.user, Right.DECIDE, row.organisation_id)
