"""What an insurance pays, as plain numbers: the form that the simulation reads.

For one event: each insurable head, cut by waiting and indemnity periods if it is an interruption, less its coinsurance,
capped by its sub-limit; their sum, less the retention, goes through the layers. For one year: what a layer paid for all
events, less its aggregate retention, capped by its aggregate limit, in the share that it carries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True)
class HeadTerms:
    """Cover of one head: the part covered after coinsurance (0 to 1) and the sub-limit per event."""

    covered: float = 1.0
    sublimit: float = inf


@dataclass(frozen=True)
class Retention:
    """What an event must cost before anything is paid: min(max(flat + share x loss, least), most).

    A `franchise` is not deducted: past it, the loss is covered from its first unit.
    """

    flat: float = 0.0
    share: float = 0.0
    least: float = 0.0
    most: float = inf
    franchise: bool = False


@dataclass(frozen=True)
class Layer:
    """A slice of the loss of an event above `attachment`, up to `limit` more, carried for `share`; year's bounds apart."""

    name: str
    attachment: float = 0.0
    limit: float = inf
    share: float = 1.0
    aggregate_retention: float = 0.0
    aggregate_limit: float = inf


@dataclass(frozen=True)
class Policy:
    """One contract and its members (names of risks); retention per member and event, layers and year shared by all.

    `heads` gives the cover of each head by name, `other_heads` that of all others (None: not covered). `paid` is the
    probability that the conditions of payment are met, by scenario; `excluded` names the scenarios never covered.
    """

    name: str
    members: tuple[str, ...]
    layers: tuple[Layer, ...]
    retention: Retention = Retention()
    waiting_days: float = 0.0
    indemnity_days: float = inf
    heads: Mapping[str, HeadTerms] = field(default_factory=dict)
    other_heads: HeadTerms | None = HeadTerms()
    excluded: frozenset[str] = frozenset()
    paid: Mapping[str, float] = field(default_factory=dict)

    def of_head(self, name: str) -> HeadTerms | None:
        """Return the cover of a head, None when it has none."""
        return self.heads.get(name, self.other_heads)


@dataclass(frozen=True)
class Terms:
    """All the contracts in force; a risk is a member of one at most, and uninsured if of none."""

    policies: tuple[Policy, ...] = ()
