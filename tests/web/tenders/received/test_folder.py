"""The folder laid out for a reading: no reader can change the bytes that are kept."""

import os

import pytest

from egide.web.files import store


@pytest.fixture
def kept(files):
    return store.path(store.keep([b"offre"]).sha256)


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
