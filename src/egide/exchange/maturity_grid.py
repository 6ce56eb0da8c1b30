"""The maturity grid of another tool as a questionnaire: a library of CISO Assistant, OSCAL, XML, YAML, JSON, a workbook.

What the file does not say is not guessed: the measure that a question feeds is left empty, a scale that is missing or has
no scores is said to be so, and what was not understood is listed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from egide.clausier.model import DEFAULT_LEVELS, Clausier, Point
from egide.clausier.model import Level as Retained
from egide.diagnosis.questionnaire import Chapter, Choice, Question, Questionnaire
from egide.errors import DataError
from egide.exchange import grid_words, safety, tree
from egide.exchange.clausiers import choices, ciso_library, framework, oscal
from egide.exchange.clausiers.ciso_library import Scale
from egide.exchange.clausiers.foreign import Report, clean, unique
from egide.exchange.grid_tree import Asked, Grid, Rung
from egide.exchange.grid_tree import read as of_tree
from egide.finding import Finding, Severity
from egide.message import Text, message

MOST_QUESTIONS = 2_000
MOST_LEVELS = 20
VERSION = date(2000, 1, 1)
"""The version of a grid that gives no date."""
NA = Text("la question ne concerne pas l'établissement", "the question does not concern the establishment")
_GOVERNANCE = "governance"
"""The family under which a question stands until somebody says which measure it feeds: it then counts for nothing."""


def read(path: Path, name: str) -> tuple[Questionnaire, list[Finding]]:
    """Return the questionnaire that a file describes, and every doubt and thing left out.

    Raises DataError with all findings when no question can be read.
    """
    report = Report(name)
    try:
        found = _grid(path, name, report)
    except safety.Refused as refused:
        finding = safety.refusal(refused.code, name)
        raise DataError(message("{file} : {why}", file=name, why=finding.understood), (finding,)) from None
    if not found.asked:
        said = message("aucune question n'a été reconnue dans ce fichier")
        remedy = message("Donner une grille dont les questions se reconnaissent : une bibliothèque CISO Assistant, un catalogue OSCAL, un XML à questions et niveaux, ou une liste avec identifiants et textes.")  # fmt: skip
        raise DataError(said, (*report.findings, Finding("grid.empty", Severity.ERROR, said, remedy, name)))
    made = _questionnaire(found, report)
    return made, [_noted(each) for each in (*report.findings, *report.notes()) if not _used(each)]


_SCALE = ciso_library.FRAMEWORK_LEFT["scores_definition"]
_REMEDY = message("Rien à faire, sauf si ces éléments vous servent : les reprendre alors à la main.")


def _used(finding: Finding) -> bool:
    """Tell whether a note says that the scale of the file was left out: a questionnaire uses it."""
    return finding.code == "import.left" and finding.understood.values.get("kind") == _SCALE


def _noted(finding: Finding) -> Finding:
    return replace(finding, remedy=_REMEDY) if finding.code == "import.left" else finding


def _grid(path: Path, name: str, report: Report) -> Grid:
    """Return what the file asks: by the reader of its form if it has one, else as any tree of sections and questions."""
    raw = safety.read_bytes(path)
    if tree.looks_xml(raw):
        return of_tree(tree.of_xml(raw, name), report)
    data = tree.data_of(path, name)
    if data is not None and not _has_reader(data):
        found = of_tree(tree.of_data(data, grid_words.known, name), report)
        if found.asked:
            return found
        report.left.clear()
    clausier, said = framework.read(path, name)
    report.findings += [each for each in said if each.code not in _OF_CLAUSIER]
    scale = (
        ciso_library.scale(data, name) if isinstance(data, dict) and ciso_library.is_library(data) else Scale({}, ())
    )
    return _of_clausier(clausier, scale)


def _has_reader(data: object) -> bool:
    return isinstance(data, dict) and ("themes" in data or oscal.is_oscal(data) or ciso_library.is_library(data))


_OF_CLAUSIER = frozenset({"lint.id.reused"})
"""Findings of the reading of requirements that do not concern a questionnaire, whose identifiers are made unique."""


def _of_clausier(clausier: Clausier, scale: Scale) -> Grid:
    shared = tuple(_rung_of(each) for each in scale.scores)
    asked = []
    for theme in clausier.themes:
        for point in theme.points:
            own = tuple(_rung(each) for each in point.levels) if point.levels != DEFAULT_LEVELS else ()
            proofs = tuple(each.what for each in point.proofs)
            whole = Asked(
                (theme.title,), point.id, _text(point), point.why, proofs, own or shared, Decimal(point.weight)
            )
            questions = scale.asked.get(point.id, ())
            asked += [whole] if own and len(questions) < 2 else _one_by_one(whole, questions)
    return Grid(clausier.id, clausier.title, clausier.version, tuple(asked), clausier.published, clausier.source)


def _one_by_one(whole: Asked, questions: tuple[choices.Question, ...]) -> list[Asked]:
    """Return a question for each of those of a requirement that offers a choice, the requirement itself without any."""
    kept = [each for each in questions if each.kind == SINGLE and len(each.choices) > 1]
    if not kept:
        return [whole]
    several = len(kept) > 1
    return [
        replace(
            whole,
            id=f"{whole.id}.{number}" if several else whole.id,
            text=_lines(whole.text, each.text),
            levels=tuple(_rung_of(choice) for choice in each.choices),
            weight=whole.weight / len(kept),
        )
        for number, each in enumerate(kept, 1)
    ]


SINGLE = "unique_choice"


def _rung_of(choice: choices.Choice) -> Rung:
    value = choices.RESULTS.get(choice.result) if choice.score is None else choice.score
    return Rung(choice.text, value)


def _rung(level: Retained) -> Rung:
    return Rung(level.text, level.value, level.code)


def _text(point: Point) -> Text:
    """Return the wording of a point after its title, in both languages."""
    return _lines(point.title, point.text)


def _lines(first: Text, second: Text) -> Text:
    """Return two texts one under the other, in both languages."""
    pairs = ((first.fr, second.fr), (first.en, second.en))
    return Text(*("\n".join(dict.fromkeys(filter(None, pair))) for pair in pairs))


# ------------------------------------------------------------------------------------------------------- questionnaire
@dataclass
class _Maker:
    """Makes the questions, their identifiers unique, and gathers what must be said of their scales."""

    report: Report
    taken: set[str] = field(default_factory=set)
    unscaled: list[str] = field(default_factory=list)
    unscored: list[str] = field(default_factory=list)
    made: int = 0

    def question(self, asked: Asked) -> Question:
        name = unique(self._name(asked), self.taken)
        if asked.id and name != asked.id:
            said = message("l'identifiant « {old} » sert plusieurs fois : la question est renommée {new}", old=asked.id, new=name)  # fmt: skip
            self.report.say("grid.renamed", Severity.DOUBT, said, message("Vérifier que ce sont bien deux questions."), asked.place, point=name, read=asked.id)  # fmt: skip
        return Question(
            name,
            _GOVERNANCE,
            asked.text,
            asked.why,
            self._levels(asked, name),
            asked.proofs,
            weight=asked.weight if 0 < asked.weight <= 100 else Decimal(1),
            na=NA,
        )

    def _name(self, asked: Asked) -> str:
        if asked.id:
            return asked.id
        self.made += 1
        name = f"Q-{self.made:03d}"
        said = message("cette question n'a pas d'identifiant : {name} lui est donné", name=name)
        remedy = message("Donner un identifiant stable à chaque question dans le fichier d'origine, pour comparer dans le temps.")  # fmt: skip
        self.report.say("grid.identifier", Severity.DOUBT, said, remedy, asked.place, point=name, read=asked.text.fr or asked.text.en)  # fmt: skip
        return name

    def _levels(self, asked: Asked, name: str) -> tuple[Choice, ...]:
        rungs = [each for each in asked.levels if not grid_words.is_not_applicable(each.text)]
        if len(rungs) > MOST_LEVELS:
            said = message("{count} niveaux : les {most} premiers sont gardés", count=len(rungs), most=MOST_LEVELS)
            remedy = message("Vérifier l'échelle de cette question.")
            self.report.say("grid.levels", Severity.DOUBT, said, remedy, asked.place, point=name)
            rungs = rungs[:MOST_LEVELS]
        values = _values(rungs)
        if values is None:
            values = _ranked(rungs)
            if values is not None:
                self.unscored.append(name)
        if values is None:
            self.unscaled.append(name)
            return grid_words.default_scale()
        codes: set[str] = set()
        made = [
            Choice(unique(each.code or f"n{place}", codes), value, each.text)
            for place, (each, value) in enumerate(zip(rungs, values, strict=True))
        ]
        return tuple(sorted(made, key=lambda each: each.value))

    def conclude(self) -> None:
        """Say once which questions had no scale, and which had one without scores."""
        if self.unscaled:
            said = message("{count} question(s) sans niveaux qui fassent une échelle : « non, en partie, oui » leur est donné ({names})", count=len(self.unscaled), names=self.unscaled[:20])  # fmt: skip
            self.report.say("grid.scale", Severity.DOUBT, said, message("Vérifier que cette échelle convient à ces questions."))  # fmt: skip
        if self.unscored:
            said = message("{count} question(s) dont les niveaux n'ont pas de note : leur ordre dans le fichier est lu du pire au meilleur ({names})", count=len(self.unscored), names=self.unscored[:20])  # fmt: skip
            self.report.say("grid.order", Severity.DOUBT, said, message("Vérifier que le premier niveau est bien le pire."))  # fmt: skip


CENT = Decimal("0.01")


def _values(rungs: list[Rung]) -> list[Decimal] | None:
    """Return what each level is worth from 0 to 1 by its score, else by its words; None when neither says it."""
    scores = [each.score for each in rungs]
    known = [score for score in scores if score is not None]
    if len(rungs) > 1 and len(known) == len(rungs) and len(set(known)) == len(known):
        low, high = min(known), max(known)
        return [((score - low) / (high - low)).quantize(CENT) for score in known]
    words = [grid_words.worth(each.text) for each in rungs]
    found = [word for word in words if word is not None]
    if len(rungs) > 1 and len(found) == len(rungs) and len(set(found)) == len(found):
        return found
    return None


def _ranked(rungs: list[Rung]) -> list[Decimal] | None:
    """Return evenly spread values in the order of the file; None without two levels in words."""
    if len(rungs) < 2 or not all(each.text.fr or each.text.en for each in rungs):
        return None
    return [(Decimal(place) / (len(rungs) - 1)).quantize(CENT) for place in range(len(rungs))]


def _questionnaire(found: Grid, report: Report) -> Questionnaire:
    maker = _Maker(report)
    if len(found.asked) > MOST_QUESTIONS:
        said = message("{count} questions : les {most} premières sont gardées", count=len(found.asked), most=MOST_QUESTIONS)  # fmt: skip
        report.say("grid.long", Severity.DOUBT, said, message("Découper la grille en plusieurs fichiers."))
    chapters: dict[tuple[str, str], list[Question]] = {}
    for each in found.asked[:MOST_QUESTIONS]:
        title = _joined(each.titles)
        chapters.setdefault((title.fr, title.en), []).append(maker.question(each))
    maker.conclude()
    stem = re.sub(r"\.\w+$", "", report.file.replace("\\", "/").rpartition("/")[2])
    title = found.title if found.title != Text() else Text(fr=stem)
    origin = (found.source, f"version {found.version}" if found.version else "", report.file)
    return Questionnaire(
        _identifier(found.id or stem),
        found.published or VERSION,
        title,
        Text(),
        tuple(
            Chapter(f"c{number}", Text(*both) if any(both) else title, Text(), tuple(questions))
            for number, (both, questions) in enumerate(chapters.items(), 1)
        ),
        source=Text(fr=" · ".join(filter(None, origin))),
    )


def _identifier(name: str) -> str:
    """Return a name without blanks: it stands in a heading of the workbook, before the version."""
    return re.sub(r"\s+", "-", clean(name).strip())[:80] or "grille"


def _joined(titles: Iterable[Text]) -> Text:
    kept = list(titles)[-2:]
    return Text(*(" · ".join(filter(None, (getattr(each, language) for each in kept))) for language in ("fr", "en")))
