"""Rebuild examples/soc-ght, but its tender.yaml, journal.yaml and README.md, from tools/example_soc.yaml and the clausier.

usage: python tools/example_soc.py [FOLDER]
The deposits are made as a buyer's platform gives them; all the rest is done by the commands of egide, as a buyer does it,
and the digests of journal.yaml are brought up to date. Needs LibreOffice. Same inputs, same bytes, for one version of it.
"""

import csv
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from example_files import settled
from example_soc_bids import final_offers, first_deposits, register, zipped
from example_soc_story import HERE, Example, lot_of, sender

from egide.cli import main
from egide.exchange import marks
from egide.tender.procedure.publication import frozen

EXAMPLE = HERE.parent / "examples" / "soc-ght"
BY_HAND = ("tender.yaml", "journal.yaml", "README.md")
BEFORE_AMENDMENT = {"B4": Decimal(8000)}
"""Published quantities that the amendment of the story corrected."""


# ------------------------------------------------------------------------------------------------------- the marks
def fill(example: Example, turn: int) -> None:
    """Fill the workbooks of a round as the evaluators did."""
    for evaluator in example.tender.evaluators:
        path = example.folder / "marks" / f"{evaluator.id}{f'@tour-{turn}' if turn > 1 else ''}.xlsx"
        book = openpyxl.load_workbook(path)
        for page in book.worksheets:
            columns = {cell.value: cell.column for cell in page[1]}
            code = {name: columns[text.fr] for name, text in marks.COLUMNS.items() if text.fr in columns}
            for row in range(2, page.max_row + 1):
                cells = {name: page.cell(row, column) for name, column in code.items()}
                if "level" in code:
                    _fill_point(example, evaluator.id, turn, cells)
                elif "note" in code and _notes(evaluator.id, _bid(cells)):
                    cells["note"].value, cells["reason"].value = _note(example, turn, cells)
        book.save(path)
        path.write_bytes(settled(path.read_bytes()))


def _bid(cells: Mapping[str, Any]) -> str:
    variant = f"/variant-{cells['variant'].value}" if cells["variant"].value != "0" else ""
    return f"{cells['tenderer'].value}/{cells['lot'].value}{variant}"


def _notes(evaluator: str, bid: str) -> bool:
    """Tell whether an evaluator fills what it may read: the head of operations reads lot 2 alone."""
    return evaluator != "exploitation" or "/lot-2" in bid


def _note(example: Example, turn: int, cells: Mapping[str, Any]) -> tuple[str, str]:
    subject, bid = f"{cells['criterion'].value}/{cells['subcriterion'].value}", _bid(cells)
    given: list[str] = example.data["notes"][subject][bid]
    if turn == 1:
        return given[0], given[1]
    note, reason = example.data["notes-2"].get(subject, {}).get(bid, [given[0], f"Inchangé au tour 2. {given[1]}"])
    return note, reason


def _fill_point(example: Example, evaluator: str, turn: int, cells: Mapping[str, Any]) -> None:
    bid, point = _bid(cells), example.clausier.points[cells["point"].value]
    other = example.data["disagreement"]
    differs = (evaluator, bid, point.id) == (other["evaluator"], other["bid"], other["point"])
    if cells["level"].value or not (differs or _notes(evaluator, bid)):
        return
    level, reason = (
        (other["level"], other["reason"]) if differs else example.retained(bid, point, f"marks{PARTS[turn]}")
    )
    cells["level"].value, cells["reason"].value = marks.LEVELS[level].fr, reason
    if level != "below":
        cells["proof_seen"].value = example.where(bid, point)


PARTS = {1: "", 2: "-2"}


def table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table of marks/ as a spreadsheet saves it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([marks.COLUMNS[column].fr for column in columns])
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def decide(example: Example) -> None:
    """Write what was agreed together and what a person decided."""
    folder, other = example.folder / "marks", example.data["disagreement"]
    tenderer, lot = sender(other["bid"]), lot_of(other["bid"])
    level, reason = other["agreed"]
    agreed = [[tenderer, lot, "0", str(turn), other["point"], marks.LEVELS[level].fr, reason] for turn in (1, 2)]
    table(folder / "harmonisation.csv", ("tenderer", "lot", "variant", "round", "point", "level", "reason"), agreed)
    columns = ("tenderer", "lot", "variant", "round", "class", "person", "date", "reason", "draw")
    rows = [
        [marks.CLASSES[each["class"]].fr if name == "class" else each.get(name, "") for name in columns]
        for each in example.data["decisions"]
    ]
    table(folder / "decisions.csv", columns, rows)


# ------------------------------------------------------------------------------------------------ the whole
def egide(*arguments: str | Path) -> None:
    """Run a command of egide; a refusal stops the run."""
    words = [str(each) for each in arguments]
    print("egide", *words)
    try:
        main(words)
    except SystemExit as end:
        if end.code:
            raise


def complete(example: Example) -> None:
    """Complete tenderers.yaml, that the import proposed, with what the candidacies say."""
    path = example.folder / "tenderers.yaml"
    proposed = yaml.safe_load(path.read_text(encoding="utf-8"))
    proposed["tenderers"] = [each | example.data["tenderers"][each["id"]] for each in proposed["tenderers"]]
    head = "# Proposé par egide bids import ; noms, membres, sous-traitants (commande publique) et certificats relevés sur les candidatures.\n"
    path.write_text(head + yaml.safe_dump(proposed, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8")


def digests(example: Example) -> None:
    """Bring the digests of journal.yaml up to date: that of the publication, then that of the amendment."""
    lines = tuple(
        replace(line, quantity=BEFORE_AMENDMENT.get(line.id, line.quantity)) for line in example.tender.schedule.lines
    )
    before = replace(example.tender, schedule=replace(example.tender.schedule, lines=lines))
    values = iter([frozen(before, example.clausier), frozen(example.tender, example.clausier)])
    path = example.folder / "journal.yaml"
    text = re.sub(r'(?<=digest: ")[0-9a-f]*(?=")', lambda _: next(values), path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")


def make(folder: Path) -> None:
    """Live the whole consultation in a folder that holds tender.yaml and journal.yaml only."""
    example = Example(folder)
    digests(example)
    egide("clausier", "export", "--dce", folder / "dce", "--tender", folder)
    for path in [path for path in (folder / "dce").iterdir() if path.suffix in {".odt", ".ods"}]:
        path.unlink()  # the same documents once: the repository stays small
    (folder / "dce" / "clausier.json").unlink()
    platform = folder / "plateforme"
    platform.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        for part, name, lay in (
            ("register", "export-depots", first_deposits),
            ("register-2", "offres-finales", final_offers),
        ):
            root = Path(scratch) / name
            root.mkdir()
            lay(example, root)
            zipped(root, platform / f"{name}.zip")
            register(example, part, platform / f"registre-{name.removeprefix('export-')}.xlsx")
    egide("marks", "declare", folder)
    columns = ("evaluator", "date", "conflict", "of_lots", "nature", "measure")
    table(folder / "marks" / "declarations.csv", columns, example.data["declarations"])
    egide("bids", "import", platform / "export-depots.zip", folder, "--register", platform / "registre-depots.xlsx")
    complete(example)
    egide("marks", "prepare", folder)
    fill(example, 1)
    finals = platform / "registre-offres-finales.xlsx"
    egide("bids", "import", platform / "offres-finales.zip", folder, "--register", finals, "--round", "2")
    egide("marks", "prepare", folder)
    fill(example, 2)
    decide(example)


def build(folder: Path) -> None:
    """Write the generated part of the folder anew; nothing is replaced unless all could be made."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "soc-ght"
        fresh.mkdir()
        for name in BY_HAND[:2]:
            shutil.copy(folder / name, fresh)
        make(fresh)
        shutil.copy(fresh / "journal.yaml", folder)
        for part in [path for path in folder.iterdir() if path.name not in BY_HAND]:
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        for part in [path for path in fresh.iterdir() if path.name not in BY_HAND]:
            shutil.move(part, folder / part.name)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    build(target)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target} : {sum(path.is_file() for path in target.rglob('*'))} fichiers, {size / 1e6:.2f} Mo")
