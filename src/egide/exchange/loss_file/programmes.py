"""Insurance programmes in a study: the words of `egide.insurance`, and short keys for the commonest of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Any

from egide.exchange.loss_file.exposure import NOBODY, Exposure
from egide.exchange.loss_file.node import Node
from egide.finding import Finding
from egide.insurance.fit import fitted, to_terms
from egide.insurance.programme import Cover, Layer, Programme, shared_by
from egide.loss.faults import NOT_NEGATIVE, NUMBER, Unfit
from egide.loss.terms import Retention
from egide.message import message

UNNAMED = "programme"
RETENTION = ("flat", "share", "least", "most", "franchise")
YEAR = ("annual_limit", "annual_retention", "reinstatements", "insurers")
LAYER = ("name", "attachment", "limit", *YEAR)
SHORT = {
    "deductible_event": "retention.flat",
    "waiting_period_days": "waiting_hours",
    "limit_event": "event_limit",
    "limit_annual_aggregate": "annual_limit",
}
"""Short keys, and the long one that each stands for."""
SUBLIMIT, COINSURANCE = "sublimit_", "_coinsurance"
"""`sublimit_own`, `interruption_coinsurance`: a term of one head as a key."""
KEYS = (
    "name", "members", "group", "each_group", "retention", "waiting_hours", "indemnity_days", "heads", "other_heads", "event_limit",
    *YEAR, "layers", "excluded_scenarios", "paid", "paid_by_scenario", *SHORT,
)  # fmt: skip


@dataclass(frozen=True)
class Option:
    """Programmes in force together, under one name, and the premium that is asked for them all when it is known."""

    name: str
    programmes: tuple[Programme, ...]
    price: float | None = None


def options(root: Node, exposed: Exposure) -> tuple[Option, ...]:
    """Return the ways to be insured that a study compares, that of the top of the file first."""
    found = []
    if root.has("programme") or root.has("programmes"):
        together = _together(root, exposed)
        found.append(Option(together[0].name if len(together) == 1 else UNNAMED, together, _price(root)))
    for at in root.at("alternatives").items():
        if at.mapping(("name", "price", "programme", "programmes")):
            found.append(Option(at.at("name").name(), _together(at, exposed), _price(at)))
    _twice(root, [each.name for each in found])
    return tuple(found)


def _price(node: Node) -> float | None:
    """Return the premium asked for a year, None when it is not given."""
    return node.at("price").ruled(NOT_NEGATIVE, 0.0) if node.has("price") else None


def _twice(root: Node, names: list[str]) -> None:
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        Node(name, "alternatives", root.file, root.found).fault(
            "name_twice", message("Ce nom est donné deux fois."), message("Donner à chacun un nom différent.")
        )


def _together(node: Node, exposed: Exposure) -> tuple[Programme, ...]:
    """Read the programmes in force together: one, several, none ("programmes: []": uninsured)."""
    if node.has("programme") and node.has("programmes"):
        node.at("programmes").fault(
            "programme_twice",
            message("« programme » et « programmes » sont donnés tous les deux."),
            message("Garder « programmes », une liste, s'il y en a plusieurs ; sinon « programme »."),
        )
    if not node.has("programme") and not node.has("programmes"):
        node.absent("programme", "programmes")
    places = [node.at("programme")] if node.has("programme") else node.at("programmes").items()
    named = [(at, each) for at in places for each in _programme(at, exposed)]
    if exposed is NOBODY:
        return ()
    for at, programme in named:
        _tell(at, programme, fitted(programme, exposed.model))
    try:
        to_terms([programme for _, programme in named], exposed.model)
    except Unfit as unfit:
        apart = [each for each in unfit.findings if each.place == "programmes"]
        node.refused(apart, {})
    return tuple(programme for _, programme in named)


def _tell(node: Node, programme: Programme, findings: Iterable[Finding]) -> None:
    """Tell findings that name their programme at the place of this programme."""
    short = _places(node)
    for finding in findings:
        place = finding.place.removeprefix(f"{programme.name}.")
        node.refused([replace(finding, place=place)], short)


def _places(node: Node) -> dict[str, str]:
    """Return where a field of the programme stands in the file, if elsewhere than under its own key."""
    places = {long: key for key, long in SHORT.items() if node.has(key)}
    for key in node.keys:
        head, field = _of_head(key)
        if head:
            places[f"heads.{head}.{field}"] = key
    for index, at in enumerate(node.at("layers").items()):
        if isinstance(at.at("name").data, str):
            places.update({f"layers.{at.data['name']}.{field}": f"layers[{index}].{field}" for field in LAYER})
    return places


def _of_head(key: str) -> tuple[str, str]:
    """Return the head and the term that a key like sublimit_own names, nothing if it is none."""
    if key.startswith(SUBLIMIT):
        return key.removeprefix(SUBLIMIT), "sublimit"
    if key.endswith(COINSURANCE):
        return key.removesuffix(COINSURANCE), "coinsurance"
    return "", ""


def _programme(node: Node, exposed: Exposure) -> tuple[Programme, ...]:
    """Read one programme, or the same one for each group; none, and told, when it has no meaning."""
    if not node.mapping():
        return ()
    node.unknown(KEYS, (key for key in node.keys if key not in KEYS and not _of_head(key)[0]))
    _said_twice(node)
    made = node.made(
        Programme,
        _places(node),
        name=node.at("name").name() if node.has("name") else UNNAMED,
        members=_members(node, exposed),
        retention=_retention(node),
        waiting_hours=_amount(node, "waiting_period_days") * 24 or _amount(node, "waiting_hours"),
        indemnity_days=_amount(node, "indemnity_days", inf),
        heads=_heads(node),
        other_heads=_cover(node.at("other_heads"), {}) or Cover(),
        event_limit=_amount(node, "limit_event", _amount(node, "event_limit", inf)),
        annual_limit=_amount(node, "limit_annual_aggregate", _amount(node, "annual_limit", inf)),
        annual_retention=_amount(node, "annual_retention"),
        reinstatements=node.at("reinstatements").whole(),
        insurers=_shares(node.at("insurers")),
        layers=tuple(each for at in node.at("layers").items() if (each := _layer(at))),
        excluded_scenarios=frozenset(at.name() for at in node.at("excluded_scenarios").items()),
        paid=_amount(node, "paid", 1.0),
        paid_by_scenario=_shares(node.at("paid_by_scenario")),
    )
    if made is None or exposed is NOBODY or not node.at("each_group").truth(default=False):
        return (made,) if made else ()
    return _of_each_group(node, made, exposed)


def _of_each_group(node: Node, made: Programme, exposed: Exposure) -> tuple[Programme, ...]:
    groups: dict[str, list[str]] = {}
    for risk in exposed.model.risks:
        if risk.name in exposed.groups:
            groups.setdefault(exposed.groups[risk.name], []).append(risk.name)
    if not groups or made.members:
        node.at("each_group").fault(
            "each_group",
            message("Aucun groupe n'est donné sous « risks », ou les membres du programme sont déjà nommés."),
            message("Donner le groupe de chaque risque, et retirer « members » et « group » du programme."),
        )
        return ()
    return shared_by(made, groups)


def _amount(node: Node, key: str, default: float = 0.0) -> float:
    """Return the number of a key; `default` when it is not given, or told as no number."""
    value = node.at(key).number(default)
    return default if value is None else value


def _said_twice(node: Node) -> None:
    """Tell what is given by its short key and by its long one."""
    for key, long in SHORT.items():
        top, _, field = long.partition(".")
        if node.has(key) and (node.at(top).has(field) if field else node.has(top)):
            node.at(key).fault(
                "said_twice",
                message("Cette valeur est aussi donnée par « {long} ».", long=long),
                message("Garder l'une des deux clés."),
            )


def _members(node: Node, exposed: Exposure) -> tuple[str, ...]:
    named = tuple(at.name() for at in node.at("members").items())
    if not node.has("group"):
        return named
    group = node.at("group").name()
    of_group = tuple(risk.name for risk in exposed.model.risks if exposed.groups.get(risk.name) == group)
    if named or (exposed is not NOBODY and not of_group):
        node.at("group").fault(
            "unknown_group",
            message("Aucun risque n'est de ce groupe, ou les membres du programme sont déjà nommés."),
            message("Écrire un groupe donné sous « risks », ou nommer les membres."),
        )
    return of_group


def _retention(node: Node) -> Retention:
    at = node.at("retention")
    if at.data is not None:
        at.mapping(RETENTION)
    return Retention(
        flat=_amount(node, "deductible_event", _amount(at, "flat")),
        share=_amount(at, "share"),
        least=_amount(at, "least"),
        most=_amount(at, "most", inf),
        franchise=at.at("franchise").truth(default=False),
    )


def _heads(node: Node) -> dict[str, Cover]:
    """Return the cover of each head that the programme names, under `heads` or by keys like sublimit_own."""
    short: dict[str, dict[str, float]] = {}
    for key in node.keys:
        head, field = _of_head(key)
        if head:
            value = node.at(key).number()
            short.setdefault(head, {}).update({} if value is None else {field: value})
    at = node.at("heads")
    long = at.keys if at.data is not None and at.mapping() else ()
    covers = {head: _cover(at.at(head), short.pop(head, {})) for head in long}
    covers |= {head: node.made(Cover, _of(node, head), **terms) for head, terms in short.items()}
    return {head: cover for head, cover in covers.items() if cover}


def _of(node: Node, head: str) -> dict[str, str]:
    return {field: key for key in node.keys for found, field in [_of_head(key)] if found == head}


def _cover(node: Node, short: Mapping[str, float]) -> Cover | None:
    if node.data is None and not short:
        return Cover()
    if node.data is not None and not node.mapping(("coinsurance", "sublimit", "excluded")):
        return None
    both = [key for key in short if node.has(key)]
    for key in both:
        node.at(key).fault(
            "said_twice",
            message("Cette valeur est aussi donnée par « {long} ».", long=key),
            message("Garder l'une des deux clés."),
        )
    return node.made(
        Cover,
        coinsurance=_amount(node, "coinsurance", short.get("coinsurance", 0.0)),
        sublimit=_amount(node, "sublimit", short.get("sublimit", inf)),
        excluded=node.at("excluded").truth(default=False),
    )


def _layer(node: Node) -> Layer | None:
    if not node.mapping(LAYER):
        return None
    return node.made(
        Layer,
        name=node.at("name").name(),
        attachment=_amount(node, "attachment"),
        limit=_amount(node, "limit", inf),
        annual_limit=_amount(node, "annual_limit", inf),
        annual_retention=_amount(node, "annual_retention"),
        reinstatements=node.at("reinstatements").whole(),
        insurers=_shares(node.at("insurers")),
    )


def _shares(node: Node) -> dict[str, float]:
    """Return shares or probabilities by name; the rules on them are those of the programme."""
    if node.data is None or not node.mapping():
        return {}
    read = {key: node.at(key).number() for key in node.keys}
    for key, value in read.items():
        Node(key, node.at(key).place, node.file, node.found).name()
        if value is None and not node.has(key):
            node.at(key).fault("missing_value", NUMBER.understood, NUMBER.remedy)
    return {key: value for key, value in read.items() if value is not None}


# ------------------------------------------------------------------------------------------------------------ written
def written(given: Sequence[Option]) -> dict[str, Any]:
    """Return the ways to be insured as plain data, in their longest form: read again, they are the same values."""
    return {"alternatives": [_option(option) for option in given]} if given else {}


def _option(option: Option) -> dict[str, Any]:
    price = {} if option.price is None else {"price": option.price}
    return {"name": option.name, **price, "programmes": [_programme_written(each) for each in option.programmes]}


def _programme_written(programme: Programme) -> dict[str, Any]:
    retention = programme.retention
    data: dict[str, Any] = {
        "name": programme.name,
        "members": list(programme.members),
        "retention": _bounded(flat=retention.flat, share=retention.share, least=retention.least, most=retention.most)
        | {"franchise": retention.franchise},
        **_bounded(waiting_hours=programme.waiting_hours, indemnity_days=programme.indemnity_days),
        "heads": {head: _cover_written(cover) for head, cover in programme.heads.items()},
        "other_heads": _cover_written(programme.other_heads),
        **_bounded(event_limit=programme.event_limit),
        **_year(programme),
        "layers": [_layer_written(layer) for layer in programme.layers],
        "excluded_scenarios": sorted(programme.excluded_scenarios),
        "paid": programme.paid,
        "paid_by_scenario": dict(programme.paid_by_scenario),
    }
    return {key: value for key, value in data.items() if value not in ([], {})}


def _cover_written(cover: Cover) -> dict[str, Any]:
    return _bounded(coinsurance=cover.coinsurance, sublimit=cover.sublimit) | {"excluded": cover.excluded}


def _layer_written(layer: Layer) -> dict[str, Any]:
    return {"name": layer.name, **_bounded(attachment=layer.attachment, limit=layer.limit), **_year(layer)}


def _year(of: Programme | Layer) -> dict[str, Any]:
    count = {} if of.reinstatements is None else {"reinstatements": of.reinstatements}
    bounds = _bounded(annual_limit=of.annual_limit, annual_retention=of.annual_retention)
    return {**bounds, **count, **({"insurers": dict(of.insurers)} if of.insurers else {})}


def _bounded(**values: float) -> dict[str, float]:
    """Return the values that are finite: no limit is a key that is not given."""
    return {key: value for key, value in values.items() if isfinite(value)}
