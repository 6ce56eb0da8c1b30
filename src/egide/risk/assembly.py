"""Putting the files of the library together, and refusing what cannot be true or is not complete."""

from collections.abc import Iterable, Mapping
from itertools import chain
from types import MappingProxyType

from egide.errors import DataError
from egide.family import MEASURE_BY_CODE
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.risk.library import CHANNELS, Block, Library, Scenario, Side
from egide.risk.order import order_faults
from egide.risk.parameter import Grade, Parameter

OF_CATEGORY = ("count", "revenue", "activity_share", "beds", "places", "persons")
OF_SCENARIO = ("declared", "days", "days_sd", "lost", "own", "own_sd", "leak", "records")
OF_PROGRAMME = ("retention", "limit", "waiting")
ASSUMPTIONS = (
    "national.declared",
    "national.ransomware",
    "national.ransomware_supplier",
    "national.hospital_share",
    "national.hospital_share_severe",
    "national.hospital_share_remote",
    "declaration.severe",
    "declaration.minor",
    "reference.revenue",
    "size.malicious",
    "size.accidental",
    "private.malicious",
    "private.severe_seen",
    "social.rate",
    "frequency.shape",
    "severity.sd_factor",
    "severity.days_cut",
    "severity.recovery",
    "severity.catch_up",
    "severity.unspent",
    "size.cost",
    "size.days",
    "practice.lost_factor",
    "leak.notification",
    "claim.probability",
    "claim.amount",
    "claim.sd",
    "fine.probability",
    "fine.amount",
    "fine.sd",
    "maturity.reference",
    "effect.shrinkage",
    "effect.cap",
    "effect.concavity",
    "effect.threshold",
    "care.occupancy",
    "care.diverted",
    "care.endangerment",
)


def assembled(blocks: Mapping[str, Block]) -> Library:
    """Return the library that the blocks make, by the name of their file. Raises DataError with every fault."""
    parameters, found, notes = _parameters(blocks)
    library = Library(
        tuple(chain.from_iterable(each.categories for each in blocks.values())),
        tuple(chain.from_iterable(each.scenarios for each in blocks.values())),
        tuple(chain.from_iterable(each.effects for each in blocks.values())),
        tuple(chain.from_iterable(each.programmes for each in blocks.values())),
        MappingProxyType(parameters),
        notes=tuple(notes),
    )
    found += _structure_faults(library)
    if not found:
        found += order_faults(library.scenarios, library.parameters, "scenarios.yaml")
    if found:
        raise DataError(message("la bibliothèque de risque ne peut pas être utilisée"), tuple(found))
    return library


def _parameters(blocks: Mapping[str, Block]) -> tuple[dict[str, Parameter], list[Finding], list[Finding]]:
    """Return the parameters by id; of two sources that agree the better evidence, of two that do not a fault."""
    known: dict[str, Parameter] = {}
    found: list[Finding] = []
    notes: list[Finding] = []
    for file, block in blocks.items():
        for each in block.parameters:
            found += each.faults(file, each.id)
            other = known.get(each.id)
            if other is None:
                known[each.id] = each
            elif not each.meets(other):
                understood = message("Deux sources se contredisent sur « {id} » : {one} ({first}), {other} ({second}).", id=each.id, one=other.written, first=other.source, other=each.written, second=each.source)  # fmt: skip
                remedy = message("Garder une seule source, ou élargir l'intervalle et dire pourquoi.")
                found.append(_fault("risk.contradiction", understood, remedy, each.written, file, each.id))
            else:
                best = min(other, each, key=lambda one: list(Grade).index(one.grade))
                known[each.id] = best
                understood = message("Deux sources donnent « {id} » et se rejoignent ; la mieux établie est prise : {source}.", id=each.id, source=best.source)  # fmt: skip
                remedy = message("Rien à faire ; garder une seule source serait plus clair.")
                notes.append(Finding("risk.two_sources", Severity.NOTE, understood, remedy, file, each.id))
    return known, found, notes


def _structure_faults(library: Library) -> list[Finding]:
    needed = chain(
        ASSUMPTIONS,
        (f"category.{each.id}.{name}" for each in library.categories for name in OF_CATEGORY),
        (f"{each.id}.{name}" for each in library.scenarios for name in OF_SCENARIO),
        (each.parameter for each in library.effects),
        (act.weight for each in library.effects for act in each.acts if act.weight),
        (f"programme.{each.id}.{name}" for each in library.programmes for name in OF_PROGRAMME),
    )
    missing = [name for name in dict.fromkeys(needed) if name not in library.parameters]
    remedy = message("Compléter la bibliothèque.")
    found = [_fault("risk.missing", message("Paramètre absent."), remedy, name, "", name) for name in missing]
    scenarios = {each.id for each in library.scenarios}
    for effect in library.effects:
        strange = [
            *(name for act in effect.acts for name in act.scenarios if name not in scenarios),
            *(act.channel for act in effect.acts if act.channel not in CHANNELS),
            *([effect.measure] if effect.measure not in MEASURE_BY_CODE else []),
        ]
        said = message("L'effet « {id} » porte sur ce qui n'existe pas.", id=effect.id)
        found += [_fault("risk.effect", said, remedy, name, "effects.yaml", effect.id) for name in strange]
    found += [each for scenario in library.scenarios for each in _acted_on(scenario, library)]
    return found


def _acted_on(scenario: Scenario, library: Library) -> Iterable[Finding]:
    """Return what is not the same in the families of a scenario and in the effects that act on it."""
    acting = {each.measure for each in library.effects for act in each.acts if scenario.id in act.scenarios}
    remedy = message("Écrire un effet pour cette mesure, ou la retirer du scénario.")
    for measure in sorted(acting ^ set(scenario.families)):
        said = message("Le scénario « {id} » et les effets ne disent pas la même chose de cette mesure.", id=scenario.id)  # fmt: skip
        yield _fault("risk.family", said, remedy, measure, "scenarios.yaml", scenario.id)
    if scenario.spread is None:
        return
    if scenario.spread.to not in library.scenario_by_id:
        said = message("Le scénario « {id} » se reporte sur un scénario inconnu.", id=scenario.id)
        yield _fault("risk.spread", said, remedy, scenario.spread.to, "scenarios.yaml", scenario.id)
    stopping = {
        each.measure
        for each in library.effects
        for act in each.acts
        if scenario.id in act.scenarios and act.channel == "F" and act.side is Side.HOSPITAL
    }
    for measure in sorted(set(scenario.spread.measures) - stopping):
        said = message("Le scénario « {id} » se reporte par une mesure qui ne l'arrête pas.", id=scenario.id)
        yield _fault("risk.spread", said, remedy, measure, "scenarios.yaml", scenario.id)


def _fault(code: str, understood: Message, remedy: Message, read: str, file: str, place: str) -> Finding:
    return Finding(code, Severity.ERROR, understood, remedy, file, place, read=read)
