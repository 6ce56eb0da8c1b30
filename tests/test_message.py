from datetime import UTC, date, datetime
from decimal import Decimal

from egide import locale
from egide.message import Message, Text, message, render


def test_values_are_written_as_people_of_the_language_write_them():
    said = message(
        "{price} le {day} à {instant}, {parts}",
        price=Decimal("12.50"),
        day=date(2026, 9, 1),
        instant=datetime(2026, 9, 1, 12, 30, tzinfo=UTC),
        parts=("a", Text("un", "one")),
    )
    assert str(said) == "12,50 le 01/09/2026 à 01/09/2026 12:30, a, un"
    assert render(said, "en") == "12.50 le 2026-09-01 à 2026-09-01 12:30, a, one"


def test_a_message_may_hold_a_message():
    assert str(message("non : {why}", why=message("le lot {lot} manque", lot=2))) == "non : le lot 2 manque"


def test_a_value_may_be_called_text():
    assert str(message("« {text} »", text="oui")) == "« oui »"


def test_a_text_known_in_one_language_is_said_in_it():
    assert Text("oui", "yes").say("en") == "yes"
    assert Text("oui").say("en") == "oui"
    assert Text(en="yes").say("fr") == "yes"


def test_french_is_the_source_and_english_comes_from_the_catalogue():
    said = Message("clé inconnue")
    assert locale.say(said) == "clé inconnue"
    assert locale.say(said, "en") == "unknown key"
    assert locale.say(Text("a", "b"), "en") == "b"
