"""Who plays: the seats and who sits there, the sites, the participants and observers by their links; ready, or not yet."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST

from egide.exercise.script import Script
from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.exercises import convert
from egide.web.exercises.models import Exercise, Participant, Role, Site, State
from egide.web.exercises.preparing import draft, early, room
from egide.web.exercises.preparing.forms import ParticipantForm, PeopleForm, SiteForm
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed

MOST_PARTICIPANTS = 250
MOST_SITES = 30


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tables(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who plays where and by which links; write who sits at each place."""
    row = room.draft_of(request, uuid) if request.method == "POST" else room.exercise(request, uuid)
    script = draft.script_of(row)
    form = PeopleForm(request.POST or None, script=script, people=row.people)
    if request.method == "POST" and form.is_valid():
        row.people = form.people(row.people)
        room.saved(row, "exercise.people", {"seats": sorted(row.people)}, "people")
        messages.success(request, said(message("Places enregistrées.")))
        return redirect("exercises:tables", row.uuid)
    context = room.common(request, row, "tables")
    sites = list(row.sites.all())
    context |= {
        "form": form if context["may_change"] else None,
        "seats": [(each.title, row.people.get(each.code, "")) for each in script.seats],
        "sites": sites,
        "participants": participants(row, script),
        "many": len(sites) > 1,
        "open": row.open or row.state == State.DRAFT,
        "against": early.against(row) if row.state in {State.DRAFT, State.READY} else None,
        "links": room.address("links", row),
        "observers": row.participants.filter(role=Role.OBSERVER).exists(),
    }
    return render(request, "exercises/preparing/tables.html", context, status=room.status(request))


def participants(row: Exercise, script: Script) -> list[tuple[Participant, list[Any]]]:
    """Return who takes part by a link, each with the titles of the seats held or watched: one query."""
    titles = {each.code: each.title for each in script.seats}
    return [
        (each, [titles[code] for code in each.seats if code in titles])
        for each in row.participants.select_related("site")
    ]


def _open(request: HttpRequest, uuid: UUID) -> Exercise:
    """Return an exercise to which people may still be added. Raises PermissionDenied when it is over."""
    row = room.exercise(request, uuid, Right.REHEARSE)
    if request.method == "POST" and row.state in {State.ENDED, State.CLOSED}:
        raise PermissionDenied
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_participant(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add somebody who takes part by a link, also while it is played: people come late."""
    row = _open(request, uuid)
    script = draft.script_of(row)
    form = ParticipantForm(request.POST or None, script=script, sites=row.sites.all())
    if request.method == "POST" and form.is_valid():
        if row.participants.count() >= MOST_PARTICIPANTS:
            form.add_error(None, said(message("{most} participants au plus : une place peut servir à toute une table.", most=MOST_PARTICIPANTS)))  # fmt: skip
        else:
            added = Participant(exercise=row)
            form.write(added)
            added.save()
            convert.link([added])
            record("exercise.participant", row.organisation, row, {"added": added.name, "role": added.role})
            messages.success(request, said(message("Participant ajouté.")))
            return redirect(f"{room.address('tables', row)}#participants")
    return _form(request, row, form, said(message("Ajouter un participant ou un observateur")))


def _participant(request: HttpRequest, uuid: UUID) -> Participant:
    rows = Participant.objects.select_related("exercise__organisation", "site")
    found: Participant = allowed(rows, request.user, uuid, Right.REHEARSE)
    if request.method == "POST" and found.exercise.state in {State.ENDED, State.CLOSED}:
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_participant(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change who somebody is, or where; the link stays the same."""
    found = _participant(request, uuid)
    row = found.exercise
    form = ParticipantForm(request.POST or None, script=draft.script_of(row), sites=row.sites.all(), initial=ParticipantForm.shown(found))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        form.write(found)
        found.revision = F("revision") + 1
        found.save(update_fields=("role", "name", "seats", "site", "revision"))
        record("exercise.participant", row.organisation, row, {"changed": found.name, "role": found.role})
        messages.success(request, said(message("Participant modifié.")))
        return redirect(f"{room.address('tables', row)}#participants")
    return _form(request, row, form, said(message("Modifier ce participant")))


def _form(request: HttpRequest, row: Exercise, form: ParticipantForm, title: str) -> HttpResponse:
    context = room.common(request, row, "tables") | {"form": form, "here": title}
    return render(request, "exercises/preparing/participant.html", context, status=room.status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove_participant(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take somebody off the list, once confirmed; who wrote something stays."""
    found = _participant(request, uuid)
    row = found.exercise
    back = f"{room.address('tables', row)}#participants"
    if request.method == "POST":
        record("exercise.participant", row.organisation, row, {"removed": found.name, "role": found.role})
        try:
            found.delete()
        except (ProtectedError, RestrictedError):
            messages.error(request, said(message("Cette personne a déjà écrit ou coché quelque chose : elle reste dans la liste.")))  # fmt: skip
            return redirect(back)
        messages.success(request, said(message("Participant retiré.")))
        return redirect(back)
    return render(request, "confirm.html", {
        "question": said(message("Retirer « {name} » de l’exercice ?", name=found.name or found.get_role_display())),
        "consequences": [message("Son lien d’accès ne s’ouvre plus.")],
        "submit": said(message("Retirer")),
        "cancel": back,
        "print_title": row.title,
    })  # fmt: skip


@require_POST
@login_required
def fill(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add one participant for each place of each site that has none, and an observer if there is none."""
    row = _open(request, uuid)
    script = draft.script_of(row)
    sites: list[Site | None] = list(row.sites.all()) if row.sites.count() > 1 else [None]
    held = {(each.site_id, code) for each in row.participants.filter(role=Role.PLAYER) for code in each.seats}
    added = [
        Participant(exercise=row, role=Role.PLAYER, name="", seats=[seat.code], site=site)
        for site in sites
        for seat in script.seats
        if (site.pk if site else None, seat.code) not in held
    ]
    if not row.participants.filter(role=Role.OBSERVER).exists():
        added.append(Participant(exercise=row, role=Role.OBSERVER, name=said(message("Observateur"))))
    room_left = MOST_PARTICIPANTS - row.participants.count()
    made = Participant.objects.bulk_create(added[: max(0, room_left)])
    convert.link(made)
    record("exercise.participant", row.organisation, row, {"filled": len(made)})
    messages.success(request, said(message("{count} liens ajoutés.", count=len(made))))
    return redirect(f"{room.address('tables', row)}#participants")


# ---------------------------------------------------------------------------------------------------------------- sites
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_site(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a site: from two on, each plays at its own table."""
    row = room.draft_of(request, uuid)
    form = SiteForm(request.POST or None, members=row.organisation.members.visible_to(request.user))
    if request.method == "POST" and form.is_valid():
        taken = set(row.sites.values_list("code", flat=True))
        if len(taken) >= MOST_SITES:
            form.add_error(None, said(message("{most} sites au plus.", most=MOST_SITES)))
        else:
            name = " ".join(form.cleaned_data["name"].split())
            site = Site.objects.create(
                exercise=row, name=name, code=_code(name, taken), organisation=form.cleaned_data.get("member")
            )
            record("exercise.site", row.organisation, row, {"added": site.name})
            messages.success(request, said(message("Site « {name} » ajouté.", name=site.name)))
            return redirect(f"{room.address('tables', row)}#sites")
    context = room.common(request, row, "tables") | {"form": form, "here": said(message("Ajouter un site"))}
    return render(request, "exercises/preparing/participant.html", context, status=room.status(request))


def _code(name: str, taken: set[str]) -> str:
    stem = slugify(name)[:30] or "site"
    numbered = (f"{stem}-{number}" for number in range(2, MOST_SITES + 2))
    return stem if stem not in taken else next(each for each in numbered if each not in taken)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove_site(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a site off, once confirmed; those who were to play there play everywhere until they are placed again."""
    rows = Site.objects.select_related("exercise__organisation")
    site: Site = allowed(rows, request.user, uuid, Right.REHEARSE)
    row = site.exercise
    if request.method == "POST" and row.state != State.DRAFT:
        raise PermissionDenied
    back = f"{room.address('tables', row)}#sites"
    if request.method == "POST":
        site.participants.update(site=None)
        record("exercise.site", row.organisation, row, {"removed": site.name})
        site.delete()
        messages.success(request, said(message("Site « {name} » retiré.", name=site.name)))
        return redirect(back)
    return render(request, "confirm.html", {
        "question": said(message("Retirer le site « {name} » ?", name=site.name)),
        "consequences": [message("Ses participants restent, sans site : placez-les de nouveau.")],
        "submit": said(message("Retirer")),
        "cancel": back,
        "print_title": row.title,
    })  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- ready
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ready(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close the preparation, once confirmed: the script is fixed and the board opens."""
    row = room.exercise(request, uuid, Right.REHEARSE)
    if row.state != State.DRAFT:
        if request.method == "POST":
            record("exercise.ready", row.organisation, row, {"again": True})
        return redirect("exercises:tables", row.uuid)
    script = draft.script_of(row)
    if request.method == "POST":
        convert.freeze(row, script)
        record("exercise.ready", row.organisation, row, {"digest": row.digest, "lines": len(script.items)})
        messages.success(request, said(message("Exercice prêt : imprimez les liens, puis animez le jour venu.")))
        return redirect(room.address("board", row) or room.address("tables", row))
    consequences = [
        message("Le chronogramme ({count} lignes) et vos mots ne changent plus ; ils peuvent rouvrir tant que le jeu n’a pas commencé.", count=len(script.items)),
        message("Les liens des participants s’ouvrent."),
        *((message("Tel que prévu, cet exercice ne comptera pas pour l’obligation annuelle."),) if early.against(row) else ()),
    ]  # fmt: skip
    return render(request, "confirm.html", {
        "question": said(message("« {title} » est-il prêt à jouer ?", title=row.title)),
        "consequences": consequences,
        "submit": said(message("Prêt à jouer")),
        "cancel": room.address("tables", row),
        "print_title": row.title,
    })  # fmt: skip


@require_POST
@login_required
def reopen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Come back to the preparation of an exercise that is ready, has not begun, and of which no results are there."""
    row = room.exercise(request, uuid, Right.REHEARSE)
    if row.state != State.READY:
        raise PermissionDenied
    if row.results.exists():
        messages.warning(request, said(message("Des résultats de cet exercice sont importés : sa préparation ne se rouvre plus.")))  # fmt: skip
        return redirect("exercises:results", row.uuid)
    convert.thaw(row)
    record("exercise.reopened", row.organisation, row)
    messages.success(request, said(message("La préparation est rouverte ; les liens restent les mêmes.")))
    return redirect("exercises:prepare", row.uuid)
