"""The trail of an organisation: for its administrators."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egide.web.audit.models import Entry
from egide.web.audit.trail import FilterForm, as_csv, line
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed

PAGE = 50


@require_safe
@login_required
def trail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who did what, the last first."""
    organisation = allowed(Organisation.objects, request.user, uuid, Right.MANAGE)
    entries = Entry.objects.visible_to(request.user, Right.MANAGE).filter(organisation=organisation)
    form = FilterForm(request.GET, entries=entries)
    page = Paginator(form.kept(entries).select_related("actor"), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "form": form,
        "page": page,
        "lines": [line(entry) for entry in page.object_list],
    }
    return render(request, "audit/trail.html", context)


@require_safe
@login_required
def export(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """Send the same entries as a file, all of them."""
    organisation = allowed(Organisation.objects, request.user, uuid, Right.MANAGE)
    entries = Entry.objects.visible_to(request.user, Right.MANAGE).filter(organisation=organisation)
    kept = FilterForm(request.GET, entries=entries).kept(entries).select_related("actor")
    response = StreamingHttpResponse(as_csv(kept.iterator(chunk_size=1000)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="journal.csv"'
    return response
