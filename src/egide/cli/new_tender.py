"""egide tender new: the first tender.yaml of a consultation, from its purchase."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from egide import reference
from egide.cli import console
from egide.cli.clausier import (
    DateOption,
    FacetOption,
    LevelOption,
    ProfileOption,
    ValueOption,
    described,
    write_text,
)
from egide.cli.console import phrase
from egide.desk.new_tender import begun
from egide.errors import DataError
from egide.exchange.tender_folder import FILE
from egide.message import message


def new(  # noqa: PLR0913, PLR0917 (each option is one thing that the buyer knows)
    folder: Annotated[Path, typer.Argument(help=phrase("Dossier à créer pour la consultation."))],
    title: Annotated[str, typer.Option(help=phrase("Intitulé de la consultation."))] = "",
    buyer: Annotated[str, typer.Option(help=phrase("Acheteur ; dans un GHT, l'établissement support."))] = "",
    siret: Annotated[str, typer.Option(help=phrase("SIRET de l'acheteur."))] = "",
    lot: Annotated[list[str], typer.Option(help=phrase("Intitulé d'un lot ; répéter pour chaque lot."))] = [],  # noqa: B006
    profile: ProfileOption = [],  # noqa: B006
    facet: FacetOption = [],  # noqa: B006
    value: ValueOption = "",
    on: DateOption = None,
    level: LevelOption = "",
) -> None:
    """Écrire le tender.yaml d'une nouvelle consultation, depuis l'achat : points, critères, lots, évaluateurs."""
    path = folder / FILE
    if path.exists():
        raise DataError(message("{path} existe déjà : rien n'a été écrit", path=path))
    sent = on.date() if on else date.today()  # noqa: DTZ011 (the day on the user's own calendar)
    purchase = described(reference.clausier(), profile, facet, value, on, level)
    language = console.language()
    made = begun(purchase, sent, language, title=title, buyer=buyer, siret=siret, lots=lot, estimate=value)
    write_text(path, made.text)
    console.tell(message("Écrit : {path} ({count} points du clausier, niveau {level})", path=path, count=len(made.selected.clausier.points), level=made.selected.selection.level.value))  # fmt: skip
    if made.unsaid:
        console.tell(
            message("Caractéristiques non dites, qui n'écartent donc aucun point ; les écrire dans purchase.facets :")
        )
        for each in made.unsaid:
            console.tell(
                message("  {facet} ({title}) : {values}", facet=each.id, title=each.title, values=tuple(each.values))
            )
    console.tell(message("Ensuite : compléter ce fichier, puis egide tender check, egide tender bench, egide clausier export --dce."))  # fmt: skip
