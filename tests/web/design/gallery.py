"""A page that shows every component, and the forms of the error and confirmation pages: for the tests and the eye."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from egide.finding import Finding, Severity
from egide.message import Message
from egide.web.design.fields import DayField, ManyFilesField, NumberField
from egide.web.design.navigation import ACCOUNT, FOOTER, MAIN, Entry, Link, Step, StepState

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 90" role="img" aria-label="Deux barres">'
    '<rect x="90" y="10" width="280" height="26" fill="#1f4f8f"/><rect x="90" y="50" width="190" height="26" fill="#1f4f8f"/>'
    '<text x="0" y="28" font-size="14">Gouvernance</text><text x="0" y="68" font-size="14">Réseau</text></svg>'
)


class Everything(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Intitulé de l’achat", help_text="Comme il paraîtra dans l’avis.", max_length=80)
    amount = NumberField(label="Montant estimé hors taxes (€)", help_text="Sur la durée totale.", min_value=Decimal(0))
    opening = DayField(label="Remise des offres", required=False)
    kind = forms.ChoiceField(
        label="Procédure", choices=[("", "Choisir…"), ("ao", "Appel d’offres ouvert"), ("mapa", "Procédure adaptée")]
    )
    hosting = forms.ChoiceField(
        label="Hébergement", choices=[("in", "Dans l’établissement"), ("out", "Chez un hébergeur")], widget=forms.RadioSelect
    )  # fmt: skip
    data = forms.MultipleChoiceField(
        label="Données traitées",
        choices=[("care", "Données de santé"), ("staff", "Données des agents"), ("none", "Aucune donnée personnelle")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(label="Motif", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="Les services utilisateurs ont été consultés", help_text="RSSI et DPO compris.")
    files = ManyFilesField(label="Classeurs des candidats", help_text="XLSX, ODS, CSV ou archive ZIP.", required=False)


def context(data: Any = None) -> dict[str, Any]:
    """Return what the gallery shows."""
    finding = Finding(
        "answers.level.unknown",
        Severity.ERROR,
        Message("la réponse « plutôt oui » n'est pas un niveau du clausier"),
        Message("Retenir l'un des niveaux proposés dans la liste de la cellule."),
        "bids/novimage/questionnaire.xlsx",
        "Réponses!D14",
        "EG-014",
        "plutôt oui",
    )
    names = ["Novimage", "Radia Systèmes", "Ateliers Imagerie du Ponant", "Cobalt Santé"]
    states = [
        ("good", "Régulière"),
        ("good", "Régulière"),
        ("doubt", "Irrégularité proposée"),
        ("error", "Irrégulière"),
    ]
    return {
        "steps": [
            Step("Achat", "/", StepState.DONE),
            Step("Clausier", "/", StepState.DONE),
            Step("Critères", "/", StepState.MISSING, current=True, missing=2),
            Step("Documents", "/", StepState.MISSING, missing=1),
            Step("Offres", "/", StepState.OPEN),
            Step("Notation", "", StepState.LOCKED, reason="Après l’ouverture des plis"),
            Step("Résultat", "", StepState.LOCKED),
        ],
        "tabs": [Link("Classement", "#", current=True), Link("Matrice", "#", count=118), Link("Robustesse", "#")],
        "findings": [finding],
        "rows": [
            {"rank": rank, "name": name, "tone": tone, "state": state, "price": "1 234 567,00", "security": "14,25",
             "technique": "12,00", "total": "73,41"}
            for rank, (name, (tone, state)) in enumerate(zip(names, states, strict=True), 1)
        ],
        "page": Paginator(range(100), 10).page(4),
        "pairs": [("Acheteur", "GHT des Trois Vallées (fictif)"), ("Envoi à la publication", "24/11/2026"), ("Durée", "48 mois")],
        "numbers": range(1, 41),
        "svg": SVG,
        "form": Everything(data, initial={"amount": Decimal("1234567.50"), "opening": date(2027, 1, 15)}),
        "print_title": "PACS et archivage d’imagerie du GHT des Trois Vallées",
    }  # fmt: skip


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; `?wrong` shows the form with its errors."""
    page = engines["django"].from_string((Path(__file__).parent / "gallery.html").read_text(encoding="utf-8"))
    given = request.POST if request.method == "POST" else {"amount": "1.234"} if "wrong" in request.GET else None
    return HttpResponse(page.render(context(given), request))


def advance(request: HttpRequest) -> HttpResponse:
    """Answer the part alone of a job that has ended."""
    part = "{% progress 50 50 title='Lecture des classeurs' url='/avance' state='Terminé' running=False %}"
    return HttpResponse(engines["django"].from_string(part).render({}, request))


def confirm(request: HttpRequest) -> HttpResponse:
    """Show the page before a dangerous action."""
    given = {
        "question": "Supprimer cette consultation ?",
        "consequences": ["Les offres déposées et les notes sont effacées.", "Le journal garde la trace de cette suppression."],
        "submit": "Supprimer la consultation",
        "cancel": "/galerie",
    }  # fmt: skip
    return render(request, "confirm.html", given)


def error(request: HttpRequest, code: str) -> HttpResponse:
    """Show an error page."""
    return render(request, f"{code}.html")


def stand_ins(entries: Iterable[Entry]) -> list[Any]:
    """Return an address for each entry of the navigation, so that the design is seen whole without the other parts."""
    parts: dict[str, list[Any]] = defaultdict(list)
    for entry in entries:
        part, _, name = entry.view.rpartition(":")
        parts[part].append(path(f"{part}/{name}", gallery, name=name))
    return [
        path("", include((views, part), namespace=part) if part else include(views)) for part, views in parts.items()
    ]


urlpatterns = i18n_patterns(
    path("galerie", gallery, name="gallery"),
    path("avance", advance),
    path("confirmer", confirm),
    path("erreur/<str:code>", error),
    *stand_ins((*MAIN, *FOOTER, *ACCOUNT, Entry("", "home:welcome"), Entry("", "account_login"))),
    prefix_default_language=False,
)
