"""The promise on a whole consultation: 50 bids, 3 lots, 2 rounds, all documents; and each document for 10 tenderers.

50 bids are 50 tenderers spread over 3 lots, each with its two rounds: 100 deposits, 200 files. The heavier reading, 50
tenderers on each lot (150 bids), is measured with --heavy and promised to nobody.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import procedure
from measured import Cost, command

from egide import reference
from egide.clausier.purchase import combined
from egide.desk.documents import of_folder
from egide.exchange.journal_file import read_journal
from egide.report import bench as bench_paper
from egide.report import letters, matrix, presentation, record
from egide.report import robustness as note_paper
from egide.report.dce import document as dce
from egide.report.dce.draft import FILES, Draft
from egide.report.papers import docx, pdf
from egide.report.papers.typography import Setter, plain_text, printable
from egide.report.rao import document as rao
from egide.tender.procedure.letters import letters as due_letters
from egide.tender.procedure.presentation import items
from egide.tender.procedure.steps import situated
from egide.tender.trial.bench import bench
from egide.tender.trial.findings import findings
from egide.tender.trial.law import Law
from egide.tender.trial.robustness import Doubt, robustness

TENDERERS = 50
MOST_SECONDS = 15.0
MOST_MEGABYTES = 500
MOST_OF_A_DOCUMENT = 2.0
ON = date(2026, 11, 27)


def whole(folder: Path, tenderers: int, *, each: bool) -> Cost:
    """Go through a procedure with the commands of its buyer, and return what they cost in all."""
    lots = procedure.lots_of(tenderers, each=each)
    points = procedure.write(folder, lots)
    bids = sum(map(len, lots.values()))
    print(
        f"{tenderers} tenderers, {bids} bids on {len(lots)} lots, 2 rounds, {points} points, {procedure.LINES} lines:"
    )
    out = folder / "out"
    total = Cost()
    for name, arguments in (
        ("clausier export --dce", ("clausier", "export", "--dce", folder / "dce", "--tender", folder)),
        ("evaluate", ("evaluate", folder, "-o", out)),
        ("record write", ("record", "write", folder, "-o", folder / "record", "--evaluation", out / record_file)),
        ("tender robustness", ("tender", "robustness", out / record_file, "-o", folder / "note")),
    ):
        if name == "record write":
            procedure.write_journal(folder, out / record_file)
        cost = command(*arguments)
        total += cost
        print(f"  {name:22} {cost}")
    files = sum(len(list((folder / part).iterdir())) for part in ("dce", "out", "record", "note"))
    print(f"  {'in all':22} {total}, {files} files")
    return total


record_file = "evaluation.json"


def documents(folder: Path) -> dict[str, float]:
    """Return the CPU seconds of each document of a procedure with 10 tenderers, the best of two runs."""
    lots = procedure.lots_of(10)
    procedure.write(folder, lots)
    command("evaluate", folder, "-o", folder / "out")
    procedure.write_journal(folder, folder / "out" / record_file)
    spent: dict[str, float] = {}
    for _ in range(2):
        for name, make in _documents(folder):
            start = time.process_time()
            make()
            spent[name] = min(spent.get(name, 60.0), time.process_time() - start)
    return spent


def _documents(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    kept = record.load(folder / "out" / record_file)
    tender, clausier = kept.evaluation.tender, kept.evaluation.clausier
    paged, flowing = Setter("fr", printable), Setter("fr", plain_text)

    def both(make: Callable[[Setter], dict[str, object]]) -> Callable[[], object]:
        return lambda: (pdf.compiled(make(paged), ON), docx.compiled(make(flowing), ON))

    yield "rapport d'analyse, PDF", lambda: rao.pdf(kept)
    yield "rapport d'analyse, DOCX", lambda: rao.docx(kept)
    yield "rapport d'un lot, PDF", lambda: rao.pdf(kept, "lot-1")
    yield "matrice", lambda: matrix.workbook(kept)
    yield "evaluation.json", lambda: record.text(kept)
    journal, _ = read_journal(folder, tender)
    situation = situated(tender, reference.rules().on(tender.sent_on), journal, kept.evaluation, ON)
    states = items(tender, kept.evaluation, journal)
    asked = reference.record_items()
    yield "rapport de présentation, PDF et DOCX", both(lambda setter: presentation.document(setter, tender, kept.evaluation, journal, states, asked, ON))  # fmt: skip
    due, _ = due_letters(situation)
    longest = {letter.kind: letter for letter in due}
    for kind, letter in longest.items():
        yield f"lettre ({kind}), PDF et DOCX", both(lambda setter, letter=letter: letters.document(setter, tender, letter))  # fmt: skip
    opened = of_folder(folder, None)
    draft = Draft(tender, clausier, reference.texts(), combined([], tender.purchase.facets), reference.vocabulary().roles, opened.on, "fr", flowing)  # fmt: skip
    for document in dce.frames(draft):
        for ending, write in dce.WRITERS.items():
            yield f"{FILES[document]}.{ending}", lambda document=document, write=write: write(dce.framed(draft, document), opened.on)  # fmt: skip
    rules = reference.rules().on(tender.sent_on)
    yield "banc d'essai, 20 000 tirages", lambda: _bench(folder / "bench", tender, clausier, rules)
    yield "note de robustesse", lambda: note_paper.write(robustness(kept.evaluation, Doubt(), 1), folder / "note", "fr", ON)  # fmt: skip


def _bench(out: Path, tender: object, clausier: object, rules: object) -> None:
    made = bench(tender, clausier, rules, Law(20_000), 1)  # type: ignore[arg-type]
    bench_paper.write(made, findings(made, clausier), out, "fr", ON)  # type: ignore[arg-type]


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        total = whole(Path(name) / "spread", TENDERERS, each=False)
        spent = documents(Path(name) / "ten")
        if "--heavy" in sys.argv:
            whole(Path(name) / "each", TENDERERS, each=True)
    print("10 tenderers, 3 lots, 2 rounds, each document:")
    for document, seconds in spent.items():
        print(f"  {document:40} {seconds:5.2f} s CPU")
    kept = total.seconds < MOST_SECONDS and total.megabytes < MOST_MEGABYTES
    kept = kept and max(spent.values()) < MOST_OF_A_DOCUMENT
    print("promise kept" if kept else "PROMISE BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
