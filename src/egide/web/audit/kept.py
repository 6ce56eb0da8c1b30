"""Tables whose rows never change: a trigger of the database refuses it, whoever asks."""

from typing import Any

from django.db.migrations import RunPython

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is kept as it was written'); END
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION egide_kept() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is kept as it was written', TG_TABLE_NAME; END $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} FOR EACH ROW EXECUTE FUNCTION egide_kept()
"""
VERBS = ("update", "delete")


def kept(table: str, verbs: tuple[str, ...] = VERBS) -> RunPython:
    """Return the migration operation that makes the rows of `table` unchangeable."""

    def add(apps: Any, editor: Any) -> None:
        said = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
        for verb in verbs:
            editor.execute(said.format(table=table, verb=verb, VERB=verb.upper()), params=None)

    def remove(apps: Any, editor: Any) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for verb in verbs:
            editor.execute(f"DROP TRIGGER {table}_no_{verb}{on}", params=None)

    return RunPython(add, remove)
