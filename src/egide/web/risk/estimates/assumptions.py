"""The pages of assumptions: the whole library, open to all; what an organisation sets otherwise, and what that changes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide.errors import DataError
from egide.message import message
from egide.risk.library import Library
from egide.risk.parameter import Parameter
from egide.web.audit.guard import record
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.risk import models
from egide.web.risk.estimates import effect, inputs, library, room
from egide.web.risk.estimates.forms import ChangeForm
from egide.web.risk.room import person

SUBJECT = "sujet"


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Show every parameter of the model, to anybody: its value, its interval, where it comes from."""
    return render(request, "estimates/library.html", _listed(request, library.of_egide(), {}))


def _listed(request: HttpRequest, known: Library, overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the subject that a request asks for, the first one if it asks for none."""
    subjects = library.subjects(known)
    asked = request.GET.get(SUBJECT, subjects[0].code)
    subject = next((each for each in subjects if each.code == asked), None)
    if subject is None:
        raise Http404
    changed = known.overridden(numbers(overlay)) if overlay else None
    return {
        "library": known,
        "subjects": [
            Link(said(each.title), f"{request.path}?{SUBJECT}={each.code}", current=each == subject)
            for each in subjects
        ],
        "subject": subject,
        "groups": [
            (title, [library.line(each, changed, overlay) for each in every])
            for title, every in library.groups(known, subject)
        ],
    }


def numbers(overlay: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return what an overlay sets of the parameters that there are, without the reasons."""
    known = library.of_egide().parameters
    return {
        code: {key: each[key] for key in inputs.NUMBERS if each.get(key)}
        for code, each in overlay.items()
        if code in known
    }


def own(organisation: Organisation) -> models.Assumptions | None:
    """Return what an organisation set, None when it set nothing."""
    found: models.Assumptions | None = models.Assumptions.objects.filter(organisation=organisation).first()
    return found


@require_safe
@login_required
def listed(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the parameters as an establishment uses them: those that it set first, then all of a subject."""
    of = room.establishment(request, organisation)
    row = own(of)
    overlay = row.overlay if row else {}
    known = library.of_egide()
    gone = [code for code in overlay if code not in known.parameters]
    kept = {code: each for code, each in overlay.items() if code not in gone}
    context = room.common(request, of, "assumptions")
    context |= _listed(request, known, kept) | {"row": row, "gone": gone}
    changed = known.overridden(numbers(kept))
    context["own"] = [library.line(known[code], changed, kept) for code in kept]
    return render(request, "estimates/assumptions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, organisation: UUID, parameter: str) -> HttpResponse:
    """Show one assumption and what another value would change; a POST keeps that value, or goes back to Égide's."""
    saving = request.method == "POST"
    of = room.establishment(request, organisation, Right.DESCRIBE if saving else Right.SEE)
    known = library.of_egide()
    asked = known.parameters.get(parameter)
    if asked is None or not asked.grade.marked:
        raise Http404
    row = own(of)
    overlay: dict[str, Any] = dict(row.overlay) if row else {}
    if saving and "reset" in request.POST:
        return _kept(request, of, overlay, asked, None)
    form = ChangeForm(asked, _given(request, overlay.get(parameter)))
    context = room.common(request, of, "assumptions") | {
        "line": library.line(asked, *_own(known, overlay)),
        "form": form,
    }
    if not form.is_bound:
        return render(request, "estimates/change.html", context)
    wanted = form.wanted() if form.is_valid() else None
    if wanted is not None:
        after = {**overlay, parameter: wanted}
        try:
            context |= effect.shown(of, numbers(overlay), numbers(after))
        except DataError as refused:
            context |= {"findings": refused.findings}
        else:
            if saving:
                return _kept(request, of, overlay, asked, wanted)
    return render(request, "estimates/change.html", context, status=422 if saving else 200)


def _own(known: Library, overlay: Mapping[str, Any]) -> tuple[Library, Mapping[str, Any]]:
    kept = {code: each for code, each in overlay.items() if code in known.parameters}
    return known.overridden(numbers(kept)), kept


def _given(request: HttpRequest, kept: Mapping[str, str] | None) -> Any:
    """Return what fills the form: what was sent, or asked in the address."""
    if request.method == "POST":
        return request.POST
    return request.GET if "value" in request.GET else None


def _kept(
    request: HttpRequest, of: Organisation, overlay: dict[str, Any], parameter: Parameter, wanted: dict[str, str] | None
) -> HttpResponse:
    """Write what an organisation sets for a parameter, nothing to go back to the library's; tell the trail."""
    before = overlay.get(parameter.id)
    if wanted is None:
        overlay.pop(parameter.id, None)
    else:
        overlay[parameter.id] = wanted
    row, _ = models.Assumptions.objects.update_or_create(
        organisation=of,
        defaults={"overlay": overlay, "changed_at": timezone.now(), "changed_by": person(request)},
    )
    record("assumption.changed" if wanted else "assumption.reset", of, row, _told(parameter, before, wanted))
    if wanted:
        messages.success(request, said(message("Hypothèse enregistrée : demandez une nouvelle estimation pour qu’elle compte.")))  # fmt: skip
    else:
        messages.success(request, said(message("Valeur d’Égide rétablie : demandez une nouvelle estimation pour qu’elle compte.")))  # fmt: skip
    return redirect("estimates:assumptions", of.uuid)


def _told(parameter: Parameter, before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> dict[str, Any]:
    """Return what the trail keeps of a change: which parameter, and each of its values before and after."""
    keys = (*inputs.NUMBERS, "reason")
    pairs = {key: [each.get(key, "") if each else "" for each in (before, after)] for key in keys}
    return {"parameter": parameter.id} | {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
