"""The robustness note as an internal file of its own: short answer by lot, then tables. Nothing else of `report` reads it."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import egide
from egide import plain
from egide.locale import say
from egide.message import Language, Message, message
from egide.report import bid_name
from egide.report.papers import blocks, docx, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import WHOLE, printable
from egide.report.pictures.on_paper import block
from egide.report.pictures.picture import WIDE
from egide.report.pictures.weights import Interval, Intervals, weight_intervals
from egide.report.record import Record
from egide.report.view import NOTHING, View, view
from egide.tender import words
from egide.tender.model import BidKey
from egide.tender.notes import exact
from egide.tender.trial.chance import Frequency
from egide.tender.trial.robustness import LotNote, NoteFlip, Robustness, Strength
from egide.tender.trial.standing import Why

PDF, DOCX, JSON = "note-robustesse-interne.pdf", "note-robustesse-interne.docx", "note-robustesse-interne.json"
INTERNAL = message("Document interne : n'est pas joint au rapport d'analyse des offres ni aux lettres.")
MOST = 12
"""Rows shown of the long tables; all are in the JSON."""
NEAREST = 6
"""Prices shown, the nearest first."""

REASONS = {
    Why.EMPTY: message("aucune offre classée : rien à éprouver"),
    Why.PROVISIONAL: message("résultat provisoire : des niveaux, notes ou décisions manquent ; refaire la note quand tout est retenu"),
    Why.SINGLE: message("une seule offre classée : le classement ne dépend d'aucune comparaison"),
    Why.TIED: message("égalité en tête, non départagée : appliquer d'abord la règle publiée"),
}  # fmt: skip


def contents(made: Robustness, language: Language, on: date) -> dict[str, bytes]:
    """Return the note, in PDF and DOCX, and its figures, dated `on`, by file name: same inputs, same bytes."""
    data = document(made, language, on)
    return {
        PDF: pdf.compiled(data, on),
        DOCX: docx.compiled(data, on),
        JSON: text(made, language, on).encode(),
    }


def text(made: Robustness, language: Language, on: date) -> str:
    """Return the figures, exact ones as decimal text."""
    data = {
        "format": 1,
        "program": egide.__version__,
        "banner": say(INTERNAL, language),
        "title": made.evaluation.tender.title,
        "fingerprint": made.evaluation.fingerprint,
        "date": on.isoformat(),
        "seed": made.seed,
        "assumptions": plain.unstructure(made.doubt),
        "lots": [_lot(note, language) for note in made.lots],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _lot(note: LotNote, language: Language) -> dict[str, Any]:
    why = None if note.why is None else {"code": note.why.value, "said": say(REASONS[note.why], language)}
    return {"lot": note.lot.id, "none": why, "excluded": _plain(note.excluded), "strength": _plain(note.strength)}


def _plain(value: object) -> Any:
    match value:
        case Frequency():
            return {"count": value.count, "of": value.of, "share": f"{value.share:.6f}", "error": f"{value.error:.6f}"}
        case Fraction():
            return f"{exact(value).normalize():f}"
        case Strength():
            totals = [{"bid": _plain(key), "total": _plain(value.totals[key])} for key in value.ranked]
            return {name: totals if name == "totals" else _plain(getattr(value, name)) for name in _names(value)}
        case None | str() | int():
            return value
        case tuple():
            return [_plain(each) for each in value]
    return {name: _plain(getattr(value, name)) for name in _names(value)}


def _names(value: object) -> tuple[str, ...]:
    return tuple(value.__dataclass_fields__)  # type: ignore[attr-defined]


def short(made: Robustness, language: Language) -> list[Message]:
    """Return the short answer of each lot."""
    return [_short(made, note, language) for note in made.lots]


def _short(made: Robustness, note: LotNote, language: Language) -> Message:
    found = note.strength
    if found is None:
        return message("{lot} · {why}", lot=note.lot.id, why=REASONS[note.why or Why.EMPTY])
    return message(
        "{lot} · {name} en tête de {gap} points ; reste en tête dans {share} % des tirages",
        lot=note.lot.id,
        name=bid_name(made.evaluation.tender, found.winner, language),
        gap=exact(found.gap).quantize(Decimal("0.01")),
        share=Decimal(format(100 * found.chances.winner.share, ".1f")),
    )


def intervals(seen: View, note: LotNote) -> Intervals | None:
    """Return the weights between which the first of a lot stays first; None when nothing can be said or moved."""
    found = note.strength
    if found is None or not found.weights:
        return None
    titles = {criterion.id: seen.criterion_title(criterion) for criterion in seen.tender.criteria}

    def names(keys: Sequence[BidKey]) -> str:
        return ", ".join(map(seen.name, keys))

    criteria = (
        Interval(
            titles[each.criterion], exact(each.weight), exact(each.low), exact(each.high), names(each.low_by), names(each.high_by)
        )
        for each in found.weights
    )  # fmt: skip
    return Intervals(seen.lot_name(note.lot), seen.name(found.winner), tuple(criteria))


# -------------------------------------------------------------------------------------------------------- the document
def document(made: Robustness, language: Language, on: date) -> dict[str, Any]:
    """Return the whole note as plain data for the template. Every page bears that it is internal."""
    seen = view(Record(made.evaluation, (), language, on), printable)
    page = _Page(made, seen)
    body = page.head()
    for note in made.lots:
        body += page.lot(note)
    return pdf.frame(seen.set, message("Note de robustesse interne"), seen.tender, INTERNAL, [*body, *page.how(on)])


class _Page:
    """What the parts of the note look up."""

    def __init__(self, made: Robustness, seen: View):
        self.made, self.seen, self.set, self.say = made, seen, seen.set, seen.set.say
        self.titles = {criterion.id: seen.criterion_title(criterion) for criterion in seen.tender.criteria}
        self.subtitles = {
            (criterion.id, sub.id): seen.criterion_title(sub)
            for criterion in seen.tender.criteria
            for sub in criterion.subcriteria
        }

    def head(self) -> list[Block]:
        return [
            blocks.lead(self.say(INTERNAL)),
            blocks.paragraph(self.say(message("Elle dit à quoi tient l'attribution proposée, avec la seule méthode publiée : aucune autre formule n'y est essayée, et elle ne change rien au classement. Elle sert à relire d'abord les notes qui décident."))),
        ]  # fmt: skip

    def lot(self, note: LotNote) -> list[Block]:
        out = [self.seen.name(key) for key in note.excluded]
        aside = [blocks.paragraph(self.say(message("Hors classement, donc hors de cette note : {names}.", names=tuple(out))))] if out else []  # fmt: skip
        heading = blocks.heading(self.seen.lot_name(note.lot))
        if note.strength is None:
            why = REASONS[note.why or Why.EMPTY]
            return [heading, blocks.lead(self.say(message("Pas d'analyse : {why}.", why=why))), *aside]
        found = note.strength
        return [
            heading,
            blocks.lead(self.summary(found)),
            *aside,
            blocks.heading(self.say(message("Si une offre n'avait pas été là")), 2),
            *self.removals(found),
            blocks.heading(self.say(message("Si le poids d'un critère était autre")), 2),
            *self.weights(found),
            *self.intervals(note),
            blocks.heading(self.say(message("Si une note était autre")), 2),
            *self.notes(found),
            *self.levels(found),
            blocks.heading(self.say(message("Si un prix était autre")), 2),
            *self.prices(found),
            blocks.heading(self.say(message("Si toutes les notes bougeaient un peu")), 2),
            *self.chances(found),
        ]

    def summary(self, found: Strength) -> str:
        first, second = (self.seen.name(key) for key in found.ranked[:2])
        turned = sum(removal.changed for removal in found.removals)
        return self.say(
            message(
                "« {first} » devance « {second} » de {gap} points. Offres dont l'absence changerait l'ordre de tête : {turned}. Changements d'un seul niveau qui suffisent : {levels}. Reste en tête dans {share} des tirages sur les notes.",
                first=first,
                second=second,
                gap=self.number(found.gap),
                turned=turned,
                levels=len(found.levels),
                share=self.frequency(found.chances.winner),
            )
        )

    def removals(self, found: Strength) -> list[Block]:
        changed = [each for each in found.removals if each.changed]
        if not changed:
            return [blocks.paragraph(self.say(message("Ôter n'importe quelle offre perdante laisse la même offre en tête ; sans l'offre de tête, la seconde prend sa place.")))]  # fmt: skip
        head = [message("Offre ôtée"), message("Serait alors en tête")]
        rows = [[self.seen.name(each.out), self.names(each.first)] for each in changed]
        return [blocks.table("1f 1f", [self.say(each) for each in head], rows)]

    def weights(self, found: Strength) -> list[Block]:
        head = [message("Critère"), message("Poids publié"), message("Reste en tête de"), message("Sous cette borne"), message("jusqu'à"), message("Au-delà")]  # fmt: skip
        rows = [
            [
                self.titles[each.criterion],
                self.percent(each.weight),
                self.percent(each.low),
                self.names(each.low_by),
                self.percent(each.high),
                self.names(each.high_by),
            ]
            for each in found.weights
        ]
        if not rows:
            return [blocks.paragraph(self.say(message("Un seul critère : aucun poids ne peut changer.")))]
        return [
            blocks.table("1f 20> 24> 38 20> 38", [self.say(each) for each in head], rows),
            blocks.remark(self.say(message("Les autres critères sont ramenés en proportion. À la borne même, égalité. Les poids publiés ne changent pas : ceci mesure seulement ce qui en dépend."))),
        ]  # fmt: skip

    def intervals(self, note: LotNote) -> list[Block]:
        data = intervals(self.seen, note)
        if data is None:
            return []
        return [block(weight_intervals(data, self.set, f"weights-{note.lot.id}", WIDE), tabled=False)]

    def notes(self, found: Strength) -> list[Block]:
        if not found.notes:
            return [blocks.paragraph(self.say(message("Aucune note de critère ne peut à elle seule changer l'offre de tête.")))]  # fmt: skip
        head = [message("Note"), message("Offre"), message("Retenue"), message("Variation qui met à égalité"), message("Au-delà, en tête")]  # fmt: skip
        rows = [
            [self.noted(each), self.seen.name(each.bid), self.number(each.note), self.signed(each.change), self.seen.name(each.taken_by)]
            for each in found.notes
        ]  # fmt: skip
        return [blocks.table("1f 1f 20> 34> 1f", [self.say(each) for each in head], rows)]

    def noted(self, flip: NoteFlip) -> str:
        return self.subtitles.get((flip.criterion, flip.subcriterion), self.titles[flip.criterion])

    def levels(self, found: Strength) -> list[Block]:
        result: list[Block] = []
        if found.levels:
            head = [message("Point"), message("Offre"), message("Niveau retenu"), message("Niveau voisin"), message("Points")]  # fmt: skip
            rows = [
                [each.point, self.seen.name(each.bid), self.level(each.level), self.level(each.to), self.signed(each.points)]
                for each in found.levels[:MOST]
            ]  # fmt: skip
            result.append(blocks.paragraph(self.say(message("Changements d'un seul niveau qui suffisent à ôter la tête : {count}. À relire d'abord.", count=len(found.levels)))))  # fmt: skip
            result.append(blocks.table("20 1f 28 28 22>", [self.say(each) for each in head], rows))
            if len(found.levels) > MOST:
                result.append(blocks.remark(self.say(message("Les {shown} plus forts sont montrés ; tous sont dans {file}.", shown=MOST, file=JSON))))  # fmt: skip
        else:
            result.append(blocks.paragraph(self.say(message("Aucun niveau d'un point, relevé ou abaissé d'un cran, ne change à lui seul l'offre de tête."))))  # fmt: skip
        if found.fewest:
            key, count = found.fewest
            result.append(blocks.paragraph(self.say(message("Le plus court chemin, en points de « {name} » relevés d'un niveau : {count}.", count=count, name=self.seen.name(key)))))  # fmt: skip
        if found.floors:
            result.append(blocks.paragraph(self.say(message("Points de l'offre de tête juste au-dessus d'un plancher exigé (un niveau de moins proposerait l'irrégularité) : {points}.", points=found.floors))))  # fmt: skip
        return result

    def prices(self, found: Strength) -> list[Block]:
        if not found.prices:
            return [blocks.paragraph(self.say(message("Aucun prix, à lui seul, ne peut changer l'offre de tête.")))]
        head = [message("Offre"), message("Prix HT"), message("Prix qui change l'ordre de tête"), message("Écart"), message("Alors en tête")]  # fmt: skip
        currency = self.seen.tender.currency
        flips = sorted(found.prices, key=lambda each: (abs(each.to / each.price - 1), each.bid))[:NEAREST]
        rows = [
            [
                self.seen.name(each.bid),
                self.set.money(exact(each.price), currency),
                self.set.money(exact(each.to), currency),
                self.say(message("{gap} %", gap=self.signed(100 * (each.to / each.price - 1)))),
                self.names(each.taken_by),
            ]
            for each in flips
        ]
        return [
            blocks.table("1f 32> 36> 22> 1f", [self.say(each) for each in head], rows),
            blocks.remark(self.say(message("Au plus petit montant près, les autres prix inchangés ; les notes de prix de toutes les offres sont refaites. Les {shown} plus proches au plus ; tous sont dans {file}.", shown=NEAREST, file=JSON))),
        ]  # fmt: skip

    def chances(self, found: Strength) -> list[Block]:
        chances = found.chances
        rows = [[self.seen.name(found.winner), self.frequency(chances.winner)]]
        rows += [[self.seen.name(key), self.frequency(seen)] for key, seen in chances.others[:MOST]]
        rows += [[self.say(message("égalité en tête")), self.frequency(chances.tied)]] if chances.tied.count else []
        return [
            blocks.table("1f 40>", [self.say(message("Offre")), self.say(message("En tête, seule"))], rows, [0]),
            blocks.remark(self.say(self.assumed())),
        ]

    def assumed(self) -> Message:
        doubt = self.made.doubt
        return message(
            "{draws} tirages, graine {seed} : chaque niveau retenu a {slip} % de chances d'être un niveau trop haut ou trop bas (jamais sous un plancher exigé), chaque note peut bouger de {spread} % de l'échelle ; prix fixes. C'est une hypothèse, non une mesure de vos évaluateurs.",
            draws=self.set.number(Decimal(doubt.draws), 0),
            seed=self.made.seed,
            slip=self.set.number(100 * doubt.slip, None),
            spread=self.set.number(100 * doubt.spread, None),
        )

    def how(self, on: date) -> list[Block]:
        evaluation = self.made.evaluation
        return [
            blocks.heading(self.say(message("D'où vient cette note"))),
            blocks.pairs([
                (self.say(message("Empreinte de l'évaluation")), self.set.quote(evaluation.fingerprint)),
                (self.say(message("Programme, date, graine")), self.say(message("Égide {program} · {day} · {seed}", program=egide.__version__, day=self.set.day(on), seed=self.made.seed))),
                (self.say(message("Calcul")), self.say(message("exact (fractions), sauf les tirages ; le classement gardé a été retrouvé à l'identique"))),
            ]),
        ]  # fmt: skip

    # ----------------------------------------------------------------------------------------------------- small texts
    def names(self, keys: Sequence[BidKey]) -> str:
        return ", ".join(self.seen.name(key) for key in keys) or NOTHING

    def number(self, value: Fraction) -> str:
        return self.set.number(exact(value))

    def signed(self, value: Fraction) -> str:
        return ("+" if value > 0 else "") + self.number(value)

    def percent(self, value: Fraction) -> str:
        return self.say(message("{value} %", value=self.number(value)))

    def level(self, code: str) -> str:
        return self.say(words.level(code))

    def frequency(self, seen: Frequency) -> str:
        share, error = (self.set.number(Decimal(format(100 * each, ".6f")), 1) for each in (seen.share, seen.error))
        said = self.say(message("{share} % ± {error}", share=share, error=error))
        return said.replace(" ± ", f"{WHOLE}±{WHOLE}")
