"""An insurance programme in the words of the field, checked when it is made.

Glossary, code word: French word. Programme: programme d'assurance · retention: franchise · disappearing franchise
(`franchise`): franchise simple, ou franchise atteinte · waiting period: franchise en heures (délai de carence) ·
indemnity period: période d'indemnisation · coinsurance: quote-part de l'assuré · sub-limit: sous-limite · event limit:
plafond par sinistre · annual limit: plafond annuel · annual retention: franchise annuelle · reinstatement:
reconstitution de garantie · layer, tower: tranche (ligne), tour de tranches · attachment: point d'attachement ·
insurers' shares: répartition entre coassureurs · group policy: police de groupe.

Amounts in the currency of the loss model. `inf` means that there is no limit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum, inf, isfinite

from egide.finding import Finding
from egide.insurance import remarks
from egide.loss.faults import LIMIT, NOT_NEGATIVE, SHARE, broken, fault, refuse
from egide.loss.terms import Retention
from egide.message import message

AMOUNT = replace(NOT_NEGATIVE, code="insurance.negative")
CAP = replace(LIMIT, code="insurance.limit")
PART = replace(SHARE, code="insurance.not_a_share")
ROUNDING = 1e-9
"""Relative difference below which two amounts written by a person are the same."""


@dataclass(frozen=True)
class Cover:
    """Cover of one head: part kept by the insured (0 to 1), sub-limit per member and event, or no cover at all."""

    coinsurance: float = 0.0
    sublimit: float = inf
    excluded: bool = False

    def __post_init__(self) -> None:
        refuse(broken({"coinsurance": (self.coinsurance, PART), "sublimit": (self.sublimit, CAP)}))


@dataclass(frozen=True)
class Layer:
    """A layer of the tower: `limit` above `attachment`, both counted per event above the retention.

    For a year: the sum of what it owes for each event, less `annual_retention`, capped by `annual_limit` and by
    (reinstatements + 1) x limit; `reinstatements` None: without bound on their number. All these are amounts of the
    whole layer (100 %), of which each of the `insurers` carries a share; what is not placed stays with the insured.
    No insurer named: the layer is wholly placed.
    """

    name: str
    attachment: float = 0.0
    limit: float = inf
    annual_limit: float = inf
    annual_retention: float = 0.0
    reinstatements: int | None = None
    insurers: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse(
            [
                *broken({"attachment": (self.attachment, AMOUNT), "limit": (self.limit, CAP)}),
                *_year_faults(self.limit, "limit", self.annual_limit, self.annual_retention, self.reinstatements),
                *_insurers_faults(self.insurers),
            ]
        )

    @property
    def share(self) -> float:
        """Return the part of the layer that is placed, 0 to 1."""
        return min(fsum(self.insurers.values()), 1.0) if self.insurers else 1.0

    @property
    def year(self) -> float:
        """Return the most that the whole layer pays for a year."""
        return min(self.annual_limit, _reinstated(self.limit, self.reinstatements))

    @property
    def top(self) -> float:
        """Return the amount of an event above which the layer pays no more."""
        return self.attachment + self.limit


@dataclass(frozen=True)
class Programme:
    """One contract, or one tower of them, for one establishment or for a group that shares its limits.

    `members` names the establishments (none named: all those of the model). Retention, waiting period (hours),
    indemnity period (days, both counted from the start of the event), coinsurance and sub-limits act for each member
    and event; layers and bounds of the year are shared by the members, and one supplier's failure is one event for all.
    `heads` gives the cover of each head by name, `other_heads` that of all others; what is not insurable is never
    covered. Without `layers` the programme is one layer made of `event_limit`, `annual_limit`, `annual_retention`,
    `reinstatements` and `insurers`, which a tower gives layer by layer instead.

    `paid` is the probability that an establishment hit by an event meets the conditions of payment, among them its
    complaint within 72 hours of knowing of the attack (article L. 12-10-1 of the French code des assurances);
    `paid_by_scenario` says it for the scenarios that differ. `excluded_scenarios` are never paid.

    Raises Unfit with all that has no meaning; what has one but surprises is told by `remarks` and `fit.fitted`.
    """

    name: str
    members: tuple[str, ...] = ()
    retention: Retention = field(default_factory=Retention)
    waiting_hours: float = 0.0
    indemnity_days: float = inf
    heads: Mapping[str, Cover] = field(default_factory=dict)
    other_heads: Cover = Cover()
    event_limit: float = inf
    annual_limit: float = inf
    annual_retention: float = 0.0
    reinstatements: int | None = None
    insurers: Mapping[str, float] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()
    excluded_scenarios: frozenset[str] = frozenset()
    paid: float = 1.0
    paid_by_scenario: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = _retention_faults(self.retention)
        found += broken(
            {
                "waiting_hours": (self.waiting_hours, AMOUNT),
                "indemnity_days": (self.indemnity_days, CAP),
                "event_limit": (self.event_limit, CAP),
                "paid": (self.paid, PART),
                **{f"paid_by_scenario.{name}": (value, PART) for name, value in self.paid_by_scenario.items()},
            }
        )
        found += _year_faults(
            self.event_limit, "event_limit", self.annual_limit, self.annual_retention, self.reinstatements
        )
        found += _insurers_faults(self.insurers)
        found += twice(self.members, "members")
        found += _periods_faults(self)
        found += _tower_faults(self)
        refuse(found)

    @property
    def tower(self) -> tuple[Layer, ...]:
        """Return the layers, a programme without a tower being one layer of its own name."""
        return self.layers or (
            Layer(
                self.name,
                0.0,
                self.event_limit,
                self.annual_limit,
                self.annual_retention,
                self.reinstatements,
                self.insurers,
            ),
        )

    @property
    def top(self) -> float:
        """Return the amount of an event, above the retention, above which nothing more is paid."""
        return max(layer.top for layer in self.tower)

    @property
    def waiting_days(self) -> float:
        """Return the waiting period in days."""
        return self.waiting_hours / 24

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Return what has a meaning but may not be what was wanted: doubts and notes, no error."""
        return (
            *remarks.of_retention(self.name, self.retention, self.top),
            *remarks.of_sublimits(
                self.name, {head: cover.sublimit for head, cover in self.heads.items()}, self.retention, self.top
            ),
            *remarks.of_tower(self.name, [(layer.name, layer.attachment, layer.top) for layer in self.tower]),
            *remarks.of_years(
                self.name,
                [(la.name, la.annual_limit, _reinstated(la.limit, la.reinstatements)) for la in self.tower],
            ),
        )


def shared_by(programme: Programme, groups: Mapping[str, Sequence[str]]) -> tuple[Programme, ...]:
    """Return the same programme taken out by each group, `groups` giving the members of each by its name."""
    return tuple(replace(programme, name=name, members=tuple(members)) for name, members in groups.items())


def twice(names: Iterable[str], where: str) -> list[Finding]:
    """Return an error for each name that comes again."""
    seen: set[str] = set()
    found = []
    for name in names:
        if name in seen:
            found.append(
                fault(
                    "insurance.name_twice",
                    where,
                    name,
                    message("Ce nom est donné deux fois."),
                    message("Donner à chacun un nom différent."),
                )
            )
        seen.add(name)
    return found


def _reinstated(limit: float, reinstatements: int | None) -> float:
    return inf if reinstatements is None else (reinstatements + 1) * limit


def _retention_faults(retention: Retention) -> list[Finding]:
    found = broken(
        {
            "retention.flat": (retention.flat, AMOUNT),
            "retention.share": (retention.share, PART),
            "retention.least": (retention.least, AMOUNT),
            "retention.most": (retention.most, CAP),
        }
    )
    if retention.least > retention.most:
        found.append(
            fault(
                "insurance.least_above_most",
                "retention.least",
                f"{retention.least:.12g}",
                message("Le minimum de la franchise dépasse son maximum."),
                message("Baisser le minimum, ou relever le maximum."),
            )
        )
    return found


def _year_faults(
    limit: float, limit_field: str, annual: float, annual_retention: float, reinstatements: int | None
) -> list[Finding]:
    """Return what is wrong in the bounds of a year, beside the limit of an event (its own rule is checked apart)."""
    found = broken({"annual_limit": (annual, CAP), "annual_retention": (annual_retention, AMOUNT)})
    if annual < limit and isfinite(limit):
        found.append(
            fault(
                "insurance.annual_below_event",
                "annual_limit",
                f"{annual:.12g}",
                message(
                    "Le plafond annuel est inférieur au plafond par sinistre ({limit}).", limit=remarks.amount(limit)
                ),
                message("Relever le plafond annuel, ou baisser le plafond par sinistre : il ne peut pas être atteint."),
            )
        )
    if reinstatements is not None:
        found += broken({"reinstatements": (reinstatements, AMOUNT)})
        if not isfinite(limit):
            found.append(
                fault(
                    "insurance.reinstatement_without_limit",
                    "reinstatements",
                    reinstatements,
                    message("Une reconstitution de garantie n'a de sens qu'avec un plafond par sinistre."),
                    message(
                        "Donner le plafond par sinistre ({field}), ou retirer les reconstitutions.", field=limit_field
                    ),
                )
            )
    return found


def _insurers_faults(insurers: Mapping[str, float]) -> list[Finding]:
    found = broken({f"insurers.{name}": (share, PART) for name, share in insurers.items()})
    total = fsum(insurers.values())
    if total > 1 + ROUNDING:
        found.append(
            fault(
                "insurance.share_above_one",
                "insurers",
                f"{total:.12g}",
                message("La somme des parts des assureurs dépasse 1."),
                message("Corriger les parts : leur somme est au plus 1, ce qui manque reste à la charge de l'assuré."),
            )
        )
    return found


def _periods_faults(programme: Programme) -> list[Finding]:
    if not isfinite(programme.waiting_days) or programme.waiting_days < programme.indemnity_days:
        return []
    return [
        fault(
            "insurance.waiting_above_indemnity",
            "waiting_hours",
            f"{programme.waiting_hours:.12g}",
            message(
                "La franchise en heures dépasse la période d'indemnisation ({days} jours) : rien n'est jamais payé.",
                days=remarks.amount(programme.indemnity_days),
            ),
            message("Vérifier les unités : la franchise est en heures, la période d'indemnisation en jours."),
        )
    ]


def _tower_faults(programme: Programme) -> list[Finding]:
    found = twice((layer.name for layer in programme.layers), "layers")
    standing = (programme.event_limit, programme.annual_limit, programme.annual_retention, programme.reinstatements)
    if programme.layers and (standing != (inf, inf, 0.0, None) or programme.insurers):
        found.append(
            fault(
                "insurance.limit_and_layers",
                "layers",
                len(programme.layers),
                message("Le programme donne à la fois des tranches et un plafond ou des assureurs pour l'ensemble."),
                message("Écrire dans chaque tranche son plafond, ses bornes annuelles et ses assureurs."),
            )
        )
    below: Layer | None = None
    for layer in sorted(programme.layers, key=lambda each: each.attachment):
        if below and layer.attachment < below.top * (1 - ROUNDING):
            found.append(
                fault(
                    "insurance.layers_overlap",
                    f"layers.{layer.name}.attachment",
                    f"{layer.attachment:.12g}",
                    message(
                        "Cette tranche commence sous le haut de la tranche « {below} » ({top}).",
                        below=below.name,
                        top=remarks.amount(below.top),
                    ),
                    message(
                        "La faire commencer au haut de la précédente ; les coassureurs d'une même tranche se répartissent "
                        "ses parts."
                    ),
                )
            )
        below = layer if below is None or layer.top > below.top else below
    return found
