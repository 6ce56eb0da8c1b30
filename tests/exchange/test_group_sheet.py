"""The exercises of a group as a workbook: what the core decided, each value in its own kind, nothing computed."""

import io
from datetime import date

import openpyxl

from egide.exchange import group_sheet
from egide.exercise.group import Sheet
from egide.message import Text, message

TOLD = Sheet(
    (message("Établissement"), Text("Direction", "Management"), message("Échéance")),
    (("=HYPERLINK(1)", 3, date(2026, 12, 31)), ("EHPAD fictif", None, Text("en retard", "late"))),
)


def cells(language):
    content = group_sheet.content(TOLD, "GHT fictif", language, date(2026, 11, 23))
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert content == group_sheet.content(TOLD, "GHT fictif", language, date(2026, 11, 23))
    return [[(each.value, each.data_type) for each in row] for row in sheet.rows]


def test_each_value_is_written_in_its_kind():
    head, first, second = cells("fr")
    assert [value for value, _ in head] == ["Établissement", "Direction", "Échéance"]
    assert first[0] == ("=HYPERLINK(1)", "s")
    assert (first[1], first[2][0].date(), first[2][1]) == ((3, "n"), date(2026, 12, 31), "d")
    assert [value for value, _ in second] == ["EHPAD fictif", None, "en retard"]


def test_it_is_written_in_english_as_well():
    head, _, second = cells("en")
    assert head[1][0] == "Management"
    assert second[2][0] == "late"
