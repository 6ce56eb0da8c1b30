"""What is missing or out of date in the directory of an establishment: said, never invented, and never a reason to wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from egide.exercise.crisis import Directory, Establishment, Guide, Insurance, Person, Supplier, there
from egide.exercise.kit import Library
from egide.finding import Finding, Severity
from egide.message import Message, message


def findings(guide: Guide, library: Library, house: Establishment, on: date) -> tuple[Finding, ...]:
    """Return what is missing or out of date in the directory of an establishment; the kit is printed all the same."""
    return (
        *_expired(house.directory, on),
        *_places(house.directory),
        *_people(guide, library, house),
        *_suppliers(house.directory.suppliers),
        *_insurance(house.directory.insurance),
        *_lines(guide, house),
    )


def _doubt(code: str, understood: Message, remedy: Message, place: str = "", read: str = "") -> Finding:
    return Finding(f"crisis.{code}", Severity.DOUBT, understood, remedy, place=place, read=read)


def _expired(directory: Directory, on: date) -> list[Finding]:
    call = message("Appeler chaque numéro, corriger, et noter le jour de la vérification.")
    place = "directory.checked_on"
    until = directory.expires_on
    if directory.checked_on is None or until is None:
        return [_doubt("checked", message("L’annuaire n’a jamais été vérifié."), call, place)]
    if directory.checked_on > on:
        said = message("L’annuaire dit avoir été vérifié le {day}, un jour à venir.", day=directory.checked_on)
        return [_doubt("checked.future", said, call, place)]
    if until < on:
        return [_doubt("expired", message("L’annuaire n’est plus sûr depuis le {day}.", day=until), call, place)]
    return []


PLACES: Mapping[str, tuple[Message, Message]] = {
    "room": (
        message("La salle de la cellule de crise n’est pas dite."),
        message("Choisir une salle avec un téléphone analogique et une porte qui ferme."),
    ),
    "means": (
        message("Comment la cellule se parle sans le réseau n’est pas dit."),
        message("Prévoir des téléphones hors du réseau de l’établissement, et leurs numéros."),
    ),
    "paper": (
        message("L’endroit des formulaires papier n’est pas dit."),
        message("Imprimer les formulaires de ce kit et écrire où ils sont, service par service."),
    ),
    "backups": (
        message("L’endroit des sauvegardes hors ligne n’est pas dit."),
        message("Écrire où elles sont, qui en a la clé, et le jour du dernier essai de restauration."),
    ),
}


def _places(directory: Directory) -> list[Finding]:
    blank = [(name, said) for name, said in PLACES.items() if not str(getattr(directory, name)).strip()]
    return [_doubt(name, understood, remedy, f"directory.{name}") for name, (understood, remedy) in blank]


def _people(guide: Guide, library: Library, house: Establishment) -> list[Finding]:
    titles = {each.code: each.title for each in library.functions}
    held = {each.function for each in house.directory.people if each.name.strip()}
    found = [
        _doubt(
            "person",
            message("Personne ne tient la fonction « {function} ».", function=titles.get(code, code)),
            message("Nommer quelqu’un, son téléphone de nuit et qui le remplace."),
            "directory.people",
        )
        for code in guide.needed.get(house.setting, ())
        if code not in held
    ]
    for n, each in enumerate(house.directory.people):
        place = f"directory.people[{n}]"
        if each.function not in titles:
            found.append(_unknown("function", message("Fonction inconnue : {code}.", code=each.function), place, each.function))  # fmt: skip
        found += _person(each, place)
    return found


def _unknown(code: str, understood: Message, place: str, read: str) -> Finding:
    remedy = message("Prendre un code de la liste.")
    return Finding(f"crisis.{code}", Severity.ERROR, understood, remedy, place=place, read=read)


def _person(person: Person, place: str) -> list[Finding]:
    """Return what is missing of somebody: a number, a number for the night, and somebody else with another number."""
    name = person.name.strip() or person.function
    found = []
    if not person.telephone.strip():
        found.append(_doubt("telephone", message("{name} : aucun téléphone.", name=name), message("Écrire son numéro."), place))  # fmt: skip
    if not person.night.strip():
        found.append(_doubt("night", message("{name} : aucun numéro la nuit et le week-end.", name=name), message("Écrire un numéro qui répond à 3 h du matin, ou celui de l’astreinte."), place))  # fmt: skip
    if not person.stand_in.strip():
        found.append(_doubt("stand_in", message("{name} : personne ne le remplace.", name=name), message("Nommer un remplaçant : une crise dure des semaines."), place))  # fmt: skip
    elif not person.stand_in_telephone.strip():
        found.append(_doubt("stand_in.telephone", message("{name}, qui remplace {other} : aucun téléphone.", name=person.stand_in, other=name), message("Écrire son numéro."), place))  # fmt: skip
    return found


def _suppliers(suppliers: Sequence[Supplier]) -> list[Finding]:
    if not suppliers:
        said = message("Aucun fournisseur dans l’annuaire.")
        return [_doubt("suppliers", said, message("Écrire au moins l’éditeur du dossier patient, l’hébergeur et l’infogérant."), "directory.suppliers")]  # fmt: skip
    found = []
    for n, each in enumerate(suppliers):
        place = f"directory.suppliers[{n}]"
        if not each.telephone.strip():
            found.append(_doubt("supplier.telephone", message("{name} : aucun téléphone.", name=each.name), message("Demander son numéro d’urgence et l’essayer."), place))  # fmt: skip
        elif not each.always:
            found.append(_doubt("supplier.hours", message("{name} : rien ne dit que son numéro répond la nuit.", name=each.name), message("L’essayer hors des heures de bureau, ou écrire ce que prévoit le contrat."), place))  # fmt: skip
        if not each.contract.strip():
            found.append(_doubt("supplier.contract", message("{name} : aucun numéro de contrat.", name=each.name), message("L’écrire : il est demandé avant toute intervention."), place))  # fmt: skip
    return found


def _insurance(insurance: Insurance) -> list[Finding]:
    place = "directory.insurance"
    if not insurance.insurer.strip():
        said = message("Aucun assureur dans l’annuaire.")
        return [_doubt("insurance", said, message("Écrire l’assureur, ou « aucun » s’il n’y a pas de contrat."), place)]
    if insurance.insurer.strip().lower() in NONE:
        return []
    found = []
    if not insurance.policy.strip():
        found.append(_doubt("insurance.policy", message("Assureur : aucun numéro de contrat."), message("L’écrire."), place))  # fmt: skip
    if not insurance.telephone.strip():
        found.append(_doubt("insurance.telephone", message("Assureur : aucun téléphone."), message("Écrire le numéro d’assistance en cas d’attaque."), place))  # fmt: skip
    if insurance.hours is None:
        found.append(_doubt("insurance.hours", message("Assureur : le délai de déclaration du contrat n’est pas dit."), message("Le lire dans les conditions particulières."), place))  # fmt: skip
    return found


NONE = frozenset({"aucun", "aucune", "none", "non"})
"""What people write of an insurer when there is no policy."""


def _lines(guide: Guide, house: Establishment) -> list[Finding]:
    known = {each.code for each in guide.contacts}
    own = {each.contact: each.telephone.strip() for each in house.directory.contacts}
    blank = [
        _doubt(
            "contact",
            message("Aucun numéro pour « {title} ».", title=each.title),
            message("L’écrire : il dépend du lieu, personne ne peut le fournir à votre place."),
            "directory.contacts",
        )
        for each in guide.contacts
        if there(each.settings, house.setting) and not each.telephone and not each.address and not own.get(each.code)
    ]
    strange = [
        _unknown(
            "contact.unknown",
            message("Contact inconnu : {code}.", code=each.contact),
            f"directory.contacts[{n}]",
            each.contact,
        )
        for n, each in enumerate(house.directory.contacts)
        if each.contact not in known
    ]
    return blank + strange
