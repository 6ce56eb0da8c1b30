"""The ten guard rails of a cost of risk used as a criterion (RISK_MODEL 7.3): each is a refusal here.

By default the cost is an information and nothing of this applies. A criterion is looked at three times: before the
publication, when bids are evaluated, and once the result is made.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from egide.clausier.model import AwardUse, Clausier
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.model import Bid, BidKey, Declared, Kind, PointMark, Tender
from egide.tender.procedure.journal import Journal
from egide.tender.risk_cost import LotCost, RiskCost
from egide.tender.risk_terms import FILE, RiskSheet, RiskUse, Transfer

PUBLICATION = "dce/publication.json"
ALIKE = Decimal(1)
"""Euros between the costs of two bids whose levels are the same at six decimals."""


@dataclass(frozen=True)
class Rail:
    """A guard rail: its number in RISK_MODEL 7.3, its code, what it asks for."""

    number: int
    code: str
    title: Text


RAILS: tuple[Rail, ...] = (
    Rail(1, "risk.guard.documents", Text("Paramètres, crédit, graine, profil et leur empreinte sont dans les documents de la consultation.", "Parameters, credit, seed, profile and their digest are in the consultation documents.")),
    Rail(2, "risk.guard.own_figure", Text("Un soumissionnaire peut calculer son propre chiffre avant d'envoyer son offre.", "A tenderer can compute its own figure before sending its bid.")),
    Rail(3, "risk.guard.gross", Text("Seuls comptent les coûts bruts supportés par l'acheteur ou les usagers : ni sanction, ni jour de soins.", "Only gross costs borne by the buyer or users count: no fine, no care day.")),
    Rail(4, "risk.guard.twice", Text("Un même point ne compte pas deux fois : ce qui entre dans le coût n'est pas noté ailleurs.", "The same point does not count twice: what enters the cost is not scored elsewhere.")),
    Rail(5, "risk.guard.retained", Text("Seules comptent les réponses retenues, chacune avec sa raison ; un blanc a d'abord fait l'objet d'une demande.", "Only retained answers count, each with its reason; a blank was first asked about.")),
    Rail(6, "risk.guard.mean", Text("La moyenne est utilisée, et non un quantile choisi après coup.", "The mean is used, not a quantile chosen afterwards.")),
    Rail(7, "risk.guard.cap", Text("Le montant ajouté est plafonné à une part publiée de la valeur estimée.", "The amount added is capped at a published share of the estimated value.")),
    Rail(8, "risk.guard.ranks", Text("Le rapport donne le classement sans ce coût, avec ses bornes, et dit si le premier change.", "The report gives the ranking without this cost, with its bounds, and says whether the winner changes.")),
    Rail(9, "risk.guard.equal", Text("Rien n'y dépend de la taille, du pays ni de l'âge du soumissionnaire.", "Nothing in it depends on the size, country or age of the tenderer.")),
    Rail(10, "risk.guard.frozen", Text("Le modèle n'a pas changé depuis la publication.", "The model was not changed after publication.")),
)  # fmt: skip
BY_NUMBER = {rail.number: rail for rail in RAILS}

WARNING = message(
    "le coût attendu des incidents est ajouté au prix : aucune décision de justice connue n'admet une perte probable comme coût du cycle de vie (R2152-9), et le juge peut n'y voir ni un coût déterminable, ni une donnée vérifiable"
)

MODEL_DOES_NOT_SEPARATE = message("l'intervalle de l'écart contient zéro : le modèle ne départage pas ces deux offres")
CRITERION_DECIDES = message("le critère départage ; le modèle ne prouve pas")


def warning() -> Finding:
    """Return the warning that goes with every use of the cost as a criterion (PRACTICE A.18)."""
    remedy = message(
        "Préférer use: information, qui ne change aucun point ; sinon, faire valider ce choix par le service juridique et garder sa réponse au dossier."
    )
    return Finding("risk.warning", Severity.DOUBT, WARNING, remedy, FILE, "risk.use", read="criterion")


# ------------------------------------------------------------------------------------------------- before the publication
def before_publication(
    tender: Tender, clausier: Clausier, sheet: RiskSheet, effective: Collection[str], *, overridden: bool
) -> list[Finding]:
    """Return what forbids to publish the cost as a criterion; nothing when it is an information.

    `sheet` is what would be published today, `effective` its points on which a scenario depends; `overridden` says that
    parameters are not those that everybody has. `clausier` is narrowed to the points of the consultation.
    """
    terms = tender.risk
    if terms is None or terms.use is RiskUse.INFORMATION:
        return []
    found = [warning(), *_criterion(tender), *_documents(terms.library, sheet.library)]
    if overridden:
        found.append(
            _refused(
                2,
                "risk.library",
                message("des paramètres ont été changés : la page publique ne donnerait pas le même chiffre"),
                message("Revenir aux paramètres du programme, ou garder use: information."),
            )
        )
    found += _gross(terms.transfer)
    found += _twice(clausier, effective)
    found += _cap(tender, sheet)
    found += _firm(clausier, sheet)
    return found


def _criterion(tender: Tender) -> Iterator[Finding]:
    """Yield why the criterion that is named cannot bear an amount: it must be the only price criterion."""
    named = tender.risk.criterion if tender.risk else ""
    prices = [each.id for each in tender.criteria if each.kind is Kind.PRICE]
    if prices != [named]:
        yield Finding(
            "risk.criterion",
            Severity.ERROR,
            message("« {named} » n'est pas le seul critère de prix de la consultation", named=named),
            message("Écrire dans risk.criterion l'identifiant du critère de prix, qui doit être le seul."),
            FILE,
            "risk.criterion",
            read=named,
        )


def _documents(published: str, now: str) -> Iterator[Finding]:
    if published != now:
        understood = (
            message("l'empreinte de la bibliothèque publiée n'est pas celle du programme")
            if published
            else message("l'empreinte de la bibliothèque de paramètres n'est pas écrite dans la consultation")
        )
        remedy = message("Avant la publication, écrire sous risk : library: {digest}", digest=now)
        yield _refused(1, "risk.library", understood, remedy, published)


def _gross(transfer: Transfer | None) -> Iterator[Finding]:
    if transfer is not None:
        yield _refused(
            3,
            "risk.transfer",
            message(
                "des pénalités ou une assurance seraient déduites : une promesse de payer n'est pas un moindre coût"
            ),
            message("Retirer transfer : le critère ne compte que des coûts bruts."),
        )


def _twice(clausier: Clausier, effective: Collection[str]) -> Iterator[Finding]:
    scored = [point.id for point in clausier.points.values() if point.id in effective and point.award_use.scores]
    if scored:
        yield _refused(
            4,
            "points",
            message("{count} point(s) compteraient deux fois, notés et dans le coût : {points}", count=len(scored), points=scored),
            message("Écrire award_use: minimum pour ces points : le plancher demeure, ce qui est au-dessus ne compte que dans le coût."),
            ", ".join(scored),
        )  # fmt: skip


def _cap(tender: Tender, sheet: RiskSheet) -> Iterator[Finding]:
    terms = tender.risk
    if terms is not None and terms.cap <= 0:
        yield _refused(
            7,
            "risk.cap",
            message("un plafond nul ne laisse rien à ajouter"),
            message("Écrire une part supérieure à zéro, ou garder use: information."),
            str(terms.cap),
        )
    lots = [lot.id for lot in tender.lots if terms is not None and terms.of_lot(lot.id) and lot.id not in sheet.caps]
    if lots:
        yield _refused(
            7,
            "lots",
            message("sans valeur estimée, rien ne plafonne le montant ajouté : {lots}", lots=lots),
            message("Écrire estimate pour chaque lot : le plafond en est une part, et il est publié."),
            ", ".join(lots),
        )


def _firm(clausier: Clausier, sheet: RiskSheet) -> Iterator[Finding]:
    firm = [each for each in sheet.points if clausier.points[each].award_use is AwardUse.CANDIDACY]
    if firm:
        yield _refused(
            9,
            "points",
            message("{points} : un point de candidature parle de l'entreprise, non de son offre", points=firm),
            message("Changer son usage, ou écrire keep: false pour ce point."),
            ", ".join(firm),
        )


# ------------------------------------------------------------------------------------------------- when bids are evaluated
def before_evaluation(published: RiskSheet | None, now: RiskSheet) -> list[Finding]:
    """Return what forbids to add the cost to prices: nothing was published of it, or the model is no longer the same."""
    if published is None:
        return [
            _refused(
                2,
                "risk",
                message("rien n'a été publié du calcul : aucun soumissionnaire n'a pu refaire son chiffre"),
                message("Remettre le fichier publié, écrit avec les pièces (egide clausier export --dce)."),
                file=PUBLICATION,
            )
        ]
    changed = [
        name for name in ("library", "scenarios", "points", "caps") if getattr(published, name) != getattr(now, name)
    ]
    if not changed:
        return []
    return [
        _refused(
            10,
            "risk",
            message("le modèle n'est plus celui qui a été publié : {what}", what=changed),
            message("Évaluer avec la version du programme et les paramètres du jour de la publication."),
            file=PUBLICATION,
        )
    ]


def of_marks(
    bids: Iterable[Bid],
    retained: Mapping[tuple[BidKey, str], Sequence[PointMark]],
    points: Mapping[str, Collection[str]],
    journal: Journal,
) -> list[Finding]:
    """Return what was not retained as it must be, by bid: without level, without reason, blank and never asked about.

    `points` are those counted, by lot; `retained` the marks by bid and point.
    """
    asked = {
        (each.tenderer, each.lot, each.variant, each.round, point)
        for each in journal.regularisations
        for point in each.points
    }
    found = []
    for bid in bids:
        key = bid.key
        lacking, blank = [], []
        for point in points.get(key.lot, ()):
            marks = retained.get((key, point), ())
            if not marks or not all(mark.reason.strip() for mark in marks):
                lacking.append(point)
            answer = bid.answers.get(point)
            silent = answer is None or answer.declared is Declared.BLANK
            if silent and (key.tenderer, key.lot, key.variant, key.round, point) not in asked:
                blank.append(point)
        found += _lacking(bid, lacking) if lacking else []
        found += _unasked(bid, blank) if blank else []
    return found


def _lacking(bid: Bid, points: Sequence[str]) -> list[Finding]:
    understood = message("{tenderer} : {count} point(s) du coût sans niveau retenu ni raison : {points}", tenderer=bid.key.tenderer, count=len(points), points=points)  # fmt: skip
    remedy = message("Retenir un niveau et écrire sa raison dans le tableau de notation.")
    return [_refused(5, bid.key.lot, understood, remedy, file="marks", tenderer=bid.key.tenderer)]


def _unasked(bid: Bid, points: Sequence[str]) -> list[Finding]:
    understood = message("{tenderer} : {count} point(s) laissés en blanc sans qu'une demande ait été faite : {points}", tenderer=bid.key.tenderer, count=len(points), points=points)  # fmt: skip
    remedy = message("Demander une précision et l'écrire dans journal.yaml (regularisations, avec points).")
    return [_refused(5, bid.key.lot, understood, remedy, file="journal.yaml", tenderer=bid.key.tenderer)]


# ----------------------------------------------------------------------------------------------------- once it is made
def of_result(cost: RiskCost) -> list[Finding]:
    """Return what makes a result unfit to found an award, when the cost is a criterion."""
    if cost.use is RiskUse.INFORMATION:
        return []
    return [finding for lot in cost.lots for finding in _of_lot(lot)]


def _of_lot(lot: LotCost) -> Iterator[Finding]:
    if any("fine" in each.heads for each in lot.costs):
        yield _refused(
            3, lot.lot, message("des sanctions sont comptées dans le coût"), message("Refaire l'évaluation.")
        )
    if lot.cap is None or any(each.added > lot.cap for each in lot.costs):
        yield _refused(
            7, lot.lot, message("un montant ajouté dépasse le plafond publié"), message("Refaire l'évaluation.")
        )
    elif any(each.added != min(each.cost.mean, lot.cap) for each in lot.costs):
        yield _refused(
            6, lot.lot, message("un montant ajouté n'est pas la moyenne calculée"), message("Refaire l'évaluation.")
        )
    if lot.ranks is None:
        yield _refused(
            8,
            lot.lot,
            message("le classement sans ce coût, et à ses deux bornes, manque"),
            message("Refaire l'évaluation : le rapport ne peut pas être écrit sans lui."),
        )
    same: dict[str, Decimal] = {}
    for each in lot.costs:
        known = same.setdefault(repr(sorted(each.levels.items())), each.cost.mean)
        if abs(known - each.cost.mean) > ALIKE:
            yield _refused(
                9,
                lot.lot,
                message("deux offres aux mêmes niveaux n'ont pas le même coût"),
                message("Refaire l'évaluation."),
                tenderer=each.key.tenderer,
            )


def _refused(
    number: int,
    place: str,
    understood: Message,
    remedy: Message,
    read: str = "",
    *,
    file: str = FILE,
    tenderer: str = "",
) -> Finding:
    said = message("coût du risque comme critère, garde-fou {number} : {why}", number=number, why=understood)
    return Finding(BY_NUMBER[number].code, Severity.ERROR, said, remedy, file, place, read=read, tenderer=tenderer)
