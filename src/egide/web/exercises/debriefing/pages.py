"""What a play showed: results and what is not known, disagreements to settle, the action plan, since the last exercise."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from egide.exercise.debrief import plan as planned
from egide.exercise.outcome import Outcome
from egide.exercise.record import Done
from egide.message import message
from egide.report.exercise_debrief import change, level
from egide.web.audit.guard import record
from egide.web.design.words import said
from egide.web.exercises import models
from egide.web.exercises.debriefing import played, shown
from egide.web.exercises.debriefing.forms import SettleForm
from egide.web.exercises.debriefing.played import Seen
from egide.web.exercises.models import State
from egide.web.exercises.preparing import room
from egide.web.organisations.roles import Right

A_PAGE = 30
"""Disagreements that a page asks to settle, those that nobody settled first."""


@require_safe
@login_required
def debrief(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what was seen, by family and by function, whether it counts, and what is not known."""
    row = played.over(request, uuid)
    its = played.seen(row)
    made = its.debrief
    context = shown.common(request, row, "debrief") | {
        "its": its,
        "verdict": its.verdict,
        "picture": shown.picture(its),
        "families": shown.rows(made.families, shown.family),
        "functions": shown.rows(made.functions, shown.named(its)),
        "whole": shown.rows({"": made.whole}, lambda code: "")[0],
        "strengths": shown.reactions(made.strengths, its),
        "unseen": shown.reactions(made.unseen, its),
        "disputed": len(made.disputed),
        "major": shown.lines([each for each in made.constats if shown.TONES[each.gravity] == "error"], its, timezone.localdate()),
        "story": made.story,
        "present": [(shown.named(its)(each.function), each.people) for each in its.record.presence if each.people],
    }  # fmt: skip
    return render(request, "exercises/debriefing/debrief.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settle(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Settle the disagreements of observers, one by one; what was settled can be settled otherwise."""
    row = played.over(request, uuid, Right.REHEARSE)
    if row.state == State.CLOSED and request.method == "POST":
        raise PermissionDenied
    its = played.seen(row)
    open_ones = {shown.key(each): each for each in played.disputed(its)}
    chosen = request.POST.get("reaction", "")
    if request.method == "POST" and chosen not in open_ones:
        raise Http404
    order = sorted(open_ones.values(), key=lambda each: (shown.key(each) != chosen, each.settled is not None))
    told = shown.reactions(order[:A_PAGE], its)
    forms = {each.key: _form(request, each, chosen) for each in told}
    form = forms.get(chosen)
    if form is not None and form.is_valid():
        _settled(request, row, its, open_ones[chosen], form)
        messages.success(request, said(message("C’est tranché : les résultats en tiennent compte.")))
        return redirect("exercises:settle", row.uuid)
    context = shown.common(request, row, "debrief") | {
        "here": said(message("Observations à trancher")),
        "asked": [(each, forms[each.key], f"r{n}") for n, each in enumerate(told)],
        "more": len(order) - len(told),
    }
    return render(request, "exercises/debriefing/settle.html", context, status=room.status(request))


def _form(request: HttpRequest, each: shown.Reaction, chosen: str) -> SettleForm:
    data = request.POST if each.key == chosen else None
    return SettleForm(data, initial={"done": each.done, "why": each.why}, auto_id=f"id_{each.key}_%s".replace("/", "-"))  # fmt: skip


def _settled(request: HttpRequest, row: models.Exercise, its: Seen, outcome: Outcome, form: SettleForm) -> None:
    event = row.events.filter(key__in=[each.id for each in its.record.events if each.item.id == outcome.inject]).first()
    if event is None:
        raise Http404
    models.Decision.objects.create(
        exercise=row,
        event=event,
        expectation=outcome.expectation.id,
        site=row.sites.filter(code=outcome.site).first() if outcome.site else None,
        done=form.cleaned_data["done"],
        why=form.cleaned_data["why"],
        user=room.person(request),
        at=its.record.lasted or 0,
        sent_as=uuid4(),
    )
    done = Done(form.cleaned_data["done"]).value
    record("debrief.settled", row.organisation, row, {"expectation": outcome.expectation.id, "done": done})


@require_safe
@login_required
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the action plan: what is late, what is to be done, what is done."""
    row = played.over(request, uuid)
    its = played.seen(row)
    today = timezone.localdate()
    left = planned(its.debrief.constats)
    decided = shown.lines([each for each in left if each.remedy or each.owner or each.due], its, today)
    context = shown.common(request, row, "plan") | {
        "decided": decided,
        "late": sum(each.late for each in decided),
        "undecided": shown.lines([each for each in left if not (each.remedy or each.owner or each.due)], its, today),
        "over": shown.lines([each for each in its.debrief.constats if each not in left], its, today),
    }
    return render(request, "exercises/debriefing/plan.html", context)


@require_safe
@login_required
def since_last(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what changed since the last exercise, on what both asked."""
    row = played.over(request, uuid)
    its = played.seen(row)
    found = played.comparison(its)
    context = shown.common(request, row, "since_last") | {"found": found, "first": played.FIRST}
    if found is not None and found.whole is not None:
        context |= {
            "whole": (level(found.whole.before), level(found.whole.after), change(found.whole)),
            "families": [(shown.family(code), level(each.before), level(each.after), change(each)) for code, each in found.families.items()],
            "functions": [(shown.named(its)(code), level(each.before), level(each.after), change(each)) for code, each in found.functions.items()],
            "mended": shown.reactions(found.mended, its),
            "lost": shown.reactions(found.lost, its),
        }  # fmt: skip
    return render(request, "exercises/debriefing/since_last.html", context)
