"""What is known of an establishment, year after year: one table of the facts that all parts use."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from egide.message import Text


class Kind(StrEnum):
    """How a fact is written and read."""

    WHOLE = "whole"
    MONEY = "money"
    """Euros."""
    SHARE = "share"
    """Percent, 0 to 100."""
    TEXT = "text"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that are asked together."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Definition:
    """One fact: what it counts, for whom it matters, and its unit in words."""

    code: str
    group: str
    kind: Kind
    title: Text
    says: Text = Text()
    unit: Text = Text()


GROUPS = (
    Group("activity", Text("Taille et activité", "Size and activity")),
    Group("money", Text("Budget", "Budget")),
    Group("system", Text("Système d’information", "Information system")),
)

DEFINITIONS = (
    Definition("beds", "activity", Kind.WHOLE, Text("Lits", "Beds"), Text("Lits d’hospitalisation complète ou d’hébergement.", "Beds for full hospitalisation or residence.")),
    Definition("places", "activity", Kind.WHOLE, Text("Places", "Day places"), Text("Places d’hospitalisation partielle, de jour ou à domicile.", "Places for day or partial hospitalisation, or at home.")),
    Definition("stays", "activity", Kind.WHOLE, Text("Séjours", "Stays"), Text("Séjours et séances de l’année.", "Stays and sessions of the year.")),
    Definition("emergencies", "activity", Kind.WHOLE, Text("Passages aux urgences", "Emergency visits"), Text("Passages de l’année ; 0 s’il n’y a pas de service d’urgences.", "Visits of the year; 0 without an emergency department.")),
    Definition("persons", "activity", Kind.WHOLE, Text("Personnes connues du système d’information", "Persons in the information system"), Text("Patients, résidents et agents dont des données sont conservées.", "Patients, residents and staff whose data are kept.")),
    Definition("staff", "activity", Kind.WHOLE, Text("Effectif", "Staff"), Text("Équivalents temps plein, personnel médical compris.", "Full-time equivalents, medical staff included."), Text("ETP", "FTE")),
    Definition("revenue", "money", Kind.MONEY, Text("Recettes d’exploitation", "Operating revenue"), Text("Compte de résultat principal de l’année.", "Main profit and loss account of the year."), Text("€", "€")),
    Definition("activity_share", "money", Kind.SHARE, Text("Part des recettes liée à l’activité", "Share of revenue paid by activity"), Text("Ce qui cesse d’être perçu quand l’activité s’arrête.", "What is no longer received when activity stops."), Text("%", "%")),
    Definition("spending", "money", Kind.MONEY, Text("Dépenses d’exploitation", "Operating spending"), Text("Budget principal et annexes de l’année.", "Main and annex budgets of the year."), Text("€", "€")),
    Definition("it_running", "money", Kind.MONEY, Text("Numérique : exploitation", "Digital: running"), Text("Dépenses d’exploitation du numérique, personnel compris.", "Running costs of digital services, staff included."), Text("€", "€")),
    Definition("it_investment", "money", Kind.MONEY, Text("Numérique : investissement", "Digital: investment"), Text("Dépenses d’investissement du numérique.", "Digital investment."), Text("€", "€")),
    Definition("security", "money", Kind.MONEY, Text("Sécurité numérique", "Digital security"), Text("Ce qui, dans les deux lignes précédentes, va à la sécurité numérique.", "What, in the two lines above, goes to digital security."), Text("€", "€")),
    Definition("workstations", "system", Kind.WHOLE, Text("Postes de travail", "Workstations")),
    Definition("servers", "system", Kind.WHOLE, Text("Serveurs", "Servers"), Text("Physiques et virtuels.", "Physical and virtual.")),
    Definition("devices", "system", Kind.WHOLE, Text("Dispositifs médicaux connectés", "Connected medical devices")),
    Definition("records", "system", Kind.TEXT, Text("Dossier patient et logiciels principaux", "Patient record and main software"), Text("Éditeurs et produits dont les soins dépendent.", "Suppliers and products on which care depends.")),
    Definition("incidents", "system", Kind.WHOLE, Text("Incidents numériques déclarés", "Digital incidents declared"), Text("Déclarations de l’année au portail national des signalements ; 0 s’il n’y en a pas eu, vide si on ne sait pas.", "Declarations of the year on the national reporting portal; 0 if there were none, empty if not known.")),
    Definition("on_call", "system", Kind.FLAG, Text("Astreinte informatique jour et nuit", "IT on call day and night"), Text("Une personne du système d’information joignable à toute heure.", "Someone of the IT department can be reached at any hour.")),
)  # fmt: skip

BY_CODE: Mapping[str, Definition] = {each.code: each for each in DEFINITIONS}
