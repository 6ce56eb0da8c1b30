"""The demonstration: whose accounts one may try, what to try first with each, and the door to enter as one of them.

It exists only in a folder of data that the command `demo` made and marked, served with EGIDE_DEMO=oui.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from egide.message import Text
from egide.web.audit.guard import record
from egide.web.organisations.models import User
from egide.web.organisations.roles import Role

MARK = "demonstration.json"
FORMAT = 1
TODAY = datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("Europe/Paris"))
"""The day on which the demonstration is set: both examples are over."""
DOMAIN = "demo.example"
PASSWORD = "demonstration-egide"  # noqa: S105 (shown to everybody, on fictitious data)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class Account:
    """An account to try: whose, in what role, as which evaluator of the examples, and what to try first."""

    code: str
    name: str
    role: Role
    title: Text
    tries: tuple[Text, ...] = ()
    evaluator: str = ""
    elsewhere: bool = False

    @property
    def email(self) -> str:
        """Return the address with which one signs in."""
        return f"{self.code}@{DOMAIN}"


ACCOUNTS = (
    Account("acheteur", "Camille Fictive", Role.BUYER, Text("Acheteur", "Buyer"), (
        Text("Ouvrir la consultation du PACS et suivre ses étapes jusqu’au classement.", "Open the PACS consultation and follow its steps to the ranking."),
        Text("Créer une consultation, ou déposer le dossier d’une autre.", "Create a consultation, or drop the folder of another."),
    )),
    Account("rssi", "Dominique Fictif", Role.EVALUATOR, Text("RSSI, évaluateur", "CISO, evaluator"), (
        Text("Ouvrir la grille de notation du PACS : ce que chaque candidat déclare, et ce qui est retenu.", "Open the marking grid of the PACS: what each tenderer declares, and what is retained."),
        Text("Continuer le diagnostic du centre hospitalier, et lire celui du CHU (Diagnostic).", "Go on with the diagnosis of the hospital, and read that of the university hospital (Diagnosis)."),
    ), evaluator="rssi"),
    Account("dpo", "Maxence Fictif", Role.EVALUATOR, Text("Déléguée à la protection des données", "Data protection officer"), (
        Text("Noter les points de données personnelles, et voir où l’on n’est pas d’accord avec le RSSI.", "Mark the points on personal data, and see where one disagrees with the CISO."),
    ), evaluator="dpo"),
    Account("biomedical", "Alix Fictive", Role.EVALUATOR, Text("Ingénieur biomédical", "Biomedical engineer"), (
        Text("Noter la maintenance et le dispositif, et la valeur fonctionnelle.", "Mark maintenance and the device, and functional value."),
    ), evaluator="biomedical"),
    Account("direction", "Sacha Fictif", Role.DIRECTOR, Text("Direction", "Management"), (
        Text("Lire le classement et ses raisons, sans les offres.", "Read the ranking and its reasons, without the bids."),
        Text("Ouvrir le risque du CHU, de l’hôpital de proximité, de l’EHPAD (Risque), puis celui du GHT.", "Open the risk of the university hospital, the local hospital, the care home (Risk), then that of the group."),
        Text("Voir les exercices du GHT : qui en a joué un, qui est en retard (Exercices), et continuer celui de l’hôpital de proximité.", "See the exercises of the group: who played one, who is late (Exercises), and go on with that of the local hospital."),
        Text("Ouvrir l’étude de pertes (Pertes), et bouger les limites de l’assurance.", "Open the loss study (Losses), and move the limits of the insurance."),
    )),
    Account("administrateur", "Lou Fictive", Role.ADMINISTRATOR, Text("Administrateur", "Administrator"), (
        Text("Inviter quelqu’un, donner un rôle, relire le journal.", "Invite somebody, give a role, read the trail."),
    )),
    Account("ailleurs", "Noa Fictif", Role.BUYER, Text("Acheteur d’un autre hôpital", "Buyer of another hospital"), (
        Text("Vérifier que rien du GHT ne se voit d’ailleurs.", "Check that nothing of the group shows from elsewhere."),
    ), elsewhere=True),
)  # fmt: skip
BY_CODE: Mapping[str, Account] = {each.code: each for each in ACCOUNTS}
WORLD: Mapping[str, Any] = {"accounts": ACCOUNTS, "password": PASSWORD}


def mark(folder: Path) -> Mapping[str, Any] | None:
    """Return what the command `demo` wrote in a folder of data that is its own, None in any other."""
    try:
        said = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and said.get("format") == FORMAT else None


def ahead(mark: Mapping[str, Any]) -> timedelta:
    """Return by how much the clock of this demonstration is ahead: its story is told on TODAY, the day it was made."""
    try:
        return TODAY - datetime.fromisoformat(mark["made"])
    except (KeyError, TypeError, ValueError):
        return timedelta(0)


def here() -> bool:
    """Whether this site is a demonstration: it is asked to be, and its data are marked as such."""
    return bool(settings.DEMO and mark(settings.DATA))


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as an account of the demonstration, and of nothing else."""
    account = BY_CODE.get(request.POST.get("account", ""))
    if account is None or not here():
        raise Http404
    user = get_object_or_404(User, email=account.email, is_active=True)
    login(request, user, backend=BACKEND)
    record("demonstration.entered", subject=user)
    return redirect("home:start")
