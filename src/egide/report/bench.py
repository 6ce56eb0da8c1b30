"""The test bench as a document for the file of the consultation: the verdict first, then tables, then what it rests on."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import egide
from egide import plain
from egide.finding import Finding
from egide.message import Language, Message, message
from egide.report import record
from egide.report.papers import blocks, docx, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import WHOLE, Setter, printable
from egide.report.view import NOTHING
from egide.tender import price, words
from egide.tender.model import Criterion, Kind
from egide.tender.trial.bench import Bench, Line, MarkLine, Trial
from egide.tender.trial.chance import Frequency
from egide.tender.trial.findings import Light, decimal, verdict
from egide.tender.trial.law import Law

PDF, DOCX, JSON = "banc-d-essai.pdf", "banc-d-essai.docx", "banc-d-essai.json"

VERDICTS = {
    Light.GREEN: message("Verdict : VERT. Rien ne s'oppose à publier cette méthode telle quelle."),
    Light.AMBER: message("Verdict : ORANGE. La méthode peut être publiée ; regarder d'abord ce qui suit, et garder la raison du choix au dossier."),
    Light.RED: message("Verdict : ROUGE. Revoir la méthode avant de la publier : elle peut donner le marché à une autre offre que la meilleure."),
}  # fmt: skip


def contents(made: Bench, found: Sequence[Finding], language: Language, on: date) -> dict[str, bytes]:
    """Return the document, in PDF and DOCX, and its figures, dated `on`, by file name: same inputs, same bytes."""
    data = document(made, found, Setter(language, printable), on)
    return {
        PDF: pdf.compiled(data, on),
        DOCX: docx.compiled(data, on),
        JSON: text(made, found, language, on).encode(),
    }


def text(made: Bench, found: Sequence[Finding], language: Language, on: date) -> str:
    """Return the figures: frequencies as counts and draws, other numbers as text, rounded as they are worth."""
    data = {
        "format": 1,
        "program": egide.__version__,
        "title": made.tender.title,
        "date": on.isoformat(),
        "seed": made.seed,
        "verdict": verdict(found).value,
        "law": plain.unstructure(made.law),
        "trials": [_trial(trial) for trial in made.trials],
        "findings": record.findings(found, language),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _trial(trial: Trial) -> dict[str, Any]:
    return {name: _plain(getattr(trial, name)) for name in ("lots", "lines", "formulas", "marks")}


def _plain(value: object) -> Any:
    match value:
        case Frequency():
            return {"count": value.count, "of": value.of, "share": _text(value.share), "error": _text(value.error)}
        case float():
            return _text(value)
        case tuple():
            return [_plain(each) for each in value]
        case None | int() | str():
            return value
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return str(value)


def _text(value: float) -> str:
    return format(value, ".6f")


# -------------------------------------------------------------------------------------------------------- the document
def document(made: Bench, found: Sequence[Finding], setter: Setter, on: date) -> dict[str, Any]:
    """Return the whole document as plain data for the template."""
    foot = message("Banc d'essai avant publication · graine {seed} · Égide {program} · {day}", seed=made.seed, program=egide.__version__, day=setter.day(on))  # fmt: skip
    page = _Page(made, setter)
    body = [*page.verdict(found), *page.assumed()]
    for trial in made.trials:
        body += page.trial(trial)
    return pdf.frame(setter, message("Banc d'essai de la méthode de notation"), made.tender, foot, [*body, *page.limits()])  # fmt: skip


class _Page:
    """What the parts of the document look up."""

    def __init__(self, made: Bench, setter: Setter):
        self.made, self.set, self.say = made, setter, setter.say
        self.criteria = {criterion.id: criterion for criterion in made.tender.criteria}

    def verdict(self, found: Sequence[Finding]) -> list[Block]:
        rows = [[self.where(each.place), self.say(each.understood), self.say(each.remedy)] for each in found]
        head = [message("Où"), message("Ce qui est vu"), message("Quoi faire")]
        return [
            blocks.heading(self.say(message("Verdict"))),
            blocks.lead(self.say(VERDICTS[verdict(found)])),
            *([blocks.table("38 1f 1f", [self.say(each) for each in head], rows)] if rows else []),
            blocks.paragraph(self.say(message("Fait avant toute ouverture, sur des offres simulées : aucune offre réelle n'a été lue. À garder au dossier de la consultation : il montre que la méthode a été choisie pour ce qu'elle fait, non pour qui elle sert."))),
        ]  # fmt: skip

    def assumed(self) -> list[Block]:
        law, tender = self.made.law, self.made.tender
        weights = [
            message("{title} {weight} %", title=self.title(each), weight=self.number(each.weight, None))
            for each in tender.criteria
        ]
        rows = [
            (message("Critères publiés"), message("{weights}", weights=tuple(weights))),
            (message("Formule de prix"), message("{titles}", titles=tuple(price.FORMULAS[each.formula].title for each in tender.criteria if each.kind is Kind.PRICE) or NOTHING)),
            (message("Tirages"), message("{tenders} consultations simulées de {bids} offres, les mêmes pour toutes les formules ; graine {seed}", tenders=self.number(law.tenders, 0), bids=law.bids, seed=self.made.seed)),
            (message("Prix"), _prices(law, self.set)),
            (message("Notes"), self._notes(law)),
        ]  # fmt: skip
        return [
            blocks.heading(self.say(message("Ce qui a été essayé"))),
            blocks.pairs([(self.say(label), self.say(said)) for label, said in rows]),
        ]

    def _notes(self, law: Law) -> Message:
        spans = [
            message("{name} de {low} à {high} %", name=name, low=self.number(span.low, None), high=self.number(span.high, None))
            for name, span in law.by_criterion.items()
        ]  # fmt: skip
        whole = message("entre {low} et {high} % de l'échelle, au-dessus des planchers exigés ; corrélation entre les notes d'une offre {cohesion}, entre son prix et sa qualité {correlation}", low=self.number(law.notes.low, None), high=self.number(law.notes.high, None), cohesion=self.number(law.cohesion, None), correlation=self.number(law.correlation, None))  # fmt: skip
        return message("{whole} ; sauf : {spans}", whole=whole, spans=tuple(spans)) if spans else whole

    def trial(self, trial: Trial) -> list[Block]:
        heading = message("Résultats") if len(self.made.trials) == 1 else message("Résultats : {lots}", lots=trial.lots)
        return [
            blocks.heading(self.say(heading)),
            *self._weights(trial),
            *(self._formulas(trial) if trial.formulas else []),
            *(self._marks(trial) if trial.marks else []),
        ]

    def _weights(self, trial: Trial) -> list[Block]:
        head = [message("Critère"), message("Poids publié"), message("Poids effectif"), message("Note moyenne"), message("Écart moyen, du meilleur au moins bon (points)"), message("Sans lui, un autre gagnerait"), message("Un point de note vaut, en prix")]  # fmt: skip
        rows = [self._weight(line) for line in trial.lines]
        strong = [place for place, line in enumerate(trial.lines) if not line.subcriterion]
        return [
            blocks.heading(self.say(message("Ce que pèse vraiment chaque critère")), 2),
            blocks.table("1f 17> 17> 19> 27> 27> 23>", [self.say(each) for each in head], rows, strong if len(strong) < len(rows) else []),
            blocks.remark(self.say(message("Poids effectif : part du critère dans la dispersion des points (écarts types). Un critère dont toutes les notes se ressemblent ne pèse rien, quel que soit son poids publié. Un point de note en prix : la baisse de prix qui rapporte autant, pour une offre au prix du milieu."))),
        ]  # fmt: skip

    def _weight(self, line: Line) -> list[str]:
        mean = 100 * line.mean / line.weight
        return [
            self.line_title(line),
            self.percent(round(line.weight, 2), None),
            self.percent(line.effective, 1),
            self.percent(mean, 0),
            self.number(decimal(line.span, 1), 1),
            NOTHING if line.decides is None else self.frequency(line.decides),
            NOTHING if line.price_cut is None else self.percent(100 * line.price_cut, 1),
        ]

    def _formulas(self, trial: Trial) -> list[Block]:
        head = [message("Formule"), message("Ôter une offre perdante change le gagnant"), message("La moins chère partage la meilleure note de prix"), message("Même gagnant que la formule choisie"), message("Poids effectif du prix")]  # fmt: skip
        rows = []
        for line in trial.formulas:
            formula = price.FORMULAS[line.code]
            title = self.say(formula.title)
            name = self.say(message("{title} (choisie)", title=title)) if line.published else title
            rows.append([f"{name}\n{self.say(formula.writing)}", self.frequency(line.turned), self.frequency(line.shared, 1), self.frequency(line.same, 1), self.percent(line.effective, 1)])  # fmt: skip
        fragile = [line.code for line in trial.formulas if price.FORMULAS[line.code].warning and not line.published]
        warned = [
            message("« {title} » : {warning}.", title=price.FORMULAS[code].title, warning=price.FORMULAS[code].warning)
            for code in fragile
        ]
        refused = [
            message("« {title} » ne peut être choisie : {faults}.", title=formula.title, faults=price.faults(code))
            for code, formula in price.FORMULAS.items()
            if price.faults(code) and code not in {line.code for line in trial.formulas}
        ]
        return [
            blocks.heading(self.say(message("Les formules de prix, sur les mêmes tirages")), 2),
            blocks.table("1f 31> 31> 31> 22>", [self.say(each) for each in head], rows, [n for n, line in enumerate(trial.formulas) if line.published]),
            blocks.items([self.say(each) for each in [*warned, *refused]]),
        ]  # fmt: skip

    def _marks(self, trial: Trial) -> list[Block]:
        head = [message("Critère"), message("Ce qui bouge d'un cran"), message("Nombre"), message("Points du total"), message("Suffit à changer le gagnant")]  # fmt: skip
        rows = [
            [self.line_title(mark), self.say(self._moved(mark)), str(mark.count), self.number(decimal(mark.gain, 3), 3), self.frequency(mark.flips, 1)]
            for mark in sorted(trial.marks, key=lambda mark: -mark.gain)
        ]  # fmt: skip
        return [
            blocks.heading(self.say(message("Ce que peut une seule note")), 2),
            blocks.table("1f 1f 18> 26> 38>", [self.say(each) for each in head], rows),
            blocks.remark(self.say(message("Un cran dans le sens qui rapproche les deux premiers : celui de tête abaissé, ou le second relevé. Plus la fréquence est haute, plus cette note doit être motivée, et lue à deux."))),
        ]  # fmt: skip

    def _moved(self, mark: MarkLine) -> Message:
        if mark.point_weight:
            return message("un niveau d'un point de poids {weight}", weight=mark.point_weight)
        scale = self.criteria[mark.criterion].scale
        return message("une note, d'un point sur {scale}", scale=self.number(scale, None))

    def limits(self) -> list[Block]:
        return [
            blocks.heading(self.say(message("Ce que ce banc d'essai ne dit pas"))),
            blocks.items([
                self.say(message("Il ne prédit pas vos offres : il montre ce que fait la méthode si les offres suivent la loi dite plus haut. Si vous connaissez mieux votre marché, refaites-le avec vos bornes.")),
                self.say(message("Les bornes du verdict sont un choix d'Égide, non de la loi : rouge dès 5 % de cas où une offre perdante décide, ou si un critère pèse moins du tiers de son poids publié ; orange dès 2 %, ou moins de la moitié.")),
                self.say(message("Chaque fréquence est donnée avec son erreur type : la vraie valeur est presque toujours à moins de deux fois cette erreur.")),
                self.say(message("Après l'ouverture des offres, la méthode ne change plus.")),
            ]),
        ]  # fmt: skip

    # ----------------------------------------------------------------------------------------------------- small texts
    def where(self, place: str) -> str:
        """Return the place of a finding in the words of the buyer: the criterion and the lots."""
        path, *rest = place.split(" · ")
        criterion = self.criteria.get(path.removeprefix("criteria.").removesuffix(".formula"))
        first = self.title(criterion) if criterion else self.say(message("Formule de prix"))
        return " · ".join([first, *map(self.set.quote, rest)])

    def title(self, criterion: Criterion) -> str:
        kind = words.KINDS[criterion.kind] if criterion.kind in {Kind.PRICE, Kind.CLAUSIER} else criterion.id
        return self.say(criterion.title or kind)

    def line_title(self, line: Line | MarkLine) -> str:
        criterion = self.criteria[line.criterion]
        subs = {sub.id: sub for sub in criterion.subcriteria}
        if line.subcriterion:
            return self.say(subs[line.subcriterion].title or line.subcriterion)
        return self.title(criterion)

    def number(self, value: Any, decimals: int | None) -> str:
        return self.set.number(decimal(float(value), 6), decimals)

    def percent(self, value: float, decimals: int | None) -> str:
        return self.say(message("{value} %", value=self.number(value, decimals)))

    def frequency(self, seen: Frequency, decimals: int = 2) -> str:
        share, error = (self.number(100 * each, decimals) for each in (seen.share, seen.error))
        said = self.say(message("{share} % ± {error}", share=share, error=error))
        return said.replace(" ± ", f"{WHOLE}±{WHOLE}")


def _prices(law: Law, setter: Setter) -> Message:
    if law.spread is None:
        return message("tirés également entre {low} et {high} (seuls les rapports comptent)", low=setter.number(law.low, None), high=setter.number(law.high, None))  # fmt: skip
    return message("lognormaux autour de {estimate}, dispersion {spread} % (écart type du logarithme)", estimate=setter.number(law.estimate, None), spread=setter.number(100 * law.spread, None))  # fmt: skip
