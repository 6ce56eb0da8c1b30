"""egide risk estimate: what the incidents of an establishment may cost, from its file."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.cli.crew import Workers, crew
from egide.cli.loss_options import AsJson, draw, tell_written
from egide.errors import UsageError
from egide.message import Message, message

if TYPE_CHECKING:
    from egide.desk.risk import Estimated, Ready
    from egide.report.papers.typography import Setter
    from egide.risk.estimate import Estimate
    from egide.risk.law import Law

File = Annotated[Path, typer.Argument(help=phrase("Établissement, en YAML (docs/formats.md)."))]
Years = Annotated[
    int | None,
    typer.Option(help=phrase("Années simulées de chaque tirage ; par défaut celles du fichier, sinon 50 000.")),
]
Draws = Annotated[
    int | None, typer.Option(help=phrase("Tirages des paramètres ; par défaut ceux du fichier, sinon 200."))
]
Seed = Annotated[int | None, typer.Option(help=phrase("Graine des tirages : même graine, mêmes chiffres."))]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", help=phrase("Dossier où écrire la courbe (SVG et PNG) et tous les chiffres (JSON).")),
]
FIGURES_FILE = "estimation.json"
NAMED = 2
"""Changed assumptions that are named in the picture; beyond, their number is told, and they stand in the figures."""


def estimate(
    file: File,
    years: Years = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Chiffrer un établissement."""
    from egide.desk import risk  # noqa: PLC0415 (the simulation only where it serves)
    from egide.desk.loss import text  # noqa: PLC0415

    today = date.today()  # noqa: DTZ011 (the user's own calendar)
    ready = _asked(risk.read(file, today), years, draws, seed)
    with crew(workers, "") as executor:
        made = risk.estimated(ready, executor=executor, progress=console.follow)
    written = text(risk.data(made, console.language()))
    files = _written(made, written, out) if out else []
    if as_json:
        typer.echo(written, nl=False)
        return
    from egide.cli import risk_tables  # noqa: PLC0415

    risk_tables.tell(made)
    tell_written(files)


def _asked(ready: "Ready", years: int | None, draws: int | None, seed: int | None) -> "Ready":
    """Return what is asked with the options of the command. Raises UsageError."""
    from egide.exchange import risk_file as bounds  # noqa: PLC0415
    from egide.loss.simulation import FEWEST_YEARS  # noqa: PLC0415

    given = {
        "years": _within("--years", years, FEWEST_YEARS, bounds.MOST_YEARS),
        "draws": _within("--draws", draws, bounds.FEWEST_DRAWS, bounds.MOST_DRAWS),
        "seed": _within("--seed", seed, 0, bounds.MOST_SEED),
    }
    return replace(ready, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def _within(option: str, value: int | None, least: int, most: int) -> int | None:
    if value is None or least <= value <= most:
        return value
    said = message("{option} {value} : écrire un nombre entier de {least} à {most}", option=option, value=value, least=least, most=most)  # fmt: skip
    raise UsageError(said)


def _written(made: "Estimated", text: str, out: Path) -> list[Path]:
    """Write the curve and the figures in a folder, and return the files."""
    from egide.report.papers.typography import Setter, plain_text  # noqa: PLC0415
    from egide.report.pictures.exceedance import Exceedance, Line, Reading, exceedance_curve  # noqa: PLC0415
    from egide.report.pictures.picture import WIDE  # noqa: PLC0415

    setter = Setter(console.language(), plain_text)

    def line(name: Message, law: "Law") -> Line:
        points = tuple(Reading(each.probability, each.across.value, 0.0, (each.across.low, each.across.high)) for each in law.curve)  # fmt: skip
        return Line(setter.say(name), points)

    laws = [line(message("Perte brute"), made.estimate.gross)]
    if made.estimate.retained:
        laws.append(line(message("Perte conservée"), made.estimate.retained))
    subject = made.ready.title or setter.say(message("établissement"))
    figures = 1 if made.estimate.order_of_magnitude else 2
    shown = Exceedance(subject, tuple(laws), figures=figures, notes=_notes(made.estimate, setter))
    picture = exceedance_curve(shown, setter, "risk", WIDE)
    out.mkdir(parents=True, exist_ok=True)
    (out / FIGURES_FILE).write_text(text, encoding="utf-8")
    return [*draw(picture, out / "courbe.svg", out / "courbe.png"), out / FIGURES_FILE]


def _notes(made: "Estimate", setter: "Setter") -> tuple[str, ...]:
    """Return what must be read with the curve, wherever the picture goes: how little is known, what was changed."""
    from egide.report.risk_words import replaced  # noqa: PLC0415

    notes = []
    if made.order_of_magnitude:
        notes.append(message("Ordre de grandeur : un seul chiffre est significatif."))
    if made.overrides:
        notes.append(message("Hypothèses modifiées : {count} (liste dans {file})", count=len(made.overrides), file=FIGURES_FILE))  # fmt: skip
    if len(made.overrides) <= NAMED:
        for each in made.overrides:
            values = replaced(each.before, each.after, setter)
            notes.append(message("{what} : {value}", what=each.title, value=values))
    return tuple(map(setter.say, notes))
