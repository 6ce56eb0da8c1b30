"""A framework in the library format of CISO Assistant: read into the native form, what has no place in it is listed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from egide import plain
from egide.clausier.model import DEFAULT_LEVELS, Clausier, Depth, Expects, Level, Point, Theme
from egide.exchange.clausiers import choices
from egide.exchange.clausiers.foreign import Report, clean, proofs, reused, unique
from egide.exchange.vocabulary import fold
from egide.finding import Severity
from egide.message import Language, Message, Text, message

LANGUAGES: tuple[Language, ...] = ("fr", "en")
TRUE = frozenset({"true", "yes", "on", "1", "x", "oui", "vrai"})
MOST_LEAD = 1_500
MOST_LEVELS = 64

OBJECTS: Mapping[str, Message] = {
    "threats": message("menaces"),
    "threat": message("menaces"),
    "reference_controls": message("mesures de référence"),
    "reference_control": message("mesures de référence"),
    "risk_matrix": message("matrices de risque"),
    "risk_matrices": message("matrices de risque"),
    "requirement_mapping_sets": message("correspondances entre référentiels"),
    "requirement_mapping_set": message("correspondances entre référentiels"),
    "metric_definitions": message("indicateurs"),
}
NODE_LISTS: Mapping[str, Message] = {
    "threats": message("liens d'une exigence vers des menaces"),
    "reference_controls": message("liens d'une exigence vers des mesures de référence"),
}
FRAMEWORK_LEFT: Mapping[str, Message] = {
    "scores_definition": message("échelle de notes du référentiel"),
    "outcomes_definition": message("définitions de résultats"),
    "visibility_rules": message("règles d'affichage"),
    "field_visibility": message("règles d'affichage"),
}
NODE_KNOWN = frozenset(
    {
        "urn",
        "parent_urn",
        "assessable",
        "depth",
        "ref_id",
        "name",
        "description",
        "annotation",
        "typical_evidence",
        "questions",
        "question",
        "implementation_groups",
        "weight",
        "importance",
        "threats",
        "reference_controls",
        "translations",
        "order_id",
        "urn_id",
    }
)
FRAMEWORK_KNOWN = frozenset(
    {
        "urn",
        "ref_id",
        "name",
        "description",
        "annotation",
        "requirement_nodes",
        "implementation_groups_definition",
        "min_score",
        "max_score",
        "translations",
        "locale",
        "provider",
        "version",
        "copyright",
        "publication_date",
    }
)
LIBRARY_KNOWN = frozenset(
    {
        "urn",
        "locale",
        "ref_id",
        "name",
        "description",
        "annotation",
        "copyright",
        "version",
        "publication_date",
        "provider",
        "packager",
        "translations",
        "objects",
        "convert_library_version",
        "framework",
        "frameworks",
        "requirement_nodes",
        "format_version",
    }
)
IMPORTANCE = {"mandatory": 3, "recommended": 2}
LADDERS: tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(low), frozenset(middle), frozenset(high))
    for low, middle, high in (
        ({"ig1"}, {"ig2"}, {"ig3"}),
        ({"essentiel", "essential level"}, {"standard"}, {"renforce", "reinforced"}),
        ({"basic"}, {"important"}, {"essential"}),
        ({"basic"}, {"substantial"}, {"high"}),
        ({"low"}, {"moderate", "medium"}, {"high"}),
        ({"faible"}, {"moyen", "modere"}, {"eleve", "fort"}),
        ({"l1", "level 1", "niveau 1"}, {"l2", "level 2", "niveau 2"}, {"l3", "level 3", "niveau 3"}),
        ({"minimal", "minimum"}, {"intermediaire", "intermediate"}, {"avance", "advanced"}),
    )
)


@dataclass(eq=False)
class Node:
    """One node of a framework, with its place in the tree."""

    data: Mapping[str, Any]
    number: int
    parent: "Node | None" = None
    children: "list[Node]" = field(default_factory=list)

    @property
    def urn(self) -> str:
        """Return the node's own identifier in its file."""
        return clean(self.data.get("urn"))

    @cached_property
    def ref(self) -> str:
        """Return what people call the node: its reference, else the end of its URN, else its rank."""
        tail = self.urn.rpartition(":")[2]
        return " ".join((clean(self.data.get("ref_id")) or tail or f"N{self.number}").split())[:120]

    @property
    def place(self) -> str:
        """Return where the node stands in its file."""
        line = getattr(self.data, "line", 0)
        return f"ligne {line}" if line else f"requirement_nodes[{self.number - 1}]"

    @property
    def assessable(self) -> bool:
        """Whether the file says that the node is a requirement."""
        return clean(self.data.get("assessable")).lower() in TRUE

    def ancestors(self) -> "Iterator[Node]":
        """Yield the parents, the nearest first."""
        node = self.parent
        for _ in range(MOST_LEVELS):
            if node is None:
                return
            yield node
            node = node.parent


def is_library(data: object) -> bool:
    """Tell whether plain data looks like a library of this format."""
    return isinstance(data, dict) and (
        "objects" in data or "requirement_nodes" in data or "framework" in data or "frameworks" in data
    )


def read(data: dict[str, Any], report: Report) -> Clausier:
    """Return the clausier of a library. Raises DataError when it holds no framework."""
    frameworks = list(_frameworks(data))
    if not frameworks:
        raise plain.refusal("framework.absent", report.file, "objects", _without(data))
    reader = _Reader(_language(data, frameworks[0], report), report)
    first = {**frameworks[0], **{key: value for key, value in data.items() if value is not None}}
    title = reader.said(first, "name") if clean(first.get("name")) else Text(fr=report.file)
    themes = [theme for framework in frameworks for theme in reader.themes({"name": title, **framework})]
    if not any(theme.points for theme in themes):
        raise plain.refusal(
            "framework.empty", report.file, "requirement_nodes", message("ce référentiel n'a aucune exigence")
        )
    reused(reader.places, report)
    _left_of_library(data, report)
    version = clean(first.get("version"))
    return Clausier(
        clean(first.get("ref_id")) or clean(first.get("urn")).rpartition(":")[2] or report.file,
        version or "1",
        title,
        tuple(themes),
        published=_day(first.get("publication_date")),
        licence=clean(first.get("copyright")),
        source=" · ".join(part for part in (clean(first.get(key)) for key in ("provider", "packager", "urn")) if part),
    )


@dataclass(frozen=True)
class Scale:
    """What a library says of answers: the questions of each requirement by its reference, and the scale of all."""

    asked: Mapping[str, tuple[choices.Question, ...]]
    scores: tuple[choices.Choice, ...]


def scale(data: dict[str, Any], file: str) -> Scale:
    """Return the questions and the scale of notes of a library, which a clausier has no place for."""
    asked: dict[str, tuple[choices.Question, ...]] = {}
    scores: list[choices.Choice] = []
    report = Report(file)
    for framework in _frameworks(data):
        reader = _Reader(_language(data, framework, report), report)
        nodes = [
            Node(each, number)
            for number, each in enumerate(framework["requirement_nodes"], 1)
            if isinstance(each, dict)
        ]
        asked |= {node.ref: tuple(choices.questions(node.data, reader.said)) for node in nodes}
        defined = framework.get("scores_definition")
        for each in defined if isinstance(defined, list) else ():
            if isinstance(each, dict):
                named = reader.said(each, "name"), reader.said(each, "description")
                text = Text(
                    *("\n".join(filter(None, (getattr(one, language) for one in named))) for language in LANGUAGES)
                )
                scores.append(choices.Choice(text, choices.score(each.get("score"))))
    return Scale(asked, tuple(scores))


def _frameworks(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    objects = data.get("objects")
    found = [found for found in (objects, data) if isinstance(found, dict)]
    for holder in found:
        for key in ("framework", "frameworks"):
            inner = holder.get(key)
            for each in inner if isinstance(inner, list) else [inner]:
                if isinstance(each, dict) and _holds_nodes(each):
                    yield each
        if _holds_nodes(holder):
            yield holder


def _holds_nodes(each: object) -> bool:
    return isinstance(each, dict) and isinstance(each.get("requirement_nodes"), list)


def _without(data: Mapping[str, Any]) -> Message:
    objects = data.get("objects")
    kinds = {key: OBJECTS.get(key, key) for key in objects} if isinstance(objects, dict) else {}
    if not kinds:
        return message("ce fichier ne contient aucun référentiel (objects.framework.requirement_nodes)")
    return message("ce fichier ne contient aucun référentiel, seulement : {kinds}", kinds=tuple(kinds.values()))


def _language(data: Mapping[str, Any], framework: Mapping[str, Any], report: Report) -> str:
    locale = clean(data.get("locale") or framework.get("locale")).lower().replace("_", "-").split("-")[0]
    if locale and locale not in LANGUAGES:
        report.say(
            "framework.language",
            Severity.DOUBT,
            message(
                "le référentiel est en « {locale} » : sans traduction, son texte tient lieu de texte français",
                locale=locale,
            ),
            message("Traduire les textes avant de les publier dans une consultation française."),
            "locale",
            read=locale,
        )
    return locale or "en"


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(clean(value)[:10])
    except ValueError:
        return None


def _left_of_library(data: Mapping[str, Any], report: Report) -> None:
    objects = data.get("objects")
    for key, value in objects.items() if isinstance(objects, dict) else ():
        if key not in {"framework", "frameworks", "requirement_nodes"}:
            report.leave(
                OBJECTS.get(key, message("« {key} »", key=key)), len(value) if isinstance(value, list | dict) else 1
            )
    for key in data:
        if key not in LIBRARY_KNOWN:
            report.leave(message("« {key} »", key=key))


class _Reader:
    """Turns nodes into themes and points; `places` keeps where each point's identifier was read."""

    def __init__(self, locale: str, report: Report) -> None:
        self.locale = locale
        self.report = report
        self.places: list[tuple[str, str]] = []
        self._themes: set[str] = set()
        self._introductions: set[int] = set()

    # ------------------------------------------------------------------------------------------------------- texts
    def said(self, data: Mapping[str, Any], key: str) -> Text:
        """Return one field in both languages."""
        translations = data.get("translations")
        other = translations if isinstance(translations, dict) else {}
        values = {
            language: clean(each.get(key))
            for language, each in ((str(name).lower()[:2], each) for name, each in other.items())
            if isinstance(each, dict)
        }
        values[self.locale] = clean(data.get(key)) or values.get(self.locale, "")
        text = Text(values.get("fr", ""), values.get("en", ""))
        return text if text.fr or text.en else Text(fr=values[self.locale])

    # -------------------------------------------------------------------------------------------------------- tree
    def themes(self, framework: Mapping[str, Any]) -> list[Theme]:
        """Return the themes of a framework, in the order of the file."""
        nodes = self._tree(framework)
        points = self._points(nodes)
        depths = self._depths(framework, points)
        tops = self._tops(nodes)
        sorted_out: dict[int, list[Point]] = {}
        for node in points:
            top = next((each for each in (node, *node.ancestors()) if each.number in tops and each.children), None)
            point = self._point(node, depths)
            sorted_out.setdefault(top.number if top else 0, []).append(point)
            self.places.append((point.id, node.place))
        self._left_of(framework, nodes)
        by_number = {node.number: node for node in nodes}
        return [self._theme(by_number.get(number), framework, tuple(kept)) for number, kept in sorted_out.items()]

    def _tree(self, framework: Mapping[str, Any]) -> list[Node]:
        given = framework["requirement_nodes"]
        nodes = [Node(each, number) for number, each in enumerate(given, 1) if isinstance(each, dict)]
        if len(nodes) < len(given):
            self._odd(
                "framework.node",
                message("{count} éléments ne sont pas des exigences lisibles", count=len(given) - len(nodes)),
            )
        by_urn = {node.urn: node for node in reversed(nodes) if node.urn}
        by_depth: dict[int, Node] = {}
        orphans = 0
        for node in nodes:
            parent = clean(node.data.get("parent_urn"))
            depth = _whole(node.data.get("depth"), 1)
            found = by_urn.get(parent) if parent else by_depth.get(depth - 1)
            orphans += bool(parent) and found is None
            node.parent = found
            by_depth = {each: kept for each, kept in by_depth.items() if each < depth} | {depth: node}
        self._cut_loops(nodes)
        for node in nodes:
            if node.parent is not None:
                node.parent.children.append(node)
        if orphans:
            self._odd(
                "framework.orphan",
                message("{count} exigences renvoient à un chapitre absent du fichier", count=orphans),
            )
        return nodes

    def _cut_loops(self, nodes: list[Node]) -> None:
        """Make a root of each node that descends from itself."""
        safe: set[int] = set()
        for start in nodes:
            path: set[int] = set()
            node: Node | None = start
            while node is not None and node.number not in safe:
                path.add(node.number)
                if node.parent is not None and node.parent.number in path:
                    node.parent = None
                    self._odd("framework.loop", message("l'exigence {ref} descend d'elle-même", ref=node.ref))
                node = node.parent
            safe |= path

    def _odd(self, code: str, understood: Message) -> None:
        self.report.say(
            code, Severity.DOUBT, understood, message("Vérifier le fichier auprès de son éditeur."), "requirement_nodes"
        )

    def _points(self, nodes: list[Node]) -> list[Node]:
        marked = [node for node in nodes if node.assessable]
        if marked or not nodes:
            return marked
        self._odd(
            "framework.assessable", message("aucun élément n'est marqué évaluable : les éléments sans enfant sont pris")
        )
        return [node for node in nodes if not node.children]

    def _tops(self, nodes: list[Node]) -> set[int]:
        """Return the nodes that make themes: the roots, or below a root that only wraps everything."""
        level = [node for node in nodes if node.parent is None]
        while (
            len(level) == 1
            and not level[0].assessable
            and all(child.children and not child.assessable for child in level[0].children)
        ):
            if not level[0].children:
                break
            level = level[0].children
        return {node.number for node in level}

    def _theme(self, node: Node | None, framework: Mapping[str, Any], points: tuple[Point, ...]) -> Theme:
        if node is None:
            name = framework["name"]
            return Theme(
                unique("T", self._themes), name if isinstance(name, Text) else self.said(framework, "name"), points
            )
        title = self.said(node.data, "name")
        if not (title.fr or title.en):
            title = _first_line(self.said(node.data, "description"))
        return Theme(unique(node.ref, self._themes), title if title.fr or title.en else Text(fr=node.ref), points)

    # ------------------------------------------------------------------------------------------------------ points
    def _point(self, node: Node, depths: Mapping[str, Depth]) -> Point:
        asked = choices.questions(node.data, self.said)
        levels = choices.levels(asked)
        text, title = self._wording(node, asked)
        expected = proofs(self.said(node.data, "typical_evidence"))
        groups = _groups(node.data)
        detail = choices.as_text(asked, with_choices=levels is None)
        self._left_of_node(node, asked, levels)
        return Point(
            node.ref,
            text,
            title,
            level=min(
                (depths[each] for each in groups if each in depths), key=list(Depth).index, default=Depth.STANDARD
            ),
            expects=Expects.DOCUMENT if expected else Expects.STATEMENT,
            levels=levels or DEFAULT_LEVELS,
            weight=self._weight(node),
            proofs=expected,
            why=self.said(node.data, "annotation"),
            how_to_prove=detail if detail != text else Text(),
        )

    def _wording(self, node: Node, asked: list[choices.Question]) -> tuple[Text, Text]:
        name = self.said(node.data, "name")
        text = self.said(node.data, "description")
        if not _both(text):
            text, name = (name, Text()) if _both(name) else (choices.as_text(asked), Text())
        if not _both(text):
            text = self.said(node.data, "annotation")
        if not _both(text):
            text = self.said(node.data, "typical_evidence")
        if not _both(text):
            self.report.say(
                "framework.text",
                Severity.DOUBT,
                message("cette exigence n'a aucun texte"),
                message("Écrire le texte, ou retirer le point."),
                node.place,
                point=node.ref,
            )
        return self._led(node, text), name if _both(name) else self._chapter(node)

    def _chapter(self, node: Node) -> Text:
        return next(
            (name for name in (self.said(each.data, "name") for each in node.ancestors()) if _both(name)), Text()
        )

    def _led(self, node: Node, text: Text) -> Text:
        """Put before the text the sentence of its chapter that it completes ("Le prestataire doit :")."""
        parent = node.parent
        lead = self.said(parent.data, "description") if parent is not None and not parent.assessable else Text()
        joined = {}
        for language in LANGUAGES:
            before, own = getattr(lead, language), getattr(text, language)
            joined[language] = f"{before}\n{own}" if own and before.endswith(":") and len(before) <= MOST_LEAD else own
        led = Text(joined["fr"], joined["en"])
        if parent is not None and _both(lead) and led == text and _both(self.said(parent.data, "name")):
            self._introductions.add(parent.number)
        return led

    def _weight(self, node: Node) -> int:
        given = max(_whole(node.data.get("weight"), 1), IMPORTANCE.get(clean(node.data.get("importance")).lower(), 1))
        if given > 3:
            self.report.leave(message("poids au-delà de 3, ramenés à 3"))
        return min(max(given, 1), 3)

    # --------------------------------------------------------------------------------------------- what is left out
    def _depths(self, framework: Mapping[str, Any], points: Iterable[Node]) -> Mapping[str, Depth]:
        """Return the level of each implementation group when the groups are the rungs of a known ladder."""
        used = {group for node in points for group in _groups(node.data)}
        defined = framework.get("implementation_groups_definition")
        names = {
            clean(each.get("ref_id")): {fold(clean(each.get("ref_id"))), fold(clean(each.get("name")))}
            for each in (defined if isinstance(defined, list) else [])
            if isinstance(each, dict)
        }
        for ladder in LADDERS:
            rungs = {
                group: next((n for n, rung in enumerate(ladder) if rung & (names.get(group) or {fold(group)})), None)
                for group in used
            }
            if len(used) > 1 and None not in rungs.values():
                return {group: list(Depth)[rung] for group, rung in rungs.items() if rung is not None}
        if used:
            self.report.leave(message("groupes de mise en œuvre (sélection par profil)"), len(used))
        return {}

    def _left_of(self, framework: Mapping[str, Any], nodes: list[Node]) -> None:
        for key, kind in FRAMEWORK_LEFT.items():
            value = framework.get(key)
            self.report.leave(kind, len(value) if isinstance(value, list | dict) else bool(clean(value)))
        for key in framework:
            if key not in FRAMEWORK_KNOWN | FRAMEWORK_LEFT.keys() | OBJECTS.keys() | LIBRARY_KNOWN:
                self.report.leave(message("« {key} »", key=key))
        self.report.leave(message("introductions de chapitre"), len(self._introductions))
        self._introductions.clear()
        alone = sum(
            not node.assessable and not node.children and bool(_both(self.said(node.data, "description")))
            for node in nodes
        )
        self.report.leave(
            message("textes sans exigence (définitions, explications)"),
            alone if any(node.assessable for node in nodes) else 0,
        )
        self._left_languages(nodes)

    def _left_languages(self, nodes: list[Node]) -> None:
        for node in nodes:
            translations = node.data.get("translations")
            for language in translations if isinstance(translations, dict) else ():
                if str(language).lower()[:2] not in LANGUAGES:
                    self.report.leave(message("textes en « {language} »", language=language))

    def _left_of_node(self, node: Node, asked: list[choices.Question], levels: tuple[Level, ...] | None) -> None:
        for key, kind in NODE_LISTS.items():
            value = node.data.get(key)
            self.report.leave(kind, len(value) if isinstance(value, list) else 0)
        self.report.leave(
            message("conditions d'affichage de questions (depends_on)"), sum(each.conditional for each in asked)
        )
        self.report.leave(message("choix qui sélectionnent un groupe"), sum(each.selects for each in asked))
        if levels is None:
            self.report.leave(
                message("barèmes de questions qui ne font pas une échelle (les questions sont gardées en texte)"),
                sum(each.scored for each in asked),
            )
        for key in node.data:
            if key not in NODE_KNOWN:
                self.report.leave(message("« {key} »", key=key))


def _both(text: Text) -> str:
    return text.fr or text.en


def _first_line(text: Text) -> Text:
    return Text(*(each.partition("\n")[0][:200] for each in (text.fr, text.en)))


def _groups(data: Mapping[str, Any]) -> list[str]:
    given = data.get("implementation_groups")
    if isinstance(given, str):
        given = [given]
    written = ",".join(clean(each) for each in given) if isinstance(given, list) else ""
    return [each.strip() for each in written.split(",") if each.strip()]


def _whole(value: object, default: int) -> int:
    text = clean(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default
