"""Whatever the names of an export: no crash, nothing outside the folder, nothing lost."""

import tempfile
import warnings
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide import plain
from egide.errors import DataError
from egide.exchange.deposits import names
from egide.exchange.deposits.intake import import_deposits
from egide.exchange.deposits.intake_report import FILE, read
from egide.exchange.deposits.register import lots_in, moment
from exchange.deposits.test_deposits import TWO

WORDS = st.sampled_from(
    ["Pli 1 - ALPHA", "2_Beta", "Candidature", "Offre", "Lot 1", "lot 2", "Lot 9", "Variante 1", "Tour 2", "offre finale", "Plis hors délai",
     "Copie de sauvegarde", "..", ".", "", " ", "CON", "a.pdf", "BPU.xlsx", "x" * 300, "é" * 140 + ".pdf", "registre.csv", "q.zip", "n\0l", "C:",
     "q.p7s", "\u202e", "Lots 1 à 3", "-", "___", "(1)"]
)  # fmt: skip
PIECES = st.one_of(WORDS, st.text(max_size=12))
PATHS = st.lists(PIECES, min_size=1, max_size=6).map("/".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PATHS, min_size=1, max_size=8))
def test_any_names_are_filed_or_told(given_names):
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        folder = top / "dossier"
        folder.mkdir()
        written = {}
        with zipfile.ZipFile(top / "plis.zip", "w") as target, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, name in enumerate(given_names):
                safe_name = name.encode("utf-8", "replace").decode()
                body = f"body {number}".encode()
                target.writestr(zipfile.ZipInfo(safe_name), body)
                written[body] = zipfile.ZipInfo(safe_name).filename
        try:
            import_deposits(top / "plis.zip", folder, TWO)
        except DataError as refused:
            assert refused.findings  # noqa: PT017 (either way out is right)
            assert list(folder.iterdir()) == []
            return
        kept = {path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        clutter = (".ds_store", "._", "~$", "__macosx", "thumbs.db", "desktop.ini")
        for body, name in written.items():
            pieces = [piece for piece in name.replace("\\", "/").split("/") if piece]
            nothing = not pieces or name.endswith("/") or any(piece.lower().startswith(clutter) for piece in pieces)
            assert body in kept or nothing or not pieces[-1].strip(" ."), name
        assert sorted(path.name for path in top.iterdir()) == ["dossier", "plis.zip"]
        report = read(folder / FILE, FILE)
        assert plain.structure(plain.unstructure(report), type(report), "") == report


@given(st.text(max_size=60))
def test_any_text_may_be_read_as_a_name(text):
    names.folder(text)
    names.deposit(text)
    names.company(text)
    names.sort_of_file(text)
    names.version(text)
    lots_in(text)
    moment(text)
    safe = names.safe(text)
    assert safe == names.safe(safe)
    assert 0 < len(safe.encode()) <= names.MOST_BYTES
    assert names.identifier(text, {}).isascii()


@given(st.lists(st.text(max_size=6), max_size=12))
def test_no_two_paths_are_ever_the_same_on_any_system(wanted):
    places = names.Places()
    given_paths = [places.give(names.safe(each))[0] for each in wanted]
    assert len({each.casefold() for each in given_paths}) == len(wanted)
