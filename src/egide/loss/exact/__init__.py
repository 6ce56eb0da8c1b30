"""Yearly laws computed without drawing, by fast Fourier transform, each figure with the bound of its own error."""

from egide.loss.exact.aggregate import Law
from egide.loss.exact.whole import Exact, LayerLaw, exact

__all__ = ["Exact", "Law", "LayerLaw", "exact"]
