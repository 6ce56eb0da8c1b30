"""A bid priced by the published schedule, and what is wrong with a schedule before it is published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import PriceLine, Tender
from egide.tender.schedule import Period, Schedule, ScheduleLine, to_cent


@dataclass(frozen=True)
class Priced:
    """A bid in the order of the schedule; `missing` names the lines without a unit price, optional ones left out.

    `total` adds the lines that are not optional; it is to be compared only when nothing is missing.
    """

    total: Decimal
    lines: tuple[PriceLine, ...]
    options: tuple[PriceLine, ...]
    missing: tuple[str, ...] = ()


def priced(schedule: Schedule, lot: str, unit_prices: Mapping[str, Decimal]) -> Priced:
    """Return the lines, options and total of one bid for `lot` from its unit prices, excluding tax, by identifier.

    Each amount is unit price x published quantity x number of payments, rounded to the cent, half up. Prices of lines
    that the lot has not are left out.
    """
    asked = schedule.of_lot(lot)
    made = {
        line.id: PriceLine(line.title, schedule.amount(line, unit_prices[line.id]), line.id, unit_prices[line.id], line.quantity)
        for line in asked
        if line.id in unit_prices
    }  # fmt: skip
    lines = tuple(made[line.id] for line in asked if not line.optional and line.id in made)
    options = tuple(made[line.id] for line in asked if line.optional and line.id in made)
    missing = tuple(line.id for line in asked if not line.optional and line.id not in made)
    return Priced(added(lines), lines, options, missing)


def added(lines: tuple[PriceLine, ...]) -> Decimal:
    """Return the sum of the amounts of lines, exact, to the cent."""
    return to_cent(sum((Fraction(line.amount) for line in lines), Fraction(0)))


# ------------------------------------------------------------------------------------------------- before publication
def faults(tender: Tender) -> Iterator[Finding]:
    """Yield what is wrong with the schedule of a tender; nothing when it has none."""
    schedule = tender.schedule
    if not schedule.lines:
        return
    identifiers = [line.id for line in schedule.lines]
    for twice in sorted({each for each in identifiers if identifiers.count(each) > 1}):
        yield _fault(
            "schedule_twice", twice, message("deux lignes du cadre de prix portent le même identifiant"),
            message("Donner à chaque ligne un identifiant qui lui soit propre."), twice,
        )  # fmt: skip
    lots = {lot.id for lot in tender.lots}
    for line in schedule.lines:
        yield from _line_faults(schedule, line, lots)
    for lot in tender.lots:
        asked = schedule.of_lot(lot.id)
        if not [line for line in asked if not line.optional]:
            yield _fault(
                "schedule_lot", "", message("le lot « {lot} » n'a aucune ligne à chiffrer hors options", lot=lot.id),
                message("Ajouter au moins une ligne pour ce lot : sans elle, ses offres n'ont pas de prix à comparer."), lot.id,
            )  # fmt: skip


def _line_faults(schedule: Schedule, line: ScheduleLine, lots: set[str]) -> Iterator[Finding]:
    if not line.id.strip() or not line.title.strip():
        yield _fault(
            "schedule_unnamed", line.id, message("une ligne du cadre de prix n'a pas d'identifiant ou pas d'intitulé"),
            message("Écrire id et title : ils sont dans le cadre que remplissent les soumissionnaires."),
        )  # fmt: skip
    if line.quantity <= 0:
        yield _fault(
            "schedule_quantity", line.id, message("la quantité {quantity} ne permet pas de comparer des prix", quantity=line.quantity),
            message("Donner la quantité estimée, supérieure à zéro, ou retirer la ligne."), str(line.quantity),
        )  # fmt: skip
    if line.period is not Period.ONCE and schedule.duration(line) <= 0:
        yield _fault(
            "schedule_duration", line.id, message("la ligne se paie par mois ou par an, mais aucune durée n'est donnée"),
            message("Écrire schedule.months, ou months sur la ligne : le total se calcule sur cette durée."),
        )  # fmt: skip
    for lot in line.lots:
        if lot not in lots:
            yield _fault(
                "lot_unknown", line.id, message("lot inconnu"), message("Prendre un lot de la liste lots."), lot
            )


def _fault(code: str, line: str, understood: Message, remedy: Message, read: str = "") -> Finding:
    place = f"schedule.lines.{line}" if line else "schedule.lines"
    return Finding(f"tender.{code}", Severity.ERROR, understood, remedy, "tender.yaml", place, read=read)
