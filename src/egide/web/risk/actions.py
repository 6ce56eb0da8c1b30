"""What the actions on loss studies are called in the trail."""

from collections.abc import Mapping

from egide.message import Text

ACTIONS: Mapping[str, Text] = {
    "study.made": Text("Étude de pertes commencée", "Loss study begun"),
    "study.replaced": Text("Étude de pertes remplacée", "Loss study replaced"),
    "study.programme": Text("Programme d’assurance enregistré", "Insurance programme saved"),
    "study.removed": Text("Étude de pertes supprimée", "Loss study deleted"),
}
WORDS: Mapping[str, Text] = {
    "title": Text("titre", "title"),
    "digest": Text("empreinte", "digest"),
    "programme": Text("programme", "programme"),
}
