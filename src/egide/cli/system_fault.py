"""What the operating system refuses, said as a finding: what, where, and what to do."""

import errno
from collections.abc import Mapping
from pathlib import Path

from egide import plain
from egide.errors import DataError
from egide.message import Message, message
from egide.report import WAITING

ELSEWHERE = message("Choisir un autre dossier ou un autre nom.")
WHY: Mapping[int, tuple[Message, Message]] = {
    errno.EACCES: (message("l'accès est refusé"), message("Demander le droit d'y lire ou d'y écrire, ou choisir un autre dossier.")),
    errno.EPERM: (message("l'accès est refusé"), message("Demander le droit d'y lire ou d'y écrire, ou choisir un autre dossier.")),
    errno.EROFS: (message("ce disque est en lecture seule"), ELSEWHERE),
    errno.ENOSPC: (message("le disque est plein"), message("Libérer de la place, puis recommencer.")),
    errno.EDQUOT: (message("le disque est plein"), message("Libérer de la place, puis recommencer.")),
    errno.ENOENT: (message("ce fichier ou ce dossier n'existe pas"), message("Vérifier le chemin.")),
    errno.EEXIST: (message("un fichier est là où un dossier est attendu"), ELSEWHERE),
    errno.ENOTDIR: (message("un fichier est là où un dossier est attendu"), ELSEWHERE),
    errno.EISDIR: (message("un dossier est là où un fichier est attendu"), ELSEWHERE),
    errno.EBUSY: (message("un dossier est là où un fichier est attendu"), ELSEWHERE),
    errno.ENOTEMPTY: (message("un dossier est là où un fichier est attendu"), ELSEWHERE),
    errno.ENAMETOOLONG: (message("ce nom est trop long"), message("Prendre un nom plus court.")),
}  # fmt: skip
"""What people are told of each refusal, with the remedy; the rest is told with the system's own words."""


def refusal(error: OSError) -> DataError:
    """Return the refusal to show for a fault of the operating system."""
    place = Path(str(error.filename2 or error.filename or ""))
    if place.name.startswith(WAITING):
        place = place.parent
    other = message("le système refuse : {fault}", fault=error.strerror or str(error)), ELSEWHERE
    why, remedy = WHY.get(error.errno or 0, other)
    return plain.refusal("file.system", str(place), "", why, remedy=remedy)
