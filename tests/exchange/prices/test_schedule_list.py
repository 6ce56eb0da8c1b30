"""The price schedule of a buyer, read from its own table."""

import csv
from decimal import Decimal

import pytest

from egide.exchange.prices.schedule_list import MOST, read
from egide.tender.schedule import Period

HEAD = ["N°", "Désignation", "Unité", "Quantité", "Périodicité", "Prix unitaire HT"]


@pytest.fixture
def table(tmp_path):
    def written(*rows, name="bordereau.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=";").writerows(rows)
        return path

    return written


def test_each_row_that_names_something_is_a_line(table):
    lines, found = read(table(HEAD, ["A1", "Abonnement", "poste", "120", "mensuel", ""], ["A2", "Option formation", "jour", "1,5", "", ""], ["", "Total HT", "", "", "", "0"]), "bordereau.csv")  # fmt: skip
    assert [(each.id, each.title, each.unit, each.quantity, each.period, each.optional) for each in lines] == [
        ("A1", "Abonnement", "poste", Decimal(120), Period.MONTH, False),
        ("A2", "Option formation", "jour", Decimal("1.5"), Period.ONCE, True),
    ]
    assert found == []


def test_what_is_unsure_is_told_line_by_line(table):
    lines, found = read(table(HEAD, ["A1", "Un", "", "beaucoup", "", ""], ["A1", "Deux", "", "-3", "", ""], ["", "Trois", "", "2", "", ""]), "bordereau.csv")  # fmt: skip
    assert [(each.id, each.quantity) for each in lines] == [("A1", Decimal(1)), ("p2", Decimal(1)), ("p3", Decimal(2))]
    assert sorted(each.code for each in found) == ["schedule.quantity", "schedule.quantity", "schedule.twice"]


def test_a_table_without_prices_is_told(table):
    lines, found = read(table(["Nom", "Ville"], ["a", "b"]), "bordereau.csv")
    assert lines == ()
    assert [each.code for each in found] == ["schedule.no_table"]


def test_too_many_lines_are_not_taken(table):
    rows = [[f"A{n}", f"Ligne {n}", "", "1", "", ""] for n in range(MOST + 1)]
    lines, found = read(table(HEAD, *rows), "bordereau.csv")
    assert lines == ()
    assert [each.code for each in found] == ["schedule.too_long"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04"])
def test_what_is_no_table_is_told(tmp_path, content):
    path = tmp_path / "bordereau.xlsx"
    path.write_bytes(content)
    lines, found = read(path, "bordereau.xlsx")
    assert lines == ()
    assert found
