"""What is published is one value: frozen by its digest, printed by the RC, and told apart when it changes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import clausier, point, price_and_technical, tender
from egide import plain
from egide.clausier.model import AwardUse, IfBlank, Level, Parameter
from egide.finding import Severity
from egide.message import Text
from egide.tender.contract import (
    Clause,
    Contract,
    Derogation,
    Document,
    Passage,
    Texts,
    chosen,
    derogations,
    filled,
)
from egide.tender.model import Criterion, Kind, PointUse, SubCriterion
from egide.tender.procedure.publication import (
    CRITERIA,
    LEVELS,
    POINTS,
    Change,
    Terms,
    changes,
    criterion_cells,
    digest,
    frozen,
    level_cells,
    number,
    point_cells,
    share,
    terms,
    thresholds,
    unwritten,
    wording,
    written,
)

SUBS = (SubCriterion("a", Decimal(25), "Un", themes=("T1",)), SubCriterion("b", Decimal(75), "Deux", points=("P1",)))
SPLIT = (
    Criterion("prix", Decimal(40), Kind.PRICE, "Prix", formula="linear_gap", scale=Decimal(20)),
    Criterion("securite", Decimal(60), Kind.CLAUSIER, "Sécurité", environmental=True, subcriteria=SUBS),
)
POINTS_ASKED = clausier(
    point("P1", 3, AwardUse.MINIMUM_THEN_SCORED, IfBlank.IRREGULAR),
    point("P2", 2, AwardUse.NONE),
    point("P3", 0, AwardUse.MINIMUM),
)


def published(**changed: object) -> Terms:
    return terms(tender(SPLIT, **changed), POINTS_ASKED)


def test_terms_hold_criteria_with_their_parts_and_points_with_their_worth():
    found = published(points={"P3": PointUse(lots=("lot-1",))})
    assert [(each.id, each.weight, each.scale) for each in found.criteria] == [
        ("prix", Decimal(40), Decimal(20)),
        ("securite", Decimal(60), Decimal(100)),
        ("securite/a", Decimal(15), Decimal(100)),
        ("securite/b", Decimal(45), Decimal(100)),
    ]
    first, second, third = found.points
    assert (first.weight, first.floor, first.levels["floor"]) == (3, "floor", Decimal("0.5"))
    assert (second.weight, second.floor) == (0, "")
    assert third.lots == ("lot-1",)


def test_a_minimum_without_a_floor_asks_for_the_least_level_that_is_worth_something():
    bare = replace(point("P9", 0, AwardUse.MINIMUM), levels=point("P9").levels[::2])
    none = replace(bare, id="P8", levels=(Level("below", Decimal(0), Text("rien")),))
    found = terms(tender(SPLIT), clausier(bare, none))
    assert [each.floor for each in found.points] == ["full", ""]


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(1, 99))
def test_shares_of_sub_criteria_add_up_to_their_criterion(weights, weight):
    total = Decimal(sum(weights))
    criterion = Criterion("c", Decimal(weight), Kind.MARKED)
    as_percent = tuple(SubCriterion(str(n), Decimal(each) * 100 / total) for n, each in enumerate(weights))
    whole = replace(criterion, subcriteria=as_percent)
    assert abs(sum(share(whole, sub) for sub in as_percent) - weight) < Decimal("1e-20")
    same = tuple(SubCriterion(str(n), Decimal(each)) for n, each in enumerate(weights))
    whole = replace(criterion, weight=total, subcriteria=same)
    assert [share(whole, sub) for sub in same] == [sub.weight for sub in same]


def test_the_digest_is_that_of_what_is_kept_and_moves_with_each_term():
    whole = tender(SPLIT)
    kept = plain.structure(plain.unstructure(terms(whole, POINTS_ASKED)), Terms, "publication.json")
    assert digest(kept) == frozen(whole, POINTS_ASKED)
    others = (
        tender((replace(SPLIT[0], formula="proportional"), SPLIT[1])),
        tender((replace(SPLIT[0], scale=Decimal(10)), SPLIT[1])),
        tender(SPLIT, ties=("draw",)),
        tender(SPLIT, variants_allowed=True),
        tender(SPLIT, points={"P1": PointUse(lots=("lot-1",))}),
    )
    assert len({frozen(each, POINTS_ASKED) for each in (whole, *others)}) == len(others) + 1
    assert frozen(replace(whole, tenderers=()), POINTS_ASKED) == frozen(whole, POINTS_ASKED)


def test_changes_name_the_place_what_was_and_what_is():
    before = published()
    assert changes(before, before) == []
    after = terms(
        tender((replace(SPLIT[0], weight=Decimal(45)), Criterion("delai", Decimal(55), Kind.MARKED)), ties=("draw",)),
        clausier(point("P1", 2, AwardUse.MINIMUM_THEN_SCORED, IfBlank.IRREGULAR)),
    )
    found = {change.place: change for change in changes(before, after)}
    assert found["criteria.prix.weight"] == Change("criteria.prix.weight", "40", "45")
    assert found["criteria.securite"] == Change("criteria.securite", "securite", "")
    assert found["criteria.delai"] == Change("criteria.delai", "", "delai")
    assert found["points.P1.weight"] == Change("points.P1.weight", "3", "2")
    assert found["ties"] == Change("ties", "[]", '["draw"]')


def test_cells_speak_both_languages_and_fill_their_columns():
    found = published()
    price = criterion_cells(found.criteria[0])
    assert (price["weight"].fr, price["scale"].fr, price["note"].en) == (
        "40",
        "0 – 20",
        "N × (1 − (P − Pmin) ÷ Pmin), at least 0",
    )
    assert criterion_cells(found.criteria[1])["note"].fr == "Points du clausier"
    first, second, third = (point_cells(each) for each in found.points)
    assert first["levels"].fr == "Complet\u00a01 · Plancher\u00a00,5 · Insuffisant\u00a00"
    assert (first["if_blank"].fr, first["floor"].en) == ("offre irrégulière", "Floor")
    assert {second[name].fr for name in ("if_blank", "na", "levels", "floor", "weight")} == {"—"}
    assert (third["weight"].fr, third["lots"].fr) == ("—", "tous")
    assert set(price) == set(CRITERIA)
    assert set(first) == set(POINTS)


def test_levels_are_gathered_with_all_their_values_and_what_has_none_says_so():
    half = replace(
        point("P1"),
        levels=(
            *point("P1").levels,
            Level("to_clarify", None, Text("flou")),
            Level("own", Decimal("0.3"), Text("propre")),
        ),
    )
    other = replace(point("P2"), levels=(Level("floor", Decimal("0.25"), Text("bas")),))
    found = level_cells(terms(tender(SPLIT), clausier(half, other, point("P3", 1, AwardUse.NONE))))
    assert list(found) == ["full", "floor", "to_clarify", "below", "own"]
    assert (found["floor"]["worth"].fr, found["floor"]["worth"].en) == ("0,5 ou 0,25", "0.5 or 0.25")
    assert found["floor"]["count"].fr == "2"
    assert "précision" in found["to_clarify"]["worth"].fr
    assert all(set(cells) == set(LEVELS) for cells in found.values())


def test_weights_that_are_a_range_or_not_published_are_said_so():
    ranged = replace(SPLIT[0], weight_range=(Decimal(30), Decimal(45)))
    kept = terms(tender((ranged, SPLIT[1])), POINTS_ASKED)
    assert criterion_cells(kept.criteria[0])["weight"].fr == "30 – 45"
    silent = terms(tender(SPLIT, weights_published=False), POINTS_ASKED)
    assert {criterion_cells(each)["weight"].fr for each in silent.criteria} == {"—"}
    unknown = terms(tender(price_and_technical(formula="inconnue")), POINTS_ASKED)
    assert criterion_cells(unknown.criteria[0])["note"].fr == "Prix"


def test_a_number_has_the_decimals_that_it_has():
    assert [number(Decimal(each)).fr for each in ("40.00", "100", "8.750", "0.25")] == ["40", "100", "8,75", "0,25"]
    assert number(Decimal("8.750")).en == "8.75"


def test_lots_and_levels_without_value_are_written_out():
    asked = replace(
        point("P1"), levels=(*point("P1").levels[:2], Level("to_clarify", None, Text("flou")), point("P1").levels[2])
    )
    found = terms(tender(SPLIT, points={"P1": PointUse(lots=("lot-1",))}), clausier(asked))
    cells = point_cells(found.points[0])
    assert "À préciser\u00a0—" in cells["levels"].fr
    assert cells["lots"].fr == "lot-1"


# ---------------------------------------------------------------------------------------- the firm and not the offer
@pytest.mark.parametrize(
    "title",
    [
        "Références similaires",
        "Moyens humains de l'entreprise",
        "Chiffre d’affaires des trois dernières années",
        "Certifications de la société",
        "Indépendance vis-à-vis des éditeurs",
        "Ancienneté et spécialisation en santé",
        "Capacités financières",
        "Expérience du candidat dans le secteur hospitalier",
        "Turnover and references",
        "Company resources",
    ],
)
def test_a_criterion_that_speaks_of_the_firm_is_a_doubt_with_its_case_law(title):
    criteria = (Criterion("prix", Decimal(40), Kind.PRICE, "Prix"), Criterion("autre", Decimal(60), Kind.MARKED, title))
    (found,) = wording(tender(criteria))
    assert (found.code, found.severity, found.place) == (
        "tender.firm_not_offer",
        Severity.DOUBT,
        "criteria.autre.title",
    )
    assert "273783" in str(found.understood)
    assert found.read == title


@pytest.mark.parametrize(
    "title",
    [
        "Expérience de l'équipe affectée au marché",
        "Qualifications des intervenants",
        "Reprise et effacement certifié des matériels",
        "Sécurité numérique et protection des données",
        "Heures de formation offertes",
        "Références et expérience of the assigned team",
        "Prix sur cinq ans",
        "",
    ],
)
def test_a_criterion_that_speaks_of_the_offer_or_of_the_assigned_team_is_left_alone(title):
    sub = SubCriterion("s", Decimal(100), title)
    assert wording(tender((Criterion("c", Decimal(100), Kind.MARKED, title, subcriteria=(sub,)),))) == []


def test_a_sub_criterion_is_read_too():
    sub = SubCriterion("s", Decimal(100), "Notoriété")
    (found,) = wording(tender((Criterion("c", Decimal(100), Kind.MARKED, "Valeur", subcriteria=(sub,)),)))
    assert found.place == "criteria.c.subcriteria.s.title"
    (found,) = wording(tender((Criterion("c", Decimal(100), Kind.MARKED, "ﬁche de notoriété"),)))
    assert "notoriete" in str(found.understood)


# --------------------------------------------------------------------------------------------------- texts as data
def test_clauses_passages_and_derogations_are_kept_by_the_facts():
    texts = Texts(
        "1",
        (
            Clause("always", Document.CCAP, Text("A"), (Passage(Text("x")), Passage(Text("y"), unless=("ght",)))),
            Clause(
                "sometimes", Document.CCAP, Text("B"), (Passage(Text("z")),), when=("ght",),
                derogations=(Derogation("2", Text("s")), Derogation("14.1", Text("t"), when=("penalties",))),
            ),
            Clause("elsewhere", Document.RC, Text("C"), ()),
        ),
    )  # fmt: skip
    first = chosen(texts, Document.CCAP, set())
    assert [(clause.id, len(clause.passages)) for clause in first] == [("always", 2)]
    assert derogations(first) == []
    both = chosen(texts, Document.CCAP, {"ght"})
    assert [(clause.id, len(clause.passages)) for clause in both] == [("always", 1), ("sometimes", 1)]
    assert [(number, clause.id, each.article) for number, clause, each in derogations(both)] == [(2, "sometimes", "2")]


def test_places_are_filled_and_an_unknown_one_is_a_fault_of_ours():
    assert filled("dans {hours} heures", {"hours": "4"}) == "dans 4 heures"
    with pytest.raises(KeyError):
        filled("{nobody}", {})


def test_a_threshold_that_the_contract_texts_give_otherwise_is_a_doubt():
    asked = replace(point("EG-003"), parameters={"notice": Parameter("15")})
    other = replace(point("EG-019"), parameters={"fix": Parameter("30")})
    assert thresholds(tender(SPLIT), clausier(asked, other)) == []
    (found,) = thresholds(tender(SPLIT, contract=Contract(audit_notice_days=10)), clausier(asked, other))
    assert (found.code, found.severity, found.point, found.read) == (
        "tender.two_thresholds",
        Severity.DOUBT,
        "EG-003",
        "10",
    )
    assert "en donne 15" in str(found.understood)


def test_a_text_that_a_new_tender_left_to_fill_in_is_an_error_and_no_other():
    whole = tender((Criterion("c", Decimal(100), Kind.MARKED, "TO BE COMPLETED"),))
    left = replace(whole, buyer=replace(whole.buyer, name="À COMPLÉTER"))
    (found,) = unwritten(left)
    assert (found.severity, found.understood.values["places"]) == (Severity.ERROR, ("buyer.name", "criteria[0].title"))
    assert unwritten(tender((Criterion("c", Decimal(100), Kind.MARKED, "Valeur"),))) == []
    assert (written("Lyon"), written(""), written("À COMPLÉTER : lieu")) == (True, False, False)
