"""The tables of the règlement de la consultation: identity, lots, points, proofs, criteria, levels."""

from collections.abc import Callable, Mapping, Sequence

from egide.clausier.model import Moment
from egide.message import Text, message
from egide.report.dce.draft import FILES, NOTHING, Draft, answer_sheet, is_hds
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.tender import price
from egide.tender.model import Kind, Lot, Procedure, Tender
from egide.tender.procedure.publication import CRITERIA, LEVELS, POINTS, criterion_cells, level_cells, point_cells

PROCEDURES: Mapping[Procedure, Text] = {
    Procedure.OPEN: Text("appel d'offres ouvert", "open procedure"),
    Procedure.RESTRICTED: Text("appel d'offres restreint", "restricted procedure"),
    Procedure.NEGOTIATED: Text("procédure avec négociation", "procedure with negotiation"),
    Procedure.DIALOGUE: Text("dialogue compétitif", "competitive dialogue"),
    Procedure.ADAPTED: Text("procédure adaptée", "adapted procedure"),
    Procedure.DIRECT: Text(
        "marché sans publicité ni mise en concurrence", "contract without publication nor competition"
    ),
}
ANSWERS: Sequence[tuple[Text, Text]] = (
    (
        Text("Oui", "Yes"),
        Text("L'exigence est tenue à la date de l'offre, sans condition.", "The requirement is met on the date of the bid, unconditionally."),
    ),
    (
        Text("Non", "No"),
        Text("L'exigence n'est pas tenue. « Non » est une réponse, pas une absence de réponse.", "The requirement is not met. \"No\" is an answer, not a blank."),
    ),
    (
        Text("Partiel", "Partial"),
        Text("Une partie est tenue. Le commentaire dit ce qui manque, et la date à laquelle ce sera fait.", "A part is met. The comment says what is missing, and the date on which it will be done."),
    ),
    (
        Text("Décrit", "Described"),
        Text("La réponse est dans un document joint, que « Justificatif » nomme avec sa section.", "The answer is in an enclosed document, which \"Proof\" names with its section."),
    ),
    (
        Text("Sans objet", "Not applicable"),
        Text("Le point ne concerne pas l'offre. Le commentaire en donne la raison.", "The point does not concern the bid. The comment gives the reason."),
    ),
    (
        Text("(vide)", "(blank)"),
        Text("Absence de réponse : elle vaut ce que dit le tableau des points.", "No answer: it is worth what the table of points says."),
    ),
)  # fmt: skip
ACTIVITIES: Mapping[int, Text] = {
    1: Text("sites physiques", "physical sites"),
    2: Text("infrastructure matérielle", "hardware infrastructure"),
    3: Text("infrastructure virtuelle", "virtual infrastructure"),
    4: Text("plateforme d'hébergement d'applications", "application hosting platform"),
    5: Text("administration et exploitation du système d'information", "administration and operation of the information system"),
    6: Text("sauvegarde", "backup"),
}  # fmt: skip


def _identity(draft: Draft) -> list[Block]:
    tender, say = draft.tender, draft.say
    if tender is None:
        return []
    rows = [
        (say(message("Objet")), say(tender.title)),
        (say(message("Acheteur")), _buyer(draft)),
        (say(message("Numéro de la consultation")), draft.or_hole(tender.reference, message("numéro"))),
        (say(message("Procédure")), _procedure(draft, tender)),
        (say(message("Envoi à la publication")), draft.set.day(tender.sent_on)),
        (say(message("Date limite de remise des offres")), draft.set.day(tender.deadline)),
        (say(message("Durée du marché")), duration(draft)),
        (say(message("Monnaie")), say(tender.currency)),
        (say(message("Langue des offres")), say(message("français") if tender.language == "fr" else tender.language)),
    ]
    return [blocks.pairs(rows)]


def _buyer(draft: Draft) -> str:
    buyer = draft.shown.buyer
    parts = [
        draft.or_hole(buyer.name, message("nom de l'acheteur")),
        draft.say(buyer.address),
        f"SIRET {buyer.siret}" if buyer.siret else "",
    ]
    return ", ".join(part for part in parts if part)


def _procedure(draft: Draft, tender: Tender) -> str:
    said = draft.say(PROCEDURES[tender.kind])
    return draft.say(message("{procedure}, accord-cadre", procedure=said)) if tender.framework else said


def duration(draft: Draft) -> str:
    """Return how long the contract lasts, or the place to fill in."""
    contract = draft.contract
    months = contract.months or draft.shown.schedule.months
    if not months:
        return draft.hole(message("durée et reconductions"))
    said = draft.say(message("{months} mois", months=months))
    if contract.renewals:
        said += ", " + draft.say(message("reconductible {renewals} fois", renewals=contract.renewals))
    if contract.start:
        said += ", " + draft.say(message("à compter du {day}", day=draft.set.day(contract.start)))
    return said


def _lots(draft: Draft) -> list[Block]:
    tender = draft.shown
    if len(tender.lots) == 1 and not tender.framework:
        return []
    say = draft.say
    head = [say(message("Repère")), say(message("Lot"))]
    if tender.framework:
        head += [say(message("Minimum HT")), say(message("Maximum HT"))]
    rows = [[lot.id, draft.lot_name(lot), *(_bounds(draft, lot) if tender.framework else ())] for lot in tender.lots]
    return [blocks.table("24 1f 34> 34>" if tender.framework else "24 1f", head, rows)]


def _bounds(draft: Draft, lot: Lot) -> list[str]:
    least = draft.say(message("sans minimum"))
    least = draft.set.money(lot.minimum, draft.shown.currency) if lot.minimum is not None else least
    most = (
        draft.set.money(lot.maximum, draft.shown.currency)
        if lot.maximum is not None
        else draft.hole(message("maximum"))
    )
    return [least, most]


def _rounds(draft: Draft) -> list[Block]:
    say = draft.say
    rows = [
        [
            str(each.number),
            say(each.title) or NOTHING,
            draft.set.day(each.deadline)
            if each.deadline
            else say(message("fixée par l'invitation, la même pour tous")),
            say(message("complète : elle se suffit") if each.complete else message("complète celle du tour d'avant")),
        ]
        for each in draft.shown.rounds
    ]
    head = [say(message("Tour")), say(message("Intitulé")), say(message("Date limite")), say(message("Offre du tour"))]
    return [blocks.table("14 1f 1f 1f", head, rows)]


def _documents(draft: Draft) -> list[Block]:
    say = draft.say
    sheets = [
        (FILES["rc"], message("le présent règlement de la consultation")),
        (FILES["cctp"], message("annexe « sécurité numérique » du CCTP : les clauses")),
        (FILES["ccap"], message("clauses administratives : priorité des pièces, audits, incidents, pénalités, sortie")),
    ]
    if "processor" in draft.facts:
        sheets.append((FILES["gdpr"], message("annexe « article 28 du RGPD », à remplir par le soumissionnaire")))
    sheets.append((answer_sheet(draft), message("cadre de réponse, à remplir par le soumissionnaire")))
    if "schedule" in draft.facts:
        names = ", ".join(f"{FILES['price']}-{lot.id}.xlsx" for lot in draft.shown.lots)
        sheets.append((names, message("cadre de prix, à remplir par le soumissionnaire")))
    if draft.shown.risk is not None:
        sheets.append(
            (
                "publication.json, clausier.json",
                message("ce qui est figé à la publication, et de quoi refaire le calcul du coût attendu des incidents"),
            )
        )
    return [
        blocks.table(
            "70 1f", [say(message("Fichier")), say(message("Contenu"))], [[say(name), say(what)] for name, what in sheets]
        ),
        blocks.blank(say(message("À compléter : autres pièces du dossier (acte d'engagement, CCTP, annexes techniques)."))),
    ]  # fmt: skip


def _words(draft: Draft) -> list[Block]:
    say = draft.say
    head = [say(message("Réponse")), say(message("Ce qu'elle veut dire"))]
    return [blocks.table("28 1f", head, [[say(word), say(meaning)] for word, meaning in ANSWERS])]


def _points(draft: Draft) -> list[Block]:
    """Return what each point is worth, a table a theme: the tables that are read again once published."""
    say = draft.say
    shown = [name for name in POINTS if name != "lots" or "by_lot" in draft.facts]
    head = [say(POINTS["id"]), say(message("Intitulé")), *(say(POINTS[name]) for name in shown[1:])]
    terms = {point.id: point for point in draft.terms.points}
    widths = "15 1f 38 11> 29 19 70 19" + (" 20" if "by_lot" in draft.facts else "")
    made: list[Block] = []
    for theme in draft.clausier.themes:
        rows = []
        for point in theme.points:
            cells = point_cells(terms[point.id])
            rows.append([say(cells["id"]), draft.title(point), *(say(cells[name]) for name in shown[1:])])
        made += [blocks.heading(f"{theme.id} – {say(theme.title)}", 2), blocks.table(widths, head, rows)]
    return [blocks.landscape(made)]


def _proofs(draft: Draft) -> list[Block]:
    say = draft.say
    head = [say(message("Point")), say(message("Justificatif")), say(message("Nature"))]
    made: list[Block] = []
    for moment in (Moment.WITH_BID, Moment.FROM_PRESUMED_WINNER):
        asked = draft.proofs(moment)
        title = say(message("Justificatifs demandés {moment}", moment=draft.word(moment)))
        made.append(blocks.heading(title, 2))
        if not asked:
            made.append(blocks.paragraph(say(message("Aucun."))))
            continue
        rows = [[point.id, what, kind] for point, what, kind, _ in asked]
        made.append(blocks.table("18 1f 26", head, rows))
    made.append(blocks.heading(say(message("Justificatifs demandés pendant le marché")), 2))
    later = [
        (moment, list(dict.fromkeys(point.id for point, *_ in draft.proofs(moment))))
        for moment in (Moment.AT_ACCEPTANCE, Moment.EACH_YEAR, Moment.ON_REQUEST)
    ]
    rows = [[draft.word(moment), ", ".join(points)] for moment, points in later if points]
    if rows:
        made.append(blocks.table("44 1f", [say(message("Moment")), say(message("Points"))], rows))
        made.append(
            blocks.remark(
                say(message("Le détail est dans l'annexe « sécurité numérique » et dans les clauses administratives."))
            )
        )
    else:
        made.append(blocks.paragraph(say(message("Aucun."))))
    return made  # fmt: skip


def _certificates(draft: Draft) -> list[Block]:
    say, tender = draft.say, draft.shown
    names = {lot.id: draft.lot_name(lot) for lot in tender.lots}
    rows = [
        [
            say(each.standard),
            _activities(draft, each.activities) if is_hds(each.standard) else NOTHING,
            " · ".join(names.get(lot, lot) for lot in each.lots) or say(message("tous les lots")),
        ]
        for each in tender.certificates
    ]
    if not any(is_hds(each.standard) for each in tender.certificates):
        hosting = say(message("Hébergeur de données de santé (HDS), référentiel 2024"))
        rows.append(
            [hosting, draft.hole(message("activités parmi les six")), draft.hole(message("lots qui hébergent"))]
        )
    head = [say(message("Certificat")), say(message("Activités")), say(message("Lots"))]
    return [blocks.table("1f 1.4f 1f", head, rows)]


def _activities(draft: Draft, activities: Sequence[int]) -> str:
    if not activities:
        return draft.hole(message("activités parmi les six"))
    return "\n".join(f"{number}. {draft.say(ACTIVITIES.get(number, ''))}" for number in activities)


def _criteria(draft: Draft) -> list[Block]:
    """Return the criteria as published: the table that is read again."""
    say = draft.say
    head = [
        say(CRITERIA["id"]),
        say(message("Critère")),
        say(CRITERIA["weight"]),
        say(CRITERIA["scale"]),
        say(CRITERIA["note"]),
    ]
    rows: list[list[str]] = []
    strong: list[int] = []
    for criterion in draft.terms.criteria:
        cells = criterion_cells(criterion)
        part = "/" in criterion.id
        title = draft.criterion_title(criterion)
        if criterion.environmental:
            title = say(message("{title} (critère environnemental)", title=title))
        if not part:
            strong.append(len(rows))
        rows.append(
            [
                say(cells["id"]),
                f"– {title}" if part else title,
                *(say(cells[name]) for name in ("weight", "scale", "note")),
            ]
        )
    if not rows:
        hole = draft.hole(message("critère"))
        rows = [["", hole, "", "", ""] for _ in range(3)]
    return [blocks.table("42 1f 24 20 42", head, rows, strong)]  # fmt: skip


def _formulas(draft: Draft) -> list[Block]:
    said = [
        draft.say(
            message(
                "{title} : formule « {name} », note = {writing}, où N = {scale} (l'échelle), P est le prix HT de l'offre, et Pmin et Pmax le plus bas et le plus haut des prix des offres classées du lot.",
                title=draft.criterion_title(criterion),
                name=price.FORMULAS[criterion.formula].title,
                writing=price.FORMULAS[criterion.formula].writing,
                scale=draft.set.number(criterion.scale, None),
            )
        )
        for criterion in draft.shown.criteria
        if criterion.kind is Kind.PRICE and criterion.formula in price.FORMULAS
    ]
    return [blocks.items(said)] if said else []


def _levels(draft: Draft) -> list[Block]:
    """Return what each level is worth: a table that is read again."""
    rows = [[draft.say(cells[name]) for name in LEVELS] for cells in level_cells(draft.terms).values()]
    return [blocks.table("45 1f 45>", [draft.say(title) for title in LEVELS.values()], rows)]


TABLES: Mapping[str, Callable[[Draft], list[Block]]] = {
    "identity": _identity,
    "lots": _lots,
    "rounds": _rounds,
    "documents": _documents,
    "words": _words,
    "points": _points,
    "proofs": _proofs,
    "certificates": _certificates,
    "criteria": _criteria,
    "formulas": _formulas,
    "levels": _levels,
}
