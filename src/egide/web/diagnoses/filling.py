"""Filling a diagnosis: how far it is, its questions chapter by chapter, what is still blank."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide.diagnosis.filled import Answer, Counted, Reading
from egide.diagnosis.questionnaire import Chapter, Question
from egide.finding import Finding
from egide.message import Message, Text, message
from egide.web.audit.guard import record
from egide.web.design.templatetags.parts import errors
from egide.web.design.words import said
from egide.web.diagnoses import convert, models, room
from egide.web.diagnoses.answering import AnswerForm, Conflict, Merged, merged, prefix
from egide.web.organisations.models import User
from egide.web.organisations.roles import Right

ON = "continue"
"""The name of the button that saves and goes on."""


@dataclass(frozen=True)
class Block:
    """One question on the page: its form when it is asked now, None while it waits or is not asked."""

    number: int
    question: Question
    form: AnswerForm | None
    since: Any = None
    by: str = ""
    conflict: Conflict | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def id(self) -> str:
        """Return what names it in the page."""
        return prefix(self.number)


@dataclass(frozen=True)
class Part:
    """A chapter and how far it is."""

    chapter: Chapter
    number: int
    url: str
    asked: int
    answered: int

    @property
    def title(self) -> Text | Message:
        """Return its title; its number where a grid gives none."""
        return titled(self.chapter, self.number)

    @property
    def left(self) -> int:
        """Return how many of its questions have no answer."""
        return self.asked - self.answered


def titled(chapter: Chapter, number: int) -> Text | Message:
    """Return the title of a chapter; its number where a grid gives none."""
    return chapter.title if chapter.title.fr or chapter.title.en else message("Chapitre {number}", number=number)


def _read(row: models.Diagnosis) -> Reading:
    return convert.reading(row, timezone.localdate())


def progress(reading: Reading) -> dict[str, Any]:
    """Return how far a diagnosis is: questions answered, asked, left, and the minutes that those left may take."""
    minutes = sum(each.question.minutes for each in reading.blanks)
    return {
        "answered": reading.answered_count,
        "asked": reading.asked_count,
        "left": len(reading.blanks),
        "minutes": max(1, round(minutes)) if reading.blanks else 0,
    }


def parts(row: models.Diagnosis, reading: Reading) -> list[Part]:
    """Return the chapters in order, each with how far it is."""
    found = []
    for number, chapter in enumerate(reading.questionnaire.chapters, 1):
        asked = [each for question in chapter.questions if (each := reading.by_id[question.id]).state.asked]
        url = reverse("diagnoses:chapter", args=[row.uuid, number])
        found.append(Part(chapter, number, url, len(asked), sum(each.state.settled for each in asked)))
    return found


def _open(request: HttpRequest, uuid: UUID, right: Right = Right.SEE) -> models.Diagnosis:
    return room.diagnosis(request, uuid, right)


def _common(request: HttpRequest, row: models.Diagnosis, reading: Reading) -> dict[str, Any]:
    return progress(reading) | {
        "row": row,
        "can": room.may_answer(request, row.organisation),
        "parts": parts(row, reading),
        "print_title": row.questionnaire.title,
    }


@require_safe
@login_required
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how far a diagnosis is; a finished one has its result instead."""
    row = _open(request, uuid)
    if row.finished:
        return redirect("diagnoses:result", row.uuid)
    reading = _read(row)
    chapters = parts(row, reading)
    context = _common(request, row, reading) | {
        "next": next((each for each in chapters if each.left), None),
        "unconfirmed": sum("since" in each for each in row.answers.values()),
        "says": reading.questionnaire.says,
    }
    return render(request, "diagnoses/one.html", context)


@require_safe
@login_required
def blanks(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """List what has no answer, what was refused, and what nobody confirmed yet."""
    row = _open(request, uuid)
    if row.finished:
        return redirect("diagnoses:result", row.uuid)
    reading = _read(row)
    by_chapter = []
    for part in parts(row, reading):
        inside = [reading.by_id[each.id] for each in part.chapter.questions]
        left = [(_number(reading, each), each) for each in inside if not each.state.settled and not each.waits]
        waiting = sum(each.waits for each in inside)
        old = [(_number(reading, each), each) for each in inside if each.state.settled and "since" in row.answers.get(each.question.id, {})]  # fmt: skip
        if left or waiting or old:
            by_chapter.append((part, left, waiting, old))
    return render(request, "diagnoses/blanks.html", _common(request, row, reading) | {"by_chapter": by_chapter})


def _number(reading: Reading, each: Counted) -> int:
    return 1 + reading.questionnaire.questions.index(each.question)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def chapter(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Ask the questions of a chapter, and save the answers; a reader sees them without being able to change them."""
    writes = request.method == "POST"
    row = _open(request, uuid, Right.DIAGNOSE if writes else Right.SEE)
    if not 0 < number <= len(convert.questionnaire(row.questionnaire).chapters):
        raise Http404
    if row.finished:
        return _too_late(request, row)
    if writes:
        return _save(request, row, number)
    reading = _read(row)
    return _page(request, row, reading, number, _blocks(row, reading, number))


def _too_late(request: HttpRequest, row: models.Diagnosis) -> HttpResponse:
    if request.method == "POST":
        raise PermissionDenied
    return redirect("diagnoses:result", row.uuid)


def _page(
    request: HttpRequest, row: models.Diagnosis, reading: Reading, number: int, blocks: list[Block]
) -> HttpResponse:
    context = _common(request, row, reading)
    its = context["parts"]
    context |= {
        "part": its[number - 1],
        "blocks": blocks,
        "before": its[number - 2] if number > 1 else None,
        "after": its[number] if number < len(its) else None,
        "unconfirmed": any(each.since for each in blocks),
        "faults": errors(*(each.form for each in blocks if each.form and each.form.is_bound), partly=True),
    }
    return render(request, "diagnoses/chapter.html", context)


def _blocks(
    row: models.Diagnosis,
    reading: Reading,
    number: int,
    made: Merged | None = None,
    wrong: dict[str, AnswerForm] | None = None,
) -> list[Block]:
    """Return the questions of a chapter as they are now; `wrong` are the forms to show again with their errors."""
    conflicts = {each.question.id: each for each in made.conflicts} if made else {}
    order = {each.id: place for place, each in enumerate(reading.questionnaire.questions, 1)}
    by = names(row)
    found: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        found.setdefault(finding.point, []).append(finding)
    blocks = []
    for question in reading.questionnaire.chapters[number - 1].questions:
        its, place = reading.by_id[question.id], order[question.id]
        kept = row.answers.get(question.id, {})
        form = None
        if its.state.asked and not its.waits:
            form = (wrong or {}).get(question.id) or AnswerForm(question, kept=kept, prefix=prefix(place))
        blocks.append(
            Block(
                place, question, form,
                since=convert.answered_on(kept) if form and kept.get("since") else None,
                by=by.get(kept.get("by", ""), "") if form else "",
                conflict=conflicts.get(question.id),
                findings=tuple(found.get(question.id, ())) if form else (),
            )
        )  # fmt: skip
    return blocks


def names(row: models.Diagnosis) -> dict[str, str]:
    """Return the names of those who answered, by UUID: one query."""
    known = {each.get("by", "") for each in row.answers.values()} - {""}
    return {str(each.uuid): str(each) for each in User.objects.filter(uuid__in=known)}


def _save(request: HttpRequest, row: models.Diagnosis, number: int) -> HttpResponse:
    """Put the answers sent together with those kept, then show what follows."""
    held = room.locked(row)
    if held is None:
        raise PermissionDenied
    asked = convert.questionnaire(held.questionnaire)
    here = asked.chapters[number - 1]
    order = {each.id: place for place, each in enumerate(asked.questions, 1)}
    sent = [each for each in here.questions if f"{prefix(order[each.id])}-seen" in request.POST]
    forms = {
        each.id: AnswerForm(each, request.POST, kept=held.answers.get(each.id, {}), prefix=prefix(order[each.id]))
        for each in sent
    }
    wrong = {name: form for name, form in forms.items() if not form.is_valid()}
    everything = "confirm_all" in request.POST
    given = [
        (each, form.value, form.cleaned_data["seen"], everything or form.cleaned_data.get("confirmed", False))
        for each in sent
        if (form := forms[each.id]) and each.id not in wrong
    ]
    made = merged(held.answers, given, room.person(request).uuid, timezone.now())
    write(held, made, "diagnosis.answered")
    reading = _read(held)
    blocks = _blocks(held, reading, number, made, wrong)
    if room.partial(request):
        return _parts_of_page(request, held, reading, number, blocks, {each.id for each in sent})
    if wrong or made.conflicts:
        return _page(request, held, reading, number, blocks)
    return _go_on(request, held, reading, number, {each.id for each in sent})


def write(row: models.Diagnosis, made: Merged, action: str) -> None:
    """Write the answers put together, and tell the trail which changed; nothing when none did."""
    if not made.changed:
        return
    row.answers, row.changed_at = made.answers, timezone.now()
    row.save(update_fields=("answers", "changed_at"))
    record(action, row.organisation, row, {name: [_told(before), _told(after)] for name, (before, after) in made.changed.items()})  # fmt: skip


def _told(kept: Any) -> str:
    """Return what the trail keeps of an answer: its level and whether a proof was seen, not its texts."""
    answer: Answer = convert.answer(kept or {})
    return f"{'na' if answer.not_applicable else answer.level}{'+' if answer.proven else ''}"


def _parts_of_page(
    request: HttpRequest, row: models.Diagnosis, reading: Reading, number: int, blocks: list[Block], shown: set[str]
) -> HttpResponse:
    """Answer with what changes in the page: states, questions that appear or go, how far it is."""
    turned = [each for each in blocks if _turns(each, shown)]
    stays = [each for each in blocks if each.form and each not in turned]
    context = _common(request, row, reading)
    context |= {"part": context["parts"][number - 1], "turned": turned, "stays": stays, "now": timezone.now()}
    return render(request, "diagnoses/saved.html", context)


def _turns(block: Block, shown: set[str]) -> bool:
    """Whether a question appears, goes, or has something to say that is not said by its state alone."""
    here = block.form is not None
    return here != (block.question.id in shown) or block.conflict is not None or bool(block.form and block.form.errors)


def _go_on(request: HttpRequest, row: models.Diagnosis, reading: Reading, number: int, shown: set[str]) -> HttpResponse:
    """Go where the button says, unless the answers made questions appear here."""
    here = reading.questionnaire.chapters[number - 1]
    new = [each for each in reading.shown if each.question in here.questions and each.question.id not in shown]
    left = [each for each in new if not each.state.settled]
    if left:
        place = 1 + reading.questionnaire.questions.index(left[0].question)
        messages.info(request, said(message("Enregistré. Vos réponses ouvrent {count} question(s) de plus ici.", count=len(left))))  # fmt: skip
        return redirect(f"{reverse('diagnoses:chapter', args=[row.uuid, number])}#{prefix(place)}")
    messages.success(request, said(message("Réponses enregistrées.")))
    if ON not in request.POST:
        return redirect("diagnoses:chapter", row.uuid, number)
    if number < len(reading.questionnaire.chapters):
        return redirect("diagnoses:chapter", row.uuid, number + 1)
    return redirect("diagnoses:one", row.uuid)
