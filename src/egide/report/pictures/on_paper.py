"""The pictures as blocks of a document, at the size of a sheet of paper."""

from collections.abc import Sequence
from dataclasses import replace

from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.papers.office import PORTRAIT
from egide.report.papers.typography import Setter
from egide.report.pictures.heat import ROW, HeatMap, heat_map, pages
from egide.report.pictures.picture import WIDE, Picture

MILLIMETRES = 0.6 * 25.4 / 72
"""A pixel on paper: a text of 14 pixels is then of 8.4 points."""
CAPTION, HEADING = 50, 60
"""Heights, in pixels, of what surrounds a map: its caption; what stands above the first of its pages."""


def block(made: Picture, *, tabled: bool = True, heads: Sequence[str] = ()) -> Block:
    """Return a picture as wide as it is drawn, or as an upright page when that is less.

    Where pictures are not shown, its table stands for it when `tabled`; `heads` are shorter names of its columns.
    """
    width = min(made.width * MILLIMETRES, PORTRAIT.room)
    head = (*made.head[: made.texts], *heads) if heads else made.head
    return blocks.picture(
        made.svg, width, made.description, made.title, head, made.rows, texts=made.texts, tabled=tabled
    )


def map_blocks(
    data: HeatMap, setter: Setter, key: str, *, tabled: bool = True, heads: Sequence[str] = ()
) -> list[Block]:
    """Return a map in as many pictures as it needs upright pages; each has its own key."""
    empty = heat_map(replace(data, groups=()), setter, key, WIDE)
    scale = max(1.0, empty.width * MILLIMETRES / PORTRAIT.room)
    tall = (PORTRAIT.size[1] - PORTRAIT.top - PORTRAIT.bottom) / MILLIMETRES * scale - empty.height - CAPTION * scale
    parts = pages(data, int((tall - HEADING * scale) / ROW), int(tall / ROW))
    drawn = (heat_map(part, setter, f"{key}-{n}", WIDE) for n, part in enumerate(parts, 1))
    return [block(each, tabled=tabled, heads=heads) for each in drawn]
