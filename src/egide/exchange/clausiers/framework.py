"""Any list of requirements, by what the file holds: our own JSON, OSCAL, a library of CISO Assistant, a workbook, CSV."""

import re
from pathlib import Path
from typing import Any

from egide import plain
from egide.clausier.model import Clausier
from egide.errors import DataError
from egide.exchange import grid, safety
from egide.exchange.clausiers import ciso_library, loose_yaml, native, oscal, oscal_foreign, requirement_list
from egide.exchange.clausiers.foreign import Report, reused
from egide.finding import Finding, Severity
from egide.message import message

YAML = (".yaml", ".yml")
MAX_YAML = 20_000_000
_LOOKS_YAML = re.compile(
    r"^(---|%YAML|(urn|objects|locale|framework|requirement_nodes|ref_id|library|convert_library_version)\s*:)", re.M
)


def read(path: Path, name: str) -> tuple[Clausier, list[Finding]]:
    """Return the clausier that the file describes, and every doubt and thing left out.

    Two points may share an identifier: the findings then hold an error. Raises DataError when nothing can be read.
    """
    report = Report(name)
    try:
        content = safety.load(path, name)
        clausier = _clausier(content, path, name, report)
    except safety.Refused as refused:
        finding = safety.refusal(refused.code, name)
        raise DataError(message("{file} : {why}", file=name, why=finding.understood), (finding,)) from None
    return clausier, [*report.findings, *report.notes()]


def _clausier(content: safety.Content, path: Path, name: str, report: Report) -> Clausier:
    named_yaml = Path(name).suffix.lower() in YAML
    if content.kind is safety.Kind.JSON and not named_yaml:
        return _from_data(plain.parse_json(grid.decoded(content.data), name), path, name, report)
    if content.kind in {safety.Kind.TEXT, safety.Kind.JSON}:
        text = grid.decoded(content.data)
        if named_yaml or _LOOKS_YAML.search(text[:20_000]):
            return _from_data(_yaml(text, name, report), path, name, report)
    return _from_sheets(path, name, report)


def _yaml(text: str, name: str, report: Report) -> Any:
    if len(text) > MAX_YAML:
        raise plain.refusal("yaml.size", name, "", message("fichier trop gros ({size} caractères)", size=len(text)))
    loose = loose_yaml.parse(text, name)
    for key, line in loose.doubles[:50]:
        report.say(
            "yaml.double",
            Severity.DOUBT,
            message("la clé « {key} » est donnée deux fois : la dernière est retenue", key=key),
            message("Corriger le fichier, puis recommencer."),
            f"ligne {line}",
            read=key,
        )
    return loose.data


def _from_data(data: Any, path: Path, name: str, report: Report) -> Clausier:
    if isinstance(data, dict) and "themes" in data:
        return _native(data, name, report)
    if oscal.is_oscal(data):
        return oscal_foreign.from_oscal(data, report)
    if ciso_library.is_library(data):
        return ciso_library.read(data, report)
    if Path(name).suffix.lower() in YAML or not isinstance(data, list):
        raise plain.refusal(
            "framework.form", name, "", message("ce fichier n'est ni un clausier Égide ni un référentiel connu")
        )
    return _from_sheets(path, name, report)


def _native(data: Any, name: str, report: Report) -> Clausier:
    clausier = native.structured(data, name)
    places = [
        (point.id, f"themes[{t}].points[{p}]")
        for t, theme in enumerate(clausier.themes)
        for p, point in enumerate(theme.points)
    ]
    if not places:
        raise plain.refusal("clausier.empty", name, "themes", message("ce clausier n'a aucun point"))
    reused(places, report)
    return clausier


def _from_sheets(path: Path, name: str, report: Report) -> Clausier:
    sheets, found = grid.read(path, name)
    if not sheets:
        raise DataError(message("{file} : illisible", file=name), tuple(found))
    report.findings.extend(found)
    return requirement_list.read(sheets, report)
