"""The loss studies that an organisation keeps."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from egide.web.organisations.scope import Scoped
from egide.web.plain_field import PlainField


class Study(Scoped):
    """A loss study: `content` is what its file says, as plain data; `digest` names that content."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    content = PlainField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-changed_at", "-pk")

    def __str__(self) -> str:
        return self.title
