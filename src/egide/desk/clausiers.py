"""Clausiers of others: read to be used, taken in, checked."""

from collections.abc import Iterable
from pathlib import Path

from egide import reference
from egide.clausier.lint import lint
from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.exchange.clausiers import foreign, framework
from egide.finding import Finding, Severity
from egide.message import message

TWICE = "lint.id.reused"


def usable(path: Path, name: str, *, doubles: bool = False) -> tuple[Clausier, list[Finding]]:
    """Return the clausier of a file of any format, `name` being how people know it, and what was found in reading it.

    Raises DataError; identifiers used twice are an error unless `doubles` lets them pass.
    """
    clausier, found = framework.read(path, name)
    broken = _errors(found)
    if broken and not doubles:
        raise DataError(message("{file} ne peut pas être utilisé", file=name), broken)
    return clausier, found


def taken_in(path: Path, name: str) -> tuple[Clausier, list[Finding]]:
    """Return the framework of others as a clausier, one identifier a point, and what was renamed or left out.

    Raises DataError with all findings when it cannot be one.
    """
    clausier, found = framework.read(path, name)
    clausier, renamed = foreign.renamed(clausier, name)
    found = [each for each in found if each.code != TWICE] + renamed
    if _errors(found):
        raise DataError(message("{file} ne peut pas devenir un clausier tel quel", file=name), tuple(found))
    return clausier, found


def checked(
    clausier: Clausier, name: str, read: Iterable[Finding] = (), *, consultation: bool = False
) -> list[Finding]:
    """Return what is weak in a clausier, after what reading it found (`read`), each said once and without its notes.

    That of a `consultation` needs no source for its thresholds: the buyer who sets one is its source.
    """
    read = list(read)
    told = {each.read for each in read if each.code == TWICE}
    found = [
        each
        for each in lint(clausier, reference.vocabulary(), name)
        if (each.code != TWICE or each.read not in told) and not (consultation and each.code == "lint.parameter.source")
    ]
    return [*(each for each in read if each.severity is not Severity.NOTE), *found]


def _errors(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(each for each in found if each.severity is Severity.ERROR)
