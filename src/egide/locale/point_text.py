"""A control point in words: the same in every file and on every screen."""

from collections.abc import Mapping
from enum import StrEnum

from egide.clausier.model import Point
from egide.family import BY_CODE
from egide.locale import say
from egide.message import Language, Text, message
from egide.tender.words import LEVELS

WORDS: Mapping[str, Text] = {
    "essentiel": Text("essentiel", "essential"),
    "standard": Text("standard", "standard"),
    "renforce": Text("renforcé", "reinforced"),
    "candidacy": Text("candidature", "candidacy"),
    "minimum": Text("minimum", "minimum"),
    "scored": Text("noté", "scored"),
    "minimum_then_scored": Text("minimum, puis noté", "minimum, then scored"),
    "none": Text("information", "information"),
    "irregular": Text("irrégularité proposée", "irregularity proposed"),
    "zero": Text("zéro", "zero"),
    "statement": Text("déclaration", "statement"),
    "value": Text("valeur", "value"),
    "document": Text("document", "document"),
    "extract": Text("extrait", "extract"),
    "certificate": Text("certificat", "certificate"),
    "demonstration": Text("démonstration", "demonstration"),
    "test": Text("essai", "test"),
    "declaration": Text("déclaration", "declaration"),
    "with_bid": Text("avec l'offre", "with the bid"),
    "from_presumed_winner": Text("de l'attributaire pressenti", "from the presumed winner"),
    "at_acceptance": Text("à l'admission (VA/VSR)", "at acceptance"),
    "each_year": Text("chaque année", "each year"),
    "on_request": Text("sur demande", "on request"),
    "supplier": Text("titulaire", "supplier"),
    "hospital": Text("établissement", "hospital"),
    "shared": Text("partagé", "shared"),
}


def word(value: StrEnum, language: Language) -> str:
    """Return a coded value as people write it."""
    return WORDS[value.value].say(language)


TO_CHECK = Text("à vérifier", "to be checked")
SEEN: Mapping[Language, str] = {"fr": "vu le {day:%d/%m/%Y}", "en": "seen {day:%Y-%m-%d}"}


_YES_NO: Mapping[bool, Text] = {True: Text("oui", "yes"), False: Text("non", "no")}


def written(value: object, language: Language) -> str:
    """Return the value of any field of a point."""
    if isinstance(value, bool):
        return _YES_NO[value].say(language)
    if isinstance(value, StrEnum):
        return word(value, language)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {each}" for name, each in value.items()) or "—"
    return str(value)


def levels(point: Point, language: Language) -> str:
    """Return the levels of a point, one a line: the word, what it is worth, what it says is seen."""
    return "\n".join(
        say(
            message(
                "{level} ({value}) : {text}",
                level=LEVELS.get(each.code, Text(each.code)),
                value="—" if each.value is None else each.value,
                text=point.say(each.text, language),
            ),
            language,
        )
        for each in point.levels
    )


def proofs(point: Point, language: Language, roles: Mapping[str, Text] | None = None) -> str:
    """Return the proofs expected, one a line: what, its kind, its moment, and who checks it when `roles` names them."""
    lines = []
    for proof in point.proofs:
        facts = [word(proof.kind, language), word(proof.when, language)]
        facts += [roles.get(role, Text(role)).say(language) for role in proof.checked_by] if roles else []
        lines.append(f"- {point.say(proof.what, language)} ({', '.join(facts)})")
    return "\n".join(lines)


def family(point: Point, language: Language) -> str:
    """Return the safeguard family of a point, and the measure in it."""
    title = BY_CODE[point.family].title.say(language) if point.family in BY_CODE else point.family
    return " / ".join(part for part in (title, point.measure) if part)


def references(point: Point, language: Language) -> str:
    """Return the references one a line, each with the day it was seen or the mention that it is to be checked."""
    lines = []
    for reference in point.references:
        sure = SEEN[language].format(day=reference.seen) if reference.seen else TO_CHECK.say(language)
        article = f", {reference.article}" if reference.article else ""
        lines.append(f"{reference.text}{article} ({sure})")
    return "\n".join(lines)
