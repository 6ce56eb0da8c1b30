"""The robustness note of a ranking after opening, as files: internal, never beside the analysis report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from egide.message import Language, Message
from egide.progress import Progress, silent
from egide.tender.evaluation import Evaluation
from egide.tender.trial.robustness import Doubt, Robustness, robustness


@dataclass(frozen=True)
class Noted:
    """A robustness note, its short answer lot by lot, its files by name (PDF, DOCX, JSON)."""

    note: Robustness
    short: tuple[Message, ...]
    files: Mapping[str, bytes]


def noted(
    evaluation: Evaluation,
    doubt: Doubt,
    *,
    language: Language,
    on: date,
    seed: int = 0,
    progress: Progress = silent,
) -> Noted:
    """Try how firmly a ranking stands, by the published method only; `on` dates the files.

    Same inputs, same bytes. Raises DataError when the assumptions have no meaning, or when the kept ranking is not found
    again; `progress` may raise Cancelled.
    """
    from egide.report import robustness as document  # noqa: PLC0415 (the typesetter only where it serves)

    made = robustness(evaluation, doubt, seed, progress)
    return Noted(made, tuple(document.short(made, language)), document.contents(made, language, on))
