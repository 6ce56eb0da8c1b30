"""Whatever workers do, in whatever order: a job counts at most once, and what ended stays ended."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.web.audit.models import Entry
from egide.web.jobs import queue
from egide.web.jobs.models import Job, State
from web.jobs.works import KINDS

EVENTS = ("ask", "take", "take", "work", "work", "work late", "stop", "sleep", "sleep", "cancel")
STEPS = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 3)), min_size=5, max_size=30)


@pytest.mark.django_db
@given(steps=STEPS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_events(hospital, settings, steps):
    settings.JOBS = KINDS
    with transaction.atomic():
        _play(hospital, steps)
        transaction.set_rollback(True)


def _play(place, steps):
    jobs: list[Job] = []
    hands: list[Job] = []
    ended: dict[int, tuple[str, object]] = {}
    for what, which in [("ask", 0), *steps]:
        match what:
            case "ask":
                jobs.append(queue.ask("renaming", place.organisation, place.buyer, name=str(len(jobs)), steps=1))
            case "take":
                hands += [taken] if (taken := queue.take()) else []
            case "sleep":
                Job.objects.filter(state=State.RUNNING).update(alive_at=timezone.now() - timedelta(minutes=2))
            case "cancel" if jobs:
                queue.cancel(jobs[which % len(jobs)])
            case "stop" if hands:
                queue.stopping.set()
                queue.work(hands.pop(which % len(hands)))
                queue.stopping.clear()
            case "work" | "work late" if hands:
                queue.work(hands.pop(which % len(hands)) if what == "work" else hands[which % len(hands)])
        now = {job.pk: (job.state, job.ended_at, job.result) for job in Job.objects.all() if job.ended}
        assert {pk: now.get(pk) for pk in ended} == ended
        ended = now
        done = sum(state == State.DONE for state, _, _ in now.values())
        assert Entry.objects.filter(action="organisation.changed").count() == done
        assert all(0 <= job.attempts <= 3 for job in Job.objects.all())
