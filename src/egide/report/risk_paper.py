"""An estimate on paper, as its page shows it: first what a director reads, then pictures, then what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import egide
from egide import plain
from egide.message import Language, Message, message
from egide.report.papers import blocks, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, printable
from egide.report.pictures import of_risk, on_paper
from egide.report.pictures.of_risk import Fall, Member
from egide.report.pictures.picture import WIDE
from egide.report.risk_figures import Figures
from egide.report.risk_words import OFTEN, RARE, Words
from egide.risk.interval import Interval


def establishment(shown: Figures, language: Language) -> bytes:
    """Return an estimate as a PDF dated the day it was made: same figures, same bytes."""
    return pdf.compiled(document(shown, Setter(language, printable)), shown.on)


def document(shown: Figures, setter: Setter) -> dict[str, Any]:
    """Return the whole document as plain data for the template."""
    foot = message("Ordre de grandeur raisonné, non une prévision ni un tarif · paramètres {library} · graine {seed} · Égide {program} · {day}", library=shown.library[:12], seed=shown.seed, program=shown.program, day=setter.day(shown.on))  # fmt: skip
    paper = _Paper(shown, setter)
    body = [*paper.short(), *paper.pictures(), *paper.ignored(), *paper.details()]
    return pdf.page(setter, message("Risque numérique"), shown.subject, setter.say(shown.category_title), foot, body)


class _Paper:
    """What the parts of the document look up."""

    def __init__(self, shown: Figures, setter: Setter):
        self.shown, self.words, self.say = shown, Words.of(shown, setter), setter.say

    def short(self) -> list[Block]:
        """Return what is read first."""
        made, words = self.shown, self.words
        first = [words.headline(made), words.of_care(made), words.of_insurance(made), words.of_help(made)]
        body = [blocks.lead(" ".join(each for each in first if each)), blocks.pairs([(self.say(term), said) for term, said in self.first()])]  # fmt: skip
        if made.rough:
            body.append(blocks.paragraph(self.say(message("Ordre de grandeur : on sait trop peu des incidents de cette catégorie ; un seul chiffre compte, et la vraie valeur peut être plusieurs fois plus petite ou plus grande."))))  # fmt: skip
        body.append(blocks.remark(self.say(message("De … à … : l’intervalle où se trouve neuf fois sur dix la vraie valeur du modèle. [A] : hypothèse d’Égide ; [M] : de mémoire, à vérifier."))))  # fmt: skip
        if made.changed:
            head = (message("Hypothèse changée par l’établissement"), message("Égide"), message("Ici"), message("Raison"))  # fmt: skip
            rows = [[self.say(each.title), self.say(each.ours), f"{self.say(each.theirs)} {self.say(each.unit)}".strip(), each.reason] for each in made.changed]  # fmt: skip
            body.append(blocks.table("2f 1f> 1f> 2f", [self.say(each) for each in head], rows))
        return body

    def first(self) -> list[tuple[Message, str]]:
        """Return the figures that are seen first."""
        made, words = self.shown, self.words
        found = [(message("Perte moyenne, par an"), words.amount(made.mean))]
        for years, title in (
            (OFTEN, message("Une année sur dix dépasse")),
            (RARE, message("Une année sur cent dépasse")),
        ):
            if made.year(years).gross.value > 0:
                found.append((title, words.amount(made.year(years).gross)))
        if made.retained is not None:
            found.append((message("Conservée après assurance, par an"), words.amount(made.retained)))
        title, days = message("Journées de soins perdues, par an (à part, jamais en euros)"), made.care.days
        if made.stays and made.care.degraded is not None:
            title, days = message("Journées en mode dégradé, par an (à part, jamais en euros)"), made.care.degraded
        return [*found, (title, words.number(days))]

    def pictures(self) -> list[Block]:
        """Return the pictures of the page, each with its table; that of the levels says as much alone."""
        parts = (
            (message("Ce que coûte une année, selon sa rareté"), of_risk.loss_curve, "2f 1.4f>" + " 1.4f>" * bool(self.shown.retained)),
            (message("D’où viendrait la perte"), of_risk.event_bars, "2f 1.4f> 0.8f> 2f>"),
            (message("Ce qui aiderait le plus"), of_risk.gain_bars, "2f 1.4f> 1.4f> 0.8f>"),
            (message("Où en sont les mesures de protection"), of_risk.safeguard_bars, ""),
        )  # fmt: skip
        body: list[Block] = []
        for n, (title, draw, columns) in enumerate(parts):
            made = draw(self.shown, self.words, f"p{n}", WIDE)
            body += [blocks.heading(self.say(title)), on_paper.block(made)]
            if columns and made.rows:
                body.append(blocks.table(columns, made.head, made.rows))
        if self.shown.average is not None:
            average = message("Avec des mesures au niveau moyen des hôpitaux français, la perte moyenne serait de {mean}.", mean=self.words.amount(self.shown.average))  # fmt: skip
            body.append(blocks.paragraph(self.say(average)))
        return body

    def ignored(self) -> list[Block]:
        """Return what is not known, and what it weighs."""
        made, words = self.shown, self.words
        worst, best = (words.amount(each) for each in made.bracket)
        said = message("Les mesures sont renseignées à {share}. Si tout ce qui manque était au pire : {worst} par an. Au mieux : {best}.", share=words.percent(made.completeness, 2), worst=worst, best=best)  # fmt: skip
        if made.completeness >= 1:
            said = message("Toutes les mesures sont renseignées : il n’y a rien à compléter.")
        body = [blocks.heading(self.say(message("Ce que l’on ne sait pas"))), blocks.paragraph(self.say(said))]
        if made.question is not None:
            narrows = message("La réponse qui réduirait le plus cet écart ({width}) : « {question} »", width=words.euros(made.question.width), question=made.question.title)  # fmt: skip
            body.append(blocks.paragraph(self.say(narrows)))
        if made.stress is not None:
            stress = message("Une année comme 2021, où les rançongiciels furent bien plus nombreux, coûterait {mean} en moyenne.", mean=words.amount(made.stress))  # fmt: skip
            body.append(blocks.paragraph(self.say(stress)))
        if made.unknown:
            body.append(on_paper.block(of_risk.unknown_bars(made, words, "p9", WIDE)))
        body.append(blocks.paragraph(self.say(message("Le modèle est comparé aux chiffres nationaux publiés, y compris ceux qu’il ne retrouve pas. Il ne dit pas si cet hôpital sera touché l’an prochain, ni l’effet d’un programme national, ni une guerre, ni des décès."))))  # fmt: skip
        return body

    def details(self) -> list[Block]:
        """Return what the estimate rests on."""
        made, words = self.shown, self.words
        whole = sum(each.mean.value for each in made.heads) or 1.0
        heads = [[self.say(each.title), words.amount(each.mean), words.percent(each.mean.value / whole, 2)] for each in made.heads]  # fmt: skip
        default = self.say(message("défaut de la catégorie"))
        known = [
            (
                self.say(each.title),
                f"{words.set.number(plain.decimal(each.value), None)} {self.say(each.unit)}"
                + (f" – {default}{words.mark(each.grade)}" if each.default else ""),
            )
            for each in made.exposure
        ]
        return [
            blocks.heading(self.say(message("De quoi est faite la perte moyenne"))),
            blocks.table("2f 2f> 1f>", [self.say(each) for each in (message("Poste"), message("Moyenne par an"), message("Part"))], heads),
            blocks.heading(self.say(message("Données de l’établissement prises en compte"))),
            blocks.pairs(known),
            *([blocks.items([self.say(each) for each in made.remarks])] if made.remarks else []),
            blocks.remark(self.say(message("Moyennes en formule exacte sur {draws} tirages de toutes les hypothèses ; années rares sur {years} années simulées par tirage.", draws=made.draws, years=words.set.number(plain.decimal(made.simulated), 0)))),
        ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------------- a group
@dataclass(frozen=True)
class Group:
    """A group as it is shown: its members that have an estimate, their sums, the suppliers they share.

    `together` is the mean year of all and their days of care, None where it is not known; `without` counts the members
    that are not here. `costs` says what the fall of each shared supplier would cost together, by name.
    """

    subject: str
    on: date
    members: Sequence[Member]
    together: tuple[Interval, Interval] | None
    suppliers: Sequence[Fall]
    without: int


def group(shown: Group, language: Language) -> bytes:
    """Return the page of a group as a PDF: same figures, same bytes."""
    setter = Setter(language, printable)
    foot = message("Ordre de grandeur raisonné, non une prévision ni un tarif · Égide {program} · {day}", program=egide.__version__, day=setter.day(shown.on))  # fmt: skip
    body = _side_by_side(shown, setter) + _shared(shown, setter)
    return pdf.compiled(pdf.page(setter, message("Risque numérique du GHT"), shown.subject, "", foot, body), shown.on)


def _side_by_side(shown: Group, setter: Setter) -> list[Block]:
    say, words = setter.say, Words(setter)
    body: list[Block] = []
    total = [NOTHING, NOTHING]
    if shown.together is not None:
        total = [words.amount(shown.together[0]), words.number(shown.together[1])]
        body.append(blocks.lead(say(message("Ensemble, {mean} par an en moyenne, et {days} journées de soins perdues ou reportées. Ces moyennes s’ajoutent, tirage par tirage ; les années rares ne s’ajoutent pas.", mean=total[0], days=total[1]))))  # fmt: skip
    if shown.without:
        body.append(blocks.paragraph(say(message("Membres non comptés, sans estimation ou non ouverts à qui demande : {count}.", count=shown.without))))  # fmt: skip
    head = (message("Membre"), message("Perte moyenne, par an"), message("Une année sur cent"), message("Journées de soins perdues, par an"), message("Renseigné"), message("Estimé le"))  # fmt: skip
    rows = []
    for each in shown.members:
        own = each.words(setter)
        name = say(message("{name} (ordre de grandeur)", name=each.name)) if each.rough else each.name
        rows.append([name, own.amount(each.mean), own.amount(each.rare), own.number(each.care), own.percent(each.completeness, 2), _made(each, setter)])  # fmt: skip
    strong = []
    if shown.together is not None:
        strong, rows = [len(rows)], [*rows, [say(message("Ensemble")), total[0], NOTHING, total[1], "", ""]]
    body += [blocks.heading(say(message("Membres côte à côte"))), blocks.table("2f 2f> 2f> 2f> 1f> 1.3f", [say(each) for each in head], rows, strong)]  # fmt: skip
    if len(shown.members) > 1:
        body.append(on_paper.block(of_risk.member_dots(shown.members, shown.subject, setter, "m", WIDE)))
    return body


NOTHING = "—"


def _made(member: Member, setter: Setter) -> str:
    """Return the day of an estimate with its marks: what changed since, what the member assumed otherwise."""
    marks = [message("à recalculer")] if member.stale else []
    if member.changed:
        marks.append(message("hypothèses changées : {count}", count=member.changed))
    return ", ".join([setter.day(member.on), *map(setter.say, marks)])


def _shared(shown: Group, setter: Setter) -> list[Block]:
    say = setter.say
    title = blocks.heading(say(message("Fournisseurs partagés")))
    if not shown.suppliers:
        return [title, blocks.paragraph(say(message("Aucun fournisseur partagé n’apparaît dans les cartographies des membres que vous voyez.")))]  # fmt: skip
    head = (message("Fournisseur"), message("Membres"), message("Applications"), message("Dont soins en dépendent"), message("S’il tombait [A]"))  # fmt: skip
    words = Words(setter)
    rows = [
        [
            *(setter.quote(text) for text in (each.supplier.name, ", ".join(each.supplier.members), ", ".join(each.supplier.applications))),
            str(each.supplier.critical),
            words.amount(each.cost) if each.cost else NOTHING,
        ]
        for each in shown.suppliers
    ]  # fmt: skip
    return [
        title,
        blocks.paragraph(say(message("La défaillance d’un fournisseur partagé touche ses clients le même jour : ces pertes-là arrivent ensemble."))),
        blocks.table("1.5f 2f 1.5f 1f> 2f>", [say(each) for each in head], rows),
        blocks.remark(say(message("S’il tombait : ce que coûterait en moyenne, à ces membres ensemble, un rançongiciel chez un hébergeur ou un éditeur dont ils dépendent. Hypothèse [A] : ce fournisseur compte autant que la moyenne des fournisseurs hébergés."))),
    ]  # fmt: skip
