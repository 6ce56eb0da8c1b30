"""One form for every play: there and back, its fingerprint, and results brought twice or edited by hand."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from egide import plain
from egide.exercise.record import (
    Act,
    Action,
    Arrival,
    Jot,
    Note,
    Pause,
    Record,
    arrival,
    fingerprint,
    intact,
    sealed,
)
from exercise.plays import NORTH, START, after, decision, event, record, tick

VECTOR = Path(__file__).parent / "cases" / "fingerprint.json"
FULL = record(
    event("ALE-01"),
    event("ALE-02", sent=None),
    sites=(NORTH,),
    pauses=(Pause(100, 60), Pause(200, 5)),
    ticks=(tick(1, "yes", site="n", note="dit « débranchez »"),),
    decisions=(decision(2, "no", site="n"),),
    notes=(Note(3, 130, Jot.LOG, "Mme Roy", 'cellule réunie\n"ici"', "n", "ALE-01"),),
    actions=(Action(4, 100, Act.PAUSED, "M. Petit"),),
)


def test_a_record_goes_to_plain_data_and_back():
    assert plain.structure(json.loads(json.dumps(plain.unstructure(FULL))), Record, "r.json") == FULL


def test_the_fingerprint_is_the_sha256_of_the_sorted_json_without_itself():
    data = json.loads(VECTOR.read_text(encoding="utf-8"))
    read = plain.structure(data, Record, "fingerprint.json")
    wanted = data.pop("fingerprint")
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(written).hexdigest() == wanted == fingerprint(read)
    assert intact(read)
    assert plain.unstructure(read) == data | {"fingerprint": wanted}


@pytest.mark.parametrize(
    "changed",
    [
        {"lasted": 3599},
        {"ticks": ()},
        {"events": FULL.events[:1]},
        {"presence": ()},
        {"notes": ()},
        {"held_on": FULL.held_on.replace(year=2025)},
    ],
)
def test_an_edition_by_hand_is_seen(changed):
    assert intact(sealed(FULL))
    assert not intact(replace(sealed(FULL), **changed))
    assert not intact(FULL)


def test_results_brought_twice_are_the_same_even_with_another_fingerprint_written_in():
    known = [sealed(FULL)]
    assert arrival(FULL, []) is Arrival.NEW
    assert arrival(FULL, known) is Arrival.TWICE
    assert arrival(replace(FULL, fingerprint="f" * 64), known) is Arrival.TWICE
    assert arrival(replace(FULL, ticks=()), known) is Arrival.OTHER
    assert arrival(replace(FULL, play="play-2"), known) is Arrival.NEW


def test_pauses_begun_before_a_second_put_its_instant_off():
    assert FULL.wall(100) == after(100)
    assert FULL.wall(150) == after(210)
    assert FULL.wall(300) == after(365)
    assert replace(FULL, started=None).wall(0) is None


def test_instants_are_written_with_their_offset():
    assert plain.unstructure(FULL)["started"] == "2026-11-23T14:00:00+00:00"
    assert datetime(2026, 11, 23, 14, tzinfo=UTC) == START
