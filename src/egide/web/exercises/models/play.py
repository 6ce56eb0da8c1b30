"""An exercise: what was prepared, who plays where, what happened second by second."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from egide.web.design.words import phrase
from egide.web.organisations.scope import Scoped
from egide.web.plain_field import PlainField

TEXT = 10_000
"""Signs of a text that somebody writes during an exercise, at most."""


class State(models.TextChoices):
    """How far an exercise is."""

    DRAFT = "draft", phrase("En préparation")
    READY = "ready", phrase("Prêt")
    RUNNING = "running", phrase("En cours de jeu")
    PAUSED = "paused", phrase("En pause")
    ENDED = "ended", phrase("Joué, à débriefer")
    CLOSED = "closed", phrase("Clos")


class Exercise(Scoped):
    """An exercise of an establishment or of a group.

    While a draft, `modules` (codes chosen à la carte, in order; empty: those of the kit), `values` (text by place) and
    `people` (who sits where, by seat) say how its script is made, and `edits` (the plain data of
    `egide.exercise.editing.Edits`) what people changed of its chronogram; from READY on `script` is the plain data of
    `egide.exercise.script.Script`, never changed again, and `digest` names it: the timeline is in the rows `Event`.
    `facts` is the plain data of `egide.exercise.record.Facts`: what is declared for the rule of validity.
    `revision` grows by one at each change that somebody must see, `dues` are the seconds of the injects that are still
    to come, in order: both are all that the page of a player reads each second.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="exercises")
    title = models.CharField(phrase("Titre"), max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    setting = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField(default=1)
    planned_on = models.DateField(phrase("Jour prévu"), null=True, blank=True)
    modules = PlainField(default=list)
    values = PlainField(default=dict)
    people = PlainField(default=dict)
    facts = PlainField(default=dict)
    edits = PlainField(default=dict)
    script = PlainField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    tested_at = models.DateTimeField(null=True)
    """When the last reachability test was asked."""
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pauses = PlainField(default=list)
    """The pauses that are over: plain data of `egide.exercise.record.Pause`."""
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    edited = models.PositiveIntegerField(default=0)
    """The revision of the last change of the plan by hand."""
    dues = PlainField(default=list)

    observed_at = models.DateTimeField(null=True)
    """When its findings became observations of the establishment."""
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("organisation", "state")),)

    def __str__(self) -> str:
        return self.title

    @property
    def live(self) -> bool:
        """Whether it is being played now, the clock running or held."""
        return self.state in {State.RUNNING, State.PAUSED}

    @property
    def open(self) -> bool:
        """Whether players and observers may still write."""
        return self.state in {State.READY, State.RUNNING, State.PAUSED}


class Part(Scoped):
    """What belongs to an exercise, and with it to its organisation."""

    organisation_path: ClassVar[str] = "exercise__organisation"

    class Meta:
        abstract = True


class Site(Part):
    """A place where an exercise is played; one that is played in one place may have none. `organisation`: a member."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="sites")
    code = models.SlugField(max_length=40)
    name = models.CharField(phrase("Nom du site"), max_length=120)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("exercise", "code"), name="one_site_of_a_code"),)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody does in an exercise."""

    PLAYER = "player", phrase("Joueur")
    OBSERVER = "observer", phrase("Observateur")
    SCREEN = "screen", phrase("Écran de la salle")


class Participant(Part):
    """Who takes part by a secret link, without an account: see `live.links`.

    `seats` are the codes of the seats held (or, by an observer or a screen, watched); empty: all those of the site.
    `site` empty: every site. `secret_digest` is all that is kept of the link, `turn` grows when it is renewed.
    `revision` grows at each change that concerns this one alone. `user` is set when an animator observes too.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="participants")
    role = models.CharField(max_length=10, choices=Role, default=Role.PLAYER)
    name = models.CharField(phrase("Nom"), max_length=120, blank=True)
    seats = PlainField(default=list)
    site = models.ForeignKey(Site, models.RESTRICT, null=True, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    secret_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    turn = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(null=True)
    """When somebody first said to be there."""
    reached_at = models.DateTimeField(null=True)
    """When the last reachability test was answered."""

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name or str(self.uuid)


class EventState(models.TextChoices):
    """What became of an inject."""

    PLANNED = "planned", phrase("À venir")
    SENT = "sent", phrase("Envoyé")
    SKIPPED = "skipped", phrase("Sauté")


class Event(Part):
    """One inject in the time of the exercise: `item` is the plain data of `egide.exercise.script.Item`.

    `key` is its id in the core, `at` the seconds planned, `sent` those when it left; `sites` are codes, empty: all.
    An event still PLANNED whose time has come has been sent all the same: nothing needs to be written at that second.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="events")
    key = models.CharField(max_length=100)
    item = PlainField()
    at = models.IntegerField()
    state = models.CharField(max_length=10, choices=EventState, default=EventState.PLANNED)
    sent = models.IntegerField(null=True)
    sites = PlainField(default=list)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("exercise", "key"), name="one_event_of_a_key"),)

    def __str__(self) -> str:
        return self.key


class Done(models.TextChoices):
    """How far an expected reaction was seen."""

    YES = "yes", phrase("Oui")
    PARTIAL = "partial", phrase("En partie")
    NO = "no", phrase("Non")
    UNSEEN = "unseen", phrase("Pas vu")


class Told(Part):
    """A line that is added and never changed: `at` in seconds of play, -1 before the beginning.

    Its key is its rank in the log. `sent_as` is made by the page that sends it: what is sent again because the network
    was lost counts once.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    at = models.IntegerField(default=-1)
    made_at = models.DateTimeField(default=timezone.now)
    sent_as = models.UUIDField(default=uuid4)

    class Meta:
        abstract = True
        ordering = ("pk",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(fields=("exercise", "sent_as"), name="one_%(class)s_sent"),
        )


class Tick(Told):
    """What an observer saw of an expected reaction at a site (empty: the only one); the last of an observer counts."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="ticks")
    event = models.ForeignKey(Event, models.CASCADE, related_name="ticks")
    expectation = models.CharField(max_length=100)
    site = models.ForeignKey(Site, models.RESTRICT, null=True, related_name="+")
    observer = models.ForeignKey(Participant, models.RESTRICT, related_name="ticks")
    done = models.CharField(max_length=10, choices=Done)
    note = models.TextField(max_length=TEXT, blank=True)

    def __str__(self) -> str:
        return f"{self.expectation} {self.done}"


class Decision(Told):
    """A disagreement of observers settled by an animator; the last one of an expected reaction at a site counts."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="decisions")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    expectation = models.CharField(max_length=100)
    site = models.ForeignKey(Site, models.RESTRICT, null=True, related_name="+")
    done = models.CharField(max_length=10, choices=Done)
    why = models.TextField(max_length=TEXT, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.expectation} {self.done}"


class Act(models.TextChoices):
    """What an animator did."""

    BEGUN = "begun", phrase("Début d’exercice")
    PAUSED = "paused", phrase("Pause")
    RESUMED = "resumed", phrase("Reprise")
    ENDED = "ended", phrase("Fin d’exercice")
    SENT = "sent", phrase("Envoyé à la main")
    SKIPPED = "skipped", phrase("Sauté")
    IMPROVISED = "improvised", phrase("Improvisé")
    AGAIN = "again", phrase("Envoyé de nouveau")
    RESTORED = "restored", phrase("Remis")
    MOVED = "moved", phrase("Déplacé")
    EDITED = "edited", phrase("Récrit")


class Action(Told):
    """What an animator did, to which inject, by how many seconds it was moved."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="actions")
    act = models.CharField(max_length=12, choices=Act)
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    seconds = models.IntegerField(default=0)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.act} {self.at}"


class NoteKind(models.TextChoices):
    """What a line of the log is: the kinds of `egide.exercise.record.Jot`, and who has read what."""

    READ = "read", phrase("Lu")
    ANSWER = "answer", phrase("Ce que nous faisons")
    LOG = "log", phrase("Main courante")
    OBSERVATION = "observation", phrase("Observation")
    ANIMATOR = "animator", phrase("Note de l’animateur")
    WELL = "well", phrase("Ce qui a marché")
    BETTER = "better", phrase("À améliorer")


class Note(Told):
    """Something written, by a participant or an animator (`user`); an inject is READ once by each participant."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12, choices=NoteKind)
    site = models.ForeignKey(Site, models.RESTRICT, null=True, related_name="+")
    participant = models.ForeignKey(Participant, models.RESTRICT, null=True, related_name="notes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="notes")
    text = models.TextField(max_length=TEXT, blank=True)

    class Meta(Told.Meta):
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *Told.Meta.constraints,
            models.UniqueConstraint(
                fields=("event", "participant"), condition=Q(kind=NoteKind.READ), name="one_reading_a_participant"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Presence(Part):
    """How many people held a function at a site (empty: the only one), as an animator counted them."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="presences")
    site = models.ForeignKey(Site, models.RESTRICT, null=True, related_name="+")
    function = models.CharField(max_length=40)
    people = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("exercise", "site", "function"), name="one_count_a_function"),)

    def __str__(self) -> str:
        return f"{self.function} {self.people}"
