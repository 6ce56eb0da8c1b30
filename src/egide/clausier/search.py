"""Search in a clausier: words found whatever their accents, case, order or plural; and the points that filters keep.

An index is made once for a clausier and a language. A point is found when each word of the query begins a word of the
point; it ranks by where its words stand (identifier, title, requirement, then the rest) and by how rare they are.
"""

import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations, pairwise

from egide.clausier.model import Clausier, Point, Theme
from egide.clausier.references import source_of
from egide.message import Language, Text

WORD = re.compile(r"[^\W_]+")
IDENTIFIER = re.compile(r"\b(eg|o)[-\u2010-\u2013 ]?(x)?(\d+(?:\.\d+)?)\b", re.IGNORECASE | re.ASCII)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae", "ß": "ss"})
SMALL = frozenset({
    "au", "aux", "ce", "ces", "cet", "cette", "dans", "de", "des", "du", "elle", "en", "est", "et", "il", "ils",
    "la", "le", "les", "leur", "leurs", "ne", "ou", "ont", "par", "pas", "plus", "pour", "qu", "que", "qui", "quoi",
    "sa", "se", "ses", "si", "son", "sont", "sur", "un", "une", "vos", "votre", "an", "and", "are", "as", "at", "be",
    "by", "for", "from", "has", "have", "in", "is", "it", "its", "not", "of", "on", "or", "that", "the", "their",
    "this", "to", "with",
})  # fmt: skip
"""Words that tell nothing, in French and English; a query made of nothing else keeps them."""
ALIKE: Mapping[str, tuple[str, ...]] = {
    "doubl": ("deux", "two"), "2fa": ("multifacteur", "multifactor", "mfa"), "antiviru": ("edr",), "backup": ("sauvegard",), "cloud": ("heberg", "hosting"),
    "cve": ("vulnerabilit",), "gdpr": ("rgpd",), "log": ("journalisation", "journaux"), "mfa": ("multifacteur", "multifactor"),
    "patch": ("correctif",), "pca": ("continuit",), "pentest": ("intrusion",), "pra": ("continuit", "restauration"),
    "ransomwar": ("rancongiciel",), "rgpd": ("gdpr",), "saas": ("heberg", "hosted"), "siem": ("journalisation", "logging"),
    "sso": ("federation", "authentification"), "vpn": ("distant", "remot"), "wifi": ("wireles", "802"),
}  # fmt: skip
"""Words that people write for others, as stems, both languages together: what is found for these is found for those."""
MOST_WORDS = 12
"""Words of a query beyond which the rest is not read."""
MOST_LETTERS = 200


def folded(text: str) -> str:
    """Return a text without accents, ligatures or capitals."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """Return a folded word without the endings of the plural and of the feminine."""
    if len(word) > 3 and word.endswith(("s", "x")):
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 and word.endswith("e") else word


def query_words(query: str) -> tuple[str, ...]:
    """Return what a query looks for: identifiers as they are, other words by their stem; each once, sorted."""
    query = unicodedata.normalize("NFC", query)[:MOST_LETTERS]
    named = {_identifier(found[0]) for found in IDENTIFIER.finditer(query)}
    every = [folded(found[0]) for found in WORD.finditer(IDENTIFIER.sub(" ", query))]
    telling = [word for word in every if word not in SMALL and (len(word) > 1 or word.isdigit())]
    chosen = telling or ([] if named else every)
    return tuple(sorted(named | {stem(word) for word in chosen if word}))[:MOST_WORDS]


def _identifier(written: str) -> str:
    """Return an identifier as it is compared: eg-066, EG 66 and Eg-66 are one."""
    plain = folded(written)
    if not (found := IDENTIFIER.fullmatch(plain)):
        return plain
    letters, extra, number = found.groups()
    return f"{letters}-{extra or ''}{number.lstrip('0')}"


# -------------------------------------------------------------------------------------------------------------- fields
Texts = Callable[[Theme, Point, Language], Iterable[str]]


@dataclass(frozen=True)
class Field:
    """A part of a point in which words are looked for; `weight` is what a word found there is worth."""

    name: str
    title: Text
    weight: int
    texts: Texts


def _reference_words(point: Point) -> list[str]:
    return [f"{each.text} {each.article}" for each in point.references]


FIELDS: tuple[Field, ...] = (
    Field("title", Text("Intitulé", "Title"), 12, lambda theme, point, language: [point.title.say(language)]),
    Field("wording", Text("Exigence", "Requirement"), 6, lambda theme, point, language: [point.wording(language)]),
    Field("objects", Text("Objets", "Objects"), 6, lambda theme, point, language: [*point.objects, point.measure]),
    Field("references", Text("Références", "References"), 4, lambda theme, point, language: _reference_words(point)),
    Field("theme", Text("Thème", "Theme"), 3, lambda theme, point, language: [theme.title.say(language)]),
    Field("levels", Text("Niveaux", "Levels"), 2, lambda theme, point, language: [point.say(each.text, language) for each in point.levels]),
    Field("proofs", Text("Preuves", "Proofs"), 2, lambda theme, point, language: [point.say(each.what, language) for each in point.proofs]),
    Field("how_to_prove", Text("Comment le montrer", "How to prove it"), 2, lambda theme, point, language: [point.say(point.how_to_prove, language)]),
    Field("why", Text("Pourquoi", "Why"), 2, lambda theme, point, language: [point.say(point.why, language)]),
)  # fmt: skip
"""Where words are looked for, from the part that tells most of a point."""
IDENTIFIED = 1_000.0


@dataclass(frozen=True)
class Hit:
    """A point found; `fields` are the parts that hold its words, the most telling first."""

    point: str
    score: float
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a query finds, best first. `whole` is false when no point has all the words: these then have some."""

    hits: tuple[Hit, ...]
    whole: bool = True


@dataclass(frozen=True)
class Index:
    """The words of a clausier in one language, and in which fields of which points they stand."""

    clausier: Clausier
    language: Language
    places: Mapping[str, Mapping[str, frozenset[int]]] = field(repr=False)
    """By stem, by point: the numbers of the fields."""
    side_by_side: Mapping[tuple[str, str], Mapping[str, int]] = field(repr=False)
    """By pair of stems, in either order, by point: the weight of the fields where they follow each other."""

    @cached_property
    def stems(self) -> Sequence[str]:
        """Return every stem, sorted."""
        return sorted(self.places)

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Return the rank of each point in the clausier."""
        return {point: rank for rank, point in enumerate(self.clausier.points)}

    def find(self, query: str) -> Found:
        """Return the points that hold the words of `query`; with no word, nothing."""
        scores: dict[str, dict[str, float]] = {}
        fields: dict[str, set[int]] = {}
        words = self._words(query)
        for word in words:
            held = self._places(word)
            rarity = math.log1p(len(self.order) / len(held)) if held else 0.0
            for point, (value, where) in held.items():
                scores.setdefault(point, {})[word] = value * rarity
                fields.setdefault(point, set()).update(where)
        for pair in combinations(words, 2):
            for point, weight in self.side_by_side.get(pair, {}).items():
                scores[point][" ".join(pair)] = float(2 * weight)
        most = max((sum(word in each for word in words) for each in scores.values()), default=0)
        hits = [
            Hit(point, math.fsum(each.values()), tuple(FIELDS[number].name for number in sorted(fields[point])))
            for point, each in scores.items()
            if sum(word in each for word in words) == most
        ]
        hits.sort(key=lambda hit: (-hit.score, self.order[hit.point]))
        return Found(tuple(hits), whole=most == len(words))

    def _words(self, query: str) -> tuple[str, ...]:
        """Return the words of a query; one that is as a whole the identifier of a point looks for it alone."""
        whole = _identifier(query.strip())
        return (whole,) if any(not where for where in self.places.get(whole, {}).values()) else query_words(query)

    def _places(self, word: str) -> dict[str, tuple[float, frozenset[int]]]:
        """Return, by point that has a word beginning with `word`, its best value and the fields where it stands."""
        found: dict[str, tuple[float, frozenset[int]]] = {}
        for known in [known for each in (word, *ALIKE.get(word, ())) for known in self._beginning(each)]:
            share = 1.0 if known == word else 0.6
            for point, where in self.places[known].items():
                value = IDENTIFIED if not where else share * sum(FIELDS[number].weight for number in where)
                before, fields = found.get(point, (0.0, frozenset[int]()))
                found[point] = max(value, before), fields | where
        return found

    def _beginning(self, word: str) -> Iterable[str]:
        if len(word) < 2 or word.isdigit() or "-" in word:
            return [word] if word in self.places else []
        start = bisect_left(self.stems, word)
        return self.stems[start : bisect_left(self.stems, f"{word}\U0010ffff", lo=start)]


def index(clausier: Clausier, language: Language) -> Index:
    """Return the index of a clausier in a language."""
    places: dict[str, dict[str, frozenset[int]]] = {}
    beside: dict[tuple[str, str], dict[str, int]] = {}
    for theme in clausier.themes:
        for point in theme.points:
            for name in (point.id, *point.xref):
                places.setdefault(_identifier(name), {})[point.id] = frozenset()
            for number, part in enumerate(FIELDS):
                for text in part.texts(theme, point, language):
                    words = [_plain(found[0]) for found in WORD.finditer(unicodedata.normalize("NFC", text))]
                    for word in map(stem, set(words)):
                        held = places.setdefault(word, {})
                        held[point.id] = held.get(point.id, frozenset()) | {number}
                    for pair in pairwise(stem(word) for word in words if word not in SMALL):
                        weights = beside.setdefault((min(pair), max(pair)), {})
                        weights[point.id] = max(weights.get(point.id, 0), part.weight)
    return Index(clausier, language, places, beside)


_plain = lru_cache(maxsize=20_000)(folded)


# --------------------------------------------------------------------------------------------------------- what is shown
@dataclass(frozen=True)
class Piece:
    """A piece of a text; `marked` when it is a word that was looked for."""

    text: str
    marked: bool = False


def marked(text: str, query: str) -> tuple[Piece, ...]:
    """Return a text in pieces, the words of `query` marked; put together they are the text, its letters composed."""
    text = unicodedata.normalize("NFC", text)
    wanted = query_words(query)
    words = [each for word in wanted if "-" not in word for each in (word, *ALIKE.get(word, ()))]
    spans = (
        [found.span() for found in WORD.finditer(text) if _looked_for(stem(_plain(found[0])), words)] if words else []
    )
    if any("-" in word for word in wanted):
        spans += [found.span() for found in IDENTIFIER.finditer(text) if _identifier(found[0]) in wanted]
    pieces: list[Piece] = []
    at = 0
    for start, end in sorted(spans):
        if start < at:
            continue
        pieces += [Piece(text[at:start])] if start > at else []
        pieces.append(Piece(text[start:end], marked=True))
        at = end
    return (*pieces, *([Piece(text[at:])] if at < len(text) else []))


def _looked_for(known: str, words: Iterable[str]) -> bool:
    return any(known == word or (len(word) > 1 and not word.isdigit() and known.startswith(word)) for word in words)


def extract(text: str, query: str, most: int = 240) -> tuple[Piece, ...]:
    """Return the part of a text around the first word looked for, cut between words, at most `most` letters long."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) <= most:
        return marked(text, query)
    before = 0
    for piece in marked(text, query):
        if piece.marked:
            break
        before += len(piece.text)
    start = 0 if before >= len(text) or before < most // 2 else text.rfind(" ", 0, before - most // 4) + 1
    end = text.rfind(" ", start, start + most) if start + most < len(text) else len(text)
    end = end if end > start else start + most
    shown = f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
    return marked(shown, query)


# -------------------------------------------------------------------------------------------------------------- filters
@dataclass(frozen=True)
class Filters:
    """What the points listed must be; an empty filter keeps all. `facets` are pairs (facet, value) that a point names."""

    themes: Collection[str] = ()
    families: Collection[str] = ()
    levels: Collection[str] = ()
    facets: Collection[tuple[str, str]] = ()
    sources: Collection[str] = ()
    extra: bool | None = None

    def keep(self, theme: Theme, point: Point) -> bool:
        """Whether a point meets every filter that is set."""
        named = {(facet, value) for rule in point.facets for facet, values in rule.items() for value in values}
        cited = {source_of(each).code for each in point.references} if self.sources else set()
        return (
            (not self.themes or theme.id in self.themes)
            and (not self.families or point.family in self.families)
            and (not self.levels or point.level.value in self.levels)
            and all(facet in named for facet in self.facets)
            and (not self.sources or not cited.isdisjoint(self.sources))
            and self.extra in {None, point.extra}
        )


def filtered(clausier: Clausier, filters: Filters) -> tuple[str, ...]:
    """Return the points that meet the filters, in the order of the clausier."""
    return tuple(point.id for theme in clausier.themes for point in theme.points if filters.keep(theme, point))


def related(clausier: Clausier, point: Point, most: int = 6) -> tuple[Point, ...]:
    """Return the points nearest to one: those that name the same objects, measure or family, then its own theme."""

    def nearness(other: Point) -> int:
        return (
            4 * len(set(other.objects) & set(point.objects))
            + 3 * bool(point.measure and other.measure == point.measure)
            + 2 * bool(point.family and other.family == point.family)
            + (clausier.theme_of[other.id] is clausier.theme_of[point.id])
        )

    near = [(nearness(other), other) for other in clausier.points.values() if other.id != point.id]
    return tuple(other for value, other in sorted(near, key=lambda pair: -pair[0]) if value >= 3)[:most]
