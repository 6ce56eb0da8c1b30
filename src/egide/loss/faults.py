"""What a number of a loss model must be: one table of rules, all faults told at once, each with field, value, remedy."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import floor, inf, isfinite

from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import Message, message

SMALLEST, LARGEST = 1e-50, 1e50
"""The largest number that a model may hold, besides an infinite limit, and the least one where 0 is refused."""


class Unfit(DataError):
    """A value of a loss model or of a programme that has no meaning; its findings name each field."""

    code = "loss.unfit"


@dataclass(frozen=True)
class Rule:
    """A condition on one number, and what to say when it does not hold."""

    code: str
    holds: Callable[[float], bool]
    understood: Message
    remedy: Message


NUMBER = Rule(
    "loss.not_a_number",
    isfinite,
    message("Ce n'est pas un nombre fini."),
    message("Écrire un nombre."),
)
POSITIVE = Rule(
    "loss.not_positive",
    lambda value: isfinite(value) and value > 0,
    message("Le nombre doit être strictement positif."),
    message("Écrire un nombre plus grand que 0."),
)
NOT_NEGATIVE = Rule(
    "loss.negative",
    lambda value: isfinite(value) and value >= 0,
    message("Le nombre ne peut pas être négatif."),
    message("Écrire 0 ou un nombre plus grand."),
)
WHOLE = Rule(
    "loss.not_whole",
    lambda value: isfinite(value) and value >= 0 and value == floor(value),
    message("Un nombre d'événements ou d'essais est un entier positif ou nul."),
    message("Écrire un entier : 0, 1, 2…"),
)
LIMIT = Rule(
    "loss.limit",
    lambda value: value > 0,
    message("Un plafond est strictement positif."),
    message("Écrire un montant plus grand que 0, ou retirer le plafond s'il n'y en a pas."),
)
SHARE = Rule(
    "loss.not_a_share",
    lambda value: 0 <= value <= 1,
    message("Une part ou une probabilité est comprise entre 0 et 1."),
    message("Écrire un nombre entre 0 et 1 : 0,25 pour 25 %."),
)
INSIDE = Rule(
    "loss.not_inside",
    lambda value: 0 < value < 1,
    message("Le nombre doit être strictement compris entre 0 et 1."),
    message("Écrire un nombre entre 0 et 1, bornes exclues : 0,95 pour le quantile à 95 %."),
)
LEVEL = Rule(
    "loss.level",
    lambda value: 0 <= value < 1,
    message("Un niveau de probabilité est compris entre 0 et 1, 1 exclu."),
    message("Écrire un nombre entre 0 et 1 : 0,99 pour l'année d'une fois en cent ans."),
)
CORRELATION = Rule(
    "loss.not_a_correlation",
    lambda value: -1 <= value <= 1,
    message("Une corrélation est comprise entre -1 et 1."),
    message("Écrire un nombre entre -1 et 1."),
)


def fault(code: str, field: str, value: object, understood: Message, remedy: Message) -> Finding:
    """Return the finding of one field: `field` is its name in the file, `value` what was read."""
    return Finding(code, Severity.ERROR, understood, remedy, place=field, read=str(value))


OUT_OF_REACH = Rule(
    "loss.out_of_reach",
    lambda value: False,
    message("Ce nombre est hors de portée : trop grand ou trop proche de 0."),
    message("Vérifier l'unité et le nombre de zéros."),
)
"""What is told of a number that keeps to its own rule and not to what computations can bear."""


def _broken(value: float, rule: Rule) -> Rule | None:
    """Return the rule that a number breaks, its own first."""
    if not rule.holds(value):
        return rule
    least = 0.0 if rule.holds(0.0) else SMALLEST
    return None if not isfinite(value) or least <= abs(value) <= LARGEST else OUT_OF_REACH


def broken(fields: Mapping[str, tuple[float, Rule]]) -> list[Finding]:
    """Return a finding for each field whose rule does not hold, or whose number is out of reach."""
    return [
        fault(told.code, field, f"{value:.12g}", told.understood, told.remedy)
        for field, (value, rule) in fields.items()
        if (told := _broken(value, rule))
    ]


def refuse(findings: Iterable[Finding]) -> None:
    """Raise Unfit when there is a finding, with all of them."""
    if found := tuple(findings):
        raise Unfit(message("Le modèle de perte ou le programme n'a pas de sens en l'état."), found)


def check(**fields: tuple[float, Rule]) -> None:
    """Raise Unfit with all the fields whose rule does not hold."""
    refuse(broken(fields))


UNLIMITED = inf
