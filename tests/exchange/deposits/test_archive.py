"""A damaged entry costs itself alone, whatever its compression; a fault of writing is never taken for its damage."""

import errno
import io
import zipfile
from pathlib import Path

import pytest

from egide.exchange.deposits import archive

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
CONTENT = bytes(range(256)) * 40


def zipped(method: int, damage: int = -1) -> bytes:
    """Two files; `damage` is a place, in the bytes of the first one, that is overwritten."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as made:
        made.writestr("Pli 1/abime.bin", CONTENT)
        made.writestr("Pli 1/sain.bin", CONTENT)
        entry = made.getinfo("Pli 1/abime.bin")
    data = bytearray(memory.getvalue())
    if damage >= 0:
        start = 30 + len(entry.filename)
        place = start + damage % entry.compress_size
        data[place : place + 6] = b"\xff\x00\xff\x00\xff\x00"
    return bytes(data)


@pytest.mark.parametrize("damage", [0, 2, 5, 9, 40, 200])
@pytest.mark.parametrize("method", METHODS)
def test_a_damaged_entry_is_told_and_the_others_are_kept(tmp_path, method, damage):
    source, store = tmp_path / "plis.zip", tmp_path / "store"
    store.mkdir()
    source.write_bytes(zipped(method, damage))
    unpacked = archive.read_source(source, store)
    assert [item.path for item in unpacked.items] == ["Pli 1/sain.bin"]
    assert [left.path for left in unpacked.left] == ["Pli 1/abime.bin"]
    assert [path.read_bytes() for path in store.iterdir()] == [CONTENT]
    (finding,) = unpacked.findings
    assert "abîmée" in str(finding.understood)


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_full_disk_is_not_a_damaged_file(tmp_path, monkeypatch, kind):
    source, store = tmp_path / "plis", tmp_path / "store"
    store.mkdir()
    if kind == "zip":
        source.write_bytes(zipped(zipfile.ZIP_DEFLATED))
    else:
        (source / "Pli 1").mkdir(parents=True)
        (source / "Pli 1/sain.bin").write_bytes(CONTENT)
    opened = Path.open

    def full(path: Path, mode: str = "r", *more: object):
        if "x" in mode:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return opened(path, mode, *more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space left"):
        archive.read_source(source, store)
