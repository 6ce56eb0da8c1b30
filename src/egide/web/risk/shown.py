"""Figures of a study as pages show them: each with the interval that holds it 19 times in 20."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum, isfinite
from typing import Any

from egide.exchange.loss_file.study import Study
from egide.insurance import premium
from egide.insurance.programme import Programme
from egide.loss.curve import Curve
from egide.loss.estimate import Estimate
from egide.loss.simulation import Share, Simulation
from egide.message import Message, message
from egide.report.papers.typography import Setter, plain_text
from egide.report.pictures import of_loss
from egide.report.pictures.amounts import compact, sure
from egide.report.pictures.exceedance import exceedance_curve
from egide.report.pictures.picture import Picture
from egide.report.pictures.tower import insurance_tower
from egide.web.design.words import language, said
from egide.web.risk import answers, models

GROSS, RETAINED, CEDED = message("Perte brute"), message("Conservée"), message("Cédée")
ONCE_IN: Mapping[int, Message] = {20: message("1 année sur 20"), 100: message("1 année sur 100")}
TAIL, OFTEN = 0.99, 0.2
SEEN = 50
"""Simulated years that must have done something for its rarity to be told."""


def setter() -> Setter:
    """Return what sets the texts of pictures in the language of the page."""
    return Setter(language(), plain_text)


def whole(number: float) -> str:
    """Return a whole number as people of the page's language write it."""
    return setter().number(Decimal(round(number)), 0)


@dataclass(frozen=True)
class Amounts:
    """Writes amounts in the currency of a study and in the language of the page."""

    currency: str

    def alone(self, amount: float) -> str:
        """Return an amount."""
        return compact(setter(), amount, self.currency)

    def sure(self, read: Estimate) -> str:
        """Return an estimate and, when it has one, its error."""
        return sure(setter(), read.value, read.error, self.currency)

    def rare(self, curve: Curve) -> list[str]:
        """Return what a year costs in the mean, and what rarer years pass."""
        return [self.sure(each) for each in (curve.mean, *(curve.var(1 - 1 / years) for years in ONCE_IN))]


# ------------------------------------------------------------------------------------------------------------ a study
def study_answer(row: models.Study, study: Study) -> dict[str, Any]:
    """Return the context of the answer of a study, under its first option when it has one."""
    made = answers.of(row, 0, detail=True)
    write = Amounts(study.currency)
    curves = [(GROSS, made.gross)]
    if answers.programmes_of(study, 0):
        curves += [(RETAINED, made.retained), (CEDED, made.ceded)]
    return {
        "mean": write.alone(made.gross.mean.value),
        "rare": [write.alone(made.gross.var(1 - 1 / years).value) for years in ONCE_IN],
        "kept": write.alone(made.retained.mean.value),
        "insured": study.options[0].name if len(curves) > 1 else "",
        "columns": ONCE_IN.values(),
        "figures": [(name, write.rare(curve)) for name, curve in curves],
        "curve": _drawn(study, curves, made.years),
        "options": [_option(row, study, n, write) for n in range(len(study.options))],
        "parts": [(key, title, [_share(each, made, write) for each in of]) for key, title, of in _parts(made)],
        "years": whole(made.years),
    }


def _drawn(study: Study, curves: Sequence[tuple[Message, Curve]], years: int) -> Picture:
    named = [(said(name), curve) for name, curve in curves]
    subject = study.title or said(message("étude de pertes"))
    return exceedance_curve(of_loss.exceedance(subject, named, study.currency, years), setter(), "pertes")


def _option(row: models.Study, study: Study, n: int, write: Amounts) -> dict[str, Any]:
    """Return one way to be insured beside the others, all on the same events."""
    made = answers.of(row, n)
    return {
        "n": n,
        "name": study.options[n].name,
        "figures": [*write.rare(made.retained), write.sure(made.ceded.mean)],
    }


def _parts(made: Simulation) -> list[tuple[str, Message, Sequence[Share]]]:
    """Return who weighs what, the heaviest first, of each kind of which there are several."""
    every = (
        ("scenarios", message("Par scénario"), made.scenarios),
        ("postes", message("Par poste de perte"), made.heads),
        ("etablissements", message("Par établissement"), made.risks),
    )
    return [(key, title, sorted(of, key=lambda one: -one.gross.value)) for key, title, of in every if len(of) > 1]


def _share(each: Share, made: Simulation, write: Amounts) -> tuple[str, str, str, str, str]:
    """Return the name of a part, its mean gross and ceded, and its part of the mean and of the worst years."""
    tail = each.tail.get(TAIL)
    worst = made.gross.tvar(TAIL).value
    return (
        each.name,
        write.alone(each.gross.value),
        write.alone(each.ceded.value),
        _percent(each.gross.value / made.gross.mean.value if made.gross.mean.value else 0.0),
        _percent(tail.value / worst) if tail is not None and worst else "—",
    )


def _percent(share: float) -> str:
    return said(message("{value} %", value=setter().number(Decimal(100 * share), 0 if share >= 0.1 else 1)))


# -------------------------------------------------------------------------------------------------------- a programme
@dataclass(frozen=True)
class Measure:
    """One figure of a programme: with the limits as moved, as kept, and by how much it changes."""

    name: Message
    tried: str
    kept: str
    change: str


def tried(study: Study, programmes: tuple[Programme, Programme], made: Simulation, kept: Simulation) -> dict[str, Any]:
    """Return the context of the answer of a programme: as moved, and as kept, which `programmes` gives in this order."""
    write = Amounts(study.currency)
    moved, before = programmes
    rows = [_measure(name, one, other, write.alone) for name, one, other in _amounts(moved, before, made, kept)]
    curves = ((GROSS, made.gross), (RETAINED, made.retained), (CEDED, made.ceded))
    return {
        "mean": write.sure(made.retained.mean),
        "rarely": write.sure(made.retained.var(0.99)),
        "rows": rows,
        "used_up": _chance(_used_up(moved, made), made.years),
        "used_up_kept": _chance(_used_up(before, kept), made.years),
        "tower": insurance_tower(of_loss.tower(moved, setter(), study.currency), setter(), "tour"),
        "curve": _drawn(study, curves, made.years),
        "years": whole(made.years),
    }


def _amounts(
    moved: Programme, before: Programme, made: Simulation, kept: Simulation
) -> list[tuple[Message, Estimate, Estimate]]:
    pairs = [
        (message("Conservée, moyenne par an"), made.retained.mean, kept.retained.mean),
        (message("Conservée, 1 année sur 20"), made.retained.var(0.95), kept.retained.var(0.95)),
        (message("Conservée, 1 année sur 100"), made.retained.var(0.99), kept.retained.var(0.99)),
        (message("Cédée, moyenne par an (prime pure)"), made.ceded.mean, kept.ceded.mean),
        (message("Cédée, 1 année sur 100"), made.ceded.var(0.99), kept.ceded.var(0.99)),
    ]
    ours = premium.premium(moved.name, _cover(moved, made))
    theirs = premium.premium(before.name, _cover(before, kept))
    pairs.append((message("Prime technique indicative (par l’écart type)"), ours.by_deviation, theirs.by_deviation))
    pairs.append((message("Prime technique indicative (par les pires années)"), ours.by_tail, theirs.by_tail))
    return pairs


def _cover(programme: Programme, made: Simulation) -> Curve:
    """Return what a year cedes under this programme alone."""
    return next((each.ceded for each in made.policies if each.name == programme.name), made.ceded)


def _measure(name: Message, one: Estimate, other: Estimate, write: Any) -> Measure:
    by = one.value - other.value
    sign = "+" if by > 0 else "−" if by < 0 else ""
    return Measure(name, write(one.value), write(other.value), f"{sign}{write(abs(by))}")


def _used_up(programme: Programme, made: Simulation) -> float | None:
    """Return the probability that a year takes all that the programme pays in a year, None when nothing bounds it."""
    most = fsum(layer.share * layer.year for layer in programme.tower)
    return _cover(programme, made).passed(most * (1 - 1e-9)).value if isfinite(most) else None


def _chance(share: float | None, years: int) -> str:
    """Return in words how often a year does it; what too few of the simulated years did is only bounded."""
    if share is None:
        return said(message("sans plafond"))
    if share * years < SEEN:
        return said(message("moins d’une année sur {years}", years=whole(years / SEEN)))
    if share >= OFTEN:
        return said(message("{percent} des années", percent=_percent(share)))
    return said(message("1 année sur {years}", years=whole(1 / share)))
