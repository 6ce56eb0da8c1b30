"""What may be done next, from which day, and what holds it back: the transitions of a procedure as data.

Nothing here knows the time: the day is an argument, and the journal is read as it stood that day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.evaluation import Evaluation, Status
from egide.tender.model import Tender
from egide.tender.procedure import award_rules, bid_rules, consultation_rules, ending_rules, publication_rules
from egide.tender.procedure.journal import Award, Journal, Signature
from egide.tender.procedure.outcome import awarded_row
from egide.tender.procedure.situation import Hit, Situation, Stage, as_of, run, said
from egide.tender.rules import Rules

TITLES: Mapping[Stage, Text] = {
    Stage.PUBLISH: Text("Publier la consultation", "Publish the tender"),
    Stage.OPEN: Text("Ouvrir les plis", "Open the bids"),
    Stage.AWARD: Text("Attribuer", "Award"),
    Stage.INFORM: Text("Informer les évincés", "Tell the rejected tenderers"),
    Stage.SIGN: Text("Signer", "Sign"),
    Stage.NOTIFY: Text("Notifier le marché", "Notify the contract"),
    Stage.DATA: Text("Publier les données essentielles", "Publish the essential data"),
    Stage.REASONS: Text("Répondre à une demande de motifs", "Answer a request of reasons"),
}


class State(StrEnum):
    """Where a step stands."""

    DONE = "done"
    POSSIBLE = "possible"
    WAITING = "waiting"
    """For a day, or for the step before."""
    BLOCKED = "blocked"
    """By a rule."""
    NONE = "none"
    """It has no object here."""


@dataclass(frozen=True)
class Step:
    """A step of the procedure, or of one lot: since when it may be taken, until when it must, what holds it back."""

    stage: Stage
    state: State
    lot: str = ""
    done_on: date | None = None
    from_day: date | None = None
    by: date | None = None
    blocked_by: tuple[str, ...] = ()
    """The rules that hold it back."""
    why: tuple[Message, ...] = ()


def hits(situation: Situation) -> list[Hit]:
    """Return what the rules say of what was done since the publication."""
    checks = (consultation_rules.CHECKS, bid_rules.CHECKS, award_rules.CHECKS, ending_rules.CHECKS)
    return [hit for each in checks for hit in run(each, situation)]


def situated(
    tender: Tender,
    rules: Rules,
    journal: Journal,
    evaluation: Evaluation | None,
    on: date,
    frozen: str = "",
) -> Situation:
    """Return the situation of a procedure at the end of a day: what the journal says of later days is left out."""
    return Situation(tender, rules, as_of(journal, on), on, evaluation, frozen)


def check(situation: Situation) -> list[Finding]:
    """Return what the rules say of all that was done, signatures included."""
    found = [hit.finding for hit in hits(situation)]
    for number, signature in enumerate(situation.journal.signatures):
        found += _signed(situation, signature, f"signatures[{number}]")
    return found


def _signed(situation: Situation, signature: Signature, place: str) -> Iterator[Finding]:
    """Find what held back a signature on the day it was given."""
    then = replace(situation, journal=as_of(situation.journal, signature.on), on=signature.on)
    if then.award(signature.lot) is None:
        yield said("signed_unawarded", place, message("signé sans attribution"), _UNDO, read=signature.lot)
    for hit in hits(then):
        if hit.holds(Stage.SIGN, signature.lot, signature.on):
            fault = message("signé le {day} alors que : {fault}", day=signature.on, fault=hit.finding.understood)
            remedy = message("{remedy} {rule}", remedy=_UNDO, rule=hit.rule)
            yield said("signed_unlawfully", place, fault, remedy, read=signature.lot)


_UNDO = message("Vérifier les dates du journal ; si elles sont exactes, prendre conseil avant tout début d'exécution.")


# ------------------------------------------------------------------------------------------------------ the steps ahead
def next_steps(situation: Situation) -> tuple[Step, ...]:
    """Return the steps of a procedure: first those of all lots, then those of each lot, then the answers owed."""
    said_by_rules = hits(situation)
    common = [_publish(situation), _open(situation)]
    lots = [step for lot in situation.lots for step in _lot(situation, lot, said_by_rules)]
    return (*common, *lots, *_answers(situation))


def _publish(situation: Situation) -> Step:
    publication = situation.journal.publication
    if publication is not None:
        return Step(Stage.PUBLISH, State.DONE, done_on=publication.on)
    held = [hit for hit in run(publication_rules.CHECKS, situation) if hit.finding.severity is Severity.ERROR]
    return _held(Step(Stage.PUBLISH, State.POSSIBLE), held, situation.on)


def _open(situation: Situation) -> Step:
    opening, publication = situation.journal.opening, situation.journal.publication
    step = Step(Stage.OPEN, State.POSSIBLE, from_day=situation.deadline.date())
    if opening is not None:
        return replace(step, state=State.DONE, done_on=opening.at.date())
    if publication is None or situation.on < situation.deadline.date():
        return replace(step, state=State.WAITING)
    return step


def _lot(situation: Situation, lot: str, said_by_rules: list[Hit]) -> Iterator[Step]:
    if ending := situation.no_award(lot):
        why = (message("terminé sans attribution le {day}", day=ending.on),)
        yield Step(Stage.AWARD, State.NONE, lot, why=why)
        told = ending.told_on
        yield Step(Stage.INFORM, State.DONE if told else State.POSSIBLE, lot, told)
        return
    award = situation.award(lot)
    signature = next((each for each in situation.journal.signatures if each.lot == lot), None)
    yield _award(situation, lot, award, said_by_rules)
    yield _inform(situation, lot, award)
    yield _sign(situation, lot, award, signature, said_by_rules)
    yield _after(Stage.NOTIFY, lot, signature.on if signature else None, signature.notified_on if signature else None)
    yield _data(situation, lot, award, signature)


def _award(situation: Situation, lot: str, award: Award | None, said_by_rules: list[Hit]) -> Step:
    if award is not None:
        return Step(Stage.AWARD, State.DONE, lot, award.on)
    step = _held(
        Step(Stage.AWARD, State.POSSIBLE, lot), _holding(said_by_rules, Stage.AWARD, lot, situation.on), situation.on
    )
    evaluation = situation.evaluation
    if situation.journal.opening is None:
        return _waits(step, message("les plis ne sont pas ouverts"))
    if evaluation is None or evaluation.status is Status.PROVISIONAL:
        return _waits(step, message("l'évaluation n'est pas définitive"))
    if proposed := _proposed(situation).get(lot):
        return replace(step, why=(*step.why, message("le classement désigne {tenderer}", tenderer=proposed)))
    return step


def _proposed(situation: Situation) -> dict[str, str]:
    """Return who the rankings point at for each lot, within the limit of lots and in the published order."""
    allotment = situation.tender.allotment
    rankings = {
        lot: [row.key.tenderer for row in situation.rows(lot) if row.rank is not None] for lot in situation.lots
    }
    return award_rules.allocate(allotment.order or situation.lots, rankings, allotment.most_awarded)


def _inform(situation: Situation, lot: str, award: Award | None) -> Step:
    step = Step(Stage.INFORM, State.POSSIBLE, lot)
    if award is None:
        return _waits(step, message("le lot n'est pas attribué"))
    letters = situation.letters(lot, award)
    if not letters:
        return replace(step, state=State.NONE, why=(message("un seul soumissionnaire"),))
    if all(letters.values()):
        return replace(step, state=State.DONE, done_on=max(each.on for sent in letters.values() for each in sent))
    return step


def _sign(
    situation: Situation, lot: str, award: Award | None, signature: Signature | None, said_by_rules: list[Hit]
) -> Step:
    step = Step(Stage.SIGN, State.POSSIBLE, lot)
    if signature is not None:
        return replace(step, state=State.DONE, done_on=signature.on)
    holding = [hit for hit in said_by_rules if hit.holds(Stage.SIGN, lot, date.min)]
    step = _held(step, holding, situation.on)
    return _waits(step, message("le lot n'est pas attribué")) if award is None else step


def _after(stage: Stage, lot: str, before: date | None, done_on: date | None) -> Step:
    state = State.DONE if done_on else State.POSSIBLE if before else State.WAITING
    return Step(stage, state, lot, done_on)


def _data(situation: Situation, lot: str, award: Award | None, signature: Signature | None) -> Step:
    rule = situation.rules.by_id.get("R46")
    notified = signature.notified_on if signature else None
    step = _after(Stage.DATA, lot, notified, signature.data_on if signature else None)
    amount = _amount(situation, award)
    if rule is None or (amount is not None and amount < rule.parameters["from"]):
        return replace(step, state=State.NONE)
    by = notified + relativedelta(months=int(rule.parameters["months"])) if notified else None
    return replace(step, by=by)


def _amount(situation: Situation, award: Award | None) -> Decimal | None:
    if award is None or award.amount is not None:
        return award.amount if award else None
    row = awarded_row(situation.evaluation, award) if situation.evaluation else None
    return row.price if row else None


def _answers(situation: Situation) -> Iterator[Step]:
    rule = situation.rules.by_id["R43"]
    for request in situation.journal.reasons:
        state = State.DONE if request.answered_on else State.POSSIBLE
        why = (message("demande de {tenderer}", tenderer=request.tenderer),)
        due = award_rules.reasons_due(request, rule)
        yield Step(Stage.REASONS, state, request.lot, request.answered_on, by=due, why=why)


def _holding(said_by_rules: list[Hit], stage: Stage, lot: str, on: date) -> list[Hit]:
    return [hit for hit in said_by_rules if hit.holds(stage, lot, on) and hit.finding.code != "record.ended"]


def _held(step: Step, holding: list[Hit], on: date) -> Step:
    """Return the step with what holds it back: rules, else days to wait for."""
    rules = tuple(dict.fromkeys(hit.rule for hit in holding if hit.until is None))
    days = [hit.until for hit in holding if hit.until is not None]
    from_day = max(days, default=None)
    why = tuple(hit.finding.understood for hit in holding)
    waiting = from_day is not None and on < from_day
    state = State.BLOCKED if rules else State.WAITING if waiting else step.state
    return replace(step, state=state, from_day=from_day or step.from_day, blocked_by=rules, why=why)


def _waits(step: Step, why: Message) -> Step:
    state = State.BLOCKED if step.state is State.BLOCKED else State.WAITING
    return replace(step, state=state, why=(*step.why, why))
