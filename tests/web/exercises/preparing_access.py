"""Who reaches the kits and the preparation: kits by anybody, the rest by their right; what would spoil by who prepares."""

from django.core.files.uploadedfile import SimpleUploadedFile

from egide.exchange import chronogram
from egide.web.exercises import models
from egide.web.exercises.preparing import draft
from egide.web.organisations.models import Kind, Organisation
from egide.web.organisations.roles import Right
from web.access import Access, everybody, needs
from web.exercises import rows

EXERCISE = {"title": "Premier", "setting": "hospital", "level": "1", "scope": "care", "trigger": "cyber", "planned_on": "12/03/2027"}  # fmt: skip
LINE = {"at": "T+00:20", "title": "La presse", "channel": "call", "sender": "Un journaliste", "text": "Il appelle.", "seats": ["direction"]}  # fmt: skip


def here(world):
    return {"organisation": world.hospital.organisation.uuid}


def one(world):
    return {"uuid": rows.draft(world).uuid}


def line(world):
    row = rows.draft(world)
    return {"uuid": row.uuid, "item": draft.script_of(row).items[0].id}


def prepared(world):
    return {"uuid": rows.ready(world).uuid}


def participant(world):
    return {"uuid": rows.person(rows.draft(world)).uuid}


def site(world):
    return {"uuid": models.Site.objects.create(exercise=rows.draft(world), code="nord", name="Nord").uuid}


def group(world):
    of = Organisation.objects.filter(kind=Kind.GROUP).first()
    if of is None:
        of = Organisation.objects.create(name="GHT fictif", kind=Kind.GROUP)
        of.members.add(world.hospital.organisation, world.other.organisation)
        for each in world.hospital.organisation.membership_set.all():
            of.membership_set.create(user=each.user, role=each.role)
    return {"group": of.uuid}


def sheet(world):
    content = chronogram.content(draft.script_of(rows.draft(world)), "fr")
    return {"file": SimpleUploadedFile("chronogramme.xlsx", content)}


def prepares(get=200, then=302):
    return {"get": needs(Right.REHEARSE, then=get), "post": needs(Right.REHEARSE, then=then)}


def reads_and_prepares(then=302):
    return {"get": needs(Right.SEE), "post": needs(Right.REHEARSE, then=then)}


ADDRESSES = {
    "exercises:index": Access(get=everybody() | {"visitor": 302}, opens=True),
    "exercises:kits": Access(get=everybody()),
    "exercises:kit": Access(get=everybody(), kwargs=lambda world: {"level": 1}),
    "exercises:kit_file": Access(
        post=everybody(), kwargs=lambda world: {"level": 1}, data=lambda world: {"lieu": "practice"}, silent=True
    ),
    "exercises:blank_kit": Access(post=everybody(), data=lambda world: {"lieu": "home"}, silent=True),
    "exercises:module": Access(get=everybody(), kwargs=lambda world: {"code": "alert"}),
    "exercises:level": Access(get=everybody()),
    "exercises:group": Access(get=needs(Right.SEE), kwargs=group),
    "exercises:group_workbook": Access(get=needs(Right.SEE), kwargs=group),
    "exercises:show": Access(get=needs(Right.SEE), kwargs=here),
    "exercises:new": Access(**prepares(), kwargs=here, data=lambda world: EXERCISE),
    "exercises:prepare": Access(**reads_and_prepares(), kwargs=one, data=lambda world: EXERCISE),
    "exercises:remove": Access(**prepares(), kwargs=one),
    "exercises:words": Access(**reads_and_prepares(), kwargs=one, data=lambda world: {"record": "Orvane"}),
    "exercises:timeline": Access(get=needs(Right.REHEARSE), kwargs=one),
    "exercises:add_line": Access(**prepares(), kwargs=one, data=lambda world: LINE),
    "exercises:restore": Access(**prepares(), kwargs=one),
    "exercises:line": Access(**prepares(), kwargs=line, data=lambda world: LINE),
    "exercises:drop_line": Access(**prepares(), kwargs=line),
    "exercises:timeline_workbook": Access(get=needs(Right.REHEARSE), kwargs=one),
    "exercises:bring_timeline": Access(**prepares(), kwargs=one, data=sheet),
    "exercises:papers": Access(**prepares(), kwargs=one),
    "exercises:tables": Access(**reads_and_prepares(), kwargs=one, data=lambda world: {"direction": "Mme Fictive"}),
    "exercises:add_participant": Access(
        **prepares(), kwargs=one, data=lambda world: {"role": "player", "name": "Table"}
    ),
    "exercises:fill": Access(post=needs(Right.REHEARSE, then=302), kwargs=one),
    "exercises:change_participant": Access(**prepares(), kwargs=participant, data=lambda world: {"role": "observer"}),
    "exercises:remove_participant": Access(**prepares(), kwargs=participant),
    "exercises:add_site": Access(**prepares(), kwargs=one, data=lambda world: {"name": "Nord"}),
    "exercises:remove_site": Access(**prepares(), kwargs=site),
    "exercises:ready": Access(**prepares(), kwargs=one),
    "exercises:reopen": Access(post=needs(Right.REHEARSE, then=302), kwargs=prepared),
}
