"""The one catalogue of the project: extracted, compared, compiled. Also the build hook that puts it in the package.

usage: python tools/catalogue.py update | check | compile
French texts are the keys; `locale/en/LC_MESSAGES/django.po` is English, complete or the check fails.
Read in Python: message("..."), phrase("..."). Read in templates: {% say "..." %}, the only tag for texts there.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TOOLS = Path(__file__).parent
SOURCE = TOOLS.parent / "src" / "egide"
LOCALES = SOURCE / "locale"
KEYWORDS = {"message": None, "phrase": None}

PIECE = re.compile(r"\{#.*?#\}|\{%\s*(\w+)(.*?)%\}")
"""A comment, or a tag: its name and the rest of it. A tag stands on one line."""
LITERAL = re.compile(r"""\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')(?=\s)""")
FORBIDDEN_TAGS = frozenset({"trans", "translate", "blocktrans", "blocktranslate", "plural", "language"})


def extracted() -> Catalog:
    """Return the French texts found in the sources."""
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for folder in (SOURCE, TOOLS):
        for _, _, text, comments, context in extract_from_dir(folder, [("**.py", "python")], {}, keywords=KEYWORDS):
            catalogue.add(text, auto_comments=comments, context=context)
    for path in templates():
        for text in said(path.read_text(encoding="utf-8")):
            catalogue.add(text)
    return catalogue


def templates() -> list[Path]:
    """Return the templates of pages and mails."""
    return sorted(path for kind in ("html", "txt") for path in SOURCE.glob(f"web/**/templates/**/*.{kind}"))


def said(template: str) -> Iterator[str]:
    """Yield the literal texts of the tags `say` of a template, with what a backslash protects."""
    for name, rest in PIECE.findall(template):
        found = LITERAL.match(rest) if name == "say" else None
        if found:
            yield re.sub(r"\\(.)", r"\1", found[1] if found[1] is not None else found[2])


def misused(template: str) -> Iterator[str]:
    """Yield the tags of a template that the catalogue cannot serve: another one for texts, or a text in a variable."""
    for name, rest in PIECE.findall(template):
        if name in FORBIDDEN_TAGS or (name == "say" and not LITERAL.match(rest)):
            yield f"{name}{rest}".strip()


def catalogues() -> list[Path]:
    """Return the catalogue files."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def update() -> None:
    """Bring each catalogue to the texts of the sources; what is new is left empty, what is gone is dropped."""
    template = extracted()
    for path in catalogues():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, sort_output=True, omit_header=False, no_location=True, width=120)


def missing() -> list[str]:
    """Return what is not translated, not extracted any more, or fuzzy."""
    template = {entry.id for entry in extracted() if entry.id}
    faults = []
    for path in catalogues():
        with path.open("rb") as file:
            catalogue = read_po(file)
        known = {entry.id: entry for entry in catalogue if entry.id}
        faults += [
            f"{path.parent.parent.name}: not in the catalogue: {text}" for text in sorted(template - known.keys())
        ]
        faults += [f"{path.parent.parent.name}: no longer used: {text}" for text in sorted(known.keys() - template)]
        faults += [
            f"{path.parent.parent.name}: not translated: {text}"
            for text in sorted(template & known.keys())
            if not known[text].string or known[text].fuzzy
        ]
        faults += [f"{path.parent.parent.name}: places differ: {text}" for text in sorted(_mismatched(known))]
    return faults + [
        f'{path.relative_to(SOURCE)}: {{% {tag} %}}: texts of templates are {{% say "..." %}}'
        for path in templates()
        for tag in misused(path.read_text(encoding="utf-8"))
    ]


def _mismatched(known: dict[str, Any]) -> list[str]:
    places = re.compile(r"(?<!\{)\{(\w+)\}")
    return [
        text
        for text, entry in known.items()
        if entry.string and set(places.findall(text)) != set(places.findall(str(entry.string)))
    ]


def compile_all() -> None:
    """Write the .mo beside each .po."""
    for path in catalogues():
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Compiles the catalogue when the package is built or installed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are gathered."""
        compile_all()


def main(arguments: list[str]) -> int:
    """Run one command."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            faults = missing()
            print("\n".join(faults) or f"catalogue complete: {len(list(extracted()))} texts")
            return 1 if faults else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
