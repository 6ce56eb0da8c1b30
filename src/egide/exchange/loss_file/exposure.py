"""Who is exposed to what: risks, scenarios, heads of loss and common shocks, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite, log
from typing import Any

from egide.exchange.loss_file import laws
from egide.exchange.loss_file.node import Node
from egide.finding import Severity as Grade
from egide.loss.faults import CORRELATION, LIMIT, NOT_NEGATIVE, POSITIVE, SHARE, broken
from egide.loss.frequency import Frequency, Poisson
from egide.loss.model import Amount, Head, Hit, Interruption, Model, Risk, Scenario, Shock
from egide.loss.severity import Constant, Lognormal, Severity
from egide.message import message

OWN, INTERRUPTION, LIABILITY = "own", "interruption", "liability"
SHORT = (OWN, INTERRUPTION, LIABILITY)
"""Heads that stand in a scenario under their own name, without `heads`."""
ALONE = {"risk": "risk", "scenario": "event", "head": "loss"}
"""The names of what a short file does not name."""
STAND_IN = Constant(1.0)
"""Takes the place of a law that was told as faulty, so that the rest of the file is read too."""

AMOUNT_KEYS = ("probability", "correlation_with_duration", "insurable")
DAILY = ("daily_loss", "daily_revenue")
INTERRUPTION_KEYS = (*DAILY, "share", "recovery", "longest_days", "insurable")
DURATION_KEYS = ("median_days", "sigma")
SCENARIO_KEYS = ("name", "frequency", "duration", "heads", *SHORT)
RISK_KEYS = ("name", "group", "year_factor_shape", "scenarios")
ROOT_KEYS = ("risks", "shocks", "scenarios", "year_factor_shape", "frequency", "severity")


@dataclass(frozen=True)
class Exposure:
    """What the file says of who is exposed: the model, and the group of each risk that has one."""

    model: Model
    groups: Mapping[str, str]


# ---------------------------------------------------------------------------------------------------------- heads
def _heads(node: Node) -> tuple[tuple[Head, ...], Severity | None]:
    """Return the heads of a scenario or of a hit, and the duration that a short interruption gives with them."""
    places = [(key, node.at(key)) for key in SHORT if node.has(key)]
    if node.has("heads") and node.at("heads").mapping():
        places += [(key, node.at("heads").at(key)) for key in node.at("heads").keys]
    heads: list[Head] = []
    duration: Severity | None = None
    for name, at in places:
        Node(name, at.place, at.file, at.found).name()
        head: Head
        if any(at.has(key) for key in DAILY) or (name == INTERRUPTION and not at.has("severity")):
            head, lasts = _interruption(name, at)
            duration = duration or lasts
        else:
            head = _amount(name, at)
        heads.append(head)
    if not heads:
        node.fault(
            "no_head",
            message("Aucun poste de perte n'est donné ici."),
            message("Ajouter un poste : own, interruption, liability, ou d'autres sous « heads »."),
        )
    return tuple(heads), duration


def _amount(name: str, node: Node) -> Amount:
    """Read a head that is an amount: a law alone, or a law with its probability and what goes with it."""
    if not node.mapping():
        return Amount(name, STAND_IN)
    rest, own = laws.parted(node, AMOUNT_KEYS)
    if rest.has("severity"):
        rest.mapping(("severity", *AMOUNT_KEYS))
        law = laws.severity(rest.at("severity"))
    elif any(key in laws.SEVERITY_READERS for key in rest.keys):
        law = laws.severity(rest)
    elif any(key in laws.LOGNORMAL or laws.PERCENTILE.fullmatch(key) for key in rest.keys):
        law = laws.lognormal(rest)
    else:
        rest.unknown(("severity", *AMOUNT_KEYS, *laws.SEVERITY_READERS, *laws.LOGNORMAL), rest.keys)
        node.absent("severity")
        law = None
    return Amount(
        name,
        law or STAND_IN,
        own.at("probability").ruled(SHARE, 1.0),
        own.at("correlation_with_duration").ruled(CORRELATION, 0.0),
        own.at("insurable").truth(default=True),
    )


def _interruption(name: str, node: Node) -> tuple[Interruption, Severity | None]:
    """Read a head that is activity lost; its duration stands with it, or in the scenario."""
    if not node.mapping((*INTERRUPTION_KEYS, *DURATION_KEYS)):
        return Interruption(name, 0.0), None
    given = [key for key in DAILY if node.has(key)]
    if not given:
        node.absent(*DAILY)
    if len(given) > 1:
        node.at(DAILY[1]).fault(
            "daily_twice",
            message("La perte d'un jour est donnée deux fois."),
            message("Garder daily_loss (perte d'un jour d'arrêt) ou daily_revenue (recettes d'un jour)."),
        )
    head = Interruption(
        name,
        node.at(given[0] if given else DAILY[0]).ruled(NOT_NEGATIVE, 0.0),
        node.at("share").ruled(SHARE, 1.0),
        node.at("recovery").ruled(NOT_NEGATIVE, 0.0),
        node.at("longest_days").ruled(LIMIT, inf),
        node.at("insurable").truth(default=True),
    )
    return head, _days(node)


def _days(node: Node) -> Severity | None:
    """Read a lognormal duration by its median in days and its sigma, None when neither is given."""
    if not any(node.has(key) for key in DURATION_KEYS):
        return None
    values = {key: node.at(key).number() for key in DURATION_KEYS if node.has(key)}
    for key in DURATION_KEYS:
        if not node.has(key):
            node.absent(key)
    good = {key: value for key, value in values.items() if value is not None}
    faulty = node.refused(broken({key: (value, POSITIVE) for key, value in good.items()}), {})
    if faulty or len(good) < len(DURATION_KEYS):
        return STAND_IN
    return node.made(Lognormal, mu=log(good["median_days"]), sigma=good["sigma"]) or STAND_IN


# ------------------------------------------------------------------------------------------------ scenarios and shocks
def _duration(node: Node, beside: Severity | None) -> Severity | None:
    """Return the duration of an event: its own law, or what a short interruption gave."""
    if not node.has("duration"):
        return beside
    if beside is not None:
        node.at("duration").fault(
            "duration_twice",
            message("La durée de l'événement est donnée deux fois."),
            message("Garder « duration », ou median_days et sigma de l'interruption."),
        )
    return laws.severity(node.at("duration")) or STAND_IN


def _scenario(node: Node) -> Scenario | None:
    if not node.mapping(SCENARIO_KEYS):
        return None
    name, often = node.at("name").name(), _frequency(node)
    heads, beside = _heads(node)
    return node.made(Scenario, name=name, frequency=often, heads=heads, duration=_duration(node, beside))


def _frequency(node: Node) -> Frequency:
    if not node.has("frequency"):
        node.absent("frequency")
        return Poisson(0.0)
    return laws.frequency(node.at("frequency"))


def _risk(node: Node) -> Risk | None:
    """Read a risk: its scenarios, and the shape of the gamma factor that its years share."""
    if not node.mapping(RISK_KEYS):
        return None
    return _exposed(node, node.at("name").name())


def _exposed(node: Node, name: str) -> Risk | None:
    scenarios = tuple(each for at in node.at("scenarios").items() if (each := _scenario(at)))
    shape = node.at("year_factor_shape")
    value = shape.number()
    if value is not None and shape.refused(broken({"": (value, POSITIVE)}), {}):
        value = None
    return node.made(Risk, {"year_shape": "year_factor_shape"}, name=name, scenarios=scenarios, year_shape=value)


def _hit(node: Node, risks: frozenset[str]) -> Hit | None:
    if not node.mapping(("risk", "duration_factor", "heads", *SHORT)):
        return None
    risk = node.at("risk").name()
    if risk and risk not in risks:
        node.at("risk").fault(
            "unknown_risk",
            message("Ce choc atteint un risque qui n'est pas dans le modèle."),
            message("Écrire l'un des noms donnés sous « risks »."),
        )
    heads, beside = _heads(node)
    if beside is not None:
        node.fault(
            "duration_twice",
            message("La durée d'un choc est commune à tous : elle ne se donne pas ici."),
            message("La donner sous « duration » du choc ; ici, « duration_factor » la multiplie."),
        )
    factor = laws.severity(node.at("duration_factor")) if node.has("duration_factor") else None
    return node.made(Hit, risk=risk, heads=heads, duration_factor=factor)


def _shock(node: Node, risks: frozenset[str]) -> Shock | None:
    if not node.mapping(("name", "frequency", "duration", "hits")):
        return None
    name, often = node.at("name").name(), _frequency(node)
    if not node.has("duration"):
        node.absent("duration")
    lasts = laws.severity(node.at("duration")) if node.has("duration") else None
    if not node.at("hits").data:
        node.absent("hits")
    hits = tuple(each for at in node.at("hits").items() if (each := _hit(at, risks)))
    return node.made(Shock, name=name, frequency=often, duration=lasts or STAND_IN, hits=hits)


# ------------------------------------------------------------------------------------------------------------ the whole
WAYS: tuple[tuple[str, ...], ...] = (("frequency", "severity"), ("scenarios",), ("risks",))
"""The keys of each way to say who is exposed."""
NOBODY = Exposure(Model(()), {})


def exposure(root: Node) -> Exposure:
    """Return what the file says of who is exposed: one law alone, the scenarios of one risk, or several risks.

    Nobody, and told, when it has no meaning.
    """
    given = [keys for keys in WAYS if any(map(root.has, keys))]
    if len(given) != 1:
        _not_one(root, given)
        return NOBODY
    groups: dict[str, str] = {}
    if root.has("risks"):
        places = root.at("risks").items()
        if not any(at.has("scenarios") and at.data["scenarios"] for at in places) and not root.has("shocks"):
            root.absent("scenarios")
        risks = [_risk(at) for at in places]
        groups = {
            risk.name: at.at("group").text() for at, risk in zip(places, risks, strict=True) if risk and at.has("group")
        }
    else:
        if root.data.get("scenarios") == []:
            root.absent("scenarios")
        risks = [_exposed(root, ALONE["risk"]) if root.has("scenarios") else _one_law(root)]
    if not root.has("risks") and root.has("shocks"):
        root.at("shocks").fault(
            "shocks_alone",
            message("Un choc commun atteint des risques nommés, et ce fichier n'en nomme pas."),
            message("Mettre les scénarios dans un risque, sous « risks »."),
        )
    known = tuple(risk for risk in risks if risk)
    names = frozenset(str(at.at("name").data) for at in root.at("risks").items())
    shocks = tuple(each for at in root.at("shocks").items() if (each := _shock(at, names)))
    if any(finding.severity is Grade.ERROR for finding in root.found):
        return NOBODY
    model = root.made(Model, risks=known, shocks=shocks)
    return Exposure(model, groups) if model else NOBODY


def _not_one(root: Node, given: list[tuple[str, ...]]) -> None:
    if not given:
        root.absent("risks", "scenarios", "frequency")
        return
    root.fault(
        "exposure_twice",
        message("Ce qui est exposé est donné de plusieurs façons : {keys}.", keys=tuple(key for keys in given for key in keys)),
        message("N'en garder qu'une : frequency et severity, scenarios, ou risks."),
    )  # fmt: skip


def _one_law(root: Node) -> Risk | None:
    """Read the shortest file: one frequency and one severity."""
    for key in ("frequency", "severity"):
        if not root.has(key):
            root.absent(key)
    often = laws.frequency(root.at("frequency")) if root.has("frequency") else Poisson(0.0)
    law = laws.severity(root.at("severity")) if root.has("severity") else None
    head = Amount(ALONE["head"], law or STAND_IN)
    return Risk(ALONE["risk"], (Scenario(ALONE["scenario"], often, (head,)),))


# ---------------------------------------------------------------------------------------------------------- written
def written(exposed: Exposure) -> dict[str, Any]:
    """Return the exposure as plain data, in its longest form: read again, it gives the same values."""
    data: dict[str, Any] = {"risks": [_risk_written(risk, exposed.groups) for risk in exposed.model.risks]}
    if exposed.model.shocks:
        data["shocks"] = [_shock_written(shock) for shock in exposed.model.shocks]
    return data


def _risk_written(risk: Risk, groups: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"name": risk.name}
    if risk.name in groups:
        data["group"] = groups[risk.name]
    if risk.year_shape is not None:
        data["year_factor_shape"] = risk.year_shape
    return {**data, "scenarios": [_scenario_written(each) for each in risk.scenarios]}


def _scenario_written(scenario: Scenario) -> dict[str, Any]:
    data = {"name": scenario.name, "frequency": laws.frequency_written(scenario.frequency)}
    if scenario.duration is not None:
        data["duration"] = laws.severity_written(scenario.duration)
    return {**data, "heads": _heads_written(scenario.heads)}


def _shock_written(shock: Shock) -> dict[str, Any]:
    return {
        "name": shock.name,
        "frequency": laws.frequency_written(shock.frequency),
        "duration": laws.severity_written(shock.duration),
        "hits": [_hit_written(hit) for hit in shock.hits],
    }


def _hit_written(hit: Hit) -> dict[str, Any]:
    data: dict[str, Any] = {"risk": hit.risk}
    if hit.duration_factor is not None:
        data["duration_factor"] = laws.severity_written(hit.duration_factor)
    return {**data, "heads": _heads_written(hit.heads)}


def _heads_written(heads: tuple[Head, ...]) -> dict[str, Any]:
    return {head.name: _amount_written(head) if isinstance(head, Amount) else _lost(head) for head in heads}


def _amount_written(head: Amount) -> dict[str, Any]:
    return {
        "severity": laws.severity_written(head.severity),
        "probability": head.probability,
        "correlation_with_duration": head.with_duration,
        "insurable": head.insurable,
    }


def _lost(head: Interruption) -> dict[str, Any]:
    data = {"daily_loss": head.daily, "share": head.share, "recovery": head.recovery}
    longest = {"longest_days": head.longest} if isfinite(head.longest) else {}
    return {**data, **longest, "insurable": head.insurable}
