"""What somebody sends, as a file that every reader takes, kept nowhere and gone at the end."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(content: bytes) -> Iterator[Path]:
    """Give the path of a file that holds `content` for the time of the block: in memory alone where the system can.

    Elsewhere it is a temporary file, removed at the end. The path says nothing of the name: give it to the reader.
    """
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryDirectory(prefix="egide-") as folder:
            path = Path(folder) / "held"
            path.write_bytes(content)
            yield path
        return
    with os.fdopen(os.memfd_create("egide"), "wb") as file:
        file.write(content)
        file.flush()
        yield Path(f"/proc/self/fd/{file.fileno()}")
