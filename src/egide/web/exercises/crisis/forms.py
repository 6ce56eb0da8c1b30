"""Forms of the crisis kit: the places, the cell, the suppliers and the insurer, the contacts; the hours of the clocks."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django import forms

from egide import reference
from egide.exercise import crisis_making
from egide.exercise.clock import LegalClocks
from egide.exercise.crisis import Establishment, Insurance, Line, Person, Supplier, there
from egide.exercise.module import Setting
from egide.exercise.words import SETTINGS
from egide.message import message
from egide.web.design.fields import MomentField
from egide.web.design.words import phrase, said

MOST_ROWS = 80
SPARE = 3
"""Blank rows after those that are filled in; saving gives as many again."""
SHORT, LONG = 120, 300


def _line(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=options.pop("max_length", SHORT), **options)


def _telephone(label: Any, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    return _line(label, max_length=60, widget=widget, **options)


class RowForm(forms.Form):
    """A row of a list: a row left blank is no row; one without its name is refused."""

    NAMED = "name"
    IGNORED: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Return the row, refused when something is written but its name."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        written = [name for name, value in values.items() if value and name not in (self.NAMED, *self.IGNORED)]
        if written and not values.get(self.NAMED) and self.NAMED not in self.errors:
            self.add_error(self.NAMED, said(message("Le nom manque.")))
        return values

    @property
    def kept(self) -> dict[str, Any] | None:
        """Return the values of a row that is filled in."""
        values = getattr(self, "cleaned_data", {})
        return values if values.get(self.NAMED) else None


class PersonForm(RowForm):
    """Somebody of the crisis cell."""

    IGNORED = ("function",)

    function = forms.ChoiceField(label=phrase("Fonction"), required=False)
    name = _line(phrase("Nom"))
    telephone = _telephone(phrase("Téléphone de jour"))
    night = _telephone(phrase("Nuit et week-end"))
    stand_in = _line(phrase("Remplacé par"))
    stand_in_telephone = _telephone(phrase("Téléphone du remplaçant"))


class SupplierForm(RowForm):
    """A supplier to call."""

    name = _line(phrase("Nom"))
    runs = _line(phrase("Ce qu’il fait marcher"), max_length=LONG)
    contract = _line(phrase("N° de contrat"))
    telephone = _telephone(phrase("Téléphone d’urgence"))
    always = forms.BooleanField(label=phrase("Répond jour et nuit, essayé"), required=False)


class InsuranceForm(forms.Form):
    """The cyber policy."""

    insurer = _line(phrase("Assureur"), help_text=phrase("« aucun » s’il n’y a pas de contrat."))
    policy = _line(phrase("N° de contrat"))
    telephone = _telephone(phrase("Assistance en cas d’attaque"))
    hours = forms.IntegerField(
        label=phrase("Délai de déclaration du contrat, en heures"), required=False, min_value=0, max_value=9999
    )


class PlacesForm(forms.Form):
    """Where the kit is used, where things are, and the words that the cards and statements name."""

    setting = forms.ChoiceField(label=phrase("Type d’établissement"), widget=forms.RadioSelect)
    room = _line(phrase("Salle de crise"), max_length=LONG, help_text=phrase("Une porte qui ferme, un téléphone hors du réseau."))  # fmt: skip
    spare_room = _line(phrase("Salle de repli"), max_length=LONG)
    means = _line(phrase("Se parler sans le réseau"), max_length=LONG, help_text=phrase("Quels téléphones, où ils sont, qui a leurs numéros."))  # fmt: skip
    paper = _line(
        phrase("Formulaires papier"), max_length=LONG, help_text=phrase("Où est le stock, service par service.")
    )
    backups = _line(phrase("Sauvegardes hors ligne"), max_length=LONG, help_text=phrase("Où elles sont, qui a la clé, dernier essai."))  # fmt: skip


PLACES = ("room", "spare_room", "means", "paper", "backups")


class Editor(ABC):
    """One part of the kit on one page: its forms, and the kit once they are accepted."""

    def __init__(self, house: Establishment, data: Any = None) -> None:
        self.house, self.data = house, data
        self.forms: list[Any] = list(self.made())

    @abstractmethod
    def made(self) -> Iterable[Any]:
        """Return the forms of the page."""

    @abstractmethod
    def read(self) -> Establishment:
        """Return the kit as the forms say it."""

    def is_valid(self) -> bool:
        """Whether all forms are accepted; all of them are looked at."""
        return not [each for each in self.forms if not each.is_valid()]


class PlacesEditor(Editor):
    """The places and the words."""

    def made(self) -> Iterable[Any]:
        """Return one form: the setting, the places, the words."""
        held = {name: getattr(self.house.directory, name) for name in PLACES}
        words = {f"word-{code}": value for code, value in self.house.values.items()}
        form = PlacesForm(self.data, initial={"setting": self.house.setting, **held, **words})
        form.fields["setting"].choices = [(each.value, said(SETTINGS[each])) for each in Setting]  # type: ignore[attr-defined]
        asked = crisis_making.named(reference.crisis(), reference.exercises(), self.house.setting) - {"establishment"}
        for place in reference.exercises().places:
            if place.code in asked:
                form.fields[f"word-{place.code}"] = _line(said(place.title))
        yield form

    def read(self) -> Establishment:
        """Return the kit with its places and words; words that are not asked here stay."""
        values = self.forms[0].cleaned_data
        directory = replace(self.house.directory, **{name: values[name] for name in PLACES})
        words = {name.removeprefix("word-"): value for name, value in values.items() if name.startswith("word-")}
        kept = {code: value for code, value in {**self.house.values, **words}.items() if value}
        return replace(self.house, setting=Setting(values["setting"]), values=kept, directory=directory)


class CellEditor(Editor):
    """The people of the cell: a row for each function that is needed, and blank ones."""

    def made(self) -> Iterable[Any]:
        """Return the rows."""
        functions = [each for each in reference.exercises().functions if there(each.settings, self.house.setting)]
        people = self.house.directory.people
        held = {each.function for each in people}
        wanted = [each for each in reference.crisis().needed[self.house.setting] if each not in held]
        known = [asdict(each) for each in people] + [{"function": code} for code in wanted]
        choices = [("", "—"), *((each.code, said(each.title)) for each in functions)]
        gone = [each.function for each in people if each.function not in {code for code, _ in choices}]
        made = _rows(PersonForm, known, self.data)
        titles = dict(choices)
        for each in made.forms:
            each.fields["function"].choices = choices + [(code, code) for code in gone]
            each.legend = titles.get(each.initial.get("function", ""), "")
        yield made

    def read(self) -> Establishment:
        """Return the kit with its cell."""
        people = tuple(Person(**each.kept) for each in self.forms[0].forms if each.kept)
        return replace(self.house, directory=replace(self.house.directory, people=people))


class SuppliersEditor(Editor):
    """The suppliers and the insurer."""

    def made(self) -> Iterable[Any]:
        """Return the rows and the form of the insurer."""
        yield _rows(SupplierForm, [asdict(each) for each in self.house.directory.suppliers], self.data)
        yield InsuranceForm(self.data, initial=asdict(self.house.directory.insurance), prefix="insurance")

    def read(self) -> Establishment:
        """Return the kit with its suppliers and insurer."""
        suppliers = tuple(Supplier(**each.kept) for each in self.forms[0].forms if each.kept)
        insurance = Insurance(**self.forms[1].cleaned_data)
        return replace(self.house, directory=replace(self.house.directory, suppliers=suppliers, insurance=insurance))


class ContactForm(forms.Form):
    """The establishment's own number for somebody outside."""

    telephone = _telephone(phrase("Téléphone"))
    note = _line(phrase("Précision"))


class ContactsEditor(Editor):
    """The outside contacts: a form for each."""

    def made(self) -> Iterable[Any]:
        """Return a form for each contact of this setting."""
        own = {each.contact: each for each in self.house.directory.contacts}
        for contact in reference.crisis().contacts:
            if there(contact.settings, self.house.setting):
                held = own.get(contact.code, Line(contact.code))
                form: Any = ContactForm(self.data, initial={"telephone": held.telephone, "note": held.note}, prefix=contact.code)  # fmt: skip
                form.contact = contact
                yield form

    def read(self) -> Establishment:
        """Return the kit with the numbers written; those of contacts that are not asked here stay."""
        asked = {each.contact.code for each in self.forms}
        lines = [each for each in self.house.directory.contacts if each.contact not in asked]
        lines += [
            Line(each.contact.code, **each.cleaned_data) for each in self.forms if any(each.cleaned_data.values())
        ]
        return replace(self.house, directory=replace(self.house.directory, contacts=tuple(lines)))


def _rows(form: type[RowForm], known: Sequence[Mapping[str, Any]], data: Any) -> Any:
    kind: Callable[..., Any] = forms.formset_factory(form, extra=SPARE, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    return kind(data, initial=list(known), prefix="rows")


# ------------------------------------------------------------------------------------------------------------- clocks
class OpenForm(forms.Form):
    """The name of a crisis that begins."""

    title = forms.CharField(
        label=phrase("Nom de la crise"), max_length=120, help_text=phrase("Court : « Rançongiciel du 12 mars ».")
    )


class HoursForm(forms.Form):
    """When each event was known, and when each duty was done."""

    def __init__(self, *args: Any, clocks: LegalClocks, **options: Any) -> None:
        super().__init__(*args, **options)
        used = {each.starts for each in clocks.in_force}
        for start in clocks.starts:
            if start.code in used:
                self.fields[f"start-{start.code}"] = MomentField(label=said(start.title), required=False)
        for clock in clocks.in_force:
            label = said(message("Fait : {title}", title=clock.title))
            self.fields[f"done-{clock.id}"] = MomentField(label=label, required=False)
