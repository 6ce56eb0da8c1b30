"""The essential data of a public contract that the buyer alone knows, for their publication (R2196-1)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Essential:
    """What the published data say besides the tender and the journal; the words are those of the official lists.

    `advance` is the rate of the advance granted, None for no advance; shares of origin go from 0 to 1. `numbers` gives
    the contract number of each lot, at most sixteen characters.
    """

    cpv: str
    place_code: str
    place_type: str = "Code département"
    nature: str = "Marché"
    numbers: tuple[str, ...] = ()
    ccag: str = "Techniques de l'information et de la communication"
    innovative: bool = False
    techniques: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ("Sans objet",)
    price_types: tuple[str, ...] = ("Définitif révisable",)
    price_form: str = "Mixte"
    social: tuple[str, ...] = ("Pas de considération sociale",)
    environmental_clause: bool = False
    advance: Decimal | None = None
    origin_eu: Decimal | None = None
    origin_france: Decimal | None = None
