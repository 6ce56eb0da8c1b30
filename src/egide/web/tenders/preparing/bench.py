"""Step 3, the test bench: asked for here, worked out apart, shown with its verdict, its weights and its warnings."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide import plain
from egide.message import message
from egide.report import bench as document
from egide.tender import price
from egide.tender.trial.findings import Light
from egide.tender.trial.law import Law, Span
from egide.web.audit import guard
from egide.web.design.fields import NumberField
from egide.web.design.words import language, phrase, said
from egide.web.files import store
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.jobs.models import State as Work
from egide.web.tenders import models, page
from egide.web.tenders.preparing import editing
from egide.web.tenders.preparing.forms_purchase import whole
from egide.web.tenders.preparing.parts import METHOD
from egide.web.tenders.preparing.work import BENCH, newest

KIND = "write_bench"
TONES = {Light.GREEN: "good", Light.AMBER: "doubt", Light.RED: "error"}


class LawForm(forms.Form):
    """The stated law of the simulated bids."""

    tenders = whole(phrase("Consultations simulées"), 100_000, initial=20_000)
    bids = whole(phrase("Offres par consultation"), 50, initial=4)
    low = NumberField(
        label=phrase("Prix le plus bas"), help_text=phrase("Seuls les rapports de prix comptent."), initial=Law.low
    )
    high = NumberField(label=phrase("Prix le plus haut"), initial=Law.high)
    note_low = NumberField(
        label=phrase("Note la plus basse, en % de l’échelle"), initial=Law.notes.low, min_value=0, max_value=100
    )
    note_high = NumberField(
        label=phrase("Note la plus haute, en % de l’échelle"), initial=Law.notes.high, min_value=0, max_value=100
    )
    cohesion = NumberField(label=phrase("Corrélation entre les notes d’une offre"), help_text=phrase("De 0 à 1."), initial=Law.cohesion, min_value=0, max_value=1)  # fmt: skip
    correlation = NumberField(label=phrase("Corrélation du prix avec la qualité"), help_text=phrase("De −1 à 1."), initial=Law.correlation, min_value=-1, max_value=1)  # fmt: skip
    seed = whole(phrase("Graine des tirages"), 999_999, initial=0, help_text=phrase("Même graine, mêmes chiffres."))

    def law(self) -> Law:
        """Return the law."""
        given = self.cleaned_data
        notes = Span(given["note_low"], given["note_high"])
        return Law(given["tenders"], given["bids"], given["low"], given["high"], notes=notes, cohesion=given["cohesion"], correlation=given["correlation"])  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the last bench of the method, or ask for another."""
    row, _ = editing.asked(request, uuid)
    form = LawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        law = plain.unstructure(form.law())
        job = queue.ask(KIND, row.organisation, request.user, row, law=law, seed=form.cleaned_data["seed"])
        guard.record("bench.asked", row.organisation, row, {"law": law})
        return redirect("jobs:one", job.uuid)
    made = newest(row, BENCH)
    waiting = Job.objects.filter(
        subject=row.uuid, kind=KIND, state__in=[Work.QUEUED, Work.RUNNING], owner=editing.person(request)
    )
    return page.show(request, row, "method", "tenders/method/bench.html", {
        "tabs": editing.tabs(row, METHOD[-1], METHOD),
        "form": form,
        "can": editing.may_prepare(request, row),
        "waiting": waiting.order_by("-pk").first(),
        "files": list(made.values()),
        "result": _result(row, made),
    })  # fmt: skip


def _result(row: models.Consultation, made: dict[str, models.Document]) -> dict[str, Any] | None:
    """Return the figures of the last bench as the page shows them."""
    kept = made.get(document.JSON)
    if kept is None:
        return None
    data = json.loads(store.path(kept.stored.sha256).read_bytes())
    light = Light(data["verdict"])
    titles = {each["id"]: each.get("title") or each["id"] for each in row.definition["criteria"]}
    return {
        "made_at": timezone.localtime(kept.made_at),
        "stale": kept.revision != row.revision,
        "tone": TONES[light],
        "verdict": document.VERDICTS[light],
        "law": data["law"],
        "findings": data["findings"],
        "trials": [_trial(each, titles) for each in data["trials"]],
    }


def _trial(data: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    lines = [
        {
            "title": titles.get(line["criterion"], line["criterion"]),
            "weight": _figure(line["weight"]),
            "effective": _figure(line["effective"]),
            "span": _figure(line["span"]),
            "decides": _percent(line["decides"]),
        }
        for line in data["lines"]
        if not line["subcriterion"]
    ]
    strongest = max(
        (line for line in data["lines"] if not line["subcriterion"]), key=lambda line: float(line["effective"])
    )
    formulas = [
        {
            "title": said(price.FORMULAS[line["code"]].title) if line["code"] in price.FORMULAS else line["code"],
            "published": line["published"],
            "turned": _percent(line["turned"]),
            "same": _percent(line["same"]),
        }
        for line in data["formulas"]
    ]  # fmt: skip
    return {
        "lots": ", ".join(data["lots"]),
        "lines": lines,
        "formulas": formulas,
        "strongest": titles.get(strongest["criterion"], ""),
    }


def _figure(value: str | float, digits: int = 1) -> str:
    written = f"{float(value):.{digits}f}"
    return written if language() == "en" else written.replace(".", ",")


def _percent(frequency: dict[str, Any] | None) -> str:
    if frequency is None:
        return "—"
    return said(message("{share} % (± {error})", share=_figure(100 * float(frequency["share"])), error=_figure(100 * float(frequency["error"]), 2)))  # fmt: skip


urlpatterns = [path("<uuid:uuid>/methode/banc-d-essai/", show, name="bench")]
