"""What letters quote of the law: why a bid is out, and the ways of appeal, whose court a person writes.

Ways of appeal as buyers publish them in their notices (seen 2026-11-23): before signature L551-1 of the code de justice
administrative, after it L551-13, then the action against the contract (CE, 4 April 2014, n° 358994).
"""

from collections.abc import Mapping

from egide.message import Message, Text, message
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter
from egide.tender.model import BidClass

_UNLAWFUL: Mapping[BidClass, tuple[Text, Message]] = {
    BidClass.IRREGULAR: (
        Text("irrégulière", "irregular"),
        message("Est irrégulière une offre qui ne respecte pas les exigences des documents de la consultation, notamment parce qu'elle est incomplète, ou qui méconnaît la législation applicable (article L2152-2 du code de la commande publique)."),
    ),
    BidClass.UNACCEPTABLE: (
        Text("inacceptable", "unacceptable"),
        message("Est inacceptable une offre dont le prix excède les crédits alloués au marché, déterminés et établis avant le lancement de la procédure (article L2152-3 du code de la commande publique)."),
    ),
    BidClass.INAPPROPRIATE: (
        Text("inappropriée", "inappropriate"),
        message("Est inappropriée une offre sans rapport avec le marché, parce qu'elle ne peut manifestement pas, sans modification substantielle, répondre au besoin formulé dans les documents de la consultation (article L2152-4 du code de la commande publique)."),
    ),
}  # fmt: skip


def unlawful(bid_class: BidClass) -> tuple[Text, Message]:
    """Return the word of a class out of the ranking, and what the law says of it."""
    return _UNLAWFUL[bid_class]


def appeal(setter: Setter, formalised: bool) -> list[Block]:
    """Return the ways of appeal of a rejected tenderer; the court is left to be written."""
    say = setter.say
    texts = [
        message("référé précontractuel, jusqu'à la signature du marché (articles L551-1 à L551-12 du code de justice administrative) ;"),
        message("référé contractuel, après la signature, dans les 31 jours de la publication de l'avis d'attribution ou, sans avis, dans les six mois de la conclusion (articles L551-13 à L551-23) ;"),
        message("recours en contestation de la validité du contrat, dans les deux mois des mesures de publicité de sa conclusion (Conseil d'État, 4 avril 2014, n° 358994)."),
    ] if formalised else [
        message("référé précontractuel, jusqu'à la signature du marché (articles L551-1 à L551-12 du code de justice administrative) ;"),
        message("référé contractuel, après la signature, dans les six mois de la conclusion, s'il n'est pas fermé par un avis d'intention de conclure (articles L551-13 à L551-23) ;"),
        message("recours en contestation de la validité du contrat, dans les deux mois des mesures de publicité de sa conclusion (Conseil d'État, 4 avril 2014, n° 358994)."),
    ]  # fmt: skip
    return [blocks.paragraph(say(message("Voies et délais de recours :"))), blocks.items([say(each) for each in texts]), _court(setter)]  # fmt: skip


def no_award_appeal(setter: Setter) -> list[Block]:
    """Return the way of appeal against a decision not to award."""
    said = message("Cette décision peut faire l'objet d'un recours pour excès de pouvoir dans les deux mois de sa notification (article R421-1 du code de justice administrative).")  # fmt: skip
    return [blocks.paragraph(setter.say(said)), _court(setter)]


def _court(setter: Setter) -> Block:
    return blocks.blank(setter.say(message("À compléter : tribunal administratif compétent et greffe où se renseigner (nom, adresse, téléphone, courriel).")))  # fmt: skip
