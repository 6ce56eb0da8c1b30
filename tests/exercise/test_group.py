"""A hospital group: who did what when, who is late, which functions took part."""

from datetime import date

from egide.exercise.group import Held, Member, group, sheet
from egide.exercise.record import Origin, Presence
from egide.exercise.validity import Duty, Verdict
from egide.message import Text

ON, SINCE = date(2026, 11, 23), date(2025, 11, 24)
TITLES = {
    "wards": Text("Services", "Wards"),
    "it": Text("Informatique", "IT"),
    "director": Text("Direction", "Management"),
}


def held(day, level=1, *presence, counts=True):
    on = date.fromisoformat(day)
    there = tuple(Presence(function, people) for function, people in presence)
    return Held(f"play-{day}", Text("Débutant"), level, on, Origin.LIVE, Verdict(counts, on.year, ()), there)


MEMBERS = (
    Member(
        "a",
        "CH de Valmorin",
        (held("2026-03-02", 2, ("director", 1), ("wards", 4)), held("2025-05-05", 1, ("wards", 9))),
    ),
    Member("b", "EHPAD Les Tilleuls", (held("2025-12-01", 1, ("director", 1), ("director", 2), ("it", 0)),)),
    Member("c", "CH de Sarlans", (held("2026-10-01", 3, ("it", 5), counts=False), held("2026-12-24", 1))),
    Member("d", "Centre du Pont"),
)
VIEW = group(MEMBERS, ON, SINCE)


def test_each_member_has_its_last_exercise_its_last_that_counted_and_its_duty():
    assert [(each.member.id, each.duty, each.due, each.level, each.exercises) for each in VIEW.rows] == [
        ("a", Duty.DONE, date(2027, 12, 31), 2, 1),
        ("b", Duty.DUE, date(2026, 12, 31), 1, 1),
        ("c", Duty.LATE, date(2025, 12, 31), None, 1),
        ("d", Duty.LATE, date(2025, 12, 31), None, 0),
    ]
    assert [each.counted.held_on.isoformat() if each.counted else "" for each in VIEW.rows] == [
        "2026-03-02",
        "2025-12-01",
        "",
        "",
    ]
    assert [each.last.held_on.isoformat() if each.last else "" for each in VIEW.rows] == [
        "2026-03-02",
        "2025-12-01",
        "2026-10-01",
        "",
    ]
    assert [each.member.id for each in VIEW.late] == ["c", "d"]


def test_participation_is_counted_by_function_over_the_period():
    assert VIEW.exercises == {"director": 2, "wards": 1, "it": 1}
    assert VIEW.people == {"director": 4, "wards": 4, "it": 5}
    assert VIEW.rows[1].people == {"director": 3}
    assert sum(VIEW.people.values()) == sum(sum(each.people.values()) for each in VIEW.rows)


def test_the_sheet_has_a_line_for_each_member_and_a_column_for_each_function_that_took_part():
    found = sheet(VIEW, {**TITLES, "nobody": Text("Personne")})
    assert [each.fr if isinstance(each, Text) else str(each) for each in found.heads][-3:] == [
        "Services",
        "Informatique",
        "Direction",
    ]
    assert {len(each) for each in found.rows} == {len(found.heads)}
    first, last = found.rows[0], found.rows[-1]
    assert (first[0], first[2:]) == (
        "CH de Valmorin",
        (date(2027, 12, 31), date(2026, 3, 2), 2, date(2026, 3, 2), 1, 4, 0, 1),
    )
    assert last[1].fr == "en retard"
    assert last[3:] == (None, None, None, 0, 0, 0, 0)
