"""What the library of exercises must be: every name known, every inject makes somebody do something, kits of one size.

The sizes come from how the field plays (docs/decisions.md): a first exercise of forty injects cannot be played in an
hour and a half by people who never did one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from egide.exercise.kit import Kit, Library
from egide.exercise.making import places, script
from egide.exercise.module import EVERYBODY, Function, Inject, Module, Setting
from egide.family import FAMILIES
from egide.finding import Finding, Severity
from egide.message import Message, Text, message

SIZES: Mapping[tuple[int, Setting], tuple[int, int]] = {
    (1, Setting.HOSPITAL): (12, 15),
    (1, Setting.HOME): (12, 15),
    (1, Setting.PRACTICE): (12, 15),
    (2, Setting.HOSPITAL): (30, 40),
    (2, Setting.HOME): (30, 40),
    (2, Setting.PRACTICE): (24, 40),
    (3, Setting.HOSPITAL): (60, 80),
    (3, Setting.HOME): (30, 80),
    (3, Setting.PRACTICE): (24, 80),
}
"""The least and the most injects of a kit, by level and setting: a practice has fewer people to play with."""
MINUTES = {1: 90, 2: 240, 3: 480}
"""How long a kit may keep people, all told."""
KNOWN = {each.code: ("", *each.measures) for each in FAMILIES}
"""The measures that may be named in each family; none is the family as a whole."""
LONGEST = 900
"""Characters of an inject: what can be read aloud in a minute and a half."""
MOST_AT_ONCE = 3


def faults(library: Library) -> tuple[Finding, ...]:
    """Return everything that is wrong in the library; nothing when it can be shipped."""
    found = [*_twice(library), *_unknown(library), *_texts(library)]
    return tuple(found) or tuple(_kits(library))


def _finding(code: str, place: str, understood: Message, remedy: Message) -> Finding:
    return Finding(f"exercise.{code}", Severity.ERROR, understood, remedy, place=place)


def _twice(library: Library) -> Iterator[Finding]:
    modules = library.modules
    injects = [each for module in modules for each in module.injects]
    ids = (
        [each.code for each in modules],
        [each.id for each in injects],
        [expected.id for each in injects for expected in each.expectations],
        [document.id for module in modules for document in module.documents],
        [each.code for each in library.functions],
        [each.code for each in library.places],
    )
    for names in ids:
        for name, count in Counter(names).items():
            if count > 1:
                yield _finding(
                    "twice", name, message("« {name} » est donné deux fois", name=name), message("N'en garder qu'un.")
                )


def _unknown(library: Library) -> Iterator[Finding]:
    for module in library.modules:
        held = {each.id for each in module.documents}
        used = {each.document for each in module.injects if each.document}
        for name in sorted(held ^ used):
            yield _finding(
                "document", name,
                message("Document « {name} » : cité sans être écrit, ou écrit sans être cité", name=name),
                message("L'écrire dans le module, ou le retirer."),
            )  # fmt: skip
        for inject in module.injects:
            yield from _names(inject, module, library.function)
    for function in library.functions:
        for code in function.stand_ins:
            if code not in library.function:
                yield _nobody(function.code, code)


def _names(inject: Inject, module: Module, functions: Mapping[str, Function]) -> Iterator[Finding]:
    settings = inject.settings or module.settings or tuple(Setting)
    for code in sorted({*inject.to, *(each.by for each in inject.expectations)} - {EVERYBODY}):
        if code not in functions:
            yield _nobody(inject.id, code)
        elif functions[code].settings and not {*functions[code].settings} & {*settings}:
            yield _finding(
                "elsewhere", inject.id,
                message("La fonction « {code} » n'existe nulle part où ce stimulus se joue", code=code),
                message("Choisir une fonction qui y existe."),
            )  # fmt: skip
    for each in inject.expectations:
        if each.measure not in KNOWN.get(each.family, ()):
            yield _finding(
                "family", each.id,
                message("Famille ou mesure inconnue : « {family} {measure} »", family=each.family, measure=each.measure),
                message("Prendre l'une des quatorze familles, et une de ses mesures."),
            )  # fmt: skip


def _nobody(place: str, code: str) -> Finding:
    understood = message("Fonction inconnue : « {code} »", code=code)
    return _finding("function", place, understood, message("L'ajouter aux fonctions, ou en choisir une qui y est."))


def _texts(library: Library) -> Iterator[Finding]:
    known = {each.code for each in library.places}
    for place, text in _all(library):
        for code in sorted(places(text) - known):
            yield _finding(
                "place", place,
                message("Repère inconnu : « {code} »", code=code),
                message("L'ajouter aux repères, ou en choisir un qui y est."),
            )  # fmt: skip
        if bool(text.fr) != bool(text.en):
            yield _finding(
                "language", place,
                message("Écrit dans une seule langue : « {text} »", text=(text.fr or text.en)[:60]),
                message("L'écrire en français et en anglais."),
            )  # fmt: skip
    for module in library.modules:
        for inject in module.injects:
            if max(len(inject.text.fr), len(inject.text.en)) > LONGEST:
                yield _finding(
                    "long", inject.id,
                    message("Plus de {most} caractères : trop long à lire à voix haute", most=LONGEST),
                    message("Le raccourcir, ou en mettre une part dans un document."),
                )  # fmt: skip
            if not (inject.expectations and inject.text.fr and inject.title.fr and inject.what_if.fr and inject.to):
                yield _finding(
                    "idle", inject.id,
                    message("Ce stimulus ne fait agir personne, ou ne dit pas quoi faire si personne n'agit"),
                    message("Lui donner un texte, un destinataire, une réaction attendue et un recours."),
                )  # fmt: skip


def _all(library: Library) -> Iterator[tuple[str, Text]]:
    for module in library.modules:
        yield from ((module.code, each) for each in (module.title, module.purpose, *module.questions))
        for inject in module.injects:
            yield from ((inject.id, each) for each in inject.texts)
            yield from ((each.id, each.text) for each in inject.expectations)
        for document in module.documents:
            yield from ((document.id, each) for each in document.texts)
    for kit in library.kits:
        told = (kit.title, kit.summary, kit.begins, *kit.objectives, *kit.material, *kit.rules, *kit.questions)
        yield from ((f"kit {kit.level}", each) for each in told)


def _kits(library: Library) -> Iterator[Finding]:
    for kit in library.kits:
        place = f"kit {kit.level}"
        if kit.minutes > MINUTES[kit.level]:
            yield _finding(
                "duration", place,
                message("Ce niveau retient les personnes {minutes} minutes", minutes=kit.minutes),
                message("Au plus {most}.", most=MINUTES[kit.level]),
            )  # fmt: skip
        for setting in Setting:
            yield from _size(library, kit, setting)


def _size(library: Library, kit: Kit, setting: Setting) -> Iterator[Finding]:
    place = f"kit {kit.level} {setting}"
    made = script(library, setting, kit.level, {})
    least, most = SIZES[kit.level, setting]
    if not least <= len(made.items) <= most:
        yield _finding(
            "size", place,
            message("{count} stimulus", count=len(made.items)),
            message("De {least} à {most} à ce niveau.", least=least, most=most),
        )  # fmt: skip
    if any(not 0 <= each.at <= kit.play for each in made.items):
        yield _finding(
            "time", place,
            message("Un stimulus vient avant le début ou après la fin"),
            message("Le placer dans la durée du jeu."),
        )  # fmt: skip
    if _most_at_once(each.at for each in made.items) > MOST_AT_ONCE:
        yield _finding(
            "crowded", place,
            message("Plus de {most} stimulus dans la même minute", most=MOST_AT_ONCE),
            message("Les écarter : personne ne peut les lire ensemble."),
        )  # fmt: skip
    idle = {each.code for each in made.seats} - {seat for each in made.items for seat in each.seats}
    for code in sorted(idle):
        yield _finding(
            "seat", place,
            message("La place « {code} » ne reçoit rien", code=code),
            message("Lui donner une fonction à qui l'on s'adresse, ou la retirer."),
        )  # fmt: skip


def _most_at_once(minutes: Iterable[int]) -> int:
    return max(Counter(minutes).values(), default=0)
