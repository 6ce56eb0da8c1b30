"""A light map from a workbook or CSV, whatever its columns are called: applications, suppliers, devices by class.

Each filled cell of a known line ends in the map or as a finding; a column that no heading explains is named.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from egide.diagnosis.cartography import Application, Cartography, DataKind, DeviceClass, Hosting, Supplier, plain_name
from egide.errors import DataError
from egide.exchange import grid, quantities
from egide.exchange.cartography_template import content
from egide.exchange.cartography_words import Table, words
from egide.exchange.diagnosis_establishment import formulas_read, some
from egide.exchange.grid import Sheet
from egide.exchange.layout import text_at
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, Text, message

__all__ = ["content", "read"]
HEADER_DEPTH = 30
MOST_NAME = 200
MOST_LINES = 2000
"""Lines of a table that are read: the largest hospital has some hundreds of applications."""


# ---------------------------------------------------------------------------------------------------------------- read
def read(path: Path, name: str) -> tuple[Cartography, list[Finding]]:
    """Return the map of a file and all that must be said of it. Raises DataError when no table is recognised."""
    sheets, found = grid.read(path, name)
    if not sheets:
        raise DataError(message("{file} ne peut pas être utilisé", file=name), tuple(found))
    rows: dict[str, list[Any]] = {kind: [] for kind in words().tables}
    known = 0
    for sheet in sheets:
        layout = _layout(sheet)
        if layout is None:
            if any(any(row) for row in sheet.rows):
                found.append(_unread_sheet(sheet, name))
            continue
        known += 1
        reader = _Reader(sheet, layout, name)
        rows[layout.kind] += reader.rows()
        found += reader.findings
    if not known:
        said = message("aucun tableau d'applications, de fournisseurs ou d'appareils n'a été reconnu")
        remedy = message("Garder les titres de colonnes du modèle (egide diagnose map --out modele.xlsx).")
        raise DataError(said, (*found, Finding("cartography.absent", Severity.ERROR, said, remedy, name)))
    stem = re.sub(r"\.\w+$", "", name.replace("\\", "/").rpartition("/")[2])
    return Cartography(stem, tuple(rows["applications"]), tuple(rows["suppliers"]), tuple(rows["devices"])), found


def _unread_sheet(sheet: Sheet, name: str) -> Finding:
    said = message("feuille sans tableau reconnu : elle n'a pas été lue")
    remedy = message("Garder les titres de colonnes du modèle, ou retirer la feuille.")
    return Finding("cartography.sheet", Severity.NOTE, said, remedy, name, sheet.name)


@dataclass(frozen=True)
class _Layout:
    """A table found in a sheet: its kind, the line of its headings, the column of each field, the unit of durations."""

    kind: str
    header: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]


def _layout(sheet: Sheet) -> _Layout | None:
    best: tuple[tuple[int, int], _Layout] | None = None
    for number, row in enumerate(sheet.rows[:HEADER_DEPTH]):
        filled = {column: text for column, text in enumerate(row) if text and len(text) < 120}
        if len(filled) < 2:
            continue
        for kind, table in words().tables.items():
            columns = _columns(filled, table)
            announced = any(word in fold(sheet.name) for word in table.names)
            if "name" in columns and len(columns) > 1:
                rank = (len(columns), int(announced))
                if best is None or rank > best[0]:
                    best = rank, _Layout(kind, number, columns, filled)
    return best[1] if best else None


def _columns(filled: Mapping[int, str], table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    taken: set[int] = set()
    titles = {fold(said): each.field for each in table.columns for said in (each.title.fr, each.title.en)}
    for column, text in filled.items():
        exact = titles.get(fold(text))
        if exact and exact not in found:
            found[exact] = column
            taken.add(column)
    for each in table.columns:
        for column, text in filled.items():
            if each.field not in found and column not in taken and any(re.search(one, fold(text)) for one in each.headings):  # fmt: skip
                found[each.field] = column
                taken.add(column)
    return found


_AGAIN = message("Corriger la cellule dans le fichier, puis relire.")
_Reading = Callable[["_Reader", int, int, str], Any]


@dataclass
class _Reader:
    """Reads the lines of one table and gathers what must be said."""

    sheet: Sheet
    layout: _Layout
    file: str
    findings: list[Finding] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Application | Supplier | DeviceClass]:
        """Yield what each filled line holds."""
        nameless, read = [], 0
        for row in range(self.layout.header + 1, len(self.sheet.rows)):
            filled = [column for column in self.layout.columns.values() if text_at(self.sheet, row, column)]
            if not filled or self._is_example(row):
                continue
            name = text_at(self.sheet, row, self.layout.columns["name"])[:MOST_NAME]
            if not plain_name(name):
                nameless.append(self.sheet.place(row, filled[0]))
                continue
            if read == MOST_LINES:
                said = message("seules les {most} premières lignes ont été lues", most=MOST_LINES)
                remedy = message("Ne garder que ce qui sert aux soins ou à la gestion, puis relire.")
                self._say("cartography.long", said, remedy, self.sheet.place(row, filled[0]), severity=Severity.ERROR)
                break
            read += 1
            made = _KINDS[self.layout.kind](self, row, name)
            if made is not None:
                yield made
        if nameless:
            said = message("des lignes sans nom n'ont pas été lues : {places}", places=some(nameless))
            self._say("row.unread", said, message("Nommer chaque ligne."), self.sheet.name)
        self._unread_columns()
        if self.formulas:
            self.findings.append(formulas_read(self.formulas, self.file, self.sheet.name))

    def _is_example(self, row: int) -> bool:
        """Tell whether a line is that of the template, left as it is, and say so."""
        own = [each for each in words().tables[self.layout.kind].columns if each.field in self.layout.columns]
        written = [text_at(self.sheet, row, self.layout.columns[each.field]) for each in own]
        if written not in ([each.example.fr for each in own], [each.example.en for each in own]):
            return False
        said = message("ligne d'exemple du modèle, laissée de côté")
        self._say("cartography.example", said, message("L'effacer."), self.sheet.place(row, self.layout.columns["name"]), severity=Severity.NOTE)  # fmt: skip
        return True

    def _unread_columns(self) -> None:
        taken = set(self.layout.columns.values())
        width = max(len(row) for row in self.sheet.rows)
        for column in sorted(set(range(width)) - taken):
            filled = [row for row in range(self.layout.header + 1, len(self.sheet.rows)) if text_at(self.sheet, row, column)]  # fmt: skip
            if filled:
                heading = self.layout.headings.get(column, "")
                said = message("colonne sans rôle reconnu, {count} cellules n'ont pas été lues", count=len(filled))
                remedy = message("Renommer la colonne comme dans le modèle si elle doit être lue.")
                self._say("cell.unread", said, remedy, self.sheet.column(column), heading, severity=Severity.NOTE)

    # ------------------------------------------------------------------------------------------------------- lines
    def application(self, row: int, name: str) -> Application:
        """Return the application of a line."""
        supplier = self._text(row, "supplier")
        return Application(
            name,
            supplier[:MOST_NAME],
            self._yes(row, "care_critical"),
            self._hours(row, "recovery_time_hours"),
            self._hours(row, "data_loss_hours"),
            self._hours(row, "backup_every_hours"),
            self._hours(row, "restored_in_hours"),
            Hosting(self._word(row, "hosting") or Hosting.UNKNOWN),
            DataKind(self._word(row, "data") or DataKind.UNKNOWN),
            self._yes(row, "fallback"),
        )

    def supplier(self, row: int, name: str) -> Supplier:
        """Return the supplier of a line."""
        return Supplier(name, self._siren(row), self._yes(row, "remote_access"), self._yes(row, "reachable"), self._day(row))  # fmt: skip

    def device(self, row: int, name: str) -> DeviceClass | None:
        """Return the class of devices of a line, None without a number."""
        count = self._whole(row, "count")
        if count is None:
            place = self._place(row, "count") or self.sheet.place(row, self.layout.columns["name"])
            said = message("« {name} » n'a pas de nombre lisible : la ligne n'est pas comptée", name=name)
            self._say("cartography.number", said, _AGAIN, place, self._text(row, "count"))
            return None
        parts = [self._part(row, each, count) for each in ("unsupported", "networked", "segmented")]
        return DeviceClass(name, count, *parts)

    # ------------------------------------------------------------------------------------------------------- cells
    def _text(self, row: int, name: str) -> str:
        """Return the text of a cell, minding formulas; empty without such a column."""
        column = self.layout.columns.get(name)
        if column is None:
            return ""
        kept = self.sheet.formulas.get((row, column))
        place = self.sheet.place(row, column)
        if kept is False:
            said = message("la cellule contient une formule sans valeur enregistrée, ou en erreur : elle compte pour vide")  # fmt: skip
            self._say("cell.no_value", said, message("Remplacer la formule par la valeur elle-même."), place)
            return ""
        if kept and place not in self.formulas:
            self.formulas.append(place)
        return text_at(self.sheet, row, column)

    def _is_number(self, row: int, name: str) -> bool:
        return (row, self.layout.columns[name]) in self.sheet.numbers

    def _place(self, row: int, name: str) -> str:
        return self.sheet.place(row, self.layout.columns[name]) if name in self.layout.columns else ""

    def _hours(self, row: int, name: str) -> Any:
        text = self._text(row, name)
        if not text or quantities.is_nothing(text):
            return None
        unit = quantities.unit_of(self.layout.headings.get(self.layout.columns[name], ""))
        found = quantities.hours(text, unit)
        if found.value is None:
            self._doubt("cartography.duration", message("durée non comprise : elle reste inconnue"), row, name, text)
        elif not found.sure:
            self._doubt("cartography.duration", message("compris comme {hours} h", hours=found.value), row, name, text)
        return found.value

    def _yes(self, row: int, name: str) -> bool | None:
        text = self._text(row, name)
        if not text or quantities.is_nothing(text):
            return None
        found = quantities.yes_no(text)
        if found.value is None:
            graded = _GRADES.get(fold(text))
            if graded is None or name != "care_critical":
                self._doubt("cartography.yes_no", message("ni oui ni non : la valeur reste inconnue"), row, name, text)
                return None
            self._doubt("cartography.yes_no", message("compris comme {value}", value=_YES_NO[graded]), row, name, text)
            return graded
        if not found.sure:
            self._doubt("cartography.yes_no", message("compris comme {value}", value=_YES_NO[found.value]), row, name, text)  # fmt: skip
        return found.value

    def _word(self, row: int, name: str) -> str:
        text = self._text(row, name)
        if not text or quantities.is_nothing(text):
            return ""
        folded = fold(text)
        hits = [
            kind for kind, its in words().words[name].items() if any(re.search(rf"\b{re.escape(word)}\b", folded) for word in its)
        ]  # fmt: skip
        if len(hits) == 1:
            return hits[0]
        said = message("mot non reconnu : la valeur reste inconnue")
        if hits:
            said = message("plusieurs sens possibles : la valeur reste inconnue")
        self._doubt("cartography.word", said, row, name, text)
        return ""

    def _whole(self, row: int, name: str) -> int | None:
        text = self._text(row, name)
        if not text or quantities.is_nothing(text):
            return None
        found = quantities.whole(text, is_number=self._is_number(row, name))
        if found.value is not None and not found.sure:
            self._doubt("cartography.number", message("compris comme {value}", value=found.value), row, name, text)
        return found.value

    def _part(self, row: int, name: str, count: int) -> int | None:
        """Return a number of devices out of `count`, written as a number or in per cent."""
        text = self._text(row, name)
        if not text or quantities.is_nothing(text):
            return None
        if fold(text).endswith("%"):
            share = quantities.share(text).value
            if share is not None:
                value = int((share * count).to_integral_value())
                said = message("{share} de {count} compris comme {value} appareil(s)", share=text, count=count, value=value)  # fmt: skip
                self._doubt("cartography.number", said, row, name, text)
                return value
        elif folded_all := {"tous": count, "toutes": count, "all": count}.get(fold(text)):
            return folded_all
        found = self._whole(row, name)
        if found is None:
            self._doubt("cartography.number", message("nombre non compris : il reste inconnu"), row, name, text)
        return found

    def _siren(self, row: int) -> str:
        text = self._text(row, "siren")
        digits = re.sub(r"\D", "", text)
        if text and not quantities.is_nothing(text) and len(digits) not in {9, 14}:
            self._doubt(
                "cartography.siren", message("un SIREN a 9 chiffres : il est laissé de côté"), row, "siren", text
            )
            return ""
        return digits[:9]

    def _day(self, row: int) -> date | None:
        text = self._text(row, "contract_end")
        if not text or quantities.is_nothing(text):
            return None
        found = quantities.day(text, is_number=self._is_number(row, "contract_end"))
        if found.value is None:
            self._doubt(
                "cartography.date", message("date non comprise : elle reste inconnue"), row, "contract_end", text
            )
        elif not found.sure:
            self._doubt(
                "cartography.date", message("compris comme le {day}", day=found.value), row, "contract_end", text
            )
        return found.value

    def _doubt(self, code: str, said: Message, row: int, name: str, read: str) -> None:
        self._say(code, said, _AGAIN, self._place(row, name), read)

    def _say(self, code: str, said: Message, remedy: Message, place: str, read: str = "", *, severity: Severity = Severity.DOUBT) -> None:  # fmt: skip
        self.findings.append(Finding(code, severity, said, remedy, self.file, place, read=read[:300]))


_YES_NO = {True: Text("oui", "yes"), False: Text("non", "no")}
_GRADES = {
    **dict.fromkeys(("critique", "vitale", "vital", "forte", "elevee", "haute", "high", "critical", "3", "4"), True),
    **dict.fromkeys(("faible", "moyenne", "basse", "low", "medium", "1", "2"), False),
}
_KINDS: Mapping[str, Callable[[_Reader, int, str], Any]] = {
    "applications": _Reader.application,
    "suppliers": _Reader.supplier,
    "devices": _Reader.device,
}
