"""Whole procedures with their journal, fictitious, for the tests of the documents of the record."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from egide import reference
from egide.finding import Finding
from egide.report.procedure import Procedure
from egide.tender.evaluation import Evaluation
from egide.tender.procedure.journal import (
    Award,
    Candidacy,
    Declaration,
    Ending,
    Item,
    Journal,
    Justification,
    LetterKind,
    NoAward,
    Opening,
    Proof,
    Publication,
    Question,
    ReasonsRequest,
    Regularisation,
    Sent,
)
from egide.tender.procedure.letter import Letter
from egide.tender.procedure.letters import letters
from egide.tender.procedure.situation import Situation
from report import consultations

ON = date(2026, 12, 15)
"""The day of the documents, after all that the journal tells."""
TOLD = date(2026, 12, 1)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
SAID = {
    "R2184-3-2": Item(text="L'exploitation d'un seul système interdit d'identifier des prestations distinctes."),
    "R2184-3-3": Item(none="aucun chiffre d'affaires minimal n'est exigé"),
    "R2184-3-4": Item(none="toutes les offres sont remises par voie électronique"),
    "R2184-3-5": Item(none="aucune étude ni aucun échange préalable avec un opérateur"),
}


def journal(evaluation: Evaluation, **changes: object) -> Journal:
    """Return the journal of a procedure led to its end: each lot goes to its first, the last lot is abandoned."""
    tender = evaluation.tender
    firsts = {lot.id: evaluation.lot(lot.id)[0].key for lot in tender.lots}
    awarded = list(firsts)[: max(1, len(firsts) - 1)]
    losers = [
        key for lot in awarded for key in dict.fromkeys(row.key for row in evaluation.lot(lot)) if key != firsts[lot]
    ]
    values: dict[str, object] = {
        "publication": Publication(date(2026, 9, 7), "BOAMP 26-123456 (fictif)"),
        "questions": (
            Question("q1", NOON, "Le site de secours peut-il être hors de France ?", tender.tenderers[0].id, "Oui, dans l'Espace économique européen.", NOON),
            Question("q2", NOON, "Combien de postes sont à équiper ?", tender.tenderers[-1].id),
        ),
        "declarations": tuple(Declaration(each.id, date(2026, 10, 20), conflict=False) for each in tender.evaluators),
        "opening": Opening(datetime(2026, 10, 19, 14, tzinfo=UTC)),
        "candidacies": tuple(Candidacy(each.id, admitted=True, on=date(2026, 10, 20), reason="capacités suffisantes") for each in tender.tenderers),
        "regularisations": tuple(
            Regularisation(key.tenderer, key.lot, "Joindre la liste signée des intervenants.", date(2026, 10, 26), NOON, points=("EG-015",)) for key in losers[:2]
        ),
        "justifications": (Justification(losers[0].tenderer, losers[0].lot, date(2026, 10, 27), NOON, answered_at=NOON, answer="Outils mutualisés.", analysis="Organisation mutualisée, démontrée.", accepted=True),),
        "proofs": tuple(Proof(firsts[lot].tenderer, lot, "Attestation de régularité fiscale", date(2026, 11, 20), NOON) for lot in awarded),
        "awards": tuple(Award(lot, firsts[lot].tenderer, date(2026, 11, 30), "La directrice générale (fictive)") for lot in awarded),
        "sent": tuple(Sent(key.tenderer, key.lot, LetterKind.REJECTION, TOLD) for key in losers),
        "reasons": (ReasonsRequest(losers[0].tenderer, losers[0].lot, date(2026, 12, 3), date(2026, 12, 9)),),
        "no_awards": tuple(NoAward(lot, Ending.SANS_SUITE, "Le besoin a disparu avec la fusion de deux sites.", date(2026, 11, 30), "La directrice générale (fictive)") for lot in firsts if lot not in awarded),
        "record": SAID,
    }  # fmt: skip
    return Journal(**(values | changes))  # type: ignore[arg-type]


def decided(made: Procedure) -> tuple[list[Letter], list[Finding]]:
    """Return the letters of a procedure and what was refused."""
    return letters(
        Situation(made.tender, reference.rules().on(made.tender.sent_on), made.journal, made.on, made.evaluation)
    )


def procedure(
    count: int = 4, lots: int = 1, language: str = "fr", *, split: bool = False, **changes: object
) -> Procedure:
    """Return a procedure led to its end, with the rules of its date."""
    kept = consultations.record(count, lots, split=split)
    tender = replace(
        kept.evaluation.tender,
        buyer=replace(kept.evaluation.tender.buyer, address="1 rue de l'Exemple, 74000 Annecy"),
        reference="2026-PACS-01",
        estimate=Decimal(1_600_000),
    )
    evaluation = replace(kept.evaluation, tender=tender)
    return Procedure(tender, evaluation, journal(evaluation, **changes), reference.record_items(), language, ON)  # type: ignore[arg-type]
