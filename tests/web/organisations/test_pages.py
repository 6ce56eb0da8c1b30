"""Organisations, roles, invitations, groups."""

import re
import uuid
from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide.web.audit.models import Entry
from egide.web.organisations import invitations
from egide.web.organisations.models import Invitation, Membership, Organisation, User
from web.world import PASSWORD

pytestmark = pytest.mark.django_db
ACCEPT = {"full_name": "Personne Fictive", "password1": PASSWORD, "password2": PASSWORD}


def text(response):
    return " ".join(response.content.decode().split())


def link(n=-1):
    return urlsplit(re.search(r"http\S+", mail.outbox[n].body).group()).path


def invite(client, place, email, role="buyer"):
    return client.post(reverse("organisations:invite", args=[place.organisation.uuid]), {"email": email, "role": role})


def test_from_invitation_to_role(hospital, sign_in):
    response = invite(sign_in(hospital.administrator), hospital, " Nouvelle@Exemple.fr ")
    assert response.status_code == 302
    assert mail.outbox[0].to == ["nouvelle@exemple.fr"]
    assert "Centre hospitalier de Valmont" in mail.outbox[0].subject
    assert "Acheteur" in mail.outbox[0].body
    newcomer = Client()
    assert "nouvelle@exemple.fr" in text(newcomer.get(link()))
    assert newcomer.post(link(), ACCEPT)["Location"] == reverse("home:start")
    person = User.objects.get(email="nouvelle@exemple.fr")
    assert person.full_name == "Personne Fictive"
    assert [(each.organisation, each.role) for each in person.membership_set.all()] == [
        (hospital.organisation, "buyer")
    ]
    assert newcomer.get(reverse("organisations:mine")).status_code == 200
    assert Client().get(link()).status_code == 410
    assert Client().post(link(), ACCEPT).status_code == 410
    told = Entry.objects.filter(organisation=hospital.organisation).values_list("action", "actor__email")
    assert list(told) == [("invitation.accepted", "nouvelle@exemple.fr"), ("invitation.sent", hospital.administrator.email)]  # fmt: skip


def test_somebody_with_an_account_logs_in_to_take_it(hospital, other_hospital, sign_in):
    invite(sign_in(hospital.administrator), hospital, other_hospital.reader.email, "evaluator")
    page = Client().get(link())
    assert "Connectez-vous pour recevoir ce rôle" in text(page)
    assert f"next={link()}".replace("/", "%2F") in text(page)
    assert Client().post(link(), ACCEPT).status_code == 302
    assert "adressée à une autre personne" in text(sign_in(hospital.buyer).post(link()))
    taken = sign_in(other_hospital.reader).post(link())
    assert taken["Location"] == reverse("home:start")
    assert Membership.objects.filter(user=other_hospital.reader, organisation=hospital.organisation, role="evaluator").exists()  # fmt: skip


def test_a_member_gets_another_role_at_once(hospital, sign_in):
    client = sign_in(hospital.administrator)
    invite(client, hospital, hospital.reader.email, "evaluator")
    assert not mail.outbox
    assert Membership.objects.filter(user=hospital.reader, role="evaluator").count() == 1
    assert "a déjà ce rôle" in text(invite(client, hospital, hospital.reader.email, "evaluator"))


def test_an_invitation_is_over_after_seven_days(hospital, sign_in):
    invite(sign_in(hospital.administrator), hospital, "tard@exemple.fr")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(link()).status_code == 410
    assert Client().post(link(), ACCEPT).status_code == 410
    assert timedelta(days=7) == invitations.LASTS


def test_sending_again_makes_the_first_link_worthless(hospital, sign_in):
    client = sign_in(hospital.administrator)
    invite(client, hospital, "deux@exemple.fr")
    first = Invitation.objects.get()
    client.post(reverse("organisations:invite_again", args=[first.uuid]))
    assert len(mail.outbox) == 2
    assert Client().get(link(0)).status_code == 410
    assert Client().get(link(1)).status_code == 200
    client.post(reverse("organisations:cancel_invitation", args=[Invitation.objects.get().uuid]))
    assert Client().get(link(1)).status_code == 410


def test_the_administrator_never_sees_the_secret(hospital, sign_in):
    client = sign_in(hospital.administrator)
    invite(client, hospital, "secret@exemple.fr")
    secret = link().rpartition("/")[2]
    page = client.get(reverse("organisations:one", args=[hospital.organisation.uuid])).content.decode()
    trail = client.get(reverse("audit:trail", args=[hospital.organisation.uuid])).content.decode()
    assert "secret@exemple.fr" in page
    assert secret not in page + trail
    assert not Invitation.objects.filter(uuid=secret).exists()


def test_a_weak_password_opens_no_account(hospital, sign_in):
    invite(sign_in(hospital.administrator), hospital, "faible@exemple.fr")
    for wrong in (
        {"password1": "court", "password2": "court"},
        {"password2": "autre phrase longue"},
        {"full_name": ""},
    ):
        assert Client().post(link(), ACCEPT | wrong).status_code == 200
    assert not User.objects.filter(email="faible@exemple.fr").exists()


def test_a_forged_invitation_is_over(db):
    assert Client().get(reverse("organisations:accept", args=[uuid.uuid4()])).status_code == 410


def test_the_last_administrator_stays(hospital, sign_in):
    client = sign_in(hospital.administrator)
    own = Membership.objects.get(user=hospital.administrator)
    url = reverse("organisations:remove_role", args=[own.uuid])
    assert "Retirer à" in text(client.get(url))
    assert "dernier administrateur" in text(client.post(url, follow=True))
    assert Membership.objects.filter(pk=own.pk).exists()
    invite(client, hospital, hospital.reader.email, "administrator")
    assert client.post(url)["Location"] == reverse("organisations:mine")
    assert not Membership.objects.filter(pk=own.pk).exists()


def test_a_changed_organisation_is_told_before_and_after(hospital, sign_in):
    url = reverse("organisations:change", args=[hospital.organisation.uuid])
    given = {
        "name": "CH de Valmont",
        "kind": "establishment",
        "siret": "267 500 452 00011",
        "second_factor_required": "on",
    }
    response = sign_in(hospital.administrator).post(url, given | {"siret": "12345678901234"})
    assert "Ce n’est pas un SIRET" in text(response)
    assert sign_in(hospital.administrator).post(url, given).status_code == 302
    hospital.organisation.refresh_from_db()
    assert (hospital.organisation.name, hospital.organisation.siret) == ("CH de Valmont", "26750045200011")
    told = Entry.objects.get(action="organisation.changed")
    assert told.details["name"] == ["Centre hospitalier de Valmont", "CH de Valmont"]
    assert told.actor == hospital.administrator


def test_a_group_and_its_members(hospital, other_hospital, sign_in):
    group = Organisation.objects.create(name="GHT de Valmont", kind="ght")
    Membership.objects.create(user=hospital.administrator, organisation=group, role="administrator")
    client = sign_in(hospital.administrator)
    url = reverse("organisations:group", args=[group.uuid])
    page = text(client.get(url))
    assert "Centre hospitalier de Valmont" in page
    assert "Hôpital de Brumont" not in page
    own = hospital.organisation.pk
    assert "doit être l’un des membres" in text(client.post(url, {"support": own}))
    assert "Sélectionnez un choix valide" in text(client.post(url, {"members": [other_hospital.organisation.pk]}))
    assert client.post(url, {"members": [own], "support": own}).status_code == 302
    made = client.post(reverse("organisations:add_member", args=[group.uuid]), {"name": "Maison de santé"}, follow=True)
    assert "Maison de santé" in text(made)
    assert sorted(each.name for each in group.members.all()) == ["Centre hospitalier de Valmont", "Maison de santé"]
    shown = text(client.get(reverse("organisations:one", args=[group.uuid])))
    assert "Établissement support" in shown
    assert "GHT de Valmont" in text(client.get(reverse("organisations:one", args=[hospital.organisation.uuid])))
    assert "GHT de Valmont" not in text(sign_in(hospital.reader).get(reverse("organisations:one", args=[hospital.organisation.uuid])))  # fmt: skip


def test_the_page_of_an_organisation_takes_few_queries(hospital, sign_in, django_assert_max_num_queries):
    client = sign_in(hospital.administrator)
    for n in range(30):
        Membership.objects.create(
            user=User.objects.create_user(f"p{n}@exemple.fr", PASSWORD),
            organisation=hospital.organisation,
            role="reader",
        )
        invitations.invite(hospital.organisation, f"i{n}@exemple.fr", "reader", hospital.administrator)
    with django_assert_max_num_queries(12):
        client.get(reverse("organisations:one", args=[hospital.organisation.uuid]))


def test_found_opens_a_fresh_installation(db):
    out = StringIO()
    call_command("found", "CH de Fondation", "Admin@Exemple.fr", "--site", "https://egide.exemple.fr", stdout=out)
    path = urlsplit(re.search(r"https://egide.exemple.fr(/\S+)", out.getvalue()).group()).path
    first = Client()
    assert first.post(path, ACCEPT).status_code == 302
    made = Organisation.objects.get(name="CH de Fondation")
    assert Membership.objects.get(organisation=made, role="administrator").user.email == "admin@exemple.fr"
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("found", "CH de Fondation", "admin@exemple.fr")
    with pytest.raises(CommandError, match="refusée"):
        call_command("found", "CH B", "pas une adresse")


def test_found_says_when_the_database_is_not_there_yet(db, monkeypatch):
    def absent(**_):
        raise OperationalError

    monkeypatch.setattr(Organisation.objects, "filter", absent)
    with pytest.raises(CommandError, match="pas prête"):
        call_command("found", "CH B", "admin@exemple.fr")
