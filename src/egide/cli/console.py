"""What the commands have in common: language, findings for a person, findings for a machine."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from egide.errors import EgideError, UsageError
from egide.finding import Finding, Severity
from egide.locale import say
from egide.message import Language, Message, message
from egide.report import record

_language: list[Language] = ["fr"]

SEVERITIES = {
    Severity.ERROR: message("ERREUR"),
    Severity.DOUBT: message("DOUTE"),
    Severity.NOTE: message("NOTE"),
}


def take_language(arguments: list[str]) -> list[str]:
    """Take --lang out of the arguments, wherever it stands, and keep its value; return the others."""
    rest: list[str] = []
    wanted = "fr"
    pending = iter(arguments)
    for argument in pending:
        if argument == "--lang":
            wanted = next(pending, "")
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    if wanted not in {"fr", "en"}:
        print(f"--lang {wanted} : fr, en", file=sys.stderr)  # noqa: T201
        sys.exit(2)
    _language[0] = cast(Language, wanted)
    return rest


def language() -> Language:
    """Return the language of this run."""
    return _language[0]


def phrase(text: str) -> str:
    """Return a help text in the language of this run, known before a command is imported."""
    return say(Message(text), language())


def day(written: str) -> date | None:
    """Return the date of an option --date, None when it was not given. Raises UsageError."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise UsageError(message("--date {written} : écrire aaaa-mm-jj", written=written)) from None


_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys instead of showing: colours, titles, text turned round."""


def _show(text: str, *, error: bool = False) -> None:
    """Print a text for a person; what others wrote in it is shown, never obeyed by the terminal."""
    print(_COMMANDS.sub("\ufffd", text), file=sys.stderr if error else sys.stdout)


def tell(said: Message | str) -> None:
    """Print a line for the person at the terminal."""
    _show(said if isinstance(said, str) else say(said, language()))


def tell_machine(data: object) -> None:
    """Print stable machine output."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def follow(done: int, total: int) -> None:
    """Show the progress of a long call on a terminal; silent elsewhere."""
    if sys.stderr.isatty() and total:
        sys.stderr.write(f"\r{100 * done // total:3d} %" + ("\r     \r" if done == total else ""))
        sys.stderr.flush()


def complain(error: EgideError) -> None:
    """Print why the run stops, on the error output: the errors, and how much else was found."""
    _show(say(error.message, language()), error=True)
    blocking = [finding for finding in error.findings if finding.severity is Severity.ERROR]
    for line in lines(blocking or error.findings):
        _show(line, error=True)
    if len(error.findings) > len(blocking) > 0:
        _show(say(count(error.findings), language()), error=True)


def refuse(error: EgideError, *, as_json: bool) -> None:
    """Say that the data does not allow it, with every finding."""
    if as_json:
        tell_machine(record.refusal(error, language()))
    complain(error)


def lines(findings: Iterable[Finding]) -> list[str]:
    """Return the findings as text, the worst first, each with its place, what was read and the remedy."""
    order = list(Severity)
    said = []
    for finding in sorted(findings, key=lambda each: order.index(each.severity)):
        where = " · ".join(part for part in (finding.file, finding.place, finding.point) if part)
        read = f" [{_short(finding.read)}]" if finding.read else ""
        said.append(f"{say(SEVERITIES[finding.severity], language())} {finding.code} · {where}{read}")
        said.append(f"    {say(finding.understood, language())}")
        said.append(f"    → {say(finding.remedy, language())}")
    return said


def _short(text: str, most: int = 80) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def count(findings: Sequence[Finding]) -> Message:
    """Return how many findings of each severity there are, in words."""
    number = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    return message(
        "{errors} erreur(s), {doubts} doute(s), {notes} note(s)",
        errors=number[Severity.ERROR],
        doubts=number[Severity.DOUBT],
        notes=number[Severity.NOTE],
    )
