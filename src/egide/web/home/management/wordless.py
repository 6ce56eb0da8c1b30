"""Words for people are no part of the shape of a table: rewording a choice or a label asks for no migration."""

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.models import Field

WORDS = frozenset({"choices", "verbose_name", "help_text", "error_messages"})


class Wordless(MigrationAutodetector):
    """Compares models without their words."""

    def deep_deconstruct(self, obj: Any) -> Any:
        """Return what an object is made of; a field without its words."""
        made = super().deep_deconstruct(obj)
        if isinstance(obj, Field):
            path, arguments, options = made
            return path, arguments, {name: value for name, value in options.items() if name not in WORDS}
        return made
