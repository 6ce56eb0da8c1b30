"""The commands that start the web face as a process of its own: what they give it, and how they end."""

import json
import subprocess
import sys

import pytest

PROBE = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "settings": {name: os.environ[name] for name in os.environ if name.startswith("EGIDE_") or name == "DATABASE_URL"}}))
sys.exit(CODE)
"""


@pytest.fixture
def egide(tmp_path):
    """A function: arguments -> (exit code, what the web face was given). A package `egide.web` stands in for ours."""

    def run(*arguments, code=0, **settings):
        stand_in = tmp_path / "egide_stand_in.py"
        stand_in.write_text(PROBE.replace("CODE", str(code)), "utf-8")
        begin = (
            "import sys, subprocess; real = subprocess.Popen\n"
            f"subprocess.Popen = lambda command, **more: real([command[0], {str(stand_in)!r}, *command[3:]], **more)\n"
            "from egide.cli import main; main(sys.argv[1:])"
        )
        done = subprocess.run(
            [sys.executable, "-c", begin, *arguments], check=False, capture_output=True, text=True, cwd=tmp_path,
            env={"PATH": "/usr/bin", "DATABASE_URL": "postgres://reel/base", **settings}, timeout=60,
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout + done.stderr

    return run


def test_serve_keeps_the_settings_of_the_place(egide):
    code, given = egide("serve", "--port", "8123", "--address", "0.0.0.0", EGIDE_HOSTS="egide.hopital.example")  # noqa: S104
    assert code == 0
    assert given["arguments"] == ["serve", "--lang=fr", "--address=0.0.0.0", "--port=8123", "--processes=2"]
    assert given["settings"] == {"DATABASE_URL": "postgres://reel/base", "EGIDE_HOSTS": "egide.hopital.example"}


def test_demo_has_a_folder_of_its_own_and_never_the_database_of_the_place(egide, tmp_path):
    code, given = egide("--lang", "en", "demo", "--fresh", EGIDE_DATA="/var/lib/egide")
    assert code == 0
    assert given["arguments"][:2] == ["demo", "--lang=en"]
    assert "--fresh" in given["arguments"]
    assert given["settings"] == {"EGIDE_DATA": str(tmp_path / "egide-demo"), "EGIDE_DEMO": "oui"}


@pytest.mark.parametrize("code", [0, 1, 2])
def test_they_end_as_the_web_face_ends(egide, code):
    assert egide("serve", code=code)[0] == code


def test_a_port_that_is_none_is_a_wrong_usage(egide):
    assert egide("serve", "--port", "123456")[0] == 2
    assert egide("demo", "--port", "huit")[0] == 2
