"""The spaces and the apostrophe of French."""

import pytest

from egide.locale.typography import THIN, french


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("Qui paie ?", f"Qui paie{THIN}?"),
        ("une part : 25 %", f"une part{THIN}: 25{THIN}%"),
        ("« oui »", f"«{THIN}oui{THIN}»"),
        ("l'offre d'un candidat", "l’offre d’un candidat"),
        ("1 234 567 €", f"1{THIN}234{THIN}567{THIN}€"),
        ("http://exemple.fr", "http://exemple.fr"),
        ("l'an 12 345 678", f"l’an 12{THIN}345{THIN}678"),
    ],
)
def test_a_space_that_is_written_becomes_that_of_french(written, set_as):
    assert french(written) == set_as
    assert french(set_as) == set_as
