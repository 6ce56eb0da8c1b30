"""An exercise being prepared, as a value: the script that its row makes, and the places its texts name."""

from collections.abc import Iterable
from functools import lru_cache

from egide import plain, reference
from egide.exercise.editing import Edits, edited
from egide.exercise.kit import Library, Place
from egide.exercise.making import places, script
from egide.exercise.module import Module, Setting
from egide.exercise.script import Script
from egide.message import Text
from egide.web.exercises import convert
from egide.web.exercises.models import Exercise


def setting_of(row: Exercise) -> Setting:
    """Return where an exercise is played."""
    return Setting(row.setting)


def edits_of(row: Exercise) -> Edits:
    """Return what people changed of the chronogram of an exercise."""
    return plain.structure(row.edits, Edits, "edits") if row.edits else Edits()


def made(row: Exercise) -> Script:
    """Return the script of a draft as the library makes it with the establishment's own words, before any change."""
    library = reference.exercises()
    known = {each.code for each in library.places}
    values = tuple((code, value) for code, value in row.values.items() if code in known and value)
    modules = tuple(code for code in row.modules if code in library.module)
    return _made(setting_of(row), row.level, values, modules)


@lru_cache(maxsize=32)
def _made(setting: Setting, level: int, values: tuple[tuple[str, str], ...], modules: tuple[str, ...]) -> Script:
    """Return a script; each page of a draft asks for the same one several times."""
    return script(reference.exercises(), setting, level, {code: Text(value, value) for code, value in values}, modules)


def script_of(row: Exercise) -> Script:
    """Return the script of an exercise: the one that was frozen, else that of the draft as people changed it."""
    if row.script:
        return convert.script(row)
    return edited(made(row), edits_of(row))


def asked(row: Exercise) -> list[Place]:
    """Return the places that the texts of this exercise name, in the order of the library."""
    library = reference.exercises()
    found = _named(setting_of(row), row.level, tuple(code for code in row.modules if code in library.module))
    return [each for each in library.places if each.code in found]


@lru_cache(maxsize=64)
def _named(setting: Setting, level: int, modules: tuple[str, ...]) -> frozenset[str]:
    library = reference.exercises()
    kit = library.kit[level]
    example = script(library, setting, level, {}, modules)
    played = {each.id for each in example.items}
    texts = [kit.begins, *kit.rules, *kit.questions]
    for code in example.modules:
        module = library.module[code]
        texts += module.questions
        held = {each.id: each for each in module.documents}
        for inject in module.injects:
            if inject.id in played:
                texts += (inject.title, inject.sender, inject.text, inject.what_if, inject.moment)
                texts += (each.text for each in inject.expectations)
                if inject.document:
                    document = held[inject.document]
                    texts += (document.title, document.sender, document.to, document.text, *document.rows)
    return frozenset().union(*(places(text) for text in texts))


def ordered(library: Library) -> Iterable[Module]:
    """Return the modules in the order in which the fullest kits play them, then those that no kit plays."""
    kits = sorted(library.kits, key=lambda each: -each.level)
    first = {placed.module: None for kit in kits for placed in sorted(kit.modules, key=lambda each: each.at)}
    codes = [*first, *(each.code for each in library.modules if each.code not in first)]
    return [library.module[code] for code in codes]


def example_of(place: Place, setting: Setting) -> Text:
    """Return the fictitious value that stands for a place where the establishment gives none."""
    return place.settings.get(setting) or place.example
