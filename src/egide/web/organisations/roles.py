"""Who may do what: one table of roles and rights."""

from collections.abc import Mapping
from enum import StrEnum

from egide.message import Text


class Right(StrEnum):
    """Something that a person may do in an organisation."""

    SEE = "see"
    """See its consultations, without the bids."""
    PREPARE = "prepare"
    """Create and change consultations, publish them."""
    OPEN_BIDS = "open_bids"
    """Bring in and read the bids, after the deadline."""
    MARK = "mark"
    """Mark the answers of the themes and criteria that one reads."""
    DECIDE = "decide"
    """Harmonise, decide on bids, conclude."""
    SEE_RESULT = "see_result"
    """See the result and its documents."""
    DESCRIBE = "describe"
    """Change the facts of the establishment, and its loss studies."""
    DIAGNOSE = "diagnose"
    """Answer a diagnosis, keep the map of applications, suppliers and devices."""
    REHEARSE = "rehearse"
    """Prepare, lead and debrief crisis exercises (and read what players must not know before), keep the crisis kit."""
    MANAGE = "manage"
    """Invite people and give roles; read the audit trail."""


class Role(StrEnum):
    """A role of a person in an organisation."""

    ADMINISTRATOR = "administrator"
    BUYER = "buyer"
    EVALUATOR = "evaluator"
    DIRECTOR = "director"
    READER = "reader"


TITLES: Mapping[str, Text] = {
    Role.ADMINISTRATOR: Text("Administrateur", "Administrator"),
    Role.BUYER: Text("Acheteur", "Buyer"),
    Role.EVALUATOR: Text("Évaluateur (RSSI, DPO, biomédical, utilisateur)", "Evaluator (CISO, DPO, biomedical, user)"),
    Role.DIRECTOR: Text("Direction", "Management"),
    Role.READER: Text("Lecteur", "Reader"),
}

GUARDED_ROLES = frozenset({Role.ADMINISTRATOR, Role.BUYER, Role.EVALUATOR})
"""Roles that must have a second factor where their organisation wants one."""

RIGHTS: Mapping[str, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset({Right.SEE, Right.DESCRIBE, Right.DIAGNOSE, Right.REHEARSE, Right.MANAGE}),
    Role.BUYER: frozenset({
        Right.SEE, Right.PREPARE, Right.OPEN_BIDS, Right.MARK, Right.DECIDE, Right.SEE_RESULT, Right.DESCRIBE,
        Right.DIAGNOSE,
    }),
    Role.EVALUATOR: frozenset({Right.SEE, Right.OPEN_BIDS, Right.MARK, Right.DIAGNOSE, Right.REHEARSE}),
    Role.DIRECTOR: frozenset({Right.SEE, Right.SEE_RESULT, Right.DESCRIBE, Right.DIAGNOSE, Right.REHEARSE}),
    Role.READER: frozenset({Right.SEE}),
}  # fmt: skip
