"""egide insurance: what the programmes of a loss study pay, leave and are worth."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.cli.crew import Cluster, Workers, crew
from egide.cli.loss_options import AsJson, Budget, File, Png, Seed, Svg, Years, budgets, draw, tell_written
from egide.errors import UsageError
from egide.message import Message, message

TAIL = "0.99"
"""The level at which the worst years are compared."""

if TYPE_CHECKING:
    from egide.cli.loss_tables import Figures
    from egide.desk.insurance import Insured
    from egide.report.pictures.picture import Picture

HELP = phrase(
    "Comparer des programmes d'assurance sur les mêmes années : ce que chacun paie et laisse, prime technique, assureurs."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("insurance", help=HELP)(run)


def run(  # noqa: PLR0913 (each option is one choice of the person)
    file: File,
    years: Years = None,
    seed: Seed = 0,
    workers: Workers = None,
    cluster: Cluster = "",
    budget: Budget = None,
    svg: Svg = None,
    png: Png = None,
    tower: Annotated[
        Path | None, typer.Option(help=phrase("Dessiner le premier programme en tour, dans ce fichier .svg ou .png."))
    ] = None,
    *,
    stratified: Annotated[
        bool,
        typer.Option(help=phrase("Répartir les tirages : erreurs plus petites, surtout celles des écarts.")),
    ] = True,
    exact: Annotated[
        bool, typer.Option(help=phrase("Calculer aussi, sans tirage, ce qui peut l'être, avec sa borne d'erreur."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Comparer des programmes d'assurance sur les mêmes années."""
    from egide.desk.insurance import insured  # noqa: PLC0415 (the simulation only where it serves)
    from egide.desk.loss import cautions, text  # noqa: PLC0415
    from egide.exchange.loss_file.study import read_file  # noqa: PLC0415

    if tower and tower.suffix not in {".svg", ".png"}:
        raise UsageError(message("--tower {path} : le nom finit par .svg ou .png", path=tower))
    amounts = budgets(budget)
    read = read_file(file)
    study = replace(read.study, budgets=tuple(dict.fromkeys((*read.study.budgets, *amounts))))
    with crew(workers, cluster) as executor:
        made = insured(
            study,
            years=years,
            seed=seed,
            executor=executor,
            stratified=stratified,
            with_exact=exact,
            progress=console.follow,
            language=console.language(),
        )
    files = draw(_curves(made), svg, png) if svg or png else []
    if tower and (drawn := _tower(made)):
        files += draw(drawn, *((tower, None) if tower.suffix == ".svg" else (None, tower)))
    if as_json:
        typer.echo(text(made.data), nl=False)
        return
    _tell(made, (*read.findings, *cautions(study, made.ways[0].run)))
    tell_written(files)


# ----------------------------------------------------------------------------------------------------------- pictures
def _curves(made: "Insured") -> "Picture":
    """Return the curves of what each way to be insured leaves to pay."""
    from egide.cli.loss_tables import Figures  # noqa: PLC0415 (only where it serves)
    from egide.report.pictures.exceedance import exceedance_curve  # noqa: PLC0415
    from egide.report.pictures.of_loss import exceedance  # noqa: PLC0415
    from egide.report.pictures.picture import WIDE  # noqa: PLC0415

    figures = Figures()
    curves = [(figures.name(way.option.name), way.run.retained) for way in made.ways]
    subject = figures.say(message("perte conservée"))
    data = exceedance(subject, curves, made.study.currency, made.ways[0].run.years)
    return exceedance_curve(data, figures.set, "insurance", WIDE)


def _tower(made: "Insured") -> "Picture | None":
    """Return the first programme as a tower, None when there is none."""
    from egide.cli.loss_tables import Figures  # noqa: PLC0415 (only where it serves)
    from egide.report.pictures.of_loss import tower  # noqa: PLC0415
    from egide.report.pictures.picture import WIDE  # noqa: PLC0415
    from egide.report.pictures.tower import insurance_tower  # noqa: PLC0415

    figures = Figures()
    programmes = [each for way in made.ways for each in way.option.programmes]
    if not programmes:
        return None
    return insurance_tower(tower(programmes[0], figures.set, made.study.currency), figures.set, "tower", WIDE)


# ------------------------------------------------------------------------------------------------------------- tables
def _tell(made: "Insured", findings: Any) -> None:
    from egide.cli import loss_tables as tables  # noqa: PLC0415 (only where it serves)

    figures = tables.Figures()
    tables.heading(figures, made.data, findings)
    _comparison(figures, made.data)
    for way, option in zip(made.ways, made.data["options"], strict=True):
        if way.option.programmes:
            _way(figures, option, detailed=way is made.ways[0])
    tables.ending(figures)
    loading = made.study.loading
    said = message(
        "Primes techniques, sans frais ni taxes : pure (moyenne cédée) ; par écart type ({deviation} écart type en plus) ; par la queue ({capital} de ce que la TVaR {level} ajoute à la moyenne). Ce sont des repères, jamais le prix d'un assureur.",
        deviation=figures.set.number(Decimal(str(loading.deviation)), None),
        capital=figures.percent(loading.capital, None),
        level=figures.percent(loading.level, None),
    )
    console.tell(figures.say(said))


def _way(figures: "Figures", option: Any, *, detailed: bool) -> None:
    """Print what one way to be insured pays and leaves; scenario by scenario when `detailed`."""
    from egide.cli import loss_tables as tables  # noqa: PLC0415 (only where it serves)

    console.tell("")
    console.tell(f"== {figures.name(option['name'])} ==")
    tables.measures(figures, option, insured=True)
    if option["exact"]:
        tables.exact(figures, option["exact"], insured=True)
    tables.shares(figures, message("Poste de perte"), option["heads"], option, insured=True)
    if detailed:
        tables.shares(figures, message("Scénario"), option["scenarios"], option, insured=True)
    if len(option["risks"]) > 1:
        tables.shares(figures, message("Établissement ou risque"), option["risks"], option, insured=True)
    _premiums(figures, option)
    _insurers(figures, option)


def _comparison(figures: "Figures", data: Any) -> None:
    """Print the ways to be insured beside each other, then by how much each differs from the first."""
    if len(data["comparison"]) > 1:
        first = figures.name(data["comparison"][0]["name"])
        _beside(figures, message("Façon de s'assurer"), data["comparison"])
        _beside(figures, message("Écart avec « {name} »", name=first), data["differences"])


def _beside(figures: "Figures", what: Message, rows: Any) -> None:
    head = [what, message("Conservée"), message("Pire 1 % conservé"), message("Prime"), message("Conservée et prime")]
    cells = [
        [
            figures.name(row["name"]),
            figures.told(row["retained"]["mean"]),
            figures.told(row["retained"]["tvar"][TAIL]),
            figures.told(row["paid"]),
            figures.told(row["worth"]["mean"]),
        ]
        for row in rows
    ]
    figures.show(head, cells)


def _premiums(figures: "Figures", option: Any) -> None:
    """Print the indications of premium of each contract and of each layer."""
    head = [message("Contrat"), message("Tranche"), message("Prime pure"), message("Par écart type"), message("Par la queue"), message("Taux sur ligne")]  # fmt: skip
    several = len(option["layer_premiums"]) > len(option["contracts"])
    made = [(each, each["name"], "—") for each in option["contracts"]]
    made += [(each, each["programme"], figures.name(each["name"])) for each in option["layer_premiums"] if several]
    cells = [
        [
            figures.name(contract),
            layer,
            *(figures.told(each[key]) for key in ("expected", "by_deviation", "by_tail")),
            figures.percent(each["rate_on_line"]["value"], 2) if each["rate_on_line"] else "—",
        ]
        for each, contract, layer in made
    ]
    figures.show(head, cells, words=2)


def _insurers(figures: "Figures", option: Any) -> None:
    """Print what each insurer carries of each layer, and pays in a year."""
    cells = [
        [each["name"], figures.name(each["layer"]), figures.percent(each["share"], None), figures.told(each["ceded"])]
        for each in option["insurers"]
    ]
    figures.show([message("Assureur"), message("Tranche"), message("Part"), message("Moyenne payée")], cells, words=2)
