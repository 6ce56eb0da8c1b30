"""The crisis kit on paper: one A4 book to print, photocopy and keep where the network is not; and its editable double.

Everything in it is for the real night: nothing of an exercise. Big letters, black and white, one page a reflex card,
one page a form. Each foot says until when its numbers hold and when the whole must be printed again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import egide
from egide.exercise.clock import LegalClock
from egide.exercise.crisis import Called, Card, CrisisKit, Form, Person, Statement
from egide.message import Language, Message, Text, message
from egide.report.papers import blocks, docx, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, plain_text, printable

TEMPLATE = pdf.TEMPLATE.parent / "crisis.typ"
FILES: Mapping[str, Text] = {
    "pdf": Text("kit-de-crise.pdf", "crisis-kit.pdf"),
    "docx": Text("kit-de-crise.docx", "crisis-kit.docx"),
}
PEOPLE, SUPPLIERS = 3, 3
"""Blank lines after those that are filled in: a pen is never far."""
LOGS = 3
"""Pages of the logbook; more are photocopied."""
LOG_LINES, LOG_COLUMNS = 14, "12 20 1f 3f 1.4f 1.2f"
MISSING = 24
"""Findings shown on the cover; the rest is counted."""
SPARE = 6
"""Empty rows of a table of the editable double: whoever needs more adds them."""
NOTES = 2
LONG_CARD = 10
"""Lines from which a card is set a little smaller."""
TITLE = message("Kit de crise")
NOW = (
    message("Débrancher le réseau. Ne rien éteindre. Ne plus rien taper."),
    message("Noter l’heure. Appeler le premier nom de l’annuaire, puis le suivant."),
    message("Aller à la salle de crise. Ouvrir la main courante."),
    message("Chacun prend sa fiche réflexe et la suit, ligne après ligne."),
    message("Sortir les formulaires : à partir de maintenant, on écrit sur papier."),
)
PLACES: Mapping[str, Message] = {
    "room": message("Salle de crise"),
    "spare_room": message("Salle de repli"),
    "means": message("Se parler sans le réseau"),
    "paper": message("Formulaires papier"),
    "backups": message("Sauvegardes hors ligne"),
}
CELL_HEAD = (message("Fonction"), message("Nom"), message("Jour"), message("Nuit, week-end"), message("Remplacé par"), message("Téléphone"))  # fmt: skip
SUPPLIER_HEAD = (message("Fournisseur"), message("Ce qu’il fait marcher"), message("N° de contrat"), message("Téléphone d’urgence"), message("24 h/24"))  # fmt: skip
CONTACT_HEAD = (message("Qui"), message("Pourquoi"), message("Téléphone"), message("Adresse"))
LOG_HEAD = (message("N°"), message("Heure"), message("Qui le dit"), message("Fait, décision ou appel"), message("Qui fait, pour quand"), message("Fait à"))  # fmt: skip
LOG_USE = message("Une ligne par fait, l’heure d’abord, à l’encre. On ne gomme pas : on raye. Photocopier cette page et numéroter. Feuille n° ………  tenue par ………………………  le ……………")  # fmt: skip


def pdf_of(kit: CrisisKit, language: Language) -> bytes:
    """Return the book as a tagged PDF: same kit, same bytes. Raises EgideError if it cannot be set."""
    book = _Book(kit, Setter(language, printable))
    return pdf.compiled(book.data(book.pages()), kit.made_on, TEMPLATE)


def docx_of(kit: CrisisKit, language: Language) -> bytes:
    """Return the directory, the statements and the forms as a DOCX that the establishment may change."""
    book = _Book(kit, Setter(language, plain_text))
    return docx.compiled(book.data(book.editable()), kit.made_on)


def files(kit: CrisisKit, language: Language) -> dict[str, bytes]:
    """Return the book and its editable double by file name."""
    return dict(paper(kit, form, language) for form in FILES)


def paper(kit: CrisisKit, form: str, language: Language) -> tuple[str, bytes]:
    """Return one of the two, "pdf" or "docx", with its file name."""
    made = pdf_of if form == "pdf" else docx_of
    return FILES[form].say(language), made(kit, language)


class _Book:
    """What the pages look up."""

    def __init__(self, kit: CrisisKit, setter: Setter):
        self.kit, self.set, self.say = kit, setter, setter.say
        self.house, self.directory = kit.establishment, kit.establishment.directory

    def data(self, body: Sequence[Block]) -> dict[str, Any]:
        """Return the whole document as plain data for the writers."""
        foot = message("{house} · fait le {made} · {numbers} · à réimprimer avant le {until}", house=self.house.name[:60], made=self._day(self.kit.made_on), numbers=self._numbers(), until=self._day(self.kit.until))  # fmt: skip
        return pdf.page(
            self.set, TITLE, self.house.name, self.say(message("Réservé à la cellule de crise")), foot, body
        )

    def _day(self, day: date | None) -> str:
        return self.set.day(day) if day else ""

    def _numbers(self) -> Message:
        until = self.kit.numbers_until
        return message("numéros sûrs jusqu’au {day}", day=self._day(until)) if until else message("numéros jamais vérifiés")  # fmt: skip

    # ------------------------------------------------------------------------------------------------------- the book
    def pages(self) -> list[Block]:
        """Return every page of the PDF, in the order in which they are needed."""
        return [
            self._cover(),
            blocks.new_page(),
            blocks.contents(),
            blocks.new_page(),
            *self._directory(),
            blocks.new_page(),
            *self._clocks(),
            blocks.new_page(),
            *_parted(message("Fiches réflexes de la première heure"), map(self._card, self.kit.cards), self.say),
            blocks.new_page(),
            *_parted(message("Main courante"), [self._log(n) for n in range(LOGS)], self.say, paged=False),
            *_parted(message("Éléments de langage"), map(self._statement, self.kit.statements), self.say, paged=False),
            blocks.new_page(),
            *_parted(message("Formulaires du mode dégradé"), map(self._form, self.kit.forms), self.say),
            blocks.new_page(),
            self._part(
                message("Le retour"),
                message(
                    "Quand les systèmes reviennent, dans cet ordre. Rien n’est ressaisi avant l’accord de la cellule."
                ),
            ),
            {"kind": "steps", "texts": [self.say(each) for each in self.kit.returns]},
        ]

    def _part(self, title: Message, said: Message | None = None) -> Block:
        return {"kind": "part", "text": self.say(title), "said": self.say(said) if said else ""}

    def _cover(self) -> Block:
        found = [self.say(each.understood) for each in self.kit.findings]
        more = len(found) - MISSING
        shown = found[:MISSING] + ([self.say(message("et {count} autres", count=more))] if more > 0 else [])
        return {
            "kind": "cover",
            "dates": self.say(
                message(
                    "Fait le {made} · {numbers} · à réimprimer avant le {until} · Égide {program}, textes du {version}",
                    made=self._day(self.kit.made_on),
                    numbers=self._numbers(),
                    until=self._day(self.kit.until),
                    program=egide.__version__,
                    version=self._day(date.fromisoformat(self.kit.version)),
                )
            ),
            "now": self.say(message("Si cela arrive maintenant")),
            "steps": [self.say(each) for each in NOW],
            "places": self._places(),
            "lacks": self.say(message("Ce qui manque encore à ce kit")),
            "missing": shown,
        }

    def _places(self) -> list[list[str]]:
        return [[self.say(title), self._written(getattr(self.directory, name))] for name, title in PLACES.items()]

    def _written(self, text: str) -> str:
        return self.set.quote(text.strip()) or BLANK

    # -------------------------------------------------------------------------------------------------- the directory
    def _directory(self) -> list[Block]:
        return [
            self._part(
                message("Annuaire"),
                message(
                    "Appeler la nuit le numéro de nuit. Sans réponse en cinq minutes : le remplaçant, puis la ligne suivante."
                ),
            ),
            self._heading(message("La cellule de crise")),
            self._table("38 1.3f 28 28 1.2f 28", CELL_HEAD, self._cell(), 13, (2, 3, 5)),
            blocks.new_page(),
            self._heading(message("Les fournisseurs")),
            self._table("1.2f 1.3f 30 34 16", SUPPLIER_HEAD, self._suppliers(), 12, (3,)),
            self._heading(message("L’assureur")),
            self._table("52 1f", (), self._insurer(), 11, (0,)),
            blocks.new_page(),
            self._heading(message("Dehors")),
            self._table("44 1f 33 40", CONTACT_HEAD, [self._contact(each) for each in self.kit.contacts], 12, (0, 2)),
            self._sources(),
        ]

    def _heading(self, text: Message) -> Block:
        return {"kind": "heading", "text": self.say(text)}

    def _table(self, columns: str, head: Iterable[Message], rows: Sequence[Sequence[str]], tall: float, strong: Sequence[int]) -> Block:  # fmt: skip
        """Return a table whose rows are at least `tall` millimetres where they are blank: they are written by hand."""
        return {
            **blocks.table(columns, [self.say(each) for each in head], rows),
            "tall": [0 if "".join(row[1:]).strip() else tall for row in rows],
            "strong": list(strong),
            "size": 9.5,
        }

    def _cell(self) -> list[list[str]]:
        titles = {each.code: each.title for each in self.kit.functions}
        ranks = {each.code: n for n, each in enumerate(self.kit.functions)}
        people = sorted(self.directory.people, key=lambda each: ranks.get(each.function, len(ranks)))
        rows = [self._person(each, self.say(titles.get(each.function, each.function))) for each in people]
        blank = [[self.say(each.title), *[""] * 5] for each in self.kit.missing]
        return [*rows, *blank, *([""] * 6 for _ in range(PEOPLE))]

    def _person(self, each: Person, title: str) -> list[str]:
        quoted = (each.name, each.telephone, each.night, each.stand_in, each.stand_in_telephone)
        return [title, *map(self.set.quote, quoted)]

    def _suppliers(self) -> list[list[str]]:
        rows = [
            [
                *map(self.set.quote, (each.name, each.runs, each.contract, each.telephone)),
                self.say(message("oui") if each.always else message("à vérifier")) if each.telephone else "",
            ]
            for each in self.directory.suppliers
        ]
        return [*rows, *([""] * 5 for _ in range(SUPPLIERS))]

    def _insurer(self) -> list[list[str]]:
        held = self.directory.insurance
        hours = self.say(message("{hours} heures", hours=held.hours)) if held.hours is not None else BLANK
        return [
            [self.say(message("Assureur")), self._written(held.insurer)],
            [self.say(message("N° de contrat")), self._written(held.policy)],
            [self.say(message("Assistance en cas d’attaque")), self._written(held.telephone)],
            [self.say(message("Délai de déclaration du contrat")), hours],
        ]

    def _contact(self, each: Called) -> list[str]:
        why = f"{self.say(each.contact.why)} {self.set.quote(each.note)}".strip()
        return [self.say(each.contact.title), why, self._written(each.telephone), self.set.quote(each.contact.address)]

    def _sources(self) -> Block:
        seen = [each.contact for each in self.kit.contacts if each.contact.source]
        told = [f"{self.say(each.title)} : {each.source}, {self._day(each.seen_on)}" for each in seen]
        said = message("Numéros et adresses communs vus dans : {sources}. Les essayer avant d’en avoir besoin.", sources=" ; ".join(told))  # fmt: skip
        return blocks.paragraph(self.say(said))

    # ------------------------------------------------------------------------------------------------------ the clocks
    def _clocks(self) -> list[Block]:
        said = message("Chaque délai part de son propre événement : écrire son heure dès qu’il est connu. Les trois délais de 72 heures ne partent pas du même instant.")  # fmt: skip
        clocks = self.kit.clocks
        bills = [self._bill(each) for each in clocks.bills]
        apart = {
            "kind": "bills",
            "title": self.say(message("Pas encore la loi")),
            "said": self.say(
                message("Annoncé, mais ne lie personne tant que le texte n’est pas publié : à vérifier le jour venu.")
            ),
            "items": bills,
        }
        return [self._part(message("Horloges"), said), *map(self._clock, clocks.in_force), *([apart] if bills else [])]

    def _clock(self, each: LegalClock) -> Block:
        start = self.kit.clocks.start[each.starts].title
        due = (
            message("Au plus tard\nle ……………… à …… h ……")
            if not each.delay.at_once
            else message("Commencé\nle ……………… à …… h ……")
        )
        return {
            "kind": "clock",
            "title": self.say(each.title),
            "delay": self.say(delay(each)),
            "law": self.say(message("{law} · vu le {day}", law=each.law, day=self._day(each.seen_on))),
            "blanks": [
                self.say(message("{start}\nle ……………… à …… h ……", start=start)),
                self.say(due),
                self.say(message("Fait par ……………………\nle ……………… à …… h ……")),
            ],
            "said": [
                [self.say(message("Qui :")), self.say(each.concerned)],
                [self.say(message("À qui :")), self.say(each.to)],
                [self.say(message("Comment :")), self.say(each.how)],
                [self.say(message("Sauf :")), self.say(each.exception)],
            ],
        }

    def _bill(self, each: LegalClock) -> str:
        start = self.kit.clocks.start[each.starts].title
        said = message("{title} ({delay} ; départ : {start}). {law}. Source : {source} ; vu le {day}.", title=each.title, delay=delay(each), start=start, law=each.law, source=each.source, day=self._day(each.seen_on))  # fmt: skip
        return self.say(said)

    # ------------------------------------------------------------------------------------------------- cards and lines
    def _card(self, card: Card) -> Block:
        title = next(each.title for each in self.kit.functions if each.code == card.function)
        count = len(card.steps) + len(card.never)
        return {
            "kind": "card",
            "title": self.say(title),
            "held": self._held(card.function),
            "steps": [self.say(each) for each in card.steps],
            "not": self.say(message("NON")),
            "never": [self.say(each) for each in card.never],
            "size": 14.5 if count >= LONG_CARD else 16,
            "gap": 7 if count >= LONG_CARD else 9,
            "notes": self.say(message("Notes : heures, noms, numéros")),
            "lines": NOTES,
        }

    def _held(self, function: str) -> str:
        """Return who holds a function and who comes after, with their numbers; a dotted line if nobody does."""
        people = [each for each in self.directory.people if each.function == function and each.name.strip()]
        if not people:
            return self.say(message("Tenue par ……………………………………  téléphone …………………………"))
        told = [
            message("Tenue par {name}, {telephone}. Puis {other}, {second}.", name=self._written(each.name), telephone=self._written(each.night or each.telephone), other=self._written(each.stand_in), second=self._written(each.stand_in_telephone))
            for each in people
        ]  # fmt: skip
        return " ".join(map(self.say, told))

    def _log(self, _: int) -> Block:
        return {
            **blocks.table(LOG_COLUMNS, [self.say(each) for each in LOG_HEAD], []),
            "kind": "log",
            "title": self.say(message("Main courante de la cellule de crise")),
            "use": self.say(LOG_USE),
            "lines": LOG_LINES,
        }

    def _statement(self, each: Statement) -> Block:
        return {
            "kind": "statement",
            "title": self.say(each.title),
            "use": self.say(each.use),
            "text": self.say(each.text),
        }

    def _form(self, form: Form) -> Block:
        heads = [self.say(each) for each in form.heads]
        names = [self.say(each) for each in form.rows] or [""] * form.lines
        return {
            **blocks.table(form.widths, heads, []),
            "kind": "form",
            "title": self.say(form.title),
            "use": self.say(form.use),
            "fields": [self.say(each) for each in form.fields],
            "note": self.say(form.note),
            "rows": [[name, len(heads) - 1] for name in names],
            "plain": not any(heads),
            "wide": form.wide,
        }

    # -------------------------------------------------------------------------------------------- its editable double
    def editable(self) -> list[Block]:
        """Return the directory, the statements and the forms, as blocks that a word processor changes."""
        body = [
            blocks.remark(
                self.say(
                    message(
                        "Double modifiable du kit : à adapter, puis à imprimer. Les fiches réflexes et les horloges sont dans le PDF."
                    )
                )
            ),
            blocks.heading(self.say(message("Annuaire"))),
            blocks.pairs([(label, said) for label, said in self._places()]),
            *(self._editable(each) for each in self._directory()[1:] if each["kind"] != "new_page"),
            blocks.new_page(),
            blocks.heading(self.say(message("Éléments de langage"))),
        ]
        for each in self.kit.statements:
            texts = (blocks.heading(self.say(each.title), 2), blocks.remark(self.say(each.use)), blocks.paragraph(self.say(each.text)))  # fmt: skip
            body += texts
        before = None
        for form in self.kit.forms:
            held = self._editable_form(form)
            if before is None:
                held.insert(0, blocks.heading(self.say(message("Formulaires du mode dégradé"))))
            if not form.wide or (before and before.wide):
                held.insert(0, blocks.new_page())
            body += [blocks.landscape(held)] if form.wide else held
            before = form
        return body

    def _editable(self, block: Block) -> Block:
        if block["kind"] == "heading":
            return blocks.heading(block["text"], 2)
        if block["kind"] != "table":
            return block
        if not block["head"]:
            return blocks.pairs([(row[0], row[1]) for row in block["rows"]])
        return {**block, "strong": []}

    def _editable_form(self, form: Form) -> list[Block]:
        heads = [self.say(each) for each in form.heads]
        rest = [""] * (len(heads) - 1)
        names = [self.say(each) for each in form.rows] or [""] * min(form.lines, SPARE)
        rows = [[f"{name}\n", *rest] for name in names]
        held = [blocks.heading(self.say(form.title), 2), blocks.remark(self.say(form.use))]
        if form.fields:
            held.append(blocks.pairs([(self.say(each), "") for each in form.fields]))
        if any(heads):
            held.append(blocks.table(form.widths, heads, rows))
        else:
            held.append(blocks.pairs([(row[0], "") for row in rows]))
        note = self.say(form.note)
        return [*held, blocks.remark(note)] if note else held


BLANK = "…………………………"


def delay(clock: LegalClock) -> Message:
    """Return how long a clock runs, in words."""
    held = clock.delay
    if held.months:
        return message("{months} mois", months=held.months)
    if held.days:
        return message("{days} jours", days=held.days)
    return message("{hours} heures", hours=held.hours) if held.hours else message("sans délai")


def _parted(title: Message, pages: Iterable[Block], say: Any, *, paged: bool = True) -> list[Block]:
    """Return the pages of a part: the first carries its title as a heading, each of the others in small."""
    made: list[Block] = []
    for n, page in enumerate(pages):
        made += [blocks.new_page()] if paged and n else []
        made.append({**page, "part": say(title), "first": n == 0, "again": paged})
    return made
