"""What the pictures of a loss study show, taken from its curves and its programmes: nothing is decided here."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import ceil, floor, inf, isfinite, log10

from egide.insurance.programme import Cover, Layer, Programme
from egide.locale import loss_text
from egide.loss.curve import Curve
from egide.loss.terms import Retention
from egide.message import Message, message
from egide.report.papers.typography import Setter
from egide.report.pictures.amounts import compact
from egide.report.pictures.exceedance import Exceedance, Line, Reading
from egide.report.pictures.tower import Slice, Tower

COMMONEST, BETWEEN = 0.5, 16
"""The commonest year shown, and the points of a curve beside those of round numbers of years."""
NEAR = 0.01
"""Relative difference under which two points of a curve are the same."""
RARE, ENOUGH = 10, 100
"""One year in so many is always shown; a rarer one, when that many simulated years are beyond it."""
ROUND = tuple(each * 10**power for power in range(7) for each in (1, 2, 5))[1:]
ABOVE, FAR_ABOVE = 1.25, 4.0
"""How far a tower is drawn, in times its last bound: above its top, above where a layer without end begins."""


def probabilities(years: int) -> tuple[float, ...]:
    """Return the probabilities worth showing of so many simulated years, the commonest first."""
    rarest = max([RARE, *(each for each in ROUND if each * ENOUGH <= years)])
    ratio = (1 / rarest / COMMONEST) ** (1 / BETWEEN)
    shown = {1 / each for each in ROUND if each <= rarest}
    between = (COMMONEST * ratio**n for n in range(1, BETWEEN))
    shown |= {each for each in between if all(abs(each / known - 1) > NEAR for known in shown)}
    return tuple(sorted(shown, reverse=True))


def exceedance(subject: str, curves: Sequence[tuple[str, Curve]], currency: str, years: int) -> Exceedance:
    """Return the curves of named yearly amounts, as far as `years` simulated years say something of them."""
    shown = probabilities(years)
    lines = (
        Line(name, tuple(Reading(p, read.value, read.error) for p, read in zip(shown, curve.exceedance(shown), strict=True)))
        for name, curve in curves
    )  # fmt: skip
    return Exceedance(subject, tuple(lines), currency)


def tower(programme: Programme, setter: Setter, currency: str, top: float = 0.0) -> Tower:
    """Return a programme as a tower, drawn up to `top` at least."""
    retention = programme.retention
    floor = min(max(retention.flat, retention.least), retention.most)
    deducted = 0.0 if retention.franchise else floor
    slices = tuple(_slice(each, deducted, setter, currency) for each in programme.tower if each.share)
    known = [each for one in slices for each in (one.low, one.high) if isfinite(each)]
    highest = max([floor, *known])
    endless = any(one.high == inf for one in slices)
    drawn = max(top, _rounded(highest * (FAR_ABOVE if endless else ABOVE)))
    own = () if not retention.franchise else ((message("Franchise simple"), _retained(retention, setter, currency)),)
    beside = ((setter.say(term), setter.say(said)) for term, said in (*own, *_beside(programme, setter, currency)))
    said = setter.say(message("Franchise : {said}", said=_retained(retention, setter, currency)))
    return Tower(setter.say(programme.name), deducted, said, slices, drawn, tuple(beside), currency)


def _rounded(amount: float) -> float:
    """Return the next amount of two figures."""
    if amount <= 0:
        return 1.0
    unit = 10.0 ** (floor(log10(amount)) - 1)
    return ceil(amount / unit) * unit


def _slice(layer: Layer, floor: float, setter: Setter, currency: str) -> Slice:
    notes = []
    if layer.insurers:
        parts = (
            message("{name} {share} %", name=name, share=_percent(share)) for name, share in layer.insurers.items()
        )
        notes.append(setter.say(message("{parts}", parts=tuple(parts))))
    if isfinite(layer.year):
        notes.append(setter.say(message("{amount} au plus dans l'année", amount=compact(setter, layer.year, currency))))
    if layer.annual_retention:
        kept = compact(setter, layer.annual_retention, currency)
        notes.append(setter.say(message("les premiers {amount} de l'année à votre charge", amount=kept)))
    return Slice(setter.say(layer.name), floor + layer.attachment, floor + layer.top, layer.share, tuple(notes))


def _retained(retention: Retention, setter: Setter, currency: str) -> Message:
    """Return in words what an event costs before anything is paid."""

    def amount(value: float) -> str:
        return compact(setter, value, currency)

    parts: list[Message] = []
    if retention.flat or not retention.share:
        parts.append(message("{amount} par événement", amount=amount(max(retention.flat, retention.least))))
    if retention.share:
        parts.append(message("{share} % de l'événement", share=_percent(retention.share)))
    if retention.least > retention.flat and retention.share:
        parts.append(message("{amount} au moins", amount=amount(retention.least)))
    if retention.share and isfinite(retention.most):
        parts.append(message("{amount} au plus", amount=amount(retention.most)))
    said = message("{parts}", parts=tuple(parts))
    if retention.franchise:
        return message("rien n'est payé jusqu'à {said} ; au-delà, tout l'est dès le premier euro", said=said)
    return said


def _beside(programme: Programme, setter: Setter, currency: str) -> Iterable[tuple[Message, Message]]:
    """Give the bounds that are not on the scale of an event."""
    if programme.waiting_hours:
        yield message("Franchise en heures"), message("{hours} h d'arrêt", hours=_exact(programme.waiting_hours))
    if isfinite(programme.indemnity_days):
        yield message("Période d'indemnisation"), message("{days} jours", days=_exact(programme.indemnity_days))
    for name, cover in programme.heads.items():
        yield message("{name}", name=loss_text.name(name, setter.language)), _cover(cover, setter, currency)
    if programme.other_heads != Cover():
        yield message("Autres postes"), _cover(programme.other_heads, setter, currency)
    if programme.excluded_scenarios:
        yield message("Exclus"), message("{names}", names=tuple(sorted(programme.excluded_scenarios)))
    if programme.paid < 1:
        yield message("Conditions remplies"), message("{share} fois sur 100", share=_percent(programme.paid))


def _cover(cover: Cover, setter: Setter, currency: str) -> Message:
    if cover.excluded:
        return message("non couvert")
    parts: list[Message] = []
    if isfinite(cover.sublimit):
        parts.append(message("{amount} au plus par événement", amount=compact(setter, cover.sublimit, currency)))
    if cover.coinsurance:
        parts.append(message("{share} % à votre charge", share=_percent(cover.coinsurance)))
    return message("{parts}", parts=tuple(parts)) if parts else message("couvert")


def _percent(share: float) -> Decimal:
    return _exact(100 * share)


def _exact(value: float) -> Decimal:
    """Return a number as one writes it: two decimals at most, none that says nothing."""
    rounded = Decimal(round(value, 2)).quantize(Decimal("0.01"))
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()
