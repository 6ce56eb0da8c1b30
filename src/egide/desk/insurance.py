"""Ways to be insured, compared in one call on the same years: what each pays, leaves, and is worth."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from math import fsum, isfinite
from typing import Any

from egide.desk.loss import cautions, exactly, figures, finite, heading, levels, simulated, told
from egide.exchange.loss_file.programmes import Option
from egide.exchange.loss_file.study import Study
from egide.insurance import reading
from egide.insurance.comparison import Comparison, Measures, Row, Standing, compared
from egide.insurance.fit import to_terms
from egide.insurance.premium import Premium, line
from egide.insurance.reading import Carried, LayerPremium
from egide.loss.faults import fault, refuse
from egide.loss.simulation import Simulation
from egide.loss.terms import Terms
from egide.message import Language, message
from egide.progress import Progress, silent, within
from egide.report import record


@dataclass(frozen=True, eq=False)
class Way:
    """One way to be insured: its years, the premium indications of its contracts and layers, what each insurer carries."""

    option: Option
    run: Simulation
    contracts: tuple[Premium, ...]
    layers: tuple[LayerPremium, ...]
    carried: tuple[Carried, ...]


@dataclass(frozen=True, eq=False)
class Insured:
    """The ways to be insured of a study in its order, their comparison, and the same as plain data."""

    study: Study
    ways: tuple[Way, ...]
    comparison: Comparison
    data: dict[str, Any]


def insured(
    study: Study,
    *,
    years: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    stratified: bool = True,
    with_exact: bool = False,
    progress: Progress = silent,
    language: Language = "fr",
) -> Insured:
    """Return what each way to be insured pays, leaves and is worth, all on the same draws.

    A stratified run gives each difference its own error, far below those of its terms; `with_exact` adds what can be
    computed without drawing, way by way. Same study, years, seed,
    `stratified` and language, same data, on any executor. Raises DataError (no programme, a figure without meaning), Cancelled.
    """
    refuse([] if study.options else [_nothing()])
    terms = [to_terms(option.programmes, study.model) for option in study.options]
    ways = []
    for place, option in enumerate(study.options):
        told_here = within(progress, place, len(study.options))
        ways.append(_way(study, option, years, seed, executor, terms, stratified=stratified, progress=told_here))
    comparison = compared([_standing(study, way) for way in ways], levels(study))
    options = [_told(study, way) for way in ways]
    if with_exact:
        options = [
            {**told_of, "exact": exactly(study, way.option.programmes, language)}
            for way, told_of in zip(ways, options, strict=True)
        ]
    data = {
        **heading(study, ways[0].run),
        "cautions": record.findings(cautions(study, ways[0].run), language),
        "premium_loading": {
            "deviation": study.loading.deviation,
            "capital": study.loading.capital,
            "level": study.loading.level,
        },
        "options": options,
        "comparison": [_compared(row) for row in comparison.rows],
        "differences": [_compared(row) for row in comparison.differences],
    }
    return Insured(study, tuple(ways), comparison, finite(data))


def _nothing() -> Any:
    return fault(
        "insurance.no_programme",
        "programme",
        "",
        message("Ce fichier ne donne aucun programme d'assurance."),
        message("Ajouter « programme », ou « alternatives » pour en comparer plusieurs (voir docs/formats.md)."),
    )


def _way(
    study: Study,
    option: Option,
    years: int | None,
    seed: int,
    executor: Executor | None,
    beside: Sequence[Terms],
    *,
    stratified: bool,
    progress: Progress,
) -> Way:
    towers = max((len(each.tower) for each in option.programmes), default=1)
    parts = 1 + (towers if towers > 1 else 0)
    first = within(progress, 0, parts)
    run = simulated(
        study, option.programmes, years, seed, executor, stratified=stratified, beside=beside, progress=first
    )
    layers = reading.of_layers(
        study.model, option.programmes, run, study.loading, executor=executor, progress=_after(progress, parts)
    )
    contracts = reading.of_contracts(option.programmes, run, study.loading)
    return Way(option, run, contracts, layers, reading.of_insurers(option.programmes, run))


def _after(progress: Progress, parts: int) -> Progress:
    """Follow what comes after the first of `parts` runs."""

    def follow(done: int, total: int) -> None:
        progress(total + (parts - 1) * done, parts * total)

    return follow


def _standing(study: Study, way: Way) -> Standing:
    most = fsum(line(each) for each in way.option.programmes)
    run = way.run
    return Standing(way.option.name, run.gross, run.retained, run.ceded, most, study.loading, way.option.price)


# --------------------------------------------------------------------------------------------------------- plain data
def _told(study: Study, way: Way) -> dict[str, Any]:
    return {
        "name": way.option.name,
        "price": way.option.price,
        **figures(study, way.run),
        "exact": None,
        "premium": _premium(_standing(study, way).premium),
        "contracts": [_premium(each) for each in way.contracts],
        "layer_premiums": [{"programme": each.programme, **_premium(each.premium)} for each in way.layers],
        "insurers": [
            {
                "name": each.insurer,
                "programme": each.programme,
                "layer": each.layer,
                "share": each.share,
                "ceded": told(each.ceded),
            }
            for each in way.carried
        ],
        "by_insurer": [{"name": name, "ceded": told(each)} for name, each in reading.by_insurer(way.carried).items()],
    }


def _premium(made: Premium) -> dict[str, Any]:
    """Return indications of premium; the line and the rate on line are null without limit."""
    return {
        "name": made.name,
        "expected": told(made.expected),
        "by_deviation": told(made.by_deviation),
        "by_tail": told(made.by_tail),
        "line": made.line if isfinite(made.line) else None,
        "rate_on_line": None if (rate := made.on_line(made.by_deviation)) is None else told(rate),
    }


def _compared(row: Row) -> dict[str, Any]:
    parts = ("gross", "retained", "ceded", "worth")
    return {"name": row.name, **{name: _measures(getattr(row, name)) for name in parts}, "paid": told(row.paid)}


def _measures(made: Measures) -> dict[str, Any]:
    def by_level(read: Any) -> dict[str, dict[str, float]]:
        return {repr(level): told(each) for level, each in read.items()}

    return {"mean": told(made.mean), "var": by_level(made.var), "tvar": by_level(made.tvar)}
