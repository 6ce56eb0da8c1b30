"""Who reaches the crisis kit: who is of the house reads it on the worst night; who prepares exercises keeps it."""

from datetime import UTC, date, datetime

from egide import plain
from egide.exercise.crisis import Directory, Establishment, Insurance, Line, Person, Supplier
from egide.exercise.module import Setting
from egide.web.exercises import models
from egide.web.organisations.roles import Right
from web.access import Access, needs

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
DIRECTORY = Directory(
    date(2026, 11, 20), "Salle du conseil", people=(Person("director", "Mme Arnoult", "01", "02"),),
    suppliers=(Supplier("Orvelis Santé", "Dossia"),), insurance=Insurance("aucun"), contacts=(Line("ars", "03"),),
)  # fmt: skip


def kept(world, directory=DIRECTORY, setting=Setting.HOSPITAL):
    house = Establishment(setting, "", {"record": "Dossia", "neighbour": "CH de Sarlans"}, directory)
    organisation = world.hospital.organisation
    found, _ = models.CrisisDirectory.objects.get_or_create(organisation=organisation)
    found.plain, found.setting = plain.unstructure(house), setting
    found.checked_on, found.expires_on = directory.checked_on, directory.expires_on
    found.save()
    return found


def crisis(world, **plain_data):
    row = models.CrisisClocks(organisation=world.hospital.organisation, title="Rançongiciel", opened_at=AT)
    row.plain, row.opened_by = {"started": {}, "done": {}} | plain_data, world.hospital.director
    row.save()
    return row


def here(world):
    return {"organisation": world.hospital.organisation.uuid}


def one(world):
    return {"uuid": crisis(world).uuid}


def keeps(then=200):
    return needs(Right.REHEARSE, then=then)


def places(world):
    return {"setting": "hospital", "room": "Salle du conseil", "revision": kept(world).revision}


ADDRESSES = {
    "exercises:crisis": Access(get=needs(Right.SEE), kwargs=here),
    "exercises:crisis_part": Access(
        get=keeps(), post=keeps(302), kwargs=lambda world: here(world) | {"part": "lieux"}, data=places
    ),
    "exercises:crisis_checked": Access(get=keeps(), post=keeps(302), kwargs=here),
    "exercises:crisis_paper": Access(get=needs(Right.SEE), kwargs=lambda world: here(world) | {"form": "docx"}),
    "exercises:crisis_clocks": Access(
        get=needs(Right.SEE), post=keeps(302), kwargs=here, data=lambda world: {"title": "Rançongiciel"}
    ),
    "exercises:clocks": Access(get=needs(Right.SEE), kwargs=one),
    "exercises:clocks_now": Access(post=keeps(302), kwargs=one, data=lambda world: {"started": "attack_known"}),
    "exercises:clocks_hours": Access(get=keeps(), post=keeps(302), kwargs=one, data=lambda world: {"revision": 0}),
    "exercises:clocks_close": Access(get=keeps(), post=keeps(302), kwargs=one),
}
