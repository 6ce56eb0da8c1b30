"""Compare what the reader read with the truth of a messy file."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from egide.exchange.answers import Reading, read_answers
from egide.finding import Finding, Severity
from egide.tender.model import Answer, Declared

from .messy import Messy, Truth


@dataclass(frozen=True)
class Disagreement:
    """One difference between the truth and the reading."""

    seed: int
    kind: str
    point: str
    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"seed {self.seed} ({self.kind}) {self.point}: {self.what}: expected {self.expected}, got {self.got}"


def squeezed(text: str) -> str:
    """Return `text` without accents, case, punctuation or spaces: only to find a text inside another."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum() or letter in "?☒☐☑")


def disagreements(messy: Messy, path: Path | None = None, *, placed: bool = True) -> list[Disagreement]:
    """Read the file (or `path`, a conversion of it) and list what differs from its truth."""
    file = path or messy.path
    reading = read_answers(file, file.name, messy.clausier)
    found = [] if reading.readable else [("", "readable", "yes", "no")]
    found.extend(_points(messy, reading))
    found.extend(_missing(messy, reading))
    found.extend(_unknown(messy, reading))
    found.extend(_texts(messy, reading))
    if placed:
        found.extend(_places(messy, reading))
    return [Disagreement(messy.seed, file.suffix[1:], *each) for each in found]


Difference = tuple[str, str, str, str]


def _doubts(reading: Reading, point: str) -> list[Finding]:
    """Return the doubts and errors that name the point, alone or in a group."""
    named = re.compile(rf"\b{re.escape(point)}\b")
    return [
        each
        for each in reading.findings
        if each.severity is not Severity.NOTE
        and (each.point == point or (not each.point and named.search(f"{each.read} {each.understood} {each.place}")))
    ]


def _said(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    return f"{answer.declared}/{answer.condition}/{answer.pointer} from {answer.raw!r} comment {answer.comment!r} at {answer.place}"


def _points(messy: Messy, reading: Reading) -> Iterator[Difference]:
    for point, truth in messy.truth.items():
        answer, doubts = reading.answers.get(point), _doubts(reading, point)
        got = f"{_said(answer)}, {[each.code for each in doubts]}"
        if answer is None and not doubts:
            yield point, "neither an answer nor a finding", str(truth), got
        elif truth.finding is True and not doubts:
            yield point, "no finding", str(truth), got
        elif truth.finding is False and doubts:
            yield point, "a finding too many", str(truth), got
        elif not (truth.lenient and doubts):
            yield from _answer(point, truth, answer, got)
            if answer and answer.pointer and not (truth.pointer or truth.doubt or messy.texts.get(point)):
                yield point, "pointer to nothing", "None", got


def _answer(point: str, truth: Truth, answer: Answer | None, got: str) -> Iterator[Difference]:
    declared = answer.declared if answer else Declared.BLANK
    if declared not in truth.declared:
        yield point, "declared", str(sorted(truth.declared)), got
    elif answer and declared is not Declared.BLANK and answer.condition not in truth.condition:
        yield point, "condition", str(sorted(truth.condition)), got
    elif truth.pointer:
        document, section = truth.pointer
        pointer = answer.pointer if answer else None
        if pointer is None or squeezed(document) not in squeezed(pointer.document) or section not in pointer.section:
            yield point, "pointer", str(truth.pointer), got


def _missing(messy: Messy, reading: Reading) -> Iterator[Difference]:
    for point in messy.missing:
        answer = reading.answers.get(point)
        if answer and answer.declared is not Declared.BLANK:
            yield point, "answer to a missing row", "none", _said(answer)


def _unknown(messy: Messy, reading: Reading) -> Iterator[Difference]:
    for name in messy.unknown:
        if not any(
            squeezed(name) in squeezed(f"{each.point} {each.read} {each.understood}") for each in reading.findings
        ):
            yield name, "unknown identifier", "a finding", "none"


def _texts(messy: Messy, reading: Reading) -> Iterator[Difference]:
    """No text of a known row may be lost: it stands in the answer or in a finding."""
    everywhere = squeezed(" ".join(each.read for each in reading.findings))
    for point, truth in messy.truth.items():
        answer = reading.answers.get(point)
        if answer is None or truth.doubt or (truth.lenient and _doubts(reading, point)):
            continue
        kept = squeezed(f"{answer.raw} {answer.comment} {answer.proof} {answer.pointer}")
        for text in messy.texts.get(point, ()):
            if squeezed(text) not in kept and squeezed(text) not in everywhere:
                yield point, "lost text", repr(text), _said(answer)
        raw = messy.raws.get(point, "")
        if squeezed(raw) not in squeezed(answer.raw):
            yield point, "raw", repr(raw), _said(answer)


def _places(messy: Messy, reading: Reading) -> Iterator[Difference]:
    for point, rows in messy.rows.items():
        answer = reading.answers.get(point)
        number = re.search(r"![A-Z]+(\d+)", answer.place) if answer else None
        if answer and answer.declared is not Declared.BLANK and not (number and int(number[1]) in rows):
            yield point, "place", f"row {rows}", _said(answer)
