"""What an import says of itself: `bids/import.yaml`, the proposed tenderers and the register as the journal reads it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from egide import plain
from egide.errors import DataError
from egide.exchange.deposits.archive import Source, printable
from egide.exchange.deposits.gathered import Deposit, State
from egide.exchange.deposits.names import company
from egide.exchange.deposits.places import Filed, Placed, What
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import Tenderer
from egide.tender.parties import Group, Member
from egide.tender.procedure import journal

FILE = "bids/import.yaml"
TENDERERS = "tenderers.yaml"
DEPOSITS = "deposits.yaml"


def file_of(number: int) -> str:
    """Return where the report of the import of a round is kept."""
    return FILE if number == 1 else f"bids/import-round-{number}.yaml"


def deposits_of(number: int) -> str:
    """Return where the deposits of a round are kept."""
    return DEPOSITS if number == 1 else f"deposits-round-{number}.yaml"


REPORT_NAME = re.compile(r"import(-round-\d+)?\.yaml")


@dataclass(frozen=True)
class FileLine:
    """A file: its path in the source, where its copy is (nowhere when empty), its digest."""

    original: str
    what: str
    sha256: str
    path: str = ""
    size: int = 0
    modified: str = ""
    why: str = ""


@dataclass(frozen=True)
class DepositLine:
    """A deposit and all its files."""

    folder: str
    tenderer: str
    state: str
    name: str = ""
    siret: str = ""
    number: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    register: str = ""
    lots: tuple[str, ...] = ()
    files: tuple[FileLine, ...] = ()


@dataclass(frozen=True)
class LeftLine:
    """What could not be copied."""

    path: str
    why: str


@dataclass(frozen=True)
class Report:
    """What an import did."""

    source: str
    digest: str
    format: int = 1
    round: int = 1
    deposits: tuple[DepositLine, ...] = ()
    others: tuple[FileLine, ...] = ()
    left: tuple[LeftLine, ...] = ()


def report(source: Source, digest: str, number: int, deposits: Sequence[Deposit], placed: Placed) -> Report:
    """Return what the import of a source did."""
    lines = tuple(
        DepositLine(
            printable(each.folder),
            each.tenderer,
            each.state.value,
            printable(each.company),
            each.siret,
            each.number,
            each.line.started_at if each.line else None,
            each.at,
            printable(each.line.text) if each.line else "",
            placed.lots.get(each.label, ()),
            tuple(_file(filed) for filed in placed.files.get(each.label, [])),
        )
        for each in deposits
    )
    others = tuple(_file(filed) for filed in placed.files.get("", []))
    left = tuple(LeftLine(printable(each.path), str(each.why)) for each in source.left)
    return Report(source.name, digest, 1, number, lines, others, left)


def _file(filed: Filed) -> FileLine:
    item = filed.item
    why = str(filed.why) if filed.why else ""
    return FileLine(printable(item.path), filed.what.value, item.sha256, filed.path, item.size, item.modified, why)


def digest(source: Source, register: str) -> str:
    """Return the fingerprint of a source and of the register given with it, whatever its form (folder or ZIP)."""
    listed = sorted((item.path, item.sha256) for item in source.items if item.within is None)
    return hashlib.sha256(plain.canonical([register, *map(list, listed)])).hexdigest()


# --------------------------------------------------------------------------------------------------------------- tenderers
def tenderers(deposits: Sequence[Deposit], placed: Placed, named: Sequence[Tenderer]) -> tuple[Tenderer, ...]:
    """Return the proposed tenderers: all who deposited, late ones too (they get a letter), their lots and their group."""
    found = []
    for tenderer in named:
        own = [each for each in deposits if each.tenderer == tenderer.id]
        if own:
            lots = {lot for each in own for lot in placed.lots.get(each.label, ())}
            group, members = _group(own)
            found.append(Tenderer(tenderer.id, tenderer.name, tenderer.siret, tuple(sorted(lots)), group, members))
    return tuple(found)


def _group(own: Sequence[Deposit]) -> tuple[Group, tuple[Member, ...]]:
    """Return the group that the register names: who deposits is taken for the mandataire unless it is listed apart."""
    line = next((each.line for each in reversed(own) if each.line and each.line.members), None)
    if line is None:
        return Group.NONE, ()
    members = [
        Member(printable(name), siret, mandataire=_same(name, siret, line.company, line.siret))
        for name, siret in line.members
    ]
    if not any(each.mandataire for each in members):
        members.insert(0, Member(printable(line.company), line.siret, mandataire=True))
    return (Group.SOLIDARY if "solidaire" in line.form else Group.JOINT), tuple(members)


def _same(name: str, siret: str, other_name: str, other_siret: str) -> bool:
    return siret == other_siret if siret and other_siret else company(name) == company(other_name)


def groups(deposits: Sequence[Deposit], proposed: Sequence[Tenderer]) -> list[Finding]:
    """Return what a person must complete or confirm of the groups."""
    found = []
    for tenderer in proposed:
        own = [each for each in deposits if each.tenderer == tenderer.id]
        folder = printable(own[0].folder)
        form = next((each.line.form for each in own if each.line and each.line.members), "")
        if tenderer.members and not ("solidaire" in form or "conjoint" in form):
            said = message("groupement dont le registre ne dit pas la forme : « conjoint » est proposé")
            remedy = message(
                "Lire la forme du groupement dans la lettre de candidature (DC1) et corriger tenderers.yaml."
            )
            found.append(Finding("deposit.group_form", Severity.DOUBT, said, remedy, folder, tenderer=tenderer.id))
        elif not tenderer.members and any(each.name.group for each in own):
            said = message("le nom du dossier annonce un groupement dont rien ne dit les membres")
            remedy = message("Écrire ses membres et son mandataire dans tenderers.yaml (docs/formats.md).")
            found.append(Finding("deposit.group_members", Severity.DOUBT, said, remedy, folder, tenderer=tenderer.id))
    return found


# ---------------------------------------------------------------------------------------------------------- the register
def register(deposits: Sequence[Deposit], placed: Placed) -> tuple[journal.Deposit, ...]:
    """Return the deposits as the journal reads them, in the order of the register; those without instant are not told."""
    lines = [
        journal.Deposit(
            each.tenderer,
            each.at,
            placed.lots.get(each.label, ()),
            each.number,
            each.line.started_at if each.line else None,
            each.state in {State.IMPORTED, State.UNKNOWN_TENDERER, State.EMPTY},
            str(_WHY[each.state]) if each.state in _WHY else "",
        )
        for each in deposits
        if each.at is not None
    ]
    return tuple(sorted(lines, key=lambda line: (line.ended_at, line.number)))


_WHY = {
    State.SUPERSEDED: message("remplacé par un envoi postérieur reçu à temps"),
    State.LATE: message("reçu hors délai"),
    State.SAFETY_COPY: message("copie de sauvegarde"),
    State.EMPTY: message("dossier vide"),
    State.ABSENT: message("aucun dossier dans ce qui a été importé"),
}


# ----------------------------------------------------------------------------------------------------------------- writing
def dump(value: object) -> str:
    """Return a value of ours as YAML, what is left to its default not written."""
    return yaml.dump(_shown(value), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=200)


def _shown(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: _shown(got)
            for each in fields(value)
            if (got := getattr(value, each.name)) != each.default or each.name == "format"
        }
    if isinstance(value, tuple | list):
        return [_shown(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _shown(each) for key, each in value.items()}
    plainly = plain.unstructure(value)
    return plainly.value if isinstance(plainly, Enum) else plainly


def read(path: Path, name: str) -> Report:
    """Return a report kept in a folder. Raises DataError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise plain.refusal("import.report", name, "", message("fichier absent ou illisible")) from None
    return plain.structure(plain.parse_yaml(text, name), Report, name)


def clocks(folder: Path) -> Mapping[str, str]:
    """Return when each file of `bids/` was last changed, as its archive said it; empty without an import."""
    found: dict[str, str] = {}
    bids = folder / "bids"
    for path in sorted(bids.iterdir()) if bids.is_dir() else []:
        if REPORT_NAME.fullmatch(path.name) and path.is_file():
            try:
                kept = read(path, path.name)
            except DataError:
                continue
            found |= {
                file.path: file.modified for each in kept.deposits for file in each.files if file.what == What.OFFER
            }
    return found
