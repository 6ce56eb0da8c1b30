"""Parameters frozen before a new year of figures is read: a library in use is the frozen one, or the result says so."""

from dataclasses import dataclass
from datetime import date

from egide.message import Message, Text, message
from egide.risk.library import Library
from egide.risk.published import Published


@dataclass(frozen=True)
class Freeze:
    """The day and the digests of the library and of the published figures, and why they were frozen anew."""

    day: date
    library: str
    figures: str
    reason: Text


@dataclass(frozen=True)
class Freezes:
    """The history, oldest first: never rewritten, only continued."""

    entries: tuple[Freeze, ...]

    @property
    def last(self) -> Freeze:
        """Return the freeze in force."""
        return self.entries[-1]

    def departure(self, library: Library, published: Published) -> Message | None:
        """Return what to print on a result when the library or the figures in use are not the frozen ones."""
        day = self.last.day
        if library.overrides:
            return message("Paramètres modifiés par l'utilisateur ({count}) : ce ne sont pas ceux qui ont été figés le {day}.", count=len(library.overrides), day=day)  # fmt: skip
        if library.digest != self.last.library:
            return message("Ces paramètres ne sont pas ceux qui ont été figés le {day}.", day=day)
        if published.digest != self.last.figures:
            return message("Ces chiffres publiés ne sont pas ceux qui ont été figés le {day}.", day=day)
        return None
