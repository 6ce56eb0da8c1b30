"""The crisis kit of an organisation as a value of the core, and how it is kept; what is known before anything is typed."""

from datetime import date

from django.utils import timezone

from egide import plain
from egide.exercise.crisis import Directory, Establishment, Supplier
from egide.exercise.module import Setting
from egide.web.audit.guard import record
from egide.web.diagnoses import models as diagnoses
from egide.web.establishments.models import Establishment as Described
from egide.web.exercises.models import CrisisDirectory
from egide.web.exercises.preparing import proposals
from egide.web.exercises.preparing.beginning import SETTING
from egide.web.organisations.models import Organisation, User


def row_of(organisation: Organisation) -> CrisisDirectory | None:
    """Return the crisis kit kept for an organisation, None while there is none."""
    found: CrisisDirectory | None = CrisisDirectory.objects.filter(organisation=organisation).first()
    return found


def house(organisation: Organisation, row: CrisisDirectory | None) -> Establishment:
    """Return what is kept, else what is already known: the setting, its words, the suppliers of its map."""
    if row is not None and row.plain:
        return plain.structure({**row.plain, "name": organisation.name}, Establishment, "kit")
    category = Described.objects.filter(organisation=organisation).values_list("category", flat=True).first() or ""
    words = {code: each.value for code, each in proposals.of(organisation).items()}
    directory = Directory(suppliers=mapped(organisation))
    return Establishment(SETTING.get(category, Setting.HOSPITAL), organisation.name, words, directory)


def mapped(organisation: Organisation) -> tuple[Supplier, ...]:
    """Return the suppliers of the map of an organisation, those of its applications first: two queries."""
    runs: dict[str, list[str]] = {}
    for each in diagnoses.Application.objects.filter(organisation=organisation).exclude(supplier=""):
        runs.setdefault(each.supplier, []).append(each.name)
    reachable = dict(diagnoses.Supplier.objects.filter(organisation=organisation).values_list("name", "reachable"))
    names = [*runs, *(each for each in reachable if each not in runs)]
    return tuple(Supplier(each, ", ".join(runs.get(each, [])), always=bool(reachable.get(each))) for each in names)


def save(row: CrisisDirectory, value: Establishment, actor: User, told: dict[str, object]) -> None:
    """Keep a crisis kit and tell the trail: what part changed, never the numbers."""
    row.plain = plain.unstructure(value)
    row.setting = value.setting
    row.revision += 1
    row.checked_on, row.expires_on = value.directory.checked_on, value.directory.expires_on
    row.changed_at, row.changed_by = timezone.now(), actor
    row.save()
    record("crisis.directory", row.organisation, row, told)


def today() -> date:
    """Return the day in Paris."""
    return timezone.localdate()
