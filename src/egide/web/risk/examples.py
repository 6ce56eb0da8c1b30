"""The studies shipped to begin with: fictitious figures, to be replaced by one's own."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from egide.message import Text
from egide.web.risk import convert

FOLDER = Path(__file__).parent / "studies"
TITLES: Mapping[str, Text] = {
    "hopital": Text("Centre hospitalier de 800 lits", "Hospital of 800 beds"),
    "ehpad": Text("EHPAD de 90 places", "Care home of 90 places"),
}


@cache
def content(name: str) -> dict[str, Any]:
    """Return what a shipped study says."""
    return convert.content((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
