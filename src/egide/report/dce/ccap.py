"""The tables of the administrative clauses: parameters, yearly proofs, acceptance tests, penalties, derogations."""

import re
from collections.abc import Callable, Mapping

from egide.clausier.model import Moment
from egide.message import message
from egide.report.dce.draft import NOTHING, Draft, hints
from egide.report.dce.rc import duration
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.tender.contract import Document, chosen, derogations, filled


def _contract(draft: Draft) -> list[Block]:
    say, contract = draft.say, draft.contract
    rows = [(say(message("Durée du marché")), duration(draft))]
    if draft.tender is not None:
        rows = [
            (say(message("Objet")), say(draft.tender.title)),
            (say(message("Acheteur")), draft.or_hole(draft.tender.buyer.name, message("nom de l'acheteur"))),
            *rows,
        ]
    if not contract.start:
        rows.append((say(message("Début")), draft.hole(message("date, ou notification du marché"))))
    return [blocks.pairs(rows)]


def _of_moment(draft: Draft, moment: Moment) -> list[Block]:
    say = draft.say
    head = [say(message("Point")), say(message("Preuve")), say(message("Nature")), say(message("Vérifié par"))]
    rows = [[point.id, what, kind, checked] for point, what, kind, checked in draft.proofs(moment)]
    return [blocks.table("18 1f 26 38", head, rows)]


def _yearly(draft: Draft) -> list[Block]:
    return [
        blocks.paragraph(draft.say(message("Chaque année, à la date anniversaire, le titulaire remet :"))),
        *_of_moment(draft, Moment.EACH_YEAR),
    ]


def _acceptance(draft: Draft) -> list[Block]:
    return _of_moment(draft, Moment.AT_ACCEPTANCE)


def _penalties(draft: Draft) -> list[Block]:
    say = draft.say
    rows = [
        [
            say(each.subject),
            draft.set.money(each.amount, draft.shown.currency),
            say(each.unit) or NOTHING,
            ", ".join(each.points) or NOTHING,
        ]
        for each in draft.contract.penalties
    ]
    head = [say(message("Manquement")), say(message("Montant")), say(message("Par")), say(message("Clauses"))]
    return [blocks.table("1f 30> 42 34", head, rows)]


_SET_HERE = re.compile(r",? ?(?:(?:plafond )?fixée?s?|plafonnée?s?) au CCAP|,? ?(?:capped|set) in the contract")
"""What a hint says of the CCAP, which the CCAP does not say of itself."""


def _hints(draft: Draft) -> list[Block]:
    say = draft.say
    head = [
        say(message("Clause")),
        say(message("Intitulé")),
        say(message("Manquement possible")),
        say(message("Montant")),
    ]
    rows = [
        [point.id, draft.title(point), _SET_HERE.sub("", draft.point(point, point.binding.penalty_hint)), ""]
        for point in hints(draft)
        if point.binding
    ]
    return [blocks.table("16 1f 1.4f 24", head, rows)]


def _derogations(draft: Draft) -> list[Block]:
    """Return the last article: what the clauses above really derogate from, each with the number of its article."""
    say = draft.say
    found = derogations(chosen(draft.texts, Document.CCAP, draft.facts))
    if not found:
        return [blocks.paragraph(say(message("Les présentes clauses ne dérogent à aucun article du CCAG-TIC.")))]
    rows = []
    for number, clause, derogation in found:
        article = draft.checked(derogation.article, to_check=derogation.to_check)
        subject = filled(derogation.subject.say(draft.language), draft.values)
        rows.append([article, say(subject), f"{number} – {say(clause.title)}"])
    head = [
        say(message("Article du CCAG-TIC")),
        say(message("Objet de la dérogation")),
        say(message("Article qui déroge")),
    ]
    return [
        blocks.paragraph(say(message("Les présentes clauses dérogent aux articles suivants du CCAG-TIC, et à eux seuls :"))),
        blocks.table("30 1f 62", head, rows),
    ]  # fmt: skip


TABLES: Mapping[str, Callable[[Draft], list[Block]]] = {
    "contract": _contract,
    "yearly": _yearly,
    "acceptance": _acceptance,
    "penalties": _penalties,
    "hints": _hints,
    "derogations": _derogations,
}
