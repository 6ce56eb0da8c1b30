"""Step 1: the purchase, its lots, phases, processing sheets, contract and essential data."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from egide.web.tenders.preparing import editing
from egide.web.tenders.preparing.parts import PURCHASE

PART = {part.name: part for part in PURCHASE}
PATHS = {
    "purchase": "achat/",
    "lots": "achat/lots/",
    "rounds": "achat/phases/",
    "processing": "achat/traitements/",
    "contract": "achat/contrat/",
    "essential": "achat/donnees-essentielles/",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, uuid: UUID, part: str) -> HttpResponse:
    """Show or change one page of the purchase."""
    return editing.edit(request, uuid, PART[part], parts=PURCHASE)


urlpatterns = [path(f"<uuid:uuid>/{where}", edit, {"part": name}, name=name) for name, where in PATHS.items()]
