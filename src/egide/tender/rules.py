"""Dated rules of procurement: each is data with its article, its dates and the day it was seen; a procedure keeps the
rules of the day it was sent to publication.

A rule that must be run has a check here under its identifier; `RULES` ties the two and a test compares them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from egide.clausier.model import AwardUse, Clausier
from egide.deadline import closed_day
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender import plausible, price, pricing
from egide.tender.lots import of_lot
from egide.tender.model import Criterion, Evaluator, Kind, SubCriterion, Tender

FILE = "tender.yaml"


@dataclass(frozen=True)
class Rule:
    """A rule in force from `since` (None: always) until `until`, with its article and why it exists."""

    id: str
    title: Text
    article: str
    seen: date
    why: Text
    since: date | None = None
    until: date | None = None
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    quoted: bool = False
    """Whether the report of the analysis of bids quotes it."""
    to_check: Text = Text()
    """What of its source was not read in a primary text."""

    @property
    def source(self) -> Message:
        """Return the article, and what of it remains to be checked."""
        if not self.to_check.fr:
            return message("{article}", article=self.article)
        return message("{article} (à vérifier : {what})", article=self.article, what=self.to_check)

    def in_force(self, on: date) -> bool:
        """Whether the rule applies to a procedure sent to publication on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Rules:
    """The rules of one date."""

    version: str
    rules: tuple[Rule, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Return the rules by identifier."""
        return {rule.id: rule for rule in self.rules}

    def on(self, day: date) -> "Rules":
        """Return the rules in force on `day` only."""
        return Rules(self.version, tuple(rule for rule in self.rules if rule.in_force(day)))


def check(tender: Tender, clausier: Clausier, rules: Rules) -> list[Finding]:
    """Return what the rules of the tender's own date have to say of it before anything is scored."""
    found = list(_coherent(tender, clausier))
    for identifier, run in CHECKS.items():
        if rule := rules.by_id.get(identifier):
            found.extend(run(tender, rule))
    return found


def _finding(
    code: str, place: str, understood: Message, remedy: Message, read: str = "", *, doubt: bool = False
) -> Finding:
    severity = Severity.DOUBT if doubt else Severity.ERROR
    return Finding(f"tender.{code}", severity, understood, remedy, FILE, place, read=read)


# ------------------------------------------------------------------------------------------------------ R17: weights
def _weights(tender: Tender, rule: Rule) -> Iterator[Finding]:
    total = sum((criterion.weight for criterion in tender.criteria), Decimal(0))
    if total != 100:
        yield _finding(
            "weights",
            "criteria",
            message("les poids des critères font {total}, et non 100 ({article})", total=total, article=rule.article),
            message(
                "Corriger les poids publiés au règlement de la consultation pour que leur somme fasse exactement 100."
            ),
            str(total),
        )
    for criterion in tender.criteria:
        yield from _subweights(criterion)


def _subweights(criterion: Criterion) -> Iterator[Finding]:
    total = sum((sub.weight for sub in criterion.subcriteria), Decimal(0))
    if criterion.subcriteria and total not in {Decimal(100), criterion.weight}:
        yield _finding(
            "subweights",
            f"criteria.{criterion.id}.subcriteria",
            message("les poids des sous-critères font {total}", total=total),
            message("Leur somme doit faire 100, ou le poids du critère ({weight}).", weight=criterion.weight),
            str(total),
        )
    for weight in (criterion.weight, *(sub.weight for sub in criterion.subcriteria)):
        if weight <= 0:
            yield _finding(
                "weights",
                f"criteria.{criterion.id}",
                message("un poids de {weight} n'a pas de sens", weight=weight),
                message("Donner un poids positif, ou retirer le critère."),
                str(weight),
            )


# --------------------------------------------------------------------------------------------- R18: environment, price
def _single_price(tender: Tender, rule: Rule) -> Iterator[Finding]:
    if len(tender.criteria) == 1 and tender.criteria[0].kind is Kind.PRICE and not tender.criteria[0].environmental:
        yield _finding(
            "price_alone",
            "criteria",
            message(
                "le prix est le seul critère, ce qui n'est plus permis depuis le {since} ({article})",
                since=rule.since,
                article=rule.article,
            ),
            message(
                "Ajouter un critère environnemental, ou retenir le coût global, environnemental, comme critère unique."
            ),
        )
    elif not any(criterion.environmental for criterion in tender.criteria):
        yield _finding(
            "environment",
            "criteria",
            message(
                "aucun critère ne porte sur les caractéristiques environnementales de l'offre ({article}, depuis le {since})",
                article=rule.article,
                since=rule.since,
            ),
            message("Marquer « environmental: true » le critère qui en tient compte, ou en ajouter un lié à l'achat."),
        )


# ------------------------------------------------------------------------------------------------ R24: closing day
def _closing_day(tender: Tender, rule: Rule) -> Iterator[Finding]:
    closed = closed_day(tender.deadline.date())
    if closed:
        yield _finding(
            "deadline_closed",
            "deadline",
            message("la date limite tombe un jour non ouvré ({closed})", closed=closed),
            message("Rien ne l'interdit, mais un soumissionnaire en difficulté ne trouvera personne à joindre."),
            tender.deadline.isoformat(),
            doubt=True,
        )
    if tender.deadline.date() < tender.sent_on:
        yield _finding(
            "deadline_before",
            "deadline",
            message("la date limite précède l'envoi à la publication"),
            message("Corriger sent_on ou deadline."),
            tender.deadline.isoformat(),
        )


# ------------------------------------------------------------------------------------------------- R35: price formula
def _formula(tender: Tender, rule: Rule) -> Iterator[Finding]:
    for criterion in tender.criteria:
        if criterion.kind is not Kind.PRICE:
            continue
        place = f"criteria.{criterion.id}.formula"
        for fault in price.faults(criterion.formula):
            yield _finding(
                "formula",
                place,
                message(
                    "la formule « {code} » ne peut pas être retenue : {fault}", code=criterion.formula, fault=fault
                ),
                message("Choisir une formule parmi : {codes}.", codes=tuple(price.allowed())),
                criterion.formula,
            )
        warning = price.FORMULAS[criterion.formula].warning if criterion.formula in price.FORMULAS else None
        if warning:
            yield _finding(
                "formula_warning",
                place,
                message("formule permise mais fragile : {warning}", warning=warning),
                message("Préférer la formule proportionnelle ou l'écart au prix le plus bas."),
                criterion.formula,
                doubt=True,
            )


# ------------------------------------------------------------------------------------------------------ R37: ties
def _ties(tender: Tender, rule: Rule) -> Iterator[Finding]:
    known = {criterion.id for criterion in tender.criteria} | {"draw"}
    for each in tender.ties:
        if each not in known:
            yield _finding(
                "ties",
                "ties",
                message("« {each} » n'est ni un critère ni « draw »", each=each),
                message("Écrire les critères de départage dans l'ordre publié, ou draw (tirage au sort)."),
                each,
            )


Check = Callable[[Tender, Rule], Iterator[Finding]]
CHECKS: Mapping[str, Check] = {
    "R17": _weights,
    "R18": _single_price,
    "R24": _closing_day,
    "R35": _formula,
    "R37": _ties,
}


# --------------------------------------------------------------------------- what must hold together whatever the date
def _coherent(tender: Tender, clausier: Clausier) -> Iterator[Finding]:
    yield from _unique(tender)
    yield from _lots(tender)
    yield from plausible.faults(tender)
    yield from pricing.faults(tender)
    for lots, asked in _clausiers(tender, clausier):
        for finding in _scored_somewhere(tender, asked):
            yield replace(finding, place=" · ".join(part for part in (finding.place, lots) if part))
    yield from _read_by_someone(tender, clausier)


def _clausiers(tender: Tender, clausier: Clausier) -> Iterator[tuple[str, Clausier]]:
    """Yield the clausier of each lot that has its own, else the one of all."""
    if any(use.lots for use in tender.points.values()):
        for lot in tender.lots:
            yield lot.id, of_lot(tender, clausier, lot.id)
    else:
        yield "", clausier


def _unique(tender: Tender) -> Iterator[Finding]:
    named = {
        "lots": [lot.id for lot in tender.lots],
        "tenderers": [tenderer.id for tenderer in tender.tenderers],
        "criteria": [criterion.id for criterion in tender.criteria],
        "evaluators": [evaluator.id for evaluator in tender.evaluators],
    }
    for place, identifiers in named.items():
        for twice in sorted({each for each in identifiers if identifiers.count(each) > 1}):
            yield _finding(
                "twice",
                place,
                message("« {twice} » est donné deux fois", twice=twice),
                message("Donner un identifiant à chacun."),
                twice,
            )


def _lots(tender: Tender) -> Iterator[Finding]:
    if not tender.lots:
        yield _finding(
            "lots",
            "lots",
            message("la consultation n'a aucun lot"),
            message("Écrire au moins un lot ; pour une consultation non allotie : lots: [{{id: lot-1}}]."),
        )
    if not tender.tenderers:
        yield _finding(
            "tenderers",
            "tenderers",
            message("la consultation n'a aucun soumissionnaire"),
            message("Lister les soumissionnaires qui ont remis une offre."),
        )


def _scored_somewhere(tender: Tender, clausier: Clausier) -> Iterator[Finding]:
    criteria = [criterion for criterion in tender.criteria if criterion.kind is Kind.CLAUSIER]
    scored = [point for point in clausier.points.values() if point.award_use.scores]
    if scored and not criteria:
        yield _finding(
            "clausier_unused",
            "criteria",
            message(
                "{count} points du clausier sont notés mais aucun critère n'est de nature « clausier »",
                count=len(scored),
            ),
            message("Ajouter un critère kind: clausier, ou passer ces points à award_use: none ou minimum."),
        )
    if len(criteria) > 1:
        yield _finding(
            "clausier_twice",
            "criteria",
            message("deux critères sont de nature « clausier » : chaque point serait noté deux fois"),
            message("Garder un seul critère clausier, avec des sous-critères."),
        )
    for criterion in criteria:
        if not scored:
            yield _finding(
                "clausier_empty",
                f"criteria.{criterion.id}",
                message("aucun point retenu n'est noté : le critère serait vide"),
                message("Revoir la sélection ou l'usage des points."),
            )
        for sub in criterion.subcriteria:
            owned = [point for point in scored if feeds(sub, point.id, clausier.theme_of[point.id].id, point.family)]
            if not owned:
                yield _finding(
                    "subcriterion_empty",
                    f"criteria.{criterion.id}.{sub.id}",
                    message("aucun point noté n'alimente ce sous-critère"),
                    message("Revoir ses thèmes, familles ou points."),
                )
        yield from _fed_once(criterion, clausier)


def _fed_once(criterion: Criterion, clausier: Clausier) -> Iterator[Finding]:
    if not criterion.subcriteria:
        return
    for point in clausier.points.values():
        if not point.award_use.scores:
            continue
        owners = [
            sub.id
            for sub in criterion.subcriteria
            if feeds(sub, point.id, clausier.theme_of[point.id].id, point.family)
        ]
        if len(owners) != 1:
            yield _finding(
                "point_subcriterion",
                f"criteria.{criterion.id}.subcriteria",
                message("le point {point} alimente {count} sous-critères", point=point.id, count=len(owners)),
                message("Chaque point noté doit alimenter un sous-critère, et un seul."),
                point.id,
            )


def feeds(sub: SubCriterion, point: str, theme: str, family: str) -> bool:
    """Whether a sub-criterion takes a point: by its list, its theme or its family."""
    return point in sub.points or theme in sub.themes or family in sub.families


def _read_by_someone(tender: Tender, clausier: Clausier) -> Iterator[Finding]:
    if not tender.evaluators:
        yield _finding(
            "evaluators",
            "evaluators",
            message("la consultation n'a aucun évaluateur"),
            message("Nommer les évaluateurs et ce que chacun lit."),
        )
        return
    for theme in clausier.themes:
        used = [point for point in theme.points if point.award_use is not AwardUse.NONE]
        if used and not any(reads(evaluator, tender, theme.id) for evaluator in tender.evaluators):
            yield _finding(
                "theme_unread",
                "evaluators",
                message("aucun évaluateur ne lit le thème {theme} ({title})", theme=theme.id, title=theme.title),
                message("L'ajouter aux thèmes d'un évaluateur."),
                theme.id,
            )
    for criterion in tender.criteria:
        if criterion.kind is Kind.MARKED and not any(notes(each, criterion) for each in tender.evaluators):
            yield _finding(
                "criterion_unread",
                "evaluators",
                message("aucun évaluateur ne note le critère « {criterion} »", criterion=criterion.id),
                message("L'ajouter aux critères d'un évaluateur."),
                criterion.id,
            )


def reads(evaluator: Evaluator, tender: Tender, theme: str) -> bool:
    """Whether an evaluator marks the points of a theme: named, or all through the clausier criterion, or everything."""
    clausier = {criterion.id for criterion in tender.criteria if criterion.kind is Kind.CLAUSIER}
    everything = not evaluator.themes and not evaluator.criteria
    return everything or theme in evaluator.themes or bool(clausier & set(evaluator.criteria))


def notes(evaluator: Evaluator, criterion: Criterion) -> bool:
    """Whether an evaluator notes a criterion marked by hand."""
    return criterion.id in evaluator.criteria or (not evaluator.themes and not evaluator.criteria)
