"""Another's OSCAL catalog as a clausier: what has a place is kept, what has none is counted, nothing is guessed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from egide import plain
from egide.clausier.model import Clausier, Moment, Parameter, Point, Proof, ProofKind, Reference, Theme
from egide.exchange.clausiers.foreign import Report, clean, reused
from egide.exchange.clausiers.oscal import INSERT, MODELS, is_ours, maps, read
from egide.finding import Severity
from egide.message import Text, message

MOST_DEPTH = 20
"""Groups, controls or parts nested deeper than this are left out, and said."""
MOST_NAMED = 20
_METHODS = {"test": ProofKind.TEST, "interview": ProofKind.DECLARATION, "examine": ProofKind.DOCUMENT}
_GUIDANCE = ("guidance", "overview")
_OBJECTIVES = ("assessment-objective", "objective")
_CHECK = message("Fixer la valeur du seuil dans le clausier avant de le publier.")
_Json = Mapping[str, Any]


def from_oscal(data: _Json, report: Report) -> Clausier:
    """Return the clausier of an OSCAL document, ours or another's. Raises DataError when it holds no control."""
    catalog = data.get("catalog")
    if not isinstance(catalog, dict):
        model = next(each for each in MODELS if each in data)
        understood = message("un document OSCAL « {model} » ne contient pas les exigences elles-mêmes", model=model)
        remedy = message("Donner le catalogue (catalog) ou le profil résolu en catalogue.")
        raise plain.refusal("oscal.model", report.file, model, understood, model, remedy)
    return read(catalog, report) if is_ours(catalog) else _Reader(catalog, report).clausier()


@dataclass
class _Reader:
    catalog: _Json
    report: Report
    places: list[tuple[str, str]] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    textless: list[str] = field(default_factory=list)
    too_deep: list[str] = field(default_factory=list)
    nested: int = 0

    def clausier(self) -> Clausier:
        metadata = self.catalog.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        back = self.catalog.get("back-matter")
        self.resources = {
            clean(each.get("uuid")): each for each in maps(back.get("resources") if isinstance(back, dict) else None)
        }
        title = Text(en=clean(metadata.get("title"))) if clean(metadata.get("title")) else Text(fr=self.report.file)
        params = self._params(self.catalog, {})
        themes = [*self._themes(self.catalog, "catalog", title.en or title.fr, "", params, 0)]
        if not any(theme.points for theme in themes):
            raise plain.refusal("framework.empty", self.report.file, "catalog", message("ce référentiel n'a aucune exigence"))  # fmt: skip
        reused(self.places, self.report)
        self._conclude()
        return Clausier(
            clean(self.catalog.get("id")) or clean(self.catalog.get("uuid")) or self.report.file,
            clean(metadata.get("version")) or "1",
            title,
            tuple(_merged(themes)),
            published=_day(metadata.get("published") or metadata.get("last-modified")),
            source=f"OSCAL {clean(metadata.get('oscal-version'))}".strip(),
        )

    # ---------------------------------------------------------------------------------------------------------- tree
    def _themes(self, holder: _Json, place: str, title: str, identifier: str, params: dict[str, _Json], depth: int) -> Iterator[Theme]:  # fmt: skip
        """Yield a theme for each group that holds controls itself, its title preceded by those of its parents."""
        points = tuple(self._points(holder, place, params, depth))
        if points:
            yield Theme(identifier or "T0", Text(en=title), points)
        for number, group in enumerate(maps(holder.get("groups"))):
            here = f"{place}.groups[{number}]"
            if depth >= MOST_DEPTH:
                self.too_deep.append(here)
                continue
            named = clean(group.get("title")) or clean(group.get("id"))
            whole = f"{title} · {named}" if identifier else named
            for part in maps(group.get("parts")):
                self._leave(part)
            yield from self._themes(
                group, here, whole, clean(group.get("id")) or f"{identifier}.{number + 1}".strip("."), self._params(group, params), depth + 1
            )  # fmt: skip

    def _points(self, holder: _Json, place: str, params: dict[str, _Json], depth: int) -> Iterator[Point]:
        for number, control in enumerate(maps(holder.get("controls"))):
            here = f"{place}.controls[{number}]"
            if depth >= MOST_DEPTH:
                self.too_deep.append(here)
                continue
            known = self._params(control, params)
            if any(clean(each.get("value")).lower() == "withdrawn" for each in _named(control, "status")):
                self.report.leave(message("exigences retirées par leur auteur"))
            else:
                yield self._point(control, here, known)
            inner = list(self._points(control, here, known, depth + 1))
            self.nested += len(inner)
            yield from inner

    def _params(self, holder: _Json, outer: dict[str, _Json]) -> dict[str, _Json]:
        own = {clean(each.get("id")): each for each in maps(holder.get("params"))}
        return {**outer, **own} if own else outer

    # --------------------------------------------------------------------------------------------------------- point
    def _point(self, control: _Json, place: str, params: dict[str, _Json]) -> Point:
        identifier = clean(control.get("id")) or place
        self.places.append((identifier, place))
        used: dict[str, Parameter] = {}
        said: dict[str, list[str]] = {"statement": [], "guidance": [], "objective": []}
        proofs: list[Proof] = []
        for part in maps(control.get("parts")):
            name = clean(part.get("name"))
            if name == "statement":
                said["statement"] += self._lines(part, params, used, place)
            elif name in _GUIDANCE:
                said["guidance"] += self._lines(part, params, used, place)
            elif name in _OBJECTIVES:
                said["objective"] += self._lines(part, params, used, place)
            elif name in {"assessment-method", "assessment"}:
                proofs += self._proof(part, params, used, place)
            else:
                self._leave(part)
        title = clean(control.get("title"))
        statement = "\n".join(said["statement"])
        if not statement:
            self.textless.append(identifier)
        labels = [clean(each.get("value")) for each in _named(control, "label")]
        return Point(
            identifier,
            Text(en=statement or title),
            Text(en=title),
            tuple(dict.fromkeys(each for each in labels if each and each != identifier)),
            parameters=used,
            proofs=tuple(proofs),
            references=tuple(self._references(control)),
            why=Text(en="\n".join(said["guidance"])),
            how_to_prove=Text(en="\n".join(said["objective"])),
        )

    def _lines(self, part: _Json, params: dict[str, _Json], used: dict[str, Parameter], place: str, depth: int = 0) -> list[str]:  # fmt: skip
        """Return the prose of a part and of the parts in it, each item after its label."""
        if depth >= MOST_DEPTH:
            self.too_deep.append(place)
            return []
        label = next((clean(each.get("value")) for each in _named(part, "label")), "")
        prose = self._inserted(clean(part.get("prose")), params, used)
        lines = [f"{label} {prose}".strip()] if prose else []
        for inner in maps(part.get("parts")):
            lines += self._lines(inner, params, used, place, depth + 1)
        return lines

    def _proof(self, part: _Json, params: dict[str, _Json], used: dict[str, Parameter], place: str) -> Iterator[Proof]:
        method = next((clean(each.get("value")).lower() for each in _named(part, "method")), "")
        for what in self._lines(part, params, used, place):
            yield Proof(_METHODS.get(method, ProofKind.DOCUMENT), Moment.WITH_BID, Text(en=what))

    def _inserted(self, prose: str, params: dict[str, _Json], used: dict[str, Parameter]) -> str:
        def name(found: re.Match[str]) -> str:
            identifier = found[1]
            if identifier not in params:
                self.unset.append(identifier)
                return f"[{identifier}]"
            key = "p_" + re.sub(r"[^a-z0-9]+", "_", identifier.lower()).strip("_")
            used.setdefault(key, self._parameter(identifier, params))
            return f"{{{key}}}"

        return INSERT.sub(name, prose)

    def _parameter(self, identifier: str, params: dict[str, _Json]) -> Parameter:
        param = params[identifier]
        values = param.get("values")
        given = [clean(each) for each in values if clean(each)] if isinstance(values, list) else []
        if not given:
            self.unset.append(identifier)
        return Parameter(", ".join(given) or f"[{_awaited(param, params)}]", source=f"OSCAL {identifier}")

    def _references(self, control: _Json) -> Iterator[Reference]:
        for link in maps(control.get("links")):
            resource = self.resources.get(clean(link.get("href")).removeprefix("#"))
            if resource is None or clean(link.get("rel")) not in {"reference", "citation"}:
                self.report.leave(message("liens d'une exigence"))
                continue
            citation = resource.get("citation")
            text = clean(citation.get("text")) if isinstance(citation, dict) else ""
            yield Reference(text or clean(resource.get("title")) or clean(link.get("text")), to_check=True)

    # ------------------------------------------------------------------------------------------------------- findings
    def _leave(self, part: _Json) -> None:
        self.report.leave(message("parties « {name} »", name=clean(part.get("name")) or "?"))

    def _conclude(self) -> None:
        if self.unset:
            names = tuple(dict.fromkeys(self.unset))
            self.report.say(
                "oscal.parameter",
                Severity.DOUBT,
                message("{count} seuils sans valeur dans ce catalogue : {names}", count=len(names), names=_some(names)),
                _CHECK,
                "catalog",
                read=names[0],
            )
        if self.textless:
            names = tuple(self.textless)
            self.report.say(
                "oscal.no_statement",
                Severity.DOUBT,
                message("{count} exigences sans énoncé, leur titre en tient lieu : {names}", count=len(names), names=_some(names)),
                message("Rédiger l'exigence avant de la publier."),
                "catalog",
                read=names[0],
            )  # fmt: skip
        if self.too_deep:
            self.report.say(
                "oscal.depth",
                Severity.DOUBT,
                message("plus de {most} niveaux imbriqués : ce qui est plus bas n'a pas été lu", most=MOST_DEPTH),
                message("Remonter ces exigences dans le fichier, puis recommencer."),
                self.too_deep[0],
            )
        if self.nested:
            self.report.say(
                "oscal.nested",
                Severity.NOTE,
                message("{count} exigences imbriquées dans une autre deviennent des points à part entière", count=self.nested),
                message("Vérifier qu'elles se lisent seules."),
                "catalog",
            )  # fmt: skip


def _named(data: _Json, name: str) -> list[_Json]:
    return [each for each in maps(data.get("props")) if each.get("name") == name]


def _awaited(param: _Json, params: Mapping[str, _Json]) -> str:
    """Return what a parameter without value asks for: its label or its choices, inner parameters by their labels."""
    select = param.get("select")
    choice = select.get("choice") if isinstance(select, dict) else None
    asked = " | ".join(clean(each) for each in choice if clean(each)) if isinstance(choice, list) else ""

    def label(found: re.Match[str]) -> str:
        return clean(params.get(found[1], {}).get("label")) or found[1]

    return INSERT.sub(label, asked or clean(param.get("label")) or clean(param.get("id")))


def _merged(themes: list[Theme]) -> Iterator[Theme]:
    """Yield the themes, those of one identifier joined."""
    joined: dict[str, Theme] = {}
    for theme in themes:
        before = joined.get(theme.id)
        joined[theme.id] = Theme(theme.id, before.title, (*before.points, *theme.points)) if before else theme
    yield from joined.values()


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(clean(value)[:10])
    except ValueError:
        return None


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(names) <= MOST_NAMED else (*names[:MOST_NAMED], "…")
