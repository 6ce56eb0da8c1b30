"""A tender folder: tender.yaml, the clausier enclosed if there is one, and notes computed elsewhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from stdnum.fr import siret

from egide import plain
from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.exchange.clausiers import native
from egide.exchange.marks import DECISIONS, DECLARATIONS
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import HARMONISED, Computed, Kind, Tender, Tenderer

FILE = "tender.yaml"
COMPUTED = "computed.yaml"
TENDERERS = "tenderers.yaml"
"""Read when tender.yaml names no tenderer: `egide bids import` proposes it."""
NAME = re.compile(r"\w[\w .&'’-]*")
"""What an identifier may be that names a folder of bids or a file of marks."""


@dataclass(frozen=True)
class _Tenderers:
    """The content of tenderers.yaml."""

    tenderers: tuple[Tenderer, ...]
    format: int = 1


@dataclass(frozen=True)
class Folder:
    """What stands at the top of a tender folder."""

    tender: Tender
    enclosed: Clausier | None
    computed: Computed
    findings: tuple[Finding, ...]
    tenderers_in: str = FILE
    """The file that names the tenderers."""


def read_tender(folder: Path) -> Folder:
    """Return the tender described by `folder`. Raises DataError with every fault of tender.yaml at once."""
    if not folder.is_dir():
        remedy = message("Vérifier le chemin du dossier de la consultation.")
        said = message("ce n'est pas un dossier") if folder.exists() else message("ce dossier n'existe pas")
        raise plain.refusal("tender.folder", str(folder), "", said, remedy=remedy)
    data = plain.parse_yaml(_text(folder / FILE, FILE), FILE)
    if isinstance(data, dict) and isinstance(data.get("ties"), str):
        data["ties"] = [data["ties"]]
    tender = plain.structure(data, Tender, FILE)
    if tender.format != 1:
        raise plain.refusal("tender.format", FILE, "format", message("format {format} inconnu", format=tender.format))
    tender, notes = _with_tenderers(folder, tender)
    if wrong := _names(tender):
        raise DataError(message("{file} : des identifiants ne peuvent pas nommer un dossier", file=FILE), tuple(wrong))
    enclosed = _enclosed(folder, tender)
    names = FILE if not tender.tenderers or data.get("tenderers") else TENDERERS
    return Folder(tender, enclosed, _computed(folder, tender), (*notes, *_sirets(tender, names)), names)


def _with_tenderers(folder: Path, tender: Tender) -> tuple[Tender, list[Finding]]:
    """Return the tender with the tenderers of tenderers.yaml, unless it names its own."""
    if not (folder / TENDERERS).exists():
        return tender, []
    if tender.tenderers:
        said = message("tender.yaml nomme déjà les soumissionnaires : ce fichier n'a pas été lu")
        remedy = message("Garder l'un des deux.")
        return tender, [Finding("tender.tenderers_twice", Severity.DOUBT, said, remedy, TENDERERS)]
    data = plain.parse_yaml(_text(folder / TENDERERS, TENDERERS), TENDERERS)
    return replace(tender, tenderers=plain.structure(data, _Tenderers, TENDERERS).tenderers), []


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        remedy = message("L'écrire dans ce dossier (voir docs/formats.md).")
        understood = message("ce fichier manque dans le dossier")
        raise plain.refusal("tender.absent", name, "", understood, remedy=remedy) from None
    except (OSError, UnicodeDecodeError):
        raise plain.refusal(
            "tender.unreadable", name, "", message("ce fichier n'est pas un texte UTF-8 lisible")
        ) from None


def _enclosed(folder: Path, tender: Tender) -> Clausier | None:
    name = tender.clausier.file
    if not name:
        return None
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise plain.refusal(
            "tender.clausier", FILE, "clausier.file", message("le clausier doit être dans le dossier"), name
        )
    return native.read(path, name)


def _names(tender: Tender) -> list[Finding]:
    """Find identifiers that name folders or files and could lead out of them, or name two things alike."""
    named = {
        "lots": [lot.id for lot in tender.lots],
        "tenderers": [tenderer.id for tenderer in tender.tenderers],
        "evaluators": [evaluator.id for evaluator in tender.evaluators],
    }
    found = [
        _named("name", place, name, *fault)
        for place, names in named.items()
        for name in names
        if (fault := _unfit(place, name))
    ]
    written = [(place, name, name) for place, names in named.items() for name in dict.fromkeys(names)]
    alike: dict[tuple[str, str], str] = {}
    for place, written_as, name in [*written, *_letters(tender)]:
        first = alike.setdefault((place, fold(written_as)), name)
        if first != name:
            said = message("« {name} » et « {first} » nommeraient le même fichier", name=name, first=first)
            remedy = message(
                "Donner des identifiants qui diffèrent par autre chose que la casse, les accents ou un tiret."
            )
            found.append(_named("name_twice", place, name, said, remedy))
    return found


def _letters(tender: Tender) -> list[tuple[str, str, str]]:
    """Return what names the letters of each tenderer on each lot."""
    return [
        ("lots, tenderers", f"{lot}-{tenderer}", f"{lot} + {tenderer}")
        for lot in dict.fromkeys(lot.id for lot in tender.lots)
        for tenderer in dict.fromkeys(tenderer.id for tenderer in tender.tenderers)
    ]


LONGEST = 60
"""Characters of an identifier: file systems take 255 bytes, and a letter bears two of them."""
TAKEN = {"evaluators": frozenset({HARMONISED, DECISIONS, DECLARATIONS})}
"""Names that a file of marks already has."""
DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)
"""What one family of systems never takes for the name of a file."""


def _unfit(place: str, name: str) -> tuple[Message, Message] | None:
    """Return why an identifier cannot name a file, and the remedy."""
    if not NAME.fullmatch(name) or name[-1] in ". ":
        return (
            message("cet identifiant nomme un dossier ou un fichier et contient un signe qui ne le peut pas"),
            message("Garder lettres, chiffres, tirets, points et espaces, en commençant et en finissant par une lettre ou un chiffre."),
        )  # fmt: skip
    if len(name) > LONGEST:
        return (
            message("cet identifiant nomme un dossier ou un fichier et dépasse {longest} signes", longest=LONGEST),
            message("Prendre un identifiant court ; le nom entier s'écrit dans name ou title."),
        )
    if DEVICE.fullmatch(name) or fold(name) in TAKEN.get(place, ()):
        return message("ce nom est réservé"), message("Prendre un autre identifiant.")
    return None


def _named(code: str, place: str, name: str, understood: Message, remedy: Message) -> Finding:
    return Finding(f"tender.{code}", Severity.ERROR, understood, remedy, FILE, place, read=name)


def _sirets(tender: Tender, names: str) -> list[Finding]:
    named = [("buyer.siret", tender.buyer.siret)]
    named += [(f"tenderers.{tenderer.id}.siret", tenderer.siret) for tenderer in tender.tenderers]
    return [
        Finding(
            "tender.siret",
            Severity.DOUBT,
            message("ce SIRET n'est pas valide (14 chiffres, clé de contrôle)"),
            message("Vérifier le numéro sur l'acte d'engagement."),
            FILE if place.startswith("buyer") else names,
            place,
            read=number,
        )
        for place, number in named
        if number and not siret.is_valid(number)
    ]


def _computed(folder: Path, tender: Tender) -> Computed:
    """Read computed.yaml: {criterion: {tenderer: note}}, each note on the scale of its criterion."""
    path = folder / COMPUTED
    if not path.exists():
        return {}
    data = plain.parse_yaml(_text(path, COMPUTED), COMPUTED)
    values = plain.structure(data, Mapping[str, Mapping[str, Decimal]], COMPUTED)  # type: ignore[type-abstract]
    found = []
    scales = {criterion.id: criterion.scale for criterion in tender.criteria if criterion.kind is Kind.COMPUTED}
    for criterion, notes in values.items():
        if criterion not in scales:
            found.append(_wrong(criterion, criterion, message("ce critère n'est pas de nature « computed »")))
            continue
        for tenderer, note in notes.items():
            if tenderer not in tender.tenderer:
                found.append(_wrong(f"{criterion}.{tenderer}", tenderer, message("soumissionnaire inconnu")))
            elif not 0 <= note <= scales[criterion]:
                found.append(_wrong(f"{criterion}.{tenderer}", str(note), message("note hors de l'échelle du critère")))
    if found:
        raise DataError(message("{file} ne peut pas être utilisé", file=COMPUTED), tuple(found))
    return values


def _wrong(place: str, read: str, why: Message) -> Finding:
    return Finding(
        "tender.computed",
        Severity.ERROR,
        why,
        message("Corriger {file} ou tender.yaml.", file=COMPUTED),
        COMPUTED,
        place,
        read=read,
    )
