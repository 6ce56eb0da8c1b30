"""The trail itself: entries that are added and never change."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from egide.web.organisations.scope import Scoped


class Entry(Scoped):
    """One write: who, when, in which organisation, what was done to what, and what it was before and became."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject = models.UUIDField(null=True, db_index=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("organisation", "-at")),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
