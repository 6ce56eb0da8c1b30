"""A single line far under those of the other bids: noted beside the detector on totals, never a reason by itself (R27)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.classing import named
from egide.tender.model import Bid
from egide.tender.rules import Rules
from egide.tender.schedule import Schedule


def low_lines(rules: Rules, schedule: Schedule, bids: Sequence[Bid]) -> Iterator[Finding]:
    """Yield one note for each compared bid of a lot that has lines far under the others, by the thresholds of totals."""
    for bid, lines in far_lines(rules, schedule, bids):
        yield Finding(
            "bid.low_line",
            Severity.NOTE,
            message("prix unitaires très inférieurs à ceux des autres offres, lignes {lines}", lines=lines),
            message("Vérifier que la prestation de ces lignes est comprise ; joindre la question à une demande de justification s'il y en a une."),
            place=named(bid.key),
            tenderer=bid.key.tenderer,
        )  # fmt: skip


def far_lines(rules: Rules, schedule: Schedule, bids: Sequence[Bid]) -> Iterator[tuple[Bid, tuple[str, ...]]]:
    """Yield the bids that have lines far under the others, and these lines; options and discounts are left out."""
    rule = rules.by_id.get("R27")
    priced = [(bid, bid.price) for bid in bids if bid.price is not None]
    if rule is None or len(priced) < 2:
        return
    mean, following = (1 - Fraction(rule.parameters[name]) for name in ("under_mean", "under_next"))
    units = [
        {line.id: Fraction(line.unit_price) for line in price.lines if line.unit_price is not None}
        for _, price in priced
    ]
    for n, (bid, _) in enumerate(priced):
        lines = []
        for line in schedule.of_lot(bid.key.lot):
            others = [each[line.id] for m, each in enumerate(units) if m != n and line.id in each]
            if line.discount or line.id not in units[n] or not others:
                continue
            unit = units[n][line.id]
            if unit * len(others) < sum(others, Fraction(0)) * mean or unit < min(others) * following:
                lines.append(line.id)
        if lines:
            yield bid, tuple(lines)
