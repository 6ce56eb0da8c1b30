"""A column of plain data kept as the text that was written: its keys stay in order on every database."""

import json
from typing import Any

from django.db import models


class PlainField(models.JSONField):
    """Plain data of the core. PostgreSQL's own type would put its keys in another order: other bytes in the documents."""

    def get_internal_type(self) -> str:
        """Return the type of the column: a text."""
        return "TextField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the text to keep."""
        if value is None or hasattr(value, "as_sql"):
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
