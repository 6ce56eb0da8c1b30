"""One number of the model: what it is worth, how sure it is, and where it comes from.

A grade says how the figure was had; M and A are never shown without their mark.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from egide.finding import Finding, Severity
from egide.message import Message, Text, message


class Kind(StrEnum):
    """The law of what is not known of a parameter, and the meaning of `low` and `high`."""

    FIXED = "fixed"
    """A convention or a count that is not in doubt: no interval."""
    LOGNORMAL = "lognormal"
    """A positive quantity: `value` the median, `low` and `high` the quantiles at 5 and 95 %."""
    PERT = "pert"
    """A bounded quantity: `low` and `high` are never passed, `value` is the mode."""
    RATIO = "ratio"
    """An odds ratio: its logarithm normal on the interval (5 %, median, 95 %), cut at 0: never below 1."""
    COUNT = "count"
    """`value` events seen in `over` years: the yearly rate is Gamma(value + 0.5; over)."""
    SPLIT = "split"
    """A part of a whole: `value` is its Dirichlet weight among those of the same `group`."""


class Grade(StrEnum):
    """How the figure was had."""

    READ = "R"
    SEEN = "S"
    DERIVED = "D"
    MEMORY = "M"
    ASSUMPTION = "A"

    @property
    def marked(self) -> bool:
        """Return whether the figure may be shown only with its mark."""
        return self in {Grade.MEMORY, Grade.ASSUMPTION}

    @property
    def said(self) -> Message:
        """Return what the grade means."""
        return _GRADES[self]


_GRADES = {
    Grade.READ: message("lu dans le document"),
    Grade.SEEN: message("vu en extrait"),
    Grade.DERIVED: message("calculé à partir de chiffres publiés"),
    Grade.MEMORY: message("de mémoire, à vérifier sur le texte"),
    Grade.ASSUMPTION: message("hypothèse des auteurs"),
}


class Design(StrEnum):
    """What kind of evidence stands behind the figure."""

    TRIAL = "trial"
    CLAIMS = "claims"
    REGISTER = "register"
    SURVEY = "survey"
    CASES = "cases"
    ACCOUNTS = "accounts"
    EXPERT = "expert"
    CONVENTION = "convention"

    @property
    def said(self) -> Message:
        """Return the name of the kind of evidence."""
        return _DESIGNS[self]


_DESIGNS = {
    Design.TRIAL: message("essai randomisé"),
    Design.CLAIMS: message("sinistres d'assureurs, observation"),
    Design.REGISTER: message("déclarations comptées"),
    Design.SURVEY: message("enquête"),
    Design.CASES: message("cas connus"),
    Design.ACCOUNTS: message("statistique ou comptes publics"),
    Design.EXPERT: message("dire d'expert"),
    Design.CONVENTION: message("convention de calcul"),
}

SHARE_UNIT = "share"
"""Unit of what lies between 0 and 1."""

REACH_OF_UNIT = {"log": ("0.01", "5"), "correlation": ("0", "1"), "contracts": ("1", "1000")}
REACH_OF_ID = {
    "effect.cap": ("0.01", "0.999"),
    "effect.concavity": ("0.1", "10"),
    "effect.threshold": ("0", "0.99"),
    "declaration.severe": ("0.01", "1"),
    "declaration.minor": ("0.01", "1"),
    "national.hospital_share": ("0.01", "1"),
    "national.hospital_share_severe": ("0.01", "1"),
    "national.hospital_share_remote": ("0.01", "1"),
    "frequency.shape": ("0.01", "1000"),
    "frequency.series": ("0", "0.9"),
    "severity.sd_factor": ("0.1", "5"),
    "severity.days_cut": ("1", "3650"),
    "reference.revenue": ("1", "1e12"),
    "size.malicious": ("0", "2"),
    "size.accidental": ("0", "2"),
    "size.cost": ("0", "2"),
    "size.days": ("0", "2"),
}
NOT_COUNTED = "category.practice.count"
"""Practices do not declare: they are no part of the national counts."""
REVENUE = ("1", "1e12")
"""What the formulas can work with: beyond, a division by nothing or a number out of reach."""


def reach(name: str, unit: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that a parameter may be worth for the model to be computed, None without bounds."""
    if name.startswith("category.") and name.endswith(".count") and name != NOT_COUNTED:
        return Decimal(1), Decimal("1e9")
    of_revenue = REVENUE if name.startswith("category.") and name.endswith(".revenue") else None
    found = REACH_OF_ID.get(name) or of_revenue or REACH_OF_UNIT.get(unit)
    return (Decimal(found[0]), Decimal(found[1])) if found else None


@dataclass(frozen=True)
class Parameter:
    """A number of the model with its interval, its evidence and its grade. Amounts in EUR, times in days.

    `low` and `high` mean what `kind` says; both are None for a kind that has no interval of its own, and both are the
    value for what is held for sure.
    """

    id: str
    title: Text
    value: Decimal
    kind: Kind
    unit: str
    grade: Grade
    design: Design
    source: Text
    low: Decimal | None = None
    high: Decimal | None = None
    over: Decimal = Decimal(1)
    group: str = ""
    year: str = ""
    population: Text = Text()
    note: Text = Text()

    def faults(self, file: str, place: str) -> list[Finding]:
        """Return what makes this record impossible to draw."""
        said = self._fault()
        if said is None:
            return []
        remedy = message("Corriger la valeur ou l'intervalle : minimum ≤ valeur ≤ maximum.")
        return [Finding("risk.parameter", Severity.ERROR, said, remedy, file, place, read=self.written)]

    @property
    def written(self) -> str:
        """Return the value and its interval as they are written."""
        return f"{self.value}" if self.low is None else f"{self.value} [{self.low} ; {self.high}]"

    @property
    def interval(self) -> tuple[Decimal, Decimal]:
        """Return `low` and `high`, the value itself where there is no interval."""
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)

    def meets(self, other: "Parameter") -> bool:
        """Return whether the two intervals have a value in common."""
        (low, high), (other_low, other_high) = self.interval, other.interval
        return max(low, other_low) <= min(high, other_high)

    def _fault(self) -> Message | None:
        ranged = self.kind in {Kind.LOGNORMAL, Kind.PERT, Kind.RATIO}
        ends = (self.low is not None) + (self.high is not None)
        if ends != (2 if ranged else 0):
            return message("« {id} » : un intervalle est attendu pour cette loi.", id=self.id) if ranged else message("« {id} » : cette loi n'a pas d'intervalle.", id=self.id)  # fmt: skip
        low, high = self.interval
        positive = self.kind not in {Kind.FIXED, Kind.PERT}
        least, most = reach(self.id, self.unit) or (low, high)
        faults = (
            (low > high, message("« {id} » : l'intervalle est vide.", id=self.id)),
            (not low <= self.value <= high, message("« {id} » : la valeur est hors de son intervalle.", id=self.id)),
            (low < 0 or (positive and low == 0), message("« {id} » : un nombre positif est attendu.", id=self.id)),
            (
                self.unit == SHARE_UNIT and high > 1,
                message("« {id} » : une part est comprise entre 0 et 1.", id=self.id),
            ),
            (
                self.kind is Kind.RATIO and high < 1,
                message("« {id} » : un effet vaut au moins 1 : son intervalle est vide au-dessus de 1.", id=self.id),
            ),
            (self.over <= 0, message("« {id} » : la durée d'observation est positive.", id=self.id)),
            (
                low < least or high > most,
                message(
                    "« {id} » : de {least} à {most} seulement, le modèle ne se calcule pas au-delà.",
                    id=self.id,
                    least=least,
                    most=most,
                ),
            ),
        )
        return next((said for wrong, said in faults if wrong), None)
