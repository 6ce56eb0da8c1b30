"""Documents for people and for machines, made from an evaluation that is already decided."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.report import one_lot, record
from egide.report.naming import bid_name
from egide.report.procedure import Procedure
from egide.report.record import Record, rounded
from egide.tender.evaluation import Evaluation, Status
from egide.tender.model import Tender
from egide.tender.procedure.letter import Letter

__all__ = [
    "JSON",
    "MATRIX",
    "RAO",
    "RAO_DOCX",
    "REGISTER",
    "bid_name",
    "documents",
    "place",
    "rounded",
    "write",
    "write_new",
    "write_precisions",
    "write_procedure",
    "write_record",
]

RAO, RAO_DOCX = "rapport-analyse-offres.pdf", "rapport-analyse-offres.docx"
OF_LOT = "rapport-analyse-offres-{lot}.{kind}"
MATRIX = "matrice.xlsx"
JSON = "evaluation.json"
REGISTER = "sommaire.json"
WAITING = ".egide-"
"""How the name of a folder begins where files wait to be put in place."""


def write(
    evaluation: Evaluation, findings: Iterable[Finding], out: Path, language: Language, on: date, seed: int = 0
) -> list[Path]:
    """Write the files of an evaluation into `out` and return their paths: all of them or none.

    A provisional evaluation has a watermarked matrix and no analysis report. When there are several lots, each also has
    a report of its own, which holds nothing of the other lots' bids.
    """
    return write_record(Record(evaluation, tuple(findings), language, on, seed), out)


def documents(kept: Record) -> dict[str, bytes]:
    """Return the files of a record by name; see `write`. Same record, same bytes."""
    from egide.report import matrix, risk_cost  # noqa: PLC0415 (typst and the workbook writer only where they serve)
    from egide.report.rao import document as rao  # noqa: PLC0415 (typst and the workbook writer only where they serve)

    contents: dict[str, bytes] = {}
    if kept.evaluation.status is Status.FINAL:
        contents = {RAO: rao.pdf(kept), RAO_DOCX: rao.docx(kept)}
        contents |= risk_cost.files(kept)
        for lot in one_lot.lots(kept.evaluation):
            contents[OF_LOT.format(lot=lot, kind="pdf")] = rao.pdf(kept, lot)
            contents[OF_LOT.format(lot=lot, kind="docx")] = rao.docx(kept, lot)
    contents[MATRIX] = matrix.workbook(kept)
    told = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    return {**contents, JSON: record.text(kept, told).encode()}


def write_record(kept: Record, out: Path) -> list[Path]:
    """Write the files of a record; see `write`. Raises DataError when a document that somebody changed would be lost."""
    contents = documents(kept)
    written = record.documents(out / JSON)
    if written is None:
        written = dict.fromkeys((RAO, RAO_DOCX, MATRIX), "")
    else:
        _untouched({name: content for name, content in contents.items() if name != JSON}, written, out)
    return place(contents, out, written)


def _untouched(contents: Mapping[str, bytes], written: Mapping[str, str], out: Path) -> None:
    """Refuse to write over, or to take away, a document that somebody changed since an earlier run wrote it."""
    touched = [
        name
        for name in sorted({*contents, *written})
        if (out / name).is_file()
        and (present := (out / name).read_bytes()) != contents.get(name)
        and hashlib.sha256(present).hexdigest() != written.get(name)
    ]
    if touched:
        found = [
            Finding(
                "report.edited",
                Severity.ERROR,
                message("ce document a été modifié depuis qu'il a été écrit, ou ne vient pas d'ici"),
                message("Le déplacer, ou choisir un autre dossier de sortie."),
                name,
            )
            for name in touched
        ]
        raise DataError(message("un document de {out} serait perdu : rien n'a été écrit", out=out), tuple(found))


def write_new(contents: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write files that a person will work on, all or none, and return their paths.

    Raises DataError when one of them is already there and differs: nobody's work is written over.
    """
    taken = [
        name for name, content in contents.items() if (out / name).exists() and (out / name).read_bytes() != content
    ]
    if taken:
        raise DataError(
            message("{out} contient déjà d'autres versions de : {names}. Choisir un autre dossier, ou les déplacer.", out=out, names=tuple(taken))
        )  # fmt: skip
    return place(contents, out)


def write_precisions(
    findings: Iterable[Finding], tender: Tender, out: Path, language: Language, on: date
) -> list[Path]:
    """Write the page to send to each tenderer whose files leave a doubt, and return their paths: all or none."""
    from egide.report import precisions  # noqa: PLC0415 (typst only where it serves)

    return place(precisions.pages(findings, tender, on, language), out)


def write_procedure(
    procedure: Procedure, letters: Iterable[Letter], found: Iterable[Finding], out: Path
) -> tuple[list[Path], list[Finding]]:
    """Write the documents of the record of a procedure, all or none, and return their paths and what was found.

    What an earlier run wrote and is due no more goes; what somebody changed since stays as it is.
    """
    from egide.report import record_write  # noqa: PLC0415 (typst only where it serves)

    contents, more = record_write.contents(procedure, letters, found, out)
    return place(contents, out, record_write.stale(out)), more


def place(contents: Mapping[str, bytes], out: Path, known: Iterable[str] = ()) -> list[Path]:
    """Put files in a folder, all or none, each whole, over those of the same name; return their paths.

    Of the `known` names, one that this run does not write is taken away.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=WAITING, dir=out.parent))
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
