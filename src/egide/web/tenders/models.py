"""A consultation and all that people and files say of it: rows that hold; the values are those of the core.

The definition, the journal and a result are kept as the plain data of the core (`egide.plain`); answers and marks are
rows. `convert.py` turns them into values and back.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from egide.web.design.words import phrase
from egide.web.organisations.scope import Scoped
from egide.web.plain_field import PlainField


class State(models.TextChoices):
    """How far a consultation is; each state keeps what the one before made."""

    PREPARING = "preparing", phrase("en préparation")
    PUBLISHED = "published", phrase("publiée")
    OPENED = "opened", phrase("plis ouverts")
    CONCLUDED = "concluded", phrase("conclue")


class Consultation(Scoped):
    """A consultation. `revision` grows with each change of the definition: who changes an older one is told."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT)
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.PREPARING)
    deadline = models.DateTimeField()
    definition = PlainField()
    """The plain data of `tender.model.Tender`, tenderers included."""
    journal = PlainField(default=dict)
    """The plain data of `tender.procedure.journal.Journal`."""
    computed = PlainField(default=dict)
    """Notes computed elsewhere: criterion -> tenderer -> text of a Decimal."""
    clausier = models.ForeignKey("clauses.PublishedClausier", models.PROTECT)
    revision = models.IntegerField(default=1)
    marks_revision = models.IntegerField(default=0)
    """Grows with each mark, note, decision or reading: a result of an older one is told to be out of date."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-changed_at", "-pk")

    def __str__(self) -> str:
        return self.title


class Part(Scoped):
    """What belongs to one consultation."""

    organisation_path: ClassVar[str] = "consultation__organisation"
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT)

    class Meta:
        abstract = True


class Seat(Part):
    """The account that marks as an evaluator of the definition."""

    evaluator = models.CharField(max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("consultation", "evaluator", "user"), name="one_seat_once"),)

    def __str__(self) -> str:
        return self.evaluator


class FolderFile(Part):
    """A file of the consultation folder, by its path there: bids/..., candidacies/..., dce/..., late/..., register/..."""

    path = models.CharField(max_length=400)
    stored = models.ForeignKey("files.StoredFile", models.PROTECT)

    class Meta:
        ordering = ("path",)
        constraints = (models.UniqueConstraint(fields=("consultation", "path"), name="one_file_a_path"),)

    def __str__(self) -> str:
        return self.path


class Bid(Part):
    """A bid as read; see `tender.model.Bid`. `price` and `files` are plain data."""

    tenderer = models.CharField(max_length=80)
    lot = models.CharField(max_length=80)
    variant = models.IntegerField(default=0)
    round = models.IntegerField(default=1)
    price = PlainField(null=True)
    files = models.JSONField(default=list)

    class Meta:
        ordering = ("tenderer", "lot", "variant", "round")
        constraints = (
            models.UniqueConstraint(fields=("consultation", "tenderer", "lot", "variant", "round"), name="one_bid_a_key"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tenderer} · {self.lot}"


class OfBid(models.Model):
    """What is said of one point or criterion of a bid."""

    bid = models.ForeignKey(Bid, models.PROTECT)

    class Meta:
        abstract = True


class Answer(Scoped, OfBid):
    """A declared answer; see `tender.model.Answer`. Never scored."""

    organisation_path: ClassVar[str] = "bid__consultation__organisation"

    point = models.CharField(max_length=80)
    declared = models.CharField(max_length=12)
    condition = models.CharField(max_length=24)
    document = models.TextField(blank=True)
    section = models.TextField(blank=True)
    has_pointer = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    proof = models.TextField(blank=True)
    file = models.TextField(blank=True)
    place = models.TextField(blank=True)
    raw = models.TextField(blank=True)
    wording = models.CharField(max_length=64, blank=True)
    first = PlainField(null=True)
    """What the reading understood (declared, condition, comment) where a person settled it since; see `Correction`."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bid", "point"), name="one_answer_a_point"),)

    def __str__(self) -> str:
        return self.point


class Correction(Scoped, OfBid):
    """What a person settled of how an answer was read, never a mark; the last one of a point counts, all are kept."""

    organisation_path: ClassVar[str] = "bid__consultation__organisation"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    point = models.CharField(max_length=80)
    declared = models.CharField(max_length=12)
    condition = models.CharField(max_length=24)
    comment = models.TextField(blank=True)
    where = models.TextField(blank=True)
    """Where the bid that was sent says it."""
    reason = models.TextField()
    read = PlainField()
    """The reading that it corrects: declared, condition, comment, raw, file, place."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.point


class ReadFinding(Part):
    """What a reading found; see `finding.Finding`. `understood` and `remedy` are kept in both languages."""

    source = models.CharField(max_length=12)
    """What was read: tender, bids, marks; deposits and deposits-2 are what imports of a round said."""
    number = models.IntegerField()
    code = models.CharField(max_length=80)
    severity = models.CharField(max_length=8)
    understood = models.JSONField()
    remedy = models.JSONField()
    file = models.TextField(blank=True)
    place = models.TextField(blank=True)
    point = models.CharField(max_length=80, blank=True)
    read = models.TextField(blank=True)
    tenderer = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("source", "number")
        indexes = (models.Index(fields=("consultation", "tenderer")),)

    def __str__(self) -> str:
        return self.code


class Marked(Scoped, OfBid):
    """What an evaluator writes; `revision` tells two people who write at once."""

    organisation_path: ClassVar[str] = "bid__consultation__organisation"

    evaluator = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    file = models.TextField(blank=True)
    place = models.TextField(blank=True)
    revision = models.IntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Mark(Marked):
    """The level that an evaluator retains for a point of a bid; see `tender.model.PointMark`."""

    point = models.CharField(max_length=80)
    level = models.CharField(max_length=40, blank=True)
    proof_seen = models.TextField(blank=True)
    na = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bid", "evaluator", "point"), name="one_mark_an_evaluator"),)

    def __str__(self) -> str:
        return f"{self.point} {self.level}"


class Note(Marked):
    """The note of a criterion marked by hand; see `tender.model.CriterionNote`. `note` is the text of a Decimal."""

    criterion = models.CharField(max_length=80)
    subcriterion = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("bid", "evaluator", "criterion", "subcriterion"), name="one_note_an_evaluator"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.criterion} {self.note}"


class Decision(Scoped, OfBid):
    """What a person decided on the class of a bid; see `tender.model.Decision`."""

    organisation_path: ClassVar[str] = "bid__consultation__organisation"

    bid_class = models.CharField(max_length=24)
    person = models.CharField(max_length=200)
    decided_on = models.DateField()
    reason = models.TextField()
    draw = models.IntegerField(default=0)
    file = models.TextField(blank=True)
    place = models.TextField(blank=True)
    revision = models.IntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bid",), name="one_decision_a_bid"),)

    def __str__(self) -> str:
        return self.bid_class


class Interest(Part):
    """What an evaluator declared of his interests; see `tender.procedure.journal.Declaration`."""

    evaluator = models.CharField(max_length=80)
    on = models.DateField()
    conflict = models.BooleanField()
    lots = models.JSONField(default=list)
    nature = models.TextField(blank=True)
    measure = models.TextField(blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.evaluator


class Result(Part):
    """An evaluation as it was made: kept for ever, shown from here, never computed again."""

    number = models.IntegerField()
    status = models.CharField(max_length=12)
    marks_revision = models.IntegerField()
    revision = models.IntegerField()
    dated = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    summary = PlainField()
    """What pages show: ranking, notes by theme, levels by point, findings counted; made once, with the evaluation."""
    evaluation = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    """evaluation.json."""

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("consultation", "number"), name="one_result_a_number"),)

    def __str__(self) -> str:
        return f"{self.consultation} {self.number}"


class ResultPart(Scoped):
    """What one page of a result shows, made once with it: a bid, a theme, the pictures of a lot; in both languages."""

    organisation_path: ClassVar[str] = "result__consultation__organisation"

    result = models.ForeignKey(Result, models.PROTECT)
    kind = models.CharField(max_length=12)
    lot = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    data = PlainField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("result", "kind", "lot", "name"), name="one_part_a_name"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.lot} {self.name}"


class FirmnessNote(Part):
    """How firmly a result stands: internal, kept apart from the result and from its documents."""

    result = models.ForeignKey(Result, models.PROTECT)
    seed = models.IntegerField()
    assumptions = PlainField()
    dated = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    summary = PlainField()
    """What its page shows, in both languages."""

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.result} {self.seed}"


class Document(Part):
    """A file that Égide wrote for a consultation; the newest of a name in a group is the one that is current."""

    group = models.CharField(max_length=16)
    """What it belongs to: dce, bench, precisions, workbooks, evaluation, robustness, record."""
    name = models.CharField(max_length=200)
    stored = models.ForeignKey("files.StoredFile", models.PROTECT)
    result = models.ForeignKey(Result, models.PROTECT, null=True)
    revision = models.IntegerField()
    language = models.CharField(max_length=2, default="fr")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True)
    """The day on which a person said that it was sent."""

    class Meta:
        ordering = ("group", "name", "-made_at")

    def __str__(self) -> str:
        return self.name
