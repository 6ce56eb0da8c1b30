"""The clausier to read: its front page, themes, points, references, and files of the whole."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

import egide
from egide import reference
from egide.clausier.model import Clausier, Point
from egide.clausier.references import Quote, Source, by_article, quotes
from egide.clausier.search import related
from egide.desk import clausier_files
from egide.errors import UsageError
from egide.locale import point_text
from egide.message import Language
from egide.tender.words import AWARD_USES
from egide.web.clauses import shown
from egide.web.clauses.responses import as_file, unchanged
from egide.web.design.words import language, said

TOLD = ("rgpd", "nis2", "hds", "cra", "code-sante-publique", "ccag-tic")
"""Sources named on the front page, when the clausier quotes them."""
LAWS = frozenset({"rgpd", "nis2", "cra", "ia", "data-act", "dispositifs-medicaux", "diagnostic-in-vitro", "ccag-tic"})
"""Sources whose bare numbers are articles."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what the clausier is and all that can be done with it."""
    clausier = reference.clausier()
    points = clausier.points.values()
    quoted = _quoted()
    return render(
        request,
        "clauses/index.html",
        {
            "clausier": clausier,
            "rows": [(theme, sum(each.extra for each in theme.points), _readers(theme.readers)) for theme in clausier.themes],
            "count": len(points),
            "extras": sum(each.extra for each in points),
            "official": sum(not each.extra for each in points),
            "sources": len(quoted),
            "told": [(each, len({quote.point for quote in quoted[each]})) for each in quoted if each.code in TOLD],
            "formats": clausier_files.FORMATS,
        },
    )  # fmt: skip


@cache
def _quoted() -> Mapping[Source, tuple[Quote, ...]]:
    return quotes(reference.clausier())


def _readers(roles: tuple[str, ...]) -> str:
    known = reference.vocabulary().roles
    return ", ".join(said(known[each]) for each in roles if each in known)


@require_safe
def theme(request: HttpRequest, theme: str) -> HttpResponse:
    """Show the points of a theme."""
    clausier = reference.clausier()
    found = next((each for each in clausier.themes if each.id == theme), None)
    if found is None:
        wanted = next((each for each in clausier.themes if each.id.casefold() == theme.casefold()), None)
        if wanted is None:
            raise Http404
        return HttpResponseRedirect(reverse("clauses:theme", args=[wanted.id]))
    place = clausier.themes.index(found)
    return render(
        request,
        "clauses/theme.html",
        {
            "clausier": clausier,
            "theme": found,
            "readers": _readers(found.readers),
            "points": [(each, shown.typeset(point.wording(language()), language())) for point, each in zip(found.points, shown.lines(clausier, found.points, language()), strict=True)],
            "before": clausier.themes[place - 1] if place else None,
            "after": clausier.themes[place + 1] if place + 1 < len(clausier.themes) else None,
        },
    )  # fmt: skip


@require_safe
def point(request: HttpRequest, point: str) -> HttpResponse:
    """Show a point; another writing of its identifier, or its official reference, leads to its one address."""
    clausier = reference.clausier()
    found = clausier.points.get(point)
    if found is None:
        return redirect("clauses:point", _named(clausier, point).id, permanent=True)
    before, after = _beside(clausier, found)
    tongue = language()
    family = shown.family(found)
    return render(
        request,
        "clauses/point.html",
        {
            "clausier": clausier,
            "theme": clausier.theme_of[found.id],
            "point": found,
            "title": shown.title(found, tongue),
            "print_title": found.id,
            "wording": shown.typeset(found.wording(tongue), tongue),
            "why": shown.typeset(found.say(found.why, tongue), tongue),
            "how": shown.typeset(found.say(found.how_to_prove, tongue), tongue),
            "levels": shown.levels(found, tongue),
            "proofs": shown.proofs(found, tongue),
            "references": shown.references(found, tongue),
            "concerns": shown.concerns(found, tongue),
            "family": family,
            "use": AWARD_USES[found.award_use],
            "depth": point_text.word(found.level, tongue),
            "blank": point_text.word(found.if_blank, tongue),
            "responsible": point_text.word(found.responsible, tongue),
            "expects": point_text.word(found.expects, tongue),
            "follow_up": shown.typeset(found.say(found.binding.follow_up, tongue), tongue) if found.binding else "",
            "penalty": shown.typeset(found.say(found.binding.penalty_hint, tongue), tongue) if found.binding else "",
            "thresholds": [(name, each, _set_by(each.set_by)) for name, each in found.parameters.items()],
            "before": before,
            "after": after,
            "related": shown.lines(clausier, related(clausier, found), tongue),
        },
    )


def _set_by(role: str) -> str:
    return said(reference.vocabulary().roles[role]) if role in reference.vocabulary().roles else role


def _named(clausier: Clausier, wanted: str) -> Point:
    folded = wanted.strip().casefold()
    for each in clausier.points.values():
        if folded in {name.casefold() for name in (each.id, *each.xref)}:
            return each
    raise Http404


def _beside(clausier: Clausier, point: Point) -> tuple[Point | None, Point | None]:
    order = [None, *clausier.points.values(), None]
    found = [(before, after) for (before, here), (_, after) in pairwise(pairwise(order)) if here is point]
    return found[0]


# ---------------------------------------------------------------------------------------------------------- references
@require_safe
def references(request: HttpRequest) -> HttpResponse:
    """List the texts that the clausier quotes."""
    quoted = _quoted()
    rows = [(source, len({each.point for each in found}), _seen(found)) for source, found in quoted.items()]
    return render(request, "clauses/references.html", {"rows": rows, "clausier": reference.clausier()})


def _seen(found: tuple[Quote, ...]) -> tuple[date | None, int]:
    """Return the last day on which a source was seen, and how many of its quotes are to be checked."""
    days = [each.reference.seen for each in found if each.reference.seen]
    return max(days, default=None), sum(not each.reference.seen for each in found)


@require_safe
def reference_page(request: HttpRequest, source: str) -> HttpResponse:
    """Show which points quote a text, article by article."""
    clausier = reference.clausier()
    found = next(((each, quoted) for each, quoted in _quoted().items() if each.code == source), None)
    if found is None:
        raise Http404
    tongue = language()
    groups = [
        (article, [(shown.line(clausier, clausier.points[each.point], tongue), shown.quoted(each.reference, tongue)) for each in quoted])
        for article, quoted in by_article(found[1]).items()
    ]  # fmt: skip
    context = {
        "clausier": clausier,
        "source": found[0],
        "groups": groups,
        "count": len({each.point for each in found[1]}),
        "law": source in LAWS,
    }
    return render(request, "clauses/reference.html", context)


# --------------------------------------------------------------------------------------------------------------- files
@lru_cache(32)
def _file(form: str, tongue: Language, on: date) -> bytes:
    return clausier_files.content(reference.clausier(), form, tongue, on)


@require_safe
def download(request: HttpRequest, form: str) -> HttpResponse:
    """Give the whole clausier as a file, dated by its publication."""
    clausier = reference.clausier()
    try:
        known = clausier_files.known(form)
    except UsageError:
        raise Http404 from None
    tag = f'"{egide.__version__}-{clausier.digest[:24]}-{form}-{language()}"'
    if (same := unchanged(request, tag)) is not None:
        return same
    response = as_file(
        _file(form, language(), clausier.published or timezone.localdate()),
        known.media_type,
        f"clausier-{clausier.id}-{clausier.version}-{language()}{known.ending}",
    )
    response["ETag"], response["Cache-Control"] = tag, "public, max-age=3600"
    return response
