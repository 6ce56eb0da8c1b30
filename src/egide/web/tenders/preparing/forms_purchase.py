"""Forms of the purchase: what is bought, by whom, when, in which lots; processing sheets, contract, essential data."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from stdnum.fr import siret

from egide import plain, reference
from egide.exchange import decp_lists
from egide.message import Text, message
from egide.tender import essential as tender
from egide.tender.model import Procedure
from egide.web.design.fields import DayField, MomentField, NumberField
from egide.web.design.words import phrase, said
from egide.web.tenders.preparing import forms as forms_of
from egide.web.tenders.preparing.forms import ChecksField, LinesField, Plain, Row, Section, chosen

PROCEDURES: Mapping[Procedure, Text] = {
    Procedure.OPEN: Text("Appel d’offres ouvert", "Open procedure"),
    Procedure.RESTRICTED: Text("Appel d’offres restreint", "Restricted procedure"),
    Procedure.NEGOTIATED: Text("Procédure avec négociation", "Competitive procedure with negotiation"),
    Procedure.DIALOGUE: Text("Dialogue compétitif", "Competitive dialogue"),
    Procedure.ADAPTED: Text("Procédure adaptée", "Adapted procedure"),
    Procedure.DIRECT: Text("Sans publicité ni mise en concurrence", "Without publication or competition"),
}
FORMALISED = frozenset({Procedure.OPEN, Procedure.RESTRICTED, Procedure.NEGOTIATED, Procedure.DIALOGUE})
MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 2, "min_value": 0, "required": False}


def short(label: Any, most: int = 300, **options: Any) -> forms.CharField:
    """Return the field of a short text."""
    return forms.CharField(label=label, max_length=most, required=options.pop("required", False), **options)


def long(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    """Return the field of a text of several lines."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=8000, required=False, widget=area, **options)


def whole(label: Any, most: int = 1000, **options: Any) -> forms.IntegerField:
    """Return the field of a whole number, zero when it is left empty."""
    number = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=False, widget=number, **options)


class Purchase(Section):
    """What is bought, by whom, by which procedure, until when."""

    title = forms.CharField(label=phrase("Intitulé de la consultation"), max_length=300)
    reference = short(phrase("Référence de la consultation"), 80, help_text=phrase("Le numéro que vous lui donnez, repris dans toutes les pièces."))  # fmt: skip
    buyer__name = short(phrase("Acheteur"), 200, required=True, help_text=phrase("Dans un GHT : l’établissement support."))  # fmt: skip
    buyer__siret = short(phrase("SIRET de l’acheteur"), 20)
    buyer__address = short(phrase("Adresse de l’acheteur"))
    sent_on = DayField(label=phrase("Envoi à la publication le"), help_text=phrase("Ce jour décide des règles applicables, pour toujours."))  # fmt: skip
    deadline = MomentField(label=phrase("Date limite de remise des offres"))
    procedure = forms.ChoiceField(label=phrase("Procédure"), choices=chosen(PROCEDURES))
    estimate = NumberField(label=phrase("Valeur estimée hors taxes"), help_text=phrase("En euros, sur toute la durée, tous lots et options compris."), **MONEY)  # fmt: skip
    framework = forms.BooleanField(label=phrase("Accord-cadre"), help_text=phrase("Il faut alors un maximum pour chaque lot."), required=False)  # fmt: skip
    negotiation = forms.BooleanField(label=phrase("Négociation annoncée"), required=False)

    def prepare(self) -> None:
        """Show the procedure followed when it is not named."""
        if not self.of.get("procedure"):
            self.fields["procedure"].initial = Procedure.OPEN if self.of.get("formalised", True) else Procedure.ADAPTED

    def clean_buyer__siret(self) -> str:
        """Refuse a number whose key is wrong."""
        given: str = self.cleaned_data["buyer__siret"].replace(" ", "").replace("\u00a0", "")
        if given and not siret.is_valid(given):
            raise forms.ValidationError(said(message("Ce numéro n’est pas un SIRET : 14 chiffres, le dernier est une clé de contrôle.")))  # fmt: skip
        return given

    def written(self) -> Plain:
        """Return the purchase; whether it is formalised follows from its procedure."""
        made = super().written()
        if "procedure" in self.changed_data or self.of.get("procedure"):
            made["formalised"] = made["procedure"] in FORMALISED
        else:
            made["procedure"] = self.of.get("procedure")
        return made


class Lots(Section):
    """Why there is one lot, or how many one tenderer may have."""

    allotment__reason = long(
        phrase("Motif de ne pas allotir"),
        help_text=phrase("Pour un lot unique : le cas de l’article L2113-11, et les faits qui l’établissent ici."),
    )
    allotment__most_tendered = whole(phrase("Nombre de lots au plus auxquels une même entreprise peut répondre"), help_text=phrase("Zéro : sans limite."))  # fmt: skip
    allotment__most_awarded = whole(phrase("Nombre de lots au plus attribués à une même entreprise"), help_text=phrase("Zéro : sans limite."))  # fmt: skip
    allotment__order = LinesField(label=phrase("Ordre d’attribution des lots"), required=False, help_text=phrase("S’il y a une limite : les identifiants des lots, un par ligne."))  # fmt: skip


class Lot(Row):
    """A lot; it keeps its identifier for ever."""

    TITLE, NEW, REMOVE = phrase("Lot"), phrase("Ajouter un lot"), phrase("Retirer ce lot")

    title = short(phrase("Intitulé du lot"), required=True)
    budget = NumberField(label=phrase("Crédits alloués hors taxes"), help_text=phrase("Fixés avant le lancement : au-delà, une offre peut être inacceptable."), **MONEY)  # fmt: skip
    budget_recorded_on = DayField(label=phrase("Crédits constatés le"), required=False)
    credits_announced = forms.BooleanField(label=phrase("Crédits annoncés aux candidats"), required=False)
    estimate = NumberField(label=phrase("Valeur estimée du lot hors taxes"), **MONEY)
    minimum = NumberField(label=phrase("Minimum (accord-cadre)"), **MONEY)
    maximum = NumberField(label=phrase("Maximum (accord-cadre)"), **MONEY)

    def named(self, made: Plain, taken: Collection[str]) -> Plain:
        """Give a new lot the first number that is free."""
        number = next(number for number in range(1, 10_000) if f"lot-{number}" not in taken)
        return made if made.get("id") else {"id": f"lot-{number}", **made}


class Phases(Section):
    """Phases of a negotiation or of a dialogue."""

    reduction_announced = forms.BooleanField(label=phrase("Réduction du nombre d’offres ou de solutions annoncée"), required=False)  # fmt: skip
    participants_minimum = whole(phrase("Nombre minimal de participants annoncé"), help_text=phrase("Zéro : aucun."))


class Round(Row):
    """A round after the first."""

    TITLE, NEW, REMOVE = phrase("Tour"), phrase("Ajouter un tour"), phrase("Retirer ce tour")

    number = whole(phrase("Numéro du tour"), 99, help_text=phrase("Le premier tour est la remise des offres : les suivants sont 2, 3, 4."))  # fmt: skip
    title = short(phrase("Intitulé du tour"))
    deadline = MomentField(label=phrase("Date limite de ce tour"), required=False)
    complete = forms.BooleanField(label=phrase("Offres complètes attendues à ce tour"), help_text=phrase("Sinon elles complètent celles du tour d’avant."), required=False)  # fmt: skip


class Sheet(Row):
    """A processing sheet of RGPD article 28(3)."""

    TITLE, NEW, REMOVE = phrase("Fiche de traitement"), phrase("Ajouter une fiche de traitement"), phrase("Retirer cette fiche")  # fmt: skip

    purpose = long(phrase("Finalité du traitement"), 2, help_text=phrase("Pourquoi ces données sont traitées."))
    nature = short(phrase("Nature des opérations"), help_text=phrase("Hébergement, consultation, sauvegarde…"))
    data = LinesField(label=phrase("Catégories de données"), help_text=phrase("Une par ligne."), required=False)  # type: ignore[assignment]
    persons = LinesField(label=phrase("Personnes concernées"), help_text=phrase("Une par ligne : patients, agents…"), required=False)  # fmt: skip
    duration = short(phrase("Durée"), help_text=phrase("Du traitement, et de conservation."))
    recipients = LinesField(label=phrase("Destinataires"), help_text=phrase("Un par ligne."), required=False)
    transfers = short(phrase("Transferts hors de l’Union européenne"), help_text=phrase("« Aucun » s’il n’y en a pas."))
    controller = short(phrase("Responsable de traitement"))
    dpo = short(
        phrase("Délégué à la protection des données"), help_text=phrase("Nom ou fonction, et comment le joindre.")
    )
    lots = ChecksField(label=phrase("Lots concernés"), help_text=phrase("Aucun coché : tous."))

    def prepare(self) -> None:
        """Choose among the lots."""
        self.fields["lots"].choices = self.known.lots  # type: ignore[attr-defined]
        self.fields["purpose"].required = True


class Contract(Section):
    """Facts of the contract that the CCAP says."""

    contract__start = DayField(label=phrase("Début prévu de l’exécution"), required=False)
    contract__months = whole(phrase("Durée ferme, en mois"))
    contract__renewals = whole(phrase("Nombre de reconductions"))
    contract__incident_notice_hours = whole(phrase("Délai pour signaler un incident, en heures"))
    contract__audits_per_year = whole(phrase("Audits par an au plus"))
    contract__audit_notice_days = whole(phrase("Préavis d’un audit, en jours"))
    contract__penalty_ceiling_percent = NumberField(label=phrase("Plafond des pénalités, en % du montant"), help_text=phrase("10 % au CCAG-TIC : un autre plafond y déroge."), min_value=0, max_digits=5, decimal_places=2)  # fmt: skip


class Penalty(Row):
    """A penalty."""

    TITLE, NEW, REMOVE = phrase("Pénalité"), phrase("Ajouter une pénalité"), phrase("Retirer cette pénalité")

    subject = short(phrase("Ce qui est sanctionné"), required=True)
    amount = NumberField(label=phrase("Montant en euros"), **{**MONEY, "required": True})
    unit = short(phrase("Par"), 80, help_text=phrase("Heure de retard, jour, manquement…"))
    points = LinesField(label=phrase("Points du clausier concernés"), help_text=phrase("Un identifiant par ligne."), required=False)  # fmt: skip


class Certificate(Row):
    """A certificate asked for."""

    TITLE, NEW, REMOVE = phrase("Certificat demandé"), phrase("Demander un certificat"), phrase("Ne plus demander ce certificat")  # fmt: skip

    standard = forms.ChoiceField(label=phrase("Certificat"))
    activities = ChecksField(label=phrase("Activités demandées"))
    lots = ChecksField(label=phrase("Lots concernés"), help_text=phrase("Aucun coché : tous."))

    def prepare(self) -> None:
        """Choose among the certificates that are known, and the one that is already asked for."""
        standards = reference.certificates().standards
        known = [(each.id, f"{each.id} · {said(each.title)}") for each in standards]
        own = self.of.get("standard", "")
        known += [(own, own)] if own and own not in dict(known) else []
        self.fields["standard"].choices = [("", said(message("Choisir…"))), *known]  # type: ignore[attr-defined]
        self.fields["activities"].choices = [  # type: ignore[attr-defined]
            (str(activity.number), f"{each.id} {activity.number} · {said(activity.title)}")
            for each in standards
            for activity in each.activities
        ]
        self.fields["activities"].initial = [str(each) for each in self.of.get("activities", ())]
        self.fields["lots"].choices = self.known.lots  # type: ignore[attr-defined]


def _listed(key: str, label: Any, *, several: bool = False) -> forms.ChoiceField:
    """Return the choice of a word of an official list: these words are French in every language."""
    choices = [(each, each) for each in decp_lists.words(key)]
    return ChecksField(label=label, choices=choices) if several else forms.ChoiceField(label=label, choices=choices)


class Essential(Section):
    """What the buyer alone knows of the essential data to be published."""

    essential__cpv = short(phrase("Code CPV principal"), 10, help_text=phrase("Par exemple 48180000-3, progiciel médical."))  # fmt: skip
    essential__place_code = short(phrase("Lieu principal d’exécution"), 12, help_text=phrase("Le code, par exemple 29 pour un département."))  # fmt: skip
    essential__place_type = _listed("place_type", phrase("Nature de ce code"))
    essential__nature = _listed("nature", phrase("Nature du marché"))
    essential__ccag = _listed("ccag", phrase("CCAG de référence"))
    essential__numbers = LinesField(label=phrase("Numéros de marché"), required=False, help_text=phrase("Un par lot et par ligne, seize signes au plus."))  # fmt: skip
    essential__innovative = forms.BooleanField(label=phrase("Marché innovant"), required=False)
    essential__environmental_clause = forms.BooleanField(label=phrase("Clause environnementale"), required=False)
    essential__techniques = _listed("techniques", phrase("Techniques d’achat"), several=True)
    essential__modalities = _listed("modalities", phrase("Modalités d’exécution"), several=True)
    essential__price_types = _listed("price_types", phrase("Types de prix"), several=True)
    essential__price_form = _listed("price_form", phrase("Forme de prix"))
    essential__social = _listed("social", phrase("Considérations sociales"), several=True)
    essential__advance = NumberField(label=phrase("Taux de l’avance"), help_text=phrase("De 0 à 1 ; vide : aucune avance."), min_value=0, max_value=1, required=False)  # fmt: skip
    essential__origin_eu = NumberField(label=phrase("Part des produits de l’Union européenne"), help_text=phrase("De 0 à 1."), min_value=0, max_value=1, required=False)  # fmt: skip
    essential__origin_france = NumberField(label=phrase("Part des produits français"), help_text=phrase("De 0 à 1."), min_value=0, max_value=1, required=False)  # fmt: skip

    def prepare(self) -> None:
        """Show the usual answers while there are none."""
        if self.of.get("essential") is None:
            usual = plain.unstructure(tender.Essential("", ""))
            for name, field in self.fields.items():
                field.initial = forms_of.shown(field, usual[name.removeprefix("essential__")])

    def clean(self) -> dict[str, Any]:
        """Ask for the two facts without which nothing is kept, as soon as one of them is given."""
        given: dict[str, Any] = super().clean() or {}
        pair = ("essential__cpv", "essential__place_code")
        if any(given.get(name) for name in pair) or self.of.get("essential") is not None:
            for name in pair:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, said(message("Ce code est nécessaire aux données essentielles.")))
        elif self.changed_data:
            self.add_error(pair[0], said(message("Ce code est nécessaire aux données essentielles.")))
        return given

    def written(self) -> Plain:
        """Return the definition, untouched while nothing was said."""
        return super().written() if self.cleaned_data.get("essential__cpv") else dict(self.of)
