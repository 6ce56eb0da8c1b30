"""The file of a loss study as a whole: read with all its faults at once, and written so that it reads back the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from egide import plain
from egide.errors import DataError
from egide.exchange.loss_file import exposure, programmes
from egide.exchange.loss_file.exposure import Exposure
from egide.exchange.loss_file.node import Node
from egide.exchange.loss_file.programmes import Option
from egide.finding import Finding, Severity
from egide.insurance.premium import STANDARD, Loading
from egide.loss.faults import INSIDE, NOT_NEGATIVE, Rule, broken
from egide.loss.model import Model
from egide.loss.simulation import FEWEST_YEARS, MOST_YEARS
from egide.message import message

YEARS = 100_000
LEVELS = (0.95, 0.99, 0.995)
"""Levels of VaR and TVaR, when the file gives none."""
PROBABILITIES = tuple(0.3 * (1e-4 / 0.3) ** (n / 63) for n in range(64))
"""Probabilities of exceedance at which curves are read, when the file gives none: geometric, from 0.3 to 1e-4."""
LOADING = ("deviation", "capital", "level")
MOST_BYTES = 20_000_000
MOST_POINTS = 1000
"""Probabilities that a file may ask for."""

KEYS = (
    "format", "title", "currency", "years", "levels", "exceedance_probabilities", "budgets", "premium_loading", *exposure.ROOT_KEYS, "programme", "programmes",
    "price", "alternatives",
)  # fmt: skip


@dataclass(frozen=True)
class Study:
    """A model of losses, the ways to insure it, and what is asked of it. Amounts are in `currency`.

    `groups` gives the group of the risks that have one; `options` the ways to be insured, that in force first; `budgets`
    the amounts of which one asks how often a year passes them; `loading` how premiums are loaded.
    """

    model: Model
    options: tuple[Option, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    currency: str = "EUR"
    years: int = YEARS
    levels: tuple[float, ...] = LEVELS
    probabilities: tuple[float, ...] = PROBABILITIES
    budgets: tuple[float, ...] = ()
    loading: Loading = STANDARD


@dataclass(frozen=True)
class Read:
    """A study and what its reading has to say: doubts and notes, no error."""

    study: Study
    findings: tuple[Finding, ...]


# ---------------------------------------------------------------------------------------------------------------- read
def read_file(path: Path) -> Read:
    """Return the study of a file. Raises DataError with every fault at once, OSError when it cannot be opened."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    return read_bytes(content, path.name)


def read_bytes(content: bytes, name: str) -> Read:
    """Return the study of the bytes of a file. Raises DataError."""
    if len(content) > MOST_BYTES:
        understood = message("ce fichier dépasse {most} Mo", most=MOST_BYTES // 1_000_000)
        raise plain.refusal("loss.file_size", name, "", understood)
    try:
        return read(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        understood = message("ce fichier n'est pas un texte UTF-8 lisible")
        raise plain.refusal("loss.unreadable", name, "", understood) from None


def read(text: str, name: str) -> Read:
    """Return the study written in `text`; `name` is the file's. Raises DataError with every fault at once."""
    return read_plain(plain.parse_yaml(text, name), name)


def read_plain(data: object, name: str) -> Read:
    """Return the study that plain data with scalars as text hold, in the same manner."""
    root = Node(data, file=name)
    study = _study(root)
    if study is None or any(finding.severity is Severity.ERROR for finding in root.found):
        raise DataError(message("{file} ne peut pas être utilisé", file=name), tuple(root.found))
    return Read(study, tuple(root.found))


def _study(root: Node) -> Study | None:
    if not root.mapping(KEYS):
        return None
    version = root.at("format").whole(1)
    if version not in {1, None}:
        root.at("format").fault("format", message("Ce format n'est pas connu."), message("Écrire format: 1."))
    exposed = exposure.exposure(root)
    asked = {
        "title": root.at("title").text(),
        "currency": root.at("currency").text("EUR"),
        "years": _years(root.at("years")),
        "levels": _listed(root.at("levels"), LEVELS, INSIDE),
        "probabilities": _listed(root.at("exceedance_probabilities"), PROBABILITIES, INSIDE),
        "budgets": _listed(root.at("budgets"), (), NOT_NEGATIVE),
        "loading": _loading(root.at("premium_loading")),
    }
    return Study(exposed.model, programmes.options(root, exposed), exposed.groups, **asked)  # type: ignore[arg-type]


def _years(node: Node) -> int:
    years = node.whole(YEARS)
    if years is None or node.refused(years_faults(years), {"years": ""}):
        return YEARS
    return years


def years_faults(years: int) -> list[Finding]:
    """Return what is wrong with a number of years to simulate."""
    if FEWEST_YEARS <= years <= MOST_YEARS:
        return []
    return [
        Finding(
            "loss.years",
            Severity.ERROR,
            message("Le nombre d'années simulées doit être compris entre {least} et {most}.", least=FEWEST_YEARS, most=MOST_YEARS),
            message("Un million d'années suffit d'ordinaire pour une année sur deux cents."),
            place="years",
            read=str(years),
        )
    ]  # fmt: skip


def _listed(node: Node, default: tuple[float, ...], rule: Rule) -> tuple[float, ...]:
    """Return numbers that keep a rule, each once; `default` when none is given."""
    if node.data is None:
        return default
    values = node.numbers() or ()
    if len(values) > MOST_POINTS or (isinstance(node.data, list) and not node.data):
        node.fault(
            "points",
            message("Il faut ici de 1 à {most} nombres.", most=MOST_POINTS),
            message("Retirer cette clé pour les valeurs d'usage."),
        )
        return default
    faults = broken({f"[{n}]": (value, rule) for n, value in enumerate(values)})
    return default if node.refused(faults, {}) else tuple(dict.fromkeys(values)) or default


def _loading(node: Node) -> Loading:
    """Return how premiums are loaded."""
    if node.data is None or not node.mapping(LOADING):
        return STANDARD
    given = {key: value for key in LOADING if node.has(key) and (value := node.at(key).number()) is not None}
    return node.made(Loading, **given) or STANDARD


# ------------------------------------------------------------------------------------------------------------- written
class _Dumper(yaml.CSafeDumper):
    """Writes each value where it stands, never by a reference to another."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(study: Study) -> str:
    """Return a study as text, in its longest form: `read(written(study)).study == study`."""
    return yaml.dump(_plain(study), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def fingerprint(study: Study) -> str:
    """Return the digest of a study: two files that say the same have the same one."""
    return plain.digest(_plain(study))


def _plain(study: Study) -> dict[str, Any]:
    asked: dict[str, Any] = {"format": 1}
    asked |= {key: value for key, value in (("title", study.title),) if value}
    asked |= {"currency": study.currency, "years": study.years}
    if study.levels != LEVELS:
        asked["levels"] = list(study.levels)
    if study.probabilities != PROBABILITIES:
        asked["exceedance_probabilities"] = list(study.probabilities)
    if study.budgets:
        asked["budgets"] = list(study.budgets)
    if study.loading != STANDARD:
        asked["premium_loading"] = {key: getattr(study.loading, key) for key in LOADING}
    return asked | exposure.written(Exposure(study.model, study.groups)) | programmes.written(study.options)
