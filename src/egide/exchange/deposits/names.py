"""What the names of a platform's folders and files say: deposit, candidacy or offer, lot, variant, round, signature."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePosixPath

from egide.exchange.layout import squashed
from egide.exchange.vocabulary import fold, names_price

FINAL = -1
"""The round of a "final offer": the last one announced."""


class Section(StrEnum):
    """The two halves of a deposit."""

    CANDIDACY = "candidacy"
    OFFER = "offer"


@dataclass(frozen=True)
class Said:
    """What the name of a folder says. `rest` is what was not understood: without rest, the folder only sorts files."""

    section: Section | None = None
    lots: tuple[str, ...] = ()
    variant: int | None = None
    round: int | None = None
    late: bool = False
    safety_copy: bool = False
    rest: str = ""

    @property
    def sorts(self) -> bool:
        """Tell whether the folder only sorts files."""
        return not self.rest


_LOT = re.compile(
    r"\blots? ?(?:n ?°? ?|no ?|numero ?)?((?:\d{1,3}|[a-z])(?![\w])(?: ?(?:,|;|et|&|\+|a|au|/) ?(?:lot ?)?\d{1,3}(?!\w))*)"
)
_VARIANT = re.compile(r"\bvariantes? ?(?:n ?°? ?|no ?)?(\d{1,2})?(?!\w)")
_BASE = re.compile(r"\b(?:offre|solution) de base\b|^base$")
_ROUND = re.compile(
    r"\b(?:tour|round|phase|negociation) ?(?:n ?°? ?)?(\d{1,2})(?!\w)|\b(\d{1,2}) ?(?:er|e|eme|nd|nde|st|th) (?:tour|round|phase)\b"
)
_FINAL = re.compile(r"\boffres? (?:finales?|ultimes?)\b|\bapres negociations?\b|\bfinal offers?\b|\bbest and final\b")
_FIRST = re.compile(r"\boffres? initiales?\b|\binitial offers?\b")
_LATE = re.compile(r"\bhors[- ]delais?\b|\btardi(?:f|fs|ve|ves)\b|\blate\b")
_COPY = re.compile(r"\bcopies? (?:de )?sauvegarde\b|\bsafety cop(?:y|ies)\b")
_CANDIDACY = re.compile(
    r"\bcandidatures?\b|\b(?:premiere|1ere|1re) enveloppe\b|\benv(?:eloppe)? ?(?:n ?°? ?)?1(?!\w)|\b(?:volet |pieces? |dossier )administrati(?:f|ve)s?\b"
    r"|^administrati(?:f|ve)s?$|^dume$|\bcandidac(?:y|ies)\b"
)
_OFFER = re.compile(
    r"\b(?:deuxieme|seconde|2eme|2e) enveloppe\b|\benv(?:eloppe)? ?(?:n ?°? ?)?2(?!\w)|\boffres?\b|\boffers?\b|\bbids?\b"
    r"|\bactes? d'? ?engagements?\b|^(?:technique|financiere?|prix|offre technique|offre financiere)$"
)
_FILLER = frozenset({
    "de", "du", "des", "d", "l", "la", "le", "les", "et", "a", "au", "aux", "pour", "avec", "dossier", "dossiers",
    "document", "documents", "piece", "pieces", "pli", "plis", "depot", "depots", "enveloppe", "enveloppes",
    "reponse", "reponses", "electronique", "electroniques", "ouvert", "ouverts", "ouverture", "export",
    "consultation", "archive", "archives", "n", "no", "technique", "financier", "financiere", "acte", "engagement",
    "tous", "toutes", "commun", "commune", "communs", "communes", "bids", "the", "of", "and",
})  # fmt: skip
_CUTS = re.compile(r"[_\-.–—]+")


@lru_cache(maxsize=10_000)
def folder(name: str) -> Said:
    """Return what the name of a folder says."""
    text = " ".join(_CUTS.sub(" ", fold(name)).replace("(", " ").replace(")", " ").split())
    if deposit(name).numbered:
        return Said(late=bool(_LATE.search(text)), safety_copy=bool(_COPY.search(text)), rest=text)
    section = lots = variant = number = None
    titled = any(words.match(text) for words in (_LOT, _VARIANT, _ROUND))
    late, safety_copy = bool(_LATE.search(text)), bool(_COPY.search(text))
    text = _COPY.sub(" ", _LATE.sub(" ", text))
    if found := _LOT.search(text):
        lots, text = _lots(found[1]), _LOT.sub(" ", text)
    if _BASE.search(text.strip()):
        variant, section, text = 0, Section.OFFER, _BASE.sub(" ", text.strip())
    elif found := _VARIANT.search(text):
        variant, text = int(found[1] or 1), _VARIANT.sub(" ", text)
    if found := _ROUND.search(text):
        number, text = int(found[1] or found[2]), _ROUND.sub(" ", text)
    for words, which in ((_FINAL, FINAL), (_FIRST, 1)):
        if words.search(text):
            number, section, text = which if number is None else number, Section.OFFER, words.sub(" ", text)
    for words, half in ((_CANDIDACY, Section.CANDIDACY), (_OFFER, Section.OFFER)):
        if words.search(text.strip()):
            section, text = section or half, words.sub(" ", text.strip())
    rest = "" if titled else " ".join(word for word in text.replace("'", " ").split() if word not in _FILLER)
    return Said(section, lots or (), variant, number, late, safety_copy, rest)


def _lots(text: str) -> tuple[str, ...]:
    """Return the labels of "1", "1, 3 et 5" or "1 à 3"."""
    labels: list[str] = []
    for piece in re.split(r" ?(?:,|;|\bet\b|&|\+|/) ?", text):
        ends = [end.removeprefix("lot").strip() for end in re.split(r" (?:a|au) (?=\d|lot)", piece)]
        if len(ends) == 2 and all(end.isdecimal() for end in ends) and int(ends[0]) < int(ends[1]) < int(ends[0]) + 100:
            labels += map(str, range(int(ends[0]), int(ends[1]) + 1))
        else:
            labels += ends
    return tuple(dict.fromkeys(label.lstrip("0") or label for label in labels if label))


def lots_in(text: str) -> tuple[str, ...]:
    """Return the labels of the lots that a text names ("Lots 1 et 3", "1;3"), in order."""
    plain = " ".join(_CUTS.sub(" ", fold(text)).split())
    found = [label for one in _LOT.finditer(plain) for label in _lots(one[1])]
    if not found and re.fullmatch(r"\d{1,3}(?: ?(?:,|;|et|&|\+|/|a|au) ?\d{1,3})*", plain):
        found = list(_lots(plain))
    return tuple(dict.fromkeys(found))


# -------------------------------------------------------------------------------------------------------------- deposits
@dataclass(frozen=True)
class Name:
    """What the name of a deposit's folder says of it."""

    number: str = ""
    company: str = ""
    siret: str = ""
    at: datetime | None = None
    """The date and time in the name, without zone."""
    numbered: bool = False
    """Whether the name says in words that it is a deposit ("Pli 3")."""
    group: bool = False


_WORD = re.compile(
    r"^\s*(?:pli|d[ée]p[oô]t|el|enl|r[ée]ponse|candidat|soumissionnaire)s?[\s_\-.]*(?:n\s*°?|no\.?|#)?[\s_\-.]*(\d{1,6})(?!\d)",
    re.I,
)
_NUMBER = re.compile(r"^[\s_\-]*(?:n\s*°?\s*|#)?(\d{1,6})(?:\s*[-–—.)_:]+\s*|\s+|$)", re.I)
_SIRET = re.compile(r"(?<!\d)(\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{5})(?!\d)")
_STAMP = re.compile(
    r"(?<!\d)(?:(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)|([0-3]\d)[-_./]([01]\d)[-_./](20\d\d))"
    r"(?:(?:[\sT_\-à]+)([0-2]\d)[h:_\-.]?([0-5]\d)(?:[m:_\-.]?([0-5]\d))?s?)?(?!\d)"
)
_LOT_IN_NAME = re.compile(
    r"(?<![^\W_])lots?[\s_]*(?:n\s*°?[\s_]*)?\d{1,3}(?:[\s_]*(?:,|et|&|-)[\s_]*\d{1,3})*(?!\w)", re.I
)
_GROUP = re.compile(r"\bgroupements?\b|\bgpt\b|\bmandataire\b", re.I)


@lru_cache(maxsize=10_000)
def deposit(name: str) -> Name:
    """Return what the name of a deposit's folder says."""
    text = name
    siret = _SIRET.search(text)
    text = _SIRET.sub(" ", text)
    at = None
    if stamp := _STAMP.search(text):
        at = _instant(stamp)
        text = text[: stamp.start()] + " " + text[stamp.end() :] if at else text
    word = _WORD.match(text)
    number = word or _NUMBER.match(text)
    if number:
        text = text[number.end() :]
    text = _LOT_IN_NAME.sub(" ", text)
    bare = fold(" ".join(re.sub(r"[_]+", " ", text).split()))
    kept = " ".join(re.sub(r"[_]+", " ", text).split())
    for words in (_LATE, _COPY):
        if found := words.search(bare.replace("-", " ")):
            kept = (kept[: found.start()] + " " + kept[found.end() :]) if len(bare) == len(kept) else kept
            bare = fold(kept)
    company = " ".join(kept.split()).strip(" -–—_.,;:()[]")
    return Name(
        number[1].lstrip("0") or "0" if number else "",
        company,
        re.sub(r"\D", "", siret[1]) if siret else "",
        at,
        word is not None,
        bool(_GROUP.search(company)),
    )


def _instant(stamp: re.Match[str]) -> datetime | None:
    year, month, day = (stamp[1], stamp[2], stamp[3]) if stamp[1] else (stamp[6], stamp[5], stamp[4])
    try:
        return datetime(*(int(part or 0) for part in (year, month, day, *stamp.groups()[6:9])))  # type: ignore[arg-type]  # noqa: DTZ001 (the name says no zone)
    except ValueError:
        return None


_FORMS = frozenset({
    "sas", "sasu", "sarl", "sa", "eurl", "snc", "scop", "scic", "gie", "se", "ste", "societe", "soc", "entreprise",
    "ets", "etablissements", "group", "groupe", "selarl", "sci", "plc", "gmbh", "ltd",
})  # fmt: skip


@lru_cache(maxsize=10_000)
def company(name: str) -> str:
    """Return the name of a company as it is compared: no legal form, no accents, no punctuation."""
    joined = re.sub(r"\b(?:[a-z]\.){2,}", lambda found: found[0].replace(".", ""), fold(name).replace("&", " et "))
    words = [word for word in re.split(r"[^\w]+|_", joined) if word]
    kept = [word for word in words if word not in _FORMS] or words
    return squashed("".join(kept))


# ----------------------------------------------------------------------------------------------------------------- files
_SIGNATURE = re.compile(
    r"\.(p7s|p7m|p7c|sig|asc|tsr|tst|tsq|jeton|xades)$|(^|[\W_])(signature|xades|jeton)s?([\W_]|\d|$).*\.xml$", re.I
)


def is_signature(name: str) -> bool:
    """Tell whether a file is a signature or a time-stamp token, by its name: it is kept and listed, never read."""
    return bool(_SIGNATURE.search(name))


_CANDIDACY_FILE = re.compile(
    r"\bdc ?[124]\b|\bdume\b|\bespd\b|\bkbis\b|\brib\b|\burssaf\b|\bpouvoirs?\b|\bdelegation de signature\b|\battestations? (?:fiscale|sociale|de regularite|d assurance|assurance)"
    r"|\bchiffres? d ?affaires?\b|\bhabilitation\b|\bnoti2\b|\blettre de candidature\b|\bdeclaration du candidat\b"
)


def section_of_file(name: str) -> Section:
    """Return the half to which a file belongs when no folder says it."""
    return Section.CANDIDACY if _CANDIDACY_FILE.search(_spaced(name)) else Section.OFFER


def variant_of_file(name: str) -> int | None:
    """Return the variant that the name of a file gives by its number."""
    found = re.search(r"\bvariante ?(?:n ?°? ?|no ?)?(\d{1,2})(?!\w)", _spaced(name))
    return int(found[1]) if found else None


class Sort(StrEnum):
    """The kinds of files that an offer cannot do without."""

    PRICE = "price"
    QUESTIONNAIRE = "questionnaire"
    OTHER = "other"


_QUESTIONS = re.compile(
    r"\bquestionnaires?\b|\bcadres? de reponses?\b|\bcrt\b|\bclausier\b|\bgrille\b|\bexigences\b|\breponses\b"
)


def sort_of_file(name: str) -> Sort:
    """Return what a file of an offer seems to be."""
    text = _spaced(name)
    if _QUESTIONS.search(text):
        return Sort.QUESTIONNAIRE
    return Sort.PRICE if names_price(PurePosixPath(name).stem) else Sort.OTHER


_VERSION = re.compile(r"\bv ?(\d{1,2})(?:[ .](\d{1,2}))?\b|\bversion ?(\d{1,2})\b|\bind(?:ice)? ?([a-h])\b")
_LAST = re.compile(r"\b(finale?|definiti(?:f|ve)|final version|vf)\b")
_MENDED = re.compile(r"\b(corrigee?|rectifiee?|modifiee?|mis a jour|maj|complement|new)\b")


def version(name: str) -> tuple[int, int, int]:
    """Return how late a name says that its file is among those that say the same thing: v2, corrected, final."""
    text = _spaced(name)
    found = _VERSION.search(text)
    number = 0
    if found:
        number = int(found[1] or found[3] or 0) * 100 + int(found[2] or 0) or ord(found[4] or "`") - 96
    return bool(_LAST.search(text)), number, bool(_MENDED.search(text))


def _spaced(name: str) -> str:
    return " ".join(re.sub(r"[_\-.'’()]+", " ", fold(PurePosixPath(name).stem)).split())


# ------------------------------------------------------------------------------------------------------------ safe names
_UNSAFE = re.compile(r"[<>:\"/\\|?*\x00-\x1f\x7f]")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)", re.I)
MOST_BYTES = 180


def safe(name: str) -> str:
    """Return a name that every system can write, the same when it already is one."""
    text = _UNSAFE.sub("_", "".join(char if char.isprintable() else "_" for char in unicodedata.normalize("NFC", name)))
    text = text.encode("utf-8", "replace").decode().rstrip(" .").lstrip(" ") or "_"
    text = f"_{text}" if _RESERVED.match(text) or text.startswith((".", "~$")) else text
    if len(text.encode()) <= MOST_BYTES:
        return text
    suffix = PurePosixPath(text).suffix if len(PurePosixPath(text).suffix.encode()) <= 12 else ""
    mark = f"~{sha256(text.encode()).hexdigest()[:8]}{suffix}"
    return text.encode()[: MOST_BYTES - len(mark.encode())].decode("utf-8", "ignore").rstrip(" .") + mark


@dataclass
class Places:
    """The paths already given: two names that some system confuses are told apart by a number."""

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)

    def give(self, path: str) -> tuple[str, bool]:
        """Return the path to use, and whether it had to change; no file has the name of a folder."""
        *above, name = path.split("/")
        whole = ""
        for part in above:
            whole = _free(whole + part, self.files) + "/"
            self.folders.add(_key(whole[:-1]))
        wanted = _free(whole + name, self.files, self.folders)
        self.files.add(_key(wanted))
        return wanted, wanted != path


def _free(path: str, *taken: set[str]) -> str:
    stem, suffix = _stem(path)
    wanted, count = path, 1
    while any(_key(wanted) in each for each in taken):
        count += 1
        wanted = f"{stem} ({count}){suffix}"
    return wanted


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _stem(path: str) -> tuple[str, str]:
    suffix = PurePosixPath(path).suffix
    return (path[: -len(suffix)], suffix) if suffix else (path, "")


def identifier(name: str, taken: Mapping[str, object]) -> str:
    """Return an identifier for a company that names a folder, different from those taken."""
    text = "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    base = re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:40].strip("-") or "soumissionnaire"
    wanted, count = base, 1
    while wanted in taken:
        count += 1
        wanted = f"{base}-{count}"
    return wanted
