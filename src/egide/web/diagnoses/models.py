"""A diagnosis and its questionnaire, and the light map of an organisation: applications, suppliers, classes of devices."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from egide.message import Text
from egide.web.design.words import phrase
from egide.web.organisations.scope import Scoped
from egide.web.plain_field import PlainField

MOST = 1_000_000
"""Devices of one kind, at most: more is a slip of the keyboard."""


class Questionnaire(Scoped):
    """A questionnaire as an organisation uses it, kept whole: what was asked one day can always be read again.

    `content` is the plain data of `egide.diagnosis.questionnaire.Questionnaire`; `digest` names it. `own` says that the
    organisation brought it in itself; the others are those shipped, as they were when a diagnosis began.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    version = models.DateField()
    content = PlainField()
    digest = models.CharField(max_length=64)
    own = models.BooleanField(default=False)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("title", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "digest"), name="one_questionnaire_of_a_content"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def named(self) -> Text:
        """Return its title in both languages."""
        return Text(self.title, self.title_en)


class Diagnosis(Scoped):
    """A questionnaire being answered, or answered once and for all when `finished_at` is set.

    `answers` holds by question the plain data of an `Answer` of the core, with `by` (UUID of a person), `at` (ISO
    moment), and `since` (ISO day) when it comes unconfirmed from an earlier diagnosis.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="diagnoses")
    depth = models.CharField(max_length=20, blank=True)
    """The depth of a shipped questionnaire; empty for one of the organisation's own."""
    answers = PlainField(default=dict)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-begun_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "questionnaire"), condition=Q(finished_at=None), name="one_open_diagnosis"
            ),
        )
        indexes = (models.Index(fields=("organisation", "finished_at")),)

    def __str__(self) -> str:
        return f"{self.organisation} {self.begun_at:%Y-%m-%d}"

    @property
    def finished(self) -> bool:
        """Whether it is frozen."""
        return self.finished_at is not None


class Hosting(models.TextChoices):
    """Where an application runs."""

    UNKNOWN = "unknown", phrase("Ne sait pas")
    INTERNAL = "internal", phrase("Chez nous")
    GROUP = "group", phrase("Dans le GHT ou un groupement")
    CERTIFIED = "certified_host", phrase("Hébergeur de données de santé certifié")
    SERVICE = "service", phrase("Service en ligne de l’éditeur")


class DataKind(models.TextChoices):
    """The most sensitive data of an application."""

    UNKNOWN = "unknown", phrase("Ne sait pas")
    NONE = "none", phrase("Aucune donnée de personnes")
    PERSONAL = "personal", phrase("Données personnelles, sans santé")
    HEALTH = "health", phrase("Données de santé")


class Mapped(Scoped):
    """One thing of the map of an organisation, told by its name; `VALUES` are the fields of its value in the core."""

    VALUES: ClassVar[tuple[str, ...]] = ()

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(phrase("Nom"), max_length=200)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("organisation", "name"), name="one_%(class)s_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class Application(Mapped):
    """An application: what it matters for care, how long one may be without it, and who supplies it."""

    supplier = models.CharField(phrase("Fournisseur"), max_length=200, blank=True)
    care_critical = models.BooleanField(phrase("Les soins en dépendent"), null=True, blank=True)
    recovery_time_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    data_loss_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    backup_every_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    restored_in_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    hosting = models.CharField(phrase("Hébergement"), max_length=20, choices=Hosting, default=Hosting.UNKNOWN)
    data = models.CharField(phrase("Données"), max_length=20, choices=DataKind, default=DataKind.UNKNOWN)
    fallback = models.BooleanField(phrase("Procédure sans l’application"), null=True, blank=True)

    VALUES: ClassVar[tuple[str, ...]] = (
        "name", "supplier", "care_critical", "recovery_time_hours", "data_loss_hours", "backup_every_hours",
        "restored_in_hours", "hosting", "data", "fallback",
    )  # fmt: skip


class Supplier(Mapped):
    """A supplier of the organisation, whether or not an application names it."""

    siren = models.CharField("SIREN", max_length=9, blank=True)
    remote_access = models.BooleanField(phrase("Accès à distance"), null=True, blank=True)
    reachable = models.BooleanField(phrase("Joignable jour et nuit"), null=True, blank=True)
    contract_end = models.DateField(phrase("Fin du contrat"), null=True, blank=True)

    VALUES: ClassVar[tuple[str, ...]] = ("name", "siren", "remote_access", "reachable", "contract_end")


class DeviceClass(Mapped):
    """Connected medical devices of one kind."""

    count = models.PositiveIntegerField(validators=(MaxValueValidator(MOST),))
    unsupported = models.PositiveIntegerField(null=True, blank=True, validators=(MaxValueValidator(MOST),))
    networked = models.PositiveIntegerField(null=True, blank=True, validators=(MaxValueValidator(MOST),))
    segmented = models.PositiveIntegerField(null=True, blank=True, validators=(MaxValueValidator(MOST),))

    VALUES: ClassVar[tuple[str, ...]] = ("name", "count", "unsupported", "networked", "segmented")
