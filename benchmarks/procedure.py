"""A whole synthetic procedure, written as a tender folder: lots, two rounds, groups, a price schedule, a journal.

Fictitious and seeded. Each tenderer answers the 118 points and 20 lines of price, then in the second round gives new
prices and changes a few answers; all of it is marked twice, and each lot is awarded.
"""

import csv
import json
import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlsxwriter
from consultation import EVALUATORS

from egide import reference
from egide.clausier.model import AwardUse, Clausier, Point
from egide.exchange import questionnaire

TENDER = """format: 1
reference: "2026-MESURE"
title: "Procédure de mesure (fictive)"
buyer: {{name: "Établissement fictif", siret: "00000006700017", address: "1, rue fictive"}}
sent_on: 2026-09-01
deadline: 2026-10-05T12:00:00+02:00
procedure: negotiated
negotiation: true
estimate: "{estimate}"
clausier: {{id: egide}}
points:
{points}
lots:
{lots}
tenderers:
{tenderers}
rounds:
- {{number: 2, title: "Offre finale", deadline: 2026-11-02T12:00:00+01:00}}
criteria:
- {{id: prix, title: Prix, weight: 40, kind: price}}
- id: securite
  title: Sécurité
  weight: 40
  kind: clausier
  subcriteria:
  - {{id: organisation, weight: 40, title: "Organisation, contrat et données", themes: [T1, T2, T3, T10]}}
  - {{id: technique, weight: 60, title: "Mesures techniques", themes: [T4, T5, T6, T7, T8, T9]}}
- {{id: environnement, title: Environnement, weight: 20, kind: marked, scale: 20, environmental: true}}
ties: [securite, draw]
evaluators:
- {{id: rssi, role: RSSI, themes: [T1, T3, T4, T5, T6, T7, T10], criteria: [environnement]}}
- {{id: dpo, role: DPO, themes: [T2, T9]}}
- {{id: biomedical, role: Ingénieur biomédical, themes: [T8]}}
schedule:
  months: 48
  lines:
{lines}
contract: {{start: 2027-02-01, months: 48}}
processing:
- {{purpose: "Héberger le service (fictif)", data: ["identité", "santé"], persons: ["patients"], duration: "Durée du marché"}}
"""
LINE = '  - {{id: {id}, group: "{group}", title: "Prestation {id} (fictive)", unit: "{unit}", quantity: "{quantity}"{more}}}'
LINES = 20
CHANGED = 6
"""Answers that a tenderer changes in the second round."""
JOURNAL = """format: 1
publication: {{on: 2026-09-01, notice: "Avis fictif"}}
questions:
{questions}
declarations:
- {{evaluator: rssi, on: 2026-10-01, conflict: false}}
- {{evaluator: dpo, on: 2026-10-01, conflict: false}}
- {{evaluator: biomedical, on: 2026-10-01, conflict: false}}
opening: {{at: 2026-10-05T14:00:00+02:00, persons: ["Gestionnaire (fictive)"], order: candidacies}}
deposits:
{deposits}
candidacies:
{candidacies}
negotiations:
- {{round: 2, on: 2026-10-20, lots: [{lots}], invited: [{tenderers}], summary: "Même ordre du jour pour chacun (fictif)."}}
closed_on: 2026-10-23
awards:
{awards}
proofs:
{proofs}
sent:
{sent}
reasons:
{reasons}
"""


def write(folder: Path, lots: Mapping[str, Sequence[str]], seed: int = 1) -> int:
    """Write all but the journal for these tenderers of each lot, and return the number of points."""
    chance = random.Random(seed)
    clausier = reference.clausier()
    points = [point for point in clausier.points.values() if not point.extra]
    folder.mkdir(parents=True)
    (folder / "tender.yaml").write_text(_tender(clausier, lots), encoding="utf-8")
    template = folder / "questionnaire.xlsx"
    questionnaire.write(clausier, points, template, created=date(2026, 9, 1))
    book = openpyxl.load_workbook(template)
    bids = [(name, lot) for lot, names in lots.items() for name in names]
    for name, lot in bids:
        _bid(folder / "bids" / name / lot, book, points, chance)
    template.unlink()
    _marks(folder / "marks", bids, points, chance)
    return len(points)


def lots_of(tenderers: int, lots: int = 3, *, each: bool = False) -> dict[str, list[str]]:
    """Return the tenderers of each lot: spread over the lots, or all of them on `each`."""
    names = [f"societe-{number:03d}" for number in range(1, tenderers + 1)]
    return {f"lot-{number + 1}": names if each else names[number::lots] for number in range(lots)}


def _tender(clausier: Clausier, lots: Mapping[str, Sequence[str]]) -> str:
    names = sorted({name for named in lots.values() for name in named})
    lines = [
        LINE.format(
            id=f"L{number:02}", group=("Mise en service", "Abonnements", "À la demande", "Options")[number * 4 // LINES],
            unit=("établissement", "poste", "jour")[number % 3], quantity=1 + 7 * number,
            more="".join((", period: month" if LINES // 4 <= number < LINES // 2 else "", ", optional: true" if number >= 3 * LINES // 4 else "")),
        )
        for number in range(LINES)
    ]  # fmt: skip
    return TENDER.format(
        estimate=400_000 * len(lots),
        points="\n".join(f"  {point.id}: {{keep: false}}" for point in clausier.points.values() if point.extra),
        lots="\n".join(f'- {{id: {lot}, title: "Territoire {lot[4:]} (fictif)", estimate: "400000"}}' for lot in lots),
        tenderers="\n".join(_tenderer(n, name, [lot for lot in lots if name in lots[lot]]) for n, name in enumerate(names)),
        lines="\n".join(lines),
    )  # fmt: skip


def _tenderer(number: int, name: str, lots: Sequence[str]) -> str:
    """Return a tenderer; one in five is a group of two companies."""
    told = f'- {{id: {name}, name: "{name} (fictive)", lots: [{", ".join(lots)}]'
    if number % 5:
        return told + "}"
    members = f'{{name: "{name} (fictive)", mandataire: true, part: "Service"}}, {{name: "{name} hébergement (fictive)", part: "Hébergement"}}'
    return f"{told}, group: solidary, members: [{members}]}}"


def _bid(folder: Path, book: openpyxl.Workbook, points: Sequence[Point], chance: random.Random) -> None:
    later = folder / "round-2"
    later.mkdir(parents=True)
    sheet = book["Questionnaire"]
    heading = next(row for row in sheet.iter_rows() if any(cell.value == "Réponse" for cell in row))
    column = {str(cell.value).split(" ")[0]: cell.column for cell in heading if cell.value}
    for row in sheet.iter_rows(min_row=heading[0].row + 1):
        if row[0].value:
            sheet.cell(row[0].row, column["Réponse"]).value = chance.choice(["Oui", "Oui", "Oui", "Non", "Partiel"])
            sheet.cell(row[0].row, column["Commentaire"]).value = f"Précision {chance.randrange(10**6)} (fictive)."
            sheet.cell(row[0].row, column["Justificatif"]).value = f"Mémoire technique, § {chance.randrange(1, 40)}"
    book.save(folder / "questionnaire.xlsx")
    prices = [Decimal(chance.randrange(20_000, 60_000)) / 100 for _ in range(LINES)]
    _prices(folder / "bordereau des prix.xlsx", prices)
    _prices(later / "bordereau des prix final.xlsx", [(price * 96 / 100).quantize(Decimal("0.01")) for price in prices])
    with (later / "réponses modifiées.csv").open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(["Identifiant", "Réponse", "Commentaire", "Justificatif"])
        lines.writerows([point.id, "Oui", "Repris après négociation (fictif).", "Mémoire technique, § 41"] for point in chance.sample(points, CHANGED))  # fmt: skip


def _prices(path: Path, prices: Sequence[Decimal]) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("BPU DQE")
    sheet.write_row(0, 0, ["Référence", "Désignation", "Quantité", "Prix unitaire HT"])
    for number, price in enumerate(prices):
        sheet.write_row(
            1 + number, 0, [f"L{number:02}", f"Prestation L{number:02} (fictive)", 1 + 7 * number, float(price)]
        )
    book.close()


def _marks(folder: Path, bids: Sequence[tuple[str, str]], points: Sequence[Point], chance: random.Random) -> None:
    folder.mkdir()
    theme_of = {point: theme.id for point, theme in reference.clausier().theme_of.items()}
    levels = {point.id: [code for code in point.level_of if point.level_of[code].value and code not in point.under_floor] for point in points}  # fmt: skip
    for evaluator, themes in EVALUATORS.items():
        marked = [point for point in points if theme_of[point.id] in themes and point.award_use is not AwardUse.NONE]
        for tour, name in ((1, f"{evaluator}.xlsx"), (2, f"{evaluator}@tour-2.xlsx")):
            book = openpyxl.Workbook(write_only=True)
            sheet = book.create_sheet("Points")
            sheet.append(["Soumissionnaire", "Lot", "Variante", "Tour", "Point", "Niveau retenu", "Motif", "Preuve vue"])  # fmt: skip
            for point in marked:
                for tenderer, lot in bids:
                    reason = f"Vu : élément {chance.randrange(10**6)} du dossier (fictif)."
                    proof = f"Mémoire technique, § {chance.randrange(1, 40)}"
                    sheet.append([tenderer, lot, 0, tour, point.id, chance.choice(levels[point.id]), reason, proof])
            book.save(folder / name)
    with (folder / "rssi@notes.csv").open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(["Soumissionnaire", "Lot", "Tour", "Critère", "Note", "Motif"])
        lines.writerows([name, lot, tour, "environnement", chance.randrange(8, 20), f"Vu, tour {tour} (fictif)."] for name, lot in bids for tour in (1, 2))  # fmt: skip


def write_journal(folder: Path, evaluation: Path) -> None:
    """Write the journal that awards each lot to the first of its ranking, tells everybody and answers two of them."""
    ranking = json.loads(evaluation.read_text(encoding="utf-8"))["ranking"]
    rows = sorted((row["lot"], row["rank"], row["tenderer"]) for row in ranking)
    won = {lot: tenderer for lot, rank, tenderer in rows if rank == 1}
    names, lots = sorted({tenderer for *_, tenderer in rows}), sorted(won)

    def listed(each: str, values: Sequence[dict[str, str]]) -> str:
        return "\n".join("- {" + each.format(**value) + "}" for value in values)

    told = [{"lot": lot, "name": name, "kind": "award" if won[lot] == name else "rejection"} for lot, _, name in rows]
    by_lot = [{"lot": lot, "name": name} for lot, name in won.items()]
    losers = [each for each in told if each["kind"] == "rejection"]
    journal = JOURNAL.format(
        questions=listed('id: "{n}", received_on: 2026-09-10T10:00:00+02:00, text: "Question {n} (fictive) ?", answer: "Réponse {n} (fictive).", answered_at: 2026-09-15T10:00:00+02:00', [{"n": str(n)} for n in range(1, 21)]),
        deposits=listed("tenderer: {name}, ended_at: 2026-10-05T10:00:00+02:00", [{"name": name} for name in names]),
        candidacies=listed('tenderer: {name}, admitted: true, on: 2026-10-06, reason: "Capacités suffisantes (fictif)."', [{"name": name} for name in names]),
        lots=", ".join(lots),
        tenderers=", ".join(names),
        awards=listed('lot: {lot}, tenderer: {name}, round: 2, on: 2026-11-20, by: "Directeur (fictif)"', by_lot),
        proofs=listed('tenderer: {name}, lot: {lot}, what: "attestation fiscale", asked_on: 2026-11-10, deadline: 2026-11-17T17:00:00+01:00, received_on: 2026-11-12, valid_until: 2027-05-31, accepted: true', by_lot),
        sent=listed("tenderer: {name}, lot: {lot}, kind: {kind}, on: 2026-11-23", told),
        reasons=listed("tenderer: {name}, lot: {lot}, received_on: 2026-11-25, answered_on: 2026-11-27", losers[:2]),
    )  # fmt: skip
    (folder / "journal.yaml").write_text(journal, encoding="utf-8")
