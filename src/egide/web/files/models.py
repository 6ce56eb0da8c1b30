"""A file of an organisation: its name there, and the digest under which its bytes are kept."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from egide.web.organisations.roles import Right
from egide.web.organisations.scope import Scoped, ScopedQuerySet, organisations_of


class StoredFiles(ScopedQuerySet):
    """Files; who sees an organisation does not read all of its files."""

    def readable_by(self, user: Any, now: datetime) -> Self:
        """Keep the files whose own right `user` has, and whose instant has come."""
        mine = Q(pk__in=())
        for right in Right:
            mine |= Q(right=right, organisation__in=organisations_of(user, right))
        return self.filter(mine, Q(readable_from=None) | Q(readable_from__lte=now))


class StoredFile(Scoped):
    """A file. `sha256` names its bytes in the store; several rows may share them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    right = models.CharField(max_length=20, default=Right.SEE.value)
    """What one must have the right to do in the organisation to read it."""
    readable_from = models.DateTimeField(null=True, blank=True)
    """Before this instant nobody reads it, whatever the right."""
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Any]] = StoredFiles.as_manager()

    def __str__(self) -> str:
        return self.name
