"""A loss study answered in one call: simulated, computed exactly where it can be, and told as plain data."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import egide
from egide.errors import DataError
from egide.exchange.loss_file.study import Study, fingerprint, years_faults
from egide.finding import Finding, Severity
from egide.insurance.fit import to_terms
from egide.insurance.programme import Programme
from egide.loss.curve import Curve
from egide.loss.estimate import Estimate
from egide.loss.exact import exact
from egide.loss.exact.aggregate import Law
from egide.loss.faults import Unfit, fault, refuse
from egide.loss.frequency import Binomial, Frequency, Poisson
from egide.loss.model import Model
from egide.loss.moments import infinite_means, infinite_variances
from egide.loss.simulation import Share, Simulation, simulate
from egide.loss.task import SPANS
from egide.loss.terms import Terms
from egide.message import Language, Message, message
from egide.progress import Progress, silent
from egide.report import record

LEVELS = (0.95, 0.99, 0.995)
"""Levels of VaR and TVaR that are always told, beside those of the study."""
MOST_EVENTS = 10**12
"""Events that a simulation may draw: some hours of one core."""
MOST_HELD = 4096
"""Events (trials, for a binomial law) a year that a stream may keep in memory by blocks of years: some 600 MB a worker."""
ENOUGH = 30
"""Simulated years beyond the highest level under which its figures are said to be fragile."""
MOST_KINDS, MIXED = 600, 8
"""Scenarios and shocks whose exact laws are computed: some ten seconds; how many times longer a year factor makes it."""


@dataclass(frozen=True, eq=False)
class Studied:
    """A study, its simulation, and the same as plain data, whose floats are numbers."""

    study: Study
    simulation: Simulation
    data: dict[str, Any]


def studied(
    study: Study,
    *,
    years: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    stratified: bool = False,
    with_exact: bool = True,
    progress: Progress = silent,
    language: Language = "fr",
) -> Studied:
    """Return what a year costs under the programmes in force, the first of the study's `options`.

    `years` is the study's unless given; `with_exact` adds what can be computed without drawing (some seconds for a model
    with shocks, less than one for most). Same study, years, seed, `stratified` and language, same data, on any executor.
    Raises DataError when a figure would have no meaning, Cancelled from `progress`.
    """
    first = study.options[0] if study.options else None
    in_force = first.programmes if first else ()
    run = simulated(study, in_force, years, seed, executor, stratified=stratified, progress=progress)
    data = {
        **heading(study, run),
        "programme": first.name if first else None,
        "cautions": record.findings(cautions(study, run), language),
        **figures(study, run),
        "exact": exactly(study, in_force, language) if with_exact else None,
    }
    return Studied(study, run, finite(data))


def simulated(
    study: Study,
    programmes: Sequence[Programme],
    years: int | None,
    seed: int,
    executor: Executor | None,
    *,
    stratified: bool,
    beside: Sequence[Terms] = (),
    progress: Progress = silent,
) -> Simulation:
    """Return the years of a study under programmes in force together. Raises DataError, Cancelled from `progress`."""
    asked = study.years if years is None else years
    refuse(years_faults(asked))
    refuse([*infinite_means(study.model), *_too_many(study.model, asked)])
    terms = to_terms(programmes, study.model)
    return simulate(
        study.model,
        terms,
        years=asked,
        seed=seed,
        executor=executor,
        stratified=stratified,
        beside=beside,
        progress=progress,
    )


def cautions(study: Study, run: Simulation) -> list[Finding]:
    """Return what keeps the errors of a run from being taken at their word."""
    found = [
        replace(
            each,
            severity=Severity.DOUBT,
            understood=message(
                "La variance de cette loi est infinie : les erreurs (±) de la simulation sont trop petites."
            ),
            remedy=message(
                "Lire d'abord le calcul exact ; choisir une queue moins lourde (xi < 1/2), ou plafonner le montant."
            ),
        )
        for each in infinite_variances(study.model)
    ]
    beyond = run.years * (1 - levels(study)[-1])
    if not run.gross.most:
        said = message("Aucun événement n'a été tiré : les chiffres de la simulation sont nuls faute d'années.")
        found.append(_few(run, said))
    elif beyond < ENOUGH:
        said = message(
            "Moins de {least} années simulées au-delà du niveau {level} : ces chiffres sont fragiles, et leur erreur mal connue.",
            least=ENOUGH,
            level=repr(levels(study)[-1]),
        )
        found.append(_few(run, said))
    return found


def _few(run: Simulation, said: Message) -> Finding:
    remedy = message("Simuler davantage d'années.")
    return Finding("loss.few_years", Severity.DOUBT, said, remedy, place="years", read=str(run.years))


# ----------------------------------------------------------------------------------------------------------- refusals
def _too_many(model: Model, years: int) -> list[Finding]:
    """Return the finding of a simulation that would take days: whole blocks of years are drawn."""
    events = sum(each.frequency.mean for risk in model.risks for each in risk.scenarios)
    events += sum(shock.frequency.mean * len(shock.hits) for shock in model.shocks)
    if events * max(years, SPANS[-1]) <= MOST_EVENTS:
        return too_many_at_once(model)
    return [
        fault(
            "loss.events",
            "years",
            f"{events * years:.3g}",
            message("Il faudrait tirer plus de {most} milliards d'événements.", most=MOST_EVENTS // 10**9),
            message("Vérifier les fréquences (en événements par an), ou simuler moins d'années."),
        )
    ]


def too_many_at_once(model: Model) -> list[Finding]:
    """Return the findings of events that a simulation would have to keep together in memory."""
    held = {
        f"{risk.name}.{each.name}": _held(each.frequency)
        for risk in model.risks
        for each in risk.scenarios
        if risk.year_shape or not isinstance(each.frequency, Poisson)
    }
    held |= {"shocks": sum(_held(shock.frequency) for shock in model.shocks)}
    return [
        fault(
            "loss.events_at_once",
            place,
            f"{count:.3g}",
            message(
                "Plus de {most} événements ou essais par an : leur tirage ne tiendrait pas en mémoire.", most=MOST_HELD
            ),
            message(
                "Vérifier la fréquence (en événements par an). Si elle est bien telle, écrire une fréquence de Poisson, sans "
                "facteur de l'année, ou un seul poste pour le total de ces petits événements."
            ),
        )
        for place, count in held.items()
        if count > MOST_HELD
    ]


def _held(frequency: Frequency) -> float:
    return frequency.trials if isinstance(frequency, Binomial) else frequency.mean


def finite(data: dict[str, Any]) -> dict[str, Any]:
    """Return plain data whose numbers are all finite. Raises DataError that names the first one that is not."""
    for place, value in _leaves(data, ""):
        if isinstance(value, float) and not isfinite(value):
            understood = message("Ce chiffre n'est pas fini : les nombres du fichier sont trop grands ou trop étalés.")
            remedy = message(
                "Vérifier les lois les plus étalées (sigma, xi) et leurs unités, ou plafonner les montants."
            )
            found = Finding("loss.not_finite", Severity.ERROR, understood, remedy, place=place, read=str(value))
            raise DataError(message("l'étude ne peut pas être chiffrée"), (found,))
    return data


def _leaves(data: object, place: str) -> Iterator[tuple[str, object]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _leaves(value, f"{place}.{key}".lstrip("."))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _leaves(value, f"{place}[{index}]")
    else:
        yield place, data


# --------------------------------------------------------------------------------------------------------- plain data
def text(data: Mapping[str, Any]) -> str:
    """Return plain data as JSON; a number is written in the fewest digits that read back the same."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def heading(study: Study, run: Simulation) -> dict[str, Any]:
    """Return what says where figures come from."""
    return {
        "format": 1,
        "version": egide.__version__,
        "fingerprint": fingerprint(replace(study, years=run.years)),
        "title": study.title,
        "years": run.years,
        "seed": run.seed,
        "stratified": run.stratified,
        "currency": study.currency,
    }


def figures(study: Study, run: Simulation) -> dict[str, Any]:
    """Return the figures of one simulation."""
    return {
        "measures": {
            name: measures(curve, study)
            for name, curve in (("gross", run.gross), ("retained", run.retained), ("ceded", run.ceded))
        },
        "per_event": _events(run.events, study),
        "scenarios": [_share(each) for each in run.scenarios],
        "risks": [_share(each) for each in run.risks],
        "heads": [_share(each) for each in run.heads],
        "layers": [{"policy": each.policy, "name": each.name, "ceded": told(each.ceded)} for each in run.layers],
    }


def exactly(study: Study, programmes: Sequence[Programme], language: Language) -> dict[str, Any]:
    """Return what can be computed without drawing, each figure with the bound of its error, and why the rest cannot."""
    kinds = sum(len(risk.scenarios) * (MIXED if risk.year_shape else 1) for risk in study.model.risks)
    kinds += len(study.model.shocks)
    if kinds > MOST_KINDS:
        said = message("Trop de sortes d'événements : le calcul exact, trop long, n'a pas été fait.")
        remedy = message("Lire ce résultat dans la simulation.")
        none = Finding("loss.exact_many", Severity.NOTE, said, remedy, read=str(kinds))
        return {"layers": [], "not_covered": record.findings([none], language)}
    found = exact(study.model, to_terms(programmes, study.model))
    laws = {"gross": found.gross, "retained": found.retained, "ceded": found.ceded}
    means = {"gross": found.gross_mean, "retained": found.retained_mean, "ceded": found.ceded_mean}
    beyond: list[Finding] = []

    def read(place: str, law: Law | None, mean: Estimate | None) -> dict[str, Any]:
        try:
            return _exact_law(law, mean, levels(study))
        except Unfit:
            beyond.append(_beyond(place))
            return _exact_law(None, mean, levels(study))

    return {
        **{name: read(name, law, means[name]) for name, law in laws.items()},
        "layers": [
            {"policy": each.policy, "name": each.layer, **read(each.layer, each.law, each.law.mean)}
            for each in found.layers
        ],
        "not_covered": record.findings([*found.not_covered, *beyond], language),
    }


def _beyond(place: str) -> Finding:
    """Return the finding of a law whose grid ends before the levels that are told: events by tens of thousands a year."""
    said = message(
        "Trop d'événements par an pour la grille du calcul exact : seule la moyenne est calculée exactement."
    )
    remedy = message("Lire ce résultat dans la simulation.")
    return Finding("loss.exact_beyond", Severity.NOTE, said, remedy, place=place)


def _exact_law(law: Law | None, mean: Estimate | None, of: Sequence[float]) -> dict[str, Any]:
    """Return the measures of an exact law; null for those that it has not."""
    if law is None:
        return {"mean": told(mean) if mean else None, "sd": None, "var": None, "tvar": None}
    return {
        "mean": told(mean or law.mean),
        "sd": told(law.sd) if not law.moments.no_sd else None,
        "var": {repr(level): told(law.var(level)) for level in of},
        "tvar": {repr(level): told(law.tvar(level)) for level in of},
    }


def measures(curve: Curve, study: Study) -> dict[str, Any]:
    """Return the measures of a yearly amount, their standard errors, its exceedance curve, the budgets it passes."""
    read: dict[str, Estimate | Mapping[float, Estimate]] = {
        "mean": curve.mean,
        "sd": curve.sd,
        "var": {level: curve.var(level) for level in levels(study)},
        "tvar": {level: curve.tvar(level) for level in levels(study)},
    }
    return {
        **{name: _one(each, "value") for name, each in read.items()},
        "standard_error": {name: _one(each, "error") for name, each in read.items()},
        "largest": curve.most,
        "exceedance": _read(curve, study, "probability"),
        "budgets": [
            {"amount": amount, "probability": passed.value, "error": passed.error}
            for amount in study.budgets
            for passed in [curve.passed(amount)]
        ],
    }


def levels(study: Study) -> tuple[float, ...]:
    """Return the levels of VaR and TVaR to tell, in increasing order."""
    return tuple(sorted({*LEVELS, *study.levels}))


def _one(read: Estimate | Mapping[float, Estimate], part: str) -> Any:
    if isinstance(read, Estimate):
        return getattr(read, part)
    return {repr(level): getattr(each, part) for level, each in read.items()}


def told(read: Estimate) -> dict[str, float]:
    """Return a figure with its error."""
    return {"value": read.value, "error": read.error}


def _read(curve: Curve, study: Study, of: str) -> list[dict[str, float]]:
    amounts = curve.exceedance(study.probabilities)
    return [
        {of: probability, "amount": each.value, "error": each.error}
        for probability, each in zip(study.probabilities, amounts, strict=True)
    ]


def _events(curve: Curve, study: Study) -> dict[str, Any]:
    """Return the curve of single events: how many a year cost something, and what is passed so many times a year."""
    return {
        "frequency": told(curve.passed(0.0)),
        "largest": curve.most,
        "exceedance": _read(curve, study, "frequency"),
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.name,
        "gross": told(share.gross),
        "ceded": told(share.ceded),
        "retained": share.retained,
        "tail": {repr(level): told(each) for level, each in share.tail.items()},
    }
