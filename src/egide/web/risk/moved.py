"""A programme whose limits are moved: what can be moved, how it is written in a link, and the programme that results.

A link says every value, and by a mark which content of the study it was made with.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from math import inf, isfinite
from urllib.parse import urlencode

from egide.insurance.programme import Cover, Layer, Programme
from egide.loss.model import Model
from egide.message import Message, message

DECIMALS, THOUSAND = 4, 3
"""Decimals of a value at most; those that may be taken for thousands, so that one more is written."""
MARK = 12
"""Signs of the digest of a study that a link bears."""
START = Programme("Programme à l’essai", waiting_hours=12, event_limit=5_000_000.0, annual_limit=5_000_000.0)
"""Where one starts when a study has no programme."""


class Unit(StrEnum):
    """What a value counts."""

    AMOUNT = "amount"
    HOURS = "hours"
    PERCENT = "percent"


_TENS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
STEPS: Mapping[Unit, tuple[float, ...]] = {
    Unit.AMOUNT: (0.0, *(tenth * 10.0**power for power in range(3, 12) for tenth in _TENS)),
    Unit.HOURS: (0.0, 4.0, 6.0, 8.0, 12.0, 18.0, 24.0, 36.0, 48.0, 72.0, 96.0, 120.0, 168.0, 240.0),
    Unit.PERCENT: tuple(float(each) for each in range(0, 101, 5)),
}
"""The values from one to the next of which a button goes."""


@dataclass(frozen=True)
class Knob:
    """One value that can be moved: its name in a link, its words, its value (inf: no limit) and how to set it."""

    name: str
    label: Message
    unit: Unit
    value: float
    group: Message
    put: Callable[[Programme, float], Programme]
    bounded: bool = False
    """Whether nothing written means no limit."""


EVENT = message("Pour un événement")
YEAR = message("Pour une année")


def knobs(programme: Programme, model: Model) -> tuple[Knob, ...]:
    """Return what can be moved in a programme: the rest of it stays as it is."""
    found = [
        Knob("franchise", message("Franchise"), Unit.AMOUNT, programme.retention.flat, EVENT, _retention),
        Knob("heures", message("Franchise en heures d’arrêt"), Unit.HOURS, programme.waiting_hours, EVENT, _waiting),
        *(_layers(programme) if programme.layers else _alone(programme)),
    ]
    for n, head in enumerate(insurable(model)):
        cover = programme.heads.get(head, programme.other_heads)
        if not cover.excluded:
            found += _of_head(n, head, cover)
    return tuple(found)


def insurable(model: Model) -> tuple[str, ...]:
    """Return the heads of a model that an insurance may pay."""
    every = [head for risk in model.risks for scenario in risk.scenarios for head in scenario.heads]
    every += [head for shock in model.shocks for hit in shock.hits for head in hit.heads]
    return tuple(dict.fromkeys(head.name for head in every if head.insurable))


def _retention(programme: Programme, value: float) -> Programme:
    return replace(programme, retention=replace(programme.retention, flat=value))


def _waiting(programme: Programme, value: float) -> Programme:
    return replace(programme, waiting_hours=value)


def _alone(programme: Programme) -> list[Knob]:
    def event(of: Programme, value: float) -> Programme:
        return replace(of, event_limit=value)

    def year(of: Programme, value: float) -> Programme:
        return replace(of, annual_limit=value)

    limits = (programme.event_limit, programme.annual_limit)
    return [
        Knob("plafond", message("Plafond par événement"), Unit.AMOUNT, limits[0], EVENT, event, bounded=True),
        Knob("annee", message("Plafond annuel"), Unit.AMOUNT, limits[1], YEAR, year, bounded=True),
    ]


def _layers(programme: Programme) -> list[Knob]:
    """Return the knobs of a tower: the height of each layer, on which those above stand, and its bound of the year."""
    found = []
    for n, layer in enumerate(programme.layers):
        high = message("Hauteur de « {layer} »", layer=layer.name)
        bound = message("Plafond annuel de « {layer} »", layer=layer.name)
        found.append(Knob(f"plafond{n}", high, Unit.AMOUNT, layer.limit, EVENT, _height(n), bounded=True))
        found.append(Knob(f"annee{n}", bound, Unit.AMOUNT, layer.annual_limit, YEAR, _bound(n), bounded=True))
    return found


def _height(n: int) -> Callable[[Programme, float], Programme]:
    def put(programme: Programme, value: float) -> Programme:
        """Return the tower with another height of a layer: those above follow, at the distance at which they stood."""
        moved = programme.layers[n]
        by = value - moved.limit
        layers = tuple(
            replace(each, limit=value) if each is moved else _raised(each, by if each.attachment >= moved.top else 0.0)
            for each in programme.layers
        )
        return replace(programme, layers=layers)

    return put


def _raised(layer: Layer, by: float) -> Layer:
    return replace(layer, attachment=max(layer.attachment + by, 0.0)) if by and isfinite(by) else layer


def _bound(n: int) -> Callable[[Programme, float], Programme]:
    def put(programme: Programme, value: float) -> Programme:
        layers = (replace(each, annual_limit=value) if at == n else each for at, each in enumerate(programme.layers))
        return replace(programme, layers=tuple(layers))

    return put


def _of_head(n: int, head: str, cover: Cover) -> list[Knob]:
    def put(of: Programme, changed: Cover) -> Programme:
        return of if of.heads.get(head, of.other_heads) == changed else replace(of, heads={**of.heads, head: changed})

    def most(of: Programme, value: float) -> Programme:
        return put(of, replace(of.heads.get(head, of.other_heads), sublimit=value))

    def own(of: Programme, value: float) -> Programme:
        return put(of, replace(of.heads.get(head, of.other_heads), coinsurance=value / 100))

    group = message("{name}", name=head)
    percent = round(100 * cover.coinsurance, 4)
    return [
        Knob(f"sous{n}", message("Sous-limite par événement"), Unit.AMOUNT, cover.sublimit, group, most, bounded=True),
        Knob(f"part{n}", message("Part à votre charge"), Unit.PERCENT, percent, group, own),
    ]


def moved(programme: Programme, model: Model, values: Mapping[str, float]) -> Programme:
    """Return the programme with these values, by name of knob. Raises Unfit with all that has no meaning.

    A tower is moved from its foot, so that each layer stands on those below. Limits of an event and of the year are set
    together: one may pass the other on the way.
    """
    loosened = programme
    for each in knobs(programme, model):
        if each.bounded and each.group == YEAR:
            loosened = each.put(loosened, inf)
    for each in knobs(programme, model):
        value = values.get(each.name, each.value)
        if each.group != YEAR or isfinite(value):
            loosened = each.put(loosened, value)
    return loosened


def stepped(knob: Knob, value: float, *, up: bool) -> float:
    """Return the next round value of a knob; without a limit, the way down leads to the highest."""
    steps = STEPS[knob.unit]
    if up:
        return steps[min(bisect_right(steps, value), len(steps) - 1)] if isfinite(value) else value
    lowest = 1 if knob.bounded else 0
    return steps[max(bisect_left(steps, value) - 1, lowest)] if isfinite(value) else steps[-1]


# ---------------------------------------------------------------------------------------------------------------- links
def link(option: int, programme: int, values: Mapping[str, float], digest: str) -> str:
    """Return the query string of a programme that was moved: one state, one writing."""
    pairs = [("v", digest[:MARK])]
    pairs += [(name, str(n)) for name, n in (("choix", option), ("contrat", programme)) if n]
    return urlencode([*pairs, *((name, written(value)) for name, value in values.items())])


def written(value: float) -> str:
    """Return a value as a link writes it: nothing for no limit, no useless digit."""
    if not isfinite(value):
        return ""
    exact = f"{Decimal(repr(round(value, DECIMALS))).normalize():f}"
    return f"{exact}0" if len(exact.partition(".")[2]) == THOUSAND else exact
