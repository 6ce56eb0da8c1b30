"""A light map read from what hospitals keep, and written back."""

from datetime import date
from decimal import Decimal

import pytest
from small import workbook

from egide.diagnosis.cartography import Application, Cartography, DataKind, DeviceClass, Hosting, Supplier
from egide.errors import DataError
from egide.exchange import cartography_sheet

DAY = date(2026, 11, 20)
YES, NO = True, False
MAP = Cartography(
    "carte",
    (
        Application("Dossier patient", "Alpha", YES, Decimal(4), Decimal("0.5"), Decimal(24), Decimal(10), Hosting.CERTIFIED_HOST, DataKind.HEALTH, NO),
        Application("Paie", "", NO, hosting=Hosting.GROUP, data=DataKind.PERSONAL),
        Application("Site web", "Bêta", hosting=Hosting.SERVICE, data=DataKind.NONE),
        Application("Labo", "Bêta", YES, Decimal(48), hosting=Hosting.INTERNAL),
    ),
    (Supplier("Alpha", "123456789", YES, NO, date(2027, 12, 31)), Supplier("Bêta")),
    (DeviceClass("Pompes", 12, 3, 10, 8), DeviceClass("Échographes", 4)),
)  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_written_comes_back_exactly(tmp_path, language):
    path = tmp_path / "carte.xlsx"
    path.write_bytes(cartography_sheet.content(language, created=DAY, cartography=MAP))
    assert cartography_sheet.read(path, path.name) == (MAP, [])


def test_the_line_of_example_of_the_template_is_left_aside(tmp_path):
    path = tmp_path / "modele.xlsx"
    path.write_bytes(cartography_sheet.content("fr", created=DAY))
    found, said = cartography_sheet.read(path, path.name)
    assert found == Cartography("modele")
    assert [each.code for each in said] == ["cartography.example"] * 3
    assert cartography_sheet.content("fr", created=DAY) == path.read_bytes()


def test_the_columns_of_others_are_found_by_their_headings(tmp_path):
    rows = [
        ["Inventaire des applications"],
        ["Nom de l'application", "Éditeur", "Criticité", "DMIA (h)", "PDMA", "Hébergement", "Sauvegarde", "Référent"],
        ["DPI", "Alpha", "Critique", 4, "J+1", "HDS", "chaque nuit", "Mme Z (fictive)"],
        ["Labo", "Bêta", "peut-être", "bientôt", "?", "sur site", "", ""],
        ["", "Bêta", "", "", "", "", "", ""],
    ]
    found, said = cartography_sheet.read(workbook(tmp_path / "si.xlsx", {"Applications": rows}), "si.xlsx")
    first, second = found.applications
    assert first == Application(
        "DPI", "Alpha", YES, Decimal(4), Decimal(24), Decimal(24), hosting=Hosting.CERTIFIED_HOST
    )
    assert second == Application("Labo", "Bêta", hosting=Hosting.INTERNAL)
    assert [(each.code, each.place, each.read) for each in said] == [
        ("cartography.yes_no", "Applications!C3", "Critique"),
        ("cartography.yes_no", "Applications!C4", "peut-être"),
        ("cartography.duration", "Applications!D4", "bientôt"),
        ("row.unread", "Applications", ""),
        ("cell.unread", "Applications!H", "Référent"),
    ]


def test_numbers_of_devices_and_days_of_suppliers(tmp_path):
    sheets = {
        "Parc": [["Type d'équipement", "Nb", "Obsolètes", "Connectés"], ["Pompes", "12", "25 %", "tous"], ["IRM", "?", "", ""], ["ECG", 3, "x", 2.6]],
        "Prestataires": [["Prestataire", "SIRET", "Télémaintenance", "Échéance"], ["Alpha", "12345678900011", "oui", "fin 2027"], ["Bêta", "12", "VPN", "un jour"]],
        "Notes": [["rien"], ["à lire"]],
    }  # fmt: skip
    found, said = cartography_sheet.read(workbook(tmp_path / "p.xlsx", sheets), "p.xlsx")
    assert found.devices == (DeviceClass("Pompes", 12, 3, 12), DeviceClass("ECG", 3, None, 3))
    assert found.suppliers == (Supplier("Alpha", "123456789", YES, None, date(2027, 12, 31)), Supplier("Bêta"))
    places = [each.place for each in said]
    assert places == ["Parc!C2", "Parc!B3", "Parc!C4", "Parc!D4", "Prestataires!D2", "Prestataires!B3", "Prestataires!C3", "Prestataires!D3", "Notes"]  # fmt: skip


def test_a_file_without_any_table_is_refused_with_its_reason(tmp_path):
    path = tmp_path / "vide.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(DataError) as refused:
        cartography_sheet.read(path, path.name)
    assert [each.code for each in refused.value.findings][-1] == "cartography.absent"
    path.write_bytes(b"")
    with pytest.raises(DataError) as refused:
        cartography_sheet.read(path, path.name)
    assert [each.code for each in refused.value.findings] == ["file.empty"]


def test_a_table_too_long_for_any_hospital_is_read_in_part_and_said(tmp_path):
    path = tmp_path / "longue.csv"
    path.write_text("Application;Fournisseur\n" + "".join(f"A{each};F\n" for each in range(2_500)), encoding="utf-8")
    found, said = cartography_sheet.read(path, path.name)
    assert len(found.applications) == cartography_sheet.MOST_LINES
    (long,) = [each for each in said if each.code == "cartography.long"]
    assert long.severity.value == "error"
    assert "2002" in long.place
