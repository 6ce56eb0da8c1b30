"""The crisis kit of an establishment, for both faces: its book, its editable double, and what is missing in it."""

from datetime import date

from egide import reference
from egide.exercise import crisis_making
from egide.exercise.crisis import CrisisKit, Establishment
from egide.message import Language
from egide.report import crisis_kit


def kit(house: Establishment, on: date) -> CrisisKit:
    """Return the crisis kit of an establishment as it is on a day, with its findings: what is missing is only said."""
    return crisis_making.kit(reference.crisis(), reference.clocks(), reference.exercises(), house, on)


def files(made: CrisisKit, language: Language) -> dict[str, bytes]:
    """Return the kit by file name: the PDF to print, the DOCX to change. Raises EgideError if it cannot be set."""
    return crisis_kit.files(made, language)


def paper(made: CrisisKit, form: str, language: Language) -> tuple[str, bytes]:
    """Return one of the papers of the kit, "pdf" or "docx", with its file name."""
    return crisis_kit.paper(made, form, language)
