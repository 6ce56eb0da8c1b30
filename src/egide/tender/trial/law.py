"""The stated law of simulated bids: how many, at what prices, with what technical notes. Floats: nothing here ranks a bid.

Each bid has an overall quality, drawn once. Each of its notes, and its price, leans on it by a stated correlation
(Gaussian copula) and keeps its own law. By default: four bids, price U(80, 160), notes U(40, 95), no link with the price.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import erfc, exp, sqrt
from random import Random

from egide.clausier.model import Clausier, Point
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Criterion, Kind, Tender
from egide.tender.rules import feeds

MOST_TENDERS = 1_000_000
MOST_BIDS = 60


@dataclass(frozen=True)
class Span:
    """Notes drawn evenly between two bounds, in percent of the scale."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Law:
    """What is assumed of the bids to come. Only ratios of prices count: their unit does not.

    `spread` None: prices U(low, high). Else prices are lognormal around `estimate`, and `spread` is the standard
    deviation of their logarithm (0.1 is about 10 %). `by_criterion` gives the notes of a criterion, or of
    "criterion.subcriterion", a law of their own. `cohesion` is the correlation between two notes of one bid,
    `correlation` that of its price with its overall quality.
    """

    tenders: int = 20_000
    bids: int = 4
    low: Decimal = Decimal(80)
    high: Decimal = Decimal(160)
    spread: Decimal | None = None
    estimate: Decimal = Decimal(100)
    notes: Span = Span(Decimal(40), Decimal(95))
    by_criterion: Mapping[str, Span] = field(default_factory=dict)
    cohesion: Decimal = Decimal("0.5")
    correlation: Decimal = Decimal(0)


def faults(law: Law, tender: Tender) -> list[Finding]:
    """Return every reason why a law has no meaning for a consultation."""
    leaves = {criterion.id: {sub.id for sub in criterion.subcriteria} for criterion in tender.criteria}
    known = set(leaves) | {f"{criterion}.{sub}" for criterion, subs in leaves.items() for sub in subs}
    spans = {"notes": law.notes, **law.by_criterion}
    wrong = [
        ("tenders", not 1 <= law.tenders <= MOST_TENDERS, message("Prendre de 1 à {most} consultations simulées.", most=MOST_TENDERS)),
        ("bids", not 2 <= law.bids <= MOST_BIDS, message("Prendre de 2 à {most} offres par consultation.", most=MOST_BIDS)),
        ("low", not 0 < law.low < law.high, message("Le prix bas est positif et inférieur au prix haut.")),
        ("spread", law.spread is not None and not 0 < law.spread <= 2, message("La dispersion des prix est entre 0 et 2 (0,1 : environ 10 %).")),
        ("estimate", law.estimate <= 0, message("L'estimation est positive.")),
        ("cohesion", not 0 <= law.cohesion <= 1, message("La cohésion des notes est entre 0 et 1.")),
        ("correlation", not -1 <= law.correlation <= 1, message("La corrélation du prix et de la qualité est entre −1 et 1.")),
        *((name, not 0 <= span.low <= span.high <= 100, message("Les notes sont en pour cent de l'échelle : de 0 à 100, la plus basse d'abord.")) for name, span in spans.items()),
        *((name, name not in known, message("Prendre un critère de la consultation, ou critère.sous-critère.")) for name in law.by_criterion),
    ]  # fmt: skip
    return [_fault(name, remedy) for name, is_wrong, remedy in wrong if is_wrong]


def _fault(name: str, remedy: Message) -> Finding:
    understood = message("la loi des offres simulées ne peut pas être utilisée : {name}", name=name)
    return Finding("bench.law", Severity.ERROR, understood, remedy, place=name, read=name)


@dataclass(frozen=True)
class Leaf:
    """What receives one note: a criterion, or one of its sub-criteria. `weight` is in points of the total of 100.

    `floor` is the least share of the scale that an admissible bid has: points with a published floor cannot be lower.
    """

    criterion: str
    subcriterion: str
    weight: float
    scale: Decimal
    span: Span
    floor: float = 0.0
    points: tuple[Point, ...] = ()


def leaves_of(tender: Tender, clausier: Clausier, law: Law) -> tuple[Leaf, ...]:
    """Return what is noted in a consultation besides the price. `clausier` is that of the lot."""
    return tuple(
        leaf
        for criterion in tender.criteria
        if criterion.kind is not Kind.PRICE
        for leaf in _leaves(criterion, clausier, law)
    )


def _leaves(criterion: Criterion, clausier: Clausier, law: Law) -> Iterator[Leaf]:
    scored = [point for point in clausier.points.values() if point.award_use.scores]
    weight = float(criterion.weight)
    whole = law.by_criterion.get(criterion.id, law.notes)
    fed = criterion.kind is Kind.CLAUSIER
    if not criterion.subcriteria:
        points = scored if fed else []
        yield Leaf(criterion.id, "", weight, criterion.scale, whole, _floor(points), tuple(points))
    total = float(sum(sub.weight for sub in criterion.subcriteria))
    for sub in criterion.subcriteria:
        own = [point for point in scored if feeds(sub, point.id, clausier.theme_of[point.id].id, point.family)]
        points = own if fed else []
        span = law.by_criterion.get(f"{criterion.id}.{sub.id}", whole)
        part = weight * float(sub.weight) / total
        yield Leaf(criterion.id, sub.id, part, criterion.scale, span, _floor(points), tuple(points))


def worths(point: Point) -> list[tuple[str, Decimal]]:
    """Return the levels that can be retained for a point without proposing an irregularity, from the best, and their worth."""
    return [
        (level.code, level.value)
        for level in point.levels
        if level.value is not None and level.code not in point.proposing
    ]


def _floor(points: Sequence[Point]) -> float:
    """Return the least share that an admissible bid earns on points, 0 without points."""
    possible = sum(point.weight for point in points)
    least = sum(point.weight * min((value for _, value in worths(point)), default=Decimal(0)) for point in points)
    return float(least) / possible if possible else 0.0


Draw = tuple[list[float], list[list[float]]]
"""The prices of the bids of one simulated consultation, then for each leaf the share of the scale of each bid."""


def draws(law: Law, leaves: Sequence[Leaf], chance: Random) -> Iterator[Draw]:
    """Yield simulated consultations, each from its own numbers of the stream: alternatives are compared on the same."""
    shared, own = sqrt(law.cohesion), sqrt(1 - law.cohesion)
    lean = float(law.correlation)
    apart = sqrt(max(0.0, 1 - lean * lean))
    low, wide = float(law.low), float(law.high - law.low)
    spread, estimate = float(law.spread or 0), float(law.estimate)
    bounds = [
        (leaf.floor + (1 - leaf.floor) * float(leaf.span.low) / 100, (1 - leaf.floor) * float(leaf.span.high - leaf.span.low) / 100)
        for leaf in leaves
    ]  # fmt: skip
    normal, bids = chance.gauss, range(law.bids)
    for _ in range(law.tenders):
        quality = [normal() for _ in bids]
        leant = [lean * each + apart * normal() for each in quality]
        prices = [estimate * exp(spread * z) for z in leant] if spread else [low + wide * even(z) for z in leant]
        notes = [[least + room * even(shared * each + own * normal()) for each in quality] for least, room in bounds]
        yield prices, notes


_HALF = -sqrt(0.5)


def even(z: float) -> float:
    """Return the even number of [0, 1] that has the place of a standard normal one."""
    return 0.5 * erfc(z * _HALF)
