"""The files of the bids of examples/soc-ght, and the archives and registers in which a buyer's platform gives them."""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlsxwriter
from example_files import Section, pdf, settled, through_office, word
from example_soc_story import Example, euros, lot_of, number, sender
from pypdf import PdfReader

from egide.tender.pricing import priced
from egide.tender.schedule import Schedule


# ------------------------------------------------------------------------------------------------- the files of a bid
def sheet(example: Example, bid: str, path: Path) -> None:
    """Fill the answer sheet that was published with the tender documents."""
    book = openpyxl.load_workbook(example.folder / "dce" / f"5-cadre-de-reponse-{lot_of(bid)}.xlsx")
    page = book["Questionnaire"]
    columns = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        point = example.clausier.points[page.cell(row, columns["Identifiant"]).value]
        told = example.answer(bid, point)
        for key, title in (
            ("answer", "Réponse"),
            ("comment", "Commentaire"),
            ("proof", "Justificatif (document, section)"),
        ):
            page.cell(row, columns[title]).value = told[key]
    book.save(path)
    path.write_bytes(settled(path.read_bytes()))


def few_answers(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write the answers of a bid as a table of its own, in CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [["Identifiant", "Réponse", "Commentaire", "Justificatif"], *rows]
    )
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def frame(example: Example, bid: str, path: Path, part: str = "prices", suffix: str = "xlsx") -> None:
    """Fill the price frame that was published, saved by LibreOffice so that its amounts are computed."""
    book = openpyxl.load_workbook(example.folder / "dce" / f"6-cadre-de-prix-{lot_of(bid)}.xlsx")
    page = book["Cadre de prix"]
    units = example.units(bid, part)
    for row in page.iter_rows():
        if row[0].value in units:
            unit = units[row[0].value]
            row[6].value = unit if unit.endswith("€") and part == "prices" else float(number(unit))
        elif row[0].value == "Soumissionnaire :":
            row[1].value = example.data["parties"][sender(bid)]["name"]
    book.save(path)
    path.write_bytes(settled(path.read_bytes()))
    through_office(path, suffix)


def own_prices(example: Example, bid: str, path: Path) -> None:
    """Write a price sheet of the tenderer's own, where the amount of one line is wrong."""
    schedule: Schedule = example.tender.schedule
    made = priced(schedule, "lot-1", {line: number(unit) for line, unit in example.units(bid).items()})
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("BPU-DQE variante")
    page.set_column(1, 1, 60)
    page.write_row(0, 0, ["Réf.", "Désignation", "Quantité", "Prix unitaire HT", "Montant HT"])
    wrong = {"B2": Decimal("939600.00")}
    for row, line in enumerate((*made.lines, *made.options), 1):
        unit = line.unit_price or Decimal(0)
        amount = wrong.get(line.id, line.amount)
        page.write_row(row, 0, [line.id, line.label, float(line.quantity or 0), float(unit), float(amount)])
    total = sum((wrong.get(line.id, line.amount) for line in made.lines), Decimal(0))
    page.write_row(len(made.lines) + len(made.options) + 1, 0, ["", "Total HT hors options", "", "", float(total)])
    book.set_properties({"created": datetime(2026, 11, 2, 9)})  # noqa: DTZ001 (workbooks know no zone)
    book.close()


def engagement(example: Example, bid: str, path: Path, stated: Decimal) -> None:
    """Write the form that commits the tenderer to its total."""
    party, lot = example.data["parties"][sender(bid)], lot_of(bid)
    rows = [
        ["Désignation", "Montant"],
        ["Total HT sur la durée du marché, options non comprises", euros(stated)],
        ["TVA 20 %", euros(stated / 5)],
        ["Total TTC", euros(stated * 6 / 5)],
    ]
    lines = [("Engagement.", f"{party['name']}, SIRET {party['siret']}, s'engage pour le {lot} aux prix ci-dessous.")]
    word(path, f"Acte d'engagement, {lot}", [("Objet", lines)], [("Montant de l'offre", rows)])


def paper(example: Example, tenderer: str, path: Path) -> None:
    """Write the technical document of a tenderer, a section for each point, and note the pages."""
    bid = next(each for each in example.data["prices"] if each.startswith(f"{tenderer}/"))
    title = f"{example.data['parties'][tenderer]['name']} : mémoire technique"
    chapters: list[Section] = []
    for theme in example.clausier.themes:
        lines = []
        for point in theme.points:
            level = point.level_of.get(example.retained(bid, point)[0])
            said = point.say(level.text) if level and level.value else "Voir notre réponse au questionnaire."
            lines.append((f"{example.sections[point.id]} {point.title.fr}.", said))
        chapters.append((f"{theme.id[1:]}. {theme.title.fr}", lines))
    (word if path.suffix == ".docx" else pdf)(path, title, chapters)
    if path.suffix == ".pdf":
        texts = [page.extract_text() for page in PdfReader(path).pages]
        example.pages[path.name] = {
            section: next(n for n, text in enumerate(texts, 1) if re.search(rf"(?m)^{re.escape(section)} ", text))
            for section in example.sections.values()
        }


def small(path: Path, says: str) -> None:
    """Write a paper of a few lines."""
    pdf(path, path.stem, [("", [("", says)])])


# --------------------------------------------------------------------------------------- what the platform gives
def first_deposits(example: Example, root: Path) -> None:
    """Lay out the deposits of the first round, a folder for each line of the register."""
    papers = root.parent / "papers"
    papers.mkdir()
    for tenderer, name in example.data["documents"].items():
        paper(example, tenderer, papers / name)
    for line in example.data["register"]:
        folder = root / folder_of(example, line)
        if line[5] == "Candidature":
            candidacy(example, line[1], folder / "Candidature")
        elif line[1] == "ostrelane":
            late = folder / "Offre" / "Lot 2"
            late.mkdir(parents=True)
            small(late / "offre ostrelane.pdf", "Ce pli est arrivé six minutes après l'heure : il reste fermé.")
        else:
            offer(example, line, folder / "Offre", papers)


def folder_of(example: Example, line: Sequence[str]) -> str:
    """Return the name of the folder of a deposit."""
    party = example.data["parties"][line[1]]
    late = " - hors délai" if line[1] == "ostrelane" and line[5] == "Offre" else ""
    return f"Pli {line[0]} - {party['company']} - {party['siret']}{late}"


def candidacy(example: Example, tenderer: str, folder: Path) -> None:
    """Write the papers of a candidacy; one comes as a signed archive inside the archive."""
    folder.mkdir(parents=True)
    for name, says in example.data["candidacies"][tenderer].items():
        small(folder / name, says)
    if tenderer == "brisefort":
        zipped(folder, folder.parent / "candidature.zip")
        shutil.rmtree(folder)
        folder.mkdir()
        shutil.move(folder.parent / "candidature.zip", folder / "candidature.zip")
        (folder / "candidature.zip.p7s").write_bytes(b"signature fictive d'un exemple fictif\n")


def offer(example: Example, line: Sequence[str], folder: Path, papers: Path) -> None:
    """Write an offer; the first send of the group is partial and is replaced by the second."""
    rank, tenderer = line[0], line[1]
    folder.mkdir(parents=True)
    bids = [bid for bid in example.data["prices"] if sender(bid) == tenderer]
    if rank != "7":
        shutil.copy(papers / example.data["documents"][tenderer], folder)
    for bid in bids[:1] if rank == "7" else bids:
        lot = folder / f"Lot {lot_of(bid)[-1]}"
        place = lot / ("Variante 1" if "variant" in bid else "Base") if tenderer == "brisefort" else lot
        place.mkdir(parents=True)
        WRITERS[tenderer](example, bid, place)


def _vigiluna(example: Example, bid: str, place: Path) -> None:
    sheet(example, bid, place / "cadre de réponse.xlsx")
    if bid.endswith("lot-1"):
        through_office(place / "cadre de réponse.xlsx", "xlsx")
    frame(example, bid, place / "cadre de prix.xlsx")
    engagement(example, bid, place / "acte d'engagement.docx", example.total(bid))


def _brisefort(example: Example, bid: str, place: Path) -> None:
    if "variant" not in bid:
        sheet(example, bid, place / "cadre-de-reponse.xlsx")
        frame(example, bid, place / "cadre-de-prix.xlsx")
        return
    said = [(point.id, example.answer(bid, point)) for point in example.points(bid)]
    few_answers(
        place / "réponses variante.csv",
        [[point, *(told[key] for key in ("answer", "comment", "proof"))] for point, told in said],
    )
    own_prices(example, bid, place / "BPU-DQE variante.xlsx")


def _coralis(example: Example, bid: str, place: Path) -> None:
    sheet(example, bid, place / "cadre_reponse_CORALIS.xlsx")
    through_office(place / "cadre_reponse_CORALIS.xlsx", "ods")
    frame(example, bid, place / "cadre_prix.xlsx", suffix="ods")
    shift = Decimal(24000) if bid.endswith("lot-2") else Decimal(0)
    engagement(example, bid, place / "AE signé.docx", example.total(bid) - shift)


def _petitrempart(example: Example, bid: str, place: Path) -> None:
    sheet(example, bid, place / "reponses.xlsx")
    frame(example, bid, place / "prix.xlsx")
    engagement(example, bid, place / "acte engagement.docx", example.total(bid))


WRITERS = {"vigiluna": _vigiluna, "brisefort": _brisefort, "coralis": _coralis, "petitrempart": _petitrempart}


def final_offers(example: Example, root: Path) -> None:
    """Lay out the final offers: the price frame anew, and the few answers that change."""
    for line in example.data["register-2"]:
        for bid in [bid for bid in example.data["prices-2"] if sender(bid) == line[1]]:
            place = root / folder_of(example, line) / f"Lot {lot_of(bid)[-1]}"
            if line[1] == "brisefort":
                place /= "Variante 1" if "variant" in bid else "Base"
            place.mkdir(parents=True)
            frame(example, bid, place / "cadre de prix offre finale.xlsx", "prices-2")
            changed = example.data["answers-2"].get(bid, {})
            rows = [
                [point, told["answer"], told.get("comment", ""), told.get("proof", "")]
                for point, told in changed.items()
            ]
            if rows:
                few_answers(place / "réponses modifiées.csv", rows)
            for name, says in example.data["enclosed-2"].get(bid, {}).items():
                small(place / name, says)


def zipped(folder: Path, target: Path) -> None:
    """Write a folder as an archive whose bytes depend on nothing else."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (2026, 11, 3, 14, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())


def register(example: Example, part: str, target: Path) -> None:
    """Write the register of deposits as the platform exports it."""
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet("Registre des dépôts")
    page.write_string(0, 0, f"{example.tender.title}, registre des dépôts")
    heads = ["N° du pli", "Entreprise", "SIRET", "Lots", "Début de l'envoi", "Fin de l'envoi (date et heure)", "Forme du groupement", "Membres du groupement", "Observation"]  # fmt: skip
    page.write_row(2, 0, heads)
    page.set_column(1, 8, 24)
    for row, (rank, tenderer, lots, started, ended, what) in enumerate(example.data[part], 3):
        party, group = example.data["parties"][tenderer], example.data["members"].get(tenderer, {})
        late = ", hors délai" if (tenderer, what) == ("ostrelane", "Offre") else ""
        cells = [rank, party["company"], party["siret"], lots, started, ended]
        page.write_row(row, 0, [*cells, group.get("form", ""), group.get("members", ""), what + late])
    book.set_properties({"created": datetime(2026, 11, 3, 14)})  # noqa: DTZ001 (workbooks know no zone)
    book.close()
