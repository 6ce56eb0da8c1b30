"""Forms of the cost of risk: what it is for, over which years, who would bear the loss."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from egide import reference
from egide.message import Text, message
from egide.tender.model import Kind
from egide.tender.risk_terms import RiskTerms, RiskUse
from egide.web.design.fields import NumberField
from egide.web.design.words import phrase, said
from egide.web.tenders.preparing import forms as forms_of
from egide.web.tenders.preparing.forms import ChecksField, Plain, Row, Section, chosen

NONE = "none"
"""The use of a consultation that asks for no cost: its definition has no block."""
USES: Mapping[str, Text] = {
    RiskUse.INFORMATION.value: Text("Pour information : ne change aucune note ni aucun rang", "For information: changes no mark and no rank"),
    RiskUse.CRITERION.value: Text("Comme critère : la moyenne est ajoutée au prix comparé (risque juridique, lire ci-dessous)", "As a criterion: the mean is added to the price compared (legal risk, read below)"),
    NONE: Text("Ne pas demander de coût du risque", "Do not ask for the cost of risk"),
}  # fmt: skip
HUNDRED = Decimal(100)
COUNT: dict[str, Any] = {"max_digits": 15, "decimal_places": 2, "min_value": 0}


class ShareField(NumberField):
    """A share from 0 to 1, typed and shown in percent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=11, decimal_places=8, **options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the share, None for an empty text."""
        read = super().to_python(value)
        return read if read is None or isinstance(value, Decimal) else read / HUNDRED

    def validate(self, value: Any) -> None:
        """Refuse what is no part of a whole."""
        super().validate(value)
        if value is not None and not 0 <= value <= 1:
            raise ValidationError(said(message("Donnez un pourcentage de 0 à 100.")), code="share")

    def prepare_value(self, value: Any) -> Any:
        """Return a share in percent; what was typed stays as typed."""
        if not isinstance(value, Decimal):
            return super().prepare_value(value)
        percent = (value * HUNDRED).normalize()
        return super().prepare_value(Decimal(f"{percent:f}"))


class CountField(NumberField):
    """A number of beds, of persons: zero when it is left empty."""

    def clean(self, value: Any) -> Decimal:
        """Return the number."""
        return super().clean(value) or Decimal(0)


class Risk(Section):
    """What the cost of risk is for, and how it is counted."""

    risk__use = forms.ChoiceField(
        label=phrase("Usage du coût du risque"), choices=chosen(USES), widget=forms.RadioSelect
    )
    risk__years = NumberField(
        label=phrase("Durée comptée, en années"),
        required=False,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        help_text=phrase("Vide : la durée du contrat."),
    )
    risk__credit = ShareField(
        label=phrase("Ce que vaut une réponse sans preuve, en %"),
        help_text=phrase("60 % : une mesure seulement déclarée compte pour 0,6 de la même mesure prouvée."),
    )
    risk__criterion = forms.ChoiceField(
        label=phrase("Critère de prix auquel le coût est ajouté"),
        required=False,
        help_text=phrase("Seulement pour un usage comme critère."),
    )
    risk__cap = ShareField(
        label=phrase("Plafond du montant ajouté, en % de la valeur estimée du lot"),
        help_text=phrase("Seulement pour un usage comme critère."),
    )

    def prepare(self) -> None:
        """Offer the price criteria; say the defaults of a block that is not there yet."""
        prices = [each for each in self.known.definition.get("criteria", ()) if each.get("kind") == Kind.PRICE.value]
        own = forms_of.at(self.of, "risk__criterion")
        known = {each["id"]: each.get("title") or each["id"] for each in prices}
        choices = [("", said(message("aucun"))), *known.items(), *([(own, own)] if own and own not in known else [])]
        self.fields["risk__criterion"].choices = choices  # type: ignore[attr-defined]
        if forms_of.at(self.of, "risk__use") is None:
            self.fields["risk__use"].initial = RiskUse.INFORMATION.value if self.editable else NONE
        for name in ("credit", "cap"):
            if forms_of.at(self.of, f"risk__{name}") is None:
                self.fields[f"risk__{name}"].initial = getattr(RiskTerms, name)

    def clean(self) -> dict[str, Any]:
        """Ask for the price criterion of a cost that is added to the price."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("risk__use") == RiskUse.CRITERION.value and not given.get("risk__criterion"):
            self.add_error("risk__criterion", said(message("Choisissez le critère de prix auquel le coût est ajouté.")))
        return given

    def finished(self, made: Plain) -> Plain:
        """Return the definition without the block when nothing is asked; a criterion names the library it is published with."""
        terms = made.get("risk")
        if not isinstance(terms, dict) or terms.get("use") == NONE:
            return {**made, "risk": None}
        if terms.get("use") == RiskUse.CRITERION.value:
            return {**made, "risk": {**terms, "library": reference.risk_library().digest}}
        return {**made, "risk": {**terms, "criterion": "", "library": ""}}


class Beneficiary(Row):
    """Who would bear the loss, for some lots: establishments taken together."""

    TITLE, NEW, REMOVE = (
        phrase("Bénéficiaires"),
        phrase("Ajouter des bénéficiaires"),
        phrase("Retirer ces bénéficiaires"),
    )
    SHARES = ("criticality", "likely", "highest")
    own = frozenset({*Row.own, *SHARES})

    lots = ChecksField(
        label=phrase("Lots"), help_text=phrase("Aucun coché : tous les lots. Un lot n’a qu’une description.")
    )
    category = forms.ChoiceField(label=phrase("Catégorie d’établissement"), help_text=phrase("Pour plusieurs établissements pris ensemble : celle du principal."))  # fmt: skip
    revenue = NumberField(label=phrase("Recettes annuelles concernées, en euros"), help_text=phrase("Recettes d’exploitation d’une année des établissements qui utiliseront le service."), max_digits=15, decimal_places=2, min_value=1)  # fmt: skip
    persons = CountField(label=phrase("Personnes dans les données"), required=False, help_text=phrase("Patients, résidents et agents dont le service détiendra des données ; 0 s’il n’y en a pas."), **COUNT)  # fmt: skip
    activity_share = ShareField(label=phrase("Part des recettes liée à l’activité, en %"), required=False, help_text=phrase("Ce qui cesse d’être perçu quand l’activité s’arrête. Vide : celle de la catégorie."))  # fmt: skip
    beds = CountField(label=phrase("Lits"), required=False, help_text=phrase("Pour compter les journées de soins perdues, jamais mises en euros."), **COUNT)  # fmt: skip
    places = CountField(label=phrase("Places de jour"), required=False, **COUNT)
    criticality = ShareField(label=phrase("Part de l’activité perdue quand le service est à l’arrêt : au plus bas, en %"), help_text=phrase("0 si les soins continuent sans lui ; 100 si plus rien ne fonctionne."))  # fmt: skip
    likely = ShareField(label=phrase("La même part, la plus probable, en %"))
    highest = ShareField(label=phrase("La même part, au plus haut, en %"))

    def prepare(self) -> None:
        """Choose among the lots, where there are several, and the categories in words; set the three shares apart."""
        if len(self.known.lots) > 1:
            self.fields["lots"].choices = self.known.lots  # type: ignore[attr-defined]
        else:
            del self.fields["lots"]
        titles = {each.id: each.title for each in reference.risk_library().categories}
        if (own := self.of.get("category")) and own not in titles:
            titles[own] = Text(own, own)
        self.fields["category"].choices = chosen(titles, blank=phrase("à choisir"))  # type: ignore[attr-defined]
        for name, value in zip(self.SHARES, self._shares, strict=False):
            self.fields[name].initial = value

    @property
    def _shares(self) -> list[Decimal]:
        return [Decimal(str(each)) for each in self.of.get("criticality") or ()]

    @property
    def heading(self) -> str:
        """Return the category, which tells these from others."""
        titles = {each.id: said(each.title) for each in reference.risk_library().categories}
        return titles.get(self.of.get("category", ""), "")

    def full_clean(self) -> None:
        """Read nothing of a page that asks for no cost: what is left in its fields is not wanted."""
        if self.is_bound and self.data.get("risk__use") == NONE:
            self._errors = forms.utils.ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Refuse three shares that are not in order."""
        given: dict[str, Any] = super().clean() or {}
        low, likely, high = (given.get(name) for name in self.SHARES)
        if None not in (low, likely, high) and not low <= likely <= high:  # type: ignore[operator]
            self.add_error("criticality", said(message("Donnez les trois parts dans l’ordre : la plus basse, la plus probable, la plus haute.")))  # fmt: skip
        return given

    def written(self) -> Plain:
        """Return the beneficiaries; the three shares as they were written when they are the same."""
        made = super().written()
        made.pop("id", None)
        shares = [self.cleaned_data[name] for name in self.SHARES if name in self.cleaned_data]
        if len(shares) == len(self.SHARES) and shares != self._shares:
            made["criticality"] = [str(each) for each in shares]
        return made
