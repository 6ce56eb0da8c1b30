"""Import what a platform gave into a tender folder: everything is prepared aside, then put in place at once, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from egide.errors import DataError
from egide.exchange.alone import alone
from egide.exchange.deposits import intake_report
from egide.exchange.deposits.archive import Item, Limits, Source, read_source
from egide.exchange.deposits.dc4 import declared, with_subcontractors
from egide.exchange.deposits.gathered import State, gather, settle_states
from egide.exchange.deposits.intake_report import FILE, REPORT_NAME, Report
from egide.exchange.deposits.places import Filed, Placed, place
from egide.exchange.deposits.register import Line, read_register
from egide.exchange.deposits.tenderers import name_tenderers
from egide.exchange.safety import sha256
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import Tender, Tenderer

ASIDE = ".import"
"""The folder in which an import is prepared; it never remains."""


@dataclass(frozen=True)
class Imported:
    """The result of an import: what was filed, the tenderers proposed, all findings; `new` is false when nothing changed."""

    report: Report
    tenderers: tuple[Tenderer, ...]
    findings: tuple[Finding, ...]
    new: bool = True


def import_deposits(
    source: Path,
    folder: Path,
    tender: Tender,
    register: Path | None = None,
    number: int = 1,
    *,
    dry_run: bool = False,
    limits: Limits = Limits(),  # noqa: B008 (a frozen value)
) -> Imported:
    """File the deposits of `source` in a tender folder, for the round `number`.

    Nothing is ever overwritten: the same source changes nothing, another one is refused with what differs. Raises DataError.
    """
    if source.is_dir() and folder.resolve().is_relative_to(source.resolve()):
        said = message("la source contient le dossier de la consultation : rien n'a été importé")
        remedy = message("Mettre les plis dans un dossier à part.")
        raise DataError(said, (Finding("import.source", Severity.ERROR, said, remedy, source.name),))
    with _prepared(folder, dry_run=dry_run) as aside:
        store = aside / "store"
        store.mkdir()
        read = read_source(source, store, limits)
        item, lines, findings = _register(read, register, tender)
        digest = intake_report.digest(read, sha256(register) if register else "")
        before = _before(folder, number)
        if before is not None:
            if before.digest == digest:
                return Imported(before, tender.tenderers, (), new=False)
            raise _different(before, read, number)
        gathered = gather(read, tender, lines)
        settle_states(gathered, _deadline(tender, number))
        named = name_tenderers(gathered, tender)
        placed = place(gathered, tender, number, [item] if item else [])
        report = intake_report.report(read, digest, number, gathered.deposits, placed)
        proposed = () if tender.tenderers else intake_report.tenderers(gathered.deposits, placed, named)
        named_in_dc4, of_dc4 = declared(placed, {each.label: each.tenderer for each in gathered.deposits})
        proposed = with_subcontractors(proposed, named_in_dc4)
        found = (*read.findings, *findings, *gathered.findings, *placed.findings, *of_dc4)
        found += tuple(intake_report.groups(gathered.deposits, proposed))
        if not any(each.state is not State.ABSENT for each in gathered.deposits):
            said = message("aucun dossier de dépôt n'a été reconnu dans « {source} »", source=source.name)
            remedy = message("Donner le dossier ou le ZIP qui contient un dossier par pli (« Pli 1 - SOCIÉTÉ »).")
            refused = Finding("import.no_deposit", Severity.ERROR, said, remedy, source.name)
            raise DataError(said, (refused, *found))
        if not dry_run:
            texts = {intake_report.file_of(number): intake_report.dump(report)}
            texts[intake_report.deposits_of(number)] = intake_report.dump(
                {"format": 1, "deposits": intake_report.register(gathered.deposits, placed)}
            )
            if proposed:
                texts[intake_report.TENDERERS] = intake_report.dump({"format": 1, "tenderers": proposed})
            kept = f"register/{f'round-{number}/' if number > 1 else ''}{register.name}" if register else ""
            _write(folder, aside, placed, texts, {kept: register} if register else {})
    return Imported(report, proposed or tender.tenderers, found)


def _deadline(tender: Tender, number: int) -> datetime:
    return next((each.deadline for each in tender.rounds if each.number == number and each.deadline), tender.deadline)


# ---------------------------------------------------------------------------------------------------------- the register
_TABLES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".pdf")


def _register(
    source: Source, given: Path | None, tender: Tender
) -> tuple[Item | None, tuple[Line, ...], list[Finding]]:
    """Return the lines of the register given, else of the one that stands in the source."""
    zone = tender.deadline.tzinfo
    if given is not None:
        lines, found = read_register(given, given.name, zone)
        return None, lines, found
    inside = [
        item for item in source.items
        if len(item.parts) <= 3 and item.name.lower().endswith(_TABLES)
        and "registre" in fold(item.name) and ("depot" in fold(item.name) or "pli" in fold(item.name) or len(item.parts) <= 2)
    ]  # fmt: skip
    inside.sort(key=lambda item: (item.name.lower().endswith(".pdf"), len(item.parts), item.path))
    if not inside:
        said = message("aucun registre des dépôts : les heures de dépôt et les SIRET ne sont pas connus")
        remedy = message("L'exporter du profil d'acheteur (XLSX ou CSV) et l'indiquer par --register.")
        return None, (), [Finding("register.absent", Severity.DOUBT, said, remedy, source.name)]
    lines, found = read_register(inside[0].copy, inside[0].path, zone)
    return inside[0], lines, found


# ------------------------------------------------------------------------------------------------------ what was before
def _before(folder: Path, number: int) -> Report | None:
    name = intake_report.file_of(number)
    return intake_report.read(folder / name, name) if (folder / name).exists() else None


def _different(before: Report, source: Source, number: int) -> DataError:
    """Return the refusal of a source that is not the one already imported, with what differs."""
    filed = [file for each in before.deposits for file in each.files] + list(before.others)
    known = {file.original: file.sha256 for file in filed}
    now = {item.path: item.sha256 for item in source.items}
    told = (
        (message("fichier nouveau : il n'est pas dans l'import déjà fait"), sorted(now.keys() - known.keys())),
        (message("fichier absent, qui est dans l'import déjà fait"), sorted(known.keys() - now.keys())),
        (
            message("fichier différent de celui déjà importé"),
            sorted(n for n in now.keys() & known.keys() if now[n] != known[n]),
        ),
    )
    remedy = message(
        "Rien n'a été touché. Pour un tour suivant : --round ; sinon, importer dans un autre dossier et comparer."
    )
    found = [
        Finding("import.different", Severity.ERROR, said, remedy, name) for said, names in told for name in names[:50]
    ]
    if not found:
        said = message("mêmes fichiers, mais un autre registre des dépôts")
        found = [Finding("import.different", Severity.ERROR, said, remedy, source.name)]
    name = intake_report.file_of(number)
    return DataError(message("un autre import a déjà été fait ({name}) : rien n'a été changé", name=name), tuple(found))


# -------------------------------------------------------------------------------------------------------------- writing
_MOVES, _DONE = "moves", "done"


@contextmanager
def _prepared(folder: Path, *, dry_run: bool) -> Iterator[Path]:
    """Give a folder aside, on the same disk, that disappears whatever happens; what a cut import left is undone first."""
    if dry_run:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    aside = folder / ASIDE
    with alone(folder):
        _recover(folder)
        aside.mkdir()
        try:
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _write(folder: Path, aside: Path, placed: Placed, texts: Mapping[str, str], copied: Mapping[str, Path]) -> None:
    """Build the new files aside, then rename them into place: all of them, or none. Raises DataError."""
    tree = aside / "tree"
    targets: list[str] = list(texts)
    laid: dict[Path, Path] = {}
    for filed in (filed for files in placed.files.values() for filed in files if filed.path):
        _lay(tree / filed.path, filed, laid)
        targets.append(filed.path)
    for name, path in copied.items():
        targets.append(name)
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, tree / name)
    for name, text in texts.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, encoding="utf-8")
    _refuse_taken(folder, targets, first=FILE in texts)
    units = sorted({_unit(folder, target) for target in targets}, key=_last)
    moved: list[str] = []
    try:
        for unit in units:
            with (aside / _MOVES).open("a", encoding="utf-8") as log:
                log.write(unit + "\n")
            (folder / unit).parent.mkdir(parents=True, exist_ok=True)
            (tree / unit).rename(folder / unit)
            moved.append(unit)
        (aside / _DONE).touch()
    except BaseException:
        for unit in reversed(moved):
            (folder / unit).rename(tree / unit)
        raise


def _lay(target: Path, filed: Filed, laid: dict[Path, Path]) -> None:
    """Put a file at its place; the copy moves, and is copied again when it goes to several lots."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if filed.item.copy in laid:
        shutil.copyfile(laid[filed.item.copy], target)
    else:
        filed.item.copy.rename(target)
        laid[filed.item.copy] = target


def _refuse_taken(folder: Path, targets: list[str], *, first: bool) -> None:
    taken = [target for target in targets if (folder / target).exists()]
    whole = {"/".join(PurePosixPath(target).parts[:2]) for target in targets if target.startswith("bids/")}
    if first:
        taken += [each for each in sorted(whole) if (folder / each).is_dir() and any((folder / each).iterdir())]
    if taken:
        said = message("ce fichier ou ce dossier existe déjà : il n'a pas été touché")
        remedy = message("Importer dans un dossier de consultation sans offres, ou déplacer d'abord ce qui s'y trouve.")
        found = [Finding("import.taken", Severity.ERROR, said, remedy, name) for name in dict.fromkeys(taken[:50])]
        raise DataError(message("des offres sont déjà dans ce dossier : rien n'a été écrit"), tuple(found))


def _last(unit: str) -> tuple[bool, bool, str]:
    """Put the offers last, and after them the report that says that the import is whole."""
    return unit.startswith("bids"), REPORT_NAME.fullmatch(PurePosixPath(unit).name) is not None, unit


def _unit(folder: Path, target: str) -> str:
    """Return the highest folder (or the file) of a target that does not exist yet: what one renaming puts in place."""
    parts = PurePosixPath(target).parts
    for count in range(1, len(parts)):
        path = "/".join(parts[:count])
        if not (folder / path).exists():
            return path
    return target


def _recover(folder: Path) -> None:
    """Undo an import that was cut short (power, kill): what it had put in place goes back and disappears with the rest."""
    aside = folder / ASIDE
    if not aside.is_dir():
        return
    if (aside / _MOVES).exists() and not (aside / _DONE).exists():
        undone = aside / "undone"
        undone.mkdir(exist_ok=True)
        for count, unit in enumerate((aside / _MOVES).read_text(encoding="utf-8").splitlines()):
            if (folder / unit).exists() and not (aside / "tree" / unit).exists():
                (folder / unit).rename(undone / str(count))
    shutil.rmtree(aside)
