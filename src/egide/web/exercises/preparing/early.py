"""Whether an exercise will count for the yearly duty, said before it is played: as if all went as prepared."""

from django.utils import timezone

from egide import plain
from egide.exercise.record import Facts
from egide.exercise.validity import Reason, foreseen
from egide.web.exercises.models import Exercise
from egide.web.exercises.preparing import draft


def against(row: Exercise) -> list[Reason]:
    """Return why a draft will not count if it is played whole by those who are named, or at all its seats if none is."""
    script = draft.script_of(row)
    named = [each for each in script.seats if row.people.get(each.code)]
    functions = dict.fromkeys(code for each in named or script.seats for code in each.functions)
    facts = plain.structure(row.facts, Facts, row.title)
    return [
        each
        for each in foreseen(script, functions, facts, row.planned_on or timezone.localdate()).reasons
        if not each.met
    ]
