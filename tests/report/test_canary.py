"""R44: nothing that leaves for a tenderer tells what is another's, nor who asked, nor who marked.

What may be told of the winner: its name and its notes by criterion (CE, 15 February 2013, n° 363854) and, on request, its
whole price, never the detail (CE, 30 March 2016, n° 375529; L2132-1).
"""

import json
from dataclasses import replace
from functools import cache

import pytest

from egide.finding import Finding, Severity
from egide.message import message
from egide.report import letters as laid_out
from egide.report import precisions, questions, record_write
from egide.report.papers.blocks import paragraph
from egide.tender.procedure import letters as decided
from report import procedures
from report.canaries import NOBODY, Planted, leaks, planted_procedure, said_canaries, words


@cache
def written(language: str = "fr"):
    return _written(language)


def _written(language: str = "fr"):
    procedure, planted = planted_procedure(language)
    made, found = procedures.decided(procedure)
    files, _ = record_write.contents(procedure, made, found)
    return procedure, planted, files


def outgoing(files: dict[str, bytes]) -> list[dict[str, str]]:
    """Return the documents that leave, from the register of what was written."""
    documents = json.loads(files["sommaire.json"])["documents"]
    return [each for each in documents if each["kind"] not in {"presentation", "questions_register"}]


def all_leaks(procedure, planted: Planted, files: dict[str, bytes], only: str = "") -> list[str]:
    found = []
    for each in [each for each in outgoing(files) if each["file"].endswith(only)]:
        award = next((award for award in procedure.journal.awards if award.lot == each["lot"]), None)
        winner = frozenset({award.tenderer} if award else ())
        names = winner if each["kind"] in {"letter.rejection", "letter.reasons", "letter.candidacy"} else frozenset()
        prices = winner if each["kind"] == "letter.reasons" else frozenset()
        said = words(each["file"], files[each["file"]])
        found += [f"{each['file']}: {leak}" for leak in leaks(said, planted, each["tenderer"], names=names, prices=prices)]  # fmt: skip
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_document_tells_a_tenderer_what_is_another_s(language):
    procedure, planted, files = written(language)
    assert all_leaks(procedure, planted, files) == []


def test_everything_is_planted_and_every_kind_of_document_is_read():
    procedure, planted, files = written()
    assert len(planted.owner) > 5000
    assert len(set(planted.owner.values())) == 6
    kinds = {each["kind"] for each in outgoing(files)}
    assert kinds == {f"letter.{kind}" for kind in ("regularisation", "justification", "proofs", "candidacy", "rejection", "award", "no_award", "reasons")} | {"questions"}  # fmt: skip
    types = {where.split(".")[-2] for where in planted.where.values()}
    assert {"Tenderer", "Member", "Subcontractor", "Certificate", "Answer", "Pointer", "PriceLine", "Price", "SourceFile", "PointMark", "CriterionNote", "Decision", "Regularisation", "Justification", "Award", "Proof", "Deposit", "Candidacy"} - {"Pointer"} <= types  # fmt: skip
    assert procedure.journal.reasons


def test_what_is_looked_for_can_be_found():
    """The reader finds a tenderer's own canaries in its letters, and those of several in what stays inside."""
    _, planted, files = written()
    inside = words("rapport-presentation.pdf", files["rapport-presentation.pdf"])
    assert len({planted.owner[canary] for canary in said_canaries(inside, planted)}) >= 5
    for each in outgoing(files):
        if each["kind"] in {"letter.regularisation", "letter.candidacy", "letter.proofs"}:
            said = words(each["file"], files[each["file"]])
            own = [canary for canary in said_canaries(said, planted) if planted.owner[canary] == each["tenderer"]]
            assert any("name" not in planted.where[canary] for canary in own), each["file"]


def test_the_whole_price_of_the_winner_is_told_on_request_only_and_that_of_no_other():
    procedure, planted, files = written()
    winner = procedure.journal.awards[0].tenderer
    price = next(price for price, owner in planted.price.items() if owner == winner)
    telling = {each["kind"] for each in outgoing(files) if price in words(each["file"], files[each["file"]])}
    assert telling == {"letter.reasons", "letter.award"}


def test_the_public_page_of_questions_tells_nothing_of_anybody():
    _, planted, files = written()
    for name in ("questions-reponses.pdf", "questions-reponses.docx"):
        assert leaks(words(name, files[name]), planted, NOBODY) == []
        assert "cabinetinconnu" not in words(name, files[name])
    assert "cabinetinconnu" in words("x.pdf", files["registre-questions.pdf"])


def test_precisions_hold_only_the_doubts_of_their_tenderer():
    procedure, planted, _ = written()
    found = []
    for tenderer in procedure.tender.tenderers:
        words_of = [planted.text(tenderer.id, f"doubt.Finding.{each}") for each in ("file", "place", "point", "read", "understood")]  # fmt: skip
        found.append(Finding("answer.x", Severity.DOUBT, message("compris {x}", x=words_of[4]), message("Préciser."), *words_of[:4], tenderer=tenderer.id))  # fmt: skip
    found.append(Finding("mark.x", Severity.DOUBT, message("désaccord {x}", x="rssi"), message("Harmoniser.")))
    pages = precisions.pages(found, procedure.tender, procedure.on, "fr")
    assert len(pages) == 5
    for tenderer in procedure.tender.tenderers:
        said = words("x.pdf", pages[f"precisions-{tenderer.id}.pdf"])
        assert leaks(said, planted, tenderer.id) == []
        assert sum(planted.owner[canary] == tenderer.id for canary in said_canaries(said, planted)) >= 5


def test_precisions_never_ask_to_complete_or_change_a_bid():
    procedure, *_ = written()
    tenderer = procedure.tender.tenderers[0].id
    codes = (
        "proof.external",
        "answer.condition",
        "answer.ambiguous",
        "price.sum",
        "certificate.expired",
        "answer.missing",
    )
    found = [
        Finding(
            code, Severity.DOUBT, message("compris {x}", x=code), message("Joindre ce qui manque."), tenderer=tenderer
        )
        for code in codes
    ]
    said = words("x.pdf", precisions.pages(found, procedure.tender, procedure.on, "fr")[f"precisions-{tenderer}.pdf"])
    assert "joindre" not in said
    assert "answermissing" not in said
    assert "nelacomplètepas" in said
    assert precisions.pages(found[-1:], procedure.tender, procedure.on, "fr") == {}


# ------------------------------------------------------------------------------------------------- the test can fail
def _everybody_s_requests(monkeypatch):
    """Each regularisation request lists those of all."""
    real = decided._regularisations

    def leaky(case):
        made = list(real(case))
        everything = tuple(asked for each in made for asked in each.asked)
        yield from (replace(each, asked=everything) for each in made)

    monkeypatch.setattr(decided, "_regularisations", leaky)
    monkeypatch.setattr(decided, "_names_somebody", lambda case, letter: None)


def _reasons_of_the_marks_of_the_winner(monkeypatch):
    """The rejection tells what evaluators wrote of the winning bid."""
    real = laid_out._rejection
    procedure, _ = planted_procedure()
    best = procedure.journal.awards[0].tenderer
    reason = next(mark.reason for mark in procedure.evaluation.marks.points if mark.bid.tenderer == best)
    monkeypatch.setitem(laid_out.BODIES, laid_out.Kind.REJECTION, lambda page: [*real(page), paragraph(reason)])


def _price_of_the_winner_without_being_asked(monkeypatch):
    real = decided._told

    def leaky(tender, row, price=None):
        return real(tender, row, row.price)

    monkeypatch.setattr(decided, "_told", leaky)


def _winner_s_price_line(monkeypatch):
    real = laid_out._answer
    procedure, _ = planted_procedure()
    best = procedure.journal.awards[0].tenderer
    line = next(bid.price.lines[0].amount for bid in procedure.evaluation.bids if bid.key.tenderer == best)
    monkeypatch.setitem(laid_out.BODIES, laid_out.Kind.REASONS, lambda page: [*real(page), paragraph(page.setter.money(line))])  # fmt: skip


def _who_asked(monkeypatch):
    monkeypatch.setattr(questions, "public", questions.register)


def _who_decided(monkeypatch):
    real = laid_out._end
    procedure, _ = planted_procedure()
    person = procedure.journal.awards[0].by
    monkeypatch.setattr(laid_out, "_end", lambda setter, letter: [*real(setter, letter), paragraph(person)])


@pytest.mark.parametrize(
    ("mutation", "seen"),
    [
        (_everybody_s_requests, "Regularisation.what"),
        (_reasons_of_the_marks_of_the_winner, "PointMark.reason"),
        (_price_of_the_winner_without_being_asked, "whole price"),
        (_winner_s_price_line, "PriceLine.amount"),
        (_who_asked, "Tenderer.name"),
        (_who_decided, "Award.by of the buyer"),
    ],
)
def test_a_leak_is_seen(monkeypatch, mutation, seen):
    mutation(monkeypatch)
    assert any(seen in leak for leak in all_leaks(*_written(), only=".docx")), "the canary test would not see this leak"
