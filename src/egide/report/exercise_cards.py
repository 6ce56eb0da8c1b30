"""What is handed over in an exercise: cards of written injects to cut out, sheets for calls, fictitious documents."""

from collections.abc import Iterable, Sequence
from typing import Any

from egide.exercise.module import Channel, Document
from egide.exercise.script import Item
from egide.message import message
from egide.report.exercise_words import OPENING, SPOKEN, Words, clock
from egide.report.papers import font
from egide.report.papers.blocks import Block
from egide.report.papers.typography import BREAK

LOOKS = {Channel.SMS: "sms", Channel.PRESS: "press", Channel.SOCIAL: "social", Channel.SCREEN: "screen"}
"""How a card is drawn; the others have the head of a letter."""
POINT = 25.4 / 72
LEAST = 11
"""The smallest text, in points, of a card that is a quarter of a sheet; a longer text takes half of it."""
LINE = 1.36
"""Height of a line of text, for a size of 1."""
QUARTER, HALF = (78.0, 74.0), (182.0, 84.0)
"""Room in millimetres, width and height, for the text of a card: a quarter of a sheet, half of one."""
SMALL = 10
"""The smallest text of a card that is half a sheet: a longer text has a sheet of its own."""


def cards(words: Words) -> dict[str, Any]:
    """Return the cards of the written injects, two or four a sheet, by time; empty when there is none."""
    written = [each for each in words.script.items if each.channel not in SPOKEN]
    return {"pages": _pages([_card(words, each) for each in written])} if written else {}


def _card(words: Words, item: Item) -> dict[str, Any]:
    say = words.say
    text = say(item.text)
    given = message("À remettre à : {seats}", seats=words.seats(item))
    attached = words.attached(item)
    if attached:
        given = message("À remettre à : {seats}, avec le document {document}", seats=words.seats(item), document=attached)  # fmt: skip
    return {
        "look": LOOKS.get(item.channel, "mail"),
        "number": str(words.number[item.id]),
        "time": clock(item.at),
        "title": words.called(item),
        "channel": words.channel(item),
        "sender": say(item.sender),
        "to": words.seats(item),
        "moment": say(item.moment),
        "text": text,
        "give": say(given),
        "fold": say(message("À replier derrière avant de remettre la carte.")),
        "labels": {"from": say(message("De :")), "to": say(message("À :")), "when": say(message("Quand :"))},
        "wide": not _stands(text, LEAST, QUARTER),
        "whole": not _stands(text, SMALL, HALF),
    }


def _stands(text: str, size: int, room: tuple[float, float]) -> bool:
    wide, tall = (each / (size * POINT) for each in room)
    return font.lines(text, wide, BREAK) * LINE <= tall


def _pages(made: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the sheets: rows of one wide card or two small ones, two rows a sheet; a whole card is a sheet."""
    rows: list[list[dict[str, Any]]] = []
    wholes = []
    half: list[dict[str, Any]] = []
    for each in made:
        if each["whole"]:
            wholes.append({"kind": "sheet", "card": each})
        elif each["wide"]:
            rows.append([each])
        else:
            half.append(each)
            if len(half) == 2:
                rows.append(half)
                half = []
    rows += [half] if half else []
    return [{"kind": "rows", "rows": rows[n : n + 2]} for n in range(0, len(rows), 2)] + wholes


# ------------------------------------------------------------------------------------------------------------ call sheets
def calls(words: Words) -> dict[str, Any]:
    """Return the sheets of what is said, for those who play the callers; empty when nothing is said."""
    said = [each for each in words.script.items if each.channel in SPOKEN and each.channel is not Channel.ANIMATOR]
    if not said:
        return {}
    say = words.say
    first: Sequence[Block] = (
        {"kind": "lead", "text": say(message("Pour qui joue les appels et les visites : commencez toujours par « exercice, exercice, exercice », puis dites le texte avec vos mots, sans courir. Ne montrez pas ces fiches aux joueurs."))},
    )  # fmt: skip
    title = {"kind": "heading", "level": 1, "text": say(message("Ce qui se dit, dans l’ordre"))}
    return {"blocks": [*first, title, *(_call(words, each) for each in said)]}


def _call(words: Words, item: Item) -> Block:
    say = words.say
    fields = [
        (message("Vous êtes :"), say(item.sender)),
        (message("Vous parlez à :"), words.seats(item)),
        (message("Vous remettez :"), words.attached(item)),
    ]
    return {
        "kind": "inject",
        "number": str(words.number[item.id]),
        "id": item.id,
        "time": clock(item.at),
        "moment": say(item.moment),
        "channel": words.channel(item),
        "title": words.called(item),
        "fields": [[say(label), value] for label, value in fields],
        "opening": say(OPENING),
        "text": say(item.text),
        "head": [],
        "rows": [],
        "otherwise": say(item.what_if),
        "labels": {
            "otherwise": say(message("Si rien ne vient, ou si cela part ailleurs :")),
            "at": say(message("Heure réelle")),
            "states": [say(each) for each in (message("dit"), message("sauté"))],
            "notes": say(message("Réponse reçue")),
        },
        "short": True,
    }


# -------------------------------------------------------------------------------------------------------------- documents
def documents(words: Words) -> dict[str, Any]:
    """Return the fictitious documents in the order in which they are handed over; empty when there is none."""
    order = {item.document: n for n, item in reversed(list(enumerate(words.script.items))) if item.document}
    held = sorted(words.script.documents, key=lambda each: order.get(each.id, len(order)))
    made = [_document(words, each, order.get(each.id)) for each in held]
    return {"documents": made, "fictitious": words.say(message("document fictif"))} if made else {}


def _document(words: Words, document: Document, first: int | None) -> dict[str, Any]:
    say = words.say
    foot = message("Document {id}", id=document.id)
    if first is not None:
        item = words.script.items[first]
        foot = message("Document {id} · remis avec le stimulus {number}, à {time}", id=document.id, number=words.number[item.id], time=clock(item.at))  # fmt: skip
    rows = [[cell.strip() for cell in say(each).split("|")] for each in document.rows]
    wide = max(map(len, rows), default=0)
    return {
        "kind": document.kind.value,
        "title": say(document.title).strip() or document.id,
        "sender": say(document.sender),
        "to": say(document.to),
        "text": say(document.text),
        "rows": [[*each, *[""] * (wide - len(each))] for each in rows],
        "foot": say(foot),
        "labels": {"from": say(message("De :")), "to": say(message("À :"))},
    }
