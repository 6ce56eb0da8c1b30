"""Crisis exercises, for both faces: the kit to print and to take away, and what the results that come back show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import egide
from egide import plain, reference
from egide.desk import crisis
from egide.errors import DataError, UsageError
from egide.exchange import chronogram, exercise_file, exercise_results, folder_zip, offline_page
from egide.exchange.exercise_results import Results
from egide.exercise import making
from egide.exercise.comparison import compared
from egide.exercise.crisis import Establishment
from egide.exercise.debrief import debrief
from egide.exercise.module import Setting
from egide.exercise.outcome import Result
from egide.exercise.script import Script
from egide.exercise.validity import validity
from egide.finding import Finding, Severity
from egide.locale import say
from egide.message import Language, Message, Text, message
from egide.report import attestation, exercise_books, exercise_debrief, record
from egide.report.exercise_debrief import Report

PAGE = Text("jouer-sans-reseau.html", "play-without-network.html")
SHEET = Text("chronogramme.xlsx", "chronogram.xlsx")
README = Text("LISEZ-MOI.txt", "README.txt")
PAPERS = Text("a-imprimer", "to-print")
CRISIS = Text("kit-de-crise", "crisis-kit")
BLANK = "……………………………………"
"""A name to write with a pen."""


# --------------------------------------------------------------------------------------------------------------- script
def establishment(path: Path, name: str) -> tuple[Establishment, list[Finding]]:
    """Return the establishment of a file, and what must be said of it. Raises DataError with every fault."""
    return exercise_file.read(path, name, reference.exercises())


def template(setting: Setting, language: Language) -> bytes:
    """Return the file of an establishment, to fill in."""
    library, guide = reference.exercises(), reference.crisis()
    needed = [library.function[code] for code in guide.needed.get(setting, ()) if code in library.function]
    return exercise_file.template(library, setting, needed, language).encode()


def script(level: int, setting: Setting, house: Establishment | None = None, modules: Sequence[str] = ()) -> Script:
    """Return the exercise of a level, or of modules à la carte, made ready for an establishment. Raises UsageError."""
    values = {"establishment": Text(house.name), **house.texts} if house else {}
    return making.script(reference.exercises(), setting, level, values, modules)


# ------------------------------------------------------------------------------------------------------------------ kit
def kit(made: Script, language: Language, on: date, *, house: Establishment | None = None) -> dict[str, bytes]:
    """Return everything of an exercise by path in its zip: papers, page without network, chronogram, crisis kit, how to.

    Without a file of the establishment the crisis kit is blank, to fill in with a pen. `on` dates the crisis kit alone.
    """
    titles = {each.code: each.title for each in reference.exercises().places}
    papers = exercise_books.books(made, language, titles)
    known = house or Establishment(made.setting, _name(made, language))
    crises = crisis.files(crisis.kit(known, on), language)
    files = {
        PAGE.say(language): offline_page.content(made, language, house.seats if house else None),
        SHEET.say(language): chronogram.content(made, language),
        **{f"{PAPERS.say(language)}/{name}": content for name, content in papers.items()},
        **{f"{CRISIS.say(language)}/{name}": content for name, content in crises.items()},
    }
    return {README.say(language): readme(made, language, on, tuple(files)).encode(), **files}


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the zip of these files: same files, same bytes."""
    return folder_zip.pack(files)


def _name(made: Script, language: Language) -> str:
    """Return the name of the establishment of a script, empty while it is the fictitious example."""
    left = "establishment" in made.examples or "establishment" not in made.values
    return "" if left else made.values["establishment"].say(language)


_STEPS: tuple[Message, ...] = (
    message("1. Lire le livre de l'animateur (une heure), puis fixer la date et la salle."),
    message("2. Imprimer le dossier « {papers} » : un livret par joueur, une grille par observateur, les fiches à découper."),
    message("3. Copier « {page} » sur une clé USB ou sur l'ordinateur de l'animateur, et l'ouvrir dans Firefox, Chrome ou Edge : aucun réseau, aucune installation."),
    message("4. Jouer. La page garde tout ; à la fin, « Enregistrer les résultats » met un fichier .json dans les téléchargements."),
    message("5. Importer ce fichier dans Égide, ou lancer : egide exercise results FICHIER.json --out DOSSIER. On y gagne le compte rendu, le plan d'action et l'attestation."),
    message("Pour changer l'exercice : « {sheet} » se modifie dans un tableur et se relit (egide exercise chronogram)."),
    message("Le kit de crise, lui, n'est pas un exercice : le remplir, l'imprimer, et le ranger là où on le trouvera sans réseau."),
    message("Tout ce qui est lu, dit ou montré pendant le jeu commence par « exercice, exercice, exercice »."),
)  # fmt: skip


def readme(made: Script, language: Language, on: date, names: Iterable[str]) -> str:
    """Return how to use a kit, for somebody who never did it."""
    told = {"papers": PAPERS.say(language), "page": PAGE.say(language), "sheet": SHEET.say(language)}
    left = message("Noms encore fictifs : {count} ; les donner avec un fichier d'établissement (egide exercise establishment).", count=len(offline_page.fictitious(made)))  # fmt: skip
    head = message("{title}. {count} stimulus, {minutes} minutes en tout.", title=made.title, count=len(made.items), minutes=made.briefing + made.play + made.debrief)  # fmt: skip
    foot = message("Égide {program}, bibliothèque du {library}, script {digest}, fait le {day}.", program=egide.__version__, library=made.library, digest=making.digest(made)[:12], day=on)  # fmt: skip
    steps = [say(replace(each, values=told), language) for each in _STEPS]
    listed = [f"  - {each}" for each in sorted(names)]
    whole = [say(head, language), "", *steps, *([say(left, language)] if offline_page.fictitious(made) else []), "", *listed, "", say(foot, language), ""]  # fmt: skip
    return "\r\n".join(whole)


# ----------------------------------------------------------------------------------------------------------- chronogram
@dataclass(frozen=True)
class Checked:
    """A chronogram that was read: the exercise that it makes, the lines before its beginning, and the findings."""

    script: Script
    preparation: int
    findings: tuple[Finding, ...]


def chronogram_of(path: Path, name: str, frame: Script) -> Checked:
    """Return the exercise of a chronogram: the seats, rules and documents of `frame`, the injects of the file.

    Raises DataError with every finding when the file holds no exercise.
    """
    found = chronogram.read(path, name, frame)
    if not found.items or any(each.severity is Severity.ERROR for each in found.findings):
        raise DataError(message("{file} ne peut pas être utilisé", file=name), found.findings)
    named = {each.document for each in found.items}
    last = found.items[-1].at
    own = replace(
        frame,
        items=found.items,
        documents=tuple(each for each in frame.documents if each.id in named),
        play=max(last + making.BETWEEN, frame.play if found.items == frame.items else 0),
        modules={code: title for code, title in frame.modules.items() if code in {each.module for each in found.items}},
    )
    return Checked(frame if found.items == frame.items else own, len(found.preparation), found.findings)


# -------------------------------------------------------------------------------------------------------------- results
@dataclass(frozen=True)
class Shown:
    """A play and what it showed."""

    results: Results
    report: Report


def results(
    paths: Sequence[Path], today: date, before: Path | None = None, name: str = ""
) -> tuple[tuple[Shown, ...], list[Finding]]:
    """Return what the plays of these files showed, those brought twice left out, and all that must be said.

    `before` is the file of an earlier exercise, to compare with; `name` that of the establishment, where the script has
    only its fictitious example. Raises DataError when a file cannot be used.
    """
    read = [exercise_results.read(path, path.name, today) for path in paths]
    kept, found = exercise_results.several(read)
    earlier = exercise_results.read(before, before.name, today) if before else None
    said = [*found, *(one for each in kept for one in each.findings)]
    said += [_nameless(each) for each in kept if not (name or _name(each.script, "fr"))]
    return tuple(Shown(each, _report(each, earlier, name)) for each in kept), said


def _nameless(read: Results) -> Finding:
    said = message("le nom de l'établissement est encore l'exemple fictif : il est laissé en blanc")
    return Finding("results.nameless", Severity.NOTE, said, message("L'écrire à la main, ou le donner (--name)."), read.name)  # fmt: skip


def _report(read: Results, earlier: Results | None, name: str) -> Report:
    shown = debrief(read.script, read.record)
    notes = [_both(each.understood) for each in read.findings if each.severity is not Severity.NOTE]
    return Report(
        establishment=name or _name(read.script, "fr") or BLANK,
        script=read.script,
        record=read.record,
        debrief=shown,
        verdict=validity(read.script, read.record),
        comparison=compared(debrief(earlier.script, earlier.record), shown) if earlier else None,
        notes=tuple(notes),
    )


def _both(said: Message) -> Text:
    return Text(say(said, "fr"), say(said, "en"))


DEBRIEF, ATTESTATION, DATA = Text("retour-experience", "debrief"), Text("attestation", "attestation"), Text("resultats", "results")  # fmt: skip


def documents(shown: Sequence[Shown], language: Language, on: date) -> dict[str, bytes]:
    """Return the papers of plays by file name: debrief (PDF and DOCX), attestation, data. Same inputs, same bytes."""
    files: dict[str, bytes] = {}
    for number, each in enumerate(shown, 1):
        mark = f"-{number}" if len(shown) > 1 else ""
        stem = f"{DEBRIEF.say(language)}{mark}"
        files |= {
            f"{stem}.{form}": exercise_debrief.written(each.report, form, language, on) for form in ("pdf", "docx")
        }
        files[f"{ATTESTATION.say(language)}{mark}.pdf"] = attestation.pdf_of(each.report, language, on)
        text = plain.indented(data(each, language)) + "\n"
        files[f"{DATA.say(language)}{mark}.json"] = text.encode()
    return files


def data(shown: Shown, language: Language) -> dict[str, Any]:
    """Return what a play showed as plain data with stable keys: shares from 0 to 1 as text."""
    read, seen, verdict = shown.results, shown.report.debrief, shown.report.verdict
    played = read.record
    return {
        "format": 1,
        "program": egide.__version__,
        "play": played.play,
        "script": played.script,
        "title": read.script.title.say(language),
        "level": read.script.level,
        "setting": read.script.setting.value,
        "held_on": played.held_on.isoformat(),
        "lasted": played.lasted,
        "untouched": read.whole,
        "counts": verdict.counts,
        "reasons": [{"code": each.code, "met": each.met, "said": say(each.said, language)} for each in verdict.reasons],
        "injects": {"sent": seen.sent, "skipped": seen.skipped, "left": seen.left},
        "whole": _result(seen.whole),
        "families": {code: _result(each) for code, each in seen.families.items() if each.asked},
        "functions": {code: _result(each) for code, each in seen.functions.items() if each.asked},
        "constats": [
            {
                "id": each.id,
                "gravity": each.gravity.value,
                "family": each.family,
                "function": each.function,
                "what": each.what.say(language),
                "seen": say(each.seen, language) if each.seen else "",
                "sites": list(each.sites),
            }
            for each in seen.constats
        ],
        "presence": [plain.unstructure(each) for each in played.presence],
        "findings": record.findings(read.findings, language),
    }


def _result(of: Result) -> dict[str, Any]:
    return {
        "low": format(of.low, ".4f"),
        "best": format(of.best, ".4f"),
        "completeness": format(of.completeness, ".4f"),
        "yes": of.yes,
        "partial": of.partial,
        "no": of.no,
        "unseen": of.unseen,
    }


# ------------------------------------------------------------------------------------------------------ self-assessment
def answers(path: Path, name: str) -> tuple[Setting, dict[str, str]]:
    """Return the setting and the answers of a file of self-assessment. Raises DataError with every fault."""
    try:
        told = plain.structure(plain.parse_yaml(path.read_text(encoding="utf-8"), name), dict[str, str], name)
    except (UnicodeDecodeError, OSError):
        raise plain.refusal("assessment.unread", name, "", message("ce fichier n'est pas un texte lisible")) from None
    setting = told.pop("setting", Setting.HOSPITAL.value)
    if setting not in set(Setting):
        raise plain.refusal("assessment.setting", name, "setting", message("lieu inconnu : {setting} (possibles : {known})", setting=setting, known=[each.value for each in Setting]), setting)  # fmt: skip
    asked = {each.id: {one.id for one in each.answers} for each in reference.assessment().asked(Setting(setting))}
    told = {code: answer for code, answer in told.items() if answer.strip()}
    faults = [_answer_fault(code, answer, asked, name) for code, answer in told.items() if answer not in asked.get(code, set())]  # fmt: skip
    if faults:
        raise DataError(message("{file} ne peut pas être utilisé", file=name), tuple(faults))
    return Setting(setting), told


def _answer_fault(code: str, answer: str, asked: Mapping[str, set[str]], name: str) -> Finding:
    if code not in asked:
        said = message("question inconnue : {code} (il y a : {known})", code=code, known=sorted(asked))
    else:
        said = message("réponse inconnue : {answer} (possibles : {known})", answer=answer, known=sorted(asked[code]))
    return Finding(
        "assessment.answer", Severity.ERROR, said, message("Corriger cette ligne."), name, code, code, answer
    )


def answers_template(setting: Setting, language: Language) -> str:
    """Return the self-assessment as a file to fill in: each question with the answers that it takes."""
    lines = [f"setting: {setting.value}"]
    for question in reference.assessment().asked(setting):
        lines += ["", f"# {question.text.say(language)}"]
        lines += [f"#   {each.id} : {each.text.say(language)}" for each in question.answers]
        lines.append(f'{question.id}: ""')
    return "\n".join([*lines, ""])


def setting_of(name: str) -> Setting:
    """Return a setting by its name. Raises UsageError."""
    if name not in set(Setting):
        raise UsageError(message("lieu inconnu : {setting} (possibles : {known})", setting=name, known=[each.value for each in Setting]))  # fmt: skip
    return Setting(name)
