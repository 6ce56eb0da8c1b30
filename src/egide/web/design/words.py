"""Words of pages: the project's own catalogue, in the language of the page."""

from django.utils.functional import lazy
from django.utils.translation import get_language

from egide.locale import say
from egide.locale.typography import french
from egide.message import Language, Message, Text, message
from egide.message import render as fill
from egide.web.design.wording import kept


def language() -> Language:
    """Return the language of the page being made."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def said(what: Message | Text) -> str:
    """Return a message or a bilingual text in the language of the page, its French set with its spaces and apostrophes.

    What fills the places of a message stays as it was written. A sentence that speaks of the files of the command line
    is said as pages say it (see `wording`).
    """
    if isinstance(what, Message):
        what = kept(what)
    if language() == "en":
        return say(what, "en")
    return french(what.say("fr")) if isinstance(what, Text) else fill(what, "fr", french)


def in_both(what: Message) -> dict[str, str]:
    """Return a message in both languages, as pages say it, to be kept as plain data."""
    said_on_page = kept(what)
    return {"fr": say(said_on_page, "fr"), "en": say(said_on_page, "en")}


def typeset(text: str) -> str:
    """Return a text of the project or of the buyer with the spaces and the apostrophe of the language of the page."""
    return french(text) if language() == "fr" else text


def _phrase(text: str) -> str:
    return said(message(text))


_lazy = lazy(_phrase, str)


def phrase(text: str) -> str:
    """Return a text that is put into the language of the page when it is shown: labels of forms, choices."""
    return _lazy(text)
