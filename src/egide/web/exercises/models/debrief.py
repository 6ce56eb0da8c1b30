"""What is concluded of an exercise: results brought in, answers, findings with their actions, the link of the report."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from egide.web.design.words import phrase
from egide.web.exercises.models.play import TEXT, Exercise, Part, Participant
from egide.web.plain_field import PlainField


class Result(Part):
    """Results of the offline page brought in: `content` is the plain data of `egide.exercise.record.Record`.

    `fingerprint` names the bytes of the file, `play` the play that it tells; `edited` says that it was changed by hand
    after the page wrote it: it is then kept apart until somebody `accepted_at` it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="results")
    fingerprint = models.CharField(max_length=64)
    play = models.CharField(max_length=100, blank=True)
    edited = models.BooleanField(default=False)
    content = PlainField()
    findings = PlainField(default=list)
    brought_at = models.DateTimeField(default=timezone.now)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("exercise", "fingerprint"), name="one_result_of_a_content"),)

    def __str__(self) -> str:
        return self.play


class Moment(models.TextChoices):
    """When something is asked in the debrief."""

    HOT = "hot", phrase("À chaud")
    COLD = "cold", phrase("À froid")


class Answer(Part):
    """An answer to a question of the debrief, by a participant, a person with an account, or for the whole room.

    `question` is the French text of the question as it was asked; `function` who answers, empty: everybody.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="answers")
    moment = models.CharField(max_length=10, choices=Moment)
    question = models.TextField(max_length=TEXT)
    function = models.CharField(max_length=40, blank=True)
    participant = models.ForeignKey(Participant, models.RESTRICT, null=True, related_name="answers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=TEXT)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.question[:60]


class Gravity(models.TextChoices):
    """How much a finding of an exercise weighs."""

    MAJOR = "major", phrase("Majeur")
    SIGNIFICANT = "significant", phrase("Important")
    MINOR = "minor", phrase("Mineur")


class Progress(models.TextChoices):
    """How far what a finding asks for has come."""

    OPEN = "open", phrase("À faire")
    STARTED = "started", phrase("Commencé")
    DONE = "done", phrase("Fait")
    DROPPED = "dropped", phrase("Écarté")


class Constat(Part):
    """A finding of an exercise as people left it: the values of `egide.exercise.debrief.Constat`.

    `key` is its id in the core: that of an expected reaction, or one made for what people `added`.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="constats")
    key = models.CharField(max_length=200)
    family = models.CharField(max_length=20)
    measure = models.CharField(max_length=20, blank=True)
    function = models.CharField(max_length=40, blank=True)
    gravity = models.CharField(phrase("Gravité"), max_length=12, choices=Gravity, default=Gravity.SIGNIFICANT)
    what = models.TextField(phrase("Constat"), max_length=TEXT)
    what_en = models.TextField(max_length=TEXT, blank=True)
    remedy = models.TextField(phrase("Action"), max_length=TEXT, blank=True)
    owner = models.CharField(phrase("Responsable"), max_length=120, blank=True)
    due = models.DateField(phrase("Échéance"), null=True, blank=True)
    progress = models.CharField(phrase("Avancement"), max_length=10, choices=Progress, default=Progress.OPEN)
    moment = models.CharField(max_length=10, choices=Moment, blank=True)
    """When people added it, in the debrief; empty: drawn from the play."""
    added = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("exercise", "key"), name="one_constat_of_a_key"),)

    def __str__(self) -> str:
        return self.what[:60]


class ReportLink(Part):
    """The secret link by which players read the report without an account, until it expires or is closed."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.OneToOneField(Exercise, models.CASCADE, related_name="report_link")
    secret_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    turn = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.exercise)
