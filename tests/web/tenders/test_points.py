"""Step 2: the purchase described, its effect, the points one by one and together."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from egide import reference
from egide.clausier.model import AwardUse, IfBlank
from egide.web.tenders import convert
from egide.web.tenders.preparing import points
from web.tenders.prepared import address, begin, fields, read, send, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(world, sign_in, files):
    return sign_in(world.hospital.buyer)


@pytest.fixture
def row(buyer, world):
    return begin(buyer, world.hospital.organisation, lots="Images\nPostes")


def tender(row):
    row.refresh_from_db()
    return convert.tender(row)


def kept(row):
    return {each.point.id for each in points.lines(tender(row), reference.clausier()) if each.kept}


def test_the_overview_counts_what_the_consultation_asks(buyer, row):
    page = read(buyer.get(address("points", row)))
    given = convert.prepared(row)
    count = len(given.clausier.points)
    assert len(kept(row)) == count
    assert f"{count} points gardés sur {len(reference.clausier().points)}" in page
    for theme in reference.clausier().themes:
        assert address("theme", row, theme.id) in page


def test_the_effect_of_another_description_is_seen_before_it_is_kept(buyer, row):
    before = kept(row)
    data = fields(buyer.get(address("described", row))) | {"profiles": ["mobile_fleet"], "care": ["ordinary"]}
    page = buyer.post(address("described", row), data | {"preview": "1"})
    assert "rien n'est encore enregistré" in read(page)
    assert "Points écartés" in read(page)
    assert kept(row) == before
    assert buyer.post(address("described", row), fields(page)).status_code == 302
    assert tender(row).purchase.profiles == ("mobile_fleet",)
    assert kept(row) != before


def test_the_level_can_be_chosen(buyer, row):
    send(buyer, address("described", row), level="essentiel")
    assert len(kept(row)) <= reference.vocabulary().essentiel_at_most
    assert "niveau choisi par l'acheteur" in read(buyer.get(address("points", row)))


def test_one_point_in_full(buyer, row):
    given = {
        "keep": "no",
        "award_use": "scored",
        "weight": "1",
        "if_blank": "zero",
        "parameter_notice": "20",
        "lots": ["lot-2"],
    }
    assert send(buyer, address("point", row, "EG-003"), **given).status_code == 302
    use = tender(row).points["EG-003"]
    assert (use.keep, use.weight, use.lots, use.parameters) == (False, 1, ("lot-2",), {"notice": "20"})
    assert "EG-003" not in kept(row)
    assert send(buyer, address("point", row, "EG-003"), keep="", lots=[]).status_code == 302
    assert tender(row).points["EG-003"].keep is None
    assert "EG-003" in kept(row)


def test_what_goes_back_to_the_clausier_leaves_no_trace(buyer, row):
    send(buyer, address("point", row, "EG-001"), weight="3")
    own = reference.clausier().points["EG-001"]
    send(buyer, address("point", row, "EG-001"), weight=str(own.weight))
    assert "EG-001" not in tender(row).points


def test_a_threshold_said_twice_is_told_at_the_point(buyer, row):
    send(buyer, address("point", row, "EG-003"), parameter_notice="31")
    page = buyer.get(address("point", row, "EG-003"))
    assert "le CCAP prévaut" in " ".join(texts(page, "finding"))


def test_a_theme_at_once(buyer, row):
    page = fields(buyer.get(address("theme", row, "T1")))
    assert (
        buyer.post(
            address("theme", row, "T1"),
            page | {"keep-EG-005": "no", "weight-EG-004": "3", "use-EG-001": "scored", "blank-EG-009": "irregular"},
        ).status_code
        == 302
    )
    made = tender(row).points
    assert made["EG-005"].keep is False
    assert made["EG-004"].weight == 3
    assert made["EG-001"].award_use is AwardUse.SCORED
    assert made["EG-009"].if_blank is IfBlank.IRREGULAR


@pytest.mark.parametrize(
    "bulk", ["keep", "drop", "scored", "minimum", "none", "weight1", "weight2", "weight3", "zero", "irregular", "reset"]
)
def test_bulk_actions_touch_the_ticked_points_only(buyer, row, bulk):
    before = tender(row).points
    page = fields(buyer.get(address("theme", row, "T1")))
    response = buyer.post(
        address("theme", row, "T1"), page | {"ticked": ["EG-004", "EG-010"], "bulk": bulk, "apply": "1"}
    )
    assert response.status_code == 302
    changed = {name for name, use in tender(row).points.items() if before.get(name) != use}
    assert changed <= {"EG-004", "EG-010"}
    used = {each.point.id: each for each in points.lines(tender(row), reference.clausier())}
    expected = {
        "keep": lambda line: line.kept, "drop": lambda line: not line.kept, "scored": lambda line: line.point.award_use is AwardUse.SCORED,
        "minimum": lambda line: line.point.award_use is AwardUse.MINIMUM, "none": lambda line: line.point.award_use is AwardUse.NONE,
        "weight1": lambda line: not line.point.award_use.scores or line.point.weight == 1,
        "weight2": lambda line: not line.point.award_use.scores or line.point.weight == 2,
        "weight3": lambda line: not line.point.award_use.scores or line.point.weight == 3,
        "zero": lambda line: line.point.if_blank is IfBlank.ZERO, "irregular": lambda line: line.point.if_blank is IfBlank.IRREGULAR,
        "reset": lambda line: not line.changed,
    }  # fmt: skip
    assert all(expected[bulk](used[name]) for name in ("EG-004", "EG-010"))
    assert convert.prepared(row), "the consultation can still be established"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bulk": "tout", "apply": "1", "ticked": ["EG-001"]},
        {"bulk": "keep", "apply": "1"},
        {"use-EG-001": "magique"},
        {"weight-EG-001": "9"},
        {"keep-EG-001": "peut-être"},
        {"blank-EG-001": "\x00"},
    ],
)
def test_what_a_theme_cannot_be_told_is_refused(buyer, row, wrong):
    page = buyer.post(address("theme", row, "T1"), fields(buyer.get(address("theme", row, "T1"))) | wrong)
    assert page.status_code == 200
    assert texts(page, "error-summary")
    row.refresh_from_db()
    assert row.revision == 1


def test_a_use_that_the_point_cannot_have_is_told(buyer, row):
    without = next(point.id for point in reference.clausier().points.values() if "floor" not in point.level_of)
    page = send(buyer, address("point", row, without), award_use="minimum_then_scored", weight="2")
    assert page.status_code == 302
    told = buyer.get(address("point", row, without))
    assert "n'a pas de niveau plancher" in read(told)


def test_unknown_points_and_themes_are_not_found(buyer, row):
    assert buyer.get(address("point", row, "EG-999")).status_code == 404
    assert buyer.get(address("theme", row, "T99")).status_code == 404


@pytest.mark.parametrize("shown", ["", "ecartes", "eliminatoires", "notes", "changes", "inconnu"])
def test_every_point_is_listed_in_a_few_queries(buyer, row, shown):
    with CaptureQueriesContext(connection) as asked:
        page = buyer.get(address("all_points", row), {"montrer": shown})
    assert page.status_code == 200
    assert len(asked) <= 20


def test_each_point_leads_to_its_public_page(buyer, row):
    assert 'href="/clausier/EG-001"' in read(buyer.get(address("point", row, "EG-001")))
