"""Results of the page without network: read whole, twice, edited, of another script, of a wrong clock, damaged."""

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from egide import plain
from egide.errors import DataError
from egide.exchange import exercise_results
from egide.exercise.making import digest
from egide.exercise.record import (
    FORMAT,
    Done,
    Event,
    Jot,
    Note,
    Origin,
    Pause,
    Presence,
    Record,
    Site,
    State,
    Tick,
    sealed,
)
from exercise import plays

DAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
SCRIPT = plays.script(plays.item("ALE-01"), plays.item("ALE-02", 10))
EVENTS = tuple(Event(each.id, each, each.at * 60, State.SENT, each.at * 60) for each in SCRIPT.items)
RECORD = sealed(
    Record(
        FORMAT, "play-1", digest(SCRIPT), Origin.OFFLINE, DAY, START, START + timedelta(hours=1), 3600, events=EVENTS,
        ticks=(Tick(1, "ALE-01", "a", "Mme Roy", Done.YES, 60),), notes=(Note(2, 70, Jot.LOG, "Mme Roy", "Cellule ouverte"),),
        presence=(Presence("director"), Presence("wards", 2)),
    )
)  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """A function: record, script -> what is read of the file that the page would save."""

    def reading(record=RECORD, script=SCRIPT, name="r.json", **options):
        data = {"kind": exercise_results.KIND, "format": 1, "script": plain.unstructure(script), "record": plain.unstructure(record)}  # fmt: skip
        (tmp_path / name).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return exercise_results.read(tmp_path / name, name, DAY, **options)

    return reading


def codes(found):
    return [each.code for each in found.findings]


def test_results_come_back_as_they_were_saved(read):
    found = read()
    assert (found.record, found.script, found.whole, found.findings) == (RECORD, SCRIPT, True, ())


def test_an_edition_by_hand_is_read_and_said(read):
    forged = replace(RECORD, ticks=(replace(RECORD.ticks[0], done=Done.NO),))
    found = read(forged)
    assert (codes(found), found.whole, found.record.ticks[0].done) == (["results.edited"], False, Done.NO)
    found = read(script=replace(SCRIPT, play=59))
    assert (codes(found), found.whole) == (["results.script"], False)


def test_another_script_is_said(read):
    assert codes(read(expected=[RECORD.script])) == []
    assert codes(read(expected=["0" * 64])) == ["results.other_script"]


def test_brought_twice_they_count_once_and_another_version_is_kept_apart(read):
    later = sealed(replace(RECORD, notes=()))
    kept, found = exercise_results.several([read(), read(name="again.json"), read(later, name="later.json")])
    assert [each.name for each in kept] == ["r.json", "later.json"]
    assert [each.code for each in found] == ["results.twice", "results.other_version"]


def test_a_wrong_clock_and_a_pause_of_three_days_are_said(read):
    old = replace(RECORD, held_on=date(1970, 1, 1))
    assert "results.clock" in codes(read(sealed(old)))
    assert "results.clock" in codes(read(sealed(replace(RECORD, held_on=date(2027, 1, 1)))))
    moved = replace(RECORD, ended=START - timedelta(hours=2))
    assert codes(read(sealed(moved))) == ["results.clock_moved"]
    paused = replace(RECORD, ended=RECORD.ended + timedelta(days=3), pauses=(Pause(60, 3 * 86400),))
    assert codes(read(sealed(paused))) == ["results.pause"]


def test_a_play_that_is_not_over_or_not_observed_is_said(read):
    assert codes(read(sealed(replace(RECORD, ended=None, lasted=None)))) == ["results.not_ended"]
    assert codes(read(sealed(replace(RECORD, started=None, ended=None, lasted=None, ticks=())))) == [
        "results.not_begun"
    ]
    assert codes(read(sealed(replace(RECORD, ticks=())))) == ["results.unobserved"]


def test_what_speaks_of_nothing_is_left_out_and_said(read):
    stray = replace(
        RECORD,
        ticks=(*RECORD.ticks, replace(RECORD.ticks[0], number=9, event="XXX"), replace(RECORD.ticks[0], number=10, site="s9")),
        events=(replace(EVENTS[0], sent=None), EVENTS[1]),
        presence=(*RECORD.presence, Presence("director", 0)),
    )  # fmt: skip
    found = read(sealed(stray))
    assert codes(found) == ["results.stray", "results.stray", "results.unsent"]
    assert found.record.ticks == RECORD.ticks
    assert found.record.events[0].sent == 0


def test_impossible_values_are_refused_all_at_once(read):
    wrong = replace(
        RECORD,
        events=(EVENTS[0], replace(EVENTS[1], id="ALE-01", at=10**9)),
        notes=(replace(RECORD.notes[0], text="x" * 30_000),),
    )
    script = replace(SCRIPT, items=(replace(SCRIPT.items[0], seats=("nobody",), document="D-9"),), seats=())
    with pytest.raises(DataError) as refused:
        read(wrong, script)
    found = {each.code for each in refused.value.findings}
    assert found == {"results.time", "results.text", "results.event", "results.script"}


FAR = 10**14
CANNOT_BE = (
    ({"lasted": FAR}, {}, "results.time"),
    ({"lasted": -1}, {}, "results.time"),
    ({"pauses": (Pause(60, FAR),)}, {}, "results.time"),
    ({"pauses": (Pause(FAR, 60),)}, {}, "results.time"),
    ({"sites": (Site("s1", "Nord"), Site("s1", "Sud"))}, {}, "results.site"),
    ({"sites": (Site("s 1", "Nord"),)}, {}, "results.code"),
    ({"events": (replace(EVENTS[0], id="A%s\nB"), EVENTS[1])}, {}, "results.code"),
    ({}, {"items": (replace(SCRIPT.items[0], at=FAR),)}, "results.time"),
    ({}, {"items": (SCRIPT.items[0], SCRIPT.items[0])}, "results.event"),
    ({}, {"items": (replace(SCRIPT.items[0], id="x" * 101),)}, "results.code"),
    ({}, {"level": FAR}, "results.script"),
    ({}, {"level": -1}, "results.script"),
)


@pytest.mark.parametrize(("record", "script", "code"), CANNOT_BE)
def test_what_no_page_of_ours_writes_is_refused_before_anything_computes_with_it(read, record, script, code):
    with pytest.raises(DataError) as refused:
        read(sealed(replace(RECORD, **record)), replace(SCRIPT, **script))
    assert {each.code for each in refused.value.findings} == {code}


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"kind":"egide-exercise-results"}', "PK", "<html>", "temps;titre", '{"kind":"egide-exercise-results","format":9,"script":{},"record":{}}', '{"kind":"egide-exercise-results","format":1,"script":{},"record":[]}', "[" * 500])  # fmt: skip
def test_what_is_no_file_of_results_is_refused(tmp_path, content):
    (tmp_path / "r.json").write_text(content)
    with pytest.raises(DataError) as refused:
        exercise_results.read(tmp_path / "r.json", "r.json", DAY)
    assert refused.value.findings


def test_a_later_form_asks_for_a_later_program(read):
    for wrong in ({"record": replace(RECORD, format=2)}, {"script": replace(SCRIPT, format=2)}):
        with pytest.raises(DataError, match="autre version"):
            read(**wrong)


def damaged(rng, text):
    """A file with a piece taken out, turned round or written twice."""
    start, end = sorted(rng.randrange(len(text)) for _ in range(2))
    end = min(end, start + 60)
    piece = rng.choice(["", text[start:end][::-1], text[start:end] * 2, "null", "-1", '"\\ud800"', "1e999", "{}", "[]"])
    return text[:start] + piece + text[end:]


def test_a_damaged_file_never_crashes(tmp_path):
    data = {"kind": exercise_results.KIND, "format": 1, "script": plain.unstructure(SCRIPT), "record": plain.unstructure(RECORD)}  # fmt: skip
    text, rng = json.dumps(data), random.Random(7)  # noqa: S311 (which bytes are damaged is no secret)
    read = 0
    for _ in range(150):
        (tmp_path / "r.json").write_text(damaged(rng, text), encoding="utf-8")
        try:
            found = exercise_results.read(tmp_path / "r.json", "r.json", DAY)
        except DataError:
            continue
        read += 1
        assert not found.whole or found.record == RECORD
    assert read
