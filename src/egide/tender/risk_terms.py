"""What a buyer publishes of the expected cost of incidents: who bears it, over which years, how it is counted and used.

The cost itself is computed above, by `egide.risk`; here are the terms alone, and what is wrong in them by themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from egide.finding import Finding, Severity
from egide.message import Message, message

FILE = "tender.yaml"


class RiskUse(StrEnum):
    """What the expected cost is for: an information that moves no point, or an amount added to the price compared."""

    INFORMATION = "information"
    CRITERION = "criterion"


@dataclass(frozen=True)
class Beneficiaries:
    """Who bears the loss for some lots (`lots` empty: all): their activity concerned, the persons in their data.

    `revenue` is in euros a year, `persons` a number of records, `criticality` the share of activity lost while the
    service is out: low, most likely, high, from 0 to 1. `activity_share` is the share of that revenue that depends on
    activity; None takes that of the category.
    """

    category: str
    revenue: Decimal
    persons: Decimal
    criticality: tuple[Decimal, ...]
    activity_share: Decimal | None = None
    lots: tuple[str, ...] = ()
    beds: Decimal = Decimal(0)
    places: Decimal = Decimal(0)
    """Beds and day places: without them no care day is counted; never part of a cost."""


@dataclass(frozen=True)
class Transfer:
    """What penalties and the supplier's insurance may give back: a share of the cost (low, most likely, high).

    A bid is given it in the measure of the levels retained for `points`: the clauses that promise it. Shown apart.
    """

    share: tuple[Decimal, ...]
    points: tuple[str, ...]


@dataclass(frozen=True)
class RiskTerms:
    """The block `risk:` of tender.yaml."""

    beneficiaries: tuple[Beneficiaries, ...]
    years: Decimal | None = None
    """None: the months of the contract."""
    credit: Decimal = Decimal("0.6")
    """What a level retained on a declaration alone is worth, beside one that was proven."""
    draws: int = 2000
    seed: int = 2026
    library: str = ""
    """The digest of the library of parameters, written at the publication."""
    use: RiskUse = RiskUse.INFORMATION
    criterion: str = ""
    """The price criterion to whose amount the cost is added."""
    cap: Decimal = Decimal("0.15")
    """The most that is added, as a share of the estimated value of the lot."""
    transfer: Transfer | None = None

    def lasting(self, months: int) -> "RiskTerms":
        """Return the same terms with their years told: those of the contract, of so many months, unless they say."""
        return self if self.years is not None else replace(self, years=Decimal(months) / 12)

    def of_lot(self, lot: str) -> Beneficiaries | None:
        """Return who bears the loss for a lot, None when the block does not say."""
        return next((each for each in self.beneficiaries if not each.lots or lot in each.lots), None)


@dataclass(frozen=True)
class SheetPoint:
    """A control point as the model counts it: the measure that it feeds and what it weighs there."""

    measure: str
    weight: int


@dataclass(frozen=True)
class RiskSheet:
    """What is published beside the terms so that anybody finds the same figures: library, scenarios, points, caps.

    `scenarios` are those that can happen to this purchase, `caps` the most that is added to a price, by lot.
    """

    library: str
    scenarios: tuple[str, ...]
    points: Mapping[str, SheetPoint]
    caps: Mapping[str, Decimal]


MOST_YEARS = 30
LEAST_DRAWS, MOST_DRAWS = 32, 20_000


def faults(terms: RiskTerms, lots: Sequence[str], months: int) -> Iterator[Finding]:
    """Return what is wrong in the terms by themselves: numbers that nobody can mean, lots named twice or not at all."""
    yield from _numbers(terms, months)
    for number, each in enumerate(terms.beneficiaries):
        yield from _beneficiaries(each, f"risk.beneficiaries[{number}]")
    yield from _lots(terms, lots)
    if terms.transfer is not None:
        yield from _shares(terms.transfer.share, "risk.transfer.share")
    if terms.use is RiskUse.INFORMATION and terms.criterion:
        yield _found(
            "criterion_unused",
            "risk.criterion",
            message("un critère est nommé, mais le coût du risque n'est donné que pour information"),
            message("Retirer criterion, ou écrire use: criterion avant la publication."),
            terms.criterion,
            Severity.DOUBT,
        )


def _numbers(terms: RiskTerms, months: int) -> Iterator[Finding]:
    years = terms.years if terms.years is not None else Decimal(months) / 12
    if not 0 < years <= MOST_YEARS:
        yield _found(
            "years",
            "risk.years",
            message("la durée du contrat manque ou n'a pas de sens"),
            message("Écrire le nombre d'années, de plus de 0 à {most}, ou contract.months.", most=MOST_YEARS),
            str(years),
        )
    for name, value in (("credit", terms.credit), ("cap", terms.cap)):
        if not 0 <= value <= 1:
            yield _between(f"risk.{name}", value)
    if not LEAST_DRAWS <= terms.draws <= MOST_DRAWS:
        yield _found(
            "draws",
            "risk.draws",
            message("ce nombre de tirages n'est pas utilisable"),
            message("Écrire un nombre de {least} à {most}.", least=LEAST_DRAWS, most=MOST_DRAWS),
            str(terms.draws),
        )
    if terms.seed < 0:
        yield _found(
            "seed",
            "risk.seed",
            message("une graine est un nombre entier positif"),
            message("Écrire 0 ou un nombre positif."),
            str(terms.seed),
        )


def _beneficiaries(given: Beneficiaries, place: str) -> Iterator[Finding]:
    if given.revenue <= 0:
        yield _found(
            "revenue",
            f"{place}.revenue",
            message("sans recettes d'activité concernées, aucune perte ne peut être estimée"),
            message("Écrire les recettes annuelles des établissements qui utiliseront le service, en euros."),
            str(given.revenue),
        )
    for name, value in (("persons", given.persons), ("beds", given.beds), ("places", given.places)):
        if value < 0:
            yield _found(
                "negative",
                f"{place}.{name}",
                message("un nombre négatif n'a pas de sens ici"),
                message("Écrire zéro ou un nombre positif."),
                str(value),
            )
    if given.activity_share is not None and not 0 <= given.activity_share <= 1:
        yield _between(f"{place}.activity_share", given.activity_share)
    yield from _shares(given.criticality, f"{place}.criticality")


def _shares(given: tuple[Decimal, ...], place: str) -> Iterator[Finding]:
    if len(given) != 3 or not 0 <= given[0] <= given[1] <= given[2] <= 1:
        yield _found(
            "interval",
            place,
            message("trois nombres de 0 à 1 sont attendus : le plus bas, le plus probable, le plus haut"),
            message("Écrire par exemple [0.06, 0.15, 0.30], entre guillemets."),
            ", ".join(str(each) for each in given),
        )


def _lots(terms: RiskTerms, lots: Sequence[str]) -> Iterator[Finding]:
    named = [lot for each in terms.beneficiaries for lot in each.lots or lots]
    if not terms.beneficiaries:
        yield _found(
            "beneficiaries",
            "risk.beneficiaries",
            message("le bloc « risk » ne dit pas qui supporterait la perte"),
            message("Décrire les établissements bénéficiaires, ou retirer le bloc."),
        )
        return
    for lot in sorted({each for each in named if each not in lots}):
        yield _found(
            "lot_unknown",
            "risk.beneficiaries",
            message("lot inconnu"),
            message("Prendre un lot de la liste lots."),
            lot,
        )
    for lot in lots:
        if named.count(lot) > 1:
            yield _found(
                "lot_twice",
                "risk.beneficiaries",
                message("ce lot a deux descriptions de bénéficiaires"),
                message("N'en garder qu'une par lot : les recettes et les personnes s'y additionnent."),
                lot,
            )
        elif lot not in named:
            yield _found(
                "lot_without",
                "risk.beneficiaries",
                message("rien ne dit qui supporterait la perte pour ce lot : son coût du risque n'est pas calculé"),
                message("Décrire ses bénéficiaires, si le coût du risque doit y être montré."),
                lot,
                Severity.NOTE,
            )


def _between(place: str, value: Decimal) -> Finding:
    return _found(
        "share",
        place,
        message("une part est un nombre de 0 à 1"),
        message("Écrire par exemple 0.15 pour 15 %."),
        str(value),
    )


def _found(
    code: str, place: str, understood: Message, remedy: Message, read: str = "", severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(f"tender.risk_{code}", severity, understood, remedy, FILE, place, read=read)
