"""What a candidate finds for itself of the expected cost of incidents, with what the buyer published: read, told, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from egide.desk.own_risk_cost import Own, OwnCost, Sent, of_published
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.report.papers.typography import Setter, plain_text
from egide.report.risk_words import Words
from egide.risk.interval import Interval
from egide.tender.risk_cost import Span
from egide.web.audit.guard import writes_nothing
from egide.web.clauses.forms import MOST_BYTES, CostForm
from egide.web.clauses.uploads import admitted, unkept
from egide.web.clauses.views.checking import MOST_SHOWN
from egide.web.design.words import language

FILES = 3


@dataclass(frozen=True)
class Lot:
    """The figures of a lot in words, and the points that count and are left blank."""

    name: str
    rows: Sequence[tuple[Message, str]]
    blank: Sequence[str]


@csrf_exempt  # nobody is recognised here and nothing is kept: the page also works without cookies
@writes_nothing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cost(request: HttpRequest) -> HttpResponse:
    """Say what the cost of risk of a bid would be; nothing of it is kept."""
    if request.method != "POST":
        return render(request, "clauses/cost.html", {"form": CostForm()})
    if not admitted(request, files=FILES):
        return render(request, "413.html", status=413)
    form = CostForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "clauses/cost.html", {"form": form}, status=400)
    files = [form.cleaned_data[name] for name in ("publication", "sheet", "clausier")]
    if any(each is not None and each.size > MOST_BYTES for each in files):
        return render(request, "413.html", status=413)
    with unkept(files[0]) as publication, unkept(files[1]) as sheet, unkept(files[2]) as clausier:
        named = [
            Sent(path, each.name) if path else None
            for path, each in zip((publication, sheet, clausier), files, strict=True)
        ]
        try:
            own = of_published(*_both(named), clausier=named[2])
        except DataError as refused:
            context = {"form": CostForm(), "findings": _found(refused)}
            return render(request, "clauses/cost.html", context, status=422)
    return render(request, "clauses/cost_result.html", _told(own))


def _both(named: Sequence[Sent | None]) -> tuple[Sent, Sent]:
    """Return the two files that the form requires."""
    first, second = (each for each in named[:2] if each is not None)
    return first, second


def _found(refused: DataError) -> Sequence[Finding]:
    return refused.findings[:MOST_SHOWN] or (
        Finding(refused.code, Severity.ERROR, refused.message, message("Corriger le fichier, puis recommencer.")),
    )


def _told(own: Own) -> dict[str, Any]:
    found = [each for each in own.findings if each.severity is not Severity.NOTE]
    return {"own": own, "lots": [_lot(each) for each in own.lots], "findings": found[:MOST_SHOWN], "count": len(found)}


def _lot(each: OwnCost) -> Lot:
    words = Words(Setter(language(), plain_text))

    def amount(span: Span) -> str:
        return words.amount(Interval(float(span.mean), float(span.low), float(span.high)))

    rows = (
        (message("Votre offre, si tout ce que vous dites est retenu, preuve à l'appui"), amount(each.proven)),
        (message("Votre offre, si rien de ce que vous dites n'est prouvé"), amount(each.declared)),
        (message("Repère : tout prouvé"), amount(each.landmarks.proven)),
        (message("Repère : fournisseur moyen"), amount(each.landmarks.reference)),
        (message("Repère : aucune réponse"), amount(each.landmarks.blank)),
    )
    return Lot(each.lot, rows, each.blank)
