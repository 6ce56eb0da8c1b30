"""What people settled of how answers were read: it stands over every reading, which is kept beside it, and is told."""

from collections.abc import Iterator

from django.utils import timezone

from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Condition, Declared
from egide.tender.words import CONDITIONS, DECLARED
from egide.web.tenders import models

READ = ("declared", "condition", "comment")
"""What a person may settle of an answer."""


def over(row: models.Answer, correction: models.Correction) -> None:
    """Let a correction stand over the values of an answer; what the reading understood stays in `first`."""
    row.first = row.first or {name: getattr(row, name) for name in READ}
    for name in READ:
        setattr(row, name, getattr(correction, name))


def settle(correction: models.Correction) -> None:
    """Let what a person settled stand over the reading of its answer, which is kept beside it."""
    row = models.Answer.objects.filter(bid=correction.bid_id, point=correction.point).first()
    if row is not None:
        over(row, correction)
        row.save(update_fields=("first", *READ))


def findings(row: models.Consultation) -> Iterator[Finding]:
    """Say each answer whose reading a person settled, and those whose file says something else since: two queries."""
    made = models.Correction.objects.filter(bid__consultation=row).select_related("bid", "made_by")
    last = {(each.bid_id, each.point): each for each in made}
    if not last:
        return
    now = models.Answer.objects.filter(bid__consultation=row).exclude(first=None)
    first = {(each.bid_id, each.point): each for each in now}
    for place, each in last.items():
        said = message(
            "lecture revue par {person} le {day} : « {before} » devient « {after} » ; motif : {reason}",
            person=str(each.made_by),
            day=timezone.localdate(each.made_at),
            before=_worded(each.read["declared"], each.read["condition"]),
            after=_worded(each.declared, each.condition),
            reason=each.reason,
        )
        where = {"file": each.read["file"], "place": each.read["place"], "point": each.point, "read": each.read["raw"]}
        remedy = message("Rien à faire.")
        yield Finding("answer.settled", Severity.NOTE, said, remedy, **where, tenderer=each.bid.tenderer)
        answered = first.get(place)
        if answered is not None and any(answered.first[name] != each.read[name] for name in READ):
            said = message("le fichier dit autre chose que ce qui avait été lu quand une personne a revu cette réponse")
            remedy = message("Relire la réponse, puis confirmer ou revoir ce qui en est compris.")
            yield Finding("answer.settled_before", Severity.DOUBT, said, remedy, answered.file, answered.place, each.point, answered.raw)  # fmt: skip


def _worded(declared: str, condition: str) -> Message:
    if condition == Condition.NONE:
        return message("{declared}", declared=DECLARED[Declared(declared)])
    return message("{declared}, {condition}", declared=DECLARED[Declared(declared)], condition=CONDITIONS[Condition(condition)])  # fmt: skip
