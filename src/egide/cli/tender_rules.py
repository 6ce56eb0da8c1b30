"""egide tender check and why: what must hold before publication, and why each rule exists."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from egide import reference
from egide.cli import console
from egide.cli.console import phrase
from egide.desk.documents import before_publication
from egide.errors import UsageError
from egide.exchange.tender_folder import read_tender
from egide.finding import Severity
from egide.message import message
from egide.report import record
from egide.tender.rules import Rule


def check(
    folder: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation (docs/formats.md)."))],
    on: Annotated[
        str, typer.Option("--date", help=phrase("Jour d'envoi envisagé, aaaa-mm-jj ; par défaut sent_on."))
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=phrase("Constats en JSON."))] = False,
) -> None:
    """Avant publication : critères, seuils, lots, maximum, délais, selon les règles du jour d'envoi."""
    top = read_tender(folder)
    day = console.day(on) or top.tender.sent_on
    found = before_publication(top.tender, top.enclosed, day, top.findings)
    if as_json:
        console.tell_machine({"format": 1, "findings": record.findings(found, console.language())})
    else:
        for line in console.lines(found):
            console.tell(line)
        console.tell(console.count(found))
        console.tell(message("Règles du {day}.", day=day))
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


def why(
    rule: Annotated[str, typer.Argument(help=phrase("Règle, par exemple R41 ; sans elle, toutes."))] = "",
    on: Annotated[
        str,
        typer.Option("--date", help=phrase("Jour d'envoi de la consultation, aaaa-mm-jj ; par défaut aujourd'hui.")),
    ] = "",
) -> None:
    """Pourquoi une règle existe : son texte, son article, le jour où il a été vu, ses dates."""
    day = console.day(on) or datetime.now().astimezone().date()
    known = reference.rules()
    wanted = rule.upper()
    if wanted and wanted not in {each.id for each in known.rules}:
        raise UsageError(message("règle inconnue : {rule}", rule=rule))
    shown = [each for each in known.on(day).rules if wanted in {"", each.id}]
    for each in shown:
        _tell(each)
    if not shown:
        console.tell(message("La règle {rule} n'est pas en vigueur au {day}.", rule=wanted, day=day))
        for each in (other for other in known.rules if other.id == wanted):
            _tell(each)


def _tell(rule: Rule) -> None:
    console.tell(message("{id}. {title}", id=rule.id, title=rule.title))
    console.tell(message("    {why}", why=rule.why))
    console.tell(message("    {article}. Vu le {seen}.", article=rule.source, seen=rule.seen))
    if rule.since or rule.until:
        since, until = rule.since or message("toujours"), rule.until or message("nouvel ordre")
        console.tell(message("    En vigueur de {since} à {until}.", since=since, until=until))
