"""What the web keeps of an evaluation is what the command line writes, byte for byte."""

import json
from dataclasses import replace
from datetime import date

import pytest

from egide import report
from egide.desk import consultation
from egide.desk.evaluation import of_consultation
from egide.report.record import Record
from egide.web.jobs import queue
from egide.web.tenders import models
from web.tenders.result import made

pytestmark = pytest.mark.once

ON = made.ON
EXAMPLES = ("pacs-ght", pytest.param("soc-ght", marks=pytest.mark.long))
OF_WORKBOOKS = ("fingerprint", "digest", "documents")


@pytest.mark.long
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_documents_are_those_of_the_folder(example, world, files):
    """Byte for byte. The web keeps marks and tenderers, not the files that brought them: these are not named."""
    made.example(world, example)
    given = consultation.of_folder(made.EXAMPLES / example)
    given = replace(given, marks=replace(given.marks, files=()), tenderers_in="tender.yaml")
    evaluation, found = of_consultation(given)
    assert made.contents(models.Result.objects.get()) == report.documents(
        Record(evaluation, tuple(found), "fr", date.fromisoformat(ON))
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_command_line_says_the_same(example, world, files, tmp_path):
    """The same documents, and all that evaluation.json says but what names the files of marks and of tenderers."""
    made.example(world, example)
    web = made.contents(models.Result.objects.get())
    line = made.command_line(example, ON, tmp_path / "out")
    assert web.keys() == line.keys()
    kept, written = (_read(each[report.JSON]) for each in (web, line))
    assert kept["record"]["marks"].pop("files") == []
    assert written["record"]["marks"].pop("files")
    assert kept == written


def _read(content):
    data = json.loads(content)
    data["record"].pop("fingerprint")
    for each in data["findings"]:
        each["file"] = each["file"].replace("tenderers.yaml", "tender.yaml")
    return {name: value for name, value in data.items() if name not in OF_WORKBOOKS}


def test_two_evaluations_of_the_same_state_give_the_same_files(world, files):
    row = made.example(world)
    first = models.Result.objects.get()
    second = made.evaluated(row, world.hospital.buyer, ON)
    assert (first.number, second.number) == (1, 2)
    assert made.contents(first) == made.contents(second)
    assert first.summary == second.summary
    assert parts(first) == parts(second)


def parts(result):
    found = models.ResultPart.objects.filter(result=result).order_by("kind", "lot", "name")
    return list(found.values_list("kind", "lot", "name", "data"))


def test_a_job_asked_twice_while_it_waits_is_one_job(world, files):
    row = made.loaded(world.hospital, "pacs-ght")
    asked = [queue.ask("evaluate", row.organisation, world.hospital.buyer, row, date=ON) for _ in range(2)]
    assert asked[0].pk == asked[1].pk


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_record_is_that_of_the_command_line(example, world, files, tmp_path):
    """Letters, report of the procedure, questions and register: the same bytes, from the same kept evaluation."""
    row = made.example(world, example)
    result = models.Result.objects.get()
    kept = tmp_path / "evaluation.json"
    kept.write_bytes(made.contents(result)[report.JSON])
    made.worked("record", row.organisation, world.hospital.buyer, row, date="2026-12-20")
    made.run(
        "record", "write", made.EXAMPLES / example, "-o", tmp_path / "out", "--evaluation", kept, "--date", "2026-12-20"
    )
    rows = models.Document.objects.filter(consultation=row, group="record").select_related("stored")
    assert made.bytes_of(rows) == {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()}
