"""What the actions of organisations and accounts are called in the trail."""

from collections.abc import Mapping

from egide.message import Text
from egide.web.organisations.roles import TITLES

ACTIONS: Mapping[str, Text] = {
    "organisation.created": Text("Organisation créée", "Organisation created"),
    "organisation.changed": Text("Organisation modifiée", "Organisation changed"),
    "organisation.members": Text("Groupement modifié", "Group changed"),
    "role.given": Text("Rôle donné", "Role given"),
    "role.removed": Text("Rôle retiré", "Role removed"),
    "invitation.sent": Text("Invitation envoyée", "Invitation sent"),
    "invitation.cancelled": Text("Invitation annulée", "Invitation cancelled"),
    "invitation.accepted": Text("Invitation acceptée", "Invitation accepted"),
    "account.name": Text("Nom changé", "Name changed"),
}

WORDS: Mapping[str, Text] = {
    "name": Text("nom", "name"),
    "full_name": Text("nom", "name"),
    "kind": Text("nature", "kind"),
    "siret": Text("SIRET", "SIRET"),
    "address": Text("adresse", "address"),
    "email": Text("courriel", "e-mail"),
    "role": Text("rôle", "role"),
    "person": Text("personne", "person"),
    "members": Text("membres", "members"),
    "added": Text("membre ajouté", "member added"),
    "support": Text("établissement support", "support establishment"),
    "second_factor_required": Text("double authentification obligatoire", "two-factor authentication mandatory"),
    "establishment": Text("établissement", "establishment"),
    "purchasing": Text("centrale ou groupement d’achat", "purchasing body"),
    "supplier": Text("fournisseur", "supplier"),
    **TITLES,
}
"""What fields and codes of the details are called, wherever an app uses them."""
