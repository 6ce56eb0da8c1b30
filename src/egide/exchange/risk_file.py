"""The file of an establishment whose risk is estimated: read strictly, with all its faults at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from egide import plain
from egide.diagnosis.level import EVERYTHING, NOTHING, Level
from egide.diagnosis.maturity import Maturity
from egide.errors import DataError
from egide.exchange.loss_file import exposure as loss_file
from egide.exchange.loss_file import programmes
from egide.exchange.loss_file.node import Node
from egide.exchange.loss_file.study import years_faults
from egide.family import MEASURE_BY_CODE
from egide.finding import Finding, Severity
from egide.insurance.programme import Programme
from egide.loss import model as loss
from egide.loss.faults import SHARE
from egide.loss.frequency import Poisson
from egide.loss.severity import Constant
from egide.message import message
from egide.risk.contract import Condition, Contract, default_contract
from egide.risk.estimate import YEARS
from egide.risk.exposure import AMOUNTS, Declared, Exposure, exposed
from egide.risk.library import Library
from egide.risk.model import HEADS, INTERRUPTION

KIND = "risk"
MOST_BYTES = 1_000_000
DRAWS, SEED = 200, 2026
FEWEST_DRAWS, MOST_DRAWS = 20, 500
MOST_YEARS, MOST_SEED = 500_000, 2**53
"""Draws and years of each that one machine simulates in a minute and holds in memory; a seed that JSON can hold."""
KEYS = (
    "format", "title", "category", "exposure", "declared", "maturity", "diagnosis", "date", "programme", "conditions", "assumptions",
    "year_like_2021", "years", "draws", "seed",
)  # fmt: skip
EXPOSURE = (*AMOUNTS, "emergencies_per_day")
ALL = "all"
REFERENCE, BLANK = "reference", "blank"
"""A measure at the average of French hospitals; a measure that nobody answered."""
DEFAULT, NONE = "default", "none"
"""The programme that establishments of that size have on average; no insurance."""


@dataclass(frozen=True)
class RiskStudy:
    """What a file asks: `library` with its assumptions changed, exposure, maturity or the diagnosis that gives it, contract.

    Exactly one of `maturity` and `diagnosis` (a file name) is given. `on` is the day that answers are weighed on.
    """

    library: Library
    exposure: Exposure
    maturity: Maturity | None
    diagnosis: str = ""
    on: date | None = None
    contract: Contract | None = None
    title: str = ""
    year_like_2021: bool = False
    years: int = YEARS
    draws: int = DRAWS
    seed: int = SEED


@dataclass(frozen=True)
class Read:
    """A study and what its reading has to say: doubts and notes, no error."""

    study: RiskStudy
    findings: tuple[Finding, ...]


# ---------------------------------------------------------------------------------------------------------------- files
def read_file(path: Path, library: Library) -> Read:
    """Return the study of a file. Raises DataError with every fault at once, OSError when it cannot be opened."""
    return read(_text(path), path.name, library)


def read_overlay(path: Path) -> Mapping[str, object]:
    """Return the assumptions of an overlay file: `identifier: number`, or value, low and high. Raises DataError."""
    root = Node(plain.parse_yaml(_text(path), path.name), file=path.name, kind=KIND)
    changed = _assumptions(root)
    if _refused(root):
        raise _refusal(root)
    return changed


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        understood = message("ce fichier dépasse {most} Mo", most=MOST_BYTES // 1_000_000)
        raise plain.refusal("risk.file_size", path.name, "", understood)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        understood = message("ce fichier n'est pas un texte UTF-8 lisible")
        raise plain.refusal("risk.unreadable", path.name, "", understood) from None


# ----------------------------------------------------------------------------------------------------------------- study
def read(text: str, name: str, library: Library) -> Read:
    """Return the study written in `text`; `name` is the file's. Raises DataError with every fault at once."""
    root = Node(plain.parse_yaml(text, name), file=name, kind=KIND)
    study = _study(root, library)
    if study is None or _refused(root):
        raise _refusal(root)
    return Read(study, tuple(root.found))


def _refused(root: Node) -> bool:
    return any(finding.severity is Severity.ERROR for finding in root.found)


def _refusal(root: Node) -> DataError:
    return DataError(message("{file} ne peut pas être utilisé", file=root.file), tuple(root.found))


def _study(root: Node, library: Library) -> RiskStudy | None:
    if not root.mapping(KEYS):
        return None
    if root.at("format").whole(1) not in {1, None}:
        root.at("format").fault("format", message("Ce format n'est pas connu."), message("Écrire format: 1."))
    changed = _changed(root, library)
    exposure = _exposure(root, changed)
    maturity, diagnosis = _maturity(root)
    contract = _contract(root, changed, exposure.revenue if exposure else 0.0)
    asked = {
        "on": _day(root.at("date")),
        "title": root.at("title").text(),
        "year_like_2021": root.at("year_like_2021").truth(default=False),
        "years": _years(root.at("years")),
        "draws": _whole(root.at("draws"), DRAWS, FEWEST_DRAWS, MOST_DRAWS),
        "seed": _whole(root.at("seed"), SEED, 0, MOST_SEED),
    }
    if exposure is None:
        return None
    return RiskStudy(changed, exposure, maturity, diagnosis, contract=contract, **asked)  # type: ignore[arg-type]


def _tell(root: Node, findings: tuple[Finding, ...], under: str = "") -> None:
    """Tell findings of the core at the place of the file where they stand."""
    for each in findings:
        place = f"{under}.{each.place}" if under and each.place else each.place or under
        root.found.append(
            Finding(each.code, each.severity, each.understood, each.remedy, root.file, place, read=each.read)
        )


def _whole(node: Node, default: int, least: int, most: int) -> int:
    value = node.whole(default)
    if value is None or least <= value <= most:
        return default if value is None else value
    node.fault(
        "out_of_reach",
        message("Un nombre entier de {least} à {most} est attendu ici.", least=least, most=most),
        message("Retirer cette clé pour la valeur d'usage ({default}).", default=default),
    )
    return default


def _years(node: Node) -> int:
    years = _whole(node, YEARS, 1, MOST_YEARS)
    return YEARS if node.refused(years_faults(years), {"years": ""}) else years


def _day(node: Node) -> date | None:
    if node.data is None:
        return None
    try:
        return date.fromisoformat(str(node.data))
    except ValueError:
        node.fault("date", message("Une date est attendue ici."), message("Écrire aaaa-mm-jj."))
        return None


# --------------------------------------------------------------------------------------------------------- what is known
def _assumptions(node: Node) -> dict[str, object]:
    """Return the parameters that are changed: numbers as text, or mappings of them."""
    if node.data is None or not node.mapping():
        return {}
    return dict(node.data)


def _changed(root: Node, library: Library) -> Library:
    overlay = _assumptions(root.at("assumptions"))
    try:
        return library.overridden(overlay, root.file) if overlay else library
    except DataError as error:
        _tell(root, error.findings, "assumptions")
        return library


def _exposure(root: Node, library: Library) -> Exposure | None:
    """Return the exposure; None, and told, without a category or with figures that no establishment has."""
    at = root.at("exposure")
    if at.data is not None:
        at.mapping(EXPOSURE)
    told = {key: value for key in EXPOSURE if (value := at.at(key).number()) is not None}
    declared = _declared(root.at("declared"))
    if not root.has("category"):
        known = tuple(each.id for each in library.categories)
        root.at("category").fault(
            "category",
            message("Sans la catégorie de l'établissement, ce qui manque ne peut pas être estimé."),
            message("Choisir parmi : {known}.", known=known),
        )
        return None
    try:
        return exposed(library, root.at("category").name(), declared=declared, **told)
    except DataError as error:
        for each in error.findings:
            inside = each.place not in {"category"} and not each.place.startswith("declared")
            _tell(root, (each,), "exposure" if inside else "")
        return None


def _declared(node: Node) -> Declared | None:
    if node.data is None or not node.mapping(("events", "years")):
        return None
    for key in ("events", "years"):
        if not node.has(key):
            node.absent(key)
    events, years = node.at("events").whole(), node.at("years").number()
    return Declared(events, years) if events is not None and years is not None else None


def _maturity(root: Node) -> tuple[Maturity | None, str]:
    """Return the maturity that is written, or the name of the filled questionnaire that gives it."""
    if root.has("diagnosis") and root.at("maturity").data is not None:
        root.at("maturity").fault(
            "two_maturities",
            message("La maturité est donnée deux fois : par mesure et par un diagnostic rempli."),
            message("Garder « maturity » ou « diagnosis »."),
        )
    levels = _levels(root.at("maturity"))
    if root.has("diagnosis"):
        return None, _beside(root.at("diagnosis"))
    if "maturity" not in root.keys:
        root.absent("maturity", "diagnosis")
    return levels, ""


def _beside(node: Node) -> str:
    """Return the name of a file that stands beside this one; told when it is elsewhere."""
    name = node.name()
    if name and {"/", "\\"} & set(name):
        node.fault(
            "file_elsewhere",
            message("Le diagnostic rempli doit être dans le même dossier que ce fichier."),
            message("Écrire son seul nom, sans dossier."),
        )
    return name


def _levels(node: Node) -> Maturity:
    if node.data is not None:
        node.mapping((ALL, *MEASURE_BY_CODE))
    usual = _level(node.at(ALL))
    read = {code: (_level(node.at(code)) if node.has(code) else usual) for code in MEASURE_BY_CODE}
    return Maturity(
        {code: level or NOTHING for code, level in read.items()},
        {code: level or EVERYTHING for code, level in read.items()},
        {code: float(level is not None) for code, level in read.items()},
    )


def _level(node: Node) -> Level | None:
    """Return the level of a measure, None when nobody answered."""
    if node.data is None or node.data == BLANK:
        return None
    if node.data == REFERENCE:
        return Level(0.0, None)
    return Level.exactly(node.ruled(SHARE, 0.0))


# ------------------------------------------------------------------------------------------------------------- insurance
def _contract(root: Node, library: Library, revenue: float) -> Contract | None:
    """Return the contract: one in the words of `egide insurance`, that of the size, or none."""
    conditions = tuple(_conditions(root.at("conditions")))
    given = root.at("programme").data
    if given is None or given == NONE:
        if conditions:
            root.at("conditions").fault(
                "conditions",
                message("Des conditions sont données sans programme d'assurance."),
                message("Ajouter la clé « {name} ».", name="programme"),
            )
        return None
    if given == DEFAULT:
        usual = default_contract(library, revenue)
        return Contract(usual.programme, conditions, usual.default)
    programme = _programme(root, library)
    return Contract(programme, conditions) if programme else None


def _programme(root: Node, library: Library) -> Programme | None:
    if not isinstance(root.at("programme").data, dict):
        root.at("programme").fault(
            "programme",
            message("Un programme d'assurance est attendu ici."),
            message("Écrire ses clés (docs/formats.md), ou « default », ou « none »."),
        )
        return None
    lone = Node({"programme": root.data["programme"]}, file=root.file, found=root.found, kind=KIND)
    told = programmes.options(lone, loss_file.Exposure(_names(library), {}))
    return next((each for option in told for each in option.programmes), None)


def _conditions(node: Node) -> Iterator[Condition]:
    if node.data is None or not node.mapping(tuple(MEASURE_BY_CODE)):
        return
    for code in node.keys:
        if code in MEASURE_BY_CODE:
            yield Condition(code, node.at(code).ruled(SHARE, 0.0))


def _names(library: Library) -> loss.Model:
    """Return a model that says nothing but the names that a programme may use."""
    one = Constant(1.0)
    heads: tuple[loss.Head, ...] = tuple(
        loss.Interruption(name, 1.0) if name == INTERRUPTION else loss.Amount(name, one, insurable=name != "fine")
        for name in HEADS
    )
    scenarios = tuple(loss.Scenario(each.id, Poisson(0.0), heads, one) for each in library.scenarios)
    return loss.Model((loss.Risk("establishment", scenarios),))
