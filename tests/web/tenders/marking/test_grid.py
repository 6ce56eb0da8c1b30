"""What an evaluator marks is kept, told to the trail, and never overwritten in silence."""

import pytest

from egide.tender.model import HARMONISED
from egide.web.audit.models import Entry
from egide.web.tenders import convert, models
from web.tenders import big
from web.tenders.marking import made
from web.tenders.marking.made import DATA, line, mark, written


def post(client, url, *rows, **more):
    return client.post(url, written(*rows, **more))


def send(client, url, *rows):
    return client.post(url, written(*rows), headers=DATA).json()["rows"]


def test_a_level_is_kept_with_its_reason(row, evaluator):
    answer = post(
        evaluator, made.bid_page(row), line(row, level="full", reason="  Vu page 12.\r\nEt 13. ", proof_seen="Contrat")
    )
    assert answer.status_code == 302
    kept = mark(row)
    assert (kept.level, kept.reason, kept.proof_seen, kept.revision) == ("full", "Vu page 12.\nEt 13.", "Contrat", 1)
    assert str(kept.changed_by) == "Evaluator Fictif"
    assert convert.marks(row).points[0].level == "full"


def test_the_trail_tells_before_and_after(row, evaluator):
    url = made.bid_page(row)
    post(evaluator, url, line(row, level="full", reason="Vu."))
    post(evaluator, url, line(row, level="below", reason="Revu.", revision=1))
    told = [entry.details for entry in Entry.objects.filter(action="mark.written").order_by("pk")]
    assert told[0] == {
        "evaluator": "rssi",
        "rows": {"s01 / lot-1 / EG-001": {"level": ["", "full"], "reason": ["", "Vu."]}},
    }
    assert told[1]["rows"] == {"s01 / lot-1 / EG-001": {"level": ["full", "below"], "reason": ["Vu.", "Revu."]}}


def test_a_result_of_before_is_out_of_date(row, evaluator):
    before = models.Consultation.objects.get(pk=row.pk).marks_revision
    post(
        evaluator,
        made.bid_page(row),
        line(row, level="full", reason="Vu."),
        line(row, "EG-002", level="below", reason="Non."),
    )
    assert models.Consultation.objects.get(pk=row.pk).marks_revision == before + 1


def test_nothing_new_writes_nothing(row, evaluator):
    before = models.Consultation.objects.get(pk=row.pk).marks_revision
    assert post(evaluator, made.bid_page(row), line(row)).status_code == 302
    assert mark(row) is None
    assert models.Consultation.objects.get(pk=row.pk).marks_revision == before


def test_a_double_click_saves_once(row, evaluator):
    sent = line(row, level="full", reason="Vu.")
    first, second = (send(evaluator, made.bid_page(row), sent)[0] for _ in range(2))
    assert (first["outcome"], second["outcome"]) == ("saved", "same")
    assert mark(row).revision == 1
    assert Entry.objects.filter(action="mark.written").count() == 1


def test_a_level_is_taken_back(row, evaluator):
    url = made.bid_page(row)
    post(evaluator, url, line(row, level="full", reason="Vu."))
    post(evaluator, url, line(row, revision=1))
    assert mark(row).level == ""
    assert convert.marks(row).points == ()


# ------------------------------------------------------------------------------------------------------------ two people
def test_the_second_is_told_and_nothing_is_overwritten(row, evaluator):
    url = made.bid_page(row)
    post(evaluator, url, line(row, level="full", reason="Le premier."))
    answer = post(
        evaluator,
        url,
        line(row, level="below", reason="Le second."),
        line(row, "EG-002", level="below", reason="Autre."),
    )
    assert answer.status_code == 200
    assert mark(row).level == "full"
    assert mark(row, "EG-002").level == "below"
    page = answer.content.decode()
    assert "Le premier." in page
    assert "Le second." in page
    assert "Complet" in page


@pytest.mark.parametrize(
    ("choice", "level", "reason"), [("mine", "below", "Le second."), ("theirs", "full", "Le premier.")]
)
def test_the_second_chooses(row, evaluator, choice, level, reason):
    url = made.bid_page(row)
    post(evaluator, url, line(row, level="full", reason="Le premier."))
    answer = post(evaluator, url, line(row, level="below", reason="Le second.", choice=choice, against=1))
    assert answer.status_code == 302
    assert (mark(row).level, mark(row).reason) == (level, reason)


def test_a_choice_over_a_third_value_is_asked_again(row, evaluator):
    url = made.bid_page(row)
    post(evaluator, url, line(row, level="full", reason="Un."))
    post(evaluator, url, line(row, level="floor", reason="Deux.", revision=1))
    for choice in ("mine", "theirs"):
        [told] = send(evaluator, url, line(row, level="below", reason="Trois.", choice=choice, against=1))
        assert told["outcome"] == "conflict"
        assert told["revision"] == 2
    assert mark(row).level == "floor"


def test_the_script_is_told_in_words(row, evaluator):
    url = made.bid_page(row)
    [saved] = send(evaluator, url, line(row, level="full"))
    assert saved["outcome"] == "saved"
    assert saved["advice"] == ["niveau retenu sans motif"] or "suggère" in saved["advice"][0]
    [told] = send(evaluator, url, line(row, level="below", reason="Non."))
    assert told["other"] == {"words": "Complet", "reason": "", "by": "Evaluator Fictif"}


# -------------------------------------------------------------------------------------------------------------- refusals
def test_what_is_not_of_the_page_is_refused(row, evaluator):
    url = made.bid_page(row)
    other_theme = next(each.id for each in big.points() if convert.whole_clausier(row).theme_of[each.id].id == "T2")
    for wrong in (
        line(row, "EG-001", "s02", level="full"),
        line(row, other_theme, level="full"),
        line(row, "EG-001", level="excellent"),
        line(row, "EG-001", level="full", na="peut-être"),
        {"place": "nulle-part", "revision": 0, "level": "full"},
    ):
        [told] = send(evaluator, url, wrong)
        assert told["outcome"] == "refused", wrong
        assert told["why"]
    assert not models.Mark.objects.filter(bid__consultation=row).exists()


def test_a_strange_form_does_no_harm(row, evaluator):
    url = made.bid_page(row)
    for data in (
        {}, {"row": "0"}, {"row": ["0", "0"], "place-0": "/"}, {"row": "x", "place-x": "a/b/c", "revision-x": "-1"},
        {"row": "0", "place-0": f"{made.bid(row).uuid}/EG-001", "revision-0": "9" * 40, "level-0": "full", "choice-0": "both"},
        {"bulk": "everything"}, {"bulk": "level", "selected": "x/y"}, {"bulk": "suggestion", "confirmed": "yes", "bulk_reason": "Vu."},
    ):  # fmt: skip
        assert evaluator.post(url, data).status_code in {200, 302}, data


def test_filters_and_pages_that_do_not_exist(row, evaluator):
    for query, status in (("?filtre=rien", 404), ("?theme=T2", 404), ("?theme=tous&page=999", 200), ("?page=x", 200)):
        assert evaluator.get(made.bid_page(row, query=query)).status_code == status, query
    assert evaluator.get(made.address(row, "mark_point", made.seat(row).uuid, "EG-999")).status_code == 404


def test_another_theme_is_nobody_elses(row, evaluator, world, sign_in):
    """The seat of another account does not exist, whatever the role."""
    stranger = sign_in(world.hospital.buyer)
    assert stranger.get(made.bid_page(row)).status_code == 404
    assert stranger.post(made.bid_page(row), written(line(row, level="full"))).status_code == 404
    assert mark(row) is None


def test_a_session_that_ended_is_told_as_data(row, client):
    answer = client.post(made.bid_page(row), written(line(row, level="full")), headers=DATA)
    assert answer.status_code == 401
    assert answer.json()["login"]
    assert mark(row) is None


def test_the_page_is_kept_by_no_cache(row, evaluator):
    assert evaluator.get(made.bid_page(row)).headers["Cache-Control"] == "no-store, private"


# --------------------------------------------------------------------------------------------------------------- filters
def shown(client, url):
    return [each.asked.id for each in client.get(url).context["lines"]]


def test_filters(row, evaluator):
    url = made.bid_page(row)
    every = shown(evaluator, url)
    post(evaluator, url, line(row, "EG-001", level="full", reason="Vu."), line(row, "EG-002", level="below"))
    assert shown(evaluator, f"{url}?filtre=a-noter") == every[2:]
    assert shown(evaluator, f"{url}?filtre=sans-motif") == ["EG-002"]
    doubtful = {each.point for each in models.ReadFinding.objects.filter(tenderer="s01")}
    assert set(shown(evaluator, f"{url}?filtre=doutes")) == doubtful & set(every) != set()
    assert shown(evaluator, f"{url}?filtre=ecarts") == []
    essential = shown(evaluator, f"{url}?filtre=essentiels")
    assert essential
    assert len(essential) < len(every)


def test_one_point_across_the_bids(row, evaluator):
    url = made.address(row, "mark_point", made.seat(row).uuid, "EG-001")
    assert [each.bid for each in evaluator.get(url).context["lines"]] == ["Société fictive 01", "Société fictive 02"]
    post(evaluator, url, line(row, level="full", reason="Vu."), line(row, tenderer="s02", level="below", reason="Non."))
    assert (mark(row).level, mark(row, tenderer="s02").level) == ("full", "below")


def test_the_list_leads_to_the_page_chosen(row, evaluator):
    go = made.address(row, "mark_go", made.seat(row).uuid)
    assert (
        evaluator.get(go, {"offre": made.bid(row, "s02").uuid, "theme": "T3"})
        .headers["Location"]
        .endswith(f"{made.bid(row, 's02').uuid}/?theme=T3")
    )
    assert evaluator.get(go, {"offre": "x"}).status_code == 404
    assert evaluator.get(go).status_code == 404


def test_a_suggestion_is_never_retained_by_itself(row, evaluator):
    lines = evaluator.get(made.bid_page(row)).context["lines"]
    assert any(each.suggested for each in lines)
    assert not any(each.marked for each in lines)
    assert convert.marks(row).points == ()


# ------------------------------------------------------------------------------------------------------- several at once
def places(row, *points):
    return [f"{made.bid(row).uuid}/{point}" for point in points]


def test_a_gesture_is_told_before_it_is_done(row, evaluator):
    url = made.bid_page(row)
    answer = evaluator.post(url, {"bulk": "level", "bulk_level": "below", "selected": places(row, "EG-001", "EG-002")})
    assert answer.status_code == 200
    assert mark(row) is None
    page = answer.content.decode()
    assert "EG-001" in page
    assert "EG-002" in page
    told = {f"told-{place}": "0" for place in places(row, "EG-001", "EG-002")}
    asked = {
        "bulk": "level",
        "bulk_level": "below",
        "selected": places(row, "EG-001", "EG-002"),
        "confirmed": "yes",
        **told,
    }
    assert "Écrire le motif" in evaluator.post(url, asked).content.decode()
    assert mark(row) is None
    assert evaluator.post(url, {**asked, "bulk_reason": "Rien au mémoire."}).status_code == 302
    assert {mark(row, each).reason for each in ("EG-001", "EG-002")} == {"Rien au mémoire."}


def test_a_gesture_leaves_what_changed_meanwhile(row, evaluator):
    url = made.bid_page(row)
    post(evaluator, url, line(row, level="full", reason="Vu."))
    asked = {
        "bulk": "level",
        "bulk_level": "below",
        "selected": places(row, "EG-001"),
        "confirmed": "yes",
        "over": "yes",
        "bulk_reason": "Non.",
    }
    evaluator.post(url, {**asked, f"told-{places(row, 'EG-001')[0]}": "0"})
    assert mark(row).level == "full"
    evaluator.post(url, {**asked, f"told-{places(row, 'EG-001')[0]}": "1"})
    assert mark(row).level == "below"


def test_a_gesture_replaces_only_when_asked(row, evaluator):
    url = made.bid_page(row)
    post(evaluator, url, line(row, level="full", reason="Vu."))
    asked = {
        "bulk": "level",
        "bulk_level": "below",
        "selected": places(row, "EG-001"),
        "confirmed": "yes",
        "bulk_reason": "Non.",
    }
    evaluator.post(url, {**asked, f"told-{places(row, 'EG-001')[0]}": "1"})
    assert mark(row).level == "full"


def test_a_gesture_saves_first_what_is_typed(row, evaluator):
    """Without a script, what was typed in the page goes with the button."""
    answer = post(
        evaluator, made.bid_page(row), line(row, level="full", reason="Tapé."),
        bulk="suggestion", selected=places(row, "EG-002")[0],
    )  # fmt: skip
    assert answer.status_code == 200
    assert mark(row).reason == "Tapé."


def test_the_suggestion_is_retained_where_there_is_one(row, evaluator):
    url = made.bid_page(row)
    lines = {each.asked.id: each for each in evaluator.get(url).context["lines"]}
    given = next(each for each in lines.values() if each.suggested)
    open_one = next(each for each in lines.values() if not each.suggested)
    chosen = [given.place, open_one.place]
    page = evaluator.post(url, {"bulk": "suggestion", "selected": chosen}).content.decode()
    assert "n° 418460" in page
    asked = {
        "bulk": "suggestion",
        "selected": chosen,
        "confirmed": "yes",
        "bulk_reason": "Lu et vérifié.",
        f"told-{given.place}": "0",
        f"told-{open_one.place}": "0",
    }
    evaluator.post(url, asked)
    assert mark(row, given.asked.id).level == given.suggested
    assert mark(row, open_one.asked.id) is None


# ---------------------------------------------------------------------------------------------------------------- others
def test_the_marks_of_others_are_shown_in_single_reading(world, evaluator):
    row = made.consultation(world.hospital, share=10)
    page = evaluator.get(made.bid_page(row, query="?theme=T9"))
    lines = page.context["lines"]
    assert any(each.others for each in lines)
    assert any(each.differs for each in lines)


def test_harmonised_marks_are_nobodys_seat(row, evaluator):
    models.Mark.objects.create(bid=made.bid(row), evaluator=HARMONISED, point="EG-001", level="full")
    [line_shown] = [each for each in evaluator.get(made.bid_page(row)).context["lines"] if each.asked.id == "EG-001"]
    assert not line_shown.marked
    assert line_shown.others[0].level == "Complet"
