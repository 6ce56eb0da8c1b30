"""Paths as people read them."""

from django import template

from egide.web.tenders import folder

register = template.Library()


@register.filter
def within(file: str) -> str:
    """Return the path of a file of a bid inside the folder of its tenderer."""
    return folder.within(file)
