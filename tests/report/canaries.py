"""A procedure in which every string and every unit price of each tenderer can be told from all others, and what to look
for in the documents that leave for a tenderer.

Everything is planted by walking the values themselves: a field added tomorrow is planted without a change here.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from itertools import count
from typing import Any

import pypdf

import pdf_text
from egide.report.procedure import Procedure
from egide.tender.model import Evaluator, Tenderer
from egide.tender.parties import Certificate, Group, Member, Subcontractor
from egide.tender.procedure.journal import Deposit, Journal, Negotiation, Question, Trial
from report import consultations, procedures

KEYS = frozenset({"id", "tenderer", "lot", "lots", "point", "points", "criterion", "subcriterion", "evaluator", "level", "bid", "key", "asked_by", "to", "invited", "tenderers", "section"})  # fmt: skip
"""What ties values together, and cannot be changed."""
PEOPLE = frozenset({"person", "by", "decided_by", "persons", "signed_by"})
"""Names of the buyer's people: nobody outside reads them."""
OPEN = frozenset({"Question", "NoAward"})
"""Values whose own words go to everybody: nothing of theirs is a secret."""
NOBODY = ""


@dataclass
class Planted:
    """What was planted: canary -> owner, and for names and whole prices, whose they are."""

    owner: dict[str, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)
    price: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    """Canaries that are not tokens: amounts, SIRET, people of the buyer."""
    numbers: Iterator[int] = field(default_factory=lambda: count(1000))

    def text(self, owner: str, where: str) -> str:
        """Return a new canary in letters and digits."""
        canary = f"zq{next(self.numbers)}qz"
        self.owner[canary], self.where[canary] = owner, where
        return canary

    def digits(self, owner: str, where: str, size: int) -> str:
        """Return a new canary in digits only."""
        canary = str(next(self.numbers)).rjust(size, "7")
        self.add(canary, owner, where)
        return canary

    def add(self, canary: str, owner: str, where: str) -> None:
        """Look for a text that is no token."""
        self.owner[canary], self.where[canary] = owner, where
        self.plain.add(canary)


def plant(value: Any, owner: str, planted: Planted, where: str = "") -> Any:
    """Return a value whose every string, but keys, ends with a canary of its owner; unit prices are canaries too."""
    if isinstance(value, Enum | bool | int | date | datetime) or value is None:
        return value
    if isinstance(value, str):
        return f"{value} {planted.text(owner, where)}".strip()
    if isinstance(value, tuple):
        return tuple(plant(each, owner, planted, where) for each in value)
    if isinstance(value, Mapping):
        return {key: plant(each, owner, planted, f"{where}[{key}]") for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        own = getattr(value, "tenderer", owner) if not isinstance(value, Tenderer) else value.id
        changes = {each.name: _field(value, each.name, own, planted, where) for each in fields(value) if each.init and each.name not in KEYS}  # fmt: skip
        return replace(value, **changes)
    return value


def _field(value: Any, name: str, owner: str, planted: Planted, where: str) -> Any:
    given, place = getattr(value, name), f"{where}.{type(value).__name__}.{name}"
    if name in {"siret", "holder_siret"}:
        return planted.digits(owner, place, 14)
    if name in {"unit_price", "amount"} and type(value).__name__ == "PriceLine":
        return Decimal(planted.digits(owner, place, 7)) / 100
    if isinstance(given, Decimal):
        return given
    return plant(given, NOBODY if name in PEOPLE else owner, planted, place)


@cache
def planted_procedure(language: str = "fr") -> tuple[Procedure, Planted]:
    """Return a procedure of two lots and five tenderers: a winner, two ranked, one irregular, one refused candidacy."""
    planted = Planted()
    names = ("Alpha", "Bravo", "Carol", "Delta", "Extra")
    tenderers = tuple(_tenderer(f"jw{n}kqx", name, n) for n, name in enumerate(names))
    kept = consultations.record(5, 2, tenderers=tenderers, evaluators=_evaluators())
    evaluation = kept.evaluation
    journal = _journal(procedures.journal(evaluation), tenderers, evaluation)
    tender = replace(evaluation.tender, tenderers=tuple(plant(each, each.id, planted) for each in tenderers))
    for each in tender.tenderers:
        canary = each.name.split()[-1]
        planted.name[canary] = each.id
    for row in evaluation.ranking:
        if row.price is not None:
            planted.price[re.sub(r"\D", "", f"{row.price:.2f}")] = row.key.tenderer
    bids = tuple(plant(each, each.key.tenderer, planted) for each in evaluation.bids)
    marks = replace(
        evaluation.marks,
        points=tuple(plant(each, each.bid.tenderer, planted) for each in evaluation.marks.points),
        notes=tuple(plant(each, each.bid.tenderer, planted) for each in evaluation.marks.notes),
        decisions=tuple(plant(each, each.bid.tenderer, planted) for each in evaluation.marks.decisions),
        files=plant(evaluation.marks.files, NOBODY, planted),
    )
    for evaluator in tender.evaluators:
        planted.add(evaluator.role, NOBODY, "Evaluator.role")
    evaluation = replace(evaluation, tender=tender, bids=bids, marks=marks)
    shown = {each.name: _journal_field(getattr(journal, each.name), planted) for each in fields(journal)}
    kept_procedure = procedures.procedure(2, 1, language)
    return replace(kept_procedure, tender=tender, evaluation=evaluation, journal=Journal(**shown)), planted


def _journal_field(value: Any, planted: Planted) -> Any:
    if isinstance(value, tuple):
        return tuple(_journal_field(each, planted) for each in value)
    if is_dataclass(value) and type(value).__name__ not in OPEN | {"Publication"}:
        return plant(value, getattr(value, "tenderer", NOBODY), planted, "journal")
    if type(value).__name__ == "NoAward":
        return replace(value, by=plant(value.by, NOBODY, planted, "journal.NoAward.by"))
    return value


def _tenderer(identifier: str, name: str, n: int) -> Tenderer:
    """Return a group with everything that a tenderer can have."""
    return Tenderer(
        identifier, name, f"{n}" * 14, group=Group.JOINT,
        members=(Member("Mandataire", "1", mandataire=True, part="conduite"), Member("Membre", "2", part="support")),
        subcontractors=(Subcontractor("Relais", "3", "nuits", "Membre", processor=True, country="pays"),),
        certificates=(Certificate("HDS", "porteur", "4", "numéro", "v2", (1, 2), file="certificat.pdf"),),
    )  # fmt: skip


def _evaluators() -> tuple[Evaluator, ...]:
    return (
        Evaluator("rssi", "yvonnequelquun", ("T1", "T3", "T4", "T5", "T6", "T7", "T9", "T10")),
        Evaluator("dpo", "zoequelquun", ("T2",)),
        Evaluator("biomed", "xavierquelquun", ("T8",), ("fonctions", "environnement")),
    )


def _journal(base: Journal, tenderers: tuple[Tenderer, ...], evaluation: Any) -> Journal:
    noon = procedures.NOON
    last = evaluation.lot("lot-1")[-1].key.tenderer
    candidacies = tuple(replace(each, admitted=each.tenderer != last) for each in base.candidacies)
    awards = tuple(replace(each, reason="pour son sérieux", subcontracted="une part") for each in base.awards)
    return replace(
        base,
        awards=awards,
        candidacies=candidacies,
        deposits=tuple(Deposit(each.id, noon, number="n", why="reçu", decided_by="quelqu'un") for each in tenderers),
        negotiations=(Negotiation(2, noon.date(), invited=tuple(each.id for each in tenderers), summary="dit à tous"),),
        trials=(Trial("lot-1", noon.date(), tuple(each.id for each in tenderers), signed_by=("Une infirmière",)),),
        questions=(
            Question("q", noon, "Le site de secours peut-il être hors de France ?", tenderers[1].id, "Oui.", noon),
            Question("r", noon, "Combien de postes ?", "Cabinet Inconnu"),
        ),
    )


# --------------------------------------------------------------------------------------------------------- looking for
def flat(text: str) -> str:
    """Return a text without anything that typesetting can put in the middle of a word."""
    return re.sub(r"[\W_]", "", text).casefold()


def words(name: str, content: bytes) -> str:
    """Return all that a document says: its text, its properties, comments and hidden parts."""
    if name.endswith(".pdf"):
        read = pypdf.PdfReader(io.BytesIO(content))
        return flat(" ".join([*pdf_text.pages(content), str(read.metadata), str(read.xmp_metadata and read.xmp_metadata.stream.get_data())]))  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(part).decode("utf-8", "replace") for part in package.namelist()]
        return flat(" ".join([*package.namelist(), *parts, *(re.sub("<[^>]*>", "", part) for part in parts)]))


def said_canaries(said: str, planted: Planted) -> set[str]:
    """Return the canaries that a text holds."""
    tokens = set(re.findall(r"zq\d+qz", said))
    return (tokens & planted.owner.keys()) | {each for each in planted.plain if each in said}


def leaks(said: str, planted: Planted, to: str, *, names: frozenset[str] = frozenset(), prices: frozenset[str] = frozenset()) -> list[str]:  # fmt: skip
    """Return what a document to a tenderer should not say: "" as `to` is everybody."""
    found = []
    for canary in said_canaries(said, planted):
        owner = planted.owner[canary]
        lawful = (owner == to != NOBODY) or planted.name.get(canary) in names
        if not lawful:
            found.append(f"{planted.where[canary]} of {owner or 'the buyer'}")
    found += [f"whole price of {owner}" for price, owner in planted.price.items() if price in said and owner not in prices | {to}]  # fmt: skip
    found += [f"word {word}" for word in ("robustesse", "sensibilité", "montecarlo", "leaveoneout") if word in said]
    return found
