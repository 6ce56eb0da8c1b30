"""What must hold of each bid before the award: its class, its regularisation, its price."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.classing import named
from egide.tender.model import BidClass, BidKey, Decision
from egide.tender.procedure.journal import Justification, Regularisation
from egide.tender.procedure.situation import Check, Hit, Situation, Stage, iterative, said
from egide.tender.rules import Rule

DECISIONS = "marks/decisions.csv"


def _award(finding: Finding, lot: str = "") -> Hit:
    return Hit(finding, Stage.AWARD, lot)


def bid_of(entry: Regularisation | Justification) -> BidKey:
    """Return the bid that a request speaks of."""
    return BidKey(entry.tenderer, entry.lot, entry.variant, entry.round)


# --------------------------------------------------------------------------------------------- R25: one bid, one class
def _classes(situation: Situation, rule: Rule) -> Iterator[Hit]:
    decisions = situation.evaluation.marks.decisions if situation.evaluation else ()
    given: dict[BidKey, set[BidClass]] = defaultdict(set)
    for decision in decisions:
        given[decision.bid].add(decision.bid_class)
        if decision.bid_class is BidClass.UNACCEPTABLE:
            yield from _unacceptable(situation, rule, decision)
    for bid, classes in given.items():
        if len(classes) > 1:
            yield _award(
                said(
                    "two_classes",
                    named(bid),
                    message("deux classes décidées pour une même offre : {classes}", classes=tuple(sorted(classes))),
                    message("N'en garder qu'une, avec son motif."),
                    file=DECISIONS,
                ),
                bid.lot,
            )


def _unacceptable(situation: Situation, rule: Rule, decision: Decision) -> Iterator[Hit]:
    lot = next(each for each in situation.tender.lots if each.id == decision.bid.lot)
    price = next((row.price for row in situation.rows(lot.id) if row.key == decision.bid), None)
    before = lot.budget_recorded_on is not None and lot.budget_recorded_on < situation.tender.sent_on
    faults: list[Message] = []
    if lot.budget is None or not before:
        faults.append(message("aucun montant de crédits daté d'avant le lancement"))
    if lot.budget is not None and price is not None and price <= lot.budget:
        faults.append(message("son prix ne dépasse pas les crédits ({budget})", budget=lot.budget))
    if situation.tender.framework and "credits_announced" in rule.parameters and not lot.credits_announced:
        faults.append(message("dans un accord-cadre, les crédits devaient être annoncés aux candidats"))
    for fault in faults:
        yield _award(
            said(
                "unacceptable",
                named(decision.bid),
                message("offre dite inacceptable : {fault}", fault=fault),
                message(
                    "Choisir une autre classe, ou compléter le lot (budget, budget_recorded_on) si la pièce existe."
                ),
                file=DECISIONS,
            ),
            lot.id,
        )


# --------------------------------------------------------------------------------------------------- R26: regularisation
def _regularisations(situation: Situation, _: Rule) -> Iterator[Hit]:
    asked: dict[tuple[str, int], list[Regularisation]] = defaultdict(list)
    for number, request in enumerate(situation.journal.regularisations):
        asked[request.lot, request.round].append(request)
        for finding in _regularisation(situation, request, f"regularisations[{number}]"):
            yield _award(finding, request.lot)
    for (lot, tour), requests in asked.items():
        if len({request.deadline for request in requests}) > 1:
            yield _award(
                said(
                    "deadlines_differ",
                    "regularisations",
                    message("les demandes de régularisation du lot {lot} n'ont pas toutes le même délai", lot=lot),
                    message("Donner à tous le plus long des délais."),
                ),
                lot,
            )
        yield from _not_asked(situation, lot, tour, {bid_of(request) for request in requests})


def _not_asked(situation: Situation, lot: str, tour: int, asked: set[BidKey]) -> Iterator[Hit]:
    for row in situation.rows(lot):
        if row.key.round != tour or row.key in asked:
            continue
        if row.bid_class is BidClass.IRREGULAR_PROPOSED:
            fault, severity = message("irrégularité proposée, non demandée alors qu'une autre l'est"), Severity.ERROR
        elif row.bid_class is BidClass.IRREGULAR:
            fault, severity = message("écartée sans demande, alors qu'une autre en a reçu une"), Severity.DOUBT
        else:
            continue
        finding = said(
            "not_asked",
            f"regularisations ({named(row.key)})",
            fault,
            message("Demander à toutes les offres régularisables, ou motiver que celle-ci ne l'est pas."),
            severity=severity,
        )
        yield Hit(finding, Stage.AWARD if severity is Severity.ERROR else None, lot)


def _regularisation(situation: Situation, request: Regularisation, place: str) -> Iterator[Finding]:
    bid = bid_of(request)
    justified = [each for each in situation.journal.justifications if bid_of(each) == bid]
    low = any(row.abnormally_low for row in situation.rows(request.lot) if row.key == bid)
    if any(each.accepted is False for each in justified):
        yield said(
            "regularised_low",
            place,
            message("une offre anormalement basse ne se régularise pas"),
            message("Retirer la demande : l'offre est à rejeter pour son prix, avec sa motivation."),
            read=named(bid),
        )
    elif low and not any(each.accepted for each in justified):
        yield said(
            "regularised_low",
            place,
            message("prix signalé comme très bas, et pas encore justifié"),
            message("Demander d'abord la justification du prix."),
            severity=Severity.DOUBT,
            read=named(bid),
        )
    prices = (request.price_before, request.price_after)
    changed = None not in prices and prices[0] != prices[1]
    if changed and request.accepted and not (request.material_error and request.decided_by):
        yield said(
            "price_changed",
            f"{place}.price_after",
            message("une régularisation ne change pas le prix"),
            message("Refuser, ou écrire l'erreur purement matérielle avec sa preuve (material_error) et qui a décidé."),
            read=str(request.price_after),
        )
    if request.accepted and (request.answered_at is None or request.answered_at > request.deadline):
        yield said(
            "regularised_late",
            f"{place}.answered_at",
            message("régularisation acceptée sans réponse reçue dans le délai"),
            message("La refuser : le délai est le même pour tous."),
            read=request.answered_at.isoformat() if request.answered_at else "",
        )
    if request.accepted is None and request.deadline.date() < situation.on:
        yield said(
            "undecided",
            f"{place}.accepted",
            message("le délai est passé et rien n'est décidé"),
            message("Écrire accepted: true ou false, et qui a décidé."),
        )


# -------------------------------------------------------------------------------------- R27, R36: prices that are too low
def _low_prices(situation: Situation, _: Rule) -> Iterator[Hit]:
    for number, request in enumerate(situation.journal.justifications):
        for finding in _rejected(situation, request, f"justifications[{number}]"):
            yield _award(finding, request.lot)
    asked = {bid_of(each) for each in situation.journal.justifications}
    for lot in situation.lots:
        award = situation.award(lot)
        for row in situation.rows(lot):
            chosen = award is not None and award.tenderer == row.key.tenderer
            if chosen and row.abnormally_low and row.key not in asked:
                yield Hit(
                    said(
                        "low_unasked",
                        f"awards ({named(row.key)})",
                        message("prix signalé comme très bas, retenu sans demande de justification"),
                        message("Demander la justification, ou écrire pourquoi le prix n'est pas suspect."),
                        severity=Severity.DOUBT,
                    )
                )


def _rejected(situation: Situation, request: Justification, place: str) -> Iterator[Finding]:
    over = request.deadline.date() < situation.on
    if request.accepted is None and over:
        yield said(
            "undecided",
            f"{place}.accepted",
            message("le délai est passé et rien n'est décidé"),
            message("Analyser la réponse (analysis), puis écrire accepted et qui a décidé."),
        )
    if request.accepted is not False:
        return
    if request.answered_at is None and not over:
        yield said(
            "rejected_early",
            place,
            message("prix rejeté avant la réponse et avant la fin du délai"),
            message("Attendre la réponse, ou la fin du délai ({deadline}).", deadline=request.deadline),
        )
    if not request.analysis or not request.decided_by:
        yield said(
            "rejected_unexplained",
            f"{place}.analysis",
            message("prix rejeté sans analyse de la justification, ou sans dire par qui"),
            message("Écrire l'analyse, poste par poste, et qui a décidé : l'écart de prix seul ne suffit pas."),
        )


def _zero_prices(situation: Situation, _: Rule) -> Iterator[Hit]:
    accepted = {bid_of(each) for each in situation.journal.justifications if each.accepted}
    for lot in situation.lots:
        for row in situation.rows(lot):
            if row.price == Decimal(0) and row.rank is not None and row.key not in accepted:
                yield _award(
                    said(
                        "zero_price",
                        f"justifications ({named(row.key)})",
                        message("total nul, sans justification acceptée"),
                        message("Demander la justification comme d'un prix anormalement bas, et l'analyser."),
                    ),
                    lot,
                )


# ------------------------------------------------------------------------------- R28, R31: irregular, proposed or decided
def _too_early(situation: Situation, _: Rule) -> Iterator[Hit]:
    if not iterative(situation.tender) or situation.evaluation is None:
        return
    closed = situation.journal.closed_on
    for decision in [each for each in situation.evaluation.marks.decisions if each.decided_on <= situation.on]:
        early = closed is None or decision.decided_on < closed
        if early and decision.bid_class in {BidClass.IRREGULAR, BidClass.UNACCEPTABLE}:
            yield _award(
                said(
                    "eliminated_early",
                    named(decision.bid),
                    message("éliminée avant la fin de la négociation ou du dialogue"),
                    message("La laisser se régulariser jusqu'à la clôture (closed_on), sauf offre inappropriée."),
                    file=DECISIONS,
                    read=decision.decided_on.isoformat(),
                ),
                decision.bid.lot,
            )


def _proposed(situation: Situation, _: Rule) -> Iterator[Hit]:
    for lot in situation.lots:
        for row in situation.rows(lot):
            if row.bid_class is BidClass.IRREGULAR_PROPOSED:
                yield _award(
                    said(
                        "class_awaited",
                        named(row.key),
                        message("irrégularité proposée : une personne doit décider"),
                        message("Écrire la classe, le motif, la personne et la date."),
                        severity=Severity.DOUBT,
                        file=DECISIONS,
                    ),
                    lot,
                )


CHECKS: Mapping[str, Check] = {
    "R25": _classes,
    "R26": _regularisations,
    "R27": _low_prices,
    "R28": _too_early,
    "R31": _proposed,
    "R36": _zero_prices,
}
