"""What people say of an exercise: in the room right after it, and some weeks later."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.exercises import convert, models
from egide.web.exercises.debriefing import played, shown
from egide.web.exercises.debriefing.forms import COLD, ColdForm, HotForm
from egide.web.exercises.models import Moment, NoteKind, State
from egide.web.exercises.preparing import room
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hot(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write what the room answers to the questions of the debrief; beside it, what players sent by their link."""
    row = played.over(request, uuid, Right.REHEARSE if request.method == "POST" else Right.SEE)
    if request.method == "POST" and row.state == State.CLOSED:
        raise PermissionDenied
    script = convert.script(row)
    rows = {each.question: each for each in row.answers.filter(moment=Moment.HOT, function="", participant=None)}
    known = {name: each.text for name, each in rows.items()}
    form = HotForm(request.POST or None, questions=script.questions, known=known)
    if request.method == "POST" and form.is_valid():
        count = _kept(request, row, form.answers(), rows)
        record("debrief.hot", row.organisation, row, {"answers": count})
        messages.success(request, said(message("Retour à chaud enregistré.")))
        return redirect("exercises:hot", row.uuid)
    notes = row.notes.filter(kind__in=(NoteKind.WELL, NoteKind.BETTER)).select_related("participant", "user")
    context = shown.common(request, row, "hot") | {
        "form": form,
        "asked": [(said(each), known.get(each.fr, "")) for each in script.questions],
        "notes": [(kind.label, [each for each in notes if each.kind == kind]) for kind in (NoteKind.WELL, NoteKind.BETTER)],
    }  # fmt: skip
    return render(request, "exercises/debriefing/hot.html", context, status=room.status(request))


def _kept(request: HttpRequest, row: models.Exercise, told: dict[str, str], rows: dict[str, models.Answer]) -> int:
    """Write the answers that changed; return how many there are."""
    for question, text in told.items():
        made = rows.get(question) or models.Answer(exercise=row, moment=Moment.HOT, question=question)
        if made.text != text:
            made.text, made.user, made.changed_at = text, room.person(request), timezone.now()
            made.save()
    return sum(bool(each) for each in told.values())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cold(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write, some weeks later, what became of it: each answer with its day and who gives it, even once it is closed."""
    row = played.over(request, uuid, Right.REHEARSE if request.method == "POST" else Right.SEE)
    script = convert.script(row)
    form = ColdForm(request.POST or None, script=script)
    if request.method == "POST" and form.is_valid():
        made = models.Answer.objects.create(
            exercise=row, moment=Moment.COLD, user=room.person(request),
            **{name: form.cleaned_data[name] for name in ("question", "function", "text")},
        )  # fmt: skip
        record("debrief.cold", row.organisation, row, {"question": made.question})
        messages.success(request, said(message("Réponse ajoutée.")))
        return redirect("exercises:cold", row.uuid)
    titles = {each.code: each.title for each in script.functions}
    ask = shown.asked(COLD)
    told: dict[str, list[tuple[models.Answer, str]]] = {ask(each.fr): [] for each in COLD}
    for each in row.answers.filter(moment=Moment.COLD).select_related("user"):
        by = said(titles[each.function]) if each.function in titles else ""
        told.setdefault(ask(each.question), []).append((each, by))
    context = shown.common(request, row, "cold") | {
        "form": form if may(request.user, Right.REHEARSE, row.organisation_id) else None,
        "told": list(told.items()),
    }
    return render(request, "exercises/debriefing/cold.html", context, status=room.status(request))
