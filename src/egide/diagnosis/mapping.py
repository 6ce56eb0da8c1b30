"""A grid of other hands as a questionnaire of ours: which measure each of its questions feeds."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from egide.diagnosis.questionnaire import Question, Questionnaire
from egide.family import MEASURE_BY_CODE
from egide.finding import Finding, Severity
from egide.message import message

WORDS: Mapping[str, tuple[str, ...]] = {
    "mfa": ("multifacteur", "multi-facteur", "deux facteurs", "plusieurs facteurs", "double authentification", "authentification forte", "mfa", "2fa", "multi-factor", "two-factor", "strong authentication"),
    "edr": ("edr", "xdr", "antivirus", "anti-virus", "code malveillant", "codes malveillants", "malware", "endpoint detection"),
    "device": ("dispositif medical", "dispositifs medicaux", "biomedical", "biomedicaux", "medical device", "medical devices"),
    "interventions": ("telemaintenance", "acces distant", "acces distants", "acces a distance", "vpn", "teletravail", "remote access", "remote maintenance", "teleassistance"),
    "backup": ("sauvegarde", "sauvegardes", "restauration", "restaurer", "backup", "backups", "restoration", "restitution"),
    "continuity": ("continuite", "crise", "plan blanc", "mode degrade", "pca", "pra", "reprise d'activite", "continuity", "crisis", "exercice", "exercices"),
    "components": ("correctif", "correctifs", "mise a jour", "mises a jour", "obsolescence", "obsoletes", "vulnerabilite", "vulnerabilites", "patch", "patches", "end of life", "inventaire"),
    "network": ("cloisonnement", "pare-feu", "firewall", "wifi", "wi-fi", "reseau", "reseaux", "segmentation", "filtrage", "vlan"),
    "detection": ("journal", "journaux", "journalisation", "detection", "supervision", "soc", "siem", "alerte", "alertes", "logging", "monitoring", "incident", "incidents"),
    "pam": ("habilitation", "habilitations", "compte", "comptes", "mot de passe", "mots de passe", "privilege", "privileges", "annuaire", "authentification", "password", "passwords", "account", "accounts", "access rights"),
    "people": ("sensibilisation", "formation", "charte", "hameconnage", "phishing", "awareness", "training"),
    "hard": ("durcissement", "configuration securisee", "poste de travail", "postes de travail", "usb", "verrouillage", "hardening", "salle serveur", "acces physique"),
    "cryptography": ("chiffrement", "chiffre", "chiffres", "cle", "cles", "certificat", "certificats", "tls", "encryption", "cryptographie", "cryptography"),
    "data": ("rgpd", "donnees personnelles", "donnees a caractere personnel", "registre des traitements", "aipd", "secret medical", "hds", "gdpr", "personal data", "dpo", "violation de donnees"),
    "development": ("developpement", "code source", "recette", "tests d'intrusion", "development", "source code"),
    "governance": ("gouvernance", "politique", "pssi", "rssi", "risque", "risques", "cartographie", "direction", "budget", "fournisseur", "fournisseurs", "prestataire", "prestataires", "contrat", "contrats", "governance", "supplier", "suppliers", "policy", "audit"),
}  # fmt: skip
"""Words, without accents, that speak of a measure; the order breaks a tie between measures: the most precise first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The measure that the words of a question speak of; `certain` when no other measure is named."""

    measure: str
    family: str
    words: tuple[str, ...]
    certain: bool


def propose(question: Question) -> Proposal | None:
    """Return the measure that the wording names, None if it names none."""
    text = _bare(f"{question.text.fr} {question.text.en}")
    hits = {measure: tuple(word for word in words if _holds(text, word)) for measure, words in WORDS.items()}
    named = {measure: words for measure, words in hits.items() if words}
    if not named:
        return None
    measure = max(named, key=lambda each: len(named[each]))
    families = MEASURE_BY_CODE[measure].families
    return Proposal(measure, families[0] if families else question.family, named[measure], len(named) == 1)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return folded.casefold()


def _holds(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def proposals(questionnaire: Questionnaire) -> tuple[tuple[Question, Proposal | None], ...]:
    """Return each question that feeds nothing yet, with what its words propose."""
    return tuple((question, propose(question)) for question in questionnaire.questions if not question.measure)


def mapped(questionnaire: Questionnaire, measures: Mapping[str, str]) -> Questionnaire:
    """Return the same grid where each question named in `measures` feeds that measure; an empty text feeds nothing."""
    return questionnaire.with_questions(
        {each.id: _fed(each, measures[each.id]) if each.id in measures else each for each in questionnaire.questions}
    )


def _fed(question: Question, measure: str) -> Question:
    families: Iterable[str] = MEASURE_BY_CODE[measure].families if measure else ()
    family = question.family if question.family in families or not families else next(iter(families))
    return replace(question, measure=measure, family=family, device=measure == "device")


def doubts(questionnaire: Questionnaire) -> list[Finding]:
    """Return, for each question that feeds nothing yet, what a person has to decide."""
    found = []
    for question, proposal in proposals(questionnaire):
        if proposal is None:
            understood = message("aucune mesure ne se reconnaît dans cette question : elle ne compte pas")
            remedy = message("Choisir la mesure qu'elle observe, ou la laisser de côté.")
        else:
            understood = message(
                "d'après ses mots ({words}), cette question observe : {measure}",
                words=list(proposal.words), measure=MEASURE_BY_CODE[proposal.measure].title,
            )  # fmt: skip
            remedy = message("Confirmer, ou choisir une autre mesure.")
        severity = Severity.NOTE if proposal and proposal.certain else Severity.DOUBT
        found.append(Finding("diagnosis.mapping", severity, understood, remedy, place=question.id, point=question.id))
    return found
