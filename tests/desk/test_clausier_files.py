"""Every format of a clausier is bytes with a name and a media type, the same twice, and read back where it can be."""

from datetime import date
from pathlib import Path

import pytest

from egide import reference
from egide.desk import clausier_files, clausiers, held
from egide.desk.purchase import narrowed
from egide.errors import DataError, UsageError
from egide.exchange.answers import read_answers
from egide.finding import Finding, Severity
from egide.message import message

DAY = date(2026, 11, 1)
STARTS = {"json": b"{", "csv": b"\xef\xbb\xbf", "oscal": b"{", "pdf": b"%PDF"}
SMALL = narrowed(reference.clausier(), [*reference.clausier().points][:12])


@pytest.mark.parametrize("form", clausier_files.FORMATS)
def test_each_format_is_what_it_says_and_the_same_twice(form):
    made = clausier_files.content(SMALL, form, "fr", DAY)
    assert made.startswith(STARTS.get(form, b"PK\x03\x04"))
    assert made == clausier_files.content(SMALL, form, "fr", DAY)
    kind = clausier_files.known(form)
    assert kind.ending.startswith(".")
    assert "/" in kind.media_type
    assert kind.title.fr != kind.title.en or form == "oscal"


def test_names_do_not_meet():
    endings = [each.ending for each in clausier_files.FORMATS.values()]
    assert len(set(endings)) == len(endings)


def test_an_unknown_format_is_refused_with_those_that_exist():
    with pytest.raises(UsageError) as refusal:
        clausier_files.content(SMALL, "zip", "fr", DAY)
    assert "odt" in str(refusal.value)


@pytest.mark.parametrize("form", ["json", "oscal"])
@pytest.mark.parametrize("in_memory", [True, False])
def test_data_come_back_from_bytes_alone(form, in_memory, monkeypatch):
    if not in_memory:
        monkeypatch.delattr("os.memfd_create", raising=False)
    content = clausier_files.content(SMALL, form, "fr", DAY)
    with held.held(content) as path:
        read, found = clausiers.usable(path, f"clausier.{form}")
        assert path.exists()
    assert not path.exists()
    assert list(read.points) == list(SMALL.points)
    assert read.digest == SMALL.digest
    assert found == []


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_an_answer_sheet_sent_back_empty_is_read_from_memory_and_its_points_are_named(form):
    with held.held(clausier_files.content(SMALL, form, "fr", DAY)) as path:
        reading = read_answers(path, f"reponses.{form}", SMALL)
    assert reading.readable
    assert set(reading.answers) <= set(SMALL.points)
    assert {each.file for each in reading.findings} == {f"reponses.{form}"}


def test_a_file_that_is_no_clausier_is_refused_by_its_name():
    with held.held(b"\x00\x01 nothing") as path, pytest.raises(DataError) as refusal:
        clausiers.usable(path, "envoi.xlsx")
    assert {each.file for each in refusal.value.findings} == {"envoi.xlsx"}


def test_an_identifier_used_twice_stops_a_use_is_renamed_when_taken_in_and_said_once_when_checked():
    first = SMALL.themes[0]
    text = clausier_files.content(SMALL, "json", "fr", DAY).decode()
    one, two = first.points[0].id, first.points[1].id
    doubled = text.replace(f'"{two}"', f'"{one}"').encode()
    with held.held(doubled) as path:
        with pytest.raises(DataError):
            clausiers.usable(path, "deux.json")
        clausier, read = clausiers.usable(path, "deux.json", doubles=True)
        taken, found = clausiers.taken_in(path, "deux.json")
    assert sum(each.code == "lint.id.reused" for each in clausiers.checked(clausier, "deux.json", read)) == 1
    assert len(taken.points) == len(SMALL.points)
    assert not any(each.code == "lint.id.reused" for each in found)


def test_a_list_of_which_a_part_cannot_be_read_is_not_taken_in(monkeypatch):
    said = message("feuille illisible")
    broken = Finding("file.broken", Severity.ERROR, said, said, "liste.xlsx")
    monkeypatch.setattr("egide.exchange.clausiers.framework.read", lambda path, name: (SMALL, [broken]))
    with pytest.raises(DataError) as refusal:
        clausiers.taken_in(Path("liste.xlsx"), "liste.xlsx")
    assert refusal.value.findings == (broken,)


def test_the_name_says_what_the_bytes_are():
    text = b"format: 1\nthemes: []\n"
    with held.held(text) as path, pytest.raises(DataError) as refusal:
        clausiers.usable(path, "clausier.yaml")
    assert {each.file for each in refusal.value.findings} == {"clausier.yaml"}
    assert not any(each.code.startswith("list.") for each in refusal.value.findings)


def test_a_buyer_is_the_source_of_his_own_thresholds():
    alone = clausiers.checked(reference.clausier(), "egide")
    own = clausiers.checked(reference.clausier(), "egide", consultation=True)
    assert not any(each.code == "lint.parameter.source" for each in own)
    assert [each for each in alone if each.code != "lint.parameter.source"] == own
