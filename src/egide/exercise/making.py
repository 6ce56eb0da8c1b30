"""From the library to a script: modules placed in time, injects sent to the seats that play, places filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from egide import plain
from egide.errors import UsageError
from egide.exercise.kit import Library, Placed, Seat
from egide.exercise.module import EVERYBODY, Document, Function, Inject, Setting
from egide.exercise.script import FORMAT, Item, Script
from egide.message import Text, message

PLACE = re.compile(r"\{([a-z_]+)\}")
BETWEEN = 10
"""Minutes between the last inject of a module chosen à la carte and the first of the next."""


def script(
    library: Library,
    setting: Setting,
    level: int,
    values: Mapping[str, Text],
    modules: Sequence[str] = (),
) -> Script:
    """Return the exercise of that level made ready for an establishment.

    `modules` chosen à la carte replace those of the kit, one after the other in that order, at that level. `values` are
    the establishment's own words for the places, by code; the others keep their fictitious example.
    Raises UsageError for a level, a module or a place that does not exist, or a module with nothing to play here at that
    level.
    """
    if level not in library.kit:
        raise UsageError(message("Niveau {level} : il y a les niveaux 1, 2 et 3.", level=level))
    _known(library, setting, level, modules, values)
    kit = library.kit[level]
    seats = kit.seats[setting]
    placed = _in_a_row(library, setting, level, modules) if modules else _of(kit.modules, setting)
    filled = {each.code: _value(each.code, library, setting, values) for each in library.places}
    there = {each.code: each for each in library.functions if not each.settings or setting in each.settings}
    asked = [*kit.questions, *(each for part in placed for each in library.module[part.module].questions)]
    said = [kit.begins, *kit.rules, *asked]
    items, documents = [], {}
    for each in placed:
        module = library.module[each.module]
        held = {document.id: document for document in module.documents}
        for inject in module.played(min(level, each.level or level), setting):
            if inject.id in each.without:
                continue
            at = (each.times or {}).get(inject.id, each.at + inject.at)
            items.append(_item(inject, at, module.code, routed(inject.to, seats, there), filled))
            said += [*inject.texts, *(expected.text for expected in inject.expectations)]
            if inject.document:
                said += held[inject.document].texts
                documents[inject.document] = _document(held[inject.document], filled)
    items.sort(key=lambda item: item.at)
    own = bool(modules)
    titles = {each.module: library.module[each.module].title for each in placed}
    named = set().union(*map(places, said))
    return Script(
        format=FORMAT,
        library=library.version,
        title=kit.title,
        level=0 if own else level,
        setting=setting,
        begins=_fill(kit.begins, filled),
        briefing=kit.briefing,
        play=max((item.at for item in items), default=0) + BETWEEN if own else kit.play,
        debrief=kit.debrief,
        objectives=kit.objectives,
        material=kit.material,
        rules=tuple(_fill(each, filled) for each in kit.rules),
        functions=tuple(there.values()),
        seats=seats,
        modules=titles,
        items=tuple(items),
        documents=tuple(documents.values()),
        questions=tuple(_fill(each, filled) for each in asked),
        values=filled,
        examples=tuple(each.code for each in library.places if each.code in named and each.code not in values),
    )


def digest(made: Script) -> str:
    """Return the name of a script by its content: 64 hexadecimal digits."""
    return plain.digest(made)


def routed(to: Iterable[str], seats: Sequence[Seat], functions: Mapping[str, Function]) -> tuple[str, ...]:
    """Return the codes of the seats that receive what is sent to these functions, in the order of the seats.

    A function that nobody holds is taken over by its first stand-in that somebody holds; where none is, by the first
    seat: an inject always reaches somebody.
    """
    if EVERYBODY in to:
        return tuple(each.code for each in seats)
    holder = {function: each.code for each in reversed(seats) for function in each.functions}
    reached = set()
    for code in to:
        chain = (code, *(functions[code].stand_ins if code in functions else ()))
        reached.add(next((holder[each] for each in chain if each in holder), seats[0].code))
    return tuple(each.code for each in seats if each.code in reached)


def places(text: Text) -> set[str]:
    """Return the codes of the places that a text names."""
    return {*PLACE.findall(text.fr), *PLACE.findall(text.en)}


def _known(library: Library, setting: Setting, level: int, modules: Sequence[str], values: Mapping[str, Text]) -> None:
    for code in modules:
        module = library.module.get(code)
        if module is None:
            raise UsageError(message("Module inconnu : {code}.", code=code))
        if module.settings and setting not in module.settings:
            raise UsageError(message("Le module « {title} » ne se joue pas ici.", title=module.title))
        if not module.played(level, setting):
            raise UsageError(
                message(
                    "Le module « {title} » n'a rien au niveau {level} : choisir un niveau plus haut.",
                    title=module.title,
                    level=level,
                )
            )
    known = {each.code for each in library.places}
    for code in values:
        if code not in known:
            raise UsageError(message("Repère inconnu : {code}.", code=code))


def _of(placed: Iterable[Placed], setting: Setting) -> list[Placed]:
    return [each for each in placed if not each.settings or setting in each.settings]


def _in_a_row(library: Library, setting: Setting, level: int, modules: Sequence[str]) -> list[Placed]:
    found, at = [], 0
    for code in modules:
        found.append(Placed(code, at))
        at += max((each.at for each in library.module[code].played(level, setting)), default=0) + BETWEEN
    return found


def _value(code: str, library: Library, setting: Setting, values: Mapping[str, Text]) -> Text:
    place = next(each for each in library.places if each.code == code)
    return values.get(code) or place.settings.get(setting) or place.example


def _fill(text: Text, values: Mapping[str, Text]) -> Text:
    return Text(
        PLACE.sub(lambda found: values[found[1]].say("fr"), text.fr),
        PLACE.sub(lambda found: values[found[1]].say("en"), text.en),
    )


def _item(inject: Inject, at: int, module: str, seats: tuple[str, ...], values: Mapping[str, Text]) -> Item:
    return Item(
        id=inject.id,
        at=at,
        title=_fill(inject.title, values),
        channel=inject.channel,
        sender=_fill(inject.sender, values),
        seats=seats,
        text=_fill(inject.text, values),
        module=module,
        to=inject.to,
        expectations=tuple(replace(each, text=_fill(each.text, values)) for each in inject.expectations),
        what_if=_fill(inject.what_if, values),
        document=inject.document,
        moment=_fill(inject.moment, values),
    )


def _document(document: Document, values: Mapping[str, Text]) -> Document:
    return replace(
        document,
        title=_fill(document.title, values),
        sender=_fill(document.sender, values),
        to=_fill(document.to, values),
        text=_fill(document.text, values),
        rows=tuple(_fill(each, values) for each in document.rows),
    )
