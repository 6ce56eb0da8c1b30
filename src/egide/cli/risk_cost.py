"""egide risk cost: what the incidents of each tenderer may cost, and what each clause is worth."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from egide import plain, report
from egide.cli import console, table
from egide.cli.console import phrase
from egide.desk.own_risk_cost import CLAUSIER, Own, Sent, Told, of_folder, of_published
from egide.errors import UsageError
from egide.family import MEASURE_BY_CODE
from egide.finding import Finding, Severity
from egide.locale import say
from egide.message import Message, message
from egide.report import record
from egide.risk.attribution import OTHERS, ROUNDING, Shown, shown, significant
from egide.risk.guard_rails import MODEL_DOES_NOT_SEPARATE
from egide.tender.model import BidKey
from egide.tender.risk_cost import BidCost, Line, LotCost, Span
from egide.tender.risk_terms import RiskUse

JSON = "cout-du-risque.json"


def cost(
    folder: Annotated[Path | None, typer.Argument(help=phrase("Dossier de la consultation (docs/formats.md)."))] = None,
    published: Annotated[
        Path | None, typer.Option(help=phrase("Pour un soumissionnaire : publication.json de la consultation."))
    ] = None,
    answers: Annotated[Path | None, typer.Option(help=phrase("Avec --published : son questionnaire rempli."))] = None,
    lot: Annotated[str, typer.Option(help=phrase("Un seul lot."))] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help=phrase("Dossier où écrire les chiffres."))] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=phrase("Chiffres en JSON sur la sortie."))] = False,
) -> None:
    """Chiffrer ce que les incidents de chaque titulaire coûteraient, et ce que vaut chaque clause."""
    if (folder is None) is (published is None) or (published is None) is not (answers is None):
        raise UsageError(message("donner le dossier de la consultation, ou bien --published et --answers"))
    told = of_folder(folder) if folder is not None else _of_published(_given(published), _given(answers), lot)
    data = _data(told, lot)
    if out is not None:
        path = report.place({JSON: (plain.indented(data) + "\n").encode()}, out)[0]
        if not as_json:
            console.tell(message("Écrit : {path}", path=path))
    if as_json:
        console.tell_machine(data)
    elif isinstance(told, Told):
        _consultation(told, lot)
    else:
        _own(told)
    if any(finding.severity is Severity.ERROR for finding in told.findings):
        raise typer.Exit(1)


def _of_published(publication: Path, answers: Path, lot: str) -> Own:
    """Return a tenderer's own figures; the clausier that came with the publication stands beside it."""
    beside = publication.parent / CLAUSIER
    return of_published(Sent(publication), Sent(answers), lot, Sent(beside) if beside.exists() else None)


def _given(path: Path | None) -> Path:
    if path is None:
        raise UsageError(message("donner le dossier de la consultation, ou bien --published et --answers"))
    return path


def _data(told: Told | Own, lot: str) -> dict[str, Any]:
    found = record.findings(told.findings, console.language())
    if isinstance(told, Own):
        return {"format": 1, "title": told.title, "lots": plain.unstructure(told.lots), "findings": found}
    data = plain.unstructure(told.cost)
    data["lots"] = [each for each in data["lots"] if lot in {"", each["lot"]}]
    return {"format": 1, "title": told.tender.title, "opened": told.opened, **data, "findings": found}


# ---------------------------------------------------------------------------------------------------------- for a person
def _say(said: Message) -> str:
    return say(said, console.language())


def _money(amount: Decimal, figures: int) -> str:
    return _say(message("{amount} €", amount=significant(amount, figures)))


def _interval(span: Span, figures: int) -> str:
    return _say(
        message(
            "{mean} € [{low} ; {high}]",
            mean=significant(span.mean, figures),
            low=significant(span.low, figures),
            high=significant(span.high, figures),
        )
    )


def _consultation(told: Told, lot: str) -> None:
    titles = {point: each.title.say(console.language()) for point, each in told.clausier.points.items()}
    for each in told.cost.lots:
        if lot in {"", each.lot}:
            _lot(told, each, titles)
    if told.cost.use is RiskUse.INFORMATION:
        console.tell(message("Pour information : ce coût ne change aucun point."))
    console.tell(
        message(
            "Moyenne et intervalle à 90 % sur {years} an(s), {draws} tirages, graine {seed}, bibliothèque {library}. Ordres de grandeur : la plupart des paramètres sont des hypothèses (egide risk parameters).",
            years=told.cost.years,
            draws=told.cost.draws,
            seed=told.cost.seed,
            library=told.cost.library[:12],
        )
    )


def _lot(told: Told, lot: LotCost, titles: Mapping[str, str]) -> None:
    figures = 1 if lot.order_of_magnitude else 2
    console.tell("")
    console.tell(message("{lot} : coût attendu des incidents du titulaire", lot=lot.lot))
    if lot.order_of_magnitude:
        console.tell(message("Ordre de grandeur seulement : un chiffre significatif."))
    rows = [
        [
            report.bid_name(told.tender, each.key, console.language()),
            _interval(each.cost, figures),
            _care(each, figures),
        ]
        for each in lot.costs
    ]
    stones = lot.landmarks
    rows += [
        [_say(name), _interval(span, figures), ""]
        for name, span in (
            (message("repère : tout prouvé"), stones.proven),
            (message("repère : fournisseur moyen"), stones.reference),
            (message("repère : rien répondu"), stones.blank),
        )
    ]
    head = [_say(message("Offre")), _say(message("Coût attendu")), _say(message("Journées de soins"))]
    for line in table.lines(head, rows):
        console.tell(line)
    for each in lot.costs:
        if each.explained is not None:
            _explained(told, lot, each, titles)
    if not lot.costs:
        console.tell(message("Ce que vaut chaque point, de rien répondu à tout prouvé :"))
        _lines(lot.worth, stones.blank.mean - stones.proven.mean, titles, figures, first=10)


def _short(key: BidKey) -> str:
    return (
        _say(message("{name}, variante {variant}", name=key.tenderer, variant=key.variant))
        if key.variant
        else key.tenderer
    )


def _care(cost: BidCost, figures: int) -> str:
    return "" if cost.care_days is None else f"{significant(cost.care_days.mean, figures):f}"


def _explained(told: Told, lot: LotCost, cost: BidCost, titles: Mapping[str, str]) -> None:
    explained = cost.explained
    if explained is None:
        return
    figures = 1 if lot.order_of_magnitude else 2
    console.tell(
        message(
            "{name}, écart avec {other} : {difference}",
            name=report.bid_name(told.tender, cost.key, console.language()),
            other=report.bid_name(told.tender, explained.other, console.language()),
            difference=_interval(explained.difference, figures),
        )
    )
    if explained.difference.around_zero:
        console.tell(f"    {_say(MODEL_DOES_NOT_SEPARATE)}")
    _lines(explained.lines, explained.difference.mean, titles, figures)
    gathered = [(measure, span.mean) for measure, span in explained.measures.items()]
    parts = [
        message("{measure} {amount} €", measure=MEASURE_BY_CODE[each.name].title, amount=each.amount)
        for each in shown(gathered, explained.difference.mean, figures)
        if each.name in MEASURE_BY_CODE
    ]
    console.tell(message("    les mêmes parts, par mesure, les trois premières : {parts}", parts=parts))
    if explained.transfer is not None:
        console.tell(message("    à part, pénalités et assurance du titulaire : {amount}", amount=_interval(explained.transfer, figures)))  # fmt: skip


def _lines(lines: Sequence[Line], total: Decimal, titles: Mapping[str, str], figures: int, first: int = 3) -> None:
    spans = {line.point: line for line in lines}
    for each in shown([(line.point, line.share.mean) for line in lines], total, figures, first):
        console.tell(_line(each, spans, titles, len(lines) - first, figures))


def _line(each: Shown, lines: Mapping[str, Line], titles: Mapping[str, str], others: int, figures: int) -> Message:
    amount = _money(each.amount, 1) if figures == 1 else _say(message("{amount} €", amount=each.amount))
    if each.name == ROUNDING:
        return message("    arrondi : {amount}", amount=amount)
    if each.name == OTHERS:
        return message("    part attribuée aux {count} autres points : {amount}", count=others, amount=amount)
    line = lines[each.name]
    return message(
        "    part attribuée à {point}, {title} ({measure}) : {amount} [{low} ; {high}]",
        point=each.name,
        title=titles.get(each.name, ""),
        measure=MEASURE_BY_CODE[line.measure].title,
        amount=amount,
        low=significant(line.share.low, figures),
        high=significant(line.share.high, figures),
    )


def _own(own: Own) -> None:
    for finding in console.lines(_errors(own.findings)):
        console.tell(finding)
    for each in own.lots:
        console.tell(message("{lot} : votre coût attendu, selon vos réponses", lot=each.lot))
        rows = [
            [_say(name), _interval(span, 2)]
            for name, span in (
                (message("si tout est retenu, preuve à l'appui"), each.proven),
                (message("si rien n'est prouvé"), each.declared),
                (message("repère : tout prouvé"), each.landmarks.proven),
                (message("repère : fournisseur moyen"), each.landmarks.reference),
                (message("repère : rien répondu"), each.landmarks.blank),
            )
        ]
        for line in table.lines([_say(message("Hypothèse")), _say(message("Coût attendu"))], rows):
            console.tell(line)
        if each.blank:
            console.tell(message("Sans réponse qui compte : {points}", points=each.blank))
    console.tell(message("L'acheteur retient lui-même chaque niveau, sur preuve : ces chiffres n'engagent personne."))


def _errors(found: Sequence[Finding]) -> list[Finding]:
    return [each for each in found if each.severity is Severity.ERROR]
