"""The parameters of the model as pages show them: by subject, each with its value, its evidence and its mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from egide import reference
from egide.message import Message, Text, message
from egide.report.papers.typography import Setter, plain_text
from egide.report.risk_words import unit, written
from egide.risk.library import Library
from egide.risk.parameter import Parameter
from egide.web.design.words import language


@dataclass(frozen=True)
class Subject:
    """Parameters that are read together: those whose identifier begins with one of `begins`."""

    code: str
    title: Message
    begins: frozenset[str]


SUBJECTS = (
    Subject("frequence", message("Fréquence des incidents"), frozenset({"national", "declaration", "reference", "size", "private", "social", "frequency"})),
    Subject("gravite", message("Gravité et coûts"), frozenset({"severity", "practice", "leak", "claim", "fine"})),
    Subject("mesures", message("Effet des mesures"), frozenset({"maturity", "effect"})),
    Subject("soins", message("Soins"), frozenset({"care"})),
    Subject("categories", message("Catégories d’établissements"), frozenset({"category"})),
    Subject("assurance", message("Assurance"), frozenset({"programme"})),
    Subject("achats", message("Achats et contrats"), frozenset({"contract", "contracts", "purchase", "supplier"})),
)  # fmt: skip
SCENARIOS = Subject("scenarios", message("Scénarios"), frozenset())
OTHERS = Subject("autres", message("Autres"), frozenset())
"""What no subject claims."""


@dataclass(frozen=True)
class Line:
    """A parameter as it is shown: `theirs` is what an organisation set instead, and `reason` why."""

    parameter: Parameter
    value: str
    interval: str
    unit: Text
    theirs: str = ""
    reason: str = ""

    @property
    def marked(self) -> bool:
        """Whether the value may be shown only with its mark; only such a value may be changed on a page."""
        return self.parameter.grade.marked


def setter() -> Setter:
    """Return what sets numbers in the language of the page."""
    return Setter(language(), plain_text)


def line(parameter: Parameter, changed: Library | None = None, overlay: Mapping[str, Any] | None = None) -> Line:
    """Return a parameter of the library as it is shown, beside what an organisation set instead."""
    value, interval = written(parameter, setter())
    theirs, reason = "", ""
    if changed is not None and overlay and parameter.id in overlay:
        own, around = written(changed[parameter.id], setter())
        theirs = f"{own} ({around})" if around else own
        reason = str(overlay[parameter.id].get("reason", ""))
    return Line(parameter, value, interval, unit(parameter), theirs, reason)


def subjects(library: Library) -> list[Subject]:
    """Return the subjects of which the library has parameters, in the order to show."""
    known = {subject_of(library, code).code for code in library.parameters}
    return [each for each in (*SUBJECTS, SCENARIOS, OTHERS) if each.code in known]


def subject_of(library: Library, code: str) -> Subject:
    """Return where a parameter is read."""
    first = code.partition(".")[0]
    if first in library.scenario_by_id:
        return SCENARIOS
    return next((each for each in SUBJECTS if first in each.begins), OTHERS)


def groups(library: Library, subject: Subject) -> list[tuple[Text | None, list[Parameter]]]:
    """Return the parameters of a subject, by scenario or category where there are several of them."""
    titles = {each.id: each.title for each in library.scenarios} | {each.id: each.title for each in library.categories}
    found: dict[str, list[Parameter]] = {}
    for code, each in library.parameters.items():
        if subject_of(library, code) == subject:
            parts = code.split(".")
            part = parts[1] if subject.code == "categories" else parts[0] if subject == SCENARIOS else ""
            found.setdefault(part, []).append(each)
    return [(titles.get(part), every) for part, every in found.items()]


def of_egide() -> Library:
    """Return the library as Égide ships it."""
    return reference.risk_library()
