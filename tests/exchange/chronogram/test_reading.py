"""Chronograms: ours out and in again, and those of others, whatever they look like."""

import csv
import datetime as dt
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.exchange import chronogram
from egide.exercise.making import script
from egide.exercise.module import Channel, Setting
from egide.finding import Severity
from egide.message import Text
from exercise.libraries import LIBRARY

SCRIPT = script(LIBRARY, Setting.HOSPITAL, 3, {})


@pytest.fixture
def read(tmp_path):
    """A function: bytes or lines of a CSV -> what is read."""

    def reading(content, name="c.csv", of=SCRIPT):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return chronogram.read(path, name, of)

    return reading


def book(*rows, merged=()):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    for area in merged:
        made.active.merge_cells(area)
    return made


def codes(found):
    return {each.code for each in found.findings}


def lines(found):
    return [(each.at, each.title.say("fr"), each.channel, each.seats) for each in found.items]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_ours_comes_back_as_it_went(read, language):
    content = chronogram.content(SCRIPT, language, start=dt.time(7, 40))
    assert content == chronogram.content(SCRIPT, language, start=dt.time(7, 40))
    found = read(content, "c.xlsx")
    assert found.items == SCRIPT.items
    assert found.findings == ()


def test_what_people_change_is_kept_and_the_rest_stays_the_kits(read, tmp_path):
    path = tmp_path / "c.xlsx"
    path.write_bytes(chronogram.content(SCRIPT, "fr"))
    made = openpyxl.load_workbook(path)
    sheet = made["Chronogramme"]
    heads = {each.value: each.column for each in sheet[1]}
    sheet.cell(2, heads["Temps"]).value = "T+00:30"
    sheet.cell(2, heads["Texte à lire ou à remettre"]).value = "=SOMME(A1:A2)"
    sheet.cell(3, heads["Réactions attendues"]).value = "autre chose"
    sheet.delete_rows(4)
    sheet.append([])
    sheet.cell(sheet.max_row + 1, heads["Titre"]).value = "Ajouté"
    made.save(path)
    found = chronogram.read(path, path.name, SCRIPT)
    first = next(each for each in found.items if each.id == SCRIPT.items[0].id)
    assert (first.at, first.document, first.expectations) == (
        30,
        SCRIPT.items[0].document,
        SCRIPT.items[0].expectations,
    )
    assert {"cell.no_value", "chronogram.expected", "chronogram.order"} <= codes(found)
    assert SCRIPT.items[2].id not in {each.id for each in found.items}


def test_a_line_copied_twice_and_one_of_their_own_get_a_name(read):
    own = SCRIPT.items[0]
    found = read(f"Identifiant;Temps;Titre\n{own.id};1;Un\n{own.id};2;Deux\n;3;Trois\n")
    assert [each.id for each in found.items] == [own.id, "PLUS-01", "PLUS-02"]
    assert "chronogram.twice" in codes(found)
    assert len({one.id for each in found.items for one in each.expectations}) == sum(len(each.expectations) for each in found.items)  # fmt: skip


def test_a_foreign_one_is_understood_and_said(read):
    found = read(
        "N°;Horaire;Événement;Moyen;Émetteur;Destinataires;Réactions attendues;Commentaire\n"
        "1;9:00;Début;oral;Animateur;Tous;;\n"
        "2;9:15;Le SAMU appelle;Tél;SAMU;DG et Père Noël;- Réunit la cellule (Direction, en 10 min)\n"
        "3;9:10;Mail;mél;RSSI;DSI;;à relancer\n;;;;;;;\nPhase 2;;;;;;;\n4;bientôt;Fax;pigeon;?;Schtroumpf;;\n"
    )
    assert lines(found) == [
        (0, "Début", Channel.VISIT, ("lead", "care")),
        (10, "Mail", Channel.EMAIL, ("lead",)),
        (10, "Fax", Channel.ANIMATOR, ("lead", "care")),
        (15, "Le SAMU appelle", Channel.CALL, ("lead",)),
    ]
    (expected,) = found.items[3].expectations
    assert (expected.text.fr, expected.by, expected.minutes) == ("Réunit la cellule", "director", 10)
    assert found.items[1].what_if.fr == "Commentaire : à relancer"
    said = {"chronogram.time", "chronogram.receiver", "chronogram.channel", "chronogram.order", "chronogram.hours", "chronogram.family", "cell.noted"}  # fmt: skip
    assert codes(found) == said
    assert any("Père Noël" in str(each.understood) for each in found.findings)


def test_what_is_before_the_beginning_is_not_played(read):
    found = read(
        "Time,Inject,Description\nJ-60,Kick-off,\nT+00:15,Ransom,Screen is black\nJ+1 08:00,Day two,Still down\n"
    )
    assert [each.title.en for each in found.preparation] == ["Kick-off"]
    assert [each.title.en for each in found.items] == ["Ransom", "Day two"]
    assert {"chronogram.before", "chronogram.far", "chronogram.hours"} <= codes(found)


def test_merged_heads_days_apart_and_a_formula_that_was_never_computed(tmp_path):
    made = book(
        ("Exercice CYBER 2026",), ("Quand", None, "Stimulus"), ("Jour", "Heure", "Contenu", "Destinataire", "Canal"),
        ("J", dt.time(8, 0), "=1+1", "Cellule de crise", "mail"), ("J", dt.time(8, 30), "Coupure", "pharmacie", "tel"),
        (None, dt.time(9, 0), "Toujours rien", "", ""), ("J+1", "7h00", "Reprise", "Direction", "sms"),
        merged=("A1:E1", "A2:B2", "C2:E2", "A5:A6"),
    )  # fmt: skip
    made.save(tmp_path / "m.xlsx")
    found = chronogram.read(tmp_path / "m.xlsx", "m.xlsx", SCRIPT)
    assert [(each.at, each.text.fr) for each in found.items] == [
        (0, "Coupure"),
        (30, "Toujours rien"),
        (1350, "Reprise"),
    ]
    assert {"cell.no_value", "row.unread", "chronogram.hours"} <= codes(found)


def test_times_of_a_spreadsheet(tmp_path):
    made = book(("Temps", "Titre"), (dt.timedelta(minutes=75), "a"), (dt.time(0, 15), "b"), (0.0625, "c"), (45, "d"))
    made.save(tmp_path / "m.xlsx")
    found = chronogram.read(tmp_path / "m.xlsx", "m.xlsx", SCRIPT)
    assert [(each.at, each.title.fr) for each in found.items] == [(15, "b"), (45, "d"), (75, "a"), (90, "c")]


def test_five_thousand_lines_are_refused_with_their_number(read):
    found = read("Temps;Titre\n" + "".join(f"{number};Ligne {number}\n" for number in range(5000)))
    assert len(found.items) == 500
    (long,) = [each for each in found.findings if each.severity is Severity.ERROR]
    assert long.code == "chronogram.long"
    assert long.understood.values["count"] == 5000


@pytest.mark.parametrize(
    "content", ["a;b;c\n1;2;3\n", "Temps;Titre\n", "Temps;Titre\n;;\n", "", "%PDF-1.4", b"PK\x03\x04rien"]
)
def test_what_is_no_chronogram_is_said(read, content):
    found = read(content)
    assert found.items == ()
    assert any(each.severity is Severity.ERROR for each in found.findings)


@pytest.mark.parametrize("heading", ["Heure", "Hour", "HEURE ", "Temps", "Horaire"])
def test_the_only_column_of_times_is_the_time_whatever_it_is_called(read, heading):
    found = read(f"{heading},Titre,À qui\nT+00:10,A,Direction\nT+00:15,B,Direction\n")
    assert [(at, title) for at, title, _, _ in lines(found)] == [(10, "A"), (15, "B")]


def test_another_exercise_is_said(read):
    other = replace(SCRIPT, items=tuple(replace(each, id=f"X-{each.id}") for each in SCRIPT.items))
    found = read(chronogram.content(other, "fr"), "c.xlsx")
    assert "chronogram.other" in codes(found)


CELLS = st.sampled_from(
    ["", "T+5", "=A1", "J-1", "9:00", "tous", "DG", "mail", "x" * 300, "Titre", "\u200b", "é;\n", "-1"]
)
HEADS = st.sampled_from(
    ["Temps", "Heure", "Titre", "Texte", "Pour qui", "Canal", "Et si…", "?", "", "Temps", "Identifiant"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(HEADS, min_size=1, max_size=8), st.lists(st.lists(CELLS, max_size=9), max_size=6))
def test_any_table_is_read_without_a_fault_and_every_inject_reaches_somebody(tmp_path, heads, rows):
    with (tmp_path / "m.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, delimiter=";").writerows([heads, *rows])
    found = chronogram.read(tmp_path / "m.csv", "m.csv", SCRIPT)
    assert list(found.items) == sorted(found.items, key=lambda each: each.at)
    assert all(each.seats and each.at >= 0 and (each.title or each.text) != Text() for each in found.items)
    assert len({each.id for each in found.items}) == len(found.items)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: no round trip")
def test_libreoffice_gives_it_back(tmp_path):
    (tmp_path / "c.xlsx").write_bytes(chronogram.content(SCRIPT, "fr"))
    order = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "c.xlsx")]  # fmt: skip
    subprocess.run(order, check=True, capture_output=True, timeout=120)
    found = chronogram.read(tmp_path / "c.ods", "c.ods", SCRIPT)
    assert found.items == SCRIPT.items
