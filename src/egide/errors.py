"""The one tree of errors.

EgideError
├── DataError    the data does not allow it: carries its findings (exit 1)
├── UsageError   the call itself is wrong (exit 2)
└── Cancelled    a person stopped a long call

A finding is not an error: errors are for what cannot be gone on with.
"""

from egide.finding import Finding
from egide.message import Message


class EgideError(Exception):
    """Root of the tree; `code` is stable, `message` is for people."""

    code = "error"

    def __init__(self, message: Message, findings: tuple[Finding, ...] = ()):
        super().__init__(message.text)
        self.message = message
        self.findings = findings

    def __str__(self) -> str:
        return str(self.message)


class DataError(EgideError):
    """The data does not allow the result; `findings` say where and what to do."""

    code = "data"


class UsageError(EgideError):
    """The command or call was used in a way that has no meaning."""

    code = "usage"


class Cancelled(EgideError):
    """A person asked a long call to stop; raised by `progress`."""

    code = "cancelled"
