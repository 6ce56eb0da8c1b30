"""egide evaluate: the main job, from a tender folder to a ranking and a report."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from egide import report
from egide.cli import console
from egide.cli.console import phrase
from egide.desk.evaluation import evaluated, same_consultation
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.report import record
from egide.tender.evaluation import AWAITED, Evaluation, Row, Status
from egide.tender.history import View

"""What keeps a result provisional, said at once."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "evaluate",
        help=phrase(
            "Évaluer une consultation : classement justifié, rapport d'analyse des offres, matrice, evaluation.json."
        ),
    )(run)


def run(
    folder: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation (docs/formats.md)."))],
    out: Annotated[
        Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire le rapport, la matrice et evaluation.json."))
    ],
    seed: Annotated[int, typer.Option(help=phrase("Graine des tirages (sert aux parties qui simulent)."))] = 0,
    on: Annotated[
        str, typer.Option("--date", help=phrase("Date du rapport, aaaa-mm-jj ; par défaut la date limite."))
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=phrase("Écrire evaluation.json sur la sortie."))] = False,
) -> None:
    """Évaluer une consultation : classement justifié, rapport d'analyse des offres, matrice, evaluation.json."""
    evaluation, found = evaluated(folder, _last_view(folder, out))
    written_on = console.day(on) or evaluation.tender.deadline.date()
    files = report.write(evaluation, found, out, console.language(), written_on, seed)
    if as_json:
        typer.echo((out / report.JSON).read_text(encoding="utf-8"), nl=False)
    else:
        _conclude(evaluation, found, files)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(1)


def _last_view(folder: Path, out: Path) -> View | None:
    """Return how the ranking of this consultation was last seen in `out`, if it was: a mark changed since says why."""
    if not (out / report.JSON).exists():
        return None
    kept = record.load(out / report.JSON)
    same_consultation(kept.evaluation.tender, read_tender(folder).tender, report.JSON)
    return View(kept.date, kept.evaluation.marks, kept.evaluation.history)


def _conclude(evaluation: Evaluation, found: list[Finding], files: list[Path]) -> None:
    """Say the short result first; doubts are counted by tenderer, their detail is in the matrix."""
    for line in console.lines([finding for finding in found if finding.severity is Severity.ERROR]):
        console.tell(line)
    for tenderer, doubts in _doubts(found):
        console.tell(
            message("{count} doute(s) · {tenderer}", count=doubts, tenderer=tenderer or message("consultation"))
        )
    for path in files:
        console.tell(message("Écrit : {path}", path=path))
    if found:
        console.tell(message("Détail des constats : {path}, feuille « Constats ».", path=report.MATRIX))
    for row in evaluation.ranking:
        console.tell(_said(evaluation, row))
    if evaluation.status is Status.PROVISIONAL:
        for line in console.lines([finding for finding in found if finding.code in AWAITED]):
            console.tell(line)
        console.tell(
            message(
                "Résultat PROVISOIRE : il ne peut fonder une attribution ; pas de rapport tant que des notes ou décisions manquent."
            )
        )


def _doubts(found: list[Finding]) -> list[tuple[str, int]]:
    counts = Counter(finding.tenderer for finding in found if finding.severity is Severity.DOUBT)
    return sorted(counts.items())


def _said(evaluation: Evaluation, row: Row) -> Message:
    rank = message("{rank}e", rank=row.rank) if row.rank != 1 else message("1er")
    return message(
        "{lot} · {rank} · {name} · {total} / 100",
        lot=row.key.lot,
        rank=message("hors classement, pour information") if row.rank is None else rank,
        name=report.bid_name(evaluation.tender, row.key, console.language()),
        total=report.rounded(row.total),
    )
