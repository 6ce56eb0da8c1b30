"""What every import of somebody else's requirements has in common: clean texts, both languages, what was left out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from egide.clausier.model import Clausier, Moment, Proof, ProofKind, Theme
from egide.finding import Finding, Severity
from egide.message import Message, Text, message

MOST_TEXT = 20_000
"""A text longer than this is cut: no clause, and no cell of a workbook, holds more."""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\ud800-\udfff\ufffe\uffff]")
_BULLET = re.compile(r"^\s*(?:[-*•▪◦●–—·]|\d{1,2}[.)])\s+")


def clean(value: object) -> str:
    """Return a value as text: composed characters, no control character, no blank at the ends."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", text))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()[:MOST_TEXT]


def proofs(evidence: Text) -> tuple[Proof, ...]:
    """Return the documents that a list of evidence asks for, one a bullet."""
    french, english = _items(evidence.fr), _items(evidence.en)
    if french and english and len(french) != len(english):
        french, english = [evidence.fr], [evidence.en]
    count = max(len(french), len(english))
    french += [""] * (count - len(french))
    english += [""] * (count - len(english))
    return tuple(
        Proof(ProofKind.DOCUMENT, Moment.WITH_BID, Text(fr, en)) for fr, en in zip(french, english, strict=True)
    )


def _items(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or not all(_BULLET.match(line) for line in lines):
        return [text] if text else []
    return [_BULLET.sub("", line).strip() for line in lines]


@dataclass
class Report:
    """The findings of an import, and the count of each kind of thing left out."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    _kinds: dict[str, Message] = field(default_factory=dict)

    def leave(self, kind: Message, count: int = 1) -> None:
        """Count something that was understood but has no place in a clausier."""
        if count:
            key = f"{kind.text}{sorted(kind.values.items())}"
            self._kinds.setdefault(key, kind)
            self.left[key] += count

    def say(self, code: str, severity: Severity, understood: Message, remedy: Message, place: str = "", *, point: str = "", read: str = "") -> None:  # fmt: skip
        """Add a finding."""
        self.findings.append(Finding(code, severity, understood, remedy, self.file, place, point, read))

    def notes(self) -> Iterator[Finding]:
        """Yield one note for each kind of thing left out."""
        for key, count in self.left.items():
            yield Finding(
                "import.left",
                Severity.NOTE,
                message("laissé de côté : {kind} ({count})", kind=self._kinds[key], count=count),
                message("Rien à faire, sauf si la consultation en dépend : le reprendre alors à la main."),
                self.file,
            )


def unique(wanted: str, taken: set[str]) -> str:
    """Return `wanted`, or the first free name made from it; the name is then taken."""
    name, count = wanted, 1
    while name.casefold() in taken:
        count += 1
        name = f"{wanted}-{count}"
    taken.add(name.casefold())
    return name


def reused(places: Iterable[tuple[str, str]], report: Report) -> None:
    """Report each identifier that several points bear; `places` are pairs (identifier, place)."""
    owners: dict[str, list[tuple[str, str]]] = {}
    for identifier, place in places:
        owners.setdefault(" ".join(identifier.casefold().split()), []).append((identifier, place))
    for users in owners.values():
        if len(users) > 1:
            identifier = users[0][0]
            report.say(
                "lint.id.reused",
                Severity.ERROR,
                message("« {value} » sert à {count} points", value=identifier, count=len(users)),
                message("Donner à chaque point son identifiant ; à l'import, les suivants sont renommés."),
                " ; ".join(place for _, place in users[:10]),
                point=identifier,
                read=identifier,
            )


def renamed(clausier: Clausier, file: str) -> tuple[Clausier, list[Finding]]:
    """Return the clausier with one identifier a point, and a doubt for each point renamed."""
    taken = {point.id.casefold() for theme in clausier.themes for point in theme.points}
    met: set[str] = set()
    found: list[Finding] = []
    themes: list[Theme] = []
    for theme in clausier.themes:
        points = []
        for point in theme.points:
            name = unique(point.id, taken) if point.id.casefold() in met else point.id
            met.add(point.id.casefold())
            if name != point.id:
                understood = message("le point {old} est renommé {new}", old=point.id, new=name)
                remedy = message("Vérifier que ce sont bien deux exigences différentes.")
                found.append(
                    Finding("import.renamed", Severity.DOUBT, understood, remedy, file, point=name, read=point.id)
                )
            points.append(replace(point, id=name))
        themes.append(replace(theme, points=tuple(points)))
    return replace(clausier, themes=tuple(themes)), found
