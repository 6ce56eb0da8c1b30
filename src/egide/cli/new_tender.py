"""egide tender new: the first tender.yaml of a consultation, from its purchase."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from egide import reference
from egide.cli import console
from egide.cli.clausier import (
    DateOption,
    FacetOption,
    LevelOption,
    ProfileOption,
    ValueOption,
    narrowed,
    selected,
    stated,
    write_text,
)
from egide.cli.console import phrase
from egide.deadline import next_open_day
from egide.errors import DataError
from egide.exchange.new_tender import Wish, written
from egide.message import message

DAYS = 35
"""Between sending and deadline: the thirty days of an open procedure by electronic means, and a margin of ours."""
FILE = "tender.yaml"


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
    facets, chosen = selected(reference.clausier(), profile, facet, value, on, level, [])
    own = {name: tuple(values) for name, values in stated(facet, value, on).items()}
    wish = Wish(
        title,
        buyer,
        sent,
        _deadline(sent),
        tuple(profile),
        own,
        level,
        tuple(lot),
        "formalised" in facets.get("value", ("formalised",)),
        siret,
        value,
    )
    clausier = narrowed(reference.clausier(), chosen)
    write_text(path, written(wish, clausier, facets, reference.vocabulary().roles, console.language()))
    console.tell(message("Écrit : {path} ({count} points du clausier, niveau {level})", path=path, count=len(clausier.points), level=chosen.level.value))  # fmt: skip
    unsaid = [each for each in reference.vocabulary().facets if each.id not in facets]
    if unsaid:
        console.tell(
            message("Caractéristiques non dites, qui n'écartent donc aucun point ; les écrire dans purchase.facets :")
        )
        for each in unsaid:
            console.tell(
                message("  {facet} ({title}) : {values}", facet=each.id, title=each.title, values=tuple(each.values))
            )
    console.tell(message("Ensuite : compléter ce fichier, puis egide tender check, egide tender bench, egide clausier export --dce."))  # fmt: skip


def _deadline(sent: date) -> datetime:
    day = next_open_day(sent + timedelta(days=DAYS))
    return datetime.combine(day, time(12), ZoneInfo("Europe/Paris"))
