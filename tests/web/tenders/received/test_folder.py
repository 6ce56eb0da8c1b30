"""The folder laid out for a reading: no reader can change the bytes that are kept."""

import os
from dataclasses import replace

import pytest

from egide.web.files import store


@pytest.fixture
def kept(files):
    return store.path(store.keep([b"offre"]).sha256)


def test_a_reading_keeps_the_clausier_that_the_consultation_took(pacs, monkeypatch):
    """Another version of the program has another clausier of its own."""
    from egide import reference
    from egide.desk.consultation import of_folder
    from egide.web.clauses.convert import clausier_of
    from egide.web.tenders import folder

    taken = clausier_of(pacs.clausier)
    with folder.laid_out(pacs) as place:
        assert not (place / folder.CLAUSIER).exists()
    later = replace(taken, version="99.0", themes=taken.themes[:-1])
    monkeypatch.setattr(reference, "clausier", lambda: later)
    with folder.laid_out(pacs) as place:
        assert of_folder(place).whole.digest == taken.digest != later.digest
        assert folder.CLAUSIER not in folder.kept_files(place)


def placed(kept, tmp_path):
    from egide.web.tenders import folder

    target = tmp_path / "copie.xlsx"
    folder._place(kept, target)
    return target


def test_a_service_that_cannot_write_them_shares_the_bytes(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    target = placed(kept, tmp_path)
    assert target.stat().st_ino == kept.stat().st_ino
    assert target.stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("why", ["root", "writable", "other disk"])
def test_in_doubt_they_are_copied(kept, tmp_path, monkeypatch, why):
    monkeypatch.setattr(os, "geteuid", lambda: 0 if why == "root" else 1000)
    if why == "writable":
        kept.chmod(0o600)
    if why == "other disk":
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError("cross-device")))
    target = placed(kept, tmp_path)
    assert target.stat().st_ino != kept.stat().st_ino
    target.write_bytes(b"autre")
    assert kept.read_bytes() == b"offre"
