"""The parts of the analysis report on each bid: what was declared, retained and seen, point by point; what is doubted."""

from collections.abc import Sequence

from egide.clausier.model import AwardUse, Point, Theme
from egide.finding import Finding
from egide.message import message
from egide.report import arithmetic
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.view import NOTHING, Retained, View
from egide.tender.evaluation import Row
from egide.tender.model import BidKey, CriterionNote, Kind, PointMark

MANY = 20
"""Bids above which points are written in lines, without their titles (part 2 has them), rather than in a table: the
memory of such a table would pass what is promised."""
APART = 40
"""Bids above which the report of several lots leaves them, point by point, to the report of each lot."""


# --------------------------------------------------------------------------------------------------------------- marks
def marks(seen: View) -> list[Block]:
    """Return, for each bid, what was retained of each point and why, with the sums that lead to its notes."""
    say = seen.set.say
    result = [
        blocks.heading(say(message("Niveaux et notes retenus, offre par offre"))),
        blocks.paragraph(say(message("Trois colonnes, jamais une : ce que le soumissionnaire déclare, ce que l'évaluateur retient, avec poids × valeur, et la preuve qu'il a vue. Un point « non noté » fixe un minimum."))),
    ]  # fmt: skip
    if len(seen.tender.lots) > 1 and len(seen.evaluation.ranking) > APART:
        return [*result, blocks.paragraph(say(message("Le détail de chaque offre, point par point, est dans le rapport de son lot, remis avec celui-ci.")))]  # fmt: skip
    for row in seen.evaluation.ranking:
        lot = next(lot for lot in seen.tender.lots if lot.id == row.key.lot)
        name = f"{seen.lot_name(lot)} – {seen.name(row.key)}" if seen.several else seen.name(row.key)
        result += [blocks.heading(name, 2), *_points(seen, row), *_marked(seen, row)]
    return result


def _points(seen: View, row: Row) -> list[Block]:
    say = seen.set.say
    shown = [(theme, _shown(seen, row, theme)) for theme in seen.clausier_of(row.key.lot).themes]
    parts = [_theme(seen, row.key, theme, points) for theme, points in shown if points]
    if not parts:
        return (
            [blocks.paragraph(say(message("Offre hors classement : aucun point n'a été noté.")))]
            if seen.excluded(row)
            else []
        )
    head = [
        say(message("Point")),
        say(message("Déclaré")),
        say(message("Retenu : poids × valeur")),
        say(message("Motif")),
        say(message("Preuve vue")),
    ]
    if len(seen.evaluation.ranking) > MANY:
        named = [
            (title, [[cells[0].split(" ", 1)[0], *cells[1:]] for cells in rows], foot) for title, rows, foot in parts
        ]
        return [blocks.lines(head, named), *_note(seen, row)]
    return [blocks.groups("64 27 50> 82 46", head, parts, 3), *_note(seen, row)]  # fmt: skip


def _shown(seen: View, row: Row, theme: Theme) -> list[Point]:
    """Return the points to show: those that are used; of an excluded bid that was not marked in full, those marked."""
    used = [point for point in theme.points if point.award_use is not AwardUse.NONE]
    return used if seen.noted(row) else [point for point in used if seen.retained(row.key, point)]


def _theme(seen: View, key: BidKey, theme: Theme, points: Sequence[Point]) -> tuple[str, Sequence[Sequence[str]], str]:
    title = f"{theme.id} – {seen.set.say(theme.title)}"
    kept = [(point, seen.retained(key, point)) for point in points]
    weights = sum(point.weight for point in points if point.award_use.scores)
    values = [found.value * point.weight for point, found in kept if point.award_use.scores and found and found.value is not None]  # fmt: skip
    total = seen.set.number(arithmetic.short(sum(values, start=values[0] * 0)), None) if values else NOTHING
    foot = seen.set.say(
        message(
            "{theme} : Σ poids = {weights} ; Σ(poids × valeur) = {total}", theme=theme.id, weights=weights, total=total
        )
    )
    return title, [_point(seen, key, point, found) for point, found in kept], foot


def _point(seen: View, key: BidKey, point: Point, found: Retained | None) -> Sequence[str]:
    given = found.marks if found else ()
    title = seen.set.say(point.title) or seen.set.say(point.wording(seen.record.language))
    return [
        f"{point.id} {title}",
        seen.declared(key, point),
        _earned(seen, point, found) if found else NOTHING,
        _said(seen, given, [mark.reason for mark in given]),
        _said(seen, given, [mark.proof_seen for mark in given]),
    ]


def _earned(seen: View, point: Point, found: Retained) -> str:
    """Return the level retained in words, then its weight times its value, written out."""
    word = seen.level_word(found)
    if not point.award_use.scores:
        return seen.set.say(message("{word} : non noté", word=word))
    if found.value is None:
        return word
    worth, earned = (
        seen.set.number(arithmetic.short(each), None) for each in (found.value, found.value * point.weight)
    )
    return seen.set.say(message("{word} : {weight} × {worth} = {earned}", word=word, weight=point.weight, worth=worth, earned=earned))  # fmt: skip


def _said(seen: View, given: Sequence[PointMark | CriterionNote], texts: Sequence[str]) -> str:
    """Return what evaluators wrote; each is named when they are several to have written."""
    written = [(mark.evaluator, text) for mark, text in zip(given, texts, strict=True) if text]
    if len({text for _, text in written}) <= 1:
        return seen.set.say(written[0][1]) if written else NOTHING
    roles = {each.id: each.role or each.id for each in seen.tender.evaluators}
    return seen.set.say(" · ".join(f"{roles.get(who, who)} : {text}" for who, text in written))


def _note(seen: View, row: Row) -> list[Block]:
    """Return the sum that leads from the points to the note of the criterion that they feed."""
    criterion = seen.clausier_criterion
    note = next((each for each in row.notes if criterion and each.id == criterion.id), None)
    if criterion is None or note is None or not seen.noted(row):
        return []
    say, number = seen.set.say, seen.set.number
    if not note.parts and note.earned is not None and note.possible is not None:
        said = message(
            "Note du critère « {title} » : Σ(poids × valeur) = {earned}, Σ poids = {possible}, note = {scale} × {earned} ÷ {possible} = {note}.",
            title=seen.criterion_title(criterion), earned=number(arithmetic.short(note.earned), None), possible=number(note.possible, None),
            scale=number(criterion.scale, None), note=arithmetic.four(seen, note.note),
        )  # fmt: skip
        return [blocks.remark(say(said))]
    subs = {sub.id: sub for sub in criterion.subcriteria}
    rows = [
        [seen.criterion_title(subs[part.id]), number(arithmetic.short(part.earned), None), number(part.possible, None), f"{number(criterion.scale, None)} × {number(arithmetic.short(part.earned), None)} ÷ {number(part.possible, None)}", arithmetic.four(seen, part.note)]
        for part in note.parts
        if part.earned is not None and part.possible is not None
    ]  # fmt: skip
    head = [
        say(message("Sous-critère")),
        "Σ(" + say(message("poids × valeur")) + ")",
        "Σ " + say(message("poids")),
        say(message("Calcul de la note")),
        say(message("Note")),
    ]
    return [blocks.table("1f 34> 24> 1f 30>", head, rows)]  # fmt: skip


def _marked(seen: View, row: Row) -> list[Block]:
    """Return the notes given by hand, with their reasons."""
    say = seen.set.say
    rows = []
    for criterion in seen.tender.criteria:
        if criterion.kind is not Kind.MARKED:
            continue
        for sub in criterion.subcriteria or (None,):
            given = seen.notes.get((row.key, criterion.id, sub.id if sub else ""), [])
            title = seen.criterion_title(criterion) + (f" – {seen.criterion_title(sub)}" if sub else "")
            note = seen.set.number(given[0].note, None) if given else NOTHING
            rows.append(
                [
                    title,
                    f"{note} / {seen.set.number(criterion.scale, None)}",
                    _said(seen, given, [each.reason for each in given]),
                ]
            )
    head = [say(message("Critère noté par les évaluateurs")), say(message("Note")), say(message("Motif"))]
    return [blocks.table("1f 24> 2.4f", head, rows)] if rows else []


# ------------------------------------------------------------------------------------------------------------ findings
def findings(seen: View) -> list[Block]:
    """Return the doubts by lot and tenderer."""
    say = seen.set.say
    result = [
        blocks.heading(say(message("Doutes relevés"))),
        blocks.paragraph(say(message("Chaque doute dit où il est, ce qui a été lu, ce qui a été compris et ce qui le lève. Aucun ne change une note par lui-même."))),
    ]  # fmt: skip
    if not seen.findings:
        return [*result, blocks.paragraph(say(message("Aucun doute n'a été relevé.")))]
    head = [
        say(message("Fichier et place")),
        say(message("Point")),
        say(message("Lu")),
        say(message("Compris")),
        say(message("Ce qui le lève")),
    ]
    lots = {lot.id: seen.lot_name(lot) for lot in seen.tender.lots}
    for lot in (*lots, ""):
        if lot in seen.findings:
            parts: list[tuple[str, list[Sequence[str]], str]] = [
                (_tenderer(seen, name), [_finding(seen, each) for each in found], "")
                for name, found in sorted(seen.findings[lot].items())
            ]
            result += [blocks.heading(lots.get(lot) or say(message("Consultation et notations")), 2), blocks.groups("1f 16 1f 1.3f 1.5f", head, parts)]  # fmt: skip
    return result


def _tenderer(seen: View, identifier: str) -> str:
    known = seen.tender.tenderer.get(identifier)
    return seen.set.quote((known.name if known else "") or identifier) or seen.set.say(
        message("Consultation et notations")
    )


def _finding(seen: View, finding: Finding) -> Sequence[str]:
    place = ", ".join(part for part in (finding.file, finding.place) if part)
    read = finding.read if len(finding.read) <= 240 else f"{finding.read[:240]}…"
    return [
        seen.set.quote(place) or NOTHING,
        seen.set.quote(finding.point) or NOTHING,
        seen.set.quote(read) or NOTHING,
        seen.set.say(finding.understood),
        seen.set.say(finding.remedy),
    ]
