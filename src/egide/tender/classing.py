"""The class of a bid and what is flagged of it: data proposes, a person decides (L2152-1 to L2152-6)."""

from dataclasses import replace
from fractions import Fraction

from egide.clausier.model import IRREGULAR, AwardUse, Clausier
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Bid, BidClass, BidKey, Decision, Lot, Tender
from egide.tender.notes import Scored
from egide.tender.retained import Book
from egide.tender.rules import Rules

OUT_OF_RANKING = frozenset({BidClass.IRREGULAR, BidClass.UNACCEPTABLE, BidClass.INAPPROPRIATE})


def classed(tender: Tender, clausier: Clausier, lot: Lot, bid: Bid, book: Book) -> tuple[BidClass, bool, list[Finding]]:
    """Return the class, whether a decision is awaited, and the findings that propose it."""
    proposed = _proposals(tender, clausier, lot, bid, book)
    decision = book.decisions.get(bid.key)
    if decision and decision.bid_class is not BidClass.IRREGULAR_PROPOSED:
        return decision.bid_class, False, [_decided(finding, decision) for finding in proposed]
    if any(finding.code == "bid.irregular_proposed" for finding in proposed):
        return BidClass.IRREGULAR_PROPOSED, True, proposed
    return BidClass.REGULAR, False, proposed


def _decided(finding: Finding, decision: Decision) -> Finding:
    """Return what proposed a class once a person has decided: kept for the record, nothing more is asked."""
    remedy = message("Décidé le {day} par {person}.", day=decision.decided_on, person=decision.person)
    return replace(finding, severity=Severity.NOTE, remedy=remedy)


def _proposals(tender: Tender, clausier: Clausier, lot: Lot, bid: Bid, book: Book) -> list[Finding]:
    def propose(understood: Message, point: str = "") -> Finding:
        return Finding(
            "bid.irregular_proposed",
            Severity.DOUBT,
            understood,
            message(
                "Décider, après régularisation si elle est permise (R2152-2), et l'écrire dans marks/decisions.csv."
            ),
            place=named(bid.key),
            point=point,
            tenderer=bid.key.tenderer,
        )

    found = []
    levels = book.levels.get(bid.key, {})
    for point in [each for each in clausier.points.values() if levels.get(each.id) in each.proposing]:
        if levels[point.id] == IRREGULAR:
            found.append(propose(message("une pièce ou une réponse exigée est absente"), point.id))
        elif point.award_use is AwardUse.CANDIDACY:
            found.append(propose(message("condition de candidature non tenue"), point.id))
        else:
            found.append(propose(message("niveau retenu sous le plancher publié"), point.id))
    if bid.key.variant and not tender.variants_allowed:
        found.append(propose(message("variante remise alors que la consultation n'en autorise pas")))
    if lot.budget is not None and bid.price is not None and bid.price.total > lot.budget:
        found.append(
            Finding(
                "bid.over_budget",
                Severity.DOUBT,
                message("le prix dépasse les crédits fixés avant le lancement ({budget})", budget=lot.budget),
                message(
                    "Décider si l'offre est inacceptable (L2152-3) ; dans un accord-cadre, seulement si les crédits ont été annoncés (CE, 12 juin 2024, n° 475214)."
                ),
                place=named(bid.key),
                read=str(bid.price.total),
                tenderer=bid.key.tenderer,
            )
        )
    return found


def named(key: BidKey) -> str:
    """Return the name of a bid for a finding."""
    parts = [key.tenderer, key.lot]
    parts += [f"variante {key.variant}"] if key.variant else []
    parts += [f"tour {key.round}"] if key.round > 1 else []
    return ", ".join(parts)


def unusable_prices(lot: Lot, compared: list[Scored]) -> list[Finding]:
    """Return an error for each compared bid without a price to compare."""
    return [
        Finding(
            "price.missing",
            Severity.ERROR,
            message("aucun prix utilisable pour cette offre"),
            message(
                "Donner un prix (price.yaml ou une feuille de prix, total HT), ou classer l'offre dans marks/decisions.csv."
            ),
            f"bids/{each.bid.key.tenderer}/{lot.id}",
            named(each.bid.key),
            tenderer=each.bid.key.tenderer,
        )
        for each in compared
        if each.bid.price is None or each.bid.price.total < 0
    ]


def flag_low(rules: Rules, compared: list[Scored]) -> None:
    """Flag a price that asks for a justification (L2152-5): a detector, never a rejection."""
    rule = rules.by_id.get("R27")
    totals = [Fraction(each.bid.price.total) for each in compared if each.bid.price]
    if rule is None:
        return
    if len(totals) < 2:
        for each in compared:
            each.low = 0 in totals
        return
    under_mean, under_next = (1 - Fraction(rule.parameters[name]) for name in ("under_mean", "under_next"))
    whole, (lowest, following) = sum(totals, Fraction(0)), sorted(totals)[:2]
    for each, total in zip(compared, totals, strict=True):
        far_from_mean = total * (len(totals) - 1) < (whole - total) * under_mean
        far_from_next = total == lowest < following * under_next
        each.low = total == 0 or far_from_mean or far_from_next


def low_price(each: Scored) -> Finding:
    """Return what is asked of a bid whose price is flagged."""
    return Finding(
        "bid.abnormally_low",
        Severity.DOUBT,
        message("prix total nul")
        if each.bid.price and each.bid.price.total == 0
        else message("prix très inférieur à celui des autres offres"),
        message(
            "Demander la justification du prix (L2152-6, R2152-3) ; l'écart seul ne permet pas de rejeter (CE, 29 mai 2013, n° 366606)."
        ),
        place=named(each.bid.key),
        read=str(each.bid.price.total if each.bid.price else ""),
        tenderer=each.bid.key.tenderer,
    )


def awaited_marks(each: Scored) -> Finding:
    """Return what keeps a bid provisional."""
    return Finding(
        "bid.awaited",
        Severity.DOUBT,
        message("{count} niveaux, notes ou décisions manquent : résultat provisoire", count=each.awaited),
        message("Compléter les classeurs de marks/ (egide marks prepare les écrit)."),
        place=named(each.bid.key),
        tenderer=each.bid.key.tenderer,
    )
