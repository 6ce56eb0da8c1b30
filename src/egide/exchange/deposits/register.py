"""The register of deposits of a buyer's platform: a table found by its headings, one line a deposit."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from pathlib import Path

from stdnum.fr import siret as siret_number

from egide.exchange import grid
from egide.exchange.deposits.names import lots_in
from egide.exchange.grid import Sheet
from egide.exchange.layout import text_at
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, message


class Role(StrEnum):
    """What a column of the register holds."""

    STARTED = "started"
    ENDED = "ended"
    DAY = "day"
    HOUR = "hour"
    STATUS = "status"
    COPY = "copy"
    MEMBERS = "members"
    FORM = "form"
    SIRET = "siret"
    LOTS = "lots"
    COMPANY = "company"
    NUMBER = "number"


_HEADINGS: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(words))
    for role, words in (
        (Role.COPY, r"\bcopie\b"),
        (Role.STARTED, r"\bdebut\b|\bstart"),
        (Role.HOUR, r"^(heure|horaire)( (de |du |d')?(la )?(reception|depot|remise|arrivee))?$"),
        (
            Role.ENDED,
            r"\bfin\b|\bdates? (et|&|/) ?heures?\b|\bhorodat|\b(recu|depose|recue|deposee) le\b|\b(date|heure) (de |du )?(la )?(reception|depot|remise)"
            r"|\breception\b|\bend\b|\breceived\b|\btimestamp\b|\bdepot le\b",
        ),
        (Role.DAY, r"^(date|jour|date depot)$"),
        (Role.STATUS, r"\bstatut\b|\betat\b|\bstatus\b|\bhors delai|\bsituation\b|\bobservation|\bremarque"),
        (Role.FORM, r"\b(forme|type) (du |de )?groupement\b|^groupement$"),
        (Role.MEMBERS, r"\bcotraitant|\bco-traitant|\bmembres?\b|\bgroupement\b|\bmembers?\b"),
        (Role.SIRET, r"\bsiret\b"),
        (Role.LOTS, r"\blots?\b"),
        (
            Role.COMPANY,
            r"\bentreprise|\bsociete|\braison sociale|\bcandidat\b|\bsoumissionnaire|\boperateur|\bcompany|\btenderer|\bdenomination|^nom$|\bmandataire\b",
        ),
        (Role.NUMBER, r"\bpli\b|^n ?°|^no\b|\bnumero\b|\bordre\b|\bdepot\b|^ref|^id\b|^el\b|\bnumber\b"),
    )
)
_LATE = re.compile(r"\bhors[- ]delais?\b|\btardi(f|ve)|\blate\b")
_COPY = re.compile(r"\bcopie\b|\bsauvegarde\b|\bsafety\b")
_NO = frozenset({"", "non", "no", "0", "faux", "false", "-", "/", "sans", "aucun", "aucune", "neant"})
_DEPTH = 30


@dataclass(frozen=True)
class Line:
    """A line of the register; instants are aware, None when the register does not give them."""

    number: str = ""
    company: str = ""
    siret: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    lots: tuple[str, ...] = ()
    late: bool = False
    """Whether the register says in words that it came too late."""
    safety_copy: bool = False
    form: str = ""
    members: tuple[tuple[str, str], ...] = ()
    """Name and SIRET of each member of a group."""
    place: str = ""
    text: str = ""
    """The whole line, as it was written."""


def read_register(path: Path, name: str, zone: tzinfo | None) -> tuple[tuple[Line, ...], list[Finding]]:
    """Return the lines of a register and what was found; hours without zone are those of `zone`."""
    sheets, found = grid.read(path, name)
    if any(each.code == "file.pdf" for each in found):
        said = message("registre en PDF : gardé, ses lignes ne sont pas lues")
        remedy = message("Exporter le registre des dépôts en tableur (XLSX ou CSV), et importer avec --register.")
        return (), [Finding("register.pdf", Severity.DOUBT, said, remedy, name)]
    lines: list[Line] = []
    for sheet in sheets:
        head = _head(sheet)
        if head is None:
            continue
        row, roles = head
        reader = _Reader(sheet, roles, name, zone)
        lines += reader.lines(row + 1)
        found += reader.findings
    if not lines and not any(each.severity is Severity.ERROR for each in found):
        said = message("aucun tableau de dépôts n'a été reconnu dans ce fichier")
        remedy = message(
            "Donner une ligne de titres : n° du pli, entreprise, SIRET, date et heure de réception, lots, statut."
        )
        found.append(Finding("register.no_table", Severity.ERROR, said, remedy, name))
    return tuple(lines), found


def _head(sheet: Sheet) -> tuple[int, Mapping[int, Role]] | None:
    """Return the row of headings and the roles of the columns."""
    best: tuple[int, int, dict[int, Role]] | None = None
    for number, cells in enumerate(sheet.rows[:_DEPTH]):
        roles = _roles(cells)
        known = set(roles.values())
        if Role.COMPANY in known and len(known) > 1 and (best is None or len(known) > best[0]):
            best = len(known), number, roles
    return (best[1], best[2]) if best else None


def _roles(cells: Sequence[str]) -> dict[int, Role]:
    roles: dict[int, Role] = {}
    for column, text in enumerate(cells):
        folded = " ".join(fold(text).replace("_", " ").strip(" *:.").split())
        if not folded or len(folded) > 80:
            continue
        role = next((role for role, words in _HEADINGS if words.search(folded)), None)
        if role and role not in roles.values():
            roles[column] = role
    return roles


class _Reader:
    """Reads the lines under the headings of one sheet."""

    def __init__(self, sheet: Sheet, roles: Mapping[int, Role], name: str, zone: tzinfo | None) -> None:
        self.sheet, self.name, self.zone = sheet, name, zone
        self.column = {role: column for column, role in roles.items()}
        self.findings: list[Finding] = []
        self.assumed = False

    def lines(self, first: int) -> Iterator[Line]:
        for row in range(first, len(self.sheet.rows)):
            company = self.cell(row, Role.COMPANY)
            number, siret = self.cell(row, Role.NUMBER), re.sub(r"\D", "", self.cell(row, Role.SIRET))
            if not (company or siret) or fold(company) in {"total", "totaux"}:
                continue
            if siret and not siret_number.is_valid(siret):
                said = message("ce SIRET n'est pas valide (14 chiffres, clé de contrôle)")
                self.say(
                    "register.siret", said, message("Vérifier le numéro sur l'acte d'engagement."), row, Role.SIRET
                )
            status = fold(self.cell(row, Role.STATUS))
            copy = fold(self.cell(row, Role.COPY))
            yield Line(
                re.sub(r"^\D*0*(?=\d)", "", number) if re.search(r"\d", number) else number,
                company,
                siret,
                self.instant(row, Role.STARTED),
                self.ended(row),
                lots_in(self.cell(row, Role.LOTS)),
                bool(_LATE.search(status)) and not re.search(r"\bnon\b|\bpas\b", status),
                bool(_COPY.search(status)) or copy not in _NO,
                fold(self.cell(row, Role.FORM)),
                tuple(_members(self.cell(row, Role.MEMBERS))),
                self.sheet.place(row, self.column[Role.COMPANY]),
                " | ".join(text for text in self.sheet.rows[row] if text),
            )
        if self.assumed:
            said = message("les heures du registre n'ont pas de fuseau : lues dans celui de la date limite")
            remedy = message("Vérifier que le registre et la date limite sont à la même heure.")
            self.findings.append(Finding("register.zone", Severity.NOTE, said, remedy, self.name))

    def cell(self, row: int, role: Role) -> str:
        return text_at(self.sheet, row, self.column[role]) if role in self.column else ""

    def ended(self, row: int) -> datetime | None:
        if Role.ENDED in self.column:
            return self.instant(row, Role.ENDED, self.cell(row, Role.HOUR))
        return self.instant(row, Role.DAY, self.cell(row, Role.HOUR))

    def instant(self, row: int, role: Role, hour: str = "") -> datetime | None:
        text = self.cell(row, role)
        if fold(text) in _NO:
            return None
        read = moment(text, hour)
        if read is None:
            said = message("cette date et cette heure ne sont pas comprises : l'instant du dépôt n'est pas connu")
            self.say("register.instant", said, message("Écrire jj/mm/aaaa hh:mm:ss."), row, role)
            return None
        if read.tzinfo is None:
            self.assumed = True
            return read.replace(tzinfo=self.zone)
        return read

    def say(self, code: str, said: Message, remedy: Message, row: int, role: Role) -> None:
        place = self.sheet.place(row, self.column[role])
        self.findings.append(Finding(code, Severity.DOUBT, said, remedy, self.name, place, read=self.cell(row, role)))


_DATE = re.compile(r"(?<!\d)(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2}))(?!\d)")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:h|:)\s*(\d{2})?(?:\s*(?:mn|min|m|:)\s*(\d{2})(?:\s*s|[.,](\d{1,6}))?)?", re.I
)
_ZONE = re.compile(r"(?:utc|gmt)?\s*([+-]\d{2}):?(\d{2})$|(z|utc|gmt)$", re.I)


def moment(text: str, hour: str = "") -> datetime | None:
    """Return the instant that a text of a register says, aware only when it names its zone; None without a day and an hour."""
    day = _DATE.search(text)
    if day is None:
        return None
    after = text[day.end() :] + " " + hour
    at = _TIME.search(after)
    if at is None:
        return None
    zone = _ZONE.search(after.strip(" )")[-9:])
    offset = "" if zone is None else "+00:00" if zone[3] else f"{zone[1]}:{zone[2]}"
    parts = (day[1], day[2], day[3]) if day[1] else (day[6] if len(day[6]) == 4 else f"20{day[6]}", day[5], day[4])
    try:
        whole = datetime.combine(
            date(*map(int, parts)),
            time(int(at[1]), int(at[2] or 0), int(at[3] or 0), int((at[4] or "0").ljust(6, "0"))),
        )
        return datetime.fromisoformat(whole.isoformat() + offset)
    except ValueError:
        return None


def _members(text: str) -> Iterable[tuple[str, str]]:
    """Yield the members written in one cell, between semicolons, slashes or lines; the SIRET may follow the name."""
    for piece in re.split(r"[;\n|]|\s/\s|\s\+\s", text):
        found = re.search(r"(?<!\d)\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{5}(?!\d)", piece)
        name = (piece[: found.start()] + piece[found.end() :] if found else piece).strip(" -–—,()[]:")
        if fold(name) not in _NO:
            yield name, re.sub(r"\D", "", found[0]) if found else ""
