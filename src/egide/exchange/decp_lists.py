"""The official lists of words of the essential data, as their schema gives them."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

PLACES: Mapping[str, tuple[str, ...]] = {
    "nature": ("properties", "nature"),
    "ccag": ("properties", "ccag"),
    "place_type": ("properties", "lieuExecution", "properties", "typeCode"),
    "price_form": ("properties", "formePrix"),
    "techniques": ("definitions", "techniqueArray", "items"),
    "modalities": ("definitions", "modaliteExecutionArray", "items"),
    "price_types": ("definitions", "typePrixArray", "items"),
    "social": ("definitions", "considerationSocialeArray", "items"),
}
"""Key of `tender.essential.Essential` -> where its list stands in the definition of a contract."""


@cache
def words(key: str) -> tuple[str, ...]:
    """Return the words that a key of the essential data may hold. Raises KeyError for a key without a list."""
    found: Any = _contract()
    for step in PLACES[key]:
        found = found[step]
    return tuple(found["enum"])


@cache
def _contract() -> Any:
    schema = resources.files("egide.exchange.data").joinpath("schema_decp_v2.0.3.json").read_text(encoding="utf-8")
    return json.loads(schema)["definitions"]["marche"]
