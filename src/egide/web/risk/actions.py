"""What the actions on loss studies and estimates are called in the trail."""

from collections.abc import Mapping

from egide.message import Text

ACTIONS: Mapping[str, Text] = {
    "study.made": Text("Étude de pertes commencée", "Loss study begun"),
    "study.replaced": Text("Étude de pertes remplacée", "Loss study replaced"),
    "study.programme": Text("Programme d’assurance enregistré", "Insurance programme saved"),
    "estimate.asked": Text("Estimation du risque demandée", "Estimate of the risk asked for"),
    "estimate.made": Text("Risque estimé", "Risk estimated"),
    "assumption.changed": Text("Hypothèse changée", "Assumption changed"),
    "assumption.reset": Text("Hypothèse d’Égide rétablie", "Assumption of Égide restored"),
    "insurance.chosen": Text("Assurance prise en compte choisie", "Insurance taken into account chosen"),
    "study.removed": Text("Étude de pertes supprimée", "Loss study deleted"),
}
WORDS: Mapping[str, Text] = {
    "title": Text("titre", "title"),
    "digest": Text("empreinte", "digest"),
    "programme": Text("programme", "programme"),
    "parameter": Text("paramètre", "parameter"),
    "value": Text("valeur", "value"),
    "low": Text("borne basse", "lower end"),
    "high": Text("borne haute", "upper end"),
    "reason": Text("motif", "reason"),
    "own_contract": Text("notre contrat", "our own contract"),
    "average_contract": Text("contrat moyen de cette taille", "average contract of that size"),
    "uninsured": Text("aucune assurance", "no insurance"),
    "retention": Text("franchise", "deductible"),
    "waiting_hours": Text("franchise en heures", "deductible in hours"),
    "event_limit": Text("plafond par événement", "limit per event"),
    "annual_limit": Text("plafond par an", "limit per year"),
    "library": Text("paramètres", "parameters"),
    "mean_loss": Text("perte moyenne par an (€)", "mean loss of a year (EUR)"),
}
