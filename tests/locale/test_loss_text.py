"""The names of the parts of a loss study, as people read them."""

import pytest

from egide.locale.loss_text import NAMES, name


@pytest.mark.parametrize(
    ("code", "french", "english"), [("own", "frais propres", "own costs"), ("fines", "amendes", "fines")]
)
def test_a_short_key_of_ours_is_said_in_words(code, french, english):
    assert name(code, "fr") == french
    assert name(code, "en") == english


def test_the_name_of_a_file_is_kept():
    assert "rançongiciel" not in NAMES
    assert name("rançongiciel", "en") == "rançongiciel"
