"""Which letters a procedure calls for, what each may say, and which are refused: a letter that would be unlawful is not
written, and the others are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from egide.clausier.model import Point
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender import words
from egide.tender.classing import OUT_OF_RANKING
from egide.tender.evaluation import Evaluation, Row, Status
from egide.tender.lots import of_lot
from egide.tender.model import BidKey, Criterion, Decision, Lot, PointMark, Tender
from egide.tender.notes import Note
from egide.tender.procedure.award_rules import standstill
from egide.tender.procedure.journal import Award, Journal, LetterKind, Sent
from egide.tender.procedure.letter import Asked, Excluded, Kind, Letter, Lost, Part, Told
from egide.tender.procedure.outcome import (
    CAUSES,
    awarded_row,
    bid_label,
    criterion_name,
    current_award,
    lot_name,
    named_in,
    no_award,
    tenderer_name,
)
from egide.tender.procedure.situation import JOURNAL, Situation, formalised
from egide.tender.retained import retained_marks

MOST_LOST = 15
"""How many points a letter names at most: those that cost the most."""


def letters(situation: Situation) -> tuple[list[Letter], list[Finding]]:
    """Return the letters that can be sent on the day of the situation, and a finding for each that cannot.

    A letter that the journal says sent keeps its day.
    """
    case = _Case(situation)
    made: list[Letter] = []
    found: list[Finding] = []
    for make in (_regularisations, _justifications, _proofs, _candidacies, _endings, _answers):
        for each in make(case):
            if isinstance(each, Finding):
                found.append(each)
            elif refusal := _names_somebody(case, each):
                found.append(refusal)
            else:
                made.append(each)
    return made, found


@dataclass(frozen=True)
class _Case:
    """A situation, with what letters look up in it."""

    situation: Situation

    @property
    def tender(self) -> Tender:
        """Return the consultation."""
        return self.situation.tender

    @property
    def journal(self) -> Journal:
        """Return the journal of the day."""
        return self.situation.journal

    @cached_property
    def final(self) -> Evaluation | None:
        """Return the evaluation when it can found a letter."""
        evaluation = self.situation.evaluation
        return evaluation if evaluation and evaluation.status is Status.FINAL else None

    @cached_property
    def decided(self) -> Mapping[BidKey, Decision]:
        """Return the decision taken on each bid."""
        return {each.bid: each for each in self.final.marks.decisions} if self.final else {}

    @cached_property
    def retained(self) -> Mapping[tuple[BidKey, str], list[PointMark]]:
        """Return the marks that count."""
        return retained_marks(self.final.marks.points) if self.final else {}

    @cached_property
    def scored(self) -> Mapping[str, tuple[Point, ...]]:
        """Return the scored points of each lot."""
        clausier = self.situation.evaluation.clausier if self.situation.evaluation else None
        lots = {
            lot: of_lot(self.tender, clausier, lot).points.values() if clausier else () for lot in self.situation.lots
        }
        return {lot: tuple(point for point in points if point.award_use.scores) for lot, points in lots.items()}

    def sent(self, tenderer: str, lot: str, kind: LetterKind, since: date = date.min) -> date:
        """Return the day on which a letter was sent, else that of the situation.

        What was sent before a decision does not tell it: `since` is the day of the decision.
        """
        mine = (tenderer, lot, kind)
        days = [each.on for each in self.journal.sent if (each.tenderer, each.lot, each.kind) == mine]
        return max((day for day in days if day >= since), default=self.situation.on)


_Made = Iterator[Letter | Finding]


def _refused(kind: Kind, tenderer: str, lot: str, why: Message, remedy: Message) -> Finding:
    return Finding(
        f"letter.{kind}",
        Severity.ERROR,
        message("lettre refusée à {tenderer}, {lot} : {why}", tenderer=tenderer or "-", lot=lot, why=why),
        remedy,
        JOURNAL,
        lot,
        tenderer=tenderer,
    )


# ------------------------------------------------------------------------------------- before the evaluation is closed
def _regularisations(case: _Case) -> _Made:
    """Give a request to each tenderer concerned, with one deadline for all of a lot (R26)."""
    for lot in case.tender.lots:
        asked = [each for each in case.journal.regularisations if each.lot == lot.id]
        deadlines = {
            number: {each.deadline for each in asked if each.round == number}
            for number in {each.round for each in asked}
        }
        for tenderer in dict.fromkeys(each.tenderer for each in asked):
            own = [each for each in asked if each.tenderer == tenderer]
            if any(len(deadlines[each.round]) > 1 for each in own):
                why = message("les demandes du lot n'ont pas toutes la même date limite (R2152-2)")
                remedy = message("Donner la même date limite à tous les soumissionnaires concernés du lot.")
                yield _refused(Kind.REGULARISATION, tenderer, lot.id, why, remedy)
                continue
            points = (
                of_lot(case.tender, case.situation.evaluation.clausier, lot.id).points
                if case.situation.evaluation
                else {}
            )
            wanted = tuple(
                Asked(each.what, each.deadline, tuple((point, points[point].title if point in points else "") for point in each.points))
                for each in own
            )  # fmt: skip
            yield _letter(case, Kind.REGULARISATION, tenderer, lot.id, max(each.asked_on for each in own), asked=wanted)


def _justifications(case: _Case) -> _Made:
    bids = {bid.key: bid for bid in case.situation.evaluation.bids} if case.situation.evaluation else {}
    for each in case.journal.justifications:
        bid = bids.get(BidKey(each.tenderer, each.lot, each.variant, each.round))
        price = bid.price.total if bid and bid.price else None
        asked = (Asked("", each.deadline),)
        yield _letter(case, Kind.JUSTIFICATION, each.tenderer, each.lot, each.asked_on, asked=asked, amount=price)


def _proofs(case: _Case) -> _Made:
    """Give the request of proofs to the presumed winner alone (R45)."""
    for lot in case.tender.lots:
        own = [each for each in case.journal.proofs if each.lot == lot.id]
        for tenderer in dict.fromkeys(each.tenderer for each in own):
            presumed = _presumed(case, lot.id)
            if tenderer not in presumed:
                why = message("les justificatifs ne se demandent qu'à l'attributaire pressenti")
                remedy = message("Terminer l'évaluation, ou corriger le soumissionnaire (proofs dans {file}).", file=JOURNAL)  # fmt: skip
                yield _refused(Kind.PROOFS, tenderer, lot.id, why, remedy)
                continue
            wanted = tuple(Asked(each.what, each.deadline) for each in own if each.tenderer == tenderer)
            on = max(each.asked_on for each in own if each.tenderer == tenderer)
            yield _letter(case, Kind.PROOFS, tenderer, lot.id, on, asked=wanted)


def _presumed(case: _Case, lot: str) -> set[str]:
    """Return who was or is first: those that could not go on, then the award or the first of the ranking left."""
    out = {each.tenderer for each in case.journal.withdrawals if each.lot == lot}
    award = current_award(case.journal, lot)
    ranked = [row for row in case.final.lot(lot) if row.rank is not None and row.key.tenderer not in out] if case.final else []  # fmt: skip
    return out | ({award.tenderer} if award else {row.key.tenderer for row in ranked[:1]})


def _candidacies(case: _Case) -> _Made:
    for each in [each for each in case.journal.candidacies if not each.admitted]:
        lots = [
            lot
            for lot in case.situation.lots
            if case.situation.refused(each.tenderer, lot) and lot in (each.lots or case.situation.lots)
        ]
        for lot in lots:
            if not each.reason:
                yield _refused(Kind.CANDIDACY, each.tenderer, lot, message("le motif du rejet de la candidature manque"), message("L'écrire (candidacies, reason)."))  # fmt: skip
                continue
            on = case.sent(each.tenderer, lot, LetterKind.REJECTION)
            award = current_award(case.journal, lot)
            if award is not None and award.on > on:
                award = None
            winner = tenderer_name(case.tender, award.tenderer) if award else ""
            first = _first_day(case, lot) if award else None
            yield _letter(case, Kind.CANDIDACY, each.tenderer, lot, on, reason=each.reason, winner=winner, first_day=first)  # fmt: skip


# ------------------------------------------------------------------------------------------------- the end of each lot
def _endings(case: _Case) -> _Made:
    for lot in case.tender.lots:
        ended, award = no_award(case.journal, lot.id), current_award(case.journal, lot.id)
        if ended is not None:
            yield from _abandoned(case, lot, ended.reason, ended.kind)
        elif award is None:
            yield Finding(
                "letter.none",
                Severity.NOTE,
                message("aucune lettre de fin : le lot n'est ni attribué ni abandonné ({lot})", lot=lot_name(case.tender, lot.id)),
                message("Écrire la décision (awards ou no_awards dans {file}).", file=JOURNAL),
                JOURNAL,
                lot.id,
            )  # fmt: skip
        else:
            yield from _awarded(case, lot.id, award)


def _abandoned(case: _Case, lot: Lot, reason: str, kind: str) -> _Made:
    """Tell everybody, with the reason (R65)."""
    for tenderer in case.situation.bidders(lot.id):
        if case.situation.refused(tenderer, lot.id):
            continue
        if not reason:
            yield _refused(Kind.NO_AWARD, tenderer, lot.id, message("le motif de ne pas attribuer manque (R2185-2)"), message("L'écrire (no_awards, reason)."))  # fmt: skip
            continue
        on = case.sent(tenderer, lot.id, LetterKind.NO_AWARD)
        yield _letter(case, Kind.NO_AWARD, tenderer, lot.id, on, reason=reason, ending=kind)


def _awarded(case: _Case, lot: str, award: Award) -> _Made:
    final = case.final
    if final is None:
        why = message("l'évaluation est provisoire ou absente : des notes ou décisions sont attendues")
        yield _refused(Kind.REJECTION, "", lot, why, message("Terminer l'évaluation, puis recommencer."))
        return
    known = case.tender.tenderer.get(award.tenderer)
    if known is None or not known.name:
        why = message("le nom de l'attributaire manque (R2181-3)")
        yield _refused(Kind.REJECTION, "", lot, why, message("Écrire son nom (tenderers dans tender.yaml)."))
        return
    best = awarded_row(final, award)
    if best is None or best.rank is None:
        why = message("l'attributaire {name} n'est pas au classement", name=known.name)
        yield _refused(Kind.AWARD, award.tenderer, lot, why, message("Corriger awards, ou l'évaluation."))
        return
    with_a_bid = {row.key.tenderer for row in final.lot(lot)}
    for tenderer in dict.fromkeys((*case.situation.bidders(lot), *sorted(with_a_bid))):
        if tenderer == award.tenderer:
            yield _notice(case, award, best)
        elif case.situation.refused(tenderer, lot):
            continue
        elif tenderer in with_a_bid:
            yield _rejection(case, final, Kind.REJECTION, tenderer, award, best)
        else:
            yield _unopened(case, tenderer, award)


def _unopened(case: _Case, tenderer: str, award: Award) -> Letter | Finding:
    """Return the letter to who sent something that could not be opened, most often too late (R2151-5)."""
    closed = [each for each in case.journal.deposits if each.tenderer == tenderer and not each.opened and each.why]
    if not closed:
        fault = message("aucune offre évaluée, et le registre des dépôts ne dit pas pourquoi")
        remedy = message(
            "Écrire le dépôt non ouvert et son motif (deposits, why), ou retirer ce soumissionnaire du lot."
        )
        return _refused(Kind.REJECTION, tenderer, award.lot, fault, remedy)
    day = _first_day(case, award.lot)
    winner = tenderer_name(case.tender, award.tenderer)
    on = case.sent(tenderer, award.lot, LetterKind.REJECTION, award.on)
    last = closed[-1]
    late = (last.ended_at, case.situation.deadline) if last.ended_at > case.situation.deadline else None
    return _letter(case, Kind.REJECTION, tenderer, award.lot, on, reason=last.why, late=late, winner=winner, first_day=day)  # fmt: skip


def _notice(case: _Case, award: Award, best: Row) -> Letter:
    asked = tuple(
        Asked(each.what, each.deadline)
        for each in case.journal.proofs
        if (each.tenderer, each.lot) == (award.tenderer, award.lot) and each.received_on is None
    )
    on = case.sent(award.tenderer, award.lot, LetterKind.AWARD, award.on)
    amount = award.amount if award.amount is not None else best.price
    day = _first_day(case, award.lot)
    own = (_told(case.tender, best),)
    return _letter(case, Kind.AWARD, award.tenderer, award.lot, on, own=own, asked=asked, amount=amount, first_day=day)


def _rejection(case: _Case, final: Evaluation, kind: Kind, tenderer: str, award: Award, best: Row) -> Letter | Finding:
    lot = award.lot
    rows = [row for row in final.lot(lot) if row.key.tenderer == tenderer]
    own = [row for row in rows if row.bid_class not in OUT_OF_RANKING]
    excluded = tuple(
        Excluded(bid_label(case.tender, row.key), row.bid_class, case.decided[row.key].reason)
        for row in rows
        if row.bid_class in OUT_OF_RANKING
    )
    gone = next((each for each in case.journal.withdrawals if (each.lot, each.tenderer) == (lot, tenderer)), None)
    passed_over = gone is None and any((row.rank or 0) < (best.rank or 0) for row in own)
    if not all(each.reason for each in excluded) or (passed_over and not award.reason):
        why = message("le motif du rejet manque (R2181-3)")
        remedy = message(
            "L'écrire dans marks/decisions.csv (colonne motif) ou, pour une offre mieux classée, dans awards (reason)."
        )
        return _refused(kind, tenderer, lot, why, remedy)
    day = _first_day(case, lot) if kind is Kind.REJECTION else None
    if kind is Kind.REJECTION and day is None and _waits(case, lot):
        why = message("le premier jour de signature possible manque (R2181-3, 2°)")
        return _refused(kind, tenderer, lot, why, message("La règle R41 n'a pas de valeur à cette date : la vérifier."))
    sent = LetterKind.REASONS if kind is Kind.REASONS else LetterKind.REJECTION
    price = best.price if kind is Kind.REASONS else None
    return _letter(
        case,
        kind,
        tenderer,
        lot,
        case.sent(tenderer, lot, sent, award.on),
        reason=award.reason if passed_over else "",
        gone=CAUSES[gone.cause] if gone else None,
        own=tuple(_told(case.tender, row) for row in own),
        excluded=excluded,
        lost=_lost(case, own),
        ranked=sum(row.rank is not None for row in final.lot(lot)),
        winner=tenderer_name(case.tender, award.tenderer),
        best=_told(case.tender, best, price) if own else None,
        first_day=day,
    )


def _answers(case: _Case) -> _Made:
    """Give the answer to each request of reasons (R43)."""
    for asked in case.journal.reasons:
        award = current_award(case.journal, asked.lot)
        best = awarded_row(case.final, award) if case.final and award else None
        if case.final is None or award is None or best is None:
            why = message("les motifs se donnent une fois le lot attribué sur une évaluation définitive")
            remedy = message("Terminer l'évaluation et écrire l'attribution.")
            yield _refused(Kind.REASONS, asked.tenderer, asked.lot, why, remedy)
            continue
        made = _rejection(case, case.final, Kind.REASONS, asked.tenderer, award, best)
        if isinstance(made, Letter):
            made = replace(made, requested_on=asked.received_on, on=asked.answered_on or made.on)
        yield made


# ---------------------------------------------------------------------------------------------------- what may be told
def _letter(case: _Case, kind: Kind, tenderer: str, lot: str, on: date, **content: object) -> Letter:
    return Letter(kind, tenderer, lot, on, formalised(case.tender), **content)  # type: ignore[arg-type]


def _told(tender: Tender, row: Row, price: Decimal | None = None) -> Told:
    criteria = {criterion.id: criterion for criterion in tender.criteria}
    parts = tuple(_part(criteria[note.id], note) for note in row.notes)
    return Told(bid_label(tender, row.key), row.rank, row.total, parts, price)


def _part(criterion: Criterion, note: Note) -> Part:
    subs = {sub.id: sub for sub in criterion.subcriteria}
    whole = sum((sub.weight for sub in criterion.subcriteria), Decimal(0))
    parts = tuple(
        Part(subs[part.id].title or part.id, part.weighted, subs[part.id].weight * criterion.weight / whole)
        for part in note.parts
    )
    return Part(criterion_name(criterion), note.weighted, criterion.weight, parts)


def _lost(case: _Case, rows: Sequence[Row]) -> tuple[Lost, ...]:
    """Return the points that cost a bid the most: its own levels only, in the words of the published scale."""
    found: list[Lost] = []
    for row in rows:
        for point in case.scored[row.key.lot]:
            given = case.retained.get((row.key, point.id), ())
            worth = {each.code: each.value for each in point.levels if each.value is not None}
            if not given or not worth:
                continue
            level = given[0].level
            cost = (max(worth.values()) - worth.get(level, Decimal(0))) * point.weight
            if cost:
                label = bid_label(case.tender, row.key) if len(rows) > 1 else None
                found.append(Lost(point.id, point.title, words.level(level), cost, label))
    return tuple(sorted(found, key=lambda each: (-each.cost, each.point))[:MOST_LOST])


# ---------------------------------------------------------------------------------------------------------- standstill
def _waits(case: _Case, lot: str) -> bool:
    """Whether the law makes the buyer wait: a formalised procedure with more than one tenderer (R2182-1, R2182-2)."""
    return formalised(case.tender) and len(case.situation.bidders(lot)) > 1


def _first_day(case: _Case, lot: str) -> date | None:
    """Return the first day on which the buyer may sign a lot once the letters of this run are sent; None: no wait."""
    rule, award = case.situation.rules.by_id.get("R41"), case.situation.award(lot)
    if rule is None or award is None or not _waits(case, lot):
        return None
    now = Sent("", lot, LetterKind.REJECTION, case.situation.on)
    return standstill([each for sent in case.situation.letters(lot, award).values() for each in (sent or (now,))], rule)


# ---------------------------------------------------------------------------------------------------------------- names
def _names_somebody(case: _Case, letter: Letter) -> Finding | None:
    """Return the refusal of a letter whose free texts name another tenderer: they would tell what must stay unsaid."""
    texts = [letter.reason, *(each.reason for each in letter.excluded), *(each.what for each in letter.asked)]
    others = named_in(texts, case.tender, except_for={letter.tenderer})
    if not others:
        return None
    why = message("un texte écrit à la main nomme un autre soumissionnaire ({names})", names=tuple(others))
    return _refused(letter.kind, letter.tenderer, letter.lot, why, message("Récrire ce texte sans nommer les autres."))
