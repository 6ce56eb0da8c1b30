"""A diagnosis as tables on a terminal."""

from decimal import Decimal
from typing import TYPE_CHECKING

from egide.cli import console
from egide.cli.loss_tables import Figures
from egide.diagnosis.cartography import Cartography
from egide.diagnosis.comparison import Cell, Comparison
from egide.diagnosis.filled import State
from egide.family import MEASURE_BY_CODE, MEASURES
from egide.message import message
from egide.report.diagnosis_view import Written
from egide.report.pictures import of_diagnosis

if TYPE_CHECKING:
    from egide.desk.diagnosis import Made

NOTHING = "—"
MOST = 90


def told(made: "Made", *, proofs: bool) -> None:
    """Print a diagnosis: what is known, the measures, the six first, the blanks that matter most."""
    figures, shown, reading = Figures(), made.shown, made.shown.reading
    write = Written(figures.set, shown.cost)
    said = message("{name} · {questionnaire} · {day}", name=made.filled.name or NOTHING, questionnaire=made.questionnaire.title, day=shown.on)  # fmt: skip
    console.tell(figures.say(said))
    said = message("{answered} questions répondues sur {asked} ({share}), {proven} avec preuve vue", answered=reading.answered_count, asked=reading.asked_count, share=write.percent(reading.completeness), proven=reading.proven_count)  # fmt: skip
    console.tell(figures.say(said))
    _measures(figures, made, write)
    _families(figures, made, write)
    _first(figures, made, write)
    rows = [
        [f"{each.question.id} {write.cut(figures.say(each.question.text), MOST)}", write.euros(each.weight) if shown.cost else ""]
        for each in shown.matters
    ]  # fmt: skip
    if rows:
        console.tell("")
        console.tell(figures.say(message("Les réponses qui manquent le plus :")))
        for text, worth in rows:
            console.tell(f"  {text}{f' ({worth})' if worth else ''}")
    if proofs:
        _proofs(figures, made, write)
    if shown.cost:
        _cost(figures, made, write)


def _measures(figures: Figures, made: "Made", write: Written) -> None:
    shown = made.shown
    levels, best = shown.maturity.at(shown.reference), shown.maturity.at_best().at(shown.reference)
    rows = []
    for each in MEASURES:
        score = shown.reading.measures.get(each.code)
        asked = score is not None
        rows.append(
            [
                figures.say(each.title),
                write.percent(levels[each.code]) if asked else NOTHING,
                write.percent(best[each.code]) if asked else NOTHING,
                write.percent(shown.maturity.completeness[each.code]) if asked else NOTHING,
                f"{score.proven}/{score.asked}" if score else NOTHING,
            ]
        )
    head = [message("Mesure"), message("Niveau"), message("Au mieux"), message("Répondu"), message("Prouvé")]
    figures.show(head, rows)


def _families(figures: Figures, made: "Made", write: Written) -> None:
    """Print the families as they were answered, before proofs are weighed."""
    level = made.shown.reference
    rows = [
        [figures.say(title), write.percent(its.level.at(level)), write.percent(its.best.at(level)), f"{its.answered}/{its.asked}", f"{its.proven}/{its.asked}"]
        for code, title in of_diagnosis.titles().items()
        if (its := made.shown.reading.families.get(code)) is not None
    ]  # fmt: skip
    head = [message("Famille"), message("Niveau déclaré"), message("Au mieux"), message("Répondu"), message("Prouvé")]
    figures.show(head, rows)


def _first(figures: Figures, made: "Made", write: Written) -> None:
    console.tell("")
    console.tell(figures.say(message("Six mesures à prendre d'abord :")))
    for number, each in enumerate(made.shown.priorities.first, 1):
        title = figures.say(MEASURE_BY_CODE[each.advice.measure].title)
        cost = made.shown.cost
        worth = f" ({write.interval(cost.worth[each.advice.measure])})" if cost else ""
        console.tell(f"  {number}. {title}, {write.percent(each.level)}{worth}")
        console.tell(f"     {figures.say(each.advice.why)}")
        for one in each.advice.how[:2]:
            console.tell(f"     - {figures.say(one)}")


def _proofs(figures: Figures, made: "Made", write: Written) -> None:
    console.tell("")
    console.tell(figures.say(message("Preuves à montrer :")))
    for each in made.shown.reading.asked:
        if each.state is State.ANSWERED and not each.proven and each.question.counts:
            for proof in each.question.proofs[:2]:
                console.tell(f"  {each.question.id} {write.cut(figures.say(proof), MOST)}")


def _cost(figures: Figures, made: "Made", write: Written) -> None:
    cost = made.shown.cost
    if cost is None:
        return
    rows = [
        [figures.say(message("Perte attendue d'une année, telle que répondue")), write.interval(cost.now)],
        [figures.say(message("si tout ce qui est sans réponse était au mieux")), write.interval(cost.best)],
        [figures.say(message("avec la maturité de l'hôpital moyen")), write.interval(cost.average)],
    ]
    console.tell("")
    for label, value in rows:
        console.tell(f"{label} : {value}" if figures.language == "fr" else f"{label}: {value}")
    said = message("Moyennes et intervalles à 90 % d'un modèle dont la plupart des paramètres sont des hypothèses (egide risk parameters).")  # fmt: skip
    console.tell(figures.say(said))


def compared(found: Comparison) -> None:
    """Print diagnoses side by side, measure by measure."""
    figures = Figures()

    def cell(each: Cell | None) -> str:
        if each is None:
            return NOTHING
        level = figures.percent(each.level, 0)
        return level if each.completeness >= 1 else f"{level} ({figures.percent(each.completeness, 0)})"

    head = [message("Mesure"), *(message("{name} {day}", name=each.name[:24], day=each.on) for each in found.columns)]
    rows = [[figures.say(row.title), *map(cell, row.cells)] for row in found.measures]
    if len(found.columns) == 2:
        head.append(message("Écart"))
        for row, its in zip(rows, found.measures, strict=True):
            before, after = its.cells
            row.append(_points(figures, after.level - before.level) if before and after else NOTHING)
    figures.show(head, rows)
    console.tell(figures.say(message("Entre parenthèses : la part répondue quand elle n'est pas entière.")))


def _points(figures: Figures, difference: float) -> str:
    number = figures.set.number(Decimal(format(100 * difference, ".4f")), 0)
    return number if difference < 0 or number == "0" else f"+{number}"


def mapped(found: Cartography) -> None:
    """Print what a map holds."""
    figures = Figures()
    rows = [
        [each.name, each.supplier or NOTHING, _hours(figures, each.recovery_time_hours), _hours(figures, each.data_loss_hours), _hours(figures, each.restored_in_hours)]
        for each in found.applications
    ]  # fmt: skip
    head = [message("Application"), message("Fournisseur"), message("Arrêt accepté"), message("Perte acceptée"), message("Restaurée en")]  # fmt: skip
    figures.show(head, rows, words=2)
    rows = [[each.name, str(each.count), *(NOTHING if one is None else str(one) for one in (each.unsupported, each.networked, each.segmented))] for each in found.devices]  # fmt: skip
    head = [message("Appareils"), message("Nombre"), message("Sans support"), message("En réseau"), message("À part")]
    figures.show(head, rows)
    said = message("{applications} application(s), {suppliers} fournisseur(s), {devices} classe(s) d'appareils", applications=len(found.applications), suppliers=len(found.suppliers), devices=len(found.devices))  # fmt: skip
    console.tell("")
    console.tell(figures.say(said))


def _hours(figures: Figures, hours: Decimal | None) -> str:
    if hours is None:
        return NOTHING
    return figures.say(message("{hours} h", hours=figures.set.number(hours, None)))
