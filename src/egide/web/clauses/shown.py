"""Points, levels, proofs and references in the words of a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from egide import reference
from egide.clausier.model import Clausier, Point, Reference, Theme
from egide.clausier.purchase import Facets
from egide.clausier.references import source_of
from egide.family import FAMILIES, Family
from egide.locale import point_text, say
from egide.locale.typography import french
from egide.message import Language, Text, message
from egide.tender.words import AWARD_USES, LEVELS


def typeset(text: str, language: Language) -> str:
    """Return a text of a clausier as a page shows it: in French, with its apostrophes and unbreakable spaces."""
    return french(text) if language == "fr" else text


@dataclass(frozen=True)
class Line:
    """A point as one line of a list: its identifier, title, address, and what tells it apart."""

    id: str
    title: str
    url: str
    theme: Theme
    facts: tuple[str, ...]
    extra: bool


def line(clausier: Clausier, point: Point, language: Language) -> Line:
    """Return a point as one line."""
    facts = [AWARD_USES[point.award_use].say(language)]
    facts += [say(message("poids {weight}", weight=point.weight), language)] if point.award_use.scores else []
    facts.append(say(message("niveau {level}", level=point_text.WORDS[point.level.value]), language))
    url = reverse("clauses:point", args=[point.id])
    return Line(point.id, title(point, language), url, clausier.theme_of[point.id], tuple(facts), point.extra)


def title(point: Point, language: Language, most: int = 110) -> str:
    """Return the title of a point, or the beginning of its wording when it has none."""
    written = point.title.say(language) or " ".join(point.wording(language).split())
    return typeset(written if len(written) <= most else f"{written[: most - 1]}…", language)


@dataclass(frozen=True)
class LevelShown:
    """A level that can be retained: its word, what it is worth, what is seen."""

    word: Text
    value: str
    text: str


@dataclass(frozen=True)
class ProofShown:
    """A proof: what, which kind, when, and who checks it."""

    what: str
    kind: str
    when: str
    by: str


@dataclass(frozen=True)
class ReferenceShown:
    """A reference, the day it was seen or that it is to be checked, and the page of its source."""

    text: str
    article: str
    sure: str
    to_check: bool
    note: str
    url: str


def levels(point: Point, language: Language) -> list[LevelShown]:
    """Return the levels, the best first."""
    return [
        LevelShown(
            LEVELS.get(each.code, Text(each.code)),
            "" if each.value is None else _decimal(str(each.value), language),
            typeset(point.say(each.text, language), language),
        )
        for each in point.levels
    ]


def _decimal(written: str, language: Language) -> str:
    return written.replace(".", ",") if language == "fr" else written


def proofs(point: Point, language: Language) -> list[ProofShown]:
    """Return the proofs expected."""
    roles = reference.vocabulary().roles
    return [
        ProofShown(
            typeset(point.say(each.what, language), language),
            point_text.word(each.kind, language),
            point_text.word(each.when, language),
            ", ".join(roles.get(role, Text(role)).say(language) for role in each.checked_by),
        )
        for each in point.proofs
    ]


def references(point: Point, language: Language) -> list[ReferenceShown]:
    """Return the references of a point."""
    return [quoted(each, language) for each in point.references]


def quoted(each: Reference, language: Language) -> ReferenceShown:
    """Return a reference with the day it was seen, or the mention that it is to be checked."""
    seen = point_text.SEEN[language].format(day=each.seen) if each.seen else point_text.TO_CHECK.say(language)
    url = reverse("clauses:reference", args=[source_of(each).code])
    return ReferenceShown(french(each.text), french(each.article), seen, not each.seen, french(each.note), url)


def concerns(point: Point, language: Language) -> list[list[tuple[str, str]]]:
    """Return the purchases that a point concerns: alternatives, each pairs (question, answers) that must
    all be met; empty means every purchase."""
    return [_rule(rule, language) for rule in point.facets]


def _rule(rule: Facets, language: Language) -> list[tuple[str, str]]:
    vocabulary = reference.vocabulary()
    titles = {facet.id: facet.title for facet in vocabulary.facets}
    return [
        (
            titles.get(facet, Text(facet)).say(language),
            " ; ".join(vocabulary.values.get(facet, {}).get(value, Text(value)).say(language) for value in values),
        )
        for facet, values in rule.items()
    ]


def family(point: Point) -> Family | None:
    """Return the safeguard family of a point; an imported one may have none."""
    return next((each for each in FAMILIES if each.code == point.family), None)


def lines(clausier: Clausier, points: Iterable[Point], language: Language) -> list[Line]:
    """Return points as lines."""
    return [line(clausier, point, language) for point in points]
