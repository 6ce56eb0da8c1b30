"""Two exercises side by side: only what both asked is compared, and what only one asked is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from egide.exercise.debrief import Debrief
from egide.exercise.outcome import Outcome, Result, result
from egide.exercise.record import Done

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A family, a function or the whole in both exercises, counted on the reactions that both asked for."""

    before: Result
    after: Result

    @property
    def difference(self) -> float:
        """Return by how much the level changed, -1 to 1."""
        return self.after.low - self.before.low


@dataclass(frozen=True, slots=True)
class Comparison:
    """`common` reactions were asked in both exercises; `only_before` and `only_after` in one. Changes by code.

    `comparable` is False when nothing is common: then `whole` is None and the mappings are empty.
    `mended` were missed before and done after, `lost` the other way round (the outcomes of after).
    """

    before: Debrief
    after: Debrief
    common: int
    only_before: int
    only_after: int
    whole: Change | None
    families: Mapping[str, Change]
    functions: Mapping[str, Change]
    mended: tuple[Outcome, ...]
    lost: tuple[Outcome, ...]

    @property
    def comparable(self) -> bool:
        """Say whether there is anything to compare."""
        return self.common > 0


def compared(before: Debrief, after: Debrief) -> Comparison:
    """Return what changed between two exercises.

    A reaction is the same in both when the inject and the expectation have the same ids; for lines that people added,
    when they also say the same.
    """
    old, new = _asked(before), _asked(after)
    common = old.keys() & new.keys()
    then = [each for key, several in old.items() if key in common for each in several]
    now = [each for key, several in new.items() if key in common for each in several]
    both = [(old[key], new[key]) for key in new if key in common]
    return Comparison(
        before=before,
        after=after,
        common=len(common),
        only_before=len(old) - len(common),
        only_after=len(new) - len(common),
        whole=Change(result(then), result(now)) if common else None,
        families=_changes(before.families, then, now, lambda each: each.expectation.family),
        functions=_changes(before.functions, then, now, lambda each: each.expectation.by),
        mended=tuple(new[0] for old, new in both if _missed(old) and _done(new)),
        lost=tuple(new[0] for old, new in both if _done(old) and _missed(new)),
    )


def _asked(debrief: Debrief) -> dict[Key, list[Outcome]]:
    found: dict[Key, list[Outcome]] = defaultdict(list)
    for each in debrief.outcomes:
        own = "" if each.module else f"{each.title.fr}\n{each.expectation.text.fr}"
        found[each.inject, each.expectation.id, own].append(each)
    return found


def _changes(
    codes: Iterable[str], then: Sequence[Outcome], now: Sequence[Outcome], key: Callable[[Outcome], str]
) -> dict[str, Change]:
    both = {key(each) for each in then} & {key(each) for each in now}
    return {
        code: Change(result(each for each in then if key(each) == code), result(each for each in now if key(each) == code))
        for code in codes
        if code in both
    }  # fmt: skip


def _missed(several: Iterable[Outcome]) -> bool:
    return any(each.done in {Done.NO, Done.PARTIAL} for each in several)


def _done(several: Iterable[Outcome]) -> bool:
    return all(each.done is Done.YES for each in several)
