"""Words of pages: the project's own catalogue, in the language of the page."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from egide.locale import say
from egide.locale.typography import french
from egide.message import Language, Message, Text, message, render


def language() -> Language:
    """Return the language of the page being made."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def said(what: Message | Text) -> str:
    """Return a message or a bilingual text in the language of the page, its French set with its spaces and apostrophes.

    What fills the places of a message stays as it was written.
    """
    if language() == "en":
        return say(what, "en")
    return french(what.say("fr")) if isinstance(what, Text) else render(what, "fr", french)


def _phrase(text: str) -> str:
    return said(message(text))


_lazy = lazy(_phrase, str)


def phrase(text: str) -> str:
    """Return a text that is put into the language of the page when it is shown: labels of forms, choices."""
    return _lazy(text)
