"""The exercises of a GHT: who did which when, what counted, who is late, which functions took part."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from egide import reference
from egide.exchange import group_sheet
from egide.exercise.group import Group, Member, group, sheet
from egide.exercise.words import DUTIES
from egide.message import Text
from egide.web.design.words import language
from egide.web.diagnoses import convert as diagnoses
from egide.web.exercises.preparing import held, room
from egide.web.organisations.models import Kind, Organisation

YEARS = 3
"""Calendar years of which the participation is counted, this one among them."""


def _group(request: HttpRequest, uuid: UUID) -> Organisation:
    found = room.organisation(request, uuid)
    if found.kind != Kind.GROUP:
        raise Http404
    return found


def of(request: HttpRequest, organisation: Organisation) -> tuple[Group, list[held.Standing], int]:
    """Return the view of a GHT, where each member that this person sees stands, and how many others there are."""
    today = timezone.localdate()
    members, others = diagnoses.members_of(organisation, request.user)
    standings = held.standings(members, today)
    values = [Member(str(each.organisation.uuid), each.organisation.name, tuple(each.held.values())) for each in standings]  # fmt: skip
    return group(values, today, date(today.year - YEARS + 1, 1, 1)), standings, others


@require_safe
@login_required
def show(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show the members of a GHT side by side."""
    organisation = _group(request, group)
    found, standings, others = of(request, organisation)
    by_id = {str(each.organisation.uuid): each for each in standings}
    context: dict[str, Any] = {
        "organisation": organisation,
        "found": found,
        "rows": [(each, by_id[each.member.id], DUTIES[each.duty]) for each in found.rows],
        "functions": functions(found),
        "others": others,
    }
    return render(request, "exercises/preparing/group.html", context)


def functions(found: Group) -> list[tuple[Text, int, int]]:
    """Return each function that took part: its title, in how many exercises, how many people; the most present first."""
    titles = {each.code: each.title for each in reference.exercises().functions}
    rows = [(titles.get(code, Text(code)), count, found.people[code]) for code, count in found.exercises.items()]
    return sorted(rows, key=lambda each: (-each[1], -each[2], each[0].fr))


@require_safe
@login_required
def workbook(request: HttpRequest, group: UUID) -> HttpResponse:
    """Send the same as a workbook."""
    organisation = _group(request, group)
    found, _, _ = of(request, organisation)
    titles = {each.code: each.title for each in reference.exercises().functions}
    content = group_sheet.content(sheet(found, titles), organisation.name, language(), found.on)
    return room.file(content, f"exercices-{slugify(organisation.name) or 'ght'}.xlsx", room.XLSX)
