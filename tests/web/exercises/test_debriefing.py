"""After the play: what people decide counts, nothing is written twice, nothing that was brought in is lost."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from egide.family import measure_of
from egide.report.exercise_debrief import document
from egide.report.papers.typography import Setter, plain_text
from egide.web.establishments.models import Observation
from egide.web.exercises import models
from egide.web.exercises.debriefing import played as of
from web.exercises import rows
from web.exercises.debriefed import played, recorded, sent
from web.exercises.debriefing_access import FOLLOWED

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ("debrief", "settle", "plan", "since_last", "hot", "cold", "constats", "add_constat", "debrief_papers", "close", "results")  # fmt: skip


@pytest.fixture
def director(world, sign_in):
    return sign_in(world.hospital.director)


def at(name, row, *more):
    return reverse(f"exercises:{name}", args=[row.uuid, *more])


def text_of(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def read(client, name, row, *more):
    return text_of(client.get(at(name, row, *more)))


def post(client, name, row, *more, follow=True, **data):
    return client.post(at(name, row, *more), data, follow=follow)


def test_no_page_asks_more_than_twenty_things(world, director, django_assert_max_num_queries):
    played(world, days=400)
    row = played(world)
    for name in PAGES:
        with django_assert_max_num_queries(20):
            assert director.get(at(name, row)).status_code == 200, name
    for name in ("retour.pdf", "attestation.pdf"):
        with django_assert_max_num_queries(20):
            assert director.get(at("debrief_paper", row, name)).status_code == 200


def test_a_disagreement_that_is_settled_counts(world, director):
    row = played(world)
    before = of.seen(row).debrief
    assert "1 réaction(s) sur lesquelles" in read(director, "debrief", row)
    assert (
        post(director, "settle", row, reaction="ALE-01/ALE-01-a/", done="yes", why="B était sorti.").status_code == 200
    )
    after = of.seen(row).debrief
    assert (before.whole.yes, after.whole.yes, len(after.disputed)) == (1, 2, 0)
    assert "B était sorti." in read(director, "settle", row)
    assert post(director, "settle", row, reaction="ALE-02/ALE-02-a/", done="yes").status_code == 404


def test_constats_are_decided_added_followed_and_late(world, director):
    row = played(world)
    assert "Constats sans action" in read(director, "plan", row)
    late = FOLLOWED | {"due": "01/02/2020"}
    post(director, "constat", row, "ALE-02/ALE-02-a", **late)
    post(director, "add_constat", row, **FOLLOWED | {"what": "Aucun annuaire sur papier", "target": "continuity/"})
    said = read(director, "plan", row)
    for each in ("Actions en retard : 1", "Annuaire papier", "Aucun annuaire sur papier", "en retard"):
        assert each in said, each
    post(director, "constat", row, "ALE-02/ALE-02-a", **late | {"progress": "dropped"})
    assert "Actions en retard" not in read(director, "plan", row)
    assert "Aucun annuaire" in read(director, "constats", row)
    assert post(director, "constat", row, "ALE-09/ALE-09-a", **late).status_code == 404


def test_what_is_said_hot_and_cold_is_in_the_report(world, director):
    row = played(world)
    post(director, "hot", row, q0="Que c’était une attaque.")
    post(
        director,
        "cold",
        row,
        question="Que devra vérifier le prochain exercice ?",
        text="L’annuaire.",
        function="nurse",
    )
    post(director, "cold", row, question="inventée", text="rien")
    assert [(each.moment, each.function) for each in row.answers.all()] == [("hot", ""), ("cold", "nurse")]
    assert "Cellule réunie en dix minutes." in read(director, "hot", row)
    said = str(document(of.report(of.seen(row)), Setter("fr", plain_text), date(2026, 12, 1))["blocks"])
    assert "Que c’était une attaque." in said
    assert "L’annuaire. (Soins" in said


def test_no_address_of_an_animator_is_in_what_players_read(world, director):
    row, who = played(world), world.hospital.director
    for name, signed in (("Mme Fictive", "Mme Fictive"), ("", "animateur")):
        who.full_name = name
        who.save()
        post(director, "settle", row, reaction="ALE-01/ALE-01-a/", done="yes", why="revu")
        told = str(document(of.report(of.seen(row)), Setter("fr", plain_text), date(2026, 12, 1))["blocks"])
        assert f"{signed} décide" in told
        assert who.email not in told


def test_two_people_who_answer_at_once_lose_nothing(world, director):
    row = played(world, made=replace(rows.script(), questions=(rows.both("Un ?"), rows.both("Deux ?"))))
    assert 'name="initial-q0"' in read(director, "hot", row)
    seen = {"initial-q0": "", "initial-q1": ""}
    post(director, "hot", row, **seen, q0="Par l’une", q1="")
    post(director, "hot", row, **seen, q0="", q1="Par l’autre")
    assert [each.text for each in row.answers.all()] == ["Par l’une", "Par l’autre"]


def standing(world):
    """An observation of the measure that the exercise speaks of: with it, a few reactions say something."""
    return Observation.objects.create(
        organisation=world.hospital.organisation, family="continuity", code=measure_of("continuity", ""), low=Decimal("0.8"),
        high=Decimal("0.8"), source="audit", reliability="proven", observed_on=date(2026, 1, 1), added_by=world.hospital.director,
    )  # fmt: skip


def test_what_was_shown_is_written_into_the_diagnosis_once_and_can_be_withdrawn(world, director):
    row = played(world)
    post(director, "observe_exercise", row)
    assert not Observation.objects.filter(origin=row.uuid).exists(), "three reactions alone say nothing of a level"
    standing(world)
    post(director, "observe_exercise", row)
    post(director, "observe_exercise", row)
    (made,) = Observation.objects.filter(origin=row.uuid)
    assert (made.source, made.observed_on, made.low < Decimal("0.8")) == (
        "exercise",
        timezone.localdate(row.started_at),
        True,
    )
    Observation.objects.filter(pk=made.pk).update(withdrawn_at=timezone.now())
    post(director, "observe_exercise", row)
    assert Observation.objects.filter(origin=row.uuid, withdrawn_at=None).count() == 1


def test_a_closed_exercise_changes_no_more_but_its_plan(world, director):
    row = played(world)
    post(director, "close", row)
    for name, data in (("settle", {"reaction": "ALE-01/ALE-01-a/", "done": "yes"}), ("hot", {"q0": "Trop tard"})):
        assert post(director, name, row, **data).status_code == 403
    assert post(director, "constat", row, "ALE-02/ALE-02-a", **FOLLOWED).status_code == 200
    assert row.constats.get().owner == "Accueil"


def test_players_read_by_the_link_until_it_is_renewed_closed_or_too_old(world, director, sign_in):
    row, visitor = played(world), sign_in()
    post(director, "report_link", row, what="open")

    def reached():
        link = models.ReportLink.objects.get()
        from egide.web.exercises import links

        return reverse("exercises:report", args=[links.secret(link)])

    first = reached()
    answer = visitor.get(first)
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Constats" in text_of(answer)
    assert visitor.get(f"{first}retour.docx").content.startswith(b"PK")
    assert visitor.get(f"{first}autre.pdf").status_code == 404
    post(director, "report_link", row, what="open")
    assert visitor.get(first).status_code == 404
    second = reached()
    models.ReportLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert visitor.get(second).status_code == 404
    post(director, "report_link", row, what="close")
    assert models.ReportLink.objects.get().secret_digest is None


def test_it_is_compared_with_the_last_one(world, director):
    row = played(world, days=400)
    assert "C'est le premier exercice connu" in read(director, "since_last", row)
    again = played(world)
    missed = again.ticks.get(event__key="ALE-02")
    models.Tick.objects.create(exercise=again, event=missed.event, expectation=missed.expectation, observer=missed.observer, done="yes", at=500)  # fmt: skip
    said = read(director, "since_last", again)
    assert "3 réactions attendues sont communes" in said
    assert "Ce qui manquait et qui vient" in said


def test_the_last_one_is_that_of_the_last_day_however_it_was_played_and_whenever_it_was_brought(world):
    today = timezone.localdate()
    first, now = played(world, days=800), played(world)
    offline = {days: rows.ready(world) for days in (100, 300)}
    for days, row in offline.items():
        models.Exercise.objects.filter(pk=row.pk).update(state="ended", planned_on=today - timedelta(days=days))
    assert of.before(now, today) == offline[100]
    assert of.before(offline[100], today - timedelta(days=100)) == offline[300]
    assert of.before(offline[300], today - timedelta(days=300)) == first
    assert of.before(first, today - timedelta(days=800)) is None


# ------------------------------------------------------------------------------------------------------------- results
def test_results_brought_twice_count_once(world, director):
    row, told = rows.ready(world), recorded()
    answer = post(director, "results", row, file=sent(told))
    assert answer.redirect_chain[-1][0] == at("debrief", row)
    assert "Cet exercice compte pour l'obligation annuelle" in text_of(answer)
    answer = post(director, "results", row, file=sent(told))
    assert "gardés une seule fois" in text_of(answer)
    assert row.results.count() == 1
    row.refresh_from_db()
    assert row.state == "ended"


def test_results_edited_by_hand_are_kept_apart_until_somebody_accepts_them(world, director):
    row = rows.ready(world)
    ticks = [{"number": 1, "event": "ALE-02", "expectation": "ALE-02-a", "observer": "A", "done": "yes", "at": 400, "site": "", "note": ""}]  # fmt: skip
    answer = post(director, "results", row, file=sent(recorded(), ticks=ticks))
    assert "modifiés à la main" in text_of(answer)
    row.refresh_from_db()
    assert row.state == "ready"
    assert director.get(at("debrief", row)).status_code == 404
    assert "sa préparation ne se rouvre plus" in text_of(post(director, "reopen", row))
    answer = director.post(reverse("exercises:accept_results", args=[row.results.get().uuid]), follow=True)
    assert answer.redirect_chain[-1][0] == at("debrief", row)
    row.refresh_from_db()
    assert [each.en for each in of.remarks(of.seen(row))] == [of.EDITED.en]


def test_a_later_save_counts_and_another_play_is_another_exercise(world, director):
    row = rows.ready(world)
    post(director, "results", row, file=sent(recorded(at=15)))
    post(director, "results", row, file=sent(recorded(at=21)))
    row.refresh_from_db()
    assert (row.results.count(), of.seen(row).debrief.sent) == (2, 4)
    answer = post(director, "results", row, file=sent(recorded(play="play-2")))
    assert "gardée comme un exercice à part" in text_of(answer)
    assert models.Exercise.objects.filter(digest=row.digest, state="ended").count() == 2


def test_another_script_is_said_and_has_its_own_exercise(world, director):
    row = rows.ready(world)
    other = rows.script((rows.item("ALE-01", 0), rows.item("ALE-09", 3)))
    answer = post(director, "results", row, file=sent(recorded(other), other))
    assert answer.status_code == 422
    assert "d'un autre scénario" in text_of(answer)
    assert not models.Result.objects.exists()
    where = reverse("exercises:bring_results", args=[world.hospital.organisation.uuid])
    director.post(where, {"file": sent(recorded(other), other)})
    (made,) = models.Result.objects.all()
    assert made.exercise != row
    assert made.exercise.state == "ended"
    broken = sent(recorded(), name="liste.json", decisions=[{"number": "x"}])
    answer = director.post(where, {"file": broken})
    assert answer.status_code == 422


def test_results_of_a_closed_exercise_make_no_second_one(world, director):
    row, told = rows.ready(world), recorded()
    post(director, "results", row, file=sent(told))
    models.Exercise.objects.update(state="closed")
    where = reverse("exercises:bring_results", args=[world.hospital.organisation.uuid])
    assert "gardés une seule fois" in text_of(director.post(where, {"file": sent(told)}, follow=True))
    later = director.post(where, {"file": sent(recorded(at=21))}, follow=True)
    assert "d'un exercice clos" in text_of(later)
    other = rows.ready(world)
    assert "gardés une seule fois" in text_of(post(director, "results", other, file=sent(told)))
    assert (models.Result.objects.count(), models.Exercise.objects.count()) == (1, 2)


def test_results_whose_script_was_changed_by_hand_are_kept_once_and_never_in_a_draft(world, director):
    rows.draft(world)
    told = recorded()
    where = reverse("exercises:bring_results", args=[world.hospital.organisation.uuid])
    for _ in range(2):
        for named in ("", "0" * 64):
            director.post(where, {"file": sent(replace(told, script=named))})
    assert models.Result.objects.count() == 2
    assert not models.Result.objects.filter(exercise__state="draft").exists()


def test_results_beside_a_live_play_change_nothing(world, director):
    row = played(world)
    before = of.seen(row).debrief
    answer = post(director, "results", row, file=sent(recorded()))
    assert "ils ne changent rien" in text_of(answer)
    row.refresh_from_db()
    assert of.seen(row).debrief == before
