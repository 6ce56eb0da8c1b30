"""An estimate of the core as the figures that its pages show: chosen, named, put in order; nothing is worked out anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log

from egide.diagnosis.maturity import Maturity
from egide.family import MEASURE_BY_CODE, MEASURES
from egide.finding import Finding
from egide.locale import say
from egide.message import Language, Message, Text, message
from egide.report.papers.typography import Setter, plain_text
from egide.report.risk_figures import (
    Care,
    Changed,
    Event,
    Figures,
    Gain,
    Head,
    Known,
    Question,
    Safeguard,
    Unknown,
    Year,
)
from egide.report.risk_words import RARE, Words, unit, written
from egide.risk.estimate import Estimate, Part
from egide.risk.interval import Interval
from egide.risk.law import Law
from egide.risk.library import Library
from egide.risk.parameter import Parameter
from egide.risk.sensitivity import OTHERS

YEARS = (2, 5, 10, 20, 50, 100, 200)
"""One year in so many: the points of the curve, and of its table."""
SEEN = (10, 20, 100)
MOST = 1e9
"""Years between two events that never come."""
HEADS = {
    "own": Text("Coûts propres : crise, remise en état, renforts", "Own costs: crisis, recovery, extra staff"),
    "interruption": Text("Activité perdue", "Activity lost"),
    "liability": Text("Responsabilité et personnes à prévenir", "Liability and persons to be told"),
    "fine": Text("Amendes", "Fines"),
}
EXPOSURE = {
    "revenue": (Text("Recettes d’exploitation d’une année", "Operating revenue of a year"), Text("€", "€")),
    "activity_share": (
        Text("Part des recettes liée à l’activité", "Share of revenue paid by activity"),
        Text("%", "%"),
    ),
    "beds": (Text("Lits", "Beds"), Text()),
    "places": (Text("Places de jour", "Day places"), Text()),
    "persons": (Text("Personnes connues du système d’information", "Persons in the information system"), Text()),
    "emergencies_per_day": (Text("Passages aux urgences par jour", "Emergency visits a day"), Text()),
}
MEAN_INSURANCE = Text("une assurance moyenne pour cette taille", "an average insurance for this size")
OWN_INSURANCE = Text("votre assurance", "your insurance")


@dataclass(frozen=True)
class About:
    """What an estimate does not say of itself: whose it is, when, in which years its facts were, what is said beside.

    `shipped` is the library before any change. `means` and `care_means` are the mean year and its days of care in each draw; `reasons` are those of the changed
    parameters, `first` the question whose answer would narrow the bracket most, `findings` the remarks on what was seen.
    """

    subject: str
    on: date
    maturity: Maturity
    shipped: Library
    means: Sequence[float]
    care_means: Sequence[float]
    stress: Interval
    years: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    first: Question | None = None
    findings: Sequence[Finding] = ()


def figures(made: Estimate, library: Library, about: About) -> Figures:
    """Return what the pages of an estimate show."""
    category = library.category_by_id[made.category]
    kept = made.retained if made.insured is not None else None
    curve = tuple(_year(made, kept, years) for years in YEARS)
    return Figures(
        subject=about.subject,
        category=made.category,
        category_title=category.title,
        rough=made.order_of_magnitude,
        on=about.on,
        mean=made.gross.mean,
        care=Care(made.care.days, made.care.patient_days, made.care.diverted, made.care.endangerment),
        years=tuple(each for each in curve if each.years in SEEN),
        curve=curve,
        heads=tuple(Head(each.id, HEADS[each.id], each.mean) for each in made.heads),
        events=tuple(_event(each, library) for each in made.scenarios),
        safeguards=_safeguards(about.maturity, float(library["maturity.reference"].value)),
        gains=tuple(
            Gain(each.measure, MEASURE_BY_CODE[each.measure].title, _less(each.loss), _less(each.care_days), each.level)
            for each in made.helps
            if each.loss.value < 0
        ),
        exposure=_known(made, library, about.years),
        bracket=(made.bracket.worst, made.bracket.best),
        completeness=made.bracket.completeness,
        reference=float(library["maturity.reference"].value),
        average=made.reference,
        stress=about.stress,
        retained=_kept(kept.mean) if kept else None,
        insurance=_insurance(made),
        question=about.first or _measure(made),
        unknown=tuple(
            Unknown(each.id, each.title, each.share, each.grade) for each in made.tornado if each.id != OTHERS
        ),
        changed=_changed(library, about.shipped, about.reasons),
        remarks=tuple(_remarks(made, about.findings)),
        means=tuple(_short(each) for each in about.means),
        care_means=tuple(_short(each) for each in about.care_means),
        draws=made.draws,
        simulated=made.years,
        sampling=_sampling(made.gross),
        seed=made.seed,
        library=made.library,
        program=made.version,
    )


def _short(value: float) -> float:
    """Return a number with six figures: what is kept of a draw."""
    return float(f"{value:.6g}")


def _year(made: Estimate, kept: Law | None, years: int) -> Year:
    care = made.care.days_one_in_100 if years == RARE else None
    return Year(years, _passed(made.gross, years), _passed(kept, years) if kept else None, care)


def _passed(of: Law, years: int) -> Interval:
    """Return what one year in so many passes: the level told, else between the two nearest points of the curve."""
    told = next((each.across for each in of.var if abs((1 - each.level) * years - 1) < 1e-9), None)
    if told is not None:
        return told
    points = sorted(of.curve, key=lambda each: -each.probability)
    wanted = 1 / years
    rare = next(n for n, each in enumerate(points) if each.probability <= wanted * (1 + 1e-9))
    after, before = points[rare], points[max(rare - 1, 0)]
    if before is after:
        return after.across
    part = log(before.probability / wanted) / log(before.probability / after.probability)
    low, value, high = (
        one + part * (other - one)
        for one, other in (
            (before.across.low, after.across.low),
            (before.across.value, after.across.value),
            (before.across.high, after.across.high),
        )
    )
    return Interval(value, low, high)


def _kept(mean: Interval) -> Interval:
    """Return what is retained on average: what is ceded is simulated, and its sampling error may pass a small mean."""
    return Interval(max(mean.value, 0.0), max(mean.low, 0.0), mean.high)


def _sampling(of: Law) -> float:
    rare = of.at(1 - 1 / RARE)
    return rare.error / rare.across.value if rare.across.value else 0.0


def _less(change: Interval) -> Interval:
    """Return what is spared by a change that is written as a loss less than before."""
    return Interval(-change.value, -change.high, -change.low)


def _event(each: Part, library: Library) -> Event:
    found = each.events or Interval(0.0, 0.0, 0.0)
    every = Interval(*(1 / value if value > 1 / MOST else MOST for value in (found.value, found.high, found.low)))
    return Event(each.id, library.scenario_by_id[each.id].title, each.mean, each.share, every)


def _safeguards(of: Maturity, reference: float) -> tuple[Safeguard, ...]:
    now, best = of.at(reference), of.at_best().at(reference)
    return tuple(
        Safeguard(each.code, each.title, now[each.code], max(best[each.code], now[each.code]), of.completeness[each.code])
        for each in MEASURES
    )  # fmt: skip


def _known(made: Estimate, library: Library, years: Mapping[str, int]) -> tuple[Known, ...]:
    found = []
    for each in made.exposure:
        title, unit = EXPOSURE[each.name]
        value = 100 * each.value if each.name == "activity_share" else each.value
        grade = library[f"category.{made.category}.{each.name}"].grade.value if each.default else ""
        found.append(Known(each.name, title, f"{round(value, 1):.1f}".removesuffix(".0"), unit, each.default, grade, 0 if each.default else years.get(each.name, 0)))  # fmt: skip
    return tuple(found)


def _insurance(made: Estimate) -> Text:
    if made.insured is None:
        return Text()
    return MEAN_INSURANCE if made.insured.default else OWN_INSURANCE


def _measure(made: Estimate) -> Question | None:
    """Return the measure that is least known for what it weighs, when no question is."""
    first = made.narrowing[:1]
    return Question(first[0].id, MEASURE_BY_CODE[first[0].id].title, first[0].width.value, measure=True) if first else None  # fmt: skip


def _changed(library: Library, before: Library, reasons: Mapping[str, str]) -> tuple[Changed, ...]:
    return tuple(
        Changed(
            each.id,
            each.title,
            _written(before[each.id]),
            _written(library[each.id]),
            unit(before[each.id]),
            reasons.get(each.id, ""),
        )
        for each in library.overrides
    )


def _written(parameter: Parameter) -> Text:
    def told(language: Language) -> str:
        value, around = written(parameter, Setter(language, plain_text))
        return f"{value} ({around})" if around else value

    return Text(told("fr"), told("en"))


def _remarks(made: Estimate, findings: Sequence[Finding]) -> list[Text]:
    """Return what must be said beside the figures."""
    found: list[Callable[[Words], Message]] = []
    if made.insured is not None and made.insured.unmet:
        names = [MEASURE_BY_CODE[each.measure].title for each in made.insured.unmet]
        found.append(lambda _: message("Le contrat d’assurance ne paierait rien : il exige des mesures qui ne sont pas au niveau ({names}).", names=names))  # fmt: skip
    if made.insured is not None and made.insured.default:
        found.append(lambda _: message("L’assurance est celle que les organisations de cette taille ont en moyenne ; aucun hôpital n’est dans cet échantillon [A]. Elle peut être remplacée par la vôtre."))  # fmt: skip
    if made.insured is not None and not made.insured.monotone:
        found.append(lambda _: message("Avec cette franchise, une perte plus petite peut rester en entier à votre charge : ce qui est conservé ne baisse pas toujours quand une mesure progresse."))  # fmt: skip
    alone = made.unaided
    if alone is not None:
        found.append(lambda words: message("Incidents déclarés par l’établissement, pris en compte : {events} (années connues : {years}). Sans eux, la perte moyenne serait de {mean}.", events=alone.events, years=words.count(alone.years), mean=words.amount(alone.mean)))  # fmt: skip
    return [*(_both(each, made) for each in found), *(_said(each.understood) for each in findings)]


def _both(tell: Callable[[Words], Message], made: Estimate) -> Text:
    figures = 1 if made.order_of_magnitude else 2

    def told(language: Language) -> str:
        setter = Setter(language, plain_text)
        return setter.say(tell(Words(setter, figures)))

    return Text(told("fr"), told("en"))


def _said(what: Message) -> Text:
    return Text(say(what, "fr"), say(what, "en"))
