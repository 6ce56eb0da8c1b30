"""What an evaluator declares of its interests, before any bid is shown to it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide.message import message
from egide.web.audit import guard
from egide.web.design.words import phrase, said
from egide.web.tenders import models, page
from egide.web.tenders.marking.room import Room, inside

YES, NO = "yes", "no"


class Interests(forms.Form):
    """A declaration; the lots are those of the consultation."""

    conflict = forms.ChoiceField(
        label=phrase("Êtes-vous en conflit d'intérêts avec un soumissionnaire possible ?"),
        choices=((NO, phrase("Non, je n'ai aucun intérêt à déclarer")), (YES, phrase("Oui"))),
        widget=forms.RadioSelect,
        help_text=phrase("Emploi, mission, parts, avantage, lien familial ou proche, aujourd'hui ou depuis trois ans."),
    )
    lots = forms.MultipleChoiceField(
        label=phrase("Lots concernés"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=phrase("Aucun lot coché : tous les lots."),
    )
    nature = forms.CharField(
        label=phrase("Nature du lien"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    measure = forms.CharField(
        label=phrase("Mesure prise"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        help_text=phrase("Par exemple : ne note pas ce lot, remplacé par une autre personne."),
    )

    def __init__(self, data: Any, room: Room):
        super().__init__(data)
        lots: Any = self.fields["lots"]
        lots.choices = [(lot.id, lot.title or lot.id) for lot in room.tender.lots]
        if len(room.tender.lots) < 2:
            del self.fields["lots"]

    def clean(self) -> dict[str, Any]:
        """Ask for the nature of a conflict."""
        known: dict[str, Any] = super().clean() or {}
        if known.get("conflict") == YES and not known.get("nature"):
            self.add_error(
                "nature", said(message("Dire de quel lien il s'agit : la déclaration est gardée au dossier."))
            )
        return known


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def declare(request: HttpRequest, room: Room, seat: object) -> HttpResponse:
    """Show what was declared, and add a declaration: none is ever taken away."""
    own = room.seat(seat)
    form = Interests(request.POST if request.method == "POST" else None, room)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        conflict = given["conflict"] == YES
        today = timezone.now().astimezone(room.tender.deadline.tzinfo).date()
        declared = models.Interest.objects.create(
            consultation=room.row,
            evaluator=own.evaluator,
            on=today,
            conflict=conflict,
            lots=list(given.get("lots", ())) if conflict else [],
            nature=given["nature"] if conflict else "",
            measure=given["measure"] if conflict else "",
            declared_by=room.user,
        )
        models.Consultation.objects.filter(pk=room.row.pk).update(marks_revision=F("marks_revision") + 1)
        told = {"evaluator": own.evaluator, "conflict": conflict, "lots": declared.lots}
        guard.record("interests.declared", room.row.organisation, room.row, told)
        messages.success(request, said(message("Déclaration enregistrée.")))
        return HttpResponseRedirect(reverse("tenders:marking", args=[room.row.uuid]))
    mine = [each for each in room.declarations if each.evaluator == own.evaluator]
    evaluator = room.evaluators[own.evaluator]
    known = {
        "form": form,
        "seat": own,
        "evaluator": evaluator,
        "tenderers": sorted({room.tenderer(key.tenderer) for key in room.last}),
        "mine": [(each, [room.lot(lot) for lot in each.lots]) for each in mine],
    }
    response = page.show(request, room.row, "marking", "tenders/marking/interests.html", known)
    response.status_code = 400 if form.is_bound else 200
    return response
