"""Rebuild bids/ and marks/ of examples/pacs-ght from tools/example_pacs.yaml and the clausier as it stands.

usage: python tools/example_pacs.py [FOLDER]
tender.yaml and README.md of the folder are written by hand. Needs LibreOffice (soffice). Same inputs, same bytes, for
one version of LibreOffice. A mark of example_pacs.yaml whose point or level is gone stops the run and is named.
"""

import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import yaml
from example_files import FICTITIOUS, Section, pdf, settled, through_office, word

from egide import reference
from egide.clausier.model import Clausier, Expects, Level, Point, Theme
from egide.exchange import marks, marks_workbook, questionnaire
from egide.exchange.bids import read_bids
from egide.exchange.tender_folder import read_tender
from egide.tender.model import Evaluator, Tender
from egide.tender.points import IRREGULAR
from egide.tender.rules import reads

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "pacs-ght"
LOT = "lot-1"
MORNING = datetime(2026, 11, 2, 9)  # noqa: DTZ001 (workbooks know no zone)

DOCUMENTS: Mapping[str, Mapping[str, str]] = {
    "kerzanne": {
        "": "memoire-technique.pdf",
        **dict.fromkeys(("T1", "T4", "T5", "T6", "T7"), "plan-assurance-securite.pdf"),
    },
    "valtorrel": {
        "": "Mémoire technique v3 (def).docx",
        **dict.fromkeys(("T2", "T9"), "annexe RGPD et hébergement.docx"),
    },
    "nuebrume": {"": "memoire-technique.docx"},
    "tarquembe": {"": "Memoire.pdf"},
}
"""The document in which each tenderer answers, by theme; "" for the others."""


@dataclass(frozen=True)
class Retained:
    """What the evaluators retain of a point of a bid, and why."""

    level: str
    reason: str


class Example:
    """The consultation, its points, and what the story says of each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data: dict[str, Any] = yaml.safe_load((HERE / "example_pacs.yaml").read_text(encoding="utf-8"))
        self.tender: Tender = read_tender(folder).tender
        self.clausier: Clausier = reference.load(self.tender)[0]
        self._check()

    def _check(self) -> None:
        wrong = [
            f"{point}, {tenderer} : {level}"
            for point, given in self.data["marks"].items()
            for tenderer, (level, _) in given.items()
            if point not in self.clausier.points or level not in {*self.clausier.points[point].level_of, IRREGULAR}
        ]
        if wrong:
            sys.exit("example_pacs.yaml nomme un point ou un niveau qui n'existe plus :\n" + "\n".join(wrong))

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """Return the number under which every tenderer answers each point in its documents."""
        return {
            point.id: f"{theme.id[1:]}.{rank}"
            for theme in self.clausier.themes
            for rank, point in enumerate(theme.points, 1)
        }

    def where(self, tenderer: str, point: Point) -> str:
        """Return the document and section of a point."""
        documents = DOCUMENTS[tenderer]
        return f"{documents.get(self.clausier.theme_of[point.id].id, documents[''])}, § {self.sections[point.id]}"

    def retained(self, tenderer: str, point: Point) -> Retained:
        """Return what is retained: the hand-written mark, else the tenderer's usual level, told in the level's words."""
        given = self.data["marks"].get(point.id, {}).get(tenderer)
        if given:
            return Retained(*given)
        code = "full"
        if point.award_use.scores:
            usual = self.data["usual"][tenderer][self.clausier.theme_of[point.id].id]
            code = next(each for each in usual if each in point.level_of)
        return Retained(code, f"{point.say(point.level_of[code].text)} (lu dans {self.where(tenderer, point)})")

    def worth(self, tenderer: str, point: Point) -> Decimal:
        """Return what the retained level is worth."""
        level: Level | None = point.level_of.get(self.retained(tenderer, point).level)
        return level.value if level and level.value is not None else Decimal(0)

    def chapters(self, tenderer: str, document: str) -> list[Section]:
        """Return what a document of a tenderer says: the points that it answers there."""
        documents = DOCUMENTS[tenderer]
        return [
            (f"{theme.id[1:]}. {theme.title.fr}", [self._claim(tenderer, point) for point in theme.points])
            for theme in self.clausier.themes
            if documents.get(theme.id, documents[""]) == document
        ]

    def _claim(self, tenderer: str, point: Point) -> tuple[str, str]:
        level = point.level_of.get(self.retained(tenderer, point).level)
        said = point.say(level.text) if level and level.value else "Voir notre réponse au questionnaire."
        return f"{self.sections[point.id]} {point.title.fr}.", said

    def ordinary(self, tenderer: str, point: Point) -> str:
        """Return the plain answer that fits what was retained: a tenderer does not declare less than it has."""
        worth = self.worth(tenderer, point)
        if not worth and point.award_use.scores:
            return "Non"
        if point.level_of.get("partial") and worth <= point.level_of["partial"].value:  # type: ignore[operator]
            return "Partiel"
        return "Décrit" if point.expects is Expects.DOCUMENT else "Oui"


# ------------------------------------------------------------------------------------ 1. our own workbook, as .ods
def kerzanne(example: Example, bid: Path) -> None:
    """Our questionnaire, filled with care in LibreOffice."""
    path = bid / "questionnaire-kerzanne.xlsx"
    questionnaire.write(example.clausier, None, path, created=example.tender.sent_on)
    book = openpyxl.load_workbook(path)
    sheet = book["Questionnaire"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        point = example.clausier.points[sheet.cell(row, columns["Identifiant"]).value]
        sheet.cell(row, columns["Réponse"]).value = example.ordinary("kerzanne", point)
        sheet.cell(row, columns["Justificatif (document, section)"]).value = example.where("kerzanne", point)
        if example.ordinary("kerzanne", point) == "Partiel":
            sheet.cell(row, columns["Commentaire"]).value = "Ce qui manque est dit dans le document."
    book.save(path)
    through_office(path, "ods")
    for name in ("memoire-technique.pdf", "plan-assurance-securite.pdf"):
        title = f"Kerzanne Imagerie (fictif) : {name.removesuffix('.pdf').replace('-', ' ')}"
        pdf(bid / name, title, example.chapters("kerzanne", name))
    price_file(example, bid, "kerzanne")


# ----------------------------------------------------------- 2. an Excel layout of its own, and the DPO's file apart
DASHES = ("O-{}", "O – {}", "O—{}", "O‑{}", "o-{}", "O - {}")


def valtorrel(example: Example, bid: Path) -> None:
    """One sheet a chapter with ticked columns for the RSSI; a CSV of Windows for the DPO; documents with odd names."""
    spelled = {point.id: _spelled(point, n) for n, point in enumerate(example.clausier.points.values())}
    special = example.data["answers"]["valtorrel"]
    book = xlsxwriter.Workbook(bid / "Réponses RSSI v3 DEF.xlsx", {"strings_to_urls": False})
    book.set_properties({"created": example.tender.deadline.replace(tzinfo=None)})
    for theme in example.clausier.themes:
        if theme.id not in {"T2", "T9"}:
            _valtorrel_sheet(book, example, theme, spelled, special)
    book.close()
    rows = [["Réponses du délégué à la protection des données, Valtorrel Santé (fictif)"], []]
    rows.append(["Réf.", "Exigence", "Réponse", "Précisions", "Pièce"])
    for theme in example.clausier.themes:
        if theme.id in {"T2", "T9"}:
            rows += [
                _valtorrel_line(example, point, spelled[point.id], special.get(point.id, {})) for point in theme.points
            ]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    (bid / "réponses DPO.csv").write_bytes(text.getvalue().replace("\u2011", "-").encode("cp1252"))
    for name in dict.fromkeys(DOCUMENTS["valtorrel"].values()):
        word(
            bid / name, f"Valtorrel Santé (fictif) : {name.removesuffix('.docx')}", example.chapters("valtorrel", name)
        )
    _mds2(bid / "MDS2 visualiseur 8.2.xlsx")
    _schedule(bid / "bordereau des prix.xlsx", "Bordereau", example.data["prices"]["valtorrel"], None)
    through_office(bid / "bordereau des prix.xlsx", "ods")


def _spelled(point: Point, rank: int) -> str:
    if point.xref:
        return DASHES[rank % len(DASHES)].format(point.xref[0].removeprefix("O-"))
    return point.id.replace("-", " ‑ ").lower() if point.id.endswith("1") else point.id


def _valtorrel_sheet(
    book: xlsxwriter.Workbook, example: Example, theme: Theme, spelled: Mapping[str, str], special: Mapping[str, Any]
) -> None:
    sheet = book.add_worksheet(f"Chapitre {theme.id[1:]}")
    bold, wrap = book.add_format({"bold": True, "border": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(1, 1, 70)
    sheet.set_column(4, 5, 45)
    sheet.merge_range(
        0, 0, 0, 5, f"VALTORREL SANTÉ (fictif) - réponse au GHT de la Vallée-Bleue - {theme.title.fr}", bold
    )
    sheet.merge_range(2, 0, 3, 0, "Réf.", bold)
    sheet.merge_range(2, 1, 3, 1, "Exigence du client", bold)
    sheet.merge_range(2, 2, 2, 3, "Conformité", bold)
    sheet.merge_range(2, 4, 3, 4, "Précisions, réserves", bold)
    sheet.merge_range(2, 5, 3, 5, "Pièce", bold)
    sheet.write_row(3, 2, ["Oui", "Non"], bold)
    for row, point in enumerate((*theme.points, *_again(example, theme)), 4):
        told = special.get(point.id, {})
        told = told.get("rssi", {}) if "rssi" in told else told
        answer = told.get("answer", "non" if example.ordinary("valtorrel", point) == "Non" else "oui")
        sheet.write_string(row, 0, told.get("spelled", spelled[point.id]), wrap)
        sheet.write_string(row, 1, point.wording(), wrap)
        for column, ticked in enumerate({"oui": "x ", "non": " x", "both": "xx", "": "  "}.get(answer, "  "), 2):
            sheet.write_string(row, column, ticked.strip())
        if answer not in {"oui", "non", "both", ""}:
            sheet.write_string(row, 2, answer, wrap)
        sheet.write_string(row, 4, told.get("comment", ""), wrap)
        sheet.write_string(row, 5, told.get("proof", example.where("valtorrel", point)), wrap)


def _again(example: Example, theme: Theme) -> list[Point]:
    """Return the points of the DPO's themes that the RSSI answered too, at the end of his last sheet."""
    named = [point for point, told in example.data["answers"]["valtorrel"].items() if "rssi" in told]
    return [example.clausier.points[point] for point in named] if theme.id == "T10" else []


def _valtorrel_line(example: Example, point: Point, spelled: str, told: Mapping[str, str]) -> list[str]:
    wording = point.wording()
    if "reworded" in told:
        wording = wording.replace(*told["reworded"])
    answer = told.get("answer", {"Décrit": "Oui"}.get(ordinary := example.ordinary("valtorrel", point), ordinary))
    return [spelled, wording, answer, told.get("comment", ""), told.get("proof", example.where("valtorrel", point))]


def _mds2(path: Path) -> None:
    """Write a form of the maker: a document of the bid, not a questionnaire of ours."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("MDS2 2019")
    sheet.write_column(
        0,
        0,
        [FICTITIOUS, "Manufacturer: Valtorrel Santé (fictif)", "Model: Valtorrel View 8.2", "Release date: 2026-10-12"],
    )
    sheet.write_row(5, 0, ["Question", "Yes, No, N/A, or See note", "Note"])
    lines = [
        ("DOC-1", "Yes", ""), ("MPII-1", "Yes", "Health data displayed, not kept"), ("ALOF-1", "Yes", "15 min, set by the hospital"),
        ("AUDT-1", "Yes", ""), ("AUTH-1", "Yes", "SAML 2.0"), ("CSUP-1", "Yes", ""), ("DTBK-1", "N/A", "No local data"),
        ("EMRG-1", "Yes", "Bounded to display"), ("MLDP-1", "Yes", "EDR of the hospital accepted"), ("RMOT-1", "See note", "Through the hospital's gateway only"),
    ]  # fmt: skip
    for row, line in enumerate(lines, 6):
        sheet.write_row(row, 0, line)
    book.set_properties({"created": MORNING})
    book.close()


# --------------------------------------------------------------------------------- 3. a Word table, pointers everywhere
def nuebrume(example: Example, bid: Path) -> None:
    """A table of a text document for each theme, a leaflet in PDF, links instead of pieces."""
    special = example.data["answers"]["nuebrume"]
    tables = []
    for theme in example.clausier.themes:
        rows = [["Exigence", "Réponse de Nuébrume", "Justificatif"]]
        for point in theme.points:
            told = special.get(point.id, {})
            name = f"{(*point.xref, point.id)[0]} : {point.title.fr}"
            pointer = f"cf. mémoire technique § {example.sections[point.id]}"
            default = "Non" if example.ordinary("nuebrume", point) == "Non" else pointer
            cells = [name, told.get("answer", default), told.get("proof", "")]
            rows.append([cell.replace("{section}", example.sections[point.id]) for cell in cells])
        tables.append((f"{theme.id[1:]}. {theme.title.fr}", rows))
    word(bid / "reponse-clausier.docx", "Nuébrume Cloud (fictif) : réponse au clausier", [], tables)
    name = DOCUMENTS["nuebrume"][""]
    word(bid / name, "Nuébrume Cloud (fictif) : mémoire technique", example.chapters("nuebrume", name))
    leaflet = [(heading, [("", text)]) for heading, text in example.data["leaflet"].items()]
    pdf(bid / "plaquette-nuebrume.pdf", "Nuébrume Cloud (fictif) : vos images, partout", leaflet)
    price_file(example, bid, "nuebrume")


# ------------------------------------------------------------------------- 4. formulas, NC, missing lines, LibreOffice
def tarquembe(example: Example, bid: Path) -> None:
    """A workbook whose answers are formulas on an internal sheet, saved by LibreOffice."""
    path = bid / "questionnaire_complété (2).xlsx"
    special = example.data["answers"]["tarquembe"]
    book = xlsxwriter.Workbook(path, {"strings_to_urls": False, "strings_to_numbers": False})
    sheet, inner = book.add_worksheet("Réponses"), book.add_worksheet("Suivi interne")
    sheet.write_string(0, 0, "TARQUEMBE MÉDICAL (fictif)")
    sheet.write_row(2, 0, ["Id", "Libellé", "O / N / NC", "Remarques", "Pièce"])
    sheet.set_column(1, 1, 50)
    row = 3
    for point in example.clausier.points.values():
        told = special.get(point.id, {})
        if told.get("missing"):
            continue
        inner.write_row(row, 0, [point.title.fr, 0 if example.ordinary("tarquembe", point) == "Non" else 1])
        sheet.write_string(row, 0, told.get("spelled", point.id))
        sheet.write_string(row, 1, point.title.fr)
        _tarquembe_answer(book, sheet, row, told)
        sheet.write_string(row, 3, told.get("comment", ""))
        sheet.write_string(row, 4, told.get("proof", example.where("tarquembe", point)))
        if "aside" in told:
            sheet.write_string(row, 6, told["aside"])
        row += 1
    for extra in special["extra"]:
        sheet.write_row(row, 0, extra)
        row += 1
    book.close()
    saved = through_office(path, "ods")
    through_office(saved, "xlsx")
    pdf(bid / "Memoire.pdf", "Tarquembe Médical (fictif) : mémoire", example.chapters("tarquembe", "Memoire.pdf"))
    _schedule(bid / "BPU-DQE.xlsx", "DQE", example.data["prices"]["tarquembe"], Decimal("1749000.00"))
    through_office(bid / "BPU-DQE.xlsx", "ods")
    through_office(bid / "BPU-DQE.ods", "xlsx")


def _tarquembe_answer(book: xlsxwriter.Workbook, sheet: Any, row: int, told: Mapping[str, Any]) -> None:
    cell = f"'Suivi interne'!B{row + 1}"
    if told.get("broken"):
        sheet.write_formula(row, 2, f'=IF(1/({cell}-1)>0,"Oui","Non")')
    elif told.get("merged"):
        sheet.merge_range(row, 2, row + told["merged"], 2, told["answer"], book.add_format({"valign": "vcenter"}))
    elif "answer" in told:
        if told["answer"] is not None:
            sheet.write_string(row, 2, told["answer"])
    else:
        sheet.write_formula(row, 2, f'=IF({cell}=1,"Oui","Non")')


# --------------------------------------------------------------------------------------------------------------- prices
def price_file(example: Example, bid: Path, tenderer: str) -> None:
    """Write price.yaml."""
    lines = example.data["prices"][tenderer]
    total = sum(map(Decimal, lines.values()))
    text = ["# Prix fictif, hors taxes, pour cinq ans.", "format: 1", f'total: "{total}"', "currency: EUR", "lines:"]
    text += [f'- {{label: "{label}", amount: "{amount}"}}' for label, amount in lines.items()]
    (bid / "price.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")


def _schedule(path: Path, name: str, lines: Mapping[str, str], stated: Decimal | None) -> None:
    """Write a price sheet; `stated` is the total that it states when it is not that of its lines."""
    total = stated or sum(map(Decimal, lines.values()))
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(name)
    euros = book.add_format({"num_format": '# ##0.00 "€"'})
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 1, 20)
    sheet.write_string(0, 0, f"Prix sur cinq ans. {FICTITIOUS}")
    sheet.write_row(2, 0, ["Désignation", "Montant HT"])
    for row, (label, amount) in enumerate(lines.items(), 3):
        sheet.write_string(row, 0, label)
        sheet.write_number(row, 1, float(amount), euros)
    last = 3 + len(lines)
    for row, (label, amount) in enumerate(
        (("Total HT", total), ("TVA 20 %", total / 5), ("Total TTC", total * 6 / 5)), last
    ):
        sheet.write_string(row, 0, label)
        sheet.write_number(row, 1, float(amount), euros)
    book.set_properties({"created": MORNING})
    book.close()


# ---------------------------------------------------------------------------------------------------------------- marks
def fill_marks(example: Example) -> None:
    """Have `egide marks prepare` write the workbooks, then fill them as the evaluators did."""
    bids, found = read_bids(example.folder, example.tender, example.clausier)
    marks_workbook.prepare(example.folder, example.tender, example.clausier, bids, found)
    folder = example.folder / "marks"
    for evaluator in example.tender.evaluators:
        path = folder / f"{evaluator.id}.xlsx"
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            _fill_sheet(example, evaluator, sheet)
        book.save(path)
        path.write_bytes(settled(path.read_bytes()))
    through_office(folder / "biomedical.xlsx", "ods")
    _write_table(folder / "harmonisation.csv", ("tenderer", "lot", "point", "level", "reason"), _agreed(example))
    _write_table(
        folder / "decisions.csv",
        ("tenderer", "lot", "variant", "round", "class", "person", "date", "reason", "draw"),
        [
            [
                each["tenderer"],
                LOT,
                "0",
                "1",
                marks.CLASSES[each["class"]].fr,
                each["person"],
                each["date"],
                each["reason"],
                "",
            ]
            for each in example.data["decisions"]
        ],
    )


def _fill_sheet(example: Example, evaluator: Evaluator, sheet: Any) -> None:
    columns = {cell.value: cell.column for cell in sheet[1]}
    code = {name: columns[text.fr] for name, text in marks.COLUMNS.items() if text.fr in columns}
    for row in range(2, sheet.max_row + 1):

        def cell(name: str, row: int = row) -> Any:
            return sheet.cell(row, code[name])

        if "level" in code:
            _fill_point(example, evaluator, cell)
        elif "note" in code:
            note, reason = example.data["notes"][cell("criterion").value][cell("subcriterion").value][
                cell("tenderer").value
            ]
            cell("note").value, cell("reason").value = note, reason


def _fill_point(example: Example, evaluator: Evaluator, cell: Callable[[str], Any]) -> None:
    tenderer, point = cell("tenderer").value, example.clausier.points[cell("point").value]
    if not _marks(example, evaluator, point):
        return
    retained = example.retained(tenderer, point)
    for each in example.data["disagreements"]:
        if (each["point"], each["tenderer"], each["first"]["evaluator"]) == (point.id, tenderer, evaluator.id):
            retained = Retained(each["first"]["level"], each["first"]["reason"])
    told = example.data["answers"].get(tenderer, {}).get(point.id, {})
    cell("level").value = marks.LEVELS[retained.level].fr
    cell("reason").value = retained.reason
    if example.worth(tenderer, point):
        cell("proof_seen").value = example.where(tenderer, point)
    if "na" in told:
        cell("na").value = marks.ACCEPTANCES[told["na"]].fr


def _marks(example: Example, evaluator: Evaluator, point: Point) -> bool:
    """Tell whether an evaluator fills the line of a point: themes read by two are shared between them."""
    theme = example.clausier.theme_of[point.id].id
    if theme == "T9":
        both = {each["point"] for each in example.data["disagreements"]}
        return point.id in both or (evaluator.id == "dpo") == (point.id in example.data["dpo_reads"])
    if theme == "T7":
        return evaluator.id == "rssi" or point.id in example.data["biomedical_reads_too"]
    return reads(evaluator, example.tender, theme)


def _agreed(example: Example) -> Iterator[list[str]]:
    for each in example.data["disagreements"]:
        yield [each["tenderer"], LOT, each["point"], marks.LEVELS[each["agreed"]["level"]].fr, each["agreed"]["reason"]]


def _write_table(path: Path, columns: Sequence[str], rows: Any) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([marks.COLUMNS[column].fr for column in columns])
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


TENDERERS: Sequence[Callable[[Example, Path], None]] = (kerzanne, valtorrel, nuebrume, tarquembe)


def build(folder: Path) -> None:
    """Write bids/ and marks/ of the folder anew; nothing is replaced unless all could be made."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "example"
        fresh.mkdir()
        shutil.copy(folder / "tender.yaml", fresh)
        example = Example(fresh)
        for make in TENDERERS:
            bid = fresh / "bids" / make.__name__ / LOT
            bid.mkdir(parents=True)
            make(example, bid)
        fill_marks(example)
        for part in ("bids", "marks"):
            shutil.rmtree(folder / part, ignore_errors=True)
            shutil.move(fresh / part, folder / part)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    build(target)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target} : {sum(path.is_file() for path in target.rglob('*'))} fichiers, {size / 1e6:.2f} Mo")
