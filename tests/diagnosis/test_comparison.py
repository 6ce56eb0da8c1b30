"""One establishment over time, the members of a group side by side."""

from datetime import date

import pytest

from diagnosis.answers import answered
from egide import reference
from egide.diagnosis.comparison import Column, Move, changes, comparison, course
from egide.diagnosis.filled import read
from egide.diagnosis.maturity import Maturity, maturity
from egide.diagnosis.questionnaire import Depth
from egide.family import MEASURES

ASKED = reference.questionnaires()[Depth.HOSPITAL]
WEIGHING = reference.weighing()
SPRING, AUTUMN = date(2026, 4, 1), date(2026, 11, 2)


def column(name, at, on=AUTUMN):
    reading = read(ASKED, answered(ASKED, at, on=on, name=name))
    return Column(name, on, maturity(reading.observations(), on, WEIGHING), reading.families)


def test_members_side_by_side_by_measure_and_by_family():
    strong, weak, unknown = column("A", "best"), column("B", "worst"), Column("C", AUTUMN, Maturity.uniform(0.5))
    table = comparison([strong, weak, unknown], 0.45)
    assert [each.code for each in table.measures] == [each.code for each in MEASURES]
    assert all([cell.level for cell in row.cells] == [1.0, 0.0, 0.5] for row in table.measures)
    backup = next(row for row in table.families if row.code == "backup")
    assert (backup.lowest, backup.spread, backup.cells[2]) == (0.0, 1.0, None)
    assert {row.code for row in table.families} >= {"suppliers", "device"}
    assert backup.cells[0].completeness == 1.0


def test_a_row_of_unknowns_has_no_lowest():
    table = comparison([column("A", "best")], 0.45)
    empty = type(table.families[0])("x", table.families[0].title, (None, None))
    assert (empty.lowest, empty.spread) == (None, 0.0)
    assert comparison([], 0.45).families == ()


def test_over_time_each_day_knows_what_had_been_seen_by_then():
    seen = [
        *read(ASKED, answered(ASKED, "worst", on=SPRING)).observations(),
        *read(ASKED, answered(ASKED, "best", on=AUTUMN)).observations(),
    ]
    before, after = course("A", seen, (SPRING, AUTUMN), WEIGHING)
    assert before.maturity.at(0.45)["backup"] == 0.0
    moved = changes(before, after, 0.45)
    assert len(moved) == len(MEASURES)
    assert {each.move for each in moved} == {Move.BETTER}
    assert {each.move for each in changes(after, before, 0.45)} == {Move.WORSE}
    assert {each.move for each in changes(after, after, 0.45)} == {Move.SAME}
    assert moved[0].difference == pytest.approx(1.0)


def test_what_moved_most_comes_first():
    old = Column("A", SPRING, Maturity.uniform(0.5))
    new = Column("A", AUTUMN, Maturity.uniform(0.5).with_level("data", 0.1).with_level("edr", 0.8))
    assert [each.measure for each in changes(old, new, 0.45)][:2] == ["data", "edr"]
