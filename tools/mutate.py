"""Damage messy questionnaires in every way and read them: nothing may crash, hang or swell.

    python tools/mutate.py --count 10000 --seed 1

The seed files come from the generator of the tests (or from --seeds FOLDER); the same seed gives the same files.
Prints one summary line; exit 1 on any exception or any file over 10 s.
"""

import argparse
import io
import re
import resource
import struct
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from egide.clausier.model import Clausier  # noqa: E402
from egide.exchange.answers import read_answers  # noqa: E402
from exchange.messy import generate, small_clausier  # noqa: E402

SLOW = 10.0
"""Seconds from which a file counts as a failure."""
SWELL = 400.0
"""Megabytes that one file may add to the peak memory of the process before it counts as a failure."""
CAUGHT = "file.reader_failed"
"""The finding of the reader's last net: an exception under it is a crash all the same."""
ARCHIVES = {".xlsx", ".xlsm", ".ods", ".docx"}
Mutation = Callable[[Random, bytes, Sequence[bytes]], bytes]


# ------------------------------------------------------------------------------------------------------ any bytes
def truncated(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Keep the beginning only."""
    return data[: rng.randrange(len(data) + 1)]


def flipped(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Flip a few bits."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20, 100))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def spliced(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Put the end of another file after the beginning of this one."""
    other = rng.choice(others)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def repeated(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Write a fragment several times."""
    start, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    fragment = data[start : min(end, start + 400)]
    return data[:end] + fragment * rng.choice((1, 2, 50)) + data[end:]


STRANGE = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b'""', b"\r", b"\n\n\n", b";", b"\t", b"=1+1", b"\xe9", b"\xc3\x28"),
    *(b"\x1a", b"EG-001", b"O-9.1.1", b"oui", b"{", b"[", b"}" * 20, b"[" * 3000, b"\xf0\x9f\x92\xa3", b"\\ud800"),
    *(b"1e9999", b"NaN", b"-0", b"\xe2\x80\xae", b"=cmd|' /C calc'!A0", b"A" * 40000),
)


def stuffed(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Put strange bytes in."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(STRANGE) + data[at + rng.choice((0, 0, 1, 8)) :]
    return data


# --------------------------------------------------------------------------------------------------- members of zips
def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()


def _of_xml(rng: Random, members: dict[str, bytes]) -> str:
    """Choose a member, mostly those that hold cells."""
    names = [name for name in members if name.endswith((".xml", ".rels"))] or list(members)
    hot = [
        name
        for name in names
        if any(word in name for word in ("sheet", "content.xml", "document.xml", "hared", "workbook"))
    ]
    return rng.choice(hot if hot and rng.random() < 0.75 else names)


def member_damaged(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Damage the bytes of one member."""
    members = _members(data)
    name = _of_xml(rng, members)
    damage = rng.choice((truncated, flipped, repeated, stuffed))
    return _zipped(members | {name: damage(rng, members[name], others)})


def member_swapped(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Drop a member, or put one of another file in its place, or exchange two."""
    members = _members(data)
    name = rng.choice(list(members))
    fate = rng.randrange(4)
    if fate == 0:
        del members[name]
    elif fate == 1:
        members[name] = members[rng.choice(list(members))]
    elif fate == 2:
        members[rng.choice(("", "../", "/", "xl/", "C:\\")) + name] = members.pop(name)
    else:
        members |= _members(rng.choice([other for other in others if other[:2] == b"PK"]))
    return _zipped(members)


def _tags(body: bytes) -> list[tuple[int, int]]:
    """Return where each tag of an XML body begins and ends."""
    spans, end = [], 0
    while (start := body.find(b"<", end)) >= 0 and (end := body.find(b">", start) + 1) > 0:
        spans.append((start, end))
    return spans


def xml_rearranged(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Duplicate, move or drop a run of tags of a member."""
    members = _members(data)
    name = _of_xml(rng, members)
    body = members[name]
    spans = _tags(body)
    if len(spans) < 3:
        return flipped(rng, data, others)
    first = rng.randrange(len(spans) - 1)
    last = min(len(spans) - 1, first + rng.choice((0, 1, 3, 10, 60)))
    start, end = spans[first][0], spans[last][1]
    fragment, at = body[start:end], rng.choice(spans)[0]
    changed = rng.choice(
        (
            body[:end] + fragment * rng.choice((1, 1, 30)) + body[end:],
            body[:start] + body[end:],
            body[:at] + fragment + body[at:],
        )
    )
    return _zipped(members | {name: changed})


ELEMENTS = re.compile(
    rb"<(row|c|v|si|mergeCell|sheet|col|table:table-row|table:table-cell|text:p|table:table|w:tr|w:tc|w:p|w:t)\b[^>]*?"
    rb"(?:/>|>.*?</\1>)",
    re.DOTALL,
)


def element_moved(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Duplicate, move or drop whole rows, cells and texts: the XML stays well formed."""
    members = _members(data)
    name = _of_xml(rng, members)
    body = members[name]
    for _ in range(rng.randint(1, 6)):
        found = list(ELEMENTS.finditer(body))
        if not found:
            break
        one, other = rng.choice(found), rng.choice(found)
        body = rng.choice(
            (
                body[: one.start()] + body[one.end() :],
                body[: one.end()] + one[0] * rng.choice((1, 1, 40)) + body[one.end() :],
                body[: other.start()] + one[0] + body[other.start() :],
                body[: one.start()] + other[0] + body[one.end() :],
            )
        )
    return _zipped(members | {name: body})


VALUES = (
    *(
        b"",
        b"0",
        b"-1",
        b"1",
        b"99999999999999999999",
        b"1048576",
        b"16384",
        b"A1",
        b"XFD1048576",
        b"ZZZZ9",
        b"A0",
        b"s",
    ),
    *(
        b"inlineStr",
        b"str",
        b"e",
        b"b",
        b"n",
        b"d",
        b"NaN",
        b"rId1",
        b"../../etc/passwd",
        b"http://x.invalid/",
        b"1e308",
    ),
    *(
        b"1000000",
        b"2147483648",
        b"string",
        b"float",
        b"true",
        b"A1:XFD1048576",
        b"A1:A1",
        b"B2:A1",
        b"\xff",
        b"&#0;",
        b"&x;",
    ),
)


def attribute_changed(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Give attributes of a member other values."""
    members = _members(data)
    name = _of_xml(rng, members)
    parts = members[name].split(b'"')
    for _ in range(rng.choice((1, 2, 10))):
        if len(parts) > 2:
            parts[rng.randrange(len(parts) // 2) * 2 + 1] = rng.choice(VALUES)
    return _zipped(members | {name: b'"'.join(parts)})


TEXTS = (
    *(
        "",
        "?",
        "oui non",
        "NC",
        "\u202eoui",
        "EG-001 EG-002 EG-003",
        "O-9." * 200,
        "\U0001f4a3" * 50,
        "é" * 33000,
        "\u00a0",
    ),
    *("=1/0", "#REF!", "☒" * 500, "cf. § " * 300, "(" * 5000, "p. " * 2000, "-" * 4000, "1" * 5000, "annexe " * 2000),
    *("a." * 16000, "oui" + "\u00a0" * 32000 + "x", "?!" * 16000, "O-9." * 8000, "." * 32000),
    *("Oui, " * 3000, "sous réserve " * 500, "\u0301" * 3000, "ﷺ" * 100, "𝒪𝓊𝒾", "Ｏｕｉ", "٣", "\ufeffoui", "é" * 10),
)


def text_replaced(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Replace the text of some cells by random text."""
    members = _members(data)
    name = _of_xml(rng, members)
    body = members[name]
    for _ in range(rng.randint(1, 8)):
        inside = [(one[1], two[0]) for one, two in pairwise(_tags(body)) if one[1] < two[0]]
        if not inside:
            break
        start, end = rng.choice(inside)
        said = rng.choice(TEXTS) if rng.random() < 0.7 else _noise(rng)
        body = body[:start] + said.replace("&", "&amp;").replace("<", "&lt;").encode() + body[end:]
    return _zipped(members | {name: body})


def _noise(rng: Random) -> str:
    points = (
        rng.choice((rng.randrange(32, 127), rng.randrange(160, 0xD7FF), rng.randrange(0xE000, 0xFFFD)))
        for _ in range(40)
    )
    return "".join(map(chr, points))


def sizes_lied(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Write false sizes in the directory of the zip."""
    changed = bytearray(data)
    places = [at for at in range(len(data) - 46) if data[at : at + 4] == b"PK\x01\x02"]
    for at in rng.sample(places, min(len(places), 2)):
        struct.pack_into(
            "<I", changed, at + rng.choice((16, 20, 24, 42)), rng.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 10**6))
        )
    return bytes(changed)


PLAIN: tuple[Mutation, ...] = (truncated, flipped, spliced, repeated, stuffed)
ZIPPED: tuple[Mutation, ...] = (
    *(truncated, flipped, spliced, stuffed, sizes_lied, member_damaged, member_damaged, member_swapped, member_swapped),
    *(xml_rearranged,) * 2,
    *(attribute_changed,) * 5,
    *(element_moved,) * 6,
    *(text_replaced,) * 5,
)


# -------------------------------------------------------------------------------------------------------- the run
@dataclass
class Tally:
    """What the run has seen."""

    read: int = 0
    crashes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    hungriest: tuple[float, str] = (0.0, "")
    peak: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def failed(self) -> bool:
        """Whether anything must be mended."""
        return bool(self.crashes or self.failures)


def peak(*, fresh: bool = False) -> float:
    """Return the peak memory of this process in megabytes, `fresh` from now on where the system allows it."""
    if fresh:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def mutated(rng: Random, seeds: Sequence[tuple[str, bytes]]) -> tuple[str, str, bytes]:
    """Return the name of the seed file, what was done to it and the damaged bytes."""
    name, data = rng.choice(seeds)
    everything = [content for _, content in seeds]
    done = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        zipped = Path(name).suffix in ARCHIVES and zipfile.is_zipfile(io.BytesIO(data))
        mutation = rng.choice(ZIPPED if zipped else PLAIN)
        try:
            data = mutation(rng, data, everything)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, struct.error):
            data = flipped(rng, data, everything)  # too damaged already to be opened by this tool
        except Exception as error:  # zlib.error and others that zipfile lets through
            if type(error).__name__ != "error":
                raise
            data = flipped(rng, data, everything)
        done.append(mutation.__name__)
    return name, "+".join(done), data


def run(count: int, seed: int, seeds: Sequence[Path], folder: Path, keep: Path | None = None) -> Tally:
    """Read `count` mutated files and return what was seen; files that fail are kept in `keep`."""
    contents = [(path.name, path.read_bytes()) for path in seeds]
    clausier, tally = small_clausier(), Tally()
    for number in range(count):
        name, done, data = mutated(Random(f"{seed}-{number}"), contents)  # noqa: S311 a draw for tests
        path = folder / f"mutated{Path(name).suffix}"
        path.write_bytes(data)
        label = f"{number} {name} {done}"
        if not read(path, label, clausier, tally) and keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{seed}-{number}-{name}").write_bytes(data)
    return tally


def read(path: Path, label: str, clausier: Clausier, tally: Tally) -> bool:
    """Read one file, note what it took and return whether all went well."""
    before, start, fine = peak(fresh=True), time.perf_counter(), True
    try:
        reading = read_answers(path, path.name, clausier)
        tally.outcomes["answered" if reading.answers else "read" if reading.readable else "refused"] += 1
        broken = [each for each in reading.findings if each.code == CAUGHT]
        if broken:
            fine = False
            tally.crashes.append(f"{label}: caught by the last net: {broken[0].read} {broken[0].understood}")
        if not reading.answers and not reading.findings:
            fine = False
            tally.failures.append(f"{label}: neither an answer nor a finding")
    except Exception:  # this is what is looked for
        fine = False
        tally.crashes.append(f"{label}\n{traceback.format_exc(limit=-4)}")
    took, grown = time.perf_counter() - start, peak() - before
    tally.read += 1
    tally.peak = max(tally.peak, before + grown)
    tally.slowest = max(tally.slowest, (took, label))
    tally.hungriest = max(tally.hungriest, (grown, label))
    if took > SLOW or grown > SWELL:
        fine = False
        tally.failures.append(f"{label}: {took:.1f} s, {grown:.0f} MB more")
    return fine


def seed_files(folder: Path, number: int) -> list[Path]:
    """Write `number` messy files and return them."""
    return [generate(seed, folder).path for seed in range(number)]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Read damaged questionnaires and count crashes.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=Path, help="folder of seed files (default: 120 made by the generator)")
    parser.add_argument("--keep", type=Path, help="folder for the files that fail")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if options.seeds:
            seeds = sorted(path for path in options.seeds.rglob("*") if path.is_file())
        else:
            seeds = seed_files(folder, 120)
        start = time.perf_counter()
        tally = run(options.count, options.seed, seeds, folder, options.keep)
        took = time.perf_counter() - start
    for told in [*tally.crashes[:20], *tally.failures[:20]]:
        print(told, file=sys.stderr)
    print(
        f"mutate: {tally.read} files, {len(tally.crashes)} crashes, {len(tally.failures)} other failures, "
        f"{dict(sorted(tally.outcomes.items()))}, {took:.0f} s in all, "
        f"slowest {tally.slowest[0]:.2f} s ({tally.slowest[1]}), peak {tally.peak:.0f} MB, "
        f"largest growth {tally.hungriest[0]:.0f} MB ({tally.hungriest[1]})"
    )
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
