"""egide tender: what is done with a consultation around its evaluation, before publication and after opening."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from egide import reference, report
from egide.cli import console
from egide.cli.console import phrase
from egide.cli.new_tender import new
from egide.cli.tender_rules import check, why
from egide.errors import DataError, UsageError
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.trial.law import Law, Span


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help=phrase("Préparer une consultation et en éprouver la méthode : avant publication, après ouverture."),
        no_args_is_help=True,
    )
    group.command(
        "new",
        help=phrase("Écrire le tender.yaml d'une nouvelle consultation, depuis l'achat : points, critères, lots."),
    )(new)
    group.command(
        "bench",
        help=phrase(
            "Avant publication : banc d'essai des critères, des poids et de la formule de prix, sur des offres simulées."
        ),
    )(bench)
    group.command(
        "robustness",
        help=phrase(
            "Après ouverture : note de robustesse interne, avec la seule méthode publiée ; jamais jointe au rapport."
        ),
    )(robust)
    group.command(
        "check",
        help=phrase("Avant publication : critères, seuils, lots, maximum, délais, selon les règles du jour d'envoi."),
    )(check)
    group.command(
        "why", help=phrase("Pourquoi une règle existe : son texte, son article, le jour où il a été vu, ses dates.")
    )(why)
    app.add_typer(group, name="tender")


Folder = Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation (docs/formats.md)."))]
Out = Annotated[Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire les documents."))]
Seed = Annotated[int, typer.Option(help=phrase("Graine des tirages : même graine, mêmes fichiers."))]
On = Annotated[str, typer.Option("--date", help=phrase("Date du document, aaaa-mm-jj."))]
AsJson = Annotated[bool, typer.Option("--json", help=phrase("Écrire aussi les chiffres sur la sortie."))]


def bench(  # noqa: PLR0913, PLR0917 (each option is one assumption)
    folder: Folder,
    out: Out,
    seed: Seed = 0,
    tenders: Annotated[int, typer.Option(help=phrase("Nombre de consultations simulées."))] = 20_000,
    bids: Annotated[int, typer.Option(help=phrase("Nombre d'offres par consultation."))] = 4,
    low: Annotated[str, typer.Option(help=phrase("Prix le plus bas ; seuls les rapports de prix comptent."))] = "80",
    high: Annotated[str, typer.Option(help=phrase("Prix le plus haut."))] = "160",
    spread: Annotated[
        str, typer.Option(help=phrase("Prix lognormaux : écart type du logarithme (0.1 : environ 10 %)."))
    ] = "",
    estimate: Annotated[str, typer.Option(help=phrase("Prix médian, avec --spread."))] = "100",
    notes: Annotated[
        list[str] | None,
        typer.Option(help=phrase("Notes, en % de l'échelle : 40:95, ou critère=40:95, ou critère.sous-critère=40:95.")),
    ] = None,
    cohesion: Annotated[str, typer.Option(help=phrase("Corrélation entre les notes d'une offre, de 0 à 1."))] = "0.5",
    correlation: Annotated[
        str, typer.Option(help=phrase("Corrélation du prix avec la qualité de l'offre, de -1 à 1."))
    ] = "0",
    on: On = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Avant publication : banc d'essai des critères, des poids et de la formule de prix, sur des offres simulées."""
    from egide.desk.bench import tried  # noqa: PLC0415 (the simulation only where it serves)

    read = _spans(notes or [])
    law = Law(
        tenders,
        bids,
        _number("--low", low),
        _number("--high", high),
        _number("--spread", spread) if spread else None,
        _number("--estimate", estimate),
        read.pop("", Law().notes),
        read,
        _number("--cohesion", cohesion),
        _number("--correlation", correlation),
    )
    top = read_tender(folder)
    clausier, rules = reference.load(top.tender, top.enclosed)
    language, written_on = console.language(), console.day(on) or top.tender.sent_on
    made = tried(top.tender, clausier, rules, law, language=language, on=written_on, seed=seed, progress=console.follow)
    _told(report.place(made.files, out), as_json=as_json)
    if not as_json:
        console.tell(made.verdict)
        for line in console.lines(made.findings):
            console.tell(line)
    if any(finding.severity is Severity.ERROR for finding in made.findings):
        raise typer.Exit(1)


def robust(
    source: Annotated[Path, typer.Argument(help=phrase("Dossier de la consultation, ou son evaluation.json."))],
    out: Out,
    seed: Seed = 0,
    draws: Annotated[int, typer.Option(help=phrase("Nombre de tirages sur les notes."))] = 2000,
    slip: Annotated[
        str, typer.Option(help=phrase("Probabilité qu'un niveau retenu soit d'un niveau trop haut ou trop bas."))
    ] = "0.10",
    spread: Annotated[str, typer.Option(help=phrase("Écart possible d'une note, en part de l'échelle."))] = "0.05",
    on: On = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Après ouverture : note de robustesse interne, avec la seule méthode publiée ; jamais jointe au rapport."""
    from egide.desk.evaluation import evaluated  # noqa: PLC0415 (the simulation only where it serves)
    from egide.desk.robustness import noted  # noqa: PLC0415
    from egide.report import record  # noqa: PLC0415
    from egide.tender.trial.robustness import Doubt  # noqa: PLC0415

    _apart(out)
    evaluation = evaluated(source)[0] if source.is_dir() else record.load(source).evaluation
    doubt = Doubt(draws, _number("--slip", slip), _number("--spread", spread))
    language, written_on = console.language(), console.day(on) or evaluation.tender.deadline.date()
    made = noted(evaluation, doubt, language=language, on=written_on, seed=seed, progress=console.follow)
    _told(report.place(made.files, out), as_json=as_json)
    if not as_json:
        for said in made.short:
            console.tell(said)


def _apart(out: Path) -> None:
    """Refuse a folder that holds the analysis report: what is internal is never filed with what is communicated."""
    if (out / report.RAO).exists():
        found = Finding(
            "robustness.not_apart",
            Severity.ERROR,
            message("ce dossier contient le rapport d'analyse des offres : la note de robustesse est interne et ne s'y joint pas"),
            message("Choisir un autre dossier, par exemple un dossier « interne »."),
            str(out),
            read=report.RAO,
        )  # fmt: skip
        raise DataError(message("la note de robustesse n'a pas été écrite"), (found,))


def _told(files: list[Path], *, as_json: bool) -> None:
    """Say what was written, or the figures: the file for machines among them."""
    if as_json:
        typer.echo(next(path for path in files if path.suffix == ".json").read_text(encoding="utf-8"), nl=False)
        return
    for path in files:
        console.tell(message("Écrit : {path}", path=path))


def _number(option: str, written: str) -> Decimal:
    """Return the number of an option. Raises UsageError."""
    try:
        number = Decimal(written.replace(",", "."))
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite():
        raise UsageError(message("{option} {written} : écrire un nombre", option=option, written=written))
    return number


def _spans(written: list[str]) -> dict[str, Span]:
    """Return the laws of notes by criterion, "" for all. Raises UsageError."""
    spans = {}
    for each in written:
        name, _, bounds = each.rpartition("=")
        low, colon, high = bounds.partition(":")
        if not colon:
            raise UsageError(message("--notes {written} : écrire 40:95 ou critère=40:95", written=each))
        spans[name] = Span(_number("--notes", low), _number("--notes", high))
    return spans
