"""The pictures of a diagnosis, from its values: the level of each measure, and how it is known."""

from egide.diagnosis.filled import Score
from egide.diagnosis.questionnaire import DEVICE
from egide.family import FAMILIES, MEASURE_BY_CODE, MEASURES
from egide.message import Message, Text, message
from egide.report.diagnosis_view import Diagnosis
from egide.report.papers.typography import Setter
from egide.report.pictures.colours import FULL, HIGH, LOW, Shade
from egide.report.pictures.stacked import Bar, Kind, Stacked

PROVEN = message("prouvé : preuve vue")
DECLARED = message("déclaré, compté pour une part")
OPEN = message("sans réponse : au mieux, s'y ajouterait")
KINDS: tuple[tuple[str, Message, Shade], ...] = (("P", PROVEN, FULL), ("D", DECLARED, HIGH), ("?", OPEN, LOW))
ANSWERS: tuple[tuple[str, Message, Shade], ...] = (
    ("P", message("répondu, preuve vue"), FULL),
    ("D", message("répondu, sans preuve vue"), HIGH),
    ("?", message("sans réponse"), LOW),
)


def _kinds(setter: Setter, of: tuple[tuple[str, Message, Shade], ...]) -> tuple[Kind, ...]:
    return tuple(Kind(sign, setter.say(name), shade) for sign, name, shade in of)


def levels(made: Diagnosis, setter: Setter) -> Stacked:
    """Return the level of each measure that is asked, in the parts that make it, beside the average hospital."""
    found = made.maturity.at(made.reference)
    best = made.maturity.at_best().at(made.reference)
    bars = []
    for each in MEASURES:
        score = made.reading.measures.get(each.code)
        if score is not None:
            bars.append(_level(setter, setter.say(each.title), found[each.code], best[each.code], score))
    return Stacked(
        setter.say(message("Niveau de chaque mesure, de 0 (rien) à 100 % (tout, prouvé)")),
        setter.say(message("Mesure")),
        setter.say(message("Niveau retenu")),
        _kinds(setter, KINDS),
        tuple(bars),
        (made.reference, setter.say(message("hôpital moyen (hypothèse)"))),
    )


def _level(setter: Setter, name: str, level: float, best: float, score: Score) -> Bar:
    high = score.level.low if score.level.high is None else score.level.high
    proven = min(level, high * score.share_proven)
    return Bar(name, (proven, level - proven, max(best - level, 0.0)), _percent(setter, level))


def _percent(setter: Setter, share: float) -> str:
    return setter.say(message("{value} %", value=f"{100 * share:.0f}"))


def answered(made: Diagnosis, setter: Setter) -> Stacked:
    """Return, by family, how much of what was asked is answered, and proven."""
    bars = []
    for code, title in titles().items():
        score = made.reading.families.get(code)
        if score is not None and score.asked:
            parts = (score.proven, score.answered - score.proven, score.asked - score.answered)
            end = setter.say(message("{answered} sur {asked}", answered=score.answered, asked=score.asked))
            bars.append(Bar(setter.say(title), tuple(each / score.asked for each in parts), end))
    return Stacked(
        setter.say(message("Questions posées, répondues et prouvées, par famille")),
        setter.say(message("Famille")),
        setter.say(message("Questions répondues")),
        _kinds(setter, ANSWERS),
        tuple(bars),
    )


def titles() -> dict[str, Text]:
    """Return the titles under which the answers are read, in order: the families, then the device estate."""
    return {**{each.code: each.title for each in FAMILIES}, DEVICE: MEASURE_BY_CODE[DEVICE].title}
