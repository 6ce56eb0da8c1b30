"""Who stands behind each candidacy, looked at: groups, subcontractors, certificates. Findings only: a person decides.

Articles of the code de la commande publique: R2142-21 (several candidacies of one company on a lot, when the documents
forbid it), R2142-23 (one group per mandataire), R2142-24 (one mandataire per group).
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from egide.finding import Finding, Severity
from egide.message import Message, Text, message
from egide.tender.model import Tender, Tenderer
from egide.tender.parties import Certificate, Group, RequiredCertificate

FILE = "tender.yaml"


# ------------------------------------------------------------------------------------------------------------ the facts
@dataclass(frozen=True)
class Activity:
    """One of the activities that a certificate may cover."""

    number: int
    title: Text


@dataclass(frozen=True)
class Version:
    """A version of a standard and the days on which a certificate may rest on it."""

    name: str
    since: date | None = None
    until: date | None = None

    def is_of(self, written: str) -> bool:
        """Tell whether a version as written (« v2 », « 1.1 ») is this one."""
        found = re.search(r"\d+(?:\.\d+)*", written)
        return found is not None and f"{found[0]}.".startswith(f"{self.name}.")


@dataclass(frozen=True)
class Standard:
    """What a certificate of a standard may cover, with its source and the day on which it was seen."""

    id: str
    title: Text
    names: tuple[str, ...]
    article: str
    source: str
    seen: date
    activities: tuple[Activity, ...] = ()
    versions: tuple[Version, ...] = ()

    def titles(self, numbers: list[int]) -> list[Message]:
        """Return activities by number and title."""
        known = {each.number: each.title for each in self.activities}
        return [message("{number} ({title})", number=number, title=known.get(number, Text())) for number in numbers]


@dataclass(frozen=True)
class Standards:
    """All the standards known, with the version of this list."""

    version: str
    standards: tuple[Standard, ...]

    def named(self, text: str) -> Standard | None:
        """Return the standard that a text names."""
        key = same(text)
        return next((each for each in self.standards if key in {same(each.id), *map(same, each.names)}), None)


# -------------------------------------------------------------------------------------------------------------- parties
def parties(tender: Tender) -> tuple[Finding, ...]:
    """Return what must be said of the companies behind the candidacies."""
    found = [*_shared_sirets(tender)]
    for tenderer in tender.tenderers:
        found += _sirets(tenderer)
        found += _group(tenderer)
        found += _subcontractors(tenderer)
    return (*found, *_twice(tender))


def looked_at(tender: Tender, standards: Standards, file: str) -> list[Finding]:
    """Return what must be said of companies and certificates; `file` is the one that names the tenderers."""
    said = (*parties(tender), *certificates(tender, standards))
    return [replace(finding, file=file) if finding.file == FILE else finding for finding in said]


def same(name: str) -> str:
    """Return a name as it is compared: letters and digits, no accents, no case."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if char.isalnum())


def _shared_sirets(tender: Tender) -> Iterator[Finding]:
    holders: dict[str, list[Tenderer]] = defaultdict(list)
    for tenderer in tender.tenderers:
        if tenderer.siret:
            holders[tenderer.siret].append(tenderer)
    for siret, those in holders.items():
        if len(those) > 1:
            said = message(
                "deux soumissionnaires portent le même SIRET : {names}", names=[_name(each) for each in those]
            )
            remedy = message("Vérifier les SIRET sur les actes d'engagement et corriger celui qui est faux.")
            yield Finding("party.siret_twice", Severity.ERROR, said, remedy, FILE, those[0].id, read=siret)


def _sirets(tenderer: Tenderer) -> Iterator[Finding]:
    if not tenderer.siret:
        said = message("le SIRET du soumissionnaire n'est pas donné")
        yield _note(tenderer, "party.siret", said, message("Donner le SIRET (acte d'engagement)."))
    bare = [each.name for each in tenderer.members if not each.siret]
    bare += [each.name for each in tenderer.subcontractors if not (each.siret or each.country)]
    if bare:
        said = message("le SIRET (ou le pays) n'est pas donné pour : {names}", names=bare)
        yield _doubt(
            tenderer, "party.siret", said, message("Donner le SIRET, ou le pays d'une entreprise étrangère (DC1, DC4).")
        )


def _group(tenderer: Tenderer) -> Iterator[Finding]:
    if tenderer.group is Group.NONE:
        if tenderer.members:
            said = message("des membres sont nommés, mais la forme du groupement ne l'est pas")
            yield _doubt(
                tenderer, "group.form", said, message("Dire si le groupement est conjoint ou solidaire (DC1).")
            )
        return
    heads = [each for each in tenderer.members if each.mandataire]
    remedy = message(
        "Désigner un mandataire, et un seul (DC1) : sans lui, la candidature peut être rejetée (R2142-24)."
    )
    if len(heads) != 1:
        said = message("le groupement désigne {count} mandataires : il en faut un, et un seul", count=len(heads))
        yield _doubt(tenderer, "group.mandataire", said, remedy)
    elif tenderer.siret and heads[0].siret and tenderer.siret != heads[0].siret:
        said = message("le SIRET du soumissionnaire n'est pas celui de son mandataire {name}", name=heads[0].name)
        yield _doubt(tenderer, "group.mandataire", said, message("Donner le SIRET du mandataire."))
    if len(tenderer.members) < 2:
        said = message("un groupement d'un seul membre, ou sans membre nommé")
        yield _doubt(tenderer, "group.members", said, message("Nommer tous les membres du groupement."))


def _subcontractors(tenderer: Tenderer) -> Iterator[Finding]:
    for each in tenderer.subcontractors:
        if not each.of and tenderer.members:
            said = message("rien ne dit quel membre du groupement engage {name}", name=each.name)
            yield _doubt(tenderer, "subcontractor.of", said, _DC4)
        elif each.of and not rank(tenderer, each.name):
            said = message(
                "la chaîne de sous-traitance (commande publique) de {name}, engagé par {of}, ne remonte pas au soumissionnaire",
                name=each.name,
                of=each.of,
            )
            yield _doubt(tenderer, "subcontractor.of", said, _DC4)
        if each.processor and not each.country:
            said = message(
                "{name} traite des données personnelles (sous-traitant RGPD) : son pays n'est pas dit", name=each.name
            )
            remedy = message("Dire le pays et le lieu du traitement (RGPD, articles 28 et 44).")
            yield _doubt(tenderer, "subcontractor.country", said, remedy)


_DC4 = message("Dire qui engage ce sous-traitant (commande publique), par la déclaration de sous-traitance (DC4).")


def rank(tenderer: Tenderer, name: str) -> int:
    """Return the rank of a subcontractor of a tenderer: 1 engaged by the tenderer or a member; 0 when the chain is broken."""
    engaged = {same(each.name): same(each.of) for each in tenderer.subcontractors}
    firsts = {"", *(same(each) for each in (tenderer.name, tenderer.id, *(member.name for member in tenderer.members)))}
    current, count = same(name), 0
    while current in engaged and count <= len(engaged):
        count += 1
        if engaged[current] in firsts:
            return count
        current = engaged[current]
    return 0


def _twice(tender: Tender) -> Iterator[Finding]:
    """Say which companies stand in several candidacies for a lot, and which lead several groups.

    These findings name competitors: they are the buyer's, and carry no tenderer to whom they could be sent.
    """
    lots = tuple(lot.id for lot in tender.lots)
    seen: dict[str, list[Tenderer]] = defaultdict(list)
    shown: dict[str, str] = {}
    leads: Counter[str] = Counter()
    for tenderer in tender.tenderers:
        companies = {_company(each.name, each.siret): each.name for each in tenderer.members}
        companies = companies or {_company(_name(tenderer), tenderer.siret): _name(tenderer)}
        for company, name in companies.items():
            seen[company].append(tenderer)
            shown.setdefault(company, name)
        leads.update({_company(each.name, each.siret) for each in tenderer.members if each.mandataire})
    for company, those in seen.items():
        common = [lot for lot in lots if sum(not each.lots or lot in each.lots for each in those) > 1]
        grouped = any(each.members for each in those)
        if grouped and common and leads[company] <= 1:
            said = message("{name} se présente dans plusieurs candidatures ({names}) pour {lots}",
                           name=shown[company], names=[_name(each) for each in those], lots=common)  # fmt: skip
            remedy = message(
                "Si le règlement de la consultation l'interdit (R2142-21), ces candidatures sont irrecevables : le vérifier."
            )
            yield Finding("group.twice", Severity.DOUBT, said, remedy, FILE, shown[company])
        if leads[company] > 1:
            said = message("{name} est mandataire de plusieurs groupements ({names})",
                           name=shown[company], names=[_name(each) for each in those])  # fmt: skip
            remedy = message("Nul ne peut être mandataire de plus d'un groupement pour un même marché (R2142-23).")
            yield Finding("group.mandataire_twice", Severity.DOUBT, said, remedy, FILE, shown[company])


def _company(name: str, siret: str) -> str:
    """Return what identifies a company: its SIREN, else its name."""
    return siret[:9] if len(siret) == 14 else same(name)


# --------------------------------------------------------------------------------------------------------- certificates
def certificates(tender: Tender, standards: Standards) -> tuple[Finding, ...]:
    """Return what must be said of the certificates that the lots ask for, and of those that tenderers show."""
    found: list[Finding] = []
    for tenderer in tender.tenderers:
        for certificate in tenderer.certificates:
            found += _certificate(tender, tenderer, certificate, standards.named(certificate.standard))
        for required in tender.certificates:
            found += _required(tender, tenderer, required, standards)
    return tuple(found)


def _required(
    tender: Tender, tenderer: Tenderer, required: RequiredCertificate, standards: Standards
) -> Iterator[Finding]:
    lots = [
        lot.id
        for lot in tender.lots
        if lot.id in (required.lots or (lot.id,)) and lot.id in (tenderer.lots or (lot.id,))
    ]
    if not lots:
        return
    standard = standards.named(required.standard)
    held = [each for each in tenderer.certificates if _alike(each.standard, required.standard, standards)]
    if not held:
        said = message(
            "aucun certificat {standard} n'est montré, alors que {lots} l'exige", standard=required.standard, lots=lots
        )
        yield _doubt(
            tenderer, "certificate.absent", said, message("Donner le certificat, de son titulaire le cas échéant.")
        )
        return
    day = tender.deadline.date()
    usable = [each for each in held if not each.valid_until or each.valid_until >= day]
    lacking = sorted(set(required.activities) - {number for each in usable for number in each.activities})
    if lacking:
        titles = standard.titles(lacking) if standard else lacking
        said = message("le certificat {standard} ne couvre pas l'activité exigée sur {lots} : {activities}",
                       standard=required.standard, lots=lots, activities=titles)  # fmt: skip
        remedy = message("Donner le certificat d'un autre maillon de la chaîne qui couvre cette activité.")
        yield _doubt(tenderer, "certificate.activity", said, remedy)


def _alike(one: str, other: str, standards: Standards) -> bool:
    known = standards.named(one)
    return known is standards.named(other) if known else same(one) == same(other)


def _certificate(
    tender: Tender, tenderer: Tenderer, shown: Certificate, standard: Standard | None
) -> Iterator[Finding]:
    deadline, start = tender.deadline.date(), tender.contract.start
    name: Mapping[str, object] = {"standard": shown.standard, "holder": shown.holder}

    def doubt(code: str, said: Message, remedy: Message) -> Finding:
        return Finding(
            code, Severity.DOUBT, Message(said.text, {**name, **said.values}), remedy, shown.file or FILE, read=shown.number,
            tenderer=tenderer.id,
        )  # fmt: skip

    if not _linked(tenderer, shown):
        said = message(
            "le titulaire du certificat {standard}, {holder}, n'est ni le soumissionnaire, ni un membre, ni un sous-traitant (commande publique) déclaré"
        )
        yield doubt(
            "certificate.holder",
            said,
            message("Donner le lien : déclaration de sous-traitance (DC4) ou engagement du tiers."),
        )
    if shown.valid_until is None:
        said = message("la fin de validité du certificat {standard} de {holder} n'est pas dite")
        yield doubt("certificate.end", said, message("La dire, certificat à l'appui."))
    elif shown.valid_until < deadline:
        said = message(
            "le certificat {standard} de {holder} finit le {end}, avant la date limite", end=shown.valid_until
        )
        yield doubt("certificate.expired", said, message("Donner le certificat en cours de validité."))
    elif start and shown.valid_until < start:
        said = message("le certificat {standard} de {holder} finit le {end}, avant le début du marché ({start})",
                       end=shown.valid_until, start=start)  # fmt: skip
        yield doubt(
            "certificate.ends_early", said, message("Donner la preuve du renouvellement avant le début du marché.")
        )
    if shown.valid_from and shown.valid_from > max(deadline, start or deadline):
        said = message("le certificat {standard} de {holder} ne commence que le {begin}", begin=shown.valid_from)
        yield doubt("certificate.begins_late", said, message("Donner le certificat en cours de validité."))
    if standard:
        yield from (doubt(*each) for each in _of_standard(standard, shown, max(deadline, start or deadline)))


def _of_standard(standard: Standard, shown: Certificate, day: date) -> Iterator[tuple[str, Message, Message]]:
    known = {each.number for each in standard.activities}
    strange = sorted(set(shown.activities) - known) if known else []
    if strange:
        said = message(
            "le certificat {standard} de {holder} porte des activités inconnues : {activities}", activities=strange
        )
        remedy = message(
            "Les activités vont de {first} à {last} : relire le certificat.", first=min(known), last=max(known)
        )
        yield "certificate.unknown_activity", said, remedy
    if not standard.versions:
        return
    version = next((each for each in standard.versions if each.is_of(shown.version)), None)
    if version is None:
        said = message(
            "la version du référentiel n'est pas dite, ou n'est pas connue, sur le certificat {standard} de {holder}"
        )
        yield "certificate.version", said, message("La dire, certificat à l'appui.")
    elif version.until and day > version.until:
        said = message("le certificat {standard} de {holder} est de la version {version}, qui ne vaut plus depuis le {until}",
                       version=version.name, until=version.until)  # fmt: skip
        yield (
            "certificate.old_version",
            said,
            message("Donner le certificat sur la version en vigueur ({article}).", article=standard.article),
        )


def _linked(tenderer: Tenderer, shown: Certificate) -> bool:
    """Tell whether the holder is the tenderer, a member or a declared subcontractor: by SIREN, else by name."""
    known = [(tenderer.id, ""), (tenderer.name, tenderer.siret)]
    known += [(each.name, each.siret) for each in tenderer.members]
    known += [(each.name, each.siret) for each in tenderer.subcontractors]
    siren = shown.holder_siret[:9]
    return any((siret and siret[:9] == siren) or (name and same(name) == same(shown.holder)) for name, siret in known)


# ------------------------------------------------------------------------------------------------------------- findings
def _name(tenderer: Tenderer) -> str:
    return tenderer.name or tenderer.id


def _doubt(tenderer: Tenderer, code: str, said: Message, remedy: Message) -> Finding:
    return Finding(code, Severity.DOUBT, said, remedy, FILE, _name(tenderer), tenderer=tenderer.id)


def _note(tenderer: Tenderer, code: str, said: Message, remedy: Message) -> Finding:
    return Finding(code, Severity.NOTE, said, remedy, FILE, _name(tenderer), tenderer=tenderer.id)
