"""The clausier for programs: JSON with its digest, what search engines may read, the map of the site."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import override
from django.views.decorators.http import require_safe

from egide import plain, reference
from egide.clausier.model import Clausier
from egide.clausier.references import quotes
from egide.exchange.clausiers import native
from egide.web.clauses.responses import unchanged

PAGES = ("clauses:index", "clauses:search", "clauses:references", "clauses:assistant", "clauses:check", "clauses:compare", "clauses:versions", "exercises:kits", "exercises:level")  # fmt: skip
PRIVATE = ("/compte/", "/consultations/", "/organisations/", "/etablissements/", "/fichiers/", "/travaux/", "/clausier/assistant/", "/clausier/recherche?", "/exercices/j/", "/exercices/jouer/", "/exercices/preparer/")  # fmt: skip
"""Addresses that a search engine has nothing to do with."""


def _modified(clausier: Clausier) -> int | None:
    if clausier.published is None:
        return None
    return int(datetime.combine(clausier.published, time(), UTC).timestamp())


def _json(request: HttpRequest, clausier: Clausier, digest: str, text: str) -> HttpResponse:
    tag, modified = f'"{digest}"', _modified(clausier)
    response = unchanged(request, tag, modified) or HttpResponse(text, content_type="application/json")
    response["ETag"], response["Cache-Control"] = tag, "public, max-age=3600"
    response["Access-Control-Allow-Origin"] = "*"
    if modified is not None:
        response["Last-Modified"] = http_date(modified)
    return response


@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """Give the whole clausier in its native form, as `egide clausier export` writes it."""
    clausier = reference.clausier()
    return _json(request, clausier, clausier.digest, native.text(clausier))


@require_safe
def one(request: HttpRequest, point: str) -> HttpResponse:
    """Give one point: its native form, its theme, the digest of its wording, both wordings, thresholds written in."""
    clausier = reference.clausier()
    found = clausier.points.get(point)
    if found is None:
        raise Http404
    known = {
        "clausier": {"id": clausier.id, "version": clausier.version, "digest": clausier.digest},
        "theme": clausier.theme_of[found.id].id,
        "digest": found.wording_digest,
        "wording": {"fr": found.wording("fr"), "en": found.wording("en")},
    }
    text = json.dumps({**plain.unstructure(found), **known}, ensure_ascii=False, indent=1) + "\n"
    return _json(request, clausier, plain.digest(text), text)


# ---------------------------------------------------------------------------------------------------- search engines
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Say what search engines may read."""
    lines = ["User-agent: *", *(f"Disallow: {prefix}{each}" for each in PRIVATE for prefix in ("", "/en"))]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Give every lasting address, each in French and in English."""
    clausier = reference.clausier()
    pages: list[dict[str, str]] = []
    for name, argument in _addresses(clausier):
        known: dict[str, str] = {}
        for tongue in ("fr", "en"):
            with override(tongue):
                known[tongue] = request.build_absolute_uri(reverse(name, args=[argument] if argument else []))
        pages.append(known)
    context = {"pages": pages, "modified": clausier.published}
    response = render(request, "clauses/sitemap.xml", context, content_type="application/xml")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _addresses(clausier: Clausier) -> Iterable[tuple[str, str]]:
    yield "home:welcome", ""
    yield from ((name, "") for name in PAGES)
    yield from (("clauses:theme", theme.id) for theme in clausier.themes)
    yield from (("clauses:point", point) for point in clausier.points)
    yield from (("clauses:reference", source.code) for source in quotes(clausier))
