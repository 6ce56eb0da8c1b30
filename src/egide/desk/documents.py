"""The tender documents of a consultation or of a purchase, as files to keep, with what is left to fill in."""

import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import egide
from egide import plain, reference
from egide.clausier.model import Clausier
from egide.clausier.purchase import combined
from egide.errors import DataError
from egide.exchange.clausiers import native
from egide.exchange.tender_folder import read_tender
from egide.finding import Finding, Severity
from egide.message import Language, message
from egide.tender.lots import of_lot
from egide.tender.model import Tender
from egide.tender.procedure import publication, publication_rules
from egide.tender.rules import check

PUBLICATION = "publication.json"
CLAUSIER = "clausier.json"
BEFORE_BIDS = frozenset({"tender.tenderers", "tender.evaluators", "tender.theme_unread", "tender.criterion_unread"})
"""What a consultation does without until bids are received."""
LATER = frozenset({"tender.tenderers"})
"""What an evaluation needs and a consultation not yet published cannot have."""


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


@dataclass(frozen=True)
class Documents:
    """The files by name; by document that has any, how many passages are to be filled in or checked.

    `digest` is that of what is frozen at the publication, "" without a consultation.
    """

    files: Mapping[str, bytes]
    left: Mapping[str, int]
    digest: str


def of_folder(folder: Path, on: date | None = None) -> Asked:
    """Return what to write for the consultation of a folder; see `of_tender`."""
    top = read_tender(folder)
    return of_tender(top.tender, top.enclosed, on, top.findings)


def of_tender(
    tender: Tender, enclosed: Clausier | None = None, on: date | None = None, findings: Collection[Finding] = ()
) -> Asked:
    """Return what to write for a consultation, dated `on` (by default the day of sending).

    `enclosed` is its own clausier, whole, None for ours; `findings` are those of reading `tender`. Raises DataError when
    the consultation breaks a rule of its date.
    """
    clausier, rules = reference.load(tender, enclosed)
    found = [each for each in check(tender, clausier, rules) if each.code not in BEFORE_BIDS]
    found += [
        *findings,
        *publication.wording(tender),
        *publication.thresholds(tender, clausier),
        *_risk(tender, clausier),
    ]
    if any(each.severity is Severity.ERROR for each in found):
        raise DataError(
            message("la consultation ne peut pas être publiée telle quelle : rien n'a été écrit"), tuple(found)
        )
    vocabulary = reference.vocabulary()
    profiles = [vocabulary.profile[each] for each in tender.purchase.profiles if each in vocabulary.profile]
    facets = combined(profiles, tender.purchase.facets)
    once: dict[tuple[str, str], Finding] = {}
    for each in found:
        once.setdefault((each.code, each.place), each)
    whole = enclosed or reference.clausier()
    return Asked(tender, clausier, facets, on or tender.sent_on, tuple(once.values()), whole)


def before_publication(
    tender: Tender, enclosed: Clausier | None = None, on: date | None = None, findings: Collection[Finding] = ()
) -> list[Finding]:
    """Return all that stands against publishing a consultation, by the rules of the day of sending `on`.

    `on` is by default the day that the consultation says; `findings` are those of reading it. Raises DataError when its
    clausier or its points cannot be established.
    """
    tender = replace(tender, sent_on=on or tender.sent_on)
    clausier, rules = reference.load(tender, enclosed)
    found = [*findings, *check(tender, clausier, rules), *publication_rules.check(tender, rules)]
    found += [*publication.wording(tender), *publication.thresholds(tender, clausier), *publication.unwritten(tender)]
    found += _risk(tender, clausier)
    return [finding for finding in found if finding.code not in LATER]


def _risk(tender: Tender, clausier: Clausier) -> list[Finding]:
    if tender.risk is None:
        return []
    from egide.desk import risk_use  # noqa: PLC0415 (the model of risk only where it serves)

    return risk_use.checked(tender, clausier)


def documents(asked: Asked, language: Language) -> Documents:
    """Return the documents: RC, CCTP, CCAP, GDPR annex in DOCX and ODT, the sheets to fill in, what is frozen.

    Same inputs, same bytes. Raises DataError when a text cannot be made.
    """
    from egide.report.dce import document as dce  # noqa: PLC0415 (the writers of documents only where they serve)
    from egide.report.dce.draft import FILES, Draft  # noqa: PLC0415
    from egide.report.papers.typography import Setter, plain_text  # noqa: PLC0415

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
    files = {**dce.files(frames, asked.on), **_sheets(asked, language), **_publication(asked, language)}
    left = {FILES[document]: count for document, data in frames.items() if (count := dce.left(data))}
    return Documents(files, left, publication.frozen(asked.tender, asked.clausier) if asked.tender else "")


def _sheets(asked: Asked, language: Language) -> dict[str, bytes]:
    """Return the workbooks that tenderers fill in: answers, of each lot when points differ, and prices of each lot."""
    from egide.desk.clausier_files import content  # noqa: PLC0415 (the writers of workbooks only where they serve)
    from egide.exchange.prices import frame  # noqa: PLC0415
    from egide.report.dce.draft import FILES  # noqa: PLC0415

    made = {}
    for ending, clausier in _clausiers(asked).items():
        for form in ("xlsx", "ods"):
            made[f"{FILES['answers']}{ending}.{form}"] = content(clausier, form, language, asked.on)
    if asked.tender is not None:
        for lot in asked.tender.lots:
            if asked.tender.schedule.of_lot(lot.id):
                held = io.BytesIO()
                frame.write(asked.tender, lot.id, held, language, asked.on)
                made[f"{FILES['price']}-{lot.id}.xlsx"] = held.getvalue()
    return made


def _clausiers(asked: Asked) -> dict[str, Clausier]:
    tender = asked.tender
    if tender is None or not any(use.lots for use in tender.points.values()):
        return {"": asked.clausier}
    return {f"-{lot.id}": of_lot(tender, asked.clausier, lot.id) for lot in tender.lots}


def _publication(asked: Asked, language: Language) -> dict[str, bytes]:
    """Return publication.json, what is frozen with its digest, and the clausier of the day, for the same clauses later."""
    if asked.tender is None or asked.whole is None:
        return {}
    terms = publication.terms(asked.tender, asked.clausier)
    kept = {
        "format": 1,
        "program": egide.__version__,
        "day": asked.on.isoformat(),
        "language": language,
        "title": asked.tender.title,
        "digest": publication.digest(terms),
        "terms": publication.written_terms(terms),
    }
    if asked.tender.risk is not None:
        from egide.desk import supplier_cost  # noqa: PLC0415 (the model of risk only where it serves)

        kept["risk"] = plain.unstructure(supplier_cost.sheet(asked.tender, asked.clausier))
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    return {PUBLICATION: text.encode(), CLAUSIER: native.text(asked.whole).encode()}
