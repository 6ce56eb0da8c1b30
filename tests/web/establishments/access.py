"""Who reaches the pages of establishments."""

from datetime import date
from decimal import Decimal

from egide.web.establishments.models import Observation
from egide.web.organisations.roles import Right
from web.access import Access, needs, signed_in


def here(world):
    return {"organisation": world.hospital.organisation.uuid}


def in_year(world):
    return here(world) | {"year": 2025}


def observation(world, **values):
    given = {
        "organisation": world.hospital.organisation,
        "added_by": world.hospital.buyer,
        "family": "backup",
        "low": Decimal("0.4"),
        "high": Decimal("0.6"),
        "source": "audit",
        "reliability": "proven",
        "observed_on": date(2026, 5, 4),
    }
    return Observation.objects.create(**given | values)


def one_observation(world):
    return here(world) | {"observation": observation(world).uuid}


OBSERVED = {
    "what": "identity/mfa",
    "level": "40 %",
    "upper": "60",
    "source": "audit",
    "reliability": "proven",
    "observed_on": "04/05/2026",
    "note": "Rapport d'audit, § 4.",
}
CHANGES = {"get": needs(Right.DESCRIBE), "post": needs(Right.DESCRIBE, then=302)}
ADDRESSES = {
    "establishments:index": Access(get=signed_in()),
    "establishments:show": Access(get=needs(Right.SEE), kwargs=here),
    "establishments:identity": Access(**CHANGES, kwargs=here, data=lambda world: {"category": "hospital"}),
    "establishments:year": Access(
        **CHANGES, kwargs=in_year, data=lambda world: {"beds": "120", "source": "SAE 2025"}
    ),
    "establishments:observations": Access(get=needs(Right.SEE), kwargs=here),
    "establishments:observe": Access(**CHANGES, kwargs=here, data=lambda world: OBSERVED),
    "establishments:withdraw": Access(**CHANGES, kwargs=one_observation, data=lambda world: {"reason": "Doublon."}),
    "establishments:history": Access(get=needs(Right.SEE), kwargs=here),
}  # fmt: skip
