"""egide risk parameters: every number of the model with its interval, its source and how sure it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from egide.cli import console, table
from egide.cli.console import phrase
from egide.message import message

if TYPE_CHECKING:
    from egide.risk.library import Library

Overlay = Annotated[
    Path | None,
    typer.Option("--overlay", help=phrase("Fichier YAML d'hypothèses modifiées : « identifiant: valeur ».")),
]
AsJson = Annotated[bool, typer.Option("--json", help=phrase("Écrire tous les paramètres sur la sortie, en JSON."))]


def parameters(overlay: Overlay = None, *, as_json: AsJson = False) -> None:
    """Lister tous les paramètres du modèle."""
    from egide import reference  # noqa: PLC0415 (the library only where it serves)
    from egide.exchange.risk_file import read_overlay  # noqa: PLC0415
    from egide.report.papers.typography import Setter, plain_text  # noqa: PLC0415

    library = reference.risk_library()
    if overlay:
        library = library.overridden(read_overlay(overlay), overlay.name)
    if as_json:
        _tell_machine(library)
        return
    console.tell(
        message(
            "{count} paramètres · empreinte {digest} · signe * : de mémoire (M) ou hypothèse (A), à vérifier",
            count=len(library.parameters),
            digest=library.digest[:12],
        )
    )
    for each in library.overrides:
        console.tell(
            message("Modifié : {id} – {title} : {before} → {after}", id=each.id, title=each.title, before=each.before, after=each.after)
        )  # fmt: skip
    say = Setter(console.language(), plain_text).say
    head = (message("Identifiant"), message("Paramètre"), message("Valeur [intervalle]"), message("Preuve"), message("Source"))  # fmt: skip
    rows = [
        [
            name,
            say(each.title),
            f"{each.written} {each.unit}",
            each.grade.value + ("*" if each.grade.marked else ""),
            say(each.source),
        ]
        for name, each in library.parameters.items()
    ]
    console.tell("")
    for line in table.lines([say(one) for one in head], rows, words=5):
        console.tell(line)


def _tell_machine(library: "Library") -> None:
    from egide import plain  # noqa: PLC0415

    before = {each.id: each.before for each in library.overrides}
    rows = [
        {**plain.unstructure(each), "marked": each.grade.marked, "before": before.get(name)}
        for name, each in library.parameters.items()
    ]
    console.tell_machine({"format": 1, "digest": library.digest, "parameters": rows})
