"""Hold a folder while it is changed: a second command that would change it too is refused, never mixed with the first."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from egide import plain
from egide.message import message

if sys.platform != "win32":
    import fcntl


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold `folder` until the end of the block; a run that is killed lets it go. Raises DataError when it is held."""
    if sys.platform == "win32":
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            said = message("une autre commande est en train de changer ce dossier : rien n'a été fait")
            remedy = message("Attendre qu'elle soit finie, puis recommencer.")
            raise plain.refusal("folder.busy", str(folder), "", said, remedy=remedy) from None
        yield
    finally:
        os.close(held)
