"""Bars of the note that the points of each theme earn, of one bid or of several side by side."""

from dataclasses import dataclass
from decimal import Decimal

from egide.message import message
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import LINE, hue
from egide.report.pictures.picture import NARROW, NOTHING, SIZE, SMALL, Picture, Sheet, clean, length, listed, short

SIDE_BY_SIDE = 6
"""Bids that are still compared at a glance in one picture."""
GAP, TITLE, BAR, NAME = 24, 20, 16, 150


@dataclass(frozen=True, slots=True)
class Series:
    """The notes of a bid, a theme each; None where nothing is scored or marked in full."""

    name: str
    notes: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class ThemeNotes:
    """The notes of bids by theme, from 0 to `scale`; `subject` says whose they are: a lot, or one bid."""

    subject: str
    scale: Decimal
    themes: tuple[str, ...]
    series: tuple[Series, ...]


def theme_bars(data: ThemeNotes, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return a group of bars a theme, a bar a bid, each with its name and its note; `key` is unique on the page."""
    title = setter.say(
        message("Note par thème, sur {scale} – {subject}", scale=short(setter, data.scale), subject=data.subject)
    )
    columns = 2 if width > NARROW * 1.8 else 1
    step = (width + GAP) / columns
    tall = TITLE + BAR * len(data.series) + 10
    lines = -(-len(data.themes) // columns)
    sheet = Sheet(key, width)
    for n, theme in enumerate(data.themes):
        notes = [(series.name, series.notes[n]) for series in data.series]
        _group(sheet, setter, data.scale, theme, notes, (n // lines * step, n % lines * tall, step - GAP))
    head = (setter.say(message("Thème")), *(series.name for series in data.series))
    rows = tuple(
        (theme, *(_note(setter, series.notes[n]) for series in data.series)) for n, theme in enumerate(data.themes)
    )
    said = _said(data, setter, rows)
    return Picture(sheet.drawn(lines * tall, title, said), title, said, head, rows, width, lines * tall)


def _group(
    sheet: Sheet,
    setter: Setter,
    scale: Decimal,
    theme: str,
    notes: list[tuple[str, Decimal | None]],
    place: tuple[float, float, float],
) -> None:
    """Draw the bars of a theme from the left and the top of `place`, in its width."""
    left, top, room = place
    sheet.text(left, top + SIZE, theme, room, bold=True)
    alone = len(notes) == 1
    names = 0 if alone else min(NAME, room * 0.4, 8 + max(length(clean(name), SMALL) for name, _ in notes))
    ends = 8 + length(setter.number(scale), SMALL)
    full = room - names - ends
    for n, (name, note) in enumerate(notes):
        y = top + TITLE + n * BAR
        if not alone:
            sheet.text(left, y + 11, name, names - 6, size=SMALL)
        if note is not None:
            sheet.box(left + names, y + 1, full * float(note / scale), BAR - 4, hue(n))
        sheet.box(left + names, y + 1, full, BAR - 4, "none", LINE)
        sheet.text(left + room, y + 11, _note(setter, note), size=SMALL, anchor="end")


def _note(setter: Setter, note: Decimal | None) -> str:
    return NOTHING if note is None else setter.number(note)


def _said(data: ThemeNotes, setter: Setter, rows: tuple[tuple[str, ...], ...]) -> str:
    of_bids = (
        message("{name} : {notes}", name=series.name, notes=listed(setter, (f"{row[0]} {row[n]}" for row in rows)))
        for n, series in enumerate(data.series, 1)
    )
    said = ". ".join(map(setter.say, of_bids))
    return setter.say(message("Barres de la note de chaque thème, de 0 à {scale}. {notes}.", scale=short(setter, data.scale), notes=said))  # fmt: skip
