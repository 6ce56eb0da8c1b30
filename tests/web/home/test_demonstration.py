import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from django.urls import reverse

from egide.web.home import demonstration
from egide.web.organisations.models import Membership, Organisation, User
from web.home.processes import ONCE, demo, egide

pytestmark = ONCE


def dump(database):
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def files(folder):
    return {path.name: path.read_bytes() for path in (folder / "files").rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------------------------------- the data
@pytest.mark.long
def test_two_demonstrations_hold_the_same_rows_and_files_even_after_one_was_cut_while_loading(
    demonstration_folder, tmp_path
):
    (tmp_path / "demonstration.json").write_text('{"format": 1, "state": "loading"}', "utf-8")
    (tmp_path / "egide.sqlite3").write_bytes(b"half a database")
    assert demo(tmp_path).returncode == 0
    assert json.loads((tmp_path / "demonstration.json").read_text("utf-8"))["state"] == "ready"
    first, second = (dump(each / "egide.sqlite3") for each in (demonstration_folder, tmp_path))
    assert len(first) > 1000
    assert first == second
    assert files(demonstration_folder) == files(tmp_path) != {}


def test_both_examples_are_there_with_their_bids_marks_and_evaluators(demonstration_folder):
    with closing(sqlite3.connect(demonstration_folder / "egide.sqlite3")) as connection:
        ask = lambda query: connection.execute(query).fetchall()  # noqa: E731
        assert ask("SELECT count(*) FROM tenders_consultation") == [(2,)]
        assert ask("SELECT count(DISTINCT consultation_id) FROM tenders_bid") == [(2,)]
        assert ask("SELECT count(*) FROM tenders_answer")[0][0] > 200
        assert {evaluator for (evaluator,) in ask("SELECT evaluator FROM tenders_seat")} == {
            "rssi",
            "dpo",
            "biomedical",
        }
        assert ask("SELECT count(*) FROM organisations_organisation WHERE kind = 'ght'") == [(1,)]
        assert "chiffres fictifs" in ask("SELECT title FROM risk_study")[0][0]
        names = [name for (name,) in ask("SELECT name FROM organisations_organisation")]
        assert all("démonstration" in name for name in names)
        assert all(name.endswith(("Fictif", "Fictive")) for (name,) in ask("SELECT full_name FROM organisations_user"))


def test_the_worker_finds_the_estimates_of_the_five_establishments_to_make(demonstration_folder):
    with closing(sqlite3.connect(demonstration_folder / "egide.sqlite3")) as connection:
        asked = connection.execute("SELECT state FROM jobs_job WHERE kind = 'estimate'").fetchall()
    assert asked == [("queued",)] * 5


@pytest.mark.long
def test_the_estimates_of_the_demonstration_are_near_the_worked_examples_and_differ(demonstration_folder, tmp_path):
    """RISK_MODEL 10: between good maturity everywhere and nothing answered, for each kind of establishment."""
    folder = tmp_path / "estimated"
    shutil.copytree(demonstration_folder, folder)
    assert egide(folder, "worker", "--once", EGIDE_DEMO="oui").returncode == 0
    with closing(sqlite3.connect(folder / "egide.sqlite3")) as connection:
        rows = connection.execute("SELECT o.name, e.brief FROM risk_estimate e JOIN organisations_organisation o ON o.id = e.organisation_id")  # fmt: skip
        means = {name: json.loads(brief)["mean"]["value"] for name, brief in rows}
    known = {"CHU": (0.98e6, 4.7e6), "Hôpital": (9_900, 39_600), "EHPAD": (900, 5_000), "Maison": (145, 660)}
    for name, mean in means.items():
        low, high = known.get(name.split()[0], (0, float("inf")))
        assert low <= mean <= high, (name, mean)
    assert len(means) == 5
    assert len({round(mean, -1) for mean in means.values()}) == 5


@pytest.mark.long
def test_a_demonstration_that_is_ready_is_kept(demonstration_folder, tmp_path):
    folder = tmp_path / "kept"
    shutil.copytree(demonstration_folder, folder)
    with closing(sqlite3.connect(folder / "egide.sqlite3")) as connection:
        connection.execute("UPDATE organisations_organisation SET name = 'Changé par un visiteur'")
        connection.commit()
    assert demo(folder).returncode == 0
    assert any("Changé par un visiteur" in line for line in dump(folder / "egide.sqlite3"))


# ------------------------------------------------------------------------------------------------- what is not its own
def test_a_folder_that_is_not_its_own_is_refused_and_left_alone(tmp_path):
    (tmp_path / "egide.sqlite3").write_bytes(b"the data of somebody")
    done = demo(tmp_path)
    assert done.returncode == 1
    assert "n’est pas une base de démonstration" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["egide.sqlite3"]
    assert (tmp_path / "egide.sqlite3").read_bytes() == b"the data of somebody"


@pytest.mark.long
def test_a_database_that_is_not_its_own_is_refused(tmp_path):
    done = demo(tmp_path / "demo", DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")
    assert done.returncode == 1
    assert "jamais dans celle de DATABASE_URL" in done.stderr
    assert not (tmp_path / "other.sqlite3").exists()


@pytest.mark.long
def test_without_its_setting_nothing_is_made(tmp_path):
    done = egide(tmp_path / "demo", "demo", "--only-load")
    assert (done.returncode, (tmp_path / "demo").exists()) == (1, False)


def test_a_demonstration_is_not_served_as_real_data_nor_real_data_as_one(demonstration_folder, tmp_path):
    done = egide(demonstration_folder, "serve", "--port", "0")
    assert done.returncode == 1
    assert "est une base de démonstration" in done.stderr
    done = egide(tmp_path, "serve", "--port", "0", EGIDE_DEMO="oui")
    assert done.returncode == 1
    assert "n’est pas une base de démonstration" in done.stderr


@pytest.mark.long
def test_examples_that_are_not_there_are_named(tmp_path):
    done = demo(tmp_path / "demo", "--examples", str(tmp_path))
    assert done.returncode == 2
    assert "pacs-ght, soc-ght" in done.stderr


# ------------------------------------------------------------------------------------------------------------- the door
@pytest.fixture
def shown(db, settings, tmp_path):
    """A site that is a demonstration."""
    settings.DEMO, settings.DATA = True, tmp_path
    (tmp_path / demonstration.MARK).write_text('{"format": 1, "state": "ready"}', "utf-8")
    account = demonstration.BY_CODE["acheteur"]
    user = User.objects.create_user(account.email, demonstration.PASSWORD, full_name=account.name)
    Membership.objects.create(user=user, organisation=Organisation.objects.create(name="GHT fictif"), role=account.role)
    return user


def test_the_first_page_says_what_to_try_and_lets_one_in(shown, client):
    page = client.get("/").content.decode()
    for said in (
        "Vous achetez",
        "Vous êtes RSSI",
        "Vous êtes candidat",
        demonstration.PASSWORD,
        "Entrer comme acheteur",
    ):
        assert said in page
    answer = client.post(reverse("home:demonstration_enter"), {"account": "acheteur"}, follow=True)
    assert answer.redirect_chain == [(reverse("home:start"), 302)]
    assert answer.context["user"] == shown


def test_every_button_enters_an_account_that_is_told(shown, client):
    page = client.get("/").content.decode()
    for account in demonstration.ACCOUNTS:
        assert f'value="{account.code}"' in page
        assert account.email in page


def test_nobody_enters_where_the_data_are_not_marked(shown, client, settings, tmp_path):
    (tmp_path / demonstration.MARK).unlink()
    assert client.post(reverse("home:demonstration_enter"), {"account": "acheteur"}).status_code == 404
    assert demonstration.PASSWORD not in client.get("/").content.decode()


def test_nobody_enters_where_it_is_not_asked_to_be_a_demonstration(shown, client, settings):
    settings.DEMO = False
    assert client.post(reverse("home:demonstration_enter"), {"account": "acheteur"}).status_code == 404


@pytest.mark.parametrize("account", ["", "nobody", "rssi", "administrateur@demo.example"])
def test_only_the_accounts_that_exist_open(shown, client, account):
    assert client.post(reverse("home:demonstration_enter"), {"account": account}).status_code == 404


def test_the_door_is_not_opened_by_a_link(shown, client):
    assert client.get(reverse("home:demonstration_enter"), {"account": "acheteur"}).status_code == 405
