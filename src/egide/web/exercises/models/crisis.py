"""The crisis kit of an organisation: what it holds, and the legal clocks of a real crisis."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from egide.web.design.words import phrase
from egide.web.organisations.scope import Scoped
from egide.web.plain_field import PlainField


class CrisisDirectory(Scoped):
    """What the crisis kit of an organisation holds: `plain` is the data of `egide.exercise.crisis.Establishment`."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.OneToOneField("organisations.Organisation", models.PROTECT, related_name="crisis_directory")
    setting = models.CharField(max_length=20)
    plain = PlainField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    checked_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.organisation)


class CrisisClocks(Scoped):
    """The legal clocks of one real crisis: `plain` gives the instant of each start event and of each thing done."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(phrase("Titre"), max_length=120)
    plain = PlainField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at", "-pk")

    def __str__(self) -> str:
        return self.title
