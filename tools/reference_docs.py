"""Pages of docs/reference, drawn from the reference data: never edited by hand, and a test compares them.

usage: python tools/reference_docs.py
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from egide import reference
from egide.clausier.model import Clausier, Point
from egide.cli import COMMANDS, application
from egide.family import BY_CODE
from egide.locale import say, translator
from egide.message import Language, Message, message
from egide.tender.rules import Rule

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
USES = {
    "candidacy": message("condition de candidature"),
    "minimum": message("minimum"),
    "scored": message("noté"),
    "minimum_then_scored": message("minimum, puis noté"),
    "none": message("ni exigé ni noté"),
}


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    clausier = reference.clausier()
    languages: tuple[Language, ...] = ("fr", "en")
    made = {f"clausier.{language}.md": "\n".join(_clausier(clausier, language)) for language in languages}
    made |= {f"regles.{language}.md": "\n".join(_rules(language)) for language in languages}
    return made | {f"commandes.{language}.md": "\n".join(_commands(language)) for language in languages}


def _clausier(clausier: Clausier, language: Language) -> Iterator[str]:
    yield f"# {clausier.title.say(language)} {clausier.version}"
    yield ""
    yield f"{clausier.source} {clausier.licence}."
    for theme in clausier.themes:
        yield ""
        yield f"## {theme.id}. {theme.title.say(language)}"
        for point in theme.points:
            yield from _point(point, language)
    yield ""


def _point(point: Point, language: Language) -> Iterator[str]:
    yield ""
    yield f"### {point.id} {point.title.say(language)}"
    yield ""
    yield point.wording(language)
    yield ""
    facts = [
        *point.xref,
        say(USES[point.award_use.value], language),
        BY_CODE[point.family].title.say(language),
        point.level.value,
    ]
    yield f"*{' · '.join(facts)}*"
    yield ""
    for level in point.levels:
        yield f"- **{level.code}** ({'—' if level.value is None else level.value}) {point.say(level.text, language)}"
    yield ""
    yield point.say(point.why, language)


def _in_force(rule: Rule) -> Message:
    if rule.since and rule.until:
        return message("En vigueur du {since} au {until}.", since=rule.since, until=rule.until)
    if rule.since:
        return message("En vigueur depuis le {since}.", since=rule.since)
    return (
        message("En vigueur jusqu'au {until}.", until=rule.until)
        if rule.until
        else message("En vigueur, sans date de début ni de fin.")
    )


def _rules(language: Language) -> Iterator[str]:
    yield "# " + say(message("Règles de la commande publique appliquées"), language)
    for rule in reference.rules().rules:
        yield ""
        yield f"## {rule.id}. {rule.title.say(language)}"
        yield ""
        yield say(rule.source, language) + ". " + say(message("Vu le {seen}.", seen=rule.seen), language)
        yield say(_in_force(rule), language)
        if rule.parameters:
            yield ", ".join(f"`{name}` = {value}" for name, value in rule.parameters.items())
        yield ""
        yield rule.why.say(language)
    yield ""


def _commands(language: Language) -> Iterator[str]:
    """Yield the page of commands; help texts are those of a French run, looked up for the language."""
    said = translator(language)
    yield "# " + say(message("Commandes"), language)
    for name, command in _leaves(get_command(application(COMMANDS)), "egide"):
        yield from ("", f"## {name}", "", said(command.help or ""), "")
        for option in command.params:
            if option.name != "help":
                yield f"- `{' '.join(option.opts)}` {said(getattr(option, 'help', None) or '')}".rstrip()
    yield ""


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    for child, inner in children.items():
        yield from _leaves(inner, f"{name} {child}")
    if not children:
        yield name, command


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
