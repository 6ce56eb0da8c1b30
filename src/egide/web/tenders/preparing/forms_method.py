"""Forms of the method: criteria and what feeds them, evaluators, price schedule, rules of the award."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from egide.message import Text, message
from egide.tender import price, words
from egide.tender.procedure.publication import fold
from egide.tender.schedule import Period, Prevails
from egide.web.design.fields import NumberField
from egide.web.design.words import phrase, said
from egide.web.tenders.preparing.forms import (
    ChecksField,
    LinesField,
    Plain,
    Row,
    Section,
    chosen,
)
from egide.web.tenders.preparing.forms_purchase import long, short, whole
from egide.web.tenders.preparing.widgets import QuickCheck, QuickSelect, QuickText

PERIODS: Mapping[Period, Text] = {
    Period.ONCE: Text("Une fois", "Once"),
    Period.MONTH: Text("Par mois", "Per month"),
    Period.YEAR: Text("Par an", "Per year"),
}
PREVAILING: Mapping[Prevails, Text] = {
    Prevails.BPU: Text("Le bordereau des prix unitaires", "The schedule of unit prices"),
    Prevails.DQE: Text("Le détail quantitatif estimatif", "The estimated bill of quantities"),
}
WEIGHT: dict[str, Any] = {"min_value": 0, "max_value": 100, "max_digits": 8, "decimal_places": 4}
MOST_LETTERS = 24


def slug(title: str, taken: Collection[str], other: str) -> str:
    """Return a short identifier made of a title, that nobody has yet."""
    letters = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:MOST_LETTERS].strip("-") or other
    known = set(taken)
    return next(name for name in (letters, *(f"{letters}-{n}" for n in range(2, 1000))) if name not in known)


class Criterion(Section):
    """A criterion."""

    title = forms.CharField(label=phrase("Intitulé du critère"), max_length=300)
    weight = NumberField(label=phrase("Poids sur 100"), **WEIGHT)
    kind = forms.ChoiceField(label=phrase("D’où vient la note"), choices=chosen(words.KINDS), widget=forms.RadioSelect)
    formula = forms.ChoiceField(label=phrase("Formule du prix"), help_text=phrase("Pour un critère de prix seulement."))
    scale = NumberField(label=phrase("Note sur"), help_text=phrase("La plus haute note possible, par exemple 20 ou 100."), min_value=1, max_digits=6, decimal_places=2)  # fmt: skip
    environmental = forms.BooleanField(label=phrase("Tient compte des caractéristiques environnementales de l’offre"), required=False)  # fmt: skip
    range_low = NumberField(label=phrase("Fourchette publiée : le moindre poids"), required=False, help_text=phrase("Seulement si une fourchette est publiée au lieu d’un poids."), **WEIGHT)  # fmt: skip
    range_high = NumberField(label=phrase("Fourchette publiée : le plus grand poids"), required=False, **WEIGHT)
    own = frozenset({"range_low", "range_high"})

    def prepare(self) -> None:
        """Offer the formulas that pass their own tests, and the one chosen."""
        known = price.allowed()
        own = self.of.get("formula", "")
        codes = [*known, *([own] if own and own not in known else [])]
        titles = {code: price.FORMULAS[code].title if code in price.FORMULAS else Text(code) for code in codes}
        self.fields["formula"].choices = chosen(titles)  # type: ignore[attr-defined]
        given = self.of.get("weight_range") or ()
        if len(given) == 2:
            from egide.plain import decimal  # noqa: PLC0415

            self.fields["range_low"].initial, self.fields["range_high"].initial = map(decimal, given)

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of a range or none."""
        given: dict[str, Any] = super().clean() or {}
        low, high = given.get("range_low"), given.get("range_high")
        if (low is None) != (high is None) and not self.errors:
            self.add_error("range_high", said(message("Une fourchette a deux bornes.")))
        return given

    def written(self) -> Plain:
        """Return the criterion with its range."""
        made = super().written()
        low, high = self.cleaned_data["range_low"], self.cleaned_data["range_high"]
        if low is None:
            made["weight_range"] = []
        elif {"range_low", "range_high"} & set(self.changed_data):
            made["weight_range"] = [str(low), str(high)]
        return made


class NewCriterion(Section):
    """A criterion to be added."""

    title = forms.CharField(label=phrase("Intitulé du critère"), max_length=300)
    weight = NumberField(label=phrase("Poids sur 100"), **WEIGHT)
    kind = forms.ChoiceField(label=phrase("D’où vient la note"), choices=chosen(words.KINDS))


class SubCriterion(Row):
    """A sub-criterion."""

    TITLE, NEW, REMOVE = phrase("Sous-critère"), phrase("Ajouter un sous-critère"), phrase("Retirer ce sous-critère")

    title = short(phrase("Intitulé du sous-critère"), required=True)
    weight = NumberField(
        label=phrase("Poids"), help_text=phrase("La somme fait 100, ou le poids du critère."), **WEIGHT
    )
    themes = ChecksField(label=phrase("Thèmes du clausier"))
    families = ChecksField(label=phrase("Familles de points"))
    points = LinesField(label=phrase("Points"), help_text=phrase("Un identifiant par ligne."), required=False)

    def prepare(self) -> None:
        """Choose themes and families only where points feed the note."""
        self.fields["themes"].choices = self.known.themes  # type: ignore[attr-defined]
        self.fields["families"].choices = self.known.families  # type: ignore[attr-defined]
        if not self.known.families:
            del self.fields["families"]

    def named(self, made: Plain, taken: Collection[str]) -> Plain:
        """Give a new sub-criterion an identifier made of its title."""
        return made if made.get("id") else {"id": slug(made["title"], taken, "sous-critere"), **made}


class Evaluator(Row):
    """Who marks: the themes and criteria read."""

    TITLE, NEW, REMOVE = phrase("Évaluateur"), phrase("Ajouter un évaluateur"), phrase("Retirer cet évaluateur")

    role = short(phrase("Rôle"), 200, required=True, help_text=phrase("Une fonction plutôt qu’un nom : RSSI, DPO, service d’imagerie…"))  # fmt: skip
    themes = ChecksField(label=phrase("Thèmes lus"))
    criteria = ChecksField(label=phrase("Critères notés"))

    def prepare(self) -> None:
        """Choose among the themes of the clausier and the criteria."""
        self.fields["themes"].choices = self.known.themes  # type: ignore[attr-defined]
        self.fields["criteria"].choices = self.known.criteria  # type: ignore[attr-defined]

    def named(self, made: Plain, taken: Collection[str]) -> Plain:
        """Give a new evaluator an identifier made of its role."""
        return made if made.get("id") else {"id": slug(made["role"], taken, "evaluateur"), **made}


class Schedule(Section):
    """The price schedule as a whole."""

    schedule__months = whole(phrase("Durée comparée, en mois"), help_text=phrase("Les lignes payées par mois ou par an sont comptées sur cette durée."))  # fmt: skip
    schedule__prevails = forms.ChoiceField(label=phrase("En cas de contradiction prévaut"), choices=chosen(PREVAILING))


class Line(Row):
    """A line of the price schedule."""

    ADDED = 3
    A_PAGE = 20
    TEMPLATE = "tenders/rows_table.html"
    TITLE, NEW, REMOVE = phrase("Ligne"), phrase("Ajouter une ligne"), phrase("Retirer")

    id = short(phrase("Repère"), 40, required=True, widget=QuickText(attrs={"size": 6}))
    title = short(phrase("Désignation"), required=True, widget=QuickText(attrs={"size": 40}))
    unit = short(phrase("Unité"), 40, widget=QuickText(attrs={"size": 10}))
    quantity = NumberField(label=phrase("Quantité"), min_value=0, max_digits=15, decimal_places=6, widget=QuickText(attrs={"size": 8, "inputmode": "decimal"}))  # fmt: skip
    period = forms.ChoiceField(label=phrase("Payée"), choices=chosen(PERIODS), widget=QuickSelect)
    optional = forms.BooleanField(label=phrase("Option"), required=False, widget=QuickCheck)
    lots = ChecksField(label=phrase("Lots"))

    def prepare(self) -> None:
        """Choose among the lots, where there are several."""
        if len(self.known.lots) > 1:
            self.fields["lots"].choices = self.known.lots  # type: ignore[attr-defined]
        else:
            del self.fields["lots"]


MOST_BYTES = 10_000_000


class ScheduleFile(forms.Form):
    """A table of the lines to price."""

    list = forms.FileField(
        label=phrase("Votre bordereau ou détail estimatif"),
        help_text=phrase("XLSX, ODS, CSV ou DOCX : une ligne de titres, puis une ligne par prix."),
    )

    def clean_list(self) -> Any:
        """Refuse what no schedule weighs."""
        given = self.cleaned_data["list"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(said(message("Ce fichier dépasse 10 Mo.")))
        return given


class Rules(Section):
    """What else the award follows."""

    ties = LinesField(label=phrase("Départage des offres à égalité"), required=False, help_text=phrase("Un critère par ligne, dans l’ordre publié, ou draw pour un tirage au sort."))  # fmt: skip
    variants_allowed = forms.BooleanField(label=phrase("Variantes autorisées"), required=False)
    double_reading = forms.BooleanField(label=phrase("Double lecture"), required=False, help_text=phrase("Chaque point est noté par tous ceux qui le lisent ; d’ici là chacun ne voit que ses notes."))  # fmt: skip
    weights_published = forms.BooleanField(label=phrase("Poids publiés dans les pièces"), required=False, help_text=phrase("Une procédure formalisée publie les poids ou leur fourchette."))  # fmt: skip
    conditions_of_use = long(phrase("Conditions de mise en œuvre des critères"), help_text=phrase("Quand les poids ne sont pas publiés : le texte publié."))  # fmt: skip
