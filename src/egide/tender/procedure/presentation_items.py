"""What fills each item of the record of a formalised procedure, from the consultation, the evaluation and the journal.

What only a person knows is asked, never guessed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from egide.message import Message, Text, message
from egide.tender import words
from egide.tender.classing import OUT_OF_RANKING
from egide.tender.evaluation import Evaluation, Row
from egide.tender.model import BidKey, Decision, Procedure, Tender
from egide.tender.procedure.journal import Award, Deposit, Journal
from egide.tender.procedure.outcome import (
    CAUSES,
    ENDINGS,
    PROCEDURES,
    asked_to_justify,
    awarded_row,
    bid_label,
    criterion_name,
    current_award,
    lot_name,
    no_award,
    quoted,
    tenderer_name,
)


@dataclass(frozen=True)
class Found:
    """What the file says of an item.

    `none`: why it has no object. `open`: what a text of the buyer would answer. `hard`: what a text cannot answer.
    """

    said: tuple[Message, ...] = ()
    none: Message | None = None
    open: tuple[Message, ...] = ()
    hard: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Case:
    """The file of a procedure; `evaluation` is None until it is final."""

    tender: Tender
    evaluation: Evaluation | None
    journal: Journal

    @property
    def decided(self) -> Mapping[BidKey, Decision]:
        """Return the decision taken on each bid."""
        return {each.bid: each for each in self.evaluation.marks.decisions} if self.evaluation else {}

    def rows(self, lot: str) -> tuple[Row, ...]:
        """Return the rows of a lot."""
        return self.evaluation.lot(lot) if self.evaluation else ()


NOT_FINAL = message("aucune évaluation définitive : terminer les notes, puis lancer egide evaluate")


# ------------------------------------------------------------------------------------------------------------ R2184-2
def _buyer(case: Case) -> Found:
    tender = case.tender
    buyer = tender.buyer
    head = message("{name} (SIRET {siret})", name=buyer.name, siret=buyer.siret) if buyer.siret else quoted(buyer.name)
    said = [
        message("{buyer}, {address}", buyer=head, address=buyer.address) if buyer.address else head,
        message("Objet : {title}", title=tender.title),
    ]
    missing = [] if buyer.address else [message("l'adresse de l'acheteur (buyer.address dans tender.yaml)")]
    amounts = [amount for lot in tender.lots if (amount := _amount(case, lot.id)) is not None]
    if amounts:
        said.append(message("Valeur attribuée, hors taxes : {amount}", amount=sum(amounts, Decimal(0))))
    maxima = [lot.maximum for lot in tender.lots if lot.maximum is not None]
    if maxima:
        said.append(message("Maximum de l'accord-cadre, hors taxes : {amount}", amount=sum(maxima, Decimal(0))))
    if tender.estimate is not None:
        said.append(message("Valeur estimée avant le lancement, hors taxes : {amount}", amount=tender.estimate))
    if not amounts and not maxima and tender.estimate is None:
        missing.append(message("la valeur du marché"))
    return Found(tuple(said), open=tuple(missing))


def _amount(case: Case, lot: str) -> Decimal | None:
    award = current_award(case.journal, lot)
    if award is None or award.amount is not None:
        return award.amount if award else None
    row = awarded_row(case.evaluation, award) if case.evaluation else None
    return row.price if row else None


def _excluded(case: Case) -> Found:
    given = case.journal.candidacies
    if not given:
        return Found(hard=(message("ce qui est décidé de chaque candidature (candidacies)"),))
    refused = [each for each in given if not each.admitted]
    said = tuple(
        message("{name} : {reason}", name=tenderer_name(case.tender, each.tenderer), reason=each.reason)
        for each in refused
        if each.reason
    )
    missing = tuple(
        message("le motif du rejet de la candidature de {name}", name=tenderer_name(case.tender, each.tenderer))
        for each in refused
        if not each.reason
    )
    return Found(said, message("toutes les candidatures ont été admises"), open=missing)


def _selected(case: Case) -> Found:
    given = case.journal.candidacies
    known = {each.tenderer for each in given}
    silent = [each.id for each in case.tender.tenderers if each.id not in known]
    admitted = [each for each in given if each.admitted]
    said = tuple(
        message("{name} : {reason}", name=name, reason=each.reason) if each.reason else quoted(name)
        for each in admitted
        for name in [tenderer_name(case.tender, each.tenderer)]
    )
    mute = tuple(tenderer_name(case.tender, each.tenderer) for each in admitted if not each.reason)
    open_ = (message("les motifs de la sélection de {names}", names=mute),) if mute else ()
    names = tuple(tenderer_name(case.tender, each) for each in silent)
    hard = (message("ce qui est décidé de la candidature de {names} (candidacies)", names=names),) if silent else ()
    return Found(said, message("aucune candidature n'a été admise"), open_, hard)


def _rejected(case: Case) -> Found:
    said = [
        message(
            "{name} : pli non ouvert : {reason}",
            name=tenderer_name(case.tender, each.tenderer),
            reason=each.why or message("arrivé hors délai"),
        )
        for each in case.journal.deposits
        if not each.opened and not _replaced(case, each)
    ]
    hard: list[Message] = [] if case.evaluation else [NOT_FINAL]
    for lot in case.tender.lots:
        rows = case.rows(lot.id)
        award = current_award(case.journal, lot.id)
        winner = awarded_row(case.evaluation, award) if case.evaluation and award else None
        if rows and award is None and no_award(case.journal, lot.id) is None:
            hard.append(message("la décision d'attribuer ou non : {lot}", lot=lot_name(case.tender, lot.id)))
        for row in rows:
            lines, faults = _rejection(case, row, winner)
            said += lines
            hard += faults
    return Found(tuple(said), message("aucune offre n'a été rejetée"), hard=tuple(hard))


def _on_lot(case: Case, lot: str, name: Message) -> Message:
    """Return a name with its lot, when there are several."""
    if len(case.tender.lots) == 1:
        return name
    return message("{lot}, {name}", lot=lot_name(case.tender, lot), name=name)


def _replaced(case: Case, closed: Deposit) -> bool:
    """Whether its sender sent it again in time: what replaces it was opened, and is judged on its own."""
    later = [
        each
        for each in case.journal.deposits
        if each.opened and each.tenderer == closed.tenderer and closed.ended_at < each.ended_at
    ]
    return any(not (each.lots and closed.lots) or set(each.lots) & set(closed.lots) for each in later)


def _rejection(case: Case, row: Row, winner: Row | None) -> tuple[list[Message], list[Message]]:
    name = _on_lot(case, row.key.lot, bid_label(case.tender, row.key))
    said, hard = _low(case, row, name)
    if row == winner:
        return said, hard
    if row.bid_class in OUT_OF_RANKING:
        decision = case.decided[row.key]
        word = words.CLASSES[row.bid_class]
        if decision.reason:
            return [*said, message("{name} : offre {word} : {reason}", name=name, word=_lower(word), reason=decision.reason)], hard  # fmt: skip
        return said, [*hard, message("le motif de la décision sur l'offre : {name}", name=name)]
    if winner is not None:
        line = message(
            "{name} : classée {rank}e avec {total} sur 100, l'offre retenue a {best} sur 100",
            name=name, rank=row.rank, total=row.total, best=winner.total,
        )  # fmt: skip
        return [*said, line], hard
    return [*said, message("{name} : lot non attribué", name=name)], hard


def _lower(text: Text) -> Text:
    return Text(text.fr.lower(), text.en.lower())


def _low(case: Case, row: Row, name: Message) -> tuple[list[Message], list[Message]]:
    """Return what is said of a price that seemed abnormally low, and what is still due of it (L2152-6)."""
    asked = asked_to_justify(case.journal, row.key)
    if asked is None:
        due_ = message("la justification du prix, très bas, à demander (L2152-6) : {name}", name=name)
        return [], [due_] if row.abnormally_low and row.bid_class not in OUT_OF_RANKING else []
    if asked.accepted is None:
        return [], [message("ce qui est décidé de la justification du prix : {name}", name=name)]
    reason = asked.analysis or asked.answer
    if not reason:
        return [], [message("l'analyse de la justification du prix : {name}", name=name)]
    if asked.accepted:
        return [message("{name} : prix très bas mais justifié : {reason}", name=name, reason=reason)], []
    line = message("{name} : offre anormalement basse : {reason}", name=name, reason=reason)
    ranked = row.bid_class not in OUT_OF_RANKING
    fault = message("l'offre anormalement basse est encore classée : écrire la décision dans marks/decisions.csv ({name})", name=name)  # fmt: skip
    return [line], [fault] if ranked else []


def _winner(case: Case) -> Found:
    said: list[Message] = []
    open_: list[Message] = []
    hard: list[Message] = [] if case.evaluation else [NOT_FINAL]
    for lot in case.tender.lots:
        name = lot_name(case.tender, lot.id)
        said += _withdrawn(case, lot.id)
        award = current_award(case.journal, lot.id)
        if award is None:
            if no_award(case.journal, lot.id) is None:
                hard.append(message("l'attributaire : {lot}", lot=name))
            continue
        row = awarded_row(case.evaluation, award) if case.evaluation else None
        who = bid_label(case.tender, BidKey(award.tenderer, award.lot, award.variant))
        reasons = [*_merits(case, row), *([quoted(award.reason)] if award.reason else [])]
        if case.evaluation and (row is None or row.rank is None):
            hard.append(message("l'attributaire n'est pas au classement : {lot}, {name}", lot=name, name=who))
        elif row is not None and row.rank != 1 and not award.reason:
            open_.append(message("pourquoi l'offre première du classement n'est pas retenue : {lot}", lot=name))
        said += [_on_lot(case, lot.id, who), *reasons, _subcontracted(case, award)]
    return Found(tuple(said), message("aucun lot n'est attribué"), tuple(open_), tuple(hard))


def _merits(case: Case, row: Row | None) -> list[Message]:
    if row is None or row.rank is None:
        return []
    ranked = sum(each.rank is not None for each in case.rows(row.key.lot))
    criteria = {criterion.id: criterion for criterion in case.tender.criteria}
    notes = tuple(
        message("{title} {note} sur {weight}", title=criterion_name(criteria[note.id]), note=note.weighted, weight=criteria[note.id].weight)
        for note in row.notes
    )  # fmt: skip
    if row.rank == 1:
        said = message(
            "classée première (offres classées : {count}) avec {total} points sur 100 ({notes})",
            count=ranked,
            total=row.total,
            notes=notes,
        )
    else:
        said = message(
            "classée {rank}e (offres classées : {count}) avec {total} points sur 100 ({notes})",
            rank=row.rank,
            count=ranked,
            total=row.total,
            notes=notes,
        )
    return [said]


def _subcontracted(case: Case, award: Award) -> Message:
    tenderer = case.tender.tenderer.get(award.tenderer)
    named = tuple(
        message("{name} ({part})", name=each.name, part=each.part) if each.part else quoted(each.name)
        for each in (tenderer.subcontractors if tenderer else ())
    )
    if named and award.subcontracted:
        return message("Part confiée à des sous-traitants (commande publique) : {part} ; {names}", part=award.subcontracted, names=named)  # fmt: skip
    if named or award.subcontracted:
        return message("Part confiée à des sous-traitants (commande publique) : {names}", names=named or award.subcontracted)  # fmt: skip
    return message("Aucune sous-traitance (commande publique) n'est connue à ce jour")


def _withdrawn(case: Case, lot: str) -> list[Message]:
    """Return the winners who could not go on, with why."""
    said = []
    for each in [each for each in case.journal.withdrawals if each.lot == lot]:
        who, cause = tenderer_name(case.tender, each.tenderer), CAUSES[each.cause]
        line = message(
            "{name} : d'abord retenue, n'a pas pu conclure ({cause})", name=_on_lot(case, lot, quoted(who)), cause=cause
        )
        said += [line, *([quoted(each.evidence)] if each.evidence else [])]
    return said


# ------------------------------------------------------------------------------------------------------------ R2184-3
_TO_BE_JUSTIFIED = frozenset({Procedure.NEGOTIATED, Procedure.DIALOGUE, Procedure.DIRECT})


def _recourse(case: Case) -> Found:
    kind = PROCEDURES[case.tender.kind]
    if case.tender.kind in _TO_BE_JUSTIFIED:
        return Found(open=(message("les motifs du recours à cette procédure : {kind}", kind=kind),))
    return Found(none=message("la procédure suivie est : {kind}", kind=kind))


def _allotted(case: Case) -> Found:
    if len(case.tender.lots) > 1:
        return Found(none=message("le marché est alloti en {count} lots", count=len(case.tender.lots)))
    if case.tender.allotment.reason:
        return Found((message("Motif indiqué dans la consultation : {reason}", reason=case.tender.allotment.reason),))
    return Found(open=(message("les motifs de ne pas allotir, en droit et en fait (L2113-11)"),))


def _only_a_person_knows(asked: Message) -> Callable[[Case], Found]:
    return lambda _: Found(open=(asked,))


def _studies(case: Case) -> Found:
    if case.journal.sourcing:
        return Found(tuple(quoted(each) for each in case.journal.sourcing))
    return Found(open=(message("les études et échanges préalables et les mesures prises (sourcing), ou pourquoi c'est sans objet"),))  # fmt: skip


def _conflicts(case: Case) -> Found:
    marked = case.evaluation.marks.declarations if case.evaluation else ()
    declared = list(dict.fromkeys((*case.journal.declarations, *marked)))
    roles = {each.id: each.role or each.id for each in case.tender.evaluators}
    known = {each.evaluator for each in declared}
    silent = tuple(role for name, role in roles.items() if name not in known)
    open_ = (message("la déclaration d'intérêts de : {names} (declarations)", names=silent),) if silent else ()
    said: list[Message] = []
    hard: list[Message] = []
    for each in declared:
        if each.conflict and not each.measure:
            hard.append(message("la mesure prise pour le conflit d'intérêts de : {name}", name=roles.get(each.evaluator, each.evaluator)))  # fmt: skip
        elif each.conflict:
            who = roles.get(each.evaluator, each.evaluator)
            said.append(message("{name} : {nature} ; mesure prise : {measure}", name=who, nature=each.nature or message("conflit d'intérêts déclaré"), measure=each.measure))  # fmt: skip
    return Found(tuple(said), message("chaque évaluateur a déclaré n'avoir aucun conflit d'intérêts"), open_, tuple(hard))  # fmt: skip


def _abandoned(case: Case) -> Found:
    said = []
    hard = []
    for lot in case.tender.lots:
        name = lot_name(case.tender, lot.id)
        ended = no_award(case.journal, lot.id)
        if ended is not None and ended.reason:
            said.append(message("{lot} : {ending} : {reason}", lot=name, ending=ENDINGS[ended.kind], reason=ended.reason))  # fmt: skip
        elif ended is not None:
            hard.append(message("le motif de ne pas attribuer : {lot}", lot=name))
        elif current_award(case.journal, lot.id) is None:
            hard.append(message("la décision d'attribuer ou non : {lot}", lot=name))
    return Found(tuple(said), message("chaque lot est attribué"), hard=tuple(hard))


def _notice(case: Case) -> Found:
    return Found(none=message("le rapport donne lui-même ses éléments, sans renvoi à l'avis d'attribution"))


# --------------------------------------------------------------------------------------------------------------- table
def _names() -> Iterator[tuple[str, Callable[[Case], Found]]]:
    yield from zip((f"R2184-2-{n}" for n in range(1, 6)), (_buyer, _excluded, _selected, _rejected, _winner), strict=True)  # fmt: skip
    turnover = message("les raisons d'un chiffre d'affaires minimal supérieur au plafond, ou pourquoi c'est sans objet")
    means = message("les raisons d'une remise des offres autrement que par voie électronique, ou pourquoi c'est sans objet")  # fmt: skip
    makers = (_recourse, _allotted, _only_a_person_knows(turnover), _only_a_person_knows(means), _studies, _conflicts, _abandoned)  # fmt: skip
    yield from zip((f"R2184-3-{n}" for n in range(1, 8)), makers, strict=True)
    yield "R2184-4", _notice


ITEMS: Mapping[str, Callable[[Case], Found]] = dict(_names())
"""What fills each item of the record."""
