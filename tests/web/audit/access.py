"""Who reads the trail: the administrators of the organisation."""

from egide.web.organisations.roles import Right
from web.access import Access, needs


def organisation(world):
    return {"uuid": world.hospital.organisation.uuid}


ADDRESSES = {
    "audit:trail": Access(get=needs(Right.MANAGE), kwargs=organisation),
    "audit:export": Access(get=needs(Right.MANAGE), kwargs=organisation),
}
