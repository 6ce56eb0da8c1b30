"""What a consultation publishes of its award and freezes that day (R19): the terms that the RC prints and `evaluate` uses.

The cells of the tables of the RC are made here, so that the document and whoever reads it again speak of the same words.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from egide import plain
from egide.clausier.model import AwardUse, Clausier, IfBlank, Point
from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender import words
from egide.tender.model import Criterion, Kind, SubCriterion, Tender
from egide.tender.price import FORMULAS
from egide.tender.risk_terms import RiskTerms
from egide.tender.rules import FILE
from egide.tender.schedule import Prevails, ScheduleLine


@dataclass(frozen=True)
class CriterionTerms:
    """A criterion as published; `weight` is in points of 100, that of a sub-criterion too."""

    id: str
    title: str
    weight: Decimal
    scale: Decimal
    kind: Kind
    formula: str = ""
    environmental: bool = False
    weight_range: tuple[Decimal, ...] = ()
    weight_published: bool = True
    themes: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class PointTerms:
    """A point as published: how it serves, what it weighs, what each level and a blank are worth, its clause by digest."""

    id: str
    wording: str
    award_use: AwardUse
    weight: int
    if_blank: IfBlank
    na_allowed: bool
    levels: Mapping[str, Decimal | None]
    floor: str = ""
    lots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """All that is frozen; criteria are flat, a sub-criterion being named criterion/sub-criterion."""

    clausier: str
    version: str
    criteria: tuple[CriterionTerms, ...]
    points: tuple[PointTerms, ...]
    lots: tuple[str, ...]
    ties: tuple[str, ...] = ()
    variants_allowed: bool = False
    conditions_of_use: str = ""
    months: int = 0
    schedule: tuple[ScheduleLine, ...] = ()
    prevails: Prevails = Prevails.BPU
    risk: RiskTerms | None = None


def terms(tender: Tender, clausier: Clausier) -> Terms:
    """Return the terms of a consultation. `clausier` is already narrowed to its points."""
    return Terms(
        clausier.id,
        clausier.version,
        tuple(each for criterion in tender.criteria for each in _criterion(tender, criterion)),
        tuple(_point(tender, point) for point in clausier.points.values()),
        tuple(lot.id for lot in tender.lots),
        tender.ties,
        tender.variants_allowed,
        tender.conditions_of_use,
        tender.schedule.months,
        tender.schedule.lines,
        tender.schedule.prevails,
        tender.risk.lasting(tender.contract.months) if tender.risk else None,
    )


def frozen(tender: Tender, clausier: Clausier) -> str:
    """Return the digest of the terms: what the publication writes down and an amendment changes."""
    return digest(terms(tender, clausier))


def digest(published: Terms) -> str:
    """Return the digest of terms."""
    return plain.digest(written_terms(published))


def written_terms(published: Terms) -> dict[str, object]:
    """Return terms as plain data; without a cost of risk they are what they were before one could be published."""
    data: dict[str, object] = plain.unstructure(published)
    if published.risk is None:
        del data["risk"]
    return data


def _criterion(tender: Tender, criterion: Criterion) -> Iterator[CriterionTerms]:
    formula = criterion.formula if criterion.kind is Kind.PRICE else ""
    yield CriterionTerms(
        criterion.id, criterion.title, criterion.weight, criterion.scale, criterion.kind, formula,
        criterion.environmental, criterion.weight_range, tender.weights_published,
    )  # fmt: skip
    for sub in criterion.subcriteria:
        yield CriterionTerms(
            f"{criterion.id}/{sub.id}", sub.title, share(criterion, sub), criterion.scale, criterion.kind,
            weight_published=tender.weights_published, themes=sub.themes, families=sub.families, points=sub.points,
        )  # fmt: skip


def share(criterion: Criterion, sub: SubCriterion) -> Decimal:
    """Return the points of 100 that a sub-criterion stands for, whether weights add up to 100 or to the criterion's."""
    total = sum((each.weight for each in criterion.subcriteria), Decimal(0))
    return sub.weight if total == criterion.weight else sub.weight * criterion.weight / 100


def _point(tender: Tender, point: Point) -> PointTerms:
    use = tender.points.get(point.id)
    floor = "floor" if point.award_use.floors and "floor" in point.level_of else ""
    return PointTerms(
        point.id,
        point.wording_digest,
        point.award_use,
        point.weight if point.award_use.scores else 0,
        point.if_blank,
        point.na_allowed,
        {level.code: level.value for level in point.levels},
        floor or (_least(point) if point.award_use.floors else ""),
        use.lots if use else (),
    )


def _least(point: Point) -> str:
    """Return the least level that does not propose the bid as irregular, "" when every level does."""
    kept = [level.code for level in point.levels if level.value is not None and level.code not in point.under_floor]
    return kept[-1] if kept else ""


# ------------------------------------------------------------------------------------------------------- what changed
@dataclass(frozen=True)
class Change:
    """A term that is no longer what was published: its place in tender.yaml, then and now ("" for absent)."""

    place: str
    before: str
    after: str


def changes(before: Terms, after: Terms) -> list[Change]:
    """Return what differs between two states of the terms, in the order of the criteria, then of the points."""
    found: list[Change] = []
    for each in fields(Terms):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name in {"criteria", "points", "schedule"}:
            found += _members(each.name, {one.id: one for one in old}, {one.id: one for one in new})
        elif each.name == "risk" and old and new:
            found += _members("risk", {"": old}, {"": new})
        elif old != new:
            found.append(Change(each.name, _said(old), _said(new)))
    return found


def _members(place: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        if name not in new or name not in old:
            yield Change(f"{place}.{name}", name if name in old else "", name if name in new else "")
            continue
        for key in fields(old[name]):  # type: ignore[arg-type]
            was, now = getattr(old[name], key.name), getattr(new[name], key.name)
            if was != now:
                yield Change(".".join(each for each in (place, name, key.name) if each), _said(was), _said(now))


def _said(value: object) -> str:
    if value is None:
        return ""
    said = plain.unstructure(value)
    return said if isinstance(said, str) else plain.canonical(said).decode()


# ------------------------------------------------------------------------------------------------ the tables of the RC
IDENTIFIER = "id"
CRITERIA: Mapping[str, Text] = {
    IDENTIFIER: Text("Repère du critère", "Criterion mark"),
    "weight": Text("Poids sur 100", "Weight of 100"),
    "scale": Text("Échelle", "Scale"),
    "note": Text("Note", "Mark"),
}
POINTS: Mapping[str, Text] = {
    IDENTIFIER: Text("Point", "Point"),
    "use": Text("Usage", "Use"),
    "weight": Text("Poids", "Weight"),
    "if_blank": Text("Sans réponse", "If blank"),
    "na": Text("Sans objet", "Not applicable"),
    "levels": Text("Niveaux et valeurs", "Levels and values"),
    "floor": Text("Plancher", "Floor"),
    "lots": Text("Lots", "Lots"),
}
LEVELS: Mapping[str, Text] = {
    IDENTIFIER: Text("Niveau", "Level"),
    "worth": Text("Valeur", "Value"),
    "count": Text("Points qui ont ce niveau", "Points that have this level"),
}
"""The headings of the columns that are read again; a document may have others between them."""

BLANKS: Mapping[IfBlank, Text] = {
    IfBlank.IRREGULAR: Text("offre irrégulière", "irregular bid"),
    IfBlank.ZERO: Text("zéro", "zero"),
}
NA: Mapping[bool, Text] = {True: Text("admis", "admitted"), False: Text("non admis", "not admitted")}
NONE = Text("—", "—")
NO_WORTH = Text(
    "aucune : une précision est demandée avant de retenir un niveau",
    "none: a clarification is asked for before a level is retained",
)
ALL = Text("tous", "all")


def criterion_cells(criterion: CriterionTerms) -> dict[str, Text]:
    """Return the cells of a criterion in the table of the RC, by column."""
    return {
        IDENTIFIER: Text(criterion.id),
        "weight": _weight(criterion),
        "scale": _both("0 – {scale}", scale=number(criterion.scale)),
        "note": _origin(criterion),
    }


def _weight(criterion: CriterionTerms) -> Text:
    if not criterion.weight_published:
        return NONE
    if criterion.weight_range:
        least, most = criterion.weight_range[0], criterion.weight_range[-1]
        return _both("{least} – {most}", least=number(least), most=number(most))
    return number(criterion.weight)


def _origin(criterion: CriterionTerms) -> Text:
    if criterion.kind is Kind.PRICE and criterion.formula in FORMULAS:
        return FORMULAS[criterion.formula].writing
    return words.KINDS[criterion.kind]


def point_cells(point: PointTerms) -> dict[str, Text]:
    """Return the cells of a point in the table of the RC, by column."""
    worth = [
        _both("{word}\u00a0{value}", word=words.level(code), value=NONE if value is None else number(value))
        for code, value in point.levels.items()
    ]
    return {
        IDENTIFIER: Text(point.id),
        "use": words.AWARD_USES[point.award_use],
        "weight": Text(str(point.weight)) if point.weight else NONE,
        "if_blank": BLANKS[point.if_blank] if point.award_use is not AwardUse.NONE else NONE,
        "na": NA[point.na_allowed] if point.award_use is not AwardUse.NONE else NONE,
        "levels": _joined(worth) if point.award_use is not AwardUse.NONE else NONE,
        "floor": words.level(point.floor) if point.floor else NONE,
        "lots": Text(", ".join(point.lots)) if point.lots else ALL,
    }


def level_cells(published: Terms) -> dict[str, dict[str, Text]]:
    """Return the cells of each level that can be retained, by its code, in the order in which people know them."""
    worth: dict[str, list[Decimal | None]] = {}
    for point in published.points:
        if point.award_use is not AwardUse.NONE:
            for code, value in point.levels.items():
                worth.setdefault(code, []).append(value)
    known = [*(code for code in words.LEVELS if code in worth), *(code for code in worth if code not in words.LEVELS)]
    return {
        code: {IDENTIFIER: words.level(code), "worth": _worth(worth[code]), "count": Text(str(len(worth[code])))}
        for code in known
    }


def _worth(values: list[Decimal | None]) -> Text:
    numbers = [number(value) for value in sorted({value for value in values if value is not None}, reverse=True)]
    if not numbers:
        return NO_WORTH
    return Text(" ou ".join(each.say("fr") for each in numbers), " or ".join(each.say("en") for each in numbers))


def number(value: Decimal) -> Text:
    """Return a number with the decimals that it has."""
    said = f"{value.normalize():f}"
    return Text(said.replace(".", ","), said)


def _both(pattern: str, **values: Text) -> Text:
    return Text(
        pattern.format(**{name: value.say("fr") for name, value in values.items()}),
        pattern.format(**{name: value.say("en") for name, value in values.items()}),
    )


def _joined(texts: list[Text]) -> Text:
    return Text(" · ".join(text.say("fr") for text in texts), " · ".join(text.say("en") for text in texts))


# ------------------------------------------------------------------------- a criterion that speaks of the firm (R2152-7)
_FIRM = re.compile(
    r"\breferences?\b|chiffres? d.affaires|\bturnover\b|\bcertifications?\b|\bindependan(?:ce|t|te|ts|tes)\b|\bindependence\b"
    r"|\banciennete\b|\bseniority\b|\bspeciali[sz]\w+|\beffectifs?\b|\bheadcount\b|\bnotoriete\b|\breputation\b"
    r"|\bexperiences?\b|parts? de marche|market share|\bqualifications?\b"
    r"|\bmoyens (?:humains|techniques|materiels|generaux|de l.entreprise|de la societe|du candidat|du soumissionnaire|du prestataire)"
    r"|\b(?:means|resources) of the (?:company|firm|tenderer)|\bcompany (?:means|resources)"
    r"|capacites? (?:financieres?|professionnelles?|techniques?)|\b(?:financial|professional) capacity"
)
_ASSIGNED = re.compile(
    r"\bequipes?\b|\bteams?\b|\baffecte\w*|\bassigned\b|\bdedie\w*|\bdedicated\b|\bintervenants?\b|\bprofils? propose\w*"
    r"|\bexecution\b|\bperformance of the contract\b|\bprestation\b|\bpersonnel propose\b"
)
LAW = "CE, 19 décembre 2006, n° 273783 ; CJCE, 24 janvier 2008, Lianakis ; CAA Douai, 7 juin 2011, n° 10DA00232"


def wording(tender: Tender) -> list[Finding]:
    """Return a doubt for each scored criterion or sub-criterion whose title speaks of the firm and not of the offer."""
    found = []
    for criterion in tender.criteria:
        titled = [(f"criteria.{criterion.id}.title", criterion.title)]
        titled += [(f"criteria.{criterion.id}.subcriteria.{sub.id}.title", sub.title) for sub in criterion.subcriteria]
        for place, title in titled:
            folded = fold(title)
            if (word := _FIRM.search(folded)) and not _ASSIGNED.search(folded):
                found.append(_of_the_firm(place, title, folded, word))
    return found


def _of_the_firm(place: str, title: str, folded: str, word: re.Match[str]) -> Finding:
    said = title[word.start() : word.end()] if len(folded) == len(title) else word[0]
    understood: Message = message(
        "ce critère parle de l'entreprise (« {said} ») et non de l'offre : l'expérience et les moyens de la société "
        "s'apprécient à la candidature ({law})",
        said=said,
        law=LAW,
    )
    remedy = message(
        "Le demander à la candidature, équivalents acceptés, ou noter l'équipe réellement affectée au marché et le dire dans le titre."
    )
    return Finding("tender.firm_not_offer", Severity.DOUBT, understood, remedy, FILE, place, read=title)


def fold(text: str) -> str:
    """Return a text in small letters without accents, its spaces made one."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(bare.replace("\u2019", "'").split())


# ---------------------------------------------------------------------------- two documents that would say two things
AUDIT_NOTICE = (("EG-003", "notice"), ("EG-019", "notice"))
"""The thresholds of clauses that the contract texts give too: notice of audits, in days."""


def thresholds(tender: Tender, clausier: Clausier) -> list[Finding]:
    """Return a doubt for each threshold of a clause that the contract texts give with another value."""
    written = str(tender.contract.audit_notice_days)
    found = []
    for identifier, name in AUDIT_NOTICE:
        known = clausier.points[identifier].parameters if identifier in clausier.points else {}
        if name in known and known[name].default != written:
            found.append(
                Finding(
                    "tender.two_thresholds",
                    Severity.DOUBT,
                    message(
                        "le CCAP donne {written} jours de préavis d'audit, la clause {point} en donne {said} : le CCAP prévaut",
                        written=written,
                        point=identifier,
                        said=known[name].default,
                    ),
                    message(
                        "Écrire la même valeur : contract.audit_notice_days, ou points.{point}.parameters.",
                        point=identifier,
                    ),
                    FILE,
                    "contract.audit_notice_days",
                    point=identifier,
                    read=written,
                )
            )
    return found


# ----------------------------------------------------------------------------------------- what is not written yet
TO_FILL_IN = ("À COMPLÉTER", "TO BE COMPLETED")
"""What a new tender.yaml holds where only the buyer can write, in each language."""


def written(value: str) -> bool:
    """Whether a buyer wrote something, beyond what a new tender leaves to fill in."""
    return bool(value) and not any(mark in value for mark in TO_FILL_IN)


def unwritten(tender: Tender) -> list[Finding]:
    """Return one error naming the texts of the consultation that a new tender left to fill in: they would be published so."""
    left = tuple(place for place, value in _texts(plain.unstructure(tender)) if value and not written(value))
    said = message(
        "{count} texte(s) à écrire, qui seraient publiés tels quels : {places}", count=len(left), places=left
    )
    remedy = message("Les écrire dans tender.yaml, ou retirer la ligne si elle ne sert pas.")
    return [Finding("tender.to_fill_in", Severity.ERROR, said, remedy, FILE, left[0])] if left else []


def _texts(data: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _texts(value, f"{place}.{name}".lstrip("."))
    elif isinstance(data, list | tuple):
        for n, value in enumerate(data):
            yield from _texts(value, f"{place}[{n}]")
