"""What the actions of consultations are called in the trail."""

from collections.abc import Mapping

from egide.message import Text

ACTIONS: Mapping[str, Text] = {
    "consultation.created": Text("Consultation commencée", "Tender begun"),
    "consultation.loaded": Text("Dossier de consultation chargé", "Tender folder loaded"),
    "consultation.changed": Text("Consultation modifiée", "Tender changed"),
    "consultation.amended": Text("Dossier publié modifié", "Published tender amended"),
    "consultation.published": Text("Consultation publiée", "Tender published"),
    "amendment.sent": Text("Envoi d’une modification noté", "Sending of an amendment noted"),
    "question.written": Text("Question ou réponse écrite", "Question or answer written"),
    "seat.given": Text("Place d’évaluateur donnée", "Seat of an evaluator given"),
    "seat.taken": Text("Place d’évaluateur retirée", "Seat of an evaluator taken away"),
    "interests.declared": Text("Intérêts déclarés", "Interests declared"),
    "mark.written": Text("Niveaux retenus écrits", "Retained levels written"),
    "note.written": Text("Notes de critères écrites", "Notes of criteria written"),
    "decision.written": Text("Décision sur une offre écrite", "Decision on a bid written"),
    "workbooks.brought": Text("Classeurs de notation versés", "Marks workbooks brought in"),
    "bench.asked": Text("Banc d’essai demandé", "Test bench asked for"),
    "bench.made": Text("Banc d’essai terminé", "Test bench done"),
    "dce.asked": Text("Écriture des pièces demandée", "Tender documents asked for"),
    "dce.made": Text("Pièces de la consultation écrites", "Tender documents written"),
    "consultation.load_asked": Text("Chargement d’un dossier demandé", "Loading of a folder asked for"),
    "bids.opened": Text("Ouverture des plis consignée", "Opening of the bids recorded"),
    "deposits.brought": Text(
        "Plis du profil d’acheteur déposés pour essai", "Deposits of the platform dropped, to be tried"
    ),
    "deposits.confirmed": Text("Réception des plis confirmée", "Taking in of the deposits confirmed"),
    "bids.brought": Text("Fichiers d’une offre déposés", "Files of a bid dropped"),
    "bids.file_moved": Text("Fichier d’une offre déplacé ou retiré", "File of a bid moved or taken away"),
    "bids.read": Text("Offres lues", "Bids read"),
    "candidacy.decided": Text("Décision sur une candidature", "Decision on a candidacy"),
    "answer.settled": Text(
        "Lecture d’une réponse confirmée ou corrigée", "Reading of an answer confirmed or corrected"
    ),
    "precisions.asked": Text(
        "Écriture des demandes de précisions demandée", "Writing of the requests for clarification asked for"
    ),
    "precisions.written": Text("Demandes de précisions écrites", "Requests for clarification written"),
    "precisions.sent": Text("Envoi d’une demande de précisions noté", "Sending of a request for clarification noted"),
    "result.asked": Text("Évaluation demandée", "Evaluation asked for"),
    "result.made": Text("Résultat rendu", "Result made"),
    "record.asked": Text("Écriture des lettres et du dossier demandée", "Writing of the letters and record asked for"),
    "record.made": Text("Lettres et dossier de la procédure écrits", "Letters and record of the procedure written"),
    "journal.written": Text("Journal de la procédure écrit", "Journal of the procedure written"),
    "robustness.asked": Text("Note de robustesse interne demandée", "Internal robustness note asked for"),
    "robustness.made": Text("Note de robustesse interne écrite", "Internal robustness note written"),
}
SEALED: Mapping[str, Text] = dict.fromkeys(
    (
        "mark.written.rows",
        "note.written.rows",
        "decision.written",
        "answer.settled",
        "bids.brought",
        "bids.file_moved",
        "bids.read.moved",
        "bids.read.reason",
        "candidacy.decided",
        "precisions.sent.tenderer",
        "journal.written",
        "consultation.changed.tenderers",
    ),
    Text("gardé, non montré ici : parle des offres", "kept, not shown here: speaks of the bids"),
)
"""What the trail keeps and its pages show to nobody: who administers an organisation does not read bids nor marks."""
