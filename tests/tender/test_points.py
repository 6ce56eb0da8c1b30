"""The points of one consultation: selected, changed as it published."""

from dataclasses import replace

import pytest

from builders import clausier, point, price_and_technical, tender
from egide import reference
from egide.clausier.model import IRREGULAR, AwardUse, Depth, IfBlank, Parameter
from egide.errors import DataError
from egide.message import Text
from egide.tender.model import Answer, ClausierChoice, Declared, PointUse, Purchase
from egide.tender.points import narrowed, proposal, selection

WORDS = reference.vocabulary()


def narrow(given_clausier, **changes):
    return narrowed(tender(price_and_technical(), **changes), given_clausier, WORDS)


def test_without_a_purchase_every_point_is_kept():
    whole = clausier(point("P1"), point("P2"))
    assert narrow(whole) == (whole, [])
    assert selection(tender(price_and_technical()), whole, WORDS) is None


def test_the_purchase_selects_and_the_buyer_adjusts():
    remote = replace(point("P1"), facets=({"access": ("remote",)},))
    deep = replace(point("P2"), level=Depth.RENFORCE)
    whole = clausier(remote, deep, point("P3"))
    purchase = Purchase({"access": ("none",)}, level=Depth.STANDARD)
    kept, found = narrow(whole, purchase=purchase, points={"P2": PointUse(keep=True), "P3": PointUse(keep=False)})
    assert (list(kept.points), found) == (["P2"], [])


def test_overrides_change_use_weight_blank_and_thresholds():
    base = replace(
        point("P1", 2),
        parameters={"days": Parameter("10", egide_default=True)},
        text=Text("Sous {days} jours.", "In {days} days."),
    )
    use = PointUse(award_use=AwardUse.MINIMUM, if_blank=IfBlank.IRREGULAR, na_allowed=False, parameters={"days": "5"})
    kept, found = narrow(clausier(base), points={"P1": use})
    changed = kept.points["P1"]
    assert not found
    assert (changed.award_use, changed.weight, changed.if_blank, changed.na_allowed) == (
        AwardUse.MINIMUM,
        0,
        IfBlank.IRREGULAR,
        False,
    )
    assert changed.wording() == "Sous 5 jours."
    assert changed.wording_digest != base.wording_digest
    scored, _ = narrow(clausier(point("P2", 0, AwardUse.NONE)), points={"P2": PointUse(award_use=AwardUse.SCORED)})
    assert scored.points["P2"].weight == 1


@pytest.mark.parametrize(
    ("use", "place"),
    [
        ({"P9": PointUse()}, "points.P9"),
        ({"P1": PointUse(parameters={"days": "5"})}, "points.P1.parameters"),
        ({"P1": PointUse(weight=4)}, "points.P1.weight"),
        ({"P1": PointUse(weight=0)}, "points.P1.weight"),
        ({"P1": PointUse(award_use=AwardUse.MINIMUM_THEN_SCORED)}, "points.P1.award_use"),
    ],
)
def test_a_wrong_override_names_its_place(use, place):
    no_floor = replace(point("P1"), levels=tuple(level for level in point("P1").levels if level.code != "floor"))
    _, found = narrow(clausier(no_floor), points=use)
    assert [finding.place for finding in found] == [place]


def test_a_wrong_purchase_names_its_place():
    purchase = Purchase({"color": ("red",), "access": ("magic",)}, profiles=("unknown",))
    _, found = narrow(clausier(point("P1")), purchase=purchase)
    assert [finding.place for finding in found] == [
        "purchase.profiles",
        "purchase.facets.color",
        "purchase.facets.access",
    ]


def test_load_narrows_ours_and_keeps_the_rules_of_the_day():
    chosen, kept_rules = reference.load(
        tender(price_and_technical(), purchase=Purchase(profiles=("saas_health",), level=Depth.ESSENTIEL))
    )
    assert 10 < len(chosen.points) <= 25
    assert "R18" not in kept_rules.by_id


def test_load_refuses_an_unknown_clausier_and_wrong_points():
    with pytest.raises(DataError, match="inconnu"):
        reference.load(tender(price_and_technical(), clausier=ClausierChoice(id="autre")))
    with pytest.raises(DataError):
        reference.load(tender(price_and_technical(), points={"EG-999": PointUse()}))


def test_an_enclosed_clausier_is_taken_as_it_is():
    chosen, _ = reference.load(tender(price_and_technical()), clausier(point("P1")))
    assert list(chosen.points) == ["P1"]


def test_a_blank_where_a_piece_was_required_proposes_an_irregularity():
    required = point("P1", blank=IfBlank.IRREGULAR)
    assert proposal(required, None)[0] == proposal(required, Answer("P1", Declared.BLANK))[0] == IRREGULAR
    assert proposal(point("P1"), None)[0] == "below"
