"""What a model gives and what was published, on one scale of ratios: 1 is the median of the model, whatever the unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log2

from egide.message import message
from egide.report import backtest_words as words
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import LINE, TEXT, hue
from egide.report.pictures.picture import NARROW, SMALL, Picture, Sheet, listed
from egide.risk.outcome import Line, Verdict
from egide.risk.published import Figure

NAME, BAR, GAP, AXIS, KEY = 17, 10, 9, 24, 18
MARK = 5
"""Half the diagonal of the diamond of a published value."""
EDGE = 14
FURTHEST = 5
"""The scale goes from a thirty-second to thirty-two times, at most; what is further stands at the edge."""

Row = tuple[Figure, Line]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Powers of two on either side of the model."""

    width: int
    below: int
    above: int

    def across(self, ratio: float) -> float:
        """Return where a ratio to the model stands."""
        power = max(-self.below, min(self.above, log2(ratio))) if ratio > 0 else -self.below
        return EDGE + (self.width - 2 * EDGE) * (power + self.below) / (self.below + self.above)


def backtest_chart(title: str, rows: Sequence[Row], setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return, for each figure, the interval of the model as a bar and what was published as a diamond or two.

    `key` is unique on the page. The verdict is written beside each figure.
    """
    scale = _scale(rows, width)
    sheet = Sheet(key, width)
    top = _axis(sheet, scale, setter, len(rows))
    for n, row in enumerate(rows):
        _row(sheet, scale, setter, row, top + n * (NAME + BAR + GAP))
    bottom = top + len(rows) * (NAME + BAR + GAP)
    height = _key(sheet, setter, bottom, width)
    heads = (message("Chiffre"), message("Année"), message("Verdict"), message("Publié"), message("Modèle"), message("Intervalle à 90 %"))  # fmt: skip
    cells = tuple(
        (
            setter.say(figure.name),
            figure.year,
            setter.say(words.verdict(line)),
            words.published(setter, figure),
            words.modelled(setter, figure, line),
            words.interval(setter, figure, line),
        )
        for figure, line in rows
    )
    said = _said(rows, setter)
    drawn = sheet.drawn(height, title, said)
    return Picture(drawn, title, said, tuple(map(setter.say, heads)), cells, width, round(height), texts=3)


def _scale(rows: Sequence[Row], width: int) -> _Scale:
    ratios = [each for row in rows for each in _ratios(row) if each > 0]
    below = min(max((ceil(-log2(each)) for each in ratios), default=1), FURTHEST)
    above = min(max((ceil(log2(each)) for each in ratios), default=1), FURTHEST)
    return _Scale(width, max(below, 1), max(above, 1))


def _ratios(row: Row) -> tuple[float, float, float, float]:
    """Return the interval, then what was published, on the median of the model."""
    figure, line = row
    middle = float(line.found.modelled)
    low, high = figure.ends
    return float(line.found.low) / middle, float(line.found.high) / middle, low / middle, high / middle


def _axis(sheet: Sheet, scale: _Scale, setter: Setter, count: int) -> float:
    """Draw the powers of two and the line of the model; return where rows begin."""
    end = AXIS + count * (NAME + BAR + GAP) - GAP
    for power in range(-scale.below, scale.above + 1):
        x = scale.across(2.0**power)
        sign = setter.say(message("modèle")) if not power else f"{'÷' if power < 0 else '×'} {2 ** abs(power)}"
        sheet.text(x, SMALL, sign, size=SMALL, anchor="middle", bold=not power)
        sheet.line((x, SMALL + 5), (x, end), TEXT if not power else LINE, 1.2 if not power else 0.4)
    return AXIS


def _row(sheet: Sheet, scale: _Scale, setter: Setter, row: Row, top: float) -> None:
    figure, line = row
    outside = line.verdict is Verdict.OUTSIDE
    verdict = setter.say(message("hors") if outside else message("dedans"))
    name = f"{setter.say(figure.name)}, {figure.year}"
    sheet.text(0, top + 12, name, sheet.width - 54, size=SMALL, bold=outside)
    sheet.text(sheet.width, top + 12, verdict, size=SMALL, anchor="end", bold=outside)
    low, high, first, last = (scale.across(each) for each in _ratios(row))
    bar, middle = top + NAME, top + NAME + BAR / 2
    sheet.box(low, bar, max(high - low, 1.0), BAR, hue(0))
    if last - first > 1:
        sheet.line((first, middle), (last, middle), TEXT, 2)
    for x in dict.fromkeys((first, last)):
        _diamond(sheet, x, middle)


def _diamond(sheet: Sheet, x: float, y: float) -> None:
    """Draw the mark of a published value."""
    around = [(x, y - MARK), (x + MARK, y), (x, y + MARK), (x - MARK, y)]
    sheet.area(around, hue(1), "1")
    sheet.curve([*around, around[0]], TEXT, 1.2)


def _key(sheet: Sheet, setter: Setter, top: float, width: int) -> float:
    """Write how to read the picture; return where it ends."""
    middle = top + KEY / 2
    sheet.box(0, middle - BAR / 2, 20, BAR, hue(0))
    sheet.text(26, middle + 4, setter.say(message("le modèle, neuf fois sur dix")), width - 26, size=SMALL)
    middle += KEY
    _diamond(sheet, 10, middle)
    said = setter.say(message("ce qui a été publié (deux losanges : une plage)"))
    sheet.text(26, middle + 4, said, width - 26, size=SMALL)
    return middle + KEY


def _said(rows: Sequence[Row], setter: Setter) -> str:
    missed = [
        setter.say(message("{name}, {year}", name=figure.name, year=figure.year))
        for figure, line in rows
        if line.verdict is Verdict.OUTSIDE
    ]
    inside = len(rows) - len(missed)
    if not missed:
        return setter.say(message("Les {inside} chiffres publiés sont dans l'intervalle du modèle.", inside=inside))
    return setter.say(
        message(
            "{inside} chiffres publiés dans l'intervalle du modèle, {outside} hors : {missed}.",
            inside=inside,
            outside=len(missed),
            missed=listed(setter, missed),
        )
    )
