"""Rows of diagnoses and maps into the values of the core and back, in a bounded number of queries."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from egide import plain, reference
from egide.diagnosis.cartography import Application, Cartography, DataKind, DeviceClass, Hosting, Supplier
from egide.diagnosis.filled import Answer, Filled, Reading, read
from egide.diagnosis.maturity import Maturity, maturity
from egide.diagnosis.observation import Observation
from egide.diagnosis.questionnaire import Questionnaire
from egide.web.diagnoses import models
from egide.web.establishments import convert as establishments
from egide.web.establishments import models as establishments_models
from egide.web.organisations.models import Organisation

KEPT = 16
"""Questionnaires kept in memory: each page of a diagnosis asks for the same one again."""
_kept: OrderedDict[str, Questionnaire] = OrderedDict()
ANSWER = tuple(each.name for each in fields(Answer))


# ------------------------------------------------------------------------------------------------------- questionnaires
def questionnaire(row: models.Questionnaire) -> Questionnaire:
    """Return the questionnaire that a row holds; read once for each content."""
    found = _kept.get(row.digest)
    if found is None:
        found = _kept[row.digest] = plain.structure(row.content, Questionnaire, row.title)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def questionnaire_row(value: Questionnaire, organisation: Organisation, *, own: bool = False) -> models.Questionnaire:
    """Return a row, not saved, that holds a questionnaire of an organisation."""
    content = plain.unstructure(value)
    return models.Questionnaire(
        organisation=organisation,
        title=(value.title.say("fr") or value.id)[:200],
        title_en=value.title.en[:200],
        version=value.version,
        content=content,
        digest=plain.digest(content),
        own=own,
    )


# -------------------------------------------------------------------------------------------------------------- answers
def answer(kept: Mapping[str, Any]) -> Answer:
    """Return the answer that the plain data of one question say."""
    return Answer(**{name: kept[name] for name in ANSWER if name in kept})


def kept(value: Answer, by: object, at: datetime) -> dict[str, Any]:
    """Return the plain data of an answer given by the person of that UUID at that moment: what is empty is left out."""
    told = {name: getattr(value, name) for name in ANSWER}
    return {name: each for name, each in told.items() if each} | {"by": str(by), "at": at.isoformat(timespec="seconds")}


def answered_on(kept: Mapping[str, Any]) -> date:
    """Return the day that an answer speaks of: that of an earlier diagnosis until somebody confirms it."""
    if since := kept.get("since"):
        return date.fromisoformat(since)
    return timezone.localdate(datetime.fromisoformat(kept["at"]))


def filled(
    row: models.Diagnosis, asked: Questionnaire, on: date, figures: Mapping[str, Decimal] | None = None
) -> Filled:
    """Return the answers of a diagnosis as the core reads them, as of `on` while it is not finished."""
    day = timezone.localdate(row.finished_at) if row.finished_at else on
    answers = {name: answer(each) for name, each in row.answers.items()}
    return Filled(asked.id, asked.version, day, answers, figures or {}, row.organisation.name)


def reading(row: models.Diagnosis, on: date) -> Reading:
    """Return a diagnosis, its questionnaire and organisation loaded, read as of `on` while it is not finished."""
    asked = questionnaire(row.questionnaire)
    return read(asked, filled(row, asked, on))


def observations(row: models.Diagnosis, on: date) -> tuple[Observation, ...]:
    """Return what a diagnosis lets one observe, measure by measure.

    Each is dated by the mean day of its answers, by their weights: those kept from an earlier diagnosis without being
    confirmed make it older, and an older one counts less.
    """
    its = reading(row, on)
    days: dict[str, list[tuple[float, int]]] = {}
    for each in its.shown:
        if each.question.counts and (said := row.answers.get(each.question.id)):
            weight = float(each.question.weight)
            days.setdefault(each.question.measure, []).append((weight, answered_on(said).toordinal()))
    return tuple(
        replace(each, observed_on=_mean(days[each.measure]) if each.measure in days else each.observed_on)
        for each in its.observations()
    )


def _mean(days: list[tuple[float, int]]) -> date:
    whole = sum(weight for weight, _ in days)
    return date.fromordinal(round(sum(weight * day for weight, day in days) / whole))


# ------------------------------------------------------------------------------------------------------------- maturity
def observed_of(organisations: Iterable[Organisation], on: date) -> dict[int, tuple[Observation, ...]]:
    """Return what was observed until the day `on` in each organisation, newest first: one query; withdrawn left out."""
    keys = [each.pk for each in organisations]
    found: dict[int, list[Observation]] = {key: [] for key in keys}
    rows = establishments_models.Observation.objects.filter(
        organisation__in=keys, withdrawn_at=None, observed_on__lte=on
    )
    for row in rows:
        found[row.organisation_id].append(establishments.observation(row))
    return {key: tuple(each) for key, each in found.items()}


def maturities_of(organisations: Iterable[Organisation], on: date) -> dict[int, Maturity]:
    """Return what is known of each organisation on the day `on`, by key: one query for all."""
    weighing = reference.weighing()
    return {key: maturity(seen, on, weighing) for key, seen in observed_of(organisations, on).items()}


def maturity_of(organisation: Organisation, on: date) -> Maturity:
    """Return what is known of an organisation on the day `on`: one query."""
    return maturities_of((organisation,), on)[organisation.pk]


def last_finished(organisations: Iterable[Organisation]) -> dict[int, models.Diagnosis]:
    """Return the last finished diagnosis of each organisation that has one, without its answers: one query."""
    rows = models.Diagnosis.objects.filter(organisation__in=[each.pk for each in organisations])
    rows = rows.exclude(finished_at=None).select_related("questionnaire").defer("answers", "questionnaire__content")
    return {row.organisation_id: row for row in rows.order_by("finished_at", "pk")}


def members_of(group: Organisation, user: Any) -> tuple[list[Organisation], int]:
    """Return the members of a group where a person has a role, and how many others there are: two queries."""
    visible = list(group.members.visible_to(user).select_related("establishment"))
    return visible, group.members.count() - len(visible)


# ------------------------------------------------------------------------------------------------------------------ map
def cartography(
    name: str,
    applications: Iterable[models.Application],
    suppliers: Iterable[models.Supplier],
    devices: Iterable[models.DeviceClass],
) -> Cartography:
    """Return the map that the rows of an organisation draw."""
    return Cartography(
        name,
        tuple(_application(each) for each in applications),
        tuple(Supplier(**_values(each)) for each in suppliers),
        tuple(DeviceClass(**_values(each)) for each in devices),
    )


def cartographies_of(organisations: Iterable[Organisation]) -> dict[int, Cartography]:
    """Return the map of each organisation, by key: three queries for all."""
    organisations = tuple(organisations)
    keys = [each.pk for each in organisations]
    kinds = (models.Application, models.Supplier, models.DeviceClass)
    rows: list[dict[int, list[Any]]] = []
    for kind in kinds:
        found: dict[int, list[Any]] = {key: [] for key in keys}
        for row in kind.objects.filter(organisation__in=keys):
            found[row.organisation_id].append(row)
        rows.append(found)
    return {each.pk: cartography(each.name, *(found[each.pk] for found in rows)) for each in organisations}


def _application(row: models.Application) -> Application:
    values = _values(row)
    return Application(**values | {"hosting": Hosting(row.hosting), "data": DataKind(row.data)})


def _values(row: models.Mapped) -> dict[str, Any]:
    return {name: plainly(getattr(row, name)) for name in row.VALUES}


def plainly(value: Any) -> Any:
    """Return a number as a person wrote it, without the noughts of its column; anything else as it is."""
    if not isinstance(value, Decimal):
        return value
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


HUNDREDTH = Decimal("0.01")
"""What a row keeps of a duration in hours."""


def map_rows(value: Cartography) -> tuple[list[models.Application], list[models.Supplier], list[models.DeviceClass]]:
    """Return rows, not saved and of nobody yet, that hold a map."""
    return (
        [models.Application(**_told(each, models.Application)) for each in value.applications],
        [models.Supplier(**_told(each, models.Supplier)) for each in value.suppliers],
        [models.DeviceClass(**_told(each, models.DeviceClass)) for each in value.devices],
    )


def _told(value: object, kind: type[models.Mapped]) -> dict[str, Any]:
    told = {name: getattr(value, name) for name in kind.VALUES}
    told |= {name: shown(each) for name, each in told.items() if type(each) is str}
    told |= {name: each.quantize(HUNDREDTH) for name, each in told.items() if isinstance(each, Decimal)}
    return told | ({"siren": told["siren"].replace(" ", "")} if "siren" in told else {})


def shown(text: str) -> str:
    """Return a text on one line without the signs that nobody sees, which a database may refuse."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
