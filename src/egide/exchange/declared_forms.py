"""Other people's security forms (MDS2, HECVAT) read as declared answers: proposed, sourced, never more than was said.

One table a form (`data/*.yaml`) says by which identifiers it is known and what each question says of our points. An
answer made from a form is at most "partial": our points always ask more than one question of theirs.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from egide.clausier.model import Point
from egide.exchange import form_tables, reply, vocabulary
from egide.exchange.grid import Sheet
from egide.exchange.layout import Reader, table_of, text_at
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Answer, Condition, Declared, Pointer

LEAST_QUESTIONS = 5
LEAST_FAMILIES = 3
"""A file with fewer questions, or of fewer families, is not taken for the form."""
LEAST_CODES = 8
MOST_ROWS = 5_000
MOST_COLUMNS = 12
HEADER_DEPTH = 20
MOST_TEXT = 20_000
_WORD = re.compile(r"\w+")
_NOTE_NUMBER = re.compile(r"^(?:see )?(?:notes?)?[ #n°:]*(\d{1,3})\.?$")
_SEE_NOTE = re.compile(r"^(see|cf\.?|voir)( the| la)? (notes?|comments?)\b")


@dataclass(frozen=True)
class Derived:
    """An answer proposed from a form, and the form it comes from."""

    form: str
    name: str
    answer: Answer

    def is_from_form(self, other: Answer) -> bool:
        """Whether another answer was proposed from the same form."""
        return other.proof.startswith(f"{self.name} ") and other.pointer is not None


@dataclass(frozen=True)
class FormReading:
    """What the forms of one file say: answers proposed, and all that must be said; `sheets` are those read as forms."""

    derived: tuple[Derived, ...] = ()
    findings: tuple[Finding, ...] = ()
    sheets: frozenset[int] = frozenset()


def read(sheets: Sequence[Sheet], name: str, reader: Reader) -> FormReading:
    """Return what the sheets say when they are a known form, nothing otherwise; sheets that name our points are left."""
    derived: list[Derived] = []
    findings: list[Finding] = []
    taken: set[int] = set()
    for form in form_tables.forms():
        found = _FormReader(form, sheets, name, reader)
        if found.recognised:
            derived += found.answers()
            findings += found.findings
            taken |= found.columns.keys()
    return FormReading(tuple(derived), tuple(findings), frozenset(taken))


@dataclass(frozen=True)
class _Said:
    """One answered question: as written, where, and what it says."""

    key: str
    written: str
    raw: str
    note: str
    place: str


@dataclass
class _FormReader:
    form: form_tables.Form
    sheets: Sequence[Sheet]
    name: str
    reader: Reader
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = {
            number: column
            for number, sheet in enumerate(self.sheets)
            if (column := self._question_column(sheet)) is not None
        }
        self.keys = {key for number, column in self.columns.items() for _, key in self._questions(number, column)}
        self.codes = set() if self._has_questions else self._section_codes()

    # --------------------------------------------------------------------------------------------------- recognition
    @property
    def _has_questions(self) -> bool:
        return (
            len(self.keys) >= LEAST_QUESTIONS and len({form_tables.family(key) for key in self.keys}) >= LEAST_FAMILIES
        )

    @property
    def recognised(self) -> bool:
        """Whether the file is this form, by its questions or, in an unknown edition, by its section codes."""
        return self._has_questions or len(self.codes) >= LEAST_CODES

    def _question_column(self, sheet: Sheet) -> int | None:
        families = self.form.families
        counts = Counter(
            column
            for row in sheet.rows[:MOST_ROWS]
            for column, text in enumerate(row[:MOST_COLUMNS])
            if text and (key := form_tables.key(text)) and form_tables.family(key) in families
        )
        best = max(counts, key=lambda column: (counts[column], -column), default=None)
        if best is None:
            return None
        ours = table_of(sheet, self.reader)
        return None if ours is not None and len(ours.rows) >= counts[best] else best

    def _questions(self, number: int, column: int) -> Iterator[tuple[int, str]]:
        families = self.form.families
        for row in range(min(len(self.sheets[number].rows), MOST_ROWS)):
            key = form_tables.key(text_at(self.sheets[number], row, column))
            if key and form_tables.family(key) in families:
                yield row, key

    def _section_codes(self) -> set[str]:
        """Return the codes of the sections that one sheet names, when it names enough of them and none of our points."""
        for sheet in self.sheets:
            cells = (text[:200] for row in sheet.rows[:MOST_ROWS] for text in row[:MOST_COLUMNS] if text)
            codes = self.form.families.intersection(_WORD.findall("\n".join(cells)))
            if len(codes) >= LEAST_CODES and table_of(sheet, self.reader) is None:
                return set(codes)
        return set()

    def _edition(self) -> form_tables.Edition:
        families = [form_tables.family(key) for key in self.keys]
        counts = [sum(family in edition.marks for family in families) for edition in self.form.editions]
        if not any(counts):
            return next((each for each in self.form.editions if each.by_default), self.form.editions[0])
        return self.form.editions[counts.index(max(counts))]

    # ------------------------------------------------------------------------------------------------------- answers
    def answers(self) -> list[Derived]:
        """Return the answers proposed, one a point, in the order of the clausier."""
        if not self._has_questions:
            self._note(
                "form.edition",
                message("formulaire {form} d'une édition dont la numérotation n'est pas connue : gardé comme document", form=self.form.name),
                message("Demander le formulaire dans son édition en vigueur, ou répondre au questionnaire."),
            )  # fmt: skip
            return []
        edition = self._edition()
        said = self._said(edition)
        if self.reader.clausier.id != self.form.clausier:
            self._note(
                "form.other_clausier",
                message(
                    "formulaire {form} ({count} questions) : il ne se rattache qu'au clausier « {id} », il est gardé comme document",
                    form=self.form.name,
                    count=len(said),
                    id=self.form.clausier,
                ),
                message("Rien à faire."),
            )
            return []
        by_point, used = self._by_point(said, edition)
        points = self.reader.clausier.points
        derived = [self._derived(points[name], links) for name, links in by_point.items()]
        derived += [self._whole(points[name], said) for name in self.form.form_points if name in points]
        order = {name: rank for rank, name in enumerate(points)}
        kept = sorted((each for each in derived if each is not None), key=lambda each: order[each.answer.point])
        answered = [each for each in said.values() if each.raw or each.note]
        self._note(
            "form.read",
            message(
                "formulaire {form}, édition {edition} : {answered} réponses, dont {used} rattachées à {points} points ; {left} questions sans point dans cette consultation, {blank} sans réponse",
                form=self.form.name,
                edition=edition.id,
                answered=len(answered),
                used=len([each for each in answered if each.key in used]),
                points=len(kept),
                left=len([each for each in answered if each.key not in used]),
                blank=len(self.keys) - len(answered),
            ),
            message("Rien à faire : le formulaire reste une pièce de l'offre, à lire en entier."),
        )
        return kept

    def _said(self, edition: form_tables.Edition) -> dict[str, _Said]:
        """Return what is answered to each question; of two answers the first is kept, and the other said."""
        found: dict[str, _Said] = {}
        for number, column in self.columns.items():
            if self.form.ignored and re.search(self.form.ignored, fold(self.sheets[number].name)):
                continue
            for each in self._sheet(number, column):
                before = found.get(each.key)
                if before is None or not (before.raw or before.note):
                    found[each.key] = each
                elif each.raw and fold(each.raw) != fold(before.raw) and edition.links_of(each.key):
                    self._doubt(
                        "form.twice",
                        message("{question} : « {first} » ({where}) puis « {second} » : la première réponse est lue",
                                question=each.written, first=before.raw, where=before.place, second=each.raw),
                        message("Dire laquelle des deux réponses vaut."),
                        each.place, each.raw,
                    )  # fmt: skip
        return found

    def _sheet(self, number: int, column: int) -> Iterator[_Said]:
        sheet = self.sheets[number]
        questions = list(self._questions(number, column))
        answer, notes = self._roles(sheet, column, [row for row, _ in questions])
        if answer is None:
            self._doubt(
                "form.no_answer_column",
                message("{count} questions du formulaire {form}, mais aucune colonne de réponse reconnue", count=len(questions), form=self.form.name),
                message("Garder la feuille du formulaire telle que publiée et y écrire chaque réponse."),
                sheet.name,
            )  # fmt: skip
            return
        apart = _numbered_notes(sheet, column)
        for row, key in questions:
            raw = text_at(sheet, row, answer)
            texts = [text for each in notes if (text := text_at(sheet, row, each))]
            note = "\n".join(
                apart.get(found[1], text) if (found := _NOTE_NUMBER.match(fold(text))) else text for text in texts
            )
            yield _Said(key, text_at(sheet, row, column).strip(" .*:"), raw, note, sheet.place(row, answer))

    def _roles(self, sheet: Sheet, column: int, rows: Sequence[int]) -> tuple[int | None, list[int]]:
        """Return the column of answers and those of notes: by their headings, else by what they hold."""
        answers: list[int] = []
        notes: list[int] = []
        refused: set[int] = set()
        width = max(len(sheet.rows[row]) for row in rows)
        for each in range(column + 1, min(width, MOST_COLUMNS * 2)):
            above = range(rows[0] - 1, max(-1, rows[0] - 1 - HEADER_DEPTH), -1)
            heading = next((text for row in above if (text := fold(text_at(sheet, row, each)))), "")[:120]
            if re.search(self.form.answer, heading):
                answers.append(each)
            elif re.search(self.form.note, heading):
                notes.append(each)
            elif heading and re.search(self.form.refused, heading):
                refused.add(each)
        if not answers:
            free = [each for each in range(column + 1, min(width, MOST_COLUMNS * 2)) if each not in refused]
            answers = [each for each in free if _mostly_answers([text_at(sheet, row, each) for row in rows])]
            notes = [each for each in notes if each not in answers[:1]]
        if not answers:
            return None, []
        if not notes and answers[0] + 1 not in refused:
            notes = [answers[0] + 1]
        return answers[0], notes

    # -------------------------------------------------------------------------------------------------------- points
    def _by_point(
        self, said: Mapping[str, _Said], edition: form_tables.Edition
    ) -> tuple[dict[str, list[tuple[_Said, form_tables.Link]]], set[str]]:
        """Return the answered questions of each point of the consultation, and the questions that serve."""
        found: dict[str, list[tuple[_Said, form_tables.Link]]] = {}
        used: set[str] = set()
        for each in said.values():
            if not (each.raw or each.note):
                continue
            for link in edition.links_of(each.key):
                for point in link.points:
                    if point in self.reader.clausier.points:
                        found.setdefault(point, []).append((each, link))
                        used.add(each.key)
        return found, used

    def _derived(self, point: Point, links: Sequence[tuple[_Said, form_tables.Link]]) -> Derived | None:
        worth = [(each, self._worth(each, link)) for each, link in links]
        kept = [(each, value) for each, value in worth if value is not None]
        if not kept:
            return None
        declared = _settled({value for _, value in kept}, point)
        return self._answer(point, declared, [each for each, _ in kept])

    def _worth(self, said: _Said, link: form_tables.Link) -> Declared | None:
        """Return what one answer says of a point; None when it says nothing, which is then told."""
        word = fold(said.raw).strip(" .*")
        if _SEE_NOTE.match(word):
            if said.note:
                return Declared.DESCRIBED
            self._doubt(
                "form.no_note",
                message("{question} : « {read} », et aucune note", question=said.written, read=said.raw),
                message("Écrire la note annoncée."),
                said.place,
                said.raw,
            )
            return None
        leading = vocabulary.leading(word)
        stated = leading[0] if leading else None
        if stated is Declared.NA:
            return Declared.NA
        if stated not in {Declared.YES, Declared.NO}:
            return Declared.DESCRIBED
        favourable = (stated is Declared.YES) is not link.inverse
        return Declared((link.yes if favourable else link.no).value)

    def _answer(self, point: Point, declared: Declared, said: Sequence[_Said]) -> Derived:
        unique = list({each.key: each for each in said}.values())
        names = ", ".join(each.written for each in unique)
        comment = "\n".join(f"{each.written} : {each.note}" for each in unique if each.note)[:MOST_TEXT]
        condition = vocabulary.condition_in(comment, sure=True) if comment else Condition.NONE
        answer = Answer(
            point.id,
            declared,
            condition,
            Pointer(PurePosixPath(self.name).name, names[:200]),
            comment,
            f"{self.form.name} {names}",
            self.name,
            unique[0].place,
            " ; ".join(f"{each.written} : {each.raw}" for each in unique if each.raw)[:MOST_TEXT],
        )
        if condition is not Condition.NONE:
            understood = reply.Reply(declared, condition)
            said_of, remedy = reply.doubt("answer.condition", understood)
            self.findings.append(
                Finding("answer.condition", Severity.DOUBT, said_of, remedy, self.name, answer.place, point.id, comment)
            )
        return Derived(self.form.id, self.form.name, answer)

    def _whole(self, point: Point, said: Mapping[str, _Said]) -> Derived | None:
        """Return the answer to the point that asks for this form: the file is there, what is in it is to be read."""
        first = next(iter(said.values()), None)
        if first is None:
            return None
        file = PurePosixPath(self.name).name
        answer = Answer(
            point.id, Declared.DESCRIBED, Condition.NONE, Pointer(file), "", file, self.name, first.place, file
        )
        return Derived(self.form.id, self.form.name, answer)

    # ------------------------------------------------------------------------------------------------------ findings
    def _note(self, code: str, said: Message, remedy: Message) -> None:
        names = [sheet.name for number, sheet in enumerate(self.sheets) if number in self.columns]
        self.findings.append(Finding(code, Severity.NOTE, said, remedy, self.name, ", ".join(names[:10])))

    def _doubt(self, code: str, said: Message, remedy: Message, place: str, read: str = "") -> None:
        found = Finding(code, Severity.DOUBT, said, remedy, self.name, place, read=read)
        if found not in self.findings:
            self.findings.append(found)


def _settled(values: set[Declared], point: Point) -> Declared:
    """Return what several answers say together of one point: the least that was said."""
    if Declared.NO in values:
        return Declared.NO
    if Declared.PARTIAL in values:
        return Declared.PARTIAL
    return Declared.NA if values == {Declared.NA} and point.na_allowed else Declared.DESCRIBED


def _mostly_answers(texts: Iterable[str]) -> bool:
    filled = [fold(text).strip(" .*") for text in texts if text]
    known = [text for text in filled if _SEE_NOTE.match(text) or text in _WORDS]
    return len(known) >= 3 and 2 * len(known) >= len(filled)


_WORDS = frozenset({"yes", "no", "n/a", "na", "not applicable", "oui", "non", "sans objet", "see note", "see notes"})


def _numbered_notes(sheet: Sheet, column: int) -> dict[str, str]:
    """Return the notes written under the questions (Note 1, Note 2...), by number."""
    found: dict[str, str] = {}
    for row in range(min(len(sheet.rows), MOST_ROWS)):
        label = re.match(r"^notes? ?#?(\d{1,3})\W*$", fold(text_at(sheet, row, column)[:20]))
        text = next((cell for cell in sheet.rows[row][column + 1 :] if cell), "") if label else ""
        if label and text:
            found[label[1]] = text
    return found
