"""What pages say instead of sentences that speak of the files of the command line."""

import re
from string import Formatter

import pytest
from django.utils import translation

from egide.locale import say, translator
from egide.message import Message, message
from egide.web.design import wording
from egide.web.design.words import in_both, said

CONSOLE = re.compile(r"\.ya?ml|\.csv|\begide [a-z]|--[a-z]|docs/")
PAIRS = sorted(wording.ON_PAGES.items())


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("console", "page"), PAIRS)
def test_a_page_never_speaks_of_the_command_line(console, page):
    assert CONSOLE.search(page) is None
    assert CONSOLE.search(translator("en")(page)) is None
    assert places(page) <= places(console)


@pytest.mark.parametrize("console", sorted(wording.ON_PAGES))
def test_the_sentence_of_the_command_line_is_still_one_of_the_catalogue(console):
    assert translator("en")(console) != console


@pytest.mark.parametrize(("language", "expected"), [("fr", "Corriger prix.csv ou la consultation."), ("en", "Correct prix.csv or the consultation.")])  # fmt: skip
def test_the_values_stay_in_the_sentence_of_the_page(language, expected):
    with translation.override(language):
        assert said(message("Corriger {file} ou tender.yaml.", file="prix.csv")) == expected


def test_what_fills_a_place_is_said_as_pages_say_it_too():
    missing = message("l'adresse de l'acheteur (buyer.address dans tender.yaml)")
    whole = Message("{what}", {"what": (missing, "rien")})
    assert in_both(whole)["fr"] == "l’adresse de l’acheteur (étape 1), rien"
    assert in_both(Message("{what}", {"what": missing}))["en"] == "the address of the buyer (step 1)"


def test_any_other_sentence_is_left_alone():
    assert wording.kept(message("Corrigez l’une des deux dates.")) == message("Corrigez l’une des deux dates.")
    assert say(wording.kept(message("nom inconnu de tender.yaml"))) == "nom inconnu de la consultation"
