"""egide loss: what a year may cost, from the file of a loss study."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.cli.crew import Cluster, Workers, crew
from egide.cli.loss_options import AsJson, Budget, File, Png, Seed, Svg, Years, budgets, draw, tell_written
from egide.message import message

if TYPE_CHECKING:
    from egide.desk.loss import Studied
    from egide.report.pictures.picture import Picture

HELP = phrase(
    "Chiffrer ce que peut coûter une année : moyenne, VaR, TVaR, courbe de dépassement, part de chaque scénario."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("loss", help=HELP)(run)


def run(  # noqa: PLR0913 (each option is one choice of the person)
    file: File,
    years: Years = None,
    seed: Seed = 0,
    workers: Workers = None,
    cluster: Cluster = "",
    budget: Budget = None,
    svg: Svg = None,
    png: Png = None,
    *,
    stratified: Annotated[
        bool,
        typer.Option("--stratified", help=phrase("Répartir les tirages : erreurs plus petites pour le même temps.")),
    ] = False,
    exact: Annotated[
        bool, typer.Option(help=phrase("Calculer aussi, sans tirage, ce qui peut l'être, avec sa borne d'erreur."))
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Chiffrer ce que peut coûter une année."""
    from egide.desk.loss import cautions, studied, text  # noqa: PLC0415 (the simulation only where it serves)
    from egide.exchange.loss_file.study import read_file  # noqa: PLC0415

    amounts = budgets(budget)
    read = read_file(file)
    study = replace(read.study, budgets=tuple(dict.fromkeys((*read.study.budgets, *amounts))))
    with crew(workers, cluster) as executor:
        made = studied(
            study,
            years=years,
            seed=seed,
            executor=executor,
            stratified=stratified,
            with_exact=exact,
            progress=console.follow,
            language=console.language(),
        )
    files = draw(_picture(made), svg, png) if svg or png else []
    if as_json:
        typer.echo(text(made.data), nl=False)
        return
    _tell(made, (*read.findings, *cautions(study, made.simulation)))
    tell_written(files)


def _picture(made: "Studied") -> "Picture":
    """Return the curves of what a year costs, gross and retained."""
    from egide.cli.loss_tables import Figures  # noqa: PLC0415 (only where it serves)
    from egide.report.pictures.exceedance import exceedance_curve  # noqa: PLC0415
    from egide.report.pictures.of_loss import exceedance  # noqa: PLC0415
    from egide.report.pictures.picture import WIDE  # noqa: PLC0415

    figures, run = Figures(), made.simulation
    curves = [(figures.say(message("Perte brute")), run.gross)]
    if made.study.options:
        curves.append((figures.say(message("Perte conservée")), run.retained))
    subject = made.study.title or figures.say(message("étude de perte"))
    data = exceedance(subject, curves, made.study.currency, run.years)
    return exceedance_curve(data, figures.set, "loss", WIDE)


def _tell(made: "Studied", findings: Any) -> None:
    from egide.cli import loss_tables as tables  # noqa: PLC0415 (only where it serves)

    data, figures = made.data, tables.Figures()
    insured = bool(made.study.options)
    tables.heading(figures, data, findings)
    if insured:
        console.tell(message("Assurance comptée : {name}", name=figures.name(data["programme"])))
    tables.measures(figures, data, insured=insured)
    if data["exact"]:
        tables.exact(figures, data["exact"], insured=insured)
    tables.shares(figures, message("Scénario"), data["scenarios"], data, insured=insured)
    if len(data["risks"]) > 1:
        tables.shares(figures, message("Établissement ou risque"), data["risks"], data, insured=insured)
    tables.shares(figures, message("Poste de perte"), data["heads"], data, insured=insured)
    tables.layers(figures, data["layers"])
    tables.ending(figures)
