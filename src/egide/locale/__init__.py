"""The one catalogue: French is the source, every other language is looked up here."""

import gettext
from functools import cache
from pathlib import Path

from egide.message import Language, Message, Text, Translate, render

HERE = Path(__file__).parent


@cache
def translator(language: Language) -> Translate:
    """Return what turns a French source text into `language`."""
    if language == "fr":
        return str
    return gettext.translation("django", HERE, [language]).gettext


def say(said: Message | Text, language: Language = "fr") -> str:
    """Return a message or a bilingual text as people of `language` read it."""
    return said.say(language) if isinstance(said, Text) else render(said, language, translator(language))
