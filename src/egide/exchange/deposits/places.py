"""Where each file of the deposits goes in a tender folder: lot, variant, round, what a later send replaces, what is left aside."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from enum import StrEnum
from pathlib import Path, PurePosixPath

from egide.exchange.deposits import names
from egide.exchange.deposits.archive import Item, printable
from egide.exchange.deposits.gathered import Deposit, Gathered, State
from egide.exchange.deposits.names import Places, Section, Sort
from egide.exchange.layout import squashed
from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, message
from egide.tender.model import Tender

MOST_FOLDERS = 6
"""Folders of the tenderer that are kept under those of the layout; deeper ones are left out of the path."""

Key = tuple[str, int, int]
"""Lot, variant, round; the candidacy of a tenderer is CANDIDACY."""
CANDIDACY: Key = ("", 0, 0)


class What(StrEnum):
    """What became of a file."""

    OFFER = "offer"
    CANDIDACY = "candidacy"
    SIGNATURE = "signature"
    SUPERSEDED = "superseded"
    SEALED = "sealed"
    ASIDE = "aside"
    OPENED = "opened_archive"
    """An archive whose whole content was filed: it is not kept beside."""
    REGISTER = "register"


@dataclass(frozen=True)
class Filed:
    """A file of the source and where its copy goes; no `path` when no copy is kept."""

    item: Item
    what: What
    path: str = ""
    why: Message | None = None


@dataclass
class Placed:
    """All the files of a source, by deposit label ("" for those in none)."""

    files: dict[str, list[Filed]] = field(default_factory=lambda: defaultdict(list))
    lots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Situated:
    """A file of a deposit, for what it belongs to."""

    item: Item
    keys: tuple[Key, ...]
    folders: tuple[str, ...]
    why: Message | None = None
    """Why it belongs to nothing known."""
    common: bool = False


def place(gathered: Gathered, tender: Tender, first_round: int, registers: Sequence[Item] = ()) -> Placed:
    """Return where every file goes."""
    return _Placer(tender, first_round).place(gathered, registers)


class _Placer:
    def __init__(self, tender: Tender, first_round: int) -> None:
        self.tender, self.first_round = tender, first_round
        self.lot_of = _labels(tender)
        self.last_round = max((each.number for each in tender.rounds), default=2)
        self.apart = [f"round-{first_round}"] * (first_round > 1)
        self.placed = Placed()
        self.places = Places()

    def place(self, gathered: Gathered, registers: Sequence[Item]) -> Placed:
        sends: dict[str, list[tuple[Deposit, list[_Situated]]]] = defaultdict(list)
        for deposit in gathered.deposits:
            if deposit.state in {State.LATE, State.SAFETY_COPY}:
                self._seal(deposit)
            elif deposit.state is State.UNKNOWN_TENDERER:
                why = message("son déposant n'est pas un soumissionnaire de la consultation")
                for item, _, _ in deposit.files:
                    self._aside(deposit, item, why)
            elif deposit.state is State.IMPORTED:
                sends[deposit.tenderer].append((deposit, self._situate(deposit)))
        for one in sends.values():
            self._settle(one)
        for deposit in gathered.deposits:
            self._whole(deposit)
        for deposit in gathered.deposits:
            told = [self.lot_of[label] for label in (deposit.line.lots if deposit.line else ()) if label in self.lot_of]
            self.placed.lots.setdefault(deposit.label, tuple(dict.fromkeys(told)))
        self._loose(gathered.loose, registers)
        return self.placed

    # ----------------------------------------------------------------------------------------------------- one deposit
    def _situate(self, deposit: Deposit) -> list[_Situated]:
        """Return what each file of a deposit belongs to."""
        told = deposit.line.lots if deposit.line else ()
        unknown = [label for label in told if label not in self.lot_of]
        lots = [self.lot_of[label] for label in told if label in self.lot_of]
        if unknown:
            self._say_unknown(deposit, unknown)
        seen = [
            self.lot_of[label]
            for item, said, _ in deposit.files
            for label in (*(label for each in said for label in each.lots), *names.lots_in(item.name))
            if label in self.lot_of
        ]
        lots = list(dict.fromkeys([*lots, *seen])) or ([self.tender.lots[0].id] if len(self.tender.lots) == 1 else [])
        situated = [
            self._situation(deposit, *each, lots) for each in deposit.files if not self._is_spent(each[0], deposit)
        ]
        kept = sorted({key[0] for each in situated for key in each.keys if key != CANDIDACY} | set(lots))
        self.placed.lots[deposit.label] = tuple(lot.id for lot in self.tender.lots if lot.id in kept)
        self._say_common(deposit, situated)
        return situated

    def _situation(
        self, deposit: Deposit, item: Item, said: tuple[names.Said, ...], folders: tuple[str, ...], lots: list[str]
    ) -> _Situated:
        section = variant = number = None
        labels: tuple[str, ...] = ()
        for each in said:
            section = (each.section if each.sorts else None) or section
            labels = each.lots or labels
            variant = each.variant if each.variant is not None else variant
            number = each.round if each.round is not None else number
        if section is None:
            about_bid = labels or variant is not None or number is not None
            section = Section.OFFER if about_bid else names.section_of_file(item.name)
        if section is Section.CANDIDACY:
            return _Situated(item, (CANDIDACY,), folders)
        labels = labels or names.lots_in(item.name)
        variant = names.variant_of_file(item.name) if variant is None else variant
        number = self.last_round if number == names.FINAL else number or self.first_round
        if unknown := [label for label in labels if label not in self.lot_of]:
            self._say_unknown(deposit, unknown)
            why = message("ce lot n'existe pas dans la consultation : {lots}", lots=unknown)
            known = [label for label in labels if label in self.lot_of]
            if not known:
                return _Situated(item, (), folders, why)
            labels = tuple(known)
        concerned = [self.lot_of[label] for label in labels] or lots
        if not concerned:
            return _Situated(item, (), folders, message("rien ne dit de quel lot est ce fichier"))
        keys = tuple(dict.fromkeys((lot, variant or 0, number) for lot in concerned))
        if variant and not self.tender.variants_allowed:
            said_variant = message("une variante, alors que la consultation ne les autorise pas")
            remedy = message("La variante est rangée à part ; ne pas l'analyser si le règlement l'interdit.")
            self._say_once("deposit.variant", Severity.DOUBT, said_variant, remedy, deposit)
        return _Situated(item, keys, folders, common=not labels and len(concerned) > 1)

    def _is_spent(self, item: Item, deposit: Deposit) -> bool:
        """Set down an archive that was wholly opened, with what signs it, and tell whether it is done with."""
        archive = item if item.opened else self._signed(item, deposit)
        if archive is None:
            return False
        if archive is not item or any(self._signed(other, deposit) is item for other, _, _ in deposit.files):
            start = item.parts.index(deposit.folder) + 1 if deposit.folder in item.parts[:-1] else len(item.parts) - 1
            self._give(
                deposit.label,
                item,
                What.SIGNATURE,
                ["signed", *self.apart, deposit.label],
                item.parts[start:-1],
                deposit,
            )
        else:
            self.placed.files[deposit.label].append(Filed(item, What.OPENED))
        return True

    @staticmethod
    def _signed(item: Item, deposit: Deposit) -> Item | None:
        """Return the opened archive that a signature signs: it is kept whole beside it, so that it can be verified."""
        if not names.is_signature(item.name):
            return None
        return next(
            (other for other, _, _ in deposit.files
             if other.opened and other.parts[:-1] == item.parts[:-1] and item.name.startswith(other.name)), None,
        )  # fmt: skip

    # --------------------------------------------------------------------------------------------- the sends of a tenderer
    def _settle(self, sends: list[tuple[Deposit, list[_Situated]]]) -> None:
        """File the sends of one tenderer: for each bid the last one received in time is proposed (R05)."""
        sends.sort(key=lambda each: _sent(each[0]))
        last: dict[Key, Deposit] = {}
        before: dict[Key, list[Deposit]] = defaultdict(list)
        sorts: dict[tuple[str, Key], set[Sort]] = defaultdict(set)
        for deposit, situated in sends:
            for key in {key for each in situated for key in each.keys if not names.is_signature(each.item.name)}:
                before[key] += [last[key]] if key in last else []
                last[key] = deposit
            for each in situated:
                for key in each.keys:
                    sorts[deposit.label, key].add(names.sort_of_file(each.item.name))
        for deposit, situated in sends:
            for each in situated:
                self._file(deposit, each, last)
            mine = [key for key, which in last.items() if which is deposit]
            if not mine and situated:
                deposit.state = State.SUPERSEDED
        for key, earlier in before.items():
            self._say_superseded(key, earlier, last[key], sorts)

    def _file(self, deposit: Deposit, each: _Situated, last: Mapping[Key, Deposit]) -> None:
        if not each.keys:
            self._aside(deposit, each.item, each.why)
            return
        signed = names.is_signature(each.item.name)
        for key in each.keys:
            replaced = last.get(key, deposit) is not deposit
            what = What.SUPERSEDED if replaced else What.SIGNATURE if signed else (
                What.CANDIDACY if key == CANDIDACY else What.OFFER
            )  # fmt: skip
            lot, variant, number = key
            steps = [f"variant-{variant}"] * (variant > 0) + [f"round-{number}"] * (number > 1)
            if replaced:
                base = [
                    "superseded",
                    *self.apart,
                    deposit.label,
                    *(["candidacy"] if key == CANDIDACY else [lot, *steps]),
                ]
            elif key == CANDIDACY:
                base = ["candidacies", deposit.tenderer, *self.apart]
            else:
                base = ["bids", deposit.tenderer, lot, *steps]
            self._give(deposit.label, each.item, what, base, each.folders, deposit)

    def _say_superseded(
        self, key: Key, earlier: Sequence[Deposit], last: Deposit, sorts: Mapping[tuple[str, Key], set[Sort]]
    ) -> None:
        if not earlier:
            return
        about = message("la candidature") if key == CANDIDACY else message("le lot {lot}", lot=_said(key))
        listed = [_who(each) for each in earlier]
        said = message("{count} envois pour {about} : le dernier reçu à temps ({last}) est proposé ; gardés à part : {earlier}",
                       count=len(earlier) + 1, about=about, last=_who(last), earlier=listed)  # fmt: skip
        remedy = message("Confirmer que le dernier envoi remplace les précédents (R2151-6).")
        self._say("deposit.several", Severity.NOTE, said, remedy, last)
        if any(each.at is None for each in (*earlier, last)) or len({each.at for each in (*earlier, last)}) <= len(
            earlier
        ):
            said = message(
                "l'ordre des envois de {company} n'est pas sûr : heures absentes ou égales", company=last.company
            )
            self._say("deposit.order", Severity.DOUBT, said, message("Vérifier le registre des dépôts."), last)
        lacking = {sort for each in earlier for sort in sorts[each.label, key]} - sorts[last.label, key] - {Sort.OTHER}
        if lacking and key != CANDIDACY:
            said = message("le dernier envoi paraît partiel pour {about} : il n'a plus {what}, que portait un envoi précédent",
                           about=about, what=[_SORTS[each] for each in sorted(lacking)])  # fmt: skip
            remedy = message(
                "Dire si le dernier envoi remplace les précédents ou les complète (CE, 20 décembre 2021, n° 454801)."
            )
            self._say("deposit.partial", Severity.DOUBT, said, remedy, last)

    # ------------------------------------------------------------------------------------------------- what is not filed
    def _seal(self, deposit: Deposit) -> None:
        """Keep the files of a deposit as they stand in the source, archives closed."""
        folder = "late" if deposit.state is State.LATE else "safety-copies"
        known = {item.copy: item for item in (*deposit.wholes, *(item for item, _, _ in deposit.files))}
        standing: dict[Path, Item] = {}
        for item in known.values():
            while item.within in known:
                item = known[item.within]  # noqa: PLW2901 (climbs to the archive that stands in the source)
            standing[item.copy] = item
        for item in standing.values():
            start = item.parts.index(deposit.folder) + 1 if deposit.folder in item.parts[:-1] else len(item.parts) - 1
            self._give(
                deposit.label, item, What.SEALED, [folder, *self.apart, deposit.label], item.parts[start:-1], deposit
            )

    def _whole(self, deposit: Deposit) -> None:
        """Set down the archive that a deposit came as; it is kept when some of it could not be read."""
        for item in deposit.wholes if deposit.state not in {State.LATE, State.SAFETY_COPY} else ():
            if item.opened:
                self.placed.files[deposit.label].append(Filed(item, What.OPENED))
            else:
                why = message("archive dont une partie n'a pas pu être lue : gardée telle quelle")
                self._give(deposit.label, item, What.ASIDE, ["aside", *self.apart, deposit.label], (), deposit, why)

    def _loose(self, loose: Iterable[Item], registers: Sequence[Item]) -> None:
        for item in loose:
            if item in registers or re.search(r"\bregistre\b|\bregister\b", fold(item.name.replace("_", " "))):
                self._give("", item, What.REGISTER, ["register", *self.apart], ())
            elif item.opened:
                self.placed.files[""].append(Filed(item, What.OPENED))
            else:
                said = message("un fichier hors de tout dossier de dépôt : gardé à part, non lu")
                remedy = message("Le ranger dans le dossier de son soumissionnaire, s'il fait partie d'une offre.")
                self.placed.findings.append(
                    Finding("deposit.stray", Severity.DOUBT, said, remedy, printable(item.path))
                )
                self._give("", item, What.ASIDE, ["aside", *self.apart, "source"], item.parts[:-1], why=said)

    def _aside(self, deposit: Deposit, item: Item, why: Message | None) -> None:
        start = item.parts.index(deposit.folder) + 1
        self._give(
            deposit.label, item, What.ASIDE, ["aside", *self.apart, deposit.label], item.parts[start:-1], deposit, why
        )

    def _give(
        self,
        label: str,
        item: Item,
        what: What,
        base: Sequence[str],
        folders: Sequence[str],
        deposit: Deposit | None = None,
        why: Message | None = None,
    ) -> None:
        kept = [names.safe(each) for each in folders[-MOST_FOLDERS:]]
        path, changed = self.places.give("/".join([*base, *kept, names.safe(item.name)]))
        if changed:
            said = message("deux fichiers que certains systèmes confondent : celui-ci est renommé « {name} »",
                           name=PurePosixPath(path).name)  # fmt: skip
            self._say(
                "deposit.twin", Severity.DOUBT, said, message("Dire lequel des deux fichiers vaut."), deposit, item
            )
        self.placed.files[label].append(Filed(item, what, path, why))

    # -------------------------------------------------------------------------------------------------------- findings
    def _say_unknown(self, deposit: Deposit, labels: Sequence[str]) -> None:
        said = message("ce lot n'existe pas dans la consultation : {lots}", lots=list(labels))
        remedy = message("Vérifier le lot ({known}) ; ses fichiers sont gardés dans « aside ».",
                         known=[lot.id for lot in self.tender.lots])  # fmt: skip
        self._say_once("deposit.unknown_lot", Severity.ERROR, said, remedy, deposit)

    def _say_common(self, deposit: Deposit, situated: Sequence[_Situated]) -> None:
        common = [each.item.name for each in situated if each.common]
        if common:
            said = message("{count} fichier(s) sans lot, rangés dans chaque lot du dépôt", count=len(common))
            self._say("deposit.common", Severity.NOTE, said, message("Rien à faire."), deposit)
        lost = [each.item.path for each in situated if not each.keys]
        if lost and not any(
            each.code == "deposit.unknown_lot" and each.file == printable(deposit.folder)
            for each in self.placed.findings
        ):
            said = message(
                "{count} fichier(s) dont rien ne dit le lot : gardés dans « aside », non lus", count=len(lost)
            )
            remedy = message("Les ranger dans le dossier de leur lot, ou compléter les lots du registre.")
            self._say("deposit.no_lot", Severity.ERROR, said, remedy, deposit)

    def _say_once(self, code: str, severity: Severity, said: Message, remedy: Message, deposit: Deposit) -> None:
        known = {(each.code, each.file, str(each.understood)) for each in self.placed.findings}
        if (code, printable(deposit.folder), str(said)) not in known:
            self._say(code, severity, said, remedy, deposit)

    def _say(
        self,
        code: str,
        severity: Severity,
        said: Message,
        remedy: Message,
        deposit: Deposit | None,
        item: Item | None = None,
    ) -> None:
        file = item.path if item else deposit.folder if deposit else ""
        owner = deposit.tenderer if deposit else ""
        self.placed.findings.append(Finding(code, severity, said, remedy, printable(file), tenderer=owner))


_SORTS = {Sort.PRICE: message("de fichier de prix"), Sort.QUESTIONNAIRE: message("de questionnaire")}


def _labels(tender: Tender) -> dict[str, str]:
    """Return the lot of each way to name it: identifier, number, letter; what names two lots names none."""
    found: dict[str, set[str]] = defaultdict(set)
    for lot in tender.lots:
        folded = fold(lot.id)
        number = re.search(r"(\d+)\D*$", folded)
        letter = re.fullmatch(r"(?:lot)?[ _-]*([a-z])", folded)
        for label in (folded, squashed(lot.id), *([number[1].lstrip("0")] if number else []),
                      *([letter[1]] if letter else [])):  # fmt: skip
            found[label].add(lot.id)
    return {label: lots.copy().pop() for label, lots in found.items() if len(lots) == 1} | {
        lot.id: lot.id for lot in tender.lots
    }


def _sent(deposit: Deposit) -> tuple[float, int, str]:
    at = deposit.at or (deposit.name.at.replace(tzinfo=UTC) if deposit.name.at else None)
    number = int(deposit.number) if deposit.number.isdecimal() else 0
    return at.timestamp() if at else -1.0, number, deposit.folder


def _who(deposit: Deposit) -> Message | str:
    at = deposit.at or deposit.name.at
    name = deposit.number or deposit.folder
    return message("pli {number} du {at}", number=name, at=at) if at else message("pli {number}", number=name)


def _said(key: Key) -> str:
    lot, variant, number = key
    return lot + (f" (variant-{variant})" if variant else "") + (f" (round-{number})" if number > 1 else "")
