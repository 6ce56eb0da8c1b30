"""Controls of the design written at once, without a template each: pages of a consultation hold hundreds of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class Checks(forms.CheckboxSelectMultiple):
    """The boxes of the design, written at once: pages of the method hold hundreds of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the boxes, as the design's own template writes them."""
        given = self.build_attrs(self.attrs, attrs or {})
        identifier, ticked = given.pop("id", ""), set(self.format_value(value))
        more = format_html_join(
            "", ' {}="{}"', ((key, each) for key, each in given.items() if each not in (True, False))
        )
        more += format_html_join("", " {}", ((key,) for key, each in given.items() if each is True))
        boxes = format_html_join(
            "",
            '<div class="check"><input type="checkbox" name="{}" value="{}" id="{}_{}" class="form-check-input"{}{}> <label for="{}_{}">{}</label></div>',
            (
                (name, key, identifier, number, more, CHECKED if str(key) in ticked else "", identifier, number, label)
                for number, (key, label) in enumerate(self.choices)
            ),
        )  # fmt: skip
        return format_html('<div class="checks" id="{}_choices">{}</div>', identifier, boxes)


CHECKED = mark_safe(" checked")
SELECTED = mark_safe(" selected")


def _attributes(given: Mapping[str, Any]) -> SafeString:
    pairs = [(name, name if value is True else value) for name, value in given.items() if value not in (False, None)]
    return format_html_join("", ' {}="{}"', pairs)


class QuickText(forms.TextInput):
    """A text of the design, written at once: a price schedule has hundreds of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the input."""
        given = {**self.build_attrs(self.attrs, attrs or {}), "class": "form-control form-control-sm"}
        return format_html('<input type="text" name="{}" value="{}"{}>', name, self.format_value(value) or "", _attributes(given))  # fmt: skip


class QuickCheck(forms.CheckboxInput):
    """A box of the design, written at once."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the input."""
        given = _attributes(self.build_attrs(self.attrs, attrs or {}))
        ticked = CHECKED if self.check_test(value) else ""
        return format_html('<input type="checkbox" class="form-check-input" name="{}"{}{}>', name, given, ticked)


class QuickSelect(forms.Select):
    """A choice of the design, written at once."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the choice."""
        given = {**self.build_attrs(self.attrs, attrs or {}), "class": "form-select form-select-sm"}
        chosen = str(value)
        options = format_html_join("", '<option value="{}"{}>{}</option>', ((key, SELECTED if str(key) == chosen else "", label) for key, label in self.choices))  # fmt: skip
        return format_html('<select name="{}"{}>{}</select>', name, _attributes(given), options)
