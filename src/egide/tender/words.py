"""The words that people read for the codes of a consultation, the same in workbooks, reports and screens."""

from collections.abc import Mapping

from egide.clausier.model import IRREGULAR, AwardUse
from egide.finding import Severity
from egide.message import Text
from egide.tender.evaluation import Status
from egide.tender.model import Acceptance, BidClass, Condition, Declared, Kind

LEVELS: Mapping[str, Text] = {
    "full": Text("Complet", "Full"),
    "good": Text("Bon", "Good"),
    "floor": Text("Plancher", "Floor"),
    "partial": Text("Partiel", "Partial"),
    "to_clarify": Text("À préciser", "To clarify"),
    "below": Text("Insuffisant", "Below"),
    IRREGULAR: Text("Irrégulier", "Irregular"),
}

CLASSES: Mapping[str, Text] = {
    BidClass.REGULAR: Text("Régulière", "Regular"),
    BidClass.IRREGULAR_PROPOSED: Text("Irrégularité proposée", "Irregularity proposed"),
    BidClass.IRREGULAR: Text("Irrégulière", "Irregular"),
    BidClass.UNACCEPTABLE: Text("Inacceptable", "Unacceptable"),
    BidClass.INAPPROPRIATE: Text("Inappropriée", "Inappropriate"),
}

ACCEPTANCES: Mapping[str, Text] = {
    Acceptance.ACCEPTED: Text("Oui", "Yes"),
    Acceptance.REFUSED: Text("Non", "No"),
}

DECLARED: Mapping[str, Text] = {
    Declared.YES: Text("Oui", "Yes"),
    Declared.NO: Text("Non", "No"),
    Declared.PARTIAL: Text("Partiel", "Partial"),
    Declared.DESCRIBED: Text("Décrit", "Described"),
    Declared.NA: Text("Sans objet", "Not applicable"),
    Declared.BLANK: Text("Sans réponse", "No answer"),
}

CONDITIONS: Mapping[str, Text] = {
    Condition.NONE: Text("", ""),
    Condition.RESERVE: Text("avec réserve", "with a reservation"),
    Condition.FUTURE: Text("à venir", "in the future"),
    Condition.PAID_OPTION: Text("en option payante", "as a paid option"),
    Condition.CUSTOMER_DEPENDENCY: Text("dépend de l'établissement", "depends on the hospital"),
    Condition.UNKNOWN: Text("à préciser", "to be made clear"),
}

KINDS: Mapping[str, Text] = {
    Kind.PRICE: Text("Prix", "Price"),
    Kind.CLAUSIER: Text("Points du clausier", "Points of the clausier"),
    Kind.MARKED: Text("Noté par les évaluateurs", "Marked by the evaluators"),
    Kind.COMPUTED: Text("Valeur calculée par ailleurs", "Value computed elsewhere"),
}

AWARD_USES: Mapping[str, Text] = {
    AwardUse.CANDIDACY: Text("Candidature", "Candidacy"),
    AwardUse.MINIMUM: Text("Minimum exigé", "Minimum required"),
    AwardUse.SCORED: Text("Noté", "Scored"),
    AwardUse.MINIMUM_THEN_SCORED: Text("Minimum exigé, puis noté", "Minimum required, then scored"),
    AwardUse.NONE: Text("Non noté", "Not scored"),
}

SEVERITIES: Mapping[str, Text] = {
    Severity.ERROR: Text("Erreur", "Error"),
    Severity.DOUBT: Text("Doute", "Doubt"),
    Severity.NOTE: Text("Note", "Note"),
}

STATUSES: Mapping[str, Text] = {
    Status.FINAL: Text("Définitif", "Final"),
    Status.PROVISIONAL: Text("Provisoire", "Provisional"),
}


def level(code: str) -> Text:
    """Return the word of a level; an imported clausier may have codes of its own, shown as they are."""
    return LEVELS.get(code, Text(code))
