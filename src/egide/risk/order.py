"""What must stay milder than something else: events that come in again in a milder form (`Scenario.spread`)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from egide.finding import Finding, Severity
from egide.message import message
from egide.risk.parameter import Parameter

if TYPE_CHECKING:
    from egide.risk.library import Scenario

EXTREME = 8.3
"""The normal score of 2^-54: no uniform of 53 bits is further out."""


def order_faults(scenarios: "Iterable[Scenario]", parameters: Mapping[str, Parameter], file: str) -> list[Finding]:
    """Return where an event that comes in again in a milder form would not be milder, whatever its luck.

    Duration and own cost: the worst quantile of the mild scenario within its interval against the best of the grave
    one, at the extreme normal scores that a uniform of 53 bits can give. Leak: probability and share of records.
    """
    found = []
    for scenario in scenarios:
        if scenario.spread is None:
            continue
        mild, grave = scenario.spread.to, scenario.id
        pairs = {
            name: (_extremes(parameters, mild, name, 1), _extremes(parameters, grave, name, 0))
            for name in ("days", "own")
        }
        shares = {
            name: (
                (float(parameters[f"{mild}.{name}"].interval[1]),),
                (float(parameters[f"{grave}.{name}"].interval[0]),),
            )
            for name in ("leak", "records", "lost")
        }
        for name, (milder, graver) in (pairs | shares).items():
            if any(low > high for low, high in zip(milder, graver, strict=True)):
                said = message("« {mild} » n'est pas toujours moins grave que « {grave} », dont les événements lui reviennent.", mild=f"{mild}.{name}", grave=f"{grave}.{name}")  # fmt: skip
                remedy = message("Séparer les deux intervalles, ou rapprocher les deux dispersions.")
                found.append(Finding("risk.order", Severity.ERROR, said, remedy, file, f"{mild}.{name}"))
    return found


def _extremes(parameters: Mapping[str, Parameter], scenario: str, name: str, side: int) -> tuple[float, ...]:
    """Return the logarithm of the extreme quantiles, low and high, at one end of the median's interval."""
    median = float(parameters[f"{scenario}.{name}"].interval[side].ln())
    spread = float(parameters[f"{scenario}.{name}_sd"].value)
    factors = [float(each) for each in parameters["severity.sd_factor"].interval]
    return tuple(median + sign * EXTREME * factor * spread for sign in (-1, 1) for factor in factors)
