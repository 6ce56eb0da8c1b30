"""A consultation folder as one ZIP."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.errors import DataError
from egide.exchange.folder_zip import EPOCH, Bounds, pack, unpack

TENDER = {"tender.yaml": b"format: 1\n"}


def zipped(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "dossier.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content)
    return path


def unpacked(folder: Path, source: Path, bounds: Bounds = Bounds()) -> dict[str, bytes]:
    target = folder / "target"
    target.mkdir()
    unpack(source, target, bounds)
    return {each.relative_to(target).as_posix(): each.read_bytes() for each in target.rglob("*") if each.is_file()}


def test_the_folder_of_tender_yaml_becomes_the_top_and_clutter_stays_out(tmp_path):
    files = {f"Mon dossier/{name}": content for name, content in TENDER.items()}
    files |= {
        "Mon dossier/bids/a/lot-1/réponse.csv": b"x",
        "__MACOSX/Mon dossier/._tender.yaml": b"m",
        "ailleurs.txt": b"y",
    }
    assert unpacked(tmp_path, zipped(tmp_path, files)) == {**TENDER, "bids/a/lot-1/réponse.csv": b"x"}


@given(
    files=st.dictionaries(
        st.from_regex(r"[a-z]{1,6}(/[a-z]{1,6}){0,2}\.txt", fullmatch=True), st.binary(max_size=50), max_size=6
    )
)
def test_what_is_packed_comes_back_and_always_as_the_same_bytes(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("zip")
    whole = {**files, **TENDER}
    path = folder / "dossier.zip"
    path.write_bytes(pack(whole))
    assert pack(dict(reversed(whole.items()))) == path.read_bytes()
    assert unpacked(folder, path) == whole


@pytest.mark.parametrize("name", ["../dehors.txt", "/dehors.txt", "a/../../dehors.txt", "C:\\dehors.txt"])
def test_a_path_out_of_the_folder_is_refused_and_nothing_is_written_outside(tmp_path, name):
    with pytest.raises(DataError) as refused:
        unpacked(tmp_path, zipped(tmp_path, {**TENDER, name: b"x"}))
    assert refused.value.findings[0].code == "folder.zip"
    assert not list(tmp_path.rglob("dehors.txt"))


def test_a_link_a_double_and_a_zip_without_tender_are_refused(tmp_path):
    link = zipfile.ZipInfo("lien", EPOCH)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("tender.yaml", b"format: 1")
        archive.writestr(link, b"/etc/passwd")
    for number, content in enumerate((held.getvalue(), pack({"autre.yaml": b"x"}), b"pas un zip", b"")):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "dossier.zip"
        path.write_bytes(content)
        with pytest.raises(DataError):
            unpacked(folder, path)


@pytest.mark.parametrize("bounds", [Bounds(files=1), Bounds(total=1000), Bounds(one=1000)])
def test_what_would_be_too_much_once_unpacked_is_refused(tmp_path, bounds):
    path = tmp_path / "dossier.zip"
    path.write_bytes(pack({**TENDER, "gros.txt": bytes(2000)}))
    with pytest.raises(DataError):
        unpacked(tmp_path, path, bounds)


def test_a_damaged_zip_is_refused(tmp_path):
    content = bytearray(pack({**TENDER, "a.txt": b"abc" * 500}))
    content[60:80] = bytes(20)
    path = tmp_path / "dossier.zip"
    path.write_bytes(bytes(content))
    with pytest.raises(DataError):
        unpacked(tmp_path, path)
