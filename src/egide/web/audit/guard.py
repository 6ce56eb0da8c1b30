"""The guard around every write: a GET cannot write, and a write that the trail does not tell is undone.

It watches the statements that reach the database, so that bulk writes are seen as well as single ones.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from egide.web.audit.models import Entry

WRITE = re.compile(r'\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+[`"]?(\w+)', re.IGNORECASE)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TRAIL = Entry._meta.db_table
UNTOLD = frozenset({
    "django_session", "jobs_job",
    "axes_accessattempt", "axes_accessattemptexpiration", "axes_accesslog", "axes_accessfailurelog",
})  # fmt: skip
"""Tables that keep no decision of anybody: sessions, the queue, failed logins."""
OUTSIDE = ("account_", "mfa_", "auth_", "organisations_user")
"""Tables written by the library of accounts: the guard itself tells of those writes."""


class ForbiddenWrite(RuntimeError):
    """A page that only shows tried to write, or a write was not told to the trail: a fault of the program."""


@dataclass
class _Watch:
    """The writes of one request or job; `actor` tells who acts, asked at each entry because a login changes it."""

    actor: Callable[[], Any]
    request: str = ""
    reads_only: bool = False
    written: set[str] = field(default_factory=set)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note the table that a statement writes, and refuse it where only reading is allowed."""
        if (found := WRITE.match(sql)) and (table := found[1]) not in UNTOLD:
            if self.reads_only:
                raise ForbiddenWrite(table)
            self.written.add(table)
        return execute(sql, params, many, context)


_current: ContextVar[_Watch | None] = ContextVar("egide-audit", default=None)


def record(
    action: str,
    organisation: Any = None,
    subject: models.Model | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Tell the trail of a write just made by the person who acts. `details` is plain data: {"field": [before, after]}."""
    watch = _current.get()
    actor = watch.actor() if watch else None
    Entry.objects.create(
        actor=actor if actor and actor.pk else None,
        organisation=organisation,
        action=action,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject=getattr(subject, "uuid", None),
        details=dict(details or {}),
        request=watch.request if watch else "",
    )


@contextmanager
def acting(actor: Any, request: str = "") -> Iterator[None]:
    """Do writes as `actor`, all or none; raises ForbiddenWrite, and undoes them, when the trail was not told."""
    with _watching(_Watch(lambda: actor, request)) as watch:
        yield
        _told(watch, "account")


@contextmanager
def reading() -> Iterator[None]:
    """Do something that may not write. Raises ForbiddenWrite."""
    with connection.execute_wrapper(_Watch(lambda: None, reads_only=True)):
        yield


@contextmanager
def _watching(watch: _Watch) -> Iterator[_Watch]:
    token = _current.set(watch)
    try:
        with transaction.atomic(), connection.execute_wrapper(watch):
            yield watch
    finally:
        _current.reset(token)


def _told(watch: _Watch, account: str) -> None:
    """Check that the trail was told; of writes of the library of accounts, tell it under the name `account`."""
    if not watch.written or TRAIL in watch.written:
        return
    if all(table.startswith(OUTSIDE) for table in watch.written):
        record(account, details={"tables": sorted(watch.written)})
        return
    raise ForbiddenWrite(", ".join(sorted(watch.written)))


def writes_nothing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that writes nothing whatever the method: no transaction is opened for it, and a write is refused."""
    view.writes_nothing = True  # type: ignore[attr-defined]
    return view


def _writes_nothing(path: str) -> bool:
    try:
        return bool(getattr(resolve(path).func, "writes_nothing", False))
    except Resolver404:
        return False


class Guarded:
    """The last middleware: a safe method reads only; any other is one transaction that the trail tells of, or nothing.

    An answer that refuses (400 and above) undoes all that the view wrote, as an exception does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the guard. Raises SuspiciousOperation for an address with a NUL character, which no row has."""
        if "\0" in request.path_info:
            raise SuspiciousOperation
        if request.method in SAFE or _writes_nothing(request.path_info):
            with reading():
                return self.get_response(request)
        with _watching(_Watch(lambda: getattr(request, "user", None), getattr(request, "id", ""))) as watch:
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                _told(watch, request.resolver_match.view_name if request.resolver_match else "account")
            return response
