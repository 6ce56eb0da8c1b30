"""The rows of the demonstration: a GHT and another hospital, all fictitious, and both examples brought in as users do."""

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from egide.errors import EgideError
from egide.message import message
from egide.web.audit import guard
from egide.web.establishments.models import Category, Establishment, Fact, Observation, Reliability, Source
from egide.web.files import store
from egide.web.files.models import StoredFile
from egide.web.home import demonstration_diagnoses, demonstration_exercises
from egide.web.home.demonstration import ACCOUNTS, PASSWORD
from egide.web.jobs import queue
from egide.web.jobs.models import State
from egide.web.organisations.models import Kind, Membership, Organisation, User
from egide.web.risk import convert, examples
from egide.web.risk.models import Study
from egide.web.tenders.models import Consultation, Seat

SEED = 20261120
SALT = "demonstration"
REQUEST = "demo"
EXAMPLES = ("pacs-ght", "soc-ght")
Tell = Callable[[str], None]

GHT = "GHT de la Vallée-Bleue (démonstration)"
SUPPORT = "Centre hospitalier de la Vallée-Bleue (démonstration)"
LOCAL = "Hôpital de proximité de Val-Clair (démonstration)"
CARE_HOME = "EHPAD des Tilleuls (démonstration)"
PRACTICE = "Maison de santé du Gué (démonstration)"
MEMBERS = (SUPPORT, LOCAL, CARE_HOME, PRACTICE)
UNIVERSITY = "CHU des Trois-Rives (démonstration)"
"""A hospital that the same people see, outside the group."""
ELSEWHERE = "Hôpital du Grand-Large (démonstration)"
CATEGORIES = (Category.SUPPORT, Category.LOCAL, Category.CARE_HOME, Category.PRACTICE)
ESTIMATED = {"years": 10_000}
FICTITIOUS = "Donnée fictive de la démonstration"
FACTS = {
    2024: {"beds": "812", "places": "96", "stays": "41200", "emergencies": "38900", "staff": "2350", "revenue": "228400000", "spending": "231900000", "it_running": "3610000", "it_investment": "1480000", "security": "231000"},
    2025: {"beds": "804", "places": "104", "stays": "42650", "emergencies": "39700", "staff": "2385", "persons": "612000", "revenue": "236100000", "activity_share": "65", "spending": "238800000", "it_running": "3960000", "it_investment": "1720000", "security": "352000", "workstations": "2140", "servers": "186", "devices": "730", "records": "Dossier patient Orvane (fictif)", "on_call": "no"},
}  # fmt: skip
OBSERVATIONS = (
    ("backup", "", "0.4", "0.6", Source.AUDIT, Reliability.PROVEN, date(2026, 3, 12), "Copie hors ligne hebdomadaire, restauration essayée sur deux applications."),
    ("identity", "mfa", "0.35", "0.35", Source.QUESTIONNAIRE, Reliability.DECLARED, date(2026, 1, 20), "Accès distants couverts, comptes d’administration en cours."),
    ("continuity", "", "0.5", "0.5", Source.EXERCISE, Reliability.PROVEN, date(2026, 6, 4), "Exercice de crise avec la direction et les urgences ; procédures papier incomplètes en pharmacie."),
    ("detection", "", "0.1", "0.3", Source.INCIDENT, Reliability.ESTIMATED, date(2025, 11, 8), "Alerte vue onze heures après le premier accès."),
)  # fmt: skip


def load(examples: Path, tell: Tell) -> None:
    """Write the rows into an empty database. Raises EgideError when an example does not load.

    The rows are the same each time under the same clock and chance: see `fixed`.
    """
    with guard.acting(None, REQUEST):
        group = _organisations()
    owner = User.objects.get(email=ACCOUNTS[0].email)
    for name in EXAMPLES:
        tell(name)
        _bring_in(examples / name, group, owner)
    with guard.acting(owner, REQUEST):
        _seats()
    for consultation in Consultation.objects.order_by("pk"):
        _do("evaluate", consultation.title, group, owner, consultation)
    _estimates(owner)


def _estimates(owner: User) -> None:
    """Ask for the estimates of the establishments, of fewer years than usual: the worker makes them once it serves.

    On a machine that never simulated, that begins by compiling for half a minute: nobody waits for it.
    """
    for name in (*MEMBERS, UNIVERSITY):
        of = Organisation.objects.get(name=name)
        queue.ask("estimate", of, owner, of, **ESTIMATED)


def _organisations() -> Organisation:
    members = [Organisation.objects.create(name=name) for name in MEMBERS]
    group: Organisation = Organisation.objects.create(name=GHT, kind=Kind.GROUP, support=members[0])
    group.members.set(members)
    elsewhere = Organisation.objects.create(name=ELSEWHERE)
    university = Organisation.objects.create(name=UNIVERSITY)
    _people(group, [*members, university], elsewhere)
    for organisation, category in zip([*members, university], [*CATEGORIES, Category.UNIVERSITY], strict=True):
        Establishment.objects.create(organisation=organisation, category=category)
    _describe(members[0])
    demonstration_diagnoses.load(User.objects.get(email=ACCOUNTS[1].email))
    demonstration_exercises.load(User.objects.get(email=ACCOUNTS[4].email))
    _study(members[0])
    guard.record("demonstration.made", group)
    return group


def _people(group: Organisation, members: list[Organisation], elsewhere: Organisation) -> None:
    written = make_password(PASSWORD, salt=SALT)
    for account in ACCOUNTS:
        user = User.objects.create(email=account.email, full_name=account.name, password=written)
        for organisation in (elsewhere,) if account.elsewhere else (group, *members):
            Membership.objects.create(user=user, organisation=organisation, role=account.role)


def _describe(organisation: Organisation) -> None:
    of = organisation.establishment
    rows = [(code, year, value) for year, values in FACTS.items() for code, value in values.items()]
    Fact.objects.bulk_create(
        Fact(establishment=of, code=code, year=year, value=value, source=FICTITIOUS) for code, year, value in rows
    )
    seen_by = User.objects.get(email=ACCOUNTS[1].email)
    for family, measure, low, high, source, reliability, on, note in OBSERVATIONS:
        Observation.objects.create(
            organisation=organisation, family=family, measure=measure, low=Decimal(low), high=Decimal(high),
            source=source, reliability=reliability, observed_on=on, note=note, added_by=seen_by,
        )  # fmt: skip


def _study(organisation: Organisation) -> None:
    """Keep the shipped study of a hospital, as a person begins one."""
    content = examples.content("hopital")
    by = User.objects.get(email=ACCOUNTS[0].email)
    Study.objects.create(
        organisation=organisation, title=content["title"], content=content, digest=convert.digest(content),
        made_by=by, changed_by=by,
    )  # fmt: skip


def _bring_in(folder: Path, organisation: Organisation, owner: User) -> None:
    """Bring a folder in as a user does: a ZIP is dropped, and a job reads it."""
    kept = store.keep([_zipped(folder)])
    with guard.acting(owner, REQUEST):
        dropped = StoredFile.objects.create(
            organisation=organisation, name=f"{folder.name}.zip", sha256=kept.sha256, size=kept.size, brought_by=owner
        )
        guard.record("demonstration.brought", organisation, dropped)
    _do("load_folder", folder.name, organisation, owner, file=str(dropped.uuid))


def _do(
    kind: str,
    name: str,
    organisation: Organisation,
    owner: User,
    consultation: Consultation | None = None,
    **arguments: str,
) -> None:
    """Ask for a job as a user does, and do it at once. Raises EgideError when it does not end well."""
    asked = queue.ask(kind, organisation, owner, consultation, **arguments)
    job = queue.take()
    if job is None or job.pk != asked.pk:
        raise EgideError(message("La base de démonstration est occupée par un autre travail."))
    queue.work(job)
    job.refresh_from_db()
    if job.state != State.DONE:
        raise EgideError(message("L’exemple {name} ne se charge pas : {why}", name=name, why=_why(job.result)))


def _why(result: dict[str, Any]) -> str:
    return str(result.get("said", {}).get("fr") or result.get("error", ""))


def _zipped(folder: Path) -> bytes:
    """Return the folder as a ZIP whose bytes depend on its content alone."""
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), (2026, 11, 20, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, path.read_bytes())
    return memory.getvalue()


def _seats() -> None:
    """Give each evaluator of the examples that has an account here its seat."""
    people = {account.evaluator: account.email for account in ACCOUNTS if account.evaluator}
    users = {user.email: user for user in User.objects.filter(email__in=people.values())}
    for consultation in Consultation.objects.order_by("pk"):
        for each in consultation.definition.get("evaluators", ()):
            if email := people.get(each["id"]):
                Seat.objects.create(consultation=consultation, evaluator=each["id"], user=users[email])
        guard.record("demonstration.seated", consultation.organisation, consultation)
