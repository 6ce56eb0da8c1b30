"""The special functions that the laws need: those of SciPy, imported at the first call and not before."""

from collections.abc import Callable
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Special(Protocol):
    """A library of functions of arrays; the names are those of `scipy.special`."""

    def __getattr__(self, name: str) -> Callable[..., Array]:
        """Return a function by its name."""
        ...


def special() -> Special:
    """Return the library, imported by now."""
    import scipy.special  # noqa: PLC0415 (0.4 s that a reader of a file need not wait)

    return cast(Special, scipy.special)
