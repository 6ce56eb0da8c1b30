"""An insurance contract on an estimate: its conditions, what of an event is paid, the default one by size.

Never ceded: fines and ransom (RISK_MODEL 8). A malicious event is paid when the complaint was lodged in time
(`insurance.complaint`, drawn) and no State stands behind it (`insurance.state_attack`), unless the programme itself
says how often it pays.
"""

from dataclasses import dataclass, replace

from egide.diagnosis.maturity import Maturity
from egide.insurance.fit import to_terms
from egide.insurance.programme import Programme
from egide.loss import model as loss
from egide.loss.terms import Policy, Retention, Terms
from egide.risk.draws import Draws
from egide.risk.library import Library
from egide.risk.model import flows, name


@dataclass(frozen=True)
class Condition:
    """A measure that the insurer wants at `least` (0 to 1), what is proven or credited: short of it nothing is paid."""

    measure: str
    least: float


@dataclass(frozen=True)
class Contract:
    """A programme in the words of `egide.insurance`, its conditions, and the default it is (empty: the user's own)."""

    programme: Programme
    conditions: tuple[Condition, ...] = ()
    default: str = ""

    def unmet(self, maturity: Maturity) -> tuple[Condition, ...]:
        """Return the conditions that this maturity does not meet; what is not applicable meets none by itself."""
        return tuple(each for each in self.conditions if maturity.levels[each.measure].low < each.least)

    @property
    def monotone(self) -> bool:
        """Return whether a smaller loss is never kept in larger part: false with a franchise that disappears."""
        return not self.programme.retention.franchise


def default_contract(library: Library, revenue: float) -> Contract:
    """Return the programme that establishments of that revenue have on average; no hospital is in that sample."""
    of = library.programme_of(revenue)
    retention, limit, waiting = (
        float(library[f"programme.{of.id}.{key}"].value) for key in ("retention", "limit", "waiting")
    )
    programme = Programme(
        of.id, retention=Retention(flat=retention), event_limit=limit, annual_limit=limit, waiting_hours=waiting
    )
    return Contract(programme, default=of.id)


def terms(contract: Contract, model: loss.Model, draws: Draws) -> Terms:
    """Return the terms of the contract, one policy for each draw. Raises Unfit when it does not fit the model."""
    programme, kinds = contract.programme, flows(draws.library)
    programme = replace(
        programme,
        excluded_scenarios=frozenset(
            flow for flow, scenario in kinds.items() if {flow, scenario} & programme.excluded_scenarios
        )
        | programme.excluded_scenarios,
        paid_by_scenario={
            flow: programme.paid_by_scenario[scenario]
            for flow, scenario in kinds.items()
            if scenario in programme.paid_by_scenario
        }
        | dict(programme.paid_by_scenario),
    )
    policy = to_terms((programme,), model).policies[0]
    complaint = draws["insurance.complaint"].tolist()
    state = draws["insurance.state_attack"].tolist()
    return Terms(
        tuple(
            _of_draw(policy, programme, kinds, draws.library, j, complaint[j], 1.0 - state[j])
            for j in range(draws.count)
        )
    )


def _of_draw(
    policy: Policy,
    programme: Programme,
    kinds: dict[str, str],
    library: Library,
    draw: int,
    complaint: float,
    no_state: float,
) -> Policy:
    told = programme.paid < 1
    paid = {}
    for flow, scenario in kinds.items():
        chance = programme.paid_by_scenario.get(flow, programme.paid)
        if library.scenario_by_id[scenario].malicious:
            chance *= no_state * (1.0 if told or flow in programme.paid_by_scenario else complaint)
        if chance < 1:
            paid[flow] = chance
    return replace(policy, name=name(draw), members=(name(draw),), paid=paid)
