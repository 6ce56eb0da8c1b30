"""A clausier for other programs: JSON (the native form), OSCAL, CSV for a spreadsheet."""

import csv
import io
from collections.abc import Callable

from egide.clausier.model import Clausier, Point, Theme
from egide.exchange.clausiers.native import text as as_json
from egide.exchange.clausiers.oscal import as_oscal
from egide.locale import point_text
from egide.message import Language, Text

__all__ = ["as_csv", "as_json", "as_oscal", "as_text"]

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
    (Text("Intitulé", "Title"), lambda theme, point, language: point.say(point.title, language)),
    (Text("Exigence", "Requirement"), lambda theme, point, language: point.wording(language)),
    (Text("Niveau", "Level"), lambda theme, point, language: point_text.word(point.level, language)),
    (Text("Usage", "Use"), lambda theme, point, language: point_text.word(point.award_use, language)),
    (Text("Poids", "Weight"), lambda theme, point, language: str(point.weight)),
    (Text("Réponse attendue", "Expected answer"), lambda theme, point, language: point_text.word(point.expects, language)),
    (Text("Sans objet admis", "N/A allowed"), lambda theme, point, language: (_YES if point.na_allowed else _NO).say(language)),
    (Text("Sans réponse", "If blank"), lambda theme, point, language: point_text.word(point.if_blank, language)),
    (Text("Niveaux retenus", "Levels"), lambda theme, point, language: point_text.levels(point, language)),
    (Text("Preuves", "Proofs"), lambda theme, point, language: point_text.proofs(point, language)),
    (Text("Clause du contrat", "Contract clause"), lambda theme, point, language: (_YES if point.binding else _NO).say(language)),
    (Text("Suivi", "Follow-up"), lambda theme, point, language: point.say(point.binding.follow_up, language) if point.binding else ""),
    (Text("Pénalité", "Penalty"), lambda theme, point, language: point.say(point.binding.penalty_hint, language) if point.binding else ""),
    (Text("Famille", "Family"), lambda theme, point, language: point_text.family(point, language)),
    (Text("Références", "References"), lambda theme, point, language: point_text.references(point, language)),
    (Text("Responsable", "Responsible"), lambda theme, point, language: point_text.word(point.responsible, language)),
    (Text("Pourquoi", "Why"), lambda theme, point, language: point.say(point.why, language)),
    (Text("Comment le montrer", "How to prove"), lambda theme, point, language: point.say(point.how_to_prove, language)),
    (Text("Empreinte", "Fingerprint"), lambda theme, point, language: point.wording_digest),
)  # fmt: skip


def as_text(clausier: Clausier, form: str, language: Language = "fr") -> str:
    """Return the clausier in one of the formats that are text."""
    if form == "csv":
        return as_csv(clausier, language)
    return as_oscal(clausier) if form == "oscal" else as_json(clausier)


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
