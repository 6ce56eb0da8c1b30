"""A small fictitious questionnaire, and what is done to its workbook, for the tests of diagnosis files."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl

from egide.diagnosis.filled import Answer, Filled
from egide.diagnosis.questionnaire import Branch, Chapter, Choice, Depth, Figure, Question, Questionnaire
from egide.exchange import diagnosis_sheet
from egide.message import Text

DAY = date(2026, 11, 20)
VERSION = date(2026, 11, 1)


def choice(code: str, value: str, french: str) -> Choice:
    return Choice(code, Decimal(value), Text(french, f"{french} (EN)"))


def question(name: str, measure: str, french: str, **more: object) -> Question:
    levels = (
        choice("none", "0", f"Rien n'est fait pour {name}"),
        choice("some", "0.5", f"Une partie est faite : « {name} » au moins une fois l'an"),
        choice("all", "1", f"Tout est fait pour {name}, et quelqu'un l'a vérifié"),
    )
    given: dict[str, object] = {"family": "backup", "levels": levels, **more}
    return Question(name, text=Text(french, f"{french} (EN)"), why=Text(f"Pourquoi {name} ?", f"Why {name}?"), measure=measure, proofs=(Text("Le compte rendu signé", "The signed report"),), depths=(Depth.HOSPITAL,), **given)  # type: ignore[arg-type]  # fmt: skip


YES_NO = (choice("no", "0", "Non, personne ne les a vues"), choice("yes", "1", "Oui, et on sait où elles sont"))
QUESTIONNAIRE = Questionnaire(
    "essai-hospital",
    VERSION,
    Text("Diagnostic d'essai", "Trial diagnosis"),
    Text("Un essai.", "A trial."),
    (
        Chapter("bck", Text("Sauvegardes", "Backups"), questions=(
            question("BCK-01", "backup", "Vos sauvegardes sont-elles essayées ?"),
            question("BCK-02", "backup", "Une copie est-elle hors d'atteinte ?", na=Text("si rien n'est gardé sur place", "if nothing is kept on site")),
            question("BCK-03", "backup", "La remise en route a-t-elle été chronométrée ?", asked_if=Branch("BCK-01", ("some", "all"))),
        )),
        Chapter("dev", Text("Appareils", "Devices"), questions=(
            question("DEV-01", "device", "Les appareils connectés sont-ils inventoriés ?", device=True, levels=YES_NO),
            question("DEV-02", "", "Avez-vous des appareils connectés ?", levels=YES_NO),
        )),
    ),
    (
        Figure("revenue", Text("Produits d'une année", "Revenue of a year"), Text("La perte en dépend.", "The loss depends on it."), Text("€", "€")),
        Figure("activity_share", Text("Part tirée de l'activité", "Share from activity"), Text("", ""), Text("%", "%")),
    ),
    Depth.HOSPITAL,
)  # fmt: skip
FILLED = Filled(
    QUESTIONNAIRE.id,
    VERSION,
    DAY,
    {
        "BCK-01": Answer("some", proven=True, proof="PV du 3 mars", note="Une fois l'an ; =2+2\nà revoir"),
        "BCK-02": Answer(not_applicable=True, reason="tout est hébergé"),
        "BCK-03": Answer("none"),
        "DEV-01": Answer("yes"),
    },
    {"revenue": Decimal("12500000.50"), "activity_share": Decimal("0.65")},
    "CH de Valmont-sur-Orge (fictif)",
)


def written(folder: Path, filled: Filled | None = FILLED, language: str = "fr", name: str = "diagnostic.xlsx") -> Path:
    path = folder / name
    diagnosis_sheet.write(QUESTIONNAIRE, path, language, created=DAY, filled=filled)  # type: ignore[arg-type]
    return path


def edited(path: Path, cells: dict[str, object], sheet: str = "Questions") -> Path:
    """Write into cells of the workbook with another program than ours."""
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book[sheet][place] = value
    book.save(path)
    return path
