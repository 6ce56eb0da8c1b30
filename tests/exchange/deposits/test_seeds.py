"""The importer against the truth of many fictitious exports."""

import sys
import time

import pytest
import yaml

from egide.exchange.deposits.intake import import_deposits
from egide.exchange.deposits.names import identifier
from egide.finding import Severity
from exchange.platform_exports import Export, export, found


def names_of(made: Export) -> dict[str, str]:
    companies = {each.company for each in made.sent}
    return {identifier(company, {}): company for company in companies}


def check(seed: int, tmp_path, *, zipped: bool) -> Export:
    made = export(seed)
    source = made.zip(tmp_path / "plis.zip", old_names=seed % 3 == 0) if zipped else made.folder(tmp_path / "plis")
    register = tmp_path / made.register_name
    register.write_bytes(made.register)
    folder = tmp_path / "dossier"
    folder.mkdir()
    done = import_deposits(source, folder, made.tender, register)
    assert [each for each in done.findings if each.severity is Severity.ERROR] == [], (seed, made.style)
    assert found(folder, names_of(made)) == made.truth, (seed, made.style)
    for number, bodies in made.sealed.items():
        late = next(each for each in made.sent if each.number == number).late
        kept = [
            path for path in (folder / ("late" if late else "safety-copies") / str(number)).rglob("*") if path.is_file()
        ]
        assert {path.read_bytes() for path in kept} == bodies, (seed, made.style)
    deposits = yaml.safe_load((folder / "deposits.yaml").read_text())["deposits"]
    assert [each["number"] for each in deposits] == [str(each.number) for each in made.sent]
    assert not (folder / ".import").exists()
    return made


@pytest.mark.parametrize("seed", range(60))
def test_every_file_goes_where_the_truth_says(seed, tmp_path):
    check(seed, tmp_path, zipped=seed % 2 == 0)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(60, 560))
def test_every_file_goes_where_the_truth_says_many_times(seed, tmp_path):
    check(seed, tmp_path, zipped=seed % 2 == 0)


def test_fifty_deposits_of_twenty_files_are_imported_quickly(tmp_path, capsys):
    made = export(7, companies=33, files=10)
    assert len(made.sent) >= 50
    source = made.zip(tmp_path / "plis.zip")
    register = tmp_path / made.register_name
    register.write_bytes(made.register)
    folder = tmp_path / "dossier"
    folder.mkdir()
    start = time.process_time()
    done = import_deposits(source, folder, made.tender, register)
    spent = time.process_time() - start
    files = sum(len(each.files) for each in done.report.deposits)
    with capsys.disabled():
        sys.stdout.write(f" [{len(made.sent)} dépôts, {files} fichiers : {spent:.2f} s de calcul] ")
    assert files >= 1_000
    assert spent < 5
