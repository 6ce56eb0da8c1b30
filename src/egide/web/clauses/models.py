"""A published clausier: one row that never changes."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from egide.web.organisations.roles import Right
from egide.web.organisations.scope import Scoped, ScopedQuerySet, organisations_of
from egide.web.plain_field import PlainField


class PublishedQuerySet(ScopedQuerySet):
    """Clausiers of everybody, and those of the organisations of a person."""

    def visible_to(self, user: Any, right: Right = Right.SEE) -> Self:
        """Keep the clausiers that belong to nobody, and those of the organisations where `user` has `right`."""
        return self.filter(models.Q(organisation=None) | models.Q(organisation__in=organisations_of(user, right)))


class PublishedClausier(Scoped):
    """A version of a clausier as it was when a consultation took it; `content` is its native plain form.

    Without an organisation it is public. Its table refuses to change or remove a row.
    """

    objects: ClassVar[models.Manager[Any]] = PublishedQuerySet.as_manager()

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identifier = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True, related_name="+")
    content = PlainField()
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("digest", "organisation"), name="one_clausier_once"),
            models.UniqueConstraint(fields=("digest",), condition=models.Q(organisation=None), name="one_public_once"),
        )

    def __str__(self) -> str:
        return f"{self.identifier} {self.version}"
