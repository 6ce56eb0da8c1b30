"""The clock and the chance of the demonstration: the same rows each time, and a day at which its story is told.

Nobody's data are ever written under them: only the command `demo` fixes them, and only a marked folder shifts the clock.
"""

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone

STEP = timedelta(milliseconds=20)


class _Chance:
    """Stands for the module `os` inside the module `uuid`: its chance is drawn from a seed."""

    def __init__(self, seed: int):
        self._drawn = random.Random(seed)  # noqa: S311 (identifiers of fictitious rows, no secret)

    def urandom(self, size: int) -> bytes:
        """Return the next bytes."""
        return self._drawn.randbytes(size)


def _clock(tell: Callable[[], datetime]) -> type[datetime]:
    """Return what stands for `datetime` where the framework asks for the time."""

    class Same(type(datetime)):  # type: ignore[misc]
        """Lets any date and time pass for one of this clock: the framework asks before it changes its time zone."""

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, datetime)

    class Clock(datetime, metaclass=Same):
        """A date and time whose `now` is told by another."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            """Return the moment."""
            return tell().astimezone(tz)

    return Clock


@contextmanager
def fixed(moment: datetime, seed: int) -> Iterator[None]:
    """Let the clock of the product begin at `moment`, moving on at each look, and identifiers follow `seed`."""
    state = {"now": moment}

    def tell() -> datetime:
        state["now"] += STEP
        return state["now"]

    before: tuple[Any, Any] = (timezone.datetime, uuid.os)  # type: ignore[attr-defined]
    timezone.datetime, uuid.os = _clock(tell), _Chance(seed)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.datetime, uuid.os = before  # type: ignore[attr-defined]


def shift(by: timedelta) -> None:
    """Let the clock of this process be ahead of the machine's by `by`, for good."""
    real = datetime
    timezone.datetime = _clock(lambda: real.now(tz=timezone.get_default_timezone()) + by)  # type: ignore[attr-defined]
