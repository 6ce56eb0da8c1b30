"""A first visit to the demonstration: the pages of all, the door, the pages of the consultations and of the loss study."""

import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar

from django.urls import reverse

LINK = re.compile(r'href="(/(?:consultations|pertes)/[0-9a-f-]{36}/?[^"#?]*)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def visit(address: str) -> Iterator[tuple[str, int, float]]:
    """Yield each page visited: its path, its status, its seconds. Raises HTTPError or OSError where one fails."""
    opened = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opened.addheaders = [("Origin", address)]

    def ask(path: str, sent: dict[str, str] | None = None) -> tuple[str, tuple[str, int, float]]:
        began = time.monotonic()
        data = urllib.parse.urlencode(sent).encode() if sent else None
        with opened.open(address + path, data, timeout=60) as answer:
            text = answer.read().decode("utf-8", "replace")
            return text, (path, answer.status, time.monotonic() - began)

    first, told = ask(reverse("home:welcome"))
    yield told
    for view in ("clauses:index", "clauses:assistant", "clauses:check"):
        yield ask(reverse(view))[1]
    token = TOKEN.search(first)
    sent = {"account": "acheteur", "csrfmiddlewaretoken": token[1] if token else ""}
    yield ask(reverse("home:demonstration_enter"), sent)[1]
    yield ask(reverse("diagnoses:index"))[1]
    for view in ("tenders:index", "risk:index"):
        yield from _listed(ask, view)


def _listed(ask: Callable[[str], tuple[str, tuple[str, int, float]]], view: str) -> Iterator[tuple[str, int, float]]:
    """Visit a list, then each thing listed and what its first page leads to."""
    listed, told = ask(reverse(view))
    yield told
    found = sorted(set(LINK.findall(listed)))
    if not found:
        raise OSError(f"{told[0]}: nothing is listed")
    seen = set(found)
    for path in found:
        text, told = ask(path)
        yield told
        for further in sorted(set(LINK.findall(text)) - seen):
            seen.add(further)
            yield ask(further)[1]
