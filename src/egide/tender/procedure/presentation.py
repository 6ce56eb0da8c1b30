"""The record of a formalised procedure (R2184-1 to R2184-4), item by item: what fills it, why it has no object, or what
a person must still write, which blocks the signature.

Each item is made from the consultation, the evaluation and the journal; what only a person knows is never guessed.
"""

from dataclasses import dataclass
from enum import StrEnum

from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.evaluation import Evaluation, Status
from egide.tender.model import Tender
from egide.tender.procedure.journal import Item, Journal
from egide.tender.procedure.outcome import quoted
from egide.tender.procedure.presentation_items import ITEMS, Case, Found
from egide.tender.procedure.situation import JOURNAL, Situation


@dataclass(frozen=True)
class RecordItem:
    """An item that the code asks of the record: its article and number, and the day its text was seen.

    `seen` is "to_check" for a text that nobody could read; `source` says where its content comes from.
    """

    id: str
    article: str
    title: Text
    seen: str
    source: Text
    number: str = ""
    read_at: str = ""


@dataclass(frozen=True)
class RecordItems:
    """The items of the record, in the order of the code."""

    version: str
    items: tuple[RecordItem, ...]


class State(StrEnum):
    """Where an item stands."""

    FILLED = "filled"
    NONE = "none"
    """No object, with its reason."""
    MISSING = "missing"
    """A person must still write or do something: the record cannot be signed."""


@dataclass(frozen=True)
class ItemState:
    """An item of the record: what is said of it, and what is still missing (only when the state says so)."""

    id: str
    state: State
    said: tuple[Message, ...] = ()
    missing: tuple[Message, ...] = ()


def due(tender: Tender) -> bool:
    """Whether the code asks for a record: a need above the European thresholds, hence a formalised procedure (R2184-1)."""
    return tender.formalised


def items(tender: Tender, evaluation: Evaluation | None, journal: Journal) -> tuple[ItemState, ...]:
    """Return every item of the record, in the order of the code. `evaluation` is None before there is one."""
    case = Case(tender, evaluation if evaluation and evaluation.status is Status.FINAL else None, journal)
    said = {identifier(key): item for key, item in journal.record.items()}
    return tuple(_state(name, make(case), said.get(name, Item())) for name, make in ITEMS.items())


def identifier(written: str) -> str:
    """Return the identifier of an item from the way people write its number: « R. 2184-2, 1° » is R2184-2-1."""
    kept = "".join(sign if sign.isalnum() else " " for sign in written.upper().replace("°", " ")).split()
    joined = kept[0] + kept[1] if len(kept) > 1 and kept[0] == "R" else kept[0] if kept else ""
    return "-".join([joined, *kept[2 if len(kept) > 1 and kept[0] == "R" else 1 :]])


def owed(situation: Situation) -> list[Finding]:
    """Return what the record still lacks once a lot is decided, and what the journal says of items that do not exist."""
    journal = situation.journal
    if not due(situation.tender) or not (journal.awards or journal.no_awards):
        return unknown(journal)
    return [*unknown(journal), *blocking(items(situation.tender, situation.evaluation, journal))]


def blocking(states: tuple[ItemState, ...]) -> list[Finding]:
    """Return what keeps the record from being signed, an item a finding; the severity is that of work to be done."""
    return [
        Finding(
            "record.item",
            Severity.DOUBT,
            message("rapport de présentation, {item} à compléter : {missing}", item=state.id, missing=state.missing),
            message("Le compléter : le rapport ne peut pas être signé avant (record.{item} dans {file}).", item=state.id, file=JOURNAL),
            JOURNAL,
            f"record.{state.id}",
        )
        for state in states
        if state.state is State.MISSING
    ]  # fmt: skip


def unknown(journal: Journal) -> list[Finding]:
    """Return a finding for each item of the journal that the code does not have: it would be lost in silence."""
    return [
        Finding(
            "record.unknown",
            Severity.ERROR,
            message("« {item} » n'est pas un élément du rapport de présentation", item=key),
            message("Écrire l'un de : {items}.", items=tuple(ITEMS)),
            JOURNAL,
            f"record.{key}",
            read=key,
        )
        for key in journal.record
        if identifier(key) not in ITEMS
    ]


def _state(name: str, found: Found, given: Item) -> ItemState:
    """Return the state of an item from what the file says and what the buyer wrote of it."""
    said, missing = found.said, found.hard
    if given.text and given.none:
        missing = (*missing, message("un texte et « sans objet » sont écrits à la fois : garder l'un des deux"))
    if given.none and not given.text and (said or found.hard):
        missing = (*missing, message("« sans objet » est contredit par le dossier"))
    if given.text:
        said = (*said, quoted(given.text))
    elif not given.none:
        missing = (*found.open, *missing)
    if missing:
        return ItemState(name, State.MISSING, said, missing)
    if said:
        return ItemState(name, State.FILLED, said)
    return ItemState(
        name, State.NONE, (quoted(given.none) if given.none else found.none or message("rien n'est à signaler"),)
    )
