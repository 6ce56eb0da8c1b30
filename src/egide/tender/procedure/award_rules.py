"""What must hold of an award: the bid that is chosen, the letters, the standstill, the proofs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from egide.deadline import Period
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.evaluation import Row, Status
from egide.tender.procedure.journal import Award, Cause, LetterKind, Proof, ReasonsRequest, Sent
from egide.tender.procedure.outcome import awarded_row
from egide.tender.procedure.situation import CANDIDACY_FIRST, Check, Hit, Situation, Stage, formalised, said
from egide.tender.rules import Rule


def on_signature(finding: Finding, lot: str, until: date | None = None) -> Hit:
    """Return what holds back the signature of a lot."""
    return Hit(finding, Stage.SIGN, lot, until)


def _awards(situation: Situation) -> Iterator[tuple[str, Award]]:
    for lot in situation.lots:
        if award := situation.award(lot):
            yield lot, award


# ---------------------------------------------------------------------------------------- the numbers that others need
def received(situation: Situation, lot: str) -> int:
    """Return the number of bids received in time for a lot, irregular ones included (R47).

    Without a register of deposits, the bids that the evaluation read. Where candidacies are sent before the bids, the
    register holds both: a deposit counts when its sender has a bid that the evaluation read.
    """
    read = {row.key.tenderer for row in situation.rows(lot)}
    if not situation.journal.deposits:
        return len(read)
    in_time = [each for each in situation.journal.deposits if each.ended_at <= situation.deadline]
    senders = {each.tenderer for each in in_time if not each.lots or lot in each.lots}
    return len(senders & read if read and situation.tender.kind in CANDIDACY_FIRST else senders)


def standstill(sent: Sequence[Sent], rule: Rule) -> date:
    """Return the first day of lawful signature: the last sending is day one, sixteen days if one was on paper (R41)."""
    days = rule.parameters["electronic" if all(each.electronic for each in sent) else "paper"]
    counted = Period(int(days), start_counts=True, rolls=False)
    return counted.last_day(max(each.on for each in sent)) + timedelta(days=1)


def reasons_due(request: ReasonsRequest, rule: Rule) -> date:
    """Return the last day to answer a request of reasons (R43)."""
    return Period(int(rule.parameters["days"]), rolls=False).last_day(request.received_on)


def allocate(order: Sequence[str], rankings: Mapping[str, Sequence[str]], most: int) -> dict[str, str]:
    """Return who gets each lot when one tenderer gets at most `most` lots (0: no limit), in the published order (R22)."""
    given: Counter[str] = Counter()
    chosen = {}
    for lot in order:
        free = (each for each in rankings.get(lot, ()) if not most or given[each] < most)
        if winner := next(free, ""):
            chosen[lot] = winner
            given[winner] += 1
    return chosen


# ------------------------------------------------------------------------------------- R28, R45: the bid that is chosen
def _regular(situation: Situation, _: Rule) -> Iterator[Hit]:
    for lot, award in _awards(situation):
        row = awarded_row(situation.evaluation, award) if situation.evaluation else None
        fault = _unfit(situation, award, row)
        if fault is not None:
            yield on_signature(
                said(
                    "award_unfit",
                    f"awards ({lot})",
                    fault,
                    message("Attribuer à une offre régulière, acceptable et appropriée, d'une candidature admise."),
                    read=award.tenderer,
                ),
                lot,
            )


def _unfit(situation: Situation, award: Award, row: Row | None) -> Message | None:
    if situation.refused(award.tenderer, award.lot):
        return message("attributaire dont la candidature est rejetée")
    if situation.evaluation is None:
        return message("attribution sans évaluation")
    if situation.evaluation.status is Status.PROVISIONAL:
        return message("attribution sur une évaluation provisoire")
    if row is None:
        return message("l'évaluation n'a pas d'offre de cet attributaire pour ce lot")
    return message("l'offre choisie est écartée du classement") if row.rank is None else None


def _first(situation: Situation, _: Rule) -> Iterator[Hit]:
    for lot, award in _awards(situation):
        row = awarded_row(situation.evaluation, award) if situation.evaluation else None
        if row is None or row.rank is None:
            continue
        passed = {each.key.tenderer for each in situation.rows(lot) if each.rank is not None and each.rank < row.rank}
        passed -= _gone(situation, lot) | _capped(situation, lot)
        if passed:
            finding = said(
                "not_first",
                f"awards ({lot})",
                message(
                    "attribué au rang {rank} : devant, sans motif admis, {names}",
                    rank=row.rank,
                    names=tuple(sorted(passed)),
                ),
                message(
                    "Attribuer à l'offre la mieux classée, ou écrire dans withdrawals ce qui l'empêche (preuves non données, cas fortuit, force majeure)."
                ),
                severity=Severity.DOUBT if award.reason else Severity.ERROR,
                read=award.tenderer,
            )
            yield Hit(finding, None if award.reason else Stage.SIGN, lot)


def _gone(situation: Situation, lot: str) -> set[str]:
    """Return the winners of a lot whose withdrawal lets the next bid be taken."""
    impeded = "R66" in situation.rules.by_id
    return {
        each.tenderer
        for each in situation.journal.withdrawals
        if each.lot == lot and (each.cause is Cause.PROOFS or (impeded and each.evidence))
    }


def _capped(situation: Situation, lot: str) -> set[str]:
    """Return the tenderers who reached the limit of lots with those awarded before, in the published order."""
    allotment = situation.tender.allotment
    before = allotment.order[: allotment.order.index(lot)] if lot in allotment.order else ()
    given = Counter(award.tenderer for each, award in _awards(situation) if each in before)
    return {each for each, count in given.items() if 0 < allotment.most_awarded <= count}


def _lots_limit(situation: Situation, _: Rule) -> Iterator[Hit]:
    allotment = situation.tender.allotment
    given = Counter(award.tenderer for _, award in _awards(situation))
    for lot, award in _awards(situation):
        if 0 < allotment.most_awarded < given[award.tenderer]:
            yield on_signature(
                said(
                    "too_many_lots",
                    f"awards ({lot})",
                    message(
                        "{tenderer} reçoit {count} lots, pour {most} au plus",
                        tenderer=award.tenderer,
                        count=given[award.tenderer],
                        most=allotment.most_awarded,
                    ),
                    message("Appliquer l'ordre publié : les derniers lots de l'ordre vont à l'offre suivante."),
                ),
                lot,
            )
    for tenderer in situation.tender.tenderers if allotment.most_tendered else ():
        lots = {row.key.lot for lot in situation.lots for row in situation.rows(lot) if row.key.tenderer == tenderer.id}
        if len(lots) > allotment.most_tendered:
            yield Hit(
                said(
                    "too_many_bids",
                    f"tenderers.{tenderer.id}",
                    message(
                        "offres sur {count} lots, pour {most} au plus", count=len(lots), most=allotment.most_tendered
                    ),
                    message("Appliquer ce que le règlement prévoit dans ce cas, et le dire au rapport."),
                    file="tender.yaml",
                ),
                Stage.AWARD,
            )


# --------------------------------------------------------------------------------------- R41 to R43: letters, standstill
def _informed(situation: Situation, _: Rule) -> Iterator[Hit]:
    for lot, award in _awards(situation):
        untold = [each for each, letters in situation.letters(lot, award).items() if not letters]
        if untold:
            compulsory = formalised(situation.tender)
            finding = said(
                "untold",
                f"sent ({lot})",
                message("pas encore informés du rejet et de l'attribution : {names}", names=tuple(untold)),
                message("Envoyer les lettres, puis les écrire dans sent (une ligne par soumissionnaire)."),
                severity=Severity.NOTE if compulsory else Severity.DOUBT,
            )
            yield Hit(finding, Stage.SIGN if compulsory else None, lot)


def _standstill(situation: Situation, rule: Rule) -> Iterator[Hit]:
    for lot, award in _awards(situation):
        losers = [each for sent in situation.letters(lot, award).values() for each in sent]
        winner = [each for each in situation.journal.sent if _tells_winner(each, award)]
        if formalised(situation.tender) and losers:
            day = standstill([*losers, *winner], rule)
            yield on_signature(
                said(
                    "standstill",
                    f"sent ({lot})",
                    message("délai de suspension : signature possible à partir du {day}", day=day),
                    message("Attendre ce jour ; un nouvel envoi fait repartir le délai."),
                    severity=Severity.NOTE,
                ),
                lot,
                day,
            )


def _tells_winner(sent: Sent, award: Award) -> bool:
    same = (sent.lot, sent.tenderer, sent.kind) == (award.lot, award.tenderer, LetterKind.AWARD)
    return same and sent.on >= award.on


def _reasons(situation: Situation, rule: Rule) -> Iterator[Hit]:
    for number, request in enumerate(situation.journal.reasons):
        due = reasons_due(request, rule)
        if (request.answered_on or situation.on) > due:
            yield Hit(
                said(
                    "reasons_late",
                    f"reasons[{number}].answered_on",
                    message("motifs demandés le {day}, dus au plus tard le {due}", day=request.received_on, due=due),
                    message("Répondre sans attendre, et écrire le jour."),
                    severity=Severity.DOUBT if request.answered_on else Severity.ERROR,
                    read=request.tenderer,
                )
            )


# ------------------------------------------------------------------------------------ R45: proofs of the presumed winner
def _proofs(situation: Situation, _: Rule) -> Iterator[Hit]:
    for number, proof in enumerate(situation.journal.proofs):
        given = {each.tenderer for each in situation.journal.awards if each.lot == proof.lot}
        best = {row.key.tenderer for row in situation.rows(proof.lot) if row.rank == 1}
        if proof.tenderer not in given | best | situation.withdrawn(proof.lot):
            yield Hit(
                said(
                    "proof_of_loser",
                    f"proofs[{number}]",
                    message("preuve demandée à un soumissionnaire qui n'est pas l'attributaire pressenti"),
                    message("Ne la demander qu'à celui que l'on va retenir."),
                    read=proof.tenderer,
                )
            )
    for lot, award in _awards(situation):
        own = [each for each in situation.journal.proofs if (each.lot, each.tenderer) == (lot, award.tenderer)]
        if not own:
            yield on_signature(
                said(
                    "proofs_unasked",
                    f"proofs ({lot})",
                    message("aucune preuve demandée à l'attributaire pressenti"),
                    message("Demander les attestations (fiscale, sociale, assurance, certificats), avec un délai."),
                    severity=Severity.NOTE,
                ),
                lot,
            )
        for proof in own:
            yield from _proof(situation, proof, lot)


def _proof(situation: Situation, proof: Proof, lot: str) -> Iterator[Hit]:
    over = proof.deadline.date() < situation.on
    if proof.accepted is False or (proof.received_on is None and over):
        fault, severity = message("« {what} » : non donné dans le délai, ou refusé", what=proof.what), Severity.ERROR
        remedy = message(
            "Rejeter cette offre (withdrawals, cause proofs) et prendre la suivante, ou écrire la preuve reçue."
        )
    elif proof.valid_until is not None and proof.valid_until < situation.on:
        fault, severity = (
            message("« {what} » : plus valable depuis le {day}", what=proof.what, day=proof.valid_until),
            Severity.ERROR,
        )
        remedy = message("Demander une preuve en cours de validité avant de signer.")
    elif not proof.accepted:
        fault, severity = message("« {what} » : attendu ou à vérifier", what=proof.what), Severity.NOTE
        remedy = message("Vérifier la preuve, puis écrire accepted: true ou false.")
    else:
        return
    yield on_signature(said("proof", f"proofs ({lot})", fault, remedy, severity=severity, read=proof.tenderer), lot)


CHECKS: Mapping[str, Check] = {
    "R22": _lots_limit,
    "R28": _regular,
    "R41": _standstill,
    "R42": _informed,
    "R43": _reasons,
    "R45": lambda situation, rule: (hit for check in (_first, _proofs) for hit in check(situation, rule)),
}
