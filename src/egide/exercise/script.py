"""An exercise made ready for one establishment: the one form that is printed, played, sent out as a sheet, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from egide.exercise.kit import Seat
from egide.exercise.module import Channel, Document, Expectation, Function, Setting
from egide.message import Text

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the chronogram: an inject with its time, its texts filled in.

    `id` is the inject's, or one made for a line that people added; `at` are minutes since the beginning (STARTEX).
    `seats` are the codes of the seats that receive it: functions routed through their stand-ins; all of them for
    everybody. `module` is empty for a line that people added.
    """

    id: str
    at: int
    title: Text
    channel: Channel
    sender: Text
    seats: tuple[str, ...]
    text: Text
    module: str = ""
    to: tuple[str, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    what_if: Text = Text()
    document: str = ""
    moment: Text = Text()


@dataclass(frozen=True, slots=True)
class Script:
    """A whole exercise, self-contained: later changes of the library do not touch it.

    `level` is 0 for modules chosen à la carte at no kit's level. `values` holds every place and what was written there;
    `examples` are those that it names and that were left at their fictitious example. `modules` are titles by code, in order. Times in minutes.
    """

    format: int
    library: str
    title: Text
    level: int
    setting: Setting
    begins: Text
    briefing: int
    play: int
    debrief: int
    objectives: tuple[Text, ...]
    material: tuple[Text, ...]
    rules: tuple[Text, ...]
    functions: tuple[Function, ...]
    seats: tuple[Seat, ...]
    modules: Mapping[str, Text]
    items: tuple[Item, ...]
    documents: tuple[Document, ...]
    questions: tuple[Text, ...]
    values: Mapping[str, Text]
    examples: tuple[str, ...]
