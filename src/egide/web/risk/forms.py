"""Forms of loss studies: one to begin or replace a study, one whose fields are what can be moved in a programme."""

from collections.abc import Sequence
from decimal import Decimal
from math import inf, isfinite
from typing import Any

from django import forms

from egide.errors import DataError
from egide.exchange.loss_file import study as loss_file
from egide.finding import Finding
from egide.message import message
from egide.web.design.fields import NumberField
from egide.web.design.words import phrase, said
from egide.web.risk import convert, examples
from egide.web.risk.moved import DECIMALS, Knob, Unit

MOST_BYTES = 1_000_000
"""A study of some hundred establishments; larger ones are for the command line."""
FILE = "file"
MOST_AMOUNT = Decimal(10) ** 12
MOST = {Unit.AMOUNT: MOST_AMOUNT, Unit.HOURS: Decimal(8784), Unit.PERCENT: Decimal(100)}


class StudyForm(forms.Form):
    """A study to keep: read from a file; every fault of the file is in `findings`."""

    title = forms.CharField(
        label=phrase("Titre"), required=False, max_length=100, help_text=phrase("Vide : celui du fichier.")
    )
    file = forms.FileField(
        label=phrase("Fichier de l’étude"),
        help_text=phrase("Fichier YAML, 1 Mo au plus. Celui d’un exemple, une fois téléchargé, en montre la forme."),
        error_messages={"required": phrase("Choisissez le fichier de l’étude."), "empty": phrase("Ce fichier est vide.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.findings: tuple[Finding, ...] = ()
        self.content: dict[str, Any] | None = None

    def clean_title(self) -> str:
        """Return the title on one line."""
        title = " ".join(self.cleaned_data["title"].split())
        if not title.isprintable():
            raise forms.ValidationError(said(message("Ce titre contient un signe invisible : écrivez-le de nouveau.")))
        return title

    def clean_file(self) -> Any:
        """Read the file."""
        given = self.cleaned_data["file"]
        if given is not None:
            self._read(given)
        return given

    def _read(self, given: Any) -> None:
        if given.size > MOST_BYTES:
            raise forms.ValidationError(said(message("Ce fichier dépasse 1 Mo.")))
        try:
            content = given.read()
            read = loss_file.read_bytes(content, given.name)
            self.content = convert.content(content.decode("utf-8-sig"))
        except DataError as refused:
            self.findings = refused.findings
            raise forms.ValidationError(said(message("Ce fichier ne peut pas être utilisé : voyez les constats ci-dessous."))) from None  # fmt: skip
        self.findings = read.findings


class NewStudyForm(StudyForm):
    """A new study of one of the organisations that a person describes."""

    source = forms.ChoiceField(label=phrase("Partir de"), widget=forms.RadioSelect, initial="hopital")
    organisation: Any = forms.ModelChoiceField(label=phrase("Établissement"), queryset=None, to_field_name="uuid", empty_label=None)  # fmt: skip
    field_order = ("organisation", "source", "file", "title")

    def __init__(self, *args: Any, organisations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        known = [(name, said(title)) for name, title in examples.TITLES.items()]
        own = (FILE, said(message("mon fichier")))
        self.fields["source"].choices = [*known, own]  # type: ignore[attr-defined]
        self.fields["source"].help_text = said(message("Les exemples ont des chiffres fictifs : gardez-en la forme, changez-les pour les vôtres."))  # fmt: skip
        self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        """Take the example that was chosen, or ask for the file."""
        told = super().clean() or {}
        source = told.get("source")
        if source in examples.TITLES:
            self.content, self.findings = examples.content(source), ()
        elif source == FILE and self.content is None and "file" not in self.errors:
            self.add_error("file", said(message("Choisissez le fichier de l’étude.")))
        return told


class ProgrammeForm(forms.Form):
    """The values of a programme that can be moved; nothing written in a limit means that there is none."""

    def __init__(self, knobs: Sequence[Knob], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.knobs = knobs
        for knob in knobs:
            self.fields[knob.name] = NumberField(
                label=said(knob.label),
                required=not knob.bounded,
                min_value=Decimal(0),
                max_value=MOST[knob.unit],
                max_digits=16,
                decimal_places=DECIMALS,
            )
            self.initial[knob.name] = in_field(knob.value)

    def values(self) -> dict[str, float]:
        """Return the values by name, once the form is valid."""
        told = self.cleaned_data
        return {knob.name: inf if told.get(knob.name) is None else float(told[knob.name]) for knob in self.knobs}


def in_field(value: float) -> Decimal | None:
    """Return a value as a field shows it, None for no limit."""
    if not isfinite(value):
        return None
    exact = Decimal(repr(round(value, DECIMALS))).normalize()
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
