"""The stored back-test of the risk model, for the page: worked out anew from the reference library.

usage: python tools/risk_backtest.py

Prints the digests in use; when they are not the frozen ones, add an entry with its reason to reference/risk/frozen.yaml.
"""

import json
from pathlib import Path

from egide import plain, reference
from egide.risk.backtest import backtest

FILE = Path(reference.__file__).parent / "risk" / "backtest.json"


def text() -> str:
    """Return the stored result as it is written."""
    made = plain.unstructure(backtest(reference.risk_library(), reference.national_figures()))
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the stored result."""
    library, published = reference.risk_library(), reference.national_figures()
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE.name}\n  library: {library.digest}\n  figures: {published.digest}")
    if reference.freezes().departure(library, published):
        print("not the frozen ones: add an entry to frozen.yaml")


if __name__ == "__main__":
    main()
