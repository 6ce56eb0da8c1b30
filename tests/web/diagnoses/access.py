"""Who reaches the pages of diagnoses, and rows to reach."""

from dataclasses import replace
from datetime import UTC, date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from egide import reference
from egide.diagnosis.questionnaire import Depth
from egide.exchange import diagnosis_sheet
from egide.message import Text
from egide.web.diagnoses import beginning, convert, ending, models
from egide.web.organisations.roles import Right
from web.access import Access, needs, signed_in

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def here(world):
    return {"organisation": world.hospital.organisation.uuid}


def begun(world, depth=Depth.PRACTICE, of=None, **answers):
    """An open diagnosis of the hospital; `answers` by question, each a level or the plain data of an answer."""
    place = of or world.hospital
    return models.Diagnosis.objects.create(
        organisation=place.organisation,
        questionnaire=beginning.held(place.organisation, depth),
        depth=depth,
        begun_by=place.buyer,
        answers={name: kept(place, each) for name, each in answers.items()},
    )


def kept(place, said):
    data = {"level": said} if isinstance(said, str) else said
    return {"by": str(place.buyer.uuid), "at": AT.isoformat()} | data


def answered(world, depth=Depth.PRACTICE, at="best", of=None, **more):
    """An open diagnosis whose questions all have their best, or worst, level."""
    asked = reference.questionnaires()[depth]
    levels = {each.id: {"level": getattr(each, at).code} | more for each in asked.questions}
    return begun(world, depth, of, **levels)


def finished(world, **values):
    row = answered(world, **values)
    ending.finished(row, row.begun_by)
    return row


def one(world):
    return {"uuid": begun(world).uuid}


def done(world):
    return {"uuid": finished(world).uuid}


def first_chapter(world):
    return one(world) | {"number": 1}


def first_answer(world):
    """What a page sends when the first question gets its best level."""
    question = reference.questionnaires()[Depth.PRACTICE].questions[0]
    return {"q1-level": question.best.code, "q1-seen": convert_token({})}


def convert_token(said):
    from egide.web.diagnoses.answering import token

    return token(said)


def workbook(world):
    asked = reference.questionnaires()[Depth.PRACTICE]
    levels = {each.id: {"level": each.best.code} for each in asked.questions}
    filled = convert.filled(models.Diagnosis(organisation=world.hospital.organisation, answers=levels), asked, date(2026, 11, 20))  # fmt: skip
    return SimpleUploadedFile("rempli.xlsx", diagnosis_sheet.content(asked, created=date(2026, 11, 20), filled=filled))


def mapped(world, kind=models.Application, **values):
    given = {"organisation": world.hospital.organisation, "changed_by": world.hospital.buyer, "name": "Dossier patient"}
    return kind.objects.create(**given | values)


def line(world):
    return {"kind": "applications", "uuid": mapped(world).uuid}


def grid(world, **values):
    asked = replace(reference.questionnaires()[Depth.PRACTICE], title=Text("Grille fictive", "Fictitious grid"))
    row = convert.questionnaire_row(asked, world.hospital.organisation, own=True)
    row.brought_by = world.hospital.buyer
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def one_grid(world):
    return {"uuid": grid(world).uuid}


def measures(world):
    return {"m1": "backup"}


GRID = """title: Grille fictive
questions:
  - id: "1.1"
    question: Les sauvegardes sont-elles hors ligne ?
    levels: [{label: Jamais, score: 0}, {label: Parfois, score: 50}, {label: Toujours, score: 100}]
  - id: "1.2"
    question: Chaque agent a-t-il un badge ?
    levels: [{label: Non, score: 0}, {label: Oui, score: 100}]
"""
MAP_CSV = "Application;Fournisseur\nDossier patient;Éditeur fictif\nLaboratoire;Autre éditeur fictif\n"


def sent(text, name):
    return SimpleUploadedFile(name, text.encode())


APPLICATION = {"name": "Laboratoire", "hosting": "internal", "data": "health", "recovery_time_hours": "4"}
CHANGES = {"get": needs(Right.DIAGNOSE), "post": needs(Right.DIAGNOSE, then=302)}
ADDRESSES = {
    "diagnoses:index": Access(get=signed_in()),
    "diagnoses:show": Access(get=needs(Right.SEE), kwargs=here),
    "diagnoses:begin": Access(**CHANGES, kwargs=here, data=lambda world: {"what": "practice"}),
    "diagnoses:compare": Access(get=needs(Right.SEE), kwargs=here),
    "diagnoses:grids": Access(get=needs(Right.SEE), kwargs=here),
    "diagnoses:bring": Access(**CHANGES, kwargs=here, data=lambda world: {"file": sent(GRID, "grille.yaml")}),
    "diagnoses:match": Access(**CHANGES, kwargs=one_grid, data=measures),
    "diagnoses:remove_grid": Access(**CHANGES, kwargs=one_grid),
    "diagnoses:map": Access(get=needs(Right.SEE), kwargs=here),
    "diagnoses:bring_map": Access(**CHANGES, kwargs=here, data=lambda world: {"file": sent(MAP_CSV, "carte.csv")}),
    "diagnoses:map_workbook": Access(get=needs(Right.SEE), kwargs=here),
    "diagnoses:add_mapped": Access(**CHANGES, kwargs=lambda world: here(world) | {"kind": "applications"}, data=lambda world: APPLICATION),
    "diagnoses:change_mapped": Access(**CHANGES, kwargs=line, data=lambda world: APPLICATION),
    "diagnoses:remove_mapped": Access(**CHANGES, kwargs=line),
    "diagnoses:one": Access(get=needs(Right.SEE), kwargs=one),
    "diagnoses:chapter": Access(get=needs(Right.SEE), post=needs(Right.DIAGNOSE, then=302), kwargs=first_chapter, data=first_answer),
    "diagnoses:blanks": Access(get=needs(Right.SEE), kwargs=one),
    "diagnoses:finish": Access(**CHANGES, kwargs=one),
    "diagnoses:remove": Access(**CHANGES, kwargs=one),
    "diagnoses:result": Access(get=needs(Right.SEE), kwargs=done),
    "diagnoses:paper": Access(get=needs(Right.SEE), kwargs=done),
    "diagnoses:workbook": Access(get=needs(Right.SEE), kwargs=one),
    "diagnoses:upload": Access(get=needs(Right.DIAGNOSE), post=needs(Right.DIAGNOSE, then=302), kwargs=one, data=lambda world: {"file": workbook(world)}),
}  # fmt: skip
