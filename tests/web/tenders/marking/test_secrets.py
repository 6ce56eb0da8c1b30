"""Who may see what: nothing before the opening, before the declaration, under a conflict, or in a double reading."""

from datetime import date

import pytest

from egide import plain
from egide.tender.model import Lot
from egide.tender.procedure.journal import Candidacy, Journal
from egide.web.tenders import models
from web.tenders import big
from web.tenders.marking import made
from web.tenders.marking.made import DATA, line, written

TWO_LOTS = (Lot("lot-1", "Dossier patient"), Lot("lot-2", "Prescription"))


def everything(row):
    """The pages of step 6 that the evaluator could open."""
    seat = made.seat(row).uuid
    bids = [made.address(row, "mark_bid", seat, each.uuid) for each in row.bid_set.all()]
    return [
        made.address(row, "marking"), made.address(row, "harmonise"), made.address(row, "harmonise", query="?quoi=notes"),
        made.address(row, "decisions"), made.address(row, "marking_workbooks"), made.address(row, "mark_point", seat, "EG-001"),
        *bids, *(f"{each}?theme=T9" for each in bids), *(f"{each}?theme=T9&filtre=ecarts" for each in bids),
    ]  # fmt: skip


def test_nothing_is_shown_before_the_opening(world, evaluator):
    row = made.consultation(world.hospital)
    models.Consultation.objects.filter(pk=row.pk).update(state=models.State.PUBLISHED)
    for url in everything(row):
        page = evaluator.get(url)
        assert page.status_code == 200, url
        assert "Société fictive" not in page.content.decode(), url
        assert "Les plis ne sont pas ouverts" in page.content.decode().replace("’", "'"), url
    assert evaluator.post(made.bid_page(row), written(line(row, level="full"))).status_code == 403


def test_interests_come_first(world, evaluator):
    row = made.consultation(world.hospital, declared=False)
    page = evaluator.get(made.address(row, "marking")).content.decode()
    assert "Société fictive" not in page
    assert evaluator.get(made.bid_page(row)).status_code == 404
    assert evaluator.post(made.bid_page(row), written(line(row, level="full"))).status_code == 404
    declare = made.address(row, "marking_interests", made.seat(row).uuid)
    assert "Société fictive 01" in evaluator.get(declare).content.decode()
    assert evaluator.post(declare, {"conflict": "no"}).status_code == 302
    assert evaluator.get(made.bid_page(row)).status_code == 200
    [kept] = models.Interest.objects.filter(consultation=row)
    assert (kept.evaluator, kept.conflict, kept.on, str(kept.declared_by)) == (
        "rssi",
        False,
        kept.on,
        "Evaluator Fictif",
    )


def test_a_conflict_says_its_nature(row, evaluator):
    declare = made.address(row, "marking_interests", made.seat(row).uuid)
    answer = evaluator.post(declare, {"conflict": "yes"})
    assert answer.status_code == 400
    assert "la déclaration est gardée au dossier" in answer.content.decode()


def test_a_conflict_hides_the_lot(world, evaluator):
    row = made.consultation(world.hospital, 2, share=10, lots=TWO_LOTS)
    hidden, seen = row.bid_set.get(tenderer="s01", lot="lot-2"), row.bid_set.get(tenderer="s01", lot="lot-1")
    declare = made.address(row, "marking_interests", made.seat(row).uuid)
    evaluator.post(declare, {"conflict": "yes", "lots": ["lot-2"], "nature": "Ancien salarié."})
    seat = made.seat(row).uuid
    url = made.address(row, "mark_bid", seat, hidden.uuid)
    assert evaluator.get(url).status_code == 404
    place = f"{hidden.uuid}/EG-001"
    assert evaluator.post(url, written({"place": place, "revision": 1, "level": "full"})).status_code == 404
    own = made.address(row, "mark_bid", seat, seen.uuid)
    [told] = evaluator.post(own, written({"place": place, "revision": 1, "level": "full"}), headers=DATA).json()["rows"]
    assert told["outcome"] == "refused"
    pages = [made.address(row, name) for name in ("marking", "harmonise", "decisions")]
    for page in [*pages, made.address(row, "mark_point", seat, "EG-001"), own]:
        text = evaluator.get(page).content.decode()
        assert str(hidden.uuid) not in text, page
        assert str(seen.uuid) in text or page == pages[2], page
    go = made.address(row, "mark_go", seat, query=f"?offre={hidden.uuid}")
    assert evaluator.get(go).status_code == 404


def test_a_conflict_holds_whatever_the_seat(world, evaluator):
    """Who declared it from one seat does not read the lot from another."""
    row = made.consultation(world.hospital, 1, lots=TWO_LOTS)
    other = big.seat(row, world.hospital.evaluator, "dpo")
    models.Interest.objects.create(
        consultation=row, evaluator="rssi", on=date(2026, 10, 17), conflict=True, lots=["lot-2"]
    )
    hidden = row.bid_set.get(lot="lot-2")
    assert evaluator.get(made.address(row, "mark_bid", other.uuid, hidden.uuid)).status_code == 404


@pytest.fixture
def double(world):
    """A double reading: T9 is read by the RSSI and the data protection officer; only the officer marked."""
    row = made.consultation(world.hospital, 2, share=10, double_reading=True)
    models.Mark.objects.filter(evaluator="rssi").delete()
    models.Mark.objects.filter(evaluator="dpo").update(reason="SECRET DU DPO", proof_seen="PIECE DU DPO")
    return row


def test_a_double_reading_hides_the_marks_of_others(double, evaluator, buyer):
    for client in (evaluator, buyer):
        for url in everything(double):
            answer = client.get(url)
            if client is buyer and answer.status_code == 404:
                continue
            page = answer.content.decode()
            assert "SECRET DU DPO" not in page, url
            assert "PIECE DU DPO" not in page, url
    assert evaluator.get(made.address(double, "harmonise")).context["total"] == 0
    assert buyer.get(made.address(double, "harmonise")).context["total"] == 0


def test_no_count_tells_what_is_hidden(double, evaluator):
    """Whether one agrees with a hidden mark is not told before all are in: neither in words, nor by a filter."""
    theirs = models.Mark.objects.filter(bid=made.bid(double), evaluator="dpo", point__in=t9(double)).order_by("pk")
    point, level = theirs[0].point, theirs[0].level
    awaited = models.Mark.objects.create(
        bid=made.bid(double, "s02"), evaluator="rssi", point=point, level="full", reason="Vu."
    )
    url = made.bid_page(double, query="?theme=T9&filtre=ecarts")
    before = evaluator.get(url).context["lines"]
    assert before == []
    other = next(each for each in ("full", "below") if each != level)
    answer = evaluator.post(
        made.bid_page(double, query="?theme=T9"), written(line(double, point, level=other, reason="Vu.")), headers=DATA
    )
    assert answer.json()["rows"][0]["outcome"] == "saved"
    assert [each.asked.id for each in evaluator.get(url).context["lines"]] == [point], (
        "both gave theirs: it is told now"
    )
    assert awaited.level == "full"
    rows = evaluator.get(made.address(double, "marking")).context["desks"][0].rows
    assert rows[0].differs == 1


def t9(row):
    from egide.web.tenders import convert

    clausier = convert.whole_clausier(row)
    return [point for point, theme in clausier.theme_of.items() if theme.id == "T9"]


def test_a_refused_candidacy_is_not_marked(world, evaluator):
    row = made.consultation(world.hospital, 2)
    refused = Candidacy("s01", admitted=False, on=date(2026, 10, 16), reason="Capacités insuffisantes (fictif).")
    models.Consultation.objects.filter(pk=row.pk).update(
        journal=plain.unstructure(Journal(candidacies=(refused,))), revision=2
    )
    assert evaluator.get(made.bid_page(row)).status_code == 404
    assert "Société fictive 01" not in evaluator.get(made.address(row, "marking")).content.decode()
    assert evaluator.get(made.bid_page(row, "s02")).status_code == 200


def test_who_sits_nowhere_is_told(world, buyer):
    row = made.consultation(world.hospital)
    page = buyer.get(made.address(row, "marking"))
    assert page.context["desks"] == []
    assert "Vous ne notez pas dans cette consultation" in page.content.decode()


def test_a_later_round_takes_the_place_of_the_one_before(world, evaluator):
    row = made.consultation(world.hospital, 1, share=10)
    first = made.bid(row)
    second = models.Bid.objects.create(consultation=row, tenderer="s01", lot="lot-1", round=2)
    seat = made.seat(row).uuid
    assert evaluator.get(made.address(row, "mark_bid", seat, first.uuid)).status_code == 404
    url = made.address(row, "mark_bid", seat, second.uuid)
    lines = evaluator.get(url).context["lines"]
    assert all(each.before and not each.marked for each in lines)
    point = next(
        each
        for each in lines
        if models.Mark.objects.get(bid=first, evaluator="rssi", point=each.asked.id).level == "full"
    )
    sent = {
        "place": f"{second.uuid}/{point.asked.id}",
        "revision": 0,
        "level": "below",
        "reason": "Vu au mémoire (fictif).",
    }
    [told] = evaluator.post(url, written(sent), headers=DATA).json()["rows"]
    assert any("abaisse" in each for each in told["advice"])
    [told] = evaluator.post(
        url, written({**sent, "revision": 1, "reason": "L'offre finale retire le service."}), headers=DATA
    ).json()["rows"]
    assert told["advice"] == [] or not any("abaisse" in each for each in told["advice"])
