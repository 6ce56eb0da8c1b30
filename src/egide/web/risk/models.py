"""What an organisation keeps of its risk: its loss studies, its estimates, what it sets otherwise than the library."""

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


class Assumptions(Scoped):
    """What an organisation sets for its own estimates; at most one row an organisation.

    `overlay` is, by identifier of parameter, what stands instead of the library's: plain data. `programme` is the
    insurance that is taken into account, as plain data, None when nothing was chosen.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.OneToOneField("organisations.Organisation", models.PROTECT, related_name="+")
    overlay = PlainField(default=dict)
    programme = PlainField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.organisation)


class Estimate(Scoped):
    """An estimate of what incidents cost an establishment in a year: kept for ever, and shown from here.

    `inputs` is all that it was made from, `marks` the digest of each part of it, `result` what its pages show, `brief`
    what lists show; all are plain data. `program` and `library` say with which version and which parameters.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    inputs = PlainField()
    marks = PlainField()
    brief = PlainField()
    result = PlainField()
    program = models.CharField(max_length=40)
    library = models.CharField(max_length=64)
    job = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = (models.Index(fields=("organisation", "made_at")),)

    def __str__(self) -> str:
        return f"{self.organisation} {self.made_at:%Y-%m-%d}"
