"""Which texts a clausier quotes, and where: the references of its points gathered by source and by article."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from egide.clausier.model import Clausier, Reference

KNOWN: tuple[tuple[str, str, str], ...] = (
    ("rgpd", "RGPD, règlement (UE) 2016/679", r"RGPD\b"),
    ("nis2", "Directive (UE) 2022/2555 (NIS2)", r"Directive \(UE\) 2022/2555"),
    ("cra", "Règlement (UE) 2024/2847 (CRA)", r"Règlement \(UE\) 2024/2847"),
    ("ia", "Règlement (UE) 2024/1689 (IA)", r"Règlement \(UE\) 2024/1689"),
    ("data-act", "Règlement (UE) 2023/2854 (Data Act)", r"Règlement \(UE\) 2023/2854"),
    ("dispositifs-medicaux", "Règlement (UE) 2017/745 (dispositifs médicaux)", r"Règlement \(UE\) 2017/745"),
    ("diagnostic-in-vitro", "Règlement (UE) 2017/746 (diagnostic in vitro)", r"Règlement \(UE\) 2017/746"),
    ("hds", "Référentiel HDS 2024", r"Référentiel HDS"),
    ("recyf", "ReCyF", r"ReCyF\b"),
    ("care", "Programme CaRE", r"(?:Programme )?CaRE\b"),
    ("code-sante-publique", "Code de la santé publique", r"Code de la santé publique"),
    ("code-commande-publique", "Code de la commande publique", r"Code de la commande publique"),
    ("ccag-tic", "CCAG-TIC (arrêté du 30/03/2021)", r"CCAG-TIC"),
    ("ose", "Arrêté du 14/09/2018 (OSE)", r"Arrêté du 14/09/2018"),
    ("iso-27001", "ISO/IEC 27001", r"ISO/IEC 27001"),
    ("hygiene-anssi", "ANSSI, guide d'hygiène informatique", r"ANSSI, guide d'hygiène"),
    ("pgssi-s", "PGSSI-S", r"PGSSI-S|Arrêté du 04/04/2022"),
    ("asvs", "OWASP, Application Security Verification Standard", r"OWASP.*(?:ASVS|Verification)"),
    ("passi", "ANSSI, référentiel PASSI", r"ANSSI, référentiel PASSI"),
    ("mdcg-2019-16", "MDCG 2019-16 rev. 1", r"MDCG 2019-16"),
    ("mots-de-passe-cnil", "CNIL, recommandation relative aux mots de passe", r"CNIL, recommandation relative aux mots de passe"),
)  # fmt: skip
"""The sources written in several ways, or quoted most: a lasting code, a title, how the text of a reference begins."""
_PATTERNS = tuple((code, title, re.compile(pattern)) for code, title, pattern in KNOWN)
_ASIDE = re.compile(r"\([^()]*\)")
_PART = re.compile(r"parties? [IVX]+")
_NUMBER = re.compile(r"(?<![\w.°-])(?:[A-Z]\.?)?\d+(?:[.-]\d+)*(?![\w°])")
_LETTERS = re.compile(r"([^\W\d_]+?)s? \d")
_ANNEX = re.compile(r", (annexe [IVXA-C]+)\b")
MOST_RANGE = 60


@dataclass(frozen=True)
class Source:
    """A text that references quote: a code that does not change, and its title."""

    code: str
    title: str


@dataclass(frozen=True)
class Quote:
    """A reference of a point."""

    point: str
    reference: Reference


def source_of(reference: Reference) -> Source:
    """Return the text that a reference quotes, whatever part of it."""
    for code, title, pattern in _PATTERNS:
        if pattern.match(reference.text):
            return Source(code, title)
    plain = unicodedata.normalize("NFKD", reference.text.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return Source("-".join(words) or "sans-titre", reference.text)


def articles(reference: Reference) -> tuple[str, ...]:
    """Return the articles that a reference names, without their paragraphs: "28(3), 32" gives 28 and 32."""
    annex = _ANNEX.search(reference.text)
    inside = f"{annex[1]}, " if annex else ""
    written = _ASIDE.sub("", reference.article)
    if parts := _PART.findall(f"{reference.text} {written}"):
        return tuple(dict.fromkeys(inside + part for part in parts))
    letters = _LETTERS.match(written)
    before = inside + (f"{letters[1]} " if letters else "")
    named: list[str] = []
    end = 0
    for found in _NUMBER.finditer(written):
        if written[end : found.start()].strip() == "à" and named:
            named += _between(named[-1].removeprefix(before), found[0], before)
        named.append(before + found[0])
        end = found.end()
    return tuple(dict.fromkeys(named))


def _between(first: str, last: str, before: str) -> list[str]:
    if not (first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= MOST_RANGE):
        return []
    return [f"{before}{number}" for number in range(int(first) + 1, int(last))]


def quotes(clausier: Clausier) -> Mapping[Source, tuple[Quote, ...]]:
    """Return every quote of each source, the most quoted source first, points in the order of the clausier."""
    found: dict[Source, list[Quote]] = {}
    for point in clausier.points.values():
        for reference in point.references:
            found.setdefault(source_of(reference), []).append(Quote(point.id, reference))
    order = sorted(found, key=lambda source: (-len({quote.point for quote in found[source]}), source.title))
    return {source: tuple(found[source]) for source in order}


def by_article(quoted: tuple[Quote, ...]) -> Mapping[str, tuple[Quote, ...]]:
    """Return the quotes of one source by article, in natural order; "" gathers those that name none."""
    found: dict[str, list[Quote]] = {}
    for quote in quoted:
        for article in articles(quote.reference) or ("",):
            found.setdefault(article, []).append(quote)
    return {article: tuple(found[article]) for article in sorted(found, key=_natural)}


def _natural(article: str) -> tuple[tuple[int, int | str], ...]:
    pieces = re.findall(r"\d+|\D+", article)
    return tuple((0, int(piece)) if piece.isdigit() else (1, piece) for piece in pieces) or ((2, ""),)
