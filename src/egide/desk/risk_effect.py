"""What other values of some parameters change for one establishment: in closed form, while a page loads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from egide import reference
from egide.diagnosis.maturity import Maturity
from egide.risk.draws import drawn
from egide.risk.expected import expected_loss
from egide.risk.exposure import exposed
from egide.risk.interval import Interval

COUNT = 200
"""Draws of the parameters: enough to see what a change does, on the same draws of all that does not change."""


@dataclass(frozen=True)
class Mean:
    """What a year costs on average in EUR, and its days of care, which are never added to them."""

    euros: Interval
    care: Interval


@dataclass(frozen=True)
class Effect:
    """The mean year before a change of parameters, and after it."""

    before: Mean
    after: Mean


def effect(
    category: str,
    told: Mapping[str, Any],
    maturity: Maturity,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> Effect:
    """Return what the overlay `after` changes beside the overlay `before`, for what an establishment `told` of itself.

    Raises DataError with all findings: an unknown category, a value that has no meaning.
    """
    return Effect(*(_mean(category, told, maturity, overlay) for overlay in (before, after)))


def _mean(category: str, told: Mapping[str, Any], maturity: Maturity, overlay: Mapping[str, object]) -> Mean:
    library = reference.risk_library()
    changed = library.overridden(overlay) if overlay else library
    expected = expected_loss(exposed(changed, category, **told), maturity, drawn(changed, count=COUNT))
    return Mean(Interval.of(expected.total), expected.care.days.interval)
