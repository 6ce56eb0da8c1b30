"""A clausier as an OSCAL catalog (JSON, 1.1), out and back: what is ours comes back identical.

OSCAL has one language and few kinds of data: English, and what it has no word for, travel in parts and properties of
our own namespace. Another's catalog is read by `oscal_foreign`.
"""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from egide import plain
from egide.clausier.model import PLACE, Clausier, Parameter, Point, Reference, Theme
from egide.exchange.clausiers.foreign import Report, reused, unique
from egide.finding import Severity
from egide.message import Text, message

VERSION = "1.1.2"
NAMESPACE = "urn:egide:oscal:1"
MODELS = (
    "profile", "mapping-collection", "component-definition", "system-security-plan", "assessment-plan",
    "assessment-results", "plan-of-action-and-milestones",
)  # fmt: skip
INSERT = re.compile(r"\{\{\s*(?:insert:\s*)?param(?:,|:)?\s*([^\s{}]+)\s*\}\}")
_LINE = re.compile(r"\S(.*\S)?")
_NOT_TOKEN = re.compile(r"[^\w.\-]+")
_Json = dict[str, Any]


def is_oscal(data: object) -> bool:
    """Tell whether plain data is a document of OSCAL, a catalog or another model."""
    if not isinstance(data, dict):
        return False
    return any(isinstance(data.get(model), dict) and "metadata" in data[model] for model in ("catalog", *MODELS))


def is_ours(catalog: Mapping[str, Any]) -> bool:
    """Tell whether a catalog was written by `as_oscal`."""
    return bool(_props(catalog.get("metadata"), "clausier"))


# ----------------------------------------------------------------------------------------------------------------- out
def as_oscal(clausier: Clausier) -> str:
    """Return the clausier as the JSON text of an OSCAL catalog; the same clausier gives the same bytes."""
    return json.dumps({"catalog": _Writer(clausier).catalog()}, ensure_ascii=False, indent=1) + "\n"


class _Writer:
    def __init__(self, clausier: Clausier) -> None:
        self.clausier = clausier
        self.seed = uuid.uuid5(uuid.NAMESPACE_URL, f"{NAMESPACE}:{clausier.digest}")
        self.resources: dict[Reference, str] = {}
        self.tokens: set[str] = set()

    def catalog(self) -> _Json:
        clausier = self.clausier
        instant = f"{clausier.published or date(1970, 1, 1)}T00:00:00+00:00"
        title, named = _titled(clausier.title, clausier.id)
        props = [_prop("clausier", clausier.id), _prop("format", str(clausier.format)), *named]
        props += [_prop("version", clausier.version)] if not _LINE.fullmatch(clausier.version) else []
        props += [_prop(name, value) for name in ("licence", "source") if (value := getattr(clausier, name))]
        metadata: _Json = {"title": title}
        if clausier.published:
            metadata["published"] = instant
        metadata |= {
            "last-modified": instant,
            "version": clausier.version if _LINE.fullmatch(clausier.version) else "1",
            "oscal-version": VERSION,
            "props": props,
        }
        made: _Json = {"uuid": str(self.seed), "metadata": metadata}
        if groups := [self._group(theme) for theme in clausier.themes]:
            made["groups"] = groups
        if self.resources:
            made["back-matter"] = {"resources": [_resource(each, name) for each, name in self.resources.items()]}
        return made

    def _token(self, wanted: str) -> str:
        """Return an identifier that OSCAL accepts and that nothing else bears."""
        token = _NOT_TOKEN.sub("-", wanted).strip("-.") or "x"
        return unique(token if token[0].isalpha() or token[0] == "_" else f"_{token}", self.tokens)

    def _group(self, theme: Theme) -> _Json:
        title, named = _titled(theme.title, theme.id)
        made: _Json = {"id": self._token(theme.id), "class": "theme", "title": title}
        made["props"] = [_label(theme.id), *named, *(_prop("reader", reader) for reader in theme.readers)]
        if theme.points:
            made["controls"] = [self._control(point) for point in theme.points]
        return made

    def _control(self, point: Point) -> _Json:
        token = self._token(point.id)
        title, named = _titled(point.title, point.id)
        inserts = {name: self._token(f"{token}_{name}") for name in point.parameters}
        made: _Json = {"id": token, "class": "point", "title": title}
        if point.parameters:
            made["params"] = [_param(inserts[name], name, each) for name, each in point.parameters.items()]
        made["props"] = [_label(point.id), *named, *_facts(point)]
        if point.references:
            made["links"] = [{"href": f"#{self._reference(each)}", "rel": "reference"} for each in point.references]
        if parts := list(self._parts(point, token, inserts)):
            made["parts"] = parts
        return made

    def _parts(self, point: Point, token: str, inserts: Mapping[str, str]) -> Iterator[_Json]:
        def part(suffix: str, name: str, text: Text, **more: Any) -> _Json:
            return {"id": self._token(f"{token}_{suffix}"), "name": name, **more, **_said(text, inserts)}

        for suffix, name, text, kind in (
            ("smt", "statement", point.text, {}),
            ("gdn", "guidance", point.why, {"class": "why"}),
            ("prove", "guidance", point.how_to_prove, {"class": "how-to-prove"}),
        ):
            if text != Text():
                yield part(suffix, name, text, **kind)
        for number, level in enumerate(point.levels, 1):
            facts = [_prop("code", level.code)] + ([] if level.value is None else [_prop("value", str(level.value))])
            yield part(f"level.{number}", "assessment-objective", level.text, **{"class": "level"}, props=facts)
        for number, proof in enumerate(point.proofs, 1):
            facts = [_prop("kind", proof.kind.value), _prop("when", proof.when.value)]
            facts += [_prop("checked_by", role) for role in proof.checked_by]
            yield part(f"proof.{number}", "assessment-objective", proof.what, **{"class": "proof"}, props=facts)
        if point.binding is not None:
            yield part("binding", "binding", Text(), ns=NAMESPACE)
            yield part("follow-up", "follow-up", point.binding.follow_up, ns=NAMESPACE)
            yield part("penalty-hint", "penalty-hint", point.binding.penalty_hint, ns=NAMESPACE)

    def _reference(self, reference: Reference) -> str:
        return self.resources.setdefault(reference, str(uuid.uuid5(self.seed, plain.digest(reference))))


def _prop(name: str, value: str) -> _Json:
    """Return a property; a value that OSCAL would refuse (lines, blanks at the ends, nothing) is written as JSON."""
    if _LINE.fullmatch(value) and value[0] not in '"{[':
        return {"name": name, "ns": NAMESPACE, "value": value}
    return {"name": name, "ns": NAMESPACE, "value": json.dumps(value, ensure_ascii=False), "class": "json"}


def _label(identifier: str) -> _Json:
    return {"name": "label", "value": identifier} if _LINE.fullmatch(identifier) else _prop("label", identifier)


def _titled(text: Text, otherwise: str) -> tuple[str, list[_Json]]:
    """Return the title that OSCAL requires, and the properties that keep both languages exactly."""
    title = text.fr or text.en or otherwise
    props = [] if title == text.fr else [_prop("title-fr", text.fr)]
    return title, props + ([_prop("title-en", text.en)] if text.en else [])


def _facts(point: Point) -> Iterator[_Json]:
    for name in ("award_use", "if_blank", "level", "expects", "responsible"):
        yield _prop(name, getattr(point, name).value)
    yield _prop("weight", str(point.weight))
    for name in ("na_allowed", "extra"):
        yield _prop(name, "true" if getattr(point, name) else "false")
    for name in ("family", "measure"):
        if value := getattr(point, name):
            yield _prop(name, value)
    for name, values in (("xref", point.xref), ("object", point.objects)):
        yield from (_prop(name, value) for value in values)
    for facets in point.facets:
        written = json.dumps(plain.unstructure(facets), ensure_ascii=False, separators=(",", ":"))
        yield {"name": "facets", "ns": NAMESPACE, "value": written, "class": "json"}
    yield _prop("digest", point.wording_digest)


def _param(identifier: str, name: str, parameter: Parameter) -> _Json:
    props = [_prop("name", name)]
    kept = {
        "unit-fr": parameter.unit.fr,
        "unit-en": parameter.unit.en,
        "set_by": parameter.set_by,
        "source": parameter.source,
    }
    props += [_prop(key, value) for key, value in kept.items() if value]
    props += [_prop("egide_default", "true")] if parameter.egide_default else []
    made: _Json = {"id": identifier, "label": name}
    values = [parameter.default] if _LINE.fullmatch(parameter.default) else []
    if not values:
        props.append(_prop("default", parameter.default))
    made["props"] = props
    if unit := parameter.unit.fr or parameter.unit.en:
        made["constraints"] = [{"description": unit}]
    return made | ({"values": values} if values else {})


def _said(text: Text, inserts: Mapping[str, str]) -> _Json:
    """Return the prose of a part: French, and English as a part of its own within it."""
    made: _Json = {"prose": _inserted(text.fr, inserts)} if text.fr else {}
    if text.en:
        english = {"name": "translation", "ns": NAMESPACE, "props": [_prop("lang", "en")]}
        made["parts"] = [english | {"prose": _inserted(text.en, inserts)}]
    return made


def _inserted(text: str, inserts: Mapping[str, str]) -> str:
    """Write {name} as OSCAL inserts a parameter, for the parameters that the point has."""
    return PLACE.sub(lambda found: f"{{{{ insert: param, {inserts[found[1]]} }}}}" if found[1] in inserts else found[0], text)  # fmt: skip


def _resource(reference: Reference, name: str) -> _Json:
    props = [_prop("article", reference.article)] if reference.article else []
    props += [_prop("seen", reference.seen.isoformat())] if reference.seen else []
    props += [_prop("to_check", "true")] if reference.to_check else []
    props += [_prop("note", reference.note)] if reference.note else []
    if not _LINE.fullmatch(reference.text):
        props.append(_prop("text", reference.text))
    made: _Json = {"uuid": name, "title": reference.text} if reference.text else {"uuid": name}
    return made | ({"props": props} if props else {})


# ---------------------------------------------------------------------------------------------------------------- back
def read(catalog: Mapping[str, Any], report: Report) -> Clausier:
    """Return the clausier that `as_oscal` wrote. Raises DataError naming each value that does not fit."""
    metadata = catalog["metadata"]
    published = str(metadata.get("published") or "")[:10]
    data = {
        "id": _one(metadata, "clausier"),
        "version": _one(metadata, "version", str(metadata.get("version") or "")),
        "title": _title(metadata),
        "themes": [_theme(group, catalog) for group in maps(catalog.get("groups"))],
        "format": _one(metadata, "format", "1"),
        "published": published or None,
        "licence": _one(metadata, "licence"),
        "source": _one(metadata, "source"),
    }
    clausier = plain.structure(data, Clausier, report.file)
    _check(catalog, clausier, report)
    return clausier


def maps(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list, nothing for what is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _props(data: object, name: str) -> list[str]:
    found = []
    for each in maps(data.get("props")) if isinstance(data, dict) else []:
        if each.get("name") == name and each.get("ns") == NAMESPACE:
            found.append(_value(each))
    return found


def _value(prop: Mapping[str, Any]) -> str:
    value = str(prop.get("value") or "")
    if prop.get("class") != "json":
        return value
    try:
        known = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return known if isinstance(known, str) else value


def _one(data: object, name: str, otherwise: str = "") -> str:
    return next(iter(_props(data, name)), otherwise)


def _identifier(data: Mapping[str, Any]) -> str:
    labels = [_value(each) for each in maps(data.get("props")) if each.get("name") == "label"]
    return labels[0] if labels else str(data.get("id") or "")


def _title(data: Mapping[str, Any]) -> _Json:
    return {"fr": _one(data, "title-fr", str(data.get("title") or "")), "en": _one(data, "title-en")}


def _theme(group: Mapping[str, Any], catalog: Mapping[str, Any]) -> _Json:
    resources = {str(each.get("uuid")): each for each in maps(_back(catalog).get("resources"))}
    points = [_point(control, resources) for control in maps(group.get("controls"))]
    return {"id": _identifier(group), "title": _title(group), "points": points, "readers": _props(group, "reader")}


def _back(catalog: Mapping[str, Any]) -> Mapping[str, Any]:
    back = catalog.get("back-matter")
    return back if isinstance(back, dict) else {}


def _point(control: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> _Json:
    names = {str(each.get("id")): _one(each, "name", str(each.get("id"))) for each in maps(control.get("params"))}
    parts = maps(control.get("parts"))

    def text(name: str, kind: str = "") -> _Json:
        found = (each for each in parts if each.get("name") == name and (each.get("class") or "") == kind)
        return _text(next(found, {}), names)

    data: _Json = {
        "id": _identifier(control),
        "title": _title(control),
        "text": text("statement"),
        "why": text("guidance", "why"),
        "how_to_prove": text("guidance", "how-to-prove"),
        "xref": _props(control, "xref"),
        "objects": _props(control, "object"),
        "parameters": {_one(each, "name", str(each.get("id"))): _parameter(each) for each in maps(control.get("params"))},
        "facets": [_plain(each) for each in _props(control, "facets")],
        "levels": [_level(each, names) for each in parts if each.get("class") == "level"],
        "proofs": [_proof(each, names) for each in parts if each.get("class") == "proof"],
        "references": [_reference(each, resources) for each in maps(control.get("links")) if each.get("rel") == "reference"],
    }  # fmt: skip
    for name in (
        "award_use",
        "if_blank",
        "level",
        "expects",
        "responsible",
        "weight",
        "na_allowed",
        "extra",
        "family",
        "measure",
    ):
        if found := _props(control, name):
            data[name] = found[0]
    if any(each.get("name") == "binding" for each in parts):
        data["binding"] = {"follow_up": text("follow-up"), "penalty_hint": text("penalty-hint")}
    return data


def _plain(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _text(part: Mapping[str, Any], names: Mapping[str, str]) -> _Json:
    english = next((each for each in maps(part.get("parts")) if each.get("name") == "translation"), {})
    return {"fr": _replaced(part.get("prose"), names), "en": _replaced(english.get("prose"), names)}


def _replaced(prose: object, names: Mapping[str, str]) -> str:
    return INSERT.sub(lambda found: f"{{{names[found[1]]}}}" if found[1] in names else found[0], str(prose or ""))


def _parameter(param: Mapping[str, Any]) -> _Json:
    values = param.get("values")
    first = str(values[0]) if isinstance(values, list) and values else ""
    return {
        "default": _one(param, "default", first),
        "unit": {"fr": _one(param, "unit-fr"), "en": _one(param, "unit-en")},
        "set_by": _one(param, "set_by"),
        "source": _one(param, "source"),
        "egide_default": _one(param, "egide_default", "false"),
    }


def _level(part: Mapping[str, Any], names: Mapping[str, str]) -> _Json:
    return {"code": _one(part, "code"), "value": next(iter(_props(part, "value")), None), "text": _text(part, names)}


def _proof(part: Mapping[str, Any], names: Mapping[str, str]) -> _Json:
    facts = {name: _one(part, name) for name in ("kind", "when")}
    return {**facts, "what": _text(part, names), "checked_by": _props(part, "checked_by")}


def _reference(link: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> _Json:
    resource = resources.get(str(link.get("href") or "").removeprefix("#"), {})
    return {
        "text": _one(resource, "text", str(resource.get("title") or "")),
        "article": _one(resource, "article"),
        "seen": next(iter(_props(resource, "seen")), None),
        "to_check": _one(resource, "to_check", "false"),
        "note": _one(resource, "note"),
    }


def _check(catalog: Mapping[str, Any], clausier: Clausier, report: Report) -> None:
    """Say what a hand has changed since the export: identifiers used twice, wordings that no longer fit their digest."""
    places = []
    controls = [(g, c, control) for g, group in enumerate(maps(catalog.get("groups"))) for c, control in enumerate(maps(group.get("controls")))]  # fmt: skip
    points = [point for theme in clausier.themes for point in theme.points]
    for (g, c, control), point in zip(controls, points, strict=True):
        place = f"catalog.groups[{g}].controls[{c}]"
        places.append((point.id, place))
        digest = _one(control, "digest")
        if digest and digest != point.wording_digest:
            report.say(
                "oscal.digest",
                Severity.DOUBT,
                message("la rédaction a changé depuis l'export : l'empreinte écrite ne lui correspond plus"),
                message("Vérifier la rédaction ; une réponse déjà donnée à ce point est à redemander."),
                place,
                point=point.id,
                read=digest,
            )
    if not places:
        raise plain.refusal("clausier.empty", report.file, "catalog.groups", message("ce clausier n'a aucun point"))
    reused(places, report)
