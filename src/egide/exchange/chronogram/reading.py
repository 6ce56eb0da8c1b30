"""A chronogram from a workbook or CSV, whatever its columns are called and in whatever order they stand.

Lines of our own workbook are known by their identifier and keep the document and the expected reactions of the kit;
any other line becomes an inject of its own. Every filled cell ends in an inject or is said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from egide.exchange import grid
from egide.exchange.chronogram.columns import Layout, layout_of
from egide.exchange.chronogram.people import People, channel, plain_name
from egide.exchange.chronogram.times import DAY, Column, Kind, When, hour_of, parsed, settled, unit_of
from egide.exchange.chronogram.words import clock, reactions, receivers
from egide.exchange.diagnosis_establishment import formulas_read, some
from egide.exchange.grid import Sheet
from egide.exchange.layout import text_at
from egide.exchange.vocabulary import fold
from egide.exercise.making import digest
from egide.exercise.module import Channel, Expectation
from egide.exercise.script import Item, Script
from egide.finding import Finding, Severity
from egide.message import Language, Message, Text, message

MOST_LINES = 500
"""Injects that an exercise can hold: the longest of ours has eighty."""
MOST_TEXT = 8000
FAMILY = "continuity"
"""Of an expected reaction that nobody put in a family: what an exercise is about."""


@dataclass(frozen=True)
class Reading:
    """A chronogram that was read: injects in the order of their times, and lines before the beginning, which are the
    preparation and are not played. No inject: the file holds none, and the findings say why.
    """

    items: tuple[Item, ...] = ()
    preparation: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(path: Path, name: str, script: Script) -> Reading:
    """Return the chronogram of a file for the exercise `script`, whose seats receive its injects. Never raises."""
    sheets, found = grid.read(path, name)
    if not sheets:
        return Reading(findings=tuple(found))
    laid = [(layout, sheet) for sheet in sheets if (layout := layout_of(sheet))]
    if not laid:
        said = message("aucun chronogramme n'a été reconnu : il faut une colonne de temps et une colonne de titre ou de texte")  # fmt: skip
        remedy = message("Donner un titre à chaque colonne, ou partir du modèle (egide exercise kit --level 1 --out kit.zip).")  # fmt: skip
        return Reading(findings=(*found, Finding("chronogram.absent", Severity.ERROR, said, remedy, name)))
    layout, sheet = max(laid, key=lambda each: (len(each[0].columns), len(each[1].rows)))
    for other, its in laid:
        if its is not sheet and "time" in other.columns:
            said = message("une autre feuille ressemble à un chronogramme : elle n'a pas été lue")
            found.append(Finding("chronogram.sheet", Severity.DOUBT, said, message("Mettre tous les stimulus dans une seule feuille."), name, its.name))  # fmt: skip
    reader = _Reader(sheet, layout, script, name)
    items, preparation = reader.read()
    return Reading(items, preparation, (*found, *reader.findings))


# --------------------------------------------------------------------------------------------------------------- lines
_AGAIN = message("Corriger la cellule dans le fichier, puis relire.")
_TEXTS = ("title", "text")


@dataclass
class _Reader:
    """Reads the lines of a chronogram and gathers what must be said."""

    sheet: Sheet
    layout: Layout
    script: Script
    file: str
    findings: list[Finding] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = People(self.script)
        self.own = {each.id: each for each in self.script.items}
        told = self.sheet.properties.get("egide_language")
        self.language: Language = "en" if (told or self.layout.language) == "en" else "fr"
        self.extra = sorted(set(self.layout.headings) - set(self.layout.columns.values()))
        self.gathered: dict[str, list[str]] = {}

    def read(self) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """Return the injects in order, and the lines before the beginning."""
        rows = self._rows()
        column = self._times(rows)
        items = [self._item(row, minutes) for row, minutes in zip(rows, column.minutes, strict=True)]
        self._about_order(rows, column)
        items = self._numbered(items)
        played = [each for each in items if each.at >= 0]
        before = [each for each in items if each.at < 0]
        self._about_whole(played, before, column)
        order = {each.id: number for number, each in enumerate(self.script.items)}
        played.sort(key=lambda each: (each.at, order.get(each.id, len(order))))
        before.sort(key=lambda each: each.at)
        return tuple(played), tuple(before)

    # ----------------------------------------------------------------------------------------------------------- rows
    def _rows(self) -> list[int]:
        found, alone, count = [], [], 0
        for row in range(self.layout.header + 1, len(self.sheet.rows)):
            filled = {name for name, column in self.layout.columns.items() if text_at(self.sheet, row, column)}
            if not filled - {"id"}:
                continue
            if self._is_heading(row):
                continue
            if not filled & {*_TEXTS} or len(filled) == 1:
                alone.append(self.sheet.place(row, self.layout.columns[sorted(filled)[0]]))
                for name in _TEXTS:
                    self._text(row, name)
                continue
            count += 1
            if count <= MOST_LINES:
                found.append(row)
        if count > MOST_LINES:
            said = message("le fichier a {count} stimulus : un exercice en joue au plus {most}, seuls les premiers ont été lus", count=count, most=MOST_LINES)  # fmt: skip
            remedy = message("Garder une feuille par exercice, ou partager le chronogramme en plusieurs.")
            self._say("chronogram.long", Severity.ERROR, said, remedy, self.sheet.name)
        if alone:
            said = message("des lignes sans stimulus (un titre de partie, ou un temps seul) n'ont pas été lues : {places}", places=some(alone))  # fmt: skip
            self._say("row.unread", Severity.NOTE, said, message("Ajouter un titre ou un texte si ce sont des stimulus."), self.sheet.name)  # fmt: skip
        if not found:
            said = message("le chronogramme n'a aucun stimulus")
            self._say("chronogram.empty", Severity.ERROR, said, message("Écrire une ligne par stimulus."), self.sheet.name)  # fmt: skip
        return found

    def _is_heading(self, row: int) -> bool:
        """Tell whether a row repeats the headings, as at the top of each printed page."""
        same = [text_at(self.sheet, row, column) == text for column, text in self.layout.headings.items()]
        return sum(same) >= max(2, len(same) - 1)

    def _text(self, row: int, name: str) -> str:
        column = self.layout.columns.get(name)
        return "" if column is None else self._cell(row, column)

    def _cell(self, row: int, column: int) -> str:
        kept = self.sheet.formulas.get((row, column))
        place = self.sheet.place(row, column)
        if kept is False:
            said = message("la cellule contient une formule sans valeur enregistrée, ou en erreur : elle compte pour vide")  # fmt: skip
            self._say("cell.no_value", Severity.DOUBT, said, message("Remplacer la formule par la valeur elle-même."), place)  # fmt: skip
            return ""
        if kept and place not in self.formulas:
            self.formulas.append(place)
        text = text_at(self.sheet, row, column).replace("\0", "")
        if len(text) > MOST_TEXT:
            said = message("texte de plus de {most} caractères : la fin est laissée de côté", most=MOST_TEXT)
            self._say("chronogram.text", Severity.DOUBT, said, _AGAIN, place, text)
            return text[:MOST_TEXT]
        return text

    # ---------------------------------------------------------------------------------------------------------- times
    def _times(self, rows: Sequence[int]) -> Column:
        whens = [self._when(row) for row in rows]
        column = settled(whens, hour_of(self.script.begins.fr))
        minutes: list[int | None] = []
        previous = 0
        for each in column.minutes:
            minutes.append(previous if each is None else each)
            previous = max(0, minutes[-1] or 0)
        return Column(tuple(minutes), column.begins)

    def _when(self, row: int) -> When | None:
        column = self.layout.columns["time"]
        text, place = self._merged(row, column), self.sheet.place(row, column)
        hour = self._text(row, "hour")
        if not text:
            if hour and (found := parsed(hour)):
                return found
            self._gather("chronogram.no_time", place)
            return None
        heading = self.layout.headings.get(column, "")
        found = parsed(text, unit_of(heading), is_number=(row, column) in self.sheet.numbers)
        if found is None:
            said = message("temps non compris : le stimulus est placé juste après le précédent")
            self._say("chronogram.time", Severity.DOUBT, said, message("Écrire T+00:15, 15 min, 9:15 ou J+1 08:00."), place, text)  # fmt: skip
            return None
        if not found.sure:
            said = message("temps compris à la minute, en ne gardant que le début : {at}", at=clock(found.minutes or 0))
            self._say("chronogram.time", Severity.NOTE, said, _AGAIN, place, text)
        of_day = found.kind is Kind.DAY and found.minutes is None
        whole_days = found.kind is Kind.SINCE and unit_of(heading) == DAY
        if (of_day or whole_days) and hour and (told := parsed(hour)) and told.kind is Kind.BARE:
            return When(Kind.DAY, told.minutes, found.day or (found.minutes or 0) // DAY, told.sure)
        return found

    def _merged(self, row: int, column: int) -> str:
        """Return the text of a cell, that of the merged area that covers it if it stands higher."""
        text = self._cell(row, column)
        for (top, left), (bottom, right) in self.sheet.merged if not text else ():
            if top < row <= bottom and left <= column <= right and top > self.layout.header:
                return self._cell(top, left)
        return text

    # ---------------------------------------------------------------------------------------------------------- items
    def _item(self, row: int, minutes: int | None) -> Item:
        code = self._text(row, "id")
        base = self.own.get(code)
        title, text = self._text(row, "title"), self._text(row, "text")
        item = Item(
            id=code if base else "",
            at=minutes or 0,
            title=self._said(base.title if base else None, title or text.splitlines()[0][:120]),
            channel=self._channel(row, base),
            sender=self._said(base.sender if base else None, self._text(row, "sender")),
            seats=self._seats(row, base),
            text=self._said(base.text if base else None, text or title),
            what_if=self._what_if(row, base),
            moment=self._said(base.moment if base else None, self._text(row, "moment")),
        )
        if base is None:
            return self._added(row, item)
        kept = {"expected": reactions(base, self.script, self.language), "document": self._document_title(base)}
        for name, written in kept.items():
            if name in self.layout.columns and plain_name(self._text(row, name)) != plain_name(written):
                self._gather(f"chronogram.{name}", self.sheet.place(row, self.layout.columns[name]))
        return replace(item, module=base.module, to=base.to, expectations=base.expectations, document=base.document)

    def _said(self, before: Text | None, text: str) -> Text:
        """Return a text in the language of the file; the kit's own in both languages where it was not changed."""
        if before is not None and fold(before.say(self.language)) == fold(text):
            return before
        return Text(en=text) if self.language == "en" else Text(fr=text)

    def _channel(self, row: int, base: Item | None) -> Channel:
        text = self._text(row, "channel")
        found, sure = channel(text) if text else (None, True)
        if found is None and not text:
            if base is None:
                self._gather("chronogram.no_channel", self._place(row, "channel"))
            return base.channel if base else Channel.ANIMATOR
        place = self.sheet.place(row, self.layout.columns["channel"])
        if found is None:
            said = message("canal inconnu : le stimulus sera annoncé par l'animateur")
            self._say("chronogram.channel", Severity.DOUBT, said, message("Choisir dans la liste du modèle (appel, courriel, papier…)."), place, text)  # fmt: skip
        elif not sure:
            said = message("plusieurs canaux nommés : le premier compris est gardé ({channel})", channel=found.value)
            self._say("chronogram.channel", Severity.DOUBT, said, message("Un stimulus par canal, sur deux lignes."), place, text)  # fmt: skip
        return found or Channel.ANIMATOR

    def _seats(self, row: int, base: Item | None) -> tuple[str, ...]:
        text = self._text(row, "to")
        if base and fold(text) == fold(receivers(base, self.script, self.language)):
            return base.seats
        if not text:
            if base is None:
                self._gather("chronogram.no_receiver", self._place(row, "to"))
            return base.seats if base else self.people.all
        found = self.people.read(text)
        if found.unknown:
            place = self.sheet.place(row, self.layout.columns["to"])
            names = ", ".join(found.unknown)
            said = message("destinataire inconnu : {names} ; les autres reçoivent le stimulus", names=names)
            if not found.seats:
                said = message("destinataire inconnu : {names} ; tout le monde reçoit le stimulus", names=names)
            self._say("chronogram.receiver", Severity.DOUBT, said, message("Écrire une place ou une fonction de la feuille « Places »."), place, text)  # fmt: skip
        return found.seats or self.people.all

    def _what_if(self, row: int, base: Item | None) -> Text:
        noted = [f"{self.layout.headings[each]} : {text}" for each in self.extra if (text := self._cell(row, each))]
        own = self._text(row, "what_if")
        document = self._text(row, "document")
        if document and base is None and not self._document(document):
            noted.append(f"Document : {document}")
            self._gather("chronogram.document_name", self.sheet.place(row, self.layout.columns["document"]))
        return self._said(base.what_if if base and not noted else None, "\n".join(filter(None, (own, *noted))))

    def _document(self, text: str) -> str:
        name = plain_name(text)
        held = ((each.id, {plain_name(each.id), plain_name(each.title.fr), plain_name(each.title.en)}) for each in self.script.documents)  # fmt: skip
        return next((code for code, names in held if name and name in names), "")

    def _document_title(self, item: Item) -> str:
        return next((each.title.say(self.language) for each in self.script.documents if each.id == item.document), "")

    def _added(self, row: int, item: Item) -> Item:
        lines = [re.sub(r"^\s*(?:[-•*–◦]|\d{1,2}[.)])\s*", "", each).strip() for each in self._text(row, "expected").splitlines()]  # fmt: skip
        expectations = tuple(self._expectation(number, each, item) for number, each in enumerate(filter(None, lines), 1))  # fmt: skip
        if expectations:
            self._gather("chronogram.family", self.sheet.place(row, self.layout.columns["expected"]))
        document = self._document(self._text(row, "document"))
        return replace(item, expectations=expectations, document=document)

    def _expectation(self, number: int, text: str, item: Item) -> Expectation:
        inside = re.search(r"\(([^()]*)\)\s*$", text)
        named = [part.strip() for part in re.split("[,;]", inside[1])] if inside else []
        function = next((code for each in named if (code := self.people.function(each))), "")
        within = next((found.minutes for each in named if (found := parsed(re.sub(r"^(?:en|within|in)\s+", "", fold(each)))) and found.kind is Kind.SINCE), None)  # fmt: skip
        seat = next((each for each in self.script.seats if each.code in item.seats), self.script.seats[0])
        if inside and function:
            text = text[: inside.start()].strip() or text
        return Expectation(
            id=str(number),
            text=Text(en=text) if self.language == "en" else Text(fr=text),
            by=function or (seat.functions[0] if seat.functions else self.script.functions[0].code),
            family=FAMILY,
            minutes=within if function else None,
        )

    def _numbered(self, items: Iterable[Item]) -> list[Item]:
        """Give each added line an identifier, and one of its own to a line of the kit copied twice."""
        taken = set(self.own)
        seen: set[str] = set()
        found, number = [], 0
        for each in items:
            code = each.id
            if not code or code in seen:
                if code:
                    self._gather("chronogram.twice", code)
                number += 1
                while (made := f"PLUS-{number:02d}") in taken:
                    number += 1
                code = made
            seen.add(code)
            taken.add(code)
            found.append(each if code == each.id else _renamed(each, code))
        return found

    # ------------------------------------------------------------------------------------------------------- findings
    def _about_order(self, rows: Sequence[int], column: Column) -> None:
        late = [
            self.sheet.place(row, self.layout.columns["time"])
            for row, one, before in zip(rows[1:], column.minutes[1:], column.minutes, strict=False)
            if (one or 0) < (before or 0)
        ]
        if late:
            said = message("des temps ne sont pas dans l'ordre : les stimulus ont été rangés ({places})", places=some(late))  # fmt: skip
            self._say("chronogram.order", Severity.NOTE, said, message("Vérifier ces temps."), self.sheet.name)

    def _about_whole(self, played: Sequence[Item], before: Sequence[Item], column: Column) -> None:
        for code, (severity, said, remedy) in _GATHERED.items():
            if places := self.gathered.get(code):
                self._say(code, severity, replace(said, values={"places": some(places)}), remedy, self.sheet.name)
        if column.begins is not None:
            hour = f"{column.begins // 60:02}:{column.begins % 60:02}"
            said = message("le fichier donne des heures de la journée : l'exercice commence à {hour}", hour=hour)
            self._say("chronogram.hours", Severity.NOTE, said, message("Écrire T+00:00 si ce n'est pas cela."), self.sheet.name)  # fmt: skip
        if before:
            said = message("lignes avant le début : {count} ; c'est la préparation, elles ne sont pas jouées", count=len(before))  # fmt: skip
            self._say("chronogram.before", Severity.NOTE, said, message("Leur donner un temps positif pour les jouer."), self.sheet.name)  # fmt: skip
        if far := [each.id for each in played if each.at >= DAY]:
            said = message("stimulus placés plus d'un jour après le début : {count} ; ils ne seront joués qu'alors", count=len(far))  # fmt: skip
            remedy = message("Pour un saut dans le temps, donner un temps de jeu, et écrire J+1 dans « Moment de l'histoire ».")  # fmt: skip
            self._say("chronogram.far", Severity.DOUBT, said, remedy, self.sheet.name)
        told = self.sheet.properties.get("egide_script")
        if told and told != digest(self.script) and not any(each.id in self.own for each in played):
            said = message("ce chronogramme a été fait pour un autre exercice")
            self._say("chronogram.other", Severity.DOUBT, said, message("Vérifier le niveau et le lieu choisis."), self.sheet.name)  # fmt: skip
        for each in self.extra:
            if any(text_at(self.sheet, row, each) for row in range(self.layout.header + 1, len(self.sheet.rows))):
                said = message("colonne sans rôle reconnu : elle est gardée en note de chaque stimulus (« Et si… »)")
                self._say("cell.noted", Severity.NOTE, said, message("Renommer la colonne comme dans le modèle si elle doit être lue."), self.sheet.column(each), self.layout.headings[each])  # fmt: skip
        self._untitled()
        if self.formulas:
            self.findings.append(formulas_read(self.formulas, self.file, self.sheet.name))

    def _untitled(self) -> None:
        known = {*self.layout.columns.values(), *self.layout.headings}
        width = max(map(len, self.sheet.rows))
        for column in sorted(set(range(width)) - known):
            rows = [row for row in range(self.layout.header + 1, len(self.sheet.rows)) if text_at(self.sheet, row, column)]  # fmt: skip
            if rows:
                said = message("colonne sans titre : {count} cellules n'ont pas été lues", count=len(rows))
                self._say("cell.unread", Severity.DOUBT, said, message("Donner un titre à la colonne."), self.sheet.column(column))  # fmt: skip

    def _gather(self, code: str, place: str) -> None:
        places = self.gathered.setdefault(code, [])
        if place not in places[-1:]:
            places.append(place)

    def _place(self, row: int, name: str) -> str:
        """Return where a cell is; the sheet alone where no column holds it."""
        column = self.layout.columns.get(name)
        return self.sheet.name or self.file if column is None else self.sheet.place(row, column)

    def _say(self, code: str, severity: Severity, said: Message, remedy: Message, place: str, read: str = "") -> None:
        self.findings.append(Finding(code, severity, said, remedy, self.file, place, read=read[:300]))


def _renamed(item: Item, code: str) -> Item:
    named = tuple(replace(each, id=f"{code}-{rank}") for rank, each in enumerate(item.expectations, 1))
    return replace(item, id=code, expectations=named)


_GATHERED: Mapping[str, tuple[Severity, Message, Message]] = {
    "chronogram.no_time": (Severity.DOUBT, message("des stimulus sont sans temps : ils suivent la ligne d'avant ({places})"), message("Leur donner un temps.")),
    "chronogram.no_channel": (Severity.NOTE, message("des stimulus sont sans canal : l'animateur les annoncera ({places})"), message("Choisir un canal.")),
    "chronogram.no_receiver": (Severity.NOTE, message("des stimulus sont sans destinataire : tout le monde les reçoit ({places})"), message("Écrire une place ou une fonction.")),
    "chronogram.expected": (Severity.NOTE, message("les réactions attendues d'un stimulus du kit restent celles du kit ({places})"), message("Pour d'autres réactions, ajouter une ligne sans identifiant.")),
    "chronogram.document": (Severity.NOTE, message("le document d'un stimulus du kit reste celui du kit ({places})"), message("Pour un autre document, ajouter une ligne sans identifiant.")),
    "chronogram.document_name": (Severity.NOTE, message("des documents ne sont pas dans le kit : leur nom est gardé en note ({places})"), message("Les préparer à part, et les avoir sous la main.")),
    "chronogram.family": (Severity.NOTE, message("les réactions attendues ajoutées comptent dans la famille « continuité » ({places})"), message("Rien à faire, ou le préciser dans le retour d'expérience.")),
    "chronogram.twice": (Severity.NOTE, message("un identifiant du kit est écrit deux fois : la seconde ligne est un stimulus ajouté ({places})"), message("Effacer l'identifiant de la seconde ligne.")),
}  # fmt: skip
