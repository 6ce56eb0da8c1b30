"""Nobody reaches what is another's: every model, every address, every role.

The table of addresses is spread over `tests/web/<app>/access.py`: see access.py for how to write one.
"""

from copy import copy
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from egide.web.audit.models import Entry
from egide.web.organisations.models import Organisation
from egide.web.organisations.scope import Scoped
from web.access import WHO, Access

LAYERS = (
    ("home",),
    ("tenders", "risk", "exercises"),
    ("diagnoses",),
    ("establishments", "clauses"),
    ("organisations", "jobs", "files", "audit"),
    ("design",),
)
REFUSALS = {403, 404, 405}
"""What a method answers that an address does not have."""
PUBLIC = {
    "clauses.PublishedClausier": "the open clausier; one enclosed by an organisation is read by its consultations only",
}
"""Models of ours that belong to no organisation, each with the reason."""
LIBRARIES = {
    "auth.Group", "auth.Group_permissions", "auth.Permission",  # not used: rights are the table of roles
    "contenttypes.ContentType", "sessions.Session",
    "account.EmailAddress", "account.EmailConfirmation", "mfa.Authenticator",  # of one's own account only
    "axes.AccessAttempt", "axes.AccessAttemptExpiration", "axes.AccessFailureLog", "axes.AccessLog",
}  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- models
def ours(model) -> bool:
    return model.__module__.startswith("egide.")


def every_model():
    return list(apps.get_models(include_auto_created=True))


def test_every_model_is_ours_or_known():
    others = {model._meta.label for model in every_model() if not ours(model)}
    assert others == LIBRARIES


@pytest.mark.parametrize("model", [m for m in every_model() if ours(m)], ids=lambda m: m._meta.label)
def test_every_model_of_ours_leads_to_its_organisation_or_is_public(model):
    if model._meta.label in PUBLIC:
        return
    if model._meta.auto_created:
        targets = [field.related_model for field in model._meta.fields if field.is_relation]
        assert any(issubclass(each, Scoped) for each in targets), "a table of pairs belongs to what it pairs"
        return
    path = model.organisation_path
    here = model
    if path != "pk":
        for name in path.split("__"):
            here = field_of(here, name).related_model
    assert here is Organisation
    assert hasattr(model.objects, "visible_to")


def field_of(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        pytest.fail(f"{model._meta.label} has no field {name}")


def test_the_public_models_exist():
    labels = {model._meta.label for model in every_model()}
    assert PUBLIC.keys() <= labels


def test_foreign_keys_follow_the_layers():
    """A key is an import: an app may name its own models and those of lower or equal layers."""
    height = {app: depth for depth, row in enumerate(LAYERS) for app in row}
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in every_model()
        if ours(model)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and ours(field.related_model)
        if height[field.related_model._meta.app_label] < height[model._meta.app_label]
        or (
            height[field.related_model._meta.app_label] == height[model._meta.app_label]
            and model._meta.app_label != field.related_model._meta.app_label
            and "organisations" not in {model._meta.app_label, field.related_model._meta.app_label}
        )
    ]
    assert wrong == []


def test_every_app_of_ours_has_its_layer():
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("egide.")}
    assert labels == {app for row in LAYERS for app in row}


# ------------------------------------------------------------------------------------------------------------ addresses
def every_address():
    """The full name of each pattern of the resolver, with namespaces."""

    def walk(patterns, spaces):
        for each in patterns:
            if isinstance(each, URLPattern):
                yield ":".join([*spaces, each.name or f"(without a name: {each.pattern})"])
            else:
                yield from walk(each.url_patterns, [*spaces, each.namespace] if each.namespace else spaces)

    return sorted(set(walk(get_resolver().url_patterns, [])))


def every_access() -> dict[str, Access]:
    """The table: all apps together."""
    table: dict[str, Access] = {}
    for path in sorted(Path(__file__).parent.glob("*/access.py")):
        said = import_module(f"web.{path.parent.name}.access").ADDRESSES
        assert not table.keys() & said.keys(), f"{path}: named twice"
        table |= said
    return table


TABLE = every_access()
COOKIES: dict[str, dict[str, str]] = {}
SESSIONS: list[Session] = []


def test_every_address_is_in_the_table():
    known = set(every_address())
    assert sorted(known - TABLE.keys()) == [], "add these to tests/web/<app>/access.py"
    assert sorted(TABLE.keys() - known) == [], "these do not exist"


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(TABLE))
def test_who_reaches_it(name, world, sign_in, files):
    access = TABLE[name]
    people = clients(world, sign_in)
    url = reverse(name, kwargs=dict(access.kwargs(world))) + access.query
    data = dict(access.data(world)) if access.post else {}
    found = {who: reached(url, access, who, data, client) for who, client in people.items()}
    for who, statuses in found.items():
        for verb, table in (("get", access.get), ("post", access.post)):
            if table is None:
                assert statuses.pop(verb) in REFUSALS | ({302} if who == "visitor" else set()), f"{verb} as {who}"
    tables = {"get": access.get, "post": access.post}
    assert found == {who: {verb: table[who] for verb, table in tables.items() if table} for who in WHO}


def clients(world, sign_in) -> dict[str, Client]:
    """One for each of WHO. People sign in once for all addresses: their sessions are given back to each."""
    if not COOKIES:
        with transaction.atomic():
            for who in WHO:
                COOKIES[who] = {name: each.value for name, each in sign_in(world.person(who)).cookies.items()}
            SESSIONS.extend(Session.objects.all())
            transaction.set_rollback(True)
    Session.objects.bulk_create(SESSIONS)
    made = {who: sign_in() for who in WHO}
    for who, client in made.items():
        client.cookies.load(COOKIES[who])
    return made


def reached(url: str, access: Access, who: str, data: dict[str, object], client: Client) -> dict[str, int]:
    """What each method answers to that person; what it wrote is undone."""
    statuses = {}
    cookies = copy(client.cookies)
    for verb in ("get", "post"):
        client.cookies = copy(cookies)
        with transaction.atomic():
            before = Entry.objects.count()
            cache.clear()
            for each in data.values():
                if hasattr(each, "seek"):  # a file, read by the one before
                    each.seek(0)
            response = getattr(client, verb)(url, data if verb == "post" else {})
            for closes in response._resource_closers:  # response.close() would close the database too
                closes()
            statuses[verb] = response.status_code
            told = Entry.objects.count() > before
            if response.status_code == 302 and who == "visitor" and not access.opens:
                assert response["Location"].startswith(reverse("account_login")), response["Location"]
            elif verb == "post" and response.status_code < 400:
                silent = access.silent if isinstance(access.silent, bool) else who in access.silent
                assert told is not silent, f"{who}: the trail was{' not' * (not told)} told"
            else:
                assert not told
            transaction.set_rollback(True)
    return statuses
