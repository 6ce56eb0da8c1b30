"""A picture as an image of dots, for who cannot show a drawing."""

import typst

from egide.errors import EgideError
from egide.message import message
from egide.report.papers.pdf import fonts

DOTS = 192
"""Dots an inch: two a pixel of the drawing on an ordinary screen."""
SOURCE = b"""
#set page(width: auto, height: auto, margin: 9pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 0.75pt)
"""


def png(svg: str, width: int) -> bytes:
    """Return a picture as a PNG on a white ground; `width` is that of its drawing, in pixels. Same picture, same bytes.

    Raises EgideError when the typesetter refuses it.
    """
    try:
        made = typst.compile(
            SOURCE, font_paths=fonts(), sys_inputs={"svg": svg, "width": str(width)}, format="png", ppi=DOTS
        )
    except typst.TypstError as fault:
        raise EgideError(message("la figure n'a pas pu être dessinée : {fault}", fault=str(fault))) from None
    if not isinstance(made, bytes):
        raise EgideError(message("la figure n'a pas pu être dessinée : {fault}", fault=type(made).__name__))
    return made
