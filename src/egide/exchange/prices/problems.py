"""What may be said of a bid priced by the published schedule: papers, lines and totals compared."""

from collections.abc import Mapping

from egide.exchange.prices.amount import Problem
from egide.finding import Severity
from egide.message import message
from egide.tender.schedule import Prevails

_CONFIRM = message("Confirmer, ou donner le prix unitaire qui vaut.")
_TOTALS = message("Confirmer les prix unitaires et corriger le total.")
PROBLEMS: Mapping[str, Problem] = {
    "price.schedule_absent": (
        Severity.ERROR,
        message("aucune des {count} lignes du cadre de prix publié n'a été trouvée"),
        message("Renvoyer le cadre de prix fourni, rempli, ses références intactes."),
    ),
    "price.basis": (
        Severity.DOUBT,
        message("rien ne dit si ces prix sont hors taxes : compris comme hors taxes"),
        message("Confirmer que les prix unitaires sont hors taxes."),
    ),
    "price.frame_old": (
        Severity.DOUBT,
        message("ce cadre de prix n'est pas celui qui est publié : lignes, quantités ou durée ont changé depuis"),
        message("Vérifier les prix unitaires contre le cadre publié, et le renvoyer."),
    ),
    "price.line_missing": (
        Severity.ERROR,
        message("ligne {line} « {title} » : aucun prix, l'offre ne peut pas être comparée"),
        message("Donner le prix unitaire hors taxes de cette ligne."),
    ),
    "price.option_missing": (
        Severity.DOUBT,
        message("option {line} « {title} » : aucun prix"),
        message("Donner le prix de l'option, ou confirmer qu'elle n'est pas proposée."),
    ),
    "price.line_derived": (
        Severity.DOUBT,
        message("ligne {line} : sans prix unitaire, il est tiré du montant « {read} » ; compris comme {amount}"),
        message("Donner le prix unitaire hors taxes de cette ligne."),
    ),
    "price.line_unknown": (
        Severity.DOUBT,
        message("« {label} » n'est pas une ligne du cadre de prix : son prix « {read} » n'est pas compté"),
        message("Dire à quelle ligne publiée ce prix se rattache, ou le retirer."),
    ),
    "price.lines_unknown": (
        Severity.DOUBT,
        message("{count} lignes chiffrées ne sont pas du cadre de prix, leurs prix ne sont pas comptés : {labels}…"),
        message("Dire à quelles lignes publiées ces prix se rattachent, ou les retirer."),
    ),
    "price.lines_missing": (
        Severity.ERROR,
        message("{count} lignes n'ont aucun prix, l'offre ne peut pas être comparée : {lines}"),
        message("Donner le prix unitaire hors taxes de ces lignes."),
    ),
    "price.line_elsewhere": (
        Severity.NOTE,
        message("lignes {lines} : elles sont d'un autre lot, non comptées pour celui-ci"),
        message("Rien à faire."),
    ),
    "price.line_close": (
        Severity.DOUBT,
        message("« {label} » est pris pour la ligne {line} « {title} »"),
        message("Confirmer la ligne, ou écrire sa référence."),
    ),
    "price.line_title": (
        Severity.DOUBT,
        message("la référence est celle de la ligne {line} « {title} », mais l'intitulé est « {label} » ; la référence est suivie"),
        message("Confirmer que le prix est celui de la ligne publiée."),
    ),
    "price.line_twice": (
        Severity.DOUBT,
        message("ligne {line} donnée deux fois avec des prix différents : le premier est proposé ({amount})"),
        _CONFIRM,
    ),
    "price.unit_differs": (
        Severity.DOUBT,
        message("ligne {line} : prix unitaire de {first} ({where}) et de {second} ({there}) ; le premier est proposé, {why}"),
        _CONFIRM,
    ),
    "price.rounding": (
        Severity.NOTE,
        message("le total « {read} » diffère de la somme des lignes arrondies au centime ({sum}) d'un écart d'arrondi ; la somme est utilisée"),
        message("Rien à faire."),
    ),
    "price.option_in_total": (
        Severity.DOUBT,
        message("le total « {read} » compte les options {options} ; sans elles il est de {amount}, qui est proposé"),
        message("Confirmer que les options s'ajoutent au total si elles sont levées."),
    ),
    "price.total_tax": (
        Severity.DOUBT,
        message("le total « {read} » dépasse de {rate} % la somme des lignes ({amount}) : il semble toutes taxes comprises ; la somme est proposée"),
        message("Confirmer que les prix unitaires sont hors taxes et donner le total hors taxes."),
    ),
    "price.dqe_total": (
        Severity.DOUBT,
        message("le total « {read} » n'est pas la somme des lignes, qui fait {amount} : cette somme est proposée, car {why}"),
        _TOTALS,
    ),
    "price.engagement": (
        Severity.DOUBT,
        message("le total de l'acte d'engagement « {read} » diffère de celui du détail ({detail}) ; {amount} est proposé, car {why}"),
        message("Confirmer les prix unitaires et corriger le total de l'acte d'engagement (mise au point)."),
    ),
    "price.line_carried": (
        Severity.NOTE,
        message("lignes {lines} : prix unitaires repris du tour précédent, que ce tour ne redit pas"),
        message("Rien à faire."),
    ),
}  # fmt: skip
WHY = {
    Prevails.BPU: message("le bordereau des prix unitaires prévaut"),
    Prevails.DQE: message("le détail estimatif prévaut"),
}
