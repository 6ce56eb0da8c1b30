"""How bids, marks and notes are named for people, the same in every document."""

from egide.locale import say
from egide.message import Language, message
from egide.tender.model import BidKey, Tender


def bid_name(tender: Tender, key: BidKey, language: Language = "fr") -> str:
    """Return the name of a bid: its tenderer, then the variant and the round when there are any."""
    tenderer = tender.tenderer.get(key.tenderer)
    name = (tenderer.name if tenderer else "") or key.tenderer
    if key.variant:
        name = say(message("{name}, variante {variant}", name=name, variant=key.variant), language)
    if key.round > 1:
        name = say(message("{name}, tour {round}", name=name, round=key.round), language)
    return name
