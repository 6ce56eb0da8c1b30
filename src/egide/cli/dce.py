"""egide clausier export --dce: the tender documents of a consultation or of a purchase, all written or none."""

import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import egide
from egide import plain, reference, report
from egide.clausier.model import Clausier
from egide.clausier.purchase import combined
from egide.cli import console
from egide.errors import DataError
from egide.exchange.clausiers import native
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.message import message
from egide.tender.lots import of_lot
from egide.tender.model import Tender
from egide.tender.procedure import publication
from egide.tender.rules import check

BEFORE_BIDS = frozenset({"tender.tenderers", "tender.evaluators", "tender.theme_unread", "tender.criterion_unread"})
"""What a consultation does without until bids are received."""


@dataclass(frozen=True)
class Asked:
    """What the documents are written for: a consultation, or a purchase of which only facets are known."""

    tender: Tender | None
    clausier: Clausier
    facets: Mapping[str, Collection[str]]
    on: date
    findings: tuple[Finding, ...] = ()
    whole: Clausier | None = None
    """The clausier of the consultation before it is narrowed: kept beside the publication."""


def of_folder(folder: Path, on: date | None) -> Asked:
    """Return the consultation of a folder. Raises DataError when it breaks a rule of its date."""
    top = read_tender(folder)
    clausier, rules = reference.load(top.tender, top.enclosed)
    found = [each for each in check(top.tender, clausier, rules) if each.code not in BEFORE_BIDS]
    found += [*top.findings, *publication.wording(top.tender), *publication.thresholds(top.tender, clausier)]
    if any(each.severity is Severity.ERROR for each in found):
        raise DataError(
            message("la consultation ne peut pas être publiée telle quelle : rien n'a été écrit"), tuple(found)
        )
    vocabulary = reference.vocabulary()
    profiles = [vocabulary.profile[each] for each in top.tender.purchase.profiles if each in vocabulary.profile]
    facets = combined(profiles, top.tender.purchase.facets)
    unique = tuple(dict.fromkeys((each.code, each.place) for each in found))
    kept = {(each.code, each.place): each for each in reversed(found)}
    whole = top.enclosed or reference.clausier()
    return Asked(top.tender, clausier, facets, on or top.tender.sent_on, tuple(kept[each] for each in unique), whole)


def write(asked: Asked, out: Path) -> None:
    """Write the documents into `out` and say what is left to fill in. Raises DataError, and then writes nothing."""
    from egide.report.dce import document as dce  # noqa: PLC0415 (the writers of documents only where they serve)
    from egide.report.dce.draft import FILES, Draft  # noqa: PLC0415
    from egide.report.papers.typography import Setter, plain_text  # noqa: PLC0415

    language = console.language()
    draft = Draft(
        asked.tender,
        asked.clausier,
        reference.texts(),
        asked.facets,
        reference.vocabulary().roles,
        asked.on,
        language,
        Setter(language, plain_text),
    )
    frames = dce.frames(draft)
    paths = report.write_new({**dce.files(frames, asked.on), **_sheets(asked), **_publication(asked)}, out)
    for path in paths:
        console.tell(message("Écrit : {path}", path=path))
    for document, data in frames.items():
        if count := dce.left(data):
            console.tell(
                message("{file} : {count} passage(s) à compléter ou à vérifier", file=FILES[document], count=count)
            )
    if asked.findings:
        for line in console.lines(asked.findings):
            console.tell(line)
    if asked.tender is not None:
        digest = publication.frozen(asked.tender, asked.clausier)
        console.tell(
            message("Empreinte de la publication, à écrire au journal (publication: digest) : {digest}", digest=digest)
        )
    else:
        console.tell(
            message(
                "Sans --tender : critères, poids et dates restent à écrire. Décrire la consultation (tender.yaml) les remplit et fige la publication."
            )
        )


def _sheets(asked: Asked) -> dict[str, bytes]:
    """Return the workbooks that tenderers fill in: answers, of each lot when points differ, and prices of each lot."""
    from egide.exchange import questionnaire, questionnaire_ods  # noqa: PLC0415
    from egide.exchange.prices import frame  # noqa: PLC0415
    from egide.report.dce.draft import FILES  # noqa: PLC0415

    made = {}
    for ending, clausier in _clausiers(asked).items():
        held = io.BytesIO()
        questionnaire.write(clausier, None, held, console.language(), created=asked.on)
        made[f"{FILES['answers']}{ending}.xlsx"] = held.getvalue()
        made[f"{FILES['answers']}{ending}.ods"] = questionnaire_ods.content(
            clausier, None, console.language(), created=asked.on
        )
    if asked.tender is not None:
        for lot in asked.tender.lots:
            if asked.tender.schedule.of_lot(lot.id):
                held = io.BytesIO()
                frame.write(asked.tender, lot.id, held, console.language(), asked.on)
                made[f"{FILES['price']}-{lot.id}.xlsx"] = held.getvalue()
    return made


def _clausiers(asked: Asked) -> dict[str, Clausier]:
    tender = asked.tender
    if tender is None or not any(use.lots for use in tender.points.values()):
        return {"": asked.clausier}
    return {f"-{lot.id}": of_lot(tender, asked.clausier, lot.id) for lot in tender.lots}


def _publication(asked: Asked) -> dict[str, bytes]:
    """Return publication.json, what is frozen with its digest, and the clausier of the day, for the same clauses later."""
    if asked.tender is None or asked.whole is None:
        return {}
    terms = publication.terms(asked.tender, asked.clausier)
    kept = {
        "format": 1,
        "program": egide.__version__,
        "day": asked.on.isoformat(),
        "language": console.language(),
        "title": asked.tender.title,
        "digest": publication.digest(terms),
        "terms": plain.unstructure(terms),
    }
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    return {"publication.json": text.encode(), "clausier.json": native.text(asked.whole).encode()}
