"""Who reaches the pages of marking: who reads the bids, each evaluator from its own seat only."""

from django.core.files.uploadedfile import SimpleUploadedFile

from egide.web.organisations.roles import Right
from egide.web.tenders import models
from web.access import Access, needs
from web.tenders.marking import made

SEE = needs(Right.SEE)
"""Who does not read the bids is told so on the page itself."""
OWN = SEE | {"buyer": 404}
"""Of a seat of the evaluator."""
OWN_POST = needs(Right.MARK, then=302) | {"buyer": 404}
DECIDES = SEE | {"evaluator": 403}
DECIDES_POST = needs(Right.DECIDE, then=302)


def one(world, **options):
    return {"uuid": made.consultation(world.hospital, **options).uuid}


def seated(world, **more):
    row = made.consultation(world.hospital)
    return {"uuid": row.uuid, "seat": made.seat(row).uuid, **{name: get(row) for name, get in more.items()}}


def last():
    return models.Consultation.objects.latest("pk")


def of_biomedical(world):
    row = made.consultation(world.hospital)
    seat = models.Seat.objects.create(consultation=row, evaluator="biomedical", user=world.hospital.evaluator)
    return {"uuid": row.uuid, "seat": seat.uuid}


def agreed(world):
    row = last()
    both = models.Mark.objects.filter(bid=made.bid(row)).values_list("point", flat=True)
    point = next(point for point in both if differs(row, point))
    return made.written(made.line(row, point, level="below", reason="Relu ensemble."))


def differs(row, point):
    return models.Mark.objects.filter(bid=made.bid(row), point=point).values("level").distinct().count() > 1


ADDRESSES = {
    "tenders:marking": Access(get=SEE, kwargs=one),
    "tenders:marking_interests": Access(get=OWN, post=OWN_POST, kwargs=seated, data=lambda world: {"conflict": "no"}),
    "tenders:mark_go": Access(
        get=OWN | {"evaluator": 302}, kwargs=seated, query="?point=EG-001"
    ),
    "tenders:mark_bid": Access(
        get=OWN, post=OWN_POST, kwargs=lambda world: seated(world, bid=lambda row: made.bid(row).uuid),
        data=lambda world: made.written(made.line(last(), level="full", reason="Vu.")),
    ),
    "tenders:mark_point": Access(
        get=OWN, post=OWN_POST, kwargs=lambda world: seated(world, point=lambda row: "EG-001"),
        data=lambda world: made.written(made.line(last(), level="full", reason="Vu.")),
    ),
    "tenders:mark_notes": Access(
        get=OWN, post=OWN_POST, kwargs=of_biomedical,
        data=lambda world: made.written({"place": f"{made.bid(last()).uuid}/fonctionnel/soins", "note": "12,5", "revision": 1}),
    ),
    "tenders:harmonise": Access(
        get=SEE, post=DECIDES_POST, kwargs=lambda world: one(world, share=10), data=agreed
    ),
    "tenders:decisions": Access(get=SEE, kwargs=one),
    "tenders:decide": Access(
        get=DECIDES, post=DECIDES_POST,
        kwargs=lambda world: {**one(world), "bid": made.bid(last()).uuid},
        data=lambda world: {"bid_class": "irregular", "person": "Directrice fictive", "decided_on": "20/10/2026", "reason": "Pièce absente."},
    ),
    "tenders:marking_workbooks": Access(
        get=SEE, post=needs(Right.MARK, then=302), kwargs=one,
        data=lambda world: {"workbooks": SimpleUploadedFile("rssi.csv", b"Soumissionnaire;Point;Niveau retenu\r\n")},
    ),
    "tenders:marking_table": Access(get=DECIDES, kwargs=lambda world: {**one(world), "name": "decisions.csv"}),
    "tenders:marking_workbook": Access(get=OWN, kwargs=lambda world: seated(world, name=lambda row: "rssi.xlsx")),
}  # fmt: skip
