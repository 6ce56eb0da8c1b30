"""The self-assessment: a few questions, then the level that suits and why. Nothing of it is kept."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egide import reference
from egide.exercise.assessment import Assessment, advised
from egide.exercise.module import Setting
from egide.exercise.words import SETTINGS
from egide.report.exercise_words import length
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.exercises.preparing.kits import WHERE
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right

FOR = "etablissement"
"""The parameter of an address that says which establishment of this person asks."""


class AssessmentForm(forms.Form):
    """The questions of one setting."""

    def __init__(self, *args: Any, assessment: Assessment, setting: Setting, **options: Any) -> None:
        super().__init__(*args, **options)
        for each in assessment.asked(setting):
            self.fields[each.id] = forms.ChoiceField(
                label=said(each.text), help_text=said(each.help), widget=forms.RadioSelect,
                choices=[(one.id, said(one.text)) for one in each.answers],
            )  # fmt: skip


@require_safe
def level(request: HttpRequest) -> HttpResponse:
    """Ask the questions; once answered, say the level, why, and what to do next."""
    assessment, library = reference.assessment(), reference.exercises()
    asked = request.GET.get(WHERE, "")
    setting = next((each for each in Setting if each == asked), Setting.HOSPITAL)
    of = _establishment(request)
    answered = any(each.id in request.GET for each in assessment.asked(setting))
    form = AssessmentForm(request.GET if answered else None, assessment=assessment, setting=setting)
    context: dict[str, Any] = {
        "form": form,
        "setting": setting.value,
        "organisation": of,
        "tabs": _tabs(setting, of),
        "count": len(form.fields),
    }
    if answered and form.is_valid():
        found = advised(assessment, setting, form.cleaned_data)
        kit = library.kit[found.level]
        context |= {
            "advised": found,
            "kit": kit,
            "lasts": length(kit.minutes),
            "begin": f"{reverse('exercises:new', args=[of.uuid])}?niveau={found.level}" if of else "",
        }
    return render(request, "exercises/preparing/level.html", context, status=400 if answered and form.errors else 200)


def _establishment(request: HttpRequest) -> Organisation | None:
    """Return the establishment that the address names, where this person may prepare an exercise."""
    try:
        uuid = UUID(request.GET.get(FOR, ""))
    except ValueError:
        return None
    found: Organisation | None = Organisation.objects.visible_to(request.user, Right.REHEARSE).filter(uuid=uuid).first()
    return found


def _tabs(setting: Setting, of: Organisation | None) -> list[Link]:
    more = f"&{FOR}={of.uuid}" if of else ""
    here = reverse("exercises:level")
    return [Link(said(SETTINGS[each]), f"{here}?{WHERE}={each}{more}", current=each is setting) for each in Setting]
