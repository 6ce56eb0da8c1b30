"""The result of a diagnosis: levels by family, what to do first, what is proven; the same on paper."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egide import reference
from egide.desk import diagnosis as desk
from egide.desk.diagnosis import Made
from egide.diagnosis.maturity import maturity
from egide.diagnosis.priorities import priorities
from egide.web.design.words import language
from egide.web.diagnoses import convert, filling, models, room, shown
from egide.web.diagnoses.answering import words_of
from egide.web.diagnoses.workbooks import figures_of


def made(row: models.Diagnosis) -> Made:
    """Return a diagnosis with all that follows from it, as of the day it was finished, else as of today.

    Answers taken from an earlier diagnosis and not confirmed count with their age.
    """
    asked = convert.questionnaire(row.questionnaire)
    day = room.day(row)
    told = desk.diagnosed(asked, convert.filled(row, asked, day, figures_of(row.organisation, asked)))
    if not any("since" in each for each in row.answers.values()):
        return told
    its = told.shown
    known = maturity(convert.observations(row, day), day, its.weighing)
    first = priorities(known, reference.advice(), its.reference, reading=its.reading)
    return replace(told, shown=replace(its, maturity=known, priorities=first))


@require_safe
@login_required
def result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the result of a diagnosis; of an open one, what it would be today."""
    row = room.diagnosis(request, uuid)
    told = made(row)
    context = shown.of_result(told) | filling.progress(told.shown.reading) | {
        "row": row,
        "day": room.day(row),
        "can": room.may_answer(request, row.organisation),
        "chapters": _answers(row, told),
        "print_title": row.questionnaire.title,
    }  # fmt: skip
    return render(request, "diagnoses/result.html", context)


def _answers(row: models.Diagnosis, told: Made) -> list[tuple[Any, str, list[tuple[Any, ...]]]]:
    """Return every answer, chapter by chapter, with who gave it: one query for the names."""
    names = filling.names(row)
    found = []
    for number, chapter in enumerate(told.questionnaire.chapters, 1):
        entries: list[tuple[Any, ...]] = []
        for question in chapter.questions:
            kept = row.answers.get(question.id, {})
            its = told.shown.reading.by_id[question.id]
            day = convert.answered_on(kept) if kept else None
            entries.append((question, its, words_of(question, convert.answer(kept)), kept, day, names.get(kept.get("by", ""), "")))  # fmt: skip
        found.append((filling.titled(chapter, number), f"chapitre-{number}", entries))
    return found


@require_safe
@login_required
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the result as a PDF for a board."""
    row = room.diagnosis(request, uuid)
    files = desk.documents(made(row), language(), room.day(row))
    return room.file(files["diagnostic.pdf"], room.name_of(row, "pdf"), "application/pdf")
