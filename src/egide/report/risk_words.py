"""The words of an estimate: amounts with their interval, to the figures that are known, and the sentences read first."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

from egide.message import Message, Text, message
from egide.report.papers.typography import CURRENCIES, WHOLE, Setter
from egide.report.pictures.amounts import compact
from egide.report.risk_figures import MARKED, Figures
from egide.risk.interval import Interval
from egide.risk.parameter import SHARE_UNIT, Parameter

MILLION = 1_000_000
OFTEN, RARE = 10, 100
"""The years of which a director is told: one in ten, one in a hundred."""
NEVER = 100_000
"""An event rarer than once in so many years is told so."""


@dataclass(frozen=True, slots=True)
class Words:
    """Sets what an estimate says; `figures` is how many significant figures are worth showing."""

    set: Setter
    figures: int = 2

    @classmethod
    def of(cls, shown: Figures, setter: Setter) -> "Words":
        """Return the words of an estimate."""
        return cls(setter, shown.figures)

    def say(self, said: Message | Text | str) -> str:
        """Return a text of the project."""
        return self.set.say(said)

    # ------------------------------------------------------------------------------------------------------ numbers
    def euros(self, amount: float) -> str:
        """Return an amount of a year as one says it: 1,4 M€, 240 000 €, 1 300 €."""
        exact = rounded(amount, self.figures)
        if abs(exact) >= MILLION:
            return compact(self.set, float(exact), figures=self.figures)
        number, sign = self.set.number(exact, None), self.set.quote(CURRENCIES["EUR"])
        return f"{sign}{number}" if self.set.language == "en" else f"{number}{WHOLE}{sign}"

    def count(self, value: float) -> str:
        """Return a number of days, of years or of anything."""
        return self.set.number(rounded(value, self.figures), None)

    def percent(self, share: float, figures: int = 0) -> str:
        """Return a share in percent."""
        return self.say(
            message("{value} %", value=self.set.number(rounded(100 * share, figures or self.figures), None))
        )

    def between(self, of: Interval) -> str:
        """Return both ends of the interval of an amount."""
        low, high = self.euros(of.low), self.euros(of.high)
        unit = low.partition(WHOLE)[2]
        if unit and high.endswith(f"{WHOLE}{unit}"):
            low = low.removesuffix(f"{WHOLE}{unit}")
        return self.say(message("de {low} à {high}", low=low, high=high))

    def counts(self, of: Interval) -> str:
        """Return both ends of the interval of a number."""
        return self.say(message("de {low} à {high}", low=self.count(of.low), high=self.count(of.high)))

    def amount(self, of: Interval) -> str:
        """Return an amount with its interval."""
        return self.say(message("{amount} ({bounds})", amount=self.euros(of.value), bounds=self.between(of)))

    def number(self, of: Interval) -> str:
        """Return a number with its interval."""
        if of.low == of.high:
            return self.count(of.value)
        return self.say(message("{amount} ({bounds})", amount=self.count(of.value), bounds=self.counts(of)))

    def percents(self, of: Interval) -> str:
        """Return a probability with its interval."""
        bounds = message("de {low} à {high}", low=self.percent(of.low), high=self.percent(of.high))
        return self.say(message("{amount} ({bounds})", amount=self.percent(of.value), bounds=bounds))

    def every(self, years: Interval) -> str:
        """Return how often something comes."""
        if years.value >= NEVER:
            return self.say(message("moins d’une fois tous les {years} ans", years=self.set.number(Decimal(NEVER), 0)))
        if years.value < 1:
            return self.say(message("{count} fois par an", count=self.count(1 / years.value)))
        return self.say(message("une fois tous les {years} ans ({bounds})", years=self.count(years.value), bounds=self.counts(years)))  # fmt: skip

    def mark(self, grade: str) -> str:
        """Return the mark that a figure of that grade bears, empty when it needs none."""
        return f"{WHOLE}[{grade}]" if grade in MARKED else ""

    # ---------------------------------------------------------------------------------------------------- sentences
    def headline(self, shown: Figures) -> str:
        """Return what a director reads first: the mean year, one year in ten, one in a hundred."""
        often, rare = (self.euros(shown.year(years).gross.value) for years in (OFTEN, RARE))
        mean = self.euros(shown.mean.value)
        if shown.rough:
            said = message("Ordre de grandeur : les incidents numériques coûteraient {mean} par an en moyenne, {rare} une année sur cent.", mean=mean, rare=rare)  # fmt: skip
        elif shown.year(OFTEN).gross.value <= 0:
            said = message("Les incidents numériques coûteraient {mean} par an en moyenne, {rare} une année sur cent.", mean=mean, rare=rare)  # fmt: skip
        else:
            said = message("Les incidents numériques coûteraient {mean} par an en moyenne, {often} une année sur dix, {rare} une année sur cent.", mean=mean, often=often, rare=rare)  # fmt: skip
        return self.say(said)

    def of_care(self, shown: Figures) -> str:
        """Return what care loses, apart from any euro; empty where nobody is cared for in beds or places."""
        if shown.stays and shown.care.degraded is not None:
            return self._of_days(shown.care.degraded.value, message("Et {days} journées de résidents en mode dégradé par an en moyenne.", days=self.count(shown.care.degraded.value)))  # fmt: skip
        days, rare = self.count(shown.care.days.value), shown.year(RARE).care
        said = message("Et {days} journées de soins perdues ou reportées par an en moyenne.", days=days)
        if rare is not None:
            said = message("Et {days} journées de soins perdues ou reportées par an en moyenne, {rare} une année sur cent.", days=days, rare=self.count(rare.value))  # fmt: skip
        return self._of_days(shown.care.days.value, said)

    def _of_days(self, days: float, said: Message) -> str:
        """Return a sentence on several days; of fewer, what can be said of them."""
        if not days:
            return ""
        return self.say(said if days >= 2 else message("Et moins de deux journées de soins par an en moyenne."))

    def of_insurance(self, shown: Figures) -> str:
        """Return what remains once insured, empty without an insurance."""
        if shown.retained is None:
            return ""
        rare = shown.year(RARE).retained
        kept = self.euros(shown.retained.value)
        if rare is None:
            return self.say(message("Avec {insurance}, {kept} par an restent à votre charge.", insurance=shown.insurance, kept=kept))  # fmt: skip
        return self.say(message("Avec {insurance}, {kept} par an restent à votre charge, {rare} une année sur cent.", insurance=shown.insurance, kept=kept, rare=self.euros(rare.value)))  # fmt: skip

    def of_help(self, shown: Figures) -> str:
        """Return what would help most, empty when nothing would."""
        first = shown.gains[:1]
        if not first:
            return ""
        return self.say(message("Ce qui aiderait le plus : {measure}, {amount} par an en moins en moyenne.", measure=first[0].title, amount=self.euros(first[0].euros.value)))  # fmt: skip


def written(parameter: Parameter, setter: Setter) -> tuple[str, str]:
    """Return the value of a parameter and its interval, empty without one, as people read them: a share in percent."""
    value, *ends = (number(parameter, each, setter) for each in (parameter.value, *parameter.interval))
    low, high = ends
    return value, "" if parameter.low is None else setter.say(message("{low} à {high}", low=low, high=high))


def replaced(before: str, after: str, setter: Setter) -> str:
    """Return what a changed parameter was and what it is, from their texts, with the decimal sign of the language."""
    said = setter.say(message("{before} devient {after}", before=before, after=after))
    return _POINT.sub(",", said) if setter.language == "fr" else said


def number(parameter: Parameter, value: Decimal, setter: Setter) -> str:
    """Return a number in the unit in which people read that parameter."""
    return setter.number(value * scale(parameter), None)


def scale(parameter: Parameter) -> Decimal:
    """Return what a value of a parameter is multiplied by to be read by people."""
    return Decimal(100) if parameter.unit == SHARE_UNIT else Decimal(1)


def unit(parameter: Parameter) -> Text:
    """Return the unit in which people read a parameter."""
    return PERCENT if parameter.unit == SHARE_UNIT else UNITS.get(parameter.unit, Text(parameter.unit, parameter.unit))


def rounded(value: float, figures: int) -> Decimal:
    """Return a number to so many significant figures, never finer than a tenth; a zero has no sign."""
    if not value:
        return Decimal(0)
    places = min(1, figures - 1 - floor(log10(abs(value))))
    exact = round(Decimal(value), places) or Decimal(0)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


_POINT = re.compile(r"(?<=\d)\.(?=\d)")
PERCENT = Text("%", "%")
UNITS = {
    "EUR": Text("€", "€"),
    "days": Text("jours", "days"),
    "hours": Text("heures", "hours"),
    "events a year": Text("événements par an", "events a year"),
    "establishments": Text("établissements", "establishments"),
    "contracts": Text("contrats", "contracts"),
    "beds": Text("lits et places", "beds and places"),
    "persons": Text("personnes", "persons"),
    "weight": Text("poids", "weight"),
    "ratio": Text("facteur", "factor"),
    "odds ratio": Text("rapport de cotes", "odds ratio"),
    "exponent": Text("exposant", "exponent"),
    "correlation": Text("corrélation", "correlation"),
    "shape": Text("forme", "shape"),
    "log": Text("écart type du logarithme", "standard deviation of the logarithm"),
}
"""The units of parameters in words."""
