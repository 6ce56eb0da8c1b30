"""What must hold before a consultation is sent to publication: criteria, thresholds, lots, maximum, periods."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from egide.deadline import Period
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import Criterion, Procedure, Tender
from egide.tender.procedure.journal import Journal
from egide.tender.procedure.situation import Check, Hit, Situation, Stage, formalised, iterative, run, said
from egide.tender.rules import FILE, Rule, Rules

LAW = re.compile(r"L\.?\s?2113-1[01]")
"""How a reason not to divide into lots names its article."""


def check(tender: Tender, rules: Rules) -> list[Finding]:
    """Return what the rules of the tender's own date say of its publication."""
    situation = Situation(tender, rules, Journal(), tender.sent_on)
    found = [hit.finding for hit in run(CHECKS, situation)]
    return found if "R20" in rules.by_id else [*found, _named(_unknown_thresholds(tender))]


def _hit(finding: Finding) -> Hit:
    return Hit(_named(finding), Stage.PUBLISH)


def _named(finding: Finding) -> Finding:
    return replace(finding, code=finding.code.replace("record.", "publication."))


# ---------------------------------------------------------------------------------------------------- R17: what counts
def _weights(situation: Situation, _: Rule) -> Iterator[Hit]:
    tender = situation.tender
    if not tender.weights_published and formalised(tender):
        yield _hit(
            said(
                "weights",
                "weights_published",
                message("une procédure formalisée publie le poids de ses critères"),
                message(
                    "Publier les poids ou leur fourchette ; à défaut, écrire au règlement la raison objective qui l'empêche et l'ordre d'importance."
                ),
                file=FILE,
            )
        )
    if not tender.weights_published and not formalised(tender) and not tender.conditions_of_use:
        yield _hit(
            said(
                "conditions",
                "conditions_of_use",
                message("ni les poids ni les conditions de mise en œuvre des critères ne sont publiés"),
                message("Publier l'un ou l'autre, et le recopier dans conditions_of_use."),
                file=FILE,
            )
        )
    for criterion in tender.criteria:
        yield from _range(criterion)
    yield from _reachable(tender.criteria)


def _range(criterion: Criterion) -> Iterator[Hit]:
    given = criterion.weight_range
    if given and not (len(given) == 2 and given[0] <= criterion.weight <= given[1]):
        yield _hit(
            said(
                "weight_range",
                f"criteria.{criterion.id}.weight_range",
                message("le poids retenu ({weight}) n'est pas dans la fourchette publiée", weight=criterion.weight),
                message("Écrire deux nombres, le moindre puis le plus grand, et un poids entre les deux."),
                file=FILE,
                read=" - ".join(str(each) for each in given),
            )
        )


def _reachable(criteria: tuple[Criterion, ...]) -> Iterator[Hit]:
    bounds = [each.weight_range if len(each.weight_range) == 2 else (each.weight, each.weight) for each in criteria]
    least, most = (sum((bound[end] for bound in bounds), Decimal(0)) for end in (0, 1))
    if any(each.weight_range for each in criteria) and not least <= 100 <= most:
        yield _hit(
            said(
                "weight_range",
                "criteria",
                message("les fourchettes publiées vont de {least} à {most} : 100 n'y est pas", least=least, most=most),
                message("Corriger les fourchettes."),
                file=FILE,
            )
        )


# ---------------------------------------------------------------------------------------------------- R20: thresholds
class Threshold(StrEnum):
    """The class of a value against the thresholds of its date."""

    DISPENSED = "dispensed"
    ADAPTED = "adapted"
    FORMALISED = "formalised"


def threshold(value: Decimal, rule: Rule) -> Threshold:
    """Return the class of a value, excluding tax, over the whole duration and all lots."""
    if value >= rule.parameters["formalised"]:
        return Threshold.FORMALISED
    return Threshold.DISPENSED if value < rule.parameters["dispensation"] else Threshold.ADAPTED


def value(tender: Tender) -> Decimal | None:
    """Return the value to compare: the greatest of the estimate, the sum of the lots and the maxima of a framework."""
    maxima = _sum([lot.maximum for lot in tender.lots]) if tender.framework else None
    known = [each for each in (tender.estimate, _by_lots(tender), maxima) if each is not None]
    return max(known, default=None)


def _by_lots(tender: Tender) -> Decimal | None:
    return _sum([lot.estimate for lot in tender.lots])


def _sum(parts: list[Decimal | None]) -> Decimal | None:
    """Return the sum of the parts, None when one is missing or there is none."""
    known = [each for each in parts if each is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(parts) else None


def _thresholds(situation: Situation, rule: Rule) -> Iterator[Hit]:
    tender = situation.tender
    if tender.formalised is not formalised(tender):
        yield _hit(
            said(
                "procedure",
                "formalised",
                message("formalised et procedure se contredisent"),
                message("Écrire formalised: false pour une procédure adaptée ou un marché sans mise en concurrence."),
                severity=Severity.DOUBT,
                file=FILE,
                read=tender.kind,
            )
        )
    compared = value(tender)
    if compared is None:
        yield _hit(
            said(
                "estimate",
                "estimate",
                message("aucun montant estimé : la procédure ne peut pas être vérifiée"),
                message("Écrire estimate, hors taxes, sur toute la durée et tous les lots."),
                severity=Severity.DOUBT,
                file=FILE,
            )
        )
        return
    if tender.estimate is not None and _told_short(tender, tender.estimate, compared, rule):
        yield _hit(
            said(
                "estimate",
                "estimate",
                message("les lots font {compared}, plus que le montant estimé", compared=compared),
                message("Corriger estimate : tous les lots comptent, et le maximum d'un accord-cadre."),
                severity=Severity.DOUBT,
                file=FILE,
                read=str(tender.estimate),
            )
        )
    found = threshold(compared, rule)
    if found is Threshold.FORMALISED and tender.kind is Procedure.ADAPTED:
        yield _hit(
            said(
                "procedure",
                "procedure",
                message(
                    "{compared} € HT atteint le seuil de {limit} € HT : une procédure formalisée est obligatoire",
                    compared=compared,
                    limit=rule.parameters["formalised"],
                ),
                message(
                    "Choisir une procédure formalisée, ou écrire au dossier le cas de procédure adaptée quel que soit le montant (petits lots, services sociaux)."
                ),
                file=FILE,
                read=tender.kind,
            )
        )
    if found is not Threshold.DISPENSED and tender.kind is Procedure.DIRECT:
        yield _hit(
            said(
                "procedure",
                "procedure",
                message(
                    "{compared} € HT atteint le seuil de {limit} € HT : sans publicité ni mise en concurrence, il faut un autre motif que le montant",
                    compared=compared,
                    limit=rule.parameters["dispensation"],
                ),
                message("Écrire au dossier le cas qui le permet (urgence, exclusivité, infructuosité...)."),
                severity=Severity.DOUBT,
                file=FILE,
                read=tender.kind,
            )
        )


def _told_short(tender: Tender, estimate: Decimal, compared: Decimal, rule: Rule) -> bool:
    """Whether the lots contradict the estimate, or the maximum of a framework changes its class."""
    by_lots = _by_lots(tender)
    return (by_lots is not None and by_lots > estimate) or threshold(compared, rule) is not threshold(estimate, rule)


def _unknown_thresholds(tender: Tender) -> Finding:
    return said(
        "thresholds",
        "sent_on",
        message("les seuils de procédure ne sont pas connus à cette date"),
        message("Mettre à jour les règles (rules.yaml), ou vérifier les seuils à la main."),
        severity=Severity.DOUBT,
        file=FILE,
        read=tender.sent_on.isoformat(),
    )


# ------------------------------------------------------------------------------------------------------- R21: maximum
def _maximum(situation: Situation, _: Rule) -> Iterator[Hit]:
    for lot in situation.tender.lots if situation.tender.framework else ():
        if lot.maximum is None:
            yield _hit(
                said(
                    "maximum",
                    f"lots.{lot.id}.maximum",
                    message("accord-cadre sans maximum"),
                    message("Écrire le maximum du lot, en valeur ou ramené à une valeur, et le publier."),
                    file=FILE,
                )
            )
        elif lot.minimum is not None and lot.minimum > lot.maximum:
            yield _hit(
                said(
                    "maximum",
                    f"lots.{lot.id}.minimum",
                    message("le minimum dépasse le maximum"),
                    message("Corriger l'un des deux."),
                    file=FILE,
                    read=str(lot.minimum),
                )
            )


@dataclass(frozen=True)
class Consumption:
    """What a framework agreement would have consumed with one more order, and whether the order may be placed."""

    total: Decimal
    left: Decimal
    allowed: bool
    warning: bool


def consumption(maximum: Decimal, ordered: Decimal, order: Decimal, rule: Rule) -> Consumption:
    """Return what an order makes of a framework: refused over the maximum, a warning from the share of the rule on."""
    total = ordered + order
    return Consumption(total, maximum - total, total <= maximum, total >= maximum * rule.parameters["warning"])


# ----------------------------------------------------------------------------------------------------------- R22: lots
def _allotment(situation: Situation, _: Rule) -> Iterator[Hit]:
    tender = situation.tender
    allotment, lots = tender.allotment, {lot.id for lot in tender.lots}
    if len(lots) <= 1 and tender.kind is not Procedure.DIRECT:
        if not allotment.reason:
            yield _hit(
                said(
                    "allotment",
                    "allotment.reason",
                    message("un seul lot, et aucun motif de ne pas allotir"),
                    message(
                        "Écrire le motif, en droit (le cas de l'article L2113-11) et en fait (ce qui l'établit ici)."
                    ),
                    file=FILE,
                )
            )
        elif not LAW.search(allotment.reason):
            yield _hit(
                said(
                    "allotment",
                    "allotment.reason",
                    message("le motif de ne pas allotir ne nomme pas l'article qui le permet"),
                    message("Nommer le cas de l'article L2113-11, avec les faits qui l'établissent."),
                    severity=Severity.DOUBT,
                    file=FILE,
                    read=allotment.reason,
                )
            )
    for unknown in (each for each in allotment.order if each not in lots):
        yield _hit(
            said(
                "lot_order",
                "allotment.order",
                message("lot inconnu dans l'ordre d'attribution"),
                message("Prendre les lots de la liste lots."),
                file=FILE,
                read=unknown,
            )
        )
    if 0 < allotment.most_awarded < len(lots) and set(allotment.order) != lots:
        yield _hit(
            said(
                "lot_order",
                "allotment.order",
                message(
                    "le nombre de lots attribués à un même soumissionnaire est limité à {most}, sans ordre publié pour tous les lots",
                    most=allotment.most_awarded,
                ),
                message("Écrire et publier l'ordre dans lequel les lots sont attribués."),
                file=FILE,
            )
        )


# --------------------------------------------------------------------------------------------- R23, R24: periods, phases
def earliest(sent_on: date, days: Decimal) -> date:
    """Return the last day of a minimum period that runs from the day after the sending."""
    return Period(int(days)).last_day(sent_on)


def _dialogue(situation: Situation, rule: Rule) -> Iterator[Hit]:
    tender = situation.tender
    if tender.kind is Procedure.DIALOGUE:
        yield from _period(tender, rule.parameters["candidacies"], None)
    if tender.reduction_announced and not iterative(tender):
        yield _hit(
            said(
                "reduction",
                "reduction_announced",
                message("une réduction par phases n'existe qu'en négociation ou en dialogue"),
                message("Retirer reduction_announced, ou corriger la procédure."),
                severity=Severity.DOUBT,
                file=FILE,
            )
        )
    numbers = [each.number for each in tender.rounds]
    if numbers != list(range(2, 2 + len(numbers))):
        yield _hit(
            said(
                "rounds",
                "rounds",
                message("les tours après le premier se numérotent 2, 3, 4..., sans saut"),
                message("Corriger rounds."),
                file=FILE,
                read=" ".join(str(each) for each in numbers),
            )
        )


def _minimum_period(situation: Situation, rule: Rule) -> Iterator[Hit]:
    tender = situation.tender
    days = rule.parameters.get(tender.kind)
    if days is not None:
        yield from _period(tender, days, rule.parameters[f"{tender.kind}_reduced"])


def _period(tender: Tender, days: Decimal, reduced: Decimal | None) -> Iterator[Hit]:
    last, given = earliest(tender.sent_on, days), tender.deadline.date()
    if given > last or (given == last and tender.deadline.time() >= time(23, 59)):
        return
    if given == last:
        yield _hit(
            said(
                "period",
                "deadline",
                message(
                    "la date limite tombe le dernier jour du délai minimal de {days} jours, avant minuit", days=days
                ),
                message("La porter après le {last} : le dernier jour du délai doit être entier.", last=last),
                severity=Severity.DOUBT,
                file=FILE,
                read=tender.deadline.isoformat(),
            )
        )
        return
    urgent = reduced is not None and given > earliest(tender.sent_on, reduced)
    remedy = (
        message(
            "N'est permis qu'en urgence motivée ou après un avis de préinformation : l'écrire à l'avis et au dossier."
        )
        if urgent
        else message("Repousser la date limite après le {last}.", last=last)
    )
    yield _hit(
        said(
            "period",
            "deadline",
            message("le délai minimal de {days} jours finit le {last}", days=days, last=last),
            remedy,
            severity=Severity.DOUBT if urgent else Severity.ERROR,
            file=FILE,
            read=tender.deadline.isoformat(),
        )
    )


CHECKS: Mapping[str, Check] = {
    "R17": _weights,
    "R20": _thresholds,
    "R21": _maximum,
    "R22": _allotment,
    "R23": _dialogue,
    "R24": _minimum_period,
}
