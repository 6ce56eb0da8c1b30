"""Side by side: an establishment over time, the members of a group, and the suppliers that members share."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide import reference
from egide.diagnosis.comparison import Column, course
from egide.diagnosis.maturity import maturity
from egide.web.diagnoses import convert, models, room, shown
from egide.web.organisations.models import Organisation

MOST_DAYS = 6
"""Past diagnoses that stand side by side; older ones are on their own pages."""


@require_safe
@login_required
def compare(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show an establishment over time, or the members of a group that this person sees."""
    of = room.organisation(request, organisation)
    context = room.of_organisation(request, of, "compare")
    if context["group"]:
        members, others = convert.members_of(of, request.user)
        columns = _members(members)
        told: dict[str, Any] = {"others": others, "silent": [each for each in members if each.name not in {one.name for one in columns}]}  # fmt: skip
        return render(request, "diagnoses/members.html", context | told | shown.of_comparison(columns, by_day=False))
    columns = _course(of)
    return render(request, "diagnoses/course.html", context | shown.of_comparison(columns, by_day=True))


def _members(members: list[Organisation]) -> list[Column]:
    """Return each member of which something was observed, as known today: one query."""
    today, weighing = timezone.localdate(), reference.weighing()
    seen = convert.observed_of(members, today)
    return [Column(each.name, today, maturity(seen[each.pk], today, weighing)) for each in members if seen[each.pk]]


def _course(of: Organisation) -> list[Column]:
    """Return an establishment on the days its last diagnoses were finished, and today: two queries."""
    today = timezone.localdate()
    finished = models.Diagnosis.objects.filter(organisation=of).exclude(finished_at=None)
    moments = finished.order_by("-finished_at").values_list("finished_at", flat=True)[:MOST_DAYS]
    days: set[date] = {timezone.localdate(each) for each in moments} | {today}
    seen = convert.observed_of((of,), today)[of.pk]
    return list(course(of.name, seen, sorted(days), reference.weighing())) if seen else []
