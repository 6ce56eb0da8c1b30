"""What an estimate is made from, read from the rows of organisations in a bounded number of queries.

Each part has a digest of its own: a page then says which of them changed since an estimate was made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from egide import plain, reference
from egide.diagnosis.maturity import Maturity, maturity
from egide.diagnosis.observation import Observation
from egide.message import Message, message
from egide.risk.exposure import Declared
from egide.web.diagnoses import convert as diagnoses
from egide.web.establishments.models import Establishment, Fact
from egide.web.organisations.models import Organisation
from egide.web.risk import models

FORMAT = 1
PARTS: Mapping[str, Message] = {
    "facts": message("les données de l’établissement"),
    "observations": message("les observations de ses mesures"),
    "assumptions": message("ses hypothèses"),
    "insurance": message("l’assurance prise en compte"),
    "library": message("les paramètres d’Égide"),
}


@dataclass(frozen=True)
class Inputs:
    """All that an estimate of an establishment depends on; `facts` holds the last known value of each, with its year."""

    name: str
    category: str
    facts: Mapping[str, tuple[str, int]]
    declared: Mapping[int, int]
    """Incidents that the establishment declared, by year."""
    observed: tuple[Observation, ...]
    overlay: Mapping[str, Mapping[str, str]]
    programme: Mapping[str, Any] | None

    @property
    def marks(self) -> dict[str, str]:
        """Return the digest of each part."""
        return {
            "facts": plain.digest(
                [
                    self.category,
                    sorted((code, *each) for code, each in self.facts.items()),
                    sorted(self.declared.items()),
                ]
            ),
            "observations": plain.digest(sorted(map(plain.digest, self.observed))),
            "assumptions": plain.digest(self.overlay),
            "insurance": plain.digest(self.programme),
            "library": reference.risk_library().digest,
        }

    @property
    def told(self) -> dict[str, Any]:
        """Return what is told of the exposure, as the core takes it."""
        found: dict[str, Any] = {
            name: float(Decimal(self.facts[code][0]) / over)
            for name, (code, over) in EXPOSURE.items()
            if code in self.facts
        }
        if self.declared:
            found["declared"] = Declared(sum(self.declared.values()), float(len(self.declared)))
        return found

    def maturity(self, on: date) -> Maturity:
        """Return what is known of each measure on the day `on`."""
        return maturity(self.observed, on, reference.weighing())


NUMBERS = ("value", "low", "high")
EXPOSURE: Mapping[str, tuple[str, Decimal]] = {
    "revenue": ("revenue", Decimal(1)),
    "activity_share": ("activity_share", Decimal(100)),
    "beds": ("beds", Decimal(1)),
    "places": ("places", Decimal(1)),
    "persons": ("persons", Decimal(1)),
    "emergencies_per_day": ("emergencies", Decimal(365)),
}
"""What the core is told, from which fact, and what that fact is divided by: percents, visits of a year."""
INCIDENTS = "incidents"


def of(organisations: Iterable[Organisation], on: date) -> dict[int, Inputs]:
    """Return the inputs of each organisation as of the day `on`, by key: four queries for all."""
    known = {each.pk: each for each in organisations}
    categories = dict(Establishment.objects.filter(organisation__in=known).values_list("organisation", "category"))
    facts: dict[int, dict[str, tuple[str, int]]] = {key: {} for key in known}
    declared: dict[int, dict[int, int]] = {key: {} for key in known}
    codes = {INCIDENTS, *(code for code, _ in EXPOSURE.values())}
    rows = Fact.objects.filter(establishment__organisation__in=known, code__in=codes).order_by("year")
    for key, code, value, year in rows.values_list("establishment__organisation", "code", "value", "year"):
        if code == INCIDENTS:
            declared[key][year] = int(Decimal(value))
        else:
            facts[key][code] = (value, year)
    own = {each.organisation_id: each for each in models.Assumptions.objects.filter(organisation__in=known)}
    observed = diagnoses.observed_of(known.values(), on)
    return {
        key: Inputs(
            each.name,
            categories.get(key, ""),
            facts[key],
            declared[key],
            observed[key],
            own[key].overlay if key in own else {},
            own[key].programme if key in own else None,
        )
        for key, each in known.items()
    }


def stale(row: models.Estimate, now: Inputs) -> list[Message]:
    """Return which parts of what an estimate was made from are no longer the same."""
    marks = now.marks
    return [said for part, said in PARTS.items() if row.marks.get(part) != marks[part]]
