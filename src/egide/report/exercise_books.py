"""The books of an exercise, print-ready A4 in French or English: for who leads, who plays, who observes, and to cut out.

A script holds no day: the same script gives the same bytes, whenever it is printed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from egide.exercise.script import Item, Script
from egide.message import Language, Message, Text, message
from egide.report import exercise_animator as animator
from egide.report import exercise_cards as cards
from egide.report.exercise_words import Words, clock
from egide.report.papers import blocks, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, printable


class Book(StrEnum):
    """The papers of an exercise."""

    ANIMATOR = "animator"
    PLAYER = "player"
    OBSERVER = "observer"
    CARDS = "cards"
    CALLS = "calls"
    DOCUMENTS = "documents"


TITLES: Mapping[Book, Message] = {
    Book.ANIMATOR: message("Livre de l’animateur"),
    Book.PLAYER: message("Livret du joueur"),
    Book.OBSERVER: message("Grille de l’observateur"),
    Book.CARDS: message("Fiches stimulus à découper"),
    Book.CALLS: message("Fiches d’appel"),
    Book.DOCUMENTS: message("Documents fictifs"),
}
FILES: Mapping[Book, Text] = {
    Book.ANIMATOR: Text("livre-animateur.pdf", "animator-book.pdf"),
    Book.PLAYER: Text("livret-joueur.pdf", "player-booklet.pdf"),
    Book.OBSERVER: Text("grille-observateur.pdf", "observer-grid.pdf"),
    Book.CARDS: Text("fiches-stimulus.pdf", "inject-cards.pdf"),
    Book.CALLS: Text("fiches-appel.pdf", "call-sheets.pdf"),
    Book.DOCUMENTS: Text("documents-fictifs.pdf", "fictitious-documents.pdf"),
}
UNDATED = date(2000, 1, 1)
"""The templates write no date: the typesetter only asks for one."""


def books(script: Script, language: Language, titles: Mapping[str, Text] | None = None) -> dict[str, bytes]:
    """Return all the papers of an exercise by file name, in the order they are read; see `book`."""
    made = {each: book(script, each, language, titles) for each in Book}
    return {FILES[each].say(language): content for each, content in made.items() if content}


def book(script: Script, which: Book, language: Language, titles: Mapping[str, Text] | None = None) -> bytes:
    """Return one paper of an exercise as a tagged PDF, empty when there is nothing to print in it (no written inject,
    no document).

    `titles` are those of the places by code (`Library.places`), to say which values are left at their example.
    Raises EgideError if it cannot be set.
    """
    words = Words(script, Setter(language, printable))
    title = TITLES[which]
    if which in BODIES:
        data = words.data(title, BODIES[which](words, titles or {}))
        return pdf.compiled(data, UNDATED, BOOK)
    template, made = PICTURES[which]
    held = made(words)
    return pdf.compiled({**words.data(title, []), **held}, UNDATED, TEMPLATES / template) if held else b""


TEMPLATES = pdf.TEMPLATE.parent
BOOK = TEMPLATES / "exercise_book.typ"

# --------------------------------------------------------------------------------------------------- the players' booklet
GLOSSARY: Sequence[tuple[Message, Message]] = (
    (message("Animateur"), message("mène l’exercice, joue tous ceux qui ne sont pas dans la salle : patients, familles, éditeurs, journalistes, autorités.")),
    (message("Joueur"), message("tient une place à la table et fait ce qu’il ferait vraiment.")),
    (message("Observateur"), message("regarde et note ; il n’aide pas et ne répond pas.")),
    (message("Place à la table"), message("une chaise, et les fonctions que tient celui qui s’y assied.")),
    (message("Stimulus"), message("ce qui arrive : un appel, un papier, un message, un écran.")),
    (message("Début, fin d’exercice"), message("dits par l’animateur ; entre les deux, tout se dit comme dans l’histoire.")),
    (message("Cellule de crise"), message("le petit groupe qui décide, écrit et fait savoir, autour d’une personne qui dirige.")),
    (message("Main courante"), message("le cahier de la cellule : heure, ce que l’on sait, ce que l’on décide, qui le fait.")),
    (message("Mode dégradé"), message("la façon de soigner sans l’outil habituel : papier, téléphone, coursier.")),
    (message("Fiche réflexe"), message("une page qui dit quoi faire dans la première heure, pour une fonction.")),
    (message("Retour d’expérience"), message("à chaud, dans la salle, tout de suite ; à froid, quelques semaines plus tard.")),
)  # fmt: skip
PLAYING: Sequence[Message] = (
    message("Jouez votre vrai rôle, ou celui de la place que l’on vous a donnée : dites ce que vous feriez, et faites-le faire."),
    message("Pour appeler quelqu’un du dehors, dites son nom à voix haute : l’animateur répond à sa place."),
    message("Ne touchez à rien de réel : aucun appel, aucun message, aucun appareil hors de la salle."),
    message("Notez l’heure de ce que vous apprenez et de ce que vous décidez : une décision qui n’est pas écrite n’existe pas."),
    message("Vous ne savez pas ? C’est une information : dites-le."),
    message("Un vrai patient, une vraie urgence passent toujours avant l’exercice."),
)  # fmt: skip


def _player(words: Words, _: Mapping[str, Text]) -> list[Block]:
    say, script = words.say, words.script
    log = [message("Heure"), message("Ce que j’apprends, et de qui"), message("Ce que je décide, et qui le fait")]
    first = message("Trois choses qui ont marché, trois qui ont manqué, une que je change demain")
    return [
        blocks.lead(say(message("« Exercice, exercice, exercice » : tout ce qui sera dit, lu ou montré est inventé."))),
        blocks.heading(say(message("En bref"))),
        blocks.pairs(animator.in_short(words, script)),
        blocks.heading(say(message("Comment jouer")), 2),
        blocks.items([say(each) for each in PLAYING]),
        *animator.listed(words, message("Les règles"), script.rules),
        blocks.new_page(),
        blocks.heading(say(message("Qui, et quels mots"))),
        *animator.table_of_seats(words),
        blocks.heading(say(message("Les mots de l’exercice")), 2),
        blocks.pairs([(say(term), say(meaning)) for term, meaning in GLOSSARY]),
        {"kind": "rest", "text": say(message("Qui j’appellerais d’abord (nom, numéro : les connaissez-vous sans ordinateur ?)"))},
        *_pages(words, message("Mes notes"), log, "20 1f 1f", 2),
        blocks.new_page(),
        blocks.heading(say(message("À la fin : mon retour"))),
        {"kind": "rest", "text": say(first)},
    ]  # fmt: skip


def _pages(words: Words, title: Message, head: Sequence[Message], columns: str, count: int) -> list[Block]:
    """Return pages to write on: a table of empty lines."""
    log = {**blocks.table(columns, [words.say(each) for each in head], []), "kind": "log", "count": 21, "tall": 11}
    return [each for _ in range(count) for each in (blocks.new_page(), blocks.heading(words.say(title)), log)]


# ---------------------------------------------------------------------------------------------------- the observers' grid
WATCHING: Sequence[Message] = (
    message("Vous regardez et vous notez ; vous n’aidez pas, même quand c’est difficile."),
    message("Cochez « oui » si c’est fait, « partiel » si c’est dit sans être fait, fait par la mauvaise personne ou fait trop tard, « non » si vous étiez là et que ce n’est pas venu."),
    message("Une ligne laissée vide veut dire « pas vu » : cela restera inconnu. Ne devinez pas."),
    message("Notez l’heure de ce que vous voyez, et les mots entendus plutôt que votre avis."),
    message("À plusieurs observateurs : ne comparez qu’après ; un désaccord se règle au retour d’expérience."),
)  # fmt: skip


def _observer(words: Words, _: Mapping[str, Text]) -> list[Block]:
    say = words.say
    asked = (message("Observateur"), message("Site ou salle"), message("Date, début, fin"))
    found: list[Block] = [
        blocks.lead(say(message("Cette grille dévoile l’exercice : ne la montrez pas aux joueurs."))),
        blocks.heading(say(message("Observer"))),
        blocks.pairs([(say(each), "") for each in asked]),
        blocks.heading(say(message("Votre rôle")), 2),
        blocks.items([say(each) for each in WATCHING]),
        {"kind": "rest", "text": say(message("Ce que j’ai vu de plus important"))},
    ]
    for title, items in _modules(words):
        found += [
            blocks.new_page(),
            blocks.heading(title),
            _grid(words, items),
            {"kind": "rest", "text": say(message("Notes"))},
        ]
    return found


def _modules(words: Words) -> list[tuple[str, list[Item]]]:
    """Return the injects from which something is expected by module, then those that belong to none, each by time."""
    script = words.script
    titled = {code: words.say(title).strip() or code for code, title in script.modules.items()}
    parts = [*titled, *sorted({each.module for each in script.items} - set(titled))]
    added = words.say(message("Stimulus ajoutés"))
    found = [(titled.get(code, added), [each for each in script.items if each.module == code and each.expectations]) for code in parts]  # fmt: skip
    return [(title, items) for title, items in found if items]


def _grid(words: Words, items: Sequence[Item]) -> Block:
    head = (
        message("Stimulus"), message("Ce qui est attendu"), message("Par, avant"),
        message("Oui"), message("Partiel"), message("Non"), message("Heure, mots entendus"),
    )  # fmt: skip
    return {
        "kind": "grid",
        "head": [words.say(each) for each in head],
        "parts": [
            {
                "time": clock(item.at),
                "number": str(words.number[item.id]),
                "title": words.called(item),
                "rows": [[words.say(one.text), words.by(one.by), words.before(item, one.minutes)] for one in item.expectations],
            }
            for item in items
        ],
    }  # fmt: skip


BODIES: Mapping[Book, Callable[[Words, Mapping[str, Text]], list[Block]]] = {
    Book.ANIMATOR: animator.body,
    Book.PLAYER: _player,
    Book.OBSERVER: _observer,
}
PICTURES: Mapping[Book, tuple[str, Callable[[Words], dict[str, Any]]]] = {
    Book.CARDS: ("exercise_cards.typ", cards.cards),
    Book.CALLS: ("exercise_book.typ", cards.calls),
    Book.DOCUMENTS: ("exercise_documents.typ", cards.documents),
}
