"""Step 4, once published: dated amendments, questions and their answers."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.report import questions as report
from egide.report.papers import pdf
from egide.report.papers.typography import Setter, printable
from egide.tender.procedure.journal import Question
from egide.web.design.words import language, said
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.preparing import editing, forms, forms_documents
from egide.web.tenders.preparing.documents import STEP, tabs


# ------------------------------------------------------------------------------------------------------------ amendments
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def amendments(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the dated changes of what was published, or write one that touches documents only."""
    row, _ = editing.asked(request, uuid)
    can = editing.may_prepare(request, row) and row.state == models.State.PUBLISHED
    form = (
        forms.Amendment(request.POST or None, prefix="amendment", initial={"on": timezone.localdate()}) if can else None
    )
    if request.method == "POST" and form is None:
        messages.error(request, said(message("Rien à modifier ainsi : la consultation n’est pas publiée, ou ses plis sont ouverts.")))  # fmt: skip
        return redirect(request.path)
    faults: tuple[Finding, ...] = ()
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            editing.store(request, row, row.definition, (), form)
        except DataError as refusal:
            faults = refusal.findings
        except page.Changed:
            messages.error(request, said(message("La consultation a changé pendant votre saisie : relisez-la, puis recommencez.")))  # fmt: skip
        else:
            messages.success(request, said(message("Modification portée au journal. Envoyez-la à tous ceux qui ont retiré le dossier.")))  # fmt: skip
            return redirect(request.path)
    return page.show(request, row, STEP, "tenders/documents/amendments.html", {
        "tabs": tabs(row, "amendments"),
        "amendments": list(enumerate(convert.journal(row).amendments)),
        "form": form,
        "faults": faults,
        "told": forms_documents.Told(initial={"told_on": timezone.localdate()}),
        "can": can,
        "base": editing.base(row, ()),
    })  # fmt: skip


@require_POST
@login_required
def told(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Write the day on which an amendment was sent to all."""
    row = page.consultation(request, uuid, Right.PREPARE)
    journal = convert.journal(row)
    if number >= len(journal.amendments):
        raise Http404
    form = forms_documents.Told(request.POST)
    if form.is_valid():
        day = form.cleaned_data["told_on"]
        changed = [
            replace(each, told_on=day) if place == number else each for place, each in enumerate(journal.amendments)
        ]
        editing.write_journal(
            row, replace(journal, amendments=tuple(changed)), "amendment.sent", {"on": day.isoformat()}
        )
        messages.success(request, said(message("Envoi noté.")))
    else:
        messages.error(request, " ".join(str(each) for each in form.errors.get("told_on", ())))
    return redirect("tenders:amendments", row.uuid)


# ------------------------------------------------------------------------------------------------------------- questions
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def questions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the questions received and their answers, or add one."""
    return _questions(request, uuid, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: HttpRequest, uuid: UUID, question: str) -> HttpResponse:
    """Change a question, mostly to answer it."""
    return _questions(request, uuid, question)


def _questions(request: HttpRequest, uuid: UUID, identifier: str | None) -> HttpResponse:
    row, _ = editing.asked(request, uuid)
    journal = convert.journal(row)
    own = next((each for each in journal.questions if each.id == identifier), None)
    if identifier is not None and own is None:
        raise Http404
    can = editing.may_prepare(request, row) and row.state != models.State.CONCLUDED
    form = forms_documents.Question(request.POST or None, initial=_shown(own)) if can else None
    if request.method == "POST" and form is None:
        messages.error(
            request, said(message("La consultation est conclue : le registre des questions ne change plus."))
        )
        return redirect("tenders:questions", row.uuid)
    if request.method == "POST" and form is not None and form.is_valid():
        given = form.cleaned_data
        number = identifier or f"Q{len(journal.questions) + 1}"
        before = own or Question(number, given["received_at"], "")
        made = replace(
            before,
            received_on=given["received_at"],
            text=given["text"],
            asked_by=given["asked_by"],
            answer=given["answer"],
            answered_at=given["answered_at"],
            substantial=given["substantial"],
        )
        kept = tuple(made if each is own else each for each in journal.questions)
        editing.write_journal(row, replace(journal, questions=kept if own else (*kept, made)), "question.written", {"question": number})  # fmt: skip
        messages.success(request, said(message("Question {number} enregistrée.", number=number)))
        return redirect("tenders:questions", row.uuid)
    return page.show(request, row, STEP, "tenders/documents/questions.html", {
        "tabs": tabs(row, "questions"),
        "questions": journal.questions,
        "own": own,
        "form": form,
        "telling": report.telling(convert.tender(row), journal),
    })  # fmt: skip


def _shown(question: Question | None) -> dict[str, object]:
    if question is None:
        return {"received_at": timezone.localtime()}
    return {
        "received_at": question.received_on,
        "asked_by": question.asked_by,
        "text": question.text,
        "answer": question.answer,
        "answered_at": question.answered_at,
        "substantial": question.substantial,
    }


@require_safe
@login_required
def public_questions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the page that all receive: it never says who asked, and waits while a text tells it."""
    row = page.consultation(request, uuid)
    tender, journal = convert.tender(row), convert.journal(row)
    if any(each.severity is Severity.ERROR for each in report.telling(tender, journal)):
        messages.error(
            request, said(message("Une question ou une réponse nomme une entreprise : récrivez-la d’abord."))
        )
        return redirect("tenders:questions", row.uuid)
    today = timezone.localdate()
    data = report.public(Setter(language(), printable), tender, journal, today)
    response = HttpResponse(pdf.compiled(data, today), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="questions-reponses.pdf"'
    return response


urlpatterns = [
    path("<uuid:uuid>/pieces/modifications/", amendments, name="amendments"),
    path("<uuid:uuid>/pieces/modifications/<int:number>/envoyee/", told, name="amendment_told"),
    path("<uuid:uuid>/pieces/questions/", questions, name="questions"),
    path("<uuid:uuid>/pieces/questions/publiques.pdf", public_questions, name="questions_public"),
    path("<uuid:uuid>/pieces/questions/<str:question>/", question, name="question"),
]
