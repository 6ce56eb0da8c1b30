"""Organisations, their people, and one's own name."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.organisations import invitations
from egide.web.organisations.forms import GroupForm, InvitationForm, MemberForm, OrganisationForm, ProfileForm
from egide.web.organisations.models import Invitation, Kind, Membership, Organisation
from egide.web.organisations.roles import TITLES, Right, Role
from egide.web.organisations.scope import allowed, may

GET_POST = ("GET", "HEAD", "POST")


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show the organisations of this person, and the roles held there."""
    user: Any = request.user
    held = Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name", "role")
    by_organisation: dict[Organisation, list[Any]] = {}
    for each in held:
        by_organisation.setdefault(each.organisation, []).append(TITLES[each.role])
    context = {"organisations": [(each, roles, may(user, Right.MANAGE, each.pk)) for each, roles in by_organisation.items()]}  # fmt: skip
    return render(request, "organisations/mine.html", context)


@require_safe
@login_required
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an organisation: its people and their roles, what waits, its group."""
    found = Organisation.objects.select_related("support").prefetch_related(
        "members", Prefetch("groups", Organisation.objects.visible_to(request.user))
    )
    organisation = found.one_visible_to(request.user, uuid)
    manages = may(request.user, Right.MANAGE, organisation.pk)
    people = Membership.objects.filter(organisation=organisation).select_related("user")
    context = {
        "organisation": organisation,
        "manages": manages,
        "is_group": organisation.kind == Kind.GROUP,
        "people": [(each, TITLES[each.role]) for each in people.order_by("user__full_name", "user__email", "role")],
        "waiting": [
            (each, TITLES[each.role], each.expires_at < timezone.now()) for each in invitations.waiting(organisation)
        ]
        if manages
        else [],
    }
    return render(request, "organisations/one.html", context)


@require_http_methods(GET_POST)
@login_required
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what an organisation is."""
    organisation = allowed(Organisation.objects, request.user, uuid, Right.MANAGE)
    form = OrganisationForm(request.POST or None, instance=organisation)
    before = dict(form.initial)
    if request.method == "POST" and form.is_valid():
        form.save()
        changed = {name: [before[name], form.cleaned_data[name]] for name in form.changed_data}
        record("organisation.changed", organisation, organisation, changed)
        messages.success(request, said(message("L’organisation est enregistrée.")))
        return redirect("organisations:one", uuid)
    return render(request, "organisations/change.html", {"organisation": organisation, "form": form})


@require_http_methods(GET_POST)
@login_required
def group(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say which establishments are members of a GHT, and which one is its support."""
    organisation = allowed(Organisation.objects.filter(kind=Kind.GROUP), request.user, uuid, Right.MANAGE)
    form = GroupForm(request.POST or None, instance=organisation, user=request.user)
    before = sorted(each.name for each in organisation.members.all())
    if request.method == "POST" and form.is_valid():
        form.save()
        told = {
            "members": [before, sorted(each.name for each in form.cleaned_data["members"])],
            "support": str(form.cleaned_data["support"] or ""),
        }
        record("organisation.members", organisation, organisation, told)
        messages.success(request, said(message("Le groupement est enregistré.")))
        return redirect("organisations:one", uuid)
    return render(request, "organisations/group.html", {"organisation": organisation, "form": form})


@require_http_methods(GET_POST)
@login_required
def add_member(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Create a member establishment of a GHT, administered by who creates it."""
    organisation = allowed(Organisation.objects.filter(kind=Kind.GROUP), request.user, uuid, Right.MANAGE)
    user: Any = request.user
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        Membership.objects.create(user=user, organisation=made, role=Role.ADMINISTRATOR)
        organisation.members.add(made)
        record("organisation.created", made, made, {"name": made.name})
        record("organisation.members", organisation, organisation, {"added": made.name})
        messages.success(request, said(message("{name} est créé et membre du groupement.", name=made.name)))
        return redirect("organisations:one", made.uuid)
    return render(request, "organisations/add_member.html", {"organisation": organisation, "form": form})


@require_http_methods(GET_POST)
@login_required
def invite(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Invite somebody; a person who is a member already gets the role at once."""
    organisation = allowed(Organisation.objects, request.user, uuid, Right.MANAGE)
    form = InvitationForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisations/invite.html", {"organisation": organisation, "form": form})
    email, role = form.cleaned_data["email"], form.cleaned_data["role"]
    member = Membership.objects.filter(organisation=organisation, user__email=email).select_related("user").first()
    if member is None:
        made, secret = invitations.invite(organisation, email, role, request.user)  # type: ignore[arg-type]
        _send(request, made, secret)
    elif Membership.objects.filter(organisation=organisation, user=member.user, role=role).exists():
        form.add_error("role", said(message("{person} a déjà ce rôle.", person=str(member.user))))
        return render(request, "organisations/invite.html", {"organisation": organisation, "form": form})
    else:
        Membership.objects.create(organisation=organisation, user=member.user, role=role)
        record("role.given", organisation, member.user, {"person": str(member.user), "role": role})
        messages.success(request, said(message("{person} a maintenant ce rôle.", person=str(member.user))))
    return redirect("organisations:one", uuid)


def _send(request: HttpRequest, invitation: Invitation, secret: UUID) -> None:
    link = request.build_absolute_uri(reverse("organisations:accept", args=[secret]))
    if invitations.mail(invitation, link):
        messages.success(request, said(message("Invitation envoyée à {email}.", email=invitation.email)))
    else:
        refused = message("Le courriel à {email} n’est pas parti : renvoyez l’invitation plus tard.", email=invitation.email)  # fmt: skip
        messages.warning(request, said(refused))


@require_POST
@login_required
def invite_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send an invitation again, with a new link: the former no longer works."""
    waits = Invitation.objects.select_related("organisation").filter(accepted_at=None)
    invitation = allowed(waits, request.user, uuid, Right.MANAGE)
    made, secret = invitations.invite(invitation.organisation, invitation.email, invitation.role, request.user)  # type: ignore[arg-type]
    _send(request, made, secret)
    return redirect("organisations:one", invitation.organisation.uuid)


@require_POST
@login_required
def cancel_invitation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an invitation back."""
    waits = Invitation.objects.select_related("organisation").filter(accepted_at=None)
    invitation = allowed(waits, request.user, uuid, Right.MANAGE)
    organisation = invitation.organisation
    invitation.delete()
    record("invitation.cancelled", organisation, organisation, {"email": invitation.email, "role": invitation.role})
    messages.success(request, said(message("Invitation annulée : son lien ne fonctionne plus.")))
    return redirect("organisations:one", organisation.uuid)


@require_http_methods(GET_POST)
@login_required
def remove_role(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a role from somebody, after a confirmation; the last administrator stays."""
    held = Membership.objects.select_related("organisation", "user")
    membership = allowed(held, request.user, uuid, Right.MANAGE)
    organisation, person = membership.organisation, membership.user
    back = reverse("organisations:one", args=[organisation.uuid])
    if request.method == "POST":
        Organisation.objects.select_for_update().get(pk=organisation.pk)  # two administrators removing each other
        administrators = Membership.objects.filter(organisation=organisation, role=Role.ADMINISTRATOR)
        if membership.role == Role.ADMINISTRATOR and not administrators.exclude(pk=membership.pk).exists():
            messages.error(request, said(message("Le dernier administrateur ne peut pas être retiré : nommez-en un autre d’abord.")))  # fmt: skip
            return redirect(back)
        membership.delete()
        record("role.removed", organisation, person, {"person": str(person), "role": membership.role})
        messages.success(request, said(message("{person} n’a plus ce rôle.", person=str(person))))
        mine = reverse("organisations:mine")
        return redirect(mine if person == request.user and membership.role == Role.ADMINISTRATOR else back)
    role = TITLES[membership.role]
    context = {
        "question": said(message("Retirer à {person} le rôle « {role} » ?", person=str(person), role=role)),
        "consequences": [
            message("Cette personne ne pourra plus faire ici ce que ce rôle permet."),
            message("Ce qu’elle a fait reste au journal, à son nom."),
        ],
        "submit": said(message("Retirer ce rôle")),
        "cancel": back,
    }
    return render(request, "confirm.html", context)


@require_http_methods(GET_POST)
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's name."""
    user: Any = request.user
    before = user.full_name
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        record("account.name", None, user, {"full_name": [before, user.full_name]})
        messages.success(request, said(message("Votre nom est enregistré.")))
        return redirect("organisations:profile")
    return render(request, "organisations/profile.html", {"form": form})
