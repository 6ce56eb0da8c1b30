"""The words by which a light map is recognised and written, from `data/cartography.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from egide import plain
from egide.message import Text

FILE = Path(__file__).parent / "data" / "cartography.yaml"


@dataclass(frozen=True)
class Column:
    """A column: the field it fills, its title and example in the template, the headings by which it is known."""

    field: str
    title: Text
    headings: tuple[str, ...]
    example: Text = Text()


@dataclass(frozen=True)
class Table:
    """A kind of table: its title, the words by which a sheet's name announces it, its columns."""

    title: Text
    names: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Words:
    """The file of words as it is written."""

    applications: Table
    suppliers: Table
    devices: Table
    words: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def tables(self) -> Mapping[str, Table]:
        """Return the kinds of tables by name."""
        return {"applications": self.applications, "suppliers": self.suppliers, "devices": self.devices}


@cache
def words() -> Words:
    """Return the vocabulary of maps."""
    return plain.structure(plain.parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name), Words, FILE.name)
