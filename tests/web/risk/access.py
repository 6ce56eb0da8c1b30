"""Who reaches the pages of loss studies."""

from django.core.files.uploadedfile import SimpleUploadedFile

from egide.web.organisations.roles import Right
from egide.web.risk import convert, examples
from egide.web.risk.models import Study
from web.access import Access, everybody, needs, signed_in
from web.risk.estimated import described, group, kept


def study(world, name="ehpad", **values):
    content = values.pop("content", None) or examples.content(name)
    given = {
        "organisation": world.hospital.organisation,
        "title": content["title"],
        "content": content,
        "digest": convert.digest(content),
        "made_by": world.hospital.buyer,
        "changed_by": world.hospital.buyer,
    }
    return Study.objects.create(**given | values)


def here(world):
    return {"uuid": study(world).uuid}


def sent(text="frequency: {poisson: {mean: 0.4}}\nseverity: {constant: {value: 1000}}\n", name="étude.yaml"):
    return SimpleUploadedFile(name, text.encode())


def begun(world):
    return {"organisation": world.hospital.organisation.uuid, "source": "ehpad"}


def saved(world):
    return {"v": Study.objects.get().digest, "nom": "Essai", "franchise": "5000", "heures": "24", "plafond": "250000", "annee": "250000", **HEADS}  # fmt: skip


HEADS = {f"{name}{n}": value for n in range(3) for name, value in (("sous", ""), ("part", "0"))}
ASKED = needs(Right.DESCRIBE) | {"stranger": 403, "other": 200}
BEGUN = needs(Right.DESCRIBE, then=302) | {"stranger": 403, "other": 422}
ADDRESSES = {
    "risk:index": Access(get=signed_in()),
    "risk:new": Access(get=ASKED, post=BEGUN, data=begun),
    "risk:show": Access(get=needs(Right.SEE), kwargs=here),
    "risk:replace": Access(
        get=needs(Right.DESCRIBE), post=needs(Right.DESCRIBE, then=302), kwargs=here, data=lambda world: {"file": sent()}
    ),
    "risk:remove": Access(get=needs(Right.DESCRIBE), post=needs(Right.DESCRIBE, then=302), kwargs=here),
    "risk:programme": Access(get=needs(Right.SEE), post=needs(Right.DESCRIBE, then=302), kwargs=here, data=saved),
    "risk:file": Access(get=needs(Right.SEE), kwargs=here),
    "risk:data": Access(get=needs(Right.SEE), kwargs=here),
}  # fmt: skip


# --------------------------------------------------------------------------------------------------------- estimates
def estimated(world):
    return {"organisation": world.hospital.organisation.uuid, "estimate": kept(world).uuid}


def of_hospital(world):
    return {"organisation": world.hospital.organisation.uuid}


def of_group(world):
    kept(world)
    return {"organisation": group(world).uuid}


def of_assumption(world):
    described(world.hospital.organisation)
    return of_hospital(world) | {"parameter": "severity.catch_up"}


CATCH_UP = {"value": "30", "low": "20", "high": "40", "reason": "Mesuré chez nous"}
WRITES = {"get": needs(Right.SEE), "post": needs(Right.DESCRIBE, then=302)}
ADDRESSES |= {
    "estimates:index": Access(get=signed_in()),
    "estimates:library": Access(get=everybody()),
    "estimates:backtest": Access(get=everybody()),
    "estimates:backtest_data": Access(get=everybody()),
    "estimates:show": Access(get=needs(Right.SEE), kwargs=of_hospital),
    "estimates:ask": Access(post=needs(Right.DESCRIBE, then=302), kwargs=of_hospital),
    "estimates:assumptions": Access(get=needs(Right.SEE), kwargs=of_hospital),
    "estimates:change": Access(**WRITES, kwargs=of_assumption, data=lambda world: CATCH_UP),
    "estimates:insurance": Access(**WRITES, kwargs=of_hospital, data=lambda world: {"kind": "uninsured"}),
    "estimates:past": Access(get=needs(Right.SEE), kwargs=of_hospital),
    "estimates:one": Access(get=needs(Right.SEE), kwargs=estimated),
    "estimates:paper": Access(get=needs(Right.SEE), kwargs=estimated),
    "estimates:data": Access(get=needs(Right.SEE), kwargs=estimated),
    "estimates:group_paper": Access(get=needs(Right.SEE), kwargs=of_group),
}
