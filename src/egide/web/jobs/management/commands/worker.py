"""python -m egide.web worker: does the long work, one job after the other."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from egide.web.files import scratch, store
from egide.web.jobs import queue
from egide.web.jobs.models import Job

logger = logging.getLogger("egide.web.jobs")
POLL = 1.0
AGAIN = 5.0
BEAT = 10.0
SWEEP = 24 * 3600.0


class Command(BaseCommand):
    """Takes jobs until it is told to stop; a job in hand then waits for the next worker."""

    help = "Fait les travaux longs, l'un après l'autre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what the command understands."""
        parser.add_argument("--once", action="store_true", help="s'arrête quand plus rien n'attend")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: queue.stopping.set())
        self.swept = float("-inf")
        scratch.sweep()
        while not queue.stopping.is_set():
            close_old_connections()
            try:
                if not self.turn() and options["once"]:
                    break
            except (DatabaseError, InterfaceError, OSError):
                logger.exception("turn")
                if options["once"]:
                    raise
                queue.stopping.wait(AGAIN)

    def turn(self) -> bool:
        """Do what is to be done, or wait for a second; return whether there was a job."""
        job = queue.take()
        if job is not None:
            self.do(job)
        elif time.monotonic() - self.swept > SWEEP:
            store.sweep()
            self.swept = time.monotonic()
        else:
            queue.stopping.wait(POLL)
        return job is not None

    def do(self, job: Job) -> None:
        """Do one job while another thread says that this process lives."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(BEAT):
                try:
                    queue.alive(job)
                except (DatabaseError, InterfaceError):
                    logger.exception("beat")
                    connection.close()
            connection.close()

        heart = threading.Thread(target=beat, daemon=True)
        heart.start()
        try:
            queue.work(job)
        finally:
            ended.set()
            heart.join()
