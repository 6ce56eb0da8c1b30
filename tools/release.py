"""The demonstration data of a release, kept to prove that later versions migrate them whole.

usage: python tools/release.py dump FILE     rows of the database of the settings, with the migrations it stands at
       python tools/release.py try FILE      in an empty database: migrate to there, fill, migrate to today, compare
FILE is tests/web/data/VERSION.json.gz. The settings are those of the environment (EGIDE_DATA, DATABASE_URL):
    EGIDE_DATA=/tmp/release EGIDE_DEMO=oui .venv/bin/python -m egide.web demo --fresh --only-load
    EGIDE_DATA=/tmp/release EGIDE_DEMO=oui .venv/bin/python tools/release.py dump tests/web/data/VERSION.json.gz
A later migration that means to change kept columns names them in CHANGED, with the reason.
"""

import gzip
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

MADE_BY_DJANGO = frozenset({"contenttypes.ContentType", "auth.Permission", "sessions.Session"})
CHANGED: Mapping[str, str] = {}
"""A column that a migration rewrites on purpose ("app.model.column"): why."""

Rows = dict[str, dict[str, Any]]
"""Model -> its columns, its number of rows, and for `dump` the rows themselves."""


def _plain(value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Decimal():
            return f"{value.normalize():f}"
        case bytes() | memoryview():
            return bytes(value).hex()
    raise TypeError(type(value))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain, separators=(",", ":"))


def models_of(apps: Any) -> Iterator[Any]:
    """Yield the models that hold data of people, in the order of their names."""
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda each: str(each._meta.label)):
        if model._meta.label not in MADE_BY_DJANGO and model._meta.managed and not model._meta.proxy:
            yield model


def columns(model: Any) -> list[str]:
    """Return the columns of a model."""
    return sorted(field.attname for field in model._meta.concrete_fields)


def rows(apps: Any) -> Rows:
    """Return the rows of every model, as plain data, by primary key."""
    found: Rows = {}
    for model in models_of(apps):
        names = columns(model)
        values = model._base_manager.order_by("pk").values_list(*names)
        found[model._meta.label] = {"columns": names, "rows": json.loads(_text([list(row) for row in values]))}
    return found


def digests(found: Rows, wanted: Mapping[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Return for each model the number of its rows and the digest of the wanted columns that are not CHANGED."""
    result = {}
    for label, names in wanted.items():
        kept = [name for name in names if f"{label}.{name}" not in CHANGED]
        held = found.get(label, {"columns": [], "rows": []})
        lacking = set(kept) - set(held["columns"])
        places = [held["columns"].index(name) for name in kept if name not in lacking]
        cut = [[row[place] for place in places] for row in held["rows"]]
        said = hashlib.sha256(_text([cut, sorted(lacking)]).encode()).hexdigest()
        result[label] = (len(held["rows"]), said)
    return result


def dump(file: Path) -> None:
    """Write the rows of the database and the migrations it stands at."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied = sorted(list(each) for each in MigrationRecorder(connection).applied_migrations())
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": 1, "migrations": applied, "models": rows(apps)}
    file.write_bytes(gzip.compress(_text(content).encode(), 9, mtime=0))


def attempt(file: Path) -> list[str]:
    """Migrate an empty database to where the file stands, fill it, migrate it to today; return what is not the same."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    content = json.loads(gzip.decompress(file.read_bytes()))
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    there = {tuple(each) for each in content["migrations"]} & set(graph.nodes)
    last = sorted(each for each in there if not there & {child.key for child in graph.node_map[each].children})
    state = executor.migrate(last)
    with transaction.atomic():
        for label, held in content["models"].items():
            _fill(state.apps.get_model(label), held)
    call_command("migrate", verbosity=0, interactive=False)
    wanted = {label: held["columns"] for label, held in content["models"].items()}
    before, after = digests(content["models"], wanted), digests(rows(apps), wanted)
    return [f"{label}: {before[label]} != {after[label]}" for label in wanted if before[label] != after[label]]


def _fill(model: Any, held: Mapping[str, Any]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    made = [
        model(**{name: _value(fields[name], each) for name, each in zip(held["columns"], row, strict=True)})
        for row in held["rows"]
    ]
    model._base_manager.bulk_create(made, batch_size=200)


def _value(field: Any, written: Any) -> Any:
    if written is None or field.get_internal_type() == "JSONField":
        return written
    if field.is_relation:
        return field.target_field.to_python(written)
    return bytes.fromhex(written) if field.get_internal_type() == "BinaryField" else field.to_python(written)


def main(arguments: list[str]) -> int:
    """Run one command."""
    if len(arguments) != 2 or arguments[0] not in {"dump", "try"}:
        print(__doc__)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide.web.settings")
    import django

    django.setup()
    file = Path(arguments[1])
    if arguments[0] == "dump":
        dump(file)
        print(f"{file}: {file.stat().st_size} bytes")
        return 0
    faults = attempt(file)
    print("\n".join(faults) or f"{file.name}: every row is there, as it was")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
