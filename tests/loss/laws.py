"""Laws of the tests: from the words of a case, and drawn by Hypothesis."""

from hypothesis import strategies as st

from egide.loss import frequency, severity
from egide.loss.faults import Unfit


def law(words):
    """Return the law of {Name: {parameter: value}}, itself a parameter where one is a law."""
    ((name, parameters),) = words.items()
    known = {**vars(frequency), **vars(severity)}
    kind, _, constructor = name.partition(".")
    make = getattr(known[kind], constructor) if constructor else known[kind]
    return make(**{key: _value(value) for key, value in parameters.items()})


def _value(value):
    if isinstance(value, dict):
        return law(value)
    return tuple(value) if isinstance(value, list) else value


def amounts(least, most):
    return st.floats(least, most, allow_nan=False, allow_subnormal=False)


def perts():
    parts = st.lists(amounts(0, 1e6), min_size=3, max_size=3).map(sorted)
    return st.builds(
        lambda at, width, weight: severity.Pert(at[0], at[1], at[2] + width, weight),
        parts,
        amounts(1, 1e6),
        amounts(0, 10),
    )


SMOOTH = st.one_of(
    st.builds(severity.Lognormal, amounts(-5, 15), amounts(0.1, 2.5)),
    st.builds(severity.Gamma, amounts(0.2, 50), amounts(0.1, 1e6)),
    st.builds(severity.Weibull, amounts(0.4, 10), amounts(0.1, 1e6)),
    st.builds(severity.GeneralisedPareto, amounts(-1, 0.45), amounts(0.1, 1e6), amounts(0, 1e6)),
    perts(),
)


@st.composite
def spliced(draw, bodies=SMOOTH):
    """A body cut somewhere in its middle, and a generalised Pareto tail."""
    body = draw(bodies)
    cut = float(body.quantile(draw(amounts(0.3, 0.97))))
    tail = severity.GeneralisedPareto(draw(amounts(-0.5, 0.45)), max(cut, 1e-6) * draw(amounts(0.1, 3)))
    return severity.Spliced(body, max(cut, 1e-6), draw(amounts(0.01, 0.5)), tail)


CONTINUOUS = SMOOTH | spliced() | st.builds(severity.Scaled, SMOOTH | spliced(), amounts(0.01, 1e3))


CENTS = st.integers(0, 10**8).map(lambda cents: cents / 100)


@st.composite
def discrete(draw):
    values = draw(st.lists(CENTS, min_size=1, max_size=8))
    weights = [draw(amounts(0.001, 1)) for _ in values[1:]]
    total = sum(weights, 1.0)
    return severity.Discrete(tuple(values), tuple(weight / total for weight in [1.0, *weights]))


STEPPED = st.one_of(
    discrete(),
    st.builds(severity.Empirical, st.lists(CENTS, min_size=1, max_size=30).map(tuple)),
    st.builds(severity.Constant, CENTS),
)
ANY = CONTINUOUS | STEPPED | st.builds(severity.Scaled, STEPPED, amounts(0.01, 1e3)) | spliced(STEPPED)


def _or_nothing(make):
    """Return a law, None where its parameters are refused."""

    def made(*parameters):
        try:
            return make(*parameters)
        except Unfit:
            return None

    return made


POSITIVE = st.floats(1e-99, 1e99) | st.floats(1e-3, 1e6)
ANYTHING = st.floats(-1e99, 1e99) | st.floats(-5, 30)
_WIDE = st.one_of(
    st.builds(_or_nothing(severity.Lognormal), ANYTHING, POSITIVE),
    st.builds(_or_nothing(severity.Gamma), POSITIVE, POSITIVE),
    st.builds(_or_nothing(severity.Weibull), POSITIVE, POSITIVE),
    st.builds(_or_nothing(severity.GeneralisedPareto), ANYTHING, POSITIVE, POSITIVE),
    st.builds(_or_nothing(severity.Pert), POSITIVE, POSITIVE, POSITIVE, POSITIVE),
    st.builds(_or_nothing(severity.Empirical), st.lists(POSITIVE, min_size=1).map(tuple)),
).filter(bool)
WIDE = st.one_of(
    _WIDE,
    st.builds(_or_nothing(severity.Spliced), _WIDE, POSITIVE, amounts(1e-9, 0.999), _WIDE).filter(bool),
    st.builds(_or_nothing(severity.Scaled), _WIDE, POSITIVE).filter(bool),
)
"""Laws that nobody means, whose parameters are numbers all the same."""
