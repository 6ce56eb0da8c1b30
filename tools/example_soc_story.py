"""The story of examples/soc-ght: what tools/example_soc.yaml says of each bid, with the clausier as it stands."""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from egide import reference
from egide.clausier.model import IRREGULAR, Clausier, Expects, Point
from egide.exchange.tender_folder import read_tender
from egide.tender.lots import of_lot
from egide.tender.model import Tender
from egide.tender.pricing import priced

HERE = Path(__file__).parent
SAID: Mapping[str, Sequence[str]] = {
    "vigiluna": ("{text} Lu dans {where}.", "{text} Vérifié dans {where}.", "{text} Montré dans {where}."),
    "brisefort": ("{text} Écrit dans {where}.", "{text} Voir {where}.", "{text} L'offre le dit dans {where}."),
    "coralis": ("{text} L'offre n'en dit pas davantage ({where}).", "{text} Lu dans {where}.", "{text} Rien de plus dans {where}."),
    "petitrempart": ("{text} Réponse courte, mais complète ({where}).", "{text} Lu dans {where}.", "{text} Dit simplement dans {where}."),
}  # fmt: skip
"""How the reason of an ordinary mark is told, in turn."""


class Example:
    """The consultation, its points, and what the story says of each bid."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data: dict[str, Any] = yaml.safe_load((HERE / "example_soc.yaml").read_text(encoding="utf-8"))
        self.tender: Tender = read_tender(folder).tender
        self.clausier: Clausier = reference.load(self.tender)[0]
        self.pages: dict[str, dict[str, int]] = {}
        """The page of each section, by document; only a PDF has pages."""
        self._check()

    def _check(self) -> None:
        wrong = [
            f"{part}, {point}, {bid} : {given[0]}"
            for part in ("marks", "marks-2")
            for point, told in self.data[part].items()
            for bid, given in told.items()
            if point not in self.clausier.points or given[0] not in {*self.clausier.points[point].level_of, IRREGULAR}
        ]
        if wrong:
            sys.exit("example_soc.yaml nomme un point ou un niveau qui n'existe plus :\n" + "\n".join(wrong))

    def points(self, bid: str) -> Sequence[Point]:
        """Return the points asked of a bid."""
        return tuple(of_lot(self.tender, self.clausier, lot_of(bid)).points.values())

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """Return the number under which every tenderer answers each point in its document."""
        return {
            point.id: f"{theme.id[1:]}.{rank}"
            for theme in self.clausier.themes
            for rank, point in enumerate(theme.points, 1)
        }

    def where(self, bid: str, point: Point) -> str:
        """Return the document, page and section of a point."""
        name, section = self.data["documents"][sender(bid)], self.sections[point.id]
        page = self.pages.get(name, {}).get(section)
        return f"{name}, {f'p. {page}, ' if page else ''}§ {section}"

    def retained(self, bid: str, point: Point, part: str = "marks") -> tuple[str, str]:
        """Return the level retained and its reason: hand-written, else the usual level told in its own words."""
        tenderer = sender(bid)
        told = self.data[part].get(point.id, {})
        if given := told.get(bid) or told.get(tenderer):
            return given[0], given[1]
        code = "full"
        if point.award_use.scores:
            usual = self.data["usual"][tenderer][self.clausier.theme_of[point.id].id]
            code = next(each for each in usual if each in point.level_of)
        said = SAID[tenderer][list(self.sections).index(point.id) % 3]
        return code, said.format(text=point.say(point.level_of[code].text), where=self.where(bid, point))

    def ordinary(self, bid: str, point: Point) -> str:
        """Return the plain answer that fits what was retained: a tenderer does not declare less than it has."""
        level = point.level_of.get(self.retained(bid, point)[0])
        worth = level.value if level and level.value is not None else Decimal(0)
        partial = point.level_of.get("partial")
        if not worth and point.award_use.scores:
            return "Non"
        if partial and partial.value is not None and worth <= partial.value:
            return "Partiel"
        return "Décrit" if point.expects is Expects.DOCUMENT else "Oui"

    def answer(self, bid: str, point: Point) -> dict[str, str]:
        """Return what the bid says of a point in its questionnaire."""
        plain = {"answer": self.ordinary(bid, point), "comment": "", "proof": self.where(bid, point)}
        if plain["answer"] == "Partiel":
            plain["comment"] = "Ce qui manque est dit dans le document."
        return plain | self.data["answers"].get(bid, {}).get(point.id, {})

    def total(self, bid: str, part: str = "prices") -> Decimal:
        """Return the total of a bid by the published schedule."""
        units = {line: number(unit) for line, unit in self.units(bid, part).items()}
        return priced(self.tender.schedule, lot_of(bid), units).total

    def units(self, bid: str, part: str = "prices") -> dict[str, str]:
        """Return the unit prices of a bid as it writes them, those of the first round included."""
        return self.data["prices"][bid] | (self.data["prices-2"][bid] if part == "prices-2" else {})


def sender(bid: str) -> str:
    """Return who sent a bid."""
    return bid.partition("/")[0]


def lot_of(bid: str) -> str:
    """Return the lot of a bid."""
    return bid.split("/")[1]


def number(unit: str) -> Decimal:
    """Return the number that a written unit price means."""
    return Decimal(unit.removesuffix(" k€")) * (1000 if unit.endswith(" k€") else 1)


def euros(amount: Decimal) -> str:
    """Return an amount as a French form writes it."""
    return f"{amount:,.2f} €".replace(",", " ").replace(".", ",")
