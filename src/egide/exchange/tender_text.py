"""tender.yaml and journal.yaml written again from values: what is as it is by default is left out, read again it is the same."""

from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any

import yaml

from egide import plain
from egide.tender.model import Tender
from egide.tender.procedure.journal import Journal


def text_of(value: Tender | Journal) -> str:
    """Return the text of tender.yaml, or of journal.yaml."""
    return yaml.dump(_pruned(value), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    """Texts between quotes where YAML could read them as something else."""


def _pruned(value: object) -> Any:
    """Return plain data without what a reader would take by default."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: _pruned(getattr(value, each.name))
            for each in fields(value)
            if each.name == "format" or getattr(value, each.name) != _default(each)
        }
    if isinstance(value, dict):
        return {name: _pruned(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_pruned(each) for each in value]
    return value.value if isinstance(value, StrEnum) else plain.unstructure(value)


def _default(of: Any) -> object:
    if of.default is not MISSING:
        return of.default
    return of.default_factory() if of.default_factory is not MISSING else MISSING
