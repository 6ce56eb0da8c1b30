"""Reading the trail of an organisation: filters, and one line of it as people read it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from egide.message import message
from egide.web.audit.models import Entry
from egide.web.audit.words import action_name, sealed, word
from egide.web.design.fields import DayField
from egide.web.design.words import phrase, said

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FilterForm(forms.Form):
    """Which entries to show; everything is optional."""

    since = DayField(label=phrase("Du"), required=False)
    until = DayField(label=phrase("Au (inclus)"), required=False)
    subject = forms.UUIDField(label=phrase("Objet (identifiant)"), required=False)
    field_order = ("since", "until", "person", "action", "subject")

    def __init__(self, *args: Any, entries: "QuerySet[Entry]", **kwargs: Any):
        super().__init__(*args, **kwargs)
        whoever = [("", said(message("Toutes"))), ("none", said(message("Aucune (programme)")))]
        people = entries.order_by("actor__full_name").exclude(actor=None)
        known = people.values_list("actor__uuid", "actor__full_name", "actor__email").distinct()
        actions = entries.order_by("action").values_list("action", flat=True).distinct()
        persons = whoever + [(str(uuid), name or email) for uuid, name, email in known]
        done = [("", said(message("Toutes"))), *((each, said(action_name(each))) for each in actions)]
        self.fields["person"] = forms.ChoiceField(label=phrase("Personne"), required=False, choices=persons)
        self.fields["action"] = forms.ChoiceField(label=phrase("Action"), required=False, choices=done)
        self.order_fields(self.field_order)

    def kept(self, entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
        """Return the entries that the form lets through; none of them while it has an error."""
        if not self.is_valid():
            return entries.none()
        given = self.cleaned_data
        if given["since"]:
            entries = entries.filter(at__gte=_midnight(given["since"]))
        if given["until"]:
            entries = entries.filter(at__lt=_midnight(given["until"] + timedelta(days=1)))
        if given["person"]:
            entries = entries.filter(actor=None) if given["person"] == "none" else entries.filter(actor__uuid=given["person"])  # fmt: skip
        if given["action"]:
            entries = entries.filter(action=given["action"])
        if given["subject"]:
            entries = entries.filter(subject=given["subject"])
        return entries


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True)
class Line:
    """One entry as people read it."""

    entry: Entry
    at: datetime
    person: str
    action: str
    details: tuple[tuple[str, str], ...]


def line(entry: Entry) -> Line:
    """Return an entry as people read it, in the language of the page."""
    person = str(entry.actor) if entry.actor else said(message("le programme"))
    details = tuple((str(said(word(name))), _value(value)) for name, value in shown(entry).items())
    return Line(entry, timezone.localtime(entry.at), person, str(said(action_name(entry.action))), details)


def shown(entry: Entry) -> dict[str, Any]:
    """Return the details of an entry as anybody may read them: what is sealed stays in the database."""
    why = {name: sealed(entry.action, name) for name in entry.details}
    return {name: said(each) if (each := why[name]) else value for name, value in entry.details.items()}


def _value(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and not any(isinstance(each, dict) for each in value):
        return f"{_value(value[0]) or '∅'} → {_value(value[1]) or '∅'}"
    if isinstance(value, bool):
        return said(message("oui")) if value else said(message("non"))
    if isinstance(value, str | int | float):
        return str(said(word(str(value))))
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """Return the lines of a CSV file that a spreadsheet opens; no cell of it can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    head = ("Instant", "Personne", "Action", "Code", "Nature de l’objet", "Objet", "Détail", "Requête")
    yield "\ufeff"
    writer.writerow(head)
    for entry in entries:
        told = line(entry)
        details = json.dumps(shown(entry), ensure_ascii=False, sort_keys=True)
        row = (told.at.isoformat(timespec="seconds"), told.person, told.action, entry.action, entry.subject_kind, entry.subject or "", details, entry.request)  # fmt: skip
        writer.writerow([_inert(str(cell)) for cell in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
