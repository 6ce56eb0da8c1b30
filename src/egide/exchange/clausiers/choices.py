"""The questions of a framework's requirement: kept as text, and as an answer scale when their choices make one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from egide import plain
from egide.clausier.model import Level
from egide.exchange.clausiers.foreign import clean
from egide.message import Text

Said = Callable[[Mapping[str, Any], str], Text]

RESULTS: Mapping[str, Decimal | None] = {
    "true": Decimal(1), "compliant": Decimal(1), "partially_compliant": Decimal("0.5"), "false": Decimal(0),
    "non_compliant": Decimal(0), "not_applicable": None, "not_assessed": None,
}  # fmt: skip
BETWEEN = ("good", "partial", "weak")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Choice:
    """A possible answer; `value` from 0 to 1, None if the file gives it none."""

    text: Text
    score: Decimal | None = None
    result: str = ""
    selects: bool = False


@dataclass(frozen=True)
class Question:
    """A question of a requirement."""

    text: Text
    kind: str = "text"
    choices: tuple[Choice, ...] = field(default=())
    conditional: bool = False

    @property
    def scored(self) -> bool:
        """Whether a choice carries a score or a result."""
        return any(choice.score is not None or choice.result for choice in self.choices)

    @property
    def selects(self) -> int:
        """Return how many choices select implementation groups."""
        return sum(choice.selects for choice in self.choices)


def questions(node: Mapping[str, Any], said: Said) -> list[Question]:
    """Return the questions of a node, in the forms of all versions of the format: by URN, in a list, under one scale."""
    return [_question(each, scale, said) for each, scale in _given(node)]


def _given(node: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    given = node.get("questions") or node.get("question") or {}
    scale: Mapping[str, Any] = {}
    if isinstance(given, dict) and isinstance(given.get("questions"), list):
        given, scale = given["questions"], given
    elif isinstance(given, dict) and "text" in given and not isinstance(given["text"], dict):
        given = [given]
    for each in given.values() if isinstance(given, dict) else given if isinstance(given, list) else ():
        yield (each if isinstance(each, dict) else {"text": each}), scale


def _question(data: Mapping[str, Any], scale: Mapping[str, Any], said: Said) -> Question:
    options = (
        data.get("choices")
        or data.get("question_choices")
        or data.get("options")
        or scale.get("question_choices")
        or []
    )
    kind = clean(data.get("type") or data.get("question_type") or scale.get("question_type")) or "text"
    return Question(
        said(data, "text"),
        kind,
        tuple(_choice(each, said) for each in options if each is not None) if isinstance(options, list) else (),
        bool(data.get("depends_on")),
    )


def _choice(data: object, said: Said) -> Choice:
    if not isinstance(data, dict):
        return Choice(said({"value": data}, "value"))
    return Choice(
        said(data, "value"),
        score(data.get("add_score")),
        clean(data.get("compute_result")).lower(),
        bool(data.get("select_implementation_groups")),
    )


def score(written: object) -> Decimal | None:
    """Return a score as a number, None when it is not one."""
    text = clean(written)
    try:
        return plain.decimal(text) if text else None
    except ValueError:
        return None


def levels(asked: list[Question]) -> tuple[Level, ...] | None:
    """Return the answer scale that the one scored question of a single choice makes, None when there is none."""
    scored = [each for each in asked if each.scored]
    if len(scored) != 1 or scored[0].kind != "unique_choice":
        return None
    options = scored[0].choices
    values = _values(options)
    given = sorted({value for value in values if value is not None}, reverse=True)
    if len(given) < 2 or given[0] != 1 or given[-1] != 0:
        return None
    made = []
    for rank, value in enumerate(given):
        texts = [choice.text for choice, own in zip(options, values, strict=True) if own == value]
        made.append(Level(_code(rank, given), value, _either(texts)))
    unclear = [choice.text for choice, own in zip(options, values, strict=True) if own is None]
    if unclear:
        made.insert(len(made) - 1, Level("to_clarify", None, _either(unclear)))
    return tuple(made)


def _values(options: tuple[Choice, ...]) -> list[Decimal | None]:
    """Return the value of each choice from 0 to 1: from the scores, else from the results."""
    scores = [choice.score for choice in options if choice.score is not None]
    if len(set(scores)) > 1:
        low, high = min(scores), max(scores)
        return [None if choice.score is None else _share(choice.score - low, high - low) for choice in options]
    return [RESULTS.get(choice.result) for choice in options]


def _share(part: Decimal, whole: Decimal) -> Decimal:
    share = part / whole
    return share if share in {Decimal(0), Decimal(1)} else share.quantize(CENT)


def _code(rank: int, given: list[Decimal]) -> str:
    if rank in {0, len(given) - 1}:
        return "full" if rank == 0 else "below"
    if len(given) == 3:
        return "partial"
    return BETWEEN[rank - 1] if len(given) <= 5 else f"level_{rank + 1}"


def _either(texts: list[Text]) -> Text:
    return Text(" / ".join(text.fr for text in texts if text.fr), " / ".join(text.en for text in texts if text.en))


def as_text(asked: list[Question], *, with_choices: bool = False) -> Text:
    """Return the questions one a line, with their choices if asked for."""
    return Text(
        *(
            "\n".join(_line(each, language, with_choices) for each in asked if getattr(each.text, language))
            for language in ("fr", "en")
        )
    )


def _line(asked: Question, language: str, with_choices: bool) -> str:
    options = [getattr(choice.text, language) for choice in asked.choices if getattr(choice.text, language)]
    return (
        f"{getattr(asked.text, language)} ({' / '.join(options)})"
        if options and with_choices
        else getattr(asked.text, language)
    )
