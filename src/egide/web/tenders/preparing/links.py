"""Where each finding on a definition is mended: the page, the field on it, and its words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.web.design.words import said
from egide.web.tenders import convert, models, page
from egide.web.tenders.preparing import parts

EXPERT = Text("Définition entière", "Whole definition")


@dataclass(frozen=True)
class Target:
    """A page, the field there, and its words."""

    url: str
    label: str
    part: str = ""


@dataclass(frozen=True)
class Told:
    """A finding and where to go to mend it."""

    finding: Finding
    targets: tuple[Target, ...]


def field_name(place: str) -> str:
    """Return the name of the field of a place: `lots[0].title` is lots-0-title, `buyer.name` is buyer__name."""
    steps = re.findall(r"[^.\[\]]+", re.sub(r"\[(\d+)\]", r".#\1", place.split(" · ", maxsplit=1)[0]))
    numbers = [rank for rank, step in enumerate(steps) if step.startswith("#")]
    if not numbers or numbers[0] == len(steps) - 1:
        return "__".join(step for step in steps if not step.startswith("#"))
    first = numbers[0]
    rest = "__".join(step for step in steps[first + 1 :] if not step.startswith("#"))
    return f"{'__'.join(steps[:first])}-{steps[first][1:]}-{rest}"


def numbered(definition: Mapping[str, Any], place: str) -> str:
    """Return a place whose rows are named by their place in their list: `lots.lot-1.budget` is lots[0].budget."""
    here: Any = definition
    written = ""
    rest = place.split(" · ", maxsplit=1)[0]
    while rest:
        if found := re.match(r"\[(\d+)\]\.?", rest):
            number, rest = int(found[1]), rest[found.end() :]
            here = here[number] if isinstance(here, list) and number < len(here) else None
            written += f"[{number}]"
            continue
        if isinstance(here, list):
            named = next(
                (
                    (number, name)
                    for number, each in enumerate(here)
                    if isinstance(each, Mapping)
                    and (name := str(each.get("id") or each.get("number") or ""))
                    and (rest == name or rest.startswith(f"{name}."))
                ),
                None,
            )
            if named is None:
                return written
            number, name = named
            here, rest = here[number], rest[len(name) :].lstrip(".")
            written += f"[{number}]"
            continue
        key, _, rest = rest.partition(".")
        key, bracket, more = key.partition("[")
        rest = f"{bracket}{more}{'.' if bracket and rest else ''}{rest}"
        here = here.get(key) if isinstance(here, Mapping) else None
        written = f"{written}.{key}".lstrip(".")
    return written


def target(row: models.Consultation, place: str) -> Target:
    """Return where a place of the definition is mended."""
    top = re.split(r"[.\[]", place)[0]
    if top == "points":
        identifier = place.split(".")[1] if "." in place else ""
        if identifier in convert.whole_clausier(row).points:
            return Target(reverse("tenders:point", args=[row.uuid, identifier]), identifier, "points")
    if top in page.STEP["points"].keys:
        return Target(reverse("tenders:points", args=[row.uuid]), said(page.STEP["points"].title), "points")
    counted = numbered(row.definition, place)
    if (found := re.match(r"criteria\[(\d+)\]\.?", counted)) and int(found[1]) < len(row.definition["criteria"]):
        url = reverse("tenders:criterion", args=[row.uuid, row.definition["criteria"][int(found[1])]["id"]])
        return _of(parts.CRITERION, url, counted[found.end() :], "method")
    part = next((each for each in parts.PARTS if top in each.keys), None)
    if part is None:
        return Target(reverse("tenders:definition", args=[row.uuid]), said(EXPERT))
    return _of(part, part.url(row), counted, part.name)


def _of(part: parts.Part, url: str, place: str, name: str) -> Target:
    """Return the field of a place on the page of a part, the page alone when no field shows it."""
    if (row := re.fullmatch(r"([a-z_.]+)\[\d+\]", place)) and (of := row[1].replace(".", "__")) in part.rows:
        place = f"{place}.{next(name for name in part.rows[of].base_fields if name != 'was')}"
    written = field_name(place)
    prefix, number, key = ([*written.split("-", 2), "", ""])[:3] if "-" in written else (written, "", "")
    if number and prefix in part.rows and key in part.rows[prefix].base_fields:
        form = part.rows[prefix]
        label = f"{form.TITLE} {int(number) + 1} – {form.base_fields[key].label}"
        size = form.A_PAGE
        page = f"?{prefix}={int(number) // size + 1}" if int(number) >= size else ""
        return Target(f"{url}{page}#id_{prefix}-{int(number) % size}-{key}", label, name)
    if part.form and written in part.form.base_fields:
        return Target(f"{url}#id_{written}", str(part.form.base_fields[written].label), name)
    if prefix in part.rows:
        return Target(f"{url}#{prefix}", said(part.title), name)
    return Target(url, said(part.title), name)


TO_WRITE = message("des textes restent à écrire : ils seraient publiés tels quels")
REMEDIES: Mapping[str, Message] = {
    "tender.to_fill_in": message("Écrivez-les, ou videz le champ s’il ne sert pas."),
    "tender.environment": message("Cochez « caractéristiques environnementales » au critère qui en tient compte, ou ajoutez-en un lié à l’achat."),
    "tender.deadline_before": message("Corrigez l’une des deux dates."),
    "tender.lots": message("Ajoutez au moins un lot, même pour une consultation qui n’est pas allotie."),
    "tender.clausier_unused": message("Ajoutez un critère noté par les points du clausier, ou retirez ces points de la note."),
    "tender.schedule_unnamed": message("Donnez un repère et une désignation : ils sont dans le cadre que remplissent les candidats."),
    "tender.schedule_duration": message("Donnez la durée comparée : le total se calcule sur elle."),
    "tender.ties": message("Écrivez des critères dans l’ordre publié, ou draw pour un tirage au sort."),
    "tender.two_thresholds": message("Donnez la même valeur au préavis d’audit du contrat et au seuil de la clause."),
    "tender.points": message("Corrigez ce que la consultation dit de ce point."),
    "tender.risk_beneficiaries": message("Décrivez les bénéficiaires, ou choisissez de ne pas demander de coût du risque."),
    "tender.risk_years": message("Donnez la durée comptée ici, ou la durée du contrat à l’étape 1."),
    "tender.risk_lot_unknown": message("Cochez un lot de la consultation."),
    "tender.risk_lot_twice": message("Ne gardez qu’une description par lot : les recettes et les personnes s’y additionnent."),
    "tender.risk_interval": message("Donnez trois pourcentages dans l’ordre, par exemple 6, 15 et 30."),
    "tender.risk_share": message("Donnez un pourcentage de 0 à 100."),
    "risk.no_points": message("Gardez des points de sécurité à l’étape 2, ou ne demandez pas de coût du risque."),
    "risk.warning": message("Préférez l’usage pour information, qui ne change aucune note ; sinon, faites valider ce choix par le service juridique et gardez sa réponse au dossier."),
    "risk.criterion": message("Choisissez le critère de prix ; il doit être le seul de la consultation."),
    "risk.guard.documents": message("Enregistrez de nouveau cette page : l’empreinte y est écrite."),
    "risk.guard.own_figure": message("Gardez l’usage pour information."),
    "risk.guard.gross": message("Retirez transfer dans la définition entière : le critère ne compte que des coûts bruts."),
    "risk.guard.twice": message("À l’étape 2, rendez ces points éliminatoires, sans note (« Minimum exigé ») : ce qui dépasse le minimum ne compte alors que dans le coût."),
    "risk.guard.cap": message("Donnez un plafond supérieur à zéro, et la valeur estimée de chaque lot à l’étape 1."),
    "risk.guard.equal": message("À l’étape 2, changez l’usage de ces points ou retirez-les."),
    "publication.conditions": message("Publiez l’un ou l’autre : cochez « poids publiés », ou écrivez les conditions."),
    "publication.procedure": message("Choisissez une autre procédure, ou écrivez au dossier le cas qui permet celle-ci."),
    "publication.estimate": message("Donnez la valeur estimée hors taxes, sur toute la durée et tous les lots."),
    "publication.allotment": message("Écrivez le motif, en droit (le cas de l’article L2113-11) et en fait (ce qui l’établit ici)."),
    "publication.lot_order": message("Écrivez l’ordre d’attribution de tous les lots, avec leurs repères."),
    "publication.reduction": message("Décochez la réduction annoncée, ou corrigez la procédure."),
    "publication.rounds": message("Numérotez les tours 2, 3, 4, sans saut."),
    "publication.thresholds": message("Vérifiez les seuils à la main, ou faites mettre à jour les règles."),
}  # fmt: skip
"""What a page tells to do, where the command line speaks of the keys of tender.yaml."""


def told(row: models.Consultation, found: Iterable[Finding]) -> list[Told]:
    """Return findings with where each is mended: a finding on several texts leads to each of them."""
    return [Told(of_page(each), tuple(_targets(row, each))) for each in found]


def of_page(finding: Finding) -> Finding:
    """Return a finding as a page says it: its links say where, instead of a file and a key."""
    understood = TO_WRITE if finding.code == "tender.to_fill_in" else finding.understood
    remedy = REMEDIES.get(finding.code, finding.remedy)
    return replace(finding, understood=understood, remedy=remedy, file="", place="")


def _targets(row: models.Consultation, finding: Finding) -> Iterator[Target]:
    several = finding.understood.values.get("places")
    places: Sequence[str] = several if isinstance(several, tuple) else (finding.place,)
    seen: set[str] = set()
    for place in places:
        made = target(row, place)
        if made.url not in seen:
            seen.add(made.url)
            yield made


def lacking(row: models.Consultation) -> Mapping[str, int]:
    """Return how much lacks on each page."""
    every = told(row, (each for each in page.against(row) if each.severity is not Severity.NOTE))
    return Counter(name for each in every for name in dict.fromkeys(target.part for target in each.targets))


def of_part(row: models.Consultation, name: str) -> list[Told]:
    """Return what lacks on a page, with only the links to it."""
    every = told(row, (each for each in page.against(row) if each.severity is not Severity.NOTE))
    return [
        Told(each.finding, tuple(target for target in each.targets if target.part == name))
        for each in every
        if any(target.part == name for target in each.targets)
    ]
