"""The journal of the procedure as text: all that is wrong is told at once, and what was typed is never lost."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide import plain
from egide.exchange.journal_file import FILE, read_journal, skeleton
from egide.exchange.tender_text import text_of
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.procedure.journal import Journal
from egide.tender.procedure.publication import frozen
from egide.web.audit import guard
from egide.web.design.words import phrase, said
from egide.web.files.scratch import scratch
from egide.web.organisations.roles import Right
from egide.web.tenders import convert, models, page
from egide.web.tenders.result.room import open_to

MOST = 2_000_000
COUNT = frozenset({"amendments", "candidacies"})
"""Keys on which an evaluation depends."""


class Text(forms.Form):
    """The text of journal.yaml, and what it was made from."""

    text = forms.CharField(
        label=phrase("Journal de la procédure (journal.yaml)"),
        help_text=phrase("Ce qui a été fait, quand et par qui, au format décrit par docs/formats.md."),
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "data"}),
        max_length=MOST,
        strip=False,
    )
    base = forms.CharField(widget=forms.HiddenInput, max_length=64)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Right.DECIDE, opened=False)
def edit(request: HttpRequest, row: models.Consultation) -> HttpResponse:
    """Show the journal as text, or take another text of it."""
    journal, given = convert.journal(row), page.prepared(row)
    example = skeleton(given.tender, frozen(given.tender, given.clausier))
    text = example if journal == Journal() else text_of(journal)
    form = Text(request.POST or None, initial={"text": text, "base": plain.digest(row.journal)})
    found: list[Finding] = []
    clash = False
    if request.method == "POST" and form.is_valid():
        read, found = _read(row, form.cleaned_data["text"])
        if not any(each.severity is Severity.ERROR for each in found):
            clash = not _saved(row, form.cleaned_data["base"], read, found)
            if not clash:
                messages.success(request, said(message("Journal enregistré.")))
                return redirect("tenders:record", row.uuid)
            now = models.Consultation.objects.get(pk=row.pk)
            form = Text({"text": form.cleaned_data["text"], "base": plain.digest(now.journal)})
    known = {"form": form, "found": found, "clash": clash, "example": example}
    return page.show(request, row, "result", "tenders/result/journal.html", known)


def _read(row: models.Consultation, text: str) -> tuple[Journal, list[Finding]]:
    """Return the journal that a text says, and everything found in it."""
    with scratch() as place:
        (place / FILE).write_text(text, encoding="utf-8")
        journal, found = read_journal(place, convert.tender(row))
    if journal.publication != convert.journal(row).publication:
        understood = message("la publication s’écrit en publiant (étape 4) : elle ne se change pas ici")
        remedy = message("Remettre la rubrique publication telle qu’elle était.")
        found = [*found, Finding("journal.publication", Severity.ERROR, understood, remedy, FILE, "publication")]
    return journal, found


def _saved(row: models.Consultation, base: str, journal: Journal, found: list[Finding]) -> bool:
    """Write the journal over the one that the page was made from; return False when it is another by now."""
    own = models.Consultation.objects.select_for_update().get(pk=row.pk)
    if plain.digest(own.journal) != base:
        return False
    new: dict[str, Any] = plain.unstructure(journal)
    changed = {key: [own.journal.get(key), new[key]] for key in new if own.journal.get(key) != new[key]}
    ended = bool(journal.signatures or journal.no_awards)
    state = own.state
    if state in {models.State.OPENED, models.State.CONCLUDED}:
        state = models.State.CONCLUDED if ended else models.State.OPENED
    models.Consultation.objects.filter(pk=own.pk).update(
        journal=new,
        state=state,
        marks_revision=own.marks_revision + bool(COUNT & changed.keys()),
        changed_at=timezone.now(),
    )
    convert.store_findings(own, "journal", found)
    guard.record("journal.written", own.organisation, own, changed)
    return True
