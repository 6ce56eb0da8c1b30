"""Search and filters of the clausier."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from egide import reference
from egide.clausier.model import Depth
from egide.clausier.references import quotes
from egide.clausier.search import FIELDS, Filters, Hit, Index, Piece, extract, filtered, index, marked
from egide.family import FAMILIES
from egide.locale import point_text
from egide.message import Language
from egide.web.clauses import shown
from egide.web.design.words import language, phrase, said

TITLES = {field.name: field.title for field in FIELDS}


@cache
def _index(tongue: Language) -> Index:
    return index(reference.clausier(), tongue)


class SearchForm(forms.Form):
    """What is looked for, and what the points listed must be."""

    q = forms.CharField(
        label=phrase("Mots, identifiant ou référence"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    theme = forms.ChoiceField(label=phrase("Thème"), required=False)
    family = forms.ChoiceField(label=phrase("Famille de mesures"), required=False)
    facet = forms.ChoiceField(label=phrase("Achat concerné"), required=False)
    level = forms.ChoiceField(label=phrase("À partir du niveau"), required=False)
    reference = forms.ChoiceField(label=phrase("Texte cité"), required=False)
    extra = forms.ChoiceField(label=phrase("Origine"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        clausier, vocabulary = reference.clausier(), reference.vocabulary()
        choices: dict[str, list[Any]] = {
            "theme": [(each.id, f"{each.id} {said(each.title)}") for each in clausier.themes],
            "family": [(each.code, said(each.title)) for each in FAMILIES],
            "level": [(each.value, point_text.word(each, language())) for each in Depth],
            "reference": _sources(),
            "extra": [("no", phrase("Points à référence officielle")), ("yes", phrase("Points ajoutés par Égide"))],
            "facet": [
                (said(facet.title), [(f"{facet.id}:{value}", said(text)) for value, text in facet.values.items()])
                for facet in vocabulary.facets
                if facet.id in _named()
            ],
        }
        for name, values in choices.items():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, choices=[("", phrase("Tous")), *values], required=False
            )

    @property
    def filters(self) -> Filters:
        """Return the filters that were understood."""
        told = self.cleaned_data
        facet, _, value = told.get("facet", "").partition(":")
        return Filters(
            themes=_one(told.get("theme")),
            families=_one(told.get("family")),
            levels=_one(told.get("level")),
            facets=[(facet, value)] if value else (),
            sources=_one(told.get("reference")),
            extra={"yes": True, "no": False}.get(told.get("extra", "")),
        )


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


@cache
def _sources() -> list[tuple[str, str]]:
    return [(each.code, each.title) for each in quotes(reference.clausier())]


@cache
def _named() -> frozenset[str]:
    """Return the facets that a point names."""
    return frozenset(facet for point in reference.clausier().points.values() for rule in point.facets for facet in rule)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """List the points found, best first; without a word, all that the filters keep."""
    clausier, tongue = reference.clausier(), language()
    form = SearchForm(request.GET or None)
    query, filters = "", Filters()
    if form.is_bound:
        form.is_valid()
        query, filters = form.cleaned_data.get("q", ""), form.filters
    kept = filtered(clausier, filters)
    found = _index(tongue).find(query) if query else None
    hits = [hit for hit in found.hits if hit.point in set(kept)] if found else [Hit(each, 0, ()) for each in kept]
    results = [_result(hit, query, tongue) for hit in hits]
    context = {
        "clausier": clausier,
        "form": form,
        "wanted": query,
        "results": results,
        "whole": found.whole if found else True,
        "narrowed": filters != Filters(),
    }
    htmx = getattr(request, "htmx", None)
    part = htmx is not None and bool(htmx) and not htmx.history_restore_request
    response = render(request, "clauses/search_part.html" if part else "clauses/search.html", context)
    response["Vary"] = "HX-Request"
    return response


def _result(hit: Hit, query: str, tongue: Language) -> dict[str, Any]:
    clausier = reference.clausier()
    point = clausier.points[hit.point]
    theme = clausier.theme_of[point.id]
    field = next((each for each in FIELDS if each.name in hit.fields and each.name not in {"title", "theme"}), None)
    text, where = point.wording(tongue), ""
    if field is not None and field.name != "wording":
        texts = list(field.texts(theme, point, tongue))
        text = next((each for each in texts if _holds(each, query)), texts[0] if texts else text)
        where = field.title.say(tongue)
    line = shown.line(clausier, point, tongue)
    pieces: tuple[Piece, ...] = extract(shown.typeset(text, tongue), query)
    return {"line": line, "title": _html(marked(line.title, query)), "extract": _html(pieces), "where": where}


def _html(pieces: Iterable[Piece]) -> SafeString:
    """Return pieces with the words looked for marked."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", each.text) if each.marked else each.text,) for each in pieces)
    )


def _holds(text: str, query: str) -> bool:
    return any(piece.marked for piece in marked(text, query))
