"""egide clausier export --dce: the tender documents of a consultation or of a purchase, all written or none."""

from pathlib import Path

from egide import report
from egide.cli import console
from egide.desk.documents import Asked, documents
from egide.message import message


def write(asked: Asked, out: Path) -> None:
    """Write the documents into `out` and say what is left to fill in. Raises DataError, and then writes nothing."""
    made = documents(asked, console.language())
    for path in report.write_new(made.files, out):
        console.tell(message("Écrit : {path}", path=path))
    for file, count in made.left.items():
        console.tell(message("{file} : {count} passage(s) à compléter ou à vérifier", file=file, count=count))
    for line in console.lines(asked.findings):
        console.tell(line)
    if made.digest:
        console.tell(
            message(
                "Empreinte de la publication, à écrire au journal (publication: digest) : {digest}", digest=made.digest
            )
        )
    else:
        console.tell(
            message(
                "Sans --tender : critères, poids et dates restent à écrire. Décrire la consultation (tender.yaml) les remplit et fige la publication."
            )
        )
