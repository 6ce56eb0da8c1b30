"""Parameters are frozen: a change without a new entry in the history is a failure, and every result says it."""

from dataclasses import replace
from decimal import Decimal

from egide import reference

LIBRARY, PUBLISHED, FREEZES = reference.risk_library(), reference.national_figures(), reference.freezes()


def test_the_library_and_the_figures_are_the_frozen_ones():
    """After a change on purpose: add an entry with its reason to frozen.yaml, run tools/risk_backtest.py."""
    assert FREEZES.last.library == LIBRARY.digest
    assert FREEZES.last.figures == PUBLISHED.digest
    assert FREEZES.departure(LIBRARY, PUBLISHED) is None


def test_the_stored_back_test_is_that_of_the_frozen_parameters():
    stored = reference.backtest()
    assert (stored.library, stored.figures) == (FREEZES.last.library, FREEZES.last.figures)


def test_the_history_is_in_order_and_gives_its_reasons():
    days = [each.day for each in FREEZES.entries]
    assert days == sorted(days)
    assert all(each.reason.fr and each.reason.en for each in FREEZES.entries)


def test_what_the_user_changed_is_said():
    changed = LIBRARY.overridden({"private.malicious": {"value": "0.4", "low": "0.2", "high": "0.9"}})
    assert "1" in str(FREEZES.departure(changed, PUBLISHED))


def test_another_library_and_other_figures_are_said():
    _effect, *others = LIBRARY.effects
    other = replace(LIBRARY, effects=tuple(others))
    assert "figés" in str(FREEZES.departure(other, PUBLISHED))
    first, *figures = PUBLISHED.figures
    moved = replace(PUBLISHED, figures=(replace(first, published=(Decimal(1),)), *figures))
    assert "chiffres publiés" in str(FREEZES.departure(LIBRARY, moved))
