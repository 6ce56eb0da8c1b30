"""Forms of an animator: an inject made up or rewritten, a disagreement settled, a note, who is there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from egide.exercise.module import Function
from egide.exercise.script import Item, Script
from egide.web.design.words import phrase, said
from egide.web.exercises import models
from egide.web.exercises.models import TEXT, Done
from egide.web.exercises.preparing.forms import LineForm, TimeField

MOST_PEOPLE = 500


class LaterField(TimeField):
    """A time of the chronogram, or nothing: at once."""

    def clean(self, value: Any) -> Any:
        """Return the minutes, None for at once."""
        return super().clean(value) if str(value or "").strip() else None


class InjectForm(LineForm):
    """An inject during the play: its words, who receives it, where; `seen` is the revision that was looked at."""

    at = LaterField(
        label=phrase("À"),
        required=False,
        help_text=phrase("Vide : tout de suite. Sinon, l’heure de jeu : 01:15 ou T+75."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("title", "channel", "sender", "text", "seats", "sites", "at", "what_if", "seen")

    def __init__(self, *args: Any, sites: Iterable[models.Site], new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        places = [(each.code, each.name) for each in sites]
        if places:
            self.fields["sites"] = forms.MultipleChoiceField(
                label=phrase("Où"), choices=places, required=False, widget=forms.CheckboxSelectMultiple,
                help_text=phrase("Rien de coché : partout."),
            )  # fmt: skip
        self.order_fields(self.field_order)
        if not new:
            del self.fields["at"]

    @property
    def sites(self) -> tuple[str, ...]:
        """Return the codes of the sites that receive it; none: all."""
        return tuple(self.cleaned_data.get("sites", ()))

    def item(self, before: Item) -> Item:
        """Return the inject as it was written."""
        self.cleaned_data.setdefault("at", None)
        values = self.values(before)
        del values["at"]
        return Item(**{name: getattr(before, name) for name in Item.__slots__} | values)


class ActForm(forms.Form):
    """What an animator does to the play with one button."""

    act = forms.CharField(max_length=20)
    event = forms.CharField(required=False, max_length=100)
    minutes = forms.IntegerField(required=False, min_value=-24 * 60, max_value=24 * 60)
    follow = forms.BooleanField(required=False)
    seen = forms.IntegerField(required=False, min_value=0)
    sites = forms.CharField(required=False, max_length=500)
    text = forms.CharField(label=phrase("Texte"), required=False, max_length=TEXT)
    expectation = forms.CharField(required=False, max_length=100)
    site = forms.SlugField(required=False)
    done = forms.ChoiceField(required=False, choices=[("", ""), *Done.choices])
    sent_as = forms.UUIDField(required=False)


class PresenceForm(forms.Form):
    """How many people held each function, at each site; what another animator counted meanwhile stays."""

    def __init__(
        self,
        *args: Any,
        functions: Sequence[Function],
        sites: Sequence[models.Site | None],
        counted: Mapping[tuple[int | None, str], int],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.cells: dict[str, tuple[models.Site | None, str]] = {}
        self.counted = counted
        for site in sites:
            for each in functions:
                name = f"{site.code if site else ''}-{each.code}"
                label = said(each.title) if site is None else f"{site.name} · {said(each.title)}"
                self.cells[name] = (site, each.code)
                self.fields[name] = forms.IntegerField(
                    label=label, required=False, min_value=0, max_value=MOST_PEOPLE, show_hidden_initial=True,
                    initial=counted.get((site.pk if site else None, each.code)),
                )  # fmt: skip

    def rows(self, exercise: models.Exercise) -> list[models.Presence]:
        """Return rows, not saved, for the functions that somebody held."""
        return [
            models.Presence(exercise=exercise, site=site, function=function, people=people)
            for name, (site, function) in self.cells.items()
            if (people := self._people(name, site, function))
        ]

    def _people(self, name: str, site: models.Site | None, function: str) -> int | None:
        now = self.counted.get((site.pk if site else None, function))
        return self.cleaned_data.get(name) if name in self.changed_data else now


def functions_of(script: Script) -> list[Function]:
    """Return the functions that somebody may hold in a script, those of its seats first."""
    seated = [code for seat in script.seats for code in seat.functions]
    order = {code: rank for rank, code in enumerate(seated)}
    return sorted(script.functions, key=lambda each: order.get(each.code, len(order)))
