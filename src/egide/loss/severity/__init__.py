"""How much, or how long, an event is: the laws, with exact mean, variance, quantile, cdf and limited expected value."""

from egide.loss.severity.law import Scaled, Severity
from egide.loss.severity.smooth import Gamma, Lognormal, Pert, Weibull
from egide.loss.severity.stepped import Constant, Discrete, Empirical, Stepped
from egide.loss.severity.tail import GeneralisedPareto, Spliced
from egide.loss.special import Array

__all__ = [
    "Array",
    "Constant",
    "Discrete",
    "Empirical",
    "Gamma",
    "GeneralisedPareto",
    "Lognormal",
    "Pert",
    "Scaled",
    "Severity",
    "Spliced",
    "Stepped",
    "Weibull",
]
