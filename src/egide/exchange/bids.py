"""The folder `bids/`: who sent what, for which lot, variant and round; every finding of every file."""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from egide.clausier.model import Clausier
from egide.exchange import answers
from egide.exchange.answers import Reading, is_empty
from egide.exchange.bid_documents import absent_documents
from egide.exchange.deposits.intake import ASIDE
from egide.exchange.deposits.intake_report import REPORT_NAME, clocks
from egide.exchange.deposits.names import is_signature, version
from egide.exchange.layout import Reader, squashed
from egide.exchange.prices import bid_price
from egide.exchange.safety import sha256
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.progress import Progress, silent
from egide.tender.lots import of_lot
from egide.tender.model import Answer, Bid, BidKey, Kind, Price, SourceFile, Tender, Tenderer

MAX_FILES = 20_000
MAX_DEPTH = 12
ATTACHMENTS = frozenset({"file.pdf", "file.unknown", "file.document", "file.archive", "file.too_big"})
"""What a file beside a questionnaire may be without being at fault: it is kept as a document of the bid."""
_SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"})

_CLUTTER = re.compile(r"^(\.|~\$|__macosx$|thumbs\.db$|desktop\.ini$)", re.I)
_NUMBERED = {
    "variant": re.compile(r"^(?:variant|variante)[ _-]*(\d{1,2})$"),
    "round": re.compile(r"^(?:round|tour|phase)[ _-]*(\d{1,2})$"),
}


@dataclass(frozen=True)
class _File:
    """A file of the folder: where it is, and its name relative to the folder, safe to print."""

    path: Path
    name: str


@dataclass
class _Gathered:
    """The files of one bid."""

    key: BidKey
    files: list[_File] = field(default_factory=list)


def read_bids(
    folder: Path, tender: Tender, clausier: Clausier, progress: Progress = silent
) -> tuple[tuple[Bid, ...], list[Finding]]:
    """Read every bid of a tender folder. Never stops at the first finding, never raises on what was sent.

    `clausier` is that of the consultation, already narrowed to its points: each of them awaits an answer. `progress` is
    told of each bid, and may raise Cancelled.
    """
    findings: list[Finding] = []
    gathered = _Walk(folder, tender, findings).gathered()
    reader = Reader(clausier)
    bids: list[Bid] = []
    asked = {lot.id: tuple(of_lot(tender, clausier, lot.id).points) for lot in tender.lots}
    complete = {each.number for each in tender.rounds if each.complete}
    changed = clocks(folder)
    for done, key in enumerate(sorted(gathered)):
        progress(done, len(gathered))
        earlier = None if key.round in complete else _earlier(bids, key)
        wanted = asked.get(key.lot, tuple(clausier.points))
        beside = [file.name for other in _of_the_offer(gathered, key) for file in other.files]
        bid, said = _read_bid(gathered[key], tender, reader, wanted, earlier, changed, beside)
        bids.append(bid)
        findings += [replace(each, tenderer=key.tenderer) for each in said]
    findings += _absent(tender, {key.tenderer for key in gathered})
    return tuple(bids), findings


def _of_the_offer(gathered: Mapping[BidKey, "_Gathered"], key: BidKey) -> list["_Gathered"]:
    """Return what a tenderer sent for a lot up to a round, the base for its variants: a document is enclosed once."""
    return [
        gathered[other]
        for other in sorted(gathered)
        if (other.tenderer, other.lot) == (key.tenderer, key.lot) and other.round <= key.round
    ]


def _earlier(bids: Sequence[Bid], key: BidKey) -> Bid | None:
    """Return the same bid at its last earlier round."""
    same = [bid for bid in bids if replace(bid.key, round=key.round) == key and bid.key.round < key.round]
    return same[-1] if same else None


# ---------------------------------------------------------------------------------------------------- who sent what
class _Walk:
    """Goes through `bids/` and gathers the files of each bid."""

    def __init__(self, folder: Path, tender: Tender, findings: list[Finding]) -> None:
        self.folder, self.tender, self.findings = folder, tender, findings
        self.root = folder.resolve()
        self.lots = {fold(lot.id): lot.id for lot in tender.lots} or {"lot-1": "lot-1"}
        self.count = 0

    def gathered(self) -> dict[BidKey, _Gathered]:
        bids = self.folder / "bids"
        found: dict[BidKey, _Gathered] = {}
        if not bids.is_dir():
            said = message("le dossier « bids » est absent : aucune offre à lire")
            self._say(
                "bids.absent",
                Severity.ERROR,
                said,
                message("Créer un dossier par soumissionnaire dans « bids »."),
                "bids",
            )
            return found
        if (self.folder / ASIDE).exists():
            said = message("un import de plis n'est pas allé à son terme : ce dossier peut être incomplet")
            remedy = message("Relancer egide bids import : ce qui est à moitié fait sera défait, puis refait.")
            self._say("bids.half_import", Severity.ERROR, said, remedy, ASIDE)
        for entry in self._entries(bids):
            if REPORT_NAME.fullmatch(entry.name):
                continue
            tenderer = self._tenderer(entry)
            if tenderer is not None:
                for file in self._files(entry, 0):
                    key = self._key(tenderer, file, PurePosixPath(file.path.relative_to(entry).as_posix()).parts[:-1])
                    if key is not None:
                        found.setdefault(key, _Gathered(key)).files.append(file)
        return found

    def _tenderer(self, entry: Path) -> Tenderer | None:
        name = self._name(entry)
        if not entry.is_dir():
            said = message("un fichier hors de tout dossier de soumissionnaire : il n'a pas été lu")
            self._say(
                "bids.stray", Severity.DOUBT, said, message("Le ranger dans le dossier de son soumissionnaire."), name
            )
            return None
        if entry.name in self.tender.tenderer:
            return self.tender.tenderer[entry.name]
        wanted, digits = squashed(entry.name), re.sub(r"\D", "", entry.name)
        for tenderer in self.tender.tenderers:
            if wanted in {squashed(tenderer.id), squashed(tenderer.name)} or (
                len(digits) == 14 and digits == tenderer.siret
            ):
                said = message("le dossier « {read} » est attribué à {tenderer}", read=entry.name, tenderer=tenderer.id)
                self._say("bids.matched", Severity.NOTE, said, message("Rien à faire."), name, tenderer.id)
                return tenderer
        said = message("un dossier d'un soumissionnaire inconnu de la consultation : il n'a pas été lu")
        remedy = message("Nommer le dossier par l'identifiant du soumissionnaire (tender.yaml), ou l'y inscrire.")
        self._say("bids.stranger", Severity.ERROR, said, remedy, name)
        return None

    def _key(self, tenderer: Tenderer, file: _File, folders: Sequence[str]) -> BidKey | None:
        """Return the bid of a file from the folders that lead to it."""
        numbers = {"variant": 0, "round": 1}
        lots = []
        for part in map(fold, folders):
            if part in self.lots:
                lots.append(self.lots[part])
            for what, pattern in _NUMBERED.items():
                if found := pattern.match(part):
                    numbers[what] = int(found[1])
        unknown = bool(folders) and re.match(r"^lot[ _-]*\w+$", fold(folders[0])) and fold(folders[0]) not in self.lots
        if not lots and (len(self.lots) > 1 or unknown):
            said = message("aucun lot connu dans le chemin du fichier : il n'a pas été lu")
            remedy = message(
                "Ranger le fichier dans un dossier nommé par le lot ({lots}).", lots=sorted(self.lots.values())
            )
            self._say("bids.unknown_lot", Severity.ERROR, said, remedy, file.name, tenderer.id)
            return None
        lot = lots[0] if lots else next(iter(self.lots.values()))
        if tenderer.lots and lot not in tenderer.lots:
            said = message("le soumissionnaire n'est pas inscrit pour le lot {lot} ; son offre a été lue", lot=lot)
            remedy = message("Vérifier les lots de ce soumissionnaire dans tender.yaml.")
            self._say("bids.unexpected_lot", Severity.DOUBT, said, remedy, file.name, tenderer.id)
        number = max(1, numbers["round"])
        if number > 1 and number not in {each.number for each in self.tender.rounds}:
            said = message("le tour {number} n'est pas dans la consultation : le fichier n'a pas été lu", number=number)
            remedy = message(
                "Décrire ce tour dans rounds (tender.yaml), ou ranger le fichier avec l'offre qu'il complète."
            )
            self._say("bids.unknown_round", Severity.ERROR, said, remedy, file.name, tenderer.id)
            return None
        return BidKey(tenderer.id, lot, numbers["variant"], number)

    # ---------------------------------------------------------------------------------------------------- the folder
    def _files(self, folder: Path, depth: int) -> Iterator[_File]:
        for entry in self._entries(folder):
            if entry.is_dir() and not entry.is_symlink() and depth < MAX_DEPTH:
                yield from self._files(entry, depth + 1)
            elif self.count >= MAX_FILES or not entry.is_file():
                said = message(
                    "ce qui est ici n'a pas été lu : trop de fichiers, trop de dossiers emboîtés, ou pas un fichier ordinaire"
                )
                self._say(
                    "bids.not_read",
                    Severity.DOUBT,
                    said,
                    message("Ne laisser que les fichiers de l'offre."),
                    self._name(entry),
                )
            else:
                self.count += 1
                yield _File(entry, self._name(entry))

    def _entries(self, folder: Path) -> Iterator[Path]:
        """Return what a folder holds in natural order, without clutter nor links that lead outside."""
        try:
            names = sorted(os.listdir(folder), key=natural)  # noqa: PTH208 (names are sorted before paths are made)
        except OSError:
            names = []
        for name in names:
            entry = folder / name
            if _CLUTTER.match(name):
                continue
            if entry.is_symlink() and not self._stays_inside(entry):
                said = message("un lien qui mène hors du dossier de la consultation : il n'a pas été suivi")
                self._say(
                    "bids.link",
                    Severity.DOUBT,
                    said,
                    message("Remplacer le lien par le fichier lui-même."),
                    self._name(entry),
                )
                continue
            yield entry

    def _stays_inside(self, entry: Path) -> bool:
        try:
            return entry.resolve(strict=True).is_relative_to(self.root)
        except (OSError, RuntimeError):
            return False

    def _name(self, entry: Path) -> str:
        return os.fsencode(entry.relative_to(self.folder).as_posix()).decode("utf-8", "replace")

    def _say(
        self, code: str, severity: Severity, said: Message, remedy: Message, file: str, tenderer: str = ""
    ) -> None:
        self.findings.append(Finding(code, severity, said, remedy, file, tenderer=tenderer))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts file10 after file9 and file.xlsx before both."""
    parts = re.split(r"(\d+)", fold(PurePosixPath(name).stem))
    return (*((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part), (-1, 0, fold(name)))


def _absent(tender: Tender, present: Collection[str]) -> Iterator[Finding]:
    for tenderer in tender.tenderers:
        if tenderer.id not in present:
            said = message("aucune offre de ce soumissionnaire dans le dossier")
            remedy = message("Vérifier le registre des dépôts.")
            yield Finding("bids.absent", Severity.NOTE, said, remedy, f"bids/{tenderer.id}", tenderer=tenderer.id)


# ------------------------------------------------------------------------------------------------------------- one bid
def _read_bid(
    gathered: _Gathered,
    tender: Tender,
    reader: Reader,
    wanted: Sequence[str],
    earlier: Bid | None,
    changed: Mapping[str, str],
    beside: Sequence[str],
) -> tuple[Bid, list[Finding]]:
    """Read one bid. What it does not say again stands as `earlier`, the same bid at the round before, said it.

    `changed` tells when files were last changed: of two that disagree, the later is proposed. `beside` names the files
    among which a document that an answer names is looked for.
    """
    prices = [file for file in gathered.files if file.path.name.lower() in bid_price.YAML_NAMES]
    readings = [
        answers.read_with(reader, file.path, file.name)
        for file in _later_last(gathered.files, changed)
        if file not in prices and not is_signature(file.path.name)
    ]
    cost, findings = _price(prices, readings, tender, gathered.key.lot, earlier)
    declared: dict[str, Answer] = {}
    for reading in readings:
        findings += reading.findings
        for answer in reading.answers.values():
            before = declared.get(answer.point)
            declared[answer.point], said = (answer, None) if before is None else answers.settled(before, answer)
            findings += [said] if said else []
    derived = [each for reading in readings for each in reading.derived]
    priced = {cost.file} if cost else set()
    findings += [
        answers.no_points(each.name)
        for each in readings
        if each.readable
        and not each.answers
        and not each.is_form
        and each.name not in priced
        and not bid_price.names_price_file(PurePosixPath(each.name).stem, scheduled=bool(tender.schedule.lines))
    ]
    if declared or derived or earlier:
        findings = [_as_attachment(each) for each in findings]
    if earlier:
        cost, findings = _carried(earlier, declared, cost, findings, gathered)
    declared, of_forms = answers.completed(declared, derived, [file.name for file in gathered.files])
    findings += of_forms
    if earlier is None:
        findings += _missing(declared, wanted, gathered)
    own = {file.name for file in gathered.files}
    findings += absent_documents({point: each for point, each in declared.items() if each.file in own}, beside)
    kept = {
        point: declared.get(point) or answers.blank(point)
        for point in (*wanted, *(each for each in declared if each not in wanted))
    }
    files = tuple(SourceFile(file.name, sha256(file.path)) for file in gathered.files)
    files += earlier.files if earlier else ()
    return Bid(gathered.key, kept, cost, files), findings


def _later_last(files: Sequence[_File], changed: Mapping[str, str]) -> list[_File]:
    """Return the files from the oldest to the latest: by when they changed if all say it, then by "v2", "final"."""
    known = all(file.name in changed and changed[file.name] for file in files)
    return sorted(files, key=lambda file: (changed[file.name] if known else "", version(file.path.name)))


def _carried(
    earlier: Bid, declared: dict[str, Answer], cost: Price | None, findings: list[Finding], gathered: _Gathered
) -> tuple[Price | None, list[Finding]]:
    """Complete the answers of a round with those of the round before; return the price, and what is said of it."""
    kept = {
        point: answer
        for point, answer in earlier.answers.items()
        if not is_empty(answer) and (point not in declared or is_empty(declared[point]))
    }
    declared.update(kept)
    if cost is None and earlier.price is not None:
        cost, findings = earlier.price, [each for each in findings if each.code != "price.missing"]
    said = message(
        "{count} réponses et {price} reprises du tour {round}, que ce tour ne redit pas",
        count=len(kept),
        price=message("le prix") if cost is earlier.price else message("aucun prix"),
        round=earlier.key.round,
    )
    return cost, [
        *findings,
        Finding("bid.carried", Severity.NOTE, said, message("Rien à faire."), _folder(gathered)),
    ]


def _as_attachment(found: Finding) -> Finding:
    """Take for a document of the bid a file that is no questionnaire, since there is one beside it."""
    named_sheet = PurePosixPath(found.file).suffix.lower() in _SHEETS
    if found.code != "file.no_points" and (found.code not in ATTACHMENTS or named_sheet):
        return found
    said = message("pièce jointe : gardée comme document de l'offre, non lue comme questionnaire")
    return replace(
        found, code="file.attachment", severity=Severity.NOTE, understood=said, remedy=message("Rien à faire.")
    )


def _missing(declared: Mapping[str, Answer], wanted: Sequence[str], gathered: _Gathered) -> Iterator[Finding]:
    points = [point for point in wanted if point not in declared or is_empty(declared[point])]
    place = message("{tenderer}, {lot}", tenderer=gathered.key.tenderer, lot=gathered.key.lot)
    yield from answers.missing(points, _folder(gathered), str(place))


def _folder(gathered: _Gathered) -> str:
    return os.path.commonpath([str(PurePosixPath(file.name).parent) for file in gathered.files])


# --------------------------------------------------------------------------------------------------------------- price
def _price(
    prices: Sequence[_File], readings: list[Reading], tender: Tender, lot: str, earlier: Bid | None
) -> tuple[Price | None, list[Finding]]:
    """Return the price of a bid by the published schedule, else from price.yaml, else from its price sheets."""
    scheduled = bool(tender.schedule.of_lot(lot))
    tables = [(each.name, sheets) for each in readings if (sheets := bid_price.price_sheets(each, scheduled=scheduled))]
    if not prices and not tables:
        wanted = any(criterion.kind is Kind.PRICE for criterion in tender.criteria)
        return None, [bid_price.problem("price.missing", "")] if wanted else []
    if scheduled:
        yamls = [(file.path, file.name) for file in prices]
        return bid_price.from_schedule(yamls, tables, tender, lot, earlier.price if earlier else None)
    read = [bid_price.from_sheets(sheets, name, tender.currency) for name, sheets in tables]
    read += [bid_price.read_price(file.path, file.name, tender.currency) for file in prices]
    found = [one for one, _ in read if one is not None]
    findings = [finding for _, said in read for finding in said if not found or finding.code != "price.missing"]
    if len({one.total for one in found}) > 1:
        other = next(one for one in found if one.total != found[-1].total)
        said = message("deux prix différents : {first} ({where}) et {second} ({there}) ; le second, plus récent ou écrit dans price.yaml, est proposé",
                       first=other.total, where=other.file, second=found[-1].total, there=found[-1].file)  # fmt: skip
        findings.append(
            Finding(
                "price.conflict",
                Severity.DOUBT,
                said,
                message("Dire lequel des deux prix vaut."),
                found[-1].file,
                found[-1].place,
            )
        )
    return (found[-1] if found else None), findings
