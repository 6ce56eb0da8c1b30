"""What a purchase is made of, and which points follow from it: each kept or dropped point says why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from egide.clausier.model import AwardUse, Clausier, Depth, Point
from egide.message import Message, Text, message

Facets = Mapping[str, Collection[str]]
DEPTHS: Mapping[Depth, Text] = {
    Depth.ESSENTIEL: Text("essentiel", "essential"),
    Depth.STANDARD: Text("standard", "standard"),
    Depth.RENFORCE: Text("renforcé", "reinforced"),
}


@dataclass(frozen=True)
class Facet:
    """A question about a purchase and its possible answers."""

    id: str
    title: Text
    values: Mapping[str, Text]


@dataclass(frozen=True)
class Profile:
    """A named shortcut to facets; profiles combine by union."""

    id: str
    title: Text
    facets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class LevelRule:
    """One line of the level table: the level when all of `when` is met."""

    level: Depth
    when: Mapping[str, tuple[str, ...]]
    reason: Text


@dataclass(frozen=True)
class Vocabulary:
    """Facets, profiles, the level table and the roles: the reference data of a selection."""

    version: str
    facets: tuple[Facet, ...]
    profiles: tuple[Profile, ...]
    levels: tuple[LevelRule, ...]
    essentiel_at_most: int
    roles: Mapping[str, Text]

    @cached_property
    def profile(self) -> Mapping[str, Profile]:
        """Return the profiles by identifier."""
        return {profile.id: profile for profile in self.profiles}

    @cached_property
    def values(self) -> Mapping[str, Mapping[str, Text]]:
        """Return the possible values of each facet."""
        return {facet.id: facet.values for facet in self.facets}


@dataclass(frozen=True)
class Choice:
    """One point, kept or dropped, and the reason."""

    point: str
    kept: bool
    reason: Message


@dataclass(frozen=True)
class Selection:
    """The level of a purchase, why, and the fate of each point of the clausier."""

    level: Depth
    level_reason: Message
    choices: tuple[Choice, ...] = field(default=())

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """Return the identifiers of the points kept, in the order of the clausier."""
        return tuple(choice.point for choice in self.choices if choice.kept)


def combined(profiles: Iterable[Profile], facets: Facets | None = None) -> dict[str, tuple[str, ...]]:
    """Return the union of the facets of `profiles` and of `facets`; "none" yields to any other value."""
    union: dict[str, set[str]] = {}
    for each in [*(profile.facets for profile in profiles), facets or {}]:
        for facet, values in each.items():
            union.setdefault(facet, set()).update(values)
    return {facet: tuple(sorted(values - {"none"} or values)) for facet, values in sorted(union.items())}


def level_of(vocabulary: Vocabulary, facets: Facets) -> tuple[Depth, Message]:
    """Return the level that follows from the facets by the published table, and the reason."""
    rule = next(rule for rule in vocabulary.levels if _met(rule.when, facets))
    return rule.level, message("{reason}", reason=rule.reason)


def select(
    clausier: Clausier,
    vocabulary: Vocabulary,
    facets: Facets,
    level: Depth | None = None,
    covered: Collection[str] = (),
) -> Selection:
    """Return the fate of each point for a purchase.

    A facet that is not stated never drops a point. `covered` are the points that a framework agreement already
    settles: a call-off asks only what it left open.
    """
    if level is None:
        level, why = level_of(vocabulary, facets)
    else:
        why = message("niveau choisi par l'acheteur")
    choices = [_choice(point, vocabulary, facets, level, covered) for point in clausier.points.values()]
    if level is Depth.ESSENTIEL:
        choices = _limited(choices, clausier, vocabulary.essentiel_at_most)
    return Selection(level, why, tuple(choices))


def _choice(point: Point, vocabulary: Vocabulary, facets: Facets, level: Depth, covered: Collection[str]) -> Choice:
    if point.id in covered and "call_off" in facets.get("channel", ()):
        return Choice(point.id, kept=False, reason=message("déjà fixé par l'accord-cadre"))
    depths = list(Depth)
    if depths.index(point.level) > depths.index(level):
        reason = message("demandé à partir du niveau {level}", level=DEPTHS[point.level])
        return Choice(point.id, kept=False, reason=reason)
    if not point.facets:
        return Choice(point.id, kept=True, reason=message("concerne tout achat"))
    said = next((rule for rule in point.facets if _met(rule, facets)), None)
    if said is not None:
        here = {facet: [each for each in said[facet] if each in facets[facet]] for facet in said}
        return Choice(point.id, kept=True, reason=message("concerne : {rule}", rule=_said(here, vocabulary)))
    open_ = next((rule for rule in point.facets if _met(rule, facets, unknown=True)), None)
    if open_ is not None:
        titles = {each.id: each.title for each in vocabulary.facets}
        unsaid = tuple(titles.get(facet, Text(facet)) for facet in open_ if facet not in facets)
        reason = message("gardé tant que la question reste sans réponse : {questions}", questions=unsaid)
        return Choice(point.id, kept=True, reason=reason)
    reason = message("ne concerne que : {rule}", rule=_said(point.facets[0], vocabulary))
    return Choice(point.id, kept=False, reason=reason)


def _met(rule: Facets, facets: Facets, *, unknown: bool = False) -> bool:
    return all(
        bool(set(accepted) & set(facets[facet])) if facet in facets else unknown for facet, accepted in rule.items()
    )


def _said(rule: Facets, vocabulary: Vocabulary) -> tuple[Text, ...]:
    return tuple(
        vocabulary.values.get(facet, {}).get(value, Text(value)) for facet, values in rule.items() for value in values
    )


def _limited(choices: list[Choice], clausier: Clausier, at_most: int) -> list[Choice]:
    def priority(choice: Choice) -> tuple[int, int, str]:
        point = clausier.points[choice.point]
        return (0 if point.award_use is AwardUse.MINIMUM else 1, -point.weight, point.id)

    kept = {choice.point for choice in sorted((each for each in choices if each.kept), key=priority)[:at_most]}
    dropped = message("au-delà des {at_most} points du niveau essentiel, priorité moindre", at_most=at_most)
    return [
        choice if not choice.kept or choice.point in kept else Choice(choice.point, kept=False, reason=dropped)
        for choice in choices
    ]
