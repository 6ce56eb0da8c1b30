"""How a long call tells where it stands."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told how much is done of the whole; may raise Cancelled."""


def silent(done: int, total: int) -> None:
    """Follow nothing."""


def within(progress: Progress, place: int, parts: int) -> Progress:
    """Return the progress of one part, the one at `place`, of a call made of `parts` alike."""

    def told(done: int, total: int) -> None:
        progress(place * total + done, parts * total)

    return told
