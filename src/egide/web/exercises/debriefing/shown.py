"""What the pages of the debrief show: levels in words, reactions, constats, the picture."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from egide.exercise.debrief import Constat, Gravity, Progress
from egide.exercise.outcome import Outcome, Result
from egide.exercise.words import DONE, GRAVITIES, PROGRESS
from egide.family import FAMILIES
from egide.message import Message, Text, message
from egide.report.exercise_debrief import held, level
from egide.report.exercise_words import clock, title
from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures import of_exercise
from egide.report.pictures.picture import NARROW, Picture
from egide.report.pictures.stacked import stacked_bars
from egide.web.design.navigation import Link
from egide.web.design.words import language, said
from egide.web.exercises.debriefing.played import Seen
from egide.web.exercises.models import Exercise, State
from egide.web.exercises.preparing import room

FAMILY_TITLES = {each.code: each.title for each in FAMILIES}
TONES: Mapping[Gravity, str] = {Gravity.MAJOR: "error", Gravity.SIGNIFICANT: "doubt", Gravity.MINOR: "info"}
PAGES: Sequence[tuple[str, Message]] = (
    ("debrief", message("Résultats")),
    ("constats", message("Constats")),
    ("plan", message("Plan d’actions")),
    ("hot", message("À chaud")),
    ("cold", message("À froid")),
    ("since_last", message("Depuis le dernier")),
    ("debrief_papers", message("Papiers et suite")),
)


@dataclass(frozen=True)
class Reaction:
    """An expected reaction as people read it."""

    what: Text
    who: Text
    site: str
    said: Sequence[tuple[str, Text]]
    """What each observer holds."""
    settled: Text | None
    why: str
    at: str
    inject: Text
    key: str
    done: str


@dataclass(frozen=True)
class Line:
    """A constat as people read it."""

    value: Constat
    gravity: str
    tone: str
    family: Text
    function: Text
    sites: str
    progress: str
    late: bool
    url: str


def common(request: HttpRequest, row: Exercise, page: str) -> dict[str, Any]:
    """Return what each page of a debrief shows: the steps of the exercise, the tabs, and whether one may write."""
    context = room.common(request, row, "debrief")
    here = next((name for code, name in PAGES if code == page), None)
    return context | {
        "tabs": [Link(said(name), reverse(f"exercises:{code}", args=[row.uuid]), current=code == page) for code, name in PAGES],
        "page": said(here) if here else "",
        "may_write": context["can"] and row.state != State.CLOSED,
        "day": room.day(row),
    }  # fmt: skip


def rows(of: Mapping[str, Result], name: Callable[[str], object]) -> list[tuple[object, Message, Message, Result]]:
    """Return results as rows of a table: name, level, in a word, counts."""
    return [(name(code), level(each), held(each), each) for code, each in of.items()]


def family(code: str) -> Text:
    """Return the title of a family, its code when it is none of ours."""
    return FAMILY_TITLES.get(code, Text(code, code))


def named(its: Seen) -> Callable[[str], Text]:
    """Return what names a function by its code."""
    titles = {each.code: each.title for each in its.script.functions}
    return lambda code: titles.get(code, Text(code, code))


def picture(its: Seen) -> Picture | None:
    """Return the picture of the reactions by family, None when nothing was expected."""
    if not its.debrief.families:
        return None
    what = message("Réactions attendues, famille de mesures par famille")
    setter = Setter(language(), plain_text)
    return stacked_bars(of_exercise.results(its.debrief.families, FAMILY_TITLES, what, message("Famille"), setter), setter, "families", NARROW)  # fmt: skip


def reactions(outcomes: Iterable[Outcome], its: Seen) -> list[Reaction]:
    """Return reactions as people read them."""
    who = named(its)
    sites = {each.code: each.name for each in its.record.sites}
    return [
        Reaction(
            what=each.expectation.text,
            who=who(each.expectation.by),
            site=sites.get(each.site, each.site),
            said=[(name, DONE[done]) for name, done in each.said.items()],
            settled=DONE[each.settled.done] if each.settled else None,
            why=each.settled.why if each.settled else "",
            at=clock(each.sent // 60) if each.sent is not None else "",
            inject=each.title,
            key=key(each),
            done=each.settled.done.value if each.settled else "",
        )
        for each in outcomes
    ]


def key(outcome: Outcome) -> str:
    """Return what tells a reaction from all others of a play."""
    return f"{outcome.inject}/{outcome.expectation.id}/{outcome.site}"


def lines(constats: Iterable[Constat], its: Seen, on: date) -> list[Line]:
    """Return constats as people read them; `late` on the day `on`."""
    who = named(its)
    sites = {each.code: each.name for each in its.record.sites}
    return [
        Line(
            value=each,
            gravity=title(said(GRAVITIES[each.gravity])),
            tone=TONES[each.gravity],
            family=family(each.family),
            function=who(each.function) if each.function else Text(),
            sites=", ".join(sites.get(code, code) for code in each.sites),
            progress=title(said(PROGRESS[each.progress])),
            late=each.due is not None and each.due < on and each.progress in {Progress.OPEN, Progress.STARTED},
            url=reverse("exercises:constat", args=[its.row.uuid, each.id]),
        )
        for each in constats
    ]


def asked(questions: Iterable[Text]) -> Callable[[str], str]:
    """Return what says a question, kept in French, in the language of the page."""
    known = {each.fr: each for each in questions}
    return lambda text: said(known[text]) if text in known else text
