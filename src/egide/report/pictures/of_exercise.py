"""The picture of an exercise: of the expected reactions, family by family, what was seen, in part, not, and unknown."""

from collections.abc import Mapping

from egide.exercise.outcome import Result
from egide.message import Message, Text, message
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import FULL, HIGH, LOW, NONE, Shade
from egide.report.pictures.stacked import Bar, Kind, Stacked

KINDS: tuple[tuple[str, Message, Shade], ...] = (
    ("O", message("fait"), FULL),
    ("P", message("fait en partie"), HIGH),
    ("N", message("pas fait"), NONE),
    ("?", message("non observé"), LOW),
)


def results(
    of: Mapping[str, Result], titles: Mapping[str, Text], what: Message, row: Message, setter: Setter
) -> Stacked:
    """Return the results by code, each under its title: `what` the picture shows, what a `row` of it is."""
    return Stacked(
        setter.say(what),
        setter.say(row),
        setter.say(message("Réactions attendues")),
        tuple(Kind(sign, setter.say(name), shade) for sign, name, shade in KINDS),
        tuple(_bar(setter.say(titles.get(code, Text(code, code))), each) for code, each in of.items() if each.asked),
    )


def _bar(name: str, of: Result) -> Bar:
    return Bar(name, tuple(each / of.asked for each in (of.yes, of.partial, of.no, of.unseen)), str(of.asked))
