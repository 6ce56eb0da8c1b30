"""egide bids: what came in, before anything is marked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from egide import plain, reference, report
from egide.cli import console
from egide.cli.console import phrase
from egide.exchange.bids import read_bids
from egide.exchange.deposits.gathered import State
from egide.exchange.deposits.intake import Imported, import_deposits
from egide.exchange.deposits.intake_report import file_of
from egide.exchange.tender_folder import TENDERERS, read_tender
from egide.finding import Finding, Severity
from egide.message import message
from egide.report import record
from egide.tender.procedure.candidacies import looked_at

group = typer.Typer(help=phrase("Offres reçues."), no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="bids")


@group.callback()
def _group() -> None:
    """Offres reçues."""


@group.command(
    "import",
    help=phrase(
        "Ranger ce que le profil d'acheteur a donné (dossier ou ZIP des plis ouverts) dans un dossier de consultation : "
        "soumissionnaires, lots, variantes, tours ; plis tardifs gardés fermés. Rien n'est écrasé."
    ),
)
def bring_in(
    source: Annotated[Path, typer.Argument(help=phrase("Dossier ou ZIP des plis, tel que téléchargé."))],
    folder: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation (docs/formats.md)."))],
    register: Annotated[
        Path | None, typer.Option(help=phrase("Registre des dépôts (XLSX, ODS, CSV) ; par défaut celui des plis."))
    ] = None,
    number: Annotated[int, typer.Option("--round", help=phrase("Tour auquel ces plis répondent."))] = 1,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=phrase("Dire ce qui serait fait, sans rien écrire."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=phrase("Compte rendu et constats en JSON."))] = False,
) -> None:
    """Ranger ce que le profil d'acheteur a donné dans un dossier de consultation."""
    top = read_tender(folder)
    done = import_deposits(source, folder, top.tender, register, number, dry_run=dry_run)
    tender = replace(top.tender, tenderers=done.tenderers)
    found = [
        *done.findings,
        *looked_at(tender, reference.certificates(), top.tenderers_in if top.tender.tenderers else TENDERERS),
    ]
    if as_json:
        told = {"new": done.new, "written": done.new and not dry_run, "report": plain.unstructure(done.report)}
        console.tell_machine({**told, "findings": record.findings(found, console.language())})
    else:
        _conclude(done, found, dry_run=dry_run)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


def _conclude(done: Imported, found: Sequence[Finding], *, dry_run: bool) -> None:
    for line in console.lines(found):
        console.tell(line)
    if not done.new:
        console.tell(message("Ces plis ont déjà été importés : rien n'a été changé."))
        return
    for each in done.report.deposits:
        console.tell(
            message(
                "pli {number} · {name} · {state} · {lots} · {count} fichier(s)",
                number=each.number or "-",
                name=each.name,
                state=STATES[State(each.state)],
                lots=each.lots or "-",
                count=len(each.files),
            )
        )
    console.tell(console.count(found))
    if dry_run:
        console.tell(message("Essai : rien n'a été écrit."))
    else:
        console.tell(message("Écrit : {path}", path=file_of(done.report.round)))


STATES = {
    State.IMPORTED: message("rangé"),
    State.SUPERSEDED: message("remplacé par un envoi postérieur, gardé à part"),
    State.LATE: message("hors délai, gardé fermé"),
    State.SAFETY_COPY: message("copie de sauvegarde, gardée fermée"),
    State.UNKNOWN_TENDERER: message("déposant inconnu, gardé à part"),
    State.EMPTY: message("dossier vide"),
    State.ABSENT: message("au registre, sans dossier"),
}


@group.command(
    "doubts", help=phrase("Écrire, pour chaque soumissionnaire, la page des doutes de lecture à lui envoyer.")
)
def doubts(
    folder: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation."))],
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire une page par soumissionnaire."))],
    on: Annotated[
        str, typer.Option("--date", help=phrase("Date de la demande, aaaa-mm-jj ; par défaut la date limite."))
    ] = "",
) -> None:
    """Écrire, pour chaque soumissionnaire, la page des doutes de lecture à lui envoyer."""
    top = read_tender(folder)
    clausier, _ = reference.load(top.tender, top.enclosed)
    _, found = read_bids(folder, top.tender, clausier)
    found += looked_at(top.tender, reference.certificates(), top.tenderers_in)
    day: date = console.day(on) or top.tender.deadline.date()
    for path in report.write_precisions(found, top.tender, out, console.language(), day):
        console.tell(message("Écrit : {path}", path=path))
    console.tell(console.count(found))
