"""A clausier for other programs: JSON (the native form), CSV for a spreadsheet, XLSX ready to send."""

import csv
import io
from collections.abc import Callable, Mapping
from enum import StrEnum

from egide.clausier.model import Clausier, Point, Theme
from egide.exchange.clausier_file import text as as_json
from egide.message import Language, Text

__all__ = ["FORMATS", "as_csv", "as_json"]

FORMATS = ("json", "csv", "xlsx")
_RISKY = ("=", "+", "-", "@", "\t", "\r")

_YES: Text = Text("oui", "yes")
_NO: Text = Text("non", "no")
_Cell = Callable[[Theme, Point, Language], str]
COLUMNS: tuple[tuple[Text, _Cell], ...] = (
    (Text("Identifiant", "Identifier"), lambda theme, point, language: point.id),
    (Text("Réf. officielle", "Official ref."), lambda theme, point, language: " ".join(point.xref)),
    (Text("Supplément", "Extra"), lambda theme, point, language: _YES.say(language) if point.extra else _NO.say(language)),
    (Text("Thème", "Theme"), lambda theme, point, language: theme.id),
    (Text("Titre du thème", "Theme title"), lambda theme, point, language: theme.title.say(language)),
    (Text("Intitulé", "Title"), lambda theme, point, language: point.title.say(language)),
    (Text("Exigence", "Requirement"), lambda theme, point, language: point.wording(language)),
    (Text("Niveau", "Level"), lambda theme, point, language: word(point.level, language)),
    (Text("Usage", "Use"), lambda theme, point, language: word(point.award_use, language)),
    (Text("Poids", "Weight"), lambda theme, point, language: str(point.weight)),
    (Text("Réponse attendue", "Expected answer"), lambda theme, point, language: word(point.expects, language)),
    (Text("Sans objet admis", "N/A allowed"), lambda theme, point, language: (_YES if point.na_allowed else _NO).say(language)),
    (Text("Sans réponse", "If blank"), lambda theme, point, language: word(point.if_blank, language)),
    (Text("Niveaux retenus", "Levels"), lambda theme, point, language: _levels(point, language)),
    (Text("Preuves", "Proofs"), lambda theme, point, language: _proofs(point, language)),
    (Text("Clause du contrat", "Contract clause"), lambda theme, point, language: (_YES if point.binding else _NO).say(language)),
    (Text("Suivi", "Follow-up"), lambda theme, point, language: point.binding.follow_up.say(language) if point.binding else ""),
    (Text("Pénalité", "Penalty"), lambda theme, point, language: point.binding.penalty_hint.say(language) if point.binding else ""),
    (Text("Famille", "Family"), lambda theme, point, language: " / ".join(part for part in (point.family, point.measure) if part)),
    (Text("Références", "References"), lambda theme, point, language: references(point, language)),
    (Text("Responsable", "Responsible"), lambda theme, point, language: word(point.responsible, language)),
    (Text("Pourquoi", "Why"), lambda theme, point, language: point.why.say(language)),
    (Text("Comment le montrer", "How to prove"), lambda theme, point, language: point.how_to_prove.say(language)),
    (Text("Empreinte", "Fingerprint"), lambda theme, point, language: point.wording_digest),
)  # fmt: skip
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
    "from_presumed_winner": Text("du candidat pressenti", "from the presumed winner"),
    "at_acceptance": Text("à la recette", "at acceptance"),
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


def _levels(point: Point, language: Language) -> str:
    return "\n".join(
        f"{level.code} ({'?' if level.value is None else level.value}) : {level.text.say(language)}"
        for level in point.levels
    )


def _proofs(point: Point, language: Language) -> str:
    return "\n".join(
        f"{proof.what.say(language)} [{word(proof.kind, language)}, {word(proof.when, language)}]"
        for proof in point.proofs
    )


def references(point: Point, language: Language) -> str:
    """Return the references one a line, each with the day it was seen or the mention that it is to be checked."""
    lines = []
    for reference in point.references:
        sure = SEEN[language].format(day=reference.seen) if reference.seen else TO_CHECK.say(language)
        article = f", {reference.article}" if reference.article else ""
        lines.append(f"{reference.text}{article} ({sure})")
    return "\n".join(lines)


def as_csv(clausier: Clausier, language: Language = "fr") -> str:
    """Return the clausier as CSV text for a French spreadsheet: mark of UTF-8, semicolons, no cell that computes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(title.say(language) for title, _ in COLUMNS)
    for theme in clausier.themes:
        for point in theme.points:
            writer.writerow(_safe(cell(theme, point, language)) for _, cell in COLUMNS)
    return "\ufeff" + out.getvalue()


def _safe(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
