"""The reference workloads of the loss engine as models and terms: fictitious hospitals, amounts in euros, days."""

from math import log

import numpy as np

from egide.loss.frequency import Frequency, NegativeBinomial, Poisson
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import GeneralisedPareto, Lognormal, Pert, Severity, Spliced
from egide.loss.terms import HeadTerms, Layer, Policy, Retention, Terms

DAILY = 90_000.0
"""A full day of stop of the hospital of size 1."""


def _lognormal(median: float, sigma: float) -> Lognormal:
    return Lognormal(log(median), sigma)


def _heavy(median: float, sigma: float, threshold: float, tail: float, xi: float, beta: float) -> Spliced:
    return Spliced(_lognormal(median, sigma), threshold, tail, GeneralisedPareto(xi, beta))


# name, frequency, own costs, (daily loss, median days, sigma), (probability, median, sigma) of the liability
_SCENARIOS: tuple[tuple[str, Frequency, Severity, tuple[float, float, float], tuple[float, float, float]], ...] = (
    (
        "rancongiciel_SI",
        NegativeBinomial(0.12, 1.5),
        _heavy(4e5, 1.1, 2e6, 0.06, 0.35, 1.2e6),
        (90_000, 6.0, 1.0),
        (0.35, 150_000, 1.4),
    ),
    ("rancongiciel_imagerie", Poisson(0.08), _lognormal(1.2e5, 1.2), (35_000, 4.0, 0.9), (0.15, 80_000, 1.3)),
    ("fuite_donnees_sante", NegativeBinomial(0.25, 0.8), _lognormal(6e4, 1.3), (5_000, 0.4, 0.8), (0.6, 180_000, 1.6)),
    ("messagerie_fraude", Poisson(0.6), Pert(2e3, 1.5e4, 2.5e5), (2_000, 0.3, 0.7), (0.05, 20_000, 1.0)),
    ("DDoS", Poisson(0.5), Pert(1e3, 6e3, 4e4), (20_000, 0.35, 0.8), (0.01, 15_000, 1.0)),
    ("panne_hebergeur", Poisson(0.3), Pert(3e3, 1.2e4, 9e4), (45_000, 0.5, 1.0), (0.08, 40_000, 1.2)),
    ("editeur_DPI", NegativeBinomial(0.2, 2.0), _lognormal(4.5e4, 1.0), (70_000, 0.8, 1.1), (0.1, 60_000, 1.3)),
    ("dispositif_medical", Poisson(0.15), _lognormal(5e4, 1.2), (15_000, 2.0, 0.9), (0.2, 120_000, 1.5)),
    ("malveillance_interne", Poisson(0.1), Pert(5e3, 4e4, 9e5), (10_000, 0.6, 0.9), (0.3, 90_000, 1.3)),
    ("erreur_exploitation", Poisson(0.45), Pert(1e3, 1e4, 1.5e5), (40_000, 0.4, 0.9), (0.03, 25_000, 1.1)),
    (
        "sinistre_salle",
        Poisson(0.02),
        _heavy(9e5, 0.9, 3e6, 0.08, 0.25, 1.5e6),
        (80_000, 9.0, 0.8),
        (0.1, 100_000, 1.2),
    ),
    (
        "attaque_destructrice",
        NegativeBinomial(0.03, 0.5),
        _heavy(7e5, 1.2, 4e6, 0.07, 0.4, 2e6),
        (95_000, 14.0, 1.0),
        (0.4, 250_000, 1.5),
    ),
)


def w1() -> Model:
    """One scenario, one head: the compound Poisson lognormal law."""
    own = Amount("own", Lognormal.from_median(200_000.0, 0.95, 3_000_000.0))
    return Model((Risk("hospital", (Scenario("event", Poisson(0.4), (own,)),)),))


def scenarios(size: float = 1.0, factor: float = 1.0) -> tuple[Scenario, ...]:
    """Return the 12 scenarios of W2, money times `size` and frequency times `factor`."""

    def heads(own: Severity, daily: float, liability: tuple[float, float, float]) -> tuple[Head, ...]:
        probability, median, sigma = liability
        return (
            Amount("own", own if size == 1 else own.scaled(size)),
            Interruption("interruption", daily * size),
            Amount("liability", _lognormal(median * size, sigma), probability),
        )

    return tuple(
        Scenario(name, frequency.scaled(factor), heads(own, stop[0], liability), _lognormal(stop[1], stop[2]))
        for name, frequency, own, stop, liability in _SCENARIOS
    )


def w2() -> Model:
    """One hospital, 12 scenarios of three heads."""
    return Model((Risk("hospital", scenarios()),))


_HEADS = {
    "own": HeadTerms(sublimit=2e6),
    "interruption": HeadTerms(covered=0.9, sublimit=4e6),
    "liability": HeadTerms(sublimit=3e6),
}


def _policy(name: str, members: tuple[str, ...], limit: float, aggregate: float) -> Policy:
    layer = Layer("limit", limit=limit, aggregate_limit=aggregate)
    return Policy(name, members, (layer,), Retention(flat=100_000.0), waiting_days=0.5, heads=_HEADS)


def w2_terms() -> Terms:
    """The programme of W2."""
    return Terms((_policy("cyber", ("hospital",), 5e6, 10e6),))


def w3(hospitals: int = 900, groups: int = 135, suppliers: int = 40) -> tuple[Model, Terms]:
    """Hospitals in groups, with suppliers shared by many: the layout that the workload describes, draw after draw."""
    rng = np.random.default_rng(7)
    size = np.clip(np.exp(rng.normal(-0.5, 0.9, hospitals)), 0.05, 6)
    factor = size**0.3
    group = np.concatenate([np.arange(groups), rng.integers(0, groups, hospitals - groups)])
    rate = rng.uniform(0.01, 0.06, suppliers)
    share = np.clip(rng.beta(0.8, 3, suppliers), 0.01, 0.7)
    client = rng.random((suppliers, hospitals)) < share[:, None]
    outage = rng.uniform(0.3, 3, suppliers)
    stopped = rng.uniform(0.1, 0.9, suppliers)
    names = [f"H{number:03}" for number in range(hospitals)]
    own_factor = _lognormal(1.0, 0.5)

    def hit(supplier: int, hospital: int) -> Hit:
        scale = float(size[hospital])
        heads = (
            Amount("own", _lognormal(20_000 * scale, 1.0)),
            Interruption("interruption", DAILY * scale, share=float(stopped[supplier])),
        )
        return Hit(names[hospital], heads, own_factor)

    risks = tuple(Risk(name, scenarios(float(s), float(f))) for name, s, f in zip(names, size, factor, strict=True))
    shocks = tuple(
        Shock(
            f"S{number:02}",
            Poisson(float(rate[number])),
            _lognormal(float(outage[number]), 1.0),
            tuple(hit(number, int(hospital)) for hospital in np.flatnonzero(client[number])),
        )
        for number in range(suppliers)
    )
    policies = tuple(
        _policy(f"G{number:03}", tuple(name for name, g in zip(names, group, strict=True) if g == number), 8e6, 20e6)
        for number in range(groups)
    )
    return Model(risks, shocks), Terms(policies)
