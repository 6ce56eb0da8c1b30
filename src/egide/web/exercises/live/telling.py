"""What a participant may say, by role, and how it is kept: once, even when the telephone sends it twice."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import phrase, said
from egide.web.exercises import convert, models
from egide.web.exercises.live import room
from egide.web.exercises.models import TEXT, Done, NoteKind, Role, State

PRESENT, REACHED, TICK = "present", "reached", "tick"
WRITTEN = frozenset({NoteKind.ANSWER, NoteKind.LOG, NoteKind.WELL, NoteKind.BETTER, NoteKind.OBSERVATION})
ABOUT = frozenset({NoteKind.READ, NoteKind.ANSWER, TICK})
"""What is said of an inject."""
MAY: Mapping[str, frozenset[str]] = {
    Role.PLAYER: frozenset({
        PRESENT, REACHED, NoteKind.READ, NoteKind.ANSWER, NoteKind.LOG, NoteKind.WELL, NoteKind.BETTER,
    }),
    Role.SCREEN: frozenset({PRESENT, REACHED}),
    Role.OBSERVER: frozenset({PRESENT, REACHED, TICK, NoteKind.OBSERVATION, NoteKind.WELL, NoteKind.BETTER}),
}  # fmt: skip
"""What each role says."""


class TellForm(forms.Form):
    """One thing said by a participant; `sent_as` is made by the page."""

    kind = forms.CharField(max_length=20)
    event = forms.CharField(required=False, max_length=100)
    expectation = forms.CharField(required=False, max_length=100)
    site = forms.SlugField(required=False)
    done = forms.ChoiceField(required=False, choices=[("", ""), *Done.choices])
    text = forms.CharField(label=phrase("Texte"), required=False, max_length=TEXT)
    sent_as = forms.UUIDField()

    def __init__(self, *args: Any, participant: models.Participant, **options: Any) -> None:
        super().__init__(*args, **options)
        self.participant = participant
        self.found: int | None = None
        """The key of the inject that it is about."""
        self.place: models.Site | None = participant.site

    def clean(self) -> dict[str, Any]:
        """Check that this one may say it, now, of an inject that this one was sent."""
        told = self.cleaned_data
        kind, row = told.get("kind", ""), self.participant
        if kind not in MAY[row.role]:
            raise forms.ValidationError(said(message("Cela ne se dit pas depuis cette page.")))
        if row.exercise.state in {State.DRAFT, State.CLOSED}:
            raise forms.ValidationError(
                said(
                    message(
                        "L’exercice n’est pas ouvert : rien n’a été enregistré. Gardez votre texte et prévenez l’animateur."
                    )
                )
            )
        if kind in WRITTEN and not told.get("text", "").strip() and not self.errors:
            raise forms.ValidationError(said(message("Écrivez quelque chose avant d’envoyer.")))
        if told.get("event") or kind in ABOUT:
            self._about(told, kind)
        return told

    def _about(self, told: Mapping[str, Any], kind: str) -> None:
        row = self.participant
        its = room.now(row.exercise)
        sent = {each.id: each for each in room.sent_to(row, its)}
        event = sent.get(told.get("event", ""))
        if event is None:
            raise forms.ValidationError(said(message("Ce stimulus ne vous a pas été envoyé.")))
        self.found = convert.known(row.exercise).events[event.id]
        if kind != TICK:
            return
        if told.get("expectation") not in {each.id for each in event.item.expectations} or not told.get("done"):
            raise forms.ValidationError(said(message("Cette réaction n’est pas attendue de ce stimulus.")))
        if its.sites and row.site is None:
            self.place = next((each for each in its.sites.values() if each.code == told.get("site")), None)
            if self.place is None:
                raise forms.ValidationError(said(message("Dites sur quel site vous l’avez vu.")))
        elif not its.sites:
            self.place = None


def keep(row: models.Participant, form: TellForm) -> None:
    """Keep what was said, unless it is there already, and tell the trail that it was."""
    told, now = form.cleaned_data, timezone.now()
    changed: dict[str, Any] = {}
    if told["kind"] in {PRESENT, REACHED}:
        changed = {"joined_at": row.joined_at or now}
        if told["kind"] == REACHED:
            changed["reached_at"] = now
        if name := told["text"].strip():
            changed["name"] = name[:120]
    elif not _added(row, form, now):
        return
    else:
        changed = {"joined_at": row.joined_at or now}
    models.Participant.objects.filter(pk=row.pk).update(revision=F("revision") + 1, **changed)
    details = {"kind": told["kind"], "event": told["event"], "participant": str(row.uuid)}
    record(
        "exercise.told", row.exercise.organisation, row.exercise, {name: each for name, each in details.items() if each}
    )


def _added(row: models.Participant, form: TellForm, now: Any) -> bool:
    told = form.cleaned_data
    common = {"event_id": form.found, "site": form.place, "at": room.now(row.exercise).elapsed, "made_at": now}
    text = told["text"].strip()
    if told["kind"] == NoteKind.READ:
        read = {"event_id": form.found, "participant": row, "kind": NoteKind.READ}
        if models.Note.objects.filter(**read).exists():
            return False
        _create(models.Note, read, common | {"exercise": row.exercise, "sent_as": uuid4()})
        return True
    if told["kind"] == TICK:
        said = {"observer": row, "expectation": told["expectation"], "done": told["done"], "note": text}
        return _once(models.Tick, row, told["sent_as"], common, said)
    return _once(models.Note, row, told["sent_as"], common, {"participant": row, "kind": told["kind"], "text": text})


def _once(
    kind: type[models.Note] | type[models.Tick], row: models.Participant, sent_as: UUID, common: dict[str, Any],
    said: dict[str, Any],
) -> bool:  # fmt: skip
    """Add a line unless the very same came before; another one under the same name (a page gone back to) is added."""
    named = {"exercise": row.exercise, "sent_as": sent_as}
    same = said | {"event_id": common["event_id"], "site": common["site"]}
    if kind.objects.filter(**named, **same).exists():
        return False
    if kind.objects.filter(**named).exists():
        named["sent_as"] = uuid4()
    _create(kind, named | same, common | said)
    return True


def _create(kind: type[models.Note] | type[models.Tick], named: dict[str, Any], values: dict[str, Any]) -> None:
    """Add the line `named` so, unless another request adds it at this very instant."""
    try:
        with transaction.atomic():
            kind.objects.create(**values | named)
    except IntegrityError:
        if not kind.objects.filter(**named).exists():
            raise
