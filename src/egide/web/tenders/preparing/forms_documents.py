"""Forms of the publication: the notice, questions and answers, when an amendment was sent."""

from typing import Any

from django import forms

from egide.message import message
from egide.web.design.fields import DayField, MomentField
from egide.web.design.words import phrase, said
from egide.web.tenders.preparing.forms_purchase import long, short


class Publish(forms.Form):
    """The publication: its notice, and that doubts were seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    notice = short(phrase("Numéro de l’avis"), 120, help_text=phrase("BOAMP, JOUE ou profil d’acheteur ; il peut rester vide."))  # fmt: skip

    def __init__(self, *arguments: Any, doubts: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if doubts:
            label = said(message("J’ai vu les doutes ci-dessus ({count}) et je publie quand même", count=doubts))
            self.fields["seen"] = forms.BooleanField(label=label)


class Told(forms.Form):
    """When an amendment was sent to all."""

    told_on = DayField(label=phrase("Envoyée à tous le"))


class Question(forms.Form):
    """A question received, and its answer."""

    received_at = MomentField(label=phrase("Reçue le"))
    asked_by = short(phrase("Posée par"), 200, help_text=phrase("Reste interne : la réponse publiée ne dit jamais qui a demandé."))  # fmt: skip
    text = forms.CharField(label=phrase("Question"), widget=forms.Textarea(attrs={"rows": 4}), max_length=8000, help_text=phrase("Sans rien qui dise qui la pose."))  # fmt: skip
    answer = long(phrase("Réponse"), 4)
    answered_at = MomentField(label=phrase("Réponse envoyée à tous le"), required=False)
    substantial = forms.BooleanField(label=phrase("La réponse change substantiellement le dossier"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for an answer where one is said to be sent."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("answered_at") and not given.get("answer"):
            self.add_error("answer", said(message("Une réponse envoyée a un texte.")))
        return given
