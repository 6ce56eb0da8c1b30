"""An establishment as a loss model: each draw of the parameters is one risk, all simulated in one call.

The laws of the risks are then the laws given each draw, and what is not known stands between them. Streams of random
numbers are named after the draw and the scenario, never after a maturity, an exposure or a programme: two of those are
compared on the same years, event by event. With less of an event its years lose events and gain none; a shorter or
cheaper event stays the same event (RISK_MODEL 3.4). Two things are smaller in law only, not event by event: fewer leaks
(what a leak costs is drawn anew for those that remain), and events that come in again in a milder form, which have a
stream of their own.

Of an event that leaks, notice, claims and fine are drawn each by itself, with its own mean: that they come together
is left out (a claim and a fine are rare beside the leak).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from egide.loss import model as loss
from egide.loss.frequency import Poisson
from egide.loss.severity import Constant, Lognormal, Scaled
from egide.risk.expected import Prepared, Severities
from egide.risk.library import Library
from egide.risk.multipliers import SPREAD, Multipliers

Array = NDArray[np.float64]

INTERRUPTION = "interruption"
HEADS = ("own", INTERRUPTION, "notification", "liability", "fine")
"""Heads of the loss model: those of `expected`, the notice to persons apart from the claims, as contracts cover them apart."""
LEAST_DAY = 0.01
"""EUR that a full day of activity costs at least, so that days of care can be read from the law of interruptions."""
AGAIN = "+"
"""Between two scenarios: the events of the first that come in again as the second."""


def name(draw: int) -> str:
    """Return the name of the risk that a draw is: in alphabetical order for any number of draws."""
    return f"{draw:06d}"


def flows(library: Library) -> dict[str, str]:
    """Return the scenarios of the loss model, each with the one of the library whose events it holds."""
    own = {each.id: each.id for each in library.scenarios}
    again = {f"{each.id}{AGAIN}{each.spread.to}": each.spread.to for each in library.scenarios if each.spread}
    return own | again


@dataclass(frozen=True, eq=False)
class Flow:
    """One kind of event in numbers, arrays (draw,): the laws of the library times the multipliers."""

    name: str
    rate: Array
    mu: Array
    sigma: Array
    own_mu: Array
    own_sigma: Array
    lost: Array
    recovery: Array
    leak: Array
    notice: Array


@dataclass(frozen=True, eq=False)
class AfterLeak:
    """What follows a leak, arrays (draw,): probabilities, and the laws of the amounts."""

    claimed: Array
    claim_mu: Array
    claim_sigma: Array
    fined: Array
    fine_mu: Array
    fine_sigma: Array


def loss_model(ready: Prepared, factors: Multipliers) -> loss.Model:
    """Return the model of an establishment under these multipliers: the risk `name(j)` is the draw j.

    Its expected loss is `ready.expected(factors)`, but for a day of activity that would cost less than a cent.
    """
    draws = ready.draws
    after = _after_leak(ready)
    of_day = daily(ready)
    tied = draws["severity.correlation"].tolist()
    longest = draws["severity.days_cut"].tolist()
    shapes = draws["frequency.shape"].tolist()
    made = [_scenarios(each, after, of_day, tied, longest) for each in _flows(ready, factors)]
    return loss.Model(
        tuple(loss.Risk(name(draw), tuple(flow[draw] for flow in made), shapes[draw]) for draw in range(draws.count))
    )


def daily(ready: Prepared) -> Array:
    """Return what a full day of activity lost costs in the model, in EUR, in each draw."""
    return np.maximum(ready.of_day, LEAST_DAY)


def _flows(ready: Prepared, factors: Multipliers) -> Iterator[Flow]:
    scenarios = ready.draws.library.scenarios
    for row, each in enumerate(scenarios):
        yield _flow(ready, each.id, each.id, ready.rate[row] * factors[each.id, "F"], row, ready.severities, factors)
    for grave, row, mild, milder in ready.again:
        rate = ready.rate[row] * factors[grave, SPREAD]
        yield _flow(ready, f"{grave}{AGAIN}{scenarios[mild].id}", grave, rate, mild, milder, factors)


def _flow(
    ready: Prepared, flow: str, acted_on: str, rate: Array, row: int, of: Severities, factors: Multipliers
) -> Flow:
    """Return one kind of event; severities are given by scenario, or are those of one milder form."""

    def here(values: Array) -> Array:
        return values[row] if values.ndim > 1 else values

    recovery = ready.tail[row, 0] * ready.draws["severity.recovery"]
    return Flow(
        flow,
        rate,
        here(of.mu) + np.log(factors[acted_on, "D"]),
        here(of.sigma),
        here(of.own_mu) + np.log(factors[acted_on, "C"]),
        here(of.own_sigma),
        here(of.full_days) / (1.0 + recovery / 2.0),
        recovery,
        np.minimum(here(of.leak) * factors[acted_on, "L"], 1.0),
        here(of.notice),
    )


def _after_leak(ready: Prepared) -> AfterLeak:
    draws = ready.draws
    sigma = {name: draws[f"{name}.sd"] * draws["severity.sd_factor"] for name in ("claim", "fine")}
    chance = {name: np.minimum(draws[f"{name}.probability"], 1.0) for name in sigma}
    mean = {"claim": ready.of_claim, "fine": ready.of_fine}
    mu = {name: np.log(mean[name] / chance[name]) - sigma[name] ** 2 / 2 for name in sigma}
    return AfterLeak(chance["claim"], mu["claim"], sigma["claim"], chance["fine"], mu["fine"], sigma["fine"])


NOTICE = Constant(1.0)
"""What one EUR of notice is: the law that all notices share, each in its own proportion."""


def _scenarios(
    flow: Flow, after: AfterLeak, of_day: Array, tied: list[float], longest: list[float]
) -> list[loss.Scenario]:
    """Return the scenario of one kind of event in each draw; heads stand in the same order everywhere."""
    rows = zip(
        *(each.tolist() for each in (flow.rate, flow.mu, flow.sigma, flow.own_mu, flow.own_sigma, flow.lost)),
        *(each.tolist() for each in (flow.recovery, of_day, flow.leak, flow.notice)),
        *(each.tolist() for each in (flow.leak * after.claimed, after.claim_mu, after.claim_sigma)),
        *(each.tolist() for each in (flow.leak * after.fined, after.fine_mu, after.fine_sigma)),
        tied,
        longest,
        strict=True,
    )
    leaks = bool(flow.leak.any())
    made = []
    for (rate, mu, sigma, own_mu, own_sigma, lost, recovery, day, leak, notice,
         claimed, claim_mu, claim_sigma, fined, fine_mu, fine_sigma, rho, cut) in rows:  # fmt: skip
        heads: list[loss.Head] = [
            loss.Amount("own", Lognormal(own_mu, own_sigma), with_duration=rho),
            loss.Interruption(INTERRUPTION, day, lost, recovery, cut),
        ]
        if leaks:
            heads.append(loss.Amount("liability", Lognormal(claim_mu, claim_sigma), claimed))
            heads.append(loss.Amount("fine", Lognormal(fine_mu, fine_sigma), fined, insurable=False))
            heads.append(loss.Amount("notification", Scaled(NOTICE, notice) if notice else Constant(0.0), leak))
        made.append(loss.Scenario(flow.name, Poisson(rate), tuple(heads), Lognormal(mu, sigma)))
    return made
