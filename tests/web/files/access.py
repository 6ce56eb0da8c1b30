"""Who reaches a file: who has the right that the file names."""

from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.organisations.roles import Right
from web.access import Access, needs


def bid(world):
    kept = store.keep([b"une offre"])
    values = {"sha256": kept.sha256, "size": kept.size, "right": Right.OPEN_BIDS.value}
    return {
        "uuid": StoredFile.objects.create(organisation=world.hospital.organisation, name="offre.pdf", **values).uuid
    }


ADDRESSES = {"files:download": Access(get=needs(Right.OPEN_BIDS, else_=404), kwargs=bid)}
