"""A programme against the model of what is exposed: does it name what is there, and what are its plain terms."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from egide.finding import Finding
from egide.insurance.programme import Cover, Layer, Programme, twice
from egide.loss import terms
from egide.loss.faults import fault, refuse
from egide.loss.model import Model
from egide.loss.terms import HeadTerms, Policy, Terms
from egide.message import Message, message


def fitted(programme: Programme, model: Model) -> tuple[Finding, ...]:
    """Return all that a programme says that does not fit the model (errors), and what may surprise (doubts, notes)."""
    return (*_errors(programme, model), *programme.remarks)


def to_terms(programmes: Sequence[Programme], model: Model) -> Terms:
    """Return the plain terms of the programmes, one policy each in the same order, for the simulation of `model`.

    Raises Unfit with all the errors: names unknown to the model, an uninsurable head covered, a name given twice, an
    establishment in two programmes.
    """
    found = [finding for programme in programmes for finding in _errors(programme, model)]
    found += twice((programme.name for programme in programmes), "programmes")
    found += _insured_twice(programmes, model)
    refuse(found)
    return Terms(tuple(_policy(programme, model) for programme in programmes))


def members_of(programme: Programme, model: Model) -> tuple[str, ...]:
    """Return the establishments that a programme covers: those it names, else all those of the model."""
    return programme.members or tuple(risk.name for risk in model.risks)


def _policy(programme: Programme, model: Model) -> Policy:
    probabilities = {name: programme.paid_by_scenario.get(name, programme.paid) for name in model.scenarios}
    return Policy(
        name=programme.name,
        members=members_of(programme, model),
        layers=tuple(_layer(layer) for layer in programme.tower),
        retention=programme.retention,
        waiting_days=programme.waiting_days,
        indemnity_days=programme.indemnity_days,
        heads={name: _head_terms(cover) for name, cover in programme.heads.items()},
        other_heads=None if programme.other_heads.excluded else _head_terms(programme.other_heads),
        excluded=programme.excluded_scenarios,
        paid={name: probability for name, probability in probabilities.items() if probability < 1},
    )


def _head_terms(cover: Cover) -> HeadTerms:
    return HeadTerms(0.0 if cover.excluded else 1 - cover.coinsurance, cover.sublimit)


def _layer(layer: Layer) -> terms.Layer:
    return terms.Layer(
        name=layer.name,
        attachment=layer.attachment,
        limit=layer.limit,
        share=layer.share,
        aggregate_retention=layer.annual_retention,
        aggregate_limit=layer.year,
    )


def _errors(programme: Programme, model: Model) -> list[Finding]:
    risks = [risk.name for risk in model.risks]
    named = (*programme.excluded_scenarios, *programme.paid_by_scenario)
    return [
        *_unknown(
            programme.members,
            risks,
            "insurance.unknown_member",
            f"{programme.name}.members",
            message("Cet établissement n'est pas dans le modèle de perte."),
        ),
        *_unknown(
            programme.heads,
            model.heads,
            "insurance.unknown_head",
            f"{programme.name}.heads",
            message("Ce poste de perte n'est pas dans le modèle."),
        ),
        *_unknown(
            sorted(set(named)),
            model.scenarios,
            "insurance.unknown_scenario",
            f"{programme.name}.scenarios",
            message("Ce scénario n'est pas dans le modèle de perte."),
        ),
        *_uninsurable(programme, model),
    ]


def _unknown(
    names: Iterable[str], known: Sequence[str], code: str, where: str, understood: Message
) -> Iterator[Finding]:
    shown = [*known[:20], "…"] if len(known) > 20 else known
    return (
        fault(
            code, where, name, understood, message("Corriger le nom ; le modèle connaît : {names}.", names=tuple(shown))
        )
        for name in names
        if name not in set(known)
    )


def _uninsurable(programme: Programme, model: Model) -> list[Finding]:
    """Return an error for each head that the programme covers by name and that can nowhere be insured."""
    return [
        fault(
            "insurance.not_insurable",
            f"{programme.name}.heads",
            name,
            message("Ce poste n'est pas assurable : une amende ou une sanction n'est jamais payée par un assureur."),
            message("Retirer ce poste du programme, ou écrire qu'il est exclu."),
        )
        for name, cover in programme.heads.items()
        if name in model.uninsurable and not cover.excluded
    ]


def _insured_twice(programmes: Sequence[Programme], model: Model) -> list[Finding]:
    counted = Counter(member for programme in programmes for member in members_of(programme, model))
    return [
        fault(
            "insurance.member_twice",
            "programmes",
            member,
            message("Cet établissement est membre de deux programmes."),
            message("Ne le nommer que dans un seul, ou réunir les programmes en une tour de tranches."),
        )
        for member, times in counted.items()
        if times > 1
    ]
