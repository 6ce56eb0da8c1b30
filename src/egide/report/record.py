"""evaluation.json and the other machine outputs: stable keys, text in the language asked, numbers as text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from egide import plain
from egide.errors import EgideError
from egide.finding import Finding, Severity
from egide.locale import say
from egide.message import Language, Message, message
from egide.tender.evaluation import Evaluation, Row

CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Return a note as it is shown: two decimals, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Record:
    """An evaluation with all that its documents show."""

    evaluation: Evaluation
    findings: tuple[Finding, ...]
    language: Language
    date: date
    seed: int = 0


def text(record: Record, written: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return evaluation.json; `written` gives the documents that go with it, with the SHA-256 of each."""
    evaluation = record.evaluation
    data = {
        "format": evaluation.format,
        "program": evaluation.program,
        "status": evaluation.status.value,
        "title": evaluation.tender.title,
        "date": record.date.isoformat(),
        "seed": record.seed,
        "language": record.language,
        "fingerprint": evaluation.fingerprint,
        "ranking": [_row(evaluation, row) for row in evaluation.ranking],
        "findings": findings(record.findings, record.language),
        "documents": dict(written),
        "record": plain.unstructure(replace(evaluation, findings=())),
    }
    return plain.indented({**data, "digest": plain.digest(data)}) + "\n"


def _row(evaluation: Evaluation, row: Row) -> dict[str, Any]:
    tenderer = evaluation.tender.tenderer.get(row.key.tenderer)
    return {
        "tenderer": row.key.tenderer,
        "name": tenderer.name if tenderer else "",
        "lot": row.key.lot,
        "variant": row.key.variant,
        "round": row.key.round,
        "rank": row.rank,
        "total": str(row.total),
        "total_displayed": str(rounded(row.total)),
        "class": row.bid_class.value,
        "abnormally_low": row.abnormally_low,
        "price": None if row.price is None else str(row.price),
        "missing": row.missing,
        "notes": plain.unstructure(row.notes),
    }


def findings(found: Iterable[Finding], language: Language) -> list[dict[str, str]]:
    """Return findings as plain data, their sentences written out."""
    return [
        {
            "code": each.code,
            "severity": each.severity.value,
            "file": each.file,
            "place": each.place,
            "point": each.point,
            "tenderer": each.tenderer,
            "read": each.read,
            "understood": say(each.understood, language),
            "remedy": say(each.remedy, language),
        }
        for each in found
    ]


def reading(read: Any, language: Language) -> dict[str, Any]:
    """Return what `egide check` says of one file."""
    return {
        "answers": [
            {
                "point": answer.point,
                "declared": answer.declared.value,
                "condition": answer.condition.value,
                "pointer": plain.unstructure(answer.pointer),
                "place": answer.place,
                "raw": answer.raw,
                "comment": answer.comment,
                "proof": answer.proof,
            }
            for answer in read.answers.values()
        ],
        "findings": findings(read.findings, language),
    }


def refusal(error: EgideError, language: Language) -> dict[str, Any]:
    """Return the machine output of a run that the data did not allow."""
    found = error.findings or (Finding(error.code, Severity.ERROR, error.message, message("Voir le message.")),)
    return {"status": "refused", "ranking": [], "findings": findings(found, language), "fingerprint": ""}


def load(path: Path) -> Record:
    """Return the record kept in an evaluation.json: it is shown from there, nothing is computed again.

    Raises DataError when the file is no record of a known format, or not as it was written: its own digest tells.
    """
    data = _whole(path)
    evaluation = plain.structure(data["record"], Evaluation, path.name)
    return Record(
        evaluation,
        tuple(_finding(each) for each in data["findings"]),
        "en" if data["language"] == "en" else "fr",
        date.fromisoformat(data["date"]),
        data["seed"],
    )


def documents(path: Path) -> Mapping[str, str] | None:
    """Return the documents written with an evaluation.json, with the SHA-256 of each; nothing when it is not there.

    None when it does not tell, as the first versions did not. Raises DataError when it is not as it was written.
    """
    told = _whole(path).get("documents") if path.exists() else {}
    return None if told is None else {name: digest for name, digest in told.items() if Path(name).name == name}


def _whole(path: Path) -> dict[str, Any]:
    name = path.name
    try:
        data = plain.parse_json(path.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError):
        raise plain.refusal("record.unreadable", name, "", message("fichier absent ou illisible")) from None
    if not isinstance(data, dict) or data.get("format") != 1 or "record" not in data:
        raise plain.refusal("record.format", name, "format", message("ce n'est pas une évaluation au format 1"))
    if "digest" in data and plain.digest({key: value for key, value in data.items() if key != "digest"}) != data.get(
        "digest"
    ):
        said = message("l'empreinte ne correspond plus à ce que dit ce fichier : il a été modifié ou coupé")
        remedy = message("Remettre le fichier tel qu'il a été écrit, ou refaire l'évaluation dans un autre dossier.")
        raise plain.refusal("record.altered", name, "digest", said, str(data.get("digest", ""))[:64], remedy)
    return data


def _finding(data: dict[str, str]) -> Finding:
    kept = {key: data[key] for key in ("code", "file", "place", "point", "tenderer", "read")}
    return Finding(
        severity=Severity(data["severity"]),
        understood=Message("{said}", {"said": data["understood"]}),
        remedy=Message("{said}", {"said": data["remedy"]}),
        **kept,
    )
