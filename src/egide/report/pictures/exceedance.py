"""How much a year may cost, and how rarely: amounts against the number of years in which one passes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log, log10
from typing import NamedTuple

from egide.message import Message, message
from egide.report.papers.typography import Setter
from egide.report.pictures.amounts import FIGURES, SURE, compact, sure, within
from egide.report.pictures.colours import hue
from egide.report.pictures.picture import NARROW, NOTHING, SMALL, Picture, Sheet, clean, length, listed, short

DASHES = ("", "9 5", "2 4", "12 4 2 4")
"""How each line is drawn: whole, in long pieces, in points, mixed; then from the first again."""
TOP, FOOT, TEXT_GAP, NOTE = 18, 46, 16, 17
TALL, TALLER = 0.55, 0.85
"""How tall the frame is for its width: of a wide picture, of a narrow one."""
TICKS = 6
TOLD = (20, 100)
"""The years in how many one is passed, of which the text alternative speaks."""


class Reading(NamedTuple):
    """An amount that a year passes with `probability`, and its standard error, or the `bounds` of its interval."""

    probability: float
    amount: float
    error: float = 0.0
    bounds: tuple[float, float] | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """Return between what the amount lies: the bounds told, else what its error gives 19 times in 20."""
        return self.bounds or (self.amount - SURE * self.error, self.amount + SURE * self.error)


@dataclass(frozen=True, slots=True)
class Line:
    """One law, read at several probabilities above 0 and below 1."""

    name: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Exceedance:
    """The laws to compare; `subject` says of what, `currency` in which, `figures` how many significant ones are worth it.

    `notes` are what must be read with the curves: short texts, each on its line under them.
    """

    subject: str
    lines: tuple[Line, ...]
    currency: str = "EUR"
    figures: int = FIGURES
    notes: tuple[str, ...] = ()


def exceedance_curve(data: Exceedance, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return a curve a line: the rarer the year (to the right), the more it costs (up); `key` is unique on the page."""
    title = setter.say(message("Ce que coûte une année, selon sa rareté – {subject}", subject=data.subject))
    sheet = Sheet(key, width)
    frame = _Frame.around(data, setter, width)
    frame.draw(sheet, setter)
    for n, line in enumerate(data.lines):
        _band(sheet, frame, line, hue(n))
    for n, line in enumerate(data.lines):
        sheet.curve(frame.places(line), hue(n), 2.5, DASHES[n % len(DASHES)])
    _names(sheet, frame, data.lines)
    height = _notes(sheet, frame.height, data.notes)
    head = (setter.say(message("Une année sur")), *(line.name for line in data.lines))
    rows = _table(data, setter)
    said = _said(data, setter)
    return Picture(sheet.drawn(height, title, said), title, said, head, rows, width, round(height))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where amounts and probabilities stand on the sheet."""

    left: float
    right: float
    height: float
    most: float
    step: float
    rarest: float
    commonest: float
    currency: str

    @classmethod
    def around(cls, data: Exceedance, setter: Setter, width: int) -> "_Frame":
        readings = [each for line in data.lines for each in line.readings]
        most = max((each.ends[1] for each in readings), default=0.0) or 1.0
        step = _step(most, data.figures)
        probabilities = [each.probability for each in readings] or [0.5, 0.01]
        wide = max(length(clean(compact(setter, n * step, data.currency)), SMALL) for n in range(int(most / step) + 2))
        names = max((length(clean(line.name), SMALL, bold=True) for line in data.lines), default=0.0)
        right = width - min(names + TEXT_GAP + 6, width * 0.3)
        height = TOP + (right - wide) * (TALLER if width <= NARROW else TALL) + FOOT
        return cls(wide + 8, right, height, most, step, min(probabilities), max(probabilities), data.currency)

    def across(self, probability: float) -> float:
        span = log(self.commonest / self.rarest) or 1.0
        return self.left + (self.right - self.left) * log(self.commonest / probability) / span

    def up(self, amount: float) -> float:
        foot = self.height - FOOT
        return foot - (foot - TOP) * min(max(amount / self.most, 0.0), 1.0)

    def places(self, line: Line, end: int | None = None) -> list[tuple[float, float]]:
        """Return where the readings of a line stand, or their lower (0) or upper (1) ends, the commonest year first."""
        ordered = sorted(line.readings, key=lambda each: -each.probability)
        amounts = ((each.probability, each.amount if end is None else each.ends[end]) for each in ordered)
        return [(self.across(probability), self.up(amount)) for probability, amount in amounts]

    def draw(self, sheet: Sheet, setter: Setter) -> None:
        """Draw both scales: amounts up, one year in how many across."""
        foot = self.height - FOOT
        for n in range(int(self.most / self.step * (1 + 1e-9)) + 1):
            y = self.up(n * self.step)
            sheet.line((self.left, y), (self.right, y), width=1.2 if not n else 0.5)
            sheet.text(self.left - 5, y + 4, compact(setter, n * self.step, self.currency), size=SMALL, anchor="end")
        taken: list[tuple[float, float]] = []
        for years in sorted(_round_years(self.commonest, self.rarest), key=_plainness):
            x, said = self.across(1 / years), setter.number(Decimal(years), 0)
            half = length(said, SMALL) / 2 + 4
            if all(x + half <= low or high <= x - half for low, high in taken):
                taken.append((x - half, x + half))
                sheet.line((x, foot), (x, foot + 5))
                sheet.text(x, foot + 19, said, size=SMALL, anchor="middle")
        axis = setter.say(message("une année sur… dépasse ce montant"))
        sheet.text((self.left + self.right) / 2, foot + 38, axis, size=SMALL, anchor="middle")


def _step(most: float, figures: int = FIGURES) -> float:
    """Return the step of round amounts (1, 2 or 5 and zeros) that cuts `most` into six at most.

    With one significant figure, each of its multiples up to `most` has no more than one.
    """
    tenth = 10.0 ** int(log10(most / TICKS) // 1)
    steps = (each for each in (1, 2, 5, 10, 20, 50, 100) if tenth * each * TICKS >= most)
    return tenth * next(each for each in steps if figures > 1 or _plain(each, most / tenth))


def _plain(step: int, most: float) -> bool:
    """Return whether the multiples of a step up to `most` are all written with one significant figure."""
    return all(len(str(each).rstrip("0")) == 1 for each in range(step, int(most * (1 + 1e-9)) + 1, step))


def _round_years(commonest: float, rarest: float) -> list[int]:
    """Return the round numbers of years (1, 2 or 5 and zeros) within two probabilities, with a little slack."""
    slack = 1 + 1e-6
    known = (each * 10**power for power in range(8) for each in (1, 2, 5))
    return [years for years in known if 1 / commonest / slack <= years <= slack / rarest]


def _plainness(years: int) -> tuple[int, int]:
    """Return in what order round numbers are written while there is room: 10 and 100 first, then 2, then 5."""
    return (1, 2, 5).index(int(str(years)[0])), years


def _band(sheet: Sheet, frame: _Frame, line: Line, fill: str) -> None:
    """Draw between the ends of what is not sure; nothing where all is."""
    if any(each.error or each.bounds for each in line.readings):
        sheet.area(frame.places(line, 1) + frame.places(line, 0)[::-1], fill, "0.22")


def _names(sheet: Sheet, frame: _Frame, lines: Sequence[Line]) -> None:
    """Write the name of each line at its end, one above the other where the ends are close, tied to it by a line."""
    ends = sorted(((frame.places(line)[-1], n) for n, line in enumerate(lines) if line.readings), key=lambda each: each[0][1])  # fmt: skip
    heights: list[float] = []
    for (_, y), _ in ends:
        heights.append(max(y, heights[-1] + TEXT_GAP if heights else y))
    over = max(0.0, (heights[-1] if heights else 0.0) - (frame.height - FOOT))
    for ((x, y), n), low in zip(ends, heights, strict=True):
        height = low - over
        sheet.line((x, y), (x + TEXT_GAP - 4, height), hue(n), 1)
        room = sheet.width - x - TEXT_GAP
        sheet.text(x + TEXT_GAP, height + 4, lines[n].name, room, size=SMALL, bold=True)


def _notes(sheet: Sheet, height: float, notes: Sequence[str]) -> float:
    """Write the notes under the curves, and return how tall the picture is with them."""
    for n, note in enumerate(notes):
        sheet.text(8, height + NOTE * (n + 1), note, sheet.width - 16, size=SMALL, bold=not n)
    return height + NOTE * (len(notes) + 1) if notes else height


def _table(data: Exceedance, setter: Setter) -> tuple[tuple[str, ...], ...]:
    known = sorted({each.probability for line in data.lines for each in line.readings}, reverse=True)
    kept = [each for each in known if _years(each) is not None]
    by_line = [{each.probability: each for each in line.readings} for line in data.lines]
    return tuple(
        (_rarity(setter, each), *(_cell(setter, found.get(each), data) for found in by_line))
        for each in (kept if len(kept) > 1 else known)
    )


def _years(probability: float) -> int | None:
    """Return in how many years one passes, None when that is not a round number."""
    years = round(1 / probability)
    return years if _round_years(1 / years, 1 / years) and abs(years * probability - 1) < 1e-6 else None


def _rarity(setter: Setter, probability: float) -> str:
    years = setter.number(Decimal(round(1 / probability, 1)).quantize(Decimal("0.1")).normalize() + 0, None)
    percent = Decimal(100 * probability)
    share = short(setter, percent) if percent >= Decimal("0.01") else setter.number(round(percent, 4).normalize(), None)
    return setter.say(message("{years} ({share} %)", years=years, share=share))


def _cell(setter: Setter, read: Reading | None, data: Exceedance) -> str:
    if read is None:
        return NOTHING
    if read.bounds is not None:
        return within(setter, read.amount, read.bounds, data.currency, data.figures)
    return sure(setter, read.amount, read.error, data.currency)


def _said(data: Exceedance, setter: Setter) -> str:
    def told(line: Line) -> str:
        nearest = [
            min(line.readings, key=lambda each: abs(log(each.probability * years))) for years in TOLD if line.readings
        ]
        parts: list[Message] = [
            message("une année sur {years} dépasse {amount}", years=setter.number(Decimal(round(1 / each.probability)), 0), amount=compact(setter, each.amount, data.currency, data.figures))
            for each in dict.fromkeys(nearest)
        ]  # fmt: skip
        return setter.say(message("{name} : {notes}", name=line.name, notes=listed(setter, map(setter.say, parts))))

    said = ". ".join([*map(told, data.lines), *data.notes])
    return setter.say(
        message("Courbe de dépassement de {subject}. Plus l'année est rare, plus elle coûte. {said}. Le tableau donne chaque valeur avec son erreur ou son intervalle.", subject=data.subject, said=said)
    )  # fmt: skip
