"""An estimate as pages show it: the figures that were kept, in the words and the pictures of the page's language."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from egide import plain
from egide.message import Message, message
from egide.report.pictures import of_risk
from egide.report.pictures.picture import NARROW, WIDE, Picture
from egide.report.risk_figures import Figures
from egide.report.risk_words import OFTEN, RARE, Words
from egide.risk.interval import Interval
from egide.web.risk import models
from egide.web.risk.estimates.library import setter

Drawn = Callable[[Figures, Words, str, int], Picture]


def figures(row: models.Estimate) -> Figures:
    """Return the figures that a row keeps. Raises DataError when this version can no longer read them."""
    return plain.structure(row.result, Figures, "estimate")


@dataclass(frozen=True)
class Drawing:
    """A picture at the two widths of screens, with its table."""

    key: str
    wide: Picture
    narrow: Picture


def drawing(shown: Figures, words: Words, key: str, draw: Drawn) -> Drawing:
    """Return a picture of an estimate; `key` is unique on its page."""
    return Drawing(key, draw(shown, words, f"{key}-w", WIDE), draw(shown, words, f"{key}-n", NARROW))


@dataclass(frozen=True)
class Tile:
    """One figure that is seen first, with its interval and what it is."""

    title: Message
    value: str
    around: str
    note: Message | None = None


class Shown:
    """An estimate, for templates."""

    def __init__(self, shown: Figures):
        self.figures = shown
        self.words = Words.of(shown, setter())

    @property
    def sentences(self) -> list[str]:
        """Return what is read first."""
        told = (self.words.headline, self.words.of_care, self.words.of_insurance, self.words.of_help)
        return [said for each in told if (said := each(self.figures))]

    @property
    def tiles(self) -> list[Tile]:
        """Return the figures that are seen first."""
        made, words = self.figures, self.words
        found = [Tile(message("Perte moyenne, par an"), words.euros(made.mean.value), words.between(made.mean))]
        for years, title in (
            (OFTEN, message("Une année sur dix dépasse")),
            (RARE, message("Une année sur cent dépasse")),
        ):
            of = made.year(years).gross
            if of.value > 0:
                found.append(Tile(title, words.euros(of.value), words.between(of)))
        if made.retained is not None:
            title = message("Conservée après assurance, par an")
            found.append(Tile(title, words.euros(made.retained.value), words.between(made.retained)))
        title, days = message("Journées de soins perdues, par an"), made.care.days
        if made.stays and made.care.degraded is not None:
            title, days = message("Journées en mode dégradé, par an"), made.care.degraded
        if days.value > 0:
            found.append(Tile(title, words.count(days.value), words.counts(days), message("à part : jamais converties en euros")))  # fmt: skip
        return found

    @cached_property
    def curve(self) -> Drawing:
        """Return what a year costs by its rarity."""
        return drawing(self.figures, self.words, "courbe", of_risk.loss_curve)

    @cached_property
    def events(self) -> Drawing:
        """Return the kinds of event that cost most."""
        return drawing(self.figures, self.words, "evenements", of_risk.event_bars)

    @cached_property
    def gains(self) -> Drawing:
        """Return what would help most."""
        return drawing(self.figures, self.words, "aide", of_risk.gain_bars)

    @cached_property
    def safeguards(self) -> Drawing:
        """Return the level of each measure."""
        return drawing(self.figures, self.words, "mesures", of_risk.safeguard_bars)

    @cached_property
    def unknown(self) -> Drawing:
        """Return what is not known and weighs most."""
        return drawing(self.figures, self.words, "inconnu", of_risk.unknown_bars)

    @property
    def bracket(self) -> tuple[str, str]:
        """Return the mean with every blank at worst, then at best."""
        worst, best = self.figures.bracket
        return self.words.amount(worst), self.words.amount(best)

    @property
    def completeness(self) -> str:
        """Return the share of what is asked that was answered."""
        return self.words.percent(self.figures.completeness, 2)

    @property
    def narrows(self) -> str:
        """Return by how much the best question to answer would narrow the bracket."""
        question = self.figures.question
        return self.words.euros(question.width) if question else ""

    @property
    def average(self) -> str:
        """Return the mean were every measure at the average of French hospitals."""
        return self.words.amount(self.figures.average) if self.figures.average else ""

    @property
    def stress(self) -> str:
        """Return the mean of a year like 2021."""
        return self.words.amount(self.figures.stress) if self.figures.stress else ""

    @property
    def draws(self) -> str:
        """Return how many draws of the parameters were made."""
        return self.words.set.number(plain.decimal(self.figures.draws), 0)

    @property
    def simulated(self) -> str:
        """Return how many years were simulated of each draw."""
        return self.words.set.number(plain.decimal(self.figures.simulated), 0)

    @property
    def sampling(self) -> str:
        """Return the sampling error of the amount of one year in a hundred."""
        return self.words.percent(self.figures.sampling, 1)

    @property
    def heads(self) -> list[tuple[Any, str, str]]:
        """Return what each head of loss costs, and its share."""
        whole = sum(each.mean.value for each in self.figures.heads) or 1.0
        return [
            (each.title, self.words.amount(each.mean), self.words.percent(each.mean.value / whole, 2))
            for each in self.figures.heads
        ]

    @property
    def care(self) -> list[tuple[Message, str]]:
        """Return what care loses, each figure apart."""
        made, words = self.figures.care, self.words
        found: list[tuple[Message, Interval | None, Callable[[Interval], str]]] = [
            (message("Journées de soins perdues ou reportées, par an"), made.days, words.number),
            (message("Journées de patients ou de résidents en mode dégradé, par an"), made.degraded, words.number),
            (message("Passages aux urgences détournés, par an"), made.emergencies, words.number),
            (message("Probabilité, dans l’année, d’un événement pouvant mettre quelqu’un en danger"), made.danger, words.percents),
        ]  # fmt: skip
        return [(title, write(of)) for title, of, write in found if of is not None]

    @property
    def known(self) -> list[tuple[Any, str, Any, str]]:
        """Return the figures of the establishment: title, value, unit, and the grade of what its category lends."""
        return [(each, self.words.set.number(plain.decimal(each.value), None), each.unit, each.grade) for each in self.figures.exposure]  # fmt: skip
