"""An estimate as tables on a terminal: every figure with its interval, to the figures that are known."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from egide import reference
from egide.cli import console, table
from egide.cli.loss_tables import NOTHING
from egide.desk.risk import FIGURES, Estimated
from egide.family import MEASURE_BY_CODE
from egide.message import Message, message
from egide.report.papers.typography import Setter, plain_text
from egide.report.risk_words import Words
from egide.risk.interval import Interval
from egide.risk.sensitivity import OTHERS

if TYPE_CHECKING:
    from egide.risk.estimate import Insured
    from egide.risk.law import Quantile

HEADS = {
    "own": message("frais propres"),
    "interruption": message("activité perdue"),
    "liability": message("responsabilité"),
    "fine": message("amendes"),
}
SCENARIOS, HELPS, PARAMETERS, ANSWERS = 10, 6, 8, 3
"""Lines of each table: the rest weighs little, and stands in the JSON."""


def tell(made: Estimated) -> None:
    """Print an estimate."""
    _Told(made).tell()


class _Told:
    """An estimate being printed in the language of this run."""

    def __init__(self, made: Estimated):
        self.made, self.estimate = made, made.estimate
        self.set = Setter(console.language(), plain_text)
        self.words = Words(self.set, 1 if made.estimate.order_of_magnitude else 2)
        self.say = self.set.say

    def tell(self) -> None:
        self._heading()
        self._year()
        self._care()
        self._scenarios()
        self._heads()
        self._answers()
        self._helps()
        self._unknown()
        console.tell("")
        console.tell(
            message(
                "Moyenne des tirages, médiane pour les années rares ; entre crochets, 9 chances sur 10, vu ce que l'on ignore. "
                "Prédictif : toutes les années de tous les tirages. Signe * : de mémoire ou hypothèse, à vérifier. Un ordre de "
                "grandeur raisonné, pas un tarif."
            )
        )

    # --------------------------------------------------------------------------------------------------------- parts
    def _heading(self) -> None:
        made = self.estimate
        for line in console.lines(self.made.findings):
            console.tell(line)
        if self.made.ready.title:
            console.tell(self.made.ready.title)
        console.tell(
            message(
                "{draws} tirages de {years} années · graine {seed} · paramètres {library} · Égide {program} · empreinte {fingerprint}",
                draws=Decimal(made.draws),
                years=Decimal(made.years),
                seed=str(made.seed),
                library=made.library[:12],
                program=made.version,
                fingerprint=made.fingerprint[:12],
            )
        )
        for each in made.overrides:
            console.tell(
                message("Modifié : {id} – {title} : {before} → {after}", id=each.id, title=each.title, before=each.before, after=each.after)
            )  # fmt: skip
        known = [
            message(
                "{name} {value}", name=FIGURES[each.name], value=self.set.number(Decimal(f"{each.value:.12g}"), None)
            )
            for each in made.exposure
            if each.name in FIGURES and not each.default
        ]
        if known:
            console.tell(message("Établissement : {known}", known=tuple(known)))

    def _year(self) -> None:
        made = self.estimate
        laws = [(message("Perte brute"), made.gross)]
        laws += [(message("Conservée"), made.retained)] if made.retained else []
        rows = [[self.say(message("Moyenne")), *(self._amount(each.mean) for _, each in laws), NOTHING, NOTHING]]
        for level, said in (
            (0.95, message("Une année sur 20")),
            (0.99, message("Une année sur 100")),
            (0.995, message("Une année sur 200")),
        ):
            rows.append(self._row(said, [each.at(level) for _, each in laws]))
        rows.append(self._row(message("Moyenne du pire 1 %"), [each.tvar for _, each in laws]))
        head = [
            message("Coût d'une année"),
            *(name for name, _ in laws),
            message("Prédictif"),
            message("± tirage"),
        ]
        self._show(head, rows)
        if made.insured and made.ceded:
            console.tell(
                self._line(
                    message("Cédé à l'assurance « {name} »", name=self._insurance(made.insured)), made.ceded.mean
                )
            )
        if made.insured:
            console.tell(
                message(
                    "Événement malveillant payé (plainte à temps) : {paid} · exclusion pour attaque d'État : {state}",
                    paid=self._percent(made.insured.paid),
                    state=self.words.percent(made.insured.state_attack.value),
                )
            )
        once = self.words.every(made.serious_once_in)
        console.tell(message("Rançongiciel qui arrête au moins un serveur : {once}", once=once))
        if made.unaided:
            console.tell(
                message(
                    "Sans les {events} incidents que l'établissement a déclarés en {years} ans : {mean}",
                    events=made.unaided.events,
                    years=Decimal(f"{made.unaided.years:.12g}"),
                    mean=self._amount(made.unaided.mean),
                )
            )
        console.tell(
            self._line(message("Si toutes les mesures étaient au niveau moyen des hôpitaux français"), made.reference)
        )

    def _insurance(self, insured: "Insured") -> Message | str:
        """Return the name of a programme: that of the contract, or what it is an average of."""
        usual = (each.title for each in reference.risk_library().programmes if each.id == insured.default)
        return next((message("programme moyen – {size}", size=title) for title in usual), insured.name)

    def _row(self, said: Message, read: Sequence["Quantile"]) -> list[str]:
        first = read[0]
        return [
            self.say(said),
            *(self._amount(each.across) for each in read),
            self.words.euros(first.pooled),
            self.words.euros(first.error),
        ]

    def _care(self) -> None:
        care = self.estimate.care
        rows = [
            [self.say(message("Journées perdues ou reportées")), self._count(care.days)],
            [self.say(message("Les mêmes, une année sur 100")), self._count(care.days_one_in_100)],
            [self.say(message("Journées en mode dégradé")), self._count(care.patient_days)],
            [self.say(message("Mise en danger potentielle (chance)")), self._percent(care.endangerment)],
        ]
        if care.diverted:
            rows.append([self.say(message("Passages aux urgences détournés")), self._count(care.diverted)])
        self._show([message("Soins, jamais comptés en euros"), message("Par an")], rows)

    def _scenarios(self) -> None:
        known = reference.risk_library().scenario_by_id
        parts = self.estimate.scenarios[:SCENARIOS]
        rows = [
            [
                f"{each.id} {self.say(known[each.id].title)}",
                self._amount(each.mean),
                self.words.percent(each.share),
                self._count(each.care_days) if each.care_days else NOTHING,
                self.words.euros(each.ceded) if self.estimate.ceded else NOTHING,
            ]
            for each in parts
        ]
        head = [message("Scénario"), message("Moyenne"), message("Part"), message("Journées de soins"), message("Cédé")]
        self._show(head, rows)

    def _heads(self) -> None:
        rows = [
            [
                self.say(HEADS[each.id]),
                self._amount(each.mean),
                self.words.percent(each.share),
                self.words.euros(each.ceded) if self.estimate.ceded else NOTHING,
            ]
            for each in self.estimate.heads
        ]
        self._show([message("Poste de perte"), message("Moyenne"), message("Part"), message("Cédé")], rows)

    def _answers(self) -> None:
        bracket = self.estimate.bracket
        if not self.estimate.narrowing:
            return
        console.tell("")
        console.tell(self._line(message("Fourchette des réponses – tout ce qui manque au mieux"), bracket.best))
        console.tell(self._line(message("Fourchette des réponses – tout ce qui manque absent (retenu)"), bracket.worst))
        rows = [[self._title(each.id), self._amount(each.width)] for each in self.estimate.narrowing[:ANSWERS]]
        self._show([message("À répondre d'abord"), message("Ce que la réponse peut retirer")], rows)

    def _helps(self) -> None:
        rows = [
            [
                self._title(each.measure),
                self.words.percent(each.level, 2),
                self._amount(each.loss),
                self.words.percent(each.share),
                self._count(each.care_days),
            ]
            for each in self.estimate.helps[:HELPS]
        ]
        head = [message("Ce qui aiderait le plus"), message("Niveau"), message("Euros par an"), message("Part"), message("Journées de soins")]  # fmt: skip
        self._show(head, rows)

    def _unknown(self) -> None:
        weights = [each for each in self.estimate.tornado if each.id != OTHERS][:PARAMETERS]
        rows = [
            [
                self.say(each.title),
                self.words.percent(each.share),
                each.grade + ("*" if each.marked else ""),
                self.say(
                    message("{low}, puis {high}", low=self.words.euros(each.low), high=self.words.euros(each.high))
                ),
            ]
            for each in weights
        ]
        head = [message("Ce que l'on ignore"), message("Part du doute"), message("Preuve"), message("Moyenne quand il est au plus bas, puis au plus haut")]  # fmt: skip
        self._show(head, rows)

    # --------------------------------------------------------------------------------------------------------- words
    def _title(self, code: str) -> str:
        return self.say(MEASURE_BY_CODE[code].title) if code in MEASURE_BY_CODE else code

    def _amount(self, of: Interval) -> str:
        return f"{self.words.euros(of.value)} [{self.words.euros(of.low)} ; {self.words.euros(of.high)}]"

    def _count(self, of: Interval) -> str:
        return f"{self.words.count(of.value)} [{self.words.count(of.low)} ; {self.words.count(of.high)}]"

    def _percent(self, of: Interval) -> str:
        return f"{self.words.percent(of.value)} [{self.words.percent(of.low)} ; {self.words.percent(of.high)}]"

    def _line(self, said: Message, of: Interval) -> str:
        return self.say(message("{what} : {value}", what=self.say(said), value=self._amount(of)))

    def _show(self, head: Sequence[Message], rows: Sequence[Sequence[str]]) -> None:
        console.tell("")
        for line in table.lines([self.say(each) for each in head], rows):
            console.tell(line)
