from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from egide.locale import say
from egide.web.establishments.definitions import BY_CODE, DEFINITIONS, GROUPS
from egide.web.establishments.shares import RULES, shares

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)
CODES = sorted({code for rule in RULES for code in (*rule.parts, *rule.whole)})
FIGURES = st.dictionaries(st.sampled_from(CODES), st.dictionaries(st.integers(2020, 2024), AMOUNTS, max_size=4))


def test_the_share_of_the_last_year_of_which_all_is_known():
    figures = {
        "spending": {2023: Decimal(80_000_000), 2024: Decimal(90_000_000)},
        "it_running": {2023: Decimal(1_200_000), 2024: Decimal(1_500_000), 2025: Decimal(9)},
        "it_investment": {2023: Decimal(800_000)},
        "security": {2023: Decimal(150_000)},
    }
    digital, security = shares(figures)
    assert (digital.year, say(digital.shown, "fr")) == (2024, "1,67\u00a0%")
    assert (security.year, security.percent) == (2023, Decimal("7.5"))


def test_what_is_missing_is_named():
    digital, security = shares({"it_running": {2024: Decimal(1)}})
    assert (digital.percent, digital.lacks) == (None, ("spending",))
    assert [each.fr for each in digital.missing] == ["Dépenses d’exploitation"]
    assert security.lacks == ("security", "it_investment")


def test_facts_of_different_years_make_no_share():
    digital, _ = shares({"it_running": {2024: Decimal(1)}, "spending": {2023: Decimal(100)}})
    assert digital.percent is None
    assert digital.lacks == ("it_running", "spending")


@given(FIGURES)
def test_a_share_is_never_negative_and_a_part_of_a_whole_is_at_most_the_whole(figures):
    for share in shares(figures):
        assert (share.percent is None) == (share.year is None) == bool(share.lacks)
        if share.year is not None:
            parts = [figures[code][share.year] for code in share.rule.parts]
            whole = [figures[code][share.year] for code in share.rule.whole]
            assert share.percent >= 0
            assert (share.percent <= 100) == (sum(parts) <= sum(whole))
            later = [year for year in range(share.year + 1, 2030) if all(year in figures[c] for c in (*share.rule.parts, *share.rule.whole))]  # fmt: skip
            assert all(sum(figures[code][year] for code in share.rule.whole) == 0 for year in later)


def test_the_tables_agree():
    assert len(BY_CODE) == len(DEFINITIONS)
    assert {each.group for each in DEFINITIONS} == {each.code for each in GROUPS}
    assert {code for rule in RULES for code in (*rule.parts, *rule.whole)} <= BY_CODE.keys()
    assert all(each.title.fr and each.title.en and bool(each.says.fr) == bool(each.says.en) for each in DEFINITIONS)
    assert all(each.seen and each.source.fr and each.source.en for rule in RULES for each in rule.references)
