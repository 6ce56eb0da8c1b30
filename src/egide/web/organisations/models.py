"""People, organisations (establishment, GHT, supplier, purchasing body), membership and invitation."""

import uuid
from functools import cached_property
from typing import Any, ClassVar, Self

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import lazy

from egide.web.design.words import phrase, said
from egide.web.organisations.roles import GUARDED_ROLES, TITLES, Right, Role
from egide.web.organisations.scope import Scoped, ScopedQuerySet

CHOICES = tuple((role.value, lazy(said, str)(TITLES[role])) for role in Role)


class People(ScopedQuerySet):
    """Accounts, each once even with several roles."""

    def visible_to(self, user: Any, right: Right = Right.SEE) -> Self:
        """Keep the people who have a role where `user` has `right`."""
        return super().visible_to(user, right).distinct()


class UserManager(BaseUserManager.from_queryset(People)):  # type: ignore[misc]
    """Makes accounts; the address is the name of login."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "User":
        """Make an account; who has the link of an invitation has the address, which counts as verified."""
        user: User = self.model(email=email.strip().lower(), **values)
        user.set_password(password)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user


class User(AbstractBaseUser):
    """A person with an account. Accounts are closed, never deleted: the trail names them."""

    organisation_path: ClassVar[str] = "membership__organisation"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(phrase("Adresse de courriel"), unique=True)
    full_name = models.CharField(phrase("Nom"), max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.full_name or self.email

    @cached_property
    def _memberships(self) -> tuple[tuple[int, str, bool], ...]:
        """Return (organisation, role, whether it wants a second factor); one query, kept for the request."""
        wanted = ("organisation_id", "role", "organisation__second_factor_required")
        return tuple(self.membership_set.values_list(*wanted))

    @property
    def roles(self) -> tuple[tuple[int, str], ...]:
        """Return the (organisation, role) of this person."""
        return tuple((organisation, role) for organisation, role, _ in self._memberships)

    @property
    def must_have_second_factor(self) -> bool:
        """Whether an organisation of this person wants a second factor for the role that is held there."""
        return any(wanted and role in GUARDED_ROLES for _, role, wanted in self._memberships)


class Kind(models.TextChoices):
    """What an organisation is."""

    ESTABLISHMENT = "establishment", phrase("Établissement")
    GROUP = "ght", phrase("GHT")
    PURCHASING = "purchasing", phrase("Centrale ou groupement d’achat")
    SUPPLIER = "supplier", phrase("Fournisseur")


class Organisation(Scoped):
    """An organisation; a GHT has a support establishment, which signs for it, and members."""

    organisation_path: ClassVar[str] = "pk"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(phrase("Nom"), max_length=200)
    kind = models.CharField(phrase("Nature"), max_length=20, choices=Kind, default=Kind.ESTABLISHMENT)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    address = models.CharField(phrase("Adresse"), max_length=300, blank=True)
    support = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supported")
    members = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="groups")
    second_factor_required = models.BooleanField(phrase("Double authentification obligatoire"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Membership(Scoped):
    """A role of a person in an organisation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(phrase("Rôle"), max_length=20, choices=CHOICES)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "organisation", "role"), name="one_role_once"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.role}"


class Invitation(Scoped):
    """An invitation sent to an address: who opens it within its time has the role.

    Its link holds a secret of its own, of which only the digest is kept: nobody but the addressee can use it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    email = models.EmailField(phrase("Adresse de courriel"))
    role = models.CharField(phrase("Rôle"), max_length=20, choices=CHOICES)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation} · {self.role}"


__all__ = ["Invitation", "Kind", "Membership", "Organisation", "ScopedQuerySet", "User"]
