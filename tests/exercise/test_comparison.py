"""Two exercises: what both asked is compared, what only one asked is said."""

from egide.exercise.comparison import compared
from egide.exercise.debrief import debrief
from exercise.plays import NORTH, SOUTH, event, expectation, record, script, tick


def shown(marks, *events, module="alert", **other):
    """A debrief of these events, `marks` by inject."""
    ticks = tuple(tick(n, done, on=on) for n, (on, done) in enumerate(marks.items()))
    made = events or tuple(event(each, expectation(family="continuity"), module=module) for each in marks)
    return debrief(script(), record(*made, ticks=other.pop("ticks", ticks), **other))


def test_only_what_both_asked_is_compared():
    before = shown({"A": "no", "B": "yes", "C": "yes"})
    after = shown({"A": "yes", "B": "partial", "D": "no"})
    found = compared(before, after)
    assert (found.comparable, found.common, found.only_before, found.only_after) == (True, 2, 1, 1)
    assert (found.whole.before.low, found.whole.after.low, found.whole.difference) == (0.5, 0.75, 0.25)
    assert [each.inject for each in found.mended] == ["A"]
    assert [each.inject for each in found.lost] == ["B"]
    assert {code: each.difference for code, each in found.families.items()} == {"continuity": 0.25}
    assert list(found.functions) == ["director"]
    assert (found.before, found.after) == (before, after)


def test_two_exercises_with_nothing_in_common_are_not_compared():
    found = compared(shown({"A": "no"}), shown({"B": "yes"}))
    assert (found.comparable, found.whole, found.families, found.functions) == (False, None, {}, {})


def test_lines_that_people_added_are_the_same_only_if_they_say_the_same():
    same = compared(shown({"IMP-1": "no"}, module=""), shown({"IMP-1": "yes"}, module=""))
    assert same.common == 1
    other = event("IMP-1", expectation("a", text=expectation("b").text), module="")
    assert compared(shown({"IMP-1": "no"}, module=""), shown({"IMP-1": "yes"}, other)).common == 0


def test_a_family_that_changed_of_name_for_a_reaction_is_compared_in_neither():
    moved = event("A", expectation(family="governance"))
    assert compared(shown({"A": "no"}), shown({"A": "yes"}, moved)).families == {}


def test_what_nobody_observed_is_neither_mended_nor_lost():
    before = shown({"A": "no", "B": "yes"})
    after = shown({}, event("A"), event("B"))
    found = compared(before, after)
    assert (found.common, found.mended, found.lost) == (2, (), ())


def test_a_reaction_missed_at_one_site_is_missed():
    on = {"sites": (NORTH, SOUTH)}
    half = (tick(1, "yes", on="A", site="n"), tick(2, "no", on="A", site="s"))
    full = (tick(1, "yes", on="A", site="n"), tick(2, "yes", on="A", site="s"))
    found = compared(shown({}, event("A"), ticks=half, **on), shown({}, event("A"), ticks=full, **on))
    assert (found.common, len(found.mended)) == (1, 1)
