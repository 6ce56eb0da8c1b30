"""The file of an establishment: template, examples, and what is wrong in it."""

from pathlib import Path

import pytest

from egide import reference
from egide.errors import DataError
from egide.exchange import exercise_file
from egide.exercise.module import Setting

LIBRARY = reference.exercises()
EXAMPLES = Path(__file__).parents[2] / "examples" / "exercise"


@pytest.fixture
def read(tmp_path):
    """A function: text -> establishment and findings."""

    def reading(text):
        path = tmp_path / "e.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return exercise_file.read(path, path.name, LIBRARY)

    return reading


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_are_read_whole(path):
    house, found = exercise_file.read(path, path.name, LIBRARY)
    assert found == []
    assert "fictif" in house.name
    assert house.directory.people


@pytest.mark.parametrize("setting", Setting)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_template_is_read_once_it_has_a_name(read, setting, language):
    needed = [LIBRARY.function[code] for code in reference.crisis().needed[setting]]
    text = exercise_file.template(LIBRARY, setting, needed, language)
    with pytest.raises(DataError) as refused:
        read(text)
    assert [each.code for each in refused.value.findings] == ["establishment.name"]
    house, found = read(text.replace('name: ""', "name: Chez nous (fictif)", 1))
    assert (house.setting, house.texts, house.directory.people) == (setting, {}, ())
    assert [each.code for each in found] == ["establishment.examples"]


def test_every_unknown_code_and_every_long_word_is_said_at_once(read):
    with pytest.raises(DataError) as refused:
        read(
            f"setting: home\nname: {'x' * 400}\nvalues: {{moon: a}}\nseats: {{throne: b}}\ndirectory: {{people: [{{function: king, name: c}}]}}\n"
        )
    assert [(each.code, each.place) for each in refused.value.findings] == [
        ("establishment.code", "values"), ("establishment.code", "seats"), ("establishment.code", "directory.people"), ("establishment.long", "name"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "a: &x 1\nb: *x",
        "setting: moon\nname: a",
        "name: a",
        "- 1",
        b"\0\1\2",
        "setting: home\nname: a\nwho: b",
    ],
)
def test_what_is_no_such_file_is_refused(read, text):
    with pytest.raises(DataError) as refused:
        read(text)
    assert refused.value.findings


def test_a_word_is_one_line(read):
    house, _ = read('setting: home\nname: A\nvalues: {record: "Log\\n  du jour"}\n')
    assert house.texts["record"].fr == "Log du jour"


@pytest.mark.parametrize("hours", [-5, 10**14])
def test_a_delay_that_no_policy_gives_is_refused(read, hours):
    with pytest.raises(DataError) as refused:
        read(f"setting: home\nname: A\ndirectory: {{insurance: {{insurer: X, hours: {hours}}}}}\n")
    assert [each.code for each in refused.value.findings] == ["establishment.hours"]
