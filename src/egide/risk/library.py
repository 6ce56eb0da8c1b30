"""The library of the model: categories, scenarios, effects, default programmes, and every parameter by its id."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from egide import plain
from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.risk.order import order_faults
from egide.risk.parameter import Grade, Parameter

CHANNELS = ("F", "D", "C", "L")
"""What a safeguard acts on: frequency, duration, own cost, leak."""


class Exposed(StrEnum):
    """How the rate of a category compares with that of a public hospital of the same size."""

    PUBLIC = "public"
    PRIVATE = "private"
    SOCIAL = "social"


class Side(StrEnum):
    """Whose safeguard acts on a scenario."""

    HOSPITAL = "hospital"
    SUPPLIER = "supplier"


class Shape(StrEnum):
    """How an effect grows with the level of its measure."""

    CONCAVE = "concave"
    ALL_OR_NOTHING = "all_or_nothing"


@dataclass(frozen=True)
class Category:
    """A kind of establishment; its figures are the parameters `category.<id>.…`."""

    id: str
    title: Text
    exposed: Exposed

    @property
    def hospital(self) -> bool:
        """Return whether it belongs to the hospitals on which rates are calibrated."""
        return self.exposed is not Exposed.SOCIAL

    @property
    def order_of_magnitude(self) -> bool:
        """Return whether its results are worth one significant figure only."""
        return self.exposed is Exposed.SOCIAL


@dataclass(frozen=True)
class Spread:
    """Events stopped beyond the average by `measures` are not lost: they come in again as the scenario `to`."""

    to: str
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """A kind of event; its figures are the parameters `<id>.…`, its families the measures that act on it."""

    id: str
    title: Text
    malicious: bool
    families: tuple[str, ...] = ()
    severe: bool = False
    """Seldom left undeclared, seldom missed by the authorities: the rates of declaration of severe events."""
    tail: bool = False
    """Activity comes back little by little after the last day down."""
    spread: Spread | None = None

    @property
    def supplied(self) -> bool:
        """Return whether the event comes through a supplier."""
        return self.id.startswith("S")


@dataclass(frozen=True)
class Act:
    """Scenarios on which an effect acts through one channel, with the id of its applicability (empty: 1)."""

    channel: str
    scenarios: tuple[str, ...]
    weight: str = ""
    side: Side = Side.HOSPITAL


@dataclass(frozen=True)
class Effect:
    """What a measure at its best divides a rate, a duration, a cost or a leak by: the parameter `effect.<id>`."""

    id: str
    measure: str
    shape: Shape
    shrunk: bool
    """Seen without a trial: its logarithm is multiplied by `effect.shrinkage`."""
    acts: tuple[Act, ...]

    @property
    def parameter(self) -> str:
        """Return the id of its odds ratio."""
        return f"effect.{self.id}"


@dataclass(frozen=True)
class DefaultProgramme:
    """An insurance programme by size of yearly revenue, from (included) to (excluded); `programme.<id>.…`."""

    id: str
    title: Text
    revenue_from: Decimal
    revenue_to: Decimal | None = None


@dataclass(frozen=True)
class Override:
    """A parameter changed by the user: what it was, what it is."""

    id: str
    title: Text
    before: str
    after: str


@dataclass(frozen=True)
class Block:
    """What one file of the library holds."""

    parameters: tuple[Parameter, ...]
    categories: tuple[Category, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    effects: tuple[Effect, ...] = ()
    programmes: tuple[DefaultProgramme, ...] = ()


@dataclass(frozen=True, eq=False)
class Library:
    """All that the model knows. `overrides` must be printed on every result; `digest` tells two libraries apart."""

    categories: tuple[Category, ...]
    scenarios: tuple[Scenario, ...]
    effects: tuple[Effect, ...]
    programmes: tuple[DefaultProgramme, ...]
    parameters: Mapping[str, Parameter]
    overrides: tuple[Override, ...] = ()
    notes: tuple[Finding, ...] = field(default=(), repr=False)

    def __getitem__(self, name: str) -> Parameter:
        return self.parameters[name]

    @cached_property
    def category_by_id(self) -> Mapping[str, Category]:
        """Return the categories by id."""
        return {each.id: each for each in self.categories}

    @cached_property
    def scenario_by_id(self) -> Mapping[str, Scenario]:
        """Return the scenarios by id."""
        return {each.id: each for each in self.scenarios}

    @cached_property
    def row(self) -> Mapping[str, int]:
        """Return the place of each scenario in the arrays."""
        return {each.id: place for place, each in enumerate(self.scenarios)}

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of all that changes a result: laws, values, intervals, structure; no title, no source."""
        figures = {
            each.id: [each.kind, each.value.normalize(), *each.interval, each.over, each.group]
            for each in self.parameters.values()
        }
        scenarios = [[each.id, each.malicious, each.severe, each.tail, each.spread] for each in self.scenarios]
        programmes = [[each.id, each.revenue_from, each.revenue_to] for each in self.programmes]
        categories = [[each.id, each.exposed] for each in self.categories]
        return plain.digest(plain.unstructure([figures, categories, scenarios, list(self.effects), programmes]))

    def programme_of(self, revenue: Decimal | float) -> DefaultProgramme:
        """Return the default programme of an establishment of that yearly revenue."""
        return next(each for each in self.programmes if each.revenue_to is None or revenue < each.revenue_to)

    def overridden(self, overlay: Mapping[str, object], file: str = "") -> "Library":
        """Return the library with other values: `id: number` (held for sure) or `id: {value, low, high}`.

        Raises DataError with all findings. What the overlay changes is graded as an assumption.
        """
        changed: dict[str, Parameter] = {}
        found: list[Finding] = []
        for name, wanted in overlay.items():
            known = self.parameters.get(name)
            if known is None:
                remedy = message("Prendre un identifiant de la liste des paramètres.")
                found.append(_fault(message("Paramètre inconnu."), remedy, name, file, name))
                continue
            if name in UNREAD:
                said = message("Ce nombre est donné pour information : aucun calcul ne le lit.")
                found.append(_fault(said, message("Retirer cette ligne."), name, file, name))
                continue
            new, faults = _changed(known, wanted, file)
            found += faults or new.faults(file, name)
            if new.written != known.written:
                changed[name] = new
        if not found:
            after = {**self.parameters, **changed}
            found = [*order_faults(self.scenarios, after, file), *_total_faults(after, file)]
        if found:
            raise DataError(message("les paramètres modifiés ne peuvent pas être appliqués"), tuple(found))
        overrides = {each.id: each for each in self.overrides}
        for name, new in changed.items():
            before = overrides[name].before if name in overrides else self.parameters[name].written
            overrides[name] = Override(name, new.title, before, new.written)
        parameters = MappingProxyType({**self.parameters, **changed})
        return replace(self, parameters=parameters, overrides=tuple(overrides[name] for name in sorted(overrides)))


UNREAD = frozenset(
    {"contract.ceiling", "insurance.fine", "maturity.credit", "ransom.paid", "severity.tail", "shock.total"}
)
"""Numbers of the text that stand elsewhere in the product (terms of a consultation, weighing of a diagnosis) or that are
never drawn: changing them here would change a digest and no result."""
BY_USER = Text("modifié par l'utilisateur", "changed by the user")


def _total_faults(parameters: Mapping[str, Parameter], file: str) -> list[Finding]:
    """Return whether the national total leaves no room, in some draw, for what is not ransomware."""
    names = ("national.declared", "national.ransomware")
    total, part = (parameters[each].value / parameters[each].over for each in names)
    if total >= 2 * part:
        return []
    said = message("Le total des incidents déclarés doit valoir au moins deux fois celui des rançongiciels.")
    remedy = message("Corriger l'un des deux nombres.")
    return [_fault(said, remedy, parameters[names[0]].written, file, names[0])]


def _changed(known: Parameter, wanted: object, file: str) -> tuple[Parameter, list[Finding]]:
    given = dict(wanted) if isinstance(wanted, Mapping) else {"value": wanted}
    remedy = message("Écrire un nombre, ou value, low et high.")
    if unknown := sorted(str(key) for key in given if key not in {"value", "low", "high"}):
        said = message("Clé inconnue : {keys}.", keys=unknown)
        return known, [_fault(said, remedy, ", ".join(unknown), file, known.id)]
    if "value" not in given or ("low" in given) is not ("high" in given):
        said = message("La valeur est nécessaire, et un intervalle a deux bornes.")
        return known, [_fault(said, remedy, ", ".join(map(str, given)), file, known.id)]
    numbers: dict[str, Decimal] = {}
    for key, text in given.items():
        try:
            numbers[str(key)] = plain.decimal(text)
        except ValueError:
            said = message("« {value} » n'est pas un nombre.", value=str(text))
            return known, [_fault(said, remedy, str(text), file, f"{known.id}.{key}")]
    value = numbers["value"]
    sure = None if known.low is None else value
    low, high = numbers.get("low", sure), numbers.get("high", sure)
    return replace(known, value=value, low=low, high=high, grade=Grade.ASSUMPTION, source=BY_USER), []


def _fault(understood: Message, remedy: Message, read: str, file: str, place: str) -> Finding:
    return Finding("risk.overlay", Severity.ERROR, understood, remedy, file, place, read=read)
