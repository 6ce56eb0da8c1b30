"""Forms that describe a purchase: to begin a consultation, and to change what was said of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy

from egide import reference
from egide.clausier.model import Depth
from egide.message import Text
from egide.tender.model import Purchase
from egide.web.clauses import wish
from egide.web.design.fields import DayField, NumberField
from egide.web.design.words import phrase, said
from egide.web.tenders.preparing.forms import ChecksField, LinesField, chosen
from egide.web.tenders.preparing.forms_purchase import MONEY, short

DEPTHS = {
    Depth.ESSENTIEL: Text("Essentiel", "Essential"),
    Depth.STANDARD: Text("Standard", "Standard"),
    Depth.RENFORCE: Text("Renforcé", "Reinforced"),
}
_title = lazy(said, str)


class Described(forms.Form):
    """Profiles, facets and level of a purchase."""

    profiles = ChecksField(label=phrase("Profils d’achat"), help_text=phrase("Des raccourcis, qui s’ajoutent : cochez tous ceux qui conviennent."))  # fmt: skip

    def __init__(self, *arguments: Any, editable: bool = True, **options: Any) -> None:
        super().__init__(*arguments, **options)
        vocabulary = reference.vocabulary()
        self.fields["profiles"].choices = [(each.id, said(each.title)) for each in vocabulary.profiles]  # type: ignore[attr-defined]
        for facet in vocabulary.facets:
            choices = [(value, said(title)) for value, title in facet.values.items()]
            self.fields[facet.id] = ChecksField(label=said(facet.title), choices=choices)
        self.fields["level"] = forms.ChoiceField(
            label=said(Text("Niveau d’exigence", "Level of requirement")),
            choices=chosen(DEPTHS, blank=phrase("Celui qui suit des réponses")),
            required=False,
        )
        for field in self.fields.values():
            field.disabled = not editable

    @property
    def facets(self) -> Iterable[Any]:
        """Return the fields of the facets."""
        return [self[each.id] for each in reference.vocabulary().facets]

    def purchase(self, covered: tuple[str, ...] = ()) -> Purchase:
        """Return the purchase described."""
        given = self.cleaned_data
        facets = {each.id: tuple(given[each.id]) for each in reference.vocabulary().facets if given[each.id]}
        level = Depth(given["level"]) if given["level"] else None
        return Purchase(facets, tuple(given["profiles"]), level, covered)


def described(purchase: Purchase) -> dict[str, Any]:
    """Return what a form shows of a purchase."""
    return {
        "profiles": list(purchase.profiles),
        **{name: list(values) for name, values in purchase.facets.items()},
        "level": purchase.level.value if purchase.level else "",
    }


class New(Described):
    """A consultation to begin."""

    title = forms.CharField(label=phrase("Intitulé de la consultation"), max_length=300)
    reference = short(phrase("Référence de la consultation"), 80, help_text=phrase("Facultative, elle peut être donnée plus tard."))  # fmt: skip
    sent_on = DayField(label=phrase("Envoi à la publication prévu le"), help_text=phrase("Il décide des règles applicables ; il peut changer jusqu’à la publication."))  # fmt: skip
    amount = NumberField(label=phrase("Valeur estimée hors taxes"), help_text=phrase("En euros, sur toute la durée. Elle décide du niveau de procédure."), **MONEY)  # fmt: skip
    lots = LinesField(label=phrase("Lots"), required=False, help_text=phrase("Un intitulé par ligne ; laissez vide s’il n’y en a qu’un."))  # fmt: skip

    def __init__(self, *arguments: Any, organisations: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.organisations = {str(each.uuid): each for each in organisations}
        if len(self.organisations) > 1:
            choices = [(key, each.name) for key, each in self.organisations.items()]
            self.fields["organisation"] = forms.ChoiceField(label=phrase("Établissement acheteur"), choices=choices)

    @property
    def head(self) -> Iterable[Any]:
        """Return the fields that do not describe the purchase."""
        names = ("organisation", "title", "reference", "sent_on", "amount", "lots")
        return [self[name] for name in names if name in self.fields]

    @property
    def organisation(self) -> Any:
        """Return the organisation that buys: the one chosen, else the only one."""
        return self.organisations[self.cleaned_data.get("organisation") or next(iter(self.organisations))]

    def wish(self, given: wish.Wish) -> wish.Wish:
        """Return the wish described; points kept or dropped by hand are those of `given`."""
        values = self.cleaned_data
        return wish.Wish(
            self.purchase(given.purchase.covered), values["amount"], values["sent_on"], given.keep, given.drop
        )


def first(given: wish.Wish, today: date) -> dict[str, Any]:
    """Return what a new consultation begins with, from a wish."""
    return {**described(given.purchase), "amount": given.amount, "sent_on": given.sent_on or today}
