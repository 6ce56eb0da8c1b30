"""The robustness note: internal, for who decides only, with its own page, its own job, its own files."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egide.desk.robustness import noted
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.report.robustness import document
from egide.report.summary import both, spoken
from egide.tender.trial.robustness import Doubt
from egide.web.audit import guard
from egide.web.design.fields import NumberField
from egide.web.design.words import in_both, language, phrase
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.jobs.queue import Finish, Progress
from egide.web.organisations.roles import Right
from egide.web.tenders import models, page
from egide.web.tenders.preparing.forms_purchase import whole
from egide.web.tenders.result.files import of_group
from egide.web.tenders.result.room import open_to, waiting
from egide.web.tenders.result.work import kept_record, last
from egide.web.tenders.work import consultation_of, day_of, keep_documents, kept, language_of

KIND = GROUP = "robustness"
MOST = 20_000
PLAIN = Doubt()


class Ask(forms.Form):
    """How uncertain marks are said to be."""

    draws = whole(phrase("Nombre de tirages"), MOST, initial=PLAIN.draws)
    slip = NumberField(
        label=phrase("Chance qu’un niveau retenu soit un niveau trop haut ou trop bas, en %"),
        initial=100 * PLAIN.slip,
        min_value=0,
        max_value=100,
    )
    spread = NumberField(
        label=phrase("Écart possible d’une note, en % de son échelle"),
        initial=100 * PLAIN.spread,
        min_value=0,
        max_value=100,
    )
    seed = whole(phrase("Graine des tirages"), 999_999, initial=0, help_text=phrase("Même graine, mêmes chiffres."))

    def clean_draws(self) -> int:
        """Return a number of draws that means something."""
        draws: int | None = self.cleaned_data["draws"]
        return draws or PLAIN.draws

    def arguments(self) -> dict[str, Any]:
        """Return the assumptions as the job takes them."""
        given = self.cleaned_data
        shares = {name: str(given[name] / 100) for name in ("slip", "spread")}
        return {"draws": given["draws"], **shares, "seed": given["seed"] or 0}


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Right.DECIDE)
def show(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    """Show the last note of the last result, or ask for one."""
    result = last(row)
    form = Ask(request.POST or None)
    if request.method == "POST" and result is not None and form.is_valid():
        job = queue.ask(KIND, row.organisation, request.user, row, result=result.number, **form.arguments())
        guard.record("robustness.asked", row.organisation, row, {"result": result.number, **form.arguments()})
        return redirect("jobs:one", job.uuid)
    notes = models.FirmnessNote.objects.filter(consultation=row).select_related("result", "made_by")
    note = notes.first()
    return page.show(request, row, "result", "tenders/result/robustness.html", {
        "result": result,
        "form": form,
        "waiting": waiting(request, row, KIND),
        "note": note,
        "old": note is not None and result is not None and note.result_id != result.pk,
        "blocks": list(_told(spoken(note.summary["blocks"], language()))) if note else [],
        "files": of_group(row, GROUP, note.result_id) if note else [],
    })  # fmt: skip


def _told(blocks: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Give the blocks of a note; a table comes under the headings above it, its cells with the side they keep to."""
    headings: dict[int, str] = {}
    for block in blocks:
        if block["kind"] == "heading":
            headings = {level: text for level, text in headings.items() if level < block["level"]}
            headings[block["level"]] = block["text"]
        if block["kind"] != "table":
            yield block
            continue
        sides = block["sides"]
        caption = " – ".join([*headings.values(), block["head"][0]])
        rows = [list(zip(row, sides, strict=True)) for row in block["rows"]]
        yield {**block, "caption": caption, "head": list(zip(block["head"], sides, strict=True)), "rows": rows}


def work(job: Job, progress: Progress) -> Finish:
    """Try how firmly the last result stands, by the published method only."""
    row = consultation_of(job)
    result = last(row)
    if result is None:
        said = message("il n’y a pas encore de résultat à éprouver")
        remedy = message("Évaluer d’abord la consultation.")
        raise DataError(said, (Finding("robustness.none", Severity.ERROR, said, remedy),))
    evaluation = kept_record(result).evaluation
    asked = job.arguments
    doubt = Doubt(int(asked["draws"]), Decimal(asked["slip"]), Decimal(asked["spread"]))
    seed, on = int(asked["seed"]), day_of(job, evaluation.tender)
    made = noted(evaluation, doubt, language=language_of(job), on=on, seed=seed, progress=progress)
    french, english = (document(made.note, each, on)["blocks"] for each in ("fr", "en"))
    files = kept(made.files)

    def finish() -> Mapping[str, Any]:
        assumptions = {name: str(asked[name]) for name in ("draws", "slip", "spread")}
        note = models.FirmnessNote.objects.create(
            consultation=row,
            result=result,
            seed=seed,
            assumptions=assumptions,
            dated=on,
            made_by=job.owner,
            summary={"blocks": both(french, english)},
        )
        keep_documents(job, row, GROUP, files, result, Right.DECIDE)
        guard.record("robustness.made", job.organisation, note, {"result": result.number, **assumptions, "seed": seed})
        said = message("Note de robustesse interne écrite, sur le résultat n° {number}.", number=result.number)
        following = reverse("tenders:robustness", args=[row.uuid])
        return {"said": in_both(said), "next": following}

    return finish
