"""What an establishment has at stake; blanks take the default of its category, and the result says which."""

from dataclasses import dataclass, replace
from math import isfinite

from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.risk.library import Library


@dataclass(frozen=True)
class Declared:
    """Incidents that the establishment itself declared: how many, in how many years."""

    events: int
    years: float


@dataclass(frozen=True)
class Exposure:
    """Revenue in EUR a year, part of it paid by activity (0 to 1), beds, day places, persons in the data.

    `emergencies_per_day` None: no emergency department, or not told. `defaults` names what comes from the category:
    those figures are uncertain, and drawn.
    """

    category: str
    revenue: float
    activity_share: float
    beds: float
    places: float
    persons: float
    emergencies_per_day: float | None = None
    declared: Declared | None = None
    defaults: frozenset[str] = frozenset()

    def without_experience(self) -> "Exposure":
        """Return the same exposure as if its own incidents were not known."""
        return replace(self, declared=None)


AMOUNTS = ("revenue", "activity_share", "beds", "places", "persons")
NOT_A_FIGURE = message("Ce nombre n'est pas possible ici.")
POSITIVE = message("Écrire un nombre positif, ou laisser vide pour prendre la valeur de la catégorie.")
PART = message("Écrire une part entre 0 et 1, ou laisser vide pour prendre la valeur de la catégorie.")


def exposed(
    library: Library,
    category: str,
    *,
    revenue: float | None = None,
    activity_share: float | None = None,
    beds: float | None = None,
    places: float | None = None,
    persons: float | None = None,
    emergencies_per_day: float | None = None,
    declared: Declared | None = None,
) -> Exposure:
    """Return the exposure of an establishment. Raises DataError with all findings.

    Beds without day places, or the reverse: the one that is not told is 0, as both count for one size.
    """
    if (beds is None) is not (places is None):
        beds, places = beds or 0.0, places or 0.0
    told = dict(zip(AMOUNTS, (revenue, activity_share, beds, places, persons), strict=True))
    found = [
        _unknown(library, category),
        *(_fault(name, value) for name, value in told.items()),
        _fault("emergencies_per_day", emergencies_per_day),
        *([_fault("declared.events", declared.events), _fault("declared.years", declared.years)] if declared else []),
    ]
    faults = tuple(each for each in found if each is not None)
    if faults:
        raise DataError(message("l'exposition ne peut pas être utilisée"), faults)
    defaults = frozenset(name for name, value in told.items() if value is None)
    values = {
        name: float(library[f"category.{category}.{name}"].value if value is None else value)
        for name, value in told.items()
    }
    return Exposure(category, **values, emergencies_per_day=emergencies_per_day, declared=declared, defaults=defaults)


def _unknown(library: Library, category: str) -> Finding | None:
    if category in library.category_by_id:
        return None
    remedy = message("Choisir parmi : {known}.", known=[each.id for each in library.categories])
    understood = message("Catégorie d'établissement inconnue.")
    return Finding("risk.category", Severity.ERROR, understood, remedy, place="category", read=category)


def _fault(name: str, value: float | None) -> Finding | None:
    if value is None:
        return None
    least = value > 0 if name in {"revenue", "declared.years"} else value >= 0
    if isfinite(value) and least and (name != "activity_share" or value <= 1):
        return None
    remedy = PART if name == "activity_share" else POSITIVE
    return Finding("risk.exposure", Severity.ERROR, NOT_A_FIGURE, remedy, place=name, read=f"{value}")
