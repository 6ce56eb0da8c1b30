"""Who reaches the result: buyers and management see it, buyers alone act and read the internal note."""

from egide.web.organisations.roles import Right
from web.access import Access, needs
from web.tenders.result import made

SEES = needs(Right.SEE_RESULT)
DECIDES = needs(Right.DECIDE)


def one(world):
    return {"uuid": made.quick(world.hospital, 1, 1).uuid}


def numbered(world):
    return {**one(world), "number": 1}


def of_lot(world, **more):
    return {**numbered(world), "lot": "lot-1", **more}


def of_record(world):
    """A consultation whose record was written: its register is enough."""
    from egide.web.files import store
    from egide.web.files.models import StoredFile
    from egide.web.tenders import models

    row = made.consultation(world.hospital, 1, 0)
    kept = store.keep([b'{"documents": []}'])
    of = {"organisation": row.organisation, "name": "sommaire.json", "right": Right.SEE_RESULT.value}
    stored = StoredFile.objects.create(**of, sha256=kept.sha256, size=kept.size)
    models.Document.objects.create(
        consultation=row, group="record", name="sommaire.json", stored=stored, revision=1, made_by=world.hospital.buyer
    )
    return {"uuid": row.uuid}


def with_cost(world):
    """A result with the part that tells the cost of risk."""
    from egide.web.tenders import models

    found = of_lot(world)
    picture = {"key": "cost", "title": "Coût", "wide": "", "narrow": "", "head": [], "rows": [], "texts": 1}
    data: dict[str, object] = {each: [] for each in ("said", "head", "rows", "landmarks", "explained", "made_with")}
    result = models.Result.objects.get(consultation__uuid=found["uuid"])
    models.ResultPart.objects.create(
        result=result, kind="risk", lot="lot-1", name="", data={**data, "picture": picture}
    )
    return found


def with_document(world):
    """A result with a document."""
    from egide.web.files import store
    from egide.web.files.models import StoredFile
    from egide.web.tenders import models

    row = made.quick(world.hospital, 1, 1)
    kept = store.keep([b"x"])
    stored = StoredFile.objects.create(organisation=row.organisation, name="m", sha256=kept.sha256, size=1)
    models.Document.objects.create(
        consultation=row, group="evaluation", name="m", stored=stored, revision=1,
        result=row.result_set.get(), made_by=world.hospital.buyer,
    )  # fmt: skip
    return {"uuid": row.uuid, "number": 1}


def journal(world):
    """What the page of the journal sends back, with a question more."""
    from egide import plain
    from egide.web.tenders import models

    row = models.Consultation.objects.latest("pk")
    return {"text": "format: 1\nsourcing: [Une étude]\n", "base": plain.digest(row.journal)}


ADDRESSES = {
    "tenders:result": Access(get=SEES, kwargs=one),
    "tenders:evaluate": Access(post=needs(Right.DECIDE, then=302), kwargs=one),
    "tenders:result_one": Access(get=SEES, kwargs=numbered),
    "tenders:result_documents": Access(get=SEES, kwargs=numbered),
    "tenders:result_archive": Access(get=SEES, kwargs=with_document),
    "tenders:result_bid": Access(get=SEES, kwargs=lambda world: of_lot(world, place=1)),
    "tenders:result_matrix": Access(get=SEES, kwargs=of_lot),
    "tenders:result_theme": Access(get=SEES, kwargs=lambda world: of_lot(world, theme="T2")),
    "tenders:result_pictures": Access(get=SEES, kwargs=of_lot),
    "tenders:result_risk": Access(get=SEES, kwargs=with_cost),
    "tenders:record": Access(get=SEES, kwargs=one),
    "tenders:write_record": Access(post=needs(Right.DECIDE, then=302), kwargs=one),
    "tenders:record_archive": Access(get=SEES, kwargs=of_record),
    "tenders:journal": Access(get=DECIDES, post=needs(Right.DECIDE, then=302), kwargs=one, data=journal),
    "tenders:robustness": Access(
        get=DECIDES,
        post=needs(Right.DECIDE, then=302),
        kwargs=one,
        data=lambda world: {"draws": "10", "slip": "10", "spread": "5", "seed": "1"},
    ),
}
