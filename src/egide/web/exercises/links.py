"""The secret links of who has no account: made again from the site's own key to be shown, of which only a digest is kept.

A stolen database gives no link; a site whose key changed still knows the links on paper, but can no longer show them:
they are then renewed.
"""

from functools import lru_cache
from uuid import UUID

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString

from egide.web.exercises import models
from egide.web.organisations.invitations import digest

SALT = "egide.exercises.links"


def _secret(row: models.Participant | models.ReportLink) -> UUID:
    named = f"{row._meta.label_lower} {row.uuid} {row.turn}"
    return UUID(bytes=salted_hmac(SALT, named, algorithm="sha256").digest()[:16])


def give(row: models.Participant | models.ReportLink) -> None:
    """Give a participant or a report another link, not saved: the one before leads nowhere."""
    row.turn += 1
    row.secret_digest = digest(_secret(row))


def secret(row: models.Participant | models.ReportLink) -> UUID | None:
    """Return the secret of a link; None where there is none, or where the key of the site is no longer the same."""
    found = _secret(row)
    return found if row.secret_digest == digest(found) else None


def address(request: HttpRequest, row: models.Participant | models.ReportLink, view: str = "exercises:play") -> str:
    """Return the whole address of a link, empty where it cannot be shown."""
    found = secret(row)
    return request.build_absolute_uri(reverse(view, args=[found])) if found else ""


@lru_cache(maxsize=512)
def qr(address: str) -> SafeString:
    """Return the QR code of an address as SVG, black on white whatever the theme."""
    code = segno.make(address, error="m", micro=False)
    return SafeString(
        code.svg_inline(
            scale=4, border=3, dark="#000000", light="#ffffff", omitsize=True, svgclass="qr", lineclass=None
        )
    )
