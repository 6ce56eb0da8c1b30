"""The guide of who runs the product says what the code does."""

import re

from django.core.management import get_commands

from egide.web.environment import VARIABLES
from web.home.processes import ROOT

GUIDE = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_that_of_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*?)`|\(vide\)) \| (.*) \|$", GUIDE, re.M)
    assert rows == [(each.name, each.default, each.says.fr) for each in VARIABLES]


def test_every_setting_named_in_the_guide_exists():
    assert set(re.findall(r"\b(?:EGIDE_[A-Z_]+[A-Z]|DATABASE_URL)\b", GUIDE)) <= {each.name for each in VARIABLES}


def test_every_command_named_in_the_guide_exists():
    named = set(re.findall(r"egide\.web (\w+)", GUIDE))
    assert {"migrate", "backup", "found"} <= named
    assert named <= set(get_commands())
    for verb in re.findall(r"make ([a-z-]+)", GUIDE):
        assert re.search(rf"^{verb}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M), verb
