"""Laws of frequency and of severity in words: one table, read and written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Any

from egide.exchange.loss_file.node import Node
from egide.loss.faults import POSITIVE, broken
from egide.loss.frequency import Binomial, Fixed, Frequency, NegativeBinomial, Poisson
from egide.loss.severity import (
    Constant,
    Discrete,
    Empirical,
    Gamma,
    GeneralisedPareto,
    Lognormal,
    Pert,
    Scaled,
    Severity,
    Spliced,
    Weibull,
)
from egide.message import message

NUMBER, WHOLE, NUMBERS, LAW = "number", "whole", "numbers", "law"


@dataclass(frozen=True)
class Law:
    """A law in the file: its name, its type, and by key the field of the type and what it holds."""

    name: str
    kind: Callable[..., Any]
    keys: Mapping[str, tuple[str, str]]
    defaults: Mapping[str, float] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """Return the key of each field."""
        return {name: key for key, (name, _) in self.keys.items()}

    def read(self, node: Node) -> Any:
        """Return the law that stands at a place, None and told when it has no meaning."""
        if not node.mapping(self.keys):
            return None
        values = {name: self._value(node, key, holds) for key, (name, holds) in self.keys.items()}
        return None if None in values.values() else node.made(self.kind, self.fields, **values)

    def _value(self, node: Node, key: str, holds: str) -> Any:
        if not node.has(key):
            if key not in self.defaults:
                node.absent(key)
            return self.defaults.get(key)
        at = node.at(key)
        return severity(at) if holds == LAW else READERS[holds](at)

    def written(self, law: Any) -> dict[str, Any]:
        """Return the law as plain data."""
        return {self.name: {key: _written(getattr(law, name)) for key, (name, _) in self.keys.items()}}


READERS: Mapping[str, Callable[[Node], Any]] = {NUMBER: Node.number, WHOLE: Node.whole, NUMBERS: Node.numbers}


def _written(value: Any) -> Any:
    if isinstance(value, Severity):
        return severity_written(value)
    return list(value) if isinstance(value, tuple) else value


def _keys(**fields: str) -> dict[str, tuple[str, str]]:
    """Return the keys of a law whose fields hold numbers: `key="field"`."""
    return {key: (name, NUMBER) for key, name in fields.items()}


FREQUENCIES = (
    Law("poisson", Poisson, _keys(mean="mean")),
    Law("negative_binomial", NegativeBinomial, _keys(mean="mean", shape_r="shape")),
    Law("binomial", Binomial, {"trials": ("trials", WHOLE), **_keys(probability="probability")}),
    Law("fixed", Fixed, {"count": ("count", WHOLE)}),
)
SEVERITIES = (
    Law("lognormal", Lognormal, _keys(mu="mu", sigma="sigma")),
    Law("pert", Pert, _keys(min="least", mode="mode", max="most", **{"lambda": "weight"}), {"lambda": 4.0}),
    Law("gamma", Gamma, _keys(shape="shape", scale="scale")),
    Law("weibull", Weibull, _keys(shape="shape", scale="scale")),
    Law("generalised_pareto", GeneralisedPareto, _keys(xi="xi", beta="beta", threshold="threshold"), {"threshold": 0.0}),
    Law(
        "spliced",
        Spliced,
        {"body": ("body", LAW), **_keys(threshold="threshold", tail_probability="tail_probability"), "tail": ("tail", LAW)},
    ),
    Law("empirical", Empirical, {"values": ("values", NUMBERS)}),
    Law("discrete", Discrete, {"values": ("values", NUMBERS), "probabilities": ("probabilities", NUMBERS)}),
    Law("constant", Constant, _keys(value="value")),
    Law("scaled", Scaled, {"base": ("base", LAW), **_keys(factor="factor")}),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- other ways to say it
PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,6})?)", re.ASCII)
"""A quantile as a key: p95, p99.5."""
LOGNORMAL = ("mu", "median", "mean", "sigma", "p5", "p95")
"""Keys of a lognormal law; p5 and p95 stand for any quantile."""
TAIL = ("threshold", "tail_probability", "xi", "beta")


def lognormal(node: Node) -> Severity | None:
    """Read a lognormal law: mu, median or mean with sigma; the median and a quantile; two quantiles."""
    if not node.mapping():
        return None
    quantiles = {key: _percentage(key) for key in node.keys if key == "median" or PERCENTILE.fullmatch(key)}
    node.unknown(LOGNORMAL, (key for key in node.keys if key not in LOGNORMAL and key not in quantiles))
    values = {key: node.at(key).number() for key in node.keys if node.has(key) and key in {*LOGNORMAL, *quantiles}}
    if None in values.values():
        return None
    match sorted(values):
        case ["mu", "sigma"]:
            return node.made(Lognormal, **values)
        case [("mean" | "median") as of, "sigma"]:
            return _from_sigma(node, of, values[of] or 0.0, values["sigma"] or 0.0)
        case ["median", key] if key in quantiles:
            names = {"x": key, "p": key}
            return node.made(Lognormal.from_median, names, median=values["median"], p=quantiles[key], x=values[key])
        case [one, two] if one in quantiles and two in quantiles:
            one, two = sorted((one, two), key=lambda key: quantiles[key])
            names = {"p1": one, "x1": one, "p2": two, "x2": two}
            return node.made(
                Lognormal.from_quantiles, names, p1=quantiles[one], x1=values[one], p2=quantiles[two], x2=values[two]
            )
    node.fault(
        "lognormal",
        message("Une loi lognormale se donne par deux nombres qui vont ensemble."),
        message("Écrire mu et sigma, median et sigma, mean et sigma, median et p95, ou deux quantiles (p5 et p95)."),
    )
    return None


def _percentage(key: str) -> float:
    return 0.5 if key == "median" else float(key[1:]) / 100


def _from_sigma(node: Node, of: str, size: float, sigma: float) -> Severity | None:
    if node.refused(broken({of: (size, POSITIVE), "sigma": (sigma, POSITIVE)}), {}):
        return None
    mu = log(size) if of == "median" else log(size) - sigma**2 / 2
    return node.made(Lognormal, {"mu": of}, mu=mu, sigma=sigma)


def _lognormal_gpd(node: Node) -> Severity | None:
    """Read a lognormal body cut at a threshold, and a generalised Pareto tail above it."""
    if not node.mapping():
        return None
    rest, tail = parted(node, TAIL)
    body = lognormal(rest)
    values = {key: _required(tail, key) for key in TAIL}
    if body is None or None in values.values():
        return None
    beyond = node.made(GeneralisedPareto, xi=values["xi"], beta=values["beta"])
    if beyond is None:
        return None
    threshold, probability = values["threshold"], values["tail_probability"]
    return node.made(Spliced, body=body, threshold=threshold, tail_probability=probability, tail=beyond)


def _required(node: Node, key: str) -> float | None:
    if not node.has(key):
        node.absent(key)
    return node.at(key).number()


def parted(node: Node, keys: tuple[str, ...]) -> tuple[Node, Node]:
    """Return a place without these keys, and with these only."""
    rest = {key: value for key, value in node.data.items() if key not in keys}
    taken = {key: value for key, value in node.data.items() if key in keys}
    return Node(rest, node.place, node.file, node.found), Node(taken, node.place, node.file, node.found)


BERNOULLI = Law("bernoulli", lambda probability: Binomial(1, probability), _keys(probability="probability"))
MIXED = Law("mixed_poisson", NegativeBinomial.mixed, _keys(mean="mean", variation="variation"))

Reader = Callable[[Node], Any]
FREQUENCY_READERS: Mapping[str, Reader] = {law.name: law.read for law in (*FREQUENCIES, BERNOULLI, MIXED)}
SEVERITY_READERS: Mapping[str, Reader] = {
    **{law.name: law.read for law in SEVERITIES},
    "lognormal": lognormal,
    "lognormal_gpd": _lognormal_gpd,
}
WRITERS = {law.kind: law for law in (*FREQUENCIES, *SEVERITIES)}


def _one_of(node: Node, readers: Mapping[str, Reader]) -> Any:
    """Read the one law that a place names."""
    if not node.mapping(readers):
        return None
    named = [key for key in node.keys if key in readers]
    if len(named) == 1:
        return readers[named[0]](node.at(named[0]))
    if len(named) > 1 or not node.keys:
        node.fault(
            "one_law",
            message("Une loi, et une seule, est attendue ici."),
            message("Garder l'une de ces lois : {names}.", names=tuple(named or readers)),
        )
    return None


def frequency(node: Node) -> Frequency:
    """Return the law of the number of events of a year; a stand-in, and told, when it has no meaning."""
    read: Frequency | None = _one_of(node, FREQUENCY_READERS)
    return Poisson(0.0) if read is None else read


def severity(node: Node) -> Severity | None:
    """Return a law of amounts or of durations, None and told when it has no meaning."""
    read: Severity | None = _one_of(node, SEVERITY_READERS)
    return read


def frequency_written(law: Frequency) -> dict[str, Any]:
    """Return a law of frequency as plain data."""
    return WRITERS[type(law)].written(law)


def severity_written(law: Severity) -> dict[str, Any]:
    """Return a law of severity as plain data."""
    return WRITERS[type(law)].written(law)
