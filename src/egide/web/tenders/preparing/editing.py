"""One part of a definition on one page: its forms, what lacks in it, saving without loss, the dated change once published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from egide import plain, reference
from egide.errors import DataError
from egide.exchange.tender_folder import FILE
from egide.finding import Finding
from egide.message import message
from egide.tender.model import Tender
from egide.tender.procedure import journal as told
from egide.tender.procedure import publication
from egide.web.audit import guard
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.organisations.models import User
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import convert, models, page
from egide.web.tenders.preparing import forms, links
from egide.web.tenders.preparing.parts import Part

UNPUBLISHED = frozenset({"evaluators", "tenderers"})
"""Top keys that no document of the consultation shows: they change without an amendment."""


@dataclass
class Made:
    """The forms of a page: one over the part, one set a list, the dated change when there must be one."""

    section: forms.Section | None
    rows: dict[str, forms.Rows]
    amendment: forms.Amendment | None

    def __iter__(self) -> Iterator[Any]:
        """Give every single form, for the summary of errors."""
        if self.section:
            yield self.section
        for each in self.rows.values():
            yield from each.forms
        if self.amendment:
            yield self.amendment

    def visible_fields(self) -> list[Any]:
        """Return the fields of every form, for the summary of errors."""
        return [field for each in self if each.is_bound for field in each.visible_fields()]

    def hidden_fields(self) -> list[Any]:
        """Return the hidden fields of every form."""
        return [field for each in self if each.is_bound for field in each.hidden_fields()]

    def non_field_errors(self) -> list[str]:
        """Return what is wrong with no field in particular."""
        general = [error for each in self if each.is_bound for error in each.non_field_errors()]
        return general + [error for each in self.rows.values() if each.is_bound for error in each.non_form_errors()]

    @property
    def valid(self) -> bool:
        """Whether all that was given can be taken; every form says its own faults."""
        every = [self.section, *self.rows.values(), self.amendment]
        return all(each.is_valid() for each in every if each is not None)


# ---------------------------------------------------------------------------------------------------------- who, and when
def editable(request: HttpRequest, row: models.Consultation) -> bool:
    """Whether this person may change the definition now: not once the bids are opened."""
    return row.state in {models.State.PREPARING, models.State.PUBLISHED} and may(
        request.user, Right.PREPARE, row.organisation_id
    )


def person(request: HttpRequest) -> User:
    """Return who asks, on a page that needs an account."""
    return cast(User, request.user)


def may_prepare(request: HttpRequest, row: models.Consultation) -> bool:
    """Whether this person prepares the consultations of that organisation."""
    return may(request.user, Right.PREPARE, row.organisation_id)


def asked(request: HttpRequest, uuid: UUID) -> tuple[models.Consultation, bool]:
    """Return the consultation and whether this person may change it. Raises PermissionDenied for a write that is not."""
    row = page.consultation(request, uuid)
    if request.method == "POST":
        if not may(request.user, Right.PREPARE, row.organisation_id):
            raise PermissionDenied
        return row, row.state in {models.State.PREPARING, models.State.PUBLISHED}
    return row, editable(request, row)


def closed(request: HttpRequest, back: str) -> HttpResponse:
    """Answer a change that comes too late: nothing is written."""
    messages.error(request, said(message("Les plis sont ouverts : la définition de la consultation ne change plus. Rien n’a été enregistré.")))  # fmt: skip
    return redirect(back)


def revision(request: HttpRequest) -> int:
    """Return the revision that the page was made from, 0 when it does not say."""
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def base(row: models.Consultation, keys: Sequence[str]) -> str:
    """Return the digest of what a page shows: a page made from an older revision still saves if nobody changed that."""
    return plain.digest({key: row.definition.get(key) for key in keys})[:16]


def known(row: models.Consultation) -> forms.Known:
    """Return what fields choose from."""
    return forms.Known(row.definition, convert.whole_clausier(row))


# ------------------------------------------------------------------------------------------------------------------ saving
def store(
    request: HttpRequest,
    row: models.Consultation,
    definition: Mapping[str, Any],
    keys: Sequence[str],
    amendment: forms.Amendment | None = None,
) -> None:
    """Write a new definition, with its amendment when the consultation is published.

    Raises DataError when it is no consultation, page.Changed when somebody else changed it since the page was made.
    """
    tender = plain.structure(definition, Tender, FILE)
    keys_shown = list(keys)
    change = _amended(row, tender, amendment) if amendment is not None else None
    if change is not None and change.deadline:
        tender, keys = replace(tender, deadline=change.deadline), [*keys, "deadline"]
    if revision(request) != row.revision and request.POST.get("base") != base(row, keys_shown):
        raise page.Changed
    with transaction.atomic():
        page.save(row, row.revision, tender, "consultation.changed", keys)
        if change is not None:
            journal = convert.journal(row)
            journal = replace(journal, amendments=(*journal.amendments, change))
            write_journal(row, journal, "consultation.amended", {"what": change.what, "digest": change.digest})


def _amended(row: models.Consultation, tender: Tender, given: forms.Amendment) -> told.Amendment:
    clausier, _ = reference.load(tender, convert.whole_clausier(row))
    values = given.cleaned_data
    deadline = values["deadline"] or (tender.deadline if tender.deadline != row.deadline else None)
    return told.Amendment(
        values["on"],
        values["what"],
        values["substantial"],
        values["told_on"],
        deadline,
        publication.frozen(tender, clausier),
    )


def write_journal(row: models.Consultation, journal: told.Journal, action: str, details: Mapping[str, object]) -> None:
    """Write the journal of a consultation, and tell the trail."""
    row.journal = plain.unstructure(journal)
    models.Consultation.objects.filter(pk=row.pk).update(journal=row.journal, changed_at=timezone.now())
    guard.record(action, row.organisation, row, details)


def needs_amendment(row: models.Consultation, keys: Sequence[str]) -> bool:
    """Whether a change of these keys is one of what was published."""
    return row.state == models.State.PUBLISHED and not set(keys) <= UNPUBLISHED


def amendment(
    request: HttpRequest, row: models.Consultation, keys: Sequence[str], *, can: bool, blank: bool = False
) -> forms.Amendment | None:
    """Return the form of the dated change, None when there is none to write; `blank` shows it without reading it."""
    if not can or not needs_amendment(row, keys):
        return None
    first = {"on": timezone.localdate()}
    return forms.Amendment(
        request.POST if request.method == "POST" and not blank else None, prefix="amendment", initial=first
    )


# ----------------------------------------------------------------------------------------------------------------- a page
def edit(
    request: HttpRequest,
    uuid: UUID,
    part: Part,
    *,
    path: str = "",
    parts: Sequence[Part] = (),
    context: Mapping[str, Any] | None = None,
    row_of: str = "",
    proposed: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the forms of a part, or take what they give. `path` is where the part stands: `criteria[2]`.

    `row_of` names the page that it is a detail of; `proposed` are top keys to show instead of those kept, to be saved
    or not.
    """
    row, can = asked(request, uuid)
    here = request.path
    if request.method == "POST" and not can:
        return closed(request, here)
    given = request.POST if request.method == "POST" and proposed is None else None
    of = within({**row.definition, **(proposed or {})}, path)
    made = _forms(request, row, part, of, given, can=can, blank=proposed is not None)
    clash: list[tuple[str, str, str]] = []
    faults: list[Finding] = []
    if given is not None and made.valid:
        new = _definition(row, part, path, of, made)
        try:
            store(request, row, new, part.keys, made.amendment)
        except DataError as refusal:
            faults = _told_at_fields(refusal, made, path)
        except page.Changed:
            row = page.consultation(request, uuid)
            clash = differences(row.definition, new, part.keys)
        else:
            messages.success(request, said(message("Enregistré.")))
            return redirect(request.get_full_path())
    return page.show(request, row, part.step, part.template, {
        "part": part,
        "made": made,
        "can": can,
        "clash": clash,
        "faults": faults,
        "base": base(row, part.keys),
        "tabs": tabs(row, part, parts, row_of),
        "told": links.of_part(row, row_of or part.name) if row.state == models.State.PREPARING else [],
        **(context or {}),
    }, )  # fmt: skip


def _forms(
    request: HttpRequest,
    row: models.Consultation,
    part: Part,
    of: Mapping[str, Any],
    given: Any,
    *,
    can: bool,
    blank: bool,
) -> Made:
    choices = known(row)
    section = part.form(given, of=of, known=choices, editable=can) if part.form else None
    lists = {
        name: forms.rows(
            form,
            forms.at(of, name) or [],
            name,
            choices,
            given,
            editable=can,
            page="all" if blank else request.GET.get(name, ""),
        )
        for name, form in part.rows.items()
    }
    return Made(section, lists, amendment(request, row, part.keys, can=can, blank=blank))


def _definition(row: models.Consultation, part: Part, path: str, of: Mapping[str, Any], made: Made) -> dict[str, Any]:
    value = made.section.written() if made.section else dict(of)
    for name, each in made.rows.items():
        forms.put(value, name, each.written())
    if made.section:
        value = made.section.finished(value)
    if not path:
        return value
    name, _, place = path.rstrip("]").partition("[")
    listed = [value if number == int(place) else each for number, each in enumerate(row.definition[name])]
    return {**row.definition, name: listed}


def within(definition: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Return the part of a definition at `name[2]`, the whole for an empty path."""
    if not path:
        return definition
    name, _, place = path.rstrip("]").partition("[")
    found: Mapping[str, Any] = definition[name][int(place)]
    return found


def _told_at_fields(refusal: DataError, made: Made, path: str) -> list[Finding]:
    """Give each fault to its field; return those that no field shows."""
    left = []
    for finding in refusal.findings:
        form, name = _field(made, finding.place.removeprefix(path).lstrip("."))
        if form is None:
            left.append(finding)
        else:
            form.add_error(name, said(finding.understood))
    return left


def _field(made: Made, place: str) -> tuple[Any, str]:
    """Return the form and the field of a place: `lots[2].budget` is the budget of the row that became the third lot."""
    written = links.field_name(place)
    prefix, number, name = ([*written.split("-", 2), "", ""])[:3]
    if number and prefix in made.rows:
        sources = made.rows[prefix].sources
        form = sources[int(number)] if int(number) < len(sources) else None
        return (form, name) if form is not None and name in form.fields else (None, "")
    return (made.section, written) if made.section and written in made.section.fields else (None, "")


def tabs(row: models.Consultation, current: Part, parts: Sequence[Part], within: str = "") -> list[Link]:
    """Return the pages of a step side by side, each with how much lacks there."""
    lacking = links.lacking(row) if row.state == models.State.PREPARING else {}
    return [
        Link(
            said(each.title),
            each.url(row),
            current=each.name == (within or current.name),
            count=lacking.get(each.name) or None,
        )
        for each in parts
    ]


# -------------------------------------------------------------------------------------------------------- two at once
def differences(saved: Mapping[str, Any], mine: Mapping[str, Any], keys: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return where two versions differ: place, what is saved, what is in the page."""
    one, other = (dict(_leaves({key: each.get(key) for key in keys})) for each in (saved, mine))
    return [
        (place, one.get(place, ""), other.get(place, ""))
        for place in dict.fromkeys([*one, *other])
        if one.get(place, "") != other.get(place, "")
    ]


def _leaves(data: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _leaves(value, f"{place}.{name}".lstrip("."))
    elif isinstance(data, list | tuple):
        for number, value in enumerate(data):
            yield from _leaves(value, f"{place}[{number}]")
    elif data not in (None, ""):
        yield place, str(data)
