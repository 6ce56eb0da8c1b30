"""The organisations that one may diagnose, and one of them with its diagnoses and what is known of it today."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide import reference
from egide.diagnosis import maturity as weighed
from egide.web.diagnoses import convert, models, room, shown
from egide.web.organisations.models import Kind, Organisation

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An organisation, its last finished diagnosis with its day, and those that are open."""

    organisation: Organisation
    last: models.Diagnosis | None
    open: tuple[models.Diagnosis, ...]

    @property
    def group(self) -> bool:
        """Whether it is a group of organisations."""
        return self.organisation.kind == Kind.GROUP

    @property
    def day(self) -> date | None:
        """Return the day on which the last one was finished."""
        return room.day(self.last) if self.last else None


def lines(organisations: list[Organisation]) -> list[Line]:
    """Return organisations with their diagnoses: two queries."""
    last = convert.last_finished(organisations)
    rows = models.Diagnosis.objects.filter(organisation__in=[each.pk for each in organisations], finished_at=None)
    running: dict[int, list[models.Diagnosis]] = {}
    for row in rows.select_related("questionnaire").defer("answers", "questionnaire__content"):
        running.setdefault(row.organisation_id, []).append(row)
    return [Line(each, last.get(each.pk), tuple(running.get(each.pk, ()))) for each in organisations]


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the organisations of this person and their diagnoses."""
    rows = Organisation.objects.visible_to(request.user).filter(kind__in=room.DIAGNOSED)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "diagnoses/index.html", {"page": page, "lines": lines(list(page.object_list))})


@require_safe
@login_required
def show(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the diagnoses of an organisation and what is known of it today; of a group, its members."""
    of = room.organisation(request, organisation)
    context = room.of_organisation(request, of, "show")
    if context["group"]:
        members, others = convert.members_of(of, request.user)
        return render(request, "diagnoses/group.html", context | {"lines": lines(members), "others": others})
    rows = models.Diagnosis.objects.visible_to(request.user).filter(organisation=of)
    rows = rows.select_related("questionnaire", "begun_by", "finished_by").defer("answers", "questionnaire__content")
    context |= {"rows": list(rows), "today": timezone.localdate()} | _known(of)
    return render(request, "diagnoses/show.html", context)


def _known(of: Organisation) -> dict[str, Any]:
    """Return what all observations together say today, and what they say against one another."""
    today = timezone.localdate()
    seen = convert.observed_of((of,), today)[of.pk]
    if not seen:
        return {}
    weighing = reference.weighing()
    return shown.of_maturity(weighed.maturity(seen, today, weighing), "connu") | {
        "findings": weighed.remarks(seen, today, weighing),
        "observed": len(seen),
    }
