"""Who reaches the pages of the debrief: the organisation reads, animators write, players come by the link of the report."""

from datetime import timedelta

from django.utils import timezone

from egide.web.exercises import links, models
from egide.web.organisations.roles import Right
from web.access import Access, everybody, needs
from web.exercises import rows
from web.exercises.debriefed import brought, played, recorded, sent

READ = needs(Right.SEE)


def led(then=200):
    return needs(Right.REHEARSE, then=then)


def one(world):
    return {"uuid": played(world).uuid}


def constat(world):
    return one(world) | {"key": "ALE-02/ALE-02-a"}


def paper(world, name="attestation.pdf"):
    return one(world) | {"name": name}


def ready(world):
    return {"uuid": rows.ready(world).uuid}


def linked(world):
    found = models.ReportLink(exercise=played(world), expires_at=timezone.now() + timedelta(days=9))
    links.give(found)
    found.save()
    return {"secret": links.secret(found)}


FOLLOWED = {
    "gravity": "major",
    "remedy": "Annuaire papier",
    "owner": "Accueil",
    "due": "01/02/2027",
    "progress": "open",
}
ADDRESSES = {
    "exercises:debrief": Access(get=READ, kwargs=one),
    "exercises:settle": Access(
        get=led(), post=led(302), kwargs=one, data=lambda world: {"reaction": "ALE-01/ALE-01-a/", "done": "yes"}
    ),
    "exercises:plan": Access(get=READ, kwargs=one),
    "exercises:since_last": Access(get=READ, kwargs=one),
    "exercises:hot": Access(get=READ, post=led(302), kwargs=one, data=lambda world: {"q0": "Que c’était une attaque."}),
    "exercises:cold": Access(
        get=READ, post=led(302), kwargs=one,
        data=lambda world: {"question": "Que devra vérifier le prochain exercice ?", "text": "L’annuaire."},
    ),
    "exercises:constats": Access(get=READ, kwargs=one),
    "exercises:add_constat": Access(
        get=led(), post=led(302), kwargs=one,
        data=lambda world: FOLLOWED | {"what": "Pas d’annuaire", "target": "continuity/"},
    ),
    "exercises:constat": Access(get=led(), post=led(302), kwargs=constat, data=lambda world: FOLLOWED),
    "exercises:debrief_papers": Access(get=READ, kwargs=one),
    "exercises:debrief_paper": Access(get=READ, kwargs=paper),
    "exercises:report_link": Access(post=led(302), kwargs=one, data=lambda world: {"what": "open"}),
    "exercises:observe_exercise": Access(get=led(302), post=led(302), kwargs=one),
    "exercises:close": Access(get=led(), post=led(302), kwargs=one),
    "exercises:report": Access(get=everybody(), kwargs=linked),
    "exercises:report_paper": Access(get=everybody(), kwargs=lambda world: linked(world) | {"name": "attestation.pdf"}),
    "exercises:results": Access(
        get=led(), post=led(302), kwargs=ready, data=lambda world: {"file": sent(recorded())}
    ),
    "exercises:bring_results": Access(
        get=led(), post=led(302), kwargs=lambda world: {"organisation": world.hospital.organisation.uuid},
        data=lambda world: {"file": sent(recorded())},
    ),
    "exercises:accept_results": Access(post=led(302), kwargs=lambda world: {"uuid": brought(world).uuid}),
}  # fmt: skip
