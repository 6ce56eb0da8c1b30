"""What the screens of a result show, as plain data made once from its record: a page reads it and computes nothing.

Each text is set in both languages at once: a string when they say the same, else `{"fr": ..., "en": ...}`; see `spoken`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from egide.clausier.model import IRREGULAR, AwardUse, Point, Theme
from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.report import arithmetic, risk_cost, summary_pictures
from egide.report.papers.typography import plain_text
from egide.report.record import Record
from egide.report.view import NOTHING, Retained, View, view
from egide.tender import words
from egide.tender.evaluation import AWAITED, Row, Status
from egide.tender.history import Change
from egide.tender.model import HARMONISED, BidKey, Criterion, Lot, PointMark
from egide.tender.notes import Note, exact

BID, THEME, PICTURES, RISK = "bid", "theme", "pictures", "risk"
FIRST = "first"
"""The name of the part that holds the first picture alone, for the page of the ranking."""
MOST = 40
"""Findings of a kind that are kept in words; all are counted, and all are in the matrix."""
HIGH = Decimal("0.7")


@dataclass(frozen=True)
class Part:
    """What one page shows: a bid (named by its place), a theme (by its identifier), the pictures of a lot."""

    kind: str
    lot: str
    name: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Summary:
    """What the first page shows, with the ranking of each lot; then the parts, each for a page of its own."""

    data: dict[str, Any]
    parts: tuple[Part, ...]


def summary(record: Record) -> Summary:
    """Return what the screens show of a record: same record, same data, whatever its own language."""
    french, english = (_Told(view(replace(record, language=each), plain_text)) for each in ("fr", "en"))
    parts = [
        Part(*place, both(data, english_data))
        for (place, data), (_, english_data) in zip(french.parts(), english.parts(), strict=True)
    ]
    return Summary(both(french.overview(), english.overview()), tuple(parts))


def both(french: Any, english: Any) -> Any:
    """Return data said in two languages as one: a text that differs becomes a pair."""
    if isinstance(french, dict):
        return {key: both(value, english[key]) for key, value in french.items()}
    if isinstance(french, list):
        return [both(*pair) for pair in zip(french, english, strict=True)]
    return french if french == english else {"fr": french, "en": english}


def spoken(data: Any, language: Language) -> Any:
    """Return such data in one language."""
    if isinstance(data, dict):
        if data.keys() == {"fr", "en"}:
            return data[language]
        return {key: spoken(value, language) for key, value in data.items()}
    if isinstance(data, list):
        return [spoken(value, language) for value in data]
    return data


def grade(found: Retained | None) -> str:
    """Return how a retained level is shown, the same as in the matrix: high, middle, low, irregular or missing."""
    if found is None or found.value is None:
        return "missing"
    if found.code == IRREGULAR:
        return IRREGULAR
    return "high" if found.value >= HIGH else "middle" if found.value > 0 else "low"


class _Told:
    """A record told in one language."""

    def __init__(self, seen: View):
        self.seen, self.set, self.say, self.tender = seen, seen.set, seen.set.say, seen.tender
        self.people = {each.id: self.say(each.role) or each.id for each in seen.tender.evaluators}
        self.people[HARMONISED] = self.say(message("Ensemble, après harmonisation"))
        self.findings: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for each in seen.record.findings:
            self.findings[seen.lot_of(each), each.tenderer].append(each)

    # ------------------------------------------------------------------------------------------------------- first page
    def overview(self) -> dict[str, Any]:
        """Return what the first page shows."""
        kept, evaluation = self.seen.record, self.seen.evaluation
        return {
            "format": 1,
            "status": evaluation.status.value,
            "day": self.set.day(kept.date),
            "seed": kept.seed,
            "program": evaluation.program,
            "fingerprint": evaluation.fingerprint,
            "criteria": [self.criterion(each) for each in self.tender.criteria],
            "lots": [self.lot(each) for each in self.tender.lots],
            "counts": self.counts(kept.findings),
            "waiting": self.waiting(each for each in kept.findings if not self.seen.lot_of(each)),
        }

    def criterion(self, criterion: Criterion) -> dict[str, Any]:
        """Return a criterion."""
        return {
            "id": criterion.id,
            "title": self.seen.criterion_title(criterion),
            "weight": self.set.number(criterion.weight, None),
            "scale": self.set.number(criterion.scale, None),
        }

    def lot(self, lot: Lot) -> dict[str, Any]:
        """Return a lot: its ranking, its themes, what it awaits."""
        found = [each for each in self.seen.record.findings if self.seen.lot_of(each) == lot.id]
        costs = risk_cost.short(self.seen, lot)
        return {
            "id": lot.id,
            "name": self.seen.lot_name(lot),
            "bids": [
                {**self.bid(n, row), "risk": costs.get(row.key)}
                for n, row in enumerate(self.seen.evaluation.lot(lot.id), 1)
            ],
            "risk": self.seen.evaluation.risk.use.value if costs and self.seen.evaluation.risk else "",
            "themes": [
                {"id": theme.id, "title": self.say(theme.title), "points": len(points)}
                for theme, points in self.themes(lot)
            ],
            "counts": self.counts(found),
            "waiting": self.waiting(found),
        }

    def themes(self, lot: Lot) -> list[tuple[Theme, list[Point]]]:
        """Return the themes of a lot with those of their points that serve the award."""
        found = (
            (theme, [each for each in theme.points if each.award_use is not AwardUse.NONE])
            for theme in self.seen.clausier_of(lot.id).themes
        )
        return [(theme, points) for theme, points in found if points]

    def bid(self, place: int, row: Row) -> dict[str, Any]:
        """Return the line of a bid in the ranking."""
        seen, decision = self.seen, self.seen.decisions.get(row.key)
        noted = seen.noted(row)
        return {
            "place": place,
            "tenderer": row.key.tenderer,
            "variant": row.key.variant,
            "name": seen.name(row.key),
            "rank": row.rank,
            "total": self.set.number(row.total) if noted else "",
            "class": row.bid_class.value,
            "class_word": seen.word(words.CLASSES, row.bid_class),
            "excluded": seen.excluded(row),
            "reason": self.set.quote(decision.reason) if decision and seen.excluded(row) else "",
            "low": row.abnormally_low,
            "price": self.set.money(row.price, self.tender.currency) if row.price is not None else "",
            "points": [self.set.number(each.weighted) if noted else "" for each in row.notes],
            "missing": row.missing,
        }

    def counts(self, found: Iterable[Finding]) -> dict[str, int]:
        """Return how many findings of each severity there are."""
        told = [each.severity for each in found]
        return {each.value: told.count(each) for each in Severity}

    def waiting(self, found: Iterable[Finding]) -> list[dict[str, Any]]:
        """Return what keeps the result provisional, gathered by code."""
        if self.seen.evaluation.status is Status.FINAL:
            return []
        gathered: dict[str, list[Finding]] = defaultdict(list)
        for each in found:
            if each.code in AWAITED:
                gathered[each.code].append(each)
        return [
            {"code": code, "count": len(each), "said": [self.told(one) for one in each[:MOST]]}
            for code, each in sorted(gathered.items())
        ]

    def told(self, finding: Finding) -> dict[str, str]:
        """Return a finding in words."""
        tenderer = self.tender.tenderer.get(finding.tenderer)
        return {
            "severity": finding.severity.value,
            "tenderer": self.set.quote((tenderer.name if tenderer else "") or finding.tenderer),
            "point": finding.point,
            "said": self.say(finding.understood),
            "remedy": self.say(finding.remedy),
            "where": self.set.quote(" · ".join(each for each in (finding.file, finding.place) if each)),
        }

    # ------------------------------------------------------------------------------------------------------------ parts
    def parts(self) -> Iterable[tuple[tuple[str, str, str], dict[str, Any]]]:
        """Give each part with its kind, its lot and its name."""
        for lot in self.tender.lots:
            rows, themes = self.seen.evaluation.lot(lot.id), self.themes(lot)
            compared = arithmetic.prices(self.seen, rows)
            cells = {
                (row.key, point.id): self.cell(row.key, point) for row in rows for _, points in themes for point in points
            }  # fmt: skip
            for n, row in enumerate(rows, 1):
                yield (BID, lot.id, str(n)), self.whole_bid(n, row, themes, cells, compared)
            for theme, points in themes:
                yield (THEME, lot.id, theme.id), self.theme(theme, points, rows, cells)
            drawn = summary_pictures.pictures(self.seen, lot)
            yield (PICTURES, lot.id, ""), {"pictures": drawn}
            yield (PICTURES, lot.id, FIRST), {"pictures": drawn[:1]}
            if cost := risk_cost.on_screen(self.seen, lot):
                yield (RISK, lot.id, ""), cost

    def cell(self, key: BidKey, point: Point) -> dict[str, Any]:
        """Return what counts for a point of a bid: what was declared, the level in words, who says so and why."""
        found = self.seen.retained(key, point)
        counted = self.seen.counted(key, point)
        word = self.seen.level_word(found) if found else self.say(message("attendu"))
        meanwhile = (
            message("compté : {level}", level=self.seen.level_word(counted))
            if counted.proposed and counted.code
            else ""
        )
        return {
            "grade": grade(found),
            "word": word,
            "value": self.set.number(found.value, None) if found and found.value is not None else "",
            "meanwhile": self.say(meanwhile) if meanwhile else "",
            "declared": self.seen.declared(key, point),
            "marks": [self.mark(each) for each in (found.marks if found else ())],
        }

    def mark(self, mark: PointMark) -> dict[str, str]:
        """Return who retained a level, why and on what proof."""
        proof = self.say(message("Preuve : {proof}", proof=self.set.quote(mark.proof_seen)))
        return {
            "who": self.people.get(mark.evaluator, mark.evaluator),
            "reason": self.set.quote(mark.reason),
            "proof": proof if mark.proof_seen else "",
        }

    def point(self, point: Point) -> dict[str, str]:
        """Return how a point is named."""
        use = self.seen.word(words.AWARD_USES, point.award_use)
        scored = self.say(message("{use}, poids {weight}", use=use, weight=point.weight))
        return {
            "id": point.id,
            "title": self.say(point.title) or self.say(point.wording(self.seen.record.language)),
            "use": scored if point.award_use.scores else use,
        }

    def theme(
        self, theme: Theme, points: Sequence[Point], rows: Sequence[Row], cells: Mapping[tuple[BidKey, str], Any]
    ) -> dict[str, Any]:
        """Return a theme of the matrix: its points, and the cells of each bid in their order."""
        return {
            "id": theme.id,
            "title": self.say(theme.title),
            "points": [self.point(each) for each in points],
            "bids": [
                {
                    "place": n,
                    "name": self.seen.name(row.key),
                    "rank": row.rank,
                    "cells": [cells[row.key, point.id] for point in points],
                }
                for n, row in enumerate(rows, 1)
            ],
        }

    # ------------------------------------------------------------------------------------------------------------ a bid
    def whole_bid(
        self,
        place: int,
        row: Row,
        themes: Sequence[tuple[Theme, list[Point]]],
        cells: Mapping[tuple[BidKey, str], Any],
        compared: Sequence[Decimal],
    ) -> dict[str, Any]:
        """Return why a bid has its rank: notes, points won and lost, decisions, changes, findings."""
        noted = self.seen.noted(row)
        found = [each for each in self.findings[row.key.lot, row.key.tenderer] if each.severity is not Severity.NOTE]
        return {
            **self.bid(place, row),
            "sum": arithmetic.addition(self.seen, row) if noted else "",
            "criteria": [self.noted(each, row, compared) for each in self.tender.criteria] if noted else [],
            "themes": [self.won(row, theme, points, cells) for theme, points in themes],
            "decision": self.decision(row.key),
            "changes": [self.change(each) for each in self.seen.evaluation.history if each.bid == row.key],
            "findings": [self.told(each) for each in found[:MOST]],
            "found": len(found),
        }

    def noted(self, criterion: Criterion, row: Row, compared: Sequence[Decimal]) -> dict[str, Any]:
        """Return the note of a criterion: the sums written out, and the notes that people gave."""
        note = next(each for each in row.notes if each.id == criterion.id)
        subs = {each.id: each for each in criterion.subcriteria}
        given = [
            {
                "who": self.people.get(each.evaluator, each.evaluator),
                "about": self.seen.criterion_title(subs[sub]) if sub in subs else "",
                "note": self.set.number(each.note, None),
                "reason": self.set.quote(each.reason),
            }
            for sub in ("", *subs)
            for each in self.seen.notes.get((row.key, criterion.id, sub), ())
        ]
        return {
            **self.criterion(criterion),
            "points": self.set.number(note.weighted),
            "lost": self.set.number(criterion.weight - note.weighted),
            "complete": note.complete,
            "lines": [
                {"label": each.label, "sum": each.sum, "note": each.note, "weighting": each.weighting, "points": each.points}
                for each in arithmetic.lines(self.seen, criterion, row, compared)
            ],
            "given": given,
        }  # fmt: skip

    def won(
        self, row: Row, theme: Theme, points: Sequence[Point], cells: Mapping[tuple[BidKey, str], Any]
    ) -> dict[str, Any]:
        """Return what the points of a theme bring on a hundred, and what they leave."""
        lines, won, most = [], Fraction(0), Fraction(0)
        for point in points:
            whole = self.carried(row, point)
            value = self.seen.counted(row.key, point).value or Decimal(0)
            won, most = won + whole * Fraction(value), most + whole
            answer = self.seen.answer(row.key, point)
            pointer = answer.pointer if answer else None
            lines.append({
                **self.point(point),
                **cells[row.key, point.id],
                "pointer": self.set.quote(" · ".join(each for each in (pointer.document, pointer.section) if each)) if pointer else "",
                "won": self.gain(whole * Fraction(value)) if whole else "",
                "lost": self.gain(whole * (1 - Fraction(value))) if whole else "",
            })  # fmt: skip
        scored = any(each.award_use.scores for each in points)
        return {
            "id": theme.id,
            "title": self.say(theme.title),
            "won": self.gain(won) if scored else "",
            "most": self.gain(most) if scored else "",
            "lost": self.gain(most - won) if scored else "",
            "points": lines,
        }

    def gain(self, value: Fraction) -> str:
        """Return points on a hundred, with two decimals."""
        return self.set.number(exact(value))

    def carried(self, row: Row, point: Point) -> Fraction:
        """Return how many of the hundred points a point of the clausier is worth on that lot."""
        criterion = self.seen.clausier_criterion
        if criterion is None or not point.award_use.scores:
            return Fraction(0)
        note: Note | None = next(each for each in row.notes if each.id == criterion.id)
        weight = criterion.weight
        if criterion.subcriteria:
            sub = self.seen.subcriterion(point)
            if sub is None:
                return Fraction(0)
            note = next((each for each in note.parts if each.id == sub.id), None) if note else None
            weight = arithmetic.subweight(criterion, sub)
        if note is None or not note.possible:
            return Fraction(0)
        return Fraction(weight) * point.weight / Fraction(note.possible)

    def decision(self, key: BidKey) -> dict[str, str] | None:
        """Return what was decided on a bid."""
        decision = self.seen.decisions.get(key)
        if decision is None:
            return None
        return {
            "class": self.seen.word(words.CLASSES, decision.bid_class),
            "who": self.set.quote(decision.person),
            "day": self.set.day(decision.decided_on),
            "reason": self.set.quote(decision.reason),
            "draw": str(decision.draw or ""),
        }

    def change(self, change: Change) -> dict[str, str]:
        """Return a mark changed since the ranking was first seen."""
        titles = {each.id: self.seen.criterion_title(each) for each in self.tender.criteria}
        return {
            "who": self.people.get(change.evaluator, change.evaluator),
            "subject": titles.get(change.subject, change.subject),
            "before": self.level(change.before),
            "after": self.level(change.after),
            "reason_before": self.set.quote(change.reason_before),
            "reason": self.set.quote(change.reason),
            "seen": self.set.day(change.seen_on),
        }

    def level(self, code: str) -> str:
        """Return a level or a note as people say it."""
        return self.say(words.level(code)) if code else NOTHING
