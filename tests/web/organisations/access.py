"""Who reaches the pages of organisations and of accounts."""

import uuid
from datetime import timedelta

from django.utils import timezone

from egide.web.organisations import invitations
from egide.web.organisations.models import Invitation, Membership, Organisation
from egide.web.organisations.roles import Right
from web.access import Access, everybody, needs, signed_in
from web.world import PASSWORD, ROLES

SECRET = uuid.UUID("5a1b2c3d-0000-4000-8000-000000000001")


def organisation(world):
    return {"uuid": world.hospital.organisation.uuid}


def ght(world):
    group = Organisation.objects.create(name="GHT de Valmont", kind="ght")
    for role in ROLES:
        Membership.objects.create(user=getattr(world.hospital, role), organisation=group, role=role)
    return {"uuid": group.uuid}


def held(world):
    """The role of somebody who has another one."""
    one = Membership.objects.create(user=world.hospital.reader, organisation=world.hospital.organisation, role="buyer")
    return {"uuid": one.uuid}


def invitation(world, email="invite@exemple.fr"):
    return Invitation.objects.create(
        organisation=world.hospital.organisation, email=email, role="reader", expires_at=timezone.now() + timedelta(1),
        secret_digest=invitations.digest(SECRET),
    )  # fmt: skip


def waiting(world):
    return {"uuid": invitation(world).uuid}


def secret(world):
    invitation(world)
    return {"secret": SECRET}


ACCEPT = {"full_name": "Personne Fictive", "password1": PASSWORD, "password2": PASSWORD}
MANAGE_POST = needs(Right.MANAGE, then=302)
# An account of nobody's role in particular: the same for all who are signed in.
OWN = signed_in()
OWN_POST = signed_in(302)
ONLY_VISITORS = everybody(302) | {"visitor": 200}

ADDRESSES = {
    "organisations:mine": Access(get=OWN),
    "organisations:profile": Access(get=OWN, post=OWN_POST, data=lambda world: {"full_name": "Nom Nouveau"}),
    "organisations:one": Access(get=needs(Right.SEE), kwargs=organisation),
    "organisations:change": Access(
        get=needs(Right.MANAGE),
        post=MANAGE_POST,
        kwargs=organisation,
        data=lambda world: {"name": "Nom", "kind": "ght"},
    ),
    "organisations:group": Access(
        get=needs(Right.MANAGE), post=MANAGE_POST, kwargs=ght, data=lambda world: {"support": ""}
    ),
    "organisations:add_member": Access(
        get=needs(Right.MANAGE), post=MANAGE_POST, kwargs=ght, data=lambda world: {"name": "Maison de santé"}
    ),
    "organisations:invite": Access(
        get=needs(Right.MANAGE),
        post=MANAGE_POST,
        kwargs=organisation,
        data=lambda world: {"email": "nouveau@exemple.fr", "role": "buyer"},
    ),
    "organisations:remove_role": Access(get=needs(Right.MANAGE), post=MANAGE_POST, kwargs=held),
    "organisations:cancel_invitation": Access(post=MANAGE_POST, kwargs=waiting),
    "organisations:invite_again": Access(post=MANAGE_POST, kwargs=waiting),
    "organisations:accept": Access(
        get=everybody(),
        post=everybody() | {"visitor": 302},
        kwargs=secret,
        data=lambda world: ACCEPT,
        silent=("stranger", *ROLES, "other"),
        opens=True,
    ),
    "account_login": Access(get=ONLY_VISITORS, post=ONLY_VISITORS, silent=True),
    "account_logout": Access(get=everybody() | {"visitor": 302}, post=everybody(302), silent=True, opens=True),
    "account_inactive": Access(get=everybody(), silent=True),
    "account_reauthenticate": Access(get=OWN, post=OWN, silent=True),
    "account_change_password": Access(
        get=OWN,
        post=OWN_POST,
        data=lambda world: {"oldpassword": PASSWORD, "password1": PASSWORD + " x", "password2": PASSWORD + " x"},
    ),
    "account_reset_password": Access(
        get=everybody(), post=everybody(302), data=lambda world: {"email": "x@exemple.fr"}, silent=True, opens=True
    ),
    "account_reset_password_done": Access(get=everybody()),
    "account_reset_password_from_key": Access(
        get=everybody(), post=everybody(), kwargs=lambda world: {"uidb36": "1", "key": "faux-lien"}, silent=True
    ),
    "account_reset_password_from_key_done": Access(get=everybody()),
    "mfa_index": Access(get=OWN),
    "mfa_authenticate": Access(get=everybody(302), post=everybody(302), silent=True),
    "mfa_reauthenticate": Access(get=signed_in(302), post=signed_in(302), silent=True),
    "mfa_activate_totp": Access(get=signed_in(302), post=signed_in(302), silent=True),
    "mfa_deactivate_totp": Access(get=signed_in(404), post=signed_in(404)),
    "mfa_view_recovery_codes": Access(get=OWN, post=signed_in(404)),
    "mfa_generate_recovery_codes": Access(get=signed_in(302), post=signed_in(302), silent=True),
    "mfa_download_recovery_codes": Access(post=signed_in(404)),
}
