"""People and organisations that the tests of the web face act with. All fictitious."""

from dataclasses import dataclass
from typing import Any

PASSWORD = "phrase assez longue 2026"  # noqa: S105
ROLES = ("administrator", "buyer", "evaluator", "director", "reader")


@dataclass(frozen=True)
class Place:
    """An organisation and one person for each role in it."""

    organisation: Any
    administrator: Any
    buyer: Any
    evaluator: Any
    director: Any
    reader: Any


@dataclass(frozen=True)
class World:
    """Two organisations that know nothing of each other, and a person with an account and no role."""

    hospital: Place
    other: Place
    stranger: Any

    def person(self, who: str) -> Any:
        """The account of a column of the access table; None for a visitor who is not signed in."""
        apart = {"visitor": None, "stranger": self.stranger, "other": self.other.buyer}
        return apart[who] if who in apart else getattr(self.hospital, who)


def whole() -> World:
    """Make two organisations and the stranger."""
    from egide.web.organisations.models import User

    return World(
        place("Centre hospitalier de Valmont", "ch-valmont.exemple.fr", siret="26750045200011"),
        place("Hôpital de Brumont", "hopital-brumont.exemple.fr"),
        User.objects.create_user("sans-role@exemple.fr", PASSWORD, full_name="Sans Rôle Fictif"),
    )


def place(name: str, domain: str, **values: Any) -> Place:
    """Make an organisation with its five people."""
    from egide.web.organisations.models import Membership, Organisation, User

    organisation = Organisation.objects.create(name=name, **values)
    people = {}
    for role in ROLES:
        people[role] = User.objects.create_user(f"{role}@{domain}", PASSWORD, full_name=f"{role.title()} Fictif")
        Membership.objects.create(user=people[role], organisation=organisation, role=role)
    return Place(organisation, **people)
