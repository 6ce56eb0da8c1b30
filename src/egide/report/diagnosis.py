"""A diagnosis for a board, on four pages: the whole in one minute, what is known, what to do first, the annex."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import egide
from egide.diagnosis.priorities import Effort, Priority, Step
from egide.family import MEASURE_BY_CODE
from egide.message import Language, Message, message
from egide.report.diagnosis_view import Diagnosis, Written
from egide.report.papers import blocks, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import Setter, printable
from egide.report.pictures import of_diagnosis, on_paper
from egide.report.pictures.picture import WIDE, listed
from egide.report.pictures.stacked import stacked_bars
from egide.report.risk_words import replaced, rounded

PAGES = 4
EFFORTS: dict[Effort, Message] = {
    Effort.DAYS: message("quelques jours"),
    Effort.WEEKS: message("quelques semaines"),
    Effort.MONTHS: message("quelques mois"),
    Effort.PROJECT: message("un projet"),
}
MOST_NAME, MOST_TITLE, MOST_REASON, MOST_WHY, MOST_HOW, MOST_BLANK, MOST_PROOF = 80, 84, 125, 210, 100, 104, 72
"""Signs that each text may take: the document has four pages whatever is written in the questionnaire."""
HOWS, STEPS, BLANKS, CHANGED = 2, 2, 8, 3
MOST_CHANGED, MOST_VALUES = 60, 50
LOW, GOOD = 0.3, 0.7


def pdf_of(made: Diagnosis, language: Language, on: date) -> bytes:
    """Return the PDF (tagged) of a diagnosis, dated `on`: same inputs, same bytes. Raises EgideError."""
    return pdf.compiled(document(made, Setter(language, printable), on), on)


def document(made: Diagnosis, setter: Setter, on: date) -> dict[str, Any]:
    """Return the whole document as plain data for the writers."""
    page = _Page(made, setter)
    asked = made.reading.questionnaire
    foot = message("Diagnostic {id} du {version} · réponses du {day} · Égide {program} · écrit le {on}", id=asked.id[:40], version=asked.version, day=setter.day(made.on), program=egide.__version__, on=setter.day(on))  # fmt: skip
    subject = page.write.cut(made.reading.filled.name or setter.say(asked.title), MOST_NAME)
    body = [
        *page.minute(),
        blocks.new_page(),
        *page.known(),
        blocks.new_page(),
        *page.first(),
        blocks.new_page(),
        *page.annex(),
    ]
    return pdf.page(
        setter,
        message("Diagnostic de sécurité numérique"),
        subject,
        page.write.cut(setter.say(asked.title), MOST_NAME),
        foot,
        body,
    )


class _Page:
    """What the pages look up."""

    def __init__(self, made: Diagnosis, setter: Setter):
        self.made, self.set, self.say = made, setter, setter.say
        self.write = Written(setter, made.cost)
        self.levels = made.maturity.at(made.reference)
        self.best = made.maturity.at_best().at(made.reference)
        self.asked = [code for code in self.levels if code in made.reading.measures]

    def mean(self, of: dict[str, float]) -> float:
        """Return the mean over the measures that are asked."""
        return sum(of[code] for code in self.asked) / len(self.asked) if self.asked else 0.0

    # ----------------------------------------------------------------------------------------------- page 1: one minute
    def minute(self) -> list[Block]:
        picture = stacked_bars(of_diagnosis.levels(self.made, self.set), self.set, "levels", WIDE)
        return [
            blocks.heading(self.say(message("En une minute"))),
            blocks.lead(self.say(self._verdict())),
            blocks.pairs(self._figures()),
            on_paper.block(picture),
            blocks.heading(self.say(message("Six mesures à prendre d'abord")), 2),
            self._six(),
        ]

    def _verdict(self) -> Message:
        reading = self.made.reading
        if not self.asked:
            return message("Ce questionnaire ne renseigne encore aucune mesure : rien ne peut être dit du niveau de l'établissement.")  # fmt: skip
        if not reading.answered_count:
            return message("Aucune question n'a de réponse : tout compte pour absent. Ce document montre seulement par où commencer.")  # fmt: skip
        level, best = self.mean(self.levels), self.mean(self.best)
        strong = [code for code in self.asked if self.levels[code] >= GOOD]
        weak = [code for code in self.asked if self.levels[code] < LOW]
        beside = message("au-dessus de") if level >= self.made.reference else message("au-dessous de")
        open_to = message(" Si toutes les autres étaient au mieux, le niveau serait de {best}.", best=self.write.percent(best))  # fmt: skip
        return message(
            "Niveau moyen des mesures : {level}, {beside} l'hôpital moyen (supposé à {reference}). {answered} questions sur {asked} ont une réponse.{open} Mesures solides : {strong} ; faibles : {weak} ; sur {count}.",
            level=self.write.percent(level),
            beside=beside,
            reference=self.write.percent(self.made.reference),
            answered=reading.answered_count,
            asked=reading.asked_count,
            open=open_to if reading.blanks else "",
            strong=len(strong),
            weak=len(weak),
            count=len(self.asked),
        )

    def _figures(self) -> list[tuple[str, str]]:
        reading, cost = self.made.reading, self.made.cost
        share = reading.proven_count / reading.answered_count if reading.answered_count else 0.0
        rows = [
            (message("Ce que l'on sait"), message("{share} des questions répondues, dont {proven} avec une preuve vue ; une réponse sans preuve compte pour {credit} (hypothèse)", share=self.write.percent(reading.completeness), proven=self.write.percent(share), credit=self.write.percent(float(self.made.weighing.declared.value)))),
            (message("Ce que l'on ne sait pas"), self._unknown()),
        ]  # fmt: skip
        if cost is not None:
            now = message("{now}", now=self.write.interval(cost.now))
            if reading.blanks:
                now = message("{now} ; {best} si tout ce qui est sans réponse était au mieux", now=now, best=self.write.euros(cost.best.value))  # fmt: skip
            rows.append((message("Perte attendue par an"), now))
        return [(self.say(label), self.say(said)) for label, said in rows]

    def _unknown(self) -> Message:
        blanks = len(self.made.reading.blanks)
        if not blanks:
            return message("rien de ce qui est demandé")
        matters = [each.question for each in self.made.matters[:1]]
        if not matters:
            return message("{count} question(s) sans réponse, comptées comme des absences", count=blanks)
        return message("{count} question(s) sans réponse, comptées comme des absences ; d'abord : « {question} »", count=blanks, question=self.write.cut(self.say(matters[0].text), MOST_BLANK))  # fmt: skip

    def _six(self) -> Block:
        worth = self.made.cost is not None
        head = [message("Mesure"), message("Niveau"), message("Pourquoi")]
        head += [message("Ôte à la perte, par an")] if worth else []
        rows = []
        for number, each in enumerate(self.made.priorities.first, 1):
            title = MEASURE_BY_CODE[each.advice.measure].title
            why = self.write.sentences(self.say(each.advice.why), MOST_REASON)
            row = [f"{number}. {self.say(title)}", self.write.percent(each.level), why]
            rows.append([*row, self._worth(each)] if worth else row)
        return blocks.table("46 15> 1f 36>" if worth else "52 16> 1f", [self.say(one) for one in head], rows)

    def _worth(self, priority: Priority) -> str:
        cost = self.made.cost
        return self.write.interval(cost.worth[priority.advice.measure]) if cost else ""

    # ---------------------------------------------------------------------------------------------- page 2: what is known
    def known(self) -> list[Block]:
        picture = stacked_bars(of_diagnosis.answered(self.made, self.set), self.set, "answered", WIDE)
        return [
            blocks.heading(self.say(message("Ce que l'on sait, et comment"))),
            blocks.paragraph(self.say(message("Une question sans réponse compte comme une absence. « Sans objet » ramène une mesure au plus à la moyenne, jamais au-dessus. Une réponse sans preuve vue ne compte que pour {credit} (hypothèse, de {low} à {high}).", credit=self.write.percent(float(self.made.weighing.declared.value)), low=self.write.percent(float(self.made.weighing.declared.low)), high=self.write.percent(float(self.made.weighing.declared.high))))),
            on_paper.block(picture),
            *self._bracket(),
            *self._blanks(),
        ]  # fmt: skip

    def _bracket(self) -> list[Block]:
        cost = self.made.cost
        if cost is None:
            said = message("Entre le niveau compté ({low}) et celui où toutes les questions sans réponse seraient au mieux ({high}), la vérité n'est pas connue : y répondre la resserre.", low=self.write.percent(self.mean(self.levels)), high=self.write.percent(self.mean(self.best)))  # fmt: skip
            return [blocks.heading(self.say(message("La fourchette")), 2), blocks.paragraph(self.say(said))]
        rows = [
            (message("Telle que répondue, le sans réponse compté absent"), self.write.interval(cost.now)),
            (message("Si tout ce qui est sans réponse était au mieux"), self.write.interval(cost.best)),
            (message("Avec la maturité de l'hôpital moyen"), self.write.interval(cost.average)),
            (message("Journées de soins perdues ou reportées par an (jamais en euros)"), self._care()),
        ]
        return [
            blocks.heading(self.say(message("La fourchette, en perte attendue d'une année")), 2),
            blocks.pairs([(self.say(label), said) for label, said in rows]),
            blocks.remark(self.say(self._assumed())),
            *self._changed(),
        ]

    def _care(self) -> str:
        cost = self.made.cost
        if cost is None or cost.care.value <= 0:
            return self.say(message("aucune, faute de lits et de places"))
        figures = 1 if cost.order_of_magnitude else 2
        value, low, high = (
            self.set.number(rounded(each, figures), None) for each in (cost.care.value, cost.care.low, cost.care.high)
        )
        said = message("{value} ({low} à {high})", value=value, low=low, high=high)
        return self.say(message("ordre de grandeur : {said}", said=said) if cost.order_of_magnitude else said)

    def _assumed(self) -> Message:
        cost = self.made.cost
        defaults = [self.say(FIGURES.get(each, message("{name}", name=each))) for each in cost.defaults] if cost else []
        return message(
            "Moyenne et intervalle à 90 % sur ce que l'on ignore des paramètres ; modèle raisonné, non un tarif : la plupart des paramètres sont des hypothèses, marquées comme telles. Catégorie : {category}. {defaults}",
            category=cost.category_title if cost else "",
            defaults=message("Pris de la catégorie : {names}.", names=tuple(defaults)) if defaults else "",
        )

    def _changed(self) -> list[Block]:
        """Return the assumptions that were changed: the first ones, from what to what, and how many more there are."""
        changed = self.made.cost.overrides if self.made.cost else ()
        if not changed:
            return []
        told = [
            message(
                "{name} ({value})",
                name=self.write.cut(self.say(each.title), MOST_CHANGED),
                value=self.write.cut(replaced(each.before, each.after, self.set), MOST_VALUES),
            )
            for each in changed[:CHANGED]
        ]
        more = len(changed) - CHANGED
        if more > 0:
            told.append(message("et {count} autres", count=more) if more > 1 else message("et une autre"))
        names = listed(self.set, map(self.say, told))
        return [blocks.remark(self.say(message("Hypothèses modifiées : {names}.", names=names)))]

    def _blanks(self) -> list[Block]:
        if not self.made.matters:
            return [blocks.heading(self.say(message("Questions sans réponse")), 2), blocks.paragraph(self.say(message("Toutes les questions posées ont une réponse.")))]  # fmt: skip
        cost = self.made.cost is not None
        head = [message("Question"), message("Ce qu'il faut voir"), *([message("Enjeu, par an")] if cost else [])]
        rows = []
        for each in self.made.matters[:BLANKS]:
            proof = each.question.proofs[0] if each.question.proofs else None
            row = [
                self.write.cut(f"{each.question.id} – {self.say(each.question.text)}", MOST_BLANK),
                self.write.cut(self.say(proof), MOST_PROOF) if proof else "",
            ]
            rows.append([*row, self.write.euros(each.weight)] if cost else row)
        return [
            blocks.heading(self.say(message("Les réponses qui manquent le plus")), 2),
            blocks.table("1f 60 24>" if cost else "1f 66", [self.say(one) for one in head], rows),
        ]

    # ----------------------------------------------------------------------------------------------- page 3: what to do
    def first(self) -> list[Block]:
        found = [blocks.heading(self.say(message("Six mesures : pourquoi et comment")))]
        if not self.made.priorities.first:
            found.append(blocks.paragraph(self.say(message("Toutes les mesures demandées sont au mieux et prouvées."))))
        for each in self.made.priorities.first:
            found += self._priority(each)
        return found

    def _priority(self, each: Priority) -> list[Block]:
        advice = each.advice
        lines = [self.write.cut(self.say(one), MOST_HOW) for one in advice.how[:HOWS]]
        lines += [self.write.cut(self.say(_step(one)), MOST_HOW) for one in each.steps[:STEPS]]
        why = self.write.sentences(self.say(advice.why), MOST_WHY)
        effort = message("Effort : {effort}. {time}", effort=EFFORTS[advice.effort], time=self.write.cut(self.say(advice.time), 60))  # fmt: skip
        return [
            blocks.heading(self.write.cut(self.say(advice.title), MOST_TITLE), 2),
            blocks.paragraph(f"{why} {self.say(effort)}"),
            blocks.items(lines),
        ]

    # ---------------------------------------------------------------------------------------------------- page 4: annex
    def annex(self) -> list[Block]:
        head = [message("Famille"), message("Niveau déclaré"), message("Au mieux"), message("Posées"), message("Répondues"), message("Prouvées")]  # fmt: skip
        rows = []
        for code, title in of_diagnosis.titles().items():
            score = self.made.reading.families.get(code)
            if score is None:
                rows.append([self.say(title), *[self.say(message("non demandé"))], *["—"] * 4])
                continue
            levels = [self.write.percent(each.at(self.made.reference)) for each in (score.level, score.best)]
            rows.append([self.say(title), *levels, *map(str, (score.asked, score.answered, score.proven))])
        return [
            blocks.heading(self.say(message("Annexe : famille par famille"))),
            blocks.table("1f 24> 20> 18> 22> 20>", [self.say(one) for one in head], rows),
            blocks.remark(self.say(message("Niveau déclaré : avant de peser les preuves. Au mieux : si chaque question sans réponse était au mieux."))),
            blocks.heading(self.say(message("La suite")), 2),
            blocks.items(self._next()),
            blocks.heading(self.say(message("Comment c'est compté")), 2),
            blocks.items(self._how()),
        ]  # fmt: skip

    def _next(self) -> list[str]:
        notes = sum(bool(each.note) for each in self.made.reading.filled.answers.values())
        said = [
            message("Sous un mois : répondre aux questions qui manquent le plus (page 2), et faire voir les preuves citées."),
            message("Sous trois mois : décider pour chacune des six mesures qui la porte, pour quand, avec quel budget."),
            message("Dans un an, ou après tout incident : refaire ce diagnostic et comparer les deux (egide diagnose compare)."),
        ]  # fmt: skip
        if notes:
            said.append(message("{count} commentaire(s) sont dans le questionnaire rempli : ils n'entrent pas dans le calcul.", count=notes))  # fmt: skip
        return [self.say(each) for each in said]

    def _how(self) -> list[str]:
        weighing = self.made.weighing
        said: Sequence[Message] = (
            message("Le niveau d'une mesure est la moyenne pondérée de ses questions ; celui de l'authentification à plusieurs facteurs est le plus bas de ses réponses, car une porte ouverte suffit."),
            message("Poids, niveaux et ordre des mesures sont des hypothèses de ce projet, à discuter ; l'hôpital moyen est supposé à {level}, car sa maturité n'est pas publiée.", level=self.write.percent(self.made.reference)),
            message("Une observation garde toute sa valeur {fresh} mois, puis en perd ; après {stale} mois elle ne garde que {kept}.", fresh=f"{weighing.fresh_months.value}", stale=f"{weighing.stale_months.value}", kept=self.write.percent(float(weighing.stale.value))),
            message("Ce document n'est ni un audit ni une certification : il montre ce qui est dit et prouvé au jour des réponses."),
        )  # fmt: skip
        return [self.say(each) for each in said]


def _step(step: Step) -> Message:
    """Return what to do about one answer: give it, show its proof, or reach the next level."""
    question = step.question
    if step.prove:
        proof = question.proofs[0] if question.proofs else message("la preuve")
        return message("À montrer ({id}) : {proof}", id=question.id, proof=proof)
    if step.now is None:
        return message("À répondre ({id}) : {question}", id=question.id, question=question.text)
    return message("Prochain palier ({id}) : {level}", id=question.id, level=step.next.text)


FIGURES: dict[str, Message] = {
    "revenue": message("recettes"),
    "activity_share": message("part liée à l'activité"),
    "beds": message("lits"),
    "places": message("places"),
    "persons": message("personnes dans les données"),
}
