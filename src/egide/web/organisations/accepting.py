"""Taking an invitation: the one way in for a person."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from egide.message import message
from egide.web.design.words import said
from egide.web.organisations import invitations
from egide.web.organisations.forms import AcceptForm
from egide.web.organisations.models import Invitation, User
from egide.web.organisations.roles import TITLES

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: UUID) -> HttpResponse:
    """Show an invitation; take it, as the account that is signed in or by opening one."""
    invitation = invitations.open_one(secret)
    if invitation is None:
        return render(request, "organisations/invitation_over.html", status=410)
    context = {"invitation": invitation, "role": TITLES[invitation.role]}
    if request.user.is_authenticated:
        return _as_member(request, invitation, context)
    if User.objects.filter(email=invitation.email).exists():
        if request.method == "POST":
            return redirect(request.path)
        context["login"] = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "organisations/accept_login.html", context)
    form = AcceptForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = User.objects.create_user(invitation.email, given["password1"], full_name=given["full_name"])
        login(request, user, backend=BACKEND)
        return _taken(request, invitation, user)
    return render(request, "organisations/accept.html", context | {"form": form})


def _as_member(request: HttpRequest, invitation: Invitation, context: dict[str, Any]) -> HttpResponse:
    user: Any = request.user
    if user.email != invitation.email:
        return render(request, "organisations/accept_other.html", context)
    if request.method == "POST":
        return _taken(request, invitation, user)
    return render(request, "organisations/accept_member.html", context)


def _taken(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    if not invitations.accept(invitation, user):
        return render(request, "organisations/invitation_over.html", status=410)
    welcome = message("Bienvenue. Vous êtes membre de {organisation}.", organisation=invitation.organisation.name)
    messages.success(request, said(welcome))
    return redirect("home:start")
