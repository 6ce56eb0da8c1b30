"""An insurance programme as a tower: what one event costs from the foot up, and who pays each slice of it.

Heights are not to scale, so that a small retention stays seen: each bound is written.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import inf

from egide.message import message
from egide.report.papers.typography import Setter
from egide.report.pictures.amounts import compact
from egide.report.pictures.colours import BLACK, LINE, hue
from egide.report.pictures.picture import NARROW, NOTHING, SMALL, Picture, Sheet, clean, length, listed

TALL, OWN, TEXT_LINE, MARGIN = 330, 40, 15, 12
"""Height of the tower at least, of a slice that is one's own, of a line of text, and around texts."""
BESIDE, NOTE = 250, 38
"""Width and height of a note beside the tower."""
ROOMY = 90
"""Width in which the texts of a slice can be read; narrower, they stand beside its share."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What insurers pay of an event between two amounts: `share` of it, from 0 to 1; `high` may have no bound (inf).

    `notes` say the rest in words, each on its line: who carries it, what bounds the year.
    """

    name: str
    low: float
    high: float
    share: float = 1.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tower:
    """A programme: one's own first part up to `retention` and that part in words, the slices above, drawn up to `top`.

    `beside` are the bounds that are not on the scale of an event, each with what it says: sub-limits, hours of waiting.
    """

    subject: str
    retention: float
    retained: str
    slices: tuple[Slice, ...]
    top: float
    beside: tuple[tuple[str, str], ...] = ()
    currency: str = "EUR"


def insurance_tower(data: Tower, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return the tower, its notes to its right where there is room, else under it; `key` is unique on the page."""
    title = setter.say(message("Qui paie quoi, pour un événement – {subject}", subject=data.subject))
    sheet = Sheet(key, width)
    right = width - BESIDE - 20 if width > NARROW * 1.8 and data.beside else width
    scale = _Scale.of(data, setter, right)
    _own_parts(sheet, setter, data, scale)
    for n, each in enumerate(data.slices):
        if each.low < scale.bounds[-1]:
            _slice(sheet, setter, data.currency, scale, each, hue(n))
    for amount in scale.bounds:
        y = scale.up(amount)
        sheet.line((scale.left - 5, y), (scale.left, y))
        if amount != inf:
            sheet.text(scale.left - 8, y + 4, compact(setter, amount, data.currency), size=SMALL, anchor="end")
    foot = scale.height + MARGIN
    height = max(foot, _beside(sheet, setter, data, (right + 20, 0.0) if right < width else (0.0, foot + MARGIN)))
    head = (message("Part d'un événement"), message("Précisions"), message("De"), message("À"), message("Part assurée"))
    said = _said(data, setter)
    return Picture(
        sheet.drawn(height, title, said), title, said, tuple(map(setter.say, head)), _table(data, setter), width, round(height), 2
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where amounts stand: the bounds from the foot, and the height of each."""

    left: float
    right: float
    bounds: tuple[float, ...]
    heights: tuple[float, ...]

    @classmethod
    def of(cls, data: Tower, setter: Setter, right: float) -> "_Scale":
        most = max(data.top, data.retention)
        ends = {0.0, min(data.retention, most), most}
        for each in data.slices:
            ends |= {min(each.low, most), min(each.high, most)}
        bounds = sorted(ends)
        needed = [_needed(data, low, high) for low, high in pairwise(bounds)]
        spare = max(0.0, TALL - sum(needed))
        heights = [0.0]
        for (low, high), least in zip(pairwise(bounds), needed, strict=True):
            heights.append(heights[-1] + least + spare * (high - low) / (most or 1.0))
        room = max(length(clean(compact(setter, each, data.currency)), SMALL) for each in bounds)
        return cls(room + 10, right - 1, tuple(bounds), tuple(heights))

    @property
    def height(self) -> float:
        return MARGIN + self.heights[-1]

    def up(self, amount: float) -> float:
        """Return how far from the top of the sheet an amount stands; above the last bound, it stands there."""
        n = max(at for at, each in enumerate(self.bounds) if each <= amount)
        return self.height - self.heights[n]

    def across(self, share: float) -> float:
        return self.left + (self.right - self.left) * share


def _needed(data: Tower, low: float, high: float) -> float:
    """Return the height of a slice of the scale that has room for the texts of what begins there."""
    lines = [1 + 1 + len(each.notes) for each in data.slices if low <= each.low < high]
    return max([OWN, *(TEXT_LINE * each + MARGIN for each in lines)])


def _own_parts(sheet: Sheet, setter: Setter, data: Tower, scale: _Scale) -> None:
    """Draw the whole height as one's own, of which the slices take their shares; write it where nothing else is."""
    sheet.box(scale.left, scale.up(inf), scale.right - scale.left, scale.height - scale.up(inf), "none", LINE)
    if data.retention > 0:
        y = scale.up(data.retention)
        sheet.box(scale.left, y, scale.right - scale.left, scale.height - y, LINE, LINE)
        middle, room = (y + scale.height) / 2, scale.right - scale.left - 2 * MARGIN
        sheet.text(scale.left + MARGIN, middle + 4, data.retained, room, size=SMALL, fill=BLACK, bold=True)
    for low, high in pairwise(scale.bounds):
        if low >= data.retention and not any(each.low < high and low < each.high for each in data.slices):
            middle = (scale.up(low) + scale.up(high)) / 2
            own = setter.say(message("à votre charge"))
            sheet.text(scale.left + MARGIN, middle + 4, own, size=SMALL)


def _slice(sheet: Sheet, setter: Setter, currency: str, scale: _Scale, each: Slice, fill: str) -> None:
    left, right, foot, top = scale.left, scale.across(each.share), scale.up(each.low), scale.up(each.high)
    middle = (top + foot) / 2 + 4
    sheet.box(left, top, right - left, foot - top, fill, LINE)
    texts = [(each.name, True), (_extent(each, setter, currency), False), *((note, False) for note in each.notes)]
    inside = right - left - 2 * MARGIN >= ROOMY
    own = () if each.share == 1 else (_percent(setter, 1 - each.share), setter.say(message("à vous")))
    if inside:
        room = right - left - 2 * MARGIN
        for n, (text, bold) in enumerate(texts):
            y = middle + TEXT_LINE * (n - (len(texts) - 1) / 2)
            sheet.text(left + MARGIN, y, text, room, size=SMALL, fill=BLACK, bold=bold)
        texts = [(text, False) for text in own]
    room = scale.right - right - MARGIN
    if room > max((length(clean(text), SMALL) for text in own), default=room):
        for n, (text, bold) in enumerate(texts):
            y = middle + TEXT_LINE * (n - (len(texts) - 1) / 2)
            sheet.text(right + MARGIN / 2, y, text, room, size=SMALL, bold=bold)


def _beside(sheet: Sheet, setter: Setter, data: Tower, place: tuple[float, float]) -> float:
    """Write the notes from a place down; return where they end."""
    left, top = place
    half = (sheet.width - MARGIN) / 2
    longest = max((length(clean(text), SMALL, bold=True) for each in data.beside for text in each), default=0.0)
    columns = 1 if left or longest > half else 2
    room = BESIDE if left else half if columns > 1 else sheet.width
    for n, (term, value) in enumerate(data.beside):
        x, y = left + n % columns * (room + MARGIN), top + n // columns * NOTE + 14
        sheet.text(x, y, term, room, size=SMALL, bold=True)
        sheet.text(x, y + TEXT_LINE, value, room, size=SMALL)
    return top + -(-len(data.beside) // columns) * NOTE


def _percent(setter: Setter, share: float) -> str:
    return setter.say(message("{value} %", value=setter.number(_exact(100 * share), None)))


def _exact(value: float) -> Decimal:
    return Decimal(round(value, 2)).quantize(Decimal("0.01")).normalize() + 0


def _extent(each: Slice, setter: Setter, currency: str) -> str:
    low, share = compact(setter, each.low, currency), _percent(setter, each.share)
    if each.high == inf:
        return setter.say(message("{share} au-delà de {low}", share=share, low=low))
    return setter.say(
        message("{share} de {low} à {high}", share=share, low=low, high=compact(setter, each.high, currency))
    )


def _table(data: Tower, setter: Setter) -> tuple[tuple[str, ...], ...]:
    def amount(value: float) -> str:
        return compact(setter, value, data.currency)

    own = setter.say(message("À votre charge"))
    rows = [(own, data.retained, amount(0), amount(data.retention), _percent(setter, 0))] if data.retention else []
    rows += [
        (each.name, listed(setter, each.notes) or NOTHING, amount(each.low), amount(each.high), _percent(setter, each.share))
        for each in data.slices
    ]  # fmt: skip
    return (*rows, *((term, value, NOTHING, NOTHING, NOTHING) for term, value in data.beside))


def _said(data: Tower, setter: Setter) -> str:
    parts = [
        setter.say(message("{name} : {notes}", name=each.name, notes=listed(setter, (_extent(each, setter, data.currency), *each.notes))))
        for each in data.slices
    ]  # fmt: skip
    parts += [setter.say(message("{name} : {notes}", name=term, notes=value)) for term, value in data.beside]
    retained = [data.retained] if data.retention else []
    said = ". ".join([*retained, *parts])
    return setter.say(
        message(
            "Tour d'assurance de {subject}, de bas en haut ; les hauteurs ne sont pas à l'échelle. {said}.",
            subject=data.subject,
            said=said,
        )
    )
