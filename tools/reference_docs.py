"""Pages of docs/reference, drawn from the reference data: never edited by hand, and a test compares them.

usage: python tools/reference_docs.py
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from egide import reference
from egide.clausier.model import Clausier, Point
from egide.cli import COMMANDS, application
from egide.desk import backtest
from egide.diagnosis.questionnaire import Question
from egide.exercise.clock import LegalClock, Standing
from egide.exercise.kit import Kit
from egide.exercise.making import script
from egide.exercise.words import CHANNELS, SETTINGS
from egide.family import BY_CODE, MEASURE_BY_CODE
from egide.locale import say, translator
from egide.message import Language, Message, Text, message
from egide.report import backtest_words as words
from egide.report.papers.typography import Setter, plain_text
from egide.risk.published import Role
from egide.tender.rules import Rule

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
USES = {
    "candidacy": message("condition de candidature"),
    "minimum": message("minimum"),
    "scored": message("noté"),
    "minimum_then_scored": message("minimum, puis noté"),
    "none": message("ni exigé ni noté"),
}


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    clausier = reference.clausier()
    languages: tuple[Language, ...] = ("fr", "en")
    made = {f"clausier.{language}.md": "\n".join(_clausier(clausier, language)) for language in languages}
    made |= {f"regles.{language}.md": "\n".join(_rules(language)) for language in languages}
    made |= {f"diagnostic.{language}.md": "\n".join(_diagnosis(language)) for language in languages}
    made |= {f"exercices.{language}.md": "\n".join(_exercises(language)) for language in languages}
    made |= {f"controle.{language}.md": "\n".join(_backtest(language)) for language in languages}
    return made | {f"commandes.{language}.md": "\n".join(_commands(language)) for language in languages}


def _clausier(clausier: Clausier, language: Language) -> Iterator[str]:
    yield f"# {clausier.title.say(language)} {clausier.version}"
    yield ""
    yield f"{clausier.source} {clausier.licence}."
    for theme in clausier.themes:
        yield ""
        yield f"## {theme.id}. {theme.title.say(language)}"
        for point in theme.points:
            yield from _point(point, language)
    yield ""


def _point(point: Point, language: Language) -> Iterator[str]:
    yield ""
    yield f"### {point.id} {point.title.say(language)}"
    yield ""
    yield point.wording(language)
    yield ""
    facts = [
        *point.xref,
        say(USES[point.award_use.value], language),
        BY_CODE[point.family].title.say(language),
        point.level.value,
    ]
    yield f"*{' · '.join(facts)}*"
    yield ""
    for level in point.levels:
        yield f"- **{level.code}** ({'—' if level.value is None else level.value}) {point.say(level.text, language)}"
    yield ""
    yield point.say(point.why, language)


def _in_force(rule: Rule) -> Message:
    if rule.since and rule.until:
        return message("En vigueur du {since} au {until}.", since=rule.since, until=rule.until)
    if rule.since:
        return message("En vigueur depuis le {since}.", since=rule.since)
    return (
        message("En vigueur jusqu'au {until}.", until=rule.until)
        if rule.until
        else message("En vigueur, sans date de début ni de fin.")
    )


def _rules(language: Language) -> Iterator[str]:
    yield "# " + say(message("Règles de la commande publique appliquées"), language)
    for rule in reference.rules().rules:
        yield ""
        yield f"## {rule.id}. {rule.title.say(language)}"
        yield ""
        yield say(rule.source, language) + ". " + say(message("Vu le {seen}.", seen=rule.seen), language)
        yield say(_in_force(rule), language)
        if rule.parameters:
            yield ", ".join(f"`{name}` = {value}" for name, value in rule.parameters.items())
        yield ""
        yield rule.why.say(language)
    yield ""


def _diagnosis(language: Language) -> Iterator[str]:
    pool = reference.questionnaire()
    yield f"# {pool.title.say(language)} {pool.version}"
    yield ""
    yield pool.says.say(language)
    yield ""
    for edition in reference.questionnaires().values():
        facts = message("{count} questions, {minutes} minutes", count=len(edition.questions), minutes=edition.minutes)
        yield f"- {edition.title.say(language)} ({say(facts, language)}). {edition.says.say(language)}"
    for chapter in pool.chapters:
        yield ""
        yield f"## {chapter.title.say(language)}"
        for question in chapter.questions:
            yield from _question(question, language)
    yield ""


def _question(question: Question, language: Language) -> Iterator[str]:
    yield ""
    yield f"### {question.id} {question.text.say(language)}"
    yield ""
    yield from (each.say(language) for each in (question.why, question.help) if each != Text())
    depths = [reference.questionnaires()[depth].title for depth in question.depths]
    yield say(message("Pour : {depths}.", depths=depths), language)
    if question.counts:
        measure = MEASURE_BY_CODE[question.measure].title
        yield say(message("Mesure : {measure}, poids {weight}.", measure=measure, weight=question.weight), language)
    if question.asked_if:
        asked = message("Posée selon la réponse à {id}.", id=question.asked_if.question)
        yield say(asked, language)
    yield ""
    for level in question.levels:
        yield say(message("- {value} : {seen}", value=level.value, seen=level.text), language)
    yield ""
    yield say(message("Preuve acceptée : {proofs}", proofs=list(question.proofs)), language)
    if question.na_allowed:
        yield say(message("Sans objet : {when}", when=question.na), language)


def _exercises(language: Language) -> Iterator[str]:
    library, assessment, clocks = reference.exercises(), reference.assessment(), reference.clocks()
    title, modules = message("Exercices de crise"), message("Modules")
    which, law = message("Quel niveau choisir ?"), message("Délais légaux d’un incident")
    yield f"# {say(title, language)} {library.version}"
    for kit in library.kits:
        yield from _kit(kit, language)
    yield ""
    yield f"## {say(modules, language)}"
    for module in library.modules:
        yield ""
        yield f"### {module.title.say(language)} (`{module.code}`)"
        yield ""
        yield module.purpose.say(language)
        yield ""
        for inject in sorted(module.injects, key=lambda each: each.at):
            told = message(
                "{id} (niveau {level}, {channel}) : {title}",
                id=inject.id,
                level=inject.level,
                channel=CHANNELS[inject.channel],
                title=inject.title,
            )
            yield f"- {say(told, language)}"
    yield ""
    yield f"## {say(which, language)}"
    for question in assessment.questions:
        yield ""
        yield f"**{question.text.say(language)}**"
        yield ""
        for answer in question.answers:
            yield f"- {answer.text.say(language)} {answer.because.say(language)}"
    yield ""
    yield f"## {say(law, language)}"
    for clock in clocks.clocks:
        yield from _clock(clock, clocks.start[clock.starts].title, language)
    yield ""


def _kit(kit: Kit, language: Language) -> Iterator[str]:
    title = message("Niveau {level} : {title}", level=kit.level, title=kit.title)
    yield ""
    yield f"## {say(title, language)}"
    yield ""
    yield kit.summary.say(language)
    yield ""
    said = message("{briefing} minutes d'accueil, {play} de jeu, {debrief} de retour à chaud", briefing=kit.briefing, play=kit.play, debrief=kit.debrief)  # fmt: skip
    yield f"- {say(said, language)}"
    for setting, title in SETTINGS.items():
        made = script(reference.exercises(), setting, kit.level, {})
        told = message(
            "{setting} : {count} stimulus, {seats}",
            setting=title,
            count=len(made.items),
            seats=[each.title.say(language) for each in made.seats],
        )
        yield f"- {say(told, language)}"


def _clock(clock: LegalClock, start: Text, language: Language) -> Iterator[str]:
    bill = message("projet de loi, vu le {day}", day=clock.seen_on)
    law = message("en vigueur, vu le {day}", day=clock.seen_on)
    yield ""
    yield f"### {clock.title.say(language)}"
    yield ""
    yield f"{clock.law.say(language)} ({say(bill if clock.state is Standing.BILL else law, language)}). {clock.concerned.say(language)}"
    yield ""
    delay = clock.delay
    how_long = (
        message("sans délai") if delay.at_once
        else message("{hours} heures", hours=delay.hours) if delay.hours
        else message("{days} jours", days=delay.days) if delay.days
        else message("{months} mois", months=delay.months)
    )  # fmt: skip
    counted = message("{start} : {delay}", start=start, delay=how_long)
    yield f"- {say(counted, language)}"
    yield f"- {clock.to.say(language)}. {clock.how.say(language)}"
    if clock.exception.fr:
        yield f"- {clock.exception.say(language)}"


def _backtest(language: Language) -> Iterator[str]:
    """Yield the page of the risk model before the published national figures, from the stored result."""
    tried, setter = backtest.stored(), Setter(language, plain_text)
    heads = [message("Chiffre"), message("Année"), message("Publié"), message("Modèle"), message("Intervalle à 90 %"), message("Verdict"), message("Source")]  # fmt: skip
    yield "# " + setter.say(tried.published.title)
    yield ""
    yield setter.say(tried.published.base)
    for role in (Role.HELD_OUT, Role.CALIBRATED):
        yield from (
            "",
            "## " + setter.say(role.said),
            "",
            "| " + " | ".join(map(setter.say, heads)) + " |",
            "|---" * len(heads) + "|",
        )
        for figure, line in tried.lines:
            if figure.role is role:
                numbers = [write(setter, figure, line) for write in (words.modelled, words.interval)]
                cells = [setter.say(figure.name), figure.year, words.published(setter, figure), *numbers]
                yield "| " + " | ".join([*cells, setter.say(words.verdict(line)), setter.say(figure.source)]) + " |"
    yield from ("", "## " + setter.say(message("Échecs et faiblesses connues, et ce qu'on en sait")), "")
    for figure, line in tried.lines:
        if figure.miss.fr:
            yield "- " + setter.say(message("{name}, {year} ({verdict}) : {why}", name=figure.name, year=figure.year, verdict=words.verdict(line), why=figure.miss))  # fmt: skip
    yield from ("", "## " + setter.say(message("Ce qui ne peut pas être éprouvé")), "")
    for each in tried.published.untested:
        yield "- " + setter.say(message("{name} : {published}. {reason}", name=each.name, published=each.published, reason=each.reason))  # fmt: skip
    yield ""


def _commands(language: Language) -> Iterator[str]:
    """Yield the page of commands; help texts are those of a French run, looked up for the language."""
    said = translator(language)
    yield "# " + say(message("Commandes"), language)
    for name, command in _leaves(get_command(application(COMMANDS)), "egide"):
        yield from ("", f"## {name}", "", said(command.help or ""), "")
        for option in command.params:
            if option.name != "help":
                yield f"- `{' '.join(option.opts)}` {said(getattr(option, 'help', None) or '')}".rstrip()
    yield ""


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", {})
    for child, inner in children.items():
        yield from _leaves(inner, f"{name} {child}")
    if not children:
        yield name, command


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
