"""Forms of the preparation: what is played and why, the establishment's own words, a line of the chronogram, people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from egide.exchange.chronogram.times import Kind, parsed
from egide.exercise.kit import Library, Place
from egide.exercise.making import BETWEEN
from egide.exercise.module import Channel, Setting
from egide.exercise.record import Scope, Trigger
from egide.exercise.script import Item, Script
from egide.exercise.validity import SCOPES
from egide.exercise.words import CHANNELS, SETTINGS
from egide.message import Text, message
from egide.report.exercise_words import clock
from egide.web.design.fields import DayField
from egide.web.design.words import language, phrase, said
from egide.web.exercises.models import TEXT, Exercise, Participant, Role, Site
from egide.web.exercises.preparing import draft
from egide.web.exercises.preparing.proposals import Proposal
from egide.web.organisations.models import Organisation

TRIGGERS: Mapping[Trigger, Text] = {
    Trigger.CYBER: Text("Une cyberattaque, chez nous ou chez un fournisseur", "A cyber attack, here or at a supplier"),
    Trigger.OTHER: Text(
        "Autre chose : panne électrique, inondation, incendie…", "Something else: power cut, flood, fire…"
    ),
}
LONGEST_WORD = 120
"""Signs of a value that stands for a place."""
LATEST = 24 * 60
EARLIEST = -7 * 24 * 60
"""Minutes of the chronogram, from the beginning."""


class ExerciseForm(forms.Form):
    """What is played, where, when, and what it is meant to be."""

    title = forms.CharField(label=phrase("Titre"), max_length=200)
    setting = forms.ChoiceField(label=phrase("Où l’on joue"), widget=forms.RadioSelect)
    level = forms.TypedChoiceField(label=phrase("Niveau"), widget=forms.RadioSelect, coerce=int)
    modules = forms.MultipleChoiceField(
        label=phrase("Modules à la carte"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=phrase("Rien de coché : les modules du kit de ce niveau. Sinon, ceux-ci seulement, l’un après l’autre."),
    )  # fmt: skip
    planned_on = DayField(
        label=phrase("Jour prévu"), required=False,
        help_text=phrase("Une date tient mieux qu’une intention ; elle peut changer."),
    )  # fmt: skip
    scope = forms.ChoiceField(label=phrase("Ce qui est vraiment joué"), widget=forms.RadioSelect)
    trigger = forms.ChoiceField(label=phrase("Ce qui déclenche l’histoire"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, library: Library, **options: Any) -> None:
        super().__init__(*args, **options)
        self._library = library
        chosen = {
            "setting": [(each.value, said(SETTINGS[each])) for each in Setting],
            "level": [(each.level, _level(each.level, each.title, each.minutes)) for each in sorted(library.kits, key=lambda kit: kit.level)],
            "modules": [(each.code, said(each.title)) for each in draft.ordered(library)],
            "scope": [(each.value, said(SCOPES[each]).capitalize()) for each in Scope],
            "trigger": [(each.value, said(TRIGGERS[each])) for each in Trigger],
        }  # fmt: skip
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a module that is not played in that setting."""
        told = super().clean() or {}
        setting = told.get("setting")
        for code in told.get("modules", ()):
            module = self._library.module[code]
            if setting and module.settings and setting not in module.settings:
                self.add_error("modules", said(message("« {title} » ne se joue pas dans un lieu de ce genre.", title=module.title)))  # fmt: skip
        level = told.get("level")
        if setting and level and not told.get("modules") and setting not in self._library.kit[level].seats:
            self.add_error("level", said(message("Le kit de ce niveau ne se joue pas dans un lieu de ce genre.")))
        return told

    @property
    def by_hand(self) -> bool:
        """Whether modules are chosen à la carte."""
        return bool(self["modules"].value() or self["modules"].errors)

    @staticmethod
    def shown(row: Exercise) -> dict[str, Any]:
        """Return what the form shows of an exercise."""
        return {
            "title": row.title,
            "setting": row.setting,
            "level": row.level,
            "modules": row.modules,
            "planned_on": row.planned_on,
            "scope": row.facts.get("scope", Scope.CARE),
            "trigger": row.facts.get("trigger", Trigger.CYBER),
        }

    def write(self, row: Exercise) -> dict[str, object]:
        """Put what was answered into a row, not saved; return what changed, before and after."""
        told = self.cleaned_data
        before = self.shown(row)
        row.title, row.setting, row.level = told["title"], told["setting"], told["level"]
        wanted = [each.code for each in draft.ordered(self._library)]
        row.modules = [code for code in wanted if code in told["modules"]]
        row.planned_on = told["planned_on"]
        row.facts = {**row.facts, "scope": told["scope"], "trigger": told["trigger"]}
        after = self.shown(row)
        return {name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str | list) else str(value)


def _level(level: int, title: Text, minutes: int) -> str:
    return said(message("Niveau {level} : {title}, {minutes} minutes en tout", level=level, title=title, minutes=minutes))  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- words
class WordsForm(forms.Form):
    """One value for each place that the texts name; what is already known is filled in."""

    def __init__(
        self,
        *args: Any,
        places: Sequence[Place],
        setting: Setting,
        values: Mapping[str, str],
        known: Mapping[str, Proposal],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for each in places:
            example = message("Exemple fictif : {example}.", example=draft.example_of(each, setting))
            proposed = known.get(each.code) if not values.get(each.code) else None
            self.fields[each.code] = forms.CharField(
                label=said(each.title),
                required=False,
                show_hidden_initial=True,
                max_length=LONGEST_WORD,
                initial=values.get(each.code) or (proposed.value[:LONGEST_WORD] if proposed else ""),
                help_text=said(message("Proposé, {origin}. {example}", origin=proposed.origin, example=example) if proposed else example),
            )  # fmt: skip

    def values(self, now: Mapping[str, str]) -> dict[str, str]:
        """Return the values by place: what was changed here, over what they are `now`; nobody's else are lost.

        A brace, which would name another place, becomes a bracket.
        """
        return _over(self, now, lambda written: " ".join(written.replace("{", "(").replace("}", ")").split()))


def _over(form: forms.Form, now: Mapping[str, str], kept: Callable[[str], str]) -> dict[str, str]:
    """Return texts by field: those that this person changed, or that nobody had given, over what they are `now`."""
    given = {name: kept(text) for name, text in form.cleaned_data.items() if name in form.changed_data or not now.get(name)}  # fmt: skip
    return {name: text for name, text in {**now, **given}.items() if text}


# ----------------------------------------------------------------------------------------------------------- chronogram
class TimeField(forms.CharField):
    """A time of the chronogram, in minutes from the beginning, as workbooks write it: « T+00:15 », « 1 h 15 », « 90 »."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}))
        options.setdefault("help_text", phrase("Depuis le début de l’exercice : T+01:15, 1 h 15 ou 75. Ce qui est avant, comme T-00:30, arrive au début du jeu."))  # fmt: skip
        super().__init__(**options)

    def clean(self, value: Any) -> int:
        """Return the minutes."""
        written = super().clean(value)
        when = parsed(written)
        found = when.minutes if when and when.kind in {Kind.SINCE, Kind.BARE} else None
        if found is None or not EARLIEST <= found <= LATEST:
            raise forms.ValidationError(said(message("« {read} » n’est pas une heure de l’exercice : écrivez par exemple T+01:15.", read=written)))  # fmt: skip
        return found

    def prepare_value(self, value: Any) -> Any:
        """Return minutes as people write them."""
        return clock(value) if isinstance(value, int) else value


class LineForm(forms.Form):
    """A line of the chronogram: its time, its words, who receives it."""

    at = TimeField(label=phrase("À"))
    title = forms.CharField(label=phrase("Titre"), max_length=200)
    channel = forms.ChoiceField(label=phrase("Comment cela arrive"))
    sender = forms.CharField(label=phrase("De qui"), max_length=200)
    seats = forms.MultipleChoiceField(label=phrase("Pour qui"), widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(label=phrase("Texte"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 8}))
    what_if = forms.CharField(
        label=phrase("Si rien ne se passe"), max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=phrase("Ce que fait l’animateur quand personne ne réagit, ou quand on part ailleurs."),
    )  # fmt: skip

    def __init__(self, *args: Any, script: Script, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["channel"].choices = [(each.value, said(CHANNELS[each]).capitalize()) for each in Channel]  # type: ignore[attr-defined]
        self.fields["seats"].choices = [(each.code, said(each.title)) for each in script.seats]  # type: ignore[attr-defined]

    @staticmethod
    def shown(item: Item) -> dict[str, Any]:
        """Return what the form shows of a line, in the language of the page."""
        tongue = language()
        texts = {name: getattr(item, name).say(tongue) for name in ("title", "sender", "text", "what_if")}
        return {"at": item.at, "channel": item.channel.value, "seats": list(item.seats), **texts}

    def values(self, before: Item | None) -> dict[str, Any]:
        """Return the values of the line; a text that was not changed stays in both languages."""
        told, tongue = self.cleaned_data, language()
        found: dict[str, Any] = {"at": told["at"], "channel": Channel(told["channel"]), "seats": tuple(told["seats"])}
        for name in ("title", "sender", "text", "what_if"):
            written = told[name].replace("\r\n", "\n")
            kept: Text | None = getattr(before, name) if before else None
            same = kept is not None and kept.say(tongue).strip() == written.strip()
            found[name] = kept if same else Text(written, written)
        return found


def after_last(script: Script) -> dict[str, Any]:
    """Return what the form of a new line shows first."""
    return {"at": max((each.at for each in script.items), default=-BETWEEN) + BETWEEN, "channel": Channel.CALL.value}


# --------------------------------------------------------------------------------------------------------------- tables
class PeopleForm(forms.Form):
    """Who sits at each place of the table."""

    def __init__(self, *args: Any, script: Script, people: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        titles = {each.code: each.title for each in script.functions}
        for seat in script.seats:
            held = [titles[code] for code in seat.functions if code in titles]
            self.fields[seat.code] = forms.CharField(
                label=said(seat.title), required=False, show_hidden_initial=True, max_length=120, initial=people.get(seat.code, ""),
                help_text=said(message("Tient : {functions}.", functions=[said(each) for each in held])),
            )  # fmt: skip

    def people(self, now: Mapping[str, str]) -> dict[str, str]:
        """Return who sits where: what was changed here, over what it is `now`; empty places are left out."""
        return _over(self, now, lambda written: " ".join(written.split()))


class SiteForm(forms.Form):
    """A place where it is played."""

    name = forms.CharField(label=phrase("Nom du site"), max_length=120)
    member = forms.ModelChoiceField(
        label=phrase("Membre du GHT"), queryset=Organisation.objects.none(), required=False, to_field_name="uuid",
        help_text=phrase("L’exercice comptera pour ce membre, si sa direction et ses soins y jouent."),
    )  # fmt: skip

    def __init__(self, *args: Any, members: "QuerySet[Organisation]", **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["member"]
        field.queryset = members
        if not members.exists():
            del self.fields["member"]


class ParticipantForm(forms.Form):
    """Somebody who takes part by a link of his own."""

    role = forms.ChoiceField(label=phrase("Rôle"), choices=Role, initial=Role.PLAYER)
    name = forms.CharField(
        label=phrase("Nom ou fonction"), max_length=120, required=False,
        help_text=phrase("Un nom de poste suffit : « table des soins », « écran de la salle »."),
    )  # fmt: skip
    seats = forms.MultipleChoiceField(
        label=phrase("Places"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=phrase("Rien de coché : toutes les places du site."),
    )  # fmt: skip
    site = forms.ChoiceField(label=phrase("Site"), required=False)

    def __init__(self, *args: Any, script: Script, sites: Iterable[Site], **options: Any) -> None:
        super().__init__(*args, **options)
        self._sites = {str(each.uuid): each for each in sites}
        self.fields["seats"].choices = [(each.code, said(each.title)) for each in script.seats]  # type: ignore[attr-defined]
        places = [("", said(message("Tous les sites"))), *((key, each.name) for key, each in self._sites.items())]
        self.fields["site"].choices = places  # type: ignore[attr-defined]
        if len(self._sites) < 2:
            del self.fields["site"]

    @staticmethod
    def shown(row: Participant) -> dict[str, Any]:
        """Return what the form shows of a participant."""
        return {"role": row.role, "name": row.name, "seats": row.seats, "site": str(row.site.uuid) if row.site else ""}

    def write(self, row: Participant) -> None:
        """Put what was answered into a row, not saved."""
        told = self.cleaned_data
        row.role, row.name, row.seats = told["role"], " ".join(told["name"].split()), told["seats"]
        row.site = self._sites.get(told.get("site", ""))
