"""A clausier as a book for people: theme by theme, each point with its clause, why, levels, proofs and references."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from egide.clausier.model import Clausier, Point
from egide.locale import point_text
from egide.message import Language, Message, Text, message
from egide.report.papers import blocks, docx, odt, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, plain_text, printable

Writer = Callable[[Mapping[str, Any], date], bytes]
WRITERS: Mapping[str, tuple[Writer, Callable[[str], str]]] = {
    "pdf": (pdf.compiled, printable),
    "docx": (docx.compiled, plain_text),
    "odt": (odt.compiled, plain_text),
}
"""How each format is written, and what makes a text displayable in it."""


def book(clausier: Clausier, form: str, language: Language, on: date, roles: Mapping[str, Text]) -> bytes:
    """Return the book of a clausier, entire or narrowed, as `pdf`, `docx` or `odt`: same inputs, same bytes.

    `roles` names those who check proofs.
    """
    write, clean = WRITERS[form]
    setter = Setter(language, clean)
    subject = message("{id}, version {version} : {count} points de contrôle", id=clausier.id, version=clausier.version, count=len(clausier.points))  # fmt: skip
    foot = message("Empreinte {short} · {day}", short=clausier.digest[:16], day=setter.day(on))
    body = _blocks(clausier, setter, roles)
    return write(pdf.page(setter, clausier.title, subject, "Égide", foot, body), on)


def _blocks(clausier: Clausier, setter: Setter, roles: Mapping[str, Text]) -> list[Block]:
    say = setter.say
    head = [say(message("Thème")), say(message("Intitulé")), say(message("Points"))]
    rows = [[theme.id, say(theme.title), str(len(theme.points))] for theme in clausier.themes]
    origin = [say(each) for each in (clausier.source, clausier.licence) if each]
    result = [
        blocks.paragraph(say(message("Chaque point porte une exigence, ce qui la justifie, les niveaux qu'un évaluateur peut retenir, les preuves attendues et ses références."))),
        blocks.table("16 1f 20>", head, rows),
        *(blocks.remark(each) for each in origin),
        blocks.new_page(),
        blocks.contents(2),
    ]  # fmt: skip
    for theme in clausier.themes:
        result += [blocks.new_page(), blocks.heading(f"{theme.id} – {say(theme.title)}")]
        if theme.readers:
            readers = tuple(roles.get(each, Text(each)) for each in theme.readers)
            result.append(blocks.paragraph(say(message("Lu d'abord par : {readers}.", readers=readers))))
        for point in theme.points:
            result += _point(point, setter, roles)
    return result


def _point(point: Point, setter: Setter, roles: Mapping[str, Text]) -> list[Block]:
    language, say = setter.language, setter.say
    title = say(point.title)
    facts = [(say(label), say(text)) for label, text in _facts(point, language, roles) if text]
    return [
        blocks.heading(f"{point.id} – {title}" if title else point.id, 2),
        blocks.lead(say(point.wording(language))),
        blocks.pairs(facts),
    ]


def _facts(point: Point, language: Language, roles: Mapping[str, Text]) -> list[tuple[Message, str]]:
    binding = point.binding
    word = point_text.word
    use = word(point.award_use, language)
    return [
        (message("Référence officielle"), ", ".join(point.xref)),
        (message("Pourquoi"), point.say(point.why, language)),
        (message("Demandé à partir du niveau"), word(point.level, language)),
        (message("Usage et poids"), f"{use}, {point.weight}" if point.award_use.scores else use),
        (message("Sans réponse"), word(point.if_blank, language)),
        (message("Niveaux"), point_text.levels(point, language)),
        (message("Preuves attendues"), point_text.proofs(point, language, roles)),
        (message("Comment le montrer"), point.say(point.how_to_prove, language)),
        (message("Suivi du contrat"), point.say(binding.follow_up, language) if binding else ""),
        (message("Pénalité proposée"), point.say(binding.penalty_hint, language) if binding else ""),
        (message("Famille de mesures"), point_text.family(point, language)),
        (message("Responsable"), word(point.responsible, language)),
        (message("Références"), point_text.references(point, language)),
    ]
