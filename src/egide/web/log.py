"""Logs: one JSON line an event, with names of views and counts, never an answer, a name, a price or an address."""

import json
import logging
import time
import traceback
import uuid
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

logger = logging.getLogger("egide.web")
FIELDS = ("request", "method", "view", "status", "ms", "kind", "job", "state")
"""What a record may carry beside its event: nothing else is ever written."""


class Json(logging.Formatter):
    """Writes a record as one line of JSON; of an error, its class and where it was raised, never its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        known = record.name.startswith("egide")
        line: dict[str, object] = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name}
        line["event"] = record.getMessage() if known else record.msg if isinstance(record.msg, str) else ""
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name) and known}
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["at"] = [f"{frame.filename.rpartition('egide/')[2]}:{frame.lineno}" for frame in frames[-6:]]
        return json.dumps(line, ensure_ascii=False)


class Requests:
    """Middleware: gives each request an identifier, and writes one line when it ends or fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write the line."""
        began = time.perf_counter()
        request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = self.get_response(request)
        match = request.resolver_match
        told = {
            "request": request.id,  # type: ignore[attr-defined]
            "method": request.method,
            "view": match.view_name if match else "",
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000),
        }
        level = logging.ERROR if response.status_code >= 500 else logging.INFO
        logger.log(level, "request", extra=told)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Write where an error that nobody caught was raised; a refusal is none."""
        if isinstance(error, Http404 | PermissionDenied | SuspiciousOperation):
            return
        logger.error("error", exc_info=error, extra={"request": getattr(request, "id", "")})
