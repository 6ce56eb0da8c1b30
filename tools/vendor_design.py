"""What the pages take from elsewhere, made again from its sources.

usage: python tools/vendor_design.py BOOTSTRAP_PACKAGE   (the folder `package` of the unpacked npm archive of bootstrap)
Needs fonttools with brotli for the font. Writes into src/egide/web/design/static/egide/ and prints the digests that
VENDORED.md there must show.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "src" / "egide" / "report" / "papers" / "fonts"
OUT = ROOT / "src" / "egide" / "web" / "design" / "static" / "egide"
CHARACTERS = "U+0020-017F,U+02C6,U+02DA,U+02DC,U+2000-203A,U+2044,U+20AC,U+2116,U+2122,U+2190-2193,U+2212,U+2248-2265"
DARK = re.compile(r"(?<=\})\[data-bs-theme=dark\]([^{},]*)\{([^{}]*)\}")


def system_dark(css: str) -> str:
    """Return a compiled Bootstrap whose dark colours also follow the system, and never reach paper.

    A rule `[data-bs-theme=dark] x` is kept for the screen and said once more for a page without a chosen theme, under
    the media query of the system's preference.
    """

    def both(rule: re.Match[str]) -> str:
        inside, body = rule.groups()
        return (
            f"@media screen{{[data-bs-theme=dark]{inside}{{{body}}}}}"
            f"@media screen and (prefers-color-scheme:dark){{:root:not([data-bs-theme]){inside}{{{body}}}}}"
        )

    return DARK.sub(both, css)


def bootstrap(package: Path) -> None:
    """Write the style sheet and its licence; the comment naming a source map that is not shipped goes."""
    css = (package / "dist" / "css" / "bootstrap.min.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", css)
    (OUT / "bootstrap.min.css").write_text(system_dark(css), encoding="utf-8")
    shutil.copyfile(package / "LICENSE", OUT / "bootstrap.LICENSE.txt")


def fonts() -> None:
    """Write the fonts of the documents for the web: European Latin and the signs that texts use, compressed."""
    for style in ("Regular", "Bold", "Italic"):
        subset.main(
            [
                str(FONTS / f"OpenSans-{style}.ttf"),
                f"--unicodes={CHARACTERS}",
                "--layout-features=*",
                "--flavor=woff2",
                "--no-hinting",
                f"--output-file={OUT / 'fonts' / f'OpenSans-{style}.woff2'}",
            ]
        )


if __name__ == "__main__":
    (OUT / "fonts").mkdir(parents=True, exist_ok=True)
    bootstrap(Path(sys.argv[1]))
    fonts()
    for path in [OUT / "bootstrap.min.css", *sorted((OUT / "fonts").iterdir())]:
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(OUT))
