"""Several ways to be insured, on the same years: same events, same amounts, other contracts.

What a way is worth is what it leaves to pay plus its premium: the price asked when there is one, else the indication by
standard deviation. Differences are taken from the first way given.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from math import fsum, hypot
from operator import attrgetter, methodcaller

from egide.insurance.fit import to_terms
from egide.insurance.premium import STANDARD, Loading, Premium, line, premium
from egide.insurance.programme import AMOUNT, Programme
from egide.loss.curve import Curve
from egide.loss.estimate import Estimate, spread
from egide.loss.faults import broken, fault, refuse
from egide.loss.model import Model
from egide.loss.simulation import simulate
from egide.message import message
from egide.progress import Progress, silent, within

LEVELS = (0.95, 0.99, 0.995)


@dataclass(frozen=True, eq=False)
class Standing:
    """One way to be insured: laws of a year, premium, and the `price` that is asked, if known."""

    name: str
    gross: Curve
    retained: Curve
    ceded: Curve
    line: float
    loading: Loading = STANDARD
    price: float | None = None

    @property
    def premium(self) -> Premium:
        """Return the indications of premium."""
        return premium(self.name, self.ceded, self.line, self.loading)

    @property
    def paid(self) -> Estimate:
        """Return the premium that is counted."""
        return self.premium.by_deviation if self.price is None else Estimate(self.price)

    @property
    def parts(self) -> tuple["Standing", ...]:
        """Return the same over each independent part of the years, none when the run has no parts."""
        return tuple(
            Standing(self.name, *curves, self.line, self.loading, self.price)
            for curves in zip(self.gross.replicates, self.retained.replicates, self.ceded.replicates, strict=True)
        )


Law = Callable[[Curve], Estimate]
Measure = Callable[[Standing], Estimate]


@dataclass(frozen=True)
class Measures:
    """Mean of a year, VaR and TVaR by level."""

    mean: Estimate
    var: Mapping[float, Estimate]
    tvar: Mapping[float, Estimate]


@dataclass(frozen=True)
class Row:
    """The figures of one way to be insured, or their differences from the first.

    `worth` is what is retained plus the premium that is counted.
    """

    name: str
    gross: Measures
    retained: Measures
    ceded: Measures
    worth: Measures
    paid: Estimate


@dataclass(frozen=True)
class Comparison:
    """The ways to be insured in the order given: each by itself, then each but the first against the first."""

    standings: tuple[Standing, ...]
    rows: tuple[Row, ...]
    differences: tuple[Row, ...]


def compare(
    model: Model,
    options: Mapping[str, Sequence[Programme]],
    *,
    years: int,
    seed: int = 0,
    prices: Mapping[str, float] | None = None,
    loading: Loading = STANDARD,
    stratified: bool = True,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Compare ways to be insured, each being the programmes in force together (none: uninsured).

    All are simulated on the same draws. A stratified run has independent parts, of the same years for all: a difference
    then has the error of the difference itself, far below those of its terms. Otherwise its error is given as if the runs
    were independent, which is too large. Raises Unfit as `to_terms` and `simulate` do, and for a price that is negative
    or of an unknown name.
    """
    asked = prices or {}
    _check(options, asked)
    terms = [to_terms(programmes, model) for programmes in options.values()]
    standings = []
    for place, (name, programmes) in enumerate(options.items()):
        run = simulate(
            model,
            terms[place],
            years=years,
            seed=seed,
            executor=executor,
            stratified=stratified,
            detail=False,
            beside=terms,
            progress=within(progress, place, len(options)),
        )
        most = fsum(map(line, programmes))
        standings.append(Standing(name, run.gross, run.retained, run.ceded, most, loading, asked.get(name)))
    return compared(standings)


def compared(standings: Sequence[Standing], levels: Sequence[float] = LEVELS) -> Comparison:
    """Return the figures of ways to be insured that were simulated on the same years, and their differences."""
    first = standings[0]
    return Comparison(
        tuple(standings),
        tuple(_row(each.name, levels, partial(_by_itself, each)) for each in standings),
        tuple(_row(each.name, levels, partial(difference, first, each)) for each in standings[1:]),
    )


def difference(one: Standing, other: Standing, measure: Measure) -> Estimate:
    """Return by how much a measure is larger for `other`, with the error of the difference when both have parts."""
    before, after = measure(one), measure(other)
    both = list(zip(one.parts, other.parts, strict=False))
    apart = [measure(b).value - measure(a).value for a, b in both]
    error = spread(apart, [a.gross.years for a, _ in both]) if both else hypot(before.error, after.error)
    return Estimate(after.value - before.value, error)


def _by_itself(standing: Standing, measure: Measure) -> Estimate:
    return measure(standing)


def _of_year(law: Law, of: str, standing: Standing) -> Estimate:
    """Measure the gross, retained or ceded amount of a year, or the worth: what is retained plus the premium."""
    if of != "worth":
        return law(getattr(standing, of))
    kept, paid = law(standing.retained), standing.paid
    return Estimate(kept.value + paid.value, kept.error + paid.error)


def _row(name: str, levels: Sequence[float], read: Callable[[Measure], Estimate]) -> Row:
    mean: Law = attrgetter("mean")
    var: dict[float, Law] = {level: methodcaller("var", level) for level in levels}
    tvar: dict[float, Law] = {level: methodcaller("tvar", level) for level in levels}
    measures = {
        of: Measures(
            read(partial(_of_year, mean, of)),
            {level: read(partial(_of_year, law, of)) for level, law in var.items()},
            {level: read(partial(_of_year, law, of)) for level, law in tvar.items()},
        )
        for of in ("gross", "retained", "ceded", "worth")
    }
    return Row(name, **measures, paid=read(attrgetter("paid")))


def _check(options: Mapping[str, Sequence[Programme]], prices: Mapping[str, float]) -> None:
    found = broken({f"prices.{name}": (price, AMOUNT) for name, price in prices.items()})
    found += [
        fault(
            "insurance.unknown_option",
            "prices",
            name,
            message("Ce prix est celui d'un programme qui n'est pas comparé."),
            message("Corriger le nom, ou ajouter le programme à la comparaison."),
        )
        for name in prices
        if name not in options
    ]
    if not options:
        found.append(
            fault(
                "insurance.nothing_to_compare",
                "options",
                0,
                message("Il n'y a aucun programme à comparer."),
                message("Donner au moins un programme ; une liste vide de contrats est l'absence d'assurance."),
            )
        )
    refuse(found)
