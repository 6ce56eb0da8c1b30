"""What a light map shows by itself, and the suppliers that several members share."""

from datetime import date
from decimal import Decimal

import pytest

from egide.diagnosis.cartography import (
    Application,
    Cartography,
    DataKind,
    DeviceClass,
    Hosting,
    Supplier,
    check,
    plain_name,
    same_name,
    shared,
)

DAY = date(2026, 11, 2)
SOUND = {
    "supplier": "Éditeur fictif", "care_critical": True, "recovery_time_hours": Decimal(8), "data_loss_hours": Decimal(4),
    "backup_every_hours": Decimal(4), "restored_in_hours": Decimal(8), "hosting": Hosting.INTERNAL,
    "data": DataKind.HEALTH, "fallback": True,
}  # fmt: skip


def codes(*, applications=(), suppliers=(), devices=()):
    found = check(Cartography("Hôpital fictif", tuple(applications), tuple(suppliers), tuple(devices)), DAY)
    return [each.code.removeprefix("cartography.") for each in found]


def application(name="Dossier", **changed):
    return Application(name, **{**SOUND, **changed})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"restored_in_hours": Decimal("8.5")}, ["recovery_time"]),
        ({"backup_every_hours": Decimal(24)}, ["data_loss"]),
        ({"restored_in_hours": None}, ["untried"]),
        ({"fallback": None}, ["fallback"]),
        ({"fallback": False, "care_critical": None}, []),
        ({"recovery_time_hours": None}, ["objectives"]),
        ({"data_loss_hours": None}, ["objectives"]),
        ({"recovery_time_hours": Decimal(72)}, ["critical"]),
        ({"recovery_time_hours": Decimal(-1)}, ["duration"]),
        ({"hosting": Hosting.UNKNOWN}, ["hosting"]),
        ({"hosting": Hosting.SERVICE}, ["certificate"]),
        ({"hosting": Hosting.SERVICE, "data": DataKind.NONE}, []),
        ({"supplier": " "}, ["supplier"]),
    ],
)
def test_one_application(changed, expected):
    assert codes(applications=[application(**changed)]) == expected


def test_a_supplier_by_its_promises():
    known = [Supplier("EDITEUR FICTIF SAS", reachable=False, contract_end=date(2026, 12, 31))]
    assert codes(applications=[application()], suppliers=known) == ["unreachable", "contract_soon"]
    assert codes(applications=[application()], suppliers=[Supplier("Autre")]) == ["unlisted"]
    assert codes(
        suppliers=[Supplier("A", contract_end=date(2026, 1, 1)), Supplier("B", contract_end=date(2029, 1, 1))]
    ) == ["contract"]
    assert codes(applications=[application(care_critical=False)], suppliers=known[:1]) == ["contract_soon"]


def test_devices_by_class():
    assert codes(devices=[DeviceClass("Échographes", 12, 3, 10, 4)]) == ["unsupported", "unsegmented"]
    assert codes(devices=[DeviceClass("Scanners", 2, 0, 2, 2), DeviceClass("Pompes", 80)]) == []
    assert codes(devices=[DeviceClass("A", 2, 3), DeviceClass("B", -1)]) == ["count", "count"]


def test_a_line_given_twice_is_said():
    assert codes(suppliers=[Supplier("Éditeur"), Supplier("EDITEUR")]) == ["twice"]


def test_names_are_compared_without_case_accents_and_legal_form():
    assert same_name("Société Élan S.A.S", "societe elan s.a.s")
    assert same_name("Élan SAS", "ELAN")
    assert not same_name("", "")
    assert plain_name("SAS") == "sas"


def member(name, *suppliers, applications=()):
    return Cartography(name, tuple(applications), tuple(suppliers))


def test_suppliers_of_two_members_or_more():
    group = [
        member("A", Supplier("Élan SAS", "123 456 789"), applications=[application("Labo", supplier="Élan")]),
        member(
            "B",
            Supplier("Elan", remote_access=True),
            Supplier("Brise"),
            applications=[application("Dossier", supplier="BRISE")],
        ),
        member(
            "C",
            Supplier("Nom changé", "123456789"),
            applications=[application("Paie", supplier="Brise", care_critical=False)],
        ),
    ]
    found = shared(group)
    assert [(each.name, each.members, each.critical, each.remote_access) for each in found] == [
        ("Élan SAS", ("A", "B", "C"), 1, True),
        ("Brise", ("B", "C"), 1, False),
    ]
    assert found[0].applications == ("Labo",)


def test_a_name_with_two_registrations_stays_apart():
    group = [
        member("A", Supplier("Élan", "111111111")),
        member("B", Supplier("Élan", "222222222")),
        member("C", Supplier("Élan")),
    ]
    assert shared(group) == ()
    assert shared([]) == ()
