"""The points of one consultation: selected for its purchase, changed as it published, with what is proposed of each answer."""

from collections.abc import Mapping
from dataclasses import replace

from egide.clausier.model import IRREGULAR, AwardUse, Clausier, IfBlank, Point
from egide.clausier.purchase import Selection, Vocabulary, combined, select
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Answer, Condition, Declared, PointUse, Purchase, Tender
from egide.tender.rules import FILE


def selection(tender: Tender, clausier: Clausier, vocabulary: Vocabulary) -> Selection | None:
    """Return the selection for the purchase, None when the tender describes none: every point is then kept."""
    purchase = tender.purchase
    if not purchase.facets and not purchase.profiles and purchase.level is None:
        return None
    profiles = [vocabulary.profile[each] for each in purchase.profiles if each in vocabulary.profile]
    facets = combined(profiles, purchase.facets)
    return select(clausier, vocabulary, facets, purchase.level, purchase.covered)


def narrowed(tender: Tender, clausier: Clausier, vocabulary: Vocabulary) -> tuple[Clausier, list[Finding]]:
    """Return the clausier of this consultation: points kept, overrides applied; and what is wrong in them."""
    chosen = selection(tender, clausier, vocabulary)
    kept = set(chosen.kept if chosen else clausier.points)
    for point, use in tender.points.items():
        if use.keep is not None:
            (kept.add if use.keep else kept.discard)(point)
    themes = tuple(
        replace(theme, points=tuple(_used(point, tender) for point in theme.points if point.id in kept))
        for theme in clausier.themes
    )
    narrow = replace(clausier, themes=tuple(theme for theme in themes if theme.points))
    return narrow, [*purchase_findings(tender.purchase, vocabulary), *_override_findings(tender, clausier)]


def _used(point: Point, tender: Tender) -> Point:
    use = tender.points.get(point.id)
    if use is None:
        return point
    award_use = use.award_use or point.award_use
    weight = use.weight if use.weight is not None else point.weight
    parameters = {
        name: replace(parameter, default=use.parameters[name], egide_default=False)
        if name in use.parameters
        else parameter
        for name, parameter in point.parameters.items()
    }
    return replace(
        point,
        award_use=award_use,
        weight=(weight or 1) if award_use.scores else 0,
        if_blank=use.if_blank or point.if_blank,
        na_allowed=point.na_allowed if use.na_allowed is None else use.na_allowed,
        parameters=parameters,
    )


def _error(place: str, understood: Message, remedy: Message, read: str) -> Finding:
    return Finding("tender.points", Severity.ERROR, understood, remedy, FILE, place, point=read, read=read)


def _override_findings(tender: Tender, clausier: Clausier) -> list[Finding]:
    found = []
    for identifier, use in tender.points.items():
        place = f"points.{identifier}"
        point = clausier.points.get(identifier)
        if point is None:
            found.append(
                _error(place, message("point inconnu du clausier"), message("Corriger l'identifiant."), identifier)
            )
            continue
        found += [
            _error(
                f"{place}.parameters",
                message("le point n'a pas de seuil « {name} »", name=name),
                message("Seuils possibles : {names}.", names=tuple(point.parameters)),
                identifier,
            )
            for name in use.parameters
            if name not in point.parameters
        ]
        found += [
            _error(f"{place}.lots", message("lot inconnu"), message("Prendre un lot de la liste lots."), lot)
            for lot in use.lots
            if lot not in {each.id for each in tender.lots}
        ]
        found += _weight_findings(place, point, use)
    return found


def _weight_findings(place: str, point: Point, use: PointUse) -> list[Finding]:
    award_use = use.award_use or point.award_use
    if use.weight is not None and (not 0 <= use.weight <= 3 or award_use.scores != (use.weight > 0)):
        understood = message("poids {weight} pour un point « {use} »", weight=use.weight, use=award_use.value)
        return [
            _error(
                f"{place}.weight",
                understood,
                message("Un point noté pèse 1, 2 ou 3 ; un point non noté pèse 0."),
                point.id,
            )
        ]
    if award_use is AwardUse.MINIMUM_THEN_SCORED and "floor" not in point.level_of:
        return [
            _error(
                f"{place}.award_use",
                message("ce point n'a pas de niveau plancher"),
                message("Choisir scored ou minimum."),
                point.id,
            )
        ]
    return []


def purchase_findings(purchase: Purchase, vocabulary: Vocabulary) -> list[Finding]:
    """Return every profile, facet and value of a purchase that the vocabulary does not know."""
    found = [
        _error(
            "purchase.profiles",
            message("profil d'achat inconnu"),
            message("Profils possibles : {names}.", names=tuple(vocabulary.profile)),
            each,
        )
        for each in purchase.profiles
        if each not in vocabulary.profile
    ]
    for facet, values in purchase.facets.items():
        possible = vocabulary.values.get(facet)
        if possible is None:
            found.append(
                _error(
                    f"purchase.facets.{facet}",
                    message("caractéristique inconnue"),
                    message("Caractéristiques possibles : {names}.", names=tuple(vocabulary.values)),
                    facet,
                )
            )
            continue
        found += [
            _error(
                f"purchase.facets.{facet}",
                message("valeur inconnue"),
                message("Valeurs possibles : {names}.", names=tuple(possible)),
                value,
            )
            for value in values
            if value not in possible
        ]
    return found


def proposal(point: Point, answer: Answer | None) -> tuple[str, Message]:
    """Return the level that the published rules and the declaration suggest ("" if none), and why.

    It only prefills a marks workbook and orders a provisional result; it is never retained by itself.
    """
    declared = Declared.BLANK if answer is None else answer.declared
    if answer is not None and answer.condition is not Condition.NONE:
        return "", message("réponse sous condition : à apprécier")
    if declared is Declared.BLANK and point.if_blank is IfBlank.IRREGULAR:
        return IRREGULAR, message("sans réponse : irrégularité proposée, comme publié")
    if declared is Declared.NA and not point.na_allowed:
        return "below", message("« sans objet » n'est pas admis pour ce point, comme publié")
    codes, why = PROPOSALS[declared]
    return next((code for code in codes if code in point.level_of), ""), why


PROPOSALS: Mapping[Declared, tuple[tuple[str, ...], Message]] = {
    Declared.YES: (("full",), message("déclaré : oui")),
    Declared.PARTIAL: (("partial", "floor"), message("déclaré : partiel")),
    Declared.NO: (("below",), message("déclaré : non")),
    Declared.NA: ((), message("« sans objet » : à accepter ou à refuser, avec la raison")),
    Declared.DESCRIBED: ((), message("déclaré : décrit, à lire")),
    Declared.BLANK: (("below",), message("sans réponse : zéro, comme publié")),
}
