"""From what is the same for all and what is the house's own to the crisis kit of an establishment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from egide.exercise.clock import Delay, LegalClocks
from egide.exercise.crisis import PAPER_KEPT, Called, Contact, CrisisKit, Establishment, Guide, Line, later, there
from egide.exercise.crisis_missing import findings
from egide.exercise.kit import Library
from egide.exercise.making import PLACE, places
from egide.exercise.module import Setting
from egide.message import Language, Text


def kit(guide: Guide, clocks: LegalClocks, library: Library, house: Establishment, on: date) -> CrisisKit:
    """Return the crisis kit of an establishment, as it is on a day; lines left blank in its directory are dropped."""
    held = house.directory
    people = tuple(each for each in held.people if not each.blank)
    suppliers = tuple(each for each in held.suppliers if not each.blank)
    house = replace(house, directory=replace(held, people=people, suppliers=suppliers))
    functions = tuple(each for each in library.functions if there(each.settings, house.setting))
    filled = {each.function for each in people if each.name.strip()}
    own = {each.contact: each for each in house.directory.contacts}
    known = tuple(each.code for each in functions)
    fill = partial(_filled, words=_words(library, house))
    wanted = set(guide.needed.get(house.setting, ()))
    return CrisisKit(
        version=guide.version,
        establishment=house,
        functions=functions,
        missing=tuple(each for each in functions if each.code in wanted - filled),
        cards=tuple(
            replace(each, steps=tuple(map(fill, each.steps)), never=tuple(map(fill, each.never)))
            for code in known
            for each in guide.cards
            if each.function == code and there(each.settings, house.setting)
        ),
        forms=tuple(each for each in guide.forms if there(each.settings, house.setting)),
        statements=tuple(
            replace(each, text=fill(each.text)) for each in guide.statements if there(each.settings, house.setting)
        ),
        contacts=tuple(
            _called(each, own.get(each.code)) for each in guide.contacts if there(each.settings, house.setting)
        ),
        clocks=own_clocks(clocks, house),
        returns=guide.returns,
        findings=findings(guide, library, house, on),
        made_on=on,
        numbers_until=house.directory.expires_on,
        until=later(on, PAPER_KEPT),
    )


INSURER = "insurer"
"""The clock that the policy sets: the code of insurance only says that it exists."""


def own_clocks(clocks: LegalClocks, house: Establishment) -> LegalClocks:
    """Return the clocks of the establishment's setting, the insurer's with the hours of its own policy if it has any."""
    hours, there_is = house.directory.insurance.hours, clocks.of(house.setting)
    if not hours:
        return there_is
    kept = (replace(each, delay=Delay(hours=hours)) if each.id == INSURER else each for each in there_is.clocks)
    return LegalClocks(there_is.version, there_is.starts, tuple(kept))


def named(guide: Guide, library: Library, setting: Setting) -> frozenset[str]:
    """Return the codes of the places that the cards and statements of a setting name: what a kit asks to be told."""
    known = {each.code for each in library.functions if there(each.settings, setting)}
    cards = [each for each in guide.cards if each.function in known and there(each.settings, setting)]
    statements = [each.text for each in guide.statements if there(each.settings, setting)]
    steps = [step for card in cards for step in (*card.steps, *card.never)]
    return frozenset().union(*map(places, (*statements, *steps)))


def _words(library: Library, house: Establishment) -> Mapping[str, Text]:
    """Return what stands in each {place}: the establishment's own word, or dots and what to write over them."""
    blank = {each.code: Text(f"{DOTS} ({each.title.fr})", f"{DOTS} ({each.title.en})") for each in library.places}
    return {**blank, "establishment": Text(house.name), **house.texts}


DOTS = "……………………"


def _filled(text: Text, words: Mapping[str, Text]) -> Text:
    return Text(_said(text, words, "fr"), _said(text, words, "en"))


def _said(text: Text, words: Mapping[str, Text], language: Language) -> str:
    return PLACE.sub(lambda found: words[found[1]].say(language), text.say(language))


def _called(contact: Contact, own: Line | None) -> Called:
    return Called(contact, (own.telephone.strip() if own else "") or contact.telephone, own.note if own else "")
