"""What a buyer changes of the points before publication: one point in full, or those of a theme together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms

from egide import reference
from egide.clausier.model import AwardUse, Clausier, IfBlank, Point
from egide.message import Message, Text, message
from egide.tender import words
from egide.tender.model import PointUse, Tender
from egide.tender.points import selection
from egide.tender.procedure import publication
from egide.web.design.words import phrase, said
from egide.web.tenders.preparing.forms import ChecksField, chosen

if TYPE_CHECKING:
    from egide.web.tenders.preparing.points import Line

USES: Mapping[str, Text] = {each.value: words.AWARD_USES[each] for each in AwardUse}
BLANKS: Mapping[str, Text] = {each.value: publication.BLANKS[each] for each in IfBlank}
WEIGHTS = ("1", "2", "3")
KEPT = {"yes": True, "no": False}

Change = Callable[[PointUse], PointUse]
BULK: Mapping[str, tuple[Message, Change]] = {
    "keep": (message("Garder"), lambda use: replace(use, keep=True)),
    "drop": (message("Écarter"), lambda use: replace(use, keep=False)),
    "scored": (message("Noter"), lambda use: replace(use, award_use=AwardUse.SCORED)),
    "minimum": (message("Rendre éliminatoire, sans note"), lambda use: replace(use, award_use=AwardUse.MINIMUM, weight=None)),
    "none": (message("Ne pas utiliser pour l’attribution"), lambda use: replace(use, award_use=AwardUse.NONE, weight=None)),
    "weight1": (message("Poids 1"), lambda use: replace(use, weight=1)),
    "weight2": (message("Poids 2"), lambda use: replace(use, weight=2)),
    "weight3": (message("Poids 3"), lambda use: replace(use, weight=3)),
    "zero": (message("Sans réponse : zéro"), lambda use: replace(use, if_blank=IfBlank.ZERO)),
    "irregular": (message("Sans réponse : offre irrégulière"), lambda use: replace(use, if_blank=IfBlank.IRREGULAR)),
    "reset": (message("Revenir au clausier"), lambda use: PointUse()),
}  # fmt: skip
"""What can be done to many points at once."""


def normal(uses: Mapping[str, PointUse], tender: Tender, whole: Clausier) -> dict[str, PointUse]:
    """Return the uses that change something: what says the same as the clausier or the selection is left out."""
    chosen = selection(replace(tender, points={}), whole, reference.vocabulary())
    kept = set(chosen.kept if chosen else whole.points)
    made = {name: _normal(use, whole.points[name], kept=name in kept) if name in whole.points else use for name, use in uses.items()}  # fmt: skip
    return {name: use for name, use in made.items() if use != PointUse()}


def _normal(use: PointUse, point: Point, *, kept: bool) -> PointUse:
    award_use = use.award_use or point.award_use
    same_weight = not award_use.scores or use.weight == (point.weight or 1)
    return replace(
        use,
        keep=None if use.keep is kept else use.keep,
        award_use=None if use.award_use is point.award_use else use.award_use,
        weight=None if same_weight else use.weight,
        if_blank=None if use.if_blank is point.if_blank else use.if_blank,
        na_allowed=None if use.na_allowed is point.na_allowed else use.na_allowed,
        parameters={name: value for name, value in use.parameters.items() if name not in point.parameters or value != point.parameters[name].default},
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------- many at once
class Table:
    """The table of a theme as it was filled in: what it asks for, and what cannot be."""

    def __init__(self, data: Any, lines: Sequence["Line"]) -> None:
        self.data, self.lines = data, lines
        self.errors: list[Message] = []
        self.uses: dict[str, PointUse] = {}
        if data is not None:
            self._read()

    @property
    def valid(self) -> bool:
        """Whether all of it can be taken."""
        return not self.errors

    def _read(self) -> None:
        bulk = self.data.get("bulk", "") if "apply" in self.data else ""
        ticked = set(self.data.getlist("ticked"))
        if "apply" in self.data and bulk not in BULK:
            self.errors.append(message("Choisissez ce qu’il faut faire des points cochés."))
        if "apply" in self.data and not ticked:
            self.errors.append(message("Cochez au moins un point."))
        for line in self.lines:
            use = self._one(line)
            if bulk in BULK and line.point.id in ticked:
                use = BULK[bulk][1](use)
            self.uses[line.point.id] = use

    def _one(self, line: "Line") -> PointUse:
        """Return the use of a point as its row says; what the row does not say is as before."""
        name, use = line.point.id, line.use
        try:
            if given := self.data.get(f"use-{name}"):
                use = replace(use, award_use=AwardUse(given))
            if given := self.data.get(f"weight-{name}"):
                use = replace(use, weight=_weight(given))
            if given := self.data.get(f"blank-{name}"):
                use = replace(use, if_blank=IfBlank(given))
            if given := self.data.get(f"keep-{name}"):
                use = replace(use, keep=KEPT[given])
        except (ValueError, KeyError):
            self.errors.append(
                message("{point} : « {read} » n’est pas une valeur possible", point=name, read=given[:40])
            )
        return use

    @property
    def rows(self) -> Iterable[dict[str, Any]]:
        """Return the rows to show, with what was chosen in them."""
        for line in self.lines:
            use = self.uses.get(line.point.id, line.use)
            award_use = use.award_use or line.point.award_use
            yield {
                "line": line,
                "keep": line.kept if use.keep is None else use.keep,
                "use": award_use.value,
                "weight": str(use.weight if use.weight is not None else line.point.weight or 1),
                "blank": (use.if_blank or line.point.if_blank).value,
                "ticked": self.data is not None and line.point.id in self.data.getlist("ticked"),
            }


def _weight(given: str) -> int:
    if given not in WEIGHTS:
        raise ValueError(given)
    return int(given)


# ----------------------------------------------------------------------------------------------------- one, in full
class Use(forms.Form):
    """All that a consultation may change of a point."""

    keep = forms.ChoiceField(
        label=phrase("Dans cette consultation"),
        choices=[("", phrase("Selon l’achat décrit")), ("yes", phrase("Gardé")), ("no", phrase("Écarté"))],
        widget=forms.RadioSelect,
        required=False,
    )
    award_use = forms.ChoiceField(label=phrase("Usage pour l’attribution"), choices=chosen(USES))
    weight = forms.ChoiceField(label=phrase("Poids"), choices=[(each, each) for each in WEIGHTS], help_text=phrase("Ne compte que pour un point noté."))  # fmt: skip
    if_blank = forms.ChoiceField(label=phrase("Sans réponse"), choices=chosen(BLANKS))
    na_allowed = forms.BooleanField(label=phrase("« Sans objet » admis"), required=False)
    lots = ChecksField(label=phrase("Lots concernés"), help_text=phrase("Aucun coché : tous."))

    def __init__(
        self, data: Any, *, line: "Line", source: Point, lots: Sequence[tuple[str, str]], editable: bool
    ) -> None:
        self.line, self.source = line, source
        use, point = line.use, line.point
        keep = "" if use.keep is None else "yes" if use.keep else "no"
        first = {
            "keep": keep,
            "award_use": point.award_use.value,
            "weight": str(point.weight or 1),
            "if_blank": point.if_blank.value,
            "na_allowed": point.na_allowed,
            "lots": list(use.lots),
        }
        super().__init__(data, initial=first)
        if len(lots) > 1:
            self.fields["lots"].choices = list(lots)  # type: ignore[attr-defined]
        else:
            del self.fields["lots"]
        for name, parameter in source.parameters.items():
            unit = said(parameter.unit)
            self.fields[f"parameter_{name}"] = forms.CharField(
                label=said(message("Seuil « {name} » ({unit})", name=name, unit=unit)) if unit else said(message("Seuil « {name} »", name=name)),
                initial=use.parameters.get(name, parameter.default),
                help_text=said(message("Proposé : {default}.", default=parameter.default)),
                max_length=60,
            )  # fmt: skip
        for field in self.fields.values():
            field.disabled = not editable

    def use(self) -> PointUse:
        """Return what was chosen; thresholds that are the clausier's own are left out."""
        given = self.cleaned_data
        return PointUse(
            KEPT.get(given["keep"]),
            tuple(given.get("lots", self.line.use.lots)),
            AwardUse(given["award_use"]),
            int(given["weight"]),
            IfBlank(given["if_blank"]),
            given["na_allowed"],
            {name: given[f"parameter_{name}"] for name in self.source.parameters},
        )
