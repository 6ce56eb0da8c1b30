"""The risk model tried against the published national figures: worked out now or read as stored, told as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from egide import reference
from egide.locale import say
from egide.message import Language, Message
from egide.risk.freeze import Freeze
from egide.risk.library import Library, Override
from egide.risk.outcome import BackTest, Line
from egide.risk.published import Figure, Published

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Tried:
    """A back-test beside what was published; `departure` is what to print when the parameters are not the frozen ones."""

    published: Published
    outcome: BackTest
    frozen: Freeze
    departure: Message | None
    overrides: tuple[Override, ...]

    @cached_property
    def lines(self) -> tuple[tuple[Figure, Line], ...]:
        """Return each published figure with what the model gives beside it."""
        return tuple(zip(self.published.figures, self.outcome.lines, strict=True))


def tried(library: Library | None = None, *, draws: int | None = None, seed: int | None = None) -> Tried:
    """Return the back-test of a library worked out now; without any, that of the reference library."""
    from egide.risk.backtest import DRAWS, SEED, backtest  # noqa: PLC0415 (a page served from the stored result needs none)

    used = reference.risk_library() if library is None else library
    published = reference.national_figures()
    outcome = backtest(used, published, count=draws or DRAWS, seed=SEED if seed is None else seed)
    return _beside(used, outcome)


def stored() -> Tried:
    """Return the back-test of the reference library as it is stored: nothing is worked out."""
    return _beside(reference.risk_library(), reference.backtest())


def _beside(library: Library, outcome: BackTest) -> Tried:
    published, freezes = reference.national_figures(), reference.freezes()
    return Tried(published, outcome, freezes.last, freezes.departure(library, published), library.overrides)


def data(tried: Tried, language: Language) -> dict[str, Any]:
    """Return the back-test as JSON says it; shares between 0 and 1, amounts in EUR, durations in days."""
    published, outcome = tried.published, tried.outcome
    return {
        "format": FORMAT,
        "title": published.title.say(language),
        "base": published.base.say(language),
        "digest": outcome.library,
        "figures_digest": outcome.figures,
        "frozen": {
            "day": tried.frozen.day.isoformat(),
            "digest": tried.frozen.library,
            "same": tried.departure is None,
            "says": say(tried.departure, language) if tried.departure else "",
        },
        "overrides": [{"id": each.id, "before": each.before, "after": each.after} for each in tried.overrides],
        "draws": outcome.draws,
        "seed": outcome.seed,
        "inside": len(outcome.lines) - len(outcome.missed),
        "outside": len(outcome.missed),
        "figures": [_figure(published, *each, language) for each in tried.lines],
        "untested": [
            {"id": each.id, "name": each.name.say(language), "published": each.published.say(language), "reason": each.reason.say(language)}
            for each in published.untested
        ],
        "supplier_years": float(outcome.supplier_years),
        "year_like_2021": {
            "says": published.stress.says.say(language),
            "published": float(published.stress.published),
            "ransomware": _interval(outcome.stressed_ransomware),
            "loss_of_hospitals": _interval(outcome.stressed_loss),
            "categories": [
                {"category": each.category, "usual": float(each.usual), "stressed": float(each.stressed)}
                for each in outcome.heavier
            ],
        },
        "loss_of_hospitals": {**_interval(outcome.loss), "revenue_share": float(outcome.revenue_share)},
    }  # fmt: skip


def _figure(published: Published, figure: Figure, line: Line, language: Language) -> Mapping[str, Any]:
    return {
        "id": figure.id,
        "line": figure.line,
        "name": figure.name.say(language),
        "measure": published.says[figure.measure].say(language),
        "year": figure.year,
        "unit": figure.unit.value,
        "published": _number(figure.published),
        **_interval(line.found),
        "width": None if line.found.width is None else float(line.found.width),
        "role": figure.role.value,
        "verdict": line.verdict.value,
        "by_a_hair": line.by_a_hair,
        "source": figure.source.say(language),
        "grade": figure.grade.value,
        "population": figure.population.say(language),
        "note": figure.note.say(language),
        "reason": figure.miss.say(language),
    }


def _number(published: tuple[Decimal, ...]) -> float | list[float]:
    numbers = [float(each) for each in published]
    return numbers[0] if len(numbers) == 1 else numbers


def _interval(found: Any) -> dict[str, float]:
    return {"modelled": float(found.modelled), "low": float(found.low), "high": float(found.high)}
