"""Step 2: the purchase described, the points that follow, and what the buyer changes of them before publication."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from egide import reference
from egide.clausier.model import Clausier, Point, Theme
from egide.errors import DataError
from egide.message import Message, message
from egide.tender import words
from egide.tender.model import PointUse, Tender
from egide.tender.points import narrowed, selection
from egide.web.clauses import wish
from egide.web.design.navigation import Link
from egide.web.design.words import language, said
from egide.web.tenders import convert, models, page
from egide.web.tenders.forms_new import DEPTHS, Described, described
from egide.web.tenders.preparing import editing, forms_points, links

STEP = "points"


@dataclass(frozen=True)
class Line:
    """A point of the consultation: kept or not and why, as it is used, whether the buyer changed something of it."""

    point: Point
    theme: Theme
    kept: bool
    reason: Message
    changed: bool
    use: PointUse

    @property
    def use_said(self) -> str:
        """Return how the point serves, in words."""
        return said(words.AWARD_USES[self.point.award_use])

    @property
    def eliminates(self) -> bool:
        """Whether an answer under the floor proposes the bid as irregular."""
        return self.kept and self.point.award_use.floors


TABS = {
    "points": message("Vue d’ensemble"),
    "described": message("Description de l’achat"),
    "all_points": message("Tous les points"),
}
SHOWN: Mapping[str, tuple[Message, Callable[[Line], bool]]] = {
    "": (message("Gardés"), lambda line: line.kept),
    "ecartes": (message("Écartés"), lambda line: not line.kept),
    "eliminatoires": (message("Éliminatoires"), lambda line: line.eliminates),
    "notes": (message("Notés"), lambda line: line.kept and line.point.award_use.scores),
    "changes": (message("Changés par l’acheteur"), lambda line: line.changed),
}
KEPT, DROPPED = message("Gardé"), message("Écarté")
ALL_KEPT = message("l’achat n’est pas décrit : tous les points sont gardés")


def lines(tender: Tender, whole: Clausier) -> list[Line]:
    """Return every point of the clausier as the consultation uses it, in the order of the clausier."""
    chosen = selection(tender, whole, reference.vocabulary())
    reasons = {each.point: (each.kept, each.reason) for each in chosen.choices} if chosen else {}
    everything = replace(tender, points={name: replace(use, keep=True) for name, use in tender.points.items()}, purchase=type(tender.purchase)())  # fmt: skip
    used, _ = narrowed(everything, whole, reference.vocabulary())
    made = []
    for point in whole.points.values():
        use = tender.points.get(point.id, PointUse())
        kept, reason = reasons.get(point.id, (True, ALL_KEPT))
        if use.keep is not None and use.keep is not kept:
            kept, reason = use.keep, wish.BY_HAND if use.keep else wish.DROPPED
        made.append(Line(used.points[point.id], whole.theme_of[point.id], kept, reason, use != PointUse(), use))
    return made


def _counts(shown: list[Line]) -> dict[str, int]:
    kept = [each for each in shown if each.kept]
    return {
        "all": len(shown),
        "kept": len(kept),
        "scored": sum(each.point.award_use.scores for each in kept),
        "eliminates": sum(each.eliminates for each in kept),
        "weight": sum(each.point.weight for each in kept if each.point.award_use.scores),
        "changed": sum(each.changed for each in shown),
    }


def _values(row: models.Consultation) -> tuple[Tender, Clausier]:
    return convert.tender(row), convert.whole_clausier(row)


# ---------------------------------------------------------------------------------------------------------- the overview
@require_safe
@login_required
def overview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what the purchase keeps of the clausier, theme by theme."""
    row = page.consultation(request, uuid)
    tender, whole = _values(row)
    shown = lines(tender, whole)
    chosen = selection(tender, whole, reference.vocabulary())
    themes = [(theme, _counts([each for each in shown if each.theme is theme])) for theme in whole.themes]
    return page.show(request, row, STEP, "tenders/points/overview.html", {
        "tabs": _tabs(row, "points"),
        "told": links.of_part(row, STEP) if row.state == models.State.PREPARING else [],
        "can": editing.editable(request, row),
        "level": DEPTHS[chosen.level] if chosen else None,
        "level_reason": chosen.level_reason if chosen else ALL_KEPT,
        "counts": _counts(shown),
        "themes": themes,
        "whole": whole,
    })  # fmt: skip


def _tabs(row: models.Consultation, current: str) -> list[Link]:
    return [
        Link(said(title), reverse(f"tenders:{name}", args=[row.uuid]), current=name == current)
        for name, title in TABS.items()
    ]


@require_safe
@login_required
def every(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """List the points: all, kept, dropped, eliminatory, changed by the buyer; each leads to what can be changed of it."""
    row = page.consultation(request, uuid)
    tender, whole = _values(row)
    shown = lines(tender, whole)
    asked = request.GET.get("montrer", "")
    kept = SHOWN.get(asked, SHOWN[""])[1]
    return page.show(request, row, STEP, "tenders/points/every.html", {
        "tabs": _tabs(row, "all_points"),
        "lines": [each for each in shown if kept(each)],
        "kept_word": said(KEPT),
        "dropped_word": said(DROPPED),
        "shown": [Link(said(title), f"?montrer={name}" if name else "?", current=name == asked, count=sum(map(test, shown))) for name, (title, test) in SHOWN.items()],
    })  # fmt: skip


# ---------------------------------------------------------------------------------------------- the purchase described
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def describe(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show or change what is said of the purchase; its effect on the points can be seen before it is saved."""
    row, can = editing.asked(request, uuid)
    if request.method == "POST" and not can:
        return editing.closed(request, request.path)
    tender, whole = _values(row)
    form = Described(request.POST or None, initial=described(tender.purchase), editable=can)
    change = editing.amendment(request, row, ("purchase",), can=can and "preview" not in request.POST)
    context: dict[str, Any] = {"effect": None}
    if request.method == "POST" and form.is_valid():
        purchase = form.purchase(tender.purchase.covered)
        new = replace(tender, purchase=purchase)
        if "preview" in request.POST:
            context["effect"] = _effect(tender, new, whole)
            change = editing.amendment(request, row, ("purchase",), can=can, blank=True)
        elif change is None or change.is_valid():
            try:
                editing.store(request, row, convert.definition(new), ("purchase",), change)
            except DataError as refusal:
                form.add_error(None, [said(each.understood) for each in refusal.findings])
            except page.Changed:
                row = page.consultation(request, uuid)
                context["clash"] = editing.differences(row.definition, convert.definition(new), ("purchase",))
            else:
                messages.success(request, said(message("Description de l’achat enregistrée.")))
                return redirect("tenders:points", row.uuid)
    return page.show(request, row, STEP, "tenders/points/describe.html", {
        "tabs": _tabs(row, "described"),
        "form": form,
        "can": can,
        "amendment": change,
        "base": editing.base(row, ("purchase",)),
        **context,
    })  # fmt: skip


def _effect(before: Tender, after: Tender, whole: Clausier) -> dict[str, Any]:
    """Return what another description of the purchase changes: level, points gained, points lost."""
    one, other = ({each.point.id: each for each in lines(tender, whole)} for tender in (before, after))
    chosen = selection(after, whole, reference.vocabulary())
    return {
        "level": DEPTHS[chosen.level] if chosen else None,
        "level_reason": chosen.level_reason if chosen else ALL_KEPT,
        "counts": _counts(list(other.values())),
        "gained": [other[name] for name in other if other[name].kept and not one[name].kept],
        "lost": [other[name] for name in other if one[name].kept and not other[name].kept],
    }


# ------------------------------------------------------------------------------------------------------ theme by theme
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def theme(request: HttpRequest, uuid: UUID, theme: str) -> HttpResponse:
    """Show or change the points of a theme together."""
    row, can = editing.asked(request, uuid)
    if request.method == "POST" and not can:
        return editing.closed(request, request.path)
    tender, whole = _values(row)
    own = next((each for each in whole.themes if each.id == theme), None)
    if own is None:
        raise Http404
    shown = [each for each in lines(tender, whole) if each.theme is own]
    change = editing.amendment(request, row, ("points",), can=can)
    read = forms_points.Table(request.POST if request.method == "POST" else None, shown)
    clash: list[tuple[str, str, str]] = []
    if request.method == "POST" and read.valid and (change is None or change.is_valid()):
        new = replace(tender, points=forms_points.normal({**tender.points, **read.uses}, tender, whole))
        try:
            editing.store(request, row, convert.definition(new), ("points",), change)
        except DataError as refusal:
            read.errors += [each.understood for each in refusal.findings]
        except page.Changed:
            row = page.consultation(request, uuid)
            clash = editing.differences(row.definition, convert.definition(new), ("points",))
        else:
            messages.success(request, said(message("Points enregistrés.")))
            return redirect(request.path)
    around = list(whole.themes)
    place = around.index(own)
    return page.show(request, row, STEP, "tenders/points/theme.html", {
        "tabs": _tabs(row, "points"),
        "theme": own,
        "table": read,
        "counts": _counts(shown),
        "can": can,
        "amendment": change,
        "clash": clash,
        "base": editing.base(row, ("points",)),
        "before": around[place - 1] if place else None,
        "after": around[place + 1] if place + 1 < len(around) else None,
        "uses": [(name, said(title)) for name, title in forms_points.USES.items()],
        "blanks": [(name, said(title)) for name, title in forms_points.BLANKS.items()],
        "bulk": [(name, said(title)) for name, (title, _) in forms_points.BULK.items()],
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def point(request: HttpRequest, uuid: UUID, point: str) -> HttpResponse:
    """Show or change all that a consultation may say of one point."""
    row, can = editing.asked(request, uuid)
    if request.method == "POST" and not can:
        return editing.closed(request, request.path)
    tender, whole = _values(row)
    if point not in whole.points:
        raise Http404
    line = next(each for each in lines(tender, whole) if each.point.id == point)
    given = request.POST if request.method == "POST" else None
    form = forms_points.Use(given, line=line, source=whole.points[point], lots=editing.known(row).lots, editable=can)
    change = editing.amendment(request, row, ("points",), can=can)
    clash: list[tuple[str, str, str]] = []
    if given is not None and all(each.is_valid() for each in (form, change) if each is not None):
        new = replace(tender, points=forms_points.normal({**tender.points, point: form.use()}, tender, whole))
        try:
            editing.store(request, row, convert.definition(new), ("points",), change)
        except DataError as refusal:
            form.add_error(None, [said(each.understood) for each in refusal.findings])
        except page.Changed:
            row = page.consultation(request, uuid)
            clash = editing.differences(row.definition, convert.definition(new), ("points",))
        else:
            messages.success(request, said(message("Point {point} enregistré.", point=point)))
            return redirect("tenders:theme", row.uuid, line.theme.id)
    return page.show(request, row, STEP, "tenders/points/point.html", {
        "tabs": _tabs(row, "points"),
        "line": line,
        "wording": line.point.wording(language()),
        "form": form,
        "can": can,
        "amendment": change,
        "clash": clash,
        "base": editing.base(row, ("points",)),
        "found": [each for each in page.against(row) if each.point == point or f"points.{point}" in each.place],
        "public": _public(row, point),
    })  # fmt: skip


def _public(row: models.Consultation, point: str) -> str:
    """Return the address of the public page of a point of the open clausier, empty for another's clausier."""
    if row.clausier.organisation_id is not None:
        return ""
    try:
        return reverse("clauses:point", args=[point])
    except NoReverseMatch:
        return ""


urlpatterns = [
    path("<uuid:uuid>/clausier/", overview, name="points"),
    path("<uuid:uuid>/clausier/achat/", describe, name="described"),
    path("<uuid:uuid>/clausier/points/", every, name="all_points"),
    path("<uuid:uuid>/clausier/points/<str:point>/", point, name="point"),
    path("<uuid:uuid>/clausier/themes/<str:theme>/", theme, name="theme"),
]
