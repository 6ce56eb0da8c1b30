"""A small fictitious portfolio that uses all that a model and its terms can say, and a look at its years one by one."""

from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from egide.loss import kernel
from egide.loss.frequency import Binomial, Fixed, NegativeBinomial, Poisson
from egide.loss.layout import laid_out
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant, Discrete, Gamma, GeneralisedPareto, Lognormal, Pert, Spliced
from egide.loss.task import SPANS, Task, _pool, _scratch, empty
from egide.loss.terms import HeadTerms, Layer, Policy, Retention, Terms

Floats = NDArray[np.float64]

DAYS = Lognormal(0.5, 0.9)
HEAVY = Spliced(Lognormal(10.0, 1.0), 60_000.0, 0.1, GeneralisedPareto(0.3, 40_000.0))
OWN = Amount("own", HEAVY, with_duration=0.4)
CLAIM = Amount("claim", Lognormal(9.0, 1.2), 0.3)
FINE = Amount("fine", Discrete((5_000.0, 50_000.0), (0.9, 0.1)), 0.7, insurable=False)
STOP = Interruption("stop", 9_000.0)
SLOW = Interruption("slow", 4_000.0, share=0.5, recovery=0.8, longest=20.0)

A = Risk(
    "A",
    (
        Scenario("ransom", NegativeBinomial(0.4, 1.2), (OWN, CLAIM, STOP), DAYS),
        Scenario("fraud", Poisson(1.5), (Amount("own", Pert(1e3, 8e3, 9e4)), FINE)),
    ),
    year_shape=2.0,
)
B = Risk(
    "B",
    (
        Scenario("ransom", Binomial(2, 0.3), (OWN, SLOW), DAYS),
        Scenario("inspection", Fixed(1), (Amount("own", Constant(2_500.0)), CLAIM)),
    ),
)
C = Risk("C", (Scenario("outage", Poisson(0.8), (Amount("own", Gamma(2.0, 3_000.0)), STOP, CLAIM), DAYS),))
D = Risk("D", (Scenario("outage", NegativeBinomial(0.6, 0.7), (OWN, SLOW, FINE), DAYS),))
SUPPLIER = Shock(
    "supplier",
    Poisson(0.2),
    DAYS,
    (Hit("A", (OWN, STOP), Lognormal(0.0, 0.5)), Hit("B", (STOP, CLAIM)), Hit("D", (SLOW, OWN))),
)
NETWORK = Shock("network", NegativeBinomial(0.1, 0.5), Lognormal(-1.0, 1.0), (Hit("B", (STOP,)), Hit("C", (STOP,))))
PORTFOLIO = Model((A, B, C, D), (SUPPLIER, NETWORK))

GROUP = Policy(
    "group",
    ("A", "B"),
    (
        Layer("first", 0.0, 100_000.0, aggregate_retention=10_000.0, aggregate_limit=300_000.0),
        Layer("second", 100_000.0, 400_000.0, share=0.8),
    ),
    Retention(flat=2_000.0, share=0.05, most=20_000.0),
    waiting_days=0.5,
    indemnity_days=15.0,
    heads={"stop": HeadTerms(0.9, 80_000.0), "claim": HeadTerms(sublimit=50_000.0)},
    excluded=frozenset({"inspection"}),
    paid={"ransom": 0.85},
)
ALONE = Policy("alone", ("C",), (Layer("only", 5_000.0, 200_000.0),), Retention(flat=1_000.0, franchise=True))
TERMS = Terms((GROUP, ALONE))


def one(risk: Risk, policy: Policy = GROUP) -> tuple[Model, Terms]:
    """Return the model of one risk and the contract that covers it."""
    return Model((risk,)), Terms((replace(policy, members=(risk.name,)),))


YEARS = SPANS[-1]


def yearly(model: Model, terms: Terms | None = None, seed: int = 0, block: int = 0) -> tuple[Floats, Floats]:
    """Return the gross and the ceded of each year of one block, for a model under one contract or none."""
    layout, names = laid_out(model, terms or Terms())
    assert len(names.policies) == 1
    given, detail = np.zeros((0, 0, 2), np.int64), False
    task = Task(layout, names, block, block + 1, YEARS, 2**32, seed, given, inf, detail, portfolio=False)
    room, marks, rows = _scratch(layout, names, YEARS, task.detail)
    key = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    where = task.first, task.last, task.years
    pool = _pool(layout, 64 * YEARS, YEARS)
    assert kernel.run(layout, *where, *key, given, inf, detail, pool, room, marks, rows, empty(names, task))
    return rows.total[0, :YEARS].copy(), rows.total[1, :YEARS].copy()
