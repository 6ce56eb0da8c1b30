"""The page that runs an exercise without network: one HTML file made from a script, opened from a USB key.

Nothing in it comes from elsewhere, and nothing leaves it but the file of results that the animator saves
(`exercise_results` reads it). The script and the words are data: they are shown as text, never read as HTML, and the
page's own policy lets no other code or style run.
"""

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from egide import plain
from egide.exercise.making import digest
from egide.exercise.script import Script
from egide.exercise.validity import SCOPES
from egide.exercise.words import CHANNELS, DOCUMENTS
from egide.message import Language, Text

FOLDER = Path(__file__).parent / "data" / "offline_page"
PARTS = ("base.js", "play.js", "views.js", "main.js")
TRIGGERS: Mapping[str, Text] = {
    "cyber": Text("événement cyber", "cyber event"),
    "other": Text("autre chose", "something else"),
}


@cache
def words() -> Mapping[str, Text]:
    """Return what the page says, by key."""
    return plain.structure(plain.parse_yaml(_read("words.yaml"), "words.yaml"), Mapping[str, Text], "words.yaml")  # type: ignore[type-abstract]


def content(script: Script, language: Language, seats: Mapping[str, str] | None = None) -> bytes:
    """Return the page of a script, beginning in a language; `seats` says who sits where. Same inputs, same bytes."""
    code, style = _code(), _read("page.css")
    said = words()
    data = {
        "digest": digest(script),
        "language": language,
        "script": plain.unstructure(script),
        "words": plain.unstructure(dict(said)),
        "channels": {each.value: plain.unstructure(text) for each, text in CHANNELS.items()},
        "documents": {each.value: plain.unstructure(text) for each, text in DOCUMENTS.items()},
        "scope": {each.value: plain.unstructure(text) for each, text in SCOPES.items()},
        "trigger": {code: plain.unstructure(text) for code, text in TRIGGERS.items()},
        "sitting": dict(seats or {}),
        "examples": fictitious(script),
    }
    filled = {
        "language": language,
        "title": html.escape(f"{said['exercise'].say(language)} · {script.title.say(language)}"),
        "noscript": html.escape(said["noscript"].say(language)),
        "style": style,
        "style_hash": _hash(style),
        "data": _data(data),
        "script": code,
        "script_hash": _hash(code),
    }
    page = _read("page.html")
    before, *others = page.split("{")
    pieces = [before]
    for each in others:
        name, _, rest = each.partition("}")
        pieces += [filled[name], rest]
    return "".join(pieces).encode()


def fictitious(script: Script) -> list[str]:
    """Return the places left at their fictitious example whose words really stand in the exercise."""
    told = plain.canonical((script.items, script.documents, script.rules, script.questions)).decode()
    return [code for code in script.examples if (word := script.values[code].fr) and word in told]


def _data(data: object) -> str:
    """Return JSON that an HTML reader cannot take for anything else, whatever its texts hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _code() -> str:
    return "(() => {\n" + '"use strict";\n' + "\n".join(map(_read, PARTS)) + "})();\n"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
