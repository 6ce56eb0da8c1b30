"""A live play: time that never goes back, nothing unsent, two animators at once, clear refusals."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.errors import UsageError
from egide.exercise import play as playing
from egide.exercise.play import (
    LONGEST,
    NOT_BEGUN,
    Clock,
    Play,
    Timeline,
    again,
    begun,
    coming,
    due,
    edited,
    ended,
    improvised,
    moved,
    paused,
    planned,
    recorded,
    restored,
    resumed,
    sent_now,
    settled,
    shifted,
    skipped,
    visible,
)
from egide.exercise.record import Pause, State
from exercise.plays import START, after, item, record, script

THREE_DAYS = 3 * 24 * 3600
SCRIPT = script(item("ALE-01", 0), item("ALE-02", 8, seats=("direction", "care")), item("ALE-03", 12, seats=("care",)))
READY = planned(SCRIPT)
BEGUN = begun(READY, START)


def names(events):
    return [each.id for each in events]


# ------------------------------------------------------------------------------------------------------------ the clock
def test_before_the_beginning_nothing_has_come_not_even_what_is_planned_at_zero():
    assert READY.clock.elapsed(START) == NOT_BEGUN
    assert not READY.clock.running
    assert visible(READY.timeline, READY.clock.elapsed(START)) == ()
    assert due(READY.timeline) == (0, 480, 720)
    early = planned(script(item("ALE-00", -30))).timeline
    assert visible(early, NOT_BEGUN) == ()
    assert visible(early, 0)[0].sent == 0


def test_elapsed_is_whole_seconds_and_a_clock_that_is_early_reads_zero():
    assert BEGUN.clock.running
    assert BEGUN.clock.elapsed(after(59.9)) == 59
    assert BEGUN.clock.elapsed(after(-30)) == 0


def test_a_pause_of_three_days_shifts_what_follows():
    stopped = paused(BEGUN, after(300))
    assert not stopped.clock.running
    assert stopped.clock.elapsed(after(300 + THREE_DAYS)) == 300
    gone_on = resumed(stopped, after(300 + THREE_DAYS))
    assert gone_on.clock.pauses == (Pause(300, THREE_DAYS),)
    assert names(visible(gone_on.timeline, gone_on.clock.elapsed(after(THREE_DAYS + 479)))) == ["ALE-01"]
    assert names(visible(gone_on.timeline, gone_on.clock.elapsed(after(THREE_DAYS + 480)))) == ["ALE-01", "ALE-02"]


def test_asked_twice_the_clock_changes_once():
    stopped = paused(BEGUN, after(10))
    assert begun(BEGUN, after(50)) == BEGUN
    assert paused(stopped, after(50)) == stopped
    assert resumed(BEGUN, after(50)) == BEGUN
    over = ended(stopped, after(100))
    assert ended(over, after(200)) == over


def test_ending_in_a_pause_ends_the_pause():
    over = ended(paused(BEGUN, after(100)), after(160))
    assert over.clock.pauses == (Pause(100, 60),)
    assert over.clock.paused is None
    assert over.clock.elapsed(after(9999)) == 100


def test_a_server_clock_set_back_during_a_pause_takes_nothing_off():
    gone_on = resumed(paused(BEGUN, after(100)), after(40))
    assert gone_on.clock.held == 0
    assert gone_on.clock.elapsed(after(130)) == 130


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (lambda: paused(READY, START), "pas commencé"),
        (lambda: resumed(READY, START), "pas commencé"),
        (lambda: ended(READY, START), "pas commencé"),
        (lambda: sent_now(READY, "ALE-01", START), "pas commencé"),
        (lambda: improvised(READY, item("X"), START), "pas commencé"),
        (lambda: again(READY, "ALE-01", START), "pas commencé"),
        (lambda: begun(planned(script()), START), "vide"),
        (lambda: begun(ended(BEGUN, after(9)), after(10)), "terminé"),
        (lambda: paused(ended(BEGUN, after(9)), after(10)), "terminé"),
        (lambda: skipped(ended(BEGUN, after(9)), "ALE-02", after(10)), "terminé"),
        (lambda: moved(ended(BEGUN, after(9)), {"ALE-02": 900}, after(10), 2), "terminé"),
        (lambda: sent_now(BEGUN, "ALE-99", after(1)), "ALE-99"),
        (lambda: skipped(BEGUN, "ALE-01", after(1)), "déjà parti"),
        (lambda: restored(skipped(BEGUN, "ALE-02", after(1)), "ALE-02", after(480)), "passée"),
        (lambda: again(BEGUN, "ALE-02", after(1)), "pas encore parti"),
        (lambda: moved(BEGUN, {"ALE-01": 900}, after(1), 1), "déjà parti"),
        (lambda: moved(BEGUN, {"ALE-02": 60}, after(61), 1), "déjà passé pour : Titre ALE-02"),
        (lambda: moved(READY, {"ALE-02": -1}, START, 0), "déjà passé"),
        (lambda: moved(BEGUN, {"ALE-02": LONGEST + 1}, after(61), 1), "30 jours"),
        (lambda: shifted(BEGUN, 721, 60, after(1), 1), "rien à décaler"),
        (lambda: shifted(BEGUN, 480, -480, after(1), 1), "déjà passé pour : Titre ALE-02."),
        (lambda: edited(BEGUN, "ALE-01", item("X"), after(1), 1), "déjà parti"),
        (lambda: edited(BEGUN, "ALE-02", item("X", seats=()), after(1), 1), "au moins une place"),
        (lambda: improvised(BEGUN, item("X", seats=()), after(1)), "au moins une place"),
        (lambda: improvised(BEGUN, item("X"), after(5), at=4), "déjà passé"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(action, why):
    with pytest.raises(UsageError, match=why):
        action()


# ------------------------------------------------------------------------------------------------------ the chronogram
def test_each_seat_sees_its_own_in_the_order_of_sending():
    early = sent_now(BEGUN, "ALE-03", after(30))
    assert names(visible(early.timeline, 480)) == ["ALE-01", "ALE-03", "ALE-02"]
    assert names(visible(early.timeline, 480, "direction")) == ["ALE-01", "ALE-02"]
    assert names(visible(early.timeline, 480, "care")) == ["ALE-03", "ALE-02"]
    assert early.timeline.event("ALE-03").sent == 30


def test_a_site_sees_what_is_for_all_and_for_itself():
    play = improvised(BEGUN, item("X"), after(5), sites=("n",))
    assert names(visible(play.timeline, 5, site="n")) == ["ALE-01", "IMP-1"]
    assert names(visible(play.timeline, 5, site="s")) == ["ALE-01"]
    assert names(visible(play.timeline, 5)) == ["ALE-01", "IMP-1"]


def test_what_is_coming_is_what_is_planned_the_next_first():
    play = improvised(skipped(BEGUN, "ALE-02", after(1)), item("X"), after(5), at=600)
    assert names(coming(play.timeline, 5)) == ["IMP-1", "ALE-03"]
    assert names(coming(play.timeline, 600)) == ["ALE-03"]
    assert due(play.timeline) == (600, 720)


def test_sending_again_is_a_new_event_of_the_same_inject():
    play = again(again(BEGUN, "ALE-01", after(60), sites=("n",)), "ALE-01", after(70))
    assert names(play.timeline.events)[3:] == ["ALE-01-R2", "ALE-01-R3"]
    assert {each.item.id for each in play.timeline.events[3:]} == {"ALE-01"}
    assert [each.sites for each in play.timeline.events[3:]] == [("n",), ()]
    assert names(again(play, "ALE-01-R2", after(80)).timeline.events)[-1] == "ALE-01-R4"


def test_improvised_injects_never_share_an_id():
    play = improvised(improvised(BEGUN, item("ALE-01"), after(1)), item("ALE-01"), after(1))
    assert names(play.timeline.events)[3:] == ["IMP-1", "IMP-2"]
    assert [each.item.id for each in play.timeline.events[3:]] == ["IMP-1", "IMP-2"]


def test_a_line_can_be_added_moved_rewritten_and_skipped_before_the_beginning():
    play = improvised(READY, item("X", seats=("care",)), START, at=300)
    play = moved(play, {"IMP-1": 360, "ALE-02": 0}, START, play.timeline.revision)
    play = edited(play, "ALE-03", item("Y"), START, play.timeline.revision, ("n",))
    play = skipped(play, "ALE-01", START)
    rewritten = play.timeline.event("ALE-03")
    assert (rewritten.item.id, rewritten.item.title.fr, rewritten.at, rewritten.sites) == (
        "ALE-03",
        "Titre Y",
        720,
        ("n",),
    )
    assert names(visible(begun(play, START).timeline, 360)) == ["ALE-02", "IMP-1"]


def test_all_that_follows_is_shifted_at_once():
    play = shifted(BEGUN, 480, 300, after(60), 1)
    assert [each.at for each in play.timeline.events] == [0, 780, 1020]
    assert [each.at for each in shifted(play, 1000, -60, after(60), 2).timeline.events] == [0, 780, 960]


def test_a_skipped_line_is_put_back_or_sent_late():
    out = skipped(BEGUN, "ALE-02", after(1))
    assert names(visible(out.timeline, 999)) == ["ALE-01", "ALE-03"]
    back = restored(out, "ALE-02", after(2))
    assert names(visible(back.timeline, 480)) == ["ALE-01", "ALE-02"]
    assert restored(back, "ALE-02", after(3)).timeline == back.timeline
    assert sent_now(out, "ALE-02", after(500)).timeline.event("ALE-02").sent == 500


# --------------------------------------------------------------------------------------------------- two animators at once
def test_one_skips_and_the_other_sends_and_it_is_sent_in_either_order():
    sent_last = sent_now(skipped(BEGUN, "ALE-02", after(9)), "ALE-02", after(9))
    sent_first = sent_now(BEGUN, "ALE-02", after(9))
    with pytest.raises(UsageError):
        skipped(sent_first, "ALE-02", after(9))
    assert sent_last.timeline.events == sent_first.timeline.events


def test_asked_twice_a_line_changes_once():
    once = sent_now(BEGUN, "ALE-02", after(9))
    assert sent_now(once, "ALE-02", after(900)) is once
    assert restored(once, "ALE-02", after(900)) is once
    out = skipped(BEGUN, "ALE-02", after(9))
    assert skipped(out, "ALE-02", after(900)) is out


def test_an_edition_made_on_an_older_plan_is_refused_and_only_then():
    seen = BEGUN.timeline.revision
    play = sent_now(BEGUN, "ALE-03", after(5))
    play = moved(play, {"ALE-02": 600}, after(6), seen)
    for late in (
        lambda: moved(play, {"ALE-02": 700}, after(7), seen),
        lambda: shifted(play, 0, 60, after(7), seen),
        lambda: edited(play, "ALE-02", item("Y"), after(7), seen),
    ):
        with pytest.raises(UsageError, match="Quelqu'un d'autre"):
            late()
    assert moved(play, {"ALE-02": 700}, after(7), play.timeline.revision).timeline.event("ALE-02").at == 700


def test_the_revision_grows_with_each_change_and_not_with_time():
    play = sent_now(paused(BEGUN, after(5)), "ALE-02", after(6))
    assert [BEGUN.timeline.revision, play.timeline.revision] == [1, 3]
    assert settled(play.timeline, 9999).revision == 3


def test_the_record_holds_what_the_play_holds():
    play = paused(BEGUN, after(480))
    running = recorded(play, record(), after(500))
    assert (running.started, running.ended, running.lasted) == (START, None, None)
    assert [each.state for each in running.events] == [State.SENT, State.SENT, State.PLANNED]
    over = recorded(ended(play, after(600)), record(), after(700))
    assert (over.lasted, over.pauses) == (480, (Pause(480, 120),))


# ------------------------------------------------------------------------------------------------------- whatever they do
SECONDS = st.integers(0, 1500)
CODES = st.sampled_from(["ALE-01", "ALE-02", "ALE-03", "IMP-1", "ALE-01-R2"])
ACTIONS = st.one_of(
    st.tuples(st.sampled_from([begun, paused, resumed])),
    st.tuples(st.just(ended)),
    st.tuples(st.sampled_from([sent_now, skipped, restored, again]), CODES),
    st.tuples(st.just(moved), CODES, SECONDS),
    st.tuples(st.just(shifted), SECONDS, st.integers(-600, 600)),
    st.tuples(st.just(edited), CODES),
    st.tuples(st.just(improvised), st.none() | SECONDS),
)
STEPS = st.lists(st.tuples(st.integers(0, 400), ACTIONS), max_size=10)


def acted(play, action, now):
    """The play after an action, or as it was if the action was refused."""
    name, *rest = action
    seen = play.timeline.revision
    with suppress(UsageError):
        if name is moved:
            return moved(play, {rest[0]: rest[1]}, now, seen)
        if name is shifted:
            return shifted(play, *rest, now, seen)
        if name is edited:
            return edited(play, rest[0], item("Z", seats=("care",)), now, seen)
        if name is improvised:
            return improvised(play, item("Z", seats=("care",)), now, at=rest[0])
        return name(play, *rest, now)
    return play


def shown(play, now):
    return {(each.id, each.item, each.sites, each.sent) for each in visible(play.timeline, play.clock.elapsed(now))}


@settings(max_examples=60)
@given(STEPS)
def test_time_never_goes_back_and_nothing_is_unsent_or_rewritten_whatever_animators_do(steps):
    play, now, before, elapsed = READY, START, set(), NOT_BEGUN
    for wait, action in steps:
        now += timedelta(seconds=wait)
        before |= shown(play, now)
        play = acted(play, action, now)
        assert play.clock.elapsed(now) >= elapsed
        elapsed = play.clock.elapsed(now)
        assert before <= shown(play, now)
        before = shown(play, now)
        assert len({each.id for each in play.timeline.events}) == len(play.timeline.events)


@settings(max_examples=60)
@given(STEPS, st.lists(st.integers(0, 400), max_size=10))
def test_it_is_the_same_whoever_looks_and_saves_in_between(steps, looks):
    watched = alone = READY
    now = START
    for (wait, action), look in zip(steps, looks, strict=False):
        middle = now + timedelta(seconds=min(wait, look))
        watched = Play(watched.clock, settled(watched.timeline, watched.clock.elapsed(middle)))
        now += timedelta(seconds=wait)
        watched, alone = acted(watched, action, now), acted(alone, action, now)
        assert watched.clock == alone.clock
        assert shown(watched, now) == shown(alone, now)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, THREE_DAYS)), max_size=5), st.integers(0, 600))
def test_elapsed_is_real_time_less_the_sum_of_the_pauses(stretches, last):
    play, now = BEGUN, START
    for played, held in stretches:
        now += timedelta(seconds=played)
        play = paused(play, now)
        now += timedelta(seconds=held)
        play = resumed(play, now)
    now += timedelta(seconds=last)
    assert play.clock.held == sum(held for _, held in stretches)
    assert play.clock.elapsed(now) == sum(played for played, _ in stretches) + last


@settings(max_examples=40)
@given(st.lists(st.integers(0, 1500), max_size=8), SECONDS, SECONDS)
def test_what_is_visible_only_grows_with_time(seconds, one, other):
    timeline = planned(script(*(item(f"I-{n}", at) for n, at in enumerate(seconds)))).timeline
    first, second = sorted((one, other))
    early, late = visible(timeline, first), visible(timeline, second)
    assert late[: len(early)] == early
    assert visible(settled(timeline, first), second) == late


def test_there_is_nothing_to_see_in_an_empty_timeline():
    empty = Timeline(())
    assert (visible(empty, 10), coming(empty, 10), due(empty)) == ((), (), ())
    assert settled(empty, 10) is empty
    assert Clock().held == 0
    assert playing.NOT_BEGUN < 0
