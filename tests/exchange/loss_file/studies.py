"""Studies of losses made by chance: every law, head, shock and programme that a file can say."""

from dataclasses import replace
from math import exp, inf

from hypothesis import strategies as st

from egide.exchange.loss_file.programmes import Option
from egide.exchange.loss_file.study import Study
from egide.insurance.premium import STANDARD, Loading
from egide.insurance.programme import Cover, Layer, Programme
from egide.loss.frequency import Binomial, Fixed, NegativeBinomial, Poisson
from egide.loss.model import Amount, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import (
    Constant,
    Discrete,
    Empirical,
    Gamma,
    GeneralisedPareto,
    Lognormal,
    Pert,
    Scaled,
    Spliced,
    Weibull,
)
from egide.loss.terms import Retention

names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30).filter(str.strip)
few_names = st.lists(names, min_size=1, max_size=3, unique=True)
positive = st.floats(1e-6, 1e9)
shapes = st.floats(0.1, 50)


def meant(low: float, high: float):
    """Return numbers that a person can mean: none that is tiny and not 0."""
    return st.floats(low, high).map(lambda value: value if abs(value) > 1e-9 else 0.0)


amounts = meant(0, 1e9)
shares = meant(0, 1)
inside = st.floats(1e-6, 1 - 1e-6)
caps = positive | st.just(inf)

mixable = st.builds(Poisson, amounts) | st.builds(NegativeBinomial, amounts, positive)
frequencies = (
    mixable | st.builds(Binomial, st.integers(1, 1000), shares) | st.builds(Fixed, st.integers(0, 1000))
)  # fmt: skip


def _pert(values: list[float], weight: float) -> Pert:
    least, mode, most = sorted(values)
    return Pert(least, mode, most + 1.0, weight)


def _discrete(values: list[float]) -> Discrete:
    return Discrete(tuple(values), tuple(1 / len(values) for _ in values))


lognormals = st.builds(Lognormal, meant(-5, 20), st.floats(0.01, 3))
simple = st.one_of(
    lognormals,
    st.builds(Gamma, shapes, positive),
    st.builds(Weibull, shapes, positive),
    st.builds(GeneralisedPareto, meant(-0.5, 0.9), positive, amounts),
    st.builds(_pert, st.lists(amounts, min_size=3, max_size=3), meant(0, 10)),
    st.builds(Empirical, st.lists(amounts, min_size=1, max_size=5).map(tuple)),
    st.builds(_discrete, st.lists(amounts, min_size=1, max_size=5, unique=True)),
    st.builds(Constant, amounts),
)


@st.composite
def spliced(draw):
    body = draw(lognormals)
    threshold = exp(body.mu + body.sigma * draw(st.floats(-2, 3)))
    return Spliced(body, threshold, draw(inside), GeneralisedPareto(draw(meant(-0.4, 0.9)), draw(positive)))


severities = simple | spliced() | st.builds(Scaled, simple, positive)


@st.composite
def heads(draw, lasting: bool):
    made = []
    for name in draw(few_names):
        if lasting and draw(st.booleans()):
            made.append(Interruption(name, draw(amounts), draw(shares), draw(amounts), draw(caps), draw(st.booleans())))
        else:
            tied = draw(meant(-1, 1)) if lasting else 0.0
            made.append(Amount(name, draw(severities), draw(shares), tied, draw(st.booleans())))
    return tuple(made)


@st.composite
def risks(draw, name: str):
    shape = draw(st.none() | positive)
    scenarios = []
    for each in draw(few_names):
        duration = draw(st.none() | severities)
        often = draw(frequencies if shape is None else mixable)
        scenarios.append(Scenario(each, often, draw(heads(duration is not None)), duration))
    return Risk(name, tuple(scenarios), shape)


@st.composite
def shocks(draw, name: str, known: list[str]):
    hit = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))
    hits = tuple(Hit(each, draw(heads(lasting=True)), draw(st.none() | severities)) for each in hit)
    return Shock(name, draw(frequencies), draw(severities), hits)


@st.composite
def models(draw):
    known = draw(few_names)
    made = tuple(draw(risks(name)) for name in known)
    return Model(made, tuple(draw(shocks(name, known)) for name in draw(st.lists(names, max_size=2, unique=True))))


def _insurers(draw):
    known = draw(st.lists(names, max_size=3, unique=True))
    return {name: 1 / (len(known) + 1) for name in known}


@st.composite
def programmes(draw, name: str, model: Model):
    covers = {}
    insurable = {head.name for risk in model.risks for each in risk.scenarios for head in each.heads if head.insurable}
    for head in (
        draw(st.lists(st.sampled_from(sorted(insurable) or ["-"]), max_size=2, unique=True)) if insurable else []
    ):
        covers[head] = Cover(draw(shares), draw(caps), draw(st.booleans()))
    limit = draw(st.floats(1, 1e9))
    layers = ()
    standing = {
        "event_limit": limit,
        "reinstatements": draw(st.none() | st.integers(0, 4)),
        "insurers": _insurers(draw),
    }
    if draw(st.booleans()):
        standing = {}
        low = Layer("basse", 0.0, limit, annual_limit=2 * limit, insurers=_insurers(draw))
        layers = (low, Layer("haute", limit, draw(caps), annual_retention=draw(amounts)))
    known = list(model.scenarios)
    return Programme(
        name,
        members=tuple(draw(st.lists(st.sampled_from([risk.name for risk in model.risks]), unique=True))),
        retention=Retention(draw(amounts), draw(shares), 10.0, draw(st.just(inf) | st.floats(10, 1e9)), draw(st.booleans())),
        waiting_hours=draw(meant(0, 24)),
        indemnity_days=draw(st.just(inf) | st.floats(2, 400)),
        heads=covers,
        other_heads=Cover(draw(shares), draw(caps), draw(st.booleans())),
        layers=layers,
        excluded_scenarios=frozenset(draw(st.lists(st.sampled_from(known), max_size=2))),
        paid=draw(shares),
        paid_by_scenario={each: draw(shares) for each in draw(st.lists(st.sampled_from(known), max_size=2, unique=True))},
        **standing,
    )  # fmt: skip


@st.composite
def studies(draw):
    model = draw(models())
    options = tuple(
        Option(name, (draw(programmes(draw(names), model)),) if draw(st.booleans()) else (), draw(st.none() | amounts))
        for name in draw(st.lists(names, max_size=2, unique=True))
    )
    return Study(
        model,
        options,
        {risk.name: draw(names) for risk in model.risks if draw(st.booleans())},
        draw(st.just("") | names),
        draw(st.sampled_from(["EUR", "CHF", "XPF"])),
        draw(st.integers(100, 10**9)),
        tuple(draw(st.lists(inside, min_size=1, max_size=3, unique=True))),
        tuple(draw(st.lists(inside, min_size=1, max_size=3, unique=True))),
        tuple(draw(st.lists(amounts, max_size=2, unique=True))),
        draw(st.just(STANDARD) | st.builds(Loading, amounts, shares, inside)),
    )


def _calm(often):
    """Return a frequency that a test can simulate."""
    match often:
        case Poisson(mean):
            return Poisson(mean % 7)
        case NegativeBinomial(mean, shape):
            return NegativeBinomial(mean % 7, max(shape, 0.05))
        case Binomial(trials, probability):
            return Binomial(trials % 9 + 1, probability)
        case Fixed(count):
            return Fixed(count % 5)


def _calm_risk(risk: Risk) -> Risk:
    scenarios = tuple(replace(each, frequency=_calm(each.frequency)) for each in risk.scenarios)
    shape = risk.year_shape
    return replace(risk, scenarios=scenarios, year_shape=None if shape is None else max(shape, 0.1))


def calm(study: Study) -> Study:
    """Return a study with few events and few years, its amounts as wild as they were."""
    risks = tuple(map(_calm_risk, study.model.risks))
    shocks = tuple(replace(each, frequency=_calm(each.frequency)) for each in study.model.shocks)
    return replace(study, model=Model(risks, shocks), years=300)
