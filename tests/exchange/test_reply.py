"""Each case of tests/cases/answers.yaml, as a buyer reads it."""

from pathlib import Path

import pytest

from egide import plain
from egide.clausier.model import Expects
from egide.exchange.reply import understand
from egide.tender.model import Condition, Declared

CASES = plain.parse_yaml(
    (Path(__file__).parents[1] / "cases" / "answers.yaml").read_text(encoding="utf-8"), "answers.yaml"
)
DECLARED = {
    "oui": Declared.YES,
    "non": Declared.NO,
    "partiel": Declared.PARTIAL,
    "décrit": Declared.DESCRIBED,
    "sans objet": Declared.NA,
    "vide": Declared.BLANK,
}
CONDITIONS = {
    "aucune": Condition.NONE,
    "réserve": Condition.RESERVE,
    "futur": Condition.FUTURE,
    "option payante": Condition.PAID_OPTION,
    "établissement": Condition.CUSTOMER_DEPENDENCY,
    "inconnue": Condition.UNKNOWN,
}
EXPECTS = {"position": Expects.STATEMENT, "valeur": Expects.VALUE, "document": Expects.DOCUMENT}
KEYS = {
    "réponse",
    "commentaire",
    "justificatif",
    "attend",
    "légende",
    "compris",
    "condition",
    "document",
    "section",
    "doutes",
}


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case['réponse'][:30]}" for n, case in enumerate(CASES, 1)])
def test_answer_is_understood(case):
    assert set(case) <= KEYS
    said = understand(
        case["réponse"].replace("\\n", "\n") if case["réponse"] else "",
        case.get("commentaire", ""),
        case.get("justificatif", ""),
        EXPECTS[case.get("attend", "position")],
        DECLARED[case["légende"]] if "légende" in case else None,
    )
    assert said.declared is DECLARED[case["compris"]]
    assert said.condition is CONDITIONS[case.get("condition", "aucune")]
    assert list(said.doubts) == case.get("doutes", [])
    assert (said.pointer.document if said.pointer else None) == case.get("document")
    assert (said.pointer.section if said.pointer else "") == case.get("section", "")


def test_there_are_enough_cases():
    assert len(CASES) >= 60
