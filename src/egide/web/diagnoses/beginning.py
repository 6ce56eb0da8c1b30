"""Beginning a diagnosis: the depth that suits, from nothing or from the answers of the last one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide import reference
from egide.diagnosis.questionnaire import Depth, Questionnaire
from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import phrase, said
from egide.web.diagnoses import convert, models, room
from egide.web.diagnoses.answering import carried
from egide.web.establishments.models import Category, Establishment
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right

ADVISED: Mapping[str, Depth] = {
    Category.UNIVERSITY: Depth.UNIVERSITY,
    Category.CARE_HOME: Depth.PRACTICE,
    Category.SOCIAL: Depth.PRACTICE,
    Category.PRACTICE: Depth.PRACTICE,
}
"""The depth advised by category of establishment; that of a hospital for the others."""


def advised(category: str) -> Depth:
    """Return the depth that suits a category of establishment."""
    return ADVISED.get(category, Depth.HOSPITAL)


class BeginForm(forms.Form):
    """Which questionnaire, and whether the last answers are taken up."""

    what = forms.ChoiceField(label=phrase("Questionnaire"), widget=forms.RadioSelect)
    again = forms.BooleanField(
        label=phrase("Repartir des réponses du dernier diagnostic"), required=False, initial=True,
        help_text=phrase("Chacune garde sa date tant que personne ne la confirme."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, grids: list[models.Questionnaire], before: bool, advice: Depth, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.initial = {"what": advice.value, "again": True}
        shipped = [
            (depth.value, _in_short(each, depth is advice)) for depth, each in reference.questionnaires().items()
        ]
        own = [(str(each.uuid), each.title) for each in grids]
        self.fields["what"].choices = shipped + own  # type: ignore[attr-defined]
        if not before:
            del self.fields["again"]


def _in_short(value: Questionnaire, suits: bool) -> str:
    told = message("{title} : {count} questions au plus, {minutes} minutes", title=value.title, count=len(value.questions), minutes=value.minutes)  # fmt: skip
    if not suits:
        return said(told)
    return said(message("{questionnaire} (conseillé pour votre catégorie)", questionnaire=told))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Begin a diagnosis; the one already open with the same questions is gone on with."""
    of = room.organisation(request, organisation, Right.DIAGNOSE, group=False)
    grids = list(
        models.Questionnaire.objects.visible_to(request.user).filter(organisation=of, own=True).defer("content")
    )
    finished = models.Diagnosis.objects.visible_to(request.user).filter(organisation=of).exclude(finished_at=None)
    last = finished.exclude(depth="").order_by("-finished_at", "-pk").first()
    category = Establishment.objects.filter(organisation=of).values_list("category", flat=True).first() or ""
    form = BeginForm(request.POST or None, grids=grids, before=last is not None, advice=advised(category))
    if request.method == "POST" and form.is_valid():
        row, new = begun(of, form.cleaned_data["what"], room.person(request), last if form.cleaned_data.get("again") else None)  # fmt: skip
        if not new:
            messages.info(request, said(message("Ce diagnostic était déjà commencé : le voici.")))
        return redirect("diagnoses:one", row.uuid)
    context = room.of_organisation(request, of, "show") | {
        "form": form,
        "last": last,
        "says": [(each.title, each.says) for each in reference.questionnaires().values()],
        "categorised": bool(category),
    }
    return render(request, "diagnoses/begin.html", context, status=room.status(request))


def begun(of: Organisation, what: str, by: Any, last: models.Diagnosis | None) -> tuple[models.Diagnosis, bool]:
    """Return the open diagnosis of an organisation with that depth, or its grid of that UUID, and whether it is new.

    `last` is the diagnosis whose answers are taken up, each with the day it speaks of until somebody confirms it.
    """
    depth = what if what in set(Depth) else ""
    its = held(of, Depth(depth)) if depth else models.Questionnaire.objects.get(organisation=of, uuid=what, own=True)
    row = models.Diagnosis.objects.filter(organisation=of, questionnaire=its, finished_at=None).first()
    if row:
        return row, False
    if not depth:
        last = its.diagnoses.exclude(finished_at=None).order_by("-finished_at").first() if last else None
    answers = carried(last.answers, convert.questionnaire(its).by_id, convert.answered_on) if last else {}
    row = models.Diagnosis.objects.create(
        organisation=of, questionnaire=its, depth=depth, answers=answers, begun_by=by, begun_at=timezone.now()
    )
    told: dict[str, object] = {"questionnaire": its.title, "answers": len(answers)}
    record("diagnosis.begun", of, row, told)
    return row, True


def held(of: Organisation, depth: Depth) -> models.Questionnaire:
    """Return the shipped questionnaire of a depth as this organisation keeps it."""
    row = convert.questionnaire_row(reference.questionnaires()[depth], of)
    found: models.Questionnaire | None = models.Questionnaire.objects.filter(organisation=of, digest=row.digest).first()
    if found is None:
        row.save()
    return found or row
