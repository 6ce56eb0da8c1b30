"""The filter of the list of consultations."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from egide.web.design.words import phrase
from egide.web.tenders.models import Consultation, State

WHEN = (
    ("", phrase("Toutes")),
    ("ahead", phrase("À venir")),
    ("past", phrase("Passée")),
)


class Filter(forms.Form):
    """Words, organisation, state, deadline."""

    q = forms.CharField(label=phrase("Intitulé ou référence"), required=False, max_length=200)
    organisation = forms.ChoiceField(label=phrase("Organisation"), required=False)
    state = forms.ChoiceField(label=phrase("État"), choices=[("", phrase("Tous")), *State.choices], required=False)
    deadline = forms.ChoiceField(label=phrase("Date limite"), choices=WHEN, required=False)

    def __init__(self, *arguments: Any, organisations: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", phrase("Toutes")), *((str(each.uuid), each.name) for each in organisations)]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 3:
            del self.fields["organisation"]

    def applied(self, rows: QuerySet[Consultation], now: datetime) -> QuerySet[Consultation]:
        """Return the rows that are asked for; a word that means nothing filters nothing."""
        if not self.is_bound or not self.is_valid():
            return rows
        given = self.cleaned_data
        if words := given["q"]:
            rows = rows.filter(Q(title__icontains=words) | Q(reference__icontains=words))
        if organisation := given.get("organisation"):
            rows = rows.filter(organisation__uuid=organisation)
        if given["state"]:
            rows = rows.filter(state=given["state"])
        if given["deadline"]:
            rows = rows.filter(deadline__gte=now) if given["deadline"] == "ahead" else rows.filter(deadline__lt=now)
        return rows
