"""Who reaches loading and step 5: buyers, evaluators on the lots that they read, nobody else; on a past deadline."""

from datetime import UTC, date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from egide.web.organisations.roles import Right
from web.access import Access, needs
from web.tenders import big

PAST = {"sent_on": date(2026, 1, 8), "deadline": datetime(2026, 3, 2, 12, tzinfo=UTC)}


def consultation(world, **options):
    place = world.hospital
    return big.consultation(place.organisation, place.buyer, big.tender(2, **PAST), share=0, **options)


def one(world):
    return {"uuid": consultation(world).uuid}


def to_open(world):
    return {"uuid": consultation(world, opened=False).uuid}


def tenderer(world):
    return {**one(world), "tenderer": "s01"}


def answer(world):
    row = consultation(world)
    return {"uuid": row.uuid, "bid": row.bid_set.first().uuid, "point": "EG-001"}


def file(world):
    from egide.web.files.models import StoredFile
    from egide.web.tenders.models import FolderFile

    row = consultation(world)
    stored = StoredFile.objects.create(organisation=row.organisation, name="a.csv", sha256="0" * 64, size=1)
    return {
        "uuid": row.uuid,
        "file": FolderFile.objects.create(consultation=row, path="bids/s01/lot-1/a.csv", stored=stored).uuid,
    }


def tried(world):
    from egide.web.jobs.models import Job, State

    row = consultation(world)
    result = {"new": True, "round": 1, "deposits": [], "others": [], "left": [], "tenderers": [], "doubts": []}
    arguments = {"file": "0" * 64, "name": "plis.zip", "round": 1, "dry": True}
    job = Job.objects.create(
        kind="import_deposits", organisation=row.organisation, owner=world.hospital.buyer, subject=row.uuid,
        arguments=arguments, state=State.DONE, result=result,
    )  # fmt: skip
    return {"uuid": row.uuid, "job": job.uuid}


def written(world):
    from egide.web.files.models import StoredFile
    from egide.web.tenders.models import Document

    row = consultation(world)
    stored = StoredFile.objects.create(organisation=row.organisation, name="a.pdf", sha256="0" * 64, size=1)
    Document.objects.create(
        consultation=row, group="precisions", name="precisions-s01.pdf", stored=stored, revision=1,
        made_by=world.hospital.buyer,
    )  # fmt: skip
    return {"uuid": row.uuid, "tenderer": "s01"}


def kept_file(world):
    from egide.web.files import store
    from egide.web.files.models import StoredFile

    known = file(world)
    StoredFile.objects.filter(name="a.csv").update(sha256=store.keep([b"a;b"]).sha256)
    return known


def kept_pages(world):
    from egide.web.files import store
    from egide.web.files.models import StoredFile

    known = written(world)
    StoredFile.objects.filter(name="a.pdf").update(sha256=store.keep([b"%PDF"]).sha256)
    return {"uuid": known["uuid"]}


def zipped(name="dossier.zip"):
    return SimpleUploadedFile(name, b"PK\x05\x06" + bytes(18))


BUYER = needs(Right.PREPARE)
DOES = {"get": BUYER, "post": needs(Right.PREPARE, then=302)}
READS = needs(Right.OPEN_BIDS) | {"evaluator": 404}
"""An evaluator reads from its seat only, once its interests are declared."""

ADDRESSES = {
    "tenders:load": Access(
        get=needs(Right.PREPARE) | {"stranger": 403, "other": 200},
        post=needs(Right.PREPARE, then=302) | {"stranger": 403, "other": 400},
        data=lambda world: {"organisation": str(world.hospital.organisation.uuid), "archive": zipped()},
    ),
    "tenders:bids": Access(get=needs(Right.SEE), kwargs=one),
    "tenders:bids_opening": Access(
        get=needs(Right.OPEN_BIDS),
        post=needs(Right.OPEN_BIDS, then=302),
        kwargs=to_open,
        data=lambda world: {"at": "03/03/2026 10:00", "persons": "Acheteuse", "order": "candidacies"},
    ),
    "tenders:bids_candidacies": Access(
        **DOES, kwargs=one, data=lambda world: {"tenderer": "s01", "admitted": "yes", "on": "03/03/2026"}
    ),
    "tenders:deposits": Access(**DOES, kwargs=one, data=lambda world: {"archive": zipped("plis.zip"), "round": "1"}),
    "tenders:deposits_preview": Access(**DOES, kwargs=tried),
    "tenders:bids_files": Access(
        **DOES,
        kwargs=one,
        data=lambda world: {"tenderer": "s01", "lot": "lot-1", "round": "1", "variant": "0", "sheets": zipped("x.csv")},
    ),
    "tenders:bids_move": Access(**DOES, kwargs=file, data=lambda world: {"to": "+", "reason": "Doublon."}),
    "tenders:bids_file": Access(get=READS, kwargs=kept_file),
    "tenders:bids_tenderer": Access(get=READS, kwargs=tenderer),
    "tenders:bids_answers": Access(get=READS, kwargs=tenderer),
    "tenders:bids_findings": Access(get=READS, kwargs=tenderer),
    "tenders:bids_settle": Access(
        **DOES,
        kwargs=answer,
        data=lambda world: {
            "declared": "no", "condition": "none", "where": "Mémoire.pdf, § 2", "reason": "Précision reçue."
        },
    ),
    "tenders:bids_doubts": Access(**DOES, kwargs=one, data=lambda world: {"date": "03/03/2026"}),
    "tenders:bids_doubts_archive": Access(get=BUYER, kwargs=kept_pages),
    "tenders:bids_doubts_of": Access(get=BUYER, kwargs=tenderer),
    "tenders:bids_doubts_sent": Access(
        post=needs(Right.PREPARE, then=302), kwargs=written, data=lambda world: {"sent_on": "04/03/2026"}
    ),
}  # fmt: skip
