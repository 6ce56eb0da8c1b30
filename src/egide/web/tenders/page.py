"""What the pages of a consultation share: finding it, its seven steps, what each is missing, saving without loss."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from egide.desk import documents
from egide.desk.consultation import Consultation as Given
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Text
from egide.tender.evaluation import Status
from egide.tender.model import Tender
from egide.web.audit import guard
from egide.web.design.navigation import Link, StepState
from egide.web.design.navigation import Step as Entry
from egide.web.design.words import said, typeset
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import convert, fitting, models


@dataclasses.dataclass(frozen=True)
class Step:
    """One of the seven steps: its page, its title, the top keys of the definition that it fills in."""

    name: str
    title: Text
    keys: frozenset[str] = frozenset()
    after_opening: bool = False
    right: Right = Right.SEE


STEPS = (
    Step("purchase", Text("Achat et fiche de traitement", "Purchase and processing sheet"), frozenset({"title", "buyer", "reference", "sent_on", "deadline", "formalised", "procedure", "estimate", "lots", "allotment", "processing", "essential", "framework", "rounds", "reduction_announced", "participants_minimum", "negotiation", "contract", "certificates", "currency", "language"})),
    Step("points", Text("Clausier", "Clausier"), frozenset({"purchase", "clausier", "points"})),
    Step("method", Text("Critères, formule et banc d'essai", "Criteria, formula and test bench"), frozenset({"criteria", "ties", "evaluators", "schedule", "variants_allowed", "weights_published", "conditions_of_use", "double_reading", "risk"})),
    Step("documents", Text("Pièces de la consultation", "Tender documents")),
    Step("bids", Text("Offres", "Bids"), after_opening=True, right=Right.OPEN_BIDS),
    Step("marking", Text("Notation", "Marking"), after_opening=True, right=Right.OPEN_BIDS),
    Step("result", Text("Résultat", "Result"), after_opening=True, right=Right.SEE_RESULT),
)  # fmt: skip
STEP = {step.name: step for step in STEPS}


def consultation(request: HttpRequest, uuid: object, right: Right = Right.SEE) -> models.Consultation:
    """Return a consultation that this person sees. Raises Http404, or PermissionDenied when the right is lacking."""
    rows = models.Consultation.objects.select_related("clausier", "organisation").defer("clausier__content")
    if request.method == "POST":  # who writes waits for who writes already: neither loses what the other wrote
        rows = rows.select_for_update(of=("self",))
    row: models.Consultation = rows.one_visible_to(request.user, uuid)
    if not may(request.user, right, row.organisation_id):
        raise PermissionDenied
    return row


# ------------------------------------------------------------------------------------------------------ what is missing
@dataclasses.dataclass(frozen=True)
class _Version:
    """A definition at one moment, told from others without comparing it."""

    uuid: UUID
    revision: int
    changed_at: datetime
    row: models.Consultation = dataclasses.field(compare=False)


def _version(row: models.Consultation) -> _Version:
    return _Version(row.uuid, row.revision, row.changed_at, row)


@lru_cache(maxsize=256)
def _against(version: _Version) -> tuple[Finding, ...]:
    enclosed = convert.whole_clausier(version.row)
    try:
        return tuple(documents.before_publication(convert.tender(version.row), enclosed))
    except DataError as refusal:
        return refusal.findings


@lru_cache(maxsize=64)
def _prepared(version: _Version) -> Given:
    return convert.prepared(version.row)


def prepared(row: models.Consultation) -> Given:
    """Return a consultation without bids nor marks, kept in memory as long as its definition does not change.

    Its journal is that of the row: it changes without the definition.
    """
    return dataclasses.replace(_prepared(_version(row)), journal=convert.journal(row))


def against(row: models.Consultation) -> tuple[Finding, ...]:
    """Return all that stands against publishing, kept in memory as long as the definition does not change."""
    return _against(_version(row))


def forget() -> None:
    """Keep no definition in memory any more."""
    _against.cache_clear()
    _prepared.cache_clear()


def step_of(finding: Finding) -> str:
    """Return the step where a finding on the definition is mended."""
    top = finding.place.replace("[", ".").split(".")[0]
    return next((step.name for step in STEPS if top in step.keys), "documents")


def missing(found: Iterable[Finding]) -> Mapping[str, int]:
    """Return how many errors and doubts each step has."""
    return Counter(step_of(each) for each in found if each.severity is not Severity.NOTE)


def steps(request: HttpRequest, row: models.Consultation, current: str) -> list[Entry]:
    """Return the entries of the navigation between steps."""
    opened = row.state in {models.State.OPENED, models.State.CONCLUDED}
    lacking = missing(against(row)) if row.state == models.State.PREPARING else {}
    done = _done(row) if opened else frozenset()
    entries = []
    for step in STEPS:
        locked = step.after_opening and not opened and step.name != "bids"
        count = lacking.get(step.name, 0)
        if locked:
            state = StepState.LOCKED
        elif count:
            state = StepState.MISSING
        else:
            waits = step.after_opening or (not step.keys and row.state == models.State.PREPARING)
            state = StepState.OPEN if waits and step.name not in done else StepState.DONE
        url = "" if locked else reverse(f"tenders:{step.name}", args=[row.uuid])
        entries.append(Entry(said(step.title), url, state, current=step.name == current, missing=count))
    return entries


def _done(row: models.Consultation) -> frozenset[str]:
    """Return the steps after the opening that are over: the marking and the result, once a final one is up to date."""
    last = models.Result.objects.filter(consultation=row).values_list("status", "revision", "marks_revision").first()
    final = last == (Status.FINAL.value, row.revision, row.marks_revision)
    return frozenset({"bids", "marking", "result"} if final else {"bids"})


def open_step(request: HttpRequest, row: models.Consultation, wanted: str) -> str:
    """Return the wanted step, else the next one that this person may see, else the last one before."""
    names = [step.name for step in STEPS]
    own = {step.name for step in STEPS if may(request.user, step.right, row.organisation_id)}
    at = names.index(wanted)
    return next(name for name in (*names[at:], *reversed(names[:at])) if name in own)


def _following(
    request: HttpRequest, row: models.Consultation, entries: Sequence[Entry], tabs: Sequence[Link]
) -> Link | Entry | None:
    """Return where one goes on from here: the next page of a step that is prepared, else the next step.

    Nothing follows the fourth step until the consultation is published, nor a page inside a later step.
    """
    at = next(number for number, each in enumerate(entries) if each.current)
    pages: Sequence[Link | Entry] = tuple(tabs) or (entries[at],)
    here = next((number for number, each in enumerate(pages) if each.current), len(pages))
    after: Sequence[Link | Entry]
    if row.state == models.State.PREPARING:
        after = () if STEPS[at].name == "documents" else (*pages[here + 1 :], *entries[at + 1 :])
    else:
        later = zip(STEPS[at + 1 :], entries[at + 1 :], strict=True)
        own = tuple(entry for step, entry in later if may(request.user, step.right, row.organisation_id))
        after = own if entries[at].url == request.path else ()
    return next((each for each in after if each.url), None)


def show(
    request: HttpRequest, row: models.Consultation, step: str, template: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Answer the page of a step."""
    entries = steps(request, row, step)
    known = {
        "consultation": row,
        "step": STEP[step],
        "steps": entries,
        "following": _following(request, row, entries, tuple(context.get("tabs", ()))),
        "print_title": typeset(row.title),
        "here": next(
            (each.label for name in ("tabs", "sections") for each in context.get(name, ()) if each.current), ""
        ),
        "rights": {right.value: may(request.user, right, row.organisation_id) for right in Right},
    }
    return render(request, template, {**known, **context})


# ---------------------------------------------------------------------------------------------------------------- saving
class Changed(Exception):
    """Somebody else changed the definition since the page was made."""


def save(row: models.Consultation, seen: int, tender: Tender, action: str, fields: Sequence[str]) -> None:
    """Write a new definition over the one of revision `seen`. Raises Changed, and writes nothing, when it is another.

    `fields` are the top keys that the page changes: the trail keeps them before and after.
    """
    fitting.definition(tender)
    new = convert.definition(tender)
    before = row.definition
    changed = {name: [before.get(name), new.get(name)] for name in fields if before.get(name) != new.get(name)}
    if not changed:
        return
    with transaction.atomic():
        done = models.Consultation.objects.filter(pk=row.pk, revision=seen).update(
            definition=new,
            title=tender.title,
            reference=tender.reference,
            deadline=tender.deadline,
            revision=seen + 1,
            changed_at=timezone.now(),
        )
        if not done:
            raise Changed
        guard.record(action, row.organisation, row, changed)
    row.refresh_from_db()
