"""The cost of risk by itself: of the bids of a folder, and of a tenderer who wants its own figure before sending."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from egide import reference
from egide.clausier.model import Clausier
from egide.desk import consultation
from egide.desk.evaluation import of_consultation
from egide.desk.supplier_cost import bought, cost_of, refuse_faults, span
from egide.errors import DataError
from egide.exchange import published
from egide.exchange.answers import read_answers
from egide.exchange.clausiers import native
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.risk import supplier
from egide.risk.supplier import Retained
from egide.tender.model import Answer, Condition, Declared, Marks, Tender
from egide.tender.points import proposal
from egide.tender.procedure.publication import PointTerms
from egide.tender.risk_cost import Landmarks, RiskCost, Span
from egide.tender.rules import FILE

CLAUSIER = "clausier.json"


@dataclass(frozen=True)
class Told:
    """The costs of a consultation; `opened` when they are those of bids, else only landmarks and what points are worth."""

    tender: Tender
    clausier: Clausier
    cost: RiskCost
    findings: tuple[Finding, ...]
    opened: bool


def of_folder(folder: Path) -> Told:
    """Return the costs of the bids of a folder, those of its evaluation; before any bid, what each point is worth.

    Raises DataError when the consultation asks for no cost of risk, or cannot be evaluated.
    """
    given = consultation.of_folder(folder)
    if given.tender.risk is None:
        remedy = message("Ajouter un bloc « risk » (docs/formats.md) : bénéficiaires, durée, criticité.")
        understood = message("la consultation n'a pas de bloc « risk »")
        found = Finding("risk.none", Severity.ERROR, understood, remedy, FILE, "risk")
        raise DataError(message("le coût du risque ne peut pas être calculé"), (found,))
    if not given.bids:
        cost = cost_of(given.tender, given.clausier, (), Marks())
        return Told(given.tender, given.clausier, cost, given.of_tender, opened=False)
    evaluation, findings = of_consultation(given)
    if evaluation.risk is None:
        raise DataError(message("le coût du risque ne peut pas être calculé"), tuple(findings))
    return Told(given.tender, evaluation.clausier, evaluation.risk, tuple(findings), opened=True)


# ------------------------------------------------------------------------------------------------------- a tenderer's own
@dataclass(frozen=True)
class OwnCost:
    """What a tenderer finds for itself on a lot: with every answer proven, and on its declarations alone."""

    lot: str
    proven: Span
    declared: Span
    landmarks: Landmarks
    blank: tuple[str, ...]
    """The points counted that its answers leave blank, or answer under a condition."""


@dataclass(frozen=True)
class Own:
    """The figures of a tenderer on the lots that concern it, and what reading its answers found."""

    title: str
    lots: tuple[OwnCost, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Sent:
    """A file and the name that its sender gave it, which is that of the file itself unless it is held in memory."""

    path: Path
    name: str = ""

    @property
    def called(self) -> str:
        """Return the name to tell."""
        return self.name or self.path.name


def of_published(publication: Sent, answers: Sent, lot: str = "", clausier: Sent | None = None) -> Own:
    """Return the cost that a tenderer may expect from its answers, with what the buyer published.

    The clausier is the one given, else ours. Raises DataError when nothing was published of the cost, or when this
    program does not have the parameters that were.
    """
    kept = published.read(publication.path, publication.called)
    if kept.risk is None or kept.terms.risk is None:
        raise _refused("risk.none", publication, message("rien n'y est publié d'un coût du risque"), "")
    library = reference.risk_library()
    if kept.risk.library != library.digest:
        understood = message("les paramètres publiés ne sont pas ceux de ce programme (publié avec Égide {program})", program=kept.program)  # fmt: skip
        raise _refused("risk.library", publication, understood, kept.risk.library)
    if not set(kept.risk.scenarios) <= set(supplier.CONTRACTS) or any(p.weight < 1 for p in kept.risk.points.values()):
        raise _refused("risk.altered", publication, message("les scénarios ou les points publiés ont été modifiés"), "")
    asked_of = _clausier(publication, clausier, kept.terms.clausier)
    reading = read_answers(answers.path, answers.called, asked_of)
    if not reading.answers:
        raise DataError(message("aucune réponse n'a pu être lue dans {name}", name=answers.called), reading.findings)
    lots = []
    terms = kept.terms.risk
    refuse_faults(terms, kept.terms.lots)
    for each in kept.terms.lots:
        who = terms.of_lot(each)
        if who is None or lot not in {"", each}:
            continue
        asked = {point.id: point for point in kept.terms.points if not point.lots or each in point.lots}
        points = {point: known for point, known in kept.risk.points.items() if point in asked}
        made = bought(terms, who, kept.risk.scenarios, library)
        declared = _declared(asked_of, asked, reading.answers)
        costs = [
            supplier.supplier_cost(made, supplier.levels(points, said, float(terms.credit)))
            for said in (declared, {point: replace(said, proven=False) for point, said in declared.items()})
        ]
        stones = supplier.landmarks(made, points)
        lots.append(
            OwnCost(
                each,
                span(costs[0].total),
                span(costs[1].total),
                Landmarks(**{name: span(stone.total) for name, stone in stones.items()}),
                tuple(point for point in points if point not in declared),
            )
        )
    if not lots:
        raise _refused("risk.lot", publication, message("aucun lot de ce nom n'a de coût du risque publié"), lot)
    return Own(kept.title, tuple(lots), reading.findings)


def _clausier(publication: Sent, given: Sent | None, wanted: str) -> Clausier:
    known = native.read(given.path, given.called) if given else reference.clausier()
    if known.id != wanted:
        understood = message(
            "le clausier publié manque : donner aussi {file}, remis avec la consultation", file=CLAUSIER
        )
        raise _refused("risk.clausier", publication, understood, wanted)
    return known


def _declared(
    clausier: Clausier, asked: Mapping[str, PointTerms], answers: Mapping[str, Answer]
) -> dict[str, Retained]:
    """Return what a tenderer's answers suggest of each point, as the published levels value it; described is at best."""
    made = {}
    for identifier, terms in asked.items():
        answer, point = answers.get(identifier), clausier.points.get(identifier)
        if answer is None or point is None or answer.declared is Declared.BLANK:
            continue
        if answer.declared is Declared.NA:
            if terms.na_allowed:
                made[identifier] = Retained(None)
            continue
        described = answer.declared is Declared.DESCRIBED and answer.condition is Condition.NONE
        value = max(_values(terms)) if described else terms.levels.get(proposal(point, answer)[0])
        if value is not None:
            made[identifier] = Retained(float(value))
    return made


def _values(terms: PointTerms) -> list[Decimal]:
    return [value for value in terms.levels.values() if value is not None]


def _refused(code: str, file: Sent, understood: Message, read: str) -> DataError:
    remedy = message("Demander à l'acheteur le fichier publication.json de la consultation, et la version d'Égide.")
    found = Finding(code, Severity.ERROR, understood, remedy, file.called, "risk", read=read)
    return DataError(message("le coût du risque ne peut pas être calculé"), (found,))
