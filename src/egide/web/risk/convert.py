"""A kept study into the value that the core computes with, and back; a value is read once for each content.

A row holds the plain data of the file as it was written, every scalar a text: a person finds again what was written.
"""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from egide import plain
from egide.exchange.loss_file import programmes
from egide.exchange.loss_file import study as loss_file
from egide.exchange.loss_file.node import NUMBER
from egide.exchange.loss_file.programmes import Option
from egide.exchange.loss_file.study import Read, Study
from egide.finding import Finding
from egide.web.risk import models

KEPT = 16
"""Studies whose values are kept in memory: pages ask for the same ones again and again."""
NAME = "etude.yaml"
INSURED = ("programme", "programmes", "alternatives")
"""The keys of a file that say how one is insured."""
_kept: dict[str, Read] = {}


def value(row: models.Study) -> Study:
    """Return the study that a row holds. Raises DataError when this version can no longer read it."""
    return _of(row).study


def remarks(row: models.Study) -> tuple[Finding, ...]:
    """Return what the reading of a study that a row holds has to say: doubts and notes. Raises DataError."""
    return _of(row).findings


def _of(row: models.Study) -> Read:
    found = _kept.get(row.digest)
    if found is None:
        found = read(row.content)
        _kept[row.digest] = found
        for old in list(_kept)[:-KEPT]:
            _kept.pop(old, None)
    return found


def read(content: Any) -> Read:
    """Return the study of a content. Raises DataError with every fault."""
    return loss_file.read_plain(content, NAME)


def content(text: str) -> dict[str, Any]:
    """Return what a row holds of a file that was read without a fault."""
    held: dict[str, Any] = plain.parse_yaml(text, NAME)
    return held


def titled(content: Mapping[str, Any], title: str) -> dict[str, Any]:
    """Return a content under another title, the first thing that its file says."""
    return {"title": title, **{key: value for key, value in content.items() if key != "title"}}


def insured(held: Mapping[str, Any], options: tuple[Option, ...]) -> dict[str, Any]:
    """Return a content with other ways to be insured, all the rest as it is."""
    rest = {key: value for key, value in held.items() if key not in INSURED}
    return rest | content(yaml.safe_dump(programmes.written(options), sort_keys=False, allow_unicode=True))


def digest(content: Any) -> str:
    """Return the name of a content."""
    return plain.digest(content)


# --------------------------------------------------------------------------------------------------------------- files
TEXT = "tag:yaml.org,2002:str"
BARE = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool"))


class _Dumper(yaml.SafeDumper):
    """Writes each value where it stands; a number, yes and no without quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _scalar(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    tag = dumper.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(tag if tag in BARE else TEXT, text)


_Dumper.add_representer(str, _scalar)


def yaml_text(content: Any) -> str:
    """Return a content as the command line reads it: read again, it is the same."""
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def json_text(content: Any) -> str:
    """Return a content as JSON for other programs, its numbers as numbers."""
    return json.dumps(_typed(content), ensure_ascii=False, indent=1)


def _typed(data: Any) -> Any:
    """Return plain data whose texts that write a number, or yes or no, are so."""
    if isinstance(data, dict):
        return {key: _typed(each) for key, each in data.items()}
    if isinstance(data, list):
        return [_typed(each) for each in data]
    if not isinstance(data, str) or not NUMBER.fullmatch(data):
        return {"true": True, "false": False}.get(data, data)
    return int(data) if data.isdigit() else float(data)
