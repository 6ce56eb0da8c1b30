"""What became of each lot and of each bid, as the journal and the evaluation say it, and how they are named."""

import re
from collections.abc import Iterable, Mapping

from egide.message import Message, Text, message
from egide.tender import words
from egide.tender.evaluation import Evaluation, Row
from egide.tender.model import BidKey, Criterion, Procedure, Tender
from egide.tender.procedure.journal import Award, Journal, Justification, NoAward

PROCEDURES: Mapping[Procedure, Text] = {
    Procedure.OPEN: Text("appel d'offres ouvert", "open procedure"),
    Procedure.RESTRICTED: Text("appel d'offres restreint", "restricted procedure"),
    Procedure.NEGOTIATED: Text("procédure avec négociation", "negotiated procedure"),
    Procedure.DIALOGUE: Text("dialogue compétitif", "competitive dialogue"),
    Procedure.ADAPTED: Text("procédure adaptée", "adapted procedure"),
    Procedure.DIRECT: Text(
        "marché passé sans publicité ni mise en concurrence préalables",
        "contract without prior publication or competition",
    ),
}
CAUSES: Mapping[str, Text] = {
    "force_majeure": Text("force majeure, R2181-7", "force majeure, R2181-7"),
    "fortuitous": Text("cas fortuit, R2181-7", "fortuitous event, R2181-7"),
    "proofs": Text("justificatifs non remis", "proofs not given"),
}
ENDINGS: Mapping[str, Text] = {
    "sans_suite": Text("procédure déclarée sans suite", "procedure discontinued"),
    "infructueux": Text("procédure infructueuse", "unsuccessful procedure"),
}


def quoted(text: str) -> Message:
    """Return what somebody wrote, as it is."""
    return message("{text}", text=text)


def lot_name(tender: Tender, lot: str) -> Message:
    """Return the name of a lot."""
    title = next((each.title for each in tender.lots if each.id == lot), "")
    if len(tender.lots) == 1 and not title:
        return message("Lot unique")
    name = message("Lot {id}", id=lot.lower().removeprefix("lot").strip(" -_") or lot)
    return message("{id} : {title}", id=name, title=title) if title else name


def tenderer_name(tender: Tender, tenderer: str) -> str:
    """Return the name of a tenderer, its identifier when it has none."""
    known = tender.tenderer.get(tenderer)
    return (known.name if known else "") or tenderer


def bid_label(tender: Tender, key: BidKey) -> Message:
    """Return the name of a bid: its tenderer, then its variant."""
    name = tenderer_name(tender, key.tenderer)
    return message("{name}, variante {variant}", name=name, variant=key.variant) if key.variant else quoted(name)


def current_award(journal: Journal, lot: str) -> Award | None:
    """Return the award of a lot that stands: the last one, unless its winner could not go on and nobody came after."""
    given = [award for award in journal.awards if award.lot == lot]
    if not given:
        return None
    out = any(
        each.lot == lot and each.tenderer == given[-1].tenderer and each.on >= given[-1].on
        for each in journal.withdrawals
    )
    return None if out else given[-1]


def no_award(journal: Journal, lot: str) -> NoAward | None:
    """Return the decision not to award a lot, None if there is none."""
    return next((each for each in journal.no_awards if each.lot == lot), None)


def awarded_row(evaluation: Evaluation, award: Award) -> Row | None:
    """Return the row of the bid that an award names, None when the evaluation does not have it."""
    named = (award.tenderer, award.variant)
    return next((row for row in evaluation.lot(award.lot) if (row.key.tenderer, row.key.variant) == named), None)


def asked_to_justify(journal: Journal, key: BidKey) -> Justification | None:
    """Return the last request to justify the price of a bid, None if there was none."""
    wanted = (key.tenderer, key.lot, key.variant)
    given = [each for each in journal.justifications if (each.tenderer, each.lot, each.variant) == wanted]
    return given[-1] if given else None


def criterion_name(criterion: Criterion) -> Text | str:
    """Return the title of a criterion."""
    return criterion.title or words.KINDS[criterion.kind]


SHORT = 4
"""Names shorter than this are not looked for in texts: they would be found inside words."""


def named_in(texts: Iterable[str], tender: Tender, except_for: Iterable[str] = ()) -> list[str]:
    """Return the tenderers that some texts name, by their name, members or SIRET."""
    written = " ".join(texts).casefold()
    spared = set(except_for)
    found = []
    for each in tender.tenderers:
        names = [each.name, each.siret, *(member.name for member in each.members)]
        if each.id not in spared and any(_said(name.casefold(), written) for name in names):
            found.append(tenderer_name(tender, each.id))
    return found


def _said(name: str, written: str) -> bool:
    return len(name) >= SHORT and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", written) is not None
