"""What an animator does: each act is one function of the core, between the play as it is and the play as it becomes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from egide.errors import UsageError
from egide.exercise import play as core
from egide.exercise.module import Channel
from egide.exercise.play import Play
from egide.exercise.script import Item
from egide.message import Message, Text, message
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.exercises import convert, links, models
from egide.web.exercises.live import board, room
from egide.web.exercises.live.forms import ActForm, InjectForm, PresenceForm
from egide.web.exercises.models import Act, Done, NoteKind, State

Told = Mapping[str, Any]


def _again(play: Play, told: Told, now: datetime) -> Play:
    return core.again(play, told["event"], now, [each for each in told["sites"].split(",") if each])


def _moved(play: Play, told: Told, now: datetime) -> Play:
    by = (told["minutes"] or 0) * 60
    since = play.timeline.event(told["event"]).at
    if told["follow"]:
        return core.shifted(play, since, by, now, told["seen"] or 0)
    return core.moved(play, {told["event"]: since + by}, now, told["seen"] or 0)


ACTS: Mapping[str, tuple[Act, Callable[[Play, Told, datetime], Play]]] = {
    "begin": (Act.BEGUN, lambda play, told, now: core.begun(play, now)),
    "pause": (Act.PAUSED, lambda play, told, now: core.paused(play, now)),
    "resume": (Act.RESUMED, lambda play, told, now: core.resumed(play, now)),
    "end": (Act.ENDED, lambda play, told, now: core.ended(play, now)),
    "send": (Act.SENT, lambda play, told, now: core.sent_now(play, told["event"], now)),
    "skip": (Act.SKIPPED, lambda play, told, now: core.skipped(play, told["event"], now)),
    "restore": (Act.RESTORED, lambda play, told, now: core.restored(play, told["event"], now)),
    "again": (Act.AGAIN, _again),
    "move": (Act.MOVED, _moved),
}

ABOUT = frozenset({Act.SENT, Act.SKIPPED, Act.RESTORED, Act.AGAIN, Act.MOVED})
"""Acts on one inject."""


def done(
    request: HttpRequest, row: models.Exercise, act: Act, do: Callable[[Play, datetime], Play], event: str = "",
    seconds: int = 0,
) -> bool:  # fmt: skip
    """Do something to the play of an exercise, held by this request, and log it; False when nothing changed.

    Raises UsageError.
    """
    now = timezone.now()
    before = convert.play(row)
    after = do(before, now)
    if after == before:
        return False
    convert.save(row, before, after)
    about = (
        row.events.filter(key=event or after.timeline.events[-1].id).first() if event or act is Act.IMPROVISED else None
    )
    models.Action.objects.create(
        exercise=row, act=act, event=about, seconds=seconds, at=after.clock.elapsed(now), user=room.person(request)
    )
    record(f"exercise.{act.value}", row.organisation, row, {"event": about.key} if about else {})
    return True


@require_POST
@login_required
def act(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Do what a button of the board says; what cannot be done is told, and nothing that was typed is lost."""
    row = room.held(room.animated(request, uuid))
    form = ActForm(request.POST)
    if row.state == State.DRAFT:
        raise Http404
    if not form.is_valid():
        return board.shown(request, row, problem=message("Ce que vous avez envoyé n’a pas été compris."), status=422)
    told = form.cleaned_data
    try:
        if told["act"] in ACTS:
            its, do = ACTS[told["act"]]
            if its in ABOUT and not told["event"]:
                raise Http404
            done(request, row, its, lambda play, now: do(play, told, now), told["event"], (told["minutes"] or 0) * 60)
        elif told["act"] in OTHERS:
            OTHERS[told["act"]](request, row, told)
        else:
            raise Http404
    except UsageError as refused:
        return board.shown(request, row, problem=refused.message, status=409)
    return redirect("exercises:board", row.uuid)


# ------------------------------------------------------------------------------------------------- beside the timeline
def _test(request: HttpRequest, row: models.Exercise, told: Told) -> None:
    """Ask everybody to answer a reachability test."""
    row.tested_at = row.changed_at = timezone.now()
    row.revision += 1
    row.save(update_fields=("tested_at", "revision", "changed_at"))
    record("exercise.tested", row.organisation, row)


def _note(request: HttpRequest, row: models.Exercise, told: Told) -> None:
    """Write in the log."""
    if not told["text"].strip():
        raise UsageError(message("Écrivez quelque chose avant d’envoyer."))
    if told["sent_as"] and row.notes.filter(sent_as=told["sent_as"]).exists():
        return
    models.Note.objects.create(
        exercise=row, kind=NoteKind.ANIMATOR, user=room.person(request), text=told["text"].strip(),
        at=room.now(row).elapsed, sent_as=told["sent_as"] or uuid4(),
    )  # fmt: skip
    _touched(row, "exercise.noted", {})


def _decide(request: HttpRequest, row: models.Exercise, told: Told) -> None:
    """Settle a disagreement of observers."""
    event = row.events.filter(key=told["event"]).first()
    if event is None or not told["done"] or not told["expectation"]:
        raise UsageError(message("Dites ce qui compte : oui, en partie ou non."))
    site = row.sites.filter(code=told["site"]).first() if told["site"] else None
    models.Decision.objects.create(
        exercise=row, event=event, expectation=told["expectation"], site=site, done=Done(told["done"]),
        why=told["text"].strip(), user=room.person(request), at=room.now(row).elapsed,
    )  # fmt: skip
    _touched(row, "exercise.decided", {"event": event.key, "expectation": told["expectation"], "done": told["done"]})


def _touched(row: models.Exercise, action: str, details: dict[str, object]) -> None:
    row.changed_at = timezone.now()
    row.save(update_fields=("changed_at",))
    record(action, row.organisation, row, details)


OTHERS: Mapping[str, Callable[[HttpRequest, models.Exercise, Told], None]] = {
    "test": _test, "note": _note, "decide": _decide,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------ pages of forms
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def improvise(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write an inject that nobody had thought of, for now or for later."""
    row = _playable(request, uuid)
    blank = Item("", 0, Text(), Channel.CALL, Text(), (), Text())
    form = InjectForm(
        request.POST or None, script=convert.script(row), sites=room.places(row), new=True,
        initial={"channel": Channel.CALL.value, "seen": row.revision},
    )  # fmt: skip
    problem = None
    if request.method == "POST" and form.is_valid():
        at = None if form.cleaned_data["at"] is None else form.cleaned_data["at"] * 60
        try:
            done(
                request,
                row,
                Act.IMPROVISED,
                lambda play, now: core.improvised(play, form.item(blank), now, at, form.sites),
            )
        except UsageError as refused:
            problem = refused.message
        else:
            messages.success(request, said(message("Stimulus ajouté.")))
            return redirect("exercises:board", row.uuid)
    return _form(request, row, form, problem, message("Improviser un stimulus"), message("Ajouter au jeu"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, uuid: UUID, event: UUID) -> HttpResponse:
    """Rewrite an inject that is still to come; where somebody else has changed the plan, both texts are there."""
    row = _playable(request, uuid)
    its = row.events.filter(uuid=event).first()
    if its is None:
        raise Http404
    now = convert.event(its)
    form = InjectForm(
        request.POST or None, script=convert.script(row), sites=room.places(row), new=False,
        initial=InjectForm.shown(now.item) | {"seen": row.revision, "sites": now.sites},
    )  # fmt: skip
    problem = None
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            done(
                request, row, Act.EDITED,
                lambda play, at: core.edited(play, its.key, form.item(now.item), at, seen, form.sites), its.key,
            )  # fmt: skip
        except UsageError as refused:
            problem = refused.message
            given = request.POST.copy()
            given["seen"] = str(row.revision)
            form.data = given
        else:
            messages.success(request, said(message("Stimulus récrit.")))
            return redirect("exercises:board", row.uuid)
    told = message("Récrire « {title} »", title=now.item.title)
    return _form(request, row, form, problem, told, message("Enregistrer"), current=now.item if problem else None)


def _playable(request: HttpRequest, uuid: UUID) -> models.Exercise:
    row = room.animated(request, uuid)
    if request.method == "POST":
        row = room.held(row)
    if row.state not in {State.READY, State.RUNNING, State.PAUSED}:
        raise Http404
    return row


def _form(
    request: HttpRequest, row: models.Exercise, form: InjectForm, problem: Message | None, title: Message, submit: Message,
    current: Item | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "exercise": row, "form": form, "problem": problem, "title": title, "submit": submit, "current": current,
        "board": reverse("exercises:board", args=[row.uuid]),
    }  # fmt: skip
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "exercises/live/inject_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask before the end of the exercise, then end it."""
    row = _playable(request, uuid)
    if request.method == "POST":
        try:
            done(request, row, Act.ENDED, core.ended)
        except UsageError as refused:
            return board.shown(request, row, problem=refused.message, status=409)
        return redirect("exercises:board", row.uuid)
    left = len(core.coming(convert.looked_at(row).timeline, room.now(row).elapsed))
    context = {
        "question": said(message("Dire la fin de l’exercice ?")),
        "consequences": [
            said(
                message("Chaque page affiche « fin d’exercice » et demande ce qui a marché et ce qui est à améliorer.")
            ),
            said(message("Stimulus qui n’ont pas été envoyés et ne le seront pas : {count}.", count=left)),
            said(
                message("Le jeu ne reprend pas : les observateurs peuvent encore cocher et écrire jusqu’à la clôture.")
            ),
        ],
        "submit": said(message("Fin d’exercice")),
        "cancel": reverse("exercises:board", args=[row.uuid]),
        "form": None,
    }
    return render(request, "confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def presence(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Count who was there by function: what the rule of validity asks."""
    row = room.animated(request, uuid)
    if request.method == "POST":
        row = room.held(row)
    if row.state in {State.DRAFT, State.CLOSED}:
        raise Http404
    played = row.state == State.ENDED or row.results.exists()
    back = reverse("exercises:debrief" if played else "exercises:board", args=[row.uuid])
    form = PresenceForm(request.POST or None, **board.counted(row))
    if request.method == "POST" and form.is_valid():
        rows = form.rows(row)
        row.presences.all().delete()
        models.Presence.objects.bulk_create(rows)
        _touched(row, "exercise.counted", {"people": sum(each.people for each in rows)})
        messages.success(request, said(message("Présences enregistrées.")))
        return redirect(back)
    context = {"exercise": row, "form": form, "board": back}
    return render(request, "exercises/live/presence.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def observe(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give an animator a page of observer, and open it."""
    row = room.held(room.animated(request, uuid))
    if row.state in {State.DRAFT, State.CLOSED}:
        raise Http404
    who = room.person(request)
    found = row.participants.filter(user=who).first()
    if found is None:
        found = models.Participant(
            exercise=row, role=models.Role.OBSERVER, user=who, name=convert.signed(who), joined_at=timezone.now()
        )
        links.give(found)
        found.save()
        _touched(row, "exercise.observing", {})
    elif links.secret(found) is None:
        links.give(found)
        found.save(update_fields=("turn", "secret_digest"))
        _touched(row, "exercise.linked", {"participants": 1})
    return redirect("exercises:play", links.secret(found))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def linked(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the link and the QR code of each participant, to be sent or cut out; renew one, or all that cannot be shown."""
    row = room.animated(request, uuid)
    if request.method == "POST":
        row = room.held(row)
        asked = request.POST.get("participant", "")
        rows = list(row.participants.all())
        chosen = (
            [each for each in rows if str(each.uuid) == asked]
            if asked
            else [each for each in rows if links.secret(each) is None]
        )
        if asked and not chosen:
            raise Http404
        if chosen:
            convert.link(chosen)
            row.participants.filter(pk__in=[each.pk for each in chosen]).update(revision=F("revision") + 1)
            _touched(row, "exercise.linked", {"participants": len(chosen)})
            messages.success(request, said(message("Liens faits : {count}.", count=len(chosen))))
        return redirect("exercises:links", row.uuid)
    return render(request, "exercises/live/links.html", board.links_of(request, row))
