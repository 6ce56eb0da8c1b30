"""What a programme says that has a meaning but may not be what was wanted: doubts and notes, never an error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import inf, isfinite

from egide.finding import Finding, Severity
from egide.loss.faults import fault
from egide.loss.terms import Retention
from egide.message import Message, message


def amount(value: float) -> Decimal:
    """Return an amount as a message writes it."""
    return Decimal(f"{value:.12g}")


def remark(severity: Severity, code: str, field: str, value: object, understood: Message, remedy: Message) -> Finding:
    """Return the finding of one field that is not an error."""
    return replace(fault(code, field, value, understood, remedy), severity=severity)


def of_retention(name: str, retention: Retention, top: float) -> list[Finding]:
    """Return the doubts on a retention: one that disappears, one above all that is covered (`top`)."""
    found = []
    floor = min(max(retention.flat, retention.least), retention.most)
    if retention.franchise and floor > 0:
        found.append(
            remark(
                Severity.DOUBT,
                "insurance.disappearing_franchise",
                f"{name}.retention.franchise",
                "oui",
                message(
                    "Franchise simple : dès qu'un sinistre la dépasse, il est payé en entier. La perte conservée peut donc "
                    "baisser quand le sinistre s'aggrave."
                ),
                message(
                    "Vérifier au contrat que la franchise n'est vraiment pas déduite : sinon, c'est une franchise absolue."
                ),
            )
        )
    if floor > top:
        found.append(
            remark(
                Severity.DOUBT,
                "insurance.retention_above_limit",
                f"{name}.retention",
                f"{floor:.12g}",
                message("La franchise dépasse le plafond par sinistre ({top}).", top=amount(top)),
                message("Vérifier les deux montants : le plafond s'entend ici au-dessus de la franchise."),
            )
        )
    return found


def _net(retention: Retention, claim: float) -> float:
    """Return what is left of a claim after the retention."""
    kept = min(max(retention.flat + retention.share * claim, retention.least), retention.most)
    return claim if retention.franchise else claim - kept


def of_sublimits(name: str, sublimits: Mapping[str, float], retention: Retention, top: float) -> list[Finding]:
    """Return a note for each sub-limit that never acts: less the retention, it is above the limit of an event."""
    return [
        remark(
            Severity.NOTE,
            "insurance.sublimit_above_limit",
            f"{name}.heads.{head}.sublimit",
            f"{sublimit:.12g}",
            message(
                "La sous-limite dépasse le plafond par sinistre ({top}) : elle ne change jamais ce qui est payé.",
                top=amount(top),
            ),
            message("Vérifier la sous-limite, ou la retirer."),
        )
        for head, sublimit in sublimits.items()
        if isfinite(sublimit) and _net(retention, sublimit) >= top
    ]


def of_tower(name: str, layers: Iterable[tuple[str, float, float]]) -> list[Finding]:
    """Return a note for each gap of a tower; `layers` gives name, attachment and top of each."""
    found = []
    reached = 0.0
    for layer, attachment, top in sorted(layers, key=lambda each: each[1]):
        if attachment > reached * (1 + 1e-9):
            found.append(
                remark(
                    Severity.NOTE,
                    "insurance.layers_gap",
                    f"{name}.layers.{layer}.attachment",
                    f"{attachment:.12g}",
                    message(
                        "Entre {reached} et {attachment} au-dessus de la franchise, aucune tranche ne paie.",
                        reached=amount(reached),
                        attachment=amount(attachment),
                    ),
                    message("Vérifier le point d'attachement : il se compte au-dessus de la franchise."),
                )
            )
        reached = top
    return found


def of_years(name: str, layers: Sequence[tuple[str, float, float]]) -> list[Finding]:
    """Return a note for each annual limit that never acts; `layers` gives name, annual limit and reinstated limit."""
    return [
        remark(
            Severity.NOTE,
            "insurance.annual_never_acts",
            f"{name}.layers.{layer}.annual_limit",
            f"{annual:.12g}",
            message(
                "Les reconstitutions bornent déjà l'année à {most} : le plafond annuel ne joue jamais.",
                most=amount(most),
            ),
            message("Vérifier le plafond annuel ou le nombre de reconstitutions."),
        )
        for layer, annual, most in layers
        if most < annual < inf
    ]
