"""What a test bench warns of, and the short verdict: green, amber or red, in words. The bounds are choices of Égide."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum

from egide.clausier.model import Clausier
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender import price
from egide.tender.lots import of_lot
from egide.tender.model import Kind, Tender
from egide.tender.trial.bench import Bench, FormulaLine, Line, MarkLine, Trial
from egide.tender.trial.chance import Frequency

FRAGILE, SENSITIVE = 0.05, 0.02
"""How often a losing bid decides: above the first the method is to be changed, above the second it is to be looked at."""
NEUTRALISED, WEAKENED = 1 / 3, 0.5
"""Effective weight over published weight: under the first a criterion hardly decides, under the second less than said."""
NARROW = 0.25
"""Mean gap of the price points between the best and the worst bid, over their weight."""
FULL = 0.9
"""Mean note of a criterion above which nearly all bids have everything."""
HEAVY = 0.2
"""How often a single step of one mark may decide."""
TRIVIAL = 0.75
"""The share of scored points that must be minimums before their criterion is said to have little left to score."""


class Light(StrEnum):
    """The short verdict."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


LIGHTS = {
    "bench.formula_refused": Light.RED,
    "bench.fragile": Light.RED,
    "bench.neutralised": Light.RED,
    "bench.sensitive": Light.AMBER,
    "bench.weakened": Light.AMBER,
    "bench.formula_warning": Light.AMBER,
    "bench.price_span": Light.AMBER,
    "bench.nearly_full": Light.AMBER,
    "bench.floors": Light.AMBER,
    "bench.one_mark": Light.AMBER,
}


def verdict(found: Iterable[Finding]) -> Light:
    """Return the worst light of what was found."""
    lit = {LIGHTS[finding.code] for finding in found}
    return next((light for light in (Light.RED, Light.AMBER) if light in lit), Light.GREEN)


def findings(made: Bench, clausier: Clausier) -> list[Finding]:
    """Return all that a bench warns of, each said once for the lots that it touches, the worst first."""
    found = list(_formulas(made.tender))
    for trial in made.trials:
        found += [finding for each in trial.formulas if each.published for finding in _turned(trial, each)]
        found += _lines(made.tender, trial)
        found += _floors(made.tender, of_lot(made.tender, clausier, trial.lots[0]), trial)
        found += [_one_mark(trial, mark) for mark in trial.marks if mark.flips.share >= HEAVY]
    order = list(reversed(Light))
    return sorted(found, key=lambda finding: order.index(LIGHTS[finding.code]))


def percent(frequency: Frequency) -> Message:
    """Return a frequency with its standard error, as it is said in a sentence."""
    return message("{share} % (± {error})", share=decimal(100 * frequency.share), error=decimal(100 * frequency.error))


def decimal(value: float, digits: int = 2) -> Decimal:
    """Return a number of a simulation as it is shown."""
    return Decimal(format(value, f".{digits}f"))


def _finding(code: str, place: str, understood: Message, remedy: Message, *, error: bool = False) -> Finding:
    severity = Severity.ERROR if error else Severity.DOUBT
    return Finding(f"bench.{code}", severity, understood, remedy, "tender.yaml", place)


def _place(trial: Trial, *parts: str) -> str:
    return " · ".join([*(part for part in parts if part), ", ".join(trial.lots)])


# ----------------------------------------------------------------------------------------------------------- the formula
def _formulas(tender: Tender) -> Iterator[Finding]:
    for criterion in tender.criteria:
        if criterion.kind is not Kind.PRICE:
            continue
        place = f"criteria.{criterion.id}.formula"
        for fault in price.faults(criterion.formula):
            understood = message(
                "la formule « {code} » ne peut pas être retenue : {fault}", code=criterion.formula, fault=fault
            )
            remedy = message("Choisir une formule parmi : {codes}.", codes=tuple(price.allowed()))
            yield _finding("formula_refused", place, understood, remedy, error=True)
        warning = price.FORMULAS[criterion.formula].warning
        if warning:
            understood = message("formule permise mais fragile : {warning}", warning=warning)
            remedy = message("Préférer la formule proportionnelle ou l'écart au prix le plus bas.")
            yield _finding("formula_warning", place, understood, remedy)


def _turned(trial: Trial, line: FormulaLine) -> Iterator[Finding]:
    if line.turned.share < SENSITIVE:
        return
    code = "fragile" if line.turned.share >= FRAGILE else "sensitive"
    best = min(trial.formulas, key=lambda each: each.turned.share)
    yield _finding(
        code,
        _place(trial, "criteria"),
        message(
            "une offre perdante qui disparaît change le gagnant dans {share} des cas : une offre sans chance, ou de connivence, décide",
            share=percent(line.turned),
        ),
        message(
            "Prendre une formule qui dépend moins des autres offres ; sur les mêmes tirages, « {title} » : {share}.",
            title=price.FORMULAS[best.code].title,
            share=percent(best.turned),
        ),
    )


# ---------------------------------------------------------------------------------------------------------- the criteria
def _lines(tender: Tender, trial: Trial) -> Iterator[Finding]:
    kinds = {criterion.id: criterion.kind for criterion in tender.criteria}
    for line in trial.lines:
        of_price = kinds[line.criterion] is Kind.PRICE
        place = _place(trial, f"criteria.{line.criterion}", line.subcriterion)
        if not line.subcriterion and len(kinds) > 1:
            yield from _weight(line, place)
        if of_price and line.span < NARROW * line.weight:
            yield _span(line, place)
        if not of_price and line.mean >= FULL * line.weight:
            yield _nearly_full(line, place)


def _weight(line: Line, place: str) -> Iterator[Finding]:
    ratio = line.effective / line.weight
    if ratio >= WEAKENED or line.decides is None:
        return
    understood = message(
        "critère publié à {weight} %, effectif à {effective} % ; sans lui, le gagnant ne change que dans {share} des cas",
        weight=decimal(line.weight, 1),
        effective=decimal(line.effective, 1),
        share=percent(line.decides),
    )
    if ratio < NEUTRALISED:
        remedy = message(
            "Ses notes ne séparent presque pas les offres : revoir l'échelle, les points ou la formule. Une méthode qui neutralise un poids publié est irrégulière (CE, 3 novembre 2014, n° 373362)."
        )
        yield _finding("neutralised", place, understood, remedy)
    else:
        remedy = message("Élargir l'éventail de ses notes, ou le dire dans le choix de son poids.")
        yield _finding("weakened", place, understood, remedy)


def _span(line: Line, place: str) -> Finding:
    return _finding(
        "price_span",
        place,
        message(
            "entre le moins cher et le plus cher, il n'y a que {span} points sur {weight} en moyenne",
            span=decimal(line.span, 1),
            weight=decimal(line.weight, 1),
        ),
        message("Vérifier la loi des prix ; sinon, prendre une formule plus étendue ou le dire dans le poids du prix."),
    )


def _nearly_full(line: Line, place: str) -> Finding:
    return _finding(
        "nearly_full",
        place,
        message("presque toutes les offres y ont presque tous les points ({note} % en moyenne)", note=decimal(100 * line.mean / line.weight, 1)),
        message("Demander plus que ce que tous offrent : seuils plus hauts, ou passer ces points en minimum exigé."),
    )  # fmt: skip


def _floors(tender: Tender, clausier: Clausier, trial: Trial) -> Iterator[Finding]:
    scored = [point for point in clausier.points.values() if point.award_use.scores]
    floored = [point for point in scored if point.award_use.floors]
    for criterion in tender.criteria:
        if criterion.kind is Kind.CLAUSIER and len(floored) >= TRIVIAL * len(scored):
            yield _finding(
                "floors",
                _place(trial, f"criteria.{criterion.id}"),
                message("{count} des {total} points notés ont un plancher exigé : une offre admise y a déjà une bonne part des points", count=len(floored), total=len(scored)),
                message("C'est permis ; vérifier que ce qui reste au-dessus du plancher vaut le poids publié."),
            )  # fmt: skip


def _one_mark(trial: Trial, mark: MarkLine) -> Finding:
    place = _place(trial, f"criteria.{mark.criterion}", mark.subcriterion)
    understood = message(
        "une seule note d'un cran de plus ou de moins ({gain} point du total) suffit à changer le gagnant dans {share} des cas",
        gain=decimal(mark.gain),
        share=percent(mark.flips),
    )
    remedy = message("Noter plus finement (demi-points, échelle plus longue, sous-critères), et à deux évaluateurs.")
    return _finding("one_mark", place, understood, remedy)
