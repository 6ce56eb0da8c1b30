"""The engine of simulations in a process of pages: made ready in a thread of its own, so that no request waits for it."""

import logging
from threading import Thread

from egide.desk import quick_loss

log = logging.getLogger("egide.risk")


class _Preparation:
    """How the preparation went in this process."""

    failed = False


def prepare() -> Thread:
    """Begin to prepare the engine; the server of pages does it when it starts."""
    thread = Thread(target=_prepared, name="loss-engine", daemon=True)
    thread.start()
    return thread


def _prepared() -> None:
    try:
        quick_loss.warm()
    except Exception:
        _Preparation.failed = True
        log.exception("the engine of simulations is not ready")


def ready() -> bool:
    """Whether a page may simulate."""
    return quick_loss.ready()


def failed() -> bool:
    """Whether the preparation ended badly: no page of this process will simulate."""
    return _Preparation.failed
