"""Invented figures of estimates, for what shows them: the numbers are made up and say nothing of anybody."""

from datetime import date

from egide.message import Text
from egide.report.risk_figures import (
    Care,
    Changed,
    Event,
    Figures,
    Gain,
    Head,
    Known,
    Question,
    Safeguard,
    Unknown,
    Year,
)
from egide.risk.interval import Interval

MEASURES = (
    "governance",
    "people",
    "pam",
    "mfa",
    "interventions",
    "components",
    "hard",
    "edr",
    "network",
    "detection",
    "backup",
    "continuity",
    "data",
    "cryptography",
    "development",
    "device",
)
EVENTS = (
    ("H01", "Rançongiciel généralisé", 0.19, 26),
    ("S03", "Intrusion par télémaintenance", 0.12, 45),
    ("S01", "Rançongiciel chez l’hébergeur ou l’éditeur", 0.10, 22),
    ("H10", "Panne, bogue, mise à jour ratée", 0.09, 2),
    ("H05", "Vol et publication de données", 0.07, 9),
    ("H02", "Rançongiciel limité à un serveur", 0.06, 25),
    ("H04", "Compromission de comptes ou du système d’information", 0.05, 3),
    ("S06", "Défaillance ou fin de support", 0.04, 90),
    ("H11", "Coupure opérateur, électricité, téléphonie", 0.03, 0.4),
    ("H06", "Déni de service", 0.02, 200_000),
)
MEAN = 1_400_000.0
YEARS = ((2, 0.02), (5, 0.4), (10, 1.8), (20, 4.1), (50, 9.3), (100, 14.1), (200, 21.0))


def about(value, low=0.57, high=1.6):
    return Interval(value, low * value, high * value)


def figures(subject="CHU Fictif", category="university", scale=1.0, **changed):
    """An estimate of a CHU, or of anybody smaller by `scale`."""
    mean = MEAN * scale
    years = tuple(
        Year(n, about(mean * times), about(mean * times * 0.6), about(1_150 * times * scale)) for n, times in YEARS
    )
    given = {
        "subject": subject,
        "category": category,
        "category_title": Text("CHU ou CHR", "University hospital"),
        "rough": category in {"care_home", "social", "practice"},
        "on": date(2026, 11, 23),
        "mean": about(mean),
        "care": Care(about(950 * scale), None, about(120 * scale), Interval(0.02, 0.01, 0.05)),
        "years": tuple(each for each in years if each.years in {10, 20, 100}),
        "curve": years,
        "heads": tuple(
            Head(code, Text(fr, en), about(mean * part))
            for code, fr, en, part in (
                ("own", "Coûts propres", "Own costs", 0.33),
                ("interruption", "Activité perdue", "Activity lost", 0.56),
                ("liability", "Responsabilité", "Liability", 0.10),
                ("fine", "Amendes", "Fines", 0.01),
            )
        ),
        "events": tuple(
            Event(code, Text(fr, fr), about(mean * part), part, about(every)) for code, fr, part, every in EVENTS
        ),
        "safeguards": tuple(
            Safeguard(code, Text(code.title(), code.title()), n / 20, min(1.0, n / 20 + (n % 3) / 5), 1 - (n % 3) / 4)
            for n, code in enumerate(MEASURES)
        ),
        "gains": tuple(
            Gain(code, Text(code.title(), code.title()), about(mean * part), about(950 * scale * part), 0.4)
            for code, part in (
                ("hard", 0.09),
                ("backup", 0.085),
                ("pam", 0.08),
                ("detection", 0.04),
                ("continuity", 0.035),
                ("mfa", 0.02),
            )
        ),
        "exposure": (
            Known(
                "revenue",
                Text("Recettes d’exploitation", "Operating revenue"),
                str(int(1_200_000_000 * scale)),
                Text("€", "€"),
                default=False,
                year=2025,
            ),
            Known("persons", Text("Personnes connues", "Persons known"), "1800000", Text(), default=True, grade="M"),
        ),
        "bracket": (about(mean * 1.6), about(mean * 0.8)),
        "completeness": 0.7,
        "reference": 0.45,
        "average": about(mean * 0.9),
        "stress": about(mean * 1.3),
        "retained": about(mean * 0.6),
        "insurance": Text("le programme en vigueur", "the programme in force"),
        "question": Question("B1", Text("Les sauvegardes sont-elles essayées ?", "Are backups tried?"), mean * 0.2),
        "unknown": (
            Unknown("eps", Text("Effet de la taille", "Effect of size"), 0.28, "A"),
            Unknown("q", Text("Incidents jamais déclarés", "Incidents never declared"), 0.18, "A"),
            Unknown("n", Text("Incidents déclarés", "Incidents declared"), 0.05, "R"),
        ),
        "changed": (
            Changed(
                "catch_up",
                Text("Activité rattrapée ensuite", "Activity caught up"),
                Text("15 (0 à 40)", "15 (0 to 40)"),
                Text("30 (20 à 40)", "30 (20 to 40)"),
                Text("%", "%"),
                "Mesuré en 2024",
            ),
        ),
        "remarks": (Text("Observations de plus de deux ans.", "Observations older than two years."),),
        "means": tuple(mean * (0.525 + n / 20) for n in range(20)),
        "care_means": tuple(950 * scale * (0.525 + n / 20) for n in range(20)),
        "draws": 200,
        "simulated": 50_000,
        "sampling": 0.03,
        "seed": 2026,
        "library": "0" * 64,
        "program": "0.2.0",
    }
    return Figures(**given | changed)
