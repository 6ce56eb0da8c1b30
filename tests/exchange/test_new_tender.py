"""A first tender.yaml: it is read back whole, its weights make 100, it breaks no rule of its own date."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import clausier as small
from builders import point
from egide import reference
from egide.clausier.model import Clausier
from egide.clausier.purchase import combined, select
from egide.exchange import new_tender
from egide.exchange.new_tender import Wish
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.message import Language
from egide.tender.rules import check

SENT = date(2026, 11, 24)
DEADLINE = datetime(2026, 12, 30, 12, tzinfo=UTC)
VOCABULARY = reference.vocabulary()


def made(folder: Path, wish: Wish, language: Language = "fr") -> str:
    facets = combined([VOCABULARY.profile[each] for each in wish.profiles], wish.facets)
    kept = set(select(reference.clausier(), VOCABULARY, facets, None, ()).kept)
    narrow = Clausier("egide", "1", themes=_themes(kept), title=reference.clausier().title)
    text = new_tender.written(wish, narrow, facets, VOCABULARY.roles, language)
    (folder / "tender.yaml").write_text(text, encoding="utf-8")
    return text


def _themes(kept: set[str]) -> tuple[object, ...]:
    from dataclasses import replace

    themes = (
        replace(each, points=tuple(p for p in each.points if p.id in kept)) for each in reference.clausier().themes
    )
    return tuple(each for each in themes if each.points)


@pytest.mark.parametrize("profile", list(VOCABULARY.profile))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_is_read_back_and_breaks_no_rule(tmp_path, profile, language):
    wish = Wish(
        'Un "titre" \\ difficile',
        "GHT fictif",
        SENT,
        DEADLINE,
        [profile],
        {"value": ["formalised"]},
        lots=["Un", "Deux"],
    )
    made(tmp_path, wish, language)
    top = read_tender(tmp_path)
    narrow, rules = reference.load(top.tender, top.enclosed)
    errors = [
        f for f in check(top.tender, narrow, rules) if f.severity is Severity.ERROR and f.code != "tender.tenderers"
    ]
    assert errors == []
    assert top.tender.title == wish.title
    assert [lot.title for lot in top.tender.lots] == ["Un", "Deux"]
    assert sum(criterion.weight for criterion in top.tender.criteria) == 100


def test_health_data_hosted_elsewhere_asks_for_the_certificate_and_the_processing_sheet(tmp_path):
    text = made(tmp_path, Wish("T", "B", SENT, DEADLINE, ["saas_health"]))
    assert "standard: HDS" in text
    assert read_tender(tmp_path).tender.processing
    assert "standard: HDS" not in made(tmp_path, Wish("T", "B", SENT, DEADLINE, ["network_hardware"]))


def test_a_consultation_without_lots_asks_for_the_reason(tmp_path):
    assert "L2113-11" in made(tmp_path, Wish("T", "B", SENT, DEADLINE, ["saas_health"]))


@given(st.lists(st.lists(st.integers(0, 3), max_size=20), min_size=1, max_size=10))
def test_the_shares_make_a_hundred_and_none_is_nothing(weights):
    from dataclasses import replace

    from egide.clausier.model import AwardUse

    themes = []
    for number, each in enumerate(weights):
        points = (point(f"P{number}-{n}", w, AwardUse.SCORED if w else AwardUse.NONE) for n, w in enumerate(each))
        themes.append(replace(small().themes[0], id=f"T{number}", points=tuple(points)))
    shares = new_tender.shares(replace(small(), themes=tuple(themes)))
    assert set(shares) == {f"T{n}" for n, each in enumerate(weights) if any(each)}
    if shares:
        assert sum(shares.values()) == 100
        assert min(shares.values()) >= 1
