"""What the workbook of a diagnosis says: its columns, its texts, what identifies a questionnaire when it comes back.

An imported grid also carries itself in a hidden sheet, and lets a person settle which measure each question feeds.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from egide import plain
from egide.diagnosis.questionnaire import Choice, Question, Questionnaire
from egide.locale.typography import french
from egide.message import Language, Text

NA = Text("Sans objet", "Not applicable")
YES, NO = Text("Oui", "Yes"), Text("Non", "No")
UNCOUNTED = Text("Ne compte pas", "Does not count")
DATA_SHEET = "egide"
"""The hidden sheet in which an imported grid carries itself."""
PIECE = 30_000
"""Signs of one cell of it: a cell holds 32,767."""
MOST_CELL = 32_000
SHEETS: Mapping[str, Text] = {
    "guide": Text("Mode d'emploi", "How to answer"),
    "establishment": Text("Établissement", "Establishment"),
    "questions": Text("Questions", "Questions"),
    "levels": Text("Niveaux", "Levels"),
    "measures": Text("Mesures", "Measures"),
}


class Column(StrEnum):
    """What a column of the questions holds."""

    IDENTIFIER = "identifier"
    QUESTION = "question"
    MEASURE = "measure"
    LEVELS = "levels"
    ANSWER = "answer"
    SEEN = "seen"
    PROOF = "proof"
    REASON = "reason"
    NOTE = "note"
    WHY = "why"
    EXPECTED = "expected"
    CHAPTER = "chapter"
    DIGEST = "digest"

    @property
    def filled_in(self) -> bool:
        """Whether a person writes in it."""
        return self in {Column.ANSWER, Column.SEEN, Column.PROOF, Column.REASON, Column.NOTE, Column.MEASURE}


@dataclass(frozen=True)
class Heading:
    """The title of a column, its width in characters, its style."""

    title: Text
    width: float
    style: str = "asked"


HEADINGS: Mapping[Column, Heading] = {
    Column.IDENTIFIER: Heading(Text("Identifiant", "Identifier"), 9, "name"),
    Column.CHAPTER: Heading(Text("Chapitre", "Chapter"), 14),
    Column.QUESTION: Heading(Text("Question", "Question"), 36, "name"),
    Column.LEVELS: Heading(Text("Ce que veut dire chaque niveau", "What each level means"), 46),
    Column.ANSWER: Heading(Text("Réponse (choisir dans la liste)", "Answer (choose from the list)"), 28, "choice"),
    Column.SEEN: Heading(Text("Preuve vue ?", "Proof seen?"), 9, "choice"),
    Column.PROOF: Heading(Text("Référence de la preuve (document, date)", "Reference of the proof (document, date)"), 24, "answer"),
    Column.REASON: Heading(Text("Si « Sans objet » : raison", 'If "Not applicable": reason'), 20, "answer"),
    Column.NOTE: Heading(Text("Commentaire", "Comment"), 28, "answer"),
    Column.WHY: Heading(Text("Pourquoi", "Why"), 36),
    Column.EXPECTED: Heading(Text("Preuve acceptée", "Accepted proof"), 28),
    Column.MEASURE: Heading(Text("Mesure (à confirmer)", "Measure (to be confirmed)"), 24, "choice"),
    Column.DIGEST: Heading(Text("Empreinte", "Fingerprint"), 16),
}  # fmt: skip
GUIDE: tuple[Text, ...] = (
    Text(
        "Remplissez d'abord la feuille « Établissement » : le nom, la date de l'état décrit et les chiffres demandés.",
        'Fill in the sheet "Establishment" first: the name, the date of the state described and the figures asked for.',
    ),
    Text(
        "Dans la feuille « Questions », choisissez pour chaque ligne le niveau qui décrit ce que l'on voit aujourd'hui, non ce qui est prévu. Entre deux niveaux, prenez le plus bas.",
        'In the sheet "Questions", choose on each line the level that describes what is seen today, not what is planned. Between two levels, take the lower.',
    ),
    Text(
        "Une case laissée vide compte comme une absence : mieux vaut « je ne sais pas » en commentaire, et chercher, que deviner.",
        'A cell left empty counts as absent: better to write "I do not know" as a comment, and find out, than to guess.',
    ),
    Text(
        "« Preuve vue » : répondez « Oui » seulement si quelqu'un a vu la preuve, et dites laquelle. Une réponse sans preuve vue compte pour une part seulement.",
        '"Proof seen": answer "Yes" only if somebody saw the proof, and say which. An answer without proof seen counts for a part only.',
    ),
    Text(
        "« Sans objet » n'est offert que là où il a un sens et demande une raison ; il ramène au plus à la moyenne des établissements, jamais au-dessus.",
        '"Not applicable" is offered only where it has a meaning, and needs a reason; it brings back to the average of establishments at most, never above.',
    ),
    Text(
        "Une question qui dépend d'une autre le dit : laissez-la vide si elle ne vous concerne pas.",
        "A question that depends on another says so: leave it empty if it does not concern you.",
    ),
    Text(
        "Ne changez ni les identifiants ni les questions. Gardez un format tableur (.xlsx, .ods ou .csv).",
        "Change neither the identifiers nor the questions. Keep a spreadsheet format (.xlsx, .ods or .csv).",
    ),
)
GRID_GUIDE = Text(
    "Cette grille vient d'un autre outil. La colonne « Mesure » dit quelle mesure chaque question renseigne : elle est proposée d'après les mots de la question, confirmez-la ou corrigez-la. « Ne compte pas » met la question hors du calcul.",
    'This grid comes from another tool. The column "Measure" says which measure each question feeds: it is proposed from the words of the question, confirm or correct it. "Does not count" leaves the question out of the reckoning.',
)
LABELS: Mapping[str, Text] = {
    "name": Text("Nom de l'établissement", "Name of the establishment"),
    "date": Text("Date de l'état décrit (jj/mm/aaaa)", "Date of the state described (dd/mm/yyyy)"),
    "fact": Text("Donnée", "Datum"),
    "value": Text("Valeur", "Value"),
    "unit": Text("Unité", "Unit"),
    "why": Text("Pourquoi", "Why"),
    "code": Text("Code", "Code"),
    "meanings": Text("Les cases à remplir ont un fond clair et un cadre épais.", "The cells to fill in have a light background and a thick frame."),
    "minutes": Text("Temps annoncé, en minutes", "Time announced, in minutes"),
    "questions": Text("Nombre de questions", "Number of questions"),
    "version": Text("Version du questionnaire", "Version of the questionnaire"),
    "source": Text("Source", "Source"),
    "if": Text("À remplir si la réponse à {question} est :", "To be filled in if the answer to {question} is:"),
    "na": Text("« Sans objet » est accepté si :", '"Not applicable" is accepted if:'),
    "choose": Text("Choisissez une réponse de la liste.", "Choose an answer from the list."),
    "unknown": Text("inconnu", "unknown"),
}  # fmt: skip
SHARES = frozenset({"activity_share"})
"""Figures that are parts of a whole, from 0 to 1."""
NAME, DATE = "name", "date"
"""The codes of the first two lines of the sheet of the establishment."""


# ------------------------------------------------------------------------------------------------- what cells say
def digest(question: Question) -> str:
    """Return the fingerprint of what was asked: wording, levels and what each is worth."""
    levels = [[each.code, format(each.value.normalize(), "f"), each.text.fr, each.text.en] for each in question.levels]
    return plain.digest([question.text.fr, question.text.en, levels])[:16]


def choices(question: Question, language: Language) -> list[str]:
    """Return what the list of a question offers: its levels, numbered from 0, then "not applicable" where accepted."""
    levels = [shown(place, each, language) for place, each in enumerate(question.levels)]
    return [*levels, NA.say(language)] if question.na_allowed else levels


def shown(place: int, choice: Choice, language: Language) -> str:
    """Return a level as the list shows it: its place and its words."""
    return f"{place} – {typeset(choice.text, language)}"


def asked(questionnaire: Questionnaire, question: Question, column: Column, language: Language) -> str:
    """Return what a cell that nobody fills in says of a question."""
    match column:
        case Column.IDENTIFIER:
            return question.id
        case Column.CHAPTER:
            title = next(each.title for each in questionnaire.chapters if question in each.questions)
            return typeset(title, language)
        case Column.QUESTION:
            return "\n".join(
                filter(None, (typeset(question.text, language), _condition(questionnaire, question, language)))
            )
        case Column.LEVELS:
            lines = [shown(place, each, language) for place, each in enumerate(question.levels)]
            lines += (
                [f"{typeset(LABELS['na'], language)} {typeset(question.na, language)}"] if question.na_allowed else []
            )
            return "\n".join(lines)
        case Column.WHY:
            return "\n".join(filter(None, (typeset(question.why, language), typeset(question.help, language))))
        case Column.EXPECTED:
            return "\n".join(typeset(each, language) for each in question.proofs)
        case Column.DIGEST:
            return digest(question)
        case _:
            return ""  # fmt: skip


def _condition(questionnaire: Questionnaire, question: Question, language: Language) -> str:
    branch = question.asked_if
    other = questionnaire.by_id.get(branch.question) if branch else None
    if branch is None or other is None:
        return ""
    open_to = [typeset(each.text, language) for each in other.levels if each.code in branch.levels]
    quoted = [f"« {each} »" if language == "fr" else f"“{each}”" for each in open_to]
    said = typeset(LABELS["if"], language).replace("{question}", other.id)
    return f"({said} {(' ou ' if language == 'fr' else ' or ').join(quoted)})"


def typeset(text: Text, language: Language) -> str:
    """Return a text as a cell holds it."""
    said = text.say(language)
    return (french(said) if language == "fr" else said)[:MOST_CELL]


def columns(questionnaire: Questionnaire) -> tuple[Column, ...]:
    """Return the columns of a questionnaire in order: that of measures for an imported grid only."""
    return tuple(each for each in Column if each is not Column.MEASURE or is_foreign(questionnaire))


def is_foreign(questionnaire: Questionnaire) -> bool:
    """Tell whether a questionnaire is an imported grid: ours all have a depth."""
    return questionnaire.depth is None


def properties(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return the document properties by which a questionnaire is known when it comes back."""
    return {"egide_questionnaire": questionnaire.id, "egide_version": questionnaire.version.isoformat()}


def marked(questionnaire: Questionnaire, language: Language) -> str:
    """Return the heading of the fingerprints: it names the questionnaire, for a file that lost its properties."""
    return f"{HEADINGS[Column.DIGEST].title.say(language)} {questionnaire.id} {questionnaire.version.isoformat()}"


def pieces(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield a questionnaire as plain data in pieces that cells can hold; put together in order they are its JSON."""
    written = json.dumps(plain.unstructure(questionnaire), ensure_ascii=True, sort_keys=True)
    yield from (written[start : start + PIECE] for start in range(0, len(written), PIECE))


def from_pieces(cells: list[str], file: str) -> Questionnaire:
    """Return the questionnaire that the cells of the hidden sheet hold. Raises DataError."""
    data: Any = plain.parse_json("".join(cells), file)
    return plain.structure(data, Questionnaire, file)
