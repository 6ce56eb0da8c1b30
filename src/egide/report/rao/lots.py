"""The parts of the analysis report on the lots: the short result first, then bids, prices, notes and totals."""

from collections.abc import Sequence
from decimal import Decimal

from egide.clausier.model import Moment
from egide.finding import Finding
from egide.message import message
from egide.report import arithmetic, risk_cost
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.rao import overview, parties, prices
from egide.report.view import NOTHING, View
from egide.tender import words
from egide.tender.evaluation import Row
from egide.tender.model import BidKey, Criterion, Kind, Lot


# ---------------------------------------------------------------------------------------------------------- synthesis
def synthesis(seen: View) -> list[Block]:
    """Return the short result: a ranking proposed for each lot, and what remains to be confirmed."""
    say = seen.set.say
    status = message("Évaluation définitive : tous les niveaux, notes et décisions attendus ont été retenus.")
    facts = [
        (say(message("Acheteur")), say(seen.tender.buyer.name)),
        (say(message("Date limite de remise des offres")), seen.set.day(seen.tender.deadline)),
        (say(message("Statut")), say(status)),
    ]
    result = [blocks.heading(say(message("Synthèse"))), blocks.pairs(facts)]
    for lot in seen.tender.lots:
        result += _short(seen, lot)
    return [*result, blocks.heading(say(message("Ce qui reste à confirmer")), 2), blocks.items(_to_confirm(seen))]


def _short(seen: View, lot: Lot) -> list[Block]:
    rows = seen.evaluation.lot(lot.id)
    result = [blocks.heading(seen.lot_name(lot), 2)]
    if not rows:
        return [*result, blocks.lead(seen.set.say(message("Aucune offre n'a été remise pour ce lot.")))]
    return [*result, blocks.lead(_conclusion(seen, rows)), _ranking(seen, rows), *overview.totals(seen, lot)[:1]]


def _conclusion(seen: View, rows: Sequence[Row]) -> str:
    ranked = [row for row in rows if row.rank is not None]
    if not ranked:
        return seen.set.say(message("Aucune offre ne peut être classée."))
    first = ranked[0]
    name, total = seen.name(first.key), seen.set.number(first.total)
    if len(ranked) == 1:
        return seen.set.say(message("Classement proposé : seule offre classée, « {name} », avec {total} points sur 100.", name=name, total=total))  # fmt: skip
    second = ranked[1]
    return seen.set.say(message("Classement proposé : en tête, « {name} », avec {total} points sur 100 ; puis « {second} », avec {other}.", name=name, total=total, second=seen.name(second.key), other=seen.set.number(second.total)))  # fmt: skip


def _ranking(seen: View, rows: Sequence[Row]) -> Block:
    say = seen.set.say
    head = [
        say(message("Rang")),
        say(message("Soumissionnaire")),
        say(message("Classe")),
        say(message("Prix HT")),
        say(message("Total sur 100")),
    ]
    cells = [
        [_rank(seen, row), seen.name(row.key), _class(seen, row), _price(seen, row), _total(seen, row)] for row in rows
    ]
    return blocks.table("18 1f 42 36> 30>", head, cells, [n for n, row in enumerate(rows) if row.rank == 1])  # fmt: skip


def _rank(seen: View, row: Row) -> str:
    return str(row.rank) if row.rank is not None else seen.set.say(message("exclue"))


def _class(seen: View, row: Row) -> str:
    word = seen.word(words.CLASSES, row.bid_class)
    low = seen.set.say(message("prix à justifier"))
    return f"{word} · {low}" if row.abnormally_low else word


def _price(seen: View, row: Row) -> str:
    return NOTHING if row.price is None else seen.set.money(row.price, seen.tender.currency)


def _total(seen: View, row: Row) -> str:
    if not seen.noted(row):
        return NOTHING
    total = seen.set.number(row.total)
    return seen.set.say(message("{total} (information)", total=total)) if seen.excluded(row) else total


def _to_confirm(seen: View) -> list[str]:
    say = seen.set.say
    lines = [
        say(message("« {name} » : justification du prix à demander et à apprécier avant toute attribution (L2152-6, R2152-3) ; l'écart seul ne permet pas de rejeter.", name=seen.name(row.key)))
        for row in seen.evaluation.ranking
        if row.abnormally_low and not seen.excluded(row)
    ]  # fmt: skip
    budgets = [finding for finding in seen.record.findings if finding.code == "bid.over_budget"]
    lines += [
        f"{seen.set.quote(finding.place)} – {say(finding.understood)} – {say(finding.remedy)}" for finding in budgets
    ]
    counted = len(_doubts(seen))
    if counted:
        lines.append(say(message("{count} doutes, listés dans la partie 5 : de lecture des réponses, de notation ou sur la consultation elle-même.", count=counted)))  # fmt: skip
    proofs = [point.id for point in seen.clausier.points.values() if any(proof.when is Moment.FROM_PRESUMED_WINNER for proof in point.proofs)]  # fmt: skip
    if proofs:
        lines.append(say(message("Preuves à demander à l'attributaire pressenti, pour {count} points : {points}.", count=len(proofs), points=tuple(proofs))))  # fmt: skip
    return lines or [say(message("Rien : aucun doute n'est ouvert."))]


def _doubts(seen: View) -> list[Finding]:
    shown = {"bid.abnormally_low", "bid.over_budget"}
    return [
        each
        for of_lot in seen.findings.values()
        for of_tenderer in of_lot.values()
        for each in of_tenderer
        if each.code not in shown
    ]


# ------------------------------------------------------------------------------------------------------------ analysis
def analysis(seen: View) -> list[Block]:
    """Return the analysis lot by lot."""
    result = [blocks.heading(seen.set.say(message("Analyse par lot")))]
    for lot in seen.tender.lots:
        rows = seen.evaluation.lot(lot.id)
        result.append(blocks.heading(seen.lot_name(lot), 2))
        if not rows:
            result.append(blocks.paragraph(seen.set.say(message("Aucune offre n'a été remise pour ce lot."))))
            continue
        result += [
            *_received(seen, lot, rows),
            *_notes(seen, rows),
            *_totals(seen, lot, rows),
            *_low(seen, rows),
            *overview.levels(seen, lot),
            *risk_cost.in_report(seen, lot),
        ]
    return [*result, *prices.global_prices(seen)]


def _received(seen: View, lot: Lot, rows: Sequence[Row]) -> list[Block]:
    say = seen.set.say
    by_key = {row.key: row for row in rows}
    keys = [
        *by_key,
        *sorted(bid.key for bid in seen.evaluation.bids if bid.key.lot == lot.id and bid.key not in by_key),
    ]
    head = [
        say(message("Soumissionnaire")),
        "SIRET",
        say(message("Offre")),
        say(message("Classe")),
        say(message("Rang")),
    ]
    cells = [
        [seen.name(key), seen.set.quote(seen.tender.tenderer[key.tenderer].siret or NOTHING) if key.tenderer in seen.tender.tenderer else NOTHING, _kind(seen, key)]
        + ([_class(seen, by_key[key]), _rank(seen, by_key[key])] if key in by_key else [say(message("remplacée par un tour suivant")), NOTHING])
        for key in keys
    ]  # fmt: skip
    blocks_ = [blocks.heading(say(message("Offres reçues et classe")), 3), blocks.table("1f 34 32 46 18", head, cells)]
    decided = [key for key in keys if key in seen.decisions]
    if not decided:
        blocks_.append(blocks.remark(say(message("Aucune décision n'a eu à être prise sur la classe d'une offre."))))
    else:
        blocks_.append(_decisions(seen, decided))
    return [*blocks_, *parties.rounds(seen, rows), *parties.parties(seen, keys)]


def _kind(seen: View, key: BidKey) -> str:
    base = message("variante {variant}", variant=key.variant) if key.variant else message("offre de base")
    return seen.set.say(message("{base}, tour {round}", base=base, round=key.round))


def _decisions(seen: View, keys: Sequence[BidKey]) -> Block:
    say = seen.set.say
    head = [
        say(message("Offre")),
        say(message("Décision")),
        say(message("Personne")),
        say(message("Date")),
        say(message("Motif")),
    ]
    rows = []
    for key in keys:
        decision = seen.decisions[key]
        drawn = say(message("rang tiré au sort : {draw}", draw=decision.draw)) if decision.draw else ""
        word = seen.word(words.CLASSES, decision.bid_class)
        rows.append([seen.name(key), f"{word} · {drawn}" if drawn else word, seen.set.quote(decision.person), seen.set.day(decision.decided_on), say(decision.reason)])  # fmt: skip
    return blocks.table("1f 32 34 20 1.6f", head, rows)


# --------------------------------------------------------------------------------------------------------------- notes
def _notes(seen: View, rows: Sequence[Row]) -> list[Block]:
    compared = arithmetic.prices(seen, rows)
    noted = [row for row in rows if seen.noted(row)]
    result: list[Block] = []
    for criterion in seen.tender.criteria:
        title = seen.set.say(
            message(
                "Critère « {title} », {weight} points", title=seen.criterion_title(criterion), weight=criterion.weight
            )
        )
        result.append(blocks.heading(title, 3))
        if criterion.kind is Kind.PRICE:
            result += _prices(seen, criterion, rows, compared)
        result.append(_criterion(seen, criterion, noted, compared))
    left = [seen.name(row.key) for row in rows if row not in noted]
    if left:
        result.append(blocks.remark(seen.set.say(message("Hors classement et non notées en entier : {names}.", names=tuple(left)))))  # fmt: skip
    return result


def _prices(seen: View, criterion: Criterion, rows: Sequence[Row], compared: Sequence[Decimal]) -> list[Block]:
    say, money, currency = seen.set.say, seen.set.money, seen.tender.currency
    if not compared:
        return []
    lowest = ", ".join(seen.name(row.key) for row in rows if row.compared == min(compared) and not seen.excluded(row))
    said = say(message("Pmin = {price} ({names}) ; Pmax = {highest}. {count} prix comparés.", price=money(min(compared), currency), names=lowest, highest=money(max(compared), currency), count=len(compared)))  # fmt: skip
    paragraphs = [blocks.paragraph(said)]
    if any(row.added for row in rows):
        paragraphs.append(blocks.paragraph(say(message("P est le prix HT augmenté du coût du risque, plafonné, comme l'annoncent les documents de la consultation."))))  # fmt: skip
    return [*paragraphs, *(prices.detail(seen, rows) or _price_lines(seen, rows))]


def _price_lines(seen: View, rows: Sequence[Row]) -> list[Block]:
    say, money, currency = seen.set.say, seen.set.money, seen.tender.currency
    parts = []
    for row in rows:
        price = seen.bids[row.key].price if row.key in seen.bids else None
        if price is not None and price.lines:
            lines = [[seen.set.quote(line.label), money(line.amount, currency)] for line in price.lines]
            parts.append(
                (seen.name(row.key), lines, say(message("Prix comparé : {price}", price=money(price.total, currency))))
            )
    return (
        [blocks.groups("1f 40>", [say(message("Décomposition du prix HT")), say(message("Montant"))], parts)]
        if parts
        else []
    )


def _criterion(seen: View, criterion: Criterion, rows: Sequence[Row], compared: Sequence[Decimal]) -> Block:
    say = seen.set.say
    label = message("Offre et sous-critère") if criterion.subcriteria else message("Offre")
    head = [
        say(label),
        say(message("Calcul de la note")),
        say(message("Note")),
        say(message("Note ÷ échelle × poids")),
        say(message("Points")),
    ]
    cells: list[list[str]] = []
    strong: list[int] = []
    for row in rows:
        for line in arithmetic.lines(seen, criterion, row, compared):
            if not line.part:
                strong += [len(cells)] if criterion.subcriteria else []
            name = f"{seen.name(row.key)} – {line.label}" if line.part else seen.name(row.key)
            cells.append([name, line.sum, line.note, line.weighting, line.points])
    return blocks.table("1.35f 1.1f 20> 0.9f> 19>", head, cells, strong)  # fmt: skip


def _totals(seen: View, lot: Lot, rows: Sequence[Row]) -> list[Block]:
    say = seen.set.say
    order = " + ".join(seen.criterion_title(criterion) for criterion in seen.tender.criteria)
    head = [
        say(message("Rang")),
        say(message("Offre")),
        say(message("Addition des points")),
        say(message("Total sur 100")),
    ]
    cells = [
        [_rank(seen, row), seen.name(row.key), arithmetic.addition(seen, row), _total(seen, row)]
        for row in rows
        if seen.noted(row)
    ]
    return [
        blocks.heading(say(message("Total et classement proposé")), 3),
        blocks.paragraph(say(message("Dans l'ordre : {order}.", order=order))),
        blocks.table("16 1f 1.6f 34>", head, cells, [n for n, row in enumerate(rows) if row.rank == 1]),
        *overview.totals(seen, lot)[1:],
        *overview.themes(seen, lot),
    ]


def _low(seen: View, rows: Sequence[Row]) -> list[Block]:
    """Write out the detector of abnormally low prices: mean of the other prices, next price."""
    rule = seen.evaluation.rules.by_id.get("R27")
    priced = [(row, row.price) for row in rows if row.price is not None and not seen.excluded(row)]
    if rule is None or len(priced) < 2:
        return []
    say, money, currency = seen.set.say, seen.set.money, seen.tender.currency
    cells: list[list[str]] = []
    strong: list[int] = []
    for n, (row, price) in enumerate(priced):
        others = [other for m, (_, other) in enumerate(priced) if m != n]
        mean = sum(others, Decimal(0)) / len(others)
        signal = say(message("signalé : justification à demander") if row.abnormally_low else message("non"))
        strong += [n] if row.abnormally_low else []
        cells.append([seen.name(row.key), money(price, currency), money(mean, currency), _gap(seen, price, mean), money(min(others), currency), _gap(seen, price, min(others)), signal])  # fmt: skip
    head = [
        say(message("Offre")),
        say(message("Prix HT")),
        say(message("Moyenne des autres")),
        say(message("Écart")),
        say(message("Plus bas des autres")),
        say(message("Écart")),
        say(message("Signal")),
    ]
    mean_gap, next_gap = (seen.set.number(rule.parameters[name] * 100, None) for name in ("under_mean", "under_next"))
    return [
        blocks.heading(say(message("Prix à justifier")), 3),
        blocks.paragraph(say(message("Un prix est signalé s'il est nul, s'il est de plus de {mean} % sous la moyenne des autres, ou de plus de {next} % sous le suivant. Le signal fait poser la question ({article}) ; il n'exclut pas.", mean=mean_gap, next=next_gap, article=rule.article))),
        blocks.table("1f 27> 27> 16> 27> 16> 26", head, cells, strong),
    ]  # fmt: skip


def _gap(seen: View, price: Decimal, reference: Decimal) -> str:
    if reference == 0:
        return NOTHING
    return seen.set.say(message("{gap} %", gap=seen.set.number((price - reference) / reference * 100, 1)))
