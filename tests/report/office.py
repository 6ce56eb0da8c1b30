"""What tests of office documents share: every kind of block, hostile texts, and LibreOffice."""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from egide.report.papers import blocks

DAY = date(2026, 11, 20)
HOSTILE = (
    "=1+1", "<w:t>gras</w:t>", "]]></text:p>", "{{ 7*7 }} ${title} $body", "%s {0} &amp;", "A" * 10_000, "😀🚑 漢字", "مرحبا بكم",
    "a\x07b\x00c\x0bd\ud800e\ufffef", "ligne 1\nligne 2\n\n  deux  espaces\ttabulation ", "",
)  # fmt: skip


def every_kind(*texts: str) -> list[blocks.Block]:
    """Return a document with each kind of block; `texts` fill the rows of its tables."""
    said = list(texts) or ["un", "deux"]
    rows = [[text, text, "12,50"] for text in said]
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    shown = {"alt": "Barres des points", "caption": "Points par critère", "head": ["Offre", "A", "B"], "rows": [[each, "51,50", "30,00"] for each in said]}  # fmt: skip
    return [
        blocks.contents(2),
        blocks.new_page(),
        blocks.heading("Premier titre"),
        blocks.lead(said[0]),
        blocks.blank("Écrire ici l'objet."),
        blocks.items(said),
        blocks.heading("Sous-titre", 2),
        blocks.pairs([("Acheteur", text) for text in said]),
        blocks.table("1f 30 20>", ["Texte", "Même texte", "Montant"], rows, [0]),
        blocks.remark("Une remarque."),
        blocks.landscape(
            [
                blocks.heading("En paysage"),
                blocks.groups("80 60 30>", ["Texte", "Même texte", "Montant"], [("Partie", rows, "Total : 25"), ("Autre", rows, "")], 2),
                blocks.lines(["Texte", "Même texte", "Montant"], [("Partie", rows, "Pied")]),
            ]
        ),
        blocks.heading("Après", 2),
        blocks.heading("Détail", 3),
        blocks.new_page(),
        blocks.table("1f 1f 20>", ["a", "b", "c"], rows),
        blocks.picture(svg, 90, **shown),
        blocks.paragraph("Dernier paragraphe."),
    ]  # fmt: skip


def document(held: list[blocks.Block], lang: str = "fr", **changes: Any) -> dict[str, Any]:
    """Return what `pdf.frame` gives, around these blocks."""
    return {
        "title": "Titre du document", "subject": "Objet & <suite>", "running": "Objet courant", "author": "Centre fictif", "buyer": "Centre fictif",
        "lang": lang, "region": "FR" if lang == "fr" else "GB", "page": "page", "contents": "Sommaire", "foot": "Pied de page", "blocks": held,
    } | changes  # fmt: skip


NEEDS_OFFICE = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def converted(folder: Path, *files: Path, to: str = "pdf") -> list[Path]:
    """Return the files converted by LibreOffice, all in one run."""
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        to,
        "--outdir",
    ]
    subprocess.run([*command, str(folder), *map(str, files)], check=True, capture_output=True, timeout=200)
    return [folder / f"{file.stem}.{to}" for file in files]
