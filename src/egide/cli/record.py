"""egide record: the journal of a procedure, what it lacks, what may be done next and from which day."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from egide import reference
from egide.cli import console
from egide.cli.console import phrase
from egide.cli.record_decp import HELP as DECP
from egide.cli.record_decp import data
from egide.cli.record_write import HELP as WRITE
from egide.cli.record_write import write
from egide.desk.procedure import opened
from egide.errors import DataError
from egide.exchange import journal_file
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.locale import say
from egide.message import Message, Text, message
from egide.report import record
from egide.tender.procedure import presentation
from egide.tender.procedure.publication import frozen
from egide.tender.procedure.steps import TITLES, State, Step, check, next_steps

group = typer.Typer(help=phrase("Dossier de la procédure : journal, étapes."), no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation (docs/formats.md)."))]

STATES = {
    State.DONE: Text("fait", "done"),
    State.POSSIBLE: Text("possible", "possible"),
    State.WAITING: Text("attend", "waiting"),
    State.BLOCKED: Text("bloqué", "blocked"),
    State.NONE: Text("sans objet", "no object"),
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="record")


@group.callback()
def _group() -> None:
    """Dossier de la procédure : journal, étapes."""


@group.command("init", help=phrase("Écrire un journal.yaml commenté, à compléter au fil de la procédure."))
def init(folder: Folder) -> None:
    """Écrire un journal.yaml commenté, à compléter au fil de la procédure."""
    top = read_tender(folder)
    path = folder / journal_file.FILE
    if path.exists():
        raise DataError(message("{path} existe déjà : rien n'a été écrit", path=path))
    clausier, _ = reference.load(top.tender, top.enclosed)
    digest = frozen(top.tender, clausier)
    path.write_text(journal_file.skeleton(top.tender, digest), encoding="utf-8")
    console.tell(message("Écrit : {path}", path=path))


@group.command(
    "check", help=phrase("Vérifier tout ce qui a été fait, et dire ce qui peut l'être, à partir de quel jour.")
)
def check_record(
    folder: Folder,
    on: Annotated[
        str, typer.Option("--date", help=phrase("Jour où l'on se place, aaaa-mm-jj ; par défaut aujourd'hui."))
    ] = "",
    evaluation: Annotated[
        Path | None,
        typer.Option("--evaluation", help=phrase("evaluation.json gardé ; sans lui, le dossier est évalué.")),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=phrase("Constats et étapes en JSON."))] = False,
) -> None:
    """Vérifier tout ce qui a été fait, et dire ce qui peut l'être, à partir de quel jour."""
    day = console.day(on) or datetime.now().astimezone().date()
    situation, found = opened(folder, day, evaluation)
    found += [*check(situation), *presentation.owed(situation)]
    steps = next_steps(situation)
    if as_json:
        data = {
            "format": 1,
            "date": day.isoformat(),
            "findings": record.findings(found, console.language()),
            "steps": [_plain(step) for step in steps],
        }
        console.tell_machine(data)
    else:
        for line in console.lines(found):
            console.tell(line)
        console.tell(console.count(found))
        console.tell(message("Étapes au {day} :", day=day))
        for step in steps:
            console.tell(_said(step))
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


group.command("write", help=WRITE)(write)
group.command("decp", help=DECP)(data)


def _said(step: Step) -> str:
    """Return a step as a line: the lot, the step, its state, its days, what holds it back."""
    language = console.language()
    words = [step.lot, TITLES[step.stage].say(language), ":", STATES[step.state].say(language)]
    if step.done_on:
        words.append(say(message("le {day}", day=step.done_on), language))
    elif step.from_day and step.state is State.BLOCKED:
        words.append(say(message("et pas avant le {day}", day=step.from_day), language))
    elif step.from_day:
        words.append(say(message("à partir du {day}", day=step.from_day), language))
    if step.by and not step.done_on:
        words.append(say(message("au plus tard le {day}", day=step.by), language))
    if step.blocked_by:
        words.append(say(message("(règles {rules})", rules=step.blocked_by), language))
    lines = [" ".join(word for word in words if word)]
    return "\n".join([*lines, *(f"    {say(why, language)}" for why in step.why)])


def _plain(step: Step) -> dict[str, Any]:
    language = console.language()

    def day(given: date | None) -> str | None:
        return given.isoformat() if given else None

    def text(said: Message) -> str:
        return say(said, language)

    return {
        "stage": step.stage.value,
        "title": TITLES[step.stage].say(language),
        "lot": step.lot,
        "state": step.state.value,
        "done_on": day(step.done_on),
        "from": day(step.from_day),
        "by": day(step.by),
        "blocked_by": list(step.blocked_by),
        "why": [text(each) for each in step.why],
    }
