"""Observers reconciled: case by case, then whatever they tick."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide import plain
from egide.exercise.outcome import outcomes, result, stray
from egide.exercise.record import Done
from exercise.plays import NORTH, SOUTH, decision, event, expectation, record, tick

FILE = Path(__file__).parent / "cases" / "outcomes.yaml"
CASES = plain.parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name)


@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_what_observers_said_comes_to(case):
    ticks = tuple(tick(n, said.split()[1], said.split()[0]) for n, said in enumerate(case["ticks"]))
    decided = tuple(decision(100 + n, Done(each)) for n, each in enumerate(case.get("decided", ())))
    sent = None if case.get("sent") == "false" else 0
    found = outcomes(record(event("ALE-01", sent=sent), ticks=ticks, decisions=decided))
    assert len(found) == (0 if "absent" in case else 1)
    for each in found:
        assert (each.done or "") == case["done"]
        assert (each.low, each.best) == (float(case["low"]), float(case["best"]))
        assert each.disputed == ("disputed" in case)
        assert bool(each.settled) == ("settled" in case)


def one(*ticks, **other):
    return outcomes(record(other.pop("event", event("ALE-01", sent=30)), ticks=ticks, **other))[0]


def test_both_opinions_are_shown_when_observers_disagree():
    found = one(tick(1, "yes", "Anne", note="oui, à voix haute"), tick(2, "no", "Bilal", note="pas entendu"))
    assert found.said == {"Anne": Done.YES, "Bilal": Done.NO}
    assert found.notes == ("oui, à voix haute", "pas entendu")


def test_the_time_of_a_reaction_runs_from_the_first_sending_to_the_first_tick():
    found = one(tick(1, "partial", at=90), tick(2, "yes", at=400), tick(3, "yes", "B", at=600))
    assert (found.sent, found.reacted, found.delay, found.late) == (30, 90, 60, 0)
    slow = one(tick(1, "yes", at=420))
    assert (slow.delay, slow.late) == (390, 90)
    assert one(tick(1, "no", at=420)).delay is None
    early = one(tick(1, "yes", at=10))
    assert (early.delay, early.late) == (0, 0)
    timeless = one(tick(1, "yes", at=9999), event=event("ALE-01", expectation(minutes=None)))
    assert timeless.late == 0


def test_what_is_ticked_from_memory_after_the_end_has_no_time():
    found = one(tick(1, "yes", at=7200), lasted=7200)
    assert (found.done, found.reacted, found.delay, found.late) == (Done.YES, None, None, 0)
    assert one(tick(1, "yes", at=7199), lasted=7200).late == 7199 - 30 - 300
    assert one(tick(1, "yes", at=60), tick(2, "partial", at=7200), lasted=7200).reacted == 60


def test_a_reaction_ticked_by_mistake_and_taken_back_has_no_time():
    assert one(tick(1, "yes", at=60), tick(2, "unseen", at=70), tick(3, "yes", at=300)).reacted == 300
    assert one(tick(1, "yes", at=60), tick(2, "no", at=70), tick(3, "partial", at=300)).reacted == 300


def test_what_was_done_unasked_has_no_time():
    found = one(tick(1, "yes"), event=event("ALE-01", sent=None))
    assert (found.sent, found.delay, found.late) == (None, None, 0)


def test_what_was_done_unasked_counts_in_the_level_and_not_in_what_was_observed_of_what_was_asked():
    whole = result([one(tick(1, "yes"), event=event("ALE-01", sent=None))])
    assert (whole.low, whole.completeness, whole.yes) == (1.0, 0.0, 1)


def test_an_inject_sent_again_is_asked_once_and_its_time_runs_from_the_first_sending():
    twice = record(
        event("ALE-01", sent=0),
        event("ALE-01-R2", sent=600, of="ALE-01"),
        ticks=(tick(1, "no", at=500), tick(2, "yes", on="ALE-01-R2", at=700)),
    )
    (found,) = outcomes(twice)
    assert (found.done, found.delay, found.late) == (Done.YES, 700, 400)


def test_each_site_that_received_an_inject_is_asked_and_the_others_are_not():
    found = outcomes(
        record(
            event("ALE-01", sites=("n",)),
            event("ALE-02"),
            sites=(NORTH, SOUTH),
            ticks=(tick(1, "yes", site="n"), tick(2, "no", on="ALE-02", site="s")),
        )
    )
    assert [(each.inject, each.site, each.done) for each in found] == [
        ("ALE-01", "n", Done.YES),
        ("ALE-02", "n", None),
        ("ALE-02", "s", Done.NO),
    ]


def test_each_site_weighs_the_same_however_much_it_was_asked():
    events = (*tuple(event(f"N-{n}", sites=("n",)) for n in range(3)), event("S-1", sites=("s",)))
    ticks = (*tuple(tick(n, "yes", on=f"N-{n}", site="n") for n in range(3)), tick(9, "no", on="S-1", site="s"))
    whole = result(outcomes(record(*events, sites=(NORTH, SOUTH), ticks=ticks)))
    assert (whole.low, whole.best, whole.completeness) == (0.5, 0.5, 1.0)
    assert (whole.yes, whole.no, whole.asked) == (3, 1, 4)


def test_without_anything_asked_nothing_is_known():
    assert result(()) == result(outcomes(record()))
    assert (result(()).low, result(()).best, result(()).completeness, result(()).asked) == (0.0, 1.0, 0.0, 0)


def test_ticks_that_speak_of_nothing_there_are_told():
    lost = (tick(1, "yes", on="ALE-99"), tick(2, "yes", expected="z"), tick(3, "yes", site="n"))
    held = record(event("ALE-01"), ticks=(*lost, tick(4, "yes")))
    assert stray(held) == lost
    assert len(outcomes(held)) == 1


def test_of_two_ticks_of_one_rank_the_more_careful_counts():
    assert one(tick(1, "yes"), tick(1, "no")).done is Done.NO
    assert one(tick(1, "no"), tick(1, "yes")).done is Done.NO


# ------------------------------------------------------------------------------------------------------ whatever they tick
EVENTS = (
    event("ALE-01", expectation("a"), expectation("b", minutes=None)),
    event("ALE-02", sites=("n",)),
    event("ALE-01-R2", expectation("a"), expectation("b", minutes=None), sent=300, of="ALE-01"),
    event("ALE-03", sent=None),
)


def ticks(done):
    kinds = st.tuples(
        st.integers(0, 900),
        st.sampled_from(done),
        st.sampled_from("AB"),
        st.sampled_from([each.id for each in EVENTS]),
        st.sampled_from("ab"),
        st.sampled_from("ns"),
    )
    return st.lists(kinds, max_size=8)


def played(several):
    """A record with these ticks; the log gives each its rank."""
    made = tuple(tick(n, each[1], each[2], each[3], each[4], each[0], site=each[5]) for n, each in enumerate(several))
    return record(*EVENTS, sites=(NORTH, SOUTH), ticks=made)


ANY = ["yes", "partial", "no", "unseen"]


@settings(max_examples=80)
@given(ticks(ANY), st.randoms(use_true_random=False))
def test_the_order_in_which_ticks_are_kept_changes_nothing(several, random):
    straight = played(several)
    shuffled = list(straight.ticks)
    random.shuffle(shuffled)
    assert outcomes(replace(straight, ticks=tuple(shuffled))) == outcomes(straight)


@settings(max_examples=80)
@given(ticks(ANY), ticks(["yes", "partial", "no"]))
def test_ticking_more_never_lowers_completeness(several, more):
    before, after = result(outcomes(played(several))), result(outcomes(played(several + more)))
    assert after.completeness >= before.completeness


@settings(max_examples=80)
@given(ticks(ANY), ticks(["yes"]))
def test_an_added_yes_never_lowers_a_level(several, more):
    before, after = result(outcomes(played(several))), result(outcomes(played(several + more)))
    assert after.low >= before.low
    assert 0.0 <= after.low <= after.best <= 1.0


@settings(max_examples=40)
@given(ticks(["yes", "partial", "no"]), st.sampled_from("ns"))
def test_silence_counts_the_same_whatever_others_did(several, site):
    elsewhere = [each for each in several if each[5] != site]
    silent = [each for each in outcomes(played(elsewhere)) if each.site == site]
    assert [(each.done, each.low, each.best) for each in silent] == [(None, 0.0, 1.0)] * len(silent)
