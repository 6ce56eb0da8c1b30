"""Who reaches the pages of the play: animators by their right, participants by their link and nothing else."""

from uuid import uuid4

from egide.web.exercises.models import Role
from egide.web.organisations.roles import Right
from web.access import Access, everybody, needs
from web.exercises import rows


def one(world):
    return {"uuid": rows.running(world).uuid}


def linked(world, role=Role.PLAYER):
    return {"secret": rows.secret(rows.person(rows.running(world), role))}


def event(world):
    row = rows.running(world)
    return {"uuid": row.uuid, "event": row.events.get(key="ALE-04").uuid}


def inject(world):
    return {"title": "Un journaliste est là", "channel": "visit", "sender": "Accueil", "seats": ["lead"], "text": "Il filme.", "seen": "9"}  # fmt: skip


def led(then=200):
    return needs(Right.REHEARSE, then=then)


ADDRESSES = {
    "exercises:play": Access(get=everybody(), kwargs=linked),
    "exercises:since": Access(get=everybody(), kwargs=linked),
    "exercises:tell": Access(
        post=everybody(303),
        kwargs=linked,
        opens=True,
        data=lambda world: {"kind": "log", "text": "Exercice.", "sent_as": uuid4()},
    ),
    "exercises:board": Access(get=led(), kwargs=one),
    "exercises:board_since": Access(get=led(), kwargs=one),
    "exercises:act": Access(post=led(302), kwargs=one, data=lambda world: {"act": "pause"}),
    "exercises:improvise": Access(get=led(), post=led(302), kwargs=one, data=inject),
    "exercises:edit_event": Access(get=led(), post=led(302), kwargs=event, data=inject),
    "exercises:end": Access(get=led(), post=led(302), kwargs=one),
    "exercises:presence": Access(get=led(), post=led(302), kwargs=one, data=lambda world: {"-director": "1"}),
    "exercises:observe": Access(post=led(302), kwargs=one),
    "exercises:journal": Access(get=led(), kwargs=one),
    "exercises:links": Access(get=led(), post=led(302), kwargs=one, silent=("administrator", "evaluator", "director")),
}
