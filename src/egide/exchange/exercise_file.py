"""The file of an establishment (YAML), for `--for`: its own words for the exercises, who sits where, and its directory.

It is written by hand, from the template or from an example: read without trusting it, every fault said at once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from egide import plain
from egide.errors import DataError
from egide.exchange import safety
from egide.exchange.grid import decoded
from egide.exercise.crisis import Establishment, Person
from egide.exercise.kit import Library
from egide.exercise.making import PLACE
from egide.exercise.module import Function, Setting
from egide.finding import Finding, Severity
from egide.message import Language, Message, Text, message

MOST_BYTES = 2_000_000
MOST_WORD = 300
"""Characters of a word that stands in the middle of a sentence."""
MOST_PEOPLE = 500
MOST_HOURS = 9999
_MEND = message("Corriger le fichier (modèle : egide exercise establishment --out FICHIER).")


def read(path: Path, name: str, library: Library) -> tuple[Establishment, list[Finding]]:
    """Return the establishment of a file, and what must be said of it. Raises DataError with every fault."""
    try:
        data = safety.read_bytes(path)
    except safety.Refused as refused:
        raise _refused(name, safety.REFUSALS[refused.code][0]) from None
    if len(data) > MOST_BYTES or b"\0" in data:
        raise _refused(name, message("ce n'est pas le fichier d'un établissement"))
    try:
        text = decoded(data)
    except safety.Refused:
        raise _refused(name, message("ce n'est pas le fichier d'un établissement")) from None
    house = plain.structure(plain.parse_yaml(text, name), Establishment, name)
    faults = [*_unknown(house, library, name), *_long(house, name)]
    if faults:
        raise DataError(message("{file} ne peut pas être utilisé", file=name), tuple(faults))
    people = tuple(each for each in house.directory.people if each != Person(each.function, ""))
    values = {code: " ".join(value.split()) for code, value in house.values.items() if value.strip()}
    house = replace(house, values=values, directory=replace(house.directory, people=people))
    return house, list(_notes(house, library, name))


def _refused(name: str, why: Message) -> DataError:
    return plain.refusal("establishment.unread", name, "", why, remedy=_MEND)


def _unknown(house: Establishment, library: Library, name: str) -> Iterable[Finding]:
    """Yield an error for each code that names nothing."""
    seats = {each.code for kit in library.kits for each in kit.seats.get(house.setting, ())}
    named: tuple[tuple[str, Iterable[str], Collection[str]], ...] = (
        ("values", house.values, {each.code for each in library.places}),
        ("seats", house.seats, seats),
        ("directory.people", (each.function for each in house.directory.people), library.function),
    )
    for place, codes, known in named:
        for code in codes:
            if code not in known:
                said = message(
                    "« {code} » n'est pas un code connu (il y a : {known})", code=code[:100], known=sorted(known)
                )
                yield Finding("establishment.code", Severity.ERROR, said, _MEND, name, place, read=code[:100])
    if not house.name.strip():
        yield Finding("establishment.name", Severity.ERROR, message("le nom de l'établissement manque"), _MEND, name, "name")  # fmt: skip


def _long(house: Establishment, name: str) -> Iterable[Finding]:
    words = {"name": house.name, **{f"values.{code}": value for code, value in house.values.items()}}
    words |= {f"seats.{code}": value for code, value in house.seats.items()}
    for place, word in words.items():
        if len(word) > MOST_WORD:
            said = message("plus de {most} caractères", most=MOST_WORD)
            yield Finding("establishment.long", Severity.ERROR, said, _MEND, name, place, read=word[:100])
    hours = house.directory.insurance.hours
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        said = message("un délai de {hours} heures n'est pas celui d'un contrat", hours=hours)
        yield Finding("establishment.hours", Severity.ERROR, said, _MEND, name, "directory.insurance.hours", read=str(hours))  # fmt: skip
    for place, lines in (("people", house.directory.people), ("suppliers", house.directory.suppliers), ("contacts", house.directory.contacts)):  # fmt: skip
        if len(lines) > MOST_PEOPLE:
            said = message("plus de {most} lignes", most=MOST_PEOPLE)
            yield Finding("establishment.long", Severity.ERROR, said, _MEND, name, f"directory.{place}")


def _notes(house: Establishment, library: Library, name: str) -> Iterable[Finding]:
    used = _used(library, house.setting) - set(house.values)
    left = [each.title for each in library.places if each.code in used]
    if left:
        said = message("restent à leur exemple fictif : {places}", places=left)
        yield Finding("establishment.examples", Severity.NOTE, said, message("Les écrire dans « values » pour que l'exercice parle de chez vous."), name, "values")  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ template
_HEAD = (
    Text("Fichier d'un établissement, pour les exercices et le kit de crise d'Égide. Tout est facultatif, sauf le nom.", "File of an establishment, for the exercises and the crisis kit of Égide. Everything is optional but the name."),
    Text("Une ligne laissée vide garde l'exemple fictif (exercice) ou une ligne à remplir au stylo (kit de crise).", "A line left empty keeps the fictitious example (exercise) or a line to fill in with a pen (crisis kit)."),
)  # fmt: skip
_VALUES = Text(
    "Vos mots, tels qu'ils seront lus dans l'exercice :", "Your words, as they will be read in the exercise:"
)
_SEATS = Text("Qui s'assied où (un nom par place) :", "Who sits where (a name a seat):")
_CHECKED = Text(
    "jour où tous les numéros ont été essayés, aaaa-mm-jj", "day on which all numbers were tried, yyyy-mm-dd"
)
_ROOMS = {
    "room": Text("salle de crise", "crisis room"),
    "spare_room": Text("salle de repli", "fallback room"),
    "means": Text("comment la cellule parle sans le réseau", "how the cell talks without the network"),
    "paper": Text("où est le stock de papier", "where the stock of paper is"),
    "backups": Text("où sont les copies hors ligne, qui a la clé", "where the offline copies are, who has the key"),
}
_HOURS = Text("heures pour prévenir l'assureur, d'après le contrat", "hours to tell the insurer, by the contract")
_SUPPLIERS = Text("Vos fournisseurs, un bloc chacun :", "Your suppliers, a block each:")


def template(library: Library, setting: Setting, needed: Sequence[Function], language: Language) -> str:
    """Return a file to fill in for that setting: places, seats and the functions of the cell, with what each one is."""
    lines = [f"# {each.say(language)}" for each in _HEAD]
    lines += [f"setting: {setting.value}", 'name: ""', "", f"# {_VALUES.say(language)}", "values:"]
    used = _used(library, setting)
    for place in library.places:
        if place.code in used:
            example = place.settings.get(setting, place.example).say(language)
            lines.append(f'  {place.code}: ""  # {place.title.say(language)} ({example})')
    seats = {each.code: each.title for kit in library.kits for each in kit.seats.get(setting, ())}
    lines += ["", f"# {_SEATS.say(language)}", "seats:"]
    lines += [f'  {code}: ""  # {title.say(language)}' for code, title in seats.items()]
    lines += ["", "directory:", f"  checked_on:  # {_CHECKED.say(language)}"]
    lines += [f'  {name}: ""  # {said.say(language)}' for name, said in _ROOMS.items()]
    lines.append("  people:")
    for function in needed:
        lines.append(f"  - function: {function.code}  # {function.title.say(language)}")
        lines += [f'    {name}: ""' for name in ("name", "telephone", "night", "stand_in", "stand_in_telephone")]
    lines += [f"  # {_SUPPLIERS.say(language)}", "  # suppliers:"]
    lines += ['  # - {name: "", runs: "", contract: "", telephone: "", always: non}']
    lines += [
        "  insurance:",
        '    insurer: ""',
        '    policy: ""',
        '    telephone: ""',
        f"    hours:  # {_HOURS.say(language)}",
        "",
    ]
    return "\n".join(lines)


def _used(library: Library, setting: Setting) -> set[str]:
    """Return the codes of the places that the exercises of a setting name, the name of the establishment apart."""
    known = [each for each in library.modules if not each.settings or setting in each.settings]
    named = {code for each in (*known, *library.kits) for code in PLACE.findall(plain.canonical(each).decode())}
    return named - {"establishment"}
