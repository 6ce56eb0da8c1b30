"""A light map: the applications on which care depends, the suppliers behind them, the devices by class."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from egide.finding import Finding, Severity
from egide.message import Message, message

SOON = timedelta(days=180)
"""A contract that ends within this time is worth a remark: what follows takes longer to buy."""
CRITICAL_HOURS = Decimal(24)
"""A care-critical application accepted to be down longer than this deserves a second look."""
LEGAL_FORMS = frozenset(
    (
        "sa", "sas", "sasu", "sarl", "eurl", "snc", "scop", "gie", "ag", "gmbh", "inc", "ltd", "llc", "plc", "bv", "nv",
        "spa", "france", "group", "groupe",
    )
)  # fmt: skip


class Hosting(StrEnum):
    """Where an application runs."""

    INTERNAL = "internal"
    CERTIFIED_HOST = "certified_host"
    """At a host certified for health data."""
    SERVICE = "service"
    """As a service of its supplier."""
    GROUP = "group"
    """At another member of the group of hospitals."""
    UNKNOWN = "unknown"


class DataKind(StrEnum):
    """The most sensitive data that an application holds."""

    NONE = "none"
    PERSONAL = "personal"
    HEALTH = "health"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Application:
    """One application; durations in hours, None where nobody knows.

    `recovery_time_hours`: how long care accepts to be without it. `data_loss_hours`: how much entered data it accepts
    to lose. `backup_every_hours` and `restored_in_hours`: what the backups do, the second one measured in a trial.
    """

    name: str
    supplier: str = ""
    care_critical: bool | None = None
    recovery_time_hours: Decimal | None = None
    data_loss_hours: Decimal | None = None
    backup_every_hours: Decimal | None = None
    restored_in_hours: Decimal | None = None
    hosting: Hosting = Hosting.UNKNOWN
    data: DataKind = DataKind.UNKNOWN
    fallback: bool | None = None
    """Whether care has a written way to work without it."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """One supplier; `reachable` means day and night, by a number that was tried."""

    name: str
    siren: str = ""
    remote_access: bool | None = None
    reachable: bool | None = None
    contract_end: date | None = None


@dataclass(frozen=True, slots=True)
class DeviceClass:
    """Devices of one kind: how many, of which how many without support, on the network, in a network of their own."""

    name: str
    count: int
    unsupported: int | None = None
    networked: int | None = None
    segmented: int | None = None


@dataclass(frozen=True, slots=True)
class Cartography:
    """What one establishment runs."""

    name: str
    applications: tuple[Application, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    devices: tuple[DeviceClass, ...] = ()


# --------------------------------------------------------------------------------------------------------------- checks
def check(cartography: Cartography, on: date) -> list[Finding]:
    """Return what the map shows by itself, on the day `on`: impossibilities, promises not kept, blanks that matter."""
    found = list(_twice(cartography))
    for application in cartography.applications:
        found.extend(_application(application))
        found.extend(_supplier_known(application, cartography))
    for supplier in cartography.suppliers:
        found.extend(_supplier(supplier, cartography, on))
    for device in cartography.devices:
        found.extend(_device(device))
    return found


def _finding(code: str, severity: Severity, understood: Message, remedy: Message, place: str) -> Finding:
    return Finding(f"cartography.{code}", severity, understood, remedy, place=place)


def _twice(cartography: Cartography) -> Iterator[Finding]:
    for entries in (cartography.applications, cartography.suppliers, cartography.devices):
        seen: set[str] = set()
        for each in entries:
            key = plain_name(each.name)
            if key in seen:
                understood = message("« {name} » figure deux fois", name=each.name)
                yield _finding("twice", Severity.DOUBT, understood, message("Garder une seule ligne."), each.name)
            seen.add(key)


def _application(its: Application) -> Iterator[Finding]:
    durations = (its.recovery_time_hours, its.data_loss_hours, its.backup_every_hours, its.restored_in_hours)
    if any(hours is not None and hours < 0 for hours in durations):
        understood = message("une durée négative n'a pas de sens")
        yield _finding("duration", Severity.ERROR, understood, message("Corriger la durée."), its.name)
        return
    if _longer(its.restored_in_hours, its.recovery_time_hours):
        understood = message(
            "le soin accepte {accepted} h d'arrêt, la dernière restauration essayée a pris {measured} h",
            accepted=its.recovery_time_hours, measured=its.restored_in_hours,
        )  # fmt: skip
        remedy = message("Accélérer la restauration, ou prévoir un mode dégradé qui tienne aussi longtemps.")
        yield _finding("recovery_time", Severity.DOUBT, understood, remedy, its.name)
    if _longer(its.backup_every_hours, its.data_loss_hours):
        understood = message(
            "le soin accepte de perdre {accepted} h de saisie, les sauvegardes sont espacées de {measured} h",
            accepted=its.data_loss_hours, measured=its.backup_every_hours,
        )  # fmt: skip
        yield _finding("data_loss", Severity.DOUBT, understood, message("Sauvegarder plus souvent."), its.name)
    if its.care_critical:
        yield from _critical(its)
    if its.data is DataKind.HEALTH and its.hosting is Hosting.UNKNOWN:
        understood = message("données de santé : lieu d'hébergement inconnu")
        remedy = message("Le demander au fournisseur, avec le certificat de l'hébergeur s'il est extérieur.")
        yield _finding("hosting", Severity.DOUBT, understood, remedy, its.name)
    if its.data is DataKind.HEALTH and its.hosting is Hosting.SERVICE:
        understood = message(
            "données de santé chez le fournisseur du service : certification de l'hébergeur à vérifier"
        )
        remedy = message("Demander le certificat en cours, ses activités et son échéance.")
        yield _finding("certificate", Severity.NOTE, understood, remedy, its.name)


def _longer(measured: Decimal | None, accepted: Decimal | None) -> bool:
    return measured is not None and accepted is not None and measured > accepted


def _critical(its: Application) -> Iterator[Finding]:
    if its.recovery_time_hours is None or its.data_loss_hours is None:
        understood = message("indispensable aux soins, sans durée d'arrêt ni perte de saisie acceptées")
        remedy = message("Les faire dire par un responsable des soins, et non par l'informatique.")
        yield _finding("objectives", Severity.DOUBT, understood, remedy, its.name)
    elif its.recovery_time_hours > CRITICAL_HOURS:
        understood = message("indispensable aux soins, mais {hours} h d'arrêt acceptées", hours=its.recovery_time_hours)
        yield _finding("critical", Severity.NOTE, understood, message("Vérifier l'un ou l'autre."), its.name)
    if its.restored_in_hours is None:
        understood = message("indispensable aux soins, et sa restauration n'a jamais été chronométrée")
        remedy = message("L'essayer une fois en entier et noter la durée.")
        yield _finding("untried", Severity.DOUBT, understood, remedy, its.name)
    if its.fallback is not True:
        understood = message("indispensable aux soins, sans mode dégradé écrit")
        remedy = message("Écrire avec le service comment soigner sans elle, puis l'essayer.")
        yield _finding("fallback", Severity.DOUBT, understood, remedy, its.name)


def _supplier_known(its: Application, cartography: Cartography) -> Iterator[Finding]:
    if not its.supplier.strip():
        understood = message("application sans fournisseur nommé")
        remedy = message("Le nommer, ou écrire le service interne qui la maintient.")
        yield _finding("supplier", Severity.NOTE, understood, remedy, its.name)
    elif cartography.suppliers and not any(same_name(its.supplier, each.name) for each in cartography.suppliers):
        understood = message("fournisseur absent de la liste : {name}", name=its.supplier)
        yield _finding(
            "unlisted", Severity.NOTE, understood, message("L'ajouter à la liste des fournisseurs."), its.name
        )


def _supplier(its: Supplier, cartography: Cartography, on: date) -> Iterator[Finding]:
    critical = [each for each in cartography.applications if each.care_critical and same_name(each.supplier, its.name)]
    if critical and its.reachable is False:
        understood = message(
            "les soins dépendent de lui (applications indispensables : {count}) et il n'est pas joignable la nuit",
            count=len(critical),
        )
        remedy = message("Négocier une astreinte, ou prévoir de tenir jusqu'au matin.")
        yield _finding("unreachable", Severity.DOUBT, understood, remedy, its.name)
    if its.contract_end is not None and its.contract_end < on:
        understood = message("contrat terminé depuis le {day}", day=its.contract_end)
        remedy = message("Vérifier ce qui couvre encore le support et les correctifs.")
        yield _finding("contract", Severity.DOUBT, understood, remedy, its.name)
    elif its.contract_end is not None and its.contract_end <= on + SOON:
        understood = message("contrat qui finit le {day}", day=its.contract_end)
        remedy = message("Préparer la suite, et la restitution des données.")
        yield _finding("contract_soon", Severity.NOTE, understood, remedy, its.name)


def _device(its: DeviceClass) -> Iterator[Finding]:
    parts = (its.unsupported, its.networked, its.segmented)
    if its.count < 0 or any(part is not None and not 0 <= part <= its.count for part in parts):
        understood = message("un nombre d'appareils est négatif ou dépasse leur total, {count}", count=its.count)
        yield _finding("count", Severity.ERROR, understood, message("Corriger les nombres de cette ligne."), its.name)
        return
    if its.unsupported:
        understood = message(
            "plus de correctifs pour {some} appareils sur {count}", some=its.unsupported, count=its.count
        )
        remedy = message("Les isoler dans un réseau à part, et inscrire leur remplacement au plan d'équipement.")
        yield _finding("unsupported", Severity.DOUBT, understood, remedy, its.name)
    if its.networked and its.segmented is not None and its.segmented < its.networked:
        understood = message(
            "hors d'un réseau à part : {some} appareils connectés sur {count}",
            some=its.networked - its.segmented, count=its.networked,
        )  # fmt: skip
        remedy = message("Les regrouper dans un réseau filtré, avec les seuls échanges nécessaires.")
        yield _finding("unsegmented", Severity.DOUBT, understood, remedy, its.name)


# --------------------------------------------------------------------------------------------------- shared by a group
@dataclass(frozen=True, slots=True)
class SharedSupplier:
    """A supplier on whom several members depend: its fall would touch all of them on the same day."""

    name: str
    members: tuple[str, ...]
    applications: tuple[str, ...]
    critical: int
    """How many of these applications care depends on, over all members."""
    remote_access: bool
    """Whether it enters at least one of them from outside."""


def shared(cartographies: Iterable[Cartography]) -> tuple[SharedSupplier, ...]:
    """Return the suppliers found at two members or more, those on whom most members and care depend first.

    Two names are one supplier when their SIREN is the same, or when they are alike without case, accents and legal
    form. A name shared by two different SIREN stays apart.
    """
    members = tuple(cartographies)
    sirens = {
        (number, plain_name(each.name)): each.siren.replace(" ", "")
        for number, member in enumerate(members)
        for each in member.suppliers
        if each.siren.strip()
    }
    found: dict[str, list[tuple[Cartography, str]]] = {}
    for number, member in enumerate(members):
        names = [*(each.name for each in member.suppliers), *(each.supplier for each in member.applications)]
        for name in dict.fromkeys(name.strip() for name in names if plain_name(name)):
            key = sirens.get((number, plain_name(name))) or _lone_siren(sirens, name) or plain_name(name)
            found.setdefault(key, []).append((member, name))
    entries = [_shared(where) for where in found.values()]
    several = [each for each in entries if len(each.members) > 1]
    return tuple(sorted(several, key=lambda each: (-len(each.members), -each.critical, each.name)))


def _lone_siren(sirens: dict[tuple[int, str], str], name: str) -> str:
    known = {siren for (_, each), siren in sirens.items() if each == plain_name(name)}
    return known.pop() if len(known) == 1 else ""


def _shared(where: list[tuple[Cartography, str]]) -> SharedSupplier:
    by_member: dict[str, tuple[Cartography, set[str]]] = {}
    for member, name in where:
        by_member.setdefault(member.name, (member, set()))[1].add(plain_name(name))
    applications = [
        each
        for member, names in by_member.values()
        for each in member.applications
        if plain_name(each.supplier) in names
    ]
    remote = any(
        each.remote_access is True and plain_name(each.name) in names
        for member, names in by_member.values()
        for each in member.suppliers
    )
    return SharedSupplier(
        where[0][1],
        tuple(by_member),
        tuple(dict.fromkeys(each.name for each in applications)),
        sum(each.care_critical is True for each in applications),
        remote,
    )


def same_name(one: str, other: str) -> bool:
    """Whether two names are one supplier's, without case, accents and legal form."""
    return bool(plain_name(one)) and plain_name(one) == plain_name(other)


def plain_name(name: str) -> str:
    """Return a name without case, accents, punctuation and legal form."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", bare)
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)
