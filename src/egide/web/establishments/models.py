"""An establishment: its register numbers, its dated facts, and the observations made of its safeguards."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from egide.web.design.words import phrase
from egide.web.organisations.scope import Scoped


class Category(models.TextChoices):
    """What kind of establishment: the populations that national figures tell apart."""

    UNIVERSITY = "university", phrase("CHU ou CHR")
    HOSPITAL = "hospital", phrase("Centre hospitalier")
    SUPPORT = "support", phrase("Centre hospitalier, établissement support d’un GHT")
    LOCAL = "local", phrase("Hôpital de proximité")
    PSYCHIATRY = "psychiatry", phrase("Centre hospitalier spécialisé en psychiatrie")
    NON_PROFIT = "non_profit", phrase("Établissement privé à but non lucratif")
    CLINIC = "clinic", phrase("Clinique privée")
    CARE_HOME = "care_home", phrase("EHPAD")
    SOCIAL = "social", phrase("Autre établissement ou service médico-social")
    PRACTICE = "practice", phrase("Cabinet ou maison de santé")
    GROUP = "group", phrase("GHT, pour l’ensemble de ses membres")


class Establishment(Scoped):
    """What identifies an organisation in the registers: at most one row an organisation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.OneToOneField("organisations.Organisation", models.PROTECT, related_name="establishment")
    category = models.CharField(max_length=20, choices=Category, blank=True)
    finess_legal = models.CharField(max_length=9, blank=True)
    finess_site = models.CharField(max_length=9, blank=True)

    def __str__(self) -> str:
        return str(self.organisation)


class Fact(Scoped):
    """One fact of one year: `code` is one of `definitions`, `value` its canonical text."""

    organisation_path: ClassVar[str] = "establishment__organisation"

    establishment = models.ForeignKey(Establishment, models.CASCADE, related_name="facts")
    code = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=300)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("code", "-year")
        constraints = (models.UniqueConstraint(fields=("establishment", "code", "year"), name="one_fact_a_year"),)

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class Source(models.TextChoices):
    """Where an observation comes from."""

    QUESTIONNAIRE = "questionnaire", phrase("Questionnaire")
    EXERCISE = "exercise", phrase("Exercice")
    SUPPLIER = "supplier", phrase("Réponse d’un fournisseur")
    AUDIT = "audit", phrase("Audit ou contrôle")
    INCIDENT = "incident", phrase("Incident")


class Reliability(models.TextChoices):
    """What an observation rests on."""

    PROVEN = "proven", phrase("Prouvée : preuve vue")
    DECLARED = "declared", phrase("Déclarée, sans preuve vue")
    ESTIMATED = "estimated", phrase("Estimée")


class Observation(Scoped):
    """What was seen of a family of measures on a day; never changed afterwards, only withdrawn with a reason.

    `low` and `high` bound the level, 0 (nothing) to 1 (complete); both are the same when it is exact: what a diagnosis
    leaves blank is absent in `low`, at best in `high`, and what it holds not applicable is nothing in both. Its other
    values are empty in what a person wrote by hand (see `convert.observation`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT)
    family = models.CharField(max_length=20, blank=True)
    measure = models.CharField(max_length=20, blank=True)
    low = models.DecimalField(max_digits=5, decimal_places=4)
    high = models.DecimalField(max_digits=5, decimal_places=4)
    code = models.CharField(max_length=20, blank=True)
    """The code of one of `egide.family.MEASURES`; empty: what family and measure say."""
    partly_applicable = models.BooleanField(default=False)
    """Whether something was accepted as not applicable: the two levels without it are then those that follow."""
    low_without = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    high_without = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    completeness = models.DecimalField(max_digits=5, decimal_places=4, default=1)
    proven = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    """The share of `low` that rests on proof seen; empty: what the reliability says."""
    best_proven = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    origin = models.UUIDField(null=True, db_index=True)
    """The diagnosis that it comes from."""
    source = models.CharField(max_length=20, choices=Source)
    reliability = models.CharField(max_length=20, choices=Reliability)
    observed_on = models.DateField()
    note = models.TextField(max_length=2000, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-observed_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(low__gte=0, high__lte=1, low__lte=models.F("high")), name="level_between_0_and_1"
            ),
        )
        indexes = (models.Index(fields=("organisation", "family")),)

    def __str__(self) -> str:
        return f"{self.family} {self.observed_on}"
