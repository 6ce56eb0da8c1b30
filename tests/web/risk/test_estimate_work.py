"""The computation of an estimate as a job: what it reads, what it keeps, how it is stopped, what refuses it."""

from datetime import date

import pytest
from django.urls import reverse

from egide import plain, reference
from egide.report.risk_figures import Figures
from egide.web.audit.models import Entry
from egide.web.establishments.models import Establishment, Fact, Observation
from egide.web.jobs import queue
from egide.web.jobs.models import Job, State
from egide.web.organisations.models import Organisation
from egide.web.risk.estimates import inputs, work
from egide.web.risk.models import Assumptions, Estimate
from web.risk.estimated import SMALL, changed, described

pytestmark = pytest.mark.django_db


def asked(world, **arguments):
    of = world.hospital.organisation
    return queue.ask("estimate", of, world.hospital.buyer, of, **(SMALL | arguments))


def worked(world, **arguments):
    asked(world, **arguments)
    job = queue.take()
    queue.work(job)
    job.refresh_from_db()
    return job


def observed(world, code, low, high, **values):
    Observation.objects.create(
        organisation=world.hospital.organisation, code=code, low=low, high=high, source="audit", reliability="proven",
        observed_on=date(2026, 1, 1), added_by=world.hospital.buyer, **values,
    )  # fmt: skip


def test_a_job_keeps_all_that_it_was_made_from_and_what_came_out(world, sign_in, engine):
    of = world.hospital.organisation
    described(of, incidents="2", emergencies="36500")
    observed(world, "backup", "0.5", "0.5")
    changed(world, severity__catch_up={"value": "0.3", "low": "0.2", "high": "0.4", "reason": "Mesuré"})
    job = worked(world)
    assert job.state == State.DONE, job.result
    row = Estimate.objects.get()
    assert (row.organisation, row.made_by, row.job) == (of, world.hospital.buyer, job.uuid)
    assert row.inputs["facts"]["beds"] == ["72", 2025]
    assert row.inputs["declared"] == {"2025": 2}
    assert row.inputs["exposure"]["emergencies_per_day"] == 100.0
    assert row.inputs["maturity"]["levels"]["backup"]["low"] == pytest.approx(0.5)
    assert row.library != reference.risk_library().digest
    shown = plain.structure(row.result, Figures, "x")
    assert 20_000 < shown.mean.value < 300_000
    assert shown.mean.low < shown.mean.value < shown.mean.high
    assert [each.id for each in shown.changed] == ["severity.catch_up"]
    assert shown.changed[0].reason == "Mesuré"
    assert any("pris en compte" in each.fr for each in shown.remarks)
    assert len(shown.means) == SMALL["draws"]
    assert sum(shown.means) / len(shown.means) == pytest.approx(shown.mean.value, rel=1e-4)
    assert shown.retained is not None
    assert shown.retained.value < shown.mean.value
    entry = Entry.objects.get(action="estimate.made")
    assert entry.actor == world.hospital.buyer
    page = sign_in(world.hospital.director).get(job.result["next"]).content.decode()
    assert "Rançongiciel" in page
    assert inputs.stale(row, inputs.of([of], date(2026, 12, 1))[of.pk]) == []


@pytest.mark.once
def test_one_s_own_insurance_and_none_change_what_is_kept(world, engine):
    described(world.hospital.organisation)
    row = changed(world)
    kept = []
    for programme in (
        {"kind": "own_contract", "retention": "0"},
        {"kind": "own_contract", "retention": "100000"},
        {"kind": "uninsured"},
    ):
        Assumptions.objects.filter(pk=row.pk).update(programme=programme)
        assert worked(world).state == State.DONE
        kept.append(plain.structure(Estimate.objects.first().result, Figures, "x").retained)
    assert kept[0].value < kept[1].value
    assert kept[2] is None


def test_a_job_that_is_cancelled_keeps_nothing(world, monkeypatch, engine):
    described(world.hospital.organisation)
    asked(world)
    job = queue.take()
    of_establishment = work.of_establishment

    def stopped(given, **options):
        Job.objects.filter(pk=job.pk).update(cancel_asked=True)
        return of_establishment(given, **options)

    monkeypatch.setattr(work, "of_establishment", stopped)
    queue.work(job)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert not Estimate.objects.exists()


def test_progress_is_told_from_nothing_to_all(world, engine):
    described(world.hospital.organisation)
    asked(world)
    job = queue.take()
    told = []
    work.estimate(job, lambda done, total: told.append((done, total)))
    assert told[0] == (0, 100)
    assert told[-1] == (100, 100)
    assert told == sorted(set(told))


def test_an_establishment_without_a_category_is_refused_in_words(world):
    job = worked(world)
    assert job.state == State.FAILED
    assert [each["code"] for each in job.result["findings"]] == ["risk.category"]
    assert not Estimate.objects.exists()


def test_a_figure_without_meaning_is_refused_in_words(world):
    described(world.hospital.organisation, revenue="0")
    job = worked(world)
    assert job.state == State.FAILED
    assert [each["code"] for each in job.result["findings"]] == ["risk.exposure"]


@pytest.mark.once
def test_more_of_a_safeguard_never_costs_more(world, engine):
    described(world.hospital.organisation)
    assert worked(world).state == State.DONE
    before = Estimate.objects.first()
    observed(world, "backup", "0.8", "0.8")
    observed(world, "hard", "0.6", "0.6")
    assert worked(world).state == State.DONE
    after = Estimate.objects.first()
    assert all(new <= old for new, old in zip(after.brief["means"], before.brief["means"], strict=True))
    assert all(new <= old for new, old in zip(after.brief["care_means"], before.brief["care_means"], strict=True))


def test_inputs_of_many_organisations_take_four_queries(world, django_assert_num_queries):
    for n in range(10):
        made = Organisation.objects.create(name=f"Membre {n}")
        row = Establishment.objects.create(organisation=made, category="local")
        Fact.objects.create(establishment=row, code="beds", year=2024, value="10", source="x")
        Fact.objects.create(establishment=row, code="beds", year=2025, value=str(n), source="x")
    every = list(Organisation.objects.order_by("pk"))
    with django_assert_num_queries(4):
        found = inputs.of(every, date(2026, 1, 1))
    assert [found[each.pk].facts["beds"] for each in every if each.name.startswith("Membre ")][3] == ("3", 2025)


def test_the_marks_are_those_of_what_is_there_whatever_its_order(world):
    of = world.hospital.organisation
    described(of)
    observed(world, "backup", "0.5", "0.5")
    observed(world, "hard", "0.5", "0.5")
    first = inputs.of([of], date(2026, 12, 1))[of.pk].marks
    Observation.objects.filter(code="backup").update(code="x")
    Observation.objects.filter(code="hard").update(code="backup")
    Observation.objects.filter(code="x").update(code="hard")
    assert inputs.of([of], date(2026, 12, 1))[of.pk].marks == first
    assert inputs.of([of], date(2025, 12, 1))[of.pk].marks != first


def test_the_address_of_a_job_is_that_of_the_estimate(world, engine):
    described(world.hospital.organisation)
    assert worked(world).result["next"] == reverse("estimates:show", args=[world.hospital.organisation.uuid])
