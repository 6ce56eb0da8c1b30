"""The figures of a loss study in words: the same on a terminal, in a file and on a screen."""

from collections.abc import Mapping

from egide.message import Language, Text

NAMES: Mapping[str, Text] = {
    "risk": Text("risque", "risk"),
    "event": Text("événement", "event"),
    "loss": Text("perte", "loss"),
    "own": Text("frais propres", "own costs"),
    "interruption": Text("interruption", "interruption"),
    "liability": Text("responsabilité", "liability"),
    "fines": Text("amendes", "fines"),
    "programme": Text("programme", "programme"),
}
"""What a file of our format leaves unnamed, and the heads that have a short key."""


def name(code: str, language: Language) -> str:
    """Return a name of a study as people read it: that of the file, unless it is one of our own."""
    return NAMES[code].say(language) if code in NAMES else code
