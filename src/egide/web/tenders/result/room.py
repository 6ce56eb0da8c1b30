"""Who sees a result, and what its pages share: the result shown, its lot, whether it is out of date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from egide.message import message
from egide.report.summary import spoken
from egide.web.design.navigation import Link
from egide.web.design.words import language, said, typeset
from egide.web.jobs.models import Job
from egide.web.jobs.models import State as Work
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may
from egide.web.tenders import models, page
from egide.web.tenders.result.work import OPENED, is_final

View = Callable[..., HttpResponseBase]
SECTIONS = (
    ("result_one", message("Classement"), False),
    ("result_matrix", message("Matrice"), True),
    ("result_pictures", message("Figures"), True),
    ("result_risk", message("Coût du risque"), True),
    ("result_documents", message("Documents"), False),
)
RECORD = ("record", message("Étapes et lettres"))
"""The page of the procedure, beside those of a result: the same whatever the result."""


def open_to(right: Right, *, opened: bool = True) -> Callable[[View], View]:
    """Give a view the consultation; who lacks the right, or comes before the opening, is told why."""

    def given(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, uuid: object, **places: Any) -> HttpResponseBase:
            row = page.consultation(request, uuid)
            if not may(request.user, right, row.organisation_id):
                return _closed(request, row, right)
            if opened and row.state not in OPENED:
                return _sealed(request, row)
            return view(request, row, **places)

        return never_cache(login_required(answer))

    return given


def _closed(request: HttpRequest, row: models.Consultation, right: Right) -> HttpResponse:
    response = page.show(request, row, "result", "tenders/result/closed.html", {"decides": right is Right.DECIDE})
    response.status_code = 403
    return response


def _sealed(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    response = page.show(request, row, "result", "tenders/result/sealed.html", {})
    if request.method == "POST":
        response.status_code = 409
    return response


@dataclass(frozen=True)
class Shown:
    """A result as one person sees it, in the language of the page."""

    request: HttpRequest
    row: models.Consultation
    result: models.Result
    lot_id: str = ""

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Return what the first page shows."""
        data: dict[str, Any] = spoken(self.result.summary, language())
        return data

    @cached_property
    def lot(self) -> dict[str, Any]:
        """Return the lot shown, the first by default. Raises Http404."""
        lots: Sequence[dict[str, Any]] = self.summary["lots"]
        found = next((each for each in lots if self.lot_id in {"", each["id"]}), None)
        if found is None:
            raise Http404
        return found

    @property
    def stale(self) -> bool:
        """Whether marks, decisions or the consultation changed since."""
        now = (self.row.marks_revision, self.row.revision)
        return (self.result.marks_revision, self.result.revision) != now

    def address(self, name: str, *, lot: str = "") -> str:
        """Return the address of a page of this result."""
        given = [self.row.uuid, self.result.number]
        return reverse(f"tenders:{name}", args=[*given, lot] if lot else given)

    def sections(self, current: str) -> list[Link]:
        """Return the links to the pages of this result."""
        own = [
            Link(said(title), self.address(name, lot=self.lot["id"] if of_lot else ""), current=name == current)
            for name, title, of_lot in SECTIONS
            if name != "result_risk" or self.lot.get("risk")
        ]
        name, title = RECORD
        return [*own, Link(said(title), reverse(f"tenders:{name}", args=[self.row.uuid]), current=name == current)]

    def lots(self, current: str) -> list[Link]:
        """Return the links to the same page of each lot, none when there is only one."""
        lots = self.summary["lots"]
        if len(lots) < 2:
            return []
        return [
            Link(
                typeset(each["name"]),
                f"{self.address(current)}?lot={each['id']}" if current == "result_one" else self.address(current, lot=each["id"]),
                current=each["id"] == self.lot["id"],
            )
            for each in lots
        ]  # fmt: skip

    def part(self, kind: str, name: str = "") -> dict[str, Any]:
        """Return what one page shows, made with the result: one query. Raises Http404."""
        found = self.perhaps(kind, name)
        if found is None:
            raise Http404
        return found

    def perhaps(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return a part, None where the result was made before there was one: one query."""
        rows = models.ResultPart.objects.filter(result=self.result, kind=kind, lot=self.lot["id"], name=name)
        found = rows.values_list("data", flat=True).first()
        data: dict[str, Any] | None = None if found is None else spoken(found, language())
        return data

    def answer(self, name: str, current: str, context: dict[str, Any]) -> HttpResponse:
        """Answer a page of this result; `current` is the section it belongs to."""
        known = {
            "result": self.result,
            "summary": self.summary,
            "lot": self.lot,
            "final": is_final(self.result),
            "stale": self.stale,
            "last": _newest(self.row) == self.result.number,
            "sections": self.sections(current),
            "lot_links": self.lots(current) if current != "result_documents" else [],
        }
        return page.show(self.request, self.row, "result", f"tenders/result/{name}.html", {**known, **context})


def _newest(row: models.Consultation) -> int:
    return models.Result.objects.filter(consultation=row).values_list("number", flat=True).first() or 0


def shown(request: HttpRequest, row: models.Consultation, number: int, lot: str = "") -> Shown:
    """Return a result by its number, the newest for 0. Raises Http404."""
    rows = models.Result.objects.filter(consultation=row).select_related("made_by", "evaluation")
    found = rows.filter(number=number).first() if number else rows.first()
    if found is None:
        raise Http404
    return Shown(request, row, found, lot)


def waiting(request: HttpRequest, row: models.Consultation, kind: str) -> Job | None:
    """Return the job of a kind that this person asked for and that has not ended."""
    asked = Job.objects.filter(
        subject=row.uuid, kind=kind, owner=request.user.pk, state__in=[Work.QUEUED, Work.RUNNING]
    )
    found: Job | None = asked.order_by("-pk").first()
    return found
