"""The documents that answers point to: whether each is among the files of the bid (R30)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from egide.exchange.layout import squashed
from egide.exchange.vocabulary import FILE_NAME, fold
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import Answer

_WORDS = re.compile(r"[a-z]+|\d+")
_EMPTY = frozenset({
    "voir", "cf", "notre", "nos", "votre", "le", "la", "les", "l", "un", "une", "de", "du", "des", "d", "et", "a",
    "au", "aux", "en", "dans", "sur", "document", "documents", "fichier", "fichiers", "piece", "pieces", "jointe",
    "jointes", "joint", "ci", "offre", "reponse", "the", "our", "of", "and", "in", "see", "file", "attached", "n",
    "no",
})  # fmt: skip


def absent_documents(declared: Mapping[str, Answer], files: Iterable[str]) -> Iterator[Finding]:
    """Say which documents named by the answers are not among the files of the bid, one finding a document.

    A file name must be there; a description ("mémoire technique") must look like one of the files.
    """
    names = [PurePosixPath(file).name for file in files]
    present = set(map(squashed, names))
    cited: dict[str, list[Answer]] = defaultdict(list)
    for answer in declared.values():
        if answer.pointer and answer.pointer.document:
            cited[answer.pointer.document].append(answer)
    for document, named in cited.items():
        exact = FILE_NAME.fullmatch(document) is not None
        if squashed(document) in present if exact else any(resembles(document, name) for name in names):
            continue
        points = [answer.point for answer in named]
        remedy = message("Joindre le document, ou corriger son nom.")
        point = points[0] if len(points) == 1 else ""
        code = "proof.absent" if exact else "proof.unseen"
        said = (
            message(
                "le document « {document} », nommé pour {points}, n'est pas parmi les fichiers de l'offre",
                document=document,
                points=points,
            )
            if exact
            else message(
                "aucun fichier de l'offre ne ressemble à « {document} », cité pour {points}",
                document=document,
                points=points,
            )
        )
        yield Finding(code, Severity.DOUBT, said, remedy, named[0].file, named[0].place, point, document)


def resembles(document: str, name: str) -> bool:
    """Tell whether a file may be the document that an answer describes: its words, or its initials."""
    stem = PurePosixPath(name).stem
    if squashed(document) and squashed(document) in squashed(stem):
        return True
    wanted, present = _telling(document), _telling(stem)
    if not wanted:
        return True
    if {_initials(wanted)} & set(present) or (
        len(wanted) == 1 and wanted[0] in _initials(present) and len(wanted[0]) > 2
    ):
        return True
    if any(word.isdecimal() and len(word) < 3 and word not in present for word in wanted):
        return False
    short = {word[:5] for word in present}
    return 3 * sum(word[:5] in short for word in wanted) >= len(wanted)


def _telling(text: str) -> list[str]:
    return [word.lstrip("0") or "0" for word in _WORDS.findall(fold(text)) if word not in _EMPTY]


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words if not word.isdecimal())
