"""The test bench of a method before publication, as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from egide.clausier.model import Clausier
from egide.finding import Finding
from egide.message import Language, Message
from egide.progress import Progress, silent
from egide.tender.model import Tender
from egide.tender.rules import Rules
from egide.tender.trial.bench import Bench, bench
from egide.tender.trial.findings import findings, verdict
from egide.tender.trial.law import Law


@dataclass(frozen=True)
class Tried:
    """A test bench, what it warns of, its verdict in words, its files by name (PDF, DOCX, JSON)."""

    bench: Bench
    findings: tuple[Finding, ...]
    verdict: Message
    files: Mapping[str, bytes]


def tried(
    tender: Tender,
    clausier: Clausier,
    rules: Rules,
    law: Law,
    *,
    language: Language,
    on: date,
    seed: int = 0,
    progress: Progress = silent,
) -> Tried:
    """Try the method of a consultation on simulated bids. `clausier` is narrowed to its points; `on` dates the files.

    Same inputs, same bytes. Raises DataError when the method is not complete or the law has no meaning; `progress` may
    raise Cancelled.
    """
    from egide.report import bench as document  # noqa: PLC0415 (the typesetter only where it serves)

    made = bench(tender, clausier, rules, law, seed, progress)
    found = tuple(findings(made, clausier))
    files = document.contents(made, found, language, on)
    return Tried(made, found, document.VERDICTS[verdict(found)], files)
