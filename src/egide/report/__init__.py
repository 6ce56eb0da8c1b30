"""Documents for people and for machines, made from an evaluation that is already decided."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from egide.finding import Finding
from egide.message import Language
from egide.report import record
from egide.report.naming import bid_name
from egide.report.record import Record, rounded
from egide.tender.evaluation import Evaluation, Status
from egide.tender.model import Tender

__all__ = ["JSON", "MATRIX", "RAO", "bid_name", "rounded", "write", "write_precisions", "write_record"]

RAO = "rapport-analyse-offres.pdf"
MATRIX = "matrice.xlsx"
JSON = "evaluation.json"


def write(
    evaluation: Evaluation, findings: Iterable[Finding], out: Path, language: Language, on: date, seed: int = 0
) -> list[Path]:
    """Write the files of an evaluation into `out` and return their paths: all of them or none.

    A provisional evaluation has a watermarked matrix and no analysis report.
    """
    return write_record(Record(evaluation, tuple(findings), language, on, seed), out)


def write_record(kept: Record, out: Path) -> list[Path]:
    """Write the files of a record; see `write`."""
    from egide.report import matrix, rao  # noqa: PLC0415 (typst and the workbook writer only where they serve)

    contents = {RAO: rao.pdf(kept)} if kept.evaluation.status is Status.FINAL else {}
    contents |= {MATRIX: matrix.workbook(kept), JSON: record.text(kept).encode()}
    return _place(contents, out, (RAO, MATRIX, JSON))


def write_precisions(
    findings: Iterable[Finding], tender: Tender, out: Path, language: Language, on: date
) -> list[Path]:
    """Write the page to send to each tenderer whose files leave a doubt, and return their paths: all or none."""
    from egide.report import precisions  # noqa: PLC0415 (typst only where it serves)

    return _place(precisions.pages(findings, tender, on, language), out)


def _place(contents: dict[str, bytes], out: Path, known: Iterable[str] = ()) -> list[Path]:
    """Put the files in place, each whole; of the `known` names, one that this run does not write is taken away."""
    out.parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, content in contents.items():
            (waiting / name).write_bytes(content)
        out.mkdir(exist_ok=True)
        for name in contents:
            os.replace(waiting / name, out / name)  # noqa: PTH105 (atomic, and says so)
        for name in set(known) - contents.keys():
            (out / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return [out / name for name in contents]
