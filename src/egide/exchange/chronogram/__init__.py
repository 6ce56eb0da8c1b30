"""The chronogram of an exercise as a workbook: one line an inject, out for anybody to change, and in from anywhere."""

from egide.exchange.chronogram.reading import Reading, read
from egide.exchange.chronogram.sheet import content

__all__ = ["Reading", "content", "read"]
