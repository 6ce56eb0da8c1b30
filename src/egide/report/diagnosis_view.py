"""What the documents of a diagnosis show: values already decided, and how they are written for people."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from egide.diagnosis.filled import Reading
from egide.diagnosis.maturity import Maturity, Weighing
from egide.diagnosis.priorities import Priorities
from egide.diagnosis.questionnaire import Question
from egide.message import Text, message
from egide.report.papers.typography import Setter
from egide.report.pictures.amounts import between, compact, within
from egide.risk.interval import Interval
from egide.risk.library import Override


@dataclass(frozen=True)
class Cost:
    """The expected loss of a year in EUR: as answered, with every blank at best, and with the average maturity.

    `worth` is what each measure, brought to its best and proven, takes off it. `defaults` are the figures taken from the
    category. `order_of_magnitude`: the category is too little known for more than one significant figure.
    """

    category: str
    category_title: Text
    order_of_magnitude: bool
    now: Interval
    best: Interval
    average: Interval
    care: Interval
    worth: Mapping[str, Interval]
    defaults: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """A blank, and what an answer at best would change: EUR of expected loss when they are known, else a weight."""

    question: Question
    weight: float


@dataclass(frozen=True)
class Diagnosis:
    """A diagnosis with all that its documents show; `reference` is the maturity of the average hospital."""

    reading: Reading
    maturity: Maturity
    priorities: Priorities
    reference: float
    matters: tuple[Matter, ...]
    weighing: Weighing
    on: date
    cost: Cost | None = None


class Written:
    """Writes the figures of a diagnosis in one language; texts of others are made displayable and cut."""

    def __init__(self, setter: Setter, cost: Cost | None):
        self.set, self.say, self.cost = setter, setter.say, cost

    def percent(self, share: float) -> str:
        """Return a share from 0 to 1 in whole per cent."""
        return self.say(message("{value} %", value=self.set.number(Decimal(format(100 * share, ".6f")), 0)))

    def euros(self, amount: float) -> str:
        """Return an amount: two significant figures, one where only the order of magnitude is known."""
        return compact(self.set, amount, figures=self._figures)

    def interval(self, found: Interval) -> str:
        """Return a mean with its 90 % interval; the words "ordre de grandeur" where nothing more is known."""
        said = within(self.set, found.value, (found.low, found.high), figures=self._figures)
        if self.cost and self.cost.order_of_magnitude:
            return self.say(message("ordre de grandeur : {said}", said=said))
        return said

    def bounds(self, found: Interval) -> str:
        """Return the two ends of an interval."""
        return between(self.set, (found.low, found.high), figures=self._figures)

    @property
    def _figures(self) -> int:
        return 1 if self.cost and self.cost.order_of_magnitude else 2

    def cut(self, text: str, most: int) -> str:
        """Return a text on one line, cut at a word when it is longer than `most` signs."""
        flat = " ".join(self.set.quote(text).split())
        if len(flat) <= most:
            return flat
        kept = flat[: most - 1]
        whole = kept.rpartition(" ")[0] if " " in kept[most // 2 :] else kept
        return f"{whole.rstrip(' ,;:.')}…"

    def sentences(self, text: str, most: int) -> str:
        """Return the first sentences of a text that stand together in `most` signs; the first one cut, if it must be."""
        flat = " ".join(self.set.quote(text).split())
        kept = ""
        for each in _SENTENCE.split(flat):
            longer = f"{kept} {each}".strip()
            if len(longer) > most:
                break
            kept = longer
        return kept or self.cut(flat, most)


_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-ZÀÂÉÈÊÎÔÛÇ«])")
