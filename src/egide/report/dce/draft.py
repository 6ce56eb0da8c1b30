"""What the tender documents look up: the consultation or what is known of the purchase, the facts that call for each clause,
the values written in them. A value that is not known yet is a place to fill in, in words.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from egide.clausier.model import AwardUse, Clausier, IfBlank, Moment, Point, Responsible
from egide.locale import point_text
from egide.message import Language, Message, Text, message
from egide.report.papers.typography import Setter
from egide.tender.contract import CEILING, Contract, Texts
from egide.tender.model import Buyer, Criterion, Kind, Lot, Procedure, SubCriterion, Tender
from egide.tender.procedure import publication
from egide.tender.procedure.publication import Terms
from egide.tender.risk_terms import RiskTerms, RiskUse
from egide.tender.schedule import Prevails

FILES: Mapping[str, str] = {
    "rc": "1-reglement-consultation",
    "cctp": "2-cctp-annexe-securite",
    "ccap": "3-ccap-clauses",
    "gdpr": "4-annexe-rgpd-article-28",
    "answers": "5-cadre-de-reponse",
    "price": "6-cadre-de-prix",
}
"""The names of the files, the same in every language, without their ending."""

PARTIES: Mapping[Responsible, Text] = {
    Responsible.SUPPLIER: Text("titulaire", "supplier"),
    Responsible.HOSPITAL: Text("établissement", "hospital"),
    Responsible.SHARED: Text("titulaire et établissement", "supplier and hospital"),
}
PREVAILS: Mapping[Prevails, Text] = {
    Prevails.BPU: Text("le BPU", "the BPU"),
    Prevails.DQE: Text("le DQE", "the DQE"),
}
_GHT = re.compile(r"\bGHT\b|groupement hospitalier de territoire", re.IGNORECASE)
_HDS = re.compile(r"\bHDS\b|données de santé", re.IGNORECASE)
NOTHING = "—"


@dataclass(frozen=True)
class Draft:
    """The documents to be written: for a consultation, or (`tender` None) for a purchase of which only facets are known."""

    tender: Tender | None
    clausier: Clausier
    texts: Texts
    facets: Mapping[str, Collection[str]]
    roles: Mapping[str, Text]
    on: date
    language: Language
    set: Setter

    # ------------------------------------------------------------------------------------------------------ saying
    def say(self, said: Message | Text | str) -> str:
        """Return a text of ours or of the buyer."""
        return self.set.say(said)

    def hole(self, what: Message) -> str:
        """Return a place to fill in, inside a sentence or a cell."""
        return self.say(message("[à compléter : {what}]", what=what))

    def checked(self, said: str, *, to_check: bool) -> str:
        """Return a citation, with a mark when nobody has read the text itself yet."""
        return self.say(message("{said} [à vérifier]", said=said)) if to_check else said

    def point(self, point: Point, text: Text) -> str:
        """Return a text of a point, its thresholds written in."""
        return self.say(point.say(text, self.language))

    def title(self, point: Point) -> str:
        """Return the title of a point, or the beginning of its wording."""
        said = point.title.say(self.language) or " ".join(point.wording(self.language).split())
        return self.say(said if len(said) <= 120 else said[:119] + "…")

    def word(self, value: StrEnum) -> str:
        """Return a coded value as people write it."""
        return self.say(point_text.word(value, self.language))

    def or_hole(self, value: str, what: Message) -> str:
        """Return what the buyer wrote, or the place to fill in; what a new tender leaves to fill in is not written yet."""
        return self.say(value) if publication.written(value) else self.hole(what)

    # ------------------------------------------------------------------------------------------------- consultation
    @cached_property
    def shown(self) -> Tender:
        """Return the consultation, or one that has only places to fill in: what the frame of a page needs."""
        if self.tender is not None:
            return self.tender
        return Tender(
            self.hole(message("objet de la consultation")),
            Buyer(self.hole(message("nom de l'acheteur"))),
            self.on,
            datetime.combine(self.on, time(), UTC),
            (),
            (),
            lots=(Lot("lot-1"),),
        )

    @cached_property
    def terms(self) -> Terms:
        """Return what is published of the award."""
        return publication.terms(self.shown, self.clausier)

    @property
    def points(self) -> Mapping[str, Point]:
        """Return the points asked, by identifier."""
        return self.clausier.points

    @property
    def contract(self) -> Contract:
        """Return the parameters of the contract."""
        return self.shown.contract

    def lot_name(self, lot: Lot) -> str:
        """Return the name of a lot."""
        if not lot.title and len(self.shown.lots) == 1:
            return self.say(message("Lot unique"))
        name = message("Lot {id}", id=lot.id.lower().removeprefix("lot").strip(" -_") or lot.id)
        return self.say(message("{id} : {title}", id=name, title=lot.title) if lot.title else name)

    def criterion_title(self, criterion: Criterion | SubCriterion | publication.CriterionTerms) -> str:
        """Return the title of a criterion."""
        return self.say(criterion.title or criterion.id)

    def proofs(self, moment: Moment) -> list[tuple[Point, str, str, str]]:
        """Return the proofs of a moment: point, what, kind, who checks."""
        return [
            (
                point,
                self.point(point, proof.what),
                self.word(proof.kind),
                ", ".join(self.say(self.roles.get(role, Text(role))) for role in proof.checked_by) or NOTHING,
            )
            for point in self.points.values()
            for proof in point.proofs
            if proof.when is moment
        ]

    def parameter(self, point: str, name: str, default: str) -> str:
        """Return a threshold that a clause of the annex sets, so that two documents never say two things."""
        known = self.points[point].parameters if point in self.points else {}
        return known[name].default if name in known else default

    # ------------------------------------------------------------------------------------------------------- facts
    def has(self, facet: str, *values: str) -> bool:
        """Whether the purchase has one of the values of a facet; what is not known of it may be."""
        return bool(set(values) & set(self.facets[facet])) if facet in self.facets else self.tender is None

    @cached_property
    def facts(self) -> frozenset[str]:
        """Return the names of the facts that hold: what `when` and `unless` of the texts speak of."""
        return frozenset(name for name, holds in FACTS.items() if holds(self))

    @cached_property
    def values(self) -> dict[str, str]:
        """Return what the places of the texts are filled with."""
        return {name: value(self) for name, value in VALUES.items()}


def _known(tell: Callable[[Tender], object]) -> Callable[[Draft], bool]:
    return lambda draft: draft.tender is not None and bool(tell(draft.tender))


def _any_point(tell: Callable[[Point], object]) -> Callable[[Draft], bool]:
    return lambda draft: any(tell(point) for point in draft.points.values())


def _kind(kind: Kind) -> Callable[[Draft], bool]:
    return _known(lambda tender: any(criterion.kind is kind for criterion in tender.criteria))


def _moment(moment: Moment) -> Callable[[Draft], bool]:
    return _any_point(lambda point: any(proof.when is moment for proof in point.proofs))


def controllers(tender: Tender) -> list[str]:
    """Return the controllers named by the processing sheets, in their order."""
    return list(dict.fromkeys(each.controller for each in tender.processing if each.controller))


def _is_ght(tender: Tender) -> bool:
    return len(controllers(tender)) > 1 or bool(_GHT.search(f"{tender.buyer.name} {tender.title}"))


def is_hds(standard: str) -> bool:
    """Whether a certificate is that of hosts of health data."""
    return bool(_HDS.search(standard))


def _hosts_health(draft: Draft) -> bool:
    asked = any(is_hds(each.standard) for each in draft.shown.certificates)
    return asked or (bool(draft.facets) and draft.has("data", "health") and draft.has("hosting", "supplier"))


def _processes(draft: Draft) -> bool:
    """Whether the supplier processes personal data for the hospital; unless the purchase says that it does not, hosting
    them or reaching at a distance the system that holds them is enough (a remote access is a processing).
    """
    if draft.shown.processing or draft.has("processing", "processor"):
        return True
    reached = draft.has("hosting", "supplier") or draft.has("access", "remote")
    return "processing" not in draft.facets and draft.has("data", "personal", "health") and reached


FACTS: Mapping[str, Callable[[Draft], bool]] = {
    "tender": lambda draft: draft.tender is not None,
    "lots": _known(lambda tender: len(tender.lots) > 1),
    "one_lot": _known(lambda tender: len(tender.lots) == 1),
    "reason": _known(lambda tender: publication.written(tender.allotment.reason)),
    "most_tendered": _known(lambda tender: tender.allotment.most_tendered),
    "most_awarded": _known(lambda tender: tender.allotment.most_awarded),
    "by_lot": _known(lambda tender: any(use.lots for use in tender.points.values())),
    "variants": _known(lambda tender: tender.variants_allowed),
    "negotiation": _known(lambda tender: tender.negotiation or tender.kind in {Procedure.NEGOTIATED, Procedure.DIALOGUE}),
    "rounds": _known(lambda tender: tender.rounds),
    "reduction": _known(lambda tender: tender.reduction_announced),
    "participants": _known(lambda tender: tender.participants_minimum),
    "formalised": _known(lambda tender: tender.formalised),
    "restricted": _known(lambda tender: tender.kind in {Procedure.RESTRICTED, Procedure.NEGOTIATED, Procedure.DIALOGUE}),
    "weighted": _known(lambda tender: tender.weights_published),
    "conditions": _known(lambda tender: tender.conditions_of_use),
    "subcriteria": _known(lambda tender: any(criterion.subcriteria for criterion in tender.criteria)),
    "marked": _kind(Kind.MARKED),
    "computed": _kind(Kind.COMPUTED),
    "ties": _known(lambda tender: tender.ties),
    "schedule": _known(lambda tender: tender.schedule.lines),
    "scored": _any_point(lambda point: point.award_use.scores),
    "floors": _any_point(lambda point: point.award_use.floors),
    "candidacy": _any_point(lambda point: point.award_use is AwardUse.CANDIDACY),
    "irregular": _any_point(lambda point: point.if_blank is IfBlank.IRREGULAR),
    "presumed_winner": _moment(Moment.FROM_PRESUMED_WINNER),
    "at_acceptance": _moment(Moment.AT_ACCEPTANCE),
    "each_year": _moment(Moment.EACH_YEAR),
    "certificates": lambda draft: bool(draft.shown.certificates) or _hosts_health(draft),
    "hds": _hosts_health,
    "ght": _known(_is_ght),
    "processor": _processes,
    "saas": lambda draft: draft.has("object", "saas", "hosting_service") or draft.has("hosting", "supplier"),
    "penalties": _known(lambda tender: tender.contract.penalties),
    "hints": lambda draft: bool(hints(draft)),
    "risk_information": _known(lambda tender: tender.risk and tender.risk.use is RiskUse.INFORMATION),
    "risk_criterion": _known(lambda tender: tender.risk and tender.risk.use is RiskUse.CRITERION),
    "other_ceiling": _known(lambda tender: tender.contract.penalty_ceiling_percent != CEILING),
}  # fmt: skip


ESSENTIAL = 3
"""The weight of an essential point."""


def hints(draft: Draft) -> list[Point]:
    """Return the points that may bear a penalty and have none yet: the essential ones, since a table that nobody fills
    in protects nobody; all of them when none is essential.
    """
    penalised = {point for penalty in draft.contract.penalties for point in penalty.points}
    found = [
        point
        for point in draft.points.values()
        if point.binding and point.binding.penalty_hint.fr and point.id not in penalised
    ]
    return [point for point in found if point.weight == ESSENTIAL] or found


def _deadline(draft: Draft) -> str:
    if draft.tender is None:
        return draft.hole(message("date et heure limites"))
    return draft.set.day(draft.tender.deadline)


def _order(draft: Draft) -> str:
    names = {lot.id: draft.lot_name(lot) for lot in draft.shown.lots}
    order = draft.shown.allotment.order
    return ", ".join(names.get(lot, lot) for lot in order) or draft.hole(message("ordre des lots"))


def _ties(draft: Draft) -> str:
    titles = {criterion.id: draft.criterion_title(criterion) for criterion in draft.shown.criteria}
    titles["draw"] = draft.say(message("tirage au sort"))
    return ", ".join(titles.get(each, each) for each in draft.shown.ties)


def answer_sheet(draft: Draft) -> str:
    """Return the name of the answer sheet, or of one for each lot."""
    if "by_lot" not in draft.facts:
        return f"{FILES['answers']}.xlsx"
    return ", ".join(f"{FILES['answers']}-{lot.id}.xlsx" for lot in draft.shown.lots)


def _number(value: Decimal | int, draft: Draft) -> str:
    return draft.set.number(Decimal(value), None)


def _risk(tell: Callable[[RiskTerms, Draft], str]) -> Callable[[Draft], str]:
    """Return what is told of the published terms of the cost of risk, nothing when there are none."""

    def value(draft: Draft) -> str:
        terms = draft.shown.risk
        return "" if terms is None else tell(terms.lasting(draft.contract.months), draft)

    return value


def _beneficiaries(terms: RiskTerms, draft: Draft) -> str:
    lots = [lot.id for lot in draft.shown.lots]
    return " ; ".join(
        draft.say(
            message(
                "{lots} : {revenue} € de recettes par an, {persons} personnes dans les données, part d'activité perdue si le service s'arrête {mode} % (de {low} à {high} %)",
                lots=", ".join(who.lots or lots),
                revenue=who.revenue,
                persons=who.persons,
                low=_percent(who.criticality[0], draft),
                mode=_percent(who.criticality[1], draft),
                high=_percent(who.criticality[2], draft),
            )
        )
        for who in terms.beneficiaries
    )


def _percent(share: Decimal, draft: Draft) -> str:
    return _number((share * 100).normalize(), draft)


def _criterion_name(terms: RiskTerms, draft: Draft) -> str:
    titles = {criterion.id: draft.criterion_title(criterion) for criterion in draft.shown.criteria}
    return titles.get(terms.criterion, terms.criterion)


VALUES: Mapping[str, Callable[[Draft], str]] = {
    "risk_beneficiaries": _risk(_beneficiaries),
    "risk_cap": _risk(lambda terms, draft: _percent(terms.cap, draft)),
    "risk_credit": _risk(lambda terms, draft: _percent(terms.credit, draft)),
    "risk_criterion": _risk(_criterion_name),
    "risk_draws": _risk(lambda terms, draft: _number(terms.draws, draft)),
    "risk_seed": _risk(lambda terms, _: str(terms.seed)),
    "risk_years": _risk(lambda terms, draft: _number(terms.years or Decimal(0), draft)),
    "deadline": _deadline,
    "lots": lambda draft: str(len(draft.shown.lots)),
    "most_tendered": lambda draft: str(draft.shown.allotment.most_tendered),
    "most_awarded": lambda draft: str(draft.shown.allotment.most_awarded),
    "lots_order": _order,
    "reason": lambda draft: draft.say(draft.shown.allotment.reason),
    "points": lambda draft: str(len(draft.points)),
    "ties": _ties,
    "participants": lambda draft: str(draft.shown.participants_minimum),
    "prevails": lambda draft: draft.say(PREVAILS[draft.shown.schedule.prevails]),
    "conditions": lambda draft: draft.say(draft.shown.conditions_of_use),
    "answer_sheet": answer_sheet,
    "incident_hours": lambda draft: str(draft.contract.incident_notice_hours),
    "breach_hours": lambda draft: draft.parameter("EG-017", "hours", str(draft.contract.incident_notice_hours)),
    "processor_days": lambda draft: draft.parameter("EG-015", "days", "21"),
    "transfer_days": lambda draft: draft.parameter("EG-016", "transfer", "2"),
    "plan_days": lambda draft: draft.parameter("EG-003", "plan", "30"),
    "fix_days": lambda draft: draft.parameter("EG-019", "fix", "30"),
    "audits": lambda draft: str(draft.contract.audits_per_year),
    "audit_days": lambda draft: str(draft.contract.audit_notice_days),
    "ceiling": lambda draft: _number(draft.contract.penalty_ceiling_percent, draft),
}
