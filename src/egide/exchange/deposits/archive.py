"""What a buyer's platform gave, a folder or a ZIP: every file copied aside under a number, none under its own name.

Nothing is executed, no path of the source is ever used to write. An archive inside is opened as a folder of its name,
within limits; what cannot be opened is kept whole and told.
"""

import hashlib
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from egide.errors import DataError
from egide.exchange.safety import BROKEN_ZIP
from egide.finding import Finding, Severity
from egide.message import Message, message

CLUTTER = re.compile(r"^(\.ds_store$|\._|~\$|__macosx$|thumbs\.db$|desktop\.ini$)", re.I)


@dataclass(frozen=True)
class Limits:
    """How much a source may hold, once unpacked: entries, bytes, bytes of one file, archives one inside another."""

    entries: int = 50_000
    total: int = 20_000_000_000
    one: int = 4_000_000_000
    ratio: int = 200
    ratio_from: int = 20_000_000
    """A small archive may be very compressible and harm nobody; the ratio is judged from this unpacked size."""
    depth: int = 6


@dataclass(frozen=True)
class Item:
    """A file of the source: its path there, archives told as folders, and the copy that was made of it."""

    parts: tuple[str, ...]
    copy: Path
    size: int
    sha256: str
    modified: str = ""
    """When the archive says that it was last changed (its own clock), empty if nothing says it."""
    within: Path | None = None
    """The copy of the archive that holds it, None when it stands in the source itself."""
    opened: bool = False
    """An archive whose whole content was read: the content stands beside it."""

    @property
    def name(self) -> str:
        """Return its own name."""
        return self.parts[-1]

    @property
    def path(self) -> str:
        """Return its path in the source."""
        return "/".join(self.parts)


@dataclass(frozen=True)
class Left:
    """What could not be copied: its path in the source and why."""

    path: str
    why: Message


@dataclass(frozen=True)
class Source:
    """All that the source holds."""

    name: str
    items: tuple[Item, ...]
    left: tuple[Left, ...]
    findings: tuple[Finding, ...]
    folders: tuple[tuple[str, ...], ...] = ()
    """Folders in which nothing stands."""


class _Unusable(Exception):
    """An archive cannot be opened; `said` tells why."""

    def __init__(self, said: Message) -> None:
        super().__init__(said.text)
        self.said = said


def read_source(source: Path, store: Path, limits: Limits = Limits()) -> Source:
    """Copy every file of `source` into `store`. Raises DataError when the source itself cannot be opened."""
    unpacker = _Unpacker(store, limits)
    try:
        if source.is_dir():
            unpacker.folder(source, ())
        elif source.is_file():
            with source.open("rb") as stream:
                unpacker.archive(stream, source.stat().st_size, (), None, 0)
        else:
            raise _Unusable(message("ni un dossier, ni un fichier : rien à importer"))
    except _Unusable as fault:
        remedy = message("Télécharger de nouveau les plis depuis le profil d'acheteur, en dossier ou en ZIP.")
        refused = Finding("import.source", Severity.ERROR, fault.said, remedy, source.name)
        raise DataError(message("{file} : {why}", file=source.name, why=fault.said), (refused,)) from None
    return Source(
        source.name, tuple(unpacker.items), tuple(unpacker.left), tuple(unpacker.findings), tuple(unpacker.folders)
    )


class _Unpacker:
    """Copies files one by one and counts what they weigh."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self.items: list[Item] = []
        self.left: list[Left] = []
        self.findings: list[Finding] = []
        self.folders: list[tuple[str, ...]] = []
        self.count = self.total = self.entries = 0

    # ------------------------------------------------------------------------------------------------------- a folder
    def folder(self, folder: Path, parts: tuple[str, ...]) -> None:
        names = sorted(os.listdir(folder))  # noqa: PTH208 (names are sorted before paths are made)
        if not names:
            self.folders.append(parts)
        for name in names:
            entry = folder / name
            inside = (*parts, os.fsencode(name).decode("utf-8", "replace"))
            mode = entry.lstat().st_mode
            if CLUTTER.match(name):
                continue
            if stat.S_ISDIR(mode) and len(inside) <= _DEEPEST:
                self.folder(entry, inside)
            elif stat.S_ISREG(mode):
                self._plain(entry, inside)
            else:
                self._leave(inside, _LINK)

    def _plain(self, entry: Path, inside: tuple[str, ...]) -> None:
        try:
            stream = entry.open("rb")
        except OSError:
            self._leave(inside, _UNREADABLE)
            return
        with stream:
            try:
                self.file(stream, inside, None, "", 0)
            except _Unusable as refused:
                self._leave(inside, refused.said)

    # ------------------------------------------------------------------------------------------------------ an archive
    def archive(
        self, stream: IO[bytes], size: int, parts: tuple[str, ...], within: Path | None, depth: int
    ) -> tuple[Message, ...]:
        """Copy the entries of an archive as a folder; return why some could not be. Raises _Unusable."""
        try:
            archive = zipfile.ZipFile(stream)
        except BROKEN_ZIP:
            raise _Unusable(message("ce fichier n'est pas une archive ZIP lisible")) from None
        entries = archive.infolist()
        self._weigh(entries, size)
        seen: set[tuple[str, ...]] = set()
        faults: list[Message] = []
        for entry in entries:
            name, restored = entry_name(entry)
            inside, out = entry_parts(name)
            inside = inside or (() if entry.filename.endswith("/") else ("_",))
            if not inside or any(CLUTTER.match(part) for part in inside):
                continue
            path = (*parts, *inside)
            if entry.filename.endswith("/"):
                self.folders.append(path)
                continue
            self._say_entry(path, name, out=out, restored=restored, twice=path in seen)
            seen.add(path)
            if fault := self._entry(archive, entry, path, within, depth):
                faults.append(fault)
        return tuple(faults)

    def _entry(
        self,
        archive: zipfile.ZipFile,
        entry: zipfile.ZipInfo,
        path: tuple[str, ...],
        within: Path | None,
        depth: int,
    ) -> Message | None:
        fault = None
        if stat.S_ISLNK(entry.external_attr >> 16):
            fault = _LINK
        elif entry.flag_bits & 1:
            fault = message("cette entrée de l'archive est chiffrée par un mot de passe")
        else:
            try:
                with _entry_of(archive, entry) as stream:
                    self.file(stream, path, within, _clock(entry), depth)
            except _Unusable as refused:
                fault = refused.said
        if fault:
            self._leave(path, fault)
        return fault

    def _weigh(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        declared = sum(entry.file_size for entry in entries)
        self.entries += len(entries)
        if self.entries > self.limits.entries:
            raise _Unusable(message("plus de {most} fichiers une fois décompressé", most=self.limits.entries))
        if (
            self.total + declared > self.limits.total
            or declared > max(self.limits.ratio_from, self.limits.ratio * size)
            or any(entry.file_size > self.limits.one for entry in entries)
        ):
            raise _Unusable(message("une fois décompressée, l'archive serait démesurée : elle n'a pas été ouverte"))

    # --------------------------------------------------------------------------------------------------------- a file
    def file(self, stream: IO[bytes], path: tuple[str, ...], within: Path | None, modified: str, depth: int) -> None:
        """Copy a file; open it too when it is an archive.

        Raises _Unusable when it cannot be read or is too big; a fault of writing is not its own and goes up.
        """
        self.count += 1
        copy = self.store / f"{self.count:06}"
        digest, size = hashlib.sha256(), 0
        with copy.open("xb") as target:
            try:
                for piece in _pieces(stream):
                    size += len(piece)
                    if size > self.limits.one or self.total + size > self.limits.total:
                        raise _Unusable(message("trop volumineux pour être importé"))
                    digest.update(piece)
                    target.write(piece)
            except _Unusable:
                copy.unlink()
                raise
        self.total += size
        item = Item(path, copy, size, digest.hexdigest(), modified, within)
        place = len(self.items)
        self.items.append(item)
        if not size:
            self._say("import.empty_file", Severity.DOUBT, message("le fichier est vide (0 octet)"), _ASK, path)
        if is_archive(copy, item.name):
            self.items[place] = replace(item, opened=self._open(item, depth))
        elif _other_archive(copy, item.name):
            said = message("archive d'un format qui n'est pas ouvert (7z, rar, tar) : gardée telle quelle, non lue")
            remedy = message("L'ouvrir à part et déposer ses fichiers dans le dossier de l'offre.")
            self._say("import.archive", Severity.DOUBT, said, remedy, path)

    def _open(self, item: Item, depth: int) -> bool:
        """Open an archive of the source as a folder; tell whether all of it could be read."""
        mark = len(self.items), len(self.left), len(self.folders), len(self.findings), self.total, self.entries
        try:
            if depth >= self.limits.depth:
                raise _Unusable(message("trop d'archives emboîtées ({most} au plus)", most=self.limits.depth))
            with item.copy.open("rb") as stream:
                inside = (
                    *item.parts[:-1],
                    item.name[: -len(".zip")] if item.name.lower().endswith(".zip") else item.name,
                )
                return not self.archive(stream, item.size, inside, item.copy, depth + 1)
        except _Unusable as fault:
            items, left, folders, findings, self.total, self.entries = mark
            for extra in self.items[items:]:
                extra.copy.unlink()
            del self.items[items:], self.left[left:], self.folders[folders:], self.findings[findings:]
            self._say("import.archive", Severity.ERROR, fault.said, _OPEN_APART, item.parts)
            return False

    # -------------------------------------------------------------------------------------------------------- findings
    def _say_entry(self, path: tuple[str, ...], name: str, *, out: bool, restored: bool, twice: bool) -> None:
        if out:
            said = message("le chemin de ce fichier menait hors de son dossier : il est rangé sous le nom qui reste")
            self._say("import.path", Severity.DOUBT, said, _ASK, path, name)
        if restored:
            said = message("le nom était écrit dans un alphabet ancien : il a été rétabli")
            self._say("import.name", Severity.NOTE, said, message("Rien à faire."), path)
        if twice:
            said = message("l'archive porte deux fichiers de ce nom : les deux sont gardés")
            self._say("import.twin", Severity.DOUBT, said, _WHICH, path)

    def _leave(self, path: tuple[str, ...], why: Message) -> None:
        self.left.append(Left("/".join(path), why))
        self._say("import.left", Severity.ERROR, why, _ASK, path)

    def _say(
        self, code: str, severity: Severity, said: Message, remedy: Message, path: tuple[str, ...], read: str = ""
    ) -> None:
        self.findings.append(Finding(code, severity, said, remedy, printable("/".join(path)), read=printable(read)))


_DEEPEST = 60
_UNREADABLE = message("ce fichier ne peut pas être lu")
_DAMAGED = message("cette entrée de l'archive est abîmée ou d'une compression inconnue")
_LINK = message("un lien ou un fichier spécial : il n'a pas été suivi")
_ASK = message("Regarder ce pli sur le profil d'acheteur ; au besoin, demander une précision au soumissionnaire.")
_WHICH = message("Dire lequel des deux fichiers vaut.")
_OPEN_APART = message("L'archive est gardée telle quelle : l'ouvrir à part, sur un poste protégé.")


def printable(text: str) -> str:
    """Return a text without what would disturb a terminal or a YAML file."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


# ------------------------------------------------------------------------------------------------------- names of entries
def entry_name(entry: zipfile.ZipInfo) -> tuple[str, bool]:
    """Return the name of an entry, and whether it had to be restored from an old code page."""
    name = entry.orig_filename
    if entry.flag_bits & 0x800 or name.isascii():
        return name, False
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name, False
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        pages = (raw.decode(page, "replace") for page in ("cp850", "cp1252"))
        return max(pages, key=lambda text: (sum(char in _FRENCH for char in text), "\ufffd" not in text)), True


_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ’«»°€–")


def entry_parts(name: str) -> tuple[tuple[str, ...], bool]:
    """Return the folders and the name of an entry, and whether the path led out of its folder."""
    pieces = name.replace("\\", "/").split("/")
    out = name.startswith(("/", "\\")) or any(piece == ".." for piece in pieces)
    if pieces and re.fullmatch(r"[A-Za-z]:", pieces[0]):
        pieces, out = pieces[1:], True
    return tuple(piece for piece in pieces if piece.strip(" .") or piece.strip(".")), out


def _clock(entry: zipfile.ZipInfo) -> str:
    year, month, day, hour, minute, second = entry.date_time
    if year <= 1980 or not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        return ""
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


# ------------------------------------------------------------------------------------------------------------ reading
def _entry_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(entry)
    except BROKEN_ZIP:
        raise _Unusable(_DAMAGED) from None


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Give the content of a stream piece by piece. Raises _Unusable when it cannot be read."""
    while True:
        try:
            piece = stream.read(1 << 20)
        except BROKEN_ZIP:
            raise _Unusable(_DAMAGED if isinstance(stream, zipfile.ZipExtFile) else _UNREADABLE) from None
        if not piece:
            return
        yield piece


# ------------------------------------------------------------------------------------------------------ what is an archive
_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/manifest.xml")
_OTHERS = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_OTHER_NAMES = re.compile(r"\.(7z|rar|tar|tgz|gz|bz2|xz|arj|lzh|cab|z\d\d|00\d)$", re.I)


def is_archive(path: Path, name: str) -> bool:
    """Tell whether a file is a ZIP of files: by its name, or by its bytes when it has no extension."""
    if name.lower().endswith(".zip"):
        return True
    if "." in name or _head(path)[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not any(part in archive.NameToInfo for part in _OFFICE)
    except BROKEN_ZIP:
        return False


def _other_archive(path: Path, name: str) -> bool:
    return bool(_OTHER_NAMES.search(name)) or _head(path).startswith(_OTHERS)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(8)
