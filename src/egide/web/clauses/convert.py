"""Rows of published clausiers into values, and back."""

from collections import OrderedDict
from typing import Any

from egide import plain, reference
from egide.clausier.model import Clausier
from egide.message import message
from egide.web.audit.guard import record
from egide.web.clauses.models import PublishedClausier

MOST_KEPT = 32
_known: OrderedDict[str, Clausier] = OrderedDict()
"""The last clausiers read, by digest: a row never changes, so neither does its value."""


def published(clausier: Clausier, organisation: Any = None) -> PublishedClausier:
    """Return the row of a clausier, made at its first use; public without an organisation."""
    row, made = PublishedClausier.objects.get_or_create(
        digest=clausier.digest,
        organisation=organisation,
        defaults={
            "identifier": clausier.id[:80],
            "version": clausier.version[:40],
            "content": plain.unstructure(clausier),
        },
    )
    if made:
        record("clausier.published", organisation, row, {"clausier": [None, clausier.id], "digest": [None, row.digest]})
    return row


def clausier_of(row: PublishedClausier) -> Clausier:
    """Return the clausier of a row. Raises DataError when its content is no longer what its digest says."""
    ours = reference.clausier()
    if row.digest == ours.digest:
        return ours
    known = _known.get(row.digest)
    if known is None:
        known = plain.structure(row.content, Clausier, str(row))
        if known.digest != row.digest:
            raise plain.refusal(
                "clausier.altered", str(row), "", message("l'empreinte ne correspond plus au clausier publié")
            )
        _known[row.digest] = known
        while len(_known) > MOST_KEPT:
            _known.popitem(last=False)
    return known
