"""What the pictures of an estimate show, taken from its figures: nothing is decided here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from egide.diagnosis.cartography import SharedSupplier
from egide.message import Message, message
from egide.report.papers.typography import Setter
from egide.report.pictures.amounts import within
from egide.report.pictures.exceedance import Exceedance, Line, Reading, exceedance_curve
from egide.report.pictures.intervals import Intervals, Quantity, interval_bars
from egide.report.pictures.picture import NARROW, Picture, listed
from egide.report.risk_figures import Event, Figures, Gain, Safeguard, Unknown, Year
from egide.report.risk_words import Words
from egide.risk.interval import Interval

EVENTS, GAINS, UNKNOWN = 8, 6, 8
"""Bars of each picture: the rest weighs little and stands in the tables of the page."""
NINE = message("Barre : la moyenne. Trait : neuf fois sur dix, la vraie moyenne est entre ses deux bouts.")


def loss_curve(shown: Figures, words: Words, key: str, width: int = NARROW) -> Picture:
    """Return what a year costs by its rarity, with its interval, before insurance and after it."""
    gross = Line(words.say(message("Perte")), tuple(_reading(year, year.gross) for year in shown.curve))
    kept = tuple(_reading(year, year.retained) for year in shown.curve if year.retained is not None)
    lines = (gross, Line(words.say(message("Conservée")), kept)) if kept else (gross,)
    return exceedance_curve(Exceedance(shown.subject, lines, figures=shown.figures), words.set, key, width)


def _reading(year: Year, of: Interval) -> Reading:
    return Reading(1 / year.years, of.value, 0.0, (of.low, of.high))


def event_bars(shown: Figures, words: Words, key: str, width: int = NARROW) -> Picture:
    """Return the kinds of event that cost most in a year, the first eight."""
    title = message("Ce qui coûterait le plus, par an – {subject}", subject=shown.subject)
    head = (message("Événement"), message("Coût moyen par an"), message("Part du total"), message("Fréquence"))  # fmt: skip
    first = sorted(shown.events, key=lambda each: (-each.mean.value, each.code))[:EVENTS]

    def cells(each: Event) -> tuple[str, ...]:
        return (_short(words, each.mean), words.percent(each.share, 2), words.every(each.every))

    made = [_of_euros(words, words.say(each.title), each.mean, cells(each)) for each in first]
    return _bars(words, title, head, made, NINE, (key, width))


def gain_bars(shown: Figures, words: Words, key: str, width: int = NARROW) -> Picture:
    """Return what bringing each measure to its best would spare, the first six."""
    title = message("Ce qui aiderait le plus, par an – {subject}", subject=shown.subject)
    head = (message("Mesure portée au meilleur niveau"), message("Coût évité par an"), message("Journées de soins évitées par an"), message("Niveau actuel"))  # fmt: skip

    def cells(each: Gain) -> tuple[str, ...]:
        return (_short(words, each.euros), words.number(each.care), words.percent(each.level, 2))

    made = [_of_euros(words, words.say(each.title), each.euros, cells(each)) for each in shown.gains[:GAINS]]
    return _bars(words, title, head, made, NINE, (key, width))


def safeguard_bars(shown: Figures, words: Words, key: str, width: int = NARROW) -> Picture:
    """Return the level of each measure, and up to where its blanks may bring it."""
    title = message("Niveau des mesures de protection – {subject}", subject=shown.subject)
    head = (message("Mesure"), message("Niveau retenu"), message("Si tout ce qui manque était au mieux"), message("Renseigné"))  # fmt: skip

    def bar(each: Safeguard) -> Quantity:
        texts = (words.percent(each.level, 2), words.percent(each.high, 2), words.percent(each.completeness, 2))
        return Quantity(words.say(each.title), each.level, each.level, max(each.high, each.level), texts[0], texts)

    made = [bar(each) for each in shown.safeguards]
    average = words.say(message("hôpital moyen [A]"))
    note = message("Barre : le niveau retenu. Trait : jusqu’où iraient les réponses qui manquent ; une réponse vide compte pour rien.")  # fmt: skip
    return _bars(words, title, head, made, note, (key, width), full=1.0, mark=(shown.reference, average))


def unknown_bars(shown: Figures, words: Words, key: str, width: int = NARROW) -> Picture:
    """Return what is not known that makes most of the interval, the first eight."""
    title = message("Ce que l’on ne sait pas, et ce que cela pèse – {subject}", subject=shown.subject)
    head = (message("Ce que l’on ne sait pas"), message("Part de l’incertitude sur la moyenne"))

    def bar(each: Unknown) -> Quantity:
        share = f"{words.percent(each.share, 2)}{words.mark(each.grade)}"
        return Quantity(words.say(each.title), each.share, each.share, each.share, share, (share,))

    made = [bar(each) for each in shown.unknown[:UNKNOWN]]
    note = message("[A] : hypothèse d’Égide, que l’on peut changer. [M] : de mémoire, à vérifier.")
    return _bars(words, title, head, made, note, (key, width))


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group: its mean year, one year in a hundred, its days of care, and how much of it is known.

    `changed` counts the assumptions that it set otherwise; `stale` says that what it was made from changed since.
    """

    name: str
    rough: bool
    mean: Interval
    rare: Interval
    care: Interval
    completeness: float
    on: date
    changed: int = 0
    stale: bool = False

    def words(self, setter: Setter) -> Words:
        """Return the words of its figures."""
        return Words(setter, 1 if self.rough else 2)


@dataclass(frozen=True, slots=True)
class Fall:
    """A supplier that members share, and what its fall costs them together on average, None where it is not known."""

    supplier: SharedSupplier
    cost: Interval | None


def member_dots(members: Sequence[Member], subject: str, setter: Setter, key: str, width: int = NARROW) -> Picture:
    """Return the mean year of the members of a group, on a scale where each line is worth ten times the one before."""
    title = message("Perte moyenne par an de chaque membre – {subject}", subject=subject)
    head = (message("Membre"), message("Perte moyenne par an"))
    made = [
        _of_euros(each.words(setter), each.name, each.mean, (each.words(setter).amount(each.mean),)) for each in members
    ]
    note = message("Point : la moyenne. Trait : neuf fois sur dix, la vraie moyenne est entre ses deux bouts. À longueur égale, les montants sont multipliés et non ajoutés : ainsi les petits membres se voient.")  # fmt: skip
    return _bars(Words(setter), title, head, made, note, (key, width), spread=True)


def _short(words: Words, of: Interval) -> str:
    return within(words.set, of.value, (of.low, of.high), figures=words.figures)


def _of_euros(words: Words, name: str, of: Interval, cells: tuple[str, ...]) -> Quantity:
    return Quantity(name, of.value, of.low, of.high, _short(words, of), cells)


def _bars(
    words: Words, title: Message, head: tuple[Message, ...], made: Sequence[Quantity], note: Message, place: tuple[str, int],
    full: float = 0.0, mark: tuple[float, str] | None = None, *, spread: bool = False,
) -> Picture:  # fmt: skip
    key, width = place
    named = words.say(title)
    of_each = listed(words.set, (f"{each.name}, {each.said}" for each in made))
    said = words.say(message("{title}. {of_each}.", title=named, of_each=of_each))
    data = Intervals(named, said, tuple(map(words.say, head)), tuple(made), words.say(note), full, mark, spread)
    return interval_bars(data, words.set, key, width)
