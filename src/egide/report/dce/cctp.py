"""The security annex of the CCTP: the clauses, theme by theme, with all that follows each."""

from collections.abc import Callable, Mapping

from egide.clausier.model import Point, Responsible
from egide.message import message
from egide.report.dce.draft import PARTIES, Draft
from egide.report.papers import blocks
from egide.report.papers.blocks import Block


def _clauses(draft: Draft) -> list[Block]:
    say = draft.say
    made: list[Block] = []
    for theme in draft.clausier.themes:
        made.append(blocks.heading(f"{theme.id} – {say(theme.title)}", 2))
        for point in theme.points:
            made += _clause(draft, point)
    return made


def _clause(draft: Draft, point: Point) -> list[Block]:
    title = draft.title(point)
    wording = draft.say(point.wording(draft.language))
    head = f"{point.id} – {title}" if point.title.fr or point.title.en else point.id
    return [blocks.heading(head, 3), blocks.paragraph(wording), blocks.pairs(_rows(draft, point))]


def _rows(draft: Draft, point: Point) -> list[tuple[str, str]]:
    say = draft.say
    use = draft.tender.points.get(point.id) if draft.tender else None
    required = _required(draft, point)
    rows = [
        (say(message("Niveau exigé")), required),
        (say(message("Justificatifs")), _proofs(draft, point)),
        (say(message("Suivi")), draft.point(point, point.binding.follow_up) if point.binding else ""),
        (say(message("À la charge de")), say(PARTIES[point.responsible])),
        (say(message("Lots")), ", ".join(use.lots) if use else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _required(draft: Draft, point: Point) -> str:
    """Return what is seen when the clause is met: the floor of a minimum, else the best level."""
    if point.responsible is Responsible.HOSPITAL:
        return ""
    code = "floor" if point.award_use.floors and "floor" in point.level_of else point.levels[0].code
    return draft.point(point, point.level_of[code].text)


def _proofs(draft: Draft, point: Point) -> str:
    lines = []
    for proof in point.proofs:
        facts = [draft.word(proof.kind), draft.word(proof.when)]
        facts += [draft.say(draft.roles[role]) if role in draft.roles else role for role in proof.checked_by]
        lines.append(f"– {draft.point(point, proof.what)} ({', '.join(facts)})")
    return "\n".join(lines)


TABLES: Mapping[str, Callable[[Draft], list[Block]]] = {"clauses": _clauses}
