"""Who reaches a job: who asked for it."""

from egide.web.jobs.models import Job
from web.access import Access, everybody, signed_in


def asked(world):
    return {"uuid": Job.objects.create(kind="evaluate", organisation=world.hospital.organisation, owner=world.hospital.buyer).uuid}  # fmt: skip


OWNER = everybody(404) | {"visitor": 302, "buyer": 200}

ADDRESSES = {
    "jobs:mine": Access(get=signed_in()),
    "jobs:one": Access(get=OWNER, kwargs=asked),
    "jobs:state": Access(get=OWNER, kwargs=asked),
    "jobs:cancel": Access(post=OWNER | {"buyer": 302}, kwargs=asked),
}
