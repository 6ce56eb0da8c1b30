"""Estimates kept by the tests of their pages: invented figures, or a small true computation."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from egide import plain
from egide.web.establishments.models import Establishment, Fact
from egide.web.organisations.models import Kind, Membership, Organisation
from egide.web.risk.estimates import inputs, last
from egide.web.risk.models import Assumptions, Estimate
from report.risks import figures

FACTS = {"revenue": "15000000", "beds": "72", "places": "10", "persons": "38000", "activity_share": "45"}
SMALL = {"draws": 32, "years": 2_000}


@dataclass(frozen=True)
class Given:
    """What lists keep is taken from."""

    figures: Any
    falls: tuple[float, ...]


def described(organisation, category="local", **facts):
    """Say what an organisation is; `facts` beside those of a local hospital."""
    row, _ = Establishment.objects.update_or_create(organisation=organisation, defaults={"category": category})
    for code, value in {**FACTS, **facts}.items():
        Fact.objects.update_or_create(establishment=row, code=code, year=2025, defaults={"value": value, "source": "x"})
    return row


def kept(world, organisation=None, **changed):
    """Keep an estimate made of invented figures, of the organisation as it is now."""
    of = organisation or world.hospital.organisation
    shown = figures(**{"subject": of.name} | changed)
    known = inputs.of([of], timezone.localdate())[of.pk]
    return Estimate.objects.create(
        organisation=of,
        inputs={},
        marks=known.marks,
        brief=last.told(Given(shown, shown.means)),
        result=plain.unstructure(shown),
        program=shown.program,
        library=shown.library,
        made_by=world.hospital.buyer,
    )


def changed(world, organisation=None, **overlay):
    """Keep what an organisation sets otherwise."""
    return Assumptions.objects.create(
        organisation=organisation or world.hospital.organisation,
        overlay={name.replace("__", "."): value for name, value in overlay.items()},
        changed_by=world.hospital.buyer,
    )


def group(world, members=()):
    """Make a GHT of the hospital and others, in which the people of the hospital have their roles."""
    made = Organisation.objects.create(name="GHT de Valmont", kind=Kind.GROUP, support=world.hospital.organisation)
    made.members.set([world.hospital.organisation, *members])
    for role in ("administrator", "buyer", "evaluator", "director", "reader"):
        Membership.objects.create(user=getattr(world.hospital, role), organisation=made, role=role)
    return made


def member(world, name):
    """Make another establishment, seen by the people of the hospital."""
    made = Organisation.objects.create(name=name)
    for role in ("administrator", "buyer", "evaluator", "director", "reader"):
        Membership.objects.create(user=getattr(world.hospital, role), organisation=made, role=role)
    return made
