"""A small clausier and files as tenderers send them, for the tests of `exchange`."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl

from egide.clausier.model import Clausier, Expects, Point, Theme
from egide.message import Text
from egide.tender.model import Buyer, Criterion, Kind, Lot, Tender, Tenderer


def point(name: str, official: str, title: str, wording: str, expects: Expects = Expects.STATEMENT) -> Point:
    return Point(
        name,
        Text(wording, f"{wording} (EN)"),
        Text(title, f"{title} (EN)"),
        (official,) if official else (),
        expects=expects,
    )


PATH = "Le titulaire n'atteint le système que par le point d'accès distant de l'établissement ; tout autre chemin est « fermé »."
FLOWS = "Le candidat remet la matrice des flux de la version proposée, chaque chemin avec sa source et son port."
TIME = "La solution hébergée est rétablie dans un délai que le candidat chiffre en heures après un arrêt complet."
PEOPLE = "Le titulaire forme chaque intervenant à la sécurité avant sa première intervention sur le système."
WATCH = "Le titulaire surveille la solution jour et nuit et alerte l'établissement de tout incident constaté."

CLAUSIER = Clausier(
    "essai",
    "1.0",
    Text("Clausier d'essai", "Trial clausier"),
    (
        Theme(
            "T7",
            Text("Télémaintenance", "Remote maintenance"),
            (
                point("EG-066", "O-9.2", "Un seul chemin", PATH),
                point("EG-067", "O-9.3", "Matrice des flux", FLOWS, Expects.DOCUMENT),
                point("EG-068", "O-12.3.9", "Délai de reprise", TIME, Expects.VALUE),
            ),
        ),
        Theme(
            "T9",
            Text("Personnes", "People"),
            (point("EG-101", "O-11.1", "Formation", PEOPLE), point("EG-X01", "", "Surveillance", WATCH)),
        ),
    ),
)
ALL = tuple(CLAUSIER.points)

TENDER = Tender(
    "Essai",
    Buyer("CH d'essai"),
    date(2026, 9, 1),
    datetime(2026, 10, 5, 10, tzinfo=UTC),
    tenderers=(
        Tenderer("alpha", "Alpha Santé SAS", "12345678900011"),
        Tenderer("beta", "Bêta & Fils", "98765432100022"),
    ),
    criteria=(Criterion("prix", Decimal(40), Kind.PRICE), Criterion("cyber", Decimal(60), Kind.CLAUSIER)),
    lots=(Lot("lot-1", "Unique"),),
)

Table = Sequence[Sequence[object]]


def workbook(path: Path, sheets: Mapping[str, Table] | Table, merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in (sheets if isinstance(sheets, Mapping) else {"Feuille1": sheets}).items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value not in {None, ""}:
                    sheet.cell(number, column, value)
        for area in merged:
            sheet.merge_cells(area)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def changed(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Replace or add parts of an archive."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in {**kept, **parts}.items():
            archive.writestr(name, body)
    path.write_bytes(buffer.getvalue())
    return path
