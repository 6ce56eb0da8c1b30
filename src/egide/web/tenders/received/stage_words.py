"""How long the bids still stay closed, in words."""

from datetime import datetime

from django.utils import timezone

from egide.message import Message, message


def remaining(deadline: datetime, now: datetime) -> Message:
    """Return when the bids may be opened, as people say it: today, tomorrow, in so many days."""
    days = (timezone.localdate(deadline) - timezone.localdate(now)).days
    if days <= 0:
        return message("C’est aujourd’hui.")
    return message("C’est demain.") if days == 1 else message("C’est dans {days} jours.", days=days)
