"""What a file really is, decided by its bytes, and whether it may be opened at all.

Nothing here trusts a name, an extension or a declared size. What goes further is either text or a set of XML parts
that were counted, checked and copied: the reader that follows never meets the archive that was sent.
"""

import hashlib
import io
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from egide.finding import Finding, Severity
from egide.message import Message, message

MAX_FILE = 30_000_000
MAX_UNPACKED = 300_000_000
MAX_PART = 150_000_000
MAX_ENTRIES = 2_000
MAX_RATIO = 200
RATIO_FROM = 20_000_000
"""A small archive may be very compressible and harm nobody; the ratio is judged from this unpacked size."""


class Kind(StrEnum):
    """The forms that can be read."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    DOCX = "docx"
    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True)
class Content:
    """A file that may be read: its kind, its bytes (nothing for an archive) and the checked parts of an archive."""

    kind: Kind
    data: bytes = b""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()


class Refused(Exception):
    """The file cannot be used; `code` is a key of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_SEND_SHEET = message("Renvoyer le questionnaire au format tableur (.xlsx ou .ods), rempli dans le fichier fourni.")
_SEND_AGAIN = message("Ouvrir le fichier, l'enregistrer au format .xlsx ou .ods, et le renvoyer.")

REFUSALS: Mapping[str, tuple[Message, Message]] = {
    "file.absent": (message("le fichier n'est pas un fichier ordinaire lisible"), _SEND_SHEET),
    "file.empty": (message("le fichier est vide (0 octet)"), _SEND_SHEET),
    "file.too_big": (
        message("le fichier dépasse {limit} Mo : il n'a pas été ouvert", limit=MAX_FILE // 1_000_000),
        message("Renvoyer le questionnaire seul, sans image ni pièce incorporée."),
    ),
    "file.bomb": (
        message("une fois décompressé, le fichier serait démesuré : il n'a pas été ouvert"),
        _SEND_AGAIN,
    ),
    "file.pdf": (
        message("le fichier est un PDF : ses réponses ne peuvent pas être lues cellule par cellule"),
        _SEND_SHEET,
    ),
    "file.html": (message("le fichier est une page web, quel que soit son nom"), _SEND_AGAIN),
    "file.encrypted": (
        message("le fichier est protégé par un mot de passe à l'ouverture"),
        message("Renvoyer le fichier sans mot de passe d'ouverture."),
    ),
    "file.corrupt": (message("le fichier est tronqué ou abîmé : il ne peut pas être ouvert"), _SEND_AGAIN),
    "file.entities": (
        message("le fichier contient des déclarations XML (DOCTYPE, ENTITY) refusées par sûreté"),
        _SEND_AGAIN,
    ),
    "file.archive": (
        message("le fichier est une archive de fichiers"),
        message("Déposer les fichiers un par un, hors de l'archive."),
    ),
    "file.document": (
        message("le fichier est un document texte dans un format qui n'est pas lu (.doc, .odt, .rtf)"),
        _SEND_SHEET,
    ),
    "file.xlsb": (message("le fichier est un classeur binaire (.xlsb)"), _SEND_AGAIN),
    "file.reader_failed": (
        message("le programme n'a pas su lire ce fichier : la faute est au programme, non au soumissionnaire"),
        message(
            "Signaler le fichier aux auteurs du programme et, en attendant, recopier les réponses dans le questionnaire."
        ),
    ),
    "file.unknown": (message("la nature du fichier n'est pas reconnue"), _SEND_SHEET),
}


def refusal(code: str, name: str) -> Finding:
    """Return the finding of a file that cannot be used."""
    understood, remedy = REFUSALS[code]
    return Finding(code, Severity.ERROR, understood, remedy, name)


def load(path: Path, name: str) -> Content:
    """Return what may be read of the file. Raises Refused."""
    data = read_bytes(path)
    if data.startswith(b"PK\x03\x04"):
        return _archive(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data, name)
    return _text(data)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of an ordinary file of bearable size. Raises Refused."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Refused("file.absent")
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
    except OSError:
        raise Refused("file.absent") from None
    if not data:
        raise Refused("file.empty")
    if len(data) > MAX_FILE:
        raise Refused("file.pdf" if data.startswith(b"%PDF") else "file.too_big")
    return data


def sha256(path: Path) -> str:
    """Return the fingerprint of a file of any size, empty if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


# ------------------------------------------------------------------------------------------------------------ archives
_WORKBOOK, _DOCUMENT, _ODF = "xl/workbook.xml", "word/document.xml", "content.xml"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_XML = (".xml", ".rels")


def text_parts(path: Path) -> Mapping[str, bytes]:
    """Return the checked XML parts of an office document of any kind, a text of OpenDocument too. Raises Refused."""
    _, parts = _unpack(read_bytes(path))
    _refuse_declarations(parts)
    return parts


def _archive(data: bytes, name: str) -> Content:
    names, parts = _unpack(data)
    if any(part.startswith("META-INF/") and b"encryption-data" in parts[part] for part in parts):
        raise Refused("file.encrypted")
    kind = _archive_kind(names, parts)
    _refuse_declarations(parts)
    return Content(kind, b"", parts, tuple(_archive_notes(names, name)))


def _archive_kind(names: list[str], parts: Mapping[str, bytes]) -> Kind:
    if _WORKBOOK in parts:
        return Kind.XLSX
    if _DOCUMENT in parts:
        return Kind.DOCX
    if _ODF in parts:
        if parts.get("mimetype", b"").startswith(_ODS_TYPE) or b"<office:spreadsheet" in parts[_ODF]:
            return Kind.ODS
        raise Refused("file.document")
    raise Refused("file.xlsb" if "xl/workbook.bin" in names else "file.archive")


BROKEN_ZIP = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
)
"""What opening or reading a ZIP raises when it is damaged, encrypted or of an unknown compression."""


def _unpack(data: bytes) -> tuple[list[str], dict[str, bytes]]:
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except BROKEN_ZIP:
        raise Refused("file.corrupt") from None
    _weigh(entries, len(data))
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in entries:
        if entry.filename.endswith(_XML) or entry.filename == "mimetype":
            parts[entry.filename] = _inflate(data, entry, min(left, MAX_PART))
            left -= len(parts[entry.filename])
    return [entry.filename for entry in entries], parts


def _weigh(entries: list[zipfile.ZipInfo], size: int) -> None:
    names = {entry.filename for entry in entries}
    if len(names) != len(entries):
        raise Refused("file.corrupt")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("file.encrypted")
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or total > max(RATIO_FROM, MAX_RATIO * size):
        raise Refused("file.bomb")


def _inflate(data: bytes, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """Return the real content of an entry, whatever its header declares."""
    start = entry.header_offset
    header = data[start : start + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Refused("file.corrupt")
    start += 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        body = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        body = _decompress(packed, limit)
    else:
        raise Refused("file.unknown")
    if len(body) > limit:
        raise Refused("file.bomb")
    if len(body) != entry.file_size or zlib.crc32(body) != entry.CRC:
        raise Refused("file.corrupt")
    return body


def _decompress(packed: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limit + 1)
    except zlib.error:
        raise Refused("file.corrupt") from None


def _refuse_declarations(parts: Mapping[str, bytes]) -> None:
    for name, body in parts.items():
        if name.endswith(_XML) and (
            b"<!DOCTYPE" in body or b"<!ENTITY" in body or body[:2] in {b"\xff\xfe", b"\xfe\xff"}
        ):
            raise Refused("file.entities")


def repack(parts: Mapping[str, bytes]) -> io.BytesIO:
    """Return an archive of the checked parts alone, in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, body in parts.items():
            archive.writestr(zipfile.ZipInfo(name), body)
    buffer.seek(0)
    return buffer


def _archive_notes(names: list[str], name: str) -> list[Finding]:
    notes = []
    if any(part.rpartition("/")[2].lower() == "vbaproject.bin" or part.startswith("Basic/") for part in names):
        notes.append(
            Finding(
                "file.macros",
                Severity.NOTE,
                message("le fichier contient des macros : elles n'ont pas été exécutées, les cellules ont été lues"),
                message("De préférence, renvoyer un fichier sans macro (.xlsx)."),
                name,
            )
        )
    if any(part.startswith("xl/externalLinks/") for part in names):
        notes.append(
            Finding(
                "file.external_links",
                Severity.NOTE,
                message("le fichier renvoie à d'autres classeurs : ils n'ont pas été ouverts"),
                message("Remplacer les liaisons par leurs valeurs."),
                name,
            )
        )
    return notes


# --------------------------------------------------------------------------------------------- old Office files and text
def _ole(data: bytes, name: str) -> Content:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise Refused("file.encrypted")
    if holds("Workbook") or holds("Book"):
        return Content(Kind.XLS, data, notes=(_old_format(name),))
    raise Refused("file.document" if holds("WordDocument") else "file.unknown")


def _old_format(name: str) -> Finding:
    return Finding(
        "file.old_format",
        Severity.NOTE,
        message(
            "ancien format .xls : les cellules ont été lues ; formules et cellules fusionnées ne sont pas contrôlées"
        ),
        message("De préférence, renvoyer le fichier au format .xlsx ou .ods."),
        name,
    )


_HTML = re.compile(
    rb"\A[\s\xef\xbb\xbf]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<table|<meta|MIME-Version:)",
    re.I | re.S,
)
_FOREIGN = {b"%PDF": "file.pdf", b"{\\rtf": "file.document", b"PK": "file.corrupt", b"\x1f\x8b": "file.archive",
            b"7z\xbc\xaf": "file.archive", b"Rar!": "file.archive", b"\xd0\xcf\x11\xe0": "file.corrupt"}  # fmt: skip
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def _text(data: bytes) -> Content:
    for magic, code in _FOREIGN.items():
        if data.startswith(magic):
            raise Refused(code)
    if b"%PDF-" in data[:1024]:
        raise Refused("file.pdf")
    flat = data.replace(b"\0", b"") if data.startswith(_UTF16) else data
    if _HTML.match(flat[2:4096] if flat.startswith(_UTF16) else flat[:4096]):
        raise Refused("file.html")
    if flat.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Refused("file.unknown")
    if not data.startswith(_UTF16) and _looks_binary(data):
        raise Refused("file.unknown")
    is_json = flat.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
    return Content(Kind.JSON if is_json else Kind.TEXT, data)


_CONTROLS = bytes(sorted(set(range(32)) - {9, 10, 11, 12, 13, 27, 28, 29, 30, 31} | {127}))


def _looks_binary(data: bytes) -> bool:
    even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
    if even + odd > len(data[:4096]) // 5 and (even == 0 or odd == 0):
        return False  # UTF-16 without its mark
    return len(data) != len(data.translate(None, _CONTROLS))
