"""The crisis kit: what is the same for all, what is the house's own, and what is missing is said, never invented."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide import plain, reference
from egide.exercise.assessment import advised
from egide.exercise.clock import Standing
from egide.exercise.crisis import (
    LINES,
    Contact,
    CrisisKit,
    Directory,
    Establishment,
    Insurance,
    Line,
    Person,
    Supplier,
    later,
)
from egide.exercise.crisis_making import DOTS, kit, named
from egide.exercise.making import places
from egide.exercise.module import Setting
from egide.finding import Severity
from egide.message import Text

ON = date(2026, 11, 23)
WHOLE = Person("director", "Mme Arnoult", "04", "06", "M. Berre", "07")
GUIDE = reference.crisis()
LIBRARY = reference.exercises()
FUNCTIONS = {each.code: each for each in LIBRARY.functions}


def made(house: Establishment, on: date = ON) -> CrisisKit:
    return kit(GUIDE, reference.clocks(), LIBRARY, house, on)


def house(setting: Setting = Setting.PRACTICE, directory: Directory | None = None, **values: str) -> Establishment:
    return Establishment(setting, "Maison de santé du Pont", values, directory or Directory())


def codes(held: CrisisKit) -> list[str]:
    return [each.code.removeprefix("crisis.") for each in held.findings]


def texts(held: Iterable[Text]) -> Iterable[Text]:
    for each in held:
        assert each.fr.strip()
        assert each.en.strip()
        yield each


# ------------------------------------------------------------------------------------------------- what is shared by all
def test_a_card_for_each_function_that_exists_somewhere() -> None:
    for setting in Setting:
        held = {each.function for each in made(house(setting)).cards}
        assert {code for code, each in FUNCTIONS.items() if not each.settings or setting in each.settings} == held


def test_cards_are_short_and_say_what_not_to_do() -> None:
    for card in GUIDE.cards:
        assert card.never, card.function
        assert len(card.steps) + len(card.never) <= LINES, card.function
        for each in texts((*card.steps, *card.never)):
            assert max(len(each.fr), len(each.en)) <= 120, each
        for each in card.never:
            assert each.fr.startswith("Ne "), each


def test_forms_have_as_many_columns_as_heads() -> None:
    assert len({each.code for each in GUIDE.forms}) == len(GUIDE.forms)
    for form in GUIDE.forms:
        assert len(form.heads) == len(form.widths.split()), form.code
        assert bool(form.lines) != bool(form.rows), form.code
        assert list(texts((form.title, form.use, *form.fields, *form.rows[:1]))), form.code


def test_every_place_named_is_a_place_of_the_exercises() -> None:
    known = {each.code for each in LIBRARY.places}
    named = [each.text for each in GUIDE.statements] + [step for card in GUIDE.cards for step in card.steps]
    for each in texts(named):
        assert places(each) <= known
        assert "xercice" not in each.fr


def test_a_number_has_a_source_and_the_day_it_was_seen() -> None:
    for each in GUIDE.contacts:
        assert bool(each.telephone or each.address) == bool(each.source) == bool(each.seen_on), each.code


def test_the_cell_that_is_needed_exists_where_it_is_needed() -> None:
    for setting in Setting:
        known = {each.code for each in made(house(setting)).functions}
        assert set(GUIDE.needed[setting]) <= known


def test_three_clocks_of_72_hours_start_from_three_events_and_no_bill_is_law() -> None:
    clocks = reference.clocks()
    of_72 = [each for each in clocks.clocks if each.delay.hours == 72]
    assert len({each.starts for each in of_72}) == len(of_72) == 3
    assert {each.id for each in clocks.bills} == {"nis2_24", "nis2_72", "nis2_month"}
    for each in clocks.clocks:
        assert each.starts in clocks.start
        assert list(texts((each.title, each.law, each.source, each.concerned, each.exception, each.to, each.how)))
        assert each.state is Standing.IN_FORCE or "NIS 2" in each.title.fr


@pytest.mark.parametrize("setting", list(Setting))
def test_the_assessment_reaches_its_highest_level_with_the_best_answers_and_the_lowest_with_the_worst(
    setting: Setting,
) -> None:
    assessment = reference.assessment()
    asked = assessment.asked(setting)
    assert 8 <= len(asked) <= 10
    best = advised(assessment, setting, {each.id: each.answers[-1].id for each in asked})
    worst = advised(assessment, setting, {each.id: each.answers[0].id for each in asked})
    assert (best.level, worst.level) == (3, 1)


# ------------------------------------------------------------------------------------------------------ its own words
def test_places_take_the_own_word_or_a_dotted_line_never_the_example() -> None:
    own = made(house(outside_lab="Laboratoire Mérance"))
    lines = [step.fr for card in own.cards for step in card.steps]
    assert any("Laboratoire Mérance" in each for each in lines)
    bare = made(house(outside_lab="  "))
    dotted = next(step for card in bare.cards for step in card.steps if DOTS in step.fr)
    assert "Laboratoire de ville" in dotted.fr
    assert "Outside laboratory" in dotted.en
    for place in LIBRARY.places:
        assert not any(place.example.fr in text.text.fr for text in bare.statements if place.code != "date")
    assert any("Maison de santé du Pont" in each.text.fr for each in bare.statements)


def test_a_kit_asks_only_for_the_words_that_its_setting_names() -> None:
    asked = {setting: named(GUIDE, LIBRARY, setting) for setting in Setting}
    assert {"establishment", "outside_lab"} <= asked[Setting.PRACTICE]
    assert "neighbour" in asked[Setting.HOSPITAL]
    assert "neighbour" not in asked[Setting.PRACTICE]
    assert "pharmacy_town" not in asked[Setting.HOSPITAL]


def test_the_hours_of_the_policy_are_counted_where_it_gives_some() -> None:
    by_hours = {
        hours: made(house(directory=Directory(insurance=Insurance("H", hours=hours)))) for hours in (None, 0, 48)
    }
    told = {hours: {each.id: each.delay.hours for each in held.clocks.clocks} for hours, held in by_hours.items()}
    assert [told[hours]["insurer"] for hours in (None, 0, 48)] == [0, 0, 48]
    assert told[48]["complaint"] == 72
    assert "ose" not in told[48]


def test_the_own_number_comes_before_the_common_one() -> None:
    lines = (Line("ars", " 04 11 ", "la nuit"), Line("cert_sante", "01 23"), Line("police"))
    called = {each.contact.code: each for each in made(house(directory=Directory(contacts=lines))).contacts}
    assert (called["ars"].telephone, called["ars"].note) == ("04 11", "la nuit")
    assert called["cert_sante"].telephone == "01 23"
    assert called["police"].telephone == ""
    assert called["seventeen"].contact.address == "17cyber.gouv.fr"
    assert "samu" not in called


def test_what_a_file_holds_is_read_as_it_is_and_written_back() -> None:
    data = {
        "setting": "home",
        "name": "EHPAD Les Tilleuls",
        "values": {"record": "Residia"},
        "directory": {
            "checked_on": "2026-11-20",
            "people": [{"function": "director", "name": "Mme Arnoult"}],
            "suppliers": [{"name": "Orvelis", "always": "oui"}],
            "insurance": {"insurer": "aucun", "hours": "48"},
        },
    }
    read = plain.structure(data, Establishment, "ehpad.yaml")
    assert read.directory.suppliers[0].always
    assert read.texts == {"record": Text("Residia")}
    assert plain.structure(plain.unstructure(read), Establishment, "again") == read


# ------------------------------------------------------------------------------------------------------ what is missing
def full(setting: Setting = Setting.PRACTICE) -> Establishment:
    people = tuple(replace(WHOLE, function=code) for code in GUIDE.needed[setting])
    lines = tuple(Line(each.code, "01") for each in GUIDE.contacts)
    directory = Directory(
        ON, "Salle", "Repli", "Mobiles", "Armoire", "Coffre", people,
        (Supplier("Orvelis", "Residia", "C-1", "01", always=True),), Insurance("Hexarque", "P-1", "01", 48), lines,
    )  # fmt: skip
    return house(setting, directory)


@pytest.mark.parametrize("setting", list(Setting))
def test_nothing_is_missing_from_a_full_directory(setting: Setting) -> None:
    held = made(full(setting))
    assert held.findings == ()
    assert held.missing == ()
    assert (held.numbers_until, held.until) == (date(2027, 2, 23), date(2027, 11, 23))


def test_an_empty_directory_is_printed_with_all_that_it_lacks() -> None:
    held = made(house())
    assert codes(held)[:9] == [
        "checked",
        "room",
        "means",
        "paper",
        "backups",
        "person",
        "person",
        "person",
        "suppliers",
    ]
    assert {each.code for each in held.missing} == set(GUIDE.needed[Setting.PRACTICE])
    assert {each.severity for each in held.findings} == {Severity.DOUBT}
    assert held.numbers_until is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"checked_on": date(2026, 8, 22)}, ["expired"]),
        ({"checked_on": date(2026, 8, 23)}, []),
        ({"checked_on": date(2026, 11, 24)}, ["checked.future"]),
        ({"room": " "}, ["room"]),
        ({"suppliers": (Supplier("Orvelis"),)}, ["supplier.telephone", "supplier.contract"]),
        ({"suppliers": (Supplier("Orvelis", contract="C", telephone="01"),)}, ["supplier.hours"]),
        ({"insurance": Insurance("Aucun ")}, []),
        ({"insurance": Insurance("Hexarque")}, ["insurance.policy", "insurance.telephone", "insurance.hours"]),
        ({"insurance": Insurance()}, ["insurance"]),
    ],
)
def test_what_is_missing_is_said(change: dict[str, object], expected: list[str]) -> None:
    directory = replace(full().directory, **change)  # type: ignore[arg-type]
    assert codes(made(house(directory=directory))) == expected


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person("director", "Mme Arnoult"), ["telephone", "night", "stand_in"]),
        (replace(WHOLE, stand_in_telephone=" "), ["stand_in.telephone"]),
        (replace(WHOLE, function="captain"), ["function"]),
        (Person("reception", "", night="06"), ["telephone", "stand_in"]),
    ],
)
def test_somebody_without_a_number_for_the_night_or_a_stand_in_is_said(person: Person, expected: list[str]) -> None:
    directory = full().directory
    found = made(house(directory=replace(directory, people=(*directory.people, person))))
    assert codes(found) == expected


def test_lines_left_blank_in_a_model_file_are_no_lines() -> None:
    directory = replace(full().directory, people=(Person("director", " "),), suppliers=(Supplier(" "),))
    held = made(house(directory=directory))
    assert held.establishment.directory.people == ()
    assert held.establishment.directory.suppliers == ()
    assert codes(held) == ["person", "person", "person", "suppliers"]


def test_a_contact_that_depends_on_the_place_must_be_written_and_an_unknown_one_is_an_error() -> None:
    held = made(house(directory=replace(full().directory, contacts=(Line("mairie", "01"),))))
    assert codes(held)[-1] == "contact.unknown"
    assert held.findings[-1].severity is Severity.ERROR
    assert held.findings[-1].read == "mairie"
    said = {each.understood.values["title"].fr for each in held.findings[:-1]}  # type: ignore[attr-defined]
    blank = [each for each in GUIDE.contacts if not each.telephone and not each.address and _in_practice(each)]
    assert said == {each.title.fr for each in blank}


def _in_practice(contact: Contact) -> bool:
    return not contact.settings or Setting.PRACTICE in contact.settings


@given(st.dates(date(1900, 1, 1), date(2199, 1, 1)), st.integers(0, 40))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    ends = later(day, months)
    assert (ends.year - day.year) * 12 + ends.month - day.month == months
    assert ends.day == day.day or (ends.day < day.day and later(ends, 0) == ends and ends.day >= 28)
    assert later(day, months + 1) > ends
