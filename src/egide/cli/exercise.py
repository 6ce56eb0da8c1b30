"""egide exercise: choose a level, print and take away a kit, play without network, and read what comes back."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from egide.cli import console
from egide.cli.console import phrase
from egide.errors import DataError, UsageError
from egide.finding import Finding
from egide.locale import say
from egide.message import Message, message

if TYPE_CHECKING:
    from egide.exercise.crisis import Establishment
    from egide.exercise.module import Setting
    from egide.exercise.script import Script

group = typer.Typer(
    help=phrase("Exercices de crise : choisir un niveau, imprimer un kit, jouer sans réseau, tirer les leçons ; kit de crise."),
    no_args_is_help=True,
)  # fmt: skip

Where = Annotated[
    str, typer.Option("--setting", help=phrase("Où l'on joue : hospital (hôpital, clinique), home (EHPAD, médico-social) ou practice (cabinet)."))
]  # fmt: skip
House = Annotated[
    Path | None, typer.Option("--for", help=phrase("Fichier YAML de l'établissement : ses noms, ses logiciels, son annuaire."))
]  # fmt: skip
Level = Annotated[
    int, typer.Option("--level", help=phrase("Niveau : 1 (débutant), 2 (intermédiaire) ou 3 (confirmé)."))
]
Modules = Annotated[
    str, typer.Option("--modules", help=phrase("Modules à la carte, dans l'ordre, séparés par des virgules (egide exercise modules)."))
]  # fmt: skip
Day = Annotated[str, typer.Option("--date", help=phrase("Date d'écriture, aaaa-mm-jj."))]
AsJson = Annotated[bool, typer.Option("--json", help=phrase("Sortie pour un programme."))]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="exercise")


@group.command("assess", help=phrase("Choisir son niveau : quelques questions, posées ici ou lues d'un fichier, et la raison du conseil."))  # fmt: skip
def assess(
    answers: Annotated[
        Path | None, typer.Option("--answers", help=phrase("Fichier YAML des réponses, à la place des questions."))
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", help=phrase("Écrire ce fichier de réponses à remplir, sans rien demander.")),
    ] = None,
    setting: Where = "hospital",
    *,
    as_json: AsJson = False,
) -> None:
    """Choisir son niveau d'exercice."""
    from egide import reference  # noqa: PLC0415 (each command imports what it serves)
    from egide.desk import exercise  # noqa: PLC0415
    from egide.exercise.assessment import advised  # noqa: PLC0415

    where = exercise.setting_of(setting)
    if template is not None:
        _new(template)
        template.write_text(exercise.answers_template(where, console.language()), encoding="utf-8")
        console.tell(message("Écrit : {path}", path=template))
        return
    told = exercise.answers(answers, answers.name) if answers else (where, _asked(where))
    found = advised(reference.assessment(), *told)
    language = console.language()
    if as_json:
        console.tell_machine(
            {
                "format": 1,
                "version": reference.assessment().version,
                "setting": told[0].value,
                "level": found.level,
                "points": found.points,
                "most": found.most,
                "why": _said(found.why),
                "because": [each.answer.because.say(language) for each in found.decided],
                "missing": [each.id for each in found.missing],
            }
        )
        return
    console.tell(message("Niveau conseillé : {level} ({title})", level=found.level, title=found.title))
    console.tell(found.why)
    for each in found.decided:
        console.tell(f"  - {each.answer.because.say(language)}")
    if found.missing:
        console.tell(message("Sans réponse : {questions}", questions=[each.text for each in found.missing]))
    console.tell(message("Ensuite : egide exercise kit --level {level} --setting {setting} --out kit.zip", level=found.level, setting=told[0].value))  # fmt: skip


def _asked(setting: "Setting") -> dict[str, str]:
    """Ask the questions on the terminal; an empty line leaves one without answer. Raises UsageError where nobody is."""
    from egide import reference  # noqa: PLC0415

    if not sys.stdin.isatty():
        raise UsageError(message("sans terminal, donner --answers FICHIER (modèle : --template FICHIER)"))
    told = {}
    for question in reference.assessment().asked(setting):
        console.tell("")
        console.tell(question.text.say(console.language()))
        for number, answer in enumerate(question.answers, 1):
            console.tell(f"  {number}. {answer.text.say(console.language())}")
        written = input("> ").strip()
        if written.isdecimal() and 1 <= int(written) <= len(question.answers):
            told[question.id] = question.answers[int(written) - 1].id
    return told


@group.command("modules", help=phrase("Lister les modules que l'on peut jouer seuls ou à la carte."))
def modules(
    setting: Annotated[str, typer.Option("--setting", help=phrase("Seulement ceux qui se jouent là."))] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Lister les modules."""
    from egide import reference  # noqa: PLC0415
    from egide.cli import table  # noqa: PLC0415
    from egide.desk import exercise  # noqa: PLC0415

    where = exercise.setting_of(setting) if setting else None
    library = reference.exercises()
    known = [each for each in library.modules if where is None or not each.settings or where in each.settings]
    language = console.language()
    if as_json:
        rows = [
            {"code": each.code, "title": each.title.say(language), "purpose": each.purpose.say(language), "minutes": each.minutes, "injects": len(each.injects), "settings": [one.value for one in each.settings]}
            for each in known
        ]  # fmt: skip
        console.tell_machine({"format": 1, "library": library.version, "modules": rows})
        return
    head = [_said(each) for each in (message("Code"), message("Module"), message("Minutes"), message("Stimulus"))]
    rows_shown = [[each.code, each.title.say(language), str(each.minutes), str(len(each.injects))] for each in known]
    for line in table.lines(head, rows_shown, words=2):
        console.tell(line)


@group.command("kit", help=phrase("Écrire un kit : livrets à imprimer, page qui joue sans réseau, chronogramme, kit de crise, en un zip."))  # fmt: skip
def kit(
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Fichier .zip à écrire."))],
    level: Level = 1,
    modules: Modules = "",
    setting: Where = "",
    house: House = None,
    on: Day = "",
) -> None:
    """Écrire un kit d'exercice."""
    from egide.desk import exercise  # noqa: PLC0415

    _new(out)
    known, findings = _house(house)
    made = _script(level, modules, setting, known)
    _write(out, exercise.packed(exercise.kit(made, console.language(), _day(on), house=known)))
    _tell(findings)
    console.tell(message("Écrit : {path} ({count} stimulus, {minutes} minutes de jeu)", path=out, count=len(made.items), minutes=made.play))  # fmt: skip


@group.command("chronogram", help=phrase("Vérifier un chronogramme (.xlsx, .ods, .csv), et en faire notre classeur (.xlsx) ou un kit entier (.zip)."))  # fmt: skip
def chronogram(
    file: Annotated[Path, typer.Argument(help=phrase("Chronogramme, de n'importe quelle forme : les colonnes se reconnaissent à leur titre."))],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=phrase("Fichier .xlsx ou .zip à écrire."))] = None,
    level: Level = 1,
    modules: Modules = "",
    setting: Where = "",
    house: House = None,
    on: Day = "",
    *,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Vérifier un chronogramme, et le convertir."""
    from egide.desk import exercise  # noqa: PLC0415
    from egide.exchange.chronogram import content  # noqa: PLC0415
    from egide.exchange.chronogram.words import clock  # noqa: PLC0415
    from egide.report import record  # noqa: PLC0415

    if out is not None:
        _new(out)
        if out.suffix.lower() not in {".xlsx", ".zip"}:
            raise UsageError(message("--out {path} : un .xlsx (chronogramme) ou un .zip (kit entier)", path=out))
    known, notes = _house(house)
    found = exercise.chronogram_of(file, file.name, _script(level, modules, setting, known))
    language = console.language()
    if out is not None:
        whole = out.suffix.lower() == ".zip"
        _write(out, exercise.packed(exercise.kit(found.script, language, _day(on), house=known)) if whole else content(found.script, language))  # fmt: skip
    if as_json:
        rows = [
            {"id": each.id, "at": each.at, "title": each.title.say(language), "channel": each.channel.value, "seats": list(each.seats), "text": each.text.say(language)}
            for each in found.script.items
        ]  # fmt: skip
        console.tell_machine({"format": 1, "injects": rows, "preparation": found.preparation, "findings": record.findings(found.findings, language)})  # fmt: skip
        return
    _tell([*notes, *found.findings])
    for each in found.script.items:
        console.tell(f"{clock(each.at)}  {each.id:<9} {each.title.say(language)}")
    console.tell(console.count(found.findings))
    if out is not None:
        console.tell(message("Écrit : {path} ({count} stimulus, {minutes} minutes de jeu)", path=out, count=len(found.script.items), minutes=found.script.play))  # fmt: skip


@group.command("results", help=phrase("Lire les résultats de la page hors réseau : compte rendu (PDF, DOCX), attestation, données."))  # fmt: skip
def results(
    files: Annotated[list[Path], typer.Argument(help=phrase("Fichiers .json enregistrés par la page ; chacun se suffit à lui-même."))],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=phrase("Dossier où écrire les documents."))] = None,
    before: Annotated[Path | None, typer.Option("--before", help=phrase("Résultats d'un exercice d'avant, pour comparer."))] = None,
    name: Annotated[str, typer.Option("--name", help=phrase("Nom de l'établissement, si le kit n'en porte que l'exemple."))] = "",
    on: Day = "",
    *,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Lire les résultats de la page hors réseau."""
    from egide import report  # noqa: PLC0415
    from egide.desk import exercise  # noqa: PLC0415
    from egide.report.exercise_debrief import held  # noqa: PLC0415

    shown, findings = exercise.results(files, _day(on), before, name)
    language = console.language()
    written = report.write_new(exercise.documents(shown, language, _day(on)), out) if out else []
    if as_json:
        console.tell_machine({"format": 1, "plays": [exercise.data(each, language) for each in shown]})
        return
    _tell(findings)
    for each in shown:
        seen = each.report.debrief
        console.tell(
            message("{title}, joué le {day} : {level}", title=seen.title, day=seen.held_on, level=held(seen.whole))
        )
        said = message("  réactions attendues : {asked} ; tenues {yes}, en partie {partial}, non {no}, non observées {unseen}", asked=seen.whole.asked, yes=seen.whole.yes, partial=seen.whole.partial, no=seen.whole.no, unseen=seen.whole.unseen)  # fmt: skip
        console.tell(said)
        console.tell(message("  constats : {count}", count=len(seen.constats)))
        counts = message("  compte pour l'obligation annuelle : oui")
        if not each.report.verdict.counts:
            counts = message("  compte pour l'obligation annuelle : non")
        console.tell(counts)
        for reason in each.report.verdict.reasons:
            if not reason.met:
                console.tell(f"    - {_said(reason.said)}")
    for path in written:
        console.tell(message("Écrit : {path}", path=path))


@group.command("crisis", help=phrase("Écrire le kit de crise d'un établissement (PDF et DOCX) : à imprimer, dater, ranger."))  # fmt: skip
def crisis(
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Dossier où écrire les documents."))],
    house: Annotated[Path, typer.Option("--for", help=phrase("Fichier YAML de l'établissement : ses noms, ses logiciels, son annuaire."))],
    on: Day = "",
) -> None:  # fmt: skip
    """Écrire le kit de crise d'un établissement."""
    from egide import report  # noqa: PLC0415
    from egide.desk import crisis as desk  # noqa: PLC0415

    known, _ = _house(house)
    if known is None:
        raise UsageError(message("donner --for FICHIER"))
    made = desk.kit(known, _day(on))
    paths = report.write_new(desk.files(made, console.language()), out)
    _tell(made.findings)
    for path in paths:
        console.tell(message("Écrit : {path}", path=path))


@group.command("establishment", help=phrase("Écrire le modèle du fichier d'un établissement, à remplir pour --for."))
def establishment(
    out: Annotated[Path, typer.Option("-o", "--out", help=phrase("Fichier .yaml à écrire."))],
    setting: Where = "hospital",
) -> None:
    """Écrire le modèle du fichier d'un établissement."""
    from egide.desk import exercise  # noqa: PLC0415

    _new(out)
    _write(out, exercise.template(exercise.setting_of(setting), console.language()))
    console.tell(message("Écrit : {path}", path=out))


# -------------------------------------------------------------------------------------------------------------- common
def _house(path: Path | None) -> "tuple[Establishment | None, list[Finding]]":
    from egide.desk import exercise  # noqa: PLC0415

    return exercise.establishment(path, path.name) if path else (None, [])


def _script(level: int, modules: str, setting: str, house: "Establishment | None") -> "Script":
    from egide.desk import exercise  # noqa: PLC0415
    from egide.exercise.module import Setting  # noqa: PLC0415

    where = exercise.setting_of(setting) if setting else house.setting if house else Setting.HOSPITAL
    if house and house.setting is not where:
        raise UsageError(message("--setting {setting} contredit le fichier de l'établissement ({own})", setting=where.value, own=house.setting.value))  # fmt: skip
    return exercise.script(level, where, house, [each.strip() for each in modules.split(",") if each.strip()])


def _said(text: Message) -> str:
    return say(text, console.language())


def _tell(findings: list[Finding] | tuple[Finding, ...]) -> None:
    for line in console.lines(findings):
        console.tell(line)


def _day(written: str) -> date:
    return console.day(written) or date.today()  # noqa: DTZ011 (the user's own calendar)


def _new(out: Path) -> None:
    """Refuse to write over a file: it may be one that somebody worked on. Raises UsageError."""
    if out.exists():
        raise UsageError(message("{path} existe déjà : donner un autre nom", path=out))


def _write(out: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises DataError."""
    waiting = out.with_name(f".egide-{out.name}")
    try:
        waiting.write_bytes(content)
        waiting.replace(out)
    except OSError as fault:
        waiting.unlink(missing_ok=True)
        raise DataError(
            message("{path} ne peut pas être écrit : {fault}", path=out, fault=fault.strerror or "")
        ) from None
