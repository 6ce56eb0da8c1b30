"""egide risk backtest: the model tried against the published national figures, its misses first among what is told."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from egide.cli import console, table
from egide.cli.console import phrase
from egide.errors import UsageError
from egide.message import message

if TYPE_CHECKING:
    from egide.desk.backtest import Tried
    from egide.report.papers.typography import Setter
    from egide.risk.outcome import Line
    from egide.risk.published import Figure

MOST_DRAWS = 100_000
LEAST_DRAWS = 20
"""Under so many draws the ends of a 90 % interval are those of one draw."""

Draws = Annotated[int | None, typer.Option(help=phrase("Nombre de tirages des paramètres, 12 000 par défaut."))]
Seed = Annotated[int | None, typer.Option(help=phrase("Graine des tirages : même graine, mêmes chiffres."))]
Overlay = Annotated[
    Path | None, typer.Option(help=phrase("Fichier YAML d'hypothèses modifiées : « identifiant: valeur »."))
]
AsJson = Annotated[bool, typer.Option("--json", help=phrase("Écrire tous les chiffres sur la sortie, en JSON."))]


def backtest(draws: Draws = None, seed: Seed = None, overlay: Overlay = None, *, as_json: AsJson = False) -> None:
    """Confronter le modèle aux chiffres nationaux publiés."""
    if draws is not None and not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise UsageError(message("--draws : écrire un nombre de {least} à {most}", least=LEAST_DRAWS, most=MOST_DRAWS))
    from egide import reference  # noqa: PLC0415 (the model only where it serves)
    from egide.desk.backtest import data, tried  # noqa: PLC0415

    library = reference.risk_library()
    if overlay:
        from egide.exchange.risk_file import read_overlay  # noqa: PLC0415

        library = library.overridden(read_overlay(overlay), overlay.name)
    made = tried(library, draws=draws, seed=seed)
    if as_json:
        console.tell_machine(data(made, console.language()))
        return
    _tell(made)


def _tell(made: "Tried") -> None:
    from egide.report.papers.typography import Setter, plain_text  # noqa: PLC0415 (only where it serves)
    from egide.risk.published import Role  # noqa: PLC0415

    setter = Setter(console.language(), plain_text)
    say = setter.say
    console.tell(say(made.published.title))
    console.tell(
        message(
            "{inside} chiffres dans l'intervalle, {outside} hors · {draws} tirages, graine {seed} · empreinte {digest}",
            inside=len(made.outcome.lines) - len(made.outcome.missed),
            outside=len(made.outcome.missed),
            draws=made.outcome.draws,
            seed=str(made.outcome.seed),
            digest=made.outcome.library[:12],
        )
    )
    if made.departure:
        console.tell(made.departure)
    for each in made.overrides:
        console.tell(
            message("Modifié : {id} – {title} : {before} → {after}", id=each.id, title=each.title, before=each.before, after=each.after)
        )  # fmt: skip
    for role in (Role.HELD_OUT, Role.CALIBRATED):
        console.tell("\n" + say(role.said))
        _table([(figure, line) for figure, line in made.lines if figure.role is role], setter)
    _reasons(made, setter)


def _table(lines: "list[tuple[Figure, Line]]", setter: "Setter") -> None:
    from egide.report import backtest_words as words  # noqa: PLC0415 (only where it serves)

    heads = (message("Chiffre"), message("Année"), message("Verdict"), message("Publié"), message("Modèle"), message("Intervalle à 90 %"))  # fmt: skip
    rows = [
        [
            setter.say(figure.name),
            figure.year,
            setter.say(words.verdict(line)),
            words.published(setter, figure),
            words.modelled(setter, figure, line),
            words.interval(setter, figure, line),
        ]
        for figure, line in lines
    ]
    for row in table.lines([setter.say(each) for each in heads], rows, words=3):
        console.tell(row)


def _reasons(made: "Tried", setter: "Setter") -> None:
    from egide.report import backtest_words as words  # noqa: PLC0415 (only where it serves)

    say = setter.say
    console.tell("\n" + say(message("Échecs et faiblesses connues, et ce qu'on en sait")))
    for figure, line in made.lines:
        if line in made.outcome.missed or figure.miss.fr:
            told = message("{name}, {year} ({verdict}) : {why}", name=figure.name, year=figure.year, verdict=words.verdict(line), why=figure.miss)  # fmt: skip
            if not figure.miss.fr:
                told = message("{name}, {year} ({verdict}) : raison inconnue.", name=figure.name, year=figure.year, verdict=words.verdict(line))  # fmt: skip
            console.tell("  " + say(told))
    console.tell("\n" + say(message("Ce qui ne peut pas être éprouvé")))
    for untested in made.published.untested:
        console.tell("  " + say(message("{name} : {published}. {reason}", name=untested.name, published=untested.published, reason=untested.reason)))  # fmt: skip
    stress, found = made.published.stress, made.outcome.stressed_ransomware
    console.tell("\n" + say(stress.name))
    console.tell("  " + say(stress.says))
    console.tell(
        "  "
        + say(
            message(
                "Rançongiciels déclarés : {modelled} ({low} à {high}), publié {published}.",
                modelled=found.modelled.to_integral_value(),
                low=found.low.to_integral_value(),
                high=found.high.to_integral_value(),
                published=stress.published,
            )
        )
    )
