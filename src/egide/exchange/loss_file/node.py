"""A place of a file read strictly: every fault is told with its path and the reading goes on."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from math import isfinite
from typing import Any, TypeVar

from egide.finding import Finding, Severity
from egide.loss.faults import Rule, Unfit, broken
from egide.message import Message, message

T = TypeVar("T")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
SIGNIFICANT = re.compile(r"[+-]?[0.]*[1-9]", re.ASCII)
"""A number that is not 0."""
LEAST, MOST = 1e-30, 1e15
"""Sizes of a number that anybody can mean: beyond, sums would overflow."""
LONGEST = 100
"""Characters of a name."""
SHOWN = 8
"""Known keys that a remedy lists at most."""
HIDDEN = frozenset({"Cc", "Zl", "Zp"})


@dataclass(frozen=True)
class Node:
    """What stands at a place of a file; what is wrong in it goes to `found`, shared by the whole file.

    `kind` begins the codes of the faults that are told here.
    """

    data: Any
    place: str = ""
    file: str = ""
    found: list[Finding] = field(default_factory=list)
    kind: str = "loss"

    def fault(self, code: str, understood: Message, remedy: Message) -> None:
        """Tell a fault of this place."""
        read = "" if isinstance(self.data, dict | list) or self.data is None else str(self.data)
        self.found.append(
            Finding(f"{self.kind}.{code}", Severity.ERROR, understood, remedy, self.file, self.place, read=read[:200])
        )

    def at(self, key: str) -> "Node":
        """Return the place of a key; its data are None when it is not given."""
        data = self.data.get(key) if isinstance(self.data, dict) else None
        place = f"{self.place}.{key}".lstrip(".") if key[:1] != "[" else self.place + key
        return Node(data, place, self.file, self.found, self.kind)

    def has(self, key: str) -> bool:
        """Tell whether a key is given here with a value."""
        return isinstance(self.data, dict) and self.data.get(key) is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys given here."""
        return tuple(self.data) if isinstance(self.data, dict) else ()

    # ---------------------------------------------------------------------------------------------------------- shapes
    def mapping(self, known: Iterable[str] | None = None) -> bool:
        """Tell whether keys and values stand here; each that is not `known` is told with the nearest one."""
        if not isinstance(self.data, dict):
            self.fault(
                "structure",
                message("Des clés et leurs valeurs sont attendues ici."),
                message("Écrire « clé : valeur », une par ligne, en retrait (voir docs/formats.md)."),
            )
            return False
        if known is not None:
            self.unknown(known, (key for key in self.data if key not in set(known)))
        return True

    def unknown(self, known: Iterable[str], keys: Iterable[str]) -> None:
        """Tell these keys as unknown here, each with the nearest known one."""
        names = sorted(set(known))
        for key in keys:
            near = get_close_matches(key, names, 1, 0.6)
            if near:
                remedy = message("Écrire « {near} », ou retirer cette clé.", near=near[0])
            elif len(names) <= SHOWN:
                remedy = message("Retirer cette clé. Clés possibles ici : {names}.", names=tuple(names))
            else:
                remedy = message("Retirer cette clé (voir les clés possibles dans docs/formats.md).")
            self.at(key).fault("unknown_key", message("Cette clé n'est pas connue ici."), remedy)

    def items(self) -> list["Node"]:
        """Return the places of a list, none if there is none; what is not a list is told."""
        if self.data is None:
            return []
        if not isinstance(self.data, list):
            self.fault(
                "structure",
                message("Une liste est attendue ici."),
                message("Écrire un élément par ligne, après un tiret."),
            )
            return []
        items = ("" if each is None else each for each in self.data)
        return [
            Node(each, f"{self.place}[{index}]", self.file, self.found, self.kind) for index, each in enumerate(items)
        ]

    def absent(self, *names: str) -> None:
        """Tell that a key is missing here; several names are as many ways to give it."""
        if len(names) == 1:
            remedy = message("Ajouter la clé « {name} ».", name=names[0])
        else:
            remedy = message("Ajouter l'une de ces clés : {names}.", names=names)
        place = self.at(names[0]) if len(names) == 1 else self
        place.fault("missing_key", message("Il manque ici une valeur obligatoire."), remedy)

    # --------------------------------------------------------------------------------------------------------- scalars
    def name(self) -> str:
        """Return a name; told when it is none, too long, or holds signs that nothing shows."""
        if not isinstance(self.data, str) or not self.data.strip():
            self.fault("name", message("Un nom est attendu ici."), message("Écrire un nom court."))
            return ""
        return self.text(self.data)

    def text(self, default: str = "") -> str:
        """Return a text on one line, `default` when there is none."""
        if self.data is None:
            return default
        wrong = not isinstance(self.data, str) or len(self.data) > LONGEST
        if wrong or any(unicodedata.category(sign) in HIDDEN for sign in self.data):
            self.fault(
                "text",
                message("Un texte d'une ligne et de {most} signes au plus est attendu ici.", most=LONGEST),
                message("Raccourcir ce texte, sans saut de ligne ni signe invisible."),
            )
            return default
        return str(self.data)

    def number(self, default: float | None = None) -> float | None:
        """Return a finite number, `default` when there is none; None, and told, when it is no number."""
        if self.data is None:
            return default
        written = self.data if isinstance(self.data, str) else ""
        value = float(written) if NUMBER.fullmatch(written) else None
        if value is not None and (LEAST <= abs(value) <= MOST or not SIGNIFICANT.match(written)):
            return value
        if value is not None:
            self.out_of_reach()
        else:
            self.fault("not_a_number", message("Ce n'est pas un nombre écrit comme il faut."), _remedy(written))
        return None

    def out_of_reach(self) -> None:
        """Tell that a number is larger or smaller than anybody can mean."""
        self.fault(
            "out_of_reach",
            message("Ce nombre, ou ce qui en résulte, est hors de portée."),
            message("Écrire un nombre de quinze chiffres au plus ; pour « sans limite », retirer la clé."),
        )

    def whole(self, default: int | None = None) -> int | None:
        """Return a whole number, in the same manner."""
        value = self.number(default)
        if value is None or value == int(value):
            return None if value is None else int(value)
        self.fault(
            "not_whole", message("Un nombre entier est attendu ici."), message("Écrire un nombre sans décimale.")
        )
        return None

    def truth(self, *, default: bool) -> bool:
        """Return yes or no, `default` when there is none."""
        known = {"true": True, "false": False, "oui": True, "non": False}
        if self.data is None:
            return default
        if isinstance(self.data, str) and self.data.lower() in known:
            return known[self.data.lower()]
        self.fault("truth", message("Oui ou non est attendu ici."), message("Écrire true ou false."))
        return default

    def numbers(self) -> tuple[float, ...] | None:
        """Return a list of numbers; None, and told, when one of them is none."""
        read = [each.number() for each in self.items()]
        known = tuple(value for value in read if value is not None)
        return known if isinstance(self.data, list) and len(known) == len(read) else None

    def ruled(self, rule: Rule, default: float) -> float:
        """Return a number that keeps a rule; `default` when there is none, or when it is told as faulty."""
        value = self.number(default)
        if value is None or self.refused(broken({"": (value, rule)}), {}):
            return default
        return value

    # ---------------------------------------------------------------------------------------------------------- values
    def refused(self, findings: Sequence[Finding], names: Mapping[str, str]) -> bool:
        """Tell the findings of a value of the core made here: `names` gives the key of a field. True if there is any."""
        for finding in findings:
            key = names.get(finding.place, finding.place)
            at = self.at(key) if key else self
            read = at.data if isinstance(at.data, str) and NUMBER.fullmatch(finding.read) else finding.read
            self.found.append(replace(finding, file=self.file, place=at.place, read=read))
        return bool(findings)

    def made(self, make: Callable[..., T], names: Mapping[str, str] | None = None, /, **values: Any) -> T | None:
        """Return what `make` makes of the values, None and told when the core refuses it; `names`: keys by field."""
        try:
            return make(**values)
        except Unfit as unfit:
            self.refused(unfit.findings, names or {})
        except (ArithmeticError, ValueError):
            self.out_of_reach()
        return None


def _remedy(written: str) -> Message:
    """Return what to write in the place of what is no number."""
    bare = re.sub(r"[\s\u00a0\u202f_']", "", written)
    percent = bare.endswith(("%", "％"))
    number = bare.rstrip("%％€").replace(",", ".")
    if not NUMBER.fullmatch(number) or not isfinite(value := float(number)):
        return message("Écrire un nombre en chiffres, par exemple 0.25 ou 1500000.")
    return message(
        "Écrire {number} : point décimal, sans espace ni unité.", number=f"{value / 100 if percent else value:.15g}"
    )
