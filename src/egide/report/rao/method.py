"""The part of the analysis report on the consultation and its method: what was published, who marked, how sums are made."""

from collections import Counter, defaultdict
from decimal import Decimal

from egide.clausier.model import AwardUse, IfBlank, Point
from egide.message import message
from egide.report.arithmetic import subweight
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.view import NOTHING, View
from egide.tender import price, words
from egide.tender.model import HARMONISED, Criterion, Evaluator, Kind
from egide.tender.rules import Rule, notes, reads


def method(seen: View) -> list[Block]:
    """Return the part on the consultation and the method."""
    return [
        blocks.heading(seen.set.say(message("Consultation et méthode"))),
        *_consultation(seen),
        *_rules(seen),
        *_criteria(seen),
        *_sums(seen),
        *_points(seen),
        *_evaluators(seen),
        *_rounds(seen),
    ]


def _consultation(seen: View) -> list[Block]:
    tender, say, evaluation = seen.tender, seen.set.say, seen.evaluation
    buyer = say(tender.buyer.name) + (f" (SIRET {seen.set.quote(tender.buyer.siret)})" if tender.buyer.siret else "")
    procedure = message("formalisée") if tender.formalised else message("adaptée ou sans formalité")
    rows = [
        (say(message("Objet")), say(tender.title)),
        (say(message("Acheteur")), buyer),
        (say(message("Procédure")), say(procedure)),
        (say(message("Envoi à la publication")), seen.set.day(tender.sent_on)),
        (say(message("Date limite de remise des offres")), seen.set.day(tender.deadline)),
        (say(message("Lots")), " · ".join(seen.lot_name(lot) for lot in tender.lots)),
        (say(message("Variantes")), say(message("autorisées") if tender.variants_allowed else message("non autorisées"))),
        (say(message("Clausier")), say(message("{title}, version {version} : {count} points retenus, dont {scored} notés", title=evaluation.clausier.title, version=evaluation.clausier.version, count=len(seen.clausier.points), scored=len(seen.scored)))),
    ]  # fmt: skip
    return [blocks.heading(say(message("La consultation")), 2), blocks.pairs(rows)]


def _rules(seen: View) -> list[Block]:
    say = seen.set.say
    head = [say(message("Règle")), say(message("Source")), say(message("En vigueur")), say(message("Vu le"))]
    rows = [
        [say(rule.title), say(rule.source), _period(seen, rule), seen.set.day(rule.seen)]
        for rule in seen.evaluation.rules.rules
        if rule.quoted
    ]
    return [
        blocks.heading(say(message("Règles de la date de la consultation")), 2),
        blocks.paragraph(say(message("La consultation garde les règles du jour de son envoi à la publication ({day}).", day=seen.set.day(seen.tender.sent_on)))),
        blocks.table("1f 1.5f 34 20", head, rows),
    ]  # fmt: skip


def _period(seen: View, rule: Rule) -> str:
    if rule.since and rule.until:
        return f"{seen.set.day(rule.since)} – {seen.set.day(rule.until)}"
    if rule.since:
        return seen.set.say(message("depuis le {day}", day=seen.set.day(rule.since)))
    return seen.set.say(message("jusqu'au {day}", day=seen.set.day(rule.until))) if rule.until else NOTHING


def _criteria(seen: View) -> list[Block]:
    say, number = seen.set.say, seen.set.number
    head = [say(message("Critère")), say(message("Poids")), say(message("Échelle")), say(message("Origine de la note"))]
    rows: list[list[str]] = []
    strong: list[int] = []
    for criterion in seen.tender.criteria:
        strong.append(len(rows))
        kind = seen.word(words.KINDS, criterion.kind)
        environment = " · " + say(message("critère environnemental")) if criterion.environmental else ""
        rows.append(
            [
                seen.criterion_title(criterion),
                f"{number(criterion.weight, None)} / 100",
                f"0 – {number(criterion.scale, None)}",
                kind + environment,
            ]
        )
        for sub in criterion.subcriteria:
            weight = say(
                message(
                    "{weight}, soit {points} / 100",
                    weight=number(sub.weight, None),
                    points=number(subweight(criterion, sub), None),
                )
            )
            fed = ", ".join((*sub.themes, *sub.families, *sub.points))
            rows.append(
                [
                    f"– {seen.criterion_title(sub)}",
                    weight,
                    f"0 – {number(criterion.scale, None)}",
                    say(message("alimenté par : {fed}", fed=fed)) if fed else kind,
                ]
            )
    return [
        blocks.heading(say(message("Critères et pondération")), 2),
        blocks.table("1.3f 34 22 1f", head, rows, strong),
        blocks.remark(_ties(seen)),
    ]  # fmt: skip


def _ties(seen: View) -> str:
    titles = {each.id: seen.criterion_title(each) for each in seen.tender.criteria}
    titles["draw"] = seen.set.say(message("tirage au sort"))
    if not seen.tender.ties:
        return seen.set.say(message("Aucune règle n'a été publiée pour départager des offres à égalité."))
    order = ", ".join(titles.get(each, each) for each in seen.tender.ties)
    return seen.set.say(message("À égalité, les offres sont départagées dans cet ordre : {order}.", order=order))


def _sums(seen: View) -> list[Block]:
    say = seen.set.say
    lines = [
        say(
            message(
                "Points d'un critère = note ÷ échelle × poids. Total d'une offre = somme des points de ses critères, sur 100."
            )
        )
    ]
    if any(criterion.subcriteria for criterion in seen.tender.criteria):
        lines.append(
            say(
                message(
                    "Un critère à sous-critères reçoit la somme de leurs points ; chaque sous-critère compte pour sa part du poids du critère."
                )
            )
        )
    for criterion in seen.tender.criteria:
        lines.append(_sum(seen, criterion))
    lines.append(
        say(
            message(
                "Les calculs sont exacts ; seul l'affichage est arrondi. Notes et points intermédiaires sont montrés avec quatre décimales, les totaux avec deux. Le classement compare les valeurs exactes."
            )
        )
    )
    return [blocks.heading(say(message("Comment les notes sont calculées")), 2), blocks.items(lines)]  # fmt: skip


def _sum(seen: View, criterion: Criterion) -> str:
    say, scale = seen.set.say, seen.set.number(criterion.scale, None)
    title = seen.criterion_title(criterion)
    match criterion.kind:
        case Kind.PRICE:
            formula = price.FORMULAS[criterion.formula]
            return say(
                message(
                    "{title} : formule « {name} », note = {writing}, où N = {scale} (l'échelle), P est le prix HT de l'offre, et Pmin et Pmax le plus bas et le plus haut des prix des offres classées du lot.",
                    title=title,
                    name=formula.title,
                    writing=formula.writing,
                    scale=scale,
                )
            )
        case Kind.CLAUSIER:
            return say(
                message(
                    "{title} : note = échelle × Σ(poids × valeur du niveau retenu) ÷ Σ poids, avec une échelle de {scale}, sur les points notés. Σ poids est le même pour toutes les offres.",
                    title=title,
                    scale=scale,
                )
            )
        case Kind.MARKED:
            return say(
                message(
                    "{title} : note de 0 à {scale} donnée et motivée par les évaluateurs.", title=title, scale=scale
                )
            )
        case Kind.COMPUTED:
            return say(message("{title} : valeur de 0 à {scale} calculée par ailleurs à partir de cette seule offre.", title=title, scale=scale))  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- points
def _points(seen: View) -> list[Block]:
    if not seen.scored:
        return []
    say = seen.set.say
    return [
        blocks.heading(say(message("Ce que valent les niveaux et les silences")), 2),
        blocks.paragraph(say(message("Ce qu'un soumissionnaire déclare n'est jamais noté. Pour chaque point, un évaluateur retient un niveau, avec son motif ; la valeur de ce niveau, de 0 à 1, est multipliée par le poids du point : 1 (utile), 2 (important) ou 3 (essentiel)."))),
        _levels(seen),
        blocks.items(_silences(seen)),
        _themes(seen),
        *_lots(seen),
        _published(seen),
    ]  # fmt: skip


def _levels(seen: View) -> Block:
    say = seen.set.say
    values: dict[str, set[Decimal | None]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for point in seen.scored:
        for level in point.levels:
            values[level.code].add(level.value)
            counts[level.code] += 1
    known = [code for code in words.LEVELS if code in values] + [code for code in values if code not in words.LEVELS]
    rows = [[say(words.level(code)), _values(seen, values[code]), str(counts[code])] for code in known]
    head = [say(message("Niveau")), say(message("Valeur")), say(message("Points qui ont ce niveau"))]
    return blocks.table("45 1f 45>", head, rows)


def _values(seen: View, values: set[Decimal | None]) -> str:
    numbers = sorted((value for value in values if value is not None), reverse=True)
    if not numbers:
        return seen.set.say(message("aucune : une précision est demandée avant de retenir un niveau"))
    separator = seen.set.say(message("ou"))
    return f" {separator} ".join(seen.set.number(value, None) for value in numbers)


def _silences(seen: View) -> list[str]:
    say = seen.set.say
    used = [point for point in seen.clausier.points.values() if point.award_use is not AwardUse.NONE]
    irregular = sum(point.if_blank is IfBlank.IRREGULAR for point in used)
    refused = sum(not point.na_allowed for point in used)
    floors = sum(point.award_use.floors for point in used)
    lines = [
        say(message("Sans réponse : la valeur est zéro, comme publié.") if not irregular else message("Sans réponse : la valeur est zéro, comme publié, sauf pour {count} points où l'absence rend l'offre irrégulière (tableau ci-dessous).", count=irregular)),
        say(message("« Sans objet » n'est pas un zéro ni un point tenu : s'il est accepté, l'évaluateur retient un niveau, avec son motif ; le point reste au dénominateur de toutes les offres.")),
    ]  # fmt: skip
    if refused:
        lines.append(say(message("« Sans objet » n'est pas admis, comme publié, pour {count} points.", count=refused)))  # fmt: skip
    if floors:
        lines.append(say(message("{count} points fixent un minimum ; un niveau retenu au-dessous fait proposer l'irrégularité, et une personne décide.", count=floors)))  # fmt: skip
    return lines


def _themes(seen: View) -> Block:
    say = seen.set.say
    rows = []
    for theme in seen.clausier.themes:
        scored = [point for point in theme.points if point.award_use.scores]
        rows.append([theme.id, say(theme.title), str(len(theme.points)), str(len(scored)), str(sum(point.weight for point in scored))])  # fmt: skip
    rows.append(["", say(message("Ensemble")), str(len(seen.clausier.points)), str(len(seen.scored)), str(sum(point.weight for point in seen.scored))])  # fmt: skip
    head = [say(message("Thème")), say(message("Intitulé")), say(message("Points")), say(message("Notés")), "Σ " + say(message("poids"))]  # fmt: skip
    return blocks.table("16 1f 18> 18> 20>", head, rows, [len(rows) - 1])


def _lots(seen: View) -> list[Block]:
    """Return what is asked on each lot, when some points are asked on some lots only."""
    if not seen.by_lot:
        return []
    say = seen.set.say
    rows = []
    for lot in seen.tender.lots:
        points = seen.clausier_of(lot.id).points.values()
        scored = [point for point in points if point.award_use.scores]
        rows.append(
            [seen.lot_name(lot), str(len(points)), str(len(scored)), str(sum(point.weight for point in scored))]
        )
    head = [say(message("Lot")), say(message("Points")), say(message("Notés")), "Σ " + say(message("poids"))]
    return [
        blocks.paragraph(say(message("Certains points ne concernent que certains lots : une offre n'est lue et notée que sur ceux du sien, et Σ poids est le même pour toutes les offres d'un lot."))),
        blocks.table("1f 18> 18> 20>", head, rows),
    ]  # fmt: skip


def _use(seen: View, point: Point) -> str:
    """Return the use of a point, with its lots when it is not asked on all."""
    use = seen.word(words.AWARD_USES, point.award_use)
    lots = [lot.id for lot in seen.tender.lots if seen.asked(point, lot.id)]
    return use if len(lots) == len(seen.tender.lots) else f"{use} ({seen.set.quote(', '.join(lots))})"


def _published(seen: View) -> Block:
    """Return what was published of each point: its weight, its use, what a blank is worth, whether N/A is accepted."""
    say = seen.set.say
    blank = {IfBlank.ZERO: say(message("zéro")), IfBlank.IRREGULAR: say(message("irrégulière"))}
    allowed = {True: say(message("admis")), False: say(message("non admis"))}
    parts = []
    for theme in seen.clausier.themes:
        rows = [
            [f"{point.id} {say(point.title) or say(point.wording(seen.record.language))}", str(point.weight) if point.award_use.scores else NOTHING, _use(seen, point), blank[point.if_blank], allowed[point.na_allowed]]
            for point in theme.points
        ]  # fmt: skip
        parts.append((f"{theme.id} – {say(theme.title)}", rows, ""))
    head = [
        say(message("Point")),
        say(message("Poids")),
        say(message("Usage")),
        say(message("Sans réponse")),
        say(message("Sans objet")),
    ]
    return blocks.groups("84 14> 38 20 20", head, parts)  # fmt: skip


# ---------------------------------------------------------------------------------------------------------- who, when
def _evaluators(seen: View) -> list[Block]:
    say = seen.set.say
    marks = seen.evaluation.marks
    counts = Counter(mark.evaluator for mark in marks.points) + Counter(note.evaluator for note in marks.notes)
    rows = [[say(each.role or each.id), _read_by(seen, each), str(counts[each.id])] for each in seen.tender.evaluators]
    if counts[HARMONISED]:
        rows.append([say(message("Harmonisation")), say(message("notes arrêtées ensemble ; elles prévalent sur celles de chacun")), str(counts[HARMONISED])])  # fmt: skip
    head = [say(message("Évaluateur")), say(message("Thèmes et critères lus")), say(message("Niveaux et notes écrits"))]
    return [blocks.heading(say(message("Qui a évalué quoi")), 2), blocks.table("1f 2f 30>", head, rows)]


def _read_by(seen: View, evaluator: Evaluator) -> str:
    themes = [theme.id for theme in seen.clausier.themes if reads(evaluator, seen.tender, theme.id)]
    criteria = [
        seen.criterion_title(each)
        for each in seen.tender.criteria
        if each.kind is Kind.MARKED and notes(evaluator, each)
    ]
    return ", ".join([*themes, *criteria]) or NOTHING


def _rounds(seen: View) -> list[Block]:
    say = seen.set.say
    ranked = {row.key for row in seen.evaluation.ranking}
    earlier = [bid.key for bid in seen.evaluation.bids if bid.key not in ranked]
    if not earlier:
        if all(key.round == 1 for key in ranked):
            return [blocks.paragraph(say(message("Un seul tour : le classement porte sur l'offre remise par chacun.")))]
        return [
            blocks.paragraph(
                say(
                    message(
                        "Le classement porte sur la dernière offre de chacun, dont le tour est nommé à côté de son nom."
                    )
                )
            )
        ]
    last = ", ".join(seen.name(key) for key in sorted(earlier))
    return [blocks.paragraph(say(message("Le classement porte sur la dernière offre remise par chaque soumissionnaire. Offres de tours antérieurs, remplacées : {earlier}.", earlier=last)))]  # fmt: skip
