"""Rows and files made once and given back to each test that begins with them, as they were.

A test's transaction takes its rows away; making an evaluated example again costs a second, writing its rows again a few
hundredths. The objects given are copies: a test may change them.
"""

import copy
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models

Rows = dict[str, tuple[str, dict[Any, tuple[Any, ...]]]]
"""Of each table: how a row is written, and the rows by key."""


@dataclass(frozen=True)
class Kept:
    """What one way of making left: its value, its rows, its files."""

    value: Any
    rows: Rows
    files: Path | None


_known: dict[str, Kept] = {}


def given(name: str, make: Callable[[], Any], files: bool = False) -> Any:
    """Return what `make` returns, made the first time and given back the next ones, beside the rows that stand already."""
    if name not in _known:
        before = _rows()
        value = make()
        _known[name] = Kept(copy.deepcopy(value), _new(before, _rows()), _folder() if files else None)
        return value
    kept = _known[name]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for sentence, rows in kept.rows.values():
            cursor.executemany(sentence, list(rows.values()))
    if kept.files:
        shutil.copytree(kept.files, settings.FILES, dirs_exist_ok=True)
    return copy.deepcopy(kept.value)


def _rows() -> Rows:
    found: Rows = {}
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608 (a table of ours)
            columns = [each[0] for each in cursor.description]
            places = ", ".join(["%s"] * len(columns))
            sentence = f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, columns))}) VALUES ({places})"  # noqa: S608
            found[table] = sentence, {row[0]: row for row in cursor.fetchall()}
    return found


def _tables() -> list[str]:
    """Return every table of rows that tests write, those that others point to first."""
    from django.apps import apps
    from django.core.serializers import sort_dependencies

    ordered = sort_dependencies([(config, None) for config in apps.get_app_configs()], allow_cycles=True)
    pairs = [each for each in apps.get_models(include_auto_created=True) if each._meta.auto_created]
    made = {"django_content_type", "auth_permission"}
    return [each._meta.db_table for each in [*ordered, *pairs] if _stands(each) and each._meta.db_table not in made]


def _stands(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.proxy


def _new(before: Rows, after: Rows) -> Rows:
    added = {
        table: (sentence, {key: row for key, row in rows.items() if key not in before[table][1]})
        for table, (sentence, rows) in after.items()
    }
    return {table: (sentence, rows) for table, (sentence, rows) in added.items() if rows}


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(dir=settings.DATA))
    if Path(settings.FILES).exists():
        shutil.copytree(settings.FILES, folder, dirs_exist_ok=True)
    return folder
