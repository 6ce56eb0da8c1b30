"""One gesture on several rows: it is told in full before it is done, and one reason is asked for all."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from egide.message import message
from egide.tender.words import level
from egide.web.design.words import said
from egide.web.tenders import page
from egide.web.tenders.marking import lines as rows
from egide.web.tenders.marking.entries import LEVELS, MOST, Entry, Outcome, keep

if TYPE_CHECKING:
    from egide.web.tenders.marking.grid import Grid


class Gesture(StrEnum):
    """What is done on the rows chosen."""

    SUGGESTION = "suggestion"
    LEVEL = "level"


@dataclass(frozen=True)
class Asked:
    """A gesture asked: on which rows, with which level and reason; `confirmed` once its page was read."""

    gesture: Gesture
    places: tuple[str, ...]
    level: str = ""
    reason: str = ""
    confirmed: bool = False
    over: bool = False
    """Whether levels already retained are replaced."""


@dataclass(frozen=True)
class Effect:
    """What the gesture does to a row."""

    line: rows.Line
    level: str
    word: str


def asked(data: QueryDict) -> Asked | None:
    """Return the gesture of a request, None when it asks for none."""
    gesture = data.get("bulk", "")
    if gesture not in set(Gesture):
        return None
    return Asked(
        Gesture(gesture),
        tuple(data.getlist("selected")[:MOST]),
        data.get("bulk_level", ""),
        data.get("bulk_reason", "").replace("\r\n", "\n").strip(),
        "confirmed" in data,
        data.get("over") == "yes",
    )


def confirm(grid: "Grid", wanted: Asked, fault: str = "") -> HttpResponse:
    """Show what a gesture will do, row by row, and ask for its reason."""
    request = grid.request
    chosen = grid.rows(wanted.places)
    if not chosen:
        messages.info(request, said(message("Aucune ligne n'est cochée : rien n'a été fait.")))
        return HttpResponseRedirect(request.get_full_path())
    effects: list[Effect] = []
    without: list[Effect] = []
    for line in chosen:
        code = line.suggested if wanted.gesture is Gesture.SUGGESTION else wanted.level
        known_here = code in {each.code for each in line.asked.choices}
        (effects if code and known_here else without).append(Effect(line, code, said(level(code)) if code else ""))
    new = [each for each in effects if not each.line.marked]
    same = [each for each in effects if each.line.values["level"] == each.level]
    over = [each for each in effects if each.line.marked and each.line.values["level"] != each.level]
    context = {
        **grid.known,
        "seat": grid.seat,
        "asked": wanted,
        "over": over,
        "groups": [
            (new, said(message("Seront notées")), "new"),
            (over, said(message("Déjà notées autrement")), "over"),
            (same, said(message("Déjà à ce niveau, inchangées")), "same"),
            (without, said(message("Laissées à votre appréciation")), "without"),
        ],
        "none": said(message("Non noté")),
        "suggestion": wanted.gesture is Gesture.SUGGESTION,
        "action": request.get_full_path(),
        "fault": fault,
    }
    return page.show(request, grid.room.row, "marking", "tenders/marking/bulk.html", context)


def done(grid: "Grid", wanted: Asked) -> HttpResponse:
    """Do a gesture whose page was read: each row over the revision that the page told, or not at all."""
    request = grid.request
    made = grid.rows(wanted.places)
    if not wanted.reason:
        return confirm(grid, wanted, said(message("Écrire le motif : ce qui a été vu dans ces offres, et où.")))
    entries = []
    for line in made:
        code = line.suggested if wanted.gesture is Gesture.SUGGESTION else wanted.level
        if not code or line.values["level"] == code:
            continue
        if line.marked and not wanted.over:
            continue
        bid, _, point = line.place.partition("/")
        revision = request.POST.get(f"told-{line.place}", "")
        entries.append(
            Entry(
                (bid, point, ""),
                {**line.values, "level": code, "reason": wanted.reason},
                int(revision) if revision.isdecimal() and len(revision) < 10 else -1,
            )
        )

    kept = keep(grid.room, grid.evaluator, LEVELS, grid.bids, entries, grid.right)
    saved = sum(each.outcome is Outcome.SAVED for each in kept)
    changed = [each.entry.place[1] for each in kept if each.outcome is Outcome.CONFLICT]
    messages.success(request, said(message("Lignes enregistrées : {count}", count=saved)))
    if changed:
        told = message(
            "{points} : quelqu'un a écrit entre-temps, ces lignes n'ont pas été touchées.", points=tuple(changed)
        )
        messages.warning(request, said(told))
    return HttpResponseRedirect(request.get_full_path())
