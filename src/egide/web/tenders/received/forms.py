"""What people give at step 5: a folder, the deposits, files of one bid, an opening, a decision, a reading put right."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath, PurePosixPath
from typing import Any

from django import forms
from django.utils import timezone
from stdnum.fr import siret

from egide.message import message
from egide.tender.model import Condition, Declared, Tender
from egide.tender.procedure.journal import Order
from egide.tender.words import CONDITIONS, DECLARED
from egide.web.design.fields import DayField, ManyFilesField, MomentField
from egide.web.design.words import phrase, said
from egide.web.tenders.folder import within
from egide.web.tenders.work import deadline_of, sealed

NEW = "+"


def choices(field: Any, values: Sequence[tuple[str, str]]) -> None:
    """Set what a field is chosen from."""
    field.choices = list(values)


def _chosen() -> tuple[str, str]:
    """Return the choice that stands before one is made: nothing is taken for granted."""
    return "", said(message("Choisir"))


class Load(forms.Form):
    """A whole folder, as one ZIP or chosen in the browser; its paths come from the page's script."""

    organisation = forms.ChoiceField(label=phrase("Organisation"))
    archive = forms.FileField(
        label=phrase("Le dossier, en un seul fichier ZIP"),
        required=False,
        help_text=phrase("Il contient tender.yaml et, après la date limite, les offres (bids) et les notes (marks)."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    folder = ManyFilesField(label=phrase("Ou le dossier lui-même"), required=False, help_text=phrase("Au plus 2 000 fichiers ; au-delà, en faire un ZIP."))  # fmt: skip
    paths = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, organisations: Sequence[Any]):
        super().__init__(*given)
        choices(self.fields["organisation"], [(str(each.uuid), each.name) for each in organisations])
        if len(organisations) == 1:
            self.initial["organisation"] = str(organisations[0].uuid)
        self.fields["folder"].widget.attrs.update({"webkitdirectory": True, "data-folder": "paths"})

    def clean_paths(self) -> list[str]:
        """Return the paths that the script listed; none when it is no list of paths."""
        try:
            found = json.loads(self.cleaned_data["paths"] or "[]")
        except ValueError:
            return []
        usable = isinstance(found, list) and all(isinstance(each, str) and PurePosixPath(each).parts for each in found)
        return found if usable else []

    def clean(self) -> None:
        """Take one of the two ways."""
        given = self.cleaned_data
        if not given.get("archive") and not given.get("folder"):
            self.add_error("archive", said(message("Donner le dossier : un fichier ZIP, ou le dossier lui-même.")))
        elif given.get("archive") and given.get("folder"):
            self.add_error("archive", said(message("Donner le ZIP ou le dossier, pas les deux.")))
        elif given.get("folder") and len(given.get("paths", ())) != len(given["folder"]):
            self.add_error("archive", said(message("Les noms des sous-dossiers ne sont pas arrivés : faire un ZIP du dossier et le donner ici.")))  # fmt: skip


class Deposits(forms.Form):
    """What the platform gave."""

    archive = forms.FileField(
        label=phrase("Le ZIP des plis, tel que téléchargé du profil d’acheteur"),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    register = forms.FileField(
        label=phrase("Le registre des dépôts"),
        required=False,
        help_text=phrase(
            "XLSX, ODS ou CSV ; facultatif s’il est dans le ZIP. Il donne les heures de dépôt et les SIRET."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )
    round = forms.TypedChoiceField(label=phrase("Tour auquel ces plis répondent"), coerce=int)

    def __init__(self, *given: Any, tender: Tender, now: datetime):
        super().__init__(*given)
        self.tender, self.now = tender, now
        choices(self.fields["round"], _rounds(tender))

    def clean_round(self) -> int:
        """Refuse the deposits of a round whose deadline is to come, before anything of them is kept."""
        number: int = self.cleaned_data["round"]
        if sealed(self.tender, self.now, number):
            until = timezone.localtime(deadline_of(self.tender, number))
            raise forms.ValidationError(said(message("La date limite de ce tour ({deadline}) n’est pas passée.", deadline=until)))  # fmt: skip
        return number


def _rounds(tender: Tender) -> list[tuple[str, str]]:
    later = [(str(each.number), each.title or said(message("Tour {number}", number=each.number))) for each in tender.rounds if each.number > 1]  # fmt: skip
    return [("1", said(message("Premier tour : offres initiales")) if later else said(message("Offres"))), *later]


class BidFiles(forms.Form):
    """All files of one bid: questionnaires, price sheets, documents."""

    tenderer = forms.ChoiceField(label=phrase("Soumissionnaire"))
    name = forms.CharField(label=phrase("Nom, s’il est nouveau"), max_length=200, required=False)
    siret = forms.CharField(label=phrase("SIRET, s’il est nouveau"), max_length=20, required=False)
    lot = forms.ChoiceField(label=phrase("Lot"))
    round = forms.TypedChoiceField(label=phrase("Tour"), coerce=int)
    variant = forms.TypedChoiceField(label=phrase("Offre de base ou variante"), coerce=int)
    sheets = ManyFilesField(label=phrase("Fichiers"), help_text=phrase("Cadre de réponse, prix et documents, tous à la fois."))  # fmt: skip

    def __init__(self, *given: Any, tender: Tender, lots: Sequence[str], taken: frozenset[str]):
        super().__init__(*given)
        self.tender, self.taken = tender, taken
        known = [(each.id, each.name or each.id) for each in tender.tenderers]
        choices(self.fields["tenderer"], [_chosen(), *known, (NEW, said(message("Un autre, à inscrire")))])
        choices(self.fields["lot"], [(each.id, each.title or each.id) for each in tender.lots if each.id in lots])
        choices(self.fields["round"], _rounds(tender))
        choices(self.fields["variant"], _variants())
        if len(_rounds(tender)) == 1:
            self.fields["round"].widget = forms.HiddenInput()
            self.fields["round"].initial = 1
        if not tender.variants_allowed:
            self.fields["variant"].widget = forms.HiddenInput()
            self.fields["variant"].initial = 0

    def clean_siret(self) -> str:
        """Refuse a number that is no SIRET."""
        given: str = siret.compact(self.cleaned_data["siret"])
        if given and not siret.is_valid(given):
            raise forms.ValidationError(said(message("Ce n’est pas un SIRET : quatorze chiffres, clé comprise.")))
        return given

    def folder(self, tenderer: str) -> str:
        """Return the folder of the bid."""
        values = self.cleaned_data
        parts = ["bids", tenderer, values["lot"]]
        parts += [f"variant-{values['variant']}"] if values["variant"] else []
        parts += [f"round-{values['round']}"] if values["round"] > 1 else []
        return "/".join(parts)

    def clean(self) -> None:
        """Ask for the name of a new tenderer; refuse a file that is there already."""
        given = self.cleaned_data
        if given.get("tenderer") == NEW and not given.get("name"):
            self.add_error("name", said(message("Donner le nom du soumissionnaire à inscrire.")))
        names = [file_name(each) for each in given.get("sheets", ())]
        if len(set(names)) < len(names):
            self.add_error("sheets", said(message("Deux fichiers portent le même nom : ne donner que le bon.")))
        if not self.errors and given["tenderer"] != NEW:
            known = tuple(name for name in names if f"{self.folder(given['tenderer'])}/{name}" in self.taken)
            if known:
                said_ = message("Déjà dans cette offre : {names}. Retirer d’abord l’ancien, ou donner un autre nom.", names=known)  # fmt: skip
                self.add_error("sheets", said(said_))


def _variants() -> list[tuple[str, str]]:
    numbered = [(str(each), said(message("Variante {number}", number=each))) for each in range(1, 10)]
    return [("0", said(message("Offre de base"))), *numbered]


def file_name(file: Any) -> str:
    """Return the name of a file sent, without folders."""
    return PurePath(str(file.name).replace("\\", "/")).name


class Move(forms.Form):
    """Where a file goes: another bid, or out of the bids."""

    to = forms.ChoiceField(label=phrase("Que devient ce fichier ?"))
    reason = forms.CharField(label=phrase("Motif"), widget=forms.Textarea(attrs={"rows": 2}), help_text=phrase("Gardé au journal de l’organisation."))  # fmt: skip

    def __init__(self, *given: Any, places: Sequence[tuple[str, str]]):
        super().__init__(*given)
        choices(self.fields["to"], [*places, (NEW, said(message("Il est retiré des offres : gardé à part, plus lu")))])


class Opened(forms.Form):
    """The opening of the bids."""

    at = MomentField(label=phrase("Jour et heure de l’ouverture"))
    persons = forms.CharField(
        label=phrase("Personnes présentes"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=phrase("Une par ligne : nom et fonction."),
    )
    order = forms.ChoiceField(
        label=phrase("Examiné d’abord"),
        choices=[(Order.CANDIDACIES.value, phrase("Les candidatures")), (Order.OFFERS.value, phrase("Les offres"))],
        widget=forms.RadioSelect,
        initial=Order.CANDIDACIES.value,
    )
    order_published = forms.BooleanField(
        label=phrase("Cet ordre était annoncé au règlement de la consultation"), required=False
    )

    def __init__(self, *given: Any, deadline: datetime, now: datetime, **options: Any):
        super().__init__(*given, **options)
        self.deadline, self.now = deadline, now

    def clean_at(self) -> datetime:
        """Refuse an opening before the deadline, or to come."""
        given: datetime = self.cleaned_data["at"]
        if given < self.deadline:
            raise forms.ValidationError(said(message("Les plis ne s’ouvrent pas avant la date limite ({deadline}).", deadline=timezone.localtime(self.deadline))))  # fmt: skip
        if given > self.now:
            raise forms.ValidationError(said(message("Cet instant est à venir.")))
        return given

    def clean_persons(self) -> tuple[str, ...]:
        """Return the persons, one a line."""
        return tuple(line.strip() for line in self.cleaned_data["persons"].splitlines() if line.strip())

    def clean(self) -> None:
        """Examining offers first must have been announced."""
        if self.cleaned_data.get("order") == Order.OFFERS and not self.cleaned_data.get("order_published"):
            self.add_error("order_published", said(message("Examiner les offres d’abord suppose que le règlement l’ait annoncé (R2161-4).")))  # fmt: skip


class Candidacy(forms.Form):
    """What is decided of a candidacy."""

    tenderer = forms.ChoiceField(label=phrase("Candidat"))
    admitted = forms.ChoiceField(
        label=phrase("Décision"),
        choices=[("yes", phrase("Candidature admise")), ("no", phrase("Candidature rejetée"))],
        widget=forms.RadioSelect,
    )
    lots = forms.MultipleChoiceField(label=phrase("Lots"), required=False, widget=forms.CheckboxSelectMultiple, help_text=phrase("Aucun coché : tous les lots."))  # fmt: skip
    on = DayField(label=phrase("Décidée le"))
    reason = forms.CharField(label=phrase("Motif"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=phrase("Obligatoire pour un rejet : la lettre de rejet le reprend."))  # fmt: skip

    def __init__(self, *given: Any, tender: Tender, **options: Any):
        super().__init__(*given, **options)
        choices(self.fields["tenderer"], [_chosen(), *((each.id, each.name or each.id) for each in tender.tenderers)])
        choices(self.fields["lots"], [(each.id, each.title or each.id) for each in tender.lots])
        if len(tender.lots) < 2:
            del self.fields["lots"]

    def clean(self) -> None:
        """A rejection has a reason."""
        if self.cleaned_data.get("admitted") == "no" and not self.cleaned_data.get("reason"):
            self.add_error("reason", said(message("Donner le motif du rejet.")))


class Settle(forms.Form):
    """What a person understands of an answer."""

    declared = forms.ChoiceField(label=phrase("Ce que dit la réponse"), widget=forms.RadioSelect)
    condition = forms.ChoiceField(label=phrase("Condition"))
    comment = forms.CharField(label=phrase("Commentaire du soumissionnaire"), required=False, widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    where = forms.CharField(
        label=phrase("Où l’offre remise le dit"),
        required=False,
        help_text=phrase("Fichier et endroit. Obligatoire si la lecture change."),
    )
    reason = forms.CharField(
        label=phrase("Motif"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=phrase(
            "Par exemple : précision demandée le…, reçue le… Une précision éclaire l’offre, elle ne la complète pas."
        ),
    )

    def __init__(self, *given: Any, first: dict[str, str], **options: Any):
        super().__init__(*given, **options)
        self.first = first
        choices(self.fields["declared"], [(each.value, said(DECLARED[each])) for each in Declared])
        none = said(message("Sans condition"))
        choices(self.fields["condition"], [(each.value, said(CONDITIONS[each]) or none) for each in Condition])

    def clean(self) -> None:
        """A reading is changed only by what the bid says somewhere."""
        values = self.cleaned_data
        changed = any(values.get(name) != self.first[name] for name in self.first)
        if changed and not values.get("where"):
            self.add_error("where", said(message("Dire dans quel fichier de l’offre, et où, cela se lit : rien ne s’ajoute à une offre après la date limite.")))  # fmt: skip


class Filter(forms.Form):
    """Which findings to show."""

    severity = forms.ChoiceField(label=phrase("Gravité"), required=False)
    file = forms.ChoiceField(label=phrase("Fichier"), required=False)

    def __init__(self, *given: Any, severities: Sequence[tuple[str, str]], files: Sequence[str]):
        super().__init__(*given)
        every = said(message("Tous"))
        choices(self.fields["severity"], [("", said(message("Toutes"))), *severities])
        choices(self.fields["file"], [("", every), *((each, within(each)) for each in files)])


class Precisions(forms.Form):
    """The pages of doubts to be written."""

    date = DayField(label=phrase("Date de la demande"))


class Sent(forms.Form):
    """When a page was sent."""

    sent_on = DayField(label=phrase("Envoyée le"))
