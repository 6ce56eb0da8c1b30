"""What the actions of establishments are called in the trail."""

from collections.abc import Mapping

from egide.message import Text

ACTIONS: Mapping[str, Text] = {
    "establishment.identity": Text("Identité modifiée", "Identity changed"),
    "establishment.facts": Text("Données modifiées", "Data changed"),
    "observation.added": Text("Observation ajoutée", "Observation added"),
    "observation.withdrawn": Text("Observation retirée", "Observation withdrawn"),
}
