"""Results played without network, brought in: counted once, kept apart when they were changed or are those of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from egide import plain
from egide.errors import DataError
from egide.exchange import exercise_results
from egide.exchange.exercise_results import Results
from egide.exercise.record import fingerprint
from egide.finding import Finding
from egide.message import Message, message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.diagnoses.uploads import on_disk
from egide.web.exercises import convert, models
from egide.web.exercises.debriefing import played
from egide.web.exercises.debriefing.forms import ResultsForm
from egide.web.exercises.models import State
from egide.web.exercises.preparing import room
from egide.web.organisations.models import Organisation
from egide.web.organisations.roles import Right
from egide.web.organisations.scope import allowed

PLAY = 100
"""Signs kept of the name of a play: a page of ours makes it of 36."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def results(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Bring results into an exercise that is ready or played; show those that are there, and which of them count."""
    row = room.exercise(request, uuid, Right.REHEARSE)
    if row.state == State.DRAFT:
        raise Http404
    if request.method == "POST" and row.state == State.CLOSED:
        raise PermissionDenied
    form = ResultsForm(request.POST or None, request.FILES or None)
    read, findings = _read(request, form, row.digest) if request.method == "POST" else (None, ())
    if read is not None and read.record.script != row.digest:
        form.add_error("file", said(message("Ces résultats sont ceux d’un autre scénario : rien n’est changé ici. Importez-les depuis la page de l’établissement : ils y seront gardés à part.")))  # fmt: skip
        read = None
    if read is not None:
        return _kept(request, row, read)
    context = room.common(request, row, "debrief") | {
        "here": said(message("Résultats joués sans réseau")),
        "form": form if row.state != State.CLOSED else None,
        "findings": findings,
        "brought": _brought(row),
    }
    return render(request, "exercises/debriefing/results.html", context, status=room.status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bring(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Bring results into an organisation: to the exercise whose script was played, else to one made for them."""
    of = room.organisation(request, organisation, Right.REHEARSE)
    form = ResultsForm(request.POST or None, request.FILES or None)
    read, findings = _read(request, form, "") if request.method == "POST" else (None, ())
    if read is not None:
        return _kept(request, _exercise(request, of, read), read)
    context = {"organisation": of, "form": form, "findings": findings}
    return render(request, "exercises/debriefing/bring.html", context, status=room.status(request))


def _read(request: HttpRequest, form: ResultsForm, digest: str) -> tuple[Results | None, Sequence[Finding]]:
    """Return the results of the file sent, None when it is refused, and what is to be said of it."""
    if not form.is_valid():
        return None, ()
    given = form.cleaned_data["file"]
    with on_disk(given) as path:
        try:
            found = exercise_results.read(path, given.name, timezone.localdate(), (digest,) if digest else ())
        except DataError as refused:
            form.add_error("file", said(refused.message))
            return None, refused.findings
    return found, found.findings


def _exercise(request: HttpRequest, of: Organisation, read: Results) -> models.Exercise:
    """Return the exercise of an organisation that has these results or others of that play, else one that is ready with
    the script that was played, else a new one.
    """
    Organisation.objects.select_for_update().get(pk=of.pk)
    known, play = models.Result.objects.filter(exercise__organisation=of), read.record.play[:PLAY]
    own = known.filter(fingerprint=fingerprint(read.record)) or known.filter(play=play, exercise__digest=read.record.script)  # fmt: skip
    rows = models.Exercise.objects.select_for_update(of=("self",)).select_related("organisation").filter(organisation=of)  # fmt: skip
    if own:
        found: models.Exercise = rows.get(pk=own[0].exercise_id)
        return found
    ready = rows.filter(digest=read.record.script, state=State.READY).order_by("pk")
    return next((each for each in ready if not each.results.exists()), None) or _made(request, of, read)


def _made(request: HttpRequest, of: Organisation, read: Results) -> models.Exercise:
    """Return a new exercise with the script that the results bring."""
    row = models.Exercise(
        organisation=of,
        title=said(read.script.title)[:200],
        setting=read.script.setting.value,
        level=read.script.level or 1,
        modules=[] if read.script.level else list(read.script.modules),
        planned_on=read.record.held_on,
        facts=plain.unstructure(read.record.facts),
        created_by=room.person(request),
    )
    row.save()
    convert.freeze(row, read.script)
    record("exercise.made", of, row, {"title": row.title, "level": row.level, "results": read.record.play[:100]})
    return row


def _kept(request: HttpRequest, row: models.Exercise, read: Results) -> HttpResponse:
    """Keep results beside an exercise, once, and say what becomes of them."""
    named = fingerprint(read.record)
    known = models.Result.objects.filter(exercise__organisation=row.organisation_id, fingerprint=named)
    twice = known.select_related("exercise").first()
    if twice is not None:
        record("results.twice", row.organisation, twice.exercise, {"file": read.name[:100]})
        messages.info(request, said(message("Ces résultats étaient déjà importés, le {day} : ils sont gardés une seule fois.", day=timezone.localdate(twice.brought_at))))  # fmt: skip
        return redirect("exercises:results", twice.exercise.uuid)
    others = list(row.results.values_list("play", flat=True))
    if others and read.record.play[:PLAY] not in others:
        row = _exercise(request, row.organisation, read)
        messages.info(request, said(message("C’est une autre partie du même scénario : elle est gardée comme un exercice à part.")))  # fmt: skip
    if row.state == State.CLOSED:
        messages.warning(request, said(message("Ces résultats sont d’un exercice clos, « {title} » : rien n’est changé.", title=row.title)))  # fmt: skip
        return redirect("exercises:results", row.uuid)
    models.Result.objects.create(
        exercise=row,
        fingerprint=named,
        play=read.record.play[:PLAY],
        edited=not read.whole,
        content=plain.unstructure(read.record),
        findings=[said(each.understood) for each in read.findings],
        brought_by=room.person(request),
    )
    record("results.brought", row.organisation, row, {"file": read.name[:100], "edited": not read.whole, "fingerprint": named[:16]})  # fmt: skip
    for each in read.findings:
        messages.warning(
            request, said(message("{understood} {remedy}", understood=each.understood, remedy=each.remedy))
        )
    return _counted(request, row)


def _counted(request: HttpRequest, row: models.Exercise) -> HttpResponse:
    """Let an exercise be over when results of it count; say it when they do not."""
    if row.started_at is not None:
        messages.warning(request, said(message("Cet exercice a été joué en direct : ces résultats sont gardés à côté, ils ne changent rien.")))  # fmt: skip
        return redirect("exercises:results", row.uuid)
    found = played.usable([row.pk]).last()
    if found is None:
        messages.warning(request, said(message("Ces résultats ont été modifiés à la main : ils sont gardés à part, et ne comptent pas tant que quelqu’un ne les retient pas.")))  # fmt: skip
        return redirect("exercises:results", row.uuid)
    _over(row, found)
    messages.success(request, said(message("Résultats importés : le retour d’expérience est prêt.")))
    return redirect("exercises:debrief", row.uuid)


def _over(row: models.Exercise, found: models.Result) -> None:
    """End an exercise played elsewhere: its events and sites are those of the results that count."""
    told = played.brought(row, found, ())
    codes = set(row.sites.values_list("code", flat=True))
    models.Site.objects.bulk_create(
        models.Site(exercise=row, code=each.code, name=each.name[:120]) for each in told.sites if each.code not in codes
    )
    known = {each.key: each for each in row.events.all()}
    fresh = {each.id: each for each in told.events}
    for key, event in known.items():
        if key in fresh:
            event.state, event.sent, event.at = fresh[key].state.value, fresh[key].sent, fresh[key].at
    models.Event.objects.bulk_update(known.values(), ("state", "sent", "at"))
    models.Event.objects.bulk_create(
        models.Event(exercise=row, key=each.id, item=plain.unstructure(each.item), at=each.at, state=each.state.value, sent=each.sent, sites=list(each.sites))
        for each in told.events
        if each.id not in known
    )  # fmt: skip
    row.state, row.planned_on, row.dues = State.ENDED, told.held_on, []
    row.revision += 1
    row.changed_at = timezone.now()
    row.save(update_fields=("state", "planned_on", "dues", "revision", "changed_at"))


@require_POST
@login_required
def accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let these results be those that count, though they were changed by hand or others came after them."""
    found: models.Result = allowed(models.Result.objects.select_related("exercise__organisation"), request.user, uuid, Right.REHEARSE)  # fmt: skip
    row = found.exercise
    if row.state == State.CLOSED or row.started_at is not None:
        raise PermissionDenied
    found.accepted_at, found.accepted_by = timezone.now(), room.person(request)
    found.save(update_fields=("accepted_at", "accepted_by"))
    record("results.accepted", row.organisation, row, {"fingerprint": found.fingerprint[:16], "edited": found.edited})
    return _counted(request, row)


@dataclass(frozen=True)
class Brought:
    """Results as the page lists them."""

    row: models.Result
    counts: bool
    state: Message
    tone: str


def _brought(row: models.Exercise) -> list[Brought]:
    counted = None if row.started_at is not None else played.usable([row.pk]).last()
    found = []
    for each in row.results.select_related("brought_by", "accepted_by").defer("content"):
        counts = counted is not None and each.pk == counted.pk
        tone, state = "plain", message("gardé à part")
        if counts:
            tone, state = ("doubt", message("compte, bien que modifié à la main")) if each.edited else ("good", message("compte"))  # fmt: skip
        elif each.edited:
            tone, state = "doubt", message("modifié à la main, gardé à part")
        found.append(Brought(each, counts, state, tone))
    return found
