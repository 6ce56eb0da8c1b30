"""egide risk: from what an establishment is and does to what its incidents may cost, with what is not known said."""

import typer

from egide.cli.console import phrase
from egide.cli.risk_backtest import backtest
from egide.cli.risk_cost import cost
from egide.cli.risk_estimate import estimate
from egide.cli.risk_parameters import parameters


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help=phrase(
            "Chiffrer le risque d'un établissement : scénarios, euros, journées de soins, et ce qu'on en ignore."
        ),
        no_args_is_help=True,
    )
    group.command(
        "estimate",
        help=phrase(
            "Chiffrer un établissement : pertes brutes et conservées, journées de soins, ce qui compte le plus."
        ),
    )(estimate)
    group.command(
        "parameters",
        help=phrase("Lister tous les paramètres du modèle : valeur, intervalle, source, qualité de la preuve."),
    )(parameters)
    group.command(
        "cost",
        help=phrase("Consultation : chiffrer les incidents de chaque titulaire, et ce que vaut chaque clause."),
    )(cost)
    group.command(
        "backtest",
        help=phrase(
            "Confronter le modèle aux chiffres nationaux publiés : ce qu'il retrouve, ce qu'il manque et pourquoi."
        ),
    )(backtest)
    app.add_typer(group, name="risk")
