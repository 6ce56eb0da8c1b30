"""What each kind of work is called on screen."""

from collections.abc import Mapping

from egide.message import Text

TITLES: Mapping[str, Text] = {
    "load_folder": Text("Lecture d’un dossier de consultation", "Reading a tender folder"),
    "import_deposits": Text("Réception des dépôts", "Taking in the deposits"),
    "read_workbooks": Text("Lecture des questionnaires", "Reading the questionnaires"),
    "write_precisions": Text("Écriture des demandes de précisions", "Writing the requests for clarification"),
    "evaluate": Text("Évaluation des offres", "Evaluation of the bids"),
    "record": Text(
        "Écriture des lettres et du dossier de la procédure", "Writing the letters and the record of the procedure"
    ),
    "robustness": Text("Note de robustesse interne", "Internal robustness note"),
    "write_bench": Text("Banc d’essai de la méthode", "Test bench of the method"),
    "estimate": Text("Estimation du risque d’un établissement", "Estimating the risk of an establishment"),
    "write_exercise": Text("Écriture des documents d’un exercice", "Writing the papers of an exercise"),
    "write_dce": Text("Écriture des pièces de la consultation", "Writing the tender documents"),
}


def title(kind: str) -> Text:
    """Return what that kind of work is called."""
    return TITLES.get(kind, Text("Travail", "Job"))
