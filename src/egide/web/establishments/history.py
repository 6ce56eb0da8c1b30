"""The audit trail of an establishment, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from egide.message import Message, Text, message
from egide.web.audit.models import Entry
from egide.web.audit.words import action_name
from egide.web.design.words import said
from egide.web.establishments import convert
from egide.web.establishments.definitions import BY_CODE
from egide.web.establishments.forms import IdentityForm, target
from egide.web.establishments.models import Category, Observation, Reliability, Source
from egide.web.organisations.models import Organisation

WORDS: Mapping[str, Message] = {
    "source": message("Source"),
    "reason": message("Motif"),
    "what": message("Famille ou mesure"),
    "level": message("Niveau"),
    "kind": message("Origine"),
    "reliability": message("Fiabilité"),
    "observed_on": message("Observé le"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed: its name, and what it was and became, or only what was said of it."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the trail in words; `at` is in the time of the site."""

    at: datetime
    who: str
    action: Text
    changes: tuple[Change, ...]


def address(view: str, organisation: Organisation) -> str:
    """Return the address of a page of an establishment."""
    return reverse(f"establishments:{view}", args=[organisation.uuid])


def told(observation: Observation) -> dict[str, object]:
    """Return what the trail keeps of an observation: all but the note."""
    return {
        "what": f"/{observation.code}"
        if observation.code
        else f"{observation.family}/{observation.measure}".rstrip("/"),
        "level": [str(observation.low), str(observation.high)],
        "kind": observation.source,
        "reliability": observation.reliability,
        "observed_on": observation.observed_on.isoformat(),
    }


def line(entry: Entry) -> Line:
    """Return an entry in words; what this version does not know is shown as it was kept."""
    changes = tuple(_change(name, detail) for name, detail in entry.details.items() if detail not in ("", None))
    return Line(timezone.localtime(entry.at), str(entry.actor or ""), action_name(entry.action), changes)


def _change(name: str, detail: Any) -> Change:
    code, _, year = name.partition(" ")
    if code in BY_CODE and year:
        before, after = (None if each is None else _read(code, each) for each in detail)
        return Change(said(message("{fact}, {year}", fact=BY_CODE[code].title, year=year)), before, after)
    if name in IdentityForm.base_fields and isinstance(detail, list):
        label = IdentityForm.base_fields[name].label
        return Change(str(label), *(_category(each) if name == "category" else each for each in detail))
    return Change(said(WORDS[name]) if name in WORDS else name, None, _word(name, detail))


def _read(code: str, written: str) -> Message | Text | str:
    return convert.shown(BY_CODE[code], convert.value_of(BY_CODE[code], written))


def _category(code: str) -> object:
    return Category(code).label if code in Category.values else code


def _word(name: str, detail: Any) -> object:
    match name, detail:
        case "what", str():
            return target(*f"{detail}/".split("/")[:2])
        case "level", [str(low), str(high)]:
            return convert.level(Decimal(low), Decimal(high))
        case "kind", _ if detail in Source.values:
            return Source(detail).label
        case "reliability", _ if detail in Reliability.values:
            return Reliability(detail).label
    return detail
