"""One file of answers, from cells to declared answers and to all that must be said about them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from egide import plain
from egide.clausier.model import Clausier, Point
from egide.exchange import declared_forms, grid, layout, reply, vocabulary
from egide.exchange.declared_forms import Derived
from egide.exchange.grid import Layout, Sheet
from egide.exchange.identifiers import Named
from egide.exchange.layout import Reader, Table
from egide.exchange.package import Cell
from egide.exchange.safety import refusal
from egide.exchange.vocabulary import Role, fold
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Answer, Condition, Declared

GROUPED = 10
"""From how many findings of a kind they are told as one."""


@dataclass(frozen=True)
class Reading:
    """What one file says: answers by point, findings; `readable` tells whether it could be opened at all.

    `derived` are the answers proposed from another's form (MDS2, HECVAT): they complete those of the questionnaire.
    """

    name: str
    answers: Mapping[str, Answer]
    findings: tuple[Finding, ...]
    readable: bool
    sheets: tuple[Sheet, ...] = ()
    derived: tuple[Derived, ...] = ()
    is_form: bool = False
    """Whether a sheet of the file is a known form: it then says nothing of our points by itself, and needs not."""


def read_answers(path: Path, name: str, clausier: Clausier) -> Reading:
    """Read one file, whatever it is. Never raises on its content."""
    reading = read_with(Reader(clausier), path, name)
    if (
        reading.readable
        and not reading.answers
        and not reading.is_form
        and not any(each.severity is Severity.ERROR for each in reading.findings)
    ):
        return replace(reading, findings=(*reading.findings, no_points(name)))
    own, said = completed(reading.answers, reading.derived)
    reading = replace(reading, answers=own, findings=(*reading.findings, *said))
    explained = {each.point for each in reading.findings}
    silent = [point for point, answer in reading.answers.items() if is_empty(answer) and point not in explained]
    return replace(reading, findings=(*reading.findings, *missing(silent, name)))


def missing(points: Sequence[str], file: str, place: str = "") -> Iterator[Finding]:
    """Yield the one finding that names the points left without answer, if there are any."""
    if points:
        said = message("{count} question(s) sans réponse : {points}", count=len(points), points=points)
        remedy = message("Répondre à ces questions, ou confirmer qu'elles restent sans réponse.")
        yield Finding("answer.missing", Severity.DOUBT, said, remedy, file, place)


def read_with(reader: Reader, path: Path, name: str) -> Reading:
    """Read one file with a prepared reader; a file that names no point gives no answer and no finding of its own."""
    sheets, findings = grid.read(path, name)
    if not sheets:
        readable = not any(each.severity is Severity.ERROR for each in findings)
        return Reading(name, {}, tuple(findings), readable)
    try:
        form = declared_forms.read(sheets, name, reader)
        own = tuple(sheet for number, sheet in enumerate(sheets) if number not in form.sheets)
        answers, more = _read_sheets(own, name, reader) if own else ({}, [])
    except Exception:  # a fault of ours must cost one file, not the opening of all bids
        return Reading(name, {}, (*findings, refusal("file.reader_failed", name)), readable=False, sheets=sheets)
    said = (*findings, *more, *form.findings)
    is_form = bool(form.sheets or form.findings)
    return Reading(name, answers, said, readable=True, sheets=sheets, derived=form.derived, is_form=is_form)


def no_points(name: str) -> Finding:
    """Return the finding of a file in which no point could be found."""
    return Finding(
        "file.no_points",
        Severity.ERROR,
        message("aucun identifiant de question connu n'a été trouvé dans ce fichier"),
        message("Renvoyer le questionnaire fourni, sa colonne « Identifiant » intacte."),
        name,
    )


def _read_sheets(sheets: tuple[Sheet, ...], name: str, reader: Reader) -> tuple[dict[str, Answer], list[Finding]]:
    answers: dict[str, Answer] = {}
    findings: list[Finding] = []
    nc = _legend(sheets)
    for sheet in sheets:
        table = layout.table_of(sheet, reader)
        if table is None:
            continue
        sheet_reader = _SheetReader(table, name, reader, nc)
        for answer in sheet_reader.answers():
            before = answers.get(answer.point)
            answers[answer.point], said = (answer, None) if before is None else settled(before, answer)
            sheet_reader.findings += [said] if said else []
        findings += grouped(sheet_reader.findings)
    return answers, [*_version(sheets, name, reader.clausier), *findings]


# ------------------------------------------------------------------------------------------------- two answers, one point
def settled(before: Answer, after: Answer) -> tuple[Answer, Finding | None]:
    """Return which of two answers to one point is proposed, and what is said of it. A blank never wins."""
    places = message("{first} et {second}", first=_where(before), second=_where(after))
    if _same(before, after):
        said = message("la même réponse est donnée deux fois : {places}", places=places)
        remedy = message("Rien à faire.")
        return before, Finding(
            "answer.repeated", Severity.NOTE, said, remedy, after.file, after.place, after.point, after.raw
        )
    if is_empty(after):
        return before, None
    if is_empty(before):
        return after, None
    kept = before if before.raw and not after.raw else after
    if (before.declared, before.condition) == (after.declared, after.condition):
        said = message("la même réponse, avec un commentaire ou un justificatif différent : {places}", places=places)
        remedy = message("Dire lequel des deux commentaires ou justificatifs vaut.")
        return kept, Finding(
            "answer.repeated", Severity.DOUBT, said, remedy, after.file, after.place, after.point, after.raw
        )
    said = message(
        "deux réponses différentes, « {first} » ({where}) et « {second} » ({there}) : « {kept} » est proposée",
        first=_words(before),
        where=_where(before),
        second=_words(after),
        there=_where(after),
        kept=_words(kept),
    )
    remedy = message("Dire laquelle des deux réponses vaut.")
    return kept, Finding(
        "answer.conflict", Severity.DOUBT, said, remedy, after.file, after.place, after.point, after.raw
    )


def completed(
    answers: Mapping[str, Answer], derived: Iterable[Derived], files: Sequence[str] = ()
) -> tuple[dict[str, Answer], list[Finding]]:
    """Return the answers completed by those proposed from a form, and what is said of each of these.

    What the candidate answered himself always prevails: the form is then a second source, never a conflict. `files`
    are those of this round: a form read at an earlier one gives way to the same form.
    """
    found, findings = dict(answers), []
    for each in derived:
        answer, before = each.answer, found.get(each.answer.point)
        stale = before is not None and bool(files) and before.file not in files and each.is_from_form(before)
        if before is None or is_empty(before) or stale:
            found[answer.point] = answer
            code = f"answer.from_{each.form}"
            said = message(
                "« {read} » au formulaire {form}, compris comme « {answer} »",
                read=answer.raw or answer.comment,
                form=each.name,
                answer=reply.SAID[answer.declared],
            )
            remedy = message(
                "Une réponse proposée, au plus partielle : lire le formulaire, ou répondre au questionnaire."
            )
        else:
            code = "answer.second_source"
            said = message(
                "deux sources : la réponse du candidat « {kept} » prévaut sur « {read} » du formulaire {form}",
                kept=_words(before),
                read=answer.raw or answer.comment,
                form=each.name,
            )
            remedy = message("Rien à faire ; les deux se lisent ensemble.")
        findings.append(Finding(code, Severity.NOTE, said, remedy, answer.file, answer.place, answer.point, answer.raw))
    return found, findings


def _words(answer: Answer) -> str | Message:
    return answer.raw or answer.comment or answer.proof or reply.SAID[answer.declared]


def is_empty(answer: Answer) -> bool:
    """Tell whether nothing at all was written."""
    return not (answer.raw or answer.comment or answer.proof)


def _same(one: Answer, other: Answer) -> bool:
    if is_empty(one) or is_empty(other):
        return is_empty(one) and is_empty(other)
    return all(fold(getattr(one, part)) == fold(getattr(other, part)) for part in ("raw", "comment", "proof"))


def _where(answer: Answer) -> str:
    return f"{answer.file}, {answer.place}"


# ----------------------------------------------------------------------------------------------------------- one sheet
class _SheetReader:
    """Reads the answers of one sheet and gathers what must be said."""

    def __init__(self, table: Table, name: str, reader: Reader, nc: Declared | None) -> None:
        self.table, self.sheet, self.name, self.reader, self.nc = table, table.sheet, name, reader, nc
        self.findings: list[Finding] = []
        self._areas = _vertical(table)
        self._formulas: list[str] = []

    def answers(self) -> Iterator[Answer]:
        if not (self.table.options or self.table.columns(Role.ANSWER)):
            self._say_column("answer.no_column", message("des questions, mais aucune colonne de réponse reconnue"), "")
            return
        if self.table.guessed is not None:
            said = message("la colonne de réponse a été reconnue à son contenu, non à son titre")
            self._say_column("column.guessed", said, self.sheet.column(self.table.guessed))
        for row, named in self.table.rows:
            yield self._answer(row, named)
        self._unknown_points()
        self._unread_columns()
        self._unread_rows()
        self._about_sheet()

    def _answer(self, row: int, named: Named) -> Answer:
        point = self.reader.clausier.points[named.point]
        raw, place, chosen = self._raw(row, point)
        comment = "\n".join(filter(None, (self._take(row, each, point) for each in self.table.columns(Role.COMMENT))))
        proof = "\n".join(filter(None, (self._proof(row, each, point) for each in self.table.columns(Role.PROOF))))
        understood = reply.understand(chosen, comment, proof, point.expects, self.nc)
        answer = Answer(
            point.id, understood.declared, understood.condition, understood.pointer, comment, proof, self.name, place, raw,
            self._wording(row, point),
        )  # fmt: skip
        if not named.sure:
            said = message(
                "identifiant « {read} » compris comme {point}",
                read=self.table.cell(row, self.table.column),
                point=point.id,
            )
            remedy = message("Écrire l'identifiant tel que fourni.")
            self._say(
                "point.approximate", Severity.DOUBT, said, remedy, self.sheet.place(row, self.table.column), point, ""
            )
        for code in understood.doubts:
            self._say(code, Severity.DOUBT, *reply.doubt(code, understood), place, point, raw or comment or proof)
        return answer

    # ------------------------------------------------------------------------------------------------ the cells of a row
    def _raw(self, row: int, point: Point) -> tuple[str, str, str]:
        """Return what the answer cells say, where, and the one answer to be understood."""
        if not self.table.options:
            column = self.table.columns(Role.ANSWER)[0]
            text = self._take(row, column, point)
            return text, self.sheet.place(row, column), text
        ticked = []
        for column in self.table.columns(Role.OPTION):
            text = self._take(row, column, point)
            if fold(text) not in vocabulary.UNTICKED:
                ticked.append((column, text))
        raw = " ; ".join(f"{self.table.headings[column]} : {text}" for column, text in ticked)
        first = ticked[0][0] if ticked else self.table.columns(Role.OPTION)[0]
        return raw, self.sheet.place(row, first), self._chosen(ticked)

    def _chosen(self, ticked: list[tuple[int, str]]) -> str:
        """Return the ticked columns as one text, in the words of an answer cell."""
        if len(ticked) > 1:
            return "oui / non"
        return "".join(
            self.table.headings[column] + ("" if fold(text) in vocabulary.TICKS else f" : {text}")
            for column, text in ticked
        )

    def _take(self, row: int, column: int, point: Point) -> str:
        """Return the text of a cell of an answer, minding merged cells and formulas."""
        text = self.table.cell(row, column)
        top = self._areas.get((row, column))
        if not text and top is not None and (text := self.table.cell(top, column)):
            said = message(
                "cellule fusionnée avec d'autres lignes : « {read} » a été étendu à cette question", read=text
            )
            remedy = message("Défusionner les cellules et répondre à chaque question.")
            self._say("answer.merged", Severity.DOUBT, said, remedy, self.sheet.place(row, column), point, text)
        self._mind_formula(row, column, point)
        return text

    def _proof(self, row: int, column: int, point: Point) -> str:
        text = self._take(row, column, point)
        link = self.sheet.links.get((row, column), "")
        is_web = vocabulary.LINK.match(link) is not None and not vocabulary.FILE_NAME.search(text[: reply.MOST_READ])
        return link if is_web else text

    def _mind_formula(self, row: int, column: int, point: Point) -> None:
        kept = self.sheet.formulas.get((row, column))
        place = self.sheet.place(row, column)
        if kept:
            self._formulas.append(place)
        elif kept is not None:
            said = message(
                "la cellule contient une formule sans valeur enregistrée, ou en erreur : elle compte pour vide"
            )
            remedy = message("Remplacer la formule par la réponse elle-même.")
            self._say("cell.no_value", Severity.DOUBT, said, remedy, place, point, "")

    def _wording(self, row: int, point: Point) -> str:
        """Return the digest of the wording that the row carries, and say when it is not ours."""
        column, read = self.table.wording, ""
        asked = self.reader.asked(point.id)
        digests = [text for each in self.table.columns(Role.DIGEST) if (text := self.table.cell(row, each))]
        carried = digests[0] if digests else ""
        if column is not None and (read := self.table.cell(row, column)):
            same = layout.squashed(read) in asked.wordings
            carried = carried or point.wording_digest if same else plain.digest(" ".join(read.split()))[:16]
        if carried and carried != point.wording_digest:
            said = message("la réponse porte sur une autre rédaction de la question : réponse à confirmer")
            remedy = message("Relire la question publiée et confirmer ou corriger la réponse.")
            place = self.sheet.place(row, self.table.column if column is None else column)
            self._say("answer.other_wording", Severity.DOUBT, said, remedy, place, point, read)
        return carried

    # ------------------------------------------------------------------------------------------------ what is left over
    def _unknown_points(self) -> None:
        known = {row for row, _ in self.table.rows}
        remedy = message("Vérifier l'identifiant, ou retirer la ligne si elle vient d'un autre questionnaire.")
        for row in range(len(self.sheet.rows)):
            text = "" if row in known else self.table.cell(row, self.table.column)
            if text and self.reader.identifiers.resembles(text):
                said = message("identifiant inconnu : la ligne n'a pas été lue")
                self._add(
                    "point.unknown", Severity.DOUBT, said, remedy, self.sheet.place(row, self.table.column), "", text
                )

    def _unread_columns(self) -> None:
        width = max(len(self.sheet.rows[row]) for row, _ in self.table.rows)
        for column in sorted(set(range(width)) - self.table.roles.keys()):
            rows = [
                row
                for row, named in self.table.rows
                if (text := self.table.cell(row, column))
                and layout.squashed(text) not in self.reader.asked(named.point).known
            ]
            if rows:
                said = message(
                    "{count} cellules remplies dans une colonne sans rôle reconnu{title} : elles n'ont pas été lues ({places})",
                    count=len(rows),
                    title=f" (« {self.table.headings[column]} »)" if column in self.table.headings else "",
                    places=_some(self.sheet.place(row, column) for row in rows),
                )
                self._say_column("cell.unread", said, self.sheet.column(column), self.table.cell(rows[0], column))

    def _unread_rows(self) -> None:
        """Say which rows without identifier hold text in the columns of answers."""
        known = {row for row, _ in self.table.rows}
        columns = [column for column, role in self.table.roles.items() if role in _OF_TENDERER]
        headings = {fold(text) for text in self.table.headings.values()}
        lost = []
        for row in range(self.table.rows[0][0], len(self.sheet.rows)):
            if row in known or self.reader.identifiers.resembles(self.table.cell(row, self.table.column)):
                continue
            texts = [
                (column, text)
                for column in columns
                if (text := self.table.cell(row, column)) and fold(text) not in headings
            ]
            lost += [self.sheet.place(row, column) for column, _ in texts if self.sheet.layout is not Layout.PATHS]
        if lost:
            said = message("du texte sur des lignes sans identifiant n'a pas été lu ({places})", places=_some(lost))
            self._say_column("row.unread", said, self.sheet.name)

    def _about_sheet(self) -> None:
        if self._formulas:
            said = message(
                "des réponses sont des formules, leur dernière valeur a été lue : {places}",
                places=_some(self._formulas, 30),
            )
            self._say_column("cell.formula", said, self.sheet.name)
        if self.sheet.hidden:
            said = message("la feuille est masquée, elle a été lue")
            remedy = message("Afficher la feuille.")
            self._add("sheet.hidden", Severity.NOTE, said, remedy, self.sheet.name, "", "")

    # ------------------------------------------------------------------------------------------------------- findings
    def _say(
        self, code: str, severity: Severity, said: Message, remedy: Message, place: str, point: Point, read: str
    ) -> None:
        self._add(code, severity, said, remedy, place, point.id, read)

    def _say_column(self, code: str, said: Message, place: str, read: str = "") -> None:
        said_remedy = message("Garder les colonnes du questionnaire fourni et y écrire chaque réponse.")
        self._add(code, Severity.DOUBT, said, said_remedy, place or self.sheet.name, "", read)

    def _add(
        self, code: str, severity: Severity, said: Message, remedy: Message, place: str, point: str, read: str
    ) -> None:
        self.findings.append(Finding(code, severity, said, remedy, self.name, place, point, read))


_OF_TENDERER = {Role.ANSWER, Role.OPTION, Role.COMMENT, Role.PROOF}


def _vertical(table: Table) -> dict[Cell, int]:
    """Return the first row of each cell merged downwards in a column of the tenderer."""
    tops: dict[Cell, int] = {}
    for (top, left), (bottom, right) in table.sheet.merged:
        if bottom > top and right - left < 50:
            tops |= {
                (row, column): top
                for column in range(left, right + 1)
                if table.roles.get(column) in _OF_TENDERER
                for row in range(top + 1, min(bottom + 1, len(table.sheet.rows)))
            }
    return tops


def _some(places: Iterable[str], limit: int = GROUPED) -> str:
    listed = list(places)
    return ", ".join(listed[:limit]) + (" …" if len(listed) > limit else "")


_IN_NUMBERS = {
    "point.unknown": message("{count} identifiants inconnus, lignes non lues : {read}"),
    "answer.repeated": message("{count} réponses données deux fois : {read}"),
}


def grouped(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, those of a kind that comes in numbers told as one when they are many."""
    kept = list(findings)
    for code, said in _IN_NUMBERS.items():
        alike = [each for each in kept if each.code == code]
        if len(alike) > GROUPED:
            read = _some((each.point or each.read for each in alike), 30)
            one = replace(
                alike[0], understood=Message(said.text, {"count": len(alike), "read": read}), read="", point=""
            )
            kept = [one, *(each for each in kept if each.code != code)]
    return kept


# ------------------------------------------------------------------------------------------------------------- one file
_LEGEND = re.compile(r"\bn\.?c\.?\s*(?::|=|->|-|>|\()\s*(non \w+|not compliant)")


def _legend(sheets: tuple[Sheet, ...]) -> Declared | None:
    """Return what a legend of the file says that NC stands for; None without legend, or with two."""
    meanings = set()
    for sheet in sheets:
        for row in sheet.rows[: layout.SAMPLE_ROWS]:
            for column, text in enumerate(row):
                folded = fold(text)
                if "nc" in folded or "n.c" in folded or "n/c" in folded:
                    found = _LEGEND.search(folded)
                    beside = row[column + 1] if folded in vocabulary.NC and column + 1 < len(row) else ""
                    meanings.add(vocabulary.NC_MEANINGS.get(found[1] if found else fold(beside)))
    meanings.discard(None)
    return meanings.pop() if len(meanings) == 1 else None


def _version(sheets: tuple[Sheet, ...], name: str, clausier: Clausier) -> Iterator[Finding]:
    """Say when our own questionnaire was made from another clausier or another version of it."""
    properties = sheets[0].properties
    made_for = properties.get("egide_clausier"), properties.get("egide_version")
    if made_for[0] and made_for != (clausier.id, clausier.version):
        said = message(
            "le questionnaire vient du clausier {id}, version {version}, et non de celui de la consultation",
            id=properties.get("egide_clausier", "?"),
            version=properties.get("egide_version", "?"),
        )
        remedy = message("Chaque réponse dont la question a changé est signalée à part.")
        yield Finding("file.other_clausier", Severity.NOTE, said, remedy, name)


def blank(point: str) -> Answer:
    """Return the answer of a point that no file mentions."""
    return Answer(point, Declared.BLANK, Condition.NONE)
