"""No write goes untold, no GET writes, and what was told stays."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from egide.web.audit import guard
from egide.web.audit.kept import kept
from egide.web.audit.models import Entry
from egide.web.organisations.models import Organisation

KEPT = {"audit_entry"}
"""Tables of these four apps whose rows never change."""


def rename(**values):
    Organisation.objects.all().update(**({"name": "Autre nom"} | values))


def writes(request):
    rename()
    return HttpResponse(status=int(request.GET.get("status", 200)))


def tells(request):
    rename()
    guard.record(
        "organisation.changed", Organisation.objects.first(), Organisation.objects.first(), {"name": ["a", "b"]}
    )
    return HttpResponse(status=int(request.GET.get("status", 200)), headers={"Location": "/"})


def breaks(request):
    tells(request)
    raise ZeroDivisionError


def bulk(request):
    Organisation.objects.bulk_create([Organisation(name="En masse")], ignore_conflicts=True)
    return HttpResponse()


def deletes(request):
    Organisation.objects.filter(pk=-1).delete()
    Organisation.objects.filter(name__startswith="Hôpital").update(name="x")
    return HttpResponse()


def renders(request):
    from django.template.response import SimpleTemplateResponse

    response = SimpleTemplateResponse("400.html")
    response.add_post_render_callback(lambda _: rename())
    return response


urlpatterns = [path(view.__name__, view) for view in (writes, tells, breaks, bulk, deletes, renders)]


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.mark.django_db(transaction=True)
class TestRequests:
    """The guard around pages."""

    @pytest.fixture(autouse=True)
    def _place(self, hospital, client):
        self.name = hospital.organisation.name
        with override_settings(ROOT_URLCONF=self.urls()):
            yield

    @staticmethod
    def urls():
        from types import ModuleType

        from egide.web import urls as project

        made = ModuleType("urls_of_the_guard")
        vars(made).update(vars(project), urlpatterns=[*urlpatterns, *project.urlpatterns])
        return made

    def kept(self):
        return Organisation.objects.filter(name=self.name).exists() and not Entry.objects.exists()

    @pytest.mark.parametrize("page", ["writes", "tells", "bulk", "deletes", "renders"])
    def test_a_get_never_writes(self, client, page):
        assert client.get(f"/{page}").status_code == 500
        assert self.kept()

    @pytest.mark.parametrize("page", ["writes", "bulk", "renders", "breaks"])
    def test_a_write_that_is_not_told_or_that_breaks_is_undone(self, client, page):
        assert client.post(f"/{page}").status_code == 500
        assert self.kept()

    @pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500, 503])
    def test_an_answer_that_refuses_undoes_what_was_written(self, client, status):
        assert client.post(f"/tells?status={status}").status_code == status
        assert self.kept()

    @pytest.mark.parametrize("status", [200, 302])
    def test_a_write_that_is_told_stays(self, client, sign_in, hospital, status):
        client.cookies = sign_in(hospital.buyer).cookies
        response = client.post(f"/tells?status={status}")
        assert response.status_code == status
        assert not Organisation.objects.filter(name=self.name).exists()
        entry = Entry.objects.get()
        assert (entry.actor, entry.subject_kind, entry.details) == (hospital.buyer, "organisations.organisation", {"name": ["a", "b"]})  # fmt: skip
        assert entry.request == response["X-Request-ID"]


@pytest.mark.django_db
class TestAround:
    """The guard around jobs and commands."""

    def test_acting_undoes_what_is_not_told(self, hospital):
        with pytest.raises(guard.ForbiddenWrite, match="organisations_organisation"), guard.acting(hospital.buyer):
            rename()
        assert not Organisation.objects.filter(name="Autre nom").exists()

    def test_acting_tells_who(self, hospital):
        with guard.acting(hospital.director, "abc"):
            rename()
            guard.record("organisation.changed", hospital.organisation)
        entry = Entry.objects.get()
        assert (entry.actor, entry.request, entry.organisation) == (hospital.director, "abc", hospital.organisation)

    def test_outside_of_a_request_nobody_is_named(self, db):
        guard.record("organisation.created")
        assert Entry.objects.get().actor is None

    def test_writes_of_the_library_of_accounts_are_told_by_the_guard(self, hospital):
        with guard.acting(hospital.buyer):
            hospital.buyer.save(update_fields=["last_login"])
        assert Entry.objects.get().details == {"tables": ["organisations_user"]}


def triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT DISTINCT event_object_table, trigger_name FROM information_schema.triggers")
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        return set(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(KEPT))
def test_every_kept_table_has_its_triggers_after_all_migrations(table):
    """SQLite loses them when a later migration makes the table anew: that migration must call `kept` again."""
    assert {(table, f"{table}_no_update"), (table, f"{table}_no_delete")} <= triggers()


@pytest.mark.django_db
def test_an_entry_is_neither_changed_nor_deleted(hospital):
    guard.record("organisation.changed", hospital.organisation)
    attempts = (
        lambda: Entry.objects.update(action="autre"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.first().delete(),
        lambda: connection.cursor().execute("DELETE FROM audit_entry"),
        lambda: connection.cursor().execute("UPDATE audit_entry SET actor_id = NULL"),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="audit_entry is kept as it was written"), transaction.atomic():
            attempt()
    assert Entry.objects.get().action == "organisation.changed"


@pytest.mark.django_db(transaction=True)
def test_tests_with_real_transactions_leave_the_triggers(hospital):
    guard.record("organisation.changed", hospital.organisation)
    assert len(triggers()) >= 2


@pytest.mark.django_db(transaction=True)
def test_what_keeps_a_table_can_be_taken_off_and_put_back(hospital):
    operation = kept("audit_entry")
    with connection.schema_editor() as editor:
        operation.reverse_code(None, editor)
    guard.record("organisation.changed", hospital.organisation)
    assert Entry.objects.update(action="autre") == 1
    with connection.schema_editor() as editor:
        operation.code(None, editor)
    with pytest.raises(DatabaseError, match="audit_entry is kept as it was written"):
        Entry.objects.update(action="encore")
