"""Bars of the total of each bid, cut by criterion: each piece bears the letter of its criterion and its points."""

from dataclasses import dataclass
from decimal import Decimal

from egide.message import message
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import BLACK, LINE, hue
from egide.report.pictures.picture import NARROW, SIZE, SMALL, Picture, Sheet, clean, fitted, length, listed

MOST = Decimal(100)
BAR, NAME, KEYS = 20, 22, 20


@dataclass(frozen=True, slots=True)
class Total:
    """The points of a bid, a criterion each, and their sum, on 100."""

    name: str
    points: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of bids in the order to show; `subject` is their lot."""

    subject: str
    criteria: tuple[str, ...]
    bids: tuple[Total, ...]


def ranking_bars(data: Totals, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return a bar a bid, as long as its total on 100; `key` is unique on the page."""
    title = setter.say(message("Points par critère, sur 100 – {lot}", lot=data.subject))
    beside = width > NARROW * 1.8
    names = min(220.0, 14 + max((length(clean(bid.name), SIZE) for bid in data.bids), default=0)) if beside else 0.0
    tall = BAR + 6 if beside else NAME + BAR + 8
    ends = 58.0 if beside else 0.0
    sheet = Sheet(key, width)
    full = width - names - ends
    for n, bid in enumerate(data.bids):
        top = n * tall
        bar = top if beside else top + NAME
        base = bar + 15 if beside else top + 15
        sheet.text(0, base, bid.name, (names or width - 70) - 8)
        sheet.text(width, base, setter.number(bid.total), anchor="end", bold=True)
        _pieces(sheet, setter, bid, (names, bar, full))
    letters = [
        setter.say(message("{letter} : {title}", letter=letter(n), title=title))
        for n, title in enumerate(data.criteria)
    ]
    height = _legend(sheet, letters, width, len(data.bids) * tall + 6)
    head = (setter.say(message("Soumissionnaire")), *letters, setter.say(message("Total sur 100")))
    rows = tuple(
        (bid.name, *(setter.number(each) for each in bid.points), setter.number(bid.total)) for bid in data.bids
    )
    said = _said(data, setter)
    return Picture(sheet.drawn(height, title, said), title, said, head, rows, width, round(height))


def letter(n: int) -> str:
    """Return the letter of the n-th criterion."""
    return chr(65 + n % 26)


def _pieces(sheet: Sheet, setter: Setter, bid: Total, place: tuple[float, float, float]) -> None:
    left, top, full = place
    x = left
    for n, points in enumerate(bid.points):
        room = full * float(points / MOST)
        if room > 0:
            sheet.box(x, top, max(room - 1.5, 0.5), BAR, hue(n))
            texts = (f"{letter(n)} {setter.number(points, 1)}", letter(n))
            label = next((each for each in texts if length(each, SMALL) <= room - 5), "")
            if label:
                sheet.text(x + room / 2 - 0.75, top + 14, label, size=SMALL, anchor="middle", fill=BLACK)
        x += room
    sheet.box(left, top, full, BAR, "none", LINE)


def _legend(sheet: Sheet, letters: list[str], width: int, top: float) -> float:
    """Draw the letters with their criteria, as many a line as there is room for; return where the picture ends."""
    x = 0.0
    for n, title in enumerate(letters):
        said = fitted(clean(title), width - 20, SMALL)
        room = 18 + length(said, SMALL)
        if x and x + room > width:
            x, top = 0.0, top + KEYS
        sheet.box(x, top + 2, 12, 12, hue(n))
        sheet.text(x + 18, top + 12, title, width - 20, size=SMALL)
        x += room + 16
    return top + KEYS


def _said(data: Totals, setter: Setter) -> str:
    of_bids = (message("{name} : {notes}", name=bid.name, notes=_sum(data, setter, bid)) for bid in data.bids)
    said = listed(setter, map(setter.say, of_bids))
    return setter.say(
        message("Barres des points par critère, sur 100, pour {lot}. {said}.", lot=data.subject, said=said)
    )


def _sum(data: Totals, setter: Setter, bid: Total) -> str:
    parts = zip(bid.points, data.criteria, strict=True)
    return f"{setter.number(bid.total)} = " + " + ".join(
        f"{setter.number(points)} ({title})" for points, title in parts
    )
