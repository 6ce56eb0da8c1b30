"""Jobs: asked once, done once, whatever happens to the worker."""

import signal
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DataError, InterfaceError, OperationalError, connection
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from egide.web.audit.models import Entry
from egide.web.jobs import queue
from egide.web.jobs.management.commands import worker as command
from egide.web.jobs.models import Job, State
from web.jobs import works
from web.jobs.works import KINDS
from web.processes import ended, start

WORKER = """
from django.conf import settings
from django.core.management import call_command
from web.jobs.works import KINDS
settings.JOBS = KINDS
settings.JOB_LOST_AFTER = float(sys.argv[1])
call_command("worker", *sys.argv[2:])
"""


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.JOBS = KINDS
    yield
    queue.stopping.clear()


def ask(place, kind="renaming", **arguments):
    return queue.ask(kind, place.organisation, place.buyer, place.organisation, **({"name": "Renommé"} | arguments))


def again(job):
    job.refresh_from_db()
    return job


@pytest.mark.django_db
class TestOneProcess:
    """What needs no other process."""

    def test_a_job_from_asking_to_its_result(self, hospital, django_capture_on_commit_callbacks):
        job = ask(hospital)
        taken = queue.take()
        assert taken == job
        assert (again(job).state, job.attempts) == (State.RUNNING, 1)
        queue.work(taken)
        assert (again(job).state, job.result["next"], job.done, job.total) == (State.DONE, "/suite", 2, 3)
        assert job.ended
        hospital.organisation.refresh_from_db()
        assert hospital.organisation.name == "Renommé"
        entry = Entry.objects.get()
        assert (entry.actor, entry.request) == (hospital.buyer, job.uuid.hex[:12])
        assert queue.take() is None

    def test_the_same_work_asked_twice_while_it_waits_is_one_job(self, hospital):
        assert ask(hospital) == ask(hospital)
        assert ask(hospital, name="Autre") != ask(hospital)

    def test_work_is_done_in_the_language_of_who_asked(self, hospital):
        with translation.override("en"):
            assert ask(hospital).language == "en"

    def test_the_oldest_comes_first(self, hospital):
        first, second = ask(hospital, name="a"), ask(hospital, name="b")
        Job.objects.filter(pk=second.pk).update(created_at=first.created_at - timedelta(seconds=1))
        assert [queue.take(), queue.take()] == [second, first]

    def test_a_job_that_waits_is_cancelled_at_once(self, hospital):
        job = ask(hospital)
        queue.cancel(job)
        assert again(job).state == State.CANCELLED
        assert queue.take() is None

    def test_a_job_that_runs_is_cancelled_at_its_next_step(self, hospital):
        job = ask(hospital)
        taken = queue.take()
        queue.cancel(job)
        queue.work(taken)
        assert again(job).state == State.CANCELLED
        assert not Entry.objects.exists()

    def test_an_ended_job_is_not_cancelled_any_more(self, hospital):
        job = ask(hospital)
        queue.work(queue.take())
        queue.cancel(job)
        assert (again(job).state, job.cancel_asked) == (State.DONE, False)

    def test_a_worker_that_wakes_up_too_late_writes_nothing(self, hospital):
        job = ask(hospital)
        asleep = queue.take()
        Job.objects.update(alive_at=timezone.now() - timedelta(seconds=61))
        quick = queue.take()
        assert quick.attempts == 2
        queue.work(asleep)
        assert again(job).state == State.RUNNING
        assert not Entry.objects.exists()
        queue.work(quick)
        assert again(job).state == State.DONE
        assert Entry.objects.count() == 1

    def test_a_worker_that_lives_keeps_its_job(self, hospital):
        ask(hospital)
        taken = queue.take()
        Job.objects.update(alive_at=timezone.now() - timedelta(seconds=61))
        queue.alive(taken)
        assert queue.take() is None

    def test_a_lost_job_that_was_to_be_cancelled_is(self, hospital):
        job = ask(hospital)
        queue.take()
        queue.cancel(job)
        Job.objects.update(alive_at=timezone.now() - timedelta(seconds=61))
        assert queue.take() is None
        assert again(job).state == State.CANCELLED

    def test_a_job_lost_three_times_failed_and_the_next_one_is_taken(self, hospital):
        job, other = ask(hospital), ask(hospital, name="autre")
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING, attempts=3, alive_at=timezone.now() - timedelta(1))
        assert queue.take() == other
        assert (again(job).state, job.result) == (State.FAILED, {"error": "lost"})

    def test_a_worker_asked_to_stop_puts_its_job_back(self, hospital):
        job = ask(hospital)
        taken = queue.take()
        queue.stopping.set()
        queue.work(taken)
        assert (again(job).state, job.attempts, job.done) == (State.QUEUED, 0, 0)

    @pytest.mark.parametrize("kind", ["untold", "failing"])
    def test_a_fault_undoes_all_and_shows_nothing_of_itself(self, hospital, kind):
        job = ask(hospital, kind)
        queue.work(queue.take())
        assert (again(job).state, job.result) == (State.FAILED, {"error": "fault"})
        hospital.organisation.refresh_from_db()
        assert hospital.organisation.name == "Centre hospitalier de Valmont"

    def test_a_refusal_keeps_its_findings_in_both_languages(self, hospital):
        job = ask(hospital, "refusing")
        queue.work(queue.take())
        assert again(job).state == State.FAILED
        assert job.result["error"] == "refused"
        (found,) = job.result["findings"]
        assert (found["code"], found["understood"]["fr"], found["file"]) == ("test.wrong", "Compris : 3", "a.xlsx")

    def test_every_kind_of_the_settings_exists(self):
        from egide.web import settings as written
        from egide.web.jobs.kinds import TITLES

        assert written.JOBS.keys() == TITLES.keys()
        assert all(callable(import_string(name)) for name in written.JOBS.values())

    def test_an_unknown_kind_fails(self, hospital):
        job = ask(hospital, "inconnu")
        queue.work(queue.take())
        assert again(job).state == State.FAILED


@pytest.mark.django_db(transaction=True)
class TestProcesses:
    """What needs a real worker."""

    def test_the_command_does_what_waits_and_stops(self, hospital):
        jobs = [ask(hospital, name=str(n)) for n in range(3)]
        call_command("worker", "--once")
        assert {again(job).state for job in jobs} == {State.DONE}

    def test_a_worker_outlives_a_database_that_refuses_or_does_not_answer(self, hospital, monkeypatch):
        beats, turns = [], []

        def alive(job):
            beats.append(job)
            raise OperationalError("database is locked")

        def turn(self):
            turns.append(self)
            if len(turns) > 3:
                queue.stopping.set()
            raise (DataError, OSError, OperationalError, InterfaceError)[len(turns) - 1]

        monkeypatch.setattr(command, "BEAT", 0.01)
        monkeypatch.setattr(command, "AGAIN", 0)
        monkeypatch.setattr(queue, "alive", alive)
        job = ask(hospital, steps=3, pause=0.1)
        command.Command().do(queue.take())
        assert again(job).state == State.DONE
        assert len(beats) > 1
        monkeypatch.setattr(command.Command, "turn", turn)
        call_command("worker")
        assert len(turns) == 4

    def test_what_refuses_is_kept_without_what_a_database_refuses(self, hospital, monkeypatch):
        monkeypatch.setattr(works, "refusing", works.refusing_odd)
        job = ask(hospital, "refusing")
        queue.work(queue.take())
        assert again(job).result["findings"][0]["read"] == "a\ufffdb"

    def test_work_that_writes_before_its_end_is_stopped(self, hospital):
        job = ask(hospital, "writing")
        queue.work(queue.take())
        assert (again(job).state, job.result) == (State.FAILED, {"error": "fault"})
        hospital.organisation.refresh_from_db()
        assert hospital.organisation.name == "Centre hospitalier de Valmont"

    @pytest.mark.long
    def test_a_job_killed_in_the_middle_is_taken_up_and_counts_once(self, hospital):
        job = ask(hospital, steps=200, pause=0.05)
        first = start(WORKER, 60)
        wait(lambda: again(job).done >= 3)
        first.kill()
        first.communicate()
        assert again(job).state == State.RUNNING
        Job.objects.update(arguments=job.arguments | {"pause": 0})
        ended(start(WORKER, 60, "--once"))
        assert (again(job).state, job.attempts) == (State.RUNNING, 1)
        time.sleep(1)
        ended(start(WORKER, 0.5, "--once"))
        assert (again(job).state, job.attempts) == (State.DONE, 2)
        assert Entry.objects.filter(action="organisation.changed").count() == 1

    @pytest.mark.long
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_worker_that_is_told_to_stop_leaves_in_good_order(self, hospital, number):
        job = ask(hospital, steps=1000, pause=0.05)
        worker = start(WORKER, 60)
        wait(lambda: again(job).done >= 3)
        worker.send_signal(number)
        ended(worker, 10)
        assert (again(job).state, job.attempts) == (State.QUEUED, 0)

    @pytest.mark.long
    def test_two_workers_share_the_jobs_and_do_none_twice(self, hospital):
        jobs = [ask(hospital, name=str(n), steps=2, pause=0.02) for n in range(20)]
        for worker in [start(WORKER, 60, "--once"), start(WORKER, 60, "--once")]:
            ended(worker)
        assert {(again(job).state, job.attempts) for job in jobs} == {(State.DONE, 1)}
        assert Entry.objects.count() == 20


def wait(condition, seconds=20.0):
    """Wait until something is so."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.05)
        connection.close()
