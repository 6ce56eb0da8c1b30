"""The page without network: one file, nothing from elsewhere, whatever the texts hold."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from egide import plain
from egide.exchange import offline_page
from egide.exercise.making import digest
from egide.exercise.script import Script
from egide.message import Text
from exercise import plays

NASTY = Text("</script><script>alert(1)</script><!-- \u2028 & {data} ]]>", '"; alert(1); //')
SCRIPT = plays.script(plays.item("ALE-01"), replace(plays.item("ALE-02", 10), title=NASTY, text=NASTY))


class Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts and styles."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text, self.open = [], {}, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.open = tag in {"script", "style"}

    def handle_endtag(self, tag):
        self.open = False

    def handle_data(self, data):
        if self.open:
            self.text.setdefault(len(self.found) - 1, []).append(data)


@pytest.fixture(scope="module")
def page():
    return offline_page.content(SCRIPT, "fr").decode()


def test_it_holds_the_script_as_data_and_nothing_else_runs(page):
    elements = Elements(page)
    blocks = [(attributes, "".join(elements.text.get(number, []))) for number, (tag, attributes) in enumerate(elements.found) if tag == "script"]  # fmt: skip
    assert [attributes for attributes, _ in blocks] == [{"type": "application/json", "id": "exercise"}, {}]
    data = json.loads(blocks[0][1])
    assert plain.structure(data["script"], Script, "page") == SCRIPT
    assert data["digest"] == digest(SCRIPT)
    for kind, text in (("script", blocks[1][1]), ("style", page.split('<style id="style">')[1].split("</style>")[0])):
        assert f"{kind}-src 'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in page


def test_it_needs_nothing_from_elsewhere(page):
    elements = Elements(page)
    assert not [each for each in elements.found if {"src", "href", "onclick", "style"} & each[1].keys()]
    assert not re.search(r"https?://|@import|url\(", page)
    policy = next(each["content"] for _, each in elements.found if each.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    assert "connect-src" not in policy


def test_same_script_same_bytes_in_both_languages():
    for language in ("fr", "en"):
        assert offline_page.content(SCRIPT, language) == offline_page.content(SCRIPT, language)
        assert f'<html lang="{language}">' in offline_page.content(SCRIPT, language).decode()


def test_every_word_that_the_page_asks_for_is_there_in_both_languages():
    code = "".join((offline_page.FOLDER / name).read_text(encoding="utf-8") for name in offline_page.PARTS)
    told = offline_page.words()
    assert all(each.fr and each.en for each in told.values())
    asked = set(re.findall(r'word\("([a-z_]+)"', code))
    assert asked - told.keys() == set()
    for key in asked:
        assert re.findall(r"\{\w+\}", told[key].fr).sort() == re.findall(r"\{\w+\}", told[key].en).sort()
    for section in ("prepare", "lead", "observe", "log", "results", "yes", "partial", "no", "unseen"):
        assert section in told


def test_the_code_never_reads_a_text_as_html():
    code = "".join((offline_page.FOLDER / name).read_text(encoding="utf-8") for name in offline_page.PARTS)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|fetch\(|XMLHttp|import\(", code
    )
