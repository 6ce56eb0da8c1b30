"""The debrief of an exercise for all who took part: what was played, what was seen, what is to be done, what is unknown.

It is read by players, who have no account: it names functions, and people only where they wrote their own name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timezone
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import egide
from egide.exercise import debrief as core
from egide.exercise.comparison import Change, Comparison
from egide.exercise.debrief import Constat, Debrief, Gravity
from egide.exercise.making import digest
from egide.exercise.outcome import Outcome, Result
from egide.exercise.record import Act, Note, Origin, Record
from egide.exercise.script import Script
from egide.exercise.validity import Verdict
from egide.exercise.words import GRAVITIES, PROGRESS
from egide.family import FAMILIES
from egide.message import Language, Message, Text, message
from egide.report.exercise_words import clock, length
from egide.report.papers import blocks, docx, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, paris, plain_text, printable
from egide.report.pictures import of_exercise, on_paper
from egide.report.pictures.picture import WIDE
from egide.report.pictures.stacked import stacked_bars

NOTHING = "—"
SOLID, WEAK = 0.7, 0.3
"""From which level something is held, below which it is missing, 0 to 1."""
ORIGINS: Mapping[Origin, Message] = {
    Origin.LIVE: message("en direct, dans Égide"),
    Origin.OFFLINE: message("sans réseau, avec la page autonome"),
}


class When(StrEnum):
    """When something was answered."""

    HOT = "hot"
    COLD = "cold"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question of the debrief: by whom (a function, a name, empty: the room), on which day."""

    when: When
    question: str
    text: str
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the document shows; nothing of it is decided here."""

    establishment: str
    script: Script
    record: Record
    debrief: Debrief
    verdict: Verdict
    comparison: Comparison | None = None
    answers: tuple[Answer, ...] = ()
    notes: tuple[Text, ...] = field(default=())
    """Remarks on the record itself: results edited by hand, kept apart."""


Writer = Callable[[Mapping[str, Any], date], bytes]
WRITERS: Mapping[str, tuple[Writer, Callable[[str], str]]] = {
    "pdf": (pdf.compiled, printable),
    "docx": (docx.compiled, plain_text),
}


def written(report: Report, form: str, language: Language, on: date) -> bytes:
    """Return the debrief as `pdf` (tagged) or `docx`, dated `on`: same inputs, same bytes. Raises EgideError."""
    write, clean = WRITERS[form]
    return write(document(report, Setter(language, clean), on), on)


def document(report: Report, setter: Setter, on: date) -> dict[str, Any]:
    """Return the whole document as plain data for the writers."""
    paper = _Paper(report, setter, on)
    foot = message("Exercice du {held} · scénario {digest} · Égide {program} · écrit le {on}", held=setter.day(report.record.held_on), digest=digest(report.script)[:12], program=egide.__version__, on=setter.day(on))  # fmt: skip
    body = [
        *paper.short(),
        *paper.seen(),
        *paper.constats(),
        *paper.plan(),
        *paper.compared(),
        *paper.told(),
        *paper.unknown(),
        *paper.there(),
        *paper.story(),
    ]
    return pdf.page(setter, message("Retour d’expérience"), setter.say(report.script.title), report.establishment, foot, body)  # fmt: skip


def held(of: Result) -> Message:
    """Return in one word how much of what was expected was seen: never a word where too little was observed."""
    if not of.asked or not of.completeness:
        return message("non observé")
    if of.low >= SOLID:
        return message("acquis")
    if of.best < WEAK:
        return message("manque")
    if of.low < WEAK and of.best >= SOLID:
        return message("trop peu observé pour le dire")
    return message("en partie")


def percent(share: float) -> Message:
    """Return a share, 0 to 1, in whole percent."""
    return message("{value} %", value=Decimal(format(100 * share, ".6f")).quantize(Decimal(1), ROUND_HALF_UP))


def level(of: Result) -> Message:
    """Return a level as the bracket that it is: what was seen, and what it would be were the unseen all done."""
    low, best = percent(of.low), percent(of.best)
    if not of.asked:
        return message("—")
    return low if low == best else message("de {low} à {best}", low=low, best=best)


def change(of: Change) -> Message:
    """Return by how much a level changed, in points."""
    points = Decimal(format(100 * of.difference, ".6f")).quantize(Decimal(1), ROUND_HALF_UP)
    if not points:
        return message("stable")
    if points > 0:
        return message("+{points} points", points=points)
    return message("−{points} points", points=-points)


class _Paper:
    """What the parts of the document look up."""

    def __init__(self, report: Report, setter: Setter, on: date):
        self.report, self.set, self.say, self.on = report, setter, setter.say, on
        self.made, self.record = report.debrief, report.record
        self.families = {each.code: each.title for each in FAMILIES}
        self.functions = {each.code: each.title for each in report.script.functions}
        self.sites = {each.code: each.name for each in report.record.sites}

    # ---------------------------------------------------------------------------------------------------------- words
    def family(self, code: str) -> str:
        return self.say(self.families.get(code, Text(code, code)))

    def function(self, code: str) -> str:
        return self.say(self.functions.get(code, Text(code, code)))

    def site(self, code: str) -> str:
        return self.set.quote(self.sites.get(code, code))

    def table(self, columns: str, head: Sequence[Message], rows: Sequence[Sequence[str]]) -> Block:
        return blocks.table(columns, [self.say(each) for each in head], rows)

    def heading(self, title: Message, level: int = 1) -> Block:
        return blocks.heading(self.say(title), level)

    def paragraph(self, said: Message) -> Block:
        return blocks.paragraph(self.say(said))

    # ------------------------------------------------------------------------------------------------------- in short
    def short(self) -> list[Block]:
        return [
            blocks.lead(self.say(self._verdict())),
            blocks.pairs([(self.say(label), self.say(said)) for label, said in self._identity()]),
            *[blocks.blank(self.say(each)) for each in self.report.notes],
            *self._strengths(),
        ]

    def _verdict(self) -> Message:
        made, whole = self.made, self.made.whole
        if not whole.asked:
            return message("Aucune réaction n’était attendue dans ce qui a été joué : rien ne peut être dit de la préparation.")  # fmt: skip
        if not whole.completeness:
            return message("Personne n’a coché de réaction attendue : l’exercice a été joué, mais il n’apprend rien de mesurable.")  # fmt: skip
        major = sum(each.gravity is Gravity.MAJOR for each in made.constats)
        return message(
            "Sur {asked} réactions attendues, {yes} ont été faites, {partial} en partie, {no} pas du tout ; {unseen} n’ont pas été observées. {count} constats, dont {major} majeurs.",
            asked=whole.asked, yes=whole.yes, partial=whole.partial, no=whole.no, unseen=whole.unseen, count=len(made.constats), major=major,
        )  # fmt: skip

    def _identity(self) -> Iterable[tuple[Message, str | Message]]:
        made, record, script = self.made, self.record, self.report.script
        kit = message("niveau {level} sur 3", level=made.level) if made.level else message("modules à la carte")
        yield message("Joué le"), self.set.day(record.held_on)
        yield message("Exercice"), message("{title}, {level}", title=script.title, level=kit)
        yield message("Joué"), ORIGINS[record.origin]
        if record.lasted is not None:
            pauses = sum(each.seconds for each in record.pauses)
            said = length(record.lasted // 60)
            yield message("Durée de jeu"), message("{played}, et {paused} de pause", played=said, paused=length(-(-pauses // 60))) if pauses else said  # fmt: skip
        if record.sites:
            yield message("Sites"), ", ".join(map(self.set.quote, self.sites.values()))
        yield message("Modules"), ", ".join(map(self.say, script.modules.values()))
        improvised = sum(each.act is Act.IMPROVISED for each in record.actions)
        yield message("Stimulus"), message("{sent} envoyés dont {improvised} improvisés, {skipped} sautés, {left} non joués", sent=made.sent, improvised=improvised, skipped=made.skipped, left=made.left)  # fmt: skip
        yield message("Niveau de réaction"), message("{level} ({word})", level=level(made.whole), word=held(made.whole))  # fmt: skip
        yield message("Obligation annuelle"), self._duty()

    def _duty(self) -> Message:
        verdict = self.report.verdict
        if verdict.counts:
            return message("cet exercice compte pour {year}", year=verdict.year)
        missing = " ".join(self.say(each.said) for each in verdict.reasons if not each.met)
        return message("cet exercice ne compte pas : {reasons}", reasons=missing)

    def _strengths(self) -> list[Block]:
        if not self.made.strengths:
            return []
        texts = [self._reaction(each) for each in self.made.strengths[:10]]
        return [self.heading(message("Ce qui a tenu")), blocks.items(texts)]

    def _reaction(self, each: Outcome) -> str:
        said = message("{what} ({who})", what=each.expectation.text, who=self.function(each.expectation.by))
        if each.site:
            said = message("{what} ({who}, {site})", what=each.expectation.text, who=self.function(each.expectation.by), site=self.site(each.site))  # fmt: skip
        return self.say(said)

    # ------------------------------------------------------------------------------------------------------- what was seen
    def seen(self) -> list[Block]:
        made = self.made
        if not made.whole.asked:
            return []
        title = message("Réactions attendues, famille de mesures par famille")
        picture = stacked_bars(of_exercise.results(made.families, self.families, title, message("Famille"), self.set), self.set, "families", WIDE)  # fmt: skip
        parts = [
            (message("Par famille de mesures"), self._results(made.families, self.family, message("Famille"))),
            (message("Par fonction"), self._results(made.functions, self.function, message("Fonction"))),
        ]
        if len(made.sites) > 1:
            parts.append((message("Par site"), self._results(made.sites, self.site, message("Site"))))
        return [
            self.heading(message("Ce que les observateurs ont vu")),
            on_paper.block(picture, tabled=False),
            *[each for title, table in parts for each in (self.heading(title, 2), table)],
            blocks.remark(self.say(message("De … à … : le premier chiffre compte pour rien ce que personne n’a observé, le second le compte comme fait ; la vérité est entre les deux. Une réaction partielle compte pour moitié, ce que des observateurs contestent aussi, tant que personne n’a tranché."))),
            *self._late(),
        ]  # fmt: skip

    def _results(self, of: Mapping[str, Result], name: Callable[[str], str], head: Message) -> Block:
        heads = (head, message("Niveau"), message("En un mot"), message("Fait"), message("En partie"), message("Pas fait"), message("Non observé"))  # fmt: skip
        rows = [
            [name(code), self.say(level(each)), self.say(held(each)), *map(str, (each.yes, each.partial, each.no, each.unseen))]
            for code, each in of.items()
        ]  # fmt: skip
        return self.table("1f 26> 34 14> 16> 16> 20>", heads, rows)

    def _late(self) -> list[Block]:
        late = [each for each in self.made.reactions if each.late][:8]
        if not late:
            return []
        head = (message("Réaction"), message("Attendue en"), message("Venue en"))
        rows = [[self._reaction(each.outcome), self.say(length(each.expected or 0)), self.say(core.clocked(each.seconds))] for each in late]  # fmt: skip
        return [self.heading(message("Venu trop tard"), 2), self.table("1f 24> 24>", head, rows)]

    # ------------------------------------------------------------------------------------------------------------ constats
    def constats(self) -> list[Block]:
        title = self.heading(message("Constats"))
        if not self.made.constats:
            return [title, self.paragraph(message("Aucun constat : rien de ce qui a été observé n’a manqué."))]
        head = (message("Gravité"), message("Constat"), message("Famille, fonction"), message("Responsable, échéance"))
        rows = [[self.say(GRAVITIES[each.gravity]), self._constat(each), self._where(each), self._who(each)] for each in self.made.constats]  # fmt: skip
        return [title, self.table("20 1f 44 38", head, rows)]

    def _constat(self, each: Constat) -> str:
        what = self.say(each.what)
        return what if each.seen is None else f"{what}\n{self.say(each.seen)}"

    def _where(self, each: Constat) -> str:
        parts = [self.family(each.family), self.function(each.function) if each.function else "", ", ".join(map(self.site, filter(None, each.sites)))]  # fmt: skip
        return "\n".join(filter(None, parts))

    def _who(self, each: Constat) -> str:
        owner = self.set.quote(each.owner) or self.say(message("à désigner"))
        due = self.set.day(each.due) if each.due else self.say(message("sans échéance"))
        return f"{owner}\n{due}\n{self.say(PROGRESS[each.progress])}"

    def plan(self) -> list[Block]:
        left = core.plan(self.made.constats)
        ordered = [each for each in left if each.remedy or each.owner or each.due]
        title = self.heading(message("Plan d’actions"))
        if not ordered:
            return [title, self.paragraph(message("Aucune action n’est encore décidée : chaque constat attend la sienne, un responsable et une date."))]  # fmt: skip
        late = sum(each.due is not None and each.due < self.on for each in ordered)
        head = (message("Échéance"), message("Action"), message("Constat"), message("Responsable"), message("État"))
        rows = [[self._due(each), self.set.quote(each.remedy) or NOTHING, self.say(each.what), self.set.quote(each.owner) or NOTHING, self.say(PROGRESS[each.progress])] for each in ordered]  # fmt: skip
        told = [self.paragraph(message("Actions en retard au {day} : {count}.", day=self.set.day(self.on), count=late))] if late else []  # fmt: skip
        if len(left) > len(ordered):
            told.append(self.paragraph(message("Constats ouverts pour lesquels rien n’est encore décidé : {count}.", count=len(left) - len(ordered))))  # fmt: skip
        return [title, *told, self.table("24 1f 1f 34 18", head, rows)]

    def _due(self, each: Constat) -> str:
        if each.due is None:
            return NOTHING
        if each.due < self.on:
            return self.say(message("{day}, en retard", day=self.set.day(each.due)))
        return self.set.day(each.due)

    # ---------------------------------------------------------------------------------------------------------- comparison
    def compared(self) -> list[Block]:
        found = self.report.comparison
        title = self.heading(message("Depuis le dernier exercice"))
        if found is None:
            return [title, self.paragraph(message("C’est le premier exercice connu d’Égide pour cet établissement."))]
        day = self.set.day(found.before.held_on)
        if not found.comparable or found.whole is None:
            return [title, self.paragraph(message("L’exercice du {day} ne posait aucune des mêmes questions : les deux ne se comparent pas.", day=day))]  # fmt: skip
        said = message("Avec l’exercice du {day}, {common} réactions attendues sont communes. Niveau avant : {before} ; maintenant : {after}. Demandées l’autre fois seulement : {only_before} ; cette fois seulement : {only_after}.", day=day, common=found.common, before=level(found.whole.before), after=level(found.whole.after), only_before=found.only_before, only_after=found.only_after)  # fmt: skip
        head = (message("Famille"), message("Avant"), message("Maintenant"), message("Écart"))
        rows = [[self.family(code), *map(self.say, (level(each.before), level(each.after), change(each)))] for code, each in found.families.items()]  # fmt: skip
        body = [title, self.paragraph(said), self.table("1f 34> 34> 34>", head, rows)]
        for name, outcomes in ((message("Ce qui manquait et qui vient"), found.mended), (message("Ce qui venait et qui manque"), found.lost)):  # fmt: skip
            if outcomes:
                body += [self.heading(name, 2), blocks.items([self._reaction(each) for each in outcomes])]
        return body

    # ------------------------------------------------------------------------------------------------------ what people said
    def told(self) -> list[Block]:
        body: list[Block] = []
        for when, title in ((When.HOT, message("À chaud, dans la salle")), (When.COLD, message("À froid, plus tard"))):
            answers = [each for each in self.report.answers if each.when is when and each.text.strip()]
            notes = self._notes() if when is When.HOT else []
            if answers or notes:
                body += [self.heading(title, 2), *notes, *self._answers(answers)]
        if not body:
            return []
        return [self.heading(message("Ce que les participants en disent")), *body]

    def _notes(self) -> list[Block]:
        pairs = ((message("Ce qui a marché"), self.made.well), (message("Ce qui est à améliorer"), self.made.better))
        return [each for title, notes in pairs if notes for each in (self.heading(title, 3), blocks.items([self._note(one) for one in notes]))]  # fmt: skip

    def _note(self, note: Note) -> str:
        return self.set.quote(f"{note.text} ({note.by})" if note.by else note.text)

    def _answers(self, answers: Sequence[Answer]) -> list[Block]:
        found: list[Block] = []
        for question in dict.fromkeys(each.question for each in answers):
            said = [self._answer(each) for each in answers if each.question == question]
            found += [blocks.heading(self.say(question), 3), blocks.items(said)]
        return found

    def _answer(self, each: Answer) -> str:
        ends = [each.by, self.set.day(each.on) if each.on and each.when is When.COLD else ""]
        named = ", ".join(filter(None, ends))
        return self.set.quote(f"{each.text} ({named})" if named else each.text)

    # --------------------------------------------------------------------------------------------------- what is not known
    def unknown(self) -> list[Block]:
        made = self.made
        title = self.heading(message("Ce que l’on ne sait pas"))
        body: list[Block] = []
        if made.unseen:
            body += [self.paragraph(message("Personne n’a observé ces réactions : ni faites, ni manquées.")), blocks.items([self._reaction(each) for each in made.unseen])]  # fmt: skip
        if made.disputed:
            body += [self.paragraph(message("Des observateurs ont vu autre chose, et personne n’a tranché.")), blocks.items([self._reaction(each) for each in made.disputed])]  # fmt: skip
        if made.left:
            body.append(self.paragraph(message("Stimulus prévus et non joués : {count} ; rien n’est dit de ce qu’ils auraient montré.", count=made.left)))  # fmt: skip
        body.append(self.paragraph(message("Un exercice montre ce que des personnes font un jour donné, autour d’une table : il ne prouve pas que les outils, les sauvegardes et les fournisseurs tiendraient.")))  # fmt: skip
        return [title, *body]

    # ------------------------------------------------------------------------------------------------------ who, and when
    def there(self) -> list[Block]:
        title = self.heading(message("Qui a pris part"))
        present = [each for each in self.record.presence if each.people]
        if not present:
            return [title, self.paragraph(message("Les présents n’ont pas été relevés."))]
        several = len(self.sites) > 1
        head = [message("Fonction"), *([message("Site")] if several else []), message("Personnes")]
        rows = [[self.function(each.function), *([self.site(each.site)] if several else []), str(each.people)] for each in present]  # fmt: skip
        return [title, self.table("1f 50 24>" if several else "1f 24>", head, rows)]

    def story(self) -> list[Block]:
        if not self.made.story:
            return []
        known = any(each.instant for each in self.made.story)
        head = [message("Temps de jeu"), *([message("Heure (Paris)")] if known else []), message("Ce qui s’est passé")]
        rows = []
        for each in self.made.story:
            said = self.say(each.said)
            told = f"{said} ({self.set.quote(each.site)})" if each.site else said
            instant = f"{each.instant.astimezone(timezone(paris(each.instant))):%H:%M:%S}" if each.instant else NOTHING
            rows.append([clock(each.at // 60) if each.at >= 0 else NOTHING, *([instant] if known else []), told])
        return [self.heading(message("Ce qui a été joué")), self.table("24 22 1f" if known else "24 1f", head, rows)]
