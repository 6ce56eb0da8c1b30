"""What ends a procedure otherwise, or holds back its end: referrals, notice of intention, no award, winner prevented."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from egide.deadline import Period
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import BidClass
from egide.tender.procedure.award_rules import on_signature
from egide.tender.procedure.journal import Cause, Ending, LetterKind, NoAward, Outcome
from egide.tender.procedure.situation import Check, Hit, Situation, formalised, said
from egide.tender.rules import Rule

LETS_SIGN = frozenset({Outcome.REJECTED, Outcome.WITHDRAWN})


def intention(published: date, rule: Rule) -> date:
    """Return the first day of signature after a notice of intention: the twelfth day that follows it (R62)."""
    return Period(int(rule.parameters["days"]), rolls=False).last_day(published) + timedelta(days=1)


# ------------------------------------------------------------------------------------------- R61, R62: referral, notice
def _referrals(situation: Situation, _: Rule) -> Iterator[Hit]:
    for number, referral in enumerate(situation.journal.referrals):
        if referral.notified_on is not None and referral.outcome in LETS_SIGN:
            continue
        if referral.notified_on is None:
            fault = message("référé reçu le {day}, décision pas encore notifiée", day=referral.received_on)
        elif referral.outcome is None:
            fault = message("référé : le sens de la décision notifiée n'est pas écrit")
        else:
            fault = message("référé : la décision ne permet pas de signer")
        yield on_signature(
            said(
                "referral",
                f"referrals[{number}]",
                fault,
                message(
                    "Ne pas signer ; écrire notified_on et outcome dès la notification, et suivre ce que le juge ordonne."
                ),
                severity=Severity.NOTE,
            ),
            referral.lot,
        )


def _notice(situation: Situation, rule: Rule) -> Iterator[Hit]:
    published = situation.journal.intention_notice
    if published is not None and not formalised(situation.tender):
        day = intention(published, rule)
        yield on_signature(
            said(
                "notice",
                "intention_notice",
                message("avis d'intention publié : signature possible à partir du {day}", day=day),
                message("Attendre ce jour, pour que le référé contractuel soit fermé."),
                severity=Severity.NOTE,
            ),
            "",
            day,
        )


# -------------------------------------------------------------------------------------------- R65, R66: how a lot ends
def _no_awards(situation: Situation, _: Rule) -> Iterator[Hit]:
    for number, ending in enumerate(situation.journal.no_awards):
        place = f"no_awards[{number}]"
        yield on_signature(
            said(
                "ended",
                place,
                message("lot terminé sans attribution le {day}", day=ending.on),
                message("Rien à signer ; une nouvelle consultation est un nouveau dossier."),
                severity=Severity.NOTE,
            ),
            ending.lot,
        )
        for finding in _ending(situation, ending, place):
            yield Hit(finding)


def _ending(situation: Situation, ending: NoAward, place: str) -> Iterator[Finding]:
    if not ending.reason.strip():
        yield said(
            "ending_reason",
            f"{place}.reason",
            message("décision de ne pas attribuer, sans motif"),
            message("Écrire le motif d'intérêt général, ou ce qui rend la procédure infructueuse."),
        )
    told = {
        each.tenderer for each in situation.journal.sent if each.lot == ending.lot and each.kind is LetterKind.NO_AWARD
    }
    untold = [each for each in situation.bidders(ending.lot) if each not in told]
    if ending.told_on is None and untold:
        yield said(
            "ending_untold",
            f"{place}.told_on",
            message("motif pas encore dit à {names}", names=tuple(untold)),
            message("L'envoyer à tous les participants dans les plus brefs délais, et écrire le jour."),
            severity=Severity.DOUBT,
        )
    ranked = [row for row in situation.rows(ending.lot) if row.rank is not None and row.bid_class is BidClass.REGULAR]
    if ending.kind is Ending.INFRUCTUEUX and ranked:
        yield said(
            "ending_kind",
            f"{place}.kind",
            message("dit infructueux alors que {count} offre(s) sont classées", count=len(ranked)),
            message("Déclarer sans suite avec un motif d'intérêt général, ou attribuer."),
        )


def _impeded(situation: Situation, _: Rule) -> Iterator[Hit]:
    for number, each in enumerate(situation.journal.withdrawals):
        if each.cause is Cause.PROOFS:
            continue
        place = f"withdrawals[{number}]"
        awarded = [
            award for award in situation.journal.awards if (award.lot, award.tenderer) == (each.lot, each.tenderer)
        ]
        if not awarded or each.on < awarded[0].on:
            yield on_signature(
                said(
                    "impeded_before",
                    place,
                    message("empêchement écrit avant que le lot soit attribué à ce soumissionnaire"),
                    message("Vérifier les dates ; avant l'attribution, c'est un retrait d'offre."),
                    read=each.tenderer,
                ),
                each.lot,
            )
        if not each.evidence:
            yield on_signature(
                said(
                    "impeded_unproved",
                    f"{place}.evidence",
                    message("cas fortuit ou force majeure sans preuve"),
                    message("Écrire l'événement et la pièce : un simple changement d'avis n'ouvre pas ce droit."),
                    read=each.tenderer,
                ),
                each.lot,
            )
        told = [sent for sent in situation.journal.sent if sent.lot == each.lot and sent.kind is LetterKind.REJECTION]
        if any(sent.on < each.on for sent in told):
            yield Hit(
                said(
                    "impeded_after_letters",
                    place,
                    message("empêchement survenu après l'envoi des lettres de rejet"),
                    message(
                        "Le texte le permet avant cette notification : faire vérifier, et informer à nouveau tous les évincés."
                    ),
                    severity=Severity.DOUBT,
                )
            )


CHECKS: Mapping[str, Check] = {
    "R61": _referrals,
    "R62": _notice,
    "R65": _no_awards,
    "R66": _impeded,
}
