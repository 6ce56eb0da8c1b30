"""The pages of steps 1 and 3 as data: which form, which lists, which top keys of the definition each of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from egide.message import Text
from egide.web.tenders import models
from egide.web.tenders.preparing import forms, forms_method, forms_purchase, forms_risk


@dataclass(frozen=True)
class Part:
    """A page of a step: a form over the definition, lists shown as rows, the top keys that it changes."""

    step: str
    name: str
    title: Text
    keys: tuple[str, ...]
    form: type[forms.Section] | None = None
    rows: Mapping[str, type[forms.Row]] = field(default_factory=dict)
    lead: Text = Text()
    template: str = "tenders/part.html"
    rows_first: bool = False

    def url(self, row: models.Consultation) -> str:
        """Return the address of this page."""
        return reverse(f"tenders:{self.name}", args=[row.uuid])


PURCHASE = (
    Part(
        "purchase", "purchase", Text("L’achat", "The purchase"),
        ("title", "reference", "buyer", "sent_on", "deadline", "procedure", "formalised", "estimate", "framework", "negotiation"),
        forms_purchase.Purchase,
    ),
    Part(
        "purchase", "lots", Text("Lots", "Lots"), ("lots", "allotment"), forms_purchase.Lots, {"lots": forms_purchase.Lot},
        Text("Un lot au moins. Chaque lot garde son repère : son intitulé peut changer.", "At least one lot. Each lot keeps its mark: its title may change."), rows_first=True,
    ),
    Part(
        "purchase", "rounds", Text("Phases", "Phases"), ("rounds", "reduction_announced", "participants_minimum"),
        forms_purchase.Phases, {"rounds": forms_purchase.Round},
        Text("Seulement pour une négociation ou un dialogue.", "Only for a negotiation or a dialogue."),
    ),
    Part(
        "purchase", "processing", Text("Fiches de traitement", "Processing sheets"), ("processing",), None,
        {"processing": forms_purchase.Sheet},
        Text(
            "L’article 28 du RGPD demande que l’établissement décrive chaque traitement confié au titulaire avant la publication.",
            "GDPR article 28 asks the hospital to describe each processing entrusted to the supplier before publication.",
        ),
    ),
    Part(
        "purchase", "contract", Text("Contrat et certificats", "Contract and certificates"), ("contract", "certificates"),
        forms_purchase.Contract, {"certificates": forms_purchase.Certificate, "contract__penalties": forms_purchase.Penalty},
        Text("Ces faits sont repris dans le CCAP.", "The contract document (CCAP) says these facts."),
    ),
    Part(
        "purchase", "essential", Text("Données essentielles", "Essential data"), ("essential",), forms_purchase.Essential, {},
        Text(
            "Publiées après la notification de chaque marché de 40 000 € HT ou plus (R2196-1) ; elles n’empêchent pas la publication de la consultation.",
            "Published once each contract of 40,000 € or more is notified (R2196-1); they do not stop the publication of the consultation.",
        ),
    ),
)  # fmt: skip

METHOD = (
    Part("method", "method", Text("Critères", "Criteria"), ("criteria",), None, {}),
    Part(
        "method", "evaluators", Text("Évaluateurs", "Evaluators"), ("evaluators",), None, {"evaluators": forms_method.Evaluator},
        Text("Qui lit quoi. Sans thème ni critère coché, un évaluateur lit tout.", "Who reads what. Without a theme or a criterion ticked, an evaluator reads everything."),
        "tenders/method/evaluators.html",
    ),
    Part(
        "method", "schedule", Text("Cadre de prix", "Price schedule"), ("schedule",), forms_method.Schedule,
        {"schedule__lines": forms_method.Line},
        Text(
            "Une ligne par prix demandé, avec la quantité estimée. Le total de chaque offre en est calculé.",
            "A line for each price asked, with its estimated quantity. The total of each bid is computed from them.",
        ),
        "tenders/method/schedule.html",
    ),
    Part(
        "method", "rules", Text("Règles", "Rules"), ("ties", "variants_allowed", "weights_published", "conditions_of_use", "double_reading"),
        forms_method.Rules,
    ),
    Part(
        "method", "risk", Text("Coût du risque", "Cost of risk"), ("risk",), forms_risk.Risk,
        {"risk__beneficiaries": forms_risk.Beneficiary},
        Text(
            "Ce que coûteraient en moyenne, sur la durée du contrat, les incidents de sécurité venus par chaque fournisseur. Rien n’est demandé de plus aux candidats.",
            "What the security incidents that come through each supplier would cost on average over the contract. Nothing more is asked of tenderers.",
        ),
        "tenders/method/risk.html",
    ),
    Part("method", "bench", Text("Banc d’essai", "Test bench"), ()),
)  # fmt: skip
CRITERION = Part(
    "method", "criterion", Text("Critère", "Criterion"), ("criteria",), forms_method.Criterion,
    {"subcriteria": forms_method.SubCriterion}, template="tenders/method/criterion.html",
)  # fmt: skip
PARTS = (*PURCHASE, *METHOD)
