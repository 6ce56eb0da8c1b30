"""The parts of the analysis report on prices by the published schedule: lines side by side, options, variants, differences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from egide.finding import Finding
from egide.message import Message, message
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.view import NOTHING, View
from egide.tender.classing import named
from egide.tender.evaluation import Row
from egide.tender.model import PriceLine
from egide.tender.schedule import Period, ScheduleLine, grouped

ACROSS = 4
"""Bids side by side on a portrait page."""
MANY = 16
"""Above this number of bids the report shows groups only: lines are in the matrix."""
TIMES: Mapping[Period, Message] = {
    Period.ONCE: message("Quantité : {quantity}{unit}"),
    Period.MONTH: message("Quantité : {quantity}{unit}, pendant {times} mois"),
    Period.YEAR: message("Quantité : {quantity}{unit}, nombre d'années : {times}"),
}
Amounts = Callable[[Row], Mapping[str, PriceLine]]


def detail(seen: View, rows: Sequence[Row]) -> list[Block]:
    """Return what founds the prices of a lot by its schedule; nothing when it has none."""
    lot = rows[0].key.lot if rows else ""
    asked = seen.tender.schedule.of_lot(lot)
    priced = [row for row in rows if lines_of(seen, row)]
    if not asked or not priced:
        return []
    kept, options = [line for line in asked if not line.optional], [line for line in asked if line.optional]
    result: list[Block] = [blocks.paragraph(seen.set.say(_rule(seen)))]
    for part in _parts([row for row in priced if not row.key.variant] or priced):
        result.append(_table(seen, part, kept, short=len(priced) > MANY))
    if len(priced) > MANY:
        result.append(
            blocks.remark(seen.set.say(message("Le détail par ligne est dans la matrice, feuille « Prix ».")))
        )
    result += _variants(seen, priced, kept)
    if options:
        result.append(blocks.paragraph(seen.set.say(message("Options (PSE), jamais comptées dans le prix comparé :"))))
        result += [_lines(seen, part, options) for part in _parts(priced)]
    return [*result, *_differences(seen, lot, rows), *_low_lines(seen, lot, priced)]


def lines_of(seen: View, row: Row) -> dict[str, PriceLine]:
    """Return the lines of the schedule that a bid prices, options included, by identifier."""
    price = seen.bids[row.key].price if row.key in seen.bids else None
    return {line.id: line for line in (*price.lines, *price.options) if line.id} if price else {}


def _rule(seen: View) -> Message:
    months = seen.tender.schedule.months
    said = message(
        "Prix unitaires offerts × quantités publiées × périodes ; chaque ligne est arrondie au centime, au plus proche, et le total additionne les lignes arrondies."
    )
    lasting = message("{said} Durée : {months} mois.", said=said, months=months) if months else said
    return message("{said} Dans chaque case : prix unitaire, puis montant sur la durée, hors taxes.", said=lasting)  # fmt: skip


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), ACROSS):
        yield rows[start : start + ACROSS]


# --------------------------------------------------------------------------------------------------------------- lines
def _widths(count: int) -> str:
    return "1f " + " ".join(["29>"] * count)


def _table(seen: View, rows: Sequence[Row], lines: Sequence[ScheduleLine], *, short: bool) -> Block:
    """Return lines x bids with a subtotal for each group and the total compared."""
    say = seen.set.say
    priced = [lines_of(seen, row) for row in rows]
    groups = grouped(lines)
    cells: list[list[str]] = []
    strong: list[int] = []
    for name, members in groups:
        title = say(name) if name else say(message("Autres lignes"))
        if not short:
            strong += [len(cells)] if len(groups) > 1 else []
            cells += [[title, *[""] * len(rows)]] if len(groups) > 1 else []
            cells += [_line(seen, line, priced) for line in members]
        if len(groups) > 1:
            strong += [] if short else [len(cells)]
            sums = [sum((each[line.id].amount for line in members if line.id in each), Decimal(0)) for each in priced]
            label = title if short else say(message("Sous-total : {group}", group=title))
            cells.append([label, *(seen.set.money(each, seen.tender.currency) for each in sums)])
    strong.append(len(cells))
    cells.append([say(message("Prix comparé HT")), *(seen.set.money(row.price or Decimal(0), seen.tender.currency) for row in rows)])  # fmt: skip
    return blocks.table(
        _widths(len(rows)), [say(message("Ligne")), *(seen.name(row.key) for row in rows)], cells, strong
    )


def _lines(seen: View, rows: Sequence[Row], lines: Sequence[ScheduleLine]) -> Block:
    head = [seen.set.say(message("Option")), *(seen.name(row.key) for row in rows)]
    priced = [lines_of(seen, row) for row in rows]
    return blocks.table(_widths(len(rows)), head, [_line(seen, line, priced) for line in lines])


def _line(seen: View, line: ScheduleLine, priced: Sequence[Mapping[str, PriceLine]]) -> list[str]:
    return [f"{seen.set.quote(line.id)} – {seen.set.say(line.title)}\n{counted(seen, line)}", *(_cell(seen, each.get(line.id)) for each in priced)]  # fmt: skip


def counted(seen: View, line: ScheduleLine) -> str:
    """Return the quantity of a line and how often it is paid, in words."""
    times = seen.tender.schedule.times(line)
    shown = (Decimal(times.numerator) / times.denominator).quantize(Decimal("0.01"))
    unit = f" ({line.unit})" if line.unit else ""
    values = {"quantity": seen.set.number(line.quantity, None), "unit": unit, "times": seen.set.number(shown, None)}
    return seen.set.say(Message(TIMES[line.period].text, values))


def _cell(seen: View, line: PriceLine | None) -> str:
    if line is None or line.unit_price is None:
        return NOTHING
    unit = seen.set.number(line.unit_price, max(2, -int(line.unit_price.normalize().as_tuple().exponent)))
    return f"{unit}\n{seen.set.money(line.amount, seen.tender.currency)}"


# ------------------------------------------------------------------------------------------------------------ variants
def _variants(seen: View, rows: Sequence[Row], lines: Sequence[ScheduleLine]) -> list[Block]:
    """Return each variant beside the base bid of its tenderer."""
    variants = [row for row in rows if row.key.variant]
    bases = {row.key.tenderer: row for row in rows if not row.key.variant}
    if not variants or not bases:
        return []
    result: list[Block] = [blocks.paragraph(seen.set.say(message("Variantes, à côté de l'offre de base du même soumissionnaire :")))]  # fmt: skip
    for tenderer, own in groupby(variants, key=lambda row: row.key.tenderer):
        beside = [bases[tenderer]] if tenderer in bases else []
        for part in _parts([*beside, *own]):
            result.append(_table(seen, part, lines, short=False))
    return result


# --------------------------------------------------------------------------------------------------------- differences
def price_findings(seen: View, lot: str) -> list[Finding]:
    """Return what reading said of the prices of a lot."""
    return [each for each in seen.record.findings if each.code.startswith("price.") and seen.lot_of(each) in {lot, ""}]


def _differences(seen: View, lot: str, rows: Sequence[Row]) -> list[Block]:
    say = seen.set.say
    found = price_findings(seen, lot)
    if not found:
        return [blocks.remark(say(message("Aucun écart entre les pièces de prix n'a été relevé à la lecture.")))]
    names = {row.key.tenderer: seen.set.quote(_tenderer(seen, row.key.tenderer)) for row in rows}
    cells = [
        [names.get(each.tenderer, seen.set.quote(each.tenderer)), seen.set.quote(_place(each)), say(each.understood)]
        for each in found
    ]
    head = [say(message("Soumissionnaire")), say(message("Où")), say(message("Écart relevé et valeur prise"))]
    return [
        blocks.paragraph(say(message("Écarts relevés dans les pièces de prix ; chaque doute est posé au soumissionnaire, aucun n'est tranché en silence :"))),
        blocks.table("36 42 1f", head, cells),
    ]  # fmt: skip


def _tenderer(seen: View, tenderer: str) -> str:
    known = seen.tender.tenderer.get(tenderer)
    return known.name or known.id if known else tenderer


def _place(finding: Finding) -> str:
    file = "/".join(finding.file.split("/")[3:]) or finding.file.rsplit("/", 1)[-1]
    return f"{file}, {finding.place}" if finding.place else file


# ------------------------------------------------------------------------------------------------------ abnormally low
def _low_lines(seen: View, lot: str, rows: Sequence[Row]) -> list[Block]:
    """Write out the lines noted far under those of the others, with the figures that note them."""
    say, number = seen.set.say, seen.set.number
    noted = {each.place: each.understood.values for each in seen.record.findings if each.code == "bid.low_line" and seen.lot_of(each) == lot}  # fmt: skip
    compared = [row for row in rows if not seen.excluded(row)]
    cells = []
    for row in compared:
        own = lines_of(seen, row)
        told = noted.get(named(row.key), {}).get("lines", ())
        for line in told if isinstance(told, list | tuple) else ():
            others = [
                each.unit_price
                for other in compared
                if other is not row and (each := lines_of(seen, other).get(line)) and each.unit_price is not None
            ]
            unit = own[line].unit_price if line in own else None
            if unit is None or not others:
                continue
            mean = sum(others, Decimal(0)) / len(others)
            cells.append([seen.name(row.key), seen.set.quote(line), number(unit), number(mean), _gap(seen, unit, mean), number(min(others)), _gap(seen, unit, min(others))])  # fmt: skip
    if not cells:
        return []
    head = [say(each) for each in (message("Offre"), message("Ligne"), message("Prix unitaire"), message("Moyenne des autres"), message("Écart"), message("Plus bas des autres"), message("Écart"))]  # fmt: skip
    return [
        blocks.paragraph(say(message("Lignes très inférieures à celles des autres offres, par les seuils qui signalent un prix total : une note, qui n'exclut rien et ne demande rien par elle-même."))),
        blocks.table("1f 20 24> 26> 18> 26> 18>", head, cells),
    ]  # fmt: skip


def _gap(seen: View, price: Decimal, reference: Decimal) -> str:
    if reference == 0:
        return NOTHING
    return seen.set.say(message("{gap} %", gap=seen.set.number((price - reference) / reference * 100, 1)))


# ----------------------------------------------------------------------------------------------------------- all lots
def global_prices(seen: View) -> list[Block]:
    """Return the price of each tenderer over the lots: a sum, for information; marks of lots are never averaged."""
    lots = [lot for lot in seen.tender.lots if seen.evaluation.lot(lot.id)]
    if seen.part or len(lots) < 2:
        return []
    say, currency = seen.set.say, seen.tender.currency
    prices = {
        (row.key.tenderer, row.key.lot): row.price
        for row in seen.evaluation.ranking
        if row.price is not None and not row.key.variant
    }
    tenderers = [each for each in seen.tender.tenderers if any((each.id, lot.id) in prices for lot in lots)]
    if not tenderers:
        return []
    cells = []
    for each in tenderers:
        own = [prices.get((each.id, lot.id)) for lot in lots]
        given = [price for price in own if price is not None]
        shown = [NOTHING if price is None else seen.set.money(price, currency) for price in own]
        cells.append([seen.set.quote(each.name or each.id), *shown, seen.set.money(sum(given, Decimal(0)), currency), str(len(given))])  # fmt: skip
    head = [say(message("Soumissionnaire")), *(seen.set.quote(lot.id) for lot in lots), say(message("Somme")), say(message("Lots"))]  # fmt: skip
    rule = seen.evaluation.rules.by_id.get("R40")
    why = message("Prix HT des offres de base. Le prix global est la somme des lots, pour information : chaque lot a son classement, et les notes des lots ne sont jamais moyennées.")  # fmt: skip
    return [
        blocks.heading(say(message("Prix sur l'ensemble des lots")), 2),
        blocks.paragraph(say(message("{why} ({article})", why=why, article=rule.article) if rule else why)),
        blocks.table("1f " + "31> " * (len(lots) + 1) + "14>", head, cells),
    ]
