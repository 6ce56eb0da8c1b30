"""What the cells of one answer say: declared, on what condition, written where; and what a person must confirm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from egide.clausier.model import Expects
from egide.exchange import vocabulary as words
from egide.exchange.vocabulary import fold
from egide.message import Message, message
from egide.tender.model import Condition, Declared, Pointer


@dataclass(frozen=True, slots=True)
class Reply:
    """An understood answer; `doubts` are keys of DOUBTS, in the order in which they were met."""

    declared: Declared
    condition: Condition = Condition.NONE
    pointer: Pointer | None = None
    doubts: tuple[str, ...] = ()


SAID: Mapping[Declared, Message] = {
    Declared.YES: message("oui"),
    Declared.NO: message("non"),
    Declared.PARTIAL: message("partiel"),
    Declared.DESCRIBED: message("décrit"),
    Declared.NA: message("sans objet"),
    Declared.BLANK: message("sans réponse"),
}
SAID_CONDITION: Mapping[Condition, Message] = {
    Condition.NONE: message("sans condition"),
    Condition.RESERVE: message("avec une réserve"),
    Condition.FUTURE: message("pour plus tard"),
    Condition.PAID_OPTION: message("en option payante"),
    Condition.CUSTOMER_DEPENDENCY: message("si l'établissement fait ou fournit quelque chose"),
    Condition.UNKNOWN: message("sens inconnu"),
}

_CHOOSE = message("Répondre par Oui, Non, Partiel, Décrit ou Sans objet ; préciser en commentaire.")
DOUBTS: Mapping[str, tuple[Message, Message]] = {
    "answer.ambiguous": (message("la réponse peut se comprendre de plusieurs façons : comptée sans réponse"), _CHOOSE),
    "answer.undecided": (message("la réponse est remise à plus tard : comptée sans réponse"), _CHOOSE),
    "answer.condition": (
        message("« {answer} », {condition}"),
        message("Confirmer la condition et ses termes (délai, prix, périmètre), ou répondre sans condition."),
    ),
    "answer.free_text": (
        message("un texte libre sans réponse nette : compris comme « {answer} »"),
        _CHOOSE,
    ),
    "answer.pointer_only": (
        message(
            "un simple renvoi à un document, alors que la question attend une prise de position : compris comme « {answer} »"
        ),
        _CHOOSE,
    ),
    "answer.no_document": (
        message("« {answer} » sans document, alors que la question en attend un"),
        message("Nommer le document joint à l'offre et la section où se trouve la réponse."),
    ),
    "answer.no_figure": (
        message("« {answer} » sans valeur, alors que la question en attend une"),
        message("Donner la valeur et son unité."),
    ),
    "answer.comment_only": (
        message("un commentaire sans réponse : compté sans réponse"),
        _CHOOSE,
    ),
    "answer.na_reason": (
        message("« sans objet » sans raison"),
        message("Dire en commentaire pourquoi la question ne concerne pas l'offre."),
    ),
    "proof.external": (
        message(
            "le seul justificatif est un lien vers l'extérieur : il n'a pas été suivi et ne fait pas partie de l'offre"
        ),
        message("Joindre le document à l'offre et le nommer."),
    ),
}


def doubt(code: str, reply: Reply) -> tuple[Message, Message]:
    """Return what is said of a doubt, and its remedy."""
    said, remedy = DOUBTS[code]
    values = {"answer": SAID[reply.declared], "condition": SAID_CONDITION[reply.condition]}
    return replace(said, values=values), remedy


@dataclass(frozen=True, slots=True)
class _Word:
    """The answer cell read alone: `declared` None is free text; `rest` is what follows the answer word."""

    declared: Declared | None
    rest: str = ""
    doubt: str = ""


MOST_READ = 1_000
"""Characters of a cell in which an answer is looked for; the whole cell is kept all the same."""


def understand(
    raw: str, comment: str = "", proof: str = "", expects: Expects = Expects.STATEMENT, nc: Declared | None = None
) -> Reply:
    """Return what an answer, its comment and its proof say. `nc` is what the legend says that NC stands for."""
    raw, comment, proof = (cell[:MOST_READ] for cell in (raw, comment, proof))
    word = _word(raw, nc)
    pointer = next(filter(None, (*map(pointer_in, (proof, raw, comment)), pointer_in(proof, whole=True))), None)
    external = pointer is None and any(words.LINK.search(cell) for cell in (raw, comment, proof))
    if word.doubt:
        return Reply(Declared.BLANK, Condition.UNKNOWN, pointer, (word.doubt,))
    if word.declared is Declared.BLANK:
        reply = _without_answer(comment, proof, pointer, expects, external=external)
    elif word.declared is None:
        reply = _free(raw, pointer, expects, external=external)
    else:
        reply = _stated(word.declared, word.rest, raw, comment, pointer, expects, external=external)
    return replace(reply, doubts=(*reply.doubts, "proof.external")) if external else reply


def _stated(
    declared: Declared, rest: str, raw: str, comment: str, pointer: Pointer | None, expects: Expects, *, external: bool
) -> Reply:
    condition = Condition.NONE
    if declared is not Declared.NA:
        condition = words.condition_in(rest)
    if condition is Condition.NONE and declared in {Declared.YES, Declared.PARTIAL}:
        condition = words.condition_in(comment, sure=True)
    doubts = ["answer.condition"] if condition is not Condition.NONE else []
    if declared is Declared.NA and not (rest or comment.strip()):
        doubts.append("answer.na_reason")
    if expects is Expects.DOCUMENT and pointer is None and not external:
        described = declared is Declared.DESCRIBED and bool(rest or comment.strip())
        doubts += ["answer.no_document"] * (
            declared in {Declared.YES, Declared.PARTIAL, Declared.DESCRIBED} and not described
        )
    if (
        expects is Expects.VALUE
        and declared is Declared.YES
        and pointer is None
        and not re.search(r"\d", raw + comment)
    ):
        doubts.append("answer.no_figure")
    return Reply(declared, condition, pointer, tuple(doubts))


def _without_answer(comment: str, proof: str, pointer: Pointer | None, expects: Expects, *, external: bool) -> Reply:
    if proof.strip() and (pointer or external) and not comment.strip():
        return _pointed(pointer, expects)
    return Reply(Declared.BLANK, pointer=pointer, doubts=("answer.comment_only",) if (comment + proof).strip() else ())


def _free(raw: str, pointer: Pointer | None, expects: Expects, *, external: bool) -> Reply:
    condition = words.condition_in(raw, sure=True)
    conditional = ("answer.condition",) if condition is not Condition.NONE else ()
    if _only_points(raw) or (external and words.LINK.fullmatch(raw.strip())):
        return _pointed(pointer, expects)
    answers = (expects is Expects.DOCUMENT and pointer is not None) or (
        expects is Expects.VALUE and (re.search(r"\d", raw) is not None or pointer is not None)
    )
    return Reply(Declared.DESCRIBED, condition, pointer, conditional if answers else (*conditional, "answer.free_text"))


def _pointed(pointer: Pointer | None, expects: Expects) -> Reply:
    doubts = ("answer.pointer_only",) if expects is Expects.STATEMENT else ()
    return Reply(Declared.DESCRIBED, pointer=pointer, doubts=doubts)


# ---------------------------------------------------------------------------------------------------- the answer cell
_BOTH = re.compile(r"^(oui|yes|o|y)\s*(/|\||-|ou|or|et|,|;)?\s*(non|no|n)\b(?!\s*(conforme|concerne|applicable))")


def _word(raw: str, nc: Declared | None) -> _Word:
    text = fold(raw).strip(" .!:;,*()[]\"'")
    found = words.leading(text)
    if (ticked := _boxes(raw)) is not None:
        word = ticked
    elif text in words.NC:
        word = _Word(nc, doubt="" if nc else "answer.ambiguous")
    elif text.endswith("?") and (found or text.strip(" ?") in words.WORDS):
        word = _Word(None, doubt="answer.undecided")
    elif text in words.WORDS:
        word = _Word(words.WORDS[text])
    elif words.UNDECIDED.match(fold(raw).strip()):
        word = _Word(None, doubt="answer.undecided")
    elif text in words.NOTHING:
        word = _Word(Declared.BLANK)
    elif _BOTH.match(text):
        word = _Word(None, doubt="answer.ambiguous")
    elif found:
        word = _Word(_refined(*found), found[1])
    else:
        word = _Word(None, text)
    return word


def _refined(declared: Declared, rest: str) -> Declared:
    """Return what "oui, partiellement" or "non, sans objet" comes to."""
    inner = words.leading(rest)
    second = words.WORDS.get(rest) or (inner[0] if inner else None)
    softer = {Declared.YES: {Declared.PARTIAL}, Declared.NO: {Declared.NA}}
    return second if second in softer.get(declared, ()) else declared  # type: ignore[return-value]


_BOX = re.compile(f"([{words.FULL_BOXES}]|[\\[(]\\s*[xX✓✔]\\s*[\\])])|([{words.EMPTY_BOXES}]|[\\[(]\\s*[\\])])")


def _boxes(raw: str) -> _Word | None:
    """Read boxes to tick inside a cell, before or after their labels; None if the cell has none."""
    marks = list(_BOX.finditer(raw))
    if not marks or len(raw) > 400:
        return None
    before = not raw[: marks[0].start()].strip()
    edges = [mark.end() for mark in marks] if before else [0, *(mark.end() for mark in marks[:-1])]
    ends = [*(mark.start() for mark in marks[1:]), len(raw)] if before else [mark.start() for mark in marks]
    labels = [fold(raw[start:end]).strip(" .,;:-/()") for start, end in zip(edges, ends, strict=True)]
    chosen = [label for mark, label in zip(marks, labels, strict=True) if mark[1]]
    if len(marks) == 1 and not labels[0]:
        return None
    if not chosen:
        return _Word(Declared.BLANK)
    if len(chosen) > 1:
        return _Word(None, doubt="answer.ambiguous")
    if chosen[0] in words.WORDS:
        return _Word(words.WORDS[chosen[0]])
    found = words.leading(chosen[0])
    return _Word(found[0], found[1]) if found else _Word(None, doubt="answer.ambiguous")


# ----------------------------------------------------------------------------------------------------------- pointers
_CUT = ' \t\n,;:.-–—()[]«»"'


def pointer_in(text: str, *, whole: bool = False) -> Pointer | None:
    """Return the document and section that a text names; with `whole`, the text itself is the name of a document."""
    text = words.LINK.sub(" ", text).strip()
    if not text or (whole and fold(text).strip(" .") in words.WORDS.keys() | words.NOTHING):
        return None
    found = words.SECTION.search(text)
    section = (found[1] or found[2]).strip() if found else ""
    named = words.SEE.sub("", text)
    document = words.FILE_NAME.search(named) or words.DOCUMENT.search(named)
    if document:
        return Pointer(document[0].strip(_CUT), section)
    if whole:
        return Pointer(words.SEE.sub("", words.SECTION.sub("", text)).strip(_CUT), section)
    return Pointer("", section) if found and words.SEE.match(text) else None


def _only_points(text: str) -> bool:
    """Tell whether a text does nothing but name a document or a section."""
    if pointer_in(text) is None:
        return False
    bare = words.SECTION.sub("", words.SEE.sub("", words.LINK.sub("", text)))
    bare = words.DOCUMENT.sub("", words.FILE_NAME.sub("", bare))
    left = [word for word in re.findall(r"\w+", fold(bare)) if len(word) > 3]
    return len(left) <= 3


@lru_cache(maxsize=2_000)
def is_answer(text: str) -> bool:
    """Tell whether a cell alone reads as an answer, however unclear."""
    word = _word(text[:MOST_READ], None)
    return bool(word.doubt) or word.declared not in {None, Declared.BLANK}
