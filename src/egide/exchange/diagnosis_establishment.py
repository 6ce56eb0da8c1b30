"""The establishment of a filled questionnaire: its name, the day of the state described, the figures asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from egide.diagnosis.questionnaire import Figure, Questionnaire
from egide.exchange import quantities
from egide.exchange.diagnosis_form import DATE, LABELS, NAME, SHARES
from egide.exchange.grid import Sheet
from egide.exchange.layout import squashed, text_at
from egide.finding import Finding, Severity
from egide.message import Message, Text, message

__all__ = ["SHARES", "Establishment", "establishment", "formulas_read", "some"]
MOST_NAME = 200
LEAST_LINES = 2
"""Lines by which the sheet is known."""
MOST = Decimal(10) ** 12


@dataclass
class Establishment:
    """What the sheet says; `observed_on` is None when it gives no date."""

    name: str = ""
    observed_on: date | None = None
    figures: dict[str, Decimal] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def establishment(sheet: Sheet, questionnaire: Questionnaire, file: str) -> Establishment | None:
    """Return what a sheet says of the establishment, None if it is not that sheet. Never raises on its content."""
    labels = _labels(questionnaire)
    rows = {row: code for row in range(len(sheet.rows)) if (code := _code(sheet, row, labels))}
    if len(set(rows.values())) < min(LEAST_LINES, len(set(labels.values()))):
        return None
    reader = _Reader(sheet, questionnaire, file)
    for row, code in rows.items():
        reader.take(row, code)
    reader.about_formulas()
    return reader.made


def _labels(questionnaire: Questionnaire) -> Mapping[str, str]:
    texts: list[tuple[str, Text]] = [(NAME, LABELS[NAME]), (DATE, LABELS[DATE])]
    texts += [(each.code, each.text) for each in questionnaire.figures]
    return {squashed(said): code for code, text in texts for said in (text.fr, text.en) if said}


def _code(sheet: Sheet, row: int, labels: Mapping[str, str]) -> str:
    by_label = labels.get(squashed(text_at(sheet, row, 0)), "") if sheet.rows[row] else ""
    codes = set(labels.values())
    return by_label or next((text for text in sheet.rows[row][2:] if text in codes), "")


class _Reader:
    """Reads the lines of the sheet and gathers what must be said."""

    def __init__(self, sheet: Sheet, questionnaire: Questionnaire, file: str):
        self.sheet, self.file = sheet, file
        self.figures: Mapping[str, Figure] = {each.code: each for each in questionnaire.figures}
        self.made = Establishment()
        self.seen: dict[str, str] = {}
        self.formulas: list[str] = []

    def take(self, row: int, code: str) -> None:
        """Read the value of one line, in its second cell."""
        text, place = text_at(self.sheet, row, 1), self.sheet.place(row, 1)
        kept = self.sheet.formulas.get((row, 1))
        if kept is False:
            self._say(
                "cell.no_value",
                message(
                    "la cellule contient une formule sans valeur enregistrée, ou en erreur : elle compte pour vide"
                ),
                message("Remplacer la formule par la valeur elle-même."),
                place,
            )
        elif kept:
            self.formulas.append(place)
        if not text or kept is False:
            return
        if code in self.seen:
            self._twice(code, text, place)
            return
        self.seen[code] = text
        is_number = (row, 1) in self.sheet.numbers
        if code == NAME:
            self.made.name = text[:MOST_NAME]
        elif code == DATE:
            self._day(text, place, is_number=is_number)
        else:
            self._figure(self.figures[code], text, place, is_number=is_number)

    def _twice(self, code: str, text: str, place: str) -> None:
        if squashed(text) != squashed(self.seen[code]):
            self._say(
                "diagnosis.twice",
                message("cette donnée est donnée deux fois : la première, « {first} », est retenue", first=self.seen[code]),
                message("Garder une seule ligne."),
                place,
                text,
            )  # fmt: skip

    def _day(self, text: str, place: str, *, is_number: bool) -> None:
        read = quantities.day(text, is_number=is_number)
        self.made.observed_on = read.value
        if read.value is None:
            said = message("cette date n'a pas été comprise : la date du jour de la lecture est prise")
            self._say("diagnosis.date", said, message("Écrire la date sous la forme jj/mm/aaaa."), place, text)
        elif not read.sure:
            said = message("compris comme le {day}", day=read.value)
            self._say("diagnosis.date", said, message("Écrire la date sous la forme jj/mm/aaaa."), place, text)

    def _figure(self, figure: Figure, text: str, place: str, *, is_number: bool) -> None:
        if quantities.is_nothing(text):
            return
        as_share = figure.code in SHARES
        read = (quantities.share if as_share else quantities.number)(text, is_number=is_number)
        remedy = message("Écrire le nombre seul, par exemple 1250000 ; une part s'écrit 65 %.")
        if read.value is None or read.value > MOST:
            said = message("ce chiffre n'a pas été compris : « {label} » reste inconnu", label=figure.text)
            self._say("diagnosis.figure", said, remedy, place, text, point=figure.code)
            return
        self.made.figures[figure.code] = read.value
        if not read.sure:
            said = message("« {label} » est compris comme {value}", label=figure.text, value=read.value)
            self._say("diagnosis.figure", said, remedy, place, text, point=figure.code)

    def about_formulas(self) -> None:
        """Say once which values come from formulas."""
        if self.formulas:
            self.made.findings.append(formulas_read(self.formulas, self.file, self.sheet.name))

    def _say(self, code: str, said: Message, remedy: Message, place: str, read: str = "", *, point: str = "") -> None:
        self.made.findings.append(Finding(code, Severity.DOUBT, said, remedy, self.file, place, point, read))


MOST_PLACES = 20


def formulas_read(places: list[str], file: str, sheet: str) -> Finding:
    """Return the one finding that says which values of a sheet come from formulas."""
    said = message("des réponses sont des formules, leur dernière valeur a été lue : {places}", places=some(places))
    return Finding(
        "cell.formula", Severity.NOTE, said, message("De préférence, écrire la valeur elle-même."), file, sheet
    )


def some(places: list[str]) -> tuple[str, ...]:
    """Return the first places of many."""
    return tuple(places) if len(places) <= MOST_PLACES else (*places[:MOST_PLACES], "…")
