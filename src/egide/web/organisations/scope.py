"""What a person sees: each model says by which path it belongs to an organisation, and one query set applies it."""

from typing import Any, ClassVar, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404

from egide.web.organisations.roles import RIGHTS, Right


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of the organisations of a person."""

    def visible_to(self, user: Any, right: Right = Right.SEE) -> Self:
        """Keep the rows of the organisations where `user` has `right`; nobody else's exist for that person."""
        path = self.model.organisation_path
        return self.filter(**{f"{path}__in": organisations_of(user, right)})

    def one_visible_to(self, user: Any, uuid: object, right: Right = Right.SEE) -> Any:
        """Return the row of that UUID. Raises Http404 when there is none, or none for that person."""
        found = self.visible_to(user, right).filter(uuid=uuid).first()
        if found is None:
            raise Http404
        return found


class Scoped(models.Model):
    """A model whose rows belong to an organisation, by `organisation_path`."""

    organisation_path: ClassVar[str] = "organisation"
    objects: ClassVar[models.Manager[Any]] = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


def organisations_of(user: Any, right: Right = Right.SEE) -> frozenset[int]:
    """Return the keys of the organisations where a person has a right; one query a request."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    return frozenset(organisation for organisation, role in user.roles if right in RIGHTS[role])


def may(user: Any, right: Right, organisation: int) -> bool:
    """Whether a person has a right in the organisation of that key."""
    return organisation in organisations_of(user, right)


def allowed(rows: Any, user: Any, uuid: object, right: Right) -> Any:
    """Return the row of that UUID, which exists for this person only if it is visible to him.

    Raises Http404 when it is not visible, PermissionDenied when it is but `right` is missing.
    """
    found = rows.one_visible_to(user, uuid)
    if not rows.visible_to(user, right).filter(pk=found.pk).exists():
        raise PermissionDenied
    return found
