"""Before the play: nothing known is asked twice, nothing that people change is lost, what will not count is said early."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from egide.exchange import chronogram
from egide.web.diagnoses.models import Application, Supplier
from egide.web.exercises import convert, models
from egide.web.exercises.debriefing.played import seen
from egide.web.exercises.preparing import draft, forms, held, public, work
from egide.web.files.models import StoredFile
from egide.web.jobs import queue
from egide.web.jobs.models import Job
from egide.web.organisations.models import Membership, Organisation
from web.exercises import rows
from web.exercises.debriefed import brought, played
from web.exercises.preparing_access import EXERCISE, LINE, group

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def director(world, sign_in):
    return sign_in(world.hospital.director)


def at(name, row, *more):
    return reverse(f"exercises:{name}", args=[row.uuid, *more])


def text_of(response):
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def read(client, name, row, *more):
    return text_of(client.get(at(name, row, *more)))


def post(client, view, row, *more, **data):
    return client.post(at(view, row, *more), data, follow=True)


def lines(row):
    row.refresh_from_db()
    return {each.id: each for each in draft.script_of(row).items}


# --------------------------------------------------------------------------------------------------------------- begin
def test_what_will_not_count_is_said_before_it_is_played(world, director):
    row = models.Exercise.objects.filter(organisation=world.hospital.organisation)
    for asked, level in (("2", 2), ("9", 1), ("1" * 5000, 1)):
        page = director.get(at("new", world.hospital.organisation), {"niveau": asked})
        assert page.context["form"].initial["level"] == level
    response = post(director, "new", world.hospital.organisation, **EXERCISE | {"scope": "restore"})
    assert "ne comptera pas" in text_of(response)
    assert "restauration de données" in read(director, "prepare", row.get())
    post(director, "prepare", row.get(), **EXERCISE)
    assert "Tel que prévu, cet exercice comptera" in read(director, "prepare", row.get())
    nobody_of_care = {"direction": "Mme Fictive"}
    assert "Aucun soignant" in text_of(post(director, "tables", row.get(), **nobody_of_care))


def test_a_module_is_not_chosen_where_it_is_not_played(world, director):
    refused = post(
        director, "new", world.hospital.organisation, **EXERCISE | {"setting": "home", "modules": ["theatre"]}
    )
    assert refused.status_code == 422
    assert not models.Exercise.objects.exists()


def test_a_few_answers_give_a_level_and_why(client):
    asked = client.get(reverse("exercises:level")).context["form"].fields
    worst = {name: field.choices[0][0] for name, field in asked.items()}
    answer = client.get(reverse("exercises:level"), worst)
    assert answer.context["advised"].level == 1
    assert answer.context["advised"].decided
    incomplete = client.get(reverse("exercises:level"), dict(list(worst.items())[:2]))
    assert incomplete.status_code == 400
    assert "advised" not in incomplete.context


# --------------------------------------------------------------------------------------------------------------- words
def test_words_already_known_are_proposed_and_enter_the_texts(world, director):
    of = world.hospital.organisation
    known = {"organisation": of, "changed_by": world.hospital.buyer}
    Application.objects.create(name="Orvane DPI", supplier="Orvane Santé (fictif)", **known)
    Application.objects.create(name="Laboratoire", **known)
    Supplier.objects.create(name="Nuebrume Hébergement (fictif)", **known)
    row = rows.draft(world, level=2)
    page = director.get(at("words", row))
    shown = {field.name: field.initial for field in page.context["form"]}
    assert shown["record"] == "Orvane DPI"
    assert shown["record_supplier"] == "Orvane Santé (fictif)"
    assert shown["host"] == "Nuebrume Hébergement (fictif)"
    assert shown["establishment"] == of.name
    assert shown["lab_software"] == ""
    post(director, "words", row, **{name: value for name, value in shown.items() if value}, ward="{record} au 2e")
    texts = " ".join(each.text.fr + each.title.fr + each.sender.fr for each in lines(row).values())
    assert "Orvane DPI" in texts
    assert "Dossia" not in texts
    assert row.values["ward"] == "(record) au 2e"
    later = director.get(at("words", rows.draft(world, level=2)))
    assert {field.name: field.initial for field in later.context["form"]}["ward"] == "(record) au 2e"


def test_two_people_who_write_words_at_once_lose_nothing(world, director):
    row = rows.draft(world, level=2, values={"record": "Orvane", "ward": "médecine", "town": "Valmont"})
    page = director.get(at("words", row)).content.decode()
    assert 'name="initial-record"' in page
    seen = {"initial-record": "Orvane", "initial-ward": "médecine", "initial-town": "Valmont"}
    post(director, "words", row, **seen | {"record": "Orvane 2", "ward": "médecine", "town": "Valmont"})
    post(director, "words", row, **seen | {"record": "Orvane", "ward": "chirurgie", "town": ""})
    row.refresh_from_db()
    assert (row.values["record"], row.values["ward"], "town" in row.values) == ("Orvane 2", "chirurgie", False)


# ----------------------------------------------------------------------------------------------------------- chronogram
def test_a_line_that_was_changed_stays_changed_when_words_change(world, director):
    row = rows.draft(world)
    first, second, *_ = lines(row)
    before = lines(row)
    shown = director.get(at("line", row, first)).context["form"].initial
    post(director, "line", row, first, **shown | {"at": "T+00:33", "title": "Autre titre"})
    post(director, "drop_line", row, second)
    post(director, "add_line", row, **LINE)
    post(director, "words", row, record="Orvane")
    now = lines(row)
    assert (now[first].at, now[first].title.fr) == (33, "Autre titre")
    assert now[first].text != before[first].text
    assert "Orvane" in now[first].text.fr
    assert second not in now
    assert now["PLUS-01"].title.fr == "La presse"
    assert post(director, "restore", row, ligne="\x00" * 300).status_code == 404
    post(director, "restore", row, ligne=second)
    assert second in lines(row)
    post(director, "restore", row)
    row.refresh_from_db()
    assert row.edits == {}
    assert list(lines(row)) == list(before)


def test_a_time_is_read_as_people_write_it_and_refused_otherwise(world, director):
    row = rows.draft(world)
    for written, minutes in (("1 h 15", 75), ("90", 90), ("T-00:30", -30)):
        post(director, "add_line", row, **LINE | {"at": written})
        assert minutes in {each.at for each in lines(row).values()}
    for wrong in ("demain", "T+9999:00", "2:75"):
        assert post(director, "add_line", row, **LINE | {"at": wrong}).status_code == 422


def test_a_chronogram_goes_out_and_comes_in_the_same(world, director):
    row = rows.draft(world)
    out = director.get(at("timeline_workbook", row)).content
    post(director, "bring_timeline", row, file=SimpleUploadedFile("chronogramme.xlsx", out))
    assert {name: (each.at, each.seats) for name, each in lines(row).items()} == {
        each.id: (each.at, each.seats) for each in draft.made(row).items
    }
    wrong = SimpleUploadedFile("notes.csv", b"a;b\n1;2\n")
    refused = post(director, "bring_timeline", row, file=wrong)
    assert refused.status_code == 422
    assert "Constats" in text_of(refused)
    less = chronogram.content(_without_last(draft.script_of(row)), "fr")
    post(director, "bring_timeline", row, file=SimpleUploadedFile("moins.xlsx", less))
    assert len(lines(row)) == len(draft.made(row).items) - 1


def _without_last(script):
    return type(script)(
        **{name: getattr(script, name) for name in type(script).__slots__} | {"items": script.items[:-1]}
    )


# --------------------------------------------------------------------------------------------------------------- people
def test_one_link_for_each_seat_and_an_observer(world, director):
    row = rows.draft(world)
    seats = {each.code for each in draft.script_of(row).seats}
    post(director, "fill", row)
    players = row.participants.filter(role=models.Role.PLAYER)
    assert {code for each in players for code in each.seats} == seats
    assert row.participants.filter(role=models.Role.OBSERVER).count() == 1
    assert not row.participants.filter(secret_digest=None).exists()
    count = row.participants.count()
    post(director, "fill", row)
    assert row.participants.count() == count
    played_by = players.first()
    post(director, "change_participant", played_by, role="observer", name="Vient voir", seats=[])
    played_by.refresh_from_db()
    assert (played_by.role, played_by.seats) == ("observer", [])
    post(director, "remove_participant", played_by)
    assert row.participants.count() == count - 1


def test_a_seat_changed_while_its_player_writes_is_another_page(world, director, monkeypatch):
    who = rows.person(rows.ready(world))
    write = forms.ParticipantForm.write

    def meanwhile(form, found):
        models.Participant.objects.filter(pk=found.pk).update(revision=F("revision") + 1)
        write(form, found)

    monkeypatch.setattr(forms.ParticipantForm, "write", meanwhile)
    post(director, "change_participant", who, role="player", name="", seats=["care"])
    who.refresh_from_db()
    assert (who.seats, who.revision) == (["care"], 2)


def test_what_is_ready_no_longer_changes_until_it_is_opened_again(world, director):
    row = rows.draft(world)
    post(director, "ready", row)
    row.refresh_from_db()
    assert row.state == models.State.READY
    assert post(director, "words", row, record="Autre").status_code == 403
    assert post(director, "remove", row).status_code == 403
    post(director, "reopen", row)
    row.refresh_from_db()
    assert (row.state, row.script) == (models.State.DRAFT, None)


def test_no_two_who_take_part_are_called_the_same(world):
    row = rows.ready(world)
    for name in ("Anne (1)", "Anne", "Anne", "Anne (2)"):
        rows.person(row, name=name)
    said = convert.names(row.participants.all(), {})
    assert list(said.values()) == ["Anne (1)", "Anne (3)", "Anne (4)", "Anne (2)"]


def test_somebody_who_wrote_something_stays_in_the_list(world, director):
    row = played(world)
    row.state = models.State.PAUSED
    row.save()
    observer = row.participants.first()
    assert "reste dans la liste" in text_of(post(director, "remove_participant", observer))
    assert row.participants.filter(pk=observer.pk).exists()


# --------------------------------------------------------------------------------------------------------------- papers
def test_the_papers_are_written_by_a_job_and_known_to_be_stale(world, director, files, monkeypatch):
    row = rows.draft(world)
    monkeypatch.setattr(
        work.exercise, "kit", lambda script, *more, **known: {"LISEZ-MOI.txt": script.title.fr.encode()}
    )
    assert "jobs" in post(director, "papers", row).resolver_match.view_name
    queue.work(queue.take())
    page = director.get(at("papers", row))
    assert page.context["names"] == ["LISEZ-MOI.txt"]
    assert not page.context["stale"]
    assert StoredFile.objects.get(uuid=Job.objects.get().result["file"]).right == "rehearse"
    post(director, "words", row, record="Orvane")
    assert director.get(at("papers", row)).context["stale"]


def test_a_kit_is_not_asked_for_too_often(client, monkeypatch):
    monkeypatch.setattr(public, "written", lambda *asked: b"PK")
    statuses = [
        client.post(reverse("exercises:kit_file", args=[1]), {"lieu": "home"}).status_code
        for _ in range(public.MOST + 1)
    ]
    assert statuses == [*[200] * public.MOST, 429]
    assert client.post(reverse("exercises:kit_file", args=[9]), {"lieu": "home"}).status_code == 404


# ----------------------------------------------------------------------------------------------------------- standing
def standing(of):
    (found,) = held.standings([of], timezone.localdate())
    return found


def test_the_yearly_duty_follows_what_was_played(world, director):
    of = world.hospital.organisation
    assert standing(of).duty == "late"
    assert "Choisir le niveau" in read(director, "show", of)
    played(world, days=800)
    assert standing(of).duty == "late"
    row = played(world)
    assert standing(of).duty == "done"
    assert "Faire le retour d'expérience" in read(director, "show", of)
    row.presences.filter(function="nurse").delete()
    assert standing(of).duty == "late"
    assert "Aucune fonction de soin" in read(director, "show", of)


def test_the_duty_says_what_the_debrief_says_when_nobody_counted_and_when_observers_tick_late(world):
    row = played(world)
    row.presences.all().delete()
    ticks = list(row.ticks.all())
    row.ticks.all().delete()
    assert (standing(row.organisation).duty, seen(row).verdict.counts) == ("late", False)
    site = models.Site.objects.create(exercise=row, code="nord", name="Nord", organisation=row.organisation)
    for seat, place in (("lead", site), ("care", None)):
        rows.person(row, seats=(seat,), site=place, joined_at=timezone.now())
    assert [each.code for each in seen(row).verdict.reasons if not each.met] == ["observed"]
    assert standing(row.organisation).duty == "late"
    models.Tick.objects.bulk_create(ticks)
    assert (standing(row.organisation).duty, seen(row).verdict.counts) == ("done", True)
    (told,) = held.held_of([row]).values()
    assert told.held(row, "nord").verdict.counts


def test_results_of_a_usb_key_count_as_well(world):
    result = brought(world)
    models.Exercise.objects.update(state=models.State.ENDED)
    assert standing(world.hospital.organisation).duty == "late", "edited by hand, and nobody accepted it"
    result.accepted_at = timezone.now()
    result.save()
    assert standing(world.hospital.organisation).duty == "done"


def test_an_exercise_of_the_group_counts_for_the_members_that_were_there(world, director):
    of = Organisation.objects.get(uuid=group(world)["group"])
    row = played(world)
    for name, member in (("Nord", world.hospital), ("Sud", world.other), ("Est", world.other)):
        models.Site.objects.create(exercise=row, code=name.lower(), name=name, organisation=member.organisation)
    row.organisation = of
    row.save()
    row.presences.all().delete()
    sites = {each.code: each for each in row.sites.all()}
    for function, code in (("director", "nord"), ("nurse", "nord"), ("director", "sud")):
        models.Presence.objects.create(exercise=row, site=sites[code], function=function, people=1)
    assert standing(world.hospital.organisation).duty == "done"
    assert standing(world.other.organisation).duty == "late"
    (there,) = held.held_of([row]).values()
    assert (there.held(row, "est").verdict.counts, there.held(row, "est").presence) == (False, ())
    assert "joué avec le GHT" in read(director, "show", world.hospital.organisation)
    seen = director.get(reverse("exercises:group", args=[of.uuid]))
    assert [each.member.name for each in seen.context["found"].rows] == [world.hospital.organisation.name]
    assert seen.context["others"] == 1
    assert world.other.organisation.name not in text_of(seen)


def test_no_page_asks_more_than_twenty_things(world, director, django_assert_max_num_queries):
    of = Organisation.objects.get(uuid=group(world)["group"])
    for days in (0, 100, 500):
        played(world, days=days)
    brought(world)
    models.Exercise.objects.filter(started_at=None).update(state=models.State.ENDED)
    row = rows.draft(world, level=3, planned_on=date(2027, 3, 12))
    for number in range(12):
        rows.person(row, name=f"Table {number}")
    addresses = [
        reverse("exercises:index"),
        at("group", of),
        at("show", world.hospital.organisation),
        *(at(name, row) for name in ("prepare", "words", "timeline", "tables", "papers", "add_line", "ready")),
    ]
    held._told.clear()
    for address in addresses:
        with django_assert_max_num_queries(20):
            assert director.get(address).status_code == 200, address


def test_a_reader_learns_nothing_that_would_spoil_the_play(world, sign_in):
    row = rows.draft(world)
    Membership.objects.get(user=world.hospital.reader)
    page = sign_in(world.hospital.reader).get(at("prepare", row))
    assert {each.label: bool(each.url) for each in page.context["steps"]}["Chronogramme"] is False
    row = played(world, days=1)
    assert sign_in(world.hospital.reader).get(at("timeline", row)).status_code == 200
    assert standing(world.hospital.organisation).last.held_on == timezone.localdate(row.started_at)
