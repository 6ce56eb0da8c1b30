"""The part of the analysis report on who stands behind each bid: companies, subcontractors, certificates; and its rounds."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from egide.message import Text, message
from egide.report.papers import blocks
from egide.report.papers.blocks import Block
from egide.report.view import NOTHING, View
from egide.tender.evaluation import Row
from egide.tender.model import Bid, BidKey, Tenderer
from egide.tender.parties import Certificate, Group, Member, Subcontractor

GROUPS = {
    Group.NONE: Text("", ""),
    Group.JOINT: Text("groupement conjoint", "joint group"),
    Group.SOLIDARY: Text("groupement solidaire", "group jointly and severally liable"),
}


def parties(seen: View, keys: Sequence[BidKey]) -> list[Block]:
    """Return, once a tenderer, its group, its subcontractors and its certificates; nothing when nobody has any."""
    say = seen.set.say
    named = [seen.tender.tenderer[key] for key in dict.fromkeys(key.tenderer for key in keys) if key in seen.tender.tenderer]  # fmt: skip
    parts = [(_title(seen, each), rows, "") for each in named if (rows := _rows(seen, each))]
    if not parts:
        return []
    head = [say(message("Qualité")), say(message("Nom ou norme")), say(message("SIRET ou numéro")), say(message("Part, objet ou validité"))]  # fmt: skip
    return [
        blocks.heading(say(message("Groupements, sous-traitants (commande publique) et certificats")), 3),
        blocks.groups("46 48 32 50", head, parts),
    ]


def _title(seen: View, tenderer: Tenderer) -> str:
    form = seen.set.say(GROUPS[tenderer.group])
    name = seen.set.quote(tenderer.name or tenderer.id)
    return f"{name} – {form}" if form else name


def _rows(seen: View, tenderer: Tenderer) -> list[list[str]]:
    return [
        *(_member(seen, each) for each in tenderer.members),
        *(_subcontractor(seen, each) for each in tenderer.subcontractors),
        *(_certificate(seen, each) for each in tenderer.certificates),
    ]


def _member(seen: View, member: Member) -> list[str]:
    role = seen.set.say(message("mandataire") if member.mandataire else message("cotraitant"))
    return [role, *_quoted(seen, member.name, member.siret, member.part)]


def _subcontractor(seen: View, found: Subcontractor) -> list[str]:
    say = seen.set.say
    role = message("sous-traitant (commande publique)")
    if found.processor:
        role = message("sous-traitant (commande publique), aussi sous-traitant RGPD")
    engaged = say(message("engagé par {name}", name=found.of)) if found.of else ""
    part = ", ".join(each for each in (seen.set.quote(found.part), seen.set.quote(found.country), engaged) if each)
    return [say(role), *_quoted(seen, found.name, found.siret), part or NOTHING]


def _certificate(seen: View, found: Certificate) -> list[str]:
    say = seen.set.say
    standard = " ".join(each for each in (found.standard, found.version) if each)
    said = [say(message("titulaire : {holder}", holder=found.holder))]
    if found.activities:
        said.append(say(message("activités {activities}", activities=tuple(map(str, found.activities)))))
    said.append(_validity(seen, found.valid_from, found.valid_until))
    return [say(message("certificat présenté")), *_quoted(seen, standard, found.number), " ; ".join(each for each in said if each)]  # fmt: skip


def _validity(seen: View, since: date | None, until: date | None) -> str:
    say, day = seen.set.say, seen.set.day
    if since and until:
        return say(message("du {since} au {until}", since=day(since), until=day(until)))
    if until:
        return say(message("jusqu'au {day}", day=day(until)))
    return say(message("depuis le {day}", day=day(since))) if since else say(message("validité non lue"))


def _quoted(seen: View, *texts: str) -> list[str]:
    return [seen.set.quote(text) or NOTHING for text in texts]


# -------------------------------------------------------------------------------------------------------------- rounds
def rounds(seen: View, rows: Sequence[Row]) -> list[Block]:
    """Return the round that the ranking of a lot used, and what changed since the rounds before it."""
    say = seen.set.say
    used = sorted({row.key.round for row in rows})
    if not used or (used == [1] and not seen.tender.rounds):
        return []
    if len(used) == 1:
        said = message("Le classement de ce lot porte sur les offres du tour {round}.", round=used[0])
    else:
        said = message("Le classement de ce lot porte sur la dernière offre de chacun (tours {rounds}).", rounds=tuple(map(str, used)))  # fmt: skip
    changed = [line for row in rows for line in _changes(seen, row)]
    if not changed:
        return [blocks.paragraph(say(said))]
    head = [
        message("Offre"),
        message("Tour"),
        message("Prix HT"),
        message("Déclarations qui changent avec le tour suivant"),
    ]
    return [blocks.paragraph(say(said)), blocks.table("1f 14 34> 1.5f", [say(each) for each in head], changed)]


def _changes(seen: View, row: Row) -> list[list[str]]:
    """Return one line a round of a bid, from its last one back to its first; nothing when it has one round only."""
    key = row.key
    made = sorted(
        (bid for other, bid in seen.bids.items() if (other.tenderer, other.lot, other.variant) == (key.tenderer, key.lot, key.variant) and other.round <= key.round),
        key=lambda bid: -bid.key.round,
    )  # fmt: skip
    if len(made) < 2:
        return []
    lines = [[seen.name(key), str(key.round), _price(seen, made[0]), NOTHING]]
    for after, before in pairwise(made):
        lines.append(
            [seen.name(before.key), str(before.key.round), _price(seen, before), _declared(seen, before, after)]
        )
    return lines


def _price(seen: View, bid: Bid) -> str:
    return NOTHING if bid.price is None else seen.set.money(bid.price.total, seen.tender.currency)


def _declared(seen: View, before: Bid, after: Bid) -> str:
    """Return the points whose declaration is not the same in the next round, each with both."""
    said = []
    for point in seen.clausier_of(before.key.lot).points.values():
        if before.answers.get(point.id) == after.answers.get(point.id):
            continue
        was, now = seen.declared(before.key, point), seen.declared(after.key, point)
        if was != now:
            said.append(
                seen.set.say(message("{point} : {before}, puis {after}", point=point.id, before=was, after=now))
            )
    return "\n".join(said) or seen.set.say(message("aucune"))
