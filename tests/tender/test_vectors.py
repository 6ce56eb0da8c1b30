"""The published vectors, read from a file that a buyer can read."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from builders import bid, clausier, marks, note, price_and_technical, rules, tender
from egide import plain
from egide.tender.evaluation import Status, evaluate

FILE = Path(__file__).parent.parent / "cases" / "tender" / "vectors.yaml"
CASES = plain.parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name)


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_vector(case):
    criteria = price_and_technical(case["weights"]["price"], case["weights"]["technical"], case["formula"])
    given = case["bids"]
    result = evaluate(
        tender(criteria, names="".join(given)),
        clausier(),
        rules(),
        [bid(name, given[name]["price"]) for name in given],
        marks(*(note(name, given[name]["technical"]) for name in given)),
    )
    assert result.status is Status.FINAL
    shown = {row.key.tenderer: str(row.total.quantize(Decimal("0.01"), ROUND_HALF_UP)) for row in result.ranking}
    assert shown == case["totals"]
    assert {row.key.tenderer: str(row.rank) for row in result.ranking} == case["ranks"]
