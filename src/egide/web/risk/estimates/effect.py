"""What another value of an assumption changes for an establishment, as its page shows it."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from egide.desk import risk_effect
from egide.message import message
from egide.report.risk_words import Words
from egide.web.organisations.models import Organisation
from egide.web.risk.estimates import inputs
from egide.web.risk.estimates.library import of_egide, setter


def shown(of: Organisation, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mean year and the days of care with both overlays. Raises DataError when the second has no meaning."""
    today = timezone.localdate()
    known = inputs.of([of], today)[of.pk]
    if not known.category:
        of_egide().overridden(after)
        return {"unknown": True}
    made = risk_effect.effect(known.category, known.told, known.maturity(today), before, after)
    words = Words(setter(), 1 if of_egide().category_by_id[known.category].order_of_magnitude else 2)
    rows = (
        (message("Perte moyenne, par an"), words.amount(made.before.euros), words.amount(made.after.euros)),
        (message("Journées de soins perdues, par an"), words.number(made.before.care), words.number(made.after.care)),
    )
    return {"effect": rows}
