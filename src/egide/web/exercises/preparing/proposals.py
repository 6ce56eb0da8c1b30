"""What is already known of an establishment for the places of the texts: the person who prepares only has to agree."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from egide.message import Message, message
from egide.web.diagnoses import models as diagnoses
from egide.web.establishments.models import Fact
from egide.web.exercises.models import CrisisDirectory, Exercise
from egide.web.organisations.models import Kind, Organisation

SOFTWARE: Mapping[str, str] = {
    "record": r"dossier (du )?(patient|résident|médical|usager)|\bDPI\b|\bDUI\b",
    "lab_software": r"laboratoire|biologie|\bS[GI]L\b",
    "imaging_software": r"\bPACS\b|imagerie|radiolog|\bRIS\b",
    "pharmacy_software": r"pharmaci",
    "emergency_software": r"urgence",
}
"""By place, how the application that it names is called in a map."""
HOST = re.compile(r"héberg|infogér|nuage|cloud", re.IGNORECASE)
GENERIC = re.compile(
    r"(dossiers?|patients?|résidents?|médical|laboratoire|biologie|imagerie|archivage|radiologie|pharmacie|urgences?|logiciel|du|de|des|la|le|et|d’images|d'images|\s)+",
    re.IGNORECASE,
)  # fmt: skip
"""An application that a map calls by what it does has no name that people say."""
SUPPLIER_OF: Mapping[str, str] = {"record_supplier": "record"}
TOWN = re.compile(r"\b\d{5}\s+([^,]+)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that is already known, and where from."""

    value: str
    origin: Message


def of(organisation: Organisation, but: Exercise | None = None) -> dict[str, Proposal]:
    """Return what is known for each place, the most telling source first: seven queries.

    The sources: the last exercise, the crisis kit, the map of applications, the facts, the identity.
    """
    sources = (
        _last(organisation, but),
        _crisis_kit(organisation),
        _map(organisation),
        _facts(organisation),
        _identity(organisation),
    )
    found: dict[str, Proposal] = {}
    for source in sources:
        found = {**source, **found}
    return found


def _proposals(values: Mapping[str, str], origin: Message) -> dict[str, Proposal]:
    return {code: Proposal(value.strip(), origin) for code, value in values.items() if value.strip()}


def _last(organisation: Organisation, but: Exercise | None) -> dict[str, Proposal]:
    rows = Exercise.objects.filter(organisation=organisation).exclude(values={})
    last = rows.exclude(pk=but.pk if but else None).only("values", "title").first()
    return _proposals(last.values, message("de l’exercice « {title} »", title=last.title)) if last else {}


def _crisis_kit(organisation: Organisation) -> dict[str, Proposal]:
    row = CrisisDirectory.objects.filter(organisation=organisation).only("plain").first()
    if row is None:
        return {}
    values = {code: str(value) for code, value in (row.plain.get("values") or {}).items()}
    insurer = str(((row.plain.get("directory") or {}).get("insurance") or {}).get("insurer") or "")
    return _proposals({"insurer": insurer, **values}, message("du kit de crise"))


def _map(organisation: Organisation) -> dict[str, Proposal]:
    applications = list(diagnoses.Application.objects.filter(organisation=organisation))
    devices = diagnoses.DeviceClass.objects.filter(organisation=organisation).order_by("-count").values_list("name")
    found = {code: each for code, named in SOFTWARE.items() if (each := _called(applications, named))}
    values = {code: each.name for code, each in found.items() if not GENERIC.fullmatch(each.name)}
    values |= {code: found[of].supplier for code, of in SUPPLIER_OF.items() if of in found}
    names = diagnoses.Supplier.objects.filter(organisation=organisation).values_list("name", flat=True)
    values["host"] = next((each for each in names if HOST.search(each)), "")
    values["device"] = devices[0][0] if devices else ""
    return _proposals(values, message("de la cartographie"))


def _called(applications: Iterable[diagnoses.Application], named: str) -> diagnoses.Application | None:
    pattern = re.compile(named, re.IGNORECASE)
    return next((each for each in applications if pattern.search(each.name)), None)


def _facts(organisation: Organisation) -> dict[str, Proposal]:
    row = Fact.objects.filter(establishment__organisation=organisation, code="records").order_by("-year").first()
    return _proposals({"record": row.value}, message("des données de l’établissement")) if row else {}


def _identity(organisation: Organisation) -> dict[str, Proposal]:
    town = TOWN.search(organisation.address)
    group = organisation.groups.filter(kind=Kind.GROUP).values_list("name", flat=True).first()
    values = {"establishment": organisation.name, "town": town[1] if town else "", "group": group or ""}
    return _proposals(values, message("de la fiche de l’établissement"))
