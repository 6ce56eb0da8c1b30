"""The live play, from the first test of the links to the last word after the end."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from egide.exercise import play as core
from egide.exercise.outcome import outcomes
from egide.message import Text
from egide.web.audit.models import Entry
from egide.web.exercises import convert, links, models
from egide.web.exercises.live import poll, room
from egide.web.exercises.models import Act, NoteKind, Role, State
from web.exercises import rows

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def at(monkeypatch):
    """A function: the clock stands so many seconds after the instant at which this was asked for."""
    began = timezone.now()

    def stand(seconds=0, **more):
        monkeypatch.setattr("django.utils.timezone.now", lambda: began + timedelta(seconds=seconds, **more))

    stand()
    return stand


@pytest.fixture
def phone(sign_in):
    """A function: participant -> (address, client) of the page of somebody without an account."""

    def opened(row):
        return reverse("exercises:play", args=[rows.secret(row)]), sign_in()

    return opened


@pytest.fixture
def led(world, sign_in):
    """The client of an animator of the hospital."""
    return sign_in(world.hospital.director)


def said(client, address, kind, **values):
    return client.post(
        f"{address}dire", {"kind": kind, "sent_as": uuid4(), **values}, headers={"x-requested-with": "fetch"}
    )


def shown(response):
    return re.findall(r'<article class="live-card live-inject[^"]*" id="([^"]+)"', response.text)


def acted(client, row, act, **values):
    return client.post(reverse("exercises:act", args=[row.uuid]), {"act": act, **values})


def elapsed(row):
    return room.now(models.Exercise.objects.get(pk=row.pk)).elapsed


# ------------------------------------------------------------------------------------------------------------ the poll
@pytest.mark.once
def test_nothing_new_is_one_query_before_all_the_rest(world, phone, django_assert_num_queries):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    first = client.get(f"{address}depuis")
    with django_assert_num_queries(1):
        again = client.get(f"{address}depuis", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again.cookies) == (304, b"", {})
    assert "X-Request-ID" not in again
    assert poll.PATH.fullmatch(f"{address}depuis")
    assert poll.PATH.fullmatch(f"/en{address}depuis")


def test_an_inject_whose_second_has_come_is_there_without_a_write(world, phone, at):
    row = rows.running(world, seconds=0)
    address, client = phone(rows.person(row))
    seen = client.get(f"{address}depuis")
    assert shown(seen) == ["ALE-01"]
    at(299)
    assert client.get(f"{address}depuis", headers={"if-none-match": seen["ETag"]}).status_code == 304
    at(300)
    fresh = client.get(f"{address}depuis", headers={"if-none-match": seen["ETag"]})
    assert (fresh.status_code, shown(fresh)) == (200, ["ALE-02", "ALE-01"])
    assert 'data-elapsed="300"' in fresh.text
    assert "Titre ALE-02" in fresh.text
    assert row.events.get(key="ALE-02").state == "planned"


def test_what_one_says_changes_that_page_alone(world, phone):
    row = rows.running(world)
    (address, client), (other, _) = phone(rows.person(row)), phone(rows.person(row))
    tags = [client.get(f"{each}depuis")["ETag"] for each in (address, other)]
    assert said(client, address, NoteKind.READ, event="ALE-01").status_code == 200
    now = [client.get(f"{each}depuis", headers={"if-none-match": tag}).status_code for each, tag in zip((address, other), tags, strict=True)]  # fmt: skip
    assert now == [200, 304]


@pytest.mark.once
def test_those_who_write_never_take_the_threads_of_those_who_look(world, phone, rf):
    address, _ = phone(rows.person(rows.running(world)))
    inside = []

    def view(request):
        if len(inside) < 10:
            inside.append(request.path_info)
            inside.append(door(rf.post(f"{address}dire", headers={"x-requested-with": "fetch"})).status_code)
        return HttpResponse()

    door = poll.Poll(view)
    assert door(rf.post(f"{address}dire", headers={"x-requested-with": "fetch"})).status_code == 200
    assert inside == [f"{address}dire"] * poll.WRITERS + [503] + [200] * (poll.WRITERS - 1)
    assert door(rf.post(f"{address}dire")).status_code == 200


# ------------------------------------------------------------------------------------------------- what each one sees
def test_each_seat_at_each_site_sees_its_own_and_a_late_one_all_that_was_sent(world, phone, at):
    row = rows.running(world, seconds=1300, sites=("Valmont", "Brumont"))
    valmont, brumont = row.sites.all()
    play = convert.play(row)
    item = play.timeline.event("ALE-01").item
    convert.save(row, play, core.improvised(play, item, timezone.now(), sites=("brumont",)))
    seen = {}
    for name, seats, site, role in (
        ("lead", ["lead"], valmont, Role.PLAYER),
        ("care", ["care"], brumont, Role.PLAYER),
        ("screen", [], valmont, Role.SCREEN),
        ("both", ["lead", "care"], None, Role.PLAYER),
    ):
        address, client = phone(rows.person(row, role, seats, site=site))
        seen[name] = shown(client.get(address))
    assert seen == {
        "lead": ["ALE-04", "ALE-02", "ALE-01"],
        "care": ["IMP-1", "ALE-04", "ALE-03", "ALE-01"],
        "screen": ["ALE-04", "ALE-03", "ALE-02", "ALE-01"],
        "both": ["IMP-1", "ALE-04", "ALE-03", "ALE-02", "ALE-01"],
    }


@pytest.mark.once
def test_a_page_before_the_beginning_and_of_a_draft_waits(world, phone):
    row = rows.ready(world)
    someone = rows.person(row)
    address, client = phone(someone)
    assert shown(client.get(address)) == []
    convert.thaw(row)
    assert "se prépare encore" in client.get(address).text
    assert said(client, address, NoteKind.LOG, text="Trop tôt").status_code == 422


@pytest.mark.once
def test_a_page_keeps_its_address_to_itself(world, phone, caplog):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    with caplog.at_level("INFO"):
        page = client.get(address)
        said(client, address, NoteKind.ANSWER, event="ALE-01", text="On coupe")
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "private, no-store"
    assert not page.cookies
    told = " ".join(str(vars(each)) for each in caplog.records)
    assert "exercises:play" in told
    assert str(address.split("/")[-2]) not in told
    assert "On coupe" not in told


# ------------------------------------------------------------------------------------------------------- what one says
def test_what_is_sent_twice_counts_once_and_what_differs_is_kept(world, phone):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    name = uuid4()
    for text in ("On coupe", "On coupe", "On rallume"):
        assert said(client, address, NoteKind.ANSWER, event="ALE-01", text=text, sent_as=name).status_code == 200
    for _ in range(2):
        said(client, address, NoteKind.READ, event="ALE-01")
    assert list(row.notes.values_list("kind", "text")) == [
        ("answer", "On coupe"),
        ("answer", "On rallume"),
        ("read", ""),
    ]
    assert Entry.objects.filter(action="exercise.told").count() == 3


@pytest.mark.once
def test_what_two_requests_send_at_the_same_instant_counts_once(world, phone, monkeypatch):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    name, look = uuid4(), QuerySet.exists
    blind = []

    def not_yet(found):
        return not (found.model is models.Note and blind and blind.pop()) and look(found)

    for kind, asked, values in (("read", 1, {}), ("answer", 2, {"text": "On isole."})):
        said(client, address, kind, event="ALE-01", sent_as=name, **values)
        blind += [True] * asked
        with monkeypatch.context() as patch:
            patch.setattr(QuerySet, "exists", not_yet)
            assert said(client, address, kind, event="ALE-01", sent_as=name, **values).status_code == 200
    assert row.notes.count() == 2


def test_without_script_one_comes_back_to_the_inject(world, phone):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    form = {"kind": "answer", "event": "ALE-01", "text": "On coupe", "sent_as": uuid4()}
    answer = client.post(f"{address}dire", form)
    assert (answer.status_code, answer["Location"]) == (303, f"{address}#ALE-01")
    page = client.get(address)
    assert "On coupe" in page.text
    names = re.findall(r'name="sent_as" value="([^"]+)"', page.text)
    assert len(set(names)) == len(names) > 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("role", "kind", "values"),
    [
        (Role.PLAYER, NoteKind.ANSWER, {"event": "ALE-04", "text": "Trop tôt"}),
        (Role.PLAYER, NoteKind.ANSWER, {"event": "ALE-03", "text": "Pas à ma place"}),
        (Role.PLAYER, NoteKind.ANSWER, {"event": "ALE-01", "text": "   "}),
        (Role.PLAYER, NoteKind.ANSWER, {"event": "ALE-01", "text": "x" * 1_000_000}),
        (Role.PLAYER, "tick", {"event": "ALE-01", "expectation": "ALE-01-a", "done": "yes"}),
        (Role.SCREEN, NoteKind.ANSWER, {"event": "ALE-01", "text": "Un écran"}),
        (Role.OBSERVER, "tick", {"event": "ALE-01", "expectation": "ALE-02-a", "done": "yes"}),
        (Role.OBSERVER, "tick", {"event": "ALE-01", "expectation": "ALE-01-a", "done": "peut-être"}),
    ],
)
def test_what_cannot_be_said_is_refused_and_the_text_stays(world, phone, role, kind, values):
    row = rows.running(world, seconds=610)
    address, client = phone(rows.person(row, role))
    assert said(client, address, kind, **values).status_code == 422
    page = client.post(f"{address}dire", {"kind": kind, "sent_as": uuid4(), **values})
    assert page.status_code == 422
    assert values.get("text", "").strip()[:50] in page.text
    assert not row.notes.exists()
    assert not row.ticks.exists()


@pytest.mark.once
def test_a_text_too_long_says_how_long_it_may_be(world, phone):
    address, client = phone(rows.person(rows.running(world)))
    assert str(models.TEXT) in said(client, address, NoteKind.LOG, text="x" * (models.TEXT + 1)).text


def test_observers_tick_write_and_change_their_minds(world, phone, led):
    row = rows.running(world)
    first, second = rows.person(row, Role.OBSERVER, (), name="Anne"), rows.person(row, Role.OBSERVER, (), name="Paul")
    tick = {"event": "ALE-01", "expectation": "ALE-01-a"}
    for who, done in ((first, "no"), (first, "yes"), (second, "no")):
        address, client = phone(who)
        page = said(client, address, "tick", **tick, done=done, text=f"vu {done}")
    assert 'value="no" aria-pressed="true"' in page.text
    said(client, address, NoteKind.OBSERVATION, event="ALE-01", text="Ils hésitent")
    outcome = outcomes(convert.live_record(row))[0]
    assert {who: done.value for who, done in outcome.said.items()} == {"Anne": "yes", "Paul": "no"}
    assert outcome.disputed
    board = reverse("exercises:board", args=[row.uuid])
    assert "Observateurs en désaccord" in led.get(board).text
    assert acted(led, row, "decide", **tick).status_code == 409
    assert acted(led, row, "decide", **tick, done="partial", text="Vu à moitié").status_code == 302
    settled = outcomes(convert.live_record(row))[0]
    assert (settled.done.value, settled.disputed) == ("partial", False)
    assert "Observateurs en désaccord" not in led.get(board).text
    log = led.get(reverse("exercises:journal", args=[row.uuid])).text
    assert all(text in log for text in ("vu no", "Ils hésitent", "Vu à moitié"))


def test_an_observer_of_several_sites_says_which(world, phone):
    row = rows.running(world, sites=("Valmont", "Brumont"))
    address, client = phone(rows.person(row, Role.OBSERVER, ()))
    tick = {"event": "ALE-01", "expectation": "ALE-01-a", "done": "yes"}
    assert said(client, address, "tick", **tick).status_code == 422
    assert said(client, address, "tick", **tick, site="brumont").status_code == 200
    assert [(each.site, each.done.value) for each in convert.live_record(row).ticks] == [("brumont", "yes")]


# ---------------------------------------------------------------------------------------------------------- the links
@pytest.mark.once
def test_guessing_links_is_stopped_and_those_who_play_are_not(world, phone):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    late, _ = phone(rows.person(row))
    client.get(address)
    guesses = [client.get(reverse("exercises:play", args=[uuid4()])).status_code for _ in range(room.MISSES + 2)]
    assert guesses == [404] * room.MISSES + [429] * 2
    assert client.get(address).status_code == 200
    assert client.get(late).status_code == 429
    cache.clear()
    assert client.get(late).status_code == 200


@pytest.mark.once
def test_a_renewed_link_replaces_the_first_and_another_key_of_the_site_still_knows_those_on_paper(
    world, phone, led, settings
):
    row = rows.running(world)
    someone = rows.person(row)
    address, client = phone(someone)
    page = reverse("exercises:links", args=[row.uuid])
    assert links.qr(f"http://testserver{address}") in led.get(page).text
    settings.SECRET_KEY = "another key of this site, long enough to be one"  # noqa: S105
    assert client.get(address).status_code == 200
    led.force_login(world.hospital.director, backend=BACKEND)
    assert address not in led.get(page).text
    assert led.post(page).status_code == 302
    someone.refresh_from_db()
    assert client.get(address).status_code == 404
    assert client.get(phone(someone)[0]).status_code == 200
    assert led.post(page, {"participant": str(uuid4())}).status_code == 404


# ---------------------------------------------------------------------------------------------------------- the board
def test_the_board_leads_the_play(world, led, phone, at):
    row = rows.ready(world)
    address, client = phone(rows.person(row))
    assert acted(led, row, "send", event="ALE-01").status_code == 409
    assert acted(led, row, "test").status_code == 302
    assert "Essai de liaison" in client.get(address).text
    said(client, address, "reached")
    assert "Essai de liaison" not in client.get(address).text
    for act in ("begin", "begin", "pause"):
        assert acted(led, row, act).status_code == 302
    at(days=3)
    assert "En pause depuis" in client.get(address).text
    led.force_login(world.hospital.director, backend=BACKEND)
    acted(led, row, "resume")
    assert elapsed(row) == 0
    at(days=3, seconds=10)
    acted(led, row, "skip", event="ALE-02")
    acted(led, row, "send", event="ALE-04")
    acted(led, row, "again", event="ALE-01")
    assert shown(client.get(address)) == ["ALE-01-R2", "ALE-04", "ALE-01"]
    acted(led, row, "restore", event="ALE-02")
    row.refresh_from_db()
    acted(led, row, "move", event="ALE-02", minutes="3", seen=row.revision)
    row.refresh_from_db()
    acted(led, row, "move", event="ALE-02", minutes="2", follow="on", seen=row.revision)
    assert dict(row.events.filter(state="planned").values_list("key", "at")) == {"ALE-02": 600, "ALE-03": 720}
    acted(led, row, "note", text="On suit", sent_as=uuid4())
    told = list(row.actions.values_list("act", flat=True))
    assert told == [
        Act.BEGUN,
        Act.PAUSED,
        Act.RESUMED,
        Act.SKIPPED,
        Act.SENT,
        Act.AGAIN,
        Act.RESTORED,
        Act.MOVED,
        Act.MOVED,
    ]
    assert led.post(reverse("exercises:end", args=[row.uuid])).status_code == 302
    row.refresh_from_db()
    assert row.state == State.ENDED
    assert acted(led, row, "resume").status_code == 409
    assert "Fin d’exercice" in client.get(address).text
    assert said(client, address, NoteKind.WELL, text="On s’est parlé").status_code == 200
    record = convert.live_record(row)
    assert (record.lasted, record.pauses[0].seconds) == (10, 3 * 86400)
    assert [each.text for each in record.notes] == ["On suit", "On s’est parlé"]
    assert acted(led, row, "dance").status_code == 404


def test_two_animators_at_once_lose_nothing(world, sign_in, led):
    row = rows.running(world)
    second = sign_in(world.hospital.evaluator)
    event = row.events.get(key="ALE-03")
    page = reverse("exercises:edit_event", args=[row.uuid, event.uuid])
    seen = row.revision
    written = {
        "title": "Le mien",
        "channel": "call",
        "sender": "X",
        "seats": ["care"],
        "text": "Mon texte",
        "seen": seen,
    }
    assert led.post(page, {**written, "title": "Le leur"}).status_code == 302
    refused = second.post(page, written)
    assert refused.status_code == 409
    assert "Le leur" in refused.text
    assert "Mon texte" in refused.text
    fresh = re.search(r'name="seen" value="(\d+)"', refused.text)[1]
    assert int(fresh) > seen
    assert second.post(page, {**written, "seen": fresh}).status_code == 302
    event.refresh_from_db()
    assert event.item["title"]["fr"] == "Le mien"
    assert acted(second, row, "move", event="ALE-03", minutes="5", seen=seen).status_code == 409
    for client in (led, second):
        assert acted(client, row, "pause").status_code == 302
    assert row.actions.filter(act=Act.PAUSED).count() == 1


@pytest.mark.once
def test_an_improvised_inject_goes_at_once_or_later_and_a_bad_one_keeps_its_text(world, led, phone):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    page = reverse("exercises:improvise", args=[row.uuid])
    written = {
        "title": "Une caméra",
        "channel": "visit",
        "sender": "Accueil",
        "text": "Ils filment le hall",
        "seats": ["lead"],
    }
    assert led.post(page, {**written, "at": "hier"}).status_code == 422
    past = led.post(page, {**written, "at": "00:00"})
    assert past.status_code == 409
    assert "Ils filment le hall" in past.text
    assert led.post(page, written).status_code == 302
    assert led.post(page, {**written, "at": "00:30"}).status_code == 302
    assert shown(client.get(address)) == ["IMP-1", "ALE-01"]
    assert row.events.get(key="IMP-2").at == 1800


@pytest.mark.once
def test_the_board_is_bounded_and_knows_when_nothing_changed(world, led, phone, django_assert_max_num_queries):
    row = rows.running(world, seconds=700)
    for number in range(12):
        address, client = phone(rows.person(row, name=f"Joueur {number}"))
        said(client, address, NoteKind.ANSWER, event="ALE-01", text=f"Réponse {number}")
    page = reverse("exercises:board", args=[row.uuid])
    led.get(page)
    with django_assert_max_num_queries(20):
        board = led.get(page)
    assert "lu par 12 sur 12" in board.text
    now = board.context["tag"]
    since = reverse("exercises:board_since", args=[row.uuid])
    assert led.get(since, headers={"if-none-match": now}).status_code == 304
    said(client, address, NoteKind.LOG, text="Encore")
    assert "Encore" in led.get(since, headers={"if-none-match": now}).text
    rows.person(row, name="Parti").delete()
    gone = led.get(page).context["tag"]
    row.participants.create(name="Venu", role=Role.PLAYER)
    assert led.get(since, headers={"if-none-match": gone}).status_code == 200


def test_what_was_written_in_one_language_only_is_shown(world, led):
    only = rows.item("ALE-09", 30, what_if=Text(en="Call them again."), moment=Text(en="The next day"))
    row = rows.ready(world, made=rows.script(items=(only,)))
    board = led.get(reverse("exercises:board", args=[row.uuid])).text
    assert "Call them again." in board
    assert "The next day" in board


def test_an_animator_may_observe_and_count_who_is_there(world, led, phone):
    row = rows.running(world)
    address, client = phone(rows.person(row))
    said(client, address, "present", text="Mme Fictive")
    assert [(each.function, each.people) for each in convert.live_record(row).presence] == [("director", 1)]
    for _ in range(2):
        page = led.post(reverse("exercises:observe", args=[row.uuid]))
    assert led.get(page["Location"]).status_code == 200
    assert row.participants.filter(user=world.hospital.director, role=Role.OBSERVER).count() == 1
    count = reverse("exercises:presence", args=[row.uuid])
    assert led.post(count, {"-director": "un"}).status_code == 422
    led.post(count, {"-director": "2", "-nurse": "3"})
    assert {each.function: each.people for each in convert.live_record(row).presence} == {"director": 2, "nurse": 3}
    seen = {"initial--director": "2", "initial--nurse": "3"}
    led.post(count, {**seen, "-director": "4", "-nurse": "3"})
    led.post(count, {**seen, "-director": "2", "-nurse": ""})
    assert {each.function: each.people for each in convert.live_record(row).presence} == {"director": 4}


def test_the_link_of_another_exercise_tells_nothing_of_this_one(world, phone):
    row, other = rows.running(world), rows.running(world, of=world.other)
    play = convert.play(other)
    convert.save(other, play, core.improvised(play, play.timeline.event("ALE-01").item, timezone.now()))
    address, client = phone(rows.person(row))
    assert "IMP-1" not in client.get(address).text
    assert said(client, address, NoteKind.READ, event="IMP-1").status_code == 422
