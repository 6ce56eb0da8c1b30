"""A file that a person drops on a page, as the readers of `exchange` take it: a path on a disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms

from egide.message import message
from egide.web.design.words import phrase, said
from egide.web.files.scratch import scratch

MOST_BYTES = 10_000_000


class SheetForm(forms.Form):
    """One file of at most 10 MB."""

    file = forms.FileField(
        label=phrase("Fichier"), help_text=phrase("Classeur XLSX ou ODS, ou fichier CSV ; 10 Mo au plus."),
        error_messages={"required": phrase("Choisissez le fichier."), "empty": phrase("Ce fichier est vide.")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Return the file, unless it is too large."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(said(message("Ce fichier dépasse 10 Mo.")))
        return given


class GridForm(SheetForm):
    """A maturity grid of another tool."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = phrase("Fichier XML ou YAML d’un autre outil ; 10 Mo au plus.")


@contextmanager
def on_disk(given: Any) -> Iterator[Path]:
    """Give an uploaded file as a path, with the end of its name, for as long as the reading lasts."""
    with scratch() as folder:
        path = folder / f"file{Path(given.name).suffix.lower()[:8]}"
        with path.open("wb") as out:
            for chunk in given.chunks():
                out.write(chunk)
        yield path
