"""A small model of loss, and programmes for it, for the tests of insurance."""

from egide.insurance.programme import Cover, Programme
from egide.loss.frequency import Poisson
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Lognormal
from egide.loss.terms import Retention

OWN = Amount("own", Lognormal(11.0, 1.0))
STOP = Interruption("interruption", 10_000.0)
LIABILITY = Amount("liability", Lognormal(11.0, 1.0), probability=0.3)
FINES = Amount("fines", Lognormal(10.0, 1.0), probability=0.1, insurable=False)
DAYS = Lognormal(0.5, 1.0)

RANSOM = Scenario("ransom", Poisson(0.5), (OWN, STOP, LIABILITY, FINES), DAYS)
LEAK = Scenario("leak", Poisson(1.0), (LIABILITY, FINES))
OUTAGE = Shock("outage", Poisson(0.2), DAYS, (Hit("A", (OWN, STOP)), Hit("B", (STOP,))))
MODEL = Model((Risk("A", (RANSOM, LEAK)), Risk("B", (RANSOM,))), (OUTAGE,))

W2 = Programme(
    "w2",
    retention=Retention(flat=100_000.0),
    waiting_hours=12.0,
    heads={
        "own": Cover(sublimit=2e6),
        "interruption": Cover(coinsurance=0.1, sublimit=4e6),
        "liability": Cover(sublimit=3e6),
    },
    event_limit=5e6,
    annual_limit=10e6,
)
"""The terms of workload W2."""
