"""The lines of one sheet of answers, from cells to answers and to all that must be said about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from egide.diagnosis.filled import Answer
from egide.diagnosis.questionnaire import Question, Questionnaire
from egide.exchange import diagnosis_form, quantities
from egide.exchange.diagnosis_establishment import formulas_read, some
from egide.exchange.diagnosis_form import UNCOUNTED, Column
from egide.exchange.diagnosis_level import Understood, understood
from egide.exchange.diagnosis_table import Table, key
from egide.exchange.layout import squashed, text_at
from egide.exchange.package import Cell
from egide.exchange.vocabulary import fold
from egide.family import MEASURES
from egide.finding import Finding, Severity
from egide.message import Message, message

LONGEST = 40
"""Signs of an identifier, at most."""
MOST_NOTE = 4_000
"""Signs of a comment or of a reference that are kept."""
_ASKED = (Column.CHAPTER, Column.LEVELS, Column.WHY, Column.EXPECTED)
"""What we wrote beside the question: a change there changes nothing that is answered."""
_WRITE = message("Choisir un niveau dans la liste de la ligne.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line read: the answer, where it stands, the measure chosen for it (None: not said)."""

    question: Question
    answer: Answer
    place: str
    raw: str = ""
    measure: str | None = None

    @property
    def value(self) -> float:
        """Return what the answer is worth: a blank below any level, so that it never wins."""
        found = self.question.level_of.get(self.answer.level)
        return float(found.value) if found else -1.0


class Rows:
    """Reads the lines of one sheet; what must be said of them is in `findings` once they are all read."""

    def __init__(self, table: Table, questionnaire: Questionnaire, file: str):
        self.table, self.sheet, self.asked, self.file = table, table.sheet, questionnaire, file
        self.findings: list[Finding] = []
        self._formulas: list[str] = []
        self._changed: dict[Column, list[str]] = {}
        self._tops = _vertical(table)

    def lines(self) -> Iterator[Line]:
        """Yield the line of each question found, in the order of the sheet."""
        if Column.ANSWER not in self.table.columns:
            said = message("des questions, mais aucune colonne de réponse reconnue")
            self._say("answer.no_column", said, message("Remettre la colonne « Réponse » telle que fournie."), self.sheet.name, severity=Severity.ERROR)  # fmt: skip
            return
        if self.table.guessed:
            said = message("la colonne de réponse a été reconnue à son contenu, non à son titre")
            remedy = message("Garder les titres de colonnes du questionnaire fourni.")
            self._say("column.guessed", said, remedy, self.sheet.column(self.table.columns[Column.ANSWER]))
        for row, question in self.table.rows:
            yield self._line(row, question)
        self._unknown_lines()
        self._unread_columns()
        self._about_sheet()

    def settled(self, before: Line, after: Line) -> Line:
        """Return which of two lines on one question is proposed, and say so. A blank never wins."""
        if before.answer == after.answer or after.answer == Answer():
            if after.answer != Answer():
                said = message("la même réponse est donnée deux fois : {first} et {second}", first=before.place, second=after.place)  # fmt: skip
                self._say("answer.repeated", said, message("Rien à faire."), after.place, after.question, severity=Severity.NOTE)  # fmt: skip
            return before
        if before.answer == Answer():
            return after
        kept = after if 0 <= after.value < before.value or before.value < 0 <= after.value else before
        said = message("deux réponses différentes, « {first} » ({where}) et « {second} » ({there}) : la plus basse est proposée, « {kept} »", first=_told(before), where=before.place, second=_told(after), there=after.place, kept=_told(kept))  # fmt: skip
        self._say("answer.conflict", said, message("Garder une seule ligne."), after.place, after.question, after.raw)
        if before.answer.proven != after.answer.proven:
            kept = replace(kept, answer=replace(kept.answer, proven=False))
        return kept

    # ----------------------------------------------------------------------------------------------------- one line
    def _line(self, row: int, question: Question) -> Line:
        place = self.sheet.place(row, self.table.columns[Column.ANSWER])
        self._identifier(row, question)
        self._wording(row, question)
        raw = self._take(row, Column.ANSWER, question)
        found = understood(question, raw)
        if found.doubt is not None:
            self._say("answer.level", found.doubt, _WRITE, place, question, raw)
        proof, reason, note = (self._long(row, each, question) for each in (Column.PROOF, Column.REASON, Column.NOTE))
        proven, proof = self._proven(row, question, found, proof)
        answer = Answer(
            found.choice.code if found.choice else "", found.not_applicable, self._reason(row, question, found, reason), proven, proof, note
        )  # fmt: skip
        return Line(question, answer, place, raw, self._measure(row, question))

    def _identifier(self, row: int, question: Question) -> None:
        written = self.table.cell(row, Column.IDENTIFIER)
        if written != question.id and squashed(written) != squashed(question.id):
            said = message("identifiant « {read} » compris comme {point}", read=written, point=question.id)
            place = self.sheet.place(row, self.table.columns[Column.IDENTIFIER])
            self._say("point.approximate", said, message("Écrire l'identifiant tel que fourni."), place, question)

    def _wording(self, row: int, question: Question) -> None:
        """Say when the line answers another wording than ours; note the texts of ours that were changed."""
        written = self.table.cell(row, Column.DIGEST)
        ours = diagnosis_form.digest(question)
        changed = bool(written) and written != ours
        for column in (Column.QUESTION, *_ASKED):
            text = self.table.cell(row, column)
            if text and squashed(text) not in self._texts(question, column):
                if column is Column.QUESTION and not written:
                    changed = True
                elif not changed:
                    self._changed.setdefault(column, []).append(self.sheet.place(row, self.table.columns[column]))
        if changed:
            column = next(each for each in (Column.QUESTION, Column.DIGEST) if each in self.table.columns)
            said = message("la réponse porte sur une autre rédaction de la question : gardée, à confirmer")
            remedy = message("Relire la question et ses niveaux, puis confirmer ou corriger la réponse.")
            self._say("diagnosis.to_confirm", said, remedy, self.sheet.place(row, self.table.columns[column]), question, self.table.cell(row, Column.QUESTION))  # fmt: skip

    def _texts(self, question: Question, column: Column) -> set[str]:
        return {squashed(diagnosis_form.asked(self.asked, question, column, language)) for language in ("fr", "en")}

    def _proven(self, row: int, question: Question, found: Understood, proof: str) -> tuple[bool, str]:
        """Return whether a proof was seen, and its reference: a reference alone is not a proof seen."""
        if Column.SEEN not in self.table.columns:
            return False, proof
        text = self._take(row, Column.SEEN, question)
        place = self.sheet.place(row, self.table.columns[Column.SEEN])
        read = quantities.yes_no(text)
        remedy = message("Répondre « Oui » si quelqu'un a vu la preuve, sinon « Non ».")
        if text and (read.value is None or not read.sure) and not quantities.is_nothing(text):
            said = message("« preuve vue » n'est pas compris : la réponse compte comme déclarée, sans preuve vue")
            self._say("diagnosis.proof", said, remedy, place, question, text)
            return False, "\n".join(filter(None, (proof, text)))
        if proof and not text:
            said = message("une preuve est citée, sans dire si quelqu'un l'a vue : la réponse compte comme déclarée")
            self._say("diagnosis.proof", said, remedy, place, question, proof, severity=Severity.NOTE)
        if read.value and found.choice is None:
            said = message("une preuve est dite vue, mais la question n'a pas de réponse")
            self._say("diagnosis.proof", said, _WRITE, place, question, text)
        return bool(read.value) and found.choice is not None, proof

    def _reason(self, row: int, question: Question, found: Understood, reason: str) -> str:
        if reason and found.choice is not None:
            place = self.sheet.place(row, self.table.columns[Column.REASON])
            said = message("une raison de « Sans objet » est donnée avec un niveau : le niveau est retenu")
            remedy = message("Choisir « Sans objet » dans la liste, ou mettre le texte en commentaire.")
            self._say("diagnosis.reason", said, remedy, place, question, reason)
        elif reason and not found.not_applicable:
            place = self.sheet.place(row, self.table.columns[Column.REASON])
            said = message(
                "une raison de « Sans objet » est donnée sans réponse : la question compte comme laissée vide"
            )
            remedy = message("Choisir « Sans objet » dans la liste si c'est la réponse.")
            self._say("diagnosis.reason", said, remedy, place, question, reason)
        return reason

    def _measure(self, row: int, question: Question) -> str | None:
        """Return the measure that a line of an imported grid names, "" for none, None when the line does not say."""
        text = self._take(row, Column.MEASURE, question) if Column.MEASURE in self.table.columns else ""
        if not text:
            return None
        folded = squashed(text)
        if folded in {squashed(UNCOUNTED.fr), squashed(UNCOUNTED.en)}:
            return ""
        for each in MEASURES:
            if folded in {squashed(each.title.fr), squashed(each.title.en), squashed(each.code)}:
                return each.code
        said = message("mesure inconnue : la question ne compte pas")
        remedy = message("Choisir la mesure dans la liste de la ligne.")
        self._say("diagnosis.measure", said, remedy, self.sheet.place(row, self.table.columns[Column.MEASURE]), question, text)  # fmt: skip
        return ""

    # ------------------------------------------------------------------------------------------------------ one cell
    def _take(self, row: int, column: Column, question: Question) -> str:
        """Return the text of a cell, minding merged cells and formulas; empty without such a column."""
        if column not in self.table.columns:
            return ""
        number = self.table.columns[column]
        text, place = text_at(self.sheet, row, number), self.sheet.place(row, number)
        top = self._tops.get((row, number))
        if not text and top is not None and (text := text_at(self.sheet, top, number)):
            said = message("cellule fusionnée avec d'autres lignes : « {read} » a été étendu à cette question", read=text[:200])  # fmt: skip
            remedy = message("Défusionner les cellules et répondre à chaque question.")
            self._say("answer.merged", said, remedy, place, question, text)
        kept = self.sheet.formulas.get((row, number))
        if kept:
            self._formulas.append(place)
        elif kept is not None:
            said = message("la cellule contient une formule sans valeur enregistrée, ou en erreur : elle compte pour vide")  # fmt: skip
            self._say("cell.no_value", said, message("Remplacer la formule par la réponse elle-même."), place, question)
            return ""
        return text

    def _long(self, row: int, column: Column, question: Question) -> str:
        text = self._take(row, column, question)
        if len(text) > MOST_NOTE:
            said = message("texte de {count} signes : les {most} premiers sont gardés", count=len(text), most=MOST_NOTE)
            remedy = message("Raccourcir le texte, ou nommer un document.")
            self._say("cell.long", said, remedy, self.sheet.place(row, self.table.columns[column]), question, text[:100], severity=Severity.NOTE)  # fmt: skip
        return text[:MOST_NOTE]

    # ------------------------------------------------------------------------------------------------ what is left over
    def _unknown_lines(self) -> None:
        """Say which lines name no question of ours: another's identifier, or text written where answers are."""
        known = {row for row, _ in self.table.rows}
        shapes = {_shape(each) for each in self.asked.by_id}
        column = self.table.columns[Column.IDENTIFIER]
        answers = [number for each, number in self.table.columns.items() if each.filled_in]
        remedy = message("Vérifier l'identifiant, ou retirer la ligne si elle vient d'un autre questionnaire.")
        lost = []
        for row in range(self.table.header + 1, len(self.sheet.rows)):
            if row in known:
                continue
            named = text_at(self.sheet, row, column)
            if named and _shape(named) in shapes:
                said = message("identifiant inconnu : la ligne n'a pas été lue")
                self._say("point.unknown", said, remedy, self.sheet.place(row, column), read=named)
            elif row > self.table.rows[0][0]:
                lost += [self.sheet.place(row, each) for each in answers if text_at(self.sheet, row, each)]
        if lost:
            said = message(
                "du texte sur des lignes sans identifiant connu n'a pas été lu : {places}", places=some(lost)
            )
            self._say("row.unread", said, remedy, self.sheet.name)

    def _unread_columns(self) -> None:
        width = max(len(self.sheet.rows[row]) for row, _ in self.table.rows)
        for column in sorted(set(range(width)) - set(self.table.columns.values())):
            places = [self.sheet.place(row, column) for row, _ in self.table.rows if text_at(self.sheet, row, column)]
            if places:
                said = message("{count} cellules remplies dans une colonne sans rôle reconnu : elles n'ont pas été lues ({places})", count=len(places), places=some(places))  # fmt: skip
                remedy = message("Garder les colonnes du questionnaire fourni et y écrire chaque réponse.")
                self._say("cell.unread", said, remedy, self.sheet.column(column), read=self.table.headings.get(column, ""))  # fmt: skip

    def _about_sheet(self) -> None:
        for column, places in self._changed.items():
            said = message("des textes du questionnaire ont été changés, sans effet sur les réponses : {places}", places=some(places))  # fmt: skip
            self._say("cell.changed", said, message("Rien à faire si les niveaux sont ceux du questionnaire."), self.sheet.column(self.table.columns[column]), severity=Severity.NOTE)  # fmt: skip
        if self._formulas:
            self.findings.append(formulas_read(self._formulas, self.file, self.sheet.name))
        if self.sheet.hidden:
            said = message("la feuille est masquée, elle a été lue")
            self._say("sheet.hidden", said, message("Afficher la feuille."), self.sheet.name, severity=Severity.NOTE)

    def _say(
        self,
        code: str,
        said: Message,
        remedy: Message,
        place: str,
        question: Question | None = None,
        read: str = "",
        *,
        severity: Severity = Severity.DOUBT,
    ) -> None:
        point = question.id if question else ""
        self.findings.append(Finding(code, severity, said, remedy, self.file, place, point, read[:500]))


def _told(line: Line) -> str:
    return line.raw or line.answer.note or line.answer.proof or line.answer.reason


def _shape(identifier: str) -> str:
    """Return an identifier with its numbers as one sign: those of one questionnaire often have the same shape."""
    return _NUMBERS.sub("0", key(identifier)) if len(identifier) < LONGEST else fold(identifier)


_NUMBERS = re.compile(r"\d+")


def _vertical(table: Table) -> dict[Cell, int]:
    """Return the first row of each cell merged downwards in a column that is filled in."""
    columns = {number for each, number in table.columns.items() if each.filled_in}
    last = len(table.sheet.rows)
    return {
        (row, column): top
        for (top, left), (bottom, right) in table.sheet.merged
        if bottom > top and right - left < 50
        for column in range(left, right + 1)
        if column in columns
        for row in range(top + 1, min(bottom + 1, last))
    }
