"""The folder of a consultation, as the command line knows it: laid out on disk for a reading, and taken back in rows."""

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from egide import plain, reference
from egide.exchange import journal_file
from egide.exchange.deposits.intake import ASIDE
from egide.exchange.tender_folder import COMPUTED, FILE, TENDERERS
from egide.web.clauses.convert import clausier_of
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.files.scratch import scratch
from egide.web.organisations.roles import Right
from egide.web.tenders import models
from egide.web.tenders.fitting import fit

CLAUSIER = "clausier-retenu.json"
"""The clausier that the consultation took, where it is written for a reading."""
OWN = frozenset(
    {FILE, CLAUSIER, TENDERERS, COMPUTED, journal_file.FILE, journal_file.DEPOSITS, *journal_file.QUESTIONS}
)
"""Files that the definition, the journal and the computed notes are kept as: never kept as files."""
MARKS = "marks/"
RECEIVED = ("bids", "late", "safety-copies", "superseded")
"""Folders of what tenderers sent in answer to the deadline."""
OPEN = ("dce/",)
"""What was published."""


@contextmanager
def laid_out(row: models.Consultation) -> Iterator[Path]:
    """Give the folder of a consultation in a temporary place; it disappears whatever happens."""
    with scratch() as root:
        folder = root / "dossier"
        folder.mkdir()
        write(row, folder)
        yield folder


def base(row: models.Consultation) -> str:
    """Return the digest of what a reading of the bids is made from: two equal ones, nothing was changed between."""
    files = models.FolderFile.objects.filter(consultation=row).order_by("path").values_list("path", "stored__sha256")
    definition = {name: value for name, value in row.definition.items() if name != "evaluators"}
    return plain.digest({"definition": definition, "files": [list(each) for each in files]})


def write(row: models.Consultation, folder: Path) -> None:
    """Write the definition, the journal, the clausier it took and every file kept. Marks are rows, not files.

    The clausier is enclosed unless it is that of this version: a reading never follows another one.
    """
    definition = dict(row.definition)
    chosen = clausier_of(row.clausier)
    if (definition.get("clausier") or {}).get("file") or chosen.digest != reference.clausier().digest:
        definition["clausier"] = {"id": "", "file": CLAUSIER}
        (folder / CLAUSIER).write_text(plain.indented(plain.unstructure(chosen)), encoding="utf-8")
    (folder / FILE).write_text(plain.indented(definition), encoding="utf-8")
    if row.journal:
        (folder / "journal.yaml").write_text(plain.indented(row.journal), encoding="utf-8")
    if row.computed:
        (folder / COMPUTED).write_text(plain.indented(row.computed), encoding="utf-8")
    for path, sha256 in models.FolderFile.objects.filter(consultation=row).values_list("path", "stored__sha256"):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _place(store.path(sha256), target)


def _place(kept: Path, target: Path) -> None:
    """Give a file of the store another name where the system itself forbids to write in it, else copy it."""
    if os.geteuid() != 0 and kept.stat().st_mode & WRITABLE == 0:
        try:
            os.link(kept, target)
        except OSError:
            pass
        else:
            return
    shutil.copyfile(kept, target)


WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def right_to_read(path: str) -> str:
    """Return the right that sends a file of the folder by its own address: what was published; the rest has none.

    What came in is sent by the pages that know who may read which lot.
    """
    return Right.SEE.value if path.startswith(OPEN) else ""


def kept_files(folder: Path) -> dict[str, store.Kept]:
    """Keep the bytes of every file of a folder that rows will name, by path."""
    return {
        path: store.keep(_pieces(folder / path))
        for path in sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
        if path not in OWN and not path.startswith((MARKS, ASIDE + "/")) and not (folder / path).is_symlink()
    }


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece


def take_in(row: models.Consultation, files: Mapping[str, store.Kept], by: Any) -> int:
    """Write a row for each file that is new or changed; return how many were written."""
    known = dict(models.FolderFile.objects.filter(consultation=row).values_list("path", "stored__sha256"))
    new = {path: kept for path, kept in files.items() if known.get(path) != kept.sha256}
    fit([models.FolderFile(path=path) for path in new])
    models.FolderFile.objects.filter(consultation=row, path__in=[*new]).delete()
    stored = StoredFile.objects.bulk_create(
        StoredFile(
            organisation_id=row.organisation_id,
            name=path.rpartition("/")[2][-255:],
            sha256=kept.sha256,
            size=kept.size,
            right=right_to_read(path),
            readable_from=None if path.startswith(OPEN) else row.deadline,
            brought_by=by,
        )
        for path, kept in new.items()
    )
    models.FolderFile.objects.bulk_create(
        models.FolderFile(consultation=row, path=path, stored=each) for path, each in zip(new, stored, strict=True)
    )
    return len(new)


def within(file: str) -> str:
    """Return the path of a file of a bid inside the folder of its tenderer."""
    parts = file.split("/")
    return "/".join(parts[2:]) if parts[0] in {"bids", "candidacies"} and len(parts) > 2 else file
