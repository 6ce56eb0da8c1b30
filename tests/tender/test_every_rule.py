"""No rule without its test: each is named by one, or has a file of its own."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from egide import reference

TESTS = Path(__file__).parent.parent
NAMED = {
    number
    for path in TESTS.rglob("test_*.py")
    for name in re.findall(r"^def test_((?:[rR]\d+_)+)", path.read_text(encoding="utf-8"), re.M)
    for number in re.findall(r"\d+", name)
}
OWN = {
    "R30": ("exchange/test_bid_documents.py", "tender/procedure/test_candidacies.py"),
    "R44": ("report/test_canary.py",),
}


@pytest.mark.parametrize("rule", sorted({rule.id for rule in reference.rules().rules}))
def test_a_rule_has_its_test(rule):
    assert rule.removeprefix("R") in NAMED or all((TESTS / path).exists() for path in OWN[rule])


def test_rules_are_dated_without_overlap_and_sourced():
    by_id: dict[str, list] = {}
    for rule in reference.rules().rules:
        by_id.setdefault(rule.id, []).append(rule)
        assert rule.article
        assert rule.title.fr != rule.title.en
        assert len(rule.why.fr.split()) <= 70
    for versions in by_id.values():
        for earlier, later in pairwise(versions):
            assert earlier.until is not None
            assert later.since is not None
            assert (later.since - earlier.until).days == 1
