"""Forms over the plain data of a definition: a field `a__b` is the key b of a, a set of rows is a list.

What a form does not show is kept as it was; what was not changed keeps the very text that it had.
"""

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise, lazy

from egide import plain
from egide.clausier.model import Clausier
from egide.message import Message, Text, message
from egide.web.design.fields import DayField, MomentField, NumberField
from egide.web.design.navigation import Link
from egide.web.design.words import phrase, said
from egide.web.tenders.preparing.widgets import Checks, QuickCheck

Choices = Iterable[tuple[str, str | Promise]]
Plain = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What fields choose from: the definition being changed, and its clausier before it is narrowed."""

    definition: Mapping[str, Any]
    clausier: Clausier

    @cached_property
    def lots(self) -> list[tuple[str, str]]:
        """Return the lots as choices."""
        return [(lot["id"], lot.get("title") or lot["id"]) for lot in self.definition.get("lots", ())]

    @cached_property
    def criteria(self) -> list[tuple[str, str]]:
        """Return the criteria as choices."""
        return [(each["id"], each.get("title") or each["id"]) for each in self.definition.get("criteria", ())]

    @cached_property
    def themes(self) -> list[tuple[str, str]]:
        """Return the themes of the clausier as choices."""
        return [(theme.id, f"{theme.id} · {said(theme.title)}") for theme in self.clausier.themes]

    @cached_property
    def families(self) -> list[tuple[str, str]]:
        """Return the families of points as choices."""
        found = dict.fromkeys(point.family for point in self.clausier.points.values() if point.family)
        return [(each, each) for each in found]


# ------------------------------------------------------------------------------------------------------------- plain data
def shown(field: forms.Field, value: Any) -> Any:
    """Return plain data as a field shows it."""
    if isinstance(field, NumberField):
        return None if value is None else Decimal(value)
    if isinstance(field, MomentField):
        return datetime.fromisoformat(value) if value else None
    if isinstance(field, DayField):
        return date.fromisoformat(value) if value else None
    return value


def taken(field: forms.Field, value: Any, before: Any) -> Any:
    """Return what a person gave as plain data; what says the same as `before` is written as before."""
    if value is None and isinstance(field, forms.IntegerField) and not isinstance(field, NumberField):
        value = 0
    if value in (None, "") and before in (None, ""):
        return before
    same = shown(field, before) if before not in (None, "") else before
    return before if value == same and type(value) is type(same) else plain.unstructure(value)


def at(data: Any, path: str) -> Any:
    """Return what plain data holds at `a__b`, None when there is nothing."""
    for step in path.split("__"):
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def put(data: Plain, path: str, value: Any) -> None:
    """Write a value at `a__b` of plain data."""
    *steps, last = path.split("__")
    for step in steps:
        if not isinstance(data.get(step), dict):
            data[step] = {}
        data = data[step]
    data[last] = value


class LinesField(forms.CharField):
    """Texts, one a line; the value is the list of those that are not empty."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Return texts as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Return the lines."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines are others."""
        given = [line.strip() for line in (data or "").splitlines() if line.strip()]
        return given != list(initial or ())


class ChecksField(forms.MultipleChoiceField):
    """Several among some; the value keeps the order of the choices."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", Checks)
        options.setdefault("required", False)
        options.setdefault("choices", ())
        super().__init__(**options)


_words = lazy(said, str)


def chosen(
    choices: Mapping[Any, Text | Message], *, blank: str | Promise | None = None
) -> list[tuple[str, str | Promise]]:
    """Return a table of bilingual texts as choices."""
    made: list[tuple[str, str | Promise]] = [
        (str(getattr(value, "value", value)), _words(text)) for value, text in choices.items()
    ]
    return made if blank is None else [("", blank), *made]


# --------------------------------------------------------------------------------------------------------- one or several
class Section(forms.Form):
    """Fields of one part of a definition. Subclasses give `prepare` what their choices depend on."""

    def __init__(
        self, data: Any = None, *, of: Mapping[str, Any] | None, known: Known, editable: bool = True, **options: Any
    ) -> None:
        self.of, self.known, self.editable = of or {}, known, editable
        super().__init__(data, **options)
        self.prepare()
        for name, field in self.fields.items():
            if (before := at(self.of, name)) is not None and field.initial is None:
                field.initial = shown(field, before)
            elif field.initial is None and isinstance(field.widget, forms.Select):
                field.initial = next((key for key, _ in field.choices), None)  # type: ignore[attr-defined]
            field.disabled = field.disabled or not editable

    def prepare(self) -> None:
        """Give fields their choices."""

    own: ClassVar[frozenset[str]] = frozenset()
    """Fields of the form itself, which are no data."""

    def written(self) -> Plain:
        """Return the part as plain data with what was given."""
        made: Plain = copy.deepcopy(dict(self.of))
        for name, field in self.fields.items():
            if name in self.cleaned_data and not field.disabled and name not in self.own:
                put(made, name, taken(field, self.cleaned_data[name], at(self.of, name)))
        return made

    def finished(self, made: Plain) -> Plain:
        """Return the part once the lists of its page are in it."""
        return made


class Row(Section):
    """One row of a list; `was` is the identifier that it had."""

    own = frozenset({"was", "DELETE"})
    ADDED: ClassVar[int] = 1
    """Empty rows offered after those that exist."""
    TITLE: ClassVar[str | Promise] = ""
    NEW: ClassVar[str | Promise] = ""
    REMOVE: ClassVar[str | Promise] = phrase("Retirer")
    TEMPLATE: ClassVar[str] = "tenders/rows.html"
    A_PAGE: ClassVar[int] = 10
    """Rows on one page."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def heading(self) -> str:
        """Return what tells this row from the others."""
        return next((str(self.of[name]) for name in ("title", "role", "purpose", "subject", "standard") if self.of.get(name)), "")[:120]  # fmt: skip

    @property
    def unfolded(self) -> bool:
        """Whether a row to be added is shown open: something was typed in it, or is lacking."""
        return self.has_changed() or bool(self.errors)

    def named(self, made: Plain, taken: Collection[str]) -> Plain:
        """Return the row with its identifier; `taken` are those of other rows."""
        return made


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of a list of plain data, those that exist then empty ones."""

    known: Known
    editable: bool
    every: Sequence[Mapping[str, Any]]
    """The whole list."""
    items: Sequence[Mapping[str, Any]]
    """The rows of this page: from `first` to the one before `beyond`."""
    first: int
    beyond: int
    upto: int
    """`beyond`, or more than any list has for rows that replace the whole list."""

    @property
    def pages(self) -> list[Link]:
        """Return the pages of a list too long for one."""
        kind: type[Row] = self.form
        starts = range(0, len(self.every), kind.A_PAGE)
        if len(starts) < 2 or len(self.items) > kind.A_PAGE:
            return []
        return [
            Link(f"{start + 1} – {min(start + kind.A_PAGE, len(self.every))}", f"?{self.prefix}={number}", current=start == self.first)
            for number, start in enumerate(starts, 1)
        ]  # fmt: skip

    @cached_property
    def _known(self) -> Mapping[str, Mapping[str, Any]]:
        return {identifier(each, self.first + number): each for number, each in enumerate(self.items)}

    @property
    def shown_by(self) -> str:
        """Return the template that shows these rows."""
        kind: type[Row] = self.form
        return kind.TEMPLATE

    @property
    def labels(self) -> list[str]:
        """Return the headings of the rows set as a table."""
        named = {name: field for name, field in self.empty_form.fields.items() if name != "was"}
        return [str(field.label) for name, field in named.items() if self.editable or name != "DELETE"]

    @property
    def long(self) -> bool:
        """Whether there are too many rows to show all of them open."""
        return len(self.items) > 3

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name the mark of removal in the language of the page."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"] = forms.BooleanField(label=form.REMOVE, required=False, widget=QuickCheck)
            form.fields["DELETE"].disabled = not self.editable

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each form its item: by the identifier that it bore, so that a row removed by another moves nothing."""
        if self.is_bound and index is not None:
            was = self.data.get(f"{self.add_prefix(index)}-was", "")
            of = self._known.get(was)
        else:
            of = self.items[index] if index is not None and index < len(self.items) else None
        return {"of": of, "known": self.known, "editable": self.editable}

    sources: list[Any]
    """Once written: the form of each item of the list, None for those of other pages."""

    def written(self) -> list[Plain]:
        """Return the list as plain data, the rows of its other pages as they are."""
        before, after = self.every[: self.first], self.every[self.beyond :]
        kept: list[Plain] = []
        self.sources = [None] * len(before)
        for form in self.forms:
            if form.cleaned_data.get("DELETE") or not (form.of or form.has_changed()):
                continue
            self.sources.append(form)
            kept.append(form.named(form.written(), {str(each.get("id")) for each in (*self.every, *kept)}))
        return [*map(dict, before), *kept, *map(dict, after)]


def identifier(item: Mapping[str, Any], number: int) -> str:
    """Return what tells a row of a list: its identifier, else its place."""
    return str(item.get("id") or item.get("number") or f"#{number}")


WHOLE = 999_999
SPARE = 60
"""Rows that a page may send besides those that it was shown: more was made by no page of ours."""


def rows(
    form: type[Row],
    items: Sequence[Mapping[str, Any]],
    prefix: str,
    known: Known,
    data: Any = None,
    *,
    editable: bool = True,
    page: str = "",
) -> Rows:
    """Return the rows of one page of a list, to show or to read; page "all" is the whole list."""
    first, beyond = _slice(len(items), form.A_PAGE, prefix, data, page)
    kind: Any = forms.formset_factory(
        form,
        formset=Rows,
        extra=form.ADDED if editable and beyond == len(items) else 0,
        can_delete=True,
        absolute_max=beyond - first + SPARE,
        max_num=beyond - first + SPARE,
    )
    kind.known, kind.editable, kind.every, kind.first, kind.beyond = known, editable, items, first, beyond
    kind.items, kind.upto = items[first:beyond], WHOLE if page == "all" else beyond
    initial = [{"was": identifier(each, number)} for number, each in enumerate(items)][first:beyond]
    made: Rows = kind(data, initial=initial, prefix=prefix)
    return made


def _slice(count: int, size: int, prefix: str, data: Any, page: str) -> tuple[int, int]:
    """Return the first row and the one after the last: those that the page sent names, else those of the page asked."""
    if data is not None:
        given = [data.get(f"{prefix}-{name}", "") for name in ("first", "beyond")]
        if all(each.isdecimal() and len(each) < 7 for each in given):
            first = min(int(given[0]), count)
            return first, max(first, min(int(given[1]), count))
    if page == "all":
        return 0, count
    pages = max(1, -(-count // size))
    number = min(int(page), pages) if page.isdecimal() and len(page) < 7 and int(page) else 1
    return (number - 1) * size, min(number * size, count)


class Amendment(forms.Form):
    """The dated change of a consultation that is already published."""

    on = DayField(label=phrase("Date de la modification"))
    what = forms.CharField(
        label=phrase("Ce qui change et pourquoi"),
        help_text=phrase("Ce texte est porté au dossier de la procédure."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
    )
    substantial = forms.BooleanField(
        label=phrase("Modification substantielle"),
        help_text=phrase("La date limite de remise des offres est alors reportée."),
        required=False,
    )
    deadline = MomentField(label=phrase("Nouvelle date limite de remise des offres"), required=False)
    told_on = DayField(label=phrase("Envoyée à tous ceux qui ont retiré le dossier le"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the deadline that a substantial change moves."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("substantial") and not given.get("deadline") and "deadline" not in self.errors:
            self.add_error(
                "deadline", said(message("Une modification substantielle reporte la date limite : donnez la nouvelle."))
            )
        return given
