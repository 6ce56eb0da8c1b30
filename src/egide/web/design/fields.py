"""Form fields that people fill as they write: numbers, days, moments, several files."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import lazy

from egide.exchange.prices.amount import amount
from egide.message import message
from egide.web.design.words import language, phrase, said

DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y")
TIMES = ("%H:%M", "%Hh%M", "%H h %M")


def _hinted(given: Any, hint: str) -> Any:
    return lazy(lambda: f"{given} {hint}" if given else str(hint), str)()


def _shown(value: date, *, time: bool) -> str:
    day = "%Y-%m-%d" if language() == "en" else "%d/%m/%Y"
    return value.strftime(f"{day} %H:%M" if time else day)


class NumberField(forms.DecimalField):
    """An exact number typed as text, in French or English: « 1 234,56 », « 1234.56 », « 1 234,56 € »."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the number, None for an empty text."""
        if value is None or isinstance(value, Decimal):
            return value
        written = str(value).strip()
        if not written:
            return None
        read = amount(written.removesuffix("%"))
        if read.problem == "price.ambiguous":
            raise ValidationError(
                said(message("« {read} » peut se lire de deux façons : écrivez-le sans séparateur de milliers.", read=written)),
                code="ambiguous",
            )  # fmt: skip
        if read.value is None:
            raise ValidationError(said(message("« {read} » n’est pas un nombre.", read=written)), code="invalid")
        return read.value

    def prepare_value(self, value: Any) -> Any:
        """Return a number as people of the page's language write it; what was typed stays as typed."""
        if not isinstance(value, Decimal):
            return value
        return f"{value:f}" if language() == "en" else f"{value:,f}".replace(",", "\u202f").replace(".", ",")


class DayField(forms.DateField):
    """A day typed as jj/mm/aaaa (or aaaa-mm-jj)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", DAYS)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        options["help_text"] = _hinted(options.get("help_text"), phrase("Format : jj/mm/aaaa, par exemple 31/12/2026."))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Return a day as people of the page's language write it."""
        return _shown(value, time=False) if isinstance(value, date) else value


class MomentField(forms.DateTimeField):
    """A day and an hour typed as jj/mm/aaaa hh:mm, in the time zone of the site; the value is aware."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", [f"{day} {time}" for day in DAYS for time in TIMES])
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        options["help_text"] = _hinted(
            options.get("help_text"), phrase("Format : jj/mm/aaaa hh:mm, heure de Paris, par exemple 31/12/2026 12:00.")
        )
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Return a moment as people of the page's language write it."""
        if not isinstance(value, datetime):
            return value
        return _shown(timezone.localtime(value) if timezone.is_aware(value) else value, time=True)


class _Files(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; the value is a list of uploaded files."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return the files, each of them checked."""
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        return [super(ManyFilesField, self).clean(each, initial) for each in given]
