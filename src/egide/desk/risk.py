"""The risk of an establishment in one call: its file read, its diagnosis weighed, its estimate made and told."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from egide import plain, reference
from egide.desk import diagnosis
from egide.diagnosis import filled as answers
from egide.diagnosis.filled import Answer, Reading
from egide.diagnosis.maturity import Maturity, maturity
from egide.exchange import risk_file
from egide.family import MEASURE_BY_CODE
from egide.finding import Finding, Severity
from egide.message import Language, Message, message
from egide.progress import Progress, silent
from egide.report import record
from egide.report.papers.typography import Setter, plain_text
from egide.report.risk_words import Words
from egide.risk.contract import Contract
from egide.risk.draws import drawn
from egide.risk.estimate import YEARS, Estimate, estimate
from egide.risk.exposure import AMOUNTS, Exposure, exposed
from egide.risk.law import Law
from egide.risk.library import Library
from egide.risk.sensitivity import narrowing
from egide.risk.year import STRESS, USUAL

DAYS_A_YEAR = 365
ENOUGH = 100
"""Simulated years of each draw beyond the highest level under which its quantiles are said to be fragile."""
FEW_ANSWERED = 0.8
"""Completeness under which the headline rests on blanks more than on answers."""

FIGURES: Mapping[str, Message] = {
    "revenue": message("recettes"),
    "activity_share": message("part payée à l'activité"),
    "beds": message("lits"),
    "places": message("places"),
    "persons": message("personnes dans les données"),
}


@dataclass(frozen=True, eq=False)
class Ready:
    """All that an estimate is made of, and what its reading has to say; amounts in EUR.

    `answered` gives, for each question left blank, the maturity were it answered at best.
    """

    library: Library
    exposure: Exposure
    maturity: Maturity
    contract: Contract | None = None
    title: str = ""
    ransomware: float = USUAL
    years: int = YEARS
    draws: int = risk_file.DRAWS
    seed: int = risk_file.SEED
    answered: Mapping[str, Maturity] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Estimated:
    """An estimate, what it was made of, and all that keeps its figures from being taken at their word."""

    ready: Ready
    estimate: Estimate
    findings: tuple[Finding, ...]


def read(path: Path, today: date) -> Ready:
    """Return what a file asks, its diagnosis read from the workbook that it names, beside it.

    `today` is the day of answers that give none. Raises DataError with all findings, OSError.
    """
    found = risk_file.read_file(path, reference.risk_library())
    study = found.study
    ready = Ready(
        study.library,
        study.exposure,
        study.maturity or Maturity.uniform(0.0),
        study.contract,
        study.title,
        float(study.library[STRESS].value) if study.year_like_2021 else USUAL,
        study.years,
        study.draws,
        study.seed,
        findings=found.findings,
    )
    if study.maturity is not None:
        return ready
    known = diagnosis.read(path.parent / study.diagnosis, study.diagnosis, today, on=study.on)
    return with_diagnosis(ready, known.shown.reading, study.on or known.filled.observed_on, known.findings)


def with_diagnosis(ready: Ready, reading: Reading, day: date, findings: tuple[Finding, ...] = ()) -> Ready:
    """Return the same with the maturity of a diagnosis on a day; its figures fill what was not told.

    Raises DataError for a figure that no establishment has.
    """
    return replace(
        ready,
        exposure=_completed(ready, reading),
        maturity=maturity(reading.observations(), day, reference.weighing()),
        answered=_answered(reading, day),
        findings=(*ready.findings, *findings),
    )


def _completed(ready: Ready, reading: Reading) -> Exposure:
    told: dict[str, Any] = {name: float(value) for name, value in reading.filled.figures.items()}
    if "emergencies" in told:
        told["emergencies_per_day"] = told.pop("emergencies") / DAYS_A_YEAR
    known = ready.exposure
    told |= {name: getattr(known, name) for name in AMOUNTS if name not in known.defaults}
    if known.emergencies_per_day is not None:
        told["emergencies_per_day"] = known.emergencies_per_day
    return exposed(ready.library, known.category, declared=known.declared, **told)


def _answered(reading: Reading, day: date) -> dict[str, Maturity]:
    """Return, for each question left blank, the maturity were it answered at best, with its proof."""
    found = {}
    for each in reading.blanks:
        if each.because is None:
            best = Answer(each.question.best.code, proven=True)
            tried = replace(reading.filled, answers={**reading.filled.answers, each.question.id: best})
            again = answers.read(reading.questionnaire, tried)
            found[each.question.id] = maturity(again.observations(), day, reference.weighing())
    return found


def estimated(ready: Ready, *, executor: Executor | None = None, progress: Progress = silent) -> Estimated:
    """Return the estimate: same inputs, same digits, on any executor.

    Raises Unfit (a DataError) when the contract has no meaning, Cancelled from `progress`.
    """
    draws = drawn(ready.library, count=ready.draws, seed=ready.seed)
    made = estimate(
        ready.exposure,
        ready.maturity,
        draws,
        ready.contract,
        years=ready.years,
        ransomware=ready.ransomware,
        executor=executor,
        progress=progress,
    )
    if ready.answered:
        asked = narrowing(ready.exposure, ready.maturity, draws, ready.answered, ready.ransomware)
        made = replace(made, narrowing=asked)
    return Estimated(ready, made, (*ready.findings, *cautions(made, ready.contract)))


# --------------------------------------------------------------------------------------------------------------- cautions
def cautions(made: Estimate, contract: Contract | None) -> list[Finding]:
    """Return what keeps the figures of an estimate from being taken at their word."""
    return [*_of_exposure(made), *_of_answers(made), *_of_contract(made, contract), *_of_draws(made)]


def _caution(
    severity: Severity, code: str, understood: Message, remedy: Message, place: str, read: str = ""
) -> Finding:
    return Finding(f"risk.{code}", severity, understood, remedy, place=place, read=read)


def _of_exposure(made: Estimate) -> Iterator[Finding]:
    if made.order_of_magnitude:
        yield _caution(
            Severity.DOUBT,
            "order_of_magnitude",
            message("Pour cette catégorie, le résultat n'est qu'un ordre de grandeur : un seul chiffre significatif."),
            message("Ne pas comparer deux résultats dont le premier chiffre est le même."),
            "category",
            made.category,
        )
    defaults = tuple(FIGURES[each.name] for each in made.exposure if each.default)
    if defaults:
        yield _caution(
            Severity.DOUBT,
            "category_default",
            message("Valeurs par défaut de la catégorie, faute de mieux : {names}.", names=defaults),
            message("Donner les chiffres de l'établissement : l'intervalle se resserre."),
            "exposure",
        )
    if made.ransomware != USUAL:
        yield _caution(
            Severity.NOTE,
            "stress",
            message("Année comme 2021 : rançongiciels multipliés par {times}.", times=_figure(made.ransomware)),
            message("Lire ce résultat à côté de celui d'une année ordinaire."),
            "year_like_2021",
        )


def _of_answers(made: Estimate) -> Iterator[Finding]:
    if made.bracket.completeness < FEW_ANSWERED:
        yield _caution(
            Severity.DOUBT,
            "blanks",
            message(
                "Renseigné à {share} % : ce qui n'est pas répondu compte comme absent, dans tous les tirages.",
                share=_figure(round(100 * made.bracket.completeness)),
            ),
            message("Répondre d'abord à ce qui resserre le plus la fourchette."),
            "maturity",
        )


def _of_contract(made: Estimate, contract: Contract | None) -> Iterator[Finding]:
    if contract is None or made.insured is None:
        return
    yield from contract.programme.remarks
    for each in made.insured.unmet:
        yield _caution(
            Severity.DOUBT,
            "condition_unmet",
            message(
                "L'assurance ne paie rien : la condition « {measure} » n'est pas tenue (niveau demandé : {least}).",
                measure=MEASURE_BY_CODE[each.measure].title,
                least=_figure(each.least),
            ),
            message("Tenir et prouver cette mesure, ou vérifier la condition au contrat."),
            "conditions",
            each.measure,
        )
    if not contract.conditions:
        yield _caution(
            Severity.NOTE,
            "no_condition",
            message(
                "Aucune condition d'assurance n'est donnée : le contrat est supposé payer quelle que soit la maturité."
            ),
            message("Reprendre celles du contrat, par exemple l'authentification forte et les sauvegardes."),
            "conditions",
        )
    if contract.default:
        yield _caution(
            Severity.NOTE,
            "default_programme",
            message("Programme moyen des entreprises de cette taille (LUCY) : aucun hôpital dans cet échantillon."),
            message("Écrire le programme de l'établissement."),
            "programme",
        )


def _of_draws(made: Estimate) -> Iterator[Finding]:
    if made.years * (1 - made.gross.var[-1].level) < ENOUGH:
        yield _caution(
            Severity.DOUBT,
            "few_years",
            message("Trop peu d'années simulées : les chiffres des années rares sont fragiles."),
            message("Simuler davantage d'années."),
            "years",
            str(made.years),
        )


def _figure(value: float) -> Decimal:
    return Decimal(f"{value:.12g}")


# ------------------------------------------------------------------------------------------------------------- plain data
def data(made: Estimated, language: Language) -> dict[str, Any]:
    """Return an estimate as plain data whose floats are numbers, with its title and its cautions in a language.

    `shown` gives the headline as people may be told it, None where the numbers may be shown to two figures.
    """
    return {
        "title": made.ready.title,
        "cautions": record.findings(made.findings, language),
        "shown": _shown(made.estimate, language) if made.estimate.order_of_magnitude else None,
        **plain.unstructure(made.estimate),
    }


def _shown(made: Estimate, language: Language) -> dict[str, Any]:
    """Return the headline figures of an order of magnitude in words: one significant figure and its interval."""
    words = Words(Setter(language, plain_text), 1)

    def told(law: Law | None) -> dict[str, str] | None:
        if law is None:
            return None
        years = {f"one_year_in_{round(1 / (1 - each.level))}": words.amount(each.across) for each in law.var}
        return {"mean": words.amount(law.mean), **years, "worst_1_percent": words.amount(law.tvar.across)}

    return {
        "says": words.say(message("Ordre de grandeur : un seul chiffre est significatif.")),
        "gross": told(made.gross),
        "retained": told(made.retained),
        "care_days": {
            "mean": words.number(made.care.days),
            "one_year_in_100": words.number(made.care.days_one_in_100),
        },
    }
