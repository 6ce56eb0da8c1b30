"""Subcontracting declarations (form DC4) sent as simple tables: the subcontractors that they name, for a person to confirm."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from egide.exchange import grid
from egide.exchange.deposits.archive import printable
from egide.exchange.deposits.names import company
from egide.exchange.deposits.places import Placed, What
from egide.exchange.grid import Sheet
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import Tenderer
from egide.tender.parties import Subcontractor

_NAMED = re.compile(r"(^|[\W_])dc[ _-]?4([\W_]|$)|\bsous[-_ ]traitan", re.I)
_READ = (".docx", ".xlsx", ".xlsm", ".ods")
_SECTION = re.compile(
    r"\bidentification\b.*\b(?:(sous-traitant)|soumissionnaire|titulaire|candidat|acheteur|pouvoir adjudicateur)"
)
_LABELS: Mapping[str, re.Pattern[str]] = {
    "siret": re.compile(r"\bsiret\b"),
    "name": re.compile(r"\bdenomination\b|\braison sociale\b|\bnom commercial\b|^nom\b|\bnom du sous-traitant\b"),
    "part": re.compile(r"\bnature (et|des|de)\b.*\b(prestations?|parties?)\b|\bprestations? sous-traitees?\b"),
    "country": re.compile(r"^pays\b|\bpays d'etablissement\b"),
    "processor": re.compile(r"\bdonnees (a caractere )?personnel"),
}


def is_declaration(name: str) -> bool:
    """Tell whether a file is, by its name, a declaration that can be read."""
    return bool(_NAMED.search(fold(name))) and name.lower().endswith(_READ)


def read_declaration(path: Path, name: str) -> tuple[Subcontractor, ...]:
    """Return the subcontractor that the tables of a declaration name; nobody when it is not made of simple tables."""
    sheets, _ = grid.read(path, name)
    found = _subcontractor(dict(_pairs(sheets)))
    return () if found is None else (found,)


def _pairs(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """Yield what the rows « label, value » of the section of the subcontractor say, the first of each kind."""
    inside, seen = False, set()
    for sheet in sheets:
        for cells in sheet.rows:
            filled = [text for text in dict.fromkeys(cells) if text]
            if filled and (section := _SECTION.search(fold(filled[0]))):
                inside = section[1] is not None
                continue
            if not filled:
                continue
            label = fold(filled[0])
            kind = next((kind for kind, words in _LABELS.items() if words.search(label)), "")
            ours = inside or "sous-traitant" in label or kind in {"part", "processor"}
            if kind and ours and kind not in seen and len(filled) > 1:
                seen.add(kind)
                yield kind, filled[1]


def _subcontractor(said: Mapping[str, str]) -> Subcontractor | None:
    name = " ".join(said.get("name", "").split())
    if not name:
        return None
    siret = re.sub(r"\D", "", said.get("siret", ""))
    return Subcontractor(
        printable(name),
        siret if len(siret) == 14 else "",
        printable(" ".join(said.get("part", "").split())),
        processor=bool(re.match(r"(oui|x|yes|☒|☑)\b|☒|☑", fold(said.get("processor", "")))),
        country=printable(said.get("country", "").strip()),
    )


def declared(placed: Placed, owner: Mapping[str, str]) -> tuple[dict[str, tuple[Subcontractor, ...]], list[Finding]]:
    """Return the subcontractors that the filed declarations name, by tenderer; `owner` is the tenderer of each deposit."""
    found: dict[str, tuple[Subcontractor, ...]] = {}
    findings: list[Finding] = []
    for label, files in placed.files.items():
        for filed in files:
            if filed.what not in {What.CANDIDACY, What.OFFER} or not is_declaration(filed.item.name):
                continue
            tenderer = owner.get(label, "")
            for each in read_declaration(filed.item.copy, filed.item.name):
                if any(company(each.name) == company(other.name) for other in found.get(tenderer, ())):
                    continue
                found[tenderer] = (*found.get(tenderer, ()), each)
                said = message("sous-traitant (commande publique) lu dans cette déclaration : {name}", name=each.name)
                remedy = message("Confirmer ce nom, son SIRET et sa part dans tenderers.yaml ou tender.yaml (DC4).")
                findings.append(
                    Finding("deposit.subcontractor", Severity.DOUBT, said, remedy, printable(filed.item.path), read=each.siret,
                            tenderer=tenderer)
                )  # fmt: skip
    return found, findings


def with_subcontractors(
    tenderers: Sequence[Tenderer], found: Mapping[str, tuple[Subcontractor, ...]]
) -> tuple[Tenderer, ...]:
    """Return the proposed tenderers with the subcontractors that their declarations name."""
    return tuple(replace(each, subcontractors=found.get(each.id, ())) for each in tenderers)
