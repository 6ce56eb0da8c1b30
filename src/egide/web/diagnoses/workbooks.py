"""A diagnosis as a workbook to fill in away from here, and that workbook brought in again: nothing of either is lost."""

from dataclasses import dataclass
from dataclasses import replace as replaced
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide.diagnosis.cartography import same_name
from egide.diagnosis.filled import BLANK, Answer
from egide.diagnosis.questionnaire import Question, Questionnaire
from egide.exchange import diagnosis_answers, diagnosis_sheet
from egide.exchange.diagnosis_establishment import SHARES
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.web.design.words import language, phrase, said
from egide.web.diagnoses import convert, filling, models, room
from egide.web.diagnoses.answering import MOST, merged, token, words_of
from egide.web.diagnoses.uploads import SheetForm, on_disk
from egide.web.establishments import convert as establishments
from egide.web.establishments.models import Fact
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right


@dataclass(frozen=True)
class Difference:
    """A question answered here and otherwise in the workbook."""

    question: Question
    here: Text | Message
    there: Text | Message


class WorkbookForm(SheetForm):
    """A filled workbook, and what it may change."""

    replace = forms.BooleanField(
        label=phrase("Remplacer aussi les réponses déjà données qui diffèrent"), required=False,
        help_text=phrase("Sans cela, le classeur ne fait que compléter : les différences sont listées, et rien ne change."),
    )  # fmt: skip


@require_safe
@login_required
def workbook(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the questions and the answers given so far, to be filled in a spreadsheet."""
    row = room.diagnosis(request, uuid)
    asked = convert.questionnaire(row.questionnaire)
    filled = convert.filled(row, asked, room.day(row), figures_of(row.organisation, asked))
    content = diagnosis_sheet.content(asked, language(), created=room.day(row), filled=filled)
    return room.file(content, room.name_of(row, "xlsx"), room.XLSX)


def figures_of(of: Organisation, asked: Questionnaire) -> dict[str, Decimal]:
    """Return the figures that a questionnaire asks for, where the establishment has given them: one query."""
    codes = [each.code for each in asked.figures]
    known = establishments.known(Fact.objects.filter(establishment__organisation=of, code__in=codes))
    found = {code: each[0].value for code, each in known.items()}
    values = {code: value for code, value in found.items() if isinstance(value, Decimal)}
    return {code: value / 100 if code in SHARES else value for code, value in values.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take in a filled workbook: what was blank is completed, what differs is listed, every finding is shown at once."""
    row = room.diagnosis(request, uuid, Right.DIAGNOSE)
    if row.finished:
        if request.method == "POST":
            raise PermissionDenied
        return redirect("diagnoses:result", row.uuid)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"row": row, "form": form, "print_title": row.questionnaire.title}
    if request.method == "POST" and form.is_valid():
        held = room.locked(row)
        if held is None:
            raise PermissionDenied
        told = _taken(request, held, form.cleaned_data["file"], replace=form.cleaned_data["replace"])
        context |= told
        if told["read"]:
            if not told["findings"] and not told["differences"] and not told["figures"]:
                messages.success(request, said(message("{count} réponse(s) reprises du classeur.", count=told["count"])))  # fmt: skip
                return redirect("diagnoses:one", row.uuid)
            return render(request, "diagnoses/upload.html", context)
        form.add_error("file", said(message("Ce fichier n’est pas le classeur de ce diagnostic : voyez les constats ci-dessous.")))  # fmt: skip
    return render(request, "diagnoses/upload.html", context, status=room.status(request))


def _taken(request: HttpRequest, row: models.Diagnosis, given: Any, *, replace: bool) -> dict[str, Any]:
    """Put the answers of a workbook together with those kept, and return what the page says of it."""
    asked = convert.questionnaire(row.questionnaire)
    with on_disk(given) as path:
        answers = diagnosis_answers.read(path, Path(given.name).name, (asked,), timezone.localdate())
    ours = answers.readable and answers.questionnaire is not None and answers.questionnaire.id == asked.id
    findings = [*answers.findings, *_of_another(answers.filled.name, row.organisation.name)]
    if not ours:
        return {"read": False, "findings": findings, "differences": [], "figures": [], "count": 0}
    told = [(asked.by_id[name], each) for name, each in answers.filled.answers.items() if name in asked.by_id and each != BLANK]  # fmt: skip
    cut = [each for each, value in told if max(len(value.reason), len(value.proof)) > MOST]
    findings += [_too_long(each) for each in cut]
    told = [(each, replaced(value, reason=value.reason[:MOST], proof=value.proof[:MOST])) for each, value in told]
    apart = [(each, value) for each, value in told if _differs(row, each, value)]
    taken = told if replace else [pair for pair in told if pair not in apart]
    sent = [(each, value, token(row.answers.get(each.id, {})), False) for each, value in taken]
    made = merged(row.answers, sent, room.person(request).uuid, timezone.now())
    filling.write(row, made, "diagnosis.uploaded")
    here = {each.id: convert.answer(row.answers.get(each.id, {})) for each, _ in apart}
    differences = [] if replace else [Difference(each, words_of(each, here[each.id]), words_of(each, value)) for each, value in apart]  # fmt: skip
    figures = [(each.text, answers.filled.figures[each.code]) for each in asked.figures if each.code in answers.filled.figures]  # fmt: skip
    return {"read": True, "findings": findings, "differences": differences, "figures": figures, "count": len(made.changed)}  # fmt: skip


def _too_long(question: Question) -> Finding:
    understood = message("texte trop long : les {count} premiers signes sont gardés", count=MOST)
    return Finding("diagnosis.text", Severity.DOUBT, understood, message("Le raccourcir."), point=question.id)


def _differs(row: models.Diagnosis, question: Question, value: Answer) -> bool:
    """Whether the answer kept says something else; a proof or a remark that the workbook adds is no difference."""
    kept = convert.answer(row.answers.get(question.id, {}))
    if kept == BLANK:
        return False
    return (kept.level, kept.not_applicable) != (value.level, value.not_applicable) or (
        kept.proven and not value.proven
    )


def _of_another(written: str, name: str) -> list[Finding]:
    if not written.strip() or same_name(written, name):
        return []
    understood = message("le classeur porte le nom « {written} », ce diagnostic est celui de « {name} »", written=written, name=name)  # fmt: skip
    remedy = message("Vérifier que c’est le bon fichier.")
    return [Finding("diagnosis.name", Severity.DOUBT, understood, remedy, read=written)]
