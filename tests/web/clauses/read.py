"""What a page says, its typography taken away: entities, apostrophes, unbreakable spaces."""

from html import unescape


def text(response):
    """The page of a response in plain letters."""
    written = unescape(response.content.decode())
    return written.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
