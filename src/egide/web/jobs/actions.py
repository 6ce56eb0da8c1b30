"""What the actions of jobs are called in the trail."""

from collections.abc import Mapping

from egide.message import Text

ACTIONS: Mapping[str, Text] = {"job.cancelled": Text("Arrêt d’un travail demandé", "Stop of a job asked for")}
