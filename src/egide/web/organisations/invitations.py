"""Inviting somebody: a secret in a link, of which only the digest is kept; seven days, once."""

import hashlib
import logging
import uuid
from datetime import timedelta
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from egide.message import message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.organisations.models import Invitation, Membership, Organisation, User
from egide.web.organisations.roles import TITLES

logger = logging.getLogger("egide.web")
LASTS = timedelta(days=7)


def digest(secret: uuid.UUID) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.bytes).hexdigest()


def invite(organisation: Organisation, email: str, role: str, by: User | None) -> tuple[Invitation, uuid.UUID]:
    """Make an invitation and its secret; it replaces the one that waits for the same person and role."""
    waiting(organisation).filter(email=email, role=role).delete()
    secret = uuid.uuid4()
    made = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        invited_by=by,
        secret_digest=digest(secret),
        expires_at=timezone.now() + LASTS,
    )
    record("invitation.sent", organisation, organisation, {"email": email, "role": role})
    return made, secret


def waiting(organisation: Organisation) -> Any:
    """Return the invitations of an organisation that nobody took, the outdated ones too."""
    return Invitation.objects.filter(organisation=organisation, accepted_at=None).order_by("-created_at")


def mail(invitation: Invitation, link: str) -> bool:
    """Send the invitation; return whether the mail server took it."""
    context = {
        "link": link,
        "organisation": invitation.organisation,
        "role": TITLES[invitation.role],
        "by": invitation.invited_by,
        "days": LASTS.days,
    }
    subject = said(message("Égide · invitation de {organisation}", organisation=invitation.organisation.name))
    try:
        send_mail(subject, render_to_string("organisations/mail/invitation.txt", context), None, [invitation.email])
    except OSError as fault:
        logger.error("mail", exc_info=fault)
        return False
    return True


def open_one(secret: uuid.UUID) -> Invitation | None:
    """Return the invitation of that secret if it can still be taken."""
    known = Invitation.objects.select_related("organisation").filter(secret_digest=digest(secret), accepted_at=None)
    found: Invitation | None = known.filter(expires_at__gt=timezone.now()).first()
    return found


def accept(invitation: Invitation, user: User) -> bool:
    """Give the role to its person, once; return False when somebody was quicker."""
    with transaction.atomic():
        free = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=timezone.now())
        if not free.update(accepted_at=timezone.now()):
            return False
        Membership.objects.get_or_create(user=user, organisation=invitation.organisation, role=invitation.role)
        told = {"person": str(user), "email": user.email, "role": invitation.role}
        record("invitation.accepted", invitation.organisation, user, told)
    return True
