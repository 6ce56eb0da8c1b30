"""Two versions of a clausier: what was added, removed, changed, moved, and which answers must be asked again.

A point keeps its identity by its identifier; one whose identifier alone changed is found again by its wording. An
answer answers the French wording with its thresholds, and what was expected with it: when one of these changed the
answer is to be asked again, whatever else changed it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from egide.clausier.model import Clausier, Moment, Point, Theme
from egide.message import Message, Text, message


class Change(StrEnum):
    """What became of a point."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    MOVED = "moved"


HEADS: Mapping[Change, Message] = {
    Change.ADDED: message("Points ajoutés"),
    Change.CHANGED: message("Points modifiés"),
    Change.RENAMED: message("Points renommés"),
    Change.MOVED: message("Points changés de thème"),
    Change.REMOVED: message("Points supprimés"),
}
"""What to call the points of each change, in the order in which they are told."""
SHOWN = frozenset({"weight", "award_use", "if_blank", "na_allowed", "expects", "thresholds", "theme", "id", "wording"})
"""The fields whose two values are worth showing; the others are too long, or say no more than their name."""


@dataclass(frozen=True)
class FieldChange:
    """One field of a point that differs, and why it calls the answer back or leaves it standing."""

    field: str
    title: Text
    asks_again: bool
    reason: Message
    old: object = None
    new: object = None


@dataclass(frozen=True)
class PointChange:
    """What became of one point; `before` is its identifier in the old version when it had another, else its own."""

    point: str
    change: Change
    before: str
    title: Text
    fields: tuple[FieldChange, ...] = ()

    @property
    def asks_again(self) -> bool:
        """Whether an answer to this point must be asked: the point is new, or the answer no longer holds."""
        return self.change is Change.ADDED or any(each.asks_again for each in self.fields)

    @property
    def reasons(self) -> tuple[Message, ...]:
        """Return why the answer is asked again, or why it stands."""
        if self.change is Change.ADDED:
            return (message("point nouveau : aucune réponse n'existe"),)
        if self.change is Change.REMOVED:
            return (message("point supprimé : la réponse ne sert plus"),)
        return tuple(each.reason for each in self.fields if each.asks_again == self.asks_again)


@dataclass(frozen=True)
class ThemeChange:
    """A theme added, removed, or whose identifier or title changed; `before` None is a new one, `after` a gone one."""

    before: Theme | None
    after: Theme | None


@dataclass(frozen=True)
class Difference:
    """All that differs between two clausiers, in the order of the new one, then what is gone."""

    old: Clausier
    new: Clausier
    points: tuple[PointChange, ...]
    themes: tuple[ThemeChange, ...]

    def of(self, change: Change) -> tuple[PointChange, ...]:
        """Return the points with this change."""
        return tuple(each for each in self.points if each.change is change)

    @cached_property
    def asked_again(self) -> tuple[PointChange, ...]:
        """Return the points whose answer must be asked, for the first time or again."""
        return tuple(each for each in self.points if each.asks_again)

    @cached_property
    def standing(self) -> tuple[str, ...]:
        """Return the points of the new version whose answer, given to the old one, still holds."""
        asked = {each.point for each in self.asked_again}
        return tuple(point for point in self.new.points if point not in asked)


# -------------------------------------------------------------------------------------------------------------- fields
def _with_bid(point: Point) -> object:
    return [(proof.kind, point.say(proof.what)) for proof in point.proofs if proof.when is Moment.WITH_BID]


def _later_proofs(point: Point) -> object:
    others = [proof for proof in point.proofs if proof.when is not Moment.WITH_BID]
    english = [proof.what.en for proof in point.proofs]
    return others, english, [proof.checked_by for proof in point.proofs]


def _levels(point: Point) -> object:
    return [(level.code, level.value, point.say(level.text)) for level in point.levels]


def _thresholds(point: Point) -> object:
    return {name: parameter.default for name, parameter in point.parameters.items()}


def _about_thresholds(point: Point) -> object:
    return {name: (each.unit, each.set_by, each.source, each.egide_default) for name, each in point.parameters.items()}


@dataclass(frozen=True)
class _Field:
    name: str
    title: Text
    value: Callable[[Point], object]
    asks_again: bool
    reason: Message


def _attribute(name: str) -> Callable[[Point], object]:
    return lambda point: getattr(point, name)


FIELDS: tuple[_Field, ...] = (
    _Field(
        "wording", Text("rédaction", "wording"), lambda point: " ".join(point.wording().split()), asks_again=True,
        reason=message("la rédaction, seuils compris, n'est plus celle à laquelle il a été répondu"),
    ),
    _Field(
        "thresholds", Text("seuils", "thresholds"), _thresholds, asks_again=False,
        reason=message("un seuil change : la rédaction qui le porte dit si la réponse tient"),
    ),
    _Field(
        "expects", Text("réponse attendue", "expected answer"), _attribute("expects"), asks_again=True,
        reason=message("ce qu'une bonne réponse doit contenir a changé"),
    ),
    _Field(
        "levels", Text("niveaux", "levels"), _levels, asks_again=True,
        reason=message("les niveaux attendus ont changé"),
    ),
    _Field(
        "proofs_with_bid", Text("preuves avec l'offre", "proofs with the bid"), _with_bid, asks_again=True,
        reason=message("les preuves à joindre à l'offre ont changé"),
    ),
    _Field(
        "na_allowed", Text("« sans objet » admis", "“not applicable” allowed"), _attribute("na_allowed"), asks_again=False,
        reason=message("seule une réponse « sans objet » est à revoir"),
    ),
    _Field(
        "if_blank", Text("sans réponse", "if blank"), _attribute("if_blank"), asks_again=False,
        reason=message("ne touche que les points laissés sans réponse"),
    ),
    _Field(
        "award_use", Text("usage", "use"), _attribute("award_use"), asks_again=False,
        reason=message("l'usage pour le classement change, pas la question"),
    ),
    _Field(
        "weight", Text("poids", "weight"), _attribute("weight"), asks_again=False,
        reason=message("le poids change, pas la question"),
    ),
    _Field(
        "later_proofs", Text("autres preuves", "other proofs"), _later_proofs, asks_again=False,
        reason=message("ces preuves ne sont pas demandées avec l'offre"),
    ),
    _Field(
        "binding", Text("suivi du contrat", "contract follow-up"), _attribute("binding"), asks_again=False,
        reason=message("le suivi du contrat ne change pas la question"),
    ),
    _Field(
        "english", Text("texte anglais", "English text"),
        lambda point: (point.wording("en"), [point.say(level.text, "en") for level in point.levels]), asks_again=False,
        reason=message("seul le texte français engage"),
    ),
    _Field(
        "title", Text("intitulé", "title"), _attribute("title"), asks_again=False,
        reason=message("l'intitulé change, pas la question"),
    ),
    _Field(
        "facets", Text("achats concernés", "purchases concerned"),
        lambda point: (point.facets, point.level), asks_again=False,
        reason=message("les achats concernés changent, pas la question"),
    ),
    _Field(
        "about_thresholds", Text("sources des seuils", "sources of thresholds"), _about_thresholds, asks_again=False,
        reason=message("la valeur des seuils ne dépend pas de leur source"),
    ),
    _Field(
        "family", Text("famille de mesures", "safeguard family"),
        lambda point: (point.family, point.measure, point.objects, point.responsible, point.extra), asks_again=False,
        reason=message("le classement du point change, pas la question"),
    ),
    _Field(
        "references", Text("références", "references"), lambda point: (point.references, point.xref), asks_again=False,
        reason=message("les références ne changent pas ce qui est demandé"),
    ),
    _Field(
        "explanations", Text("explications", "explanations"), lambda point: (point.why, point.how_to_prove), asks_again=False,
        reason=message("les explications ne sont pas la question"),
    ),
)  # fmt: skip
"""Every field of a point, in the order in which a reader cares, and what its change does to an answer."""


def _changes(old: Point, new: Point) -> tuple[FieldChange, ...]:
    pairs = ((each, each.value(old), each.value(new)) for each in FIELDS)
    found = tuple(
        FieldChange(each.name, each.title, each.asks_again, each.reason, before, after)
        for each, before, after in pairs
        if before != after
    )
    if found or replace(old, id=new.id) == new:
        return found
    reason = message("les mots sont les mêmes")
    return (FieldChange("layout", Text("mise en page", "layout"), asks_again=False, reason=reason),)


# ---------------------------------------------------------------------------------------------------------- clausiers
def difference(old: Clausier, new: Clausier) -> Difference:
    """Return what differs from `old` to `new`; a clausier compared with itself gives nothing."""
    renamed = _renamed(old, new)
    themes = _themes(old, new)
    followed = {each.before.id: each.after.id for each in themes if each.before and each.after}
    points: list[PointChange] = []
    for name, point in new.points.items():
        before = renamed.get(name, name)
        if before not in old.points:
            points.append(PointChange(name, Change.ADDED, name, point.title))
            continue
        fields = _changes(old.points[before], point)
        theme = old.theme_of[before].id
        if followed.get(theme, theme) != new.theme_of[name].id:
            fields += (_moved(old.theme_of[before], new.theme_of[name]),)
        if before != name:
            points.append(PointChange(name, Change.RENAMED, before, point.title, (_new_name(before, name), *fields)))
        elif fields:
            change = Change.MOVED if all(each.field == "theme" for each in fields) else Change.CHANGED
            points.append(PointChange(name, change, name, point.title, fields))
    known = set(new.points) | set(renamed.values())
    points += [
        PointChange(name, Change.REMOVED, name, point.title) for name, point in old.points.items() if name not in known
    ]
    return Difference(old, new, tuple(points), themes)


def _moved(before: Theme, after: Theme) -> FieldChange:
    reason = message("le point change de thème, pas de question")
    return FieldChange("theme", Text("thème", "theme"), asks_again=False, reason=reason, old=before.id, new=after.id)


def _new_name(before: str, after: str) -> FieldChange:
    reason = message("même rédaction sous un autre identifiant : rattacher la réponse")
    return FieldChange("id", Text("identifiant", "identifier"), asks_again=False, reason=reason, old=before, new=after)


def _renamed(old: Clausier, new: Clausier) -> Mapping[str, str]:
    """Return, by new identifier, the old one of each point that kept its wording, when no other point has it."""
    gone = _by_wording(old, new)
    come = _by_wording(new, old)
    return {
        names[0]: gone[wording][0]
        for wording, names in come.items()
        if len(names) == 1 and len(gone.get(wording, ())) == 1
    }


def _by_wording(clausier: Clausier, other: Clausier) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, point in clausier.points.items():
        if name not in other.points and point.wording().strip():
            found.setdefault(point.wording_digest, []).append(name)
    return found


def _themes(old: Clausier, new: Clausier) -> tuple[ThemeChange, ...]:
    """Return the themes that differ; one with a new identifier is the old one of the same title."""
    before = {theme.id: theme for theme in old.themes}
    after = {theme.id: theme for theme in new.themes}
    free = {theme.title: theme for theme in old.themes if theme.id not in after and theme.title != Text()}
    changes = []
    for theme in new.themes:
        same = before.get(theme.id) or free.pop(theme.title, None)
        if same is None or (same.id, same.title, same.readers) != (theme.id, theme.title, theme.readers):
            changes.append(ThemeChange(same, theme))
    found = {each.before.id for each in changes if each.before}
    changes += [ThemeChange(theme, None) for theme in old.themes if theme.id not in after and theme.id not in found]
    return tuple(changes)
