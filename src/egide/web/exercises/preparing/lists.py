"""The exercises of one's organisations, and of one: planned, running, to debrief, done; what is owed, what to do next."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from egide.exercise.validity import Duty
from egide.message import Message, message
from egide.web.exercises.models import Exercise, State
from egide.web.exercises.preparing import held, room
from egide.web.organisations.models import Kind, Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import may

A_PAGE = 50


@dataclass(frozen=True)
class Advice:
    """What to do next, and where."""

    says: Message
    label: Message
    url: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the organisations of this person; who has no account is shown the kits."""
    if not request.user.is_authenticated:
        return redirect("exercises:kits")
    rows = Organisation.objects.visible_to(request.user).filter(kind__in=room.REHEARSING)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    establishments = [each for each in page.object_list if each.kind == Kind.ESTABLISHMENT]
    if len(page.object_list) == 1 and establishments:
        return _one(request, establishments[0])
    context = {
        "page": page,
        "standings": held.standings(establishments, timezone.localdate()),
        "groups": [each for each in page.object_list if each.kind == Kind.GROUP],
    }
    return render(request, "exercises/preparing/index.html", context)


@require_safe
@login_required
def show(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Show the exercises of an organisation."""
    return _one(request, room.organisation(request, organisation))


def _one(request: HttpRequest, of: Organisation) -> HttpResponse:
    (standing,) = held.standings([of], timezone.localdate())
    can = may(request.user, Right.REHEARSE, of.pk)
    context = {
        "organisation": of,
        "group": of.kind == Kind.GROUP,
        "standing": standing,
        "can": can,
        "advice": advice(standing) if can else None,
        "planned": [(each, room.address("prepare", each)) for each in standing.planned],
        "running": [(each, room.address("board", each)) for each in standing.running],
        "played": [(each, standing.held.get(each.pk), room.address("debrief", each) or room.address("prepare", each)) for each in (*standing.to_debrief, *standing.done)],
        "bring": room.address("bring_results", of) if can else "",
        "crisis": room.address("crisis", of),
        "level": f"{reverse('exercises:level')}?etablissement={of.uuid}",
    }  # fmt: skip
    return render(request, "exercises/preparing/show.html", context)


def advice(standing: held.Standing) -> Advice:
    """Return what an establishment should do next, the most pressing thing first."""
    of = standing.organisation
    if standing.running:
        return _of(standing.running[0], "board", message("Un exercice se joue en ce moment."), message("Animer"))
    if standing.to_debrief:
        return _of(standing.to_debrief[0], "debrief", message("Joué, mais pas encore débriefé : ce qui n’est pas écrit cette semaine est perdu."), message("Faire le retour d’expérience"))  # fmt: skip
    planned = standing.planned[0] if standing.planned else None
    if planned and planned.state == State.READY:
        return _of(planned, "tables", message("Tout est prêt : imprimez les liens et les livres, réservez la salle."), message("Tables et liens"))  # fmt: skip
    if planned:
        return _of(planned, "words", message("La préparation est commencée."), message("Continuer la préparation"))
    if standing.last is None:
        level = f"{reverse('exercises:level')}?etablissement={of.uuid}"
        return Advice(message("Pour un premier exercice : quelques questions disent le niveau, puis on fixe une date. Une semaine suffit."), message("Choisir le niveau"), level)  # fmt: skip
    if standing.duty is not Duty.DONE:
        return Advice(message("L’exercice de l’année reste à prévoir : fixez une date, le reste suit."), message("Prévoir l’exercice"), reverse("exercises:new", args=[of.uuid]))  # fmt: skip
    if standing.kit_tone != "good" and (crisis := room.address("crisis", of)):
        return Advice(message("Le kit de crise est à faire ou à revoir."), message("Ouvrir le kit de crise"), crisis)
    return Advice(message("L’exercice de l’année est fait. Le suivant peut viser un service ou un niveau de plus."), message("Prévoir le suivant"), reverse("exercises:new", args=[of.uuid]))  # fmt: skip


def _of(row: Exercise, page: str, says: Message, label: Message) -> Advice:
    return Advice(says, label, room.address(page, row) or room.address("prepare", row))
