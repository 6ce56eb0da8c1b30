"""What is sent of estimates: the PDF of an establishment, that of a GHT, the data for other programs."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from egide.errors import DataError
from egide.report import risk_paper
from egide.web.design.words import language
from egide.web.organisations.models import Kind, Organisation
from egide.web.risk.estimates import group as of_group
from egide.web.risk.estimates import pages, room, shown


@require_safe
@login_required
def establishment(request: HttpRequest, organisation: UUID, estimate: UUID) -> HttpResponse:
    """Send an estimate as a PDF."""
    of = room.establishment(request, organisation)
    try:
        figures = shown.figures(pages.row_of(request, of, estimate))
    except DataError:
        raise Http404 from None
    made = risk_paper.establishment(figures, language())
    return _sent(HttpResponse(made, content_type="application/pdf"), of, "pdf")


@require_safe
@login_required
def group(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Send the page of a GHT as a PDF."""
    of = room.asked(request, organisation)
    if of.kind != Kind.GROUP:
        raise Http404
    found, hidden = of_group.members(request, of)
    total = of_group.together(found)
    dots = tuple(dot for each in found if (dot := each.dot))
    given = risk_paper.Group(of.name, timezone.localdate(), dots, total, of_group.suppliers(found), len(found) - len(dots) + hidden)  # fmt: skip
    made = risk_paper.group(given, language())
    return _sent(HttpResponse(made, content_type="application/pdf"), of, "pdf")


@require_safe
@login_required
def data(request: HttpRequest, organisation: UUID, estimate: UUID) -> HttpResponse:
    """Send an estimate as JSON for other programs: what it was made from, and what came out."""
    of = room.establishment(request, organisation)
    row = pages.row_of(request, of, estimate)
    told: dict[str, Any] = {
        "made_at": row.made_at.isoformat(),
        "program": row.program,
        "library": row.library,
        "inputs": row.inputs,
        "result": row.result,
    }
    return _sent(JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1}), of, "json")


def _sent(response: HttpResponse, of: Organisation, suffix: str) -> HttpResponse:
    name = f"risque-{slugify(of.name) or 'etablissement'}.{suffix}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
