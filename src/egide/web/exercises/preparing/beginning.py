"""An exercise begun, changed in what it is, or given up: level and modules, where, when, and what it is meant to be."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide import reference
from egide.exercise.module import Setting
from egide.exercise.record import Scope, Trigger
from egide.exercise.validity import SCOPES
from egide.exercise.words import SETTINGS
from egide.message import Message, message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.establishments.models import Category, Establishment
from egide.web.exercises.models import Exercise, State
from egide.web.exercises.preparing import draft, early, room
from egide.web.exercises.preparing.forms import ExerciseForm
from egide.web.organisations.roles import Right

SETTING: Mapping[str, Setting] = {
    Category.CARE_HOME: Setting.HOME,
    Category.SOCIAL: Setting.HOME,
    Category.PRACTICE: Setting.PRACTICE,
}
"""Where establishments of a category play; a hospital for the others."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Begin an exercise; the address may name the level that the self-assessment advised."""
    of = room.organisation(request, organisation, Right.REHEARSE)
    library = reference.exercises()
    category = Establishment.objects.filter(organisation=of).values_list("category", flat=True).first() or ""
    asked = request.GET.get("niveau", "")
    shown = {
        "title": said(message("Exercice de crise cyber {year}", year=timezone.localdate().year)),
        "setting": SETTING.get(category, Setting.HOSPITAL),
        "level": next((each for each in library.kit if str(each) == asked), min(library.kit)),
        "scope": Scope.CARE,
        "trigger": Trigger.CYBER,
    }
    form = ExerciseForm(request.POST or None, library=library, initial=shown)
    if request.method == "POST" and form.is_valid():
        row = Exercise(organisation=of, created_by=room.person(request))
        form.write(row)
        row.save()
        record("exercise.made", of, row, {"title": row.title, "level": row.level, "modules": row.modules})
        _warn(request, row)
        return redirect("exercises:words", row.uuid)
    context = {"organisation": of, "form": form, "categorised": bool(category)}
    return render(request, "exercises/preparing/new.html", context, status=room.status(request))


def _warn(request: HttpRequest, row: Exercise) -> None:
    if early.against(row):
        messages.warning(request, said(message("Tel que prévu, cet exercice ne comptera pas pour l’obligation annuelle : voyez pourquoi à l’étape 1.")))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prepare(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what an exercise is and whether it will count; change it while it is a draft."""
    row = room.draft_of(request, uuid) if request.method == "POST" else room.exercise(request, uuid)
    form = ExerciseForm(request.POST or None, library=reference.exercises(), initial=ExerciseForm.shown(row))
    if request.method == "POST" and form.is_valid():
        changed = form.write(row)
        room.saved(row, "exercise.changed", changed, "title", "setting", "level", "modules", "planned_on", "facts")
        _warn(request, row)
        messages.success(request, said(message("Exercice enregistré.")))
        return redirect("exercises:words", row.uuid)
    context = room.common(request, row, "prepare")
    told: dict[str, Any] = {
        "form": form if context["may_change"] else None,
        "against": early.against(row) if row.state in {State.DRAFT, State.READY} else None,
    }
    told["summary"] = _summary(row)
    return render(request, "exercises/preparing/prepare.html", context | told, status=room.status(request))


def _summary(row: Exercise) -> list[tuple[Message, object]]:
    """Return what an exercise is, for who does not change it."""
    library = reference.exercises()
    modules = [library.module[code].title for code in row.modules if code in library.module]
    return [
        (message("Où l’on joue"), SETTINGS[draft.setting_of(row)]),
        (message("Niveau"), library.kit[row.level].title),
        *(((message("Modules à la carte"), message("{modules}", modules=modules)),) if modules else ()),
        (message("Jour prévu"), message("{day}", day=row.planned_on) if row.planned_on else "—"),
        (message("Ce qui est vraiment joué"), SCOPES[Scope(row.facts.get("scope", Scope.CARE))]),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a draft, once confirmed; what was played is never deleted here."""
    row = room.draft_of(request, uuid)
    back = room.address("prepare", row)
    if row.state != State.DRAFT:
        messages.info(request, said(message("Un exercice prêt ou joué ne se supprime pas.")))
        return redirect(back)
    if request.method == "POST":
        record("exercise.removed", row.organisation, row, {"title": row.title})
        row.delete()
        messages.success(request, said(message("Exercice « {title} » supprimé.", title=row.title)))
        return redirect("exercises:show", row.organisation.uuid)
    return render(request, "confirm.html", {
        "question": said(message("Supprimer l’exercice « {title} » ?", title=row.title)),
        "consequences": [message("Vos mots, le chronogramme modifié et les liens d’accès de cet exercice disparaissent."), message("Le journal garde son titre et qui l’a supprimé.")],
        "submit": said(message("Supprimer")),
        "cancel": back,
        "print_title": row.title,
    })  # fmt: skip
