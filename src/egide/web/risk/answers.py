"""The simulated years of kept studies, in memory: a page that is asked for again costs nothing but its writing."""

from collections.abc import Sequence

from egide.desk import quick_loss
from egide.exchange.loss_file.study import Study
from egide.insurance.programme import Programme
from egide.loss.simulation import Simulation
from egide.web.risk import convert, models

KEPT = 24
_kept: dict[tuple[str, int, bool], Simulation] = {}


def of(row: models.Study, option: int, *, detail: bool = False) -> Simulation:
    """Return the years of a kept study under one of its options, uninsured when it has none; `detail` adds who weighs what."""
    key = (row.digest, option, detail)
    found = _kept.get(key)
    if found is None:
        study = convert.value(row)
        found = quick_loss.answered(study.model, programmes_of(study, option), detail=detail)
        _kept[key] = found
        for old in list(_kept)[:-KEPT]:
            _kept.pop(old, None)
    return found


def programmes_of(study: Study, option: int) -> Sequence[Programme]:
    """Return the programmes of an option, none when there is no such option."""
    return study.options[option].programmes if 0 <= option < len(study.options) else ()
