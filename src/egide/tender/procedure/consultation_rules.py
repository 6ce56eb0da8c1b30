"""What must hold from the publication to the marks: order of opening, changes, questions, phases, interests, trials."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta

from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.classing import OUT_OF_RANKING
from egide.tender.procedure.journal import Amendment, Negotiation, Order, Question, Trial
from egide.tender.procedure.situation import CANDIDACY_FIRST, Check, Hit, Situation, Stage, day_of, formalised, said
from egide.tender.rules import Rule


def _award(finding: Finding, lot: str = "") -> Hit:
    return Hit(finding, Stage.AWARD, lot)


# --------------------------------------------------------------------------------- R14: order of examination, opening
def _order(situation: Situation, _: Rule) -> Iterator[Hit]:
    opening, kind = situation.journal.opening, situation.tender.kind
    if opening is None:
        return
    if opening.at < situation.deadline:
        yield _award(
            said(
                "opened_early",
                "opening.at",
                message("ouverture avant la date limite ({deadline})", deadline=situation.deadline),
                message("Vérifier l'heure d'ouverture ; si elle est exacte, la procédure est à recommencer."),
                read=opening.at.isoformat(),
            )
        )
    if opening.order is Order.OFFERS and (kind in CANDIDACY_FIRST or not opening.order_published):
        fault = (
            message("les candidatures s'examinent d'abord dans cette procédure")
            if kind in CANDIDACY_FIRST
            else message("offres examinées avant les candidatures, sans que le règlement l'ait annoncé")
        )
        remedy = message("Écrire order_published: true si c'était annoncé ; sinon examiner les candidatures d'abord.")
        yield _award(said("order", "opening.order", fault, remedy))
    for number, deposit in enumerate(situation.journal.deposits):
        refused = [
            each for each in situation.journal.candidacies if each.tenderer == deposit.tenderer and not each.admitted
        ]
        if deposit.opened and any(not each.lots and each.on < opening.at.date() for each in refused):
            yield _award(
                said(
                    "refused_opened",
                    f"deposits[{number}]",
                    message("offre ouverte alors que la candidature était déjà rejetée"),
                    message("Ne pas l'examiner, et le dire au rapport."),
                    file="deposits.yaml",
                    read=deposit.tenderer,
                )
            )


# ---------------------------------------------------------------------------------------- R19: what was published holds
def _frozen(situation: Situation, _: Rule) -> Iterator[Hit]:
    journal = situation.journal
    digests = [each.digest for each in journal.amendments if each.digest]
    if journal.publication is not None:
        digests = [each for each in (journal.publication.digest, *digests) if each]
        if not digests:
            yield Hit(
                said(
                    "no_digest",
                    "publication.digest",
                    message("aucune empreinte de ce qui a été publié : un changement ne se verrait pas"),
                    message("Écrire l'empreinte donnée par Égide au jour de la publication."),
                    severity=Severity.DOUBT,
                )
            )
    if digests and situation.frozen and digests[-1] != situation.frozen:
        yield _award(
            said(
                "changed",
                "publication.digest",
                message("critères, poids, formule ou clausier ne sont plus ceux qui ont été publiés"),
                message(
                    "Revenir à ce qui a été publié, ou écrire le rectificatif dans amendments, avec son empreinte."
                ),
                file="tender.yaml",
                read=situation.frozen,
            )
        )
    for number, amendment in enumerate(journal.amendments):
        yield from _amended(situation, amendment, f"amendments[{number}]")


def _amended(situation: Situation, amendment: Amendment, place: str) -> Iterator[Hit]:
    if amendment.told_on is None:
        yield _award(
            said(
                "amendment_untold",
                f"{place}.told_on",
                message("rectificatif du {day} que personne n'a reçu", day=amendment.on),
                message("L'envoyer à tous ceux qui ont retiré le dossier, et écrire le jour."),
            )
        )
    early = sorted({each.tenderer for each in situation.journal.deposits if each.ended_at.date() < amendment.on})
    again = {each.tenderer for each in situation.journal.deposits if each.ended_at.date() >= amendment.on}
    if unsure := [each for each in early if each not in again]:
        yield Hit(
            said(
                "to_confirm",
                place,
                message("offres reçues avant le rectificatif, à confirmer : {names}", names=tuple(unsure)),
                message("Demander à chacun s'il maintient son offre ou la remplace."),
                severity=Severity.DOUBT,
            )
        )


# ------------------------------------------------------------------------------------- R63: the same answer to everybody
def _answers(situation: Situation, rule: Rule) -> Iterator[Hit]:
    for number, question in enumerate(situation.journal.questions):
        yield from _answer(situation, rule, question, f"questions[{number}]")
    for number, amendment in enumerate(situation.journal.amendments):
        before = situation.journal.amendments[:number]
        deadline = next((each.deadline for each in reversed(before) if each.deadline), None)
        if amendment.substantial and amendment.deadline is None:
            yield _award(
                said(
                    "deadline_kept",
                    f"amendments[{number}].deadline",
                    message("changement substantiel sans report de la date limite"),
                    message("Reporter la date limite de remise des offres, et l'écrire dans deadline."),
                )
            )
        if amendment.deadline is not None and deadline is not None and amendment.deadline < deadline:
            yield _award(
                said(
                    "deadline_back",
                    f"amendments[{number}].deadline",
                    message("un rectificatif ne ramène pas la date limite en arrière"),
                    message("Corriger la date, ou l'ordre des rectificatifs."),
                    read=amendment.deadline.isoformat(),
                )
            )


def _answer(situation: Situation, rule: Rule, question: Question, place: str) -> Iterator[Hit]:
    if question.to:
        yield _award(
            said(
                "answer_to_some",
                f"{place}.to",
                message("réponse envoyée à certains seulement : {names}", names=question.to),
                message("L'envoyer à tous, au même instant, sans dire qui a posé la question."),
                read=question.id,
            )
        )
    if question.answered_at is None:
        over = day_of(situation.deadline) < situation.on
        yield Hit(
            said(
                "unanswered",
                place,
                message("question sans réponse"),
                message("Y répondre à tous, ou écrire dans answer pourquoi elle n'a pas reçu de réponse."),
                severity=Severity.DOUBT if over else Severity.NOTE,
                read=question.id,
            )
        )
        return
    if question.substantial and not any(each.substantial for each in situation.journal.amendments):
        yield _award(
            said(
                "deadline_kept",
                place,
                message("la réponse change la consultation, et aucun rectificatif ne reporte la date limite"),
                message("Écrire le rectificatif dans amendments, avec la nouvelle date limite."),
                read=question.id,
            )
        )
    if question.answered_at > situation.deadline:
        yield _award(
            said(
                "answer_late",
                f"{place}.answered_at",
                message("réponse envoyée après la date limite"),
                message("Vérifier l'heure ; une réponse utile devait reporter la date limite."),
                read=question.answered_at.isoformat(),
            )
        )
    elif formalised(situation.tender):
        last = day_of(situation.deadline) - timedelta(days=int(rule.parameters["days"]))
        if question.answered_at.date() > last:
            yield Hit(
                said(
                    "answer_short",
                    f"{place}.answered_at",
                    message("réponse envoyée moins de {days} jours avant la date limite", days=rule.parameters["days"]),
                    message(
                        "Reporter la date limite, sauf urgence motivée (quatre jours) ou question posée trop tard."
                    ),
                    severity=Severity.DOUBT,
                    read=question.answered_at.isoformat(),
                )
            )


# -------------------------------------------------------------------------------------------- R23: phases of a dialogue
def _phases(situation: Situation, _: Rule) -> Iterator[Hit]:
    tender = situation.tender
    earlier: dict[str, set[str]] = {lot: _with_a_bid(situation, lot) for lot in situation.lots}
    for number, phase in enumerate(situation.journal.negotiations):
        for lot in phase.lots or situation.lots:
            possible = {each for each in earlier.get(lot, set()) if not situation.refused(each, lot)}
            reduced = bool(phase.invited) and bool(possible - set(phase.invited))
            if reduced and not tender.reduction_announced:
                yield _award(
                    said(
                        "reduction",
                        f"negotiations[{number}].invited",
                        message("tous n'ont pas été invités, alors qu'aucune réduction n'était annoncée"),
                        message("Inviter tous ceux qui restent, ou écrire reduction_announced si l'avis le disait."),
                        read=" ".join(sorted(possible - set(phase.invited))),
                    ),
                    lot,
                )
            elif reduced:
                yield from _enough(situation, phase, lot, f"negotiations[{number}]")
            earlier[lot] = set(phase.invited) or earlier.get(lot, set())


def _with_a_bid(situation: Situation, lot: str) -> set[str]:
    """Return who took part on a lot, but whose bid came and was not opened."""
    closed = {
        each.tenderer
        for each in situation.journal.deposits
        if not each.opened and each.ended_at > situation.deadline and (not each.lots or lot in each.lots)
    }
    offered = {row.key.tenderer for row in situation.rows(lot)}
    return {each for each in situation.bidders(lot) if each in offered or each not in closed}


def _enough(situation: Situation, phase: Negotiation, lot: str, place: str) -> Iterator[Hit]:
    if len(phase.invited) < situation.tender.participants_minimum and not phase.why:
        yield _award(
            said(
                "too_few",
                f"{place}.invited",
                message(
                    "{count} invités, moins que le minimum annoncé ({minimum})",
                    count=len(phase.invited),
                    minimum=situation.tender.participants_minimum,
                ),
                message("Écrire dans why pourquoi : plus assez de solutions qui conviennent, par exemple."),
            ),
            lot,
        )


# ------------------------------------------------------------------------------------------ R32: interests of evaluators
def _interests(situation: Situation, _: Rule) -> Iterator[Hit]:
    marks = situation.evaluation.marks if situation.evaluation else None
    declared = (*situation.journal.declarations, *(marks.declarations if marks else ()))
    opened = situation.journal.opening
    for evaluator in situation.tender.evaluators if opened else ():
        own = [each.on for each in declared if each.evaluator == evaluator.id]
        late = bool(own) and opened is not None and min(own) > opened.at.date()
        if not own or late:
            yield Hit(
                said(
                    "undeclared",
                    f"declarations ({evaluator.id})",
                    message("intérêts déclarés après l'ouverture") if late else message("intérêts non déclarés"),
                    message("Faire déclarer chaque évaluateur avant qu'il voie une offre."),
                    severity=Severity.DOUBT,
                )
            )
    for each in (each for each in declared if each.conflict):
        if not each.measure:
            yield Hit(
                said(
                    "conflict_measure",
                    f"declarations ({each.evaluator})",
                    message("conflit d'intérêts déclaré, sans dire ce qui a été fait"),
                    message("Écrire la mesure prise (measure) : le rapport de présentation la demande."),
                    severity=Severity.DOUBT,
                )
            )
        lots = each.lots or situation.lots
        given = {(mark.evaluator, mark.bid.lot) for mark in marks.points} if marks else set()
        given |= {(note.evaluator, note.bid.lot) for note in marks.notes} if marks else set()
        for lot in sorted(lot for lot in lots if (each.evaluator, lot) in given):
            yield _award(
                said(
                    "conflict_marked",
                    f"declarations ({each.evaluator})",
                    message("a noté le lot {lot} malgré un conflit d'intérêts déclaré", lot=lot),
                    message("Retirer ses notes de ce lot et le faire noter par un autre."),
                ),
                lot,
            )


# ------------------------------------------------------------------------------------- R33: a mark changed has its reason
def _changed(situation: Situation, _: Rule) -> Iterator[Hit]:
    history = situation.evaluation.history if situation.evaluation else ()
    for change in (each for each in history if not each.explained):
        yield _award(
            said(
                "unexplained_change",
                f"{change.evaluator}, {change.subject}",
                message("note changée après la première vue du classement, sans dire pourquoi"),
                message("Écrire le motif du changement dans le classeur de l'évaluateur, puis évaluer de nouveau."),
                file="marks",
                read=f"{change.before} → {change.after}",
            ),
            change.bid.lot,
        )


# -------------------------------------------------------------------------------------------------------- R64: trials
def _trials(situation: Situation, _: Rule) -> Iterator[Hit]:
    tried: dict[str, set[str]] = defaultdict(set)
    for number, trial in enumerate(situation.journal.trials):
        tried[trial.lot] |= set(trial.tenderers)
        for finding in _trial(trial, f"trials[{number}]"):
            yield _award(finding, trial.lot)
    for lot, tenderers in tried.items():
        out = {row.key.tenderer for row in situation.rows(lot) if row.bid_class in OUT_OF_RANKING}
        concerned = {each for each in situation.bidders(lot) if not situation.refused(each, lot)} - out
        if concerned - tenderers:
            yield _award(
                said(
                    "trial_missing",
                    "trials",
                    message(
                        "lot {lot} : n'ont pas été essayés {names}", lot=lot, names=tuple(sorted(concerned - tenderers))
                    ),
                    message("Faire le même essai avec tous, ou ne noter l'essai de personne."),
                ),
                lot,
            )


def _trial(trial: Trial, place: str) -> Iterator[Finding]:
    if trial.grid_published_on is None or trial.grid_published_on >= trial.on:
        yield said(
            "trial_grid",
            f"{place}.grid_published_on",
            message("grille d'essai non publiée avant l'essai"),
            message("Publier la grille avec le dossier, avant tout essai."),
            read=trial.grid_published_on.isoformat() if trial.grid_published_on else "",
        )
    if not trial.signed_by:
        yield said(
            "trial_unsigned",
            f"{place}.signed_by",
            message("essai que personne n'a signé"),
            message("Faire signer la grille par les utilisateurs qui ont essayé."),
        )


CHECKS: Mapping[str, Check] = {
    "R14": _order,
    "R19": _frozen,
    "R23": _phases,
    "R32": _interests,
    "R33": _changed,
    "R63": _answers,
    "R64": _trials,
}
