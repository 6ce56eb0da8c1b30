"""The expected cost of incidents of each bid, as an evaluation kept it: for the analysis report, for the explanation in
two pages that a judge can follow, and for the screens. Nothing is computed here.
"""

from dataclasses import dataclass
from typing import Any

from egide.message import Message, message
from egide.report.papers import blocks, docx, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import plain_text, printable
from egide.report.pictures.intervals import Intervals, Quantity, interval_bars
from egide.report.pictures.on_paper import block
from egide.report.pictures.picture import NARROW, WIDE, Picture, listed
from egide.report.record import Record
from egide.report.risk_words import Words
from egide.report.view import View, view
from egide.risk.attribution import OTHERS, ROUNDING, Shown, shown
from egide.risk.interval import Interval
from egide.tender.model import BidKey, Lot
from egide.tender.risk_cost import BidCost, Explained, LotCost, RiskCost, Span
from egide.tender.risk_terms import RiskUse

PDF, DOCX = "cout-du-risque.pdf", "cout-du-risque.docx"
ROUGH = message("Ordre de grandeur : un seul chiffre est significatif.")
NOT_SEPARATED = message("le modèle ne départage pas ces deux offres")
INFORMATION = message("Pour information : aucune note, aucun rang n'en dépend.")
CRITERION = message(
    "Critère annoncé dans les documents de la consultation : ce coût, plafonné, est ajouté au prix comparé."
)
WARNING = message("Ce coût est une perte possible, estimée ; il n'est ni constaté ni vérifiable après coup. Aucune décision de justice connue n'admet un tel critère.")  # fmt: skip


def files(kept: Record) -> dict[str, bytes]:
    """Return the explanation as PDF and DOCX by file name, none when the evaluation counted no cost."""
    if kept.evaluation.risk is None:
        return {}
    on = kept.date
    return {
        PDF: pdf.compiled(document(view(kept, printable)), on),
        DOCX: docx.compiled(document(view(kept, plain_text)), on),
    }


def of_lot(seen: View, lot: Lot) -> "Told | None":
    """Return what is said of the costs of a lot, None when none was counted or no bid was received."""
    kept = seen.evaluation.risk
    cost = kept.of_lot(lot.id) if kept else None
    return Told(seen, lot, kept, cost) if kept and cost and cost.costs else None


@dataclass(frozen=True)
class Told:
    """The costs of a lot in words: rows of a table, a picture, what each difference is attributed to."""

    seen: View
    lot: Lot
    kept: RiskCost
    cost: LotCost

    @property
    def words(self) -> Words:
        """Return the words, at the figures that are known."""
        return Words(self.seen.set, 1 if self.cost.order_of_magnitude else 2)

    def say(self, said: Message) -> str:
        """Return a text of the project."""
        return self.seen.set.say(said)

    @property
    def bids(self) -> list[BidCost]:
        """Return the costs in the order of the ranking, bids out of it last."""
        found = (self.cost.of(row.key) for row in self.seen.evaluation.lot(self.lot.id))
        return [each for each in found if each]

    # ------------------------------------------------------------------------------------------------------- figures
    def amount(self, span: Span) -> str:
        """Return an amount with its interval."""
        return self.words.amount(_range(span))

    def difference(self, bid: BidCost) -> str:
        """Return how far a bid is from the one that the lot is compared with."""
        if bid.explained is None:
            return self.say(message("offre de comparaison"))
        said = self.amount(bid.explained.difference)
        return f"{said} : {self.say(NOT_SEPARATED)}" if bid.explained.difference.around_zero else said

    def answers(self, bid: BidCost) -> str:
        """Return how many points were proven, declared, left without an answer, accepted as not applicable."""
        return " · ".join(str(each) for each in (bid.proven, bid.declared, bid.blank, bid.not_applicable))

    @property
    def head(self) -> list[str]:
        """Return the heads of the table of bids."""
        years = self.seen.set.number(self.kept.years, None)
        heads = [message("Offre"), message("Coût du risque sur {years} ans", years=years), message("Écart avec la première"), message("Points prouvés · déclarés · sans réponse · sans objet")]  # fmt: skip
        if self.kept.use is RiskUse.CRITERION:
            heads.append(message("Ajouté au prix"))
        return [self.say(each) for each in heads]

    def rows(self) -> list[list[str]]:
        """Return the table of bids."""
        return [self._row(bid) for bid in self.bids]

    def _row(self, bid: BidCost) -> list[str]:
        row = [self.seen.name(bid.key), self.amount(bid.cost), self.difference(bid), self.answers(bid)]
        if self.kept.use is RiskUse.CRITERION:
            row.append(self.seen.set.money(bid.added, self.seen.tender.currency))
        return row

    def landmarks(self) -> list[tuple[str, str]]:
        """Return three suppliers that do not exist, to compare with."""
        marks = self.cost.landmarks
        return [
            (self.say(message("Tout prouvé")), self.amount(marks.proven)),
            (self.say(message("Fournisseur moyen")), self.amount(marks.reference)),
            (self.say(message("Aucune réponse")), self.amount(marks.blank)),
        ]

    def picture(self, key: str, width: int = NARROW) -> Picture:
        """Return the costs beside each other, the average supplier marked."""
        words = self.words
        made = [_quantity(words, self.seen.name(bid.key), bid.cost) for bid in self.bids]
        title = self.say(message("Coût du risque de chaque offre, {lot}", lot=self.seen.lot_name(self.lot)))
        said = self.say(message("{title}. {of_each}.", title=title, of_each=listed(self.seen.set, (f"{each.name}, {each.said}" for each in made))))  # fmt: skip
        head = (self.say(message("Offre")), self.say(message("Coût moyen")), self.say(message("Neuf fois sur dix")))
        note = self.say(message("Barre : la moyenne. Trait : l'intervalle où elle se trouve neuf fois sur dix, les mêmes inconnues pour toutes."))  # fmt: skip
        mark = (float(self.cost.landmarks.reference.mean), self.say(message("fournisseur moyen")))
        return interval_bars(Intervals(title, said, head, tuple(made), note, mark=mark), self.seen.set, key, width)

    # --------------------------------------------------------------------------------------------------- explanations
    def shares(self, bid: BidCost) -> list[list[str]]:
        """Return what the difference of a bid is attributed to: three points, the others, the rounding."""
        if bid.explained is None:
            return []
        spans = {line.point: line.share for line in bid.explained.lines}
        lines = [(line.point, line.share.mean) for line in bid.explained.lines]
        told = shown(lines, bid.explained.difference.mean, self.words.figures)
        return [[self._named(each), self._share(each, spans.get(each.name))] for each in told]

    def _named(self, line: Shown) -> str:
        if line.name == OTHERS:
            return self.say(message("Autres points"))
        if line.name == ROUNDING:
            return self.say(message("Arrondi"))
        point = self.seen.evaluation.clausier.points.get(line.name)
        title = self.seen.set.say(point.title) if point else ""
        return f"{line.name} · {title}" if title else line.name

    def _share(self, line: Shown, span: Span | None) -> str:
        value = self.words.euros(float(line.amount))
        if span is None:
            return value
        between = self.words.between(_range(span))
        return self.say(message("{amount} ({bounds})", amount=value, bounds=between))

    def use(self) -> list[str]:
        """Return what the cost is for, what is particular to it, and what happens to the ranking without it."""
        informs = self.kept.use is RiskUse.INFORMATION
        said = [INFORMATION] if informs else [CRITERION, WARNING, *self._ranks()]
        if self.cost.order_of_magnitude:
            said.append(ROUGH)
        return [self.say(each) for each in said]

    def _ranks(self) -> list[Message]:
        ranks = self.cost.ranks
        if ranks is None:
            return []
        by = (
            (message("sans ce coût"), ranks.without),
            (message("au bas de l'intervalle"), ranks.low),
            (message("à la moyenne"), ranks.mean),
            (message("au haut de l'intervalle"), ranks.high),
        )
        said = [message("Classement {how} : {names}.", how=how, names=tuple(self.seen.name(key) for key in keys)) for how, keys in by]  # fmt: skip
        if ranks.changes:
            said.append(message("La première offre ne serait pas la même sans ce coût."))
        if ranks.uncertain:
            said.append(message("La première offre change dans l'intervalle : le critère départage ; le modèle ne prouve pas."))  # fmt: skip
        return said


def _range(span: Span) -> Interval:
    return Interval(float(span.mean), float(span.low), float(span.high))


def _quantity(words: Words, name: str, span: Span) -> Quantity:
    of = _range(span)
    value, between = words.euros(of.value), words.between(of)
    return Quantity(name, of.value, of.low, of.high, words.amount(of), (value, between))


# ------------------------------------------------------------------------------------------------- the analysis report
def in_report(seen: View, lot: Lot) -> list[Block]:
    """Return the section of the analysis report on a lot, empty when no cost was counted."""
    told = of_lot(seen, lot)
    if told is None:
        return []
    more = message("Ce que ce coût veut dire, et comment il est calculé, tient en deux pages : {file}.", file=PDF)
    return [
        blocks.heading(told.say(message("Coût du risque")), 3),
        blocks.paragraph(" ".join(told.use())),
        _table(told),
        blocks.remark(told.say(more)),
    ]


def _table(told: Told) -> Block:
    columns = "1f 46 46 34" + (" 26>" if len(told.head) > 4 else "")
    return blocks.table(columns, told.head, told.rows())


# ------------------------------------------------------------------------------------------- the explanation, two pages
def document(seen: View) -> dict[str, Any]:
    """Return the explanation as plain data for the writers: two pages a lot, as long as its bids are few."""
    evaluation = seen.evaluation
    foot = message(
        "Empreinte {short} · Égide {program} · {date}",
        short=evaluation.fingerprint[:16],
        program=evaluation.program,
        date=seen.set.day(seen.record.date),
    )
    told = [each for each in (of_lot(seen, lot) for lot in seen.tender.lots) if each]
    body: list[Block] = []
    for n, each in enumerate(told):
        body += [*([blocks.new_page()] if n else []), *_result(each, n)]
    if told:
        body += _method(told[0])
    else:
        body = [blocks.paragraph(seen.set.say(message("Aucune offre n'a été reçue sur les lots concernés.")))]
    title = message("Coût du risque des offres")
    return pdf.frame(seen.set, title, seen.tender, foot, body)


def _result(told: Told, n: int) -> list[Block]:
    years = told.seen.set.number(told.kept.years, None)
    what = message("Ce que coûteraient en moyenne, sur les {years} ans du contrat, les incidents de sécurité venus par ce fournisseur : ce qui resterait à la charge de l'établissement, avant toute pénalité et toute assurance.", years=years)  # fmt: skip
    result = [
        blocks.heading(told.seen.lot_name(told.lot)),
        blocks.lead(told.say(what)),
        blocks.paragraph(" ".join(told.use())),
        _table(told),
        block(told.picture(f"cost-{n}", WIDE)),
        blocks.paragraph(told.say(message("Pour situer ces chiffres, trois fournisseurs qui n'existent pas :"))),
        blocks.pairs(told.landmarks()),
    ]
    for bid in told.bids:
        if bid.explained is not None:
            result += _explained(told, bid, bid.explained)
    return result


def _explained(told: Told, bid: BidCost, explained: Explained) -> list[Block]:
    other = told.seen.name(explained.other)
    title = message("De « {other} » à « {name} » : {amount}", other=other, name=told.seen.name(bid.key), amount=told.words.euros(float(explained.difference.mean)))  # fmt: skip
    head = [told.say(message("Part attribuée à")), told.say(message("Part (neuf fois sur dix)"))]
    return [blocks.heading(told.say(title), 2), blocks.table("1f 64>", head, told.shares(bid))]


def _method(told: Told) -> list[Block]:
    say, number = told.say, told.seen.set.number
    credit = number(told.kept.credit, None)
    lines = [
        message("Un établissement rencontre vingt sortes d'incidents, dont six par un fournisseur. Comptent ici celles que cet achat rend possibles : {kinds}.", kinds=tuple(told.say(_title(told, each)) for each in told.cost.scenarios)),
        message("La fréquence de chacune vient des déclarations nationales publiées, partagée entre les contrats comparables d'un établissement : les contrats s'ajoutent sans que rien soit compté deux fois."),
        message("Elle croît avec la taille de l'établissement, selon une loi dont l'exposant est un intervalle."),
        message("Un incident dure un certain temps et coûte sous quatre postes : frais propres, activité interrompue, responsabilité, amendes."),
        message("Activité interrompue : jours d'arrêt × recettes d'activité d'un jour × part de l'activité perdue (la criticité fixée et publiée par l'acheteur), moins ce qui est rattrapé et ce qui n'est pas dépensé."),
        message("Les mesures du fournisseur multiplient fréquences, durées et coûts par rapport à un fournisseur moyen. Les effets publiés sont réduits et plafonnés ; aucune mesure ne peut rendre une offre plus chère."),
        message("Seul compte le niveau retenu par les évaluateurs : en entier s'il est prouvé, pour {credit} s'il n'est que déclaré. Une réponse vide compte comme une mesure absente ; un « sans objet » accepté ramène au mieux à la moyenne.", credit=credit),
        message("Chaque paramètre est un intervalle. Le calcul est refait {draws} fois, avec les mêmes tirages pour toutes les offres : le coût est la moyenne, l'intervalle contient neuf tirages sur dix.", draws=told.kept.draws),
        message("L'écart entre deux offres est partagé exactement entre les points de contrôle, sans dépendre d'un ordre. C'est une convention de compte, non une cause : on écrit « part attribuée à »."),
        message("Les soins perdus ne sont jamais comptés en euros. Le modèle entier est confronté à des chiffres nationaux publiés ; là où il échoue, c'est montré."),
    ]  # fmt: skip
    limits = [
        message("Si cet établissement sera touché, ni quand : c'est une moyenne."),
        message("Laquelle de deux offres est la plus sûre, quand l'intervalle de leur écart contient zéro."),
        message("Un prix d'assurance : c'est un ordre de grandeur raisonné, avec son incertitude."),
        message("L'effet prouvé de chaque mesure : plusieurs sont des hypothèses d'Égide, marquées [A], que l'on peut changer et dont tout changement est écrit ici."),
    ]  # fmt: skip
    return [
        blocks.heading(say(message("Comment ce coût est calculé"))),
        blocks.items([say(each) for each in lines]),
        blocks.heading(say(message("Ce que ce coût ne dit pas")), 2),
        blocks.items([say(each) for each in limits]),
        blocks.heading(say(message("Avec quoi il a été calculé")), 2),
        blocks.pairs(_made_with(told)),
    ]


def _title(told: Told, scenario: str) -> Message:
    return message("{id} {title}", id=scenario, title=told.kept.titles.get(scenario, scenario))


def _made_with(told: Told) -> list[tuple[str, str]]:
    say, kept = told.say, told.kept
    grades = list(kept.marks.values())
    assumed = message("{assumed} hypothèses d'Égide [A], {memory} valeurs de mémoire, à vérifier [M]", assumed=grades.count("A"), memory=grades.count("M"))  # fmt: skip
    changed = [f"{name} : {value}" for name, value in sorted(kept.overrides.items())]
    return [
        (say(message("Empreinte des paramètres")), told.seen.set.quote(kept.library)),
        (say(message("Tirages, graine")), f"{kept.draws}, {kept.seed}"),
        (say(message("Paramètres sans source publiée")), say(assumed)),
        (
            say(message("Paramètres changés par l'acheteur")),
            "\n".join(told.seen.set.quote(each) for each in changed) or say(message("aucun")),
        ),
        (say(message("Points sans effet sur ces incidents")), ", ".join(told.cost.without_effect) or say(message("aucun"))),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ the screens
def on_screen(seen: View, lot: Lot) -> dict[str, Any] | None:
    """Return what the page of a lot shows, as plain data; None when no cost was counted."""
    told = of_lot(seen, lot)
    if told is None:
        return None
    wide, narrow = told.picture(f"cost-w-{lot.id}", WIDE), told.picture(f"cost-n-{lot.id}", NARROW)
    return {
        "use": told.kept.use.value,
        "said": told.use(),
        "head": told.head,
        "rows": told.rows(),
        "landmarks": [list(each) for each in told.landmarks()],
        "picture": {
            "key": "cost-picture",
            "title": wide.title,
            "wide": wide.svg,
            "narrow": narrow.svg,
            "head": list(wide.head),
            "rows": [list(row) for row in wide.rows],
            "texts": wide.texts,
        },
        "explained": [
            {
                "name": seen.name(bid.key),
                "other": seen.name(bid.explained.other),
                "amount": told.amount(bid.explained.difference),
                "shares": told.shares(bid),
            }
            for bid in told.bids
            if bid.explained
        ],
        "made_with": [list(each) for each in _made_with(told)],
        "files": [PDF, DOCX],
    }


def short(seen: View, lot: Lot) -> dict[BidKey, dict[str, str]]:
    """Return the cost of each bid of a lot and its interval, for one column of the ranking."""
    told = of_lot(seen, lot)
    if told is None:
        return {}
    words = told.words
    spans = {bid.key: _range(bid.cost) for bid in told.bids}
    return {key: {"mean": words.euros(each.value), "between": words.between(each)} for key, each in spans.items()}
