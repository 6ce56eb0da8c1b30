"""The robustness note, after the opening: how firmly the award stands under the published method, and that one only.

Everything is exact (fractions) but the simulation on marks, which follows from its seed. An internal file: nothing of it
enters the analysis report, the matrix, a letter or the record of the evaluation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import log

from egide.errors import DataError
from egide.finding import Finding, Severity
from egide.message import message
from egide.progress import Progress, silent
from egide.tender.evaluation import Evaluation
from egide.tender.model import BidKey, Computed, Criterion, Lot
from egide.tender.retained import Book
from egide.tender.trial.chance import Frequency, stream
from egide.tender.trial.mark_steps import LevelStep, NoteStep, level_steps, note_steps
from egide.tender.trial.standing import Standing, Why, moved, ordered, standing

MOST_DRAWS = 1_000_000
MOST_TIMES = 1000
"""How many times its price a winner is tried at."""


@dataclass(frozen=True)
class Doubt:
    """How uncertain marks are said to be: `slip` is the chance that a retained level is one level off, above or below
    alike; a note is drawn evenly around itself, `spread` of its scale at most. Prices do not move.
    """

    draws: int = 2000
    slip: Decimal = Decimal("0.10")
    spread: Decimal = Decimal("0.05")


@dataclass(frozen=True)
class Removal:
    """Who is first when a bid was never there; `changed` when it is not the one who should be (the winner, or the second)."""

    out: BidKey
    first: tuple[BidKey, ...]
    changed: bool


@dataclass(frozen=True)
class WeightRange:
    """Between which weights of a criterion the winner stays, the others rescaled in proportion; at a bound, equality.

    `low_by` and `high_by` take the lead beyond each bound; none when the winner stays down to 0, or up to 100.
    """

    criterion: str
    weight: Fraction
    low: Fraction
    high: Fraction
    low_by: tuple[BidKey, ...] = ()
    high_by: tuple[BidKey, ...] = ()


@dataclass(frozen=True)
class NoteFlip:
    """The smallest change of one note of a criterion that brings equality; beyond it, `taken_by` is first."""

    criterion: str
    subcriterion: str
    bid: BidKey
    note: Fraction
    change: Fraction
    taken_by: BidKey


@dataclass(frozen=True)
class LevelFlip:
    """One level of one point, moved to its neighbour, that takes the first place from the winner; `points` of the total."""

    bid: BidKey
    point: str
    level: str
    to: str
    points: Fraction


@dataclass(frozen=True)
class PriceFlip:
    """The smallest change of one price, to the smallest unit of money, that puts `taken_by` first."""

    bid: BidKey
    price: Fraction
    to: Fraction
    taken_by: tuple[BidKey, ...]


@dataclass(frozen=True)
class Chances:
    """How often each bid is first, alone, when marks move as said; `tied` when none is alone."""

    winner: Frequency
    tied: Frequency
    others: tuple[tuple[BidKey, Frequency], ...]


@dataclass(frozen=True)
class Strength:
    """How firmly the award of a lot stands."""

    ranked: tuple[BidKey, ...]
    totals: Mapping[BidKey, Fraction]
    removals: tuple[Removal, ...]
    weights: tuple[WeightRange, ...]
    notes: tuple[NoteFlip, ...]
    levels: tuple[LevelFlip, ...]
    fewest: tuple[BidKey, int] | None
    """The bid that needs the fewest of its points raised by one level to be first, and how many."""
    floors: tuple[str, ...]
    """Points of the winner one level above a published floor: one level less proposes an irregularity."""
    prices: tuple[PriceFlip, ...]
    chances: Chances

    @property
    def winner(self) -> BidKey:
        """Return who is first."""
        return self.ranked[0]

    @property
    def gap(self) -> Fraction:
        """Return by how many points the first leads the second."""
        return self.totals[self.ranked[0]] - self.totals[self.ranked[1]]


@dataclass(frozen=True)
class LotNote:
    """What is said of a lot: its strength, or why there is none; and the bids that are out of the ranking."""

    lot: Lot
    strength: Strength | None
    why: Why | None
    excluded: tuple[BidKey, ...] = ()


@dataclass(frozen=True)
class Robustness:
    """The note of a consultation: same evaluation, assumptions and seed, same note."""

    evaluation: Evaluation
    doubt: Doubt
    seed: int
    lots: tuple[LotNote, ...] = field(default_factory=tuple)


def robustness(
    evaluation: Evaluation, doubt: Doubt = Doubt(), seed: int = 0, progress: Progress = silent
) -> Robustness:
    """Return the note of every lot.

    Raises DataError when the assumptions have no meaning, or when the kept ranking is not found again.
    """
    if wrong := faults(doubt):
        raise DataError(message("la note de robustesse n'est pas possible"), tuple(wrong))
    book = Book(evaluation.clausier, evaluation.marks)
    notes = []
    for done, lot in enumerate(evaluation.tender.lots):
        progress(done, len(evaluation.tender.lots))
        out = tuple(sorted(row.key for row in evaluation.lot(lot.id) if row.rank is None))
        made = standing(evaluation, lot, book)
        if isinstance(made, Why):
            notes.append(LotNote(lot, None, made, out))
        else:
            notes.append(LotNote(lot, _strength(made, evaluation.computed, doubt, seed), None, out))
    progress(len(notes), len(notes))
    return Robustness(evaluation, doubt, seed, tuple(notes))


def faults(doubt: Doubt) -> list[Finding]:
    """Return every reason why the assumptions have no meaning."""
    wrong = [
        ("draws", not 1 <= doubt.draws <= MOST_DRAWS, message("Prendre de 1 à {most} tirages.", most=MOST_DRAWS)),
        ("slip", not 0 <= doubt.slip < 1, message("La probabilité d'un écart d'un niveau est de 0 à moins de 1.")),
        ("spread", not 0 <= doubt.spread <= 1, message("L'écart possible d'une note est une part de l'échelle, de 0 à 1.")),
    ]  # fmt: skip
    understood = message("l'incertitude des notes ne peut pas être utilisée")
    return [Finding("robustness.doubt", Severity.ERROR, understood, remedy, place=name) for name, bad, remedy in wrong if bad]  # fmt: skip


def _strength(made: Standing, computed: Computed, doubt: Doubt, seed: int) -> Strength:
    keys = ordered(made, made.totals)
    keys.insert(0, keys.pop(keys.index(made.winner)))  # equal totals are separated by the published rule
    notes = {key: list(note_steps(made, key, computed)) for key in keys}
    levels = {key: list(level_steps(made, key)) for key in keys}
    return Strength(
        tuple(keys),
        made.totals,
        tuple(_removal(made, keys, key) for key in keys),
        tuple(_range(made, keys, criterion) for criterion in made.tender.criteria if criterion.weight != 100),
        _note_flips(made, keys, notes),
        _level_flips(made, keys, levels),
        _fewest(made, keys, levels),
        tuple(step.point for step in levels[made.winner] if step.at_floor),
        tuple(flip for key in keys if (flip := _price_flip(made, key))),
        _chances(made, keys, notes, levels, doubt, seed),
    )


# ---------------------------------------------------------------------------------------------- who was there, what weighs
def _removal(made: Standing, keys: list[BidKey], out: BidKey) -> Removal:
    first = made.without(out)
    expected = keys[1] if out == made.winner else made.winner
    return Removal(out, tuple(sorted(first)), first != {expected})


def _range(made: Standing, keys: list[BidKey], criterion: Criterion) -> WeightRange:
    """Each lead is linear in the weight: where it falls to nothing is a fraction."""
    weight = Fraction(criterion.weight)
    own, totals = {key: made.points[key][criterion.id] for key in keys}, made.totals
    low, high = Fraction(0), Fraction(100)
    low_by: tuple[BidKey, ...] = ()
    high_by: tuple[BidKey, ...] = ()
    for key in keys[1:]:
        here = (own[keys[0]] - own[key]) / weight
        rest = (totals[keys[0]] - totals[key] - here * weight) / (100 - weight)
        if here == rest:
            continue
        bound = 100 * rest / (rest - here)
        if here < rest and bound <= high and bound < 100:
            high, high_by = bound, (*high_by, key) if bound == high else (key,)
        elif here > rest and bound >= low and bound > 0:
            low, low_by = bound, (*low_by, key) if bound == low else (key,)
    return WeightRange(criterion.id, weight, low, high, low_by, high_by)


# ----------------------------------------------------------------------------------------------------------- single marks
def _note_flips(made: Standing, keys: list[BidKey], notes: Mapping[BidKey, list[NoteStep]]) -> tuple[NoteFlip, ...]:
    """Return for each note asked the smallest change that brings equality, of the winner's or of a challenger's."""
    flips = []
    for place, lowered in enumerate(notes[keys[0]]):
        found = []
        change = made.gap(keys[1]) / lowered.unit
        if change <= lowered.note:
            found.append(NoteFlip(lowered.criterion, lowered.subcriterion, keys[0], lowered.note, -change, keys[1]))
        for key in keys[1:]:
            step = notes[key][place]
            change = made.gap(key) / step.unit
            if step.note + change <= step.scale:
                found.append(NoteFlip(step.criterion, step.subcriterion, key, step.note, change, key))
        flips += sorted(found, key=lambda flip: (abs(flip.change), flip.bid))[:1]
    return tuple(flips)


def _level_flips(made: Standing, keys: list[BidKey], levels: Mapping[BidKey, list[LevelStep]]) -> tuple[LevelFlip, ...]:
    """Return every single level whose move to its neighbour makes the winner no longer first alone."""
    flips = [
        LevelFlip(key, step.point, step.level, step.above, step.gain)
        for key in keys[1:]
        for step in levels[key]
        if _takes(made, key, step.criterion, step.gain, made.gap(key))
    ]
    flips += [
        LevelFlip(keys[0], step.point, step.level, step.below, -step.loss)
        for step in levels[keys[0]]
        if _takes(made, keys[0], step.criterion, -step.loss, made.gap(keys[1]))
    ]
    return tuple(sorted(flips, key=lambda flip: (-abs(flip.points), flip.bid, flip.point)))


def _takes(made: Standing, key: BidKey, criterion: str, gain: Fraction, gap: Fraction) -> bool:
    """Whether so many points more, or fewer, change who is first alone."""
    if not gain or abs(gain) < gap:
        return False
    return abs(gain) > gap or moved(made, key, criterion, gain) != made.first


def _fewest(made: Standing, keys: list[BidKey], levels: Mapping[BidKey, list[LevelStep]]) -> tuple[BidKey, int] | None:
    needed = [(count, key) for key in keys[1:] if (count := _raised(made.gap(key), levels[key]))]
    if not needed:
        return None
    count, key = min(needed)
    return key, count


def _raised(gap: Fraction, levels: list[LevelStep]) -> int:
    """Return the fewest points to raise by one level to earn more than a gap, 0 when all are not enough."""
    earned = Fraction(0)
    for count, gain in enumerate(sorted((step.gain for step in levels), reverse=True), 1):
        earned += gain
        if earned > gap:
            return count
    return 0


# ------------------------------------------------------------------------------------------------------------------ prices
def _price_flip(made: Standing, key: BidKey) -> PriceFlip | None:
    """Return the smallest cut that puts a challenger first, or the smallest rise that takes the first place from the winner.

    Under an allowed formula a lower price never costs its bid a place: halving finds the bound, exact to the unit.
    """
    if not made.priced:
        return None
    paid, unit = made.prices[key], _unit(made)
    leads = key == made.winner

    def flipped(units: int) -> bool:
        first = made.at_price(key, paid + units * unit if leads else paid - units * unit)
        return key not in first if leads else first == {key}

    most = _widest(flipped, int(MOST_TIMES * paid / unit)) if leads else int((paid - unit) / unit)
    if most < 1 or not (leads or flipped(most)):
        return None
    least = 0
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if flipped(middle) else (middle, most)
    to = paid + most * unit if leads else paid - most * unit
    return PriceFlip(key, paid, to, tuple(sorted(made.at_price(key, to))))


def _unit(made: Standing) -> Fraction:
    """Return the smallest unit of money of the prices compared: a cent, or less when one is written so."""
    return min(Fraction(1, 100), *(Fraction(1, paid.denominator) for paid in made.prices.values()))


def _widest(flipped: Callable[[int], bool], end: int) -> int:
    """Return a number of units that flips, twice the last that does not; 0 when none does up to about `end`."""
    return next((2**power for power in range(end.bit_length()) if flipped(2**power)), 0)


# -------------------------------------------------------------------------------------------------------------- simulation
def _chances(
    made: Standing,
    keys: list[BidKey],
    notes: Mapping[BidKey, list[NoteStep]],
    levels: Mapping[BidKey, list[LevelStep]],
    doubt: Doubt,
    seed: int,
) -> Chances:
    """Return how often each bid is first when marks move. Each bid has its own stream: their order does not matter."""
    totals = {
        key: _totals(key, float(made.totals[key]), notes[key], levels[key], doubt, seed)
        for key in keys
    }  # fmt: skip
    count = dict.fromkeys(keys, 0)
    tied = 0
    for column in zip(*totals.values(), strict=True):
        best = max(column)
        leaders = [key for key, total in zip(keys, column, strict=True) if best - total < 1e-9]
        if len(leaders) > 1:
            tied += 1
        else:
            count[leaders[0]] += 1
    frequency = {key: Frequency(each, doubt.draws) for key, each in count.items()}
    others = tuple((key, frequency[key]) for key in keys[1:] if count[key])
    return Chances(frequency[keys[0]], Frequency(tied, doubt.draws), others)


def _totals(
    key: BidKey, total: float, notes: list[NoteStep], levels: list[LevelStep], doubt: Doubt, seed: int
) -> list[float]:
    """Return the totals of a bid over the draws. Of many levels few move: the draw leaps from one that moves to the next."""
    chance = stream(seed, "marks", key.lot, key.tenderer, key.variant, key.round).random
    steps = [(float(step.gain), float(step.loss)) for step in levels]
    drawn = [
        (float(step.unit), max(-float(step.note), -reach), 2 * reach, min(float(step.scale - step.note), reach), reach)
        for step in notes
        if (reach := float(doubt.spread) * float(step.scale))
    ]  # fmt: skip
    stride = log(1 - doubt.slip) if doubt.slip else 0.0
    end = len(steps) if stride else 0
    made = []
    for _ in range(doubt.draws):
        points = total
        place = int(log(1 - chance()) / stride) if end else 0
        while place < end:
            gain, loss = steps[place]
            points += gain if chance() < 0.5 else -loss
            place += 1 + int(log(1 - chance()) / stride)
        for unit, least, wide, most, reach in drawn:
            points += unit * min(most, max(least, wide * chance() - reach))
        made.append(points)
    return made
