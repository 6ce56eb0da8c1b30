"""What every document of an evaluation looks up in its record: bids by lot, what was retained, findings by lot."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from egide.clausier.model import IRREGULAR, Clausier, Point
from egide.finding import Finding, Severity
from egide.message import Text, message
from egide.report.naming import bid_name
from egide.report.one_lot import narrowed
from egide.report.papers.typography import Setter
from egide.report.record import Record
from egide.tender import words
from egide.tender.classing import OUT_OF_RANKING
from egide.tender.evaluation import Evaluation, Row, Status
from egide.tender.lots import concerns, of_lot
from egide.tender.model import (
    Acceptance,
    Answer,
    Bid,
    BidKey,
    Condition,
    Criterion,
    CriterionNote,
    Decision,
    Declared,
    Kind,
    Lot,
    PointMark,
    SubCriterion,
    Tender,
)
from egide.tender.points import proposal
from egide.tender.retained import retained_marks, retained_notes
from egide.tender.rules import feeds

PROVISIONAL = message("classement provisoire sur déclarations, ne peut fonder une attribution")
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Retained:
    """What counts for a point of a bid: `value` None awaits a precision; `proposed` was retained by nobody."""

    code: str
    value: Decimal | None
    marks: tuple[PointMark, ...] = ()
    proposed: bool = False

    @property
    def accepted_na(self) -> bool:
        """Whether a person accepted "not applicable"."""
        return any(mark.na is Acceptance.ACCEPTED for mark in self.marks)


@dataclass(frozen=True)
class View:
    """A record, with the texts set for one medium; `part` tells a record narrowed to one lot of several."""

    record: Record
    set: Setter
    part: bool = False

    @cached_property
    def evaluation(self) -> Evaluation:
        """Return the evaluation shown."""
        return self.record.evaluation

    @cached_property
    def tender(self) -> Tender:
        """Return the consultation."""
        return self.record.evaluation.tender

    @cached_property
    def provisional(self) -> bool:
        """Whether the result cannot found an award."""
        return self.evaluation.status is Status.PROVISIONAL

    @cached_property
    def bids(self) -> Mapping[BidKey, Bid]:
        """Return the bids by key, earlier rounds included."""
        return {bid.key: bid for bid in self.evaluation.bids}

    @cached_property
    def marks(self) -> Mapping[tuple[BidKey, str], list[PointMark]]:
        """Return the marks that count."""
        return retained_marks(self.evaluation.marks.points)

    @cached_property
    def notes(self) -> Mapping[tuple[BidKey, str, str], list[CriterionNote]]:
        """Return the notes that count."""
        return retained_notes(self.evaluation.marks.notes)

    @cached_property
    def decisions(self) -> Mapping[BidKey, Decision]:
        """Return the decision taken on each bid."""
        return {decision.bid: decision for decision in self.evaluation.marks.decisions}

    @cached_property
    def several(self) -> bool:
        """Whether the consultation has several lots, so that each is named."""
        return self.part or len(self.tender.lots) > 1

    @cached_property
    def clausier(self) -> Clausier:
        """Return the points of the lots shown."""
        asked = self.evaluation.clausier
        return of_lot(self.tender, asked, self.tender.lots[0].id) if len(self.tender.lots) == 1 else asked

    @cached_property
    def _clausiers(self) -> Mapping[str, Clausier]:
        return {lot.id: of_lot(self.tender, self.evaluation.clausier, lot.id) for lot in self.tender.lots}

    def clausier_of(self, lot: str) -> Clausier:
        """Return the points asked on a lot."""
        return self._clausiers.get(lot, self.clausier)

    def asked(self, point: Point, lot: str) -> bool:
        """Whether a point is asked on a lot."""
        return concerns(self.tender, point.id, lot)

    @cached_property
    def by_lot(self) -> bool:
        """Whether some points shown are asked on some lots only."""
        return any(not self.asked(point, lot.id) for point in self.clausier.points.values() for lot in self.tender.lots)

    @cached_property
    def scored(self) -> tuple[Point, ...]:
        """Return the points that earn something on a lot shown."""
        return tuple(point for point in self.clausier.points.values() if point.award_use.scores)

    @cached_property
    def clausier_criterion(self) -> Criterion | None:
        """Return the criterion that the points feed."""
        return next((each for each in self.tender.criteria if each.kind is Kind.CLAUSIER), None)

    def name(self, key: BidKey) -> str:
        """Return the name of a bid, as its tenderer writes it."""
        return self.set.quote(bid_name(self.tender, key, self.record.language))

    def lot_name(self, lot: Lot) -> str:
        """Return the name of a lot."""
        if not lot.title and not self.several:
            return self.set.say(message("Lot unique"))
        name = message("Lot {id}", id=lot.id.lower().removeprefix("lot").strip(" -_") or lot.id)
        return self.set.say(message("{id} : {title}", id=name, title=lot.title) if lot.title else name)

    def word(self, table: Mapping[str, Text], code: str) -> str:
        """Return the word of a code."""
        return self.set.say(table.get(code, code))

    def criterion_title(self, criterion: Criterion | SubCriterion) -> str:
        """Return the title of a criterion or sub-criterion."""
        if criterion.title:
            return self.set.say(criterion.title)
        if isinstance(criterion, Criterion) and criterion.kind in {Kind.PRICE, Kind.CLAUSIER}:
            return self.word(words.KINDS, criterion.kind)
        return self.set.say(criterion.id)

    def excluded(self, row: Row) -> bool:
        """Whether a bid is out of the ranking."""
        return row.bid_class in OUT_OF_RANKING

    def noted(self, row: Row) -> bool:
        """Whether the notes of a bid can be shown: an excluded bid that was not marked in full has none."""
        return not self.excluded(row) or (row.price is not None and all(note.complete for note in row.notes))

    # ------------------------------------------------------------------------------------------------------- points
    def retained(self, key: BidKey, point: Point) -> Retained | None:
        """Return what counts for a point: the level retained, else what the published rules propose of the answer."""
        marks = self.marks.get((key, point.id))
        if not marks or any(mark.level != marks[0].level for mark in marks):
            return None
        return Retained(marks[0].level, self.value(point, marks[0].level), tuple(marks))

    def proposed(self, key: BidKey, point: Point) -> Retained:
        """Return what a provisional result counts for a point that nobody retained."""
        code = proposal(point, self.answer(key, point))[0]
        return Retained(code, self.value(point, code) or Decimal(0), proposed=True)

    def counted(self, key: BidKey, point: Point) -> Retained:
        """Return what the arithmetic counts for a point."""
        found = self.retained(key, point)
        return found if found is not None and found.value is not None else self.proposed(key, point)

    def value(self, point: Point, code: str) -> Decimal | None:
        """Return what a level is worth."""
        if code == IRREGULAR:
            return Decimal(0)
        return point.level_of[code].value if code in point.level_of else None

    def answer(self, key: BidKey, point: Point) -> Answer | None:
        """Return the declared answer of a bid to a point."""
        return self.bids[key].answers.get(point.id) if key in self.bids else None

    def declared(self, key: BidKey, point: Point) -> str:
        """Return what a tenderer declares, in words."""
        answer = self.answer(key, point)
        if answer is None:
            return self.word(words.DECLARED, "blank")
        return self._declarations[answer.declared, answer.condition]

    @cached_property
    def _declarations(self) -> Mapping[tuple[Declared, Condition], str]:
        """Return the words of each declaration under each condition."""
        said = {declared: self.word(words.DECLARED, declared) for declared in Declared}
        under = {condition: self.word(words.CONDITIONS, condition) for condition in Condition}
        return {(each, on): f"{said[each]}, {under[on]}" if under[on] else said[each] for each in said for on in under}

    def level_word(self, retained: Retained) -> str:
        """Return a level in words."""
        word = self.set.say(words.level(retained.code)) if retained.code else NOTHING
        if not retained.accepted_na:
            return word
        accepted = self.set.say(message("sans objet accepté"))
        return f"{word}, {accepted}"

    def subcriterion(self, point: Point) -> SubCriterion | None:
        """Return the sub-criterion that a point feeds."""
        criterion = self.clausier_criterion
        theme = self.clausier.theme_of[point.id].id
        subs = criterion.subcriteria if criterion else ()
        return next((sub for sub in subs if feeds(sub, point.id, theme, point.family)), None)

    # ----------------------------------------------------------------------------------------------------- findings
    def lot_of(self, finding: Finding) -> str:
        """Return the lot that a finding concerns, "" when it is not known or concerns them all."""
        lots = [lot.id for lot in self.tender.lots]
        parts = finding.file.split("/")
        if len(parts) > 2 and parts[0] == "bids" and parts[2] in lots:
            return parts[2]
        said = [part.strip() for part in finding.place.split(",")]
        named = next((part for part in said if part in lots), "")
        return named or (lots[0] if finding.tenderer and len(lots) == 1 else "")

    @cached_property
    def findings(self) -> Mapping[str, Mapping[str, list[Finding]]]:
        """Return the errors and doubts by lot, then by tenderer; "" is what concerns the whole consultation."""
        found: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
        for finding in self.record.findings:
            if finding.severity is not Severity.NOTE:
                found[self.lot_of(finding)][finding.tenderer].append(finding)
        return found


def view(record: Record, clean: Callable[[str], str], lot: str = "") -> View:
    """Return the view of a record whose texts `clean` makes displayable; of one `lot` only when it is named."""
    whole = View(record, Setter(record.language, clean))
    return View(narrowed(record, lot, whole.lot_of), whole.set, part=True) if lot else whole
