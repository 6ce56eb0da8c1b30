"""What the actions on diagnoses and maps are called in the trail."""

from collections.abc import Mapping

from egide.message import Text

ACTIONS: Mapping[str, Text] = {
    "diagnosis.begun": Text("Diagnostic commencé", "Diagnosis begun"),
    "diagnosis.answered": Text("Réponses au diagnostic enregistrées", "Answers to the diagnosis saved"),
    "diagnosis.uploaded": Text("Classeur du diagnostic repris", "Workbook of the diagnosis taken in"),
    "diagnosis.finished": Text("Diagnostic terminé", "Diagnosis finished"),
    "diagnosis.removed": Text("Diagnostic abandonné", "Diagnosis given up"),
    "questionnaire.brought": Text("Grille apportée", "Grid brought in"),
    "questionnaire.mapped": Text("Grille rapprochée des mesures", "Grid matched with the measures"),
    "questionnaire.removed": Text("Grille supprimée", "Grid deleted"),
    "map.changed": Text("Cartographie modifiée", "Map changed"),
    "map.removed": Text("Ligne de cartographie supprimée", "Line of the map deleted"),
    "map.imported": Text("Cartographie importée", "Map brought in"),
}
WORDS: Mapping[str, Text] = {
    "questionnaire": Text("questionnaire", "questionnaire"),
    "answers": Text("réponses", "answers"),
    "observations": Text("observations", "observations"),
    "completeness": Text("complétude", "completeness"),
    "applications": Text("applications", "applications"),
    "suppliers": Text("fournisseurs", "suppliers"),
    "devices": Text("dispositifs", "devices"),
}
