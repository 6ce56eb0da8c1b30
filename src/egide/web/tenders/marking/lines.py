"""The rows of a marking grid: what was asked, what is declared, what that suggests, what is retained, what others say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.urls import reverse

from egide.clausier.model import IRREGULAR, AwardUse, Depth, Point
from egide.locale import point_text
from egide.message import Language, Message, message
from egide.tender.lots import concerns
from egide.tender.model import Acceptance, Answer, BidKey, Condition, Declared, Evaluator, Marks, PointMark
from egide.tender.points import proposal
from egide.tender.readers import countable
from egide.tender.rules import reads
from egide.tender.words import CONDITIONS, DECLARED, level
from egide.web.design.words import language, said, typeset
from egide.web.tenders import convert, models, settled
from egide.web.tenders.folder import within
from egide.web.tenders.marking import advice
from egide.web.tenders.marking.entries import LEVELS, Entry, Refused
from egide.web.tenders.marking.room import Room, earlier
from egide.web.tenders.marking.serving import Row

Spot = tuple[BidKey, str]
"""A bid and a point."""


class Filter(StrEnum):
    """What a grid may be narrowed to."""

    ALL = ""
    UNMARKED = "a-noter"
    DOUBT = "doutes"
    DISAGREEMENT = "ecarts"
    ESSENTIAL = "essentiels"
    NO_REASON = "sans-motif"


FILTERS: Mapping[Filter, Message] = {
    Filter.ALL: message("Tout"),
    Filter.UNMARKED: message("À noter"),
    Filter.NO_REASON: message("Motif à écrire"),
    Filter.DOUBT: message("Doutes de lecture"),
    Filter.DISAGREEMENT: message("Écarts entre évaluateurs"),
    Filter.ESSENTIAL: message("Points essentiels"),
}


@dataclass(frozen=True)
class Choice:
    """A level that may be retained: its key on the keyboard, its code, its word, what is seen at that level."""

    key: str
    code: str
    word: str
    text: str = ""
    value: str = ""


@dataclass(frozen=True)
class Said:
    """What somebody else retained, or the same person at a round before."""

    who: str
    level: str
    reason: str


@dataclass(frozen=True)
class Asked:
    """What is asked of a point, in the words of the page: the same for all bids."""

    id: str
    title: str
    wording: str
    url: str
    choices: tuple[Choice, ...]
    proofs: tuple[str, ...]
    use: str
    weight: int
    essential: bool
    na_allowed: bool


@dataclass(frozen=True, kw_only=True)
class Line(Row):
    """A row of a grid: a bid and a point."""

    bid: str
    asked: Asked
    declared: str
    condition: str
    answer: Answer | None
    doubts: tuple[str, ...]
    suggested: str
    suggested_word: str
    why: str
    level_word: str
    others: tuple[Said, ...] = ()
    before: tuple[Said, ...] = ()
    differs: bool = False

    @property
    def file(self) -> str:
        """Return the path of the file that was read, inside the folder of its tenderer."""
        return within(self.answer.file) if self.answer else ""

    @property
    def na(self) -> bool:
        """Whether « not applicable » is to be accepted or refused."""
        return bool(self.values["na"]) or (self.answer is not None and self.answer.declared is Declared.NA)

    @property
    def uuid(self) -> str:
        """Return the UUID of the bid, as its addresses have it."""
        return self.place.partition("/")[0]

    @property
    def raw(self) -> str:
        """Return what the sheet said, where it says more than the declared answer."""
        said = self.answer.raw if self.answer else ""
        return "" if said.casefold() == self.declared.casefold() else said

    def passes(self, only: Filter) -> bool:
        """Whether a filter keeps this row."""
        return {
            Filter.ALL: True,
            Filter.UNMARKED: not self.marked,
            Filter.NO_REASON: self.marked and not self.values["reason"],
            Filter.DOUBT: bool(self.doubts),
            Filter.DISAGREEMENT: self.differs,
            Filter.ESSENTIAL: self.asked.essential,
        }[only]


def points_read(room: Room, evaluator: Evaluator) -> list[Point]:
    """Return the points that an evaluator marks, in the order of the clausier."""
    return [
        point
        for theme in room.clausier.themes
        if reads(evaluator, room.tender, theme.id)
        for point in theme.points
        if point.award_use is not AwardUse.NONE
    ]


def _worth(value: Decimal, spoken: Language) -> str:
    text = f"{value.normalize():f}"
    return text if spoken == "en" else text.replace(".", ",")


def asked(room: Room, point: Point, spoken: Language) -> Asked:
    """Return what is asked of a point; only points of our own clausier have a public page."""
    public = room.row.clausier.organisation_id is None
    levels = [
        Choice(str(number), each.code, said(level(each.code)), typeset(point.say(each.text, spoken)), "" if each.value is None else _worth(each.value, spoken))
        for number, each in enumerate(point.levels, 1)
    ]  # fmt: skip
    missing = said(message("pièce ou réponse exigée absente"))
    levels.append(Choice(str(len(levels) + 1), IRREGULAR, said(level(IRREGULAR)), missing, "0"))
    return Asked(
        point.id,
        said(point.title) or point.id,
        point.wording(spoken),
        reverse("clauses:point", args=[point.id]) if public else "",
        tuple(levels),
        tuple(each.removeprefix("- ") for each in point_text.proofs(point, spoken).splitlines()),
        point_text.word(point.award_use, spoken),
        point.weight,
        point.level is Depth.ESSENTIEL,
        point.na_allowed,
    )


def lines(room: Room, evaluator: str, spots: Sequence[Spot]) -> list[Line]:
    """Return the rows of some bids and points for an evaluator: three queries."""
    spoken = language()
    keys = {key for key, _ in spots}
    points = {point for _, point in spots}
    before = {key: earlier(key, room.bids) for key in keys}
    wanted = keys | {each for given in before.values() for each in given}
    by_pk = {room.bids[key].pk: key for key in wanted}
    answers = _answers(by_pk, points)
    rows = _marks(by_pk, points)
    own = {(by_pk[row.bid_id], row.point): row for row in rows if row.evaluator == evaluator}
    others = _others(room, evaluator, rows, by_pk, keys)
    doubts = _doubts(room, keys, points)
    texts = {point: asked(room, room.clausier.points[point], spoken) for point in points}
    values = {spot: convert.point_mark(row, spot[0]) for spot, row in own.items()}
    names = {evaluator: each.role or each.id for evaluator, each in room.evaluators.items()}
    made = []
    for number, (key, identifier) in enumerate(spots):
        point, answer, row = (
            room.clausier.points[identifier],
            answers.get((key, identifier)),
            own.get((key, identifier)),
        )
        mark = values.get((key, identifier)) or PointMark(evaluator, key, identifier, "")
        given = tuple(values[each, identifier] for each in before[key] if (each, identifier) in values)
        suggested, why = proposal(point, answer)
        declared = Declared.BLANK if answer is None else answer.declared
        theirs = others.get((key, identifier), ())
        made.append(
            Line(
                number=str(number),
                place=f"{room.bids[key].uuid}/{identifier}",
                values={name: getattr(row, name) if row else "" for name in LEVELS.fields},
                revision=row.revision if row else 0,
                advice=tuple(said(each) for each in advice.of_mark(advice.Told(mark, point, answer, given), room.clausier)),
                bid=room.name(key),
                asked=texts[identifier],
                declared=said(DECLARED[declared]),
                condition=said(CONDITIONS[answer.condition]) if answer and answer.condition is not Condition.NONE else "",
                answer=answer,
                doubts=doubts.get((key.tenderer, identifier), ()),
                suggested=suggested,
                suggested_word=said(level(suggested)) if suggested else "",
                why=said(why),
                level_word=said(level(mark.level)) if mark.level else "",
                others=tuple(Said(names.get(each.evaluator, each.evaluator), said(level(each.level)), each.reason) for each in theirs),
                before=tuple(Said(said(message("tour {number}", number=each.bid.round)), said(level(each.level)), each.reason) for each in given if each.level),
                differs=bool(mark.level) and any(each.level != mark.level for each in theirs),
            )
        )  # fmt: skip
    return made


def _answers(by_pk: Mapping[int, BidKey], points: Collection[str]) -> dict[Spot, Answer]:
    found = models.Answer.objects.filter(bid_id__in=by_pk, point__in=points)
    return {(by_pk[each.bid_id], each.point): convert.answer(each) for each in found}


def _marks(by_pk: Mapping[int, BidKey], points: Collection[str]) -> list[models.Mark]:
    return list(models.Mark.objects.filter(bid_id__in=by_pk, point__in=points).order_by("evaluator", "pk"))


def _others(
    room: Room, evaluator: str, rows: Iterable[models.Mark], by_pk: Mapping[int, BidKey], keys: Collection[BidKey]
) -> dict[Spot, tuple[PointMark, ...]]:
    """Return the marks of the others that may be shown: with double reading, only once all readers gave theirs."""
    given = tuple(
        convert.point_mark(each, by_pk[each.bid_id]) for each in rows if each.level and by_pk[each.bid_id] in keys
    )
    seen, _ = countable(room.tender, room.clausier, Marks(given, declarations=room.declarations))
    found: dict[Spot, tuple[PointMark, ...]] = {}
    for mark in seen.points:
        if mark.evaluator != evaluator:
            found[mark.bid, mark.point] = (*found.get((mark.bid, mark.point), ()), mark)
    return found


def _doubts(room: Room, keys: Iterable[BidKey], points: Collection[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    found = models.ReadFinding.objects.filter(
        consultation=room.row, source="bids", tenderer__in={key.tenderer for key in keys}, point__in=points
    ).values_list("tenderer", "point", "understood")
    spoken = language()
    doubts: dict[tuple[str, str], tuple[str, ...]] = {}
    for tenderer, point, understood in found:
        text = understood[spoken]
        doubts[tenderer, point] = (*doubts.get((tenderer, point), ()), text)
    for each in settled.findings(room.row):
        if each.tenderer and each.point in points:
            doubts[each.tenderer, each.point] = (*doubts.get((each.tenderer, each.point), ()), said(each.understood))
    return doubts


def spots_of_bid(room: Room, evaluator: Evaluator, key: BidKey, theme: str) -> list[Spot]:
    """Return the points of a theme (all if it is empty) that an evaluator marks on a bid."""
    return [
        (key, point.id)
        for point in points_read(room, evaluator)
        if concerns(room.tender, point.id, key.lot) and theme in ("", room.clausier.theme_of[point.id].id)
    ]


def right(room: Room, entry: Entry, places: Collection[tuple[str, str]]) -> Entry | Refused:
    """Return a row of this grid whose words are those of its point, else why it is refused."""
    bid, identifier, _ = entry.place
    if (bid, identifier) not in places:
        return Refused(said(message("cette ligne n'est pas de cette page")))
    point = room.clausier.points[identifier]
    if entry.values["level"] not in ("", IRREGULAR, *point.level_of):
        return Refused(said(message("le point {point} n'a pas ce niveau", point=identifier)))
    if entry.values["na"] not in ("", *(each.value for each in Acceptance)):
        return Refused(said(message("choisir Oui ou Non pour « sans objet »")))
    return entry
