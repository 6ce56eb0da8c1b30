"""From what a platform gave to deposits: which folder is a deposit, whose it is, and what the register says of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from egide.exchange.deposits import names
from egide.exchange.deposits.archive import Item, Source, printable
from egide.exchange.deposits.names import Name, Said
from egide.exchange.deposits.register import Line
from egide.exchange.layout import squashed
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Tender


class State(StrEnum):
    """What becomes of a deposit."""

    IMPORTED = "imported"
    SUPERSEDED = "superseded"
    """All of it was sent again later, in time."""
    LATE = "late"
    SAFETY_COPY = "safety_copy"
    UNKNOWN_TENDERER = "unknown_tenderer"
    EMPTY = "empty"
    ABSENT = "absent"
    """A line of the register without any folder."""


@dataclass
class Deposit:
    """A deposit: its folder in the source, what its name and the register say, its files with the folders that sort them."""

    folder: str
    name: Name
    files: list[tuple[Item, tuple[Said, ...], tuple[str, ...]]] = field(default_factory=list)
    """Each file, what the folders that lead to it say, and the folders that sort nothing."""
    wholes: list[Item] = field(default_factory=list)
    """The archive that the deposit is, when it came as one."""
    late: bool = False
    safety_copy: bool = False
    line: Line | None = None
    tenderer: str = ""
    state: State = State.IMPORTED
    label: str = ""
    """What names it in our folders, unique."""

    @property
    def company(self) -> str:
        """Return the name of who sent it, from the register first."""
        return (self.line.company if self.line else "") or self.name.company or self.name.siret or self.folder

    @property
    def siret(self) -> str:
        """Return the SIRET of who sent it."""
        return (self.line.siret if self.line else "") or self.name.siret

    @property
    def number(self) -> str:
        """Return its number on the platform."""
        return (self.line.number if self.line else "") or self.name.number

    @property
    def at(self) -> datetime | None:
        """Return when its upload ended."""
        return self.line.ended_at if self.line else None


@dataclass
class Gathered:
    """The deposits of a source, the files that are in none, and what was found."""

    deposits: list[Deposit]
    loose: list[Item]
    findings: list[Finding]


# ---------------------------------------------------------------------------------------------------- which folder is one
def gather(source: Source, tender: Tender, lines: Sequence[Line]) -> Gathered:
    """Return the deposits of a source, each with its line of the register."""
    known = _Known(tender, lines)
    skip = _wrapper(source, known)
    deposits: dict[str, Deposit] = {}
    loose: list[Item] = []
    findings: list[Finding] = []
    for item in source.items:
        found = _place(item.parts[skip:-1], known)
        if found is None:
            loose.append(item)
            continue
        folder, above, below = found
        deposit = deposits.setdefault(folder, Deposit(folder, names.deposit(folder)))
        said = names.folder(folder)
        deposit.late |= said.late or any(each.late for each in above)
        deposit.safety_copy |= said.safety_copy or any(each.safety_copy for each in above)
        inner = [(part, known.said(part)) for part in below]
        named = names.lots_in(folder)
        sorting = (*above, *([Said(lots=named)] if named else []), *(each for _, each in inner))
        deposit.files.append((item, sorting, tuple(part for part, each in inner if not each.sorts)))
    for item in loose:
        for holder in _held(item, deposits):
            holder.wholes.append(item)
    loose = [item for item in loose if not any(item is whole for each in deposits.values() for whole in each.wholes)]
    for parts in source.folders:
        found = _place(parts[skip:], known)
        if found and found[0] not in deposits:
            deposits[found[0]] = Deposit(found[0], names.deposit(found[0]), state=State.EMPTY)
            said_empty = message("le dossier de ce dépôt est vide")
            findings.append(about("deposit.empty", Severity.ERROR, said_empty, _LOOK, found[0]))
    gathered = Gathered(sorted(deposits.values(), key=lambda each: _order(each.folder)), loose, findings)
    _match_lines(gathered, lines)
    _label(gathered.deposits)
    return gathered


class _Known:
    """The names by which a folder is surely a deposit, and the titles of lots."""

    def __init__(self, tender: Tender, lines: Sequence[Line]) -> None:
        companies = [each.name for each in tender.tenderers] + [line.company for line in lines]
        self.companies = {names.company(each) for each in companies if each}
        self.titles = {squashed(text): lot.id for lot in tender.lots for text in (lot.id, lot.title) if text}

    def said(self, part: str) -> Said:
        """Return what a folder says, the title of a lot being understood too."""
        lot = self.titles.get(squashed(part))
        return Said(lots=(lot,)) if lot else names.folder(part)

    def deposit(self, part: str) -> bool:
        """Tell whether a folder is surely that of a deposit."""
        name = names.deposit(part)
        return bool(name.numbered or name.siret or {names.company(name.company), names.company(part)} & self.companies)


def _place(folders: Sequence[str], known: _Known) -> tuple[str, tuple[Said, ...], tuple[str, ...]] | None:
    """Return the folder of the deposit, what the folders above it say, and the folders under it."""
    above: list[Said] = []
    for place, part in enumerate(folders):
        said = known.said(part)
        if known.deposit(part) or not said.sorts:
            return part, tuple(above), tuple(folders[place + 1 :])
        above.append(said)
    return None


def _wrapper(source: Source, known: _Known) -> int:
    """Return how many folders at the top hold everything and are no deposit."""
    paths = [item.parts[:-1] for item in source.items] + list(source.folders)
    skip = 0
    while True:
        inside = [path[skip:] for path in paths]
        tops = {path[0] for path in inside if path}
        if len(tops) != 1 or sum(not path for path in inside) > 0:
            return skip
        top = tops.pop()
        said = known.said(top)
        deeper = {part for path in inside for part in path[1:]}
        sure = any(known.deposit(each) for each in deeper)
        under = {path[1] for path in inside if len(path) > 1}
        if known.deposit(top) or (said.sorts and said != Said()):
            return skip
        if not sure and not any(not known.said(each).sorts for each in under):
            return skip
        if names.deposit(top).number and not sure:
            return skip
        skip += 1


def _held(item: Item, deposits: Mapping[str, Deposit]) -> Iterator[Deposit]:
    """Yield the deposit that an archive is: it has its name, and holds files of it."""
    each = deposits.get(item.name[: -len(".zip")] if item.name.lower().endswith(".zip") else item.name)
    if each is not None and any(file.within == item.copy for file, _, _ in each.files):
        yield each


# ------------------------------------------------------------------------------------------------------- the register
def _match_lines(gathered: Gathered, lines: Sequence[Line]) -> None:
    """Give each deposit its line of the register: the surest first; say what has none."""
    free = list(enumerate(lines))
    waiting = list(gathered.deposits)
    for least in (7, 6, 5, 3, 2, 1):
        for deposit in list(waiting):
            scored = [(score, place) for place, line in free if (score := _score(deposit.name, line)) >= least]
            best = [place for score, place in scored if score == max(scored)[0]]
            rivals = [
                other for other in waiting
                if other is not deposit and best and _score(other.name, lines[best[0]]) == max(scored)[0]
            ]  # fmt: skip
            if len(best) == 1 and not rivals:
                deposit.line = lines[best[0]]
                free = [each for each in free if each[0] != best[0]]
                waiting.remove(deposit)
                if max(scored)[0] < 2:
                    _say_doubtful(gathered, deposit)
    _pair_the_rest(gathered, waiting, free)
    if lines:
        for deposit in gathered.deposits:
            if deposit.line is None:
                said = message(
                    "aucune ligne du registre ne correspond à ce dépôt : son heure de dépôt n'est pas connue"
                )
                gathered.findings.append(
                    about("deposit.no_line", Severity.DOUBT, said, _REGISTER, deposit.folder, deposit.tenderer)
                )
    for _, line in free:
        said = message(
            "dépôt inscrit au registre, sans dossier dans ce qui a été importé : {company}", company=line.company
        )
        remedy = message(
            "Vérifier que tous les plis ont été téléchargés, ou dire pourquoi celui-ci n'a pas été ouvert."
        )
        gathered.findings.append(
            Finding("deposit.no_folder", Severity.DOUBT, said, remedy, "", line.place, read=printable(line.text))
        )
        gathered.deposits.append(Deposit("", names.deposit(""), line=line, state=State.ABSENT, late=line.late))


def _score(name: Name, line: Line) -> int:
    """Return how surely a folder and a line are one deposit: SIRET and name 4 or 2, number 1 more, instant 2 more."""
    same_siret = bool(name.siret) and name.siret == line.siret
    same_name = bool(name.company) and names.company(name.company) == names.company(line.company)
    other = (name.siret and line.siret and not same_siret) or (name.company and line.company and not same_name)
    same_number = bool(name.number) and name.number == line.number
    same_instant = (
        bool(name.at and line.ended_at)
        and abs(
            (name.at - line.ended_at.replace(tzinfo=None)).total_seconds()  # type: ignore[operator,union-attr]
        )
        < 60
    )
    if not (same_siret or same_name):
        return 1 if same_number and not (same_number and other and name.company) else 0
    return (4 if same_siret else 2) + same_number + 2 * same_instant


def _say_doubtful(gathered: Gathered, deposit: Deposit) -> None:
    said = message("dépôt rapproché du registre par son seul numéro : {company}", company=deposit.company)
    gathered.findings.append(about("deposit.by_number", Severity.DOUBT, said, _REGISTER, deposit.folder))


def _pair_the_rest(gathered: Gathered, waiting: list[Deposit], free: list[tuple[int, Line]]) -> None:
    """Pair in order the folders and lines of one company that nothing else tells apart, and say so."""
    groups: dict[str, list[Deposit]] = defaultdict(list)
    for deposit in waiting:
        groups[names.company(deposit.name.company) or deposit.name.siret].append(deposit)
    for company, deposits in groups.items():
        mine = [each for each in free if company and company in {names.company(each[1].company), each[1].siret}]
        if len(mine) != len(deposits):
            continue
        for deposit, chosen in zip(deposits, mine, strict=True):
            deposit.line = chosen[1]
            free.remove(chosen)
            said = message("plusieurs dépôts de {company} que rien ne distingue : rapprochés du registre dans l'ordre",
                           company=deposit.company)  # fmt: skip
            gathered.findings.append(about("deposit.paired", Severity.DOUBT, said, _REGISTER, deposit.folder))


def _label(deposits: Sequence[Deposit]) -> None:
    taken: dict[str, object] = {}
    for deposit in deposits:
        wanted = deposit.number if deposit.number.isascii() and deposit.number.isalnum() else ""
        deposit.label = names.identifier(wanted or deposit.folder or deposit.company, taken)
        taken[deposit.label] = deposit


def _order(folder: str) -> tuple[int, str]:
    number = names.deposit(folder).number
    return int(number) if number else 1 << 40, folder


# ------------------------------------------------------------------------------------------------------------- late ones
def settle_states(gathered: Gathered, deadline: datetime) -> None:
    """Say which deposits came too late or are safety copies; the end of the upload decides (R01, R02)."""
    for deposit in gathered.deposits:
        if deposit.state is not State.IMPORTED:
            continue
        line = deposit.line
        told = deposit.late or bool(line and line.late)
        copy = deposit.safety_copy or bool(line and line.safety_copy)
        after = deposit.at is not None and deposit.at > deadline
        where = (deposit.folder, deposit.tenderer)
        if told and deposit.at is not None and not after:
            said = message(
                "dit hors délai, mais reçu le {at}, avant la date limite {deadline}", at=deposit.at, deadline=deadline
            )
            gathered.findings.append(about("deposit.late_unclear", Severity.DOUBT, said, _DECIDE, *where))
        if told or after:
            deposit.state = State.LATE
            said = message("reçu hors délai : gardé fermé dans « late », rien n'en a été lu")
            gathered.findings.append(about("deposit.late", Severity.DOUBT, said, _DECIDE, *where, read=_stamp(deposit)))
        elif copy:
            deposit.state = State.SAFETY_COPY
            said = message("copie de sauvegarde : gardée fermée dans « safety-copies »")
            gathered.findings.append(about("deposit.safety_copy", Severity.DOUBT, said, _COPY, *where))
        elif deposit.at is None:
            said = message("l'heure du dépôt n'est pas connue : rien ne dit ici s'il est arrivé dans les délais")
            gathered.findings.append(about("deposit.no_instant", Severity.DOUBT, said, _REGISTER, *where))
    _copies(gathered, deadline)


def _copies(gathered: Gathered, deadline: datetime) -> None:
    """Say of each safety copy whether the start of the late electronic upload lets it be opened (R03)."""
    copies = [each for each in gathered.deposits if each.state is State.SAFETY_COPY]
    for copy in copies:
        for late in gathered.deposits:
            start = late.line.started_at if late.line else None
            if (
                late.state is not State.LATE
                or start is None
                or names.company(late.company) != names.company(copy.company)
            ):
                continue
            said = (
                message(
                    "l'envoi électronique tardif a commencé le {start}, avant la date limite : la copie peut être ouverte",
                    start=start,
                )
                if start <= deadline
                else message(
                    "l'envoi électronique tardif n'a commencé que le {start} : la copie ne peut pas être ouverte",
                    start=start,
                )
            )
            code = "deposit.copy_may_open" if start <= deadline else "deposit.copy_closed"
            gathered.findings.append(about(code, Severity.DOUBT, said, _COPY, copy.folder, copy.tenderer))


def _stamp(deposit: Deposit) -> str:
    return deposit.at.isoformat() if deposit.at else ""


_COPY = message(
    "Ne l'ouvrir que si le pli électronique porte un virus, ou est incomplet, illisible ou tardif alors que son "
    "envoi a commencé avant la date limite ; le décider par écrit."
)
_LOOK = message("Regarder ce pli sur le profil d'acheteur.")
_REGISTER = message("Vérifier le registre des dépôts.")
_DECIDE = message("Le laisser fermé, sauf décision motivée d'une personne, écrite au journal.")


def about(
    code: str, severity: Severity, said: Message, remedy: Message, folder: str, tenderer: str = "", read: str = ""
) -> Finding:
    """Return a finding about a deposit."""
    return Finding(code, severity, said, remedy, printable(folder), read=printable(read), tenderer=tenderer)
