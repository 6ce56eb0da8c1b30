"""The diagnoses and maps of the demonstration: fictitious establishments whose answers follow from a profile by measure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from egide.diagnosis.filled import Answer
from egide.diagnosis.questionnaire import Depth, Question
from egide.web.audit import guard
from egide.web.diagnoses import beginning, convert, ending, models
from egide.web.establishments.models import Establishment, Fact
from egide.web.organisations.models import Organisation, User

SOURCE = "Donnée fictive de la démonstration"
PROOF = "Pièce fictive de la démonstration"
JITTER = 0.25
"""How far a level may stray from that of its measure: nobody is the same everywhere."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A fictitious state: the level aimed at by measure, else everywhere, the shares proven and left blank."""

    establishment: str
    depth: Depth
    at: datetime
    level: float
    measures: Mapping[str, float] = field(default_factory=dict)
    proven: float = 0.0
    blank: float = 0.0
    finished: bool = True


UNIVERSITY, SUPPORT = "CHU des Trois-Rives", "Centre hospitalier de la Vallée-Bleue"
LOCAL, CARE_HOME, PRACTICE = "Hôpital de proximité de Val-Clair", "EHPAD des Tilleuls", "Maison de santé du Gué"
PROFILES = (
    Profile(UNIVERSITY, Depth.UNIVERSITY, datetime(2025, 10, 14, 14, tzinfo=UTC), 0.45, {"mfa": 0.3, "edr": 0.3, "backup": 0.4, "network": 0.3}, 0.2),
    Profile(UNIVERSITY, Depth.UNIVERSITY, datetime(2026, 11, 17, 15, tzinfo=UTC), 0.65, {"mfa": 1.0, "edr": 0.9, "backup": 0.7, "network": 0.4, "device": 0.35, "development": 0.4}, 0.6),
    Profile(LOCAL, Depth.HOSPITAL, datetime(2026, 12, 8, 10, tzinfo=UTC), 0.4, {"mfa": 0.1, "backup": 0.6, "detection": 0.1, "people": 0.6}, 0.15, 0.4),
    Profile(CARE_HOME, Depth.PRACTICE, datetime(2026, 9, 22, 9, tzinfo=UTC), 0.3, {"backup": 0.5, "data": 0.6, "mfa": 0.0}),
    Profile(PRACTICE, Depth.PRACTICE, datetime(2026, 12, 15, 19, tzinfo=UTC), 0.55, {"backup": 0.9, "mfa": 1.0, "continuity": 0.2}, 0.3),
    Profile(SUPPORT, Depth.HOSPITAL, datetime(2026, 12, 21, 11, tzinfo=UTC), 0.55, {"backup": 0.5}, 0.3, 0.5, finished=False),
)  # fmt: skip
FACTS: Mapping[str, Mapping[str, str]] = {
    UNIVERSITY: {"beds": "1614", "places": "386", "emergencies": "118000", "persons": "1800000", "staff": "9800", "revenue": "1200000000", "activity_share": "60", "devices": "5200"},
    LOCAL: {"beds": "72", "places": "10", "emergencies": "0", "persons": "38000", "staff": "210", "revenue": "15000000", "activity_share": "45", "devices": "60"},
    CARE_HOME: {"beds": "81", "places": "0", "emergencies": "0", "persons": "420", "staff": "58", "revenue": "4400000", "activity_share": "5"},
    PRACTICE: {"persons": "6200", "staff": "7", "revenue": "300000", "activity_share": "95"},
}  # fmt: skip
ORVANE, LUMEN, NUEBRUME = "Orvane Santé (fictif)", "Lumen Biologie (fictif)", "Nuebrume Hébergement (fictif)"
Hours = tuple[str | None, str | None, str | None, str | None]
APPLICATIONS: Mapping[str, tuple[tuple[str, str, bool, Hours, str, bool | None], ...]] = {
    SUPPORT: (
        ("Dossier patient", ORVANE, True, ("4", "1", "1", "30"), "internal", True),
        ("Laboratoire", LUMEN, True, ("2", "1", "1", None), "internal", True),
        ("Imagerie et archivage", "Novimage (fictif)", True, ("6", "24", "24", None), "certified_host", False),
        ("Paie", "Solde et Compagnie (fictif)", False, ("72", "24", "24", "20"), "service", None),
    ),
    LOCAL: (
        ("Dossier patient", ORVANE, True, ("8", "4", "24", None), "group", False),
        ("Laboratoire", LUMEN, True, ("4", "1", "24", None), "service", False),
    ),
    CARE_HOME: (("Dossier résident", "ORVANE SANTÉ (fictif)", True, ("24", "24", "24", None), "certified_host", True),),
}  # fmt: skip
SUPPLIERS = {
    SUPPORT: ((ORVANE, "", True, True), (LUMEN, "", True, False), (NUEBRUME, "", False, True)),
    LOCAL: ((ORVANE, "", True, None),),
}
DEVICES = {SUPPORT: (("Scanners et IRM", 9, 2, 9, 6), ("Pompes à perfusion", 310, 0, 310, 310), ("Échographes", 42, 11, 30, 8))}  # fmt: skip


def load(by: User) -> None:
    """Write the diagnoses, facts and maps of the establishments, which exist; `by` answered and drew them."""
    found = {each.name.removesuffix(" (démonstration)"): each for each in Organisation.objects.all()}
    for name, values in FACTS.items():
        of = Establishment.objects.get(organisation=found[name])
        Fact.objects.bulk_create(Fact(establishment=of, code=code, year=2025, value=value, source=SOURCE) for code, value in values.items())  # fmt: skip
    for profile in PROFILES:
        _diagnosis(profile, found[profile.establishment], by)
    for name, of in found.items():
        _map(name, of, by)


def _diagnosis(profile: Profile, of: Organisation, by: User) -> None:
    row = models.Diagnosis(
        organisation=of, questionnaire=beginning.held(of, profile.depth), depth=profile.depth, begun_by=by,
        begun_at=profile.at, changed_at=profile.at,
    )  # fmt: skip
    asked = convert.questionnaire(row.questionnaire)
    row.answers = {
        each.id: convert.kept(answer, by.uuid, profile.at)
        for each in asked.questions
        if (answer := answered(each, profile))
    }
    row.save()
    if profile.finished:
        ending.finished(row, by, profile.at)
    else:
        guard.record("diagnosis.begun", of, row, {"questionnaire": row.questionnaire.title})


def answered(question: Question, profile: Profile) -> Answer | None:
    """Return the answer that a profile gives, the same each time; None when it is left blank."""
    stray, proof, blank = _chances(question.id, profile)
    if blank < profile.blank:
        return None
    aimed = profile.measures.get(question.measure, profile.level)
    aimed += JITTER * (2 * stray - 1) if 0 < aimed < 1 else 0
    nearest = min(question.levels, key=lambda each: (abs(float(each.value) - aimed), each.code))
    if not question.measure:
        nearest = question.levels[0]
    if proof >= profile.proven or nearest.value == 0:
        return Answer(nearest.code)
    return Answer(nearest.code, proven=True, proof=PROOF)


def _chances(identifier: str, profile: Profile) -> tuple[float, float, float]:
    """Return three numbers from 0 to 1 that depend on the question and the establishment alone."""
    drawn = hashlib.sha256(f"{profile.establishment} {identifier}".encode()).digest()
    stray, proof, blank = (int.from_bytes(drawn[n : n + 4], "big") / 2**32 for n in (0, 4, 8))
    return stray, proof, blank


def _map(name: str, of: Organisation, by: User) -> None:
    common: dict[str, Any] = {"organisation": of, "changed_by": by}
    for title, supplier, critical, hours, hosting, fallback in APPLICATIONS.get(name, ()):
        stop, loss, backup, restored = (None if each is None else Decimal(each) for each in hours)
        models.Application.objects.create(
            name=title, supplier=supplier, care_critical=critical, recovery_time_hours=stop, data_loss_hours=loss,
            backup_every_hours=backup, restored_in_hours=restored, hosting=hosting, data="health" if critical else "personal",
            fallback=fallback, **common,
        )  # fmt: skip
    for title, siren, remote, reachable in SUPPLIERS.get(name, ()):
        models.Supplier.objects.create(name=title, siren=siren, remote_access=remote, reachable=reachable, **common)
    for title, count, unsupported, networked, segmented in DEVICES.get(name, ()):
        models.DeviceClass.objects.create(
            name=title, count=count, unsupported=unsupported, networked=networked, segmented=segmented, **common
        )
