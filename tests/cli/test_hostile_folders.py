"""Folders whose texts were damaged in every way: a command ends with 0 or 1 and words, never with a traceback."""

import copy
import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from egide.cli import main

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "soc-ght"
STRANGE: tuple[Any, ...] = (
    *("", None, "0", "-1", "1e999999", "1e-999999", "NaN", "Infinity", "9" * 400, "9" * 5000, "1/3", "²", "true"),
    *("../x", "/etc/passwd", "a/b", "CON", "x" * 300, "lot 1", "\u202eabc", "a\u200bb", "{places}", "{0}", "%s"),
    *("=cmd|' /C calc'!A0", "#set page(fill: red)", "<w:t>x</w:t>", "]]>", "*gras* $x$ @ref #let", "a\nb", "\x1b[31m"),
    *("2026-02-30", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59+00:00", "2026-11-03T12:00", "2026-W10-1"),
    *("lot-1", "vigiluna", "rssi", "EG-066", "T1", "month", "adapted", "direct", "dialogue", "rank", "harmonisation"),
    *([], {}, [[]], ["x"], [None], {"a": "b"}, ["lot-1", "lot-1"], [{}], [{"id": "x"}]),
)
COMMANDS = {
    "tender.yaml": (("tender", "check", "{folder}"), ("record", "check", "{folder}", "--json"), ("clausier", "export", "--dce", "{out}", "--tender", "{folder}"), ("evaluate", "{folder}", "-o", "{out}"), ("record", "write", "{folder}", "-o", "{out}")),
    "tenderers.yaml": (("record", "check", "{folder}", "--json"), ("evaluate", "{folder}", "-o", "{out}"), ("bids", "doubts", "{folder}", "-o", "{out}")),
    "journal.yaml": (("record", "check", "{folder}", "--json"), ("record", "write", "{folder}", "-o", "{out}"), ("record", "decp", "{folder}", "-o", "{out}")),
    "deposits.yaml": (("record", "check", "{folder}", "--json"), ("evaluate", "{folder}", "-o", "{out}")),
}  # fmt: skip


class _Text(yaml.SafeLoader):
    """Every scalar is text, as the program reads it."""


_Text.yaml_implicit_resolvers = {}


def _places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [*([at] if at else []), *(place for key, value in inside for place in _places(value, (*at, key)))]


def damaged(rng: Random, data: Any) -> Any:
    """Return a copy with one to three values replaced, lost or doubled; each section is as likely as another."""
    data = copy.deepcopy(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        places = _places(data)
        section = rng.choice(sorted({str(place[0]) for place in places}))
        place = rng.choice([each for each in places if str(each[0]) == section])
        within = data
        for key in place[:-1]:
            within = within[key]
        what = rng.randrange(6)
        if what == 0:
            del within[place[-1]]
        elif what == 1 and isinstance(within, list):
            within.append(copy.deepcopy(within[place[-1]]))
        else:
            within[place[-1]] = copy.deepcopy(rng.choice(STRANGE))
        if not data:
            break
    return data


@pytest.mark.long
@pytest.mark.parametrize("name", COMMANDS)
def test_a_damaged_text_never_crashes_a_command(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "folder", tmp_path / "out"
    shutil.copytree(EXAMPLE, folder)
    whole = yaml.load((EXAMPLE / name).read_text(encoding="utf-8"), Loader=_Text)  # noqa: S506 (text scalars only)
    rng = Random(name)  # noqa: S311
    for number in range(25):
        text = yaml.safe_dump(damaged(rng, whole), allow_unicode=False, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")
        for command in rng.sample(COMMANDS[name], 2):
            shutil.rmtree(out, ignore_errors=True)
            out.unlink(missing_ok=True)
            arguments = [part.format(folder=folder, out=out) for part in command]
            try:
                main(arguments)
                code: object = 0
            except SystemExit as ended:
                code = ended.code or 0
            said = capsys.readouterr()
            assert code in {0, 1}, (number, command, code)
            assert said.out or said.err
            if "--json" in command:
                json.loads(said.out)
