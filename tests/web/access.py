"""How an app says who may reach its addresses: `tests/web/<app>/access.py` gives `ADDRESSES`, name -> Access.

    ADDRESSES = {
        "tenders:index": Access(get=signed_in()),
        "tenders:one": Access(get=needs(Right.SEE), kwargs=lambda world: {"uuid": make_tender(world).uuid}),
        "tenders:publish": Access(
            get=needs(Right.PREPARE, else_=403), post=needs(Right.PREPARE, then=302, else_=403),
            kwargs=..., data=lambda world: {"deadline": "..."},
        ),
    }

A method that is not given must be refused (403, 404 or 405; a visitor may be sent to the login page). Every POST that is let in must leave an entry in the audit trail
(`silent=True` says that this one writes nothing). Objects are made in `world.hospital`, and what each role writes is undone before the next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from egide.web.organisations.roles import RIGHTS, Right

ROLES = ("administrator", "buyer", "evaluator", "director", "reader")
WHO = ("visitor", "stranger", *ROLES, "other")
"""visitor: not signed in. stranger: signed in, no role anywhere. other: buyer of another organisation."""

Expected = Mapping[str, int]


def everybody(status: int = 200) -> Expected:
    """Nobody needs an account."""
    return dict.fromkeys(WHO, status)


def signed_in(status: int = 200) -> Expected:
    """Anybody with an account; a visitor is sent to the login page."""
    return everybody(status) | {"visitor": 302}


def needs(right: Right, then: int = 200, else_: int = 403) -> Expected:
    """Who has that right in the organisation; the others of the organisation get `else_`, all others 404."""
    inside = {role: then if right in RIGHTS[role] else else_ for role in ROLES}
    return {"visitor": 302, "stranger": 404, "other": 404} | inside


@dataclass(frozen=True)
class Access:
    """Who gets what from one address, and how to make what it names."""

    get: Expected | None = None
    post: Expected | None = None
    kwargs: Callable[[Any], Mapping[str, Any]] = lambda world: {}
    data: Callable[[Any], Mapping[str, Any]] = lambda world: {}
    silent: bool | tuple[str, ...] = False
    """Whose POST writes nothing: everybody's (True), or that of these."""
    query: str = ""
    opens: bool = False
    """Whether a visitor's 302 leads elsewhere than to the login page."""
