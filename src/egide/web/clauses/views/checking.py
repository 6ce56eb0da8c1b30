"""What a candidate's answer sheet says, before it is sent: read, told, forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from egide import reference
from egide.clausier.model import Clausier
from egide.desk.clausiers import usable
from egide.errors import DataError
from egide.exchange.answers import Reading, read_answers
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.model import Answer
from egide.tender.words import CONDITIONS, DECLARED
from egide.web.audit.guard import writes_nothing
from egide.web.clauses import shown
from egide.web.clauses.forms import MOST_BYTES, FileForm
from egide.web.clauses.uploads import admitted, unkept
from egide.web.design.words import language

MOST_SHOWN = 400
"""Findings written on a page; beyond, the rest is counted."""


@dataclass(frozen=True)
class Group:
    """The findings of one kind, and what kind."""

    code: str
    title: Message
    findings: Sequence[tuple[Finding, str]]
    left: int = 0


@dataclass(frozen=True)
class Section:
    """The findings of one severity."""

    severity: Severity
    title: Message
    lead: Message
    count: int
    groups: Sequence[Group]


@dataclass(frozen=True)
class Row:
    """An answer as it was understood."""

    line: shown.Line
    declared: Text
    condition: Text
    answer: Answer
    found: int


KINDS: Mapping[str, Message] = {
    "answer.condition": message("réponses données sous condition"),
    "answer.free_text": message("textes libres sans réponse nette"),
    "answer.pointer_only": message("simples renvois à un document"),
    "answer.no_document": message("réponses sans le document attendu"),
    "answer.no_figure": message("réponses sans la valeur attendue"),
    "answer.na_reason": message("« sans objet » sans raison"),
    "answer.repeated": message("réponses données deux fois"),
    "answer.conflict": message("deux réponses différentes au même point"),
    "answer.other_wording": message("réponses à une autre rédaction de la question"),
    "answer.merged": message("réponses dans des cellules fusionnées"),
    "answer.second_source": message("réponses données dans deux fichiers ou deux feuilles"),
    "point.approximate": message("identifiants compris par rapprochement"),
    "point.unknown": message("identifiants inconnus du clausier"),
    "row.unread": message("lignes qui n'ont pas pu être lues"),
    "column.guessed": message("colonnes reconnues par leur contenu"),
}
"""What is said of several findings of one code whose sentences differ."""
SECTIONS = (
    (Severity.ERROR, message("Erreurs"), message("À corriger : ce qui est touché ne peut pas être lu.")),
    (Severity.DOUBT, message("Doutes"), message("À confirmer : voici ce qui a été compris. Une personne de l'établissement devra trancher si rien ne change.")),
    (Severity.NOTE, message("Remarques"), message("Pour information : rien à corriger.")),
)  # fmt: skip


@csrf_exempt  # nobody is recognised here and nothing is kept: the page also works without cookies
@writes_nothing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Say what is understood of an answer sheet and all that is in doubt; nothing of it is kept."""
    if request.method != "POST":
        return _asked(request, FileForm())
    if not admitted(request, files=2):
        return render(request, "413.html", status=413)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _asked(request, form, status=400)
    sheet, own = form.cleaned_data["sheet"], form.cleaned_data["clausier"]
    if any(each is not None and each.size > MOST_BYTES for each in (sheet, own)):
        return render(request, "413.html", status=413)
    with unkept(sheet) as path, unkept(own) as clausier_path:
        clausier = reference.clausier()
        told: Sequence[Finding] = ()
        if clausier_path is not None:
            try:
                clausier, told = usable(clausier_path, own.name)
            except DataError as refused:
                return _refused(request, own.name, refused)
        reading = read_answers(path or Path(), sheet.name, clausier)
    return render(request, "clauses/check_result.html", _understood(reading, clausier, [*told, *reading.findings]))


def _asked(request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "clausier": reference.clausier()}
    return render(request, "clauses/check.html", context, status=status)


def _refused(request: HttpRequest, name: str, refused: DataError) -> HttpResponse:
    found = refused.findings or (
        Finding(refused.code, Severity.ERROR, refused.message, message("Corriger le fichier, puis recommencer."), name),
    )
    context = {"form": FileForm(), "clausier": reference.clausier(), "findings": found[:MOST_SHOWN]}
    return render(request, "clauses/check.html", context, status=422)  # fmt: skip


def _understood(reading: Reading, clausier: Clausier, found: Sequence[Finding]) -> dict[str, Any]:
    told = {each.point for each in found if each.point}
    by_point = {each: sum(finding.point == each for finding in found) for each in told}
    tongue = language()
    rows = [
        Row(shown.line(clausier, clausier.points[name], tongue), DECLARED[answer.declared], CONDITIONS[answer.condition], answer, by_point.get(name, 0))
        for name, answer in reading.answers.items()
        if name in clausier.points
    ]  # fmt: skip
    ours = clausier.digest == reference.clausier().digest
    return {
        "reading": reading,
        "clausier": clausier,
        "ours": ours,
        "sections": [_section(each, found, ours=ours) for each in SECTIONS if any(one.severity is each[0] for one in found)],
        "count": len(found),
        "rows": rows,
        "asked": len(clausier.points),
        "tally": [(DECLARED[kind], sum(row.answer.declared is kind for row in rows)) for kind in dict.fromkeys(row.answer.declared for row in rows)],
        "good": not any(each.severity is not Severity.NOTE for each in found) and bool(rows),
    }  # fmt: skip


def _section(kind: tuple[Severity, Message, Message], found: Sequence[Finding], *, ours: bool) -> Section:
    severity, title, lead = kind
    mine = [each for each in found if each.severity is severity]
    groups = []
    left = MOST_SHOWN
    for code in dict.fromkeys(each.code for each in mine):
        same = [each for each in mine if each.code == code]
        kept = same[: max(0, left)]
        left -= len(kept)
        linked = [(each, _address(each.point) if ours else "") for each in kept]
        groups.append(Group(code, _kind(same), linked, len(same) - len(kept)))
    return Section(severity, title, lead, len(mine), groups)


def _kind(same: Sequence[Finding]) -> Message:
    """Return in words what the findings of one code have in common."""
    if len({str(each.understood) for each in same}) == 1:
        return same[0].understood
    return KINDS.get(same[0].code, message("plusieurs constats de même nature"))


def _address(point: str) -> str:
    return reverse("clauses:point", args=[point]) if point in reference.clausier().points else ""
