"""Any nested document of others (XML, YAML, JSON) as one tree of named branches: texts, attributes, children, places.

Nothing is resolved, fetched or obeyed: an XML declaration of type or entity is refused, YAML goes through `loose_yaml`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egide import plain
from egide.errors import DataError
from egide.exchange import grid, safety
from egide.exchange.clausiers import loose_yaml
from egide.exchange.clausiers.foreign import clean
from egide.exchange.safety import Refused
from egide.exchange.vocabulary import fold
from egide.message import message

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BRANCHES = 100_000
MAX_DEPTH = 60


@dataclass(eq=False)
class Branch:
    """A named part of a document; `tag` is folded, without its prefix; `place` says where it stands in the file."""

    tag: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Branch]" = field(default_factory=list)
    place: str = ""

    def walk(self) -> "Iterator[Branch]":
        """Yield the branch and all that hang from it, in the order of the file."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            yield branch
            waiting.extend(reversed(branch.children))


@lru_cache(4_096)
def tag_of(name: str) -> str:
    """Return a name as it is compared: folded, words parted by one blank; "scoreDefinition" has two words."""
    return " ".join(_BETWEEN.sub(" ", fold(_CAMEL.sub(" ", name))).split())


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[_\-.]+")


# ----------------------------------------------------------------------------------------------------------------- xml
_ENCODING = re.compile(rb"""^[\s\xef\xbb\xbf]*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CODECS = {"utf-8": "utf-8-sig", "us-ascii": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "iso-8859-15"}  # fmt: skip
_TYPES = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.I)


def looks_xml(data: bytes) -> bool:
    """Tell whether bytes begin as an XML document does, a page of the web not among them."""
    flat = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return flat.startswith(b"<") and not re.search(rb"<(?:!doctype\s+)?html\b", flat[:1000], re.I)


def of_xml(data: bytes, name: str) -> Branch:
    """Return the tree of an XML document. Raises Refused and DataError."""
    from lxml import etree  # noqa: PLC0415 (loaded for XML only)

    text = _decoded(data)
    if _TYPES.search(text):
        raise Refused("file.entities")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", text).encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("file.corrupt") from None
    return _grown(root, name)


def _decoded(data: bytes) -> str:
    declared = _ENCODING.match(data[:400])
    codec = _CODECS.get(declared[1].decode().lower()) if declared else None
    if codec is None:
        return grid.decoded(data)
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return grid.decoded(data)


def _grown(root: "_Element", name: str) -> Branch:
    top = _branch(root)
    waiting = [(root, top, 1)]
    count = 1
    while waiting:
        element, branch, depth = waiting.pop()
        for inner in element:
            count += 1
            if count > MAX_BRANCHES or depth > MAX_DEPTH:
                raise _too_large(name)
            child = _branch(inner)
            branch.children.append(child)
            waiting.append((inner, child, depth + 1))
    return top


def _branch(element: "_Element") -> Branch:
    said = [element.text or "", *(inner.tail or "" for inner in element)]
    attributes = {tag_of(_local(name)): clean(value) for name, value in element.attrib.items()}
    place = f"ligne {element.sourceline}" if element.sourceline else ""
    return Branch(tag_of(_local(element.tag)), clean(" ".join(filter(str.strip, said))), attributes, [], place)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


# ------------------------------------------------------------------------------------------------------- yaml and json
Known = Callable[[str], bool]


def of_data(data: Any, known: Known, name: str) -> Branch:
    """Return the tree of what YAML or JSON says; a key that is not `known` among its like names a thing of its parent.

    A list becomes branches of one name; a mapping whose keys are all unknown (`Q1: ..., Q2: ...`) too, each with its key
    as its identifier. Raises DataError.
    """
    top = Branch("document")
    _hang(top, data, _Given(known, name), "", 0)
    return top


@dataclass
class _Given:
    """What hanging a document needs to know: which keys are known, the name of the file, how much hangs already."""

    known: Known
    name: str
    count: int = 0


def _hang(branch: Branch, data: Any, given: _Given, path: str, depth: int) -> None:
    given.count += 1
    if depth > MAX_DEPTH or given.count > MAX_BRANCHES:
        raise _too_large(given.name)
    line = getattr(data, "line", 0)
    branch.place = f"ligne {line}" if line else path
    if isinstance(data, dict):
        for key, value in data.items():
            for name, inner, where in _items(str(key), value, given.known, f"{path}.{key}".strip(".")):
                child = Branch(tag_of(str(key)), attributes={"id": name} if name else {})
                _hang(child, inner, given, where, depth + 1)
                branch.children.append(child)
    elif isinstance(data, list):
        for number, inner in enumerate(data):
            child = Branch(branch.tag)
            _hang(child, inner, given, f"{path}[{number}]", depth + 1)
            branch.children.append(child)
    else:
        branch.text = clean(data)


def _items(key: str, value: Any, known: Known, path: str) -> Iterator[tuple[str, Any, str]]:
    if isinstance(value, list) and value:
        yield from (("", each, f"{path}[{number}]") for number, each in enumerate(value))
    elif isinstance(value, dict) and value and known(tag_of(key)) and not any(known(tag_of(str(each))) for each in value):  # fmt: skip
        yield from ((str(name), each, f"{path}.{name}") for name, each in value.items())
    else:
        yield "", value, path


# ---------------------------------------------------------------------------------------------------------------- files
def data_of(path: Path, name: str) -> Any:
    """Return what a file of YAML or JSON says, None for another kind of file. Raises Refused and DataError."""
    content = safety.load(path, name)
    if content.kind is safety.Kind.JSON:
        return plain.parse_json(grid.decoded(content.data), name)
    if content.kind is not safety.Kind.TEXT:
        return None
    named = Path(name).suffix.lower() in {".yaml", ".yml"}
    try:
        data = loose_yaml.parse(grid.decoded(content.data), name).data
    except DataError:
        if named:
            raise
        return None
    if named and not isinstance(data, dict | list):
        said = message("ce fichier YAML ne contient ni clés ni liste")
        raise plain.refusal("yaml.refused", name, "", said)
    return data if isinstance(data, dict | list) else None


def _too_large(name: str) -> DataError:
    said = message("plus de {most} éléments, ou plus de {deep} imbrications : le fichier n'est pas lu", most=MAX_BRANCHES, deep=MAX_DEPTH)  # fmt: skip
    return plain.refusal("tree.size", name, "", said, remedy=message("Découper la grille en plusieurs fichiers."))
