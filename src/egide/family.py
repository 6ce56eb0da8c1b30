"""The fourteen safeguard families, and the sixteen measures on which effects act: one taxonomy for control points,
questions and effects on a loss.

Tie-breaks, so that two readers give a point the same family:
1. a duty born of the RGPD, of health-data hosting or of secrecy is `data`, even an audit or a notice;
2. a right to inspect, or a document of assurance, is `suppliers`;
3. how a third party connects or works is `interventions`, the rights of its account are `identity`;
4. stored secrets are `cryptography`, their use is `identity`;
5. an update is `components`, what makes a machine safe at rest is `hardening`;
6. "works without" is `continuity`, "gets back" is `backup`.
"""

from dataclasses import dataclass

from egide.errors import DataError
from egide.message import Text, message


@dataclass(frozen=True, slots=True)
class Family:
    """A safeguard family; `measures` are the measures to be told apart in it, empty if it is one measure."""

    code: str
    title: Text
    definition: Text
    measures: tuple[str, ...] = ()


FAMILIES: tuple[Family, ...] = (
    Family(
        "governance",
        Text("Gouvernance, risques et cartographie", "Governance, risk and mapping"),
        Text(
            "Qui décide, qui répond, ce qu'on possède, ce qu'on risque et comment on le vérifie.",
            "Who decides and answers, what is owned, what is at risk, and how it is checked.",
        ),
    ),
    Family(
        "suppliers",
        Text("Maîtrise des fournisseurs", "Supplier assurance"),
        Text(
            "Droits d'audit, chaîne des intervenants, licences, séquestre, certificats suivis dans le temps.",
            "Audit rights, chain of parties, licences, escrow, certificates followed over time.",
        ),
    ),
    Family(
        "people",
        Text("Sensibilisation et engagements des personnes", "People: awareness and undertakings"),
        Text("Ce que les personnes savent, signent et respectent.", "What people know, sign and respect."),
    ),
    Family(
        "identity",
        Text("Identités, authentification et habilitations", "Identity, authentication and access rights"),
        Text(
            "Qui entre, avec quelle preuve, pour faire quoi, jusqu'à quand.",
            "Who gets in, with what proof, to do what, until when.",
        ),
        ("pam", "mfa"),
    ),
    Family(
        "interventions",
        Text("Interventions et accès distants", "Interventions and remote access"),
        Text(
            "Par où, quand et sous quel contrôle un tiers agit sur le système.",
            "By which way, when and under whose control a third party acts on the system.",
        ),
    ),
    Family(
        "components",
        Text("Composants, correctifs et obsolescence", "Components, patches and obsolescence"),
        Text(
            "Savoir ce qui est installé, le corriger à temps, le retirer avant la fin de support.",
            "Know what is installed, fix it in time, retire it before support ends.",
        ),
    ),
    Family(
        "hardening",
        Text("Durcissement et protection des machines", "Hardening and machine protection"),
        Text(
            "Ne laisser en marche que l'utile, protégé contre le code malveillant et l'accès physique.",
            "Leave running only what is needed, protected against malware and physical access.",
        ),
        ("hard", "edr"),
    ),
    Family(
        "network",
        Text("Cloisonnement et filtrage des réseaux", "Network segmentation and filtering"),
        Text("Qui peut parler à qui, par fil ou sans fil.", "Who may talk to whom, wired or wireless."),
    ),
    Family(
        "detection",
        Text("Journalisation, détection et incidents", "Logging, detection and incidents"),
        Text(
            "Voir, garder la trace, alerter jour et nuit, traiter et déclarer.",
            "See, keep the trace, alert day and night, handle and report.",
        ),
    ),
    Family(
        "backup",
        Text("Sauvegarde, restauration et restitution", "Backup, restoration and return of data"),
        Text(
            "Retrouver des données saines, quoi qu'il arrive au système ou au contrat.",
            "Get sound data back, whatever happens to the system or the contract.",
        ),
    ),
    Family(
        "continuity",
        Text("Continuité des soins et crise", "Continuity of care and crisis"),
        Text(
            "Soigner sans le système, décider en crise, s'exercer.",
            "Care without the system, decide in a crisis, rehearse.",
        ),
    ),
    Family(
        "data",
        Text("Données personnelles et secret médical", "Personal data and medical secrecy"),
        Text(
            "Toute obligation née du RGPD, du secret ou de l'hébergement de données de santé.",
            "Every duty born of the GDPR, of secrecy or of health-data hosting.",
        ),
    ),
    Family(
        "cryptography",
        Text("Chiffrement et secrets", "Cryptography and secrets"),
        Text(
            "Choisir, appliquer et garder les clés, certificats et mots de passe stockés.",
            "Choose, apply and keep keys, certificates and stored passwords.",
        ),
    ),
    Family(
        "development",
        Text("Développement sécurisé et tests", "Secure development and testing"),
        Text("Écrire, vérifier et livrer du code sûr.", "Write, check and deliver safe code."),
    ),
)

BY_CODE = {family.code: family for family in FAMILIES}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a diagnosis observes and on which an effect acts: one family, a part of it, or two families together."""

    code: str
    families: tuple[str, ...]
    title: Text


MEASURES: tuple[Measure, ...] = (
    Measure("governance", ("governance", "suppliers"), Text("Gouvernance et fournisseurs", "Governance and suppliers")),
    Measure("people", ("people",), Text("Sensibilisation des personnes", "Awareness of people")),
    Measure("pam", ("identity",), Text("Comptes et habilitations", "Accounts and access rights")),
    Measure("mfa", ("identity",), Text("Authentification à plusieurs facteurs", "Multi-factor authentication")),
    Measure("interventions", ("interventions",), Text("Interventions et accès distants", "Remote access")),
    Measure("components", ("components",), Text("Correctifs et obsolescence", "Patches and obsolescence")),
    Measure("hard", ("hardening",), Text("Durcissement des machines", "Hardening of machines")),
    Measure("edr", ("hardening",), Text("Protection et réaction sur les postes (EDR)", "Endpoint detection (EDR)")),
    Measure("network", ("network",), Text("Cloisonnement des réseaux", "Network segmentation")),
    Measure("detection", ("detection",), Text("Journalisation et détection", "Logging and detection")),
    Measure("backup", ("backup",), Text("Sauvegarde et restauration", "Backup and restoration")),
    Measure("continuity", ("continuity",), Text("Continuité des soins et crise", "Continuity of care and crisis")),
    Measure("data", ("data",), Text("Données personnelles et secret", "Personal data and secrecy")),
    Measure("cryptography", ("cryptography",), Text("Chiffrement et secrets", "Encryption and secrets")),
    Measure("development", ("development",), Text("Développement sécurisé", "Secure development")),
    Measure("device", (), Text("Parc de dispositifs connectés", "Estate of connected devices")),
)
"""The order is that of the families; `device` is every family asked of the device estate, and so has none of its own."""

MEASURE_BY_CODE = {measure.code: measure for measure in MEASURES}

_DEFAULT = {
    family.code: next(measure.code for measure in MEASURES if family.code in measure.families) for family in FAMILIES
}


def measure_of(family: str, measure: str = "", device: bool = False) -> str:
    """Return the measure that a question or point of `family` feeds.

    A point asked of devices feeds `device` instead of its family's measure, never both. Where a family has several
    measures, the one that is named, else the first (`pam` for identity, `hard` for hardening). Raises DataError.
    """
    if family not in BY_CODE:
        raise DataError(message("famille inconnue : {family}", family=family))
    if measure and (measure not in MEASURE_BY_CODE or family not in MEASURE_BY_CODE[measure].families):
        raise DataError(message("la famille {family} n'a pas de mesure « {measure} »", family=family, measure=measure))
    return "device" if device else measure or _DEFAULT[family]
