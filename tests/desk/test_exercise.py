"""An exercise in one call: the whole kit, a chronogram of others made an exercise, results made papers."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from egide import plain
from egide.desk import exercise as desk
from egide.errors import DataError, UsageError
from egide.exchange import chronogram, exercise_results
from egide.exercise.crisis import Establishment
from egide.exercise.making import digest
from egide.exercise.module import Setting
from egide.exercise.record import FORMAT, Done, Event, Origin, Presence, Record, State, Tick, sealed

DAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUSE = Establishment(Setting.HOME, "EHPAD du test (fictif)", {"record": "Logitest"}, seats={"direction": "Mme Essai"})
MADE = desk.script(1, Setting.HOME, HOUSE)


@pytest.fixture(scope="module")
def kit():
    return desk.kit(MADE, "fr", DAY, house=HOUSE)


def played(made=MADE):
    """A play of a script in which everything was sent and the first reaction seen."""
    events = tuple(Event(each.id, each, each.at * 60, State.SENT, each.at * 60) for each in made.items)
    first = made.items[0]
    ticks = (Tick(1, first.id, first.expectations[0].id, "Mme Roy", Done.YES, 60),)
    lasts = 60 * made.play
    record = Record(
        FORMAT, "play-1", digest(made), Origin.OFFLINE, DAY, START, START + timedelta(seconds=lasts), lasts, events=events, ticks=ticks,
        presence=(Presence("director"), Presence("coordinating_nurse", 2)),
    )  # fmt: skip
    return sealed(record)


@pytest.fixture
def saved(tmp_path):
    """A function: record, name -> path of the file that the page would save."""

    def saving(record, name="r.json", made=MADE):
        data = {"kind": exercise_results.KIND, "format": 1, "script": plain.unstructure(made), "record": plain.unstructure(record)}  # fmt: skip
        (tmp_path / name).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return tmp_path / name

    return saving


def test_a_kit_holds_everything_and_says_how_to_use_it(kit):
    assert {
        "LISEZ-MOI.txt",
        "jouer-sans-reseau.html",
        "chronogramme.xlsx",
        "kit-de-crise/kit-de-crise.pdf",
    } < kit.keys()
    told = kit["LISEZ-MOI.txt"].decode()
    assert all(name in told for name in kit if name != "LISEZ-MOI.txt")
    page = kit["jouer-sans-reseau.html"].decode()
    assert "EHPAD du test (fictif)" in page
    assert "Logitest" in page
    assert "Mme Essai" in page
    assert "{record}" not in page
    packed = desk.packed(kit)
    assert packed == desk.packed(kit)
    assert set(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == kit.keys()


@pytest.mark.long
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("setting", Setting)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_kit_is_made_with_the_same_bytes(level, setting, language):
    made = desk.script(level, setting)
    whole = desk.kit(made, language, DAY)
    assert all(whole.values())
    assert whole == desk.kit(made, language, DAY)


def test_a_chronogram_of_others_becomes_an_exercise(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("Temps;Titre;Pour qui\n0;Un écran noir;tous\n30;La presse appelle;direction\n", encoding="utf-8")
    found = desk.chronogram_of(path, path.name, MADE)
    assert [each.title.fr for each in found.script.items] == ["Un écran noir", "La presse appelle"]
    assert (found.script.play, found.script.documents, found.script.modules) == (40, (), {})
    assert found.script.seats == MADE.seats
    path.write_text("rien", encoding="utf-8")
    with pytest.raises(DataError):
        desk.chronogram_of(path, path.name, MADE)
    path = tmp_path / "c.xlsx"
    path.write_bytes(chronogram.content(MADE, "fr"))
    assert desk.chronogram_of(path, path.name, MADE).script is MADE


def test_results_become_papers_and_data(saved):
    shown, found = desk.results([saved(played()), saved(played(), "twice.json")], DAY)
    assert [each.code for each in found] == ["results.twice"]
    (one,) = shown
    assert one.report.establishment == HOUSE.name
    told = desk.data(one, "fr")
    assert (told["counts"], told["untouched"], told["whole"]["yes"]) == (True, True, 1)
    files = desk.documents(shown, "fr", DAY)
    assert sorted(files) == ["attestation.pdf", "resultats.json", "retour-experience.docx", "retour-experience.pdf"]
    assert json.loads(files["resultats.json"]) == told


def test_two_plays_and_an_earlier_one_are_kept_apart_and_compared(saved):
    other = sealed(replace(played(), play="play-2", ticks=()))
    shown, _ = desk.results([saved(played()), saved(other, "other.json")], DAY, saved(played(), "before.json"))
    assert len(shown) == 2
    assert all(each.report.comparison for each in shown)
    edited, found = desk.results([saved(replace(played(), ticks=()), "edited.json")], DAY)
    assert {each.code for each in found} >= {"results.edited"}
    assert edited[0].report.notes


def test_a_fictitious_name_is_never_printed_as_that_of_an_establishment(saved):
    made = desk.script(1, Setting.HOME)
    path = saved(played(made), made=made)
    (one,), found = desk.results([path], DAY)
    assert [each.code for each in found] == ["results.nameless"]
    assert one.report.establishment == desk.BLANK
    (one,), found = desk.results([path], DAY, name="EHPAD donné (fictif)")
    assert (one.report.establishment, found) == ("EHPAD donné (fictif)", [])


def test_the_self_assessment_is_a_file_to_fill_in(tmp_path):
    for setting in Setting:
        path = tmp_path / "a.yaml"
        path.write_text(desk.answers_template(setting, "fr"), encoding="utf-8")
        assert desk.answers(path, path.name) == (setting, {})
    path.write_text("setting: hospital\nlast: never\nmoon: full\ncell: perhaps\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        desk.answers(path, path.name)
    assert [each.place for each in refused.value.findings] == ["moon", "cell"]
    with pytest.raises(UsageError):
        desk.setting_of("moon")
