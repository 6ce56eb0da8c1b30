"""A consultation folder as one ZIP: unpacked without trusting anything it says, packed with the same bytes each time."""

import io
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from egide import plain
from egide.exchange.deposits.archive import CLUTTER, entry_name, entry_parts
from egide.exchange.safety import BROKEN_ZIP
from egide.exchange.tender_folder import FILE
from egide.message import Message, message

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bounds:
    """How much a folder may hold once unpacked: files, bytes, bytes of one file."""

    files: int = 20_000
    total: int = 3_000_000_000
    one: int = 500_000_000


def unpack(source: Path, target: Path, bounds: Bounds = Bounds()) -> None:
    """Put the files of a ZIP in `target`, which is empty; the folder that holds tender.yaml becomes the top.

    Raises DataError, and leaves nothing that can be used, when it is no ZIP of a consultation folder.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            _unpack(archive, target, bounds, source.name)
    except BROKEN_ZIP:
        raise _refused(source.name, message("ce n'est pas un fichier ZIP lisible, ou il est endommagé")) from None


def _unpack(archive: zipfile.ZipFile, target: Path, bounds: Bounds, name: str) -> None:
    wanted: dict[tuple[str, ...], zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        parts, out = entry_parts(entry_name(entry)[0])
        if entry.is_dir() or not parts or any(CLUTTER.match(part) for part in parts):
            continue
        if out or stat.S_ISLNK(entry.external_attr >> 16):
            raise _refused(name, message("un fichier du ZIP désigne un autre dossier"), "/".join(parts))
        if parts in wanted:
            raise _refused(name, message("deux fichiers du ZIP ont le même nom"), "/".join(parts))
        wanted[parts] = entry
    if len(wanted) > bounds.files:
        raise _refused(name, message("plus de {most} fichiers dans le ZIP", most=bounds.files))
    top = _top(list(wanted), name)
    left = bounds.total
    for parts, entry in wanted.items():
        if parts[: len(top)] == top:
            path = target.joinpath(*parts[len(top) :])
            path.parent.mkdir(parents=True, exist_ok=True)
            left -= _copy(archive, entry, path, min(left, bounds.one), name)


def _top(names: list[tuple[str, ...]], name: str) -> tuple[str, ...]:
    """Return the folder of tender.yaml, the highest if there are several."""
    tops = sorted((parts[:-1] for parts in names if parts[-1] == FILE), key=lambda top: (len(top), top))
    if not tops:
        raise _refused(name, message("aucun fichier {file} dans le ZIP", file=FILE))
    return tops[0]


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, most: int, name: str) -> int:
    size = 0
    with archive.open(entry) as stream, path.open("xb") as out:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > most:
                raise _refused(name, message("une fois décompressé, le ZIP serait démesuré"), path.name)
            out.write(piece)
    return size


def _refused(name: str, why: Message, read: str = "") -> Exception:
    remedy = message("Donner le ZIP d'un dossier de consultation (docs/formats.md), fait par un outil courant.")
    return plain.refusal("folder.zip", name, "", why, read, remedy)


def pack(files: Mapping[str, bytes | Path]) -> bytes:
    """Return a ZIP of files by path, in the order of their names, without clock: same files, same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content.read_bytes() if isinstance(content, Path) else content)
    return held.getvalue()
