"""The journal of a procedure as files of its folder: journal.yaml, the register of deposits, the register of questions.

Strict: an unknown key, an unknown name or a date before the one it follows is a finding, and all are found at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from egide import plain
from egide.clausier.lint import folded
from egide.errors import DataError
from egide.exchange import grid
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Tender
from egide.tender.procedure.journal import Deposit, Journal, Question
from egide.tender.procedure.situation import HAPPENED, day_of

FILE = "journal.yaml"
DEPOSITS = "deposits.yaml"
QUESTIONS = ("questions.csv", "questions.xlsx", "questions.ods")
T = TypeVar("T")


@dataclass(frozen=True)
class _Deposits:
    """The content of deposits.yaml."""

    deposits: tuple[Deposit, ...] = ()
    format: int = 1


def read_journal(folder: Path, tender: Tender) -> tuple[Journal, list[Finding]]:
    """Return the journal of a procedure and every finding on it; what is absent is empty."""
    journal, found = _read(folder, FILE, Journal, Journal())
    register, more = _read(folder, DEPOSITS, _Deposits, _Deposits())
    found += more
    if register.deposits:
        if journal.deposits:
            found.append(_twice(DEPOSITS, "deposits"))
        else:
            journal = replace(journal, deposits=register.deposits)
    questions, more = _questions(folder, tender)
    found += more
    if questions and journal.questions:
        found.append(_twice(QUESTIONS[0], "questions"))
    elif questions:
        journal = replace(journal, questions=questions)
    return journal, [*found, *_strangers(journal, tender), *_disordered(journal)]


def _read(folder: Path, name: str, kind: type[T], empty: T) -> tuple[T, list[Finding]]:
    path = folder / name
    try:
        if not path.exists():
            return empty, []
        data = plain.parse_yaml(path.read_text(encoding="utf-8-sig"), name)
        value = plain.structure(data if data is not None else {}, kind, name)
    except DataError as refusal:
        return empty, list(refusal.findings)
    except (OSError, UnicodeDecodeError):
        return empty, [
            _finding(
                "unreadable",
                name,
                "",
                message("ce fichier n'est pas un texte UTF-8 lisible"),
                message("L'enregistrer en UTF-8."),
            )
        ]
    if value.format != 1:  # type: ignore[attr-defined]
        said = message("format {format} inconnu", format=value.format)  # type: ignore[attr-defined]
        return empty, [_finding("format", name, "format", said, message("Écrire format: 1."))]
    return value, []


def _finding(
    code: str,
    file: str,
    place: str,
    understood: Message,
    remedy: Message,
    read: str = "",
    severity: Severity = Severity.ERROR,
) -> Finding:
    return Finding(f"journal.{code}", severity, understood, remedy, file, place, read=read)


def _twice(file: str, key: str) -> Finding:
    return _finding(
        "twice",
        file,
        key,
        message("déjà écrit dans {file}, sous {key} : ce fichier n'a pas été lu", file=FILE, key=key),
        message("Garder l'un des deux."),
        severity=Severity.DOUBT,
    )


# -------------------------------------------------------------------------------------------------- the Q&A register
HEADINGS: Mapping[str, Sequence[str]] = {
    "id": ("n°", "no", "numero", "question n°", "number", "id"),
    "received_on": ("recue le", "recu le", "date de reception", "date de la question", "received on", "received"),
    "asked_by": ("posee par", "candidat", "societe", "asked by", "company"),
    "text": ("question", "texte de la question", "text"),
    "answer": ("reponse", "texte de la reponse", "answer"),
    "answered_at": ("envoyee le", "repondu le", "date de reponse", "date d'envoi", "answered on", "sent on"),
    "substantial": ("substantielle", "changement substantiel", "substantial"),
}
"""The headings under which buyers keep each column, folded."""
_CODE = {heading: code for code, headings in HEADINGS.items() for heading in headings}
_YES = {
    "oui": True,
    "o": True,
    "x": True,
    "yes": True,
    "true": True,
    "non": False,
    "n": False,
    "no": False,
    "false": False,
}
_SHAPES = ("%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%d/%m/%Y à %H:%M", "%d/%m/%Y à %Hh%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y")


def _questions(folder: Path, tender: Tender) -> tuple[tuple[Question, ...], list[Finding]]:
    name = next((each for each in QUESTIONS if (folder / each).is_file()), "")
    if not name:
        return (), []
    sheets, found = grid.read(folder / name, name)
    made: list[Question] = []
    known = False
    for sheet in sheets:
        header = _header(sheet.rows)
        if header is None:
            continue
        known = True
        start, columns = header
        for number, row in enumerate(sheet.rows[start + 1 :], start + 1):
            cells = {code: row[column].strip() for column, code in columns.items() if column < len(row)}
            if any(cells.values()):
                question, more = _question(cells, name, sheet.place(number, 0), tender, len(made) + 1)
                found += more
                made += [question] if question else []
    if sheets and not known:
        said = message("aucun tableau de questions reconnu")
        remedy = message("Garder les en-têtes : n°, reçue le, posée par, question, réponse, envoyée le.")
        found = [*found, _finding("questions", name, "", said, remedy)]
    return tuple(made), found


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[int, str]] | None:
    for number, row in enumerate(rows[:30]):
        columns = {n: _CODE[folded(cell.strip())] for n, cell in enumerate(row) if folded(cell.strip()) in _CODE}
        if {"text", "received_on"} <= set(columns.values()):
            return number, columns
    return None


def _question(
    cells: Mapping[str, str], file: str, place: str, tender: Tender, number: int
) -> tuple[Question | None, list[Finding]]:
    found = []
    moments: dict[str, datetime | None] = {}
    for code in ("received_on", "answered_at"):
        written = cells.get(code, "")
        moments[code] = moment(written, tender)
        if moments[code] is None and (written or code == "received_on"):
            said = message("« {written} » n'est pas une date (jj/mm/aaaa hh:mm)", written=written)
            found.append(_finding("date", file, place, said, message("Corriger la cellule."), written))
    substantial = _YES.get(folded(cells.get("substantial", "")) or "non")
    if substantial is None:
        said = message("« {written} » : écrire oui ou non", written=cells["substantial"])
        found.append(_finding("word", file, place, said, message("Corriger la cellule."), cells["substantial"]))
    received = moments["received_on"]
    if received is None or found:
        return None, found
    asked_by = _tenderer(cells.get("asked_by", ""), tender)
    identifier = cells.get("id", "") or str(number)
    answer, answered = cells.get("answer", ""), moments["answered_at"]
    return Question(identifier, received, cells.get("text", ""), asked_by, answer, answered, (), bool(substantial)), []


def moment(written: str, tender: Tender) -> datetime | None:
    """Return the instant that a cell says, in the time zone of the deadline when it names none; None if it says none.

    A day without a time is its last minute: an answer is never taken for earlier than it was.
    """
    written = " ".join(written.split())
    try:
        told = datetime.fromisoformat(written) if written else None
    except ValueError:
        told = next((got for shape in _SHAPES if (got := _parsed(written, shape))), None)
    if told is None:
        return None
    if told.time() == time(0, 0) and ":" not in written and "h" not in written:
        told = datetime.combine(told.date(), time(23, 59))
    return told if told.tzinfo else told.replace(tzinfo=tender.deadline.tzinfo)


def _parsed(written: str, shape: str) -> datetime | None:
    try:
        return datetime.strptime(written, shape)  # noqa: DTZ007 (the zone is that of the deadline)
    except ValueError:
        return None


def _tenderer(written: str, tender: Tender) -> str:
    """Return the identifier of who asked when it is a tenderer; somebody else may have asked too."""
    names = {folded(name): each.id for each in tender.tenderers for name in (each.id, each.name) if name}
    return names.get(folded(written), written)


# ----------------------------------------------------------------------------------------------------------- who is named
def _strangers(journal: Journal, tender: Tender) -> Iterator[Finding]:
    """Find names that the tender does not know."""
    tenderers, lots = tuple(tender.tenderer), tuple(lot.id for lot in tender.lots)
    evaluators = tuple(each.id for each in tender.evaluators)
    for key, number, entry in _entries(journal):
        named: list[tuple[str, str, tuple[str, ...]]] = []
        for field, known in (("tenderer", tenderers), ("evaluator", evaluators)):
            named += [(field, getattr(entry, field), known)] if getattr(entry, field, "") else []
        for field, known in (("tenderers", tenderers), ("invited", tenderers), ("to", tenderers), ("lots", lots)):
            named += [(field, each, known) for each in getattr(entry, field, ())]
        lot = getattr(entry, "lot", None)
        named += [("lot", lot, lots)] if lot or (lot == "" and key != "referrals") else []
        for field, name, known in named:
            if name not in known:
                yield _finding(
                    "unknown",
                    DEPOSITS if key == "deposits" else FILE,
                    f"{key}[{number}].{field}",
                    message("nom inconnu de tender.yaml"),
                    message("Noms possibles : {known}.", known=known),
                    str(name),
                )
    awarded = [each for each in journal.awards if each.lot in lots and each.tenderer in tender.tenderer]
    for number, award in enumerate(journal.awards):
        answered = tender.tenderer[award.tenderer].lots if award in awarded else ()
        if answered and award.lot not in answered:
            said = message("ce soumissionnaire n'a pas répondu à ce lot")
            yield _finding(
                "lot", FILE, f"awards[{number}]", said, message("Corriger le lot ou le nom."), award.tenderer
            )


def _entries(journal: Journal) -> Iterator[tuple[str, int, Any]]:
    for key, value in vars(journal).items():
        if isinstance(value, tuple):
            for number, entry in enumerate(value):
                yield key, number, entry


# -------------------------------------------------------------------------------------------------------- dates in order
FOLLOWING = ("deadline", "answered_at", "answered_on", "told_on", "notified_on", "received_on", "data_on")
"""Dates that come on or after the day of their entry."""
MILESTONES: Sequence[tuple[str, Callable[[Journal], list[date]]]] = (
    ("publication", lambda journal: [journal.publication.on] if journal.publication else []),
    ("opening", lambda journal: [journal.opening.at.date()] if journal.opening else []),
    ("awards", lambda journal: [each.on for each in journal.awards]),
    ("signatures", lambda journal: [each.on for each in journal.signatures]),
)


def _disordered(journal: Journal) -> Iterator[Finding]:
    for key, number, entry in _entries(journal):
        first = next((name for name in HAPPENED if hasattr(entry, name)), "")
        for field in FOLLOWING:
            after = getattr(entry, field, None)
            if first and field != first and after is not None and _before(after, getattr(entry, first)):
                yield _order(f"{key}[{number}].{field}", f"{key}[{number}].{first}", after)
    given = [(name, days(journal)) for name, days in MILESTONES]
    for (earlier, before), (later, after) in pairwise([each for each in given if each[1]]):
        if min(after) < min(before):
            yield _order(later, earlier, min(after))
    for number, signature in enumerate(journal.signatures):
        awards = [each.on for each in journal.awards if each.lot == signature.lot]
        if awards and signature.on < min(awards):
            yield _order(f"signatures[{number}].on", "awards", signature.on)


def _before(after: date, first: date) -> bool:
    if isinstance(after, datetime) and isinstance(first, datetime):
        return after < first
    return day_of(after) < day_of(first)


def _order(place: str, earlier: str, read: date) -> Finding:
    return _finding(
        "order",
        FILE,
        place,
        message("cette date précède {earlier}", earlier=earlier),
        message("Corriger l'une des deux dates."),
        read.isoformat(),
    )


# ---------------------------------------------------------------------------------------------------------- the skeleton
SKELETON = """\
# Journal de la procédure : ce qui a été fait, quand et par qui. À compléter au fil de l'eau ; docs/formats.md dit chaque clé.
# Retirer le « # » des lignes utiles. Jours : aaaa-mm-jj. Instants, avec le fuseau : 2026-11-02T12:00:00+01:00.
# egide record check DOSSIER dit ce qui manque, ce qui peut être fait, et à partir de quel jour.
format: 1

# Ce qui a été publié. L'empreinte fige critères, poids, formule et clausier : ne pas la changer.
# publication:
#   on: {sent_on}
#   notice: "référence de l'avis"
#   digest: "{digest}"
#   withdrawals: []                # qui a retiré le dossier

# sourcing: ["études et rencontres avant la consultation, et ce qui a été fait pour que personne n'en tire avantage"]
# amendments:                     # rectificatifs
# - {{on: {sent_on}, what: "", substantial: false, told_on: {sent_on}, deadline: {deadline}}}
# questions:                      # ou un fichier questions.csv
# - {{id: "1", received_on: {sent_on_at}, text: "", answer: "", answered_at: {sent_on_at}}}
# declarations:                   # intérêts des évaluateurs ({evaluators}), avant l'ouverture
# - {{evaluator: {evaluator}, on: {sent_on}, conflict: false}}

# Les dépôts sont dans deposits.yaml (egide bids import l'écrit).
# opening: {{at: {deadline}, persons: [], order: candidacies}}
# candidacies:                    # soumissionnaires : {tenderers}
# - {{tenderer: {tenderer}, admitted: true, on: {day}, reason: ""}}
# regularisations:                # même délai pour tous
# - {{tenderer: {tenderer}, lot: {lot}, what: "", asked_on: {day}, deadline: {deadline}, answered_at: null, accepted: null, decided_by: ""}}
# justifications:                 # prix qui semblent anormalement bas
# - {{tenderer: {tenderer}, lot: {lot}, asked_on: {day}, deadline: {deadline}, answered_at: null, analysis: "", accepted: null, decided_by: ""}}
# negotiations:
# - {{round: 2, on: {day}, invited: [], summary: ""}}
# closed_on: {day}                # fin de la négociation ou du dialogue
# trials:                         # essais et démonstrations
# - {{lot: {lot}, on: {day}, tenderers: [], grid_published_on: {sent_on}, signed_by: []}}

# awards:
# - {{lot: {lot}, tenderer: {tenderer}, on: {day}, by: ""}}
# proofs:                         # à l'attributaire pressenti seulement
# - {{tenderer: {tenderer}, lot: {lot}, what: "attestation fiscale", asked_on: {day}, deadline: {deadline}, received_on: null, accepted: null}}
# sent:                           # lettres parties : rejection, award, no_award, reasons
# - {{tenderer: {tenderer}, lot: {lot}, kind: rejection, on: {day}, electronic: true}}
# intention_notice: {day}         # procédure adaptée seulement, facultatif
# reasons:                        # demandes de motifs : quinze jours pour répondre
# - {{tenderer: {tenderer}, lot: {lot}, received_on: {day}, answered_on: null}}
# referrals:                      # référés ; outcome : rejected, withdrawn, resume, annulled
# - {{lot: {lot}, received_on: {day}, notified_on: null}}
# no_awards:                      # sans_suite ou infructueux
# - {{lot: {lot}, kind: sans_suite, reason: "", on: {day}, by: "", told_on: null}}
# withdrawals:                    # attributaire empêché : force_majeure, fortuitous, proofs
# - {{lot: {lot}, tenderer: {tenderer}, on: {day}, cause: proofs, evidence: ""}}
# signatures:
# - {{lot: {lot}, on: {day}, by: "", notified_on: null, data_on: null}}
# record:                         # rapport de présentation : ce que l'acheteur seul sait (text, ou none avec le motif)
#   R2184-3-3: {{none: "aucun chiffre d'affaires minimal n'est exigé"}}
#   R2184-3-4: {{none: "toutes les offres sont remises par voie électronique"}}
"""


def skeleton(tender: Tender, digest: str) -> str:
    """Return a journal.yaml to fill, every key commented with the names of this consultation."""
    tenderers, evaluators = tuple(tender.tenderer) or ("soumissionnaire",), [each.id for each in tender.evaluators]
    noon = datetime.combine(tender.sent_on, time(12), tender.deadline.tzinfo)
    return SKELETON.format(
        sent_on=tender.sent_on.isoformat(),
        sent_on_at=noon.isoformat(),
        digest=digest,
        deadline=tender.deadline.isoformat(),
        day=tender.deadline.date().isoformat(),
        evaluators=", ".join(evaluators) or "-",
        evaluator=evaluators[0] if evaluators else "rssi",
        tenderers=", ".join(tenderers),
        tenderer=tenderers[0],
        lot=tender.lots[0].id if tender.lots else "lot-1",
    )
