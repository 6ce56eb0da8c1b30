"""Who reaches the pages of consultations: steps 1 to 4 here, each other step in a folder of its own."""

from importlib import import_module
from pathlib import Path

from egide.web.organisations.roles import Right
from web.access import Access, needs, signed_in
from web.tenders import preparing
from web.tenders.preparing import last, typed

SEE = needs(Right.SEE)
PREPARED = needs(Right.PREPARE, then=302)


def one(world):
    return {"uuid": preparing.consultation(world).uuid}


def shown(name, **changes):
    """A page that all of the organisation read and its buyers change."""
    return Access(get=SEE, post=PREPARED, kwargs=one, data=lambda world: typed(world, name, **changes))


def named(name, **more):
    """The same for a page of a point, a theme or a criterion."""
    [value], changes = more.pop("of").values(), more.pop("changes")
    return Access(
        get=SEE,
        post=PREPARED,
        kwargs=lambda world: {**one(world), **more},
        data=lambda world: typed(world, name, value, **changes),
    )


BEGIN = signed_in(403) | {"buyer": 302, "other": 302}

PREPARING = {
    "tenders:index": Access(get=signed_in()),
    "tenders:new": Access(
        get=BEGIN | {"buyer": 200, "other": 200},
        post=BEGIN,
        data=lambda world: {"title": "Archivage", "sent_on": "01/12/2026"},
    ),
    "tenders:show": Access(get=needs(Right.SEE, then=302), kwargs=one),
    "tenders:purchase": shown("purchase", title="Autre"),
    "tenders:lots": shown("lots", **{"lots-0-title": "Autre"}),
    "tenders:rounds": shown("rounds", participants_minimum="3"),
    "tenders:processing": shown("processing", **{"processing-0-nature": "Autre"}),
    "tenders:contract": shown("contract", contract__months="60"),
    "tenders:essential": shown("essential", essential__cpv="48180000-3", essential__place_code="29"),
    "tenders:points": Access(get=SEE, kwargs=one),
    "tenders:described": shown("described", level="renforce"),
    "tenders:all_points": Access(get=SEE, kwargs=one),
    "tenders:point": named("point", point="EG-001", of={"point": "EG-001"}, changes={"weight": "3"}),
    "tenders:theme": named("theme", theme="T1", of={"theme": "T1"}, changes={"weight-EG-001": "3"}),
    "tenders:method": shown("method", title="Délai", weight="5", kind="marked"),
    "tenders:criterion": named("criterion", criterion="prix", of={"criterion": "prix"}, changes={"weight": "35"}),
    "tenders:evaluators": shown("evaluators", **{"evaluators-0-role": "Autre"}),
    "tenders:seat": Access(
        post=PREPARED, kwargs=one, data=lambda world: {"evaluator": "rssi", "user": str(world.hospital.evaluator.uuid)}
    ),
    "tenders:schedule": shown("schedule", schedule__months="36"),
    "tenders:risk": shown("risk", **preparing.COSTED),
    "tenders:rules": shown("rules", variants_allowed="on"),
    "tenders:bench": shown("bench"),
    "tenders:documents": Access(get=SEE, kwargs=one),
    "tenders:write_documents": Access(post=PREPARED, kwargs=one),
    "tenders:documents_archive": Access(get=SEE, kwargs=lambda world: {"uuid": preparing.documented(world).uuid}),
    "tenders:publish": Access(
        get=needs(Right.PREPARE),
        post=PREPARED,
        kwargs=lambda world: {"uuid": preparing.documented(world).uuid},
        data=lambda world: {"revision": last().revision, "seen": "on"},
    ),
    "tenders:amendments": Access(
        get=SEE,
        post=PREPARED,
        kwargs=lambda world: {"uuid": preparing.published_one(world).uuid},
        data=lambda world: typed(world, "amendments", **{"amendment-what": "Un texte"}),
    ),
    "tenders:amendment_told": Access(
        post=PREPARED,
        kwargs=lambda world: {"uuid": preparing.published_one(world).uuid, "number": 0},
        data=lambda world: {"told_on": "15/12/2026"},
    ),
    "tenders:questions": shown("questions", text="Combien de sites ?"),
    "tenders:question": Access(
        get=SEE,
        post=PREPARED,
        kwargs=lambda world: {"uuid": preparing.questioned(world).uuid, "question": "Q1"},
        data=lambda world: typed(world, "question", "Q1", answer="Quatre."),
    ),
    "tenders:questions_public": Access(get=SEE, kwargs=lambda world: {"uuid": preparing.questioned(world).uuid}),
    "tenders:definition": Access(
        get=SEE,
        post=PREPARED,
        kwargs=one,
        data=lambda world: (
            (form := typed(world, "definition")) | {"text": [form["text"][0].replace("Archivage", "Autre")]}
        ),
    ),
    "tenders:definition_file": Access(get=SEE, kwargs=one),
}

STEPS = sorted(each.parent.name for each in Path(__file__).parent.glob("*/access.py"))
ADDRESSES = PREPARING | {
    name: access for step in STEPS for name, access in import_module(f"web.tenders.{step}.access").ADDRESSES.items()
}
