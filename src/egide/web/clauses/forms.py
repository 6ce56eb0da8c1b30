"""The questions of the assistant, and the files that a page reads without keeping them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from egide import reference
from egide.clausier.purchase import Facet
from egide.message import message
from egide.web.clauses.wish import MOST_EUROS
from egide.web.design.fields import DayField, NumberField
from egide.web.design.words import phrase, said

HELP: Mapping[str, str] = {
    "object": phrase("Ce que le marché apporte à l’établissement. Un achat mêle souvent plusieurs objets : cochez-les tous."),
    "data": phrase("Les données que le titulaire voit, garde ou transporte. Dès qu’un patient peut être reconnu, ce sont des données de santé."),
    "processing": phrase("Le titulaire est sous-traitant RGPD s’il manipule des données pour le compte de l’établissement : hébergement, maintenance avec accès aux données, saisie, codage."),
    "hosting": phrase("Où se trouvent les serveurs, et qui les fait tourner chaque jour."),
    "access": phrase("Comment le titulaire entre dans le système d’information pendant la vie du marché, maintenance comprise."),
    "device_class": phrase("La notice ou la déclaration de conformité du fabricant le dit : marquage CE au titre d’un des deux règlements."),
    "network": phrase("Comment l’équipement ou le logiciel communique dans l’établissement."),
    "care": phrase("Posez la question au service qui s’en sert : que se passe-t-il si rien ne marche pendant une journée ?"),
    "ai": phrase("Aide au diagnostic, tri, reconnaissance, rédaction automatique : demandez-le au candidat si vous ne savez pas."),
    "installer": phrase("Qui pose, branche et paramètre avant la mise en service."),
    "value": phrase("Si le montant n’est pas encore connu : la procédure que vous suivrez."),
    "channel": phrase("Une commande sur accord-cadre ne redemande que ce que l’accord-cadre n’a pas déjà fixé."),
}  # fmt: skip
"""What each question means, in plain words."""
LABELS: Mapping[str, str] = {"value": phrase("À défaut de montant : la procédure")}
"""Questions whose title alone would mislead here."""
ONE_ANSWER = frozenset({"processing", "care", "ai", "value", "channel"})
"""Questions of which the values exclude each other."""
MOST_BYTES = 20_000_000
HIDDEN = ("level", "keep", "drop", "v")
"""What a wish holds and the questions do not ask: it goes along."""


class PurchaseForm(forms.Form):
    """The purchase: profiles that it comes from, every facet, its amount, the day it is sent to publication."""

    amount = NumberField(
        label=phrase("Montant estimé, en euros hors taxes, toutes années et options comprises"),
        required=False,
        min_value=0,
        max_value=MOST_EUROS,
        help_text=phrase("Il décide de la procédure, selon les seuils du jour d’envoi. Laissez vide si vous ne le connaissez pas."),
    )  # fmt: skip
    sent = DayField(label=phrase("Jour prévu d’envoi à la publication"), required=False)
    covered = forms.CharField(
        label=phrase("Points déjà fixés par l’accord-cadre"),
        required=False,
        max_length=2_000,
        help_text=phrase("Seulement pour une commande sur accord-cadre. Identifiants séparés par des virgules : EG-001, EG-015."),
    )  # fmt: skip

    def __init__(self, *args: Any, said_by_profiles: Mapping[str, Sequence[str]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.said_by_profiles = dict(said_by_profiles or {})
        for facet in reference.vocabulary().facets:
            self.fields[facet.id] = self._question(facet)
        for name in ("profile", *HIDDEN):
            self.fields[name] = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    def _question(self, facet: Facet) -> forms.Field:
        values = [(value, said(text)) for value, text in facet.values.items()]
        told: dict[str, Any] = {
            "label": LABELS.get(facet.id) or said(facet.title),
            "required": False,
            "help_text": HELP.get(facet.id, ""),
        }
        if facet.id in ONE_ANSWER and len(self.said_by_profiles.get(facet.id, ())) < 2:
            unknown = ("", phrase("Je ne sais pas encore"))
            return forms.ChoiceField(choices=[*values, unknown], widget=forms.RadioSelect, **told)
        return forms.MultipleChoiceField(choices=values, widget=forms.CheckboxSelectMultiple, **told)

    def facets(self) -> dict[str, tuple[str, ...]]:
        """Return the facets answered."""
        found: dict[str, tuple[str, ...]] = {}
        for facet in reference.vocabulary().facets:
            given = self.cleaned_data.get(facet.id)
            if given:
                found[facet.id] = tuple(given) if isinstance(given, list) else (given,)
        return found

    def clean_covered(self) -> str:
        """Return the points already settled. Raises ValidationError naming those that the clausier does not have."""
        written = self.cleaned_data["covered"]
        named = [each.strip() for each in written.replace(";", ",").replace(".", ",").split(",") if each.strip()]
        points = reference.clausier().points
        upper = {each.upper(): each for each in points}
        unknown = [each for each in named if each.upper() not in upper]
        if unknown:
            raise forms.ValidationError(
                said(message("Ces points ne sont pas dans le clausier : {unknown}.", unknown=tuple(unknown)))
            )
        return ",".join(upper[each.upper()] for each in named)

    @property
    def open_questions(self) -> list[forms.BoundField]:
        """Return the questions that the profiles leave open, those that decide most first."""
        return [self[each.id] for each in reference.vocabulary().facets if not self._known(each) and each.id != "value"]

    @property
    def known_questions(self) -> list[forms.BoundField]:
        """Return the questions that the profiles have answered."""
        return [self[each.id] for each in reference.vocabulary().facets if self._known(each)]

    def _known(self, facet: Facet) -> bool:
        return facet.id in self.said_by_profiles and not self[facet.id].errors


class FileForm(forms.Form):
    """A filled answer sheet, and the clausier it answers when it is not ours."""

    sheet = forms.FileField(
        label=phrase("Votre cadre de réponse rempli"),
        help_text=phrase("Tableur (.xlsx, .ods, .xls, .csv), document (.docx) ou JSON. 20 Mo au plus."),
        error_messages={"required": phrase("Choisissez le fichier à vérifier."), "empty": phrase("Ce fichier est vide.")},
    )  # fmt: skip
    clausier = forms.FileField(
        label=phrase("Clausier de la consultation, s’il vous a été remis à part"),
        required=False,
        help_text=phrase("clausier.json, catalogue OSCAL, classeur… Sans lui, le clausier ouvert Égide sert de référence."),
        error_messages={"empty": phrase("Ce fichier est vide.")},
    )  # fmt: skip


class CostForm(FileForm):
    """A filled answer sheet, what the buyer published of the cost of risk, and its clausier when it is not ours."""

    publication = forms.FileField(
        label=phrase("publication.json, remis avec les documents de la consultation"),
        help_text=phrase("Il porte les paramètres du coût du risque : durée, établissements, criticité, points et poids."),
        error_messages={"required": phrase("Choisissez le fichier publication.json."), "empty": phrase("Ce fichier est vide.")},
    )  # fmt: skip
    field_order = ("publication", "sheet", "clausier")


class CompareForm(forms.Form):
    """Two versions of a clausier; the one left out is ours."""

    old = forms.FileField(
        label=phrase("Ancienne version"),
        required=False,
        help_text=phrase("Vide : le clausier ouvert Égide, version en vigueur."),
        error_messages={"empty": phrase("Ce fichier est vide.")},
    )
    new = forms.FileField(
        label=phrase("Nouvelle version"),
        required=False,
        help_text=phrase("Vide : le clausier ouvert Égide, version en vigueur."),
        error_messages={"empty": phrase("Ce fichier est vide.")},
    )

    def clean(self) -> dict[str, Any]:
        """Check that there is something to compare."""
        told = super().clean() or {}
        if not told.get("old") and not told.get("new") and not self.errors:
            raise forms.ValidationError(
                said(message("Déposez au moins un fichier : il sera comparé au clausier Égide."))
            )
        return told
