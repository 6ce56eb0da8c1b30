"""W3: 900 fictitious hospitals in 135 groups, the 12 scenarios of W2 each, and 40 suppliers that may fail all of them.

Drawn once with a fixed seed. Each group has one contract: what W2's contract says of an event, with shared limits.
Run as a program, it writes W3 as a file that `egide loss` reads.
"""

import sys
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np

from egide.exchange.loss_file.programmes import Option
from egide.exchange.loss_file.study import Study, read_file, written
from egide.insurance.programme import shared_by
from egide.loss.frequency import Poisson
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Lognormal

W2 = Path(__file__).parent.parent / "examples/loss/w2.yaml"
YEARS = 100_000
HOSPITALS, GROUPS, SUPPLIERS = 900, 135, 40
DAILY = 90_000.0
RECOVERY, RECOVERY_SIGMA = 20_000.0, 1.0
OUTAGE_SIGMA, APART_SIGMA = 1.0, 0.5
EVENT_LIMIT, YEAR_LIMIT = 8e6, 20e6


def portfolio() -> Study:
    """Return W3, made from W2."""
    alone = read_file(W2).study
    chance = np.random.default_rng(7)
    size = np.clip(np.exp(chance.normal(-0.5, 0.9, HOSPITALS)), 0.05, 6.0)
    factor = size**0.3
    group = np.concatenate([np.arange(GROUPS), chance.integers(0, GROUPS, HOSPITALS - GROUPS)])
    rate = chance.uniform(0.01, 0.06, SUPPLIERS)
    market = np.clip(chance.beta(0.8, 3.0, SUPPLIERS), 0.01, 0.7)
    client = chance.random((SUPPLIERS, HOSPITALS)) < market[:, None]
    outage = chance.uniform(0.3, 3.0, SUPPLIERS)
    stopped = chance.uniform(0.1, 0.9, SUPPLIERS)

    (example,) = alone.model.risks
    names = [f"hopital-{number:03d}" for number in range(HOSPITALS)]
    risks = tuple(
        Risk(name, tuple(_scaled(each, float(size[at]), float(factor[at])) for each in example.scenarios))
        for at, name in enumerate(names)
    )
    own = next(head.name for head in example.scenarios[0].heads if isinstance(head, Amount))
    stop = next(head.name for head in example.scenarios[0].heads if isinstance(head, Interruption))
    apart = Lognormal(0.0, APART_SIGMA)
    shocks = tuple(
        Shock(
            f"fournisseur-{number:02d}",
            Poisson(float(rate[number])),
            Lognormal(log(outage[number]), OUTAGE_SIGMA),
            tuple(
                Hit(
                    names[at],
                    (
                        Amount(own, Lognormal(log(RECOVERY * size[at]), RECOVERY_SIGMA)),
                        Interruption(stop, DAILY * float(size[at]), share=float(stopped[number])),
                    ),
                    apart,
                )
                for at in np.flatnonzero(client[number])
            ),
        )
        for number in range(SUPPLIERS)
    )
    members = {
        f"groupe-{number:03d}": [names[at] for at in np.flatnonzero(group == number)] for number in range(GROUPS)
    }
    (contract,) = alone.options[0].programmes
    shared = shared_by(replace(contract, event_limit=EVENT_LIMIT, annual_limit=YEAR_LIMIT), members)
    return Study(
        Model(risks, shocks),
        (Option("groupes", shared),),
        {name: number for number, each in members.items() for name in each},
        title="Portefeuille d'essai W3 (fictif)",
        years=YEARS,
    )


def _scaled(scenario: Scenario, size: float, factor: float) -> Scenario:
    heads = tuple(_scaled_head(head, size) for head in scenario.heads)
    return replace(scenario, frequency=scenario.frequency.scaled(factor), heads=heads)


def _scaled_head(head: Head, size: float) -> Head:
    if isinstance(head, Interruption):
        return replace(head, daily=head.daily * size)
    return replace(head, severity=head.severity.scaled(size))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(portfolio()), encoding="utf-8")
