"""The cost of risk in an evaluation: an information that moves nothing, or a criterion behind its guard rails."""

import json
import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import builders
from egide import plain, reference
from egide.clausier.model import AwardUse
from egide.desk import documents, risk_use
from egide.desk.consultation import Consultation, of_values
from egide.desk.consultation import of_folder as consultation_of_folder
from egide.desk.evaluation import evaluated, of_consultation
from egide.desk.supplier_cost import cost_of, sheet
from egide.errors import DataError
from egide.exchange import published
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.risk import guard_rails
from egide.risk.attribution import significant
from egide.tender.evaluation import Status
from egide.tender.model import (
    Acceptance,
    Answer,
    BidClass,
    BidKey,
    Criterion,
    Decision,
    Declared,
    Kind,
    Lot,
    Marks,
    PointMark,
    Tender,
)
from egide.tender.procedure.journal import Journal, Regularisation
from egide.tender.risk_terms import Beneficiaries, RiskTerms, RiskUse, Transfer

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
WHO = Beneficiaries(
    "support", Decimal(600_000_000), Decimal(1_000_000), (Decimal("0.06"), Decimal("0.15"), Decimal("0.30")),
    beds=Decimal(1400),
)  # fmt: skip
INFORMATION = RiskTerms((WHO,), Decimal(5), draws=64)
USE = AwardUse.MINIMUM


def point(identifier: str, family: str, measure: str = "", use: AwardUse = USE):
    return replace(builders.point(identifier, 0 if use is USE else 1, use), family=family, measure=measure)


CLAUSIER = builders.clausier(
    point("backup", "backup"),
    point("patches", "components"),
    point("mfa", "identity", "mfa"),
    point("logs", "detection"),
)
A = {"backup": "full", "patches": "full", "mfa": "full", "logs": "full"}
B = {"backup": "floor", "patches": "floor", "mfa": "floor", "logs": "full"}


def consultation(
    terms: RiskTerms | None = INFORMATION, *, estimate: str = "2000000", note: str = "60", clausier=CLAUSIER, **retained
) -> Consultation:
    """Make a consultation of two bids: B is cheaper and keeps its house less well."""
    tender = builders.tender(
        builders.price_and_technical("60", "40"), "AB", risk=terms, lots=(Lot("lot-1", estimate=Decimal(estimate)),)
    )
    marks = Marks(
        tuple(
            replace(builders.mark(name, identifier, level), proof_seen="annexe 2")
            for name, levels in ({"A": A, "B": B} | retained).items()
            for identifier, level in levels.items()
        ),
        (builders.note("A", note), builders.note("B", "60")),
    )
    answers = {identifier: Answer(identifier, Declared.YES) for identifier in A}
    bids = (builders.bid("A", "1020000", **answers), builders.bid("B", "1000000", **answers))
    return of_values(tender, clausier, bids=bids, marks=marks)


def criterion(**changes: object) -> RiskTerms:
    """Return terms that make it a criterion, as published today."""
    return replace(
        INFORMATION, use=RiskUse.CRITERION, criterion="price", library=reference.risk_library().digest, **changes
    )


def as_published(given: Consultation) -> Consultation:
    return replace(given, sheet=sheet(given.tender, given.clausier))


def refusals(given: Consultation) -> dict[str, str]:
    with pytest.raises(DataError) as refused:
        of_consultation(given)
    return {each.code: each.place for each in refused.value.findings if each.severity is Severity.ERROR}


# ------------------------------------------------------------------------------------------------------ an information
def test_an_information_moves_no_point_and_changes_nothing_else():
    with_cost, found = of_consultation(consultation())
    without, before = of_consultation(consultation(None))
    assert with_cost.risk is not None
    assert found == before
    plain_one, plain_other = (
        plain.canonical(replace(each, risk=None, fingerprint="", tender=replace(each.tender, risk=None)))
        for each in (with_cost, without)
    )
    assert plain_one == plain_other


def test_each_bid_has_its_cost_its_levels_and_what_explains_it():
    cost = of_consultation(consultation(note="80"))[0].risk
    lot = cost.of_lot("lot-1")
    first, second = lot.costs
    assert lot.compared_with == first.key
    assert (first.key.tenderer, first.explained, first.proven, first.blank) == ("A", None, 4, 0)
    assert first.cost.low < first.cost.mean < second.cost.mean < second.cost.high
    assert second.levels["backup"].mean == Decimal("0.500000")
    assert second.explained.difference.mean == second.cost.mean - first.cost.mean
    assert sum(line.share.mean for line in second.explained.lines) == second.explained.difference.mean
    assert sum(each.mean for each in second.explained.measures.values()) == second.explained.difference.mean
    assert [line.point for line in second.explained.lines] == sorted(
        (line.point for line in second.explained.lines),
        key=lambda each: -abs(next(line.share.mean for line in second.explained.lines if line.point == each)),
    )
    assert {line.point for line in second.explained.lines} == {"backup", "patches", "mfa"}
    assert lot.landmarks.proven.mean == first.cost.mean
    assert sum(line.share.mean for line in lot.worth) == lot.landmarks.blank.mean - lot.landmarks.proven.mean
    assert set(cost.marks.values()) <= {"A", "M"}
    assert cost.of_lot("lot-9") is None
    assert lot.of(second.key) == second
    assert lot.of(replace(second.key, lot="lot-9")) is None
    assert second.care_days.mean > first.care_days.mean


def test_a_proof_not_seen_an_na_and_a_disagreement():
    given = consultation()
    marks = {(mark.bid.tenderer, mark.point): mark for mark in given.marks.points}
    marks["A", "backup"] = replace(marks["A", "backup"], proof_seen="")
    marks["A", "patches"] = replace(marks["A", "patches"], na=Acceptance.ACCEPTED)
    marks["A", "logs"] = replace(marks["A", "logs"], na=Acceptance.REFUSED)
    twice = (*marks.values(), replace(marks["A", "mfa"], evaluator="dpo", level="floor"))
    cost = cost_of(given.tender, given.clausier, given.bids, Marks(twice)).lots[0].costs[0]
    assert (cost.proven, cost.declared, cost.not_applicable, cost.blank) == (0, 1, 1, 2)
    assert cost.levels["backup"].mean == Decimal("0.600000")
    assert 0 < cost.levels["components"].low < cost.levels["components"].high < 1
    assert cost.levels["detection"].mean == cost.levels["mfa"].mean == 0


def test_before_any_mark_declarations_count_as_such():
    given = consultation(A={}, B={})
    cost = cost_of(given.tender, given.clausier, given.bids, Marks()).lots[0].costs[0]
    assert (cost.proven, cost.declared, cost.blank) == (0, 4, 0)
    assert cost.levels["backup"].mean == Decimal("0.600000")


def test_penalties_and_insurance_stand_beside_and_are_never_taken_off():
    transfer = Transfer((Decimal("0.1"), Decimal("0.2"), Decimal("0.4")), ("logs",))
    plain_cost = of_consultation(consultation(note="80"))[0].risk.lots[0].costs
    with_transfer = (
        of_consultation(consultation(replace(INFORMATION, transfer=transfer), note="80"))[0].risk.lots[0].costs
    )
    assert [each.cost for each in with_transfer] == [each.cost for each in plain_cost]
    assert with_transfer[0].transfer.mean < 0
    assert with_transfer[1].explained.transfer.mean < 0
    assert plain_cost[1].explained.transfer is None


def test_an_establishment_without_beds_has_no_care_days_and_a_care_home_one_figure():
    who = replace(WHO, category="care_home", revenue=Decimal(3_600_000), beds=Decimal(0))
    lot = of_consultation(consultation(RiskTerms((who,), Decimal(5), draws=32)))[0].risk.lots[0]
    assert lot.order_of_magnitude
    assert all(each.care_days is None for each in lot.costs)


def test_a_lot_that_nobody_described_has_no_cost():
    terms = RiskTerms((replace(WHO, lots=("lot-2",)),), Decimal(5), draws=32)
    tender = replace(consultation(terms).tender, lots=(Lot("lot-1"), Lot("lot-2")))
    assert [lot.lot for lot in cost_of(tender, CLAUSIER, (), Marks()).lots] == ["lot-2"]


def test_a_consultation_without_the_block_has_no_cost():
    with pytest.raises(DataError):
        cost_of(consultation(None).tender, CLAUSIER, (), Marks())
    with pytest.raises(DataError):
        risk_use.evaluated(consultation(None), ())


def test_an_unknown_category_and_an_unknown_point_are_told():
    wrong = replace(INFORMATION, beneficiaries=(replace(WHO, category="palace"),))
    assert refusals(consultation(wrong)) == {"risk.category": "risk.beneficiaries[0].category"}
    transfer = Transfer((Decimal(0), Decimal(0), Decimal(1)), ("nowhere",))
    tender = consultation(replace(INFORMATION, transfer=transfer)).tender
    assert [each.code for each in risk_use.checked(tender, CLAUSIER)] == ["risk.transfer_point"]


def test_a_clausier_without_families_feeds_nothing():
    clausier = builders.clausier(point("stranger", ""))
    evaluation, found = of_consultation(consultation(clausier=clausier, A={"stranger": "full"}, B={"stranger": "full"}))
    assert "risk.no_points" in {each.code for each in found}
    assert len({each.cost for each in evaluation.risk.lots[0].costs}) == 1


def test_parameters_that_changed_since_the_publication_are_noted():
    given = as_published(consultation())
    assert "risk.changed" not in {each.code for each in of_consultation(given)[1]}
    old = replace(given, sheet=replace(given.sheet, library="0" * 64))
    noted = [each for each in of_consultation(old)[1] if each.code == "risk.changed"]
    assert [each.severity for each in noted] == [Severity.NOTE]


# --------------------------------------------------------------------------------------------------------- a criterion
def test_as_a_criterion_the_capped_mean_is_added_to_the_price():
    given = as_published(consultation(criterion()))
    evaluation, found = of_consultation(given)
    lot = evaluation.risk.lots[0]
    assert [finding.code for finding in found if finding.code.startswith("risk.")] == ["risk.warning"]
    assert lot.cap == Decimal("300000.00")
    assert [each.added for each in lot.costs] == [min(each.cost.mean, lot.cap) for each in lot.costs]
    assert all("fine" not in each.heads for each in lot.costs)
    assert {bid.key.tenderer: bid.added for bid in evaluation.bids} == {
        each.key.tenderer: each.added for each in lot.costs
    }
    assert evaluation.status is Status.FINAL
    prices = {row.key.tenderer: row.price for row in evaluation.ranking}
    assert prices == {"A": Decimal(1_020_000), "B": Decimal(1_000_000)}
    assert lot.ranks.without[0].tenderer == "B"
    assert lot.ranks.mean[0].tenderer == evaluation.ranking[0].key.tenderer == "A"
    assert lot.ranks.changes
    assert lot.ranks.uncertain
    assert lot.ranks.low[0].tenderer == "B"


def test_the_cap_binds():
    lot = of_consultation(as_published(consultation(criterion(cap=Decimal("0.05")))))[0].risk.lots[0]
    assert [each.added for each in lot.costs] == [lot.cap, lot.cap] == [Decimal("100000.00")] * 2


def test_the_digest_of_the_library_must_be_published():
    terms = replace(criterion(), library="")
    assert refusals(as_published(consultation(terms))) == {"risk.guard.documents": "risk.library"}
    stale = replace(criterion(), library="0" * 64)
    assert refusals(as_published(consultation(stale))) == {"risk.guard.documents": "risk.library"}


def test_without_its_publication_nobody_could_compute_its_own_figure():
    assert refusals(consultation(criterion())) == {"risk.guard.own_figure": "risk"}


def test_parameters_changed_by_the_buyer_are_not_those_of_everybody():
    library = reference.risk_library().overridden({"S01.days": "30"})
    tender = consultation(replace(criterion(), library=library.digest)).tender
    assert [each.code for each in risk_use.checked(tender, CLAUSIER, library)] == [
        "risk.warning",
        "risk.guard.own_figure",
    ]


def test_nothing_is_taken_off_for_a_promise_to_pay():
    transfer = Transfer((Decimal(0), Decimal("0.2"), Decimal("0.4")), ("logs",))
    assert refusals(as_published(consultation(criterion(transfer=transfer)))) == {"risk.guard.gross": "risk.transfer"}


def test_a_point_that_is_scored_does_not_count_again():
    clausier = builders.clausier(*CLAUSIER.points.values(), point("scored", "data", use=AwardUse.SCORED))
    both = consultation(criterion(), clausier=clausier)
    criteria = (*builders.price_and_technical("50", "40"), Criterion("clauses", Decimal(10), Kind.CLAUSIER))
    both = as_published(replace(both, tender=replace(both.tender, criteria=criteria)))
    assert "risk.guard.twice" in refusals(both)


def test_each_answer_is_retained_with_its_reason_and_a_blank_was_asked_about():
    given = as_published(consultation(criterion()))
    no_reason = replace(
        given, marks=replace(given.marks, points=(replace(given.marks.points[0], reason=" "), *given.marks.points[1:]))
    )
    assert refusals(no_reason) == {"risk.guard.retained": "lot-1"}
    lacking = replace(given, marks=replace(given.marks, points=given.marks.points[1:]))
    assert refusals(lacking) == {"risk.guard.retained": "lot-1"}
    first = given.bids[0]
    blank = replace(
        given, bids=(replace(first, answers={**first.answers, "logs": Answer("logs", Declared.BLANK)}), given.bids[1])
    )
    assert refusals(blank) == {"risk.guard.retained": "lot-1"}
    request = Regularisation(
        "A", "lot-1", "Répondre au point.", date(2026, 9, 3), datetime(2026, 9, 9, tzinfo=UTC), points=("logs",)
    )
    of_consultation(replace(blank, journal=Journal(regularisations=(request,))))
    out = Decision(first.key, BidClass.IRREGULAR, "acheteur", date(2026, 9, 10), "offre incomplète")
    of_consultation(replace(blank, marks=replace(blank.marks, decisions=(out,))))


def test_without_an_estimate_nothing_caps_the_amount():
    given = consultation(criterion())
    bare = as_published(replace(given, tender=replace(given.tender, lots=(Lot("lot-1"),))))
    assert refusals(bare) == {"risk.guard.cap": "lots"}
    assert refusals(as_published(consultation(criterion(cap=Decimal(0))))) == {"risk.guard.cap": "risk.cap"}


def test_the_estimate_of_a_single_lot_is_that_of_the_consultation():
    given = consultation(criterion())
    tender = replace(given.tender, lots=(Lot("lot-1"),), estimate=Decimal(2_000_000))
    assert of_consultation(as_published(replace(given, tender=tender)))[0].risk.lots[0].cap == Decimal("300000.00")


def test_a_point_of_candidacy_speaks_of_the_firm():
    clausier = builders.clausier(*CLAUSIER.points.values(), point("firm", "data", use=AwardUse.CANDIDACY))
    given = consultation(criterion(), clausier=clausier, A={**A, "firm": "full"}, B={**B, "firm": "full"})
    assert "risk.guard.equal" in refusals(as_published(given))


def test_the_model_is_the_one_that_was_published():
    given = as_published(consultation(criterion()))
    other = replace(given.sheet, library="0" * 64)
    assert refusals(replace(given, sheet=other)) == {"risk.guard.frozen": "risk"}


def test_the_criterion_is_the_only_price():
    wrong = as_published(consultation(replace(criterion(), criterion="technical")))
    assert refusals(wrong) == {"risk.criterion": "risk.criterion"}


def test_a_result_that_breaks_a_guard_rail_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(risk_use, "_ranks", lambda *_: None)
    assert refusals(as_published(consultation(criterion()))) == {"risk.guard.ranks": "lot-1"}


# -------------------------------------------------------------------------------------------------------- publication
def test_what_is_published_gives_the_same_figures_again(tmp_path: Path):
    shutil.copy(EXAMPLES / "pacs-ght" / "tender.yaml", tmp_path)
    asked = documents.of_folder(tmp_path)
    kept = json.loads(documents.documents(asked, "fr").files[documents.PUBLICATION])
    assert kept["terms"]["risk"]["years"] == "5"
    assert kept["risk"]["library"] == reference.risk_library().digest
    assert set(kept["risk"]["points"]) <= {each["id"] for each in kept["terms"]["points"]}
    (tmp_path / "dce").mkdir()
    (tmp_path / "dce" / "publication.json").write_text(json.dumps(kept), encoding="utf-8")
    tender = read_tender(tmp_path).tender
    assert published.sheet(tmp_path) == sheet(tender, asked.clausier)
    kept["digest"] = "0"
    (tmp_path / "dce" / "publication.json").write_text(json.dumps(kept), encoding="utf-8")
    assert published.sheet(tmp_path) is None


@pytest.mark.parametrize(("name", "lots"), [("pacs-ght", 1), ("soc-ght", 2)])
def test_both_examples_show_the_cost_of_each_bid(name: str, lots: int):
    evaluation, found = evaluated(EXAMPLES / name)
    assert not [each for each in found if each.code.startswith("risk.")]
    assert len(evaluation.risk.lots) == lots
    said = (EXAMPLES / name / "README.md").read_text("utf-8").split("## Ce que coûteraient les incidents")[1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in said.split("\n## ")[0].splitlines()]
    for lot in evaluation.risk.lots:
        assert {each.key for each in lot.costs} == {row.key for row in evaluation.lot(lot.lot)}
        stones = [
            ("repère : tout prouvé", lot.landmarks.proven),
            ("repère : fournisseur moyen", lot.landmarks.reference),
        ]
        for title, cost in [*((_named(each.key), each.cost) for each in lot.costs), *stones]:
            assert lot.landmarks.proven.mean <= cost.mean <= lot.landmarks.blank.mean
            shown = [_said(amount, 1 if lot.order_of_magnitude else 2) for amount in (cost.mean, cost.low, cost.high)]
            row = next(row for row in rows if title in row and (lots == 1 or lot.lot in row))
            assert row[row.index(title) + 1 : row.index(title) + 3] == [f"{shown[0]} €", f"{shown[1]} à {shown[2]} €"]


def _named(key: BidKey) -> str:
    return key.tenderer + (" (variante)" if key.variant else "")


def _said(amount: Decimal, figures: int) -> str:
    return f"{significant(amount, figures):,f}".replace(",", " ")


def test_the_wording_never_says_cause_nor_certainty():
    words = [guard_rails.MODEL_DOES_NOT_SEPARATE.text, guard_rails.CRITERION_DECIDES.text, guard_rails.WARNING.text]
    words += [rail.title.fr for rail in guard_rails.RAILS]
    assert [rail.number for rail in guard_rails.RAILS] == list(range(1, 11))
    assert not [each for each in words if "due à" in each or "dû à" in each]


def test_marks_of_another_kind_do_not_count(tmp_path: Path):
    given = consultation()
    strange = PointMark("rssi", given.bids[0].key, "backup", "nothing known", "raison")
    cost = cost_of(given.tender, given.clausier, given.bids, Marks((strange,))).lots[0].costs[0]
    assert cost.blank == 1
    assert isinstance(given.tender, Tender)


@pytest.mark.long
def test_fifty_bids_are_costed_and_explained_in_less_than_ten_seconds():
    given = consultation_of_folder(EXAMPLES / "pacs-ght")
    keys = [replace(given.bids[number % 4].key, tenderer=f"t{number:02d}") for number in range(50)]
    bids = [replace(given.bids[number % 4], key=key) for number, key in enumerate(keys)]
    points = tuple(
        replace(mark, bid=key)
        for number, key in enumerate(keys)
        for mark in given.marks.points
        if mark.bid == given.bids[number % 4].key
    )
    begun = time.perf_counter()
    cost = cost_of(given.tender, given.clausier, bids, replace(given.marks, points=points))
    assert time.perf_counter() - begun < 10
    assert len(cost.lots[0].costs) == 50
    assert len({each.cost for each in cost.lots[0].costs}) == 4
