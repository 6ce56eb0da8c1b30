"""The assistant: a few questions about a purchase, then its level and its points, all of it in the address."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide import reference
from egide.clausier.model import Clausier, Depth
from egide.clausier.purchase import Choice, combined
from egide.desk import clausier_files, documents
from egide.exchange.folder_zip import pack
from egide.finding import Finding
from egide.locale import point_text
from egide.web.clauses import shown, wish
from egide.web.clauses.forms import HIDDEN, ONE_ANSWER, PurchaseForm
from egide.web.clauses.responses import as_file
from egide.web.clauses.wish import Outcome, Wish
from egide.web.design.words import language, said

DOCUMENTS = "dce"


def _read(request: HttpRequest) -> tuple[Wish, tuple[Finding, ...]]:
    """Return the wish of an address; an amount without a day is that of a purchase sent today."""
    wished, found = wish.read(dict(request.GET.lists()), reference.clausier())
    if wished.amount is not None and wished.sent_on is None:
        wished = replace(wished, sent_on=timezone.localdate())
    return wished, found


def _combined(wished: Wish) -> dict[str, tuple[str, ...]]:
    profiles = reference.vocabulary().profile
    return combined([profiles[each] for each in wished.purchase.profiles])


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Ask which known purchases this one resembles."""
    wished, found = _read(request)
    return render(
        request,
        "clauses/assistant.html",
        {
            "profiles": reference.vocabulary().profiles,
            "chosen": wished.purchase.profiles,
            "findings": found,
            "kept": [(name, value) for name, value in _pairs(wished) if name != "profile"],
            "clausier": reference.clausier(),
        },
    )


def _pairs(wished: Wish) -> list[tuple[str, str]]:
    return parse_qsl(wish.link(wished))


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Ask what the profiles leave open, and show what they say."""
    wished, found = _read(request)
    known = _combined(wished)
    profiles = reference.vocabulary().profile
    whole = combined([profiles[each] for each in wished.purchase.profiles], wished.purchase.facets)
    initial: dict[str, Any] = {
        name: list(values) if name not in _single(known) else values[0] for name, values in whole.items()
    }
    initial |= {name: value for name, value in _pairs(wished) if name in {"profile", *HIDDEN}}
    initial |= {"amount": wished.amount, "sent": wished.sent_on, "covered": ", ".join(wished.purchase.covered)}
    form = PurchaseForm(initial=initial, said_by_profiles=known)
    return _asked(request, form, wished, found)


def _single(known: dict[str, tuple[str, ...]]) -> set[str]:
    return {name for name in ONE_ANSWER if len(known.get(name, ())) < 2}


def _asked(request: HttpRequest, form: PurchaseForm, wished: Wish, found: Iterable[Finding]) -> HttpResponse:
    profiles = reference.vocabulary().profile
    return render(
        request,
        "clauses/assistant_questions.html",
        {
            "form": form,
            "profiles": [profiles[each] for each in wished.purchase.profiles],
            "back": f"{reverse('clauses:assistant')}?{wish.link(wished)}",
            "findings": found,
            "clausier": reference.clausier(),
        },
    )


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Take the answers, and go to the address that says them all."""
    wished, _ = _read(request)
    known = _combined(wished)
    form = PurchaseForm(request.GET, said_by_profiles=known)
    if not form.is_valid():
        return _asked(request, form, wished, ())
    told = form.cleaned_data
    purchase = replace(
        wish.stated(wished.purchase.profiles, form.facets()),
        level=wished.purchase.level,
        covered=tuple(each for each in told["covered"].split(",") if each),
    )
    made = replace(
        wished, purchase=purchase, amount=told["amount"], sent_on=told["sent"] or timezone.localdate(), mark=""
    )
    return HttpResponseRedirect(address(made, reference.clausier()))


def address(wished: Wish, clausier: Clausier, page: str = "clauses:assistant_result", *args: str) -> str:
    """Return the address of a wish; one that names no version of the clausier names this one."""
    return f"{reverse(page, args=args)}?{wish.link(replace(wished, mark=wished.mark or wish.mark(clausier)))}"


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Show the level and the points of a purchase, each with its reason, and all that can be made of them."""
    clausier = reference.clausier()
    wished, found = _read(request)
    if wished == Wish() and not found:
        return HttpResponseRedirect(reverse("clauses:assistant"))
    here = address(wished, clausier)
    if not found and here.partition("?")[2] != request.META.get("QUERY_STRING", ""):
        return HttpResponseRedirect(here)
    outcome = wish.outcome(wished, clausier)
    return render(request, "clauses/assistant_result.html", _result(request, wished, outcome, clausier, found))


def _result(
    request: HttpRequest, wished: Wish, outcome: Outcome, clausier: Clausier, found: tuple[Finding, ...]
) -> dict[str, Any]:
    by_rules = replace(wished, purchase=replace(wished.purchase, level=None), keep=(), drop=())
    proposed = wish.outcome(by_rules, clausier).made.selection
    vocabulary = reference.vocabulary()
    facets = outcome.made.facets
    return {
        "clausier": clausier,
        "wished": wished,
        "query": wish.link(wished),
        "link": request.build_absolute_uri(address(wished, clausier)),
        "stale": wished.mark if wished.mark and wished.mark != wish.mark(clausier) else "",
        "renewed": address(replace(wished, mark=""), clausier),
        "level": point_text.WORDS[outcome.made.selection.level.value],
        "level_reason": outcome.made.selection.level_reason,
        "proposed": point_text.WORDS[proposed.level.value],
        "proposed_reason": proposed.level_reason,
        "levels": [(each.value, point_text.WORDS[each.value], wished.purchase.level is each) for each in Depth],
        "kept": _grouped(outcome, clausier, kept=True),
        "dropped": _grouped(outcome, clausier, kept=False),
        "count": len(outcome.clausier.points),
        "left": len(clausier.points) - len(outcome.clausier.points),
        "by_hand": len(wished.keep) + len(wished.drop),
        "profiles": [vocabulary.profile[each] for each in wished.purchase.profiles],
        "facets": [
            (each.title, ", ".join(said(each.values[value]) for value in facets[each.id]))
            for each in vocabulary.facets
            if each.id in facets
        ],
        "unsaid": [each.title for each in vocabulary.facets if each.id not in facets],
        "formats": [(name, each, address(wished, clausier, "clauses:assistant_download", name)) for name, each in clausier_files.FORMATS.items()],
        "documents": address(wished, clausier, "clauses:assistant_download", DOCUMENTS),
        "back": f"{reverse('clauses:assistant_questions')}?{wish.link(wished)}",
        "tender": _tender(wished, clausier),
        "command": wish.command(wished),
        "hidden": _pairs(replace(wished, mark=wished.mark or wish.mark(clausier))),
        "findings": found,
    }  # fmt: skip


def _grouped(outcome: Outcome, clausier: Clausier, *, kept: bool) -> list[tuple[Any, list[tuple[shown.Line, Choice]]]]:
    choices = {each.point: each for each in outcome.choices if each.kept is kept}
    groups = [
        (
            theme,
            [
                (shown.line(clausier, point, language()), choices[point.id])
                for point in theme.points
                if point.id in choices
            ],
        )
        for theme in clausier.themes
    ]
    return [(theme, lines) for theme, lines in groups if lines]


def _tender(wished: Wish, clausier: Clausier) -> str:
    try:
        return address(wished, clausier, "tenders:new")
    except NoReverseMatch:
        return ""


@require_safe
def adjust(request: HttpRequest) -> HttpResponse:
    """Take the level chosen, or the points left ticked, and go to the address that says so."""
    clausier = reference.clausier()
    wished, _ = _read(request)
    if "point" in request.GET or "points" in request.GET:
        wished = wish.adjusted(wished, wish.outcome(wished, clausier), request.GET.getlist("point"))
    if "chosen" in request.GET:
        chosen = request.GET["chosen"]
        level = Depth(chosen) if chosen in set(Depth) else None
        wished = replace(wished, purchase=replace(wished.purchase, level=level))
    return HttpResponseRedirect(address(wished, clausier))


# ----------------------------------------------------------------------------------------------------------- downloads
@require_safe
def download(request: HttpRequest, form: str) -> HttpResponse:
    """Give the points of a purchase as a file, or its tender documents, dated by the day of sending."""
    clausier = reference.clausier()
    wished, found = _read(request)
    if found:
        return HttpResponseRedirect(f"{reverse('clauses:assistant_result')}?{request.GET.urlencode()}")
    if form != DOCUMENTS and form not in clausier_files.FORMATS:
        raise Http404
    outcome = wish.outcome(wished, clausier)
    if not outcome.clausier.points:
        return HttpResponseRedirect(address(wished, clausier))
    on = wished.sent_on or clausier.published or timezone.localdate()
    name = f"selection-{clausier.id}-{clausier.version}-{on.isoformat()}-{language()}"
    if form == DOCUMENTS:
        return as_file(_documents(outcome, on), "application/zip", f"dce-{name}.zip")
    known = clausier_files.FORMATS[form]
    return as_file(
        clausier_files.content(outcome.clausier, form, language(), on), known.media_type, name + known.ending
    )


def _documents(outcome: Outcome, on: date) -> bytes:
    asked = documents.Asked(None, outcome.clausier, outcome.made.facets, on)
    return pack(documents.documents(asked, language()).files)
