"""What the page without network brings back: one play with its script, read without trusting anything it says.

A file that a person changed is read all the same, and said: nothing is lost, and nothing of it passes for untouched.
What cannot be placed (a tick of an inject that is not there) is left out of the record and listed.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from egide import plain
from egide.errors import DataError
from egide.exchange import safety
from egide.exchange.grid import decoded
from egide.exercise import record as core
from egide.exercise import script as scripts
from egide.exercise.making import digest
from egide.exercise.record import Record, intact
from egide.exercise.script import Script
from egide.family import FAMILIES
from egide.finding import Finding, Severity
from egide.message import Message, message

KIND = "egide-exercise-results"
FORMAT = 1
MOST_TEXT = 20_000
MOST_ENTRIES = 50_000
LONGEST = 31 * 86_400
"""Seconds of play beyond which nobody can mean it."""
DRIFT = 120
"""Seconds by which the computer's clock may disagree with the time played before it is said."""
LONG_PAUSE = 86_400
CODE, SITE = re.compile(r"[\w.-]{1,100}"), re.compile(r"[\w-]{1,40}", re.ASCII)
"""What names an inject or an expected reaction, and a site."""
OLD = timedelta(days=400)


@dataclass(frozen=True)
class Results:
    """A play read from a file: `whole` tells that neither the record nor the script was changed since it was saved."""

    name: str
    record: Record
    script: Script
    whole: bool
    findings: tuple[Finding, ...]


def read(path: Path, name: str, today: date | None = None, expected: Collection[str] = ()) -> Results:
    """Return the play of a file, and all that must be said of it. Raises DataError when it is no such file.

    `today` lets a wrong clock be seen; `expected` are the digests of the scripts that the play may be of, none: any.
    """
    data = _data(path, name)
    found: list[Finding] = []
    script = plain.structure(data["script"], Script, name)
    record = plain.structure(data["record"], Record, name)
    if record.format != core.FORMAT or script.format != scripts.FORMAT:
        raise _refused(name, message("ces résultats viennent d'une autre version du programme"), message("Mettre Égide à jour, puis recommencer."))  # fmt: skip
    faults = [*_impossible(record, name), *_script_faults(script, record, name)]
    if faults:
        raise DataError(message("{file} ne peut pas être utilisé", file=name), tuple(faults))
    sealed, same = intact(record), digest(script) == record.script
    if not sealed:
        said = message("les résultats ont été modifiés depuis que la page les a enregistrés : ils sont lus, et marqués comme tels")  # fmt: skip
        remedy = message("Reprendre le fichier d'origine, ou confirmer que la modification est voulue.")
        found.append(Finding("results.edited", Severity.DOUBT, said, remedy, name, "record", read=record.fingerprint[:16]))  # fmt: skip
    if not same:
        said = message("le script joint n'est pas celui qui a été joué : il a été modifié ou échangé")
        remedy = message("Reprendre le fichier d'origine.")
        found.append(Finding("results.script", Severity.DOUBT, said, remedy, name, "script", read=record.script[:16]))
    if expected and record.script not in expected:
        said = message("ces résultats sont ceux d'un autre script que l'exercice choisi")
        remedy = message("Vérifier que la page vient bien du kit de cet exercice ; sinon, les importer à part.")
        found.append(Finding("results.other_script", Severity.DOUBT, said, remedy, name, "script", read=record.script[:16]))  # fmt: skip
    record, strayed = _placed(record, name)
    found += [*strayed, *_clock(record, name, today), *_shape(record, name)]
    return Results(name, record, script, sealed and same, tuple(found))


def several(results: Sequence[Results]) -> tuple[tuple[Results, ...], tuple[Finding, ...]]:
    """Return results without those brought twice, and what was found: those of one play that differ are kept apart."""
    kept: list[Results] = []
    found: list[Finding] = []
    for each in results:
        arrival = core.arrival(each.record, [one.record for one in kept])
        if arrival is core.Arrival.TWICE:
            said = message("les mêmes résultats ont déjà été donnés : ce fichier est laissé de côté")
            found.append(Finding("results.twice", Severity.NOTE, said, message("Rien à faire."), each.name, read=each.record.play))  # fmt: skip
            continue
        if arrival is core.Arrival.OTHER:
            said = message("une autre version des mêmes résultats a été donnée : les deux sont gardées, à part")
            remedy = message("Garder celle qui est complète (le plus souvent la dernière enregistrée).")
            found.append(Finding("results.other_version", Severity.DOUBT, said, remedy, each.name, read=each.record.play))  # fmt: skip
        kept.append(each)
    return tuple(kept), tuple(found)


def _data(path: Path, name: str) -> dict[str, Any]:
    try:
        text = decoded(safety.read_bytes(path)).removeprefix("\ufeff")
    except safety.Refused as refused:
        raise DataError(message("{file} ne peut pas être utilisé", file=name), (safety.refusal(refused.code, name),)) from None  # fmt: skip
    if not text.lstrip().startswith("{"):
        raise _refused(name, _NOT_OURS, _SEND)
    data = plain.parse_json(text, name)
    if not isinstance(data, dict) or data.get("kind") != KIND or not {"script", "record"} <= data.keys():
        raise _refused(name, _NOT_OURS, _SEND)
    if str(data.get("format")) != str(FORMAT):
        raise _refused(name, message("ces résultats viennent d'une autre version du programme"), message("Mettre Égide à jour, puis recommencer."))  # fmt: skip
    return data


_NOT_OURS = message("ce n'est pas un fichier de résultats enregistré par la page hors réseau")
_SEND = message("Donner le fichier .json que « Enregistrer les résultats » a mis dans les téléchargements.")


def _refused(name: str, why: Message, remedy: Message) -> DataError:
    return plain.refusal("results.unread", name, "", why, remedy=remedy)


# ------------------------------------------------------------------------------------------------------ what cannot be
def _impossible(record: Record, name: str) -> Iterable[Finding]:
    """Yield an error for each value that no play can hold."""
    remedy = message("Reprendre le fichier d'origine.")
    entries = (*record.events, *record.ticks, *record.notes, *record.actions, *record.decisions, *record.presence, *record.pauses)  # fmt: skip
    if len(entries) > MOST_ENTRIES:
        said = message("plus de {most} lignes : le fichier n'est pas celui d'un exercice", most=MOST_ENTRIES)
        yield Finding("results.size", Severity.ERROR, said, remedy, name, "record")
    for place, value, least in _times(record):
        if not least <= value <= LONGEST:
            said = message("ce temps est hors de portée : {value} secondes", value=value)
            yield Finding("results.time", Severity.ERROR, said, remedy, name, f"record.{place}", read=str(value))
    for place, text in _texts(record):
        if len(text) > MOST_TEXT:
            said = message("un texte dépasse {most} caractères", most=MOST_TEXT)
            yield Finding("results.text", Severity.ERROR, said, remedy, name, f"record.{place}", read=text[:100])
    yield from _twice("event", [each.id for each in record.events], name, "record.events")
    yield from _twice("site", [each.code for each in record.sites], name, "record.sites")
    for number, site in enumerate(record.sites):
        if not SITE.fullmatch(site.code):
            yield _misnamed(site.code, name, f"record.sites[{number}].code")


def _twice(what: str, codes: Iterable[str], name: str, place: str) -> Iterable[Finding]:
    for code, count in Counter(codes).items():
        if count > 1:
            said = message("le même identifiant est donné {count} fois", count=count)
            yield Finding(f"results.{what}", Severity.ERROR, said, message("Reprendre le fichier d'origine."), name, place, read=code[:100])  # fmt: skip


def _misnamed(code: str, name: str, place: str) -> Finding:
    said = message("cet identifiant n'est pas de ceux qu'écrit la page hors réseau")
    return Finding("results.code", Severity.ERROR, said, message("Reprendre le fichier d'origine."), name, place, read=code[:100])  # fmt: skip


def _times(record: Record) -> Iterable[tuple[str, int, int]]:
    """Yield each number of seconds: where it stands, what it is, the least that it can be."""
    if record.lasted is not None:
        yield "lasted", record.lasted, 0
    for number, event in enumerate(record.events):
        yield f"events[{number}].at", event.at, -LONGEST
        if event.sent is not None:
            yield f"events[{number}].sent", event.sent, -LONGEST
    for kind in ("ticks", "notes", "actions", "decisions", "pauses"):
        for number, each in enumerate(getattr(record, kind)):
            yield f"{kind}[{number}].at", each.at, -LONGEST
    for number, each in enumerate(record.pauses):
        yield f"pauses[{number}].seconds", each.seconds, 0


def _texts(record: Record) -> Iterable[tuple[str, str]]:
    for number, note in enumerate(record.notes):
        yield f"notes[{number}].text", note.text
    for number, tick in enumerate(record.ticks):
        yield f"ticks[{number}].note", tick.note
        yield f"ticks[{number}].observer", tick.observer
    for number, event in enumerate(record.events):
        yield f"events[{number}].item.text", max(event.item.text.fr, event.item.text.en, key=len)


def _script_faults(script: Script, record: Record, name: str) -> Iterable[Finding]:
    """Yield an error for each part of a script, or of what was played, that cannot be or names what is not there."""
    remedy = message("Reprendre le fichier d'origine.")
    functions = {each.code for each in script.functions}
    seats = {each.code for each in script.seats}
    documents = {each.id for each in script.documents}
    families = {each.code for each in FAMILIES}
    if not seats:
        yield Finding("results.script", Severity.ERROR, message("le script n'a aucune place à la table"), remedy, name, "script.seats")  # fmt: skip
    if script.level not in range(4):
        said = message("niveau inconnu : {level}", level=script.level)
        yield Finding("results.script", Severity.ERROR, said, remedy, name, "script.level", read=str(script.level))
    yield from _twice("event", [each.id for each in script.items], name, "script.items")
    items = [(f"script.items[{number}]", each) for number, each in enumerate(script.items)]
    items += [(f"record.events[{number}].item", each.item) for number, each in enumerate(record.events)]
    codes = [(f"record.events[{number}].id", each.id) for number, each in enumerate(record.events)]
    codes += [(f"{place}.id", each.id) for place, each in items]
    codes += [(f"{place}.expectations", one.id) for place, each in items for one in each.expectations]
    yield from (_misnamed(code, name, place) for place, code in codes if not CODE.fullmatch(code))
    for place, item in items:
        if not -LONGEST <= item.at * 60 <= LONGEST:
            said = message("ce temps est hors de portée : {value} secondes", value=item.at * 60)
            yield Finding("results.time", Severity.ERROR, said, remedy, name, f"{place}.at", read=str(item.at))
        named = (
            (set(item.seats) - seats, "seats"),
            ({item.document} - documents - {""}, "document"),
            ({each.by for each in item.expectations} - functions, "expectations"),
            ({each.family for each in item.expectations} - families, "expectations"),
        )
        for unknown, what in named:
            for each in sorted(unknown):
                said = message("le script nomme « {code} », qui n'y est pas", code=each[:100])
                yield Finding("results.script", Severity.ERROR, said, remedy, name, f"{place}.{what}", item.id)  # fmt: skip


# --------------------------------------------------------------------------------------------------- what has no place
def _placed(record: Record, name: str) -> tuple[Record, list[Finding]]:
    """Return the record without what speaks of something that it does not hold, and a finding for each."""
    expected = {(each.id, one.id) for each in record.events for one in each.item.expectations}
    events = {each.id for each in record.events} | {""}
    sites = {each.code for each in record.sites} | {""}
    own = sites - {""} or {""}
    fits: Mapping[str, Callable[[Any], bool]] = {
        "ticks": lambda each: (each.event, each.expectation) in expected and each.site in own,
        "decisions": lambda each: (each.event, each.expectation) in expected and each.site in own,
        "notes": lambda each: each.event in events and each.site in sites,
        "presence": lambda each: each.people > 0 and each.site in sites,
    }
    found: list[Finding] = []
    kept: dict[str, Any] = {}
    for kind, is_placed in fits.items():
        entries = getattr(record, kind)
        out = [each for each in entries if not is_placed(each)]
        kept[kind] = tuple(each for each in entries if is_placed(each))
        if out:
            said = message("lignes laissées de côté, car elles parlent d'un stimulus, d'une réaction ou d'un site absents : {count}", count=len(out))  # fmt: skip
            found.append(Finding("results.stray", Severity.DOUBT, said, message("Reprendre le fichier d'origine."), name, f"record.{kind}", read=str(out[0])[:300]))  # fmt: skip
    unsent = [each.id for each in record.events if each.state is core.State.SENT and each.sent is None]
    if unsent:
        said = message("stimulus dits joués sans leur heure : {count} ; l'heure prévue est prise", count=len(unsent))
        found.append(Finding("results.unsent", Severity.DOUBT, said, message("Vérifier ces heures."), name, "record.events", unsent[0]))  # fmt: skip
        kept["events"] = tuple(
            replace(each, sent=each.at) if each.state is core.State.SENT and each.sent is None else each
            for each in record.events
        )
    return (replace(record, **kept) if found else record), found


# --------------------------------------------------------------------------------------------------- clocks and lengths
def _clock(record: Record, name: str, today: date | None) -> Iterable[Finding]:
    remedy = message("Écrire la bonne date dans le compte rendu ; les durées, elles, ne dépendent pas de l'horloge.")
    if today and (record.held_on > today or record.held_on < today - OLD):
        said = message("l'horloge de l'ordinateur était sans doute fausse : elle disait le {day}", day=record.held_on)
        yield Finding("results.clock", Severity.DOUBT, said, remedy, name, "record.held_on", read=record.held_on.isoformat())  # fmt: skip
    if record.started and record.ended and record.lasted is not None:
        told = (record.ended - record.started).total_seconds()
        counted = record.lasted + sum(each.seconds for each in record.pauses)
        if abs(told - counted) > DRIFT:
            said = message("l'horloge de l'ordinateur a bougé pendant l'exercice ({told} min selon elle, {counted} min comptées) : le temps compté fait foi", told=round(told / 60), counted=round(counted / 60))  # fmt: skip
            yield Finding("results.clock_moved", Severity.NOTE, said, message("Rien à faire."), name, "record.started")
    for each in record.pauses:
        if each.seconds > LONG_PAUSE:
            said = message("une pause a duré {days} jours", days=round(each.seconds / 86_400))
            yield Finding("results.pause", Severity.NOTE, said, message("Rien à faire : elle ne compte pas dans les durées."), name, "record.pauses")  # fmt: skip


def _shape(record: Record, name: str) -> Iterable[Finding]:
    if record.started is None:
        said = message("l'exercice n'a pas commencé : il n'y a rien à en dire")
        yield Finding("results.not_begun", Severity.DOUBT, said, message("Enregistrer les résultats après la fin."), name)  # fmt: skip
    elif record.ended is None:
        said = message("l'exercice n'était pas fini quand ses résultats ont été enregistrés")
        yield Finding("results.not_ended", Severity.DOUBT, said, message("Finir l'exercice dans la page, puis enregistrer à nouveau."), name)  # fmt: skip
    if record.started is not None and not record.ticks:
        said = message("aucune réaction n'a été observée")
        yield Finding("results.unobserved", Severity.NOTE, said, message("Cocher les réactions dans la page, puis enregistrer à nouveau."), name)  # fmt: skip
