"""A job: what is to be done, by whom it was asked, how far it is."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from egide.web.design.words import phrase
from egide.web.organisations.scope import Scoped


class State(models.TextChoices):
    """Where a job is in its life."""

    QUEUED = "queued", phrase("en attente")
    RUNNING = "running", phrase("en cours")
    DONE = "done", phrase("terminé")
    FAILED = "failed", phrase("échoué")
    CANCELLED = "cancelled", phrase("annulé")


class Job(Scoped):
    """A piece of long work. It may run twice (after a kill): the work it names gives the same result both times."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(null=True, db_index=True)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    language = models.CharField(max_length=2, default="fr")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = (models.Index(fields=("state", "created_at")),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {State.DONE, State.FAILED, State.CANCELLED}
