"""{% say "French sentence with {places}" places=value %} and {{ text|said }}: the project's own catalogue in templates.

`said` also sets a text of the buyer with its spaces and apostrophes, and writes a day, a moment (in the time of the site) or an exact number as people of the page's language do.
"""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from egide.message import Message, Text, message, render
from egide.web.design import words

register = template.Library()


@register.simple_tag(name="say")
def _say(text: str, **values: object) -> str:
    return words.said(message(text, **{name: _local(value) for name, value in values.items()}))


def _local(value: object) -> object:
    """Return a moment in the time of the site, anything else as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(moment: datetime | None) -> date | None:
    """Return the day of a moment in the time of the site, None for none."""
    return timezone.localdate(moment) if moment else None


@register.filter(name="said", is_safe=True)
def _said(value: object) -> object:
    if value is None or isinstance(value, str):
        return words.typeset(value or "")
    if isinstance(value, Message | Text):
        return words.said(value)
    value = _local(value)
    return (
        render(Message("{value}", {"value": value}), words.language()) if isinstance(value, date | Decimal) else value
    )
