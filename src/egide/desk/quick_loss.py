"""A study answered while a page loads: fewer years than the command line takes, on one seed for all that is compared."""

from collections.abc import Sequence

from egide.desk.loss import finite, too_many_at_once
from egide.insurance.fit import to_terms
from egide.insurance.programme import Programme
from egide.loss import simulation
from egide.loss.faults import fault, refuse
from egide.loss.model import Model
from egide.loss.moments import infinite_means
from egide.loss.simulation import Simulation
from egide.loss.terms import Terms
from egide.message import message

SEED = 1
MOST_YEARS, FEWEST_YEARS = 150_000, 2_000
LOAD, MOST_LOAD = 800_000, 12_000_000
"""Events of three heads that a page simulates, and those that the fewest years of a large model may need."""
THOUSAND = 1_000
HEADS, KIND, RISK = 3, 0.2, 0.5
"""Heads of a plain event; what a scenario and a risk weigh in a year beside their events, in events."""


def years_for(model: Model) -> int:
    """Return how many years of a model a page simulates. Raises Unfit when even the fewest are too heavy for a page."""
    refuse(too_many_at_once(model))
    load = _load(model)
    refuse(
        [
            fault(
                "loss.heavy",
                "frequency",
                f"{load:.3g}",
                message("Cette étude est trop lourde pour être chiffrée pendant qu’une page s’affiche."),
                message(
                    "Vérifier les fréquences (en événements par an), ou chiffrer l’étude par la ligne de commande."
                ),
            )
        ]
        if load * FEWEST_YEARS > MOST_LOAD
        else []
    )
    years = int(min(MOST_YEARS, max(FEWEST_YEARS, LOAD / load if load else MOST_YEARS)))
    return years // THOUSAND * THOUSAND


def _load(model: Model) -> float:
    """Return what a year of a model weighs, in events."""
    kinds = [(each.frequency.mean, len(each.heads)) for risk in model.risks for each in risk.scenarios]
    kinds += [(shock.frequency.mean, len(hit.heads)) for shock in model.shocks for hit in shock.hits]
    return sum(mean * max(1.0, heads / HEADS) + KIND for mean, heads in kinds) + RISK * (len(model.risks) - 1)


def answered(model: Model, programmes: Sequence[Programme] = (), *, detail: bool = False) -> Simulation:
    """Return the simulated years of a model under programmes; same inputs, same digits.

    Whatever the programmes, the events are the same: two answers differ by what the programmes change alone. `detail` adds who
    weighs what. Call it once `ready`: a first call compiles. Raises DataError for what has no meaning: a programme that does
    not fit the model, an infinite mean, a figure that overflows, a model too heavy for a page.
    """
    refuse(infinite_means(model))
    terms = to_terms(programmes, model) if programmes else Terms()
    made = simulation.simulate(model, terms, years=years_for(model), seed=SEED, detail=detail)
    curves = {"gross": made.gross, "retained": made.retained, "ceded": made.ceded}
    finite({name: {"mean": curve.mean.value, "sd": curve.sd.value} for name, curve in curves.items()})
    return made


def ready() -> bool:
    """Whether an answer comes at once in this process."""
    return simulation.ready()


def warm() -> None:
    """Make answers come at once in this process: some seconds, to be spent in a thread of its own."""
    simulation.warm()
