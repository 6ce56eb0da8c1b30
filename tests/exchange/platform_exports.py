"""Exports of buyers' platforms, fictitious and seeded, each with its own truth: where every file must go.

The truth is made from what was deposited, before any folder is named: it knows nothing of how the importer reads names.
"""

import csv
import io
import zipfile
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

import openpyxl
from stdnum import luhn

from egide.tender.model import Lot, Round, Tender
from exchange.small import TENDER

PARIS = timezone(timedelta(hours=2))
DEADLINE = datetime(2026, 10, 5, 12, tzinfo=PARIS)
COMPANIES = (
    "Alpha Santé SAS", "Bêta & Fils", "Gamma Numérique", "Société Delta", "EPSILON", "Zêta Imagerie SARL", "L'Éta du Soin",
    "Thêta-Médical", "Iota 2000", "Kappa Systèmes d'Information", "Lambda", "Mu Conseil SA", "Groupe Nu", "Xi Cloud SASU",
    "Omicron Hébergement", "Pi Réseaux", "Rho", "Sigma Plus", "Tau Logiciels", "Upsilon et Cie",
)  # fmt: skip
OFFERS = (
    "Questionnaire sécurité.xlsx",
    "BPU-DQE.xlsx",
    "Acte d'engagement.pdf",
    "Mémoire technique.pdf",
    "Plan d'assurance sécurité.pdf",
)
CANDIDACIES = ("DC1.pdf", "DC2.pdf", "Kbis.pdf", "Références.pdf", "Attestation fiscale 2026.pdf")

Truth = dict[bytes, set[tuple[str, ...]]]
"""The content of each file -> where it must be: area, then tenderer (or deposit), lot, variant, round."""


@dataclass(frozen=True)
class Sent:
    """One deposit: who, when, the files of the candidacy, and those of each bid (lot, variant)."""

    number: int
    company: str
    siret: str
    started: datetime
    ended: datetime
    candidacy: dict[str, bytes]
    bids: dict[tuple[int, int], dict[str, bytes]]
    safety_copy: bool = False

    @property
    def late(self) -> bool:
        return self.ended > DEADLINE


@dataclass(frozen=True)
class Export:
    """An export: the bytes of each path, the register, and the truth."""

    tender: Tender
    style: str
    sent: tuple[Sent, ...]
    files: dict[str, bytes]
    register: bytes
    register_name: str
    truth: Truth
    sealed: dict[int, set[bytes]] = field(default_factory=dict)

    def zip(self, path: Path, *, old_names: bool = False) -> Path:
        path.write_bytes(archive(self.files, old_names=old_names))
        return path

    def folder(self, path: Path) -> Path:
        for name, body in self.files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(body)
        return path


class _OldName(zipfile.ZipInfo):
    """An entry whose name is written in the code page of an old French system, without the flag that says so."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("cp850", "replace"), self.flag_bits & ~0x800


def archive(files: dict[str, bytes], *, old_names: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in files.items():
            target.writestr(
                (_OldName if old_names else zipfile.ZipInfo)(name, (2026, 10, 2, 11, 0, 0)), body, zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()


def siret(random: Random) -> str:
    siren = "".join(str(random.randrange(10)) for _ in range(8))
    siren += luhn.calc_check_digit(siren)
    nic = f"{random.randrange(1, 99):04}"
    return siren + nic + luhn.calc_check_digit(siren + nic)


# --------------------------------------------------------------------------------------------------------- what was sent
def export(seed: int, companies: int | None = None, files: int = 5) -> Export:
    """Return the export of a seed."""
    random = Random(seed)  # noqa: S311 (fictitious exports)
    lots = random.randint(1, 4)
    tender = replace(
        TENDER,
        deadline=DEADLINE,
        tenderers=(),
        lots=tuple(Lot(f"lot-{number}") for number in range(1, lots + 1)),
        variants_allowed=True,
        rounds=(Round(2),),
    )
    sent: list[Sent] = []
    count = companies or random.randint(1, 7)
    names = random.sample(COMPANIES, min(count, len(COMPANIES)))
    names += [f"Société fictive n {number}" for number in range(len(names), count)]
    for company in names:
        number_of = siret(random)
        moments = sorted(random.sample(range(60, 200_000), random.choice([1, 1, 1, 2, 3])), reverse=True)
        for rank, minutes in enumerate(moments):
            ended = DEADLINE - timedelta(seconds=minutes)
            if rank == len(moments) - 1 and random.random() < 0.15:
                ended = DEADLINE + timedelta(seconds=random.randint(1, 4000))
            sent.append(_deposit(random, company, number_of, ended, lots, files))
    sent.sort(key=lambda each: each.ended)
    sent = [_numbered(each, number) for number, each in enumerate(sent, 1)]
    style = random.choice(sorted(STYLES))
    shown = STYLES[style](random, sent, lots)
    if style != "lots-above" and random.random() < 0.5:
        shown = {f"Consultation 2026-{seed:03}/{name}": body for name, body in shown.items()}
    register, name = _register(random, sent, lots)
    return Export(tender, style, tuple(sent), shown, register, name, _truth(sent), _sealed(style, sent, shown))


def _deposit(random: Random, company: str, number: str, ended: datetime, lots: int, files: int) -> Sent:
    chosen = sorted(random.sample(range(1, lots + 1), random.randint(1, lots)))
    keys = [(lot, 0) for lot in chosen] + [(lot, 1) for lot in chosen if random.random() < 0.2]
    some = list(CANDIDACIES[: random.randint(1, 4)])
    bids = {
        key: dict.fromkeys([*OFFERS[: random.randint(2, 5)], *(f"Annexe {n}.pdf" for n in range(files - 5))], b"")
        for key in keys
    }
    for each in bids.values():
        if random.random() < 0.3:
            each["Acte d'engagement.pdf.p7s"] = b""
    copy = random.random() < 0.05
    return Sent(
        0,
        company,
        number,
        ended - timedelta(seconds=random.randint(30, 900)),
        ended,
        dict.fromkeys(some, b""),
        bids,
        copy,
    )


def _numbered(sent: Sent, number: int) -> Sent:
    def body(*parts: object) -> bytes:
        return ("|".join(map(str, (number, *parts)))).encode()

    return replace(
        sent,
        number=number,
        candidacy={name: body("c", name) for name in sent.candidacy},
        bids={key: {name: body(*key, name) for name in files} for key, files in sent.bids.items()},
    )


def _truth(sent: list[Sent]) -> Truth:
    truth: Truth = {}
    in_time: dict[str, list[Sent]] = {}
    for each in sent:
        if not (each.late or each.safety_copy):
            in_time.setdefault(each.company, []).append(each)
    for company, sends in in_time.items():
        for each in sends:
            last = max((one for one in sends), key=lambda one: one.ended)
            for body in each.candidacy.values():
                area = ("candidacies", company) if each is last else ("superseded", str(each.number))
                truth.setdefault(body, set()).add(area)
            for key, files in each.bids.items():
                later = [one for one in sends if key in one.bids and one.ended > each.ended]
                where = (f"lot-{key[0]}", str(key[1]))
                for body in files.values():
                    area = ("superseded", str(each.number), *where) if later else ("bids", company, *where)
                    truth.setdefault(body, set()).add(area)
    return truth


def _sealed(style: str, sent: list[Sent], shown: dict[str, bytes]) -> dict[int, set[bytes]]:
    """Return what must stand closed for each late deposit or safety copy."""
    closed = [each for each in sent if each.late or each.safety_copy]
    if style == "zip-each":
        return {
            each.number: {body for name, body in shown.items() if f"Pli {each.number} - " in name} for each in closed
        }
    return {
        each.number: {*each.candidacy.values(), *(body for files in each.bids.values() for body in files.values())}
        for each in closed
    }


# ----------------------------------------------------------------------------------------------------------- the styles
def _variant(key: tuple[int, int], words: str = "Variante {}") -> str:
    return words.format(key[1]) + "/" if key[1] else ""


def _numbers(random: Random, sent: list[Sent], lots: int) -> dict[str, bytes]:
    files = {}
    for each in sent:
        top = f"Pli {each.number} - {each.company.upper().replace('/', ' ')} - {each.siret}"
        files |= {f"{top}/Candidature/{name}": body for name, body in each.candidacy.items()}
        for key, bid in each.bids.items():
            files |= {f"{top}/Offre lot {key[0]}/{_variant(key)}{name}": body for name, body in bid.items()}
    return files


def _dashes(random: Random, sent: list[Sent], lots: int) -> dict[str, bytes]:
    files = {}
    for each in sent:
        top = f"{each.number}_{each.company.replace(' ', '-')}"
        files |= {f"{top}/Dossier_Candidature/{name}": body for name, body in each.candidacy.items()}
        for key, bid in each.bids.items():
            lot = f"Lot_{key[0]:02}/" if lots > 1 else ""
            files |= {
                f"{top}/Dossier_Offre/{lot}{_variant(key, 'variante n°{}')}{name}": body for name, body in bid.items()
            }
    return files


def _envelopes(random: Random, sent: list[Sent], lots: int) -> dict[str, bytes]:
    files = {}
    for each in sent:
        top = ("Plis hors délai/" if each.late else "") + f"El_{each.number:03}_{each.company}"
        files |= {f"{top}/Enveloppe 1/Pièces administratives/{name}": body for name, body in each.candidacy.items()}
        for key, bid in each.bids.items():
            inside = f"{top}/Enveloppe 2/Lot n°{key[0]} - Intitulé du lot/{_variant(key)}Annexes et pièces"
            files |= {f"{inside}/{name}": body for name, body in bid.items()}
    return files


def _dated(random: Random, sent: list[Sent], lots: int) -> dict[str, bytes]:
    files = {}
    for each in sent:
        top = f"{each.ended:%Y-%m-%d_%Hh%M}_{each.number}_{each.company}"
        files |= {f"{top}/Pieces_administratives/{name}": body for name, body in each.candidacy.items()}
        for key, bid in each.bids.items():
            kind = f"Variante {key[1]}" if key[1] else "Offre de base"
            files |= {f"{top}/LOT {key[0]}/{kind}/{name}": body for name, body in bid.items()}
    return files


def _lots_above(random: Random, sent: list[Sent], lots: int) -> dict[str, bytes]:
    files = {}
    for each in sent:
        top = f"{each.number} - {each.company}"
        files |= {f"Candidatures/{top}/{name}": body for name, body in each.candidacy.items()}
        for key, bid in each.bids.items():
            files |= {f"Offres/Lot {key[0]}/{top}/{_variant(key)}{name}": body for name, body in bid.items()}
    return files


def _zip_each(random: Random, sent: list[Sent], lots: int) -> dict[str, bytes]:
    files = {}
    for each in sent:
        inside = {f"Candidature/{name}": body for name, body in each.candidacy.items()}
        offers = {
            f"Lot {key[0]}/{_variant(key)}{name}": body for key, bid in each.bids.items() for name, body in bid.items()
        }
        inside |= (
            {"Offre.zip": archive(offers)} if random.random() < 0.5 else {f"Offre/{n}": b for n, b in offers.items()}
        )
        files[f"Pli {each.number} - {each.company}.zip"] = archive(inside)
    return files


STYLES = {
    "numbers": _numbers,
    "dashes": _dashes,
    "envelopes": _envelopes,
    "dated": _dated,
    "lots-above": _lots_above,
    "zip-each": _zip_each,
}


# --------------------------------------------------------------------------------------------------------- the register
def _register(random: Random, sent: list[Sent], lots: int) -> tuple[bytes, str]:
    columns = {
        "number": random.choice(["N° du pli", "N°", "Numéro de dépôt", "Pli"]),
        "company": random.choice(["Entreprise", "Raison sociale", "Candidat", "Nom de l'entreprise"]),
        "siret": random.choice(["SIRET", "N° SIRET"]),
        "started": random.choice(["Date et heure de début", "Début du dépôt"]),
        "ended": random.choice(["Date et heure de réception", "Fin du dépôt", "Date et heure de fin"]),
        "lots": random.choice(["Lots", "Lot(s) concerné(s)"]),
        "status": random.choice(["Statut", "État du pli"]),
        "contact": "Adresse électronique",
    }
    order = list(columns)
    random.shuffle(order)
    if random.random() < 0.5:
        order.remove("contact")
    form = random.choice(["%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y à %Hh%Mm%Ss", "%d-%m-%Y %H:%M:%S"])
    rows = []
    for each in random.sample(sent, len(sent)):
        values = {
            "number": each.number,
            "company": each.company,
            "siret": each.siret,
            "started": each.started.strftime(form),
            "ended": each.ended.strftime(form),
            "lots": ", ".join(str(lot) for lot in sorted({key[0] for key in each.bids})),
            "status": "Hors délai" if each.late else "Copie de sauvegarde" if each.safety_copy else "Ouvert",
            "contact": "contact@exemple.invalid",
        }
        rows.append([values[name] for name in order])
    table = [["Registre des dépôts (fictif)"], [], [columns[name] for name in order], *rows]
    if random.random() < 0.5:
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(table)
        return text.getvalue().encode(random.choice(["utf-8-sig", "cp1252"])), "Registre des dépôts.csv"
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), "Registre des dépôts.xlsx"


def found(folder: Path, names: dict[str, str]) -> Truth:
    """Return where the files of a tender folder are, in the words of the truth; `names` gives the company of each identifier."""
    seen: Truth = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_file() or parts[0] not in {"bids", "candidacies", "superseded"} or len(parts) < 3:
            continue
        who = parts[1] if parts[0] == "superseded" else names[parts[1]]
        variant = next((part.removeprefix("variant-") for part in parts if part.startswith("variant-")), "0")
        where: tuple[str, ...] = (parts[0], who)
        if parts[0] == "bids" or (parts[0] == "superseded" and parts[2] != "candidacy"):
            where = (*where, parts[2], variant)
        seen.setdefault(path.read_bytes(), set()).add(where)
    return seen
