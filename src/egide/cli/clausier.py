"""egide clausier: read, narrow, export, import and check a clausier."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from egide import plain, reference
from egide.clausier.difference import difference
from egide.clausier.model import Clausier, Depth, Point
from egide.clausier.purchase import Vocabulary
from egide.cli import console
from egide.cli import difference as difference_page
from egide.cli.console import phrase
from egide.desk import clausier_files, clausiers, purchase
from egide.errors import UsageError
from egide.exchange.clausiers import export as clausier_export
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.locale import point_text, say
from egide.message import Message, Text, message
from egide.report import record
from egide.tender.model import Purchase
from egide.tender.procedure.publication import wording

group = typer.Typer(help=phrase("Clausier : lire, choisir, exporter, importer, contrôler."), no_args_is_help=True)

ClausierOption = Annotated[
    str,
    typer.Option("--clausier", help=phrase("Identifiant ou fichier du clausier (JSON, ou tout format importable).")),
]
JsonOption = Annotated[bool, typer.Option("--json", help=phrase("Sortie pour un programme."))]
ProfileOption = Annotated[list[str], typer.Option("--profile", help=phrase("Profil d'achat ; plusieurs se combinent."))]
FacetOption = Annotated[
    list[str], typer.Option("--facet", help=phrase("Caractéristique de l'achat, nom=valeur ; plusieurs possibles."))
]
ValueOption = Annotated[str, typer.Option("--value", help=phrase("Montant estimé en euros hors taxes."))]
DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help=phrase("Date d'envoi à la publication : décide des seuils.")),
]
LevelOption = Annotated[
    str,
    typer.Option(
        "--level", help=phrase("essentiel, standard ou renforce, à la place du niveau qui découle de l'achat.")
    ),
]
CoveredOption = Annotated[
    list[str], typer.Option("--covered", help=phrase("Point déjà fixé par l'accord-cadre ; plusieurs possibles."))
]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="clausier")


@group.callback()
def _group() -> None:
    """Clausier : lire, choisir, exporter, importer, contrôler."""


# ---------------------------------------------------------------------------------------------------------------- show
@group.command("show", help=phrase("Lister les thèmes et les points, ou montrer un point en entier."))
def show(
    point: Annotated[
        str, typer.Argument(help=phrase("Identifiant d'un point (EG-066 ou O-x.y) ; sans lui, la liste."))
    ] = "",
    clausier: ClausierOption = "egide",
    *,
    as_json: JsonOption = False,
) -> None:
    """Lister les thèmes et les points, ou montrer un point en entier."""
    known, _ = opened(clausier)
    if point:
        _show_point(known, _named(known, point), as_json=as_json)
    elif as_json:
        console.tell_machine(plain.unstructure(known))
    else:
        _show_all(known)


def _named(clausier: Clausier, wanted: str) -> Point:
    folded = wanted.strip().casefold()
    for each in clausier.points.values():
        if folded == each.id.casefold() or folded in {xref.casefold() for xref in each.xref}:
            return each
    raise UsageError(message("{point} : ce point n'est pas dans le clausier {id}", point=wanted, id=clausier.id))


def _show_all(clausier: Clausier) -> None:
    said = message(
        "{title}, version {version} : {count} points",
        title=clausier.title,
        version=clausier.version,
        count=len(clausier.points),
    )
    console.tell(said)
    for theme in clausier.themes:
        console.tell("")
        console.tell(f"{theme.id}  {theme.title.say(console.language())} ({len(theme.points)})")
        for point in theme.points:
            xref = f" [{', '.join(point.xref)}]" if point.xref else ""
            console.tell(f"  {point.id}{xref}  {_title(point)}")


def _title(point: Point) -> str:
    written = point.title.say(console.language()) or " ".join(point.wording(console.language()).split())
    return written if len(written) <= 110 else written[:109] + "…"


def _show_point(clausier: Clausier, point: Point, *, as_json: bool) -> None:
    if as_json:
        known = {"theme": clausier.theme_of[point.id].id, "digest": point.wording_digest}
        console.tell_machine(
            {**plain.unstructure(point), **known, "wording": {"fr": point.wording("fr"), "en": point.wording("en")}}
        )
        return
    theme = clausier.theme_of[point.id]
    console.tell(f"{point.id}  {point.title.say(console.language())}")
    console.tell(f"{theme.id}  {theme.title.say(console.language())}")
    for title, text in _sections(point):
        if text:
            console.tell("")
            console.tell(title)
            console.tell("\n".join(f"  {line}" for line in text.splitlines()))


def _sections(point: Point) -> Iterable[tuple[Message, str]]:
    language = console.language()
    yield message("Exigence"), point.wording(language)
    yield message("Références croisées"), ", ".join(point.xref)
    yield (
        message("Usage et poids"),
        say(
            message(
                "{use}, poids {weight}, niveau {level} ; sans réponse : {blank}",
                use=_word(point.award_use),
                weight=point.weight,
                level=_word(point.level),
                blank=_word(point.if_blank),
            ),
            language,
        ),
    )
    yield message("Niveaux"), point_text.levels(point, language)
    yield message("Preuves attendues"), point_text.proofs(point, language, reference.vocabulary().roles)
    yield message("Comment le montrer"), point.say(point.how_to_prove, language)
    yield message("Pourquoi"), point.say(point.why, language)
    yield message("Suivi du contrat"), point.say(point.binding.follow_up, language) if point.binding else ""
    yield message("Pénalité possible"), point.say(point.binding.penalty_hint, language) if point.binding else ""
    yield message("Famille de mesures"), point_text.family(point, language)
    yield message("Références"), point_text.references(point, language)


def _word(value: StrEnum) -> str:
    return point_text.word(value, console.language())


# -------------------------------------------------------------------------------------------------------------- select
@group.command("select", help=phrase("Choisir les points d'un achat ; chaque point gardé ou écarté dit pourquoi."))
def choose(
    profile: ProfileOption = [],  # noqa: B006 (typer wants a list and never changes it)
    facet: FacetOption = [],  # noqa: B006
    value: ValueOption = "",
    on: DateOption = None,
    level: LevelOption = "",
    covered: CoveredOption = [],  # noqa: B006
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=phrase("Fichier JSON du clausier réduit aux points gardés."))
    ] = None,
    clausier: ClausierOption = "egide",
    *,
    as_json: JsonOption = False,
) -> None:
    """Choisir les points d'un achat ; chaque point gardé ou écarté dit pourquoi."""
    known, _ = opened(clausier)
    made = purchase.selected(known, described(known, profile, facet, value, on, level, covered))
    chosen = made.selection
    if output is not None:
        write_text(output, clausier_export.as_json(made.clausier))
    if as_json:
        console.tell_machine(purchase.as_data(known, made, console.language()))
        return
    console.tell(message("Niveau {level} : {why}", level=chosen.level.value, why=chosen.level_reason))
    for each in chosen.choices:
        sign = "+" if each.kept else "-"
        console.tell(
            f"{sign} {each.point}  {_title(known.points[each.point])} — {say(each.reason, console.language())}"
        )
    dropped = len(chosen.choices) - len(chosen.kept)
    console.tell(
        message(
            "{kept} points gardés, {dropped} écartés, niveau {level}",
            kept=len(chosen.kept),
            dropped=dropped,
            level=chosen.level.value,
        )
    )
    if output is not None:
        console.tell(message("Écrit : {path}", path=output))


def described(
    clausier: Clausier,
    profiles: list[str],
    facets: list[str],
    value: str,
    on: datetime | None,
    level: str,
    covered: Iterable[str] = (),
) -> Purchase:
    """Return the purchase that the options describe. Raises UsageError for what is not known."""
    vocabulary = reference.vocabulary()
    for each in profiles:
        _known_profile(each, vocabulary)
    own = _facets(facets, vocabulary)
    if value:
        own["value"] = [value_band(value, on.date() if on else date.today())]  # noqa: DTZ011 (the day on the user's own calendar)
    stated = {name: tuple(values) for name, values in own.items()}
    return Purchase(stated, tuple(profiles), _level(level), tuple(_covered(covered, clausier)))


def _known_profile(name: str, vocabulary: Vocabulary) -> None:
    if name not in vocabulary.profile:
        raise UsageError(
            message("profil d'achat inconnu : {name} (possibles : {names})", name=name, names=tuple(vocabulary.profile))
        )


def _facets(given: list[str], vocabulary: Vocabulary) -> dict[str, list[str]]:
    stated: dict[str, list[str]] = {}
    for each in given:
        name, _, values = each.partition("=")
        possible = vocabulary.values.get(name.strip())
        if possible is None:
            raise UsageError(
                message(
                    "caractéristique inconnue : {name} (possibles : {names})", name=name, names=tuple(vocabulary.values)
                )
            )
        for value in values.split(","):
            if value.strip() not in possible:
                raise UsageError(
                    message("valeur inconnue : {value} (possibles : {names})", value=each, names=tuple(possible))
                )
            stated.setdefault(name.strip(), []).append(value.strip())
    return stated


def _level(name: str) -> Depth | None:
    if name and name not in set(Depth):
        raise UsageError(
            message(
                "niveau inconnu : {name} (possibles : {names})", name=name, names=tuple(each.value for each in Depth)
            )
        )
    return Depth(name) if name else None


def _covered(given: Iterable[str], clausier: Clausier) -> list[str]:
    points = [each.strip() for group_ in given for each in group_.split(",") if each.strip()]
    unknown = [each for each in points if each not in clausier.points]
    if unknown:
        raise UsageError(message("point inconnu du clausier : {unknown}", unknown=tuple(unknown)))
    return points


def value_band(value: str, on: date) -> str:
    """Return what an estimated value in euros is under the thresholds in force on a day."""
    try:
        euros = plain.decimal(value.replace("€", "").replace(",", "."))
    except ValueError:
        euros = Decimal(-1)
    if euros < 0 or re.fullmatch(r"\d{1,3}([.,]\d{3})+", value.strip()):
        raise UsageError(message("--value {value} : un montant en euros est attendu, par exemple 260000", value=value))
    band = purchase.value_band(euros, on)
    if band is None:
        raise UsageError(
            message("aucun seuil connu au {day} : donner --facet value=small, adapted ou formalised", day=on)
        )
    return band


# -------------------------------------------------------------------------------------------------------------- export
@group.command(
    "export",
    help=phrase(
        "Exporter le clausier, entier ou réduit à un achat : données (JSON, OSCAL, CSV), questionnaire prêt à envoyer (XLSX, ODS), recueil à lire (PDF, DOCX, ODT)."
    ),
)
def export(  # noqa: PLR0913, PLR0917 (each option is one choice)
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help=phrase(
                "json, oscal, csv ; xlsx, ods (questionnaire prêt à envoyer) ; pdf, docx, odt (recueil à lire)."
            ),
        ),
    ] = "json",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=phrase("Fichier ; sans lui, json, oscal et csv vont à la sortie.")),
    ] = None,
    profile: ProfileOption = [],  # noqa: B006
    facet: FacetOption = [],  # noqa: B006
    value: ValueOption = "",
    on: DateOption = None,
    level: LevelOption = "",
    covered: CoveredOption = [],  # noqa: B006
    clausier: ClausierOption = "egide",
    documents: Annotated[
        Path | None,
        typer.Option(
            "--dce", help=phrase("Dossier où écrire les pièces de la consultation : RC, CCTP, CCAP, RGPD, cadres.")
        ),
    ] = None,
    tender: Annotated[
        Path | None, typer.Option("--tender", help=phrase("Avec --dce : dossier de la consultation (tender.yaml)."))
    ] = None,
) -> None:
    """Exporter le clausier, entier ou réduit à un achat, en données, en questionnaire ou en recueil à lire."""
    if documents is not None or tender is not None:
        stated = bool(profile or facet or value or level or covered)
        _write_documents(
            documents, tender, clausier, on, stated=stated, options=(profile, facet, value, on, level, covered)
        )
        return
    written = clausier_files.known(form)
    known, _ = opened(clausier)
    if profile or facet or value or level:
        known = purchase.selected(known, described(known, profile, facet, value, on, level, covered)).clausier
    if output is None and not written.is_text:
        raise UsageError(message("le format {name} ne s'écrit pas à l'écran : donner -o FICHIER.{name}", name=form))
    day = on.date() if on else known.published or date.today()  # noqa: DTZ011 (the user's own calendar)
    content = clausier_files.content(known, form, console.language(), day)
    if output is None:
        sys.stdout.write(content.decode())
        return
    with _beside(output) as draft:
        draft.write_bytes(content)
    console.tell(message("Écrit : {path} ({count} points)", path=output, count=len(known.points)))


def _write_documents(
    out: Path | None,
    tender: Path | None,
    clausier: str,
    on: datetime | None,
    *,
    stated: bool,
    options: tuple[list[str], list[str], str, datetime | None, str, list[str]],
) -> None:
    from egide.cli import dce  # noqa: PLC0415 (the writers of documents only where they serve)
    from egide.desk.documents import Asked, of_folder  # noqa: PLC0415

    if out is None:
        raise UsageError(message("--tender va avec --dce DOSSIER"))
    if tender is not None:
        if stated:
            raise UsageError(
                message("--tender décrit déjà l'achat : retirer --profile, --facet, --value, --level, --covered")
            )
        dce.write(of_folder(tender, on.date() if on else None), out)
        return
    known, _ = opened(clausier)
    facets: Mapping[str, tuple[str, ...]] = {}
    if stated:
        made = purchase.selected(known, described(known, *options))
        facets, known = made.facets, made.clausier
    dce.write(Asked(None, known, facets, on.date() if on else date.today()), out)  # noqa: DTZ011 (the user's own calendar)


# -------------------------------------------------------------------------------------------------------------- import
@group.command(
    "import", help=phrase("Importer le référentiel d'un autre en clausier : ce qui est gardé, renommé, laissé.")
)
def take_in(
    file: Annotated[
        Path,
        typer.Argument(
            help=phrase("Référentiel : catalogue OSCAL, bibliothèque YAML de CISO Assistant, XLSX, ODS, CSV, JSON.")
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help=phrase("Fichier JSON du clausier."))],
    *,
    as_json: JsonOption = False,
) -> None:
    """Importer le référentiel d'un autre en clausier : ce qui est gardé, renommé, laissé."""
    clausier, found = clausiers.taken_in(file, file.name)
    write_text(output, clausier_export.as_json(clausier))
    if as_json:
        console.tell_machine(_import_record(clausier, found))
        return
    _tell_findings(found)
    kept = message(
        "Gardé : {title}, {themes} thèmes, {points} points, {levels} avec leurs propres niveaux, {proofs} avec des preuves",
        title=clausier.title,
        **_counts(clausier),
    )
    console.tell(kept)
    console.tell(message("Écrit : {path}", path=output))


def _counts(clausier: Clausier) -> dict[str, int]:
    points = clausier.points.values()
    own = Point("", Text()).levels
    return {
        "themes": len(clausier.themes),
        "points": len(points),
        "levels": sum(point.levels != own for point in points),
        "proofs": sum(bool(point.proofs) for point in points),
    }


def _import_record(clausier: Clausier, found: list[Finding]) -> dict[str, Any]:
    head = {"clausier": clausier.id, "version": clausier.version, "digest": clausier.digest}
    return {**head, **_counts(clausier), "findings": record.findings(found, console.language())}


# ---------------------------------------------------------------------------------------------------------------- lint
@group.command(
    "lint",
    help=phrase(
        "Contrôler un clausier : doublons, tranches trouées, points sans preuve, identifiants réutilisés ; d'une consultation, "
        "aussi les critères qui parlent de l'entreprise et non de l'offre."
    ),
)
def check(
    clausier: Annotated[
        str, typer.Argument(help=phrase("Identifiant, fichier de tout format importable, ou dossier de consultation."))
    ] = "egide",
    *,
    as_json: JsonOption = False,
) -> None:
    """Contrôler un clausier : doublons, tranches trouées, points sans preuve, identifiants réutilisés."""
    is_folder = Path(clausier).is_dir()
    if is_folder:
        known, read = difference_page.of_folder(Path(clausier)), wording(read_tender(Path(clausier)).tender)
    else:
        known, read = opened(clausier, doubles=True)
    found = clausiers.checked(known, Path(clausier).name, read, consultation=is_folder)
    if as_json:
        head = {
            "clausier": known.id,
            "version": known.version,
            "points": sum(len(theme.points) for theme in known.themes),
        }
        console.tell_machine({**head, "findings": record.findings(found, console.language())})
    else:
        _tell_findings(found)
    if any(each.severity is Severity.ERROR for each in found):
        raise typer.Exit(1)


# ---------------------------------------------------------------------------------------------------------------- diff
@group.command(
    "diff", help=phrase("Comparer deux versions d'un clausier : ce qui change, et les réponses à redemander.")
)
def compare(
    old: Annotated[
        str, typer.Argument(help=phrase("Ancienne version : identifiant, fichier, dossier de consultation."))
    ],
    new: Annotated[
        str, typer.Argument(help=phrase("Nouvelle version : identifiant, fichier, dossier de consultation."))
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Comparer deux versions d'un clausier : ce qui change, et les réponses à redemander."""
    before, after = (
        difference_page.of_folder(Path(each)) if Path(each).is_dir() else opened(each)[0] for each in (old, new)
    )
    found = difference(before, after)
    if as_json:
        console.tell_machine(difference_page.as_data(found))
    else:
        difference_page.tell(found)


def _tell_findings(found: list[Finding]) -> None:
    for line in console.lines(found):
        console.tell(line)
    console.tell(console.count(found))


# --------------------------------------------------------------------------------------------------------------- files
def opened(name: str, *, doubles: bool = False) -> tuple[Clausier, list[Finding]]:
    """Return a clausier by its identifier or its file of any format, and what was found in reading it.

    Raises DataError; identifiers used twice are an error unless `doubles` lets them pass.
    """
    ours = reference.clausier()
    if name == ours.id:
        return ours, []
    path = Path(name)
    if not path.exists():
        understood = message("clausier inconnu : écrire « egide » ou le chemin d'un fichier")
        raise plain.refusal("clausier.unknown", name, "", understood)
    return clausiers.usable(path, path.name, doubles=doubles)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a draft beside the file to write: it takes its place only when all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".egide-", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    with _beside(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="")
