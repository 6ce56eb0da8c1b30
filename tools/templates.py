"""Templates of pages: each compiles, and holds nothing that the security policy of the pages would refuse.

usage: python tools/templates.py check
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).parent.parent / "src" / "egide" / "web"
REFUSED = (
    ("inline style", re.compile(r"\sstyle\s*=", re.IGNORECASE)),
    ("style element", re.compile(r"<style\b", re.IGNORECASE)),
    ("inline script", re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE)),
    ("event attribute", re.compile(r"\s(?:on[a-z]{3,}|hx-on[\w:.-]*)\s*=", re.IGNORECASE)),
    ("script address", re.compile(r"javascript:", re.IGNORECASE)),
    ("address elsewhere", re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\s(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE)),
    ("text not escaped", re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off")),
)  # fmt: skip


def templates() -> list[Path]:
    """Return the templates of pages."""
    return sorted(WEB.glob("**/templates/**/*.html"))


def refused(text: str) -> Iterator[str]:
    """Yield what a template may not hold, with its line."""
    for number, line in enumerate(text.splitlines(), 1):
        for name, pattern in REFUSED:
            if pattern.search(line):
                yield f"{number}: {name}"


def not_compiled(path: Path) -> str:
    """Return why a template does not compile; nothing when it does. Django is set up."""
    from django.template import TemplateSyntaxError, engines

    try:
        engines["django"].from_string(path.read_text(encoding="utf-8"))
    except TemplateSyntaxError as fault:
        return str(fault)
    return ""


def main(arguments: list[str]) -> int:
    """Check all."""
    if arguments != ["check"]:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("EGIDE_DATA", scratch)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide.web.settings")
        import django

        django.setup()
        faults = [
            f"{path.relative_to(WEB)}:{fault}"
            for path in templates()
            for fault in (*refused(path.read_text(encoding="utf-8")), *filter(None, [not_compiled(path)]))
        ]
    print("\n".join(faults) or f"templates: {len(templates())} compile, none refused by the policy")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
