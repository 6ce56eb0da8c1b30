"""Whose each deposit is: a tenderer of the consultation, else one that is proposed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from egide.exchange.deposits import names
from egide.exchange.deposits.archive import printable
from egide.exchange.deposits.gathered import Deposit, Gathered, State, about
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.model import Tender, Tenderer


def name_tenderers(gathered: Gathered, tender: Tender) -> tuple[Tenderer, ...]:
    """Give each deposit its tenderer: one of the tender, else a new one; return all of them."""
    known = {each.id: each for each in tender.tenderers}
    first = dict(known)
    for deposit in gathered.deposits:
        found = _same(deposit, known, first)
        if found is None and first:
            if deposit.state is State.IMPORTED:
                deposit.state = State.UNKNOWN_TENDERER
            said = message(
                "ce déposant n'est pas un soumissionnaire de la consultation : {company}", company=deposit.company
            )
            remedy = message("L'ajouter aux soumissionnaires, ou corriger son SIRET, puis importer de nouveau.")
            gathered.findings.append(about("deposit.stranger", Severity.ERROR, said, remedy, deposit.folder))
            deposit.tenderer = names.identifier(deposit.company, known)
            continue
        if found is None:
            found = Tenderer(names.identifier(deposit.company, known), printable(deposit.company), deposit.siret)
            known[found.id] = found
        elif found.id not in first and deposit.siret and not found.siret:
            found = Tenderer(found.id, found.name, deposit.siret)
            known[found.id] = found
        deposit.tenderer = found.id
    if not first:
        gathered.findings += _shared_sirets(gathered.deposits)
    return tuple(known.values())


def _same(deposit: Deposit, known: Mapping[str, Tenderer], first: Mapping[str, Tenderer]) -> Tenderer | None:
    """Return the tenderer who sent a deposit: by SIRET, then by name when no SIRET says otherwise.

    Two names that have nothing in common are one tenderer by their SIRET only when the tender itself (`first`) says so.
    """
    company = names.company(deposit.company)
    by_name = [
        each for each in known.values()
        if company in {names.company(each.name), names.company(each.id)}
        and not (each.siret and deposit.siret and each.siret[:9] != deposit.siret[:9])
    ]  # fmt: skip
    if deposit.siret:
        by_siret = [each for each in known.values() if each.siret == deposit.siret]
        same = [each for each in by_siret if each in by_name] or (by_siret if len(by_siret) == 1 else [])
        if same and (same[0].id in first or same[0] in by_name or _declared(same[0], deposit)):
            return same[0]
    return by_name[0] if len(by_name) == 1 else None


def _declared(tenderer: Tenderer, deposit: Deposit) -> bool:
    """Tell whether one of two names that share a SIRET is the other, shortened."""
    one, other = names.company(tenderer.name or tenderer.id), names.company(deposit.company)
    return one in other or other in one


def _shared_sirets(deposits: Sequence[Deposit]) -> list[Finding]:
    by_siret: dict[str, dict[str, str]] = defaultdict(dict)
    for deposit in deposits:
        if deposit.siret:
            by_siret[deposit.siret][deposit.tenderer] = deposit.company
    return [
        Finding(
            "deposit.siret_twice",
            Severity.ERROR,
            message("deux soumissionnaires portent le même SIRET : {names}", names=sorted(companies.values())),
            message("Vérifier les SIRET sur les actes d'engagement et corriger tenderers.yaml."),
            read=siret,
        )
        for siret, companies in by_siret.items()
        if len(companies) > 1
    ]
