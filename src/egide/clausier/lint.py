"""What a clausier must not hold: checked on our own file without exemption, and on anybody's.

Every rule is a function that yields findings; `lint` runs them all. Rules of wording apply to the French text (the one
that binds) and, where they are about length, to each language.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache

from egide.clausier.bands import Band, bands, gaps, holes
from egide.clausier.model import PLACE, AwardUse, Clausier, Point, Theme
from egide.clausier.purchase import Vocabulary
from egide.family import BY_CODE
from egide.finding import Finding, Severity
from egide.message import Message, Text, message

MOST_WORDS = 90
MOST_ALIKE = 0.80
VAGUE = (
    "régulièrement", "approprié", "adéquat", "dans les meilleurs délais", "dans les plus brefs délais", "si possible",
    "raisonnable", "le cas échéant", "état de l'art", "notamment", "suffisant", "autant que possible", "et/ou",
)  # fmt: skip
SUBJECTS = (
    "titulaire", "candidat", "soumissionnaire", "établissement", "dispositif", "solution", "logiciel", "service",
    "éditeur", "fabricant", "prestataire", "équipement", "fournisseur", "hébergeur",
)  # fmt: skip
MOST_COMPARED = 2_000
"""A text is compared on its first characters only, so that a huge one costs no more than a long one."""
MOST_WORK = 200_000_000
"""Pairs of letters compared before the search for likeness stops and says so: some twenty seconds."""
LEAST_SHARED = 0.6
"""Two texts that share fewer of their words than this are not compared letter by letter."""


def lint(clausier: Clausier, vocabulary: Vocabulary, file: str = "") -> list[Finding]:
    """Return every finding on `clausier`; an empty list means that it can be published."""
    found: list[Finding] = []
    for theme in clausier.themes:
        for point in theme.points:
            found.extend(_point(point, vocabulary))
        found.extend(_bands_across(theme))
    found.extend(_reused(clausier))
    found.extend(_alike(clausier))
    return [
        Finding(each.code, each.severity, each.understood, each.remedy, file, each.place, each.point, each.read)
        for each in found
    ]


def _finding(
    code: str, point: Point, understood: Message, remedy: Message, read: str = "", *, error: bool = False
) -> Finding:
    severity = Severity.ERROR if error else Severity.DOUBT
    return Finding(f"lint.{code}", severity, understood, remedy, place=point.id, point=point.id, read=read)


def _point(point: Point, vocabulary: Vocabulary) -> Iterator[Finding]:
    yield from _words(point)
    yield from _wording(point)
    yield from _parameters(point)
    yield from _bands(point)
    yield from _levels(point)
    yield from _proofs(point)
    yield from _references(point)
    yield from _family(point)
    yield from _facets(point, vocabulary)
    yield from _complete(point)


# ------------------------------------------------------------------------------------------------------------ wording
def _words(point: Point) -> Iterator[Finding]:
    for language in ("fr", "en"):
        written = getattr(point.text, language)
        count = len(re.findall(r"\w[\w'’\-]*", PLACE.sub("1", written)))
        if count > MOST_WORDS:
            yield _finding(
                "length",
                point,
                message("{count} mots dans le texte ({language}), {most} au plus", count=count, language=language, most=MOST_WORDS),
                message("Couper : une obligation par point, le reste va dans les preuves ou dans un autre point."),
            )  # fmt: skip


def _wording(point: Point) -> Iterator[Finding]:
    text = point.text.fr.lower()
    if not text:
        return
    for word in VAGUE:
        if word in text:
            yield _finding(
                "vague",
                point,
                message("le texte contient « {word} », qui ne se vérifie pas", word=word),
                message("Écrire un seuil, une liste ou un délai."),
                word,
            )
    if not any(subject in text for subject in SUBJECTS):
        yield _finding(
            "subject",
            point,
            message("le texte ne dit pas qui est obligé"),
            message("Nommer le titulaire, l'établissement ou la solution."),
        )
    if re.search(
        r"sous-traitant(?:e|s|es)?\b(?! (?:rgpd|\(commande publique\)|ultérieur))", _all_french(point).lower()
    ):
        yield _finding(
            "subcontractor",
            point,
            message("« sous-traitant » employé seul a deux sens"),
            message("Écrire « sous-traitant RGPD » ou « sous-traitant (commande publique) »."),
        )


def _all_french(point: Point) -> str:
    texts = [point.title, point.text, point.why, point.how_to_prove, *(level.text for level in point.levels)]
    texts += [proof.what for proof in point.proofs]
    return " \n".join(text.fr for text in texts)


def _parameters(point: Point) -> Iterator[Finding]:
    for language in ("fr", "en"):
        written = getattr(point.text, language)
        if not written:
            continue
        used = set(PLACE.findall(written))
        for name in sorted(used ^ set(point.parameters)):
            said = (
                message("le seuil {{{name}}} du texte ({language}) n'est pas défini", name=name, language=language)
                if name in used
                else message("le seuil « {name} » ne sert pas dans le texte ({language})", name=name, language=language)
            )
            yield _finding(
                "parameter", point, said, message("Accorder le texte et les seuils."), name, error=name in used
            )
    for name, parameter in point.parameters.items():
        if not parameter.source and not parameter.egide_default:
            yield _finding(
                "parameter.source",
                point,
                message("le seuil « {name} » n'a ni source ni mention « défaut Égide »", name=name),
                message("Donner la source, ou egide_default: true."),
                name,
            )
    elsewhere = set(PLACE.findall(_all_french(point))) - set(point.parameters)
    for name in sorted(elsewhere - set(PLACE.findall(point.text.fr))):
        yield _finding(
            "parameter",
            point,
            message("le seuil {{{name}}} cité hors du texte n'est pas défini", name=name),
            message("Accorder le texte et les seuils."),
            name,
            error=True,
        )


def _bands(point: Point) -> Iterator[Finding]:
    for low, high in dict.fromkeys([*holes(point.wording("fr")), *holes(point.wording("en"))]):
        yield _finding("band.hole", point, _hole(low, high), message("Rendre les tranches jointives."), f"{low}")


def _hole(low: Decimal, high: Decimal) -> Message:
    if low == high:
        return message("la valeur {low} n'est dans aucune tranche", low=low)
    return message("aucune tranche entre {low} et {high}", low=low, high=high)


def _bands_across(theme: Theme) -> Iterator[Finding]:
    """Join the bands that several points of a theme write about the same quantity."""
    written: dict[tuple[str, str], list[tuple[Band, Point]]] = {}
    for point in theme.points:
        for band in bands(point.wording("fr")):
            if band.subject:
                written.setdefault((band.subject, band.unit), []).append((band, point))
    for told in written.values():
        if len({id(point) for _, point in told}) < 2:
            continue
        owner = {id(band): point for band, point in told}
        for left, right in gaps([band for band, _ in told]):
            before, after = owner[id(left)], owner[id(right)]
            if before is not after:
                yield _finding(
                    "band.hole",
                    after,
                    message(
                        "{hole} (tranches de {left} et de {right})",
                        hole=_hole(left.end, right.start),
                        left=before.id,
                        right=after.id,
                    ),
                    message("Rendre les tranches jointives."),
                    f"{left.end}",
                )


# ------------------------------------------------------------------------------------------------------- levels, proofs
def _levels(point: Point) -> Iterator[Finding]:
    values = [level.value for level in point.levels if level.value is not None]
    codes = [level.code for level in point.levels]
    remedy = message("Aller de la valeur la plus haute à la plus basse, entre 1 et 0, chaque code une fois.")
    if values != sorted(values, reverse=True) or any(not 0 <= value <= 1 for value in values):
        yield _finding(
            "level.order", point, message("les niveaux ne vont pas du meilleur au moindre"), remedy, error=True
        )
    if len(set(codes)) != len(codes) or "below" not in codes or (point.award_use.scores and "full" not in codes):
        yield _finding(
            "level.codes", point, message("niveaux en double, ou sans « full » ni « below »"), remedy, error=True
        )
    if point.award_use is AwardUse.MINIMUM_THEN_SCORED and "floor" not in codes:
        yield _finding(
            "level.floor",
            point,
            message("un minimum puis noté demande un niveau « floor »"),
            message("Écrire le niveau plancher."),
            error=True,
        )
    if point.award_use.scores != (point.weight > 0) or not 0 <= point.weight <= 3:
        yield _finding(
            "weight",
            point,
            message("poids {weight} pour un point « {use} »", weight=point.weight, use=point.award_use.value),
            message("Un point noté pèse 1, 2 ou 3 ; un point non noté pèse 0."),
            error=True,
        )


@lru_cache(maxsize=2_000)
def folded(text: str) -> str:
    """Return `text` in lower case, without accents nor plural endings: what two writings of a noun share."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(char))
    return re.sub(r"(\w{3,}?)(?:s|x)\b", r"\1", bare.replace("’", "'"))


def _proofs(point: Point) -> Iterator[Finding]:
    if not point.proofs and point.award_use is not AwardUse.NONE:
        yield _finding(
            "proof.missing",
            point,
            message("aucune preuve attendue"),
            message("Dire quel document, quel essai ou quelle attestation le montre, quand, et qui le vérifie."),
        )
    objects = [folded(each) for each in point.objects]
    if not objects:
        return
    places = [("texte", point.text.fr), *((f"preuve {n}", proof.what.fr) for n, proof in enumerate(point.proofs, 1))]
    for place, written in places:
        if not any(each in folded(written) for each in objects):
            yield _finding(
                "proof.object",
                point,
                message("{place} : aucun des objets du point n'y figure", place=place),
                message(
                    "Faire porter le texte et les preuves sur les mêmes objets ({objects}).", objects=point.objects
                ),
                written,
            )


def _references(point: Point) -> Iterator[Finding]:
    for reference in point.references:
        if (reference.seen is None) == (not reference.to_check):
            yield _finding(
                "reference",
                point,
                message("la référence « {text} » doit être vue (avec le jour) ou à vérifier, l'un des deux", text=reference.text),
                message("Renseigner seen ou to_check."),
                reference.text,
            )  # fmt: skip


def _family(point: Point) -> Iterator[Finding]:
    family = BY_CODE.get(point.family)
    if point.family and family is None:
        yield _finding(
            "family",
            point,
            message("famille inconnue"),
            message("Prendre une des quatorze familles."),
            point.family,
            error=True,
        )
    if family and (point.measure not in family.measures if point.measure else False):
        yield _finding("family.measure", point, message("mesure inconnue dans cette famille"), message("Choisir parmi : {measures}", measures=family.measures), point.measure, error=True)  # fmt: skip


def _facets(point: Point, vocabulary: Vocabulary) -> Iterator[Finding]:
    for rule in point.facets:
        for facet, values in rule.items():
            for value in values:
                if value not in vocabulary.values.get(facet, {}):
                    yield _finding(
                        "facet",
                        point,
                        message("caractéristique inconnue : {facet} = {value}", facet=facet, value=value),
                        message("Prendre une valeur de purchase.yaml."),
                        f"{facet}={value}",
                        error=True,
                    )


def _complete(point: Point) -> Iterator[Finding]:
    """A point of ours or of another is publishable when text and title are there; ours is held to both languages."""
    if not point.text.fr and not point.text.en:
        yield _finding("text.missing", point, message("le texte manque"), message("Écrire le texte."), error=True)
    if not point.id.startswith("EG-"):
        return
    texts: list[tuple[str, Text]] = [
        ("title", point.title), ("text", point.text), ("why", point.why), ("how_to_prove", point.how_to_prove),
        *((f"level {level.code}", level.text) for level in point.levels),
        *((f"proof {n}", proof.what) for n, proof in enumerate(point.proofs, 1)),
        *([("follow_up", point.binding.follow_up)] if point.binding else []),
    ]  # fmt: skip
    missing = [name for name, text in texts if not text.fr or not text.en]
    missing += [name for name in ("family", "objects", "references") if not getattr(point, name)]
    if missing:
        yield _finding(
            "incomplete",
            point,
            message("manque, en français ou en anglais : {missing}", missing=missing),
            message("Compléter le point."),
            error=True,
        )


# ------------------------------------------------------------------------------------------------------ across points
def _reused(clausier: Clausier) -> Iterator[Finding]:
    points = [point for theme in clausier.themes for point in theme.points]
    names: dict[str, list[tuple[str, Point]]] = {
        "id": [(point.id, point) for point in points],
        "xref": [(xref, point) for point in points for xref in point.xref],
    }
    for kind, given in names.items():
        owners: dict[str, list[tuple[str, Point]]] = {}
        for value, point in given:
            owners.setdefault(" ".join(value.casefold().split()), []).append((value, point))
        for _, users in sorted(owners.items()):
            if len(users) > 1:
                value, owner = users[0]
                yield _finding(
                    f"{kind}.reused",
                    owner,
                    message("« {value} » sert à {count} points", value=value, count=len(users)),
                    message("Donner à chaque point son identifiant."),
                    value,
                    error=True,
                )


def _alike(clausier: Clausier) -> Iterator[Finding]:
    """Compare each text to those before it, close in length and in words; a text found alike is compared no more."""
    seen: list[tuple[int, int, int, str, Point]] = []
    bits: dict[str, int] = {}
    work = 0
    matcher = SequenceMatcher(autojunk=False)
    for point in (point for theme in clausier.themes for point in theme.points):
        text = " ".join(point.wording("fr").split())[:MOST_COMPARED]
        words = set(folded(text).split())
        if not text:
            continue
        mask = sum(1 << bits.setdefault(word, len(bits)) for word in words)
        matcher.set_seq2(text)
        alike: tuple[str, Point] | None = None
        for length, count, other_mask, other_text, other in seen:
            if min(length, len(text)) * 2 <= MOST_ALIKE * (length + len(text)):
                continue
            if (mask & other_mask).bit_count() * 2 < LEAST_SHARED * (count + len(words)):
                continue
            matcher.set_seq1(other_text)
            if other_text != text and matcher.quick_ratio() <= MOST_ALIKE:
                continue
            work += len(text) * length
            if work > MOST_WORK:
                yield _stopped(point)
                return
            ratio = 1.0 if other_text == text else matcher.ratio()
            if ratio > MOST_ALIKE:
                alike = f"{ratio:.2f}", other
                break
        if alike is None:
            seen.append((len(text), len(words), mask, text, point))
            continue
        yield _finding(
            "alike",
            point,
            message("texte semblable à {ratio} à celui de {other}", ratio=alike[0], other=alike[1].id),
            message("Donner à chacun son objet, ou n'en garder qu'un."),
        )


def _stopped(point: Point) -> Finding:
    return _finding(
        "alike.stopped",
        point,
        message("les textes se ressemblent trop souvent : la recherche de doublons s'arrête à ce point"),
        message("Traiter les doublons déjà listés, puis relancer."),
    )
