"""What the actions of the demonstration are called in the trail."""

from collections.abc import Mapping

from egide.message import Text

ACTIONS: Mapping[str, Text] = {
    "demonstration.made": Text("Démonstration installée", "Demonstration set up"),
    "demonstration.entered": Text("Entrée dans la démonstration", "Demonstration entered"),
    "demonstration.seated": Text("Évaluateurs de la démonstration désignés", "Evaluators of the demonstration named"),
    "demonstration.brought": Text("Exemple apporté", "Example brought in"),
}
