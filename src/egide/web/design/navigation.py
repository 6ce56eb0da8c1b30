"""Where one can go: links, numbered steps, and the main navigation of every page."""

from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from egide.web.design.words import phrase


@dataclass(frozen=True, slots=True)
class Link:
    """A link: `current` if it leads to the page being shown (or, in the main navigation, to its part of the site)."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    MISSING = "missing"
    """Open, something is still to be given: `Step.missing` says how many things."""
    OPEN = "open"
    """Open, nothing begun."""
    LOCKED = "locked"
    """Waits for another step: `Step.reason` says for which."""


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step; a locked one has no address."""

    label: str
    url: str
    state: StepState
    current: bool = False
    missing: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the main navigation: its words, the name of its address, and whether it needs an account."""

    label: str
    view: str
    account: bool = False


MAIN = (
    Entry(phrase("Clausier"), "clauses:index"),
    Entry(phrase("Assistant"), "clauses:assistant"),
    Entry(phrase("Vérifier"), "clauses:check"),
    Entry(phrase("Consultations"), "tenders:index", account=True),
    Entry(phrase("Établissement"), "establishments:index", account=True),
    Entry(phrase("Diagnostic"), "diagnoses:index", account=True),
    Entry(phrase("Exercices"), "exercises:index"),
    Entry(phrase("Risque"), "estimates:index", account=True),
    Entry(phrase("Pertes"), "risk:index", account=True),
)
FOOTER = (
    Entry(phrase("Accessibilité"), "home:accessibility"),
    Entry(phrase("Mentions légales et données personnelles"), "home:legal"),
)

ACCOUNT = (
    Entry(phrase("Mes organisations"), "organisations:mine", account=True),
    Entry(phrase("Mes travaux"), "jobs:mine", account=True),
    Entry(phrase("Mon nom"), "organisations:profile", account=True),
    Entry(phrase("Mot de passe"), "account_change_password", account=True),
    Entry(phrase("Double authentification"), "mfa_index", account=True),
)


def address(view: str) -> str:
    """Return the address of a page that takes no argument, empty where this site does not have it."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def links(entries: tuple[Entry, ...], request: HttpRequest, *, account: bool) -> list[Link]:
    """Return the links of `entries` open to this person; the one whose address begins the page's own is current."""
    known = [(entry.label, address(entry.view)) for entry in entries if account or not entry.account]
    inside = [url for _, url in known if url and request.path.startswith(url)]
    nearest = max(inside, key=len, default="")
    return [Link(label, url, current=url == nearest) for label, url in known if url]
