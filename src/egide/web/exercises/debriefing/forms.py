"""Forms of the debrief: a disagreement settled, a constat, an answer, results brought in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from egide.exercise.debrief import Constat, Gravity, Progress
from egide.exercise.script import Script
from egide.exercise.words import GRAVITIES, PROGRESS
from egide.family import FAMILIES, MEASURE_BY_CODE
from egide.message import Text, message
from egide.report.exercise_words import title
from egide.web.design.fields import DayField
from egide.web.design.words import phrase, said
from egide.web.diagnoses.uploads import SheetForm
from egide.web.exercises.models import TEXT, Done

COLD: Sequence[Text] = (
    Text("Qu’est-ce qui a changé depuis l’exercice ?", "What has changed since the exercise?"),
    Text("Quelles actions sont faites, lesquelles sont bloquées, et par quoi ?", "Which actions are done, which are stuck, and by what?"),
    Text("Que faut-il corriger dans les procédures, l’annuaire, les fiches réflexes ?", "What must be corrected in procedures, the directory, the reflex cards?"),
    Text("Que devra vérifier le prochain exercice ?", "What should the next exercise check?"),
)  # fmt: skip
"""Asked some weeks after the exercise, whatever it was."""


class SettleForm(forms.Form):
    """What counts of a reaction on which observers disagree, and why."""

    done = forms.ChoiceField(label=phrase("Ce qui compte"), choices=Done.choices, widget=forms.RadioSelect)
    why = forms.CharField(label=phrase("Pourquoi"), required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class FollowForm(forms.Form):
    """What is decided about a constat, and how far it is."""

    gravity = forms.ChoiceField(label=phrase("Gravité"))
    remedy = forms.CharField(
        label=phrase("Action"), required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=phrase("Ce qui sera fait, par quelqu’un, à une date."),
    )  # fmt: skip
    owner = forms.CharField(label=phrase("Responsable"), required=False, max_length=120, help_text=phrase("Une fonction plutôt qu’un nom : ce document circule."))  # fmt: skip
    due = DayField(label=phrase("Échéance"), required=False)
    progress = forms.ChoiceField(label=phrase("Avancement"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["gravity"].choices = [(each.value, title(said(GRAVITIES[each]))) for each in Gravity]  # type: ignore[attr-defined]
        self.fields["progress"].choices = [(each.value, title(said(PROGRESS[each]))) for each in Progress]  # type: ignore[attr-defined]

    @staticmethod
    def shown(value: Constat) -> dict[str, Any]:
        """Return the values of the form for a constat."""
        return {
            "gravity": value.gravity.value,
            "remedy": value.remedy,
            "owner": value.owner,
            "due": value.due,
            "progress": value.progress.value,
            "what": value.what.fr,
            "target": f"{value.family}/{value.measure}",
            "function": value.function,
        }


class OwnForm(FollowForm):
    """A constat that people add: what they saw, of which family, for which function."""

    what = forms.CharField(label=phrase("Constat"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}), help_text=phrase("Ce qui a manqué ou a tenu, en une phrase."))  # fmt: skip
    target = forms.ChoiceField(label=phrase("Famille ou mesure"))
    function = forms.ChoiceField(label=phrase("Fonction"), required=False)
    field_order = ("what", "target", "function", "gravity", "remedy", "owner", "due", "progress")

    def __init__(self, *args: Any, script: Script, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["target"].choices = targets()  # type: ignore[attr-defined]
        self.fields["function"].choices = functions(script, said(message("toutes")))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Part the family and its measure."""
        data = super().clean() or {}
        data["family"], _, data["measure"] = data.get("target", "").partition("/")
        return data


def targets() -> list[tuple[str, str]]:
    """Return the families, and under each the measures to be told apart in it."""
    found = []
    for family in FAMILIES:
        found.append((f"{family.code}/", said(family.title)))
        found += [(f"{family.code}/{code}", f"{said(family.title)} · {said(MEASURE_BY_CODE[code].title)}") for code in family.measures]  # fmt: skip
    return found


def functions(script: Script, everybody: str) -> list[tuple[str, str]]:
    """Return the functions of a script to choose from."""
    return [("", everybody), *((each.code, said(each.title)) for each in script.functions)]


class HotForm(forms.Form):
    """The questions of the debrief in the room, each with its answer."""

    def __init__(self, *args: Any, questions: Sequence[Text], known: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = {f"q{n}": each for n, each in enumerate(questions)}
        for name, each in self.questions.items():
            self.fields[name] = forms.CharField(
                label=said(each), required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 2}),
                initial=known.get(each.fr, ""), show_hidden_initial=True,
            )  # fmt: skip

    def answers(self) -> dict[str, str]:
        """Return what this person changed, by the French text of each question: what others wrote meanwhile stays."""
        return {each.fr: self.cleaned_data[name].strip() for name, each in self.questions.items() if name in self.changed_data}  # fmt: skip


class ColdForm(forms.Form):
    """One answer given some weeks later."""

    question = forms.ChoiceField(label=phrase("Question"), widget=forms.RadioSelect)
    function = forms.ChoiceField(label=phrase("Qui répond"), required=False)
    text = forms.CharField(label=phrase("Réponse"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, script: Script, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["question"].choices = [(each.fr, said(each)) for each in COLD]  # type: ignore[attr-defined]
        self.fields["function"].choices = functions(script, said(message("tous ensemble")))  # type: ignore[attr-defined]


class ResultsForm(SheetForm):
    """The file that the page without network saved."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = phrase("Fichier JSON enregistré par la page autonome ; 10 Mo au plus.")
