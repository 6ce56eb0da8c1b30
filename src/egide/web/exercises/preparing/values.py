"""The establishment's own words: one value for each place that the texts of an exercise name."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from egide.message import Message, message
from egide.web.design.words import said
from egide.web.exercises.preparing import draft, proposals, room
from egide.web.exercises.preparing.forms import WordsForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def words(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for the words of an exercise, those already known filled in; what stays empty keeps its fictitious example."""
    row = room.draft_of(request, uuid) if request.method == "POST" else room.exercise(request, uuid)
    context = room.common(request, row, "words")
    places = draft.asked(row)
    if not context["may_change"]:
        script = draft.script_of(row)
        read = [(each.title, script.values.get(each.code), each.code in script.examples) for each in places]
        return render(request, "exercises/preparing/words.html", context | {"read": read})
    known = proposals.of(row.organisation, row)
    form = WordsForm(request.POST or None, places=places, setting=draft.setting_of(row), values=row.values, known=known)
    if request.method == "POST" and form.is_valid():
        row.values = form.values(row.values)
        room.saved(row, "exercise.words", {"words": sorted(row.values)}, "values")
        left = sum(not row.values.get(each.code) for each in places)
        messages.success(request, said(_told(left)))
        return redirect("exercises:timeline", row.uuid)
    proposed = sum(bool(known.get(each.code)) and not row.values.get(each.code) for each in places)
    context |= {"form": form, "proposed": proposed, "count": len(places)}
    return render(request, "exercises/preparing/words.html", context, status=room.status(request))


def _told(left: int) -> Message:
    if not left:
        return message("Vos mots sont enregistrés : ils sont dans chaque texte.")
    return message("Vos mots sont enregistrés ; {count} gardent leur exemple fictif.", count=left)
