"""The page of the insurance that an establishment's estimates take into account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.risk import models
from egide.web.risk.estimates import assumptions, room
from egide.web.risk.estimates.forms import InsuranceForm, filled
from egide.web.risk.room import person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def insurance(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show and keep the insurance that is taken into account."""
    saving = request.method == "POST"
    of = room.establishment(request, organisation, Right.DESCRIBE if saving else Right.SEE)
    row = assumptions.own(of)
    before = row.programme if row else None
    form = InsuranceForm(request.POST if saving else None, initial=filled(before))
    if saving and form.is_valid():
        wanted = form.wanted()
        row, _ = models.Assumptions.objects.update_or_create(
            organisation=of,
            defaults={"programme": wanted, "changed_at": timezone.now(), "changed_by": person(request)},
        )
        names = dict.fromkeys((*(before or {}), *wanted))
        told = {name: [(before or {}).get(name, ""), wanted.get(name, "")] for name in names}
        record("insurance.chosen", of, row, {name: pair for name, pair in told.items() if pair[0] != pair[1]})
        messages.success(request, said(message("Assurance enregistrée : demandez une nouvelle estimation pour qu’elle compte.")))  # fmt: skip
        return redirect("estimates:show", of.uuid)
    context = room.common(request, of, "insurance") | {"form": form}
    return render(request, "estimates/insurance.html", context, status=422 if saving else 200)
