"""A synthetic consultation of any number of bids on the 118 points, written as a tender folder: fictitious, seeded."""

import csv
import random
from datetime import date
from pathlib import Path

import openpyxl

from egide import reference
from egide.clausier.model import AwardUse, Point
from egide.exchange import questionnaire

TENDER = """format: 1
title: "Consultation de mesure (fictive)"
buyer: {{name: "Établissement fictif"}}
sent_on: 2026-09-01
deadline: 2026-10-05T12:00:00+02:00
clausier: {{id: egide}}
points:
{points}
lots: [{{id: lot-1}}]
tenderers:
{tenderers}
criteria:
- {{id: prix, title: Prix, weight: 40, kind: price}}
- {{id: securite, title: Sécurité, weight: 40, kind: clausier}}
- {{id: environnement, title: Environnement, weight: 20, kind: marked, scale: 20, environmental: true}}
evaluators:
- {{id: rssi, role: RSSI, themes: [T1, T3, T4, T5, T6, T7, T10], criteria: [environnement]}}
- {{id: dpo, role: DPO, themes: [T2, T9]}}
- {{id: biomedical, role: Ingénieur biomédical, themes: [T8]}}
"""
EVALUATORS = {"rssi": ("T1", "T3", "T4", "T5", "T6", "T7", "T10"), "dpo": ("T2", "T9"), "biomedical": ("T8",)}


def write(folder: Path, bids: int, seed: int = 1) -> int:
    """Write the folder and return the number of points."""
    chance = random.Random(seed)
    clausier = reference.clausier()
    names = [f"societe-{number:03d}" for number in range(1, bids + 1)]
    points = [point for point in clausier.points.values() if not point.extra]
    extras = [point for point in clausier.points.values() if point.extra]
    folder.mkdir(parents=True)
    (folder / "tender.yaml").write_text(
        TENDER.format(
            points="\n".join(f"  {point.id}: {{keep: false}}" for point in extras),
            tenderers="\n".join(f'- {{id: {name}, name: "{name} (fictive)"}}' for name in names),
        ),
        encoding="utf-8",
    )
    template = folder / "questionnaire.xlsx"
    questionnaire.write(clausier, points, template, created=date(2026, 9, 1))
    for name in names:
        _bid(folder / "bids" / name / "lot-1", template, chance)
    template.unlink()
    _marks(folder / "marks", names, points, chance)
    return len(points)


def _bid(folder: Path, template: Path, chance: random.Random) -> None:
    folder.mkdir(parents=True)
    book = openpyxl.load_workbook(template)
    sheet = book["Questionnaire"]
    heading = next(row for row in sheet.iter_rows() if any(cell.value == "Réponse" for cell in row))
    column = {str(cell.value).split(" ")[0]: cell.column for cell in heading if cell.value}
    for row in sheet.iter_rows(min_row=heading[0].row + 1):
        if row[0].value:
            sheet.cell(row[0].row, column["Réponse"]).value = chance.choice(["Oui", "Oui", "Oui", "Non", "Partiel"])
            sheet.cell(row[0].row, column["Commentaire"]).value = f"Précision {chance.randrange(10**6)} (fictive)."
            sheet.cell(row[0].row, column["Justificatif"]).value = f"Mémoire technique, § {chance.randrange(1, 40)}"
    book.save(folder / "questionnaire.xlsx")
    (folder / "price.yaml").write_text(
        f'format: 1\ntotal: "{chance.randrange(400_000, 900_000)}.00"\n', encoding="utf-8"
    )


def _marks(folder: Path, names: list[str], points: list[Point], chance: random.Random) -> None:
    folder.mkdir()
    theme_of = {point: theme.id for point, theme in reference.clausier().theme_of.items()}
    for evaluator, themes in EVALUATORS.items():
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Points")
        sheet.append(["Soumissionnaire", "Lot", "Variante", "Tour", "Point", "Niveau retenu", "Motif", "Preuve vue"])
        for point in points:
            if theme_of[point.id] not in themes or point.award_use is AwardUse.NONE:
                continue
            levels = [code for code in point.level_of if point.level_of[code].value and code not in point.under_floor]
            for name in names:
                reason = f"Vu : élément {chance.randrange(10**6)} du dossier (fictif)."
                proof = f"Mémoire technique, § {chance.randrange(1, 40)}"
                sheet.append([name, "lot-1", 0, 1, point.id, chance.choice(levels), reason, proof])
        book.save(folder / f"{evaluator}.xlsx")
    with (folder / "rssi.csv").open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(["Soumissionnaire", "Lot", "Critère", "Note", "Motif"])
        lines.writerows([name, "lot-1", "environnement", chance.randrange(8, 20), "Vu (fictif)."] for name in names)
