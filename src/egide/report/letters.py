"""The letters to tenderers, laid out from what each may say and nothing else (egide.tender.procedure.letter)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from egide.message import Message, Text, message
from egide.report import figures
from egide.report.letters_law import appeal, no_award_appeal, unlawful
from egide.report.papers import blocks, pdf
from egide.report.papers.blocks import Block
from egide.report.papers.typography import WHOLE, Setter
from egide.tender.model import Tender
from egide.tender.procedure.letter import Kind, Letter, Part, Told
from egide.tender.procedure.outcome import ENDINGS, lot_name, tenderer_name

TITLES: Mapping[Kind, Message] = {
    Kind.REGULARISATION: message("Demande de régularisation de votre offre"),
    Kind.JUSTIFICATION: message("Demande de justification de votre prix"),
    Kind.PROOFS: message("Demande de justificatifs"),
    Kind.CANDIDACY: message("Rejet de votre candidature"),
    Kind.REJECTION: message("Rejet de votre offre"),
    Kind.AWARD: message("Attribution du marché"),
    Kind.NO_AWARD: message("Abandon de la procédure"),
    Kind.REASONS: message("Réponse à votre demande de motifs"),
}


def document(setter: Setter, tender: Tender, letter: Letter) -> dict[str, Any]:
    """Return a letter as plain data for the template."""
    foot = message("{title} · {day}", title=TITLES[letter.kind], day=setter.day(letter.on))
    page = _Page(setter, tender, letter)
    body = [*_head(setter, tender, letter), *BODIES[letter.kind](page), *_end(setter, letter), *_annex(page)]
    return pdf.frame(setter, TITLES[letter.kind], tender, foot, body)


@dataclass(frozen=True)
class _Page:
    """A letter being written."""

    setter: Setter
    tender: Tender
    letter: Letter

    def say(self, said: Message | Text | str) -> str:
        """Return a text, its figures set."""
        return figures.said(self.setter, said, self.tender.currency) if isinstance(said, Message) else self.setter.say(said)  # fmt: skip

    def paragraph(self, said: Message) -> Block:
        """Return a paragraph."""
        return blocks.paragraph(self.say(said))

    def lead(self, said: Message) -> Block:
        """Return what is read first."""
        return blocks.lead(self.say(said))

    @property
    def lot(self) -> Message:
        """Return the name of the lot."""
        return lot_name(self.tender, self.letter.lot)


def _head(setter: Setter, tender: Tender, letter: Letter) -> list[Block]:
    say = setter.say
    to = tender.tenderer.get(letter.tenderer)
    siret = say(message("SIRET {siret}", siret=to.siret)) if to and to.siret else ""
    lead = next((member.name for member in to.members if member.mandataire), "") if to else ""
    agent = say(message("mandataire : {name}", name=lead)) if lead else ""
    name = "\n".join(part for part in (setter.quote(tenderer_name(tender, letter.tenderer)), agent, siret) if part)
    buyer = "\n".join(setter.say(part) for part in (tender.buyer.name, tender.buyer.address) if part)
    rows = [
        (say(message("Acheteur")), buyer),
        (say(message("À l'attention de")), name),
        (say(message("Référence")), setter.quote(tender.reference)),
        (say(message("Lot")), say(lot_name(tender, letter.lot))),
        (say(message("Objet")), say(TITLES[letter.kind])),
        (say(message("Date")), setter.day(letter.on)),
    ]
    pairs = [(label, value) for label, value in rows if value]
    return [blocks.pairs(pairs), blocks.paragraph(say(message("Madame, Monsieur,")))]


def _end(setter: Setter, letter: Letter) -> list[Block]:
    say = setter.say
    thanks = letter.kind in {Kind.CANDIDACY, Kind.REJECTION, Kind.NO_AWARD, Kind.REASONS}
    polite = (
        message("Je vous remercie de l'intérêt porté à cette consultation et vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée.")
        if thanks
        else message("Je vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée.")
    )  # fmt: skip
    return [
        blocks.paragraph(say(polite)),
        blocks.blank(say(message("À compléter : fait à (lieu), le {day} ; nom, qualité et signature de l'autorité compétente ou de son délégataire.", day=setter.day(letter.on)))),
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------- end of procedure
def _rejection(page: _Page) -> list[Block]:
    intro = message("L'offre que vous avez remise n'est pas retenue. Voici les motifs de cette décision, puis ceux du choix de l'offre retenue.")  # fmt: skip
    return [
        page.lead(intro),
        *_reasons(page),
        *_choice(page),
        *_signing(page),
        page.paragraph(message("Les voies et délais de recours sont en annexe.")),
    ]


def _answer(page: _Page) -> list[Block]:
    letter = page.letter
    article = "R2181-4" if letter.formalised else "R2181-2"
    asked = page.setter.day(letter.requested_on) if letter.requested_on else ""
    intro = message("Vous avez demandé le {day} les motifs du rejet de votre offre. Les voici, en application de l'article {article} du code de la commande publique.", day=asked, article=article)  # fmt: skip
    refused = message("Votre offre ayant été écartée sans être classée, le code ne prévoit pas que les caractéristiques et avantages de l'offre retenue vous soient communiqués.")  # fmt: skip
    rest = [] if letter.own else [page.paragraph(refused)]
    return [page.lead(intro), *_reasons(page), *_choice(page), *rest]


def _reasons(page: _Page) -> list[Block]:
    """Return why the bids of this tenderer are not retained: his own results, and the law for those left out."""
    letter, result = page.letter, []
    for each in letter.excluded:
        said = message("{name} : offre {word}. {law} Motif : {reason}", name=each.name, law=unlawful(each.bid_class)[1], word=unlawful(each.bid_class)[0], reason=each.reason)  # fmt: skip
        result.append(page.paragraph(said))
    if letter.gone:
        result.append(page.paragraph(message("Votre offre, d'abord retenue, n'a pas pu aboutir : {cause}.", cause=letter.gone)))  # fmt: skip
    for own in letter.own:
        said = message("{name} : classée {rank}e sur {count} offres classées, avec un total de {total} points sur 100.", name=own.name, rank=own.rank, count=letter.ranked, total=own.total)  # fmt: skip
        first = message("{name} : classée première sur {count} offres classées, avec un total de {total} points sur 100.", name=own.name, count=letter.ranked, total=own.total)  # fmt: skip
        result.append(page.paragraph(first if own.rank == 1 else said))
    if letter.reason:
        result.append(page.paragraph(message("Motif : {reason}", reason=letter.reason)))
    if letter.late:
        at, deadline = map(page.setter.day, letter.late)
        result.append(page.paragraph(message("Votre pli a été reçu en entier le {at}, après la date limite du {deadline} ; il n'a pas été ouvert (article R2151-5).", at=at, deadline=deadline)))  # fmt: skip
    return result


def _choice(page: _Page) -> list[Block]:
    """Return the winner, and what may be told of its bid: its notes on the published criteria, nothing of its content."""
    letter, best = page.letter, page.letter.best
    if best is None:
        return [page.paragraph(message("Le marché est attribué à {winner} : parmi les offres qui pouvaient être retenues, la sienne est économiquement la plus avantageuse au regard des critères publiés.", winner=letter.winner))]  # fmt: skip
    chosen = message("Le marché est attribué à {winner}. Son offre, classée {rank}e, obtient {total} points sur 100.", winner=letter.winner, rank=best.rank, total=best.total)  # fmt: skip
    first = message("Le marché est attribué à {winner}. Son offre, classée première, obtient {total} points sur 100 : c'est l'offre économiquement la plus avantageuse au regard des critères publiés.", winner=letter.winner, total=best.total)  # fmt: skip
    result = [page.paragraph(first if best.rank == 1 else chosen)]
    if best.price is not None:
        result.append(page.paragraph(message("Le montant total de l'offre retenue est de {price} hors taxes.", price=best.price)))  # fmt: skip
    result.append(_notes(page, letter.own, best))
    ahead = _ahead(letter.own, best)
    if ahead:
        titles = ", ".join(page.say(part.title) for part in ahead)
        result.append(page.paragraph(message("Les avantages de l'offre retenue sur la vôtre tiennent à : {titles}.", titles=titles)))  # fmt: skip
    return result


def _ahead(own: Sequence[Told], best: Told) -> list[Part]:
    """Return the criteria on which the winning bid earned more than the best of this tenderer's."""
    mine = [max(told.parts[n].earned for told in own) for n in range(len(best.parts))]
    return [part for part, earned in zip(best.parts, mine, strict=True) if part.earned > earned]


def _notes(page: _Page, own: Sequence[Told], best: Told) -> Block:
    """Return the table of notes: this tenderer's bids beside the winning one."""
    all_ = [*own, best]
    head = [page.say(message("Critère")), page.say(message("Points possibles"))]
    names = [page.say(told.name) if len(own) > 1 else page.say(message("Votre offre")) for told in own]
    head += [*names, page.say(message("Offre retenue"))]
    rows: list[list[str]] = []
    strong: list[int] = []

    def line(title: str, weight: str, earned: Sequence[str], *, bold: bool) -> None:
        if bold:
            strong.append(len(rows))
        rows.append([title, weight, *earned])

    number = page.setter.number
    for n, part in enumerate(best.parts):
        line(page.say(part.title), figures.note(page.setter, part.weight), [number(each.parts[n].earned) for each in all_], bold=bool(part.parts))  # fmt: skip
        for m, sub in enumerate(part.parts):
            earned = [number(each.parts[n].parts[m].earned) for each in all_]
            line(f"–{WHOLE}{page.say(sub.title)}", figures.note(page.setter, sub.weight), earned, bold=False)
    line(page.say(message("Total")), "100", [number(each.total) for each in all_], bold=True)
    return blocks.table("1f 26> " + "30> " * len(all_), head, rows, strong)


def _annex(page: _Page) -> list[Block]:
    """Return what comes after the signature: the ways of appeal, and the points that cost this tenderer the most."""
    ways = appeal(page.setter, page.letter.formalised) if page.letter.kind is Kind.REJECTION else []
    result = [*ways, *_lost(page)]
    return [blocks.new_page(), page.lead(message("Annexe")), *result] if result else []


def _lost(page: _Page) -> list[Block]:
    """Return the points that cost the most: the levels retained for this tenderer, nobody else's."""
    lost = page.letter.lost
    if not lost:
        return []
    several = any(each.bid for each in lost)
    rows = [
        [each.point, page.say(each.title), *([page.say(each.bid or "")] if several else []), page.say(each.level), page.setter.number(each.cost)]
        for each in lost
    ]  # fmt: skip
    offer = [message("Offre")] if several else []
    head = [message("Point"), message("Exigence"), *offer, message("Niveau retenu pour votre offre"), message("Coût")]
    said = message("Points de contrôle où votre offre n'a pas le niveau le plus haut, les plus coûteux d'abord. Le coût est le poids du point multiplié par l'écart entre la valeur du niveau le plus haut et celle du niveau retenu ; ce n'est pas un nombre de points sur 100.")  # fmt: skip
    return [
        page.paragraph(said),
        blocks.table("20 1f 46 34 20>" if several else "20 1f 46 20>", [page.say(each) for each in head], rows),
    ]


def _signing(page: _Page) -> list[Block]:
    day = page.letter.first_day
    if day is None:
        return []
    return [
        page.lead(
            message(
                "Le marché est susceptible d'être signé à compter du {day} (articles R2181-3 et R2182-1 du code de la commande publique).",
                day=page.setter.day(day),
            )
        )
    ]


def _candidacy(page: _Page) -> list[Block]:
    letter = page.letter
    result = [
        page.lead(message("Votre candidature n'est pas retenue.")),
        page.paragraph(message("Motif : {reason}", reason=letter.reason)),
    ]
    if letter.winner:
        result.append(page.paragraph(message("Le marché est attribué à {winner} : parmi les offres qui pouvaient être retenues, la sienne est économiquement la plus avantageuse au regard des critères publiés.", winner=letter.winner)))  # fmt: skip
    return [*result, *_signing(page), *appeal(page.setter, letter.formalised)]


def _award(page: _Page) -> list[Block]:
    letter = page.letter
    amount = letter.amount
    result = [page.lead(message("J'ai le plaisir de vous informer que votre offre est retenue."))]
    if amount is not None:
        result.append(page.paragraph(message("Montant retenu : {amount} hors taxes.", amount=amount)))
    for own in letter.own:
        result.append(page.paragraph(message("Votre offre obtient {total} points sur 100.", total=own.total)))
    result += _signing(page)
    result.append(page.paragraph(message("Cette information ne vaut pas conclusion du marché : il n'existe qu'à sa signature par l'acheteur, et prend effet à sa notification.")))  # fmt: skip
    if letter.asked:
        result.append(page.paragraph(message("Il reste à remettre les justificatifs ci-dessous. Sans eux à la date dite, vous êtes éliminé et le soumissionnaire classé ensuite est sollicité (article R2144-7).")))  # fmt: skip
        result.append(_asked(page))
    return result


def _no_award(page: _Page) -> list[Block]:
    letter = page.letter
    said = message("L'acheteur renonce à attribuer ce lot : {ending} (articles R2185-1 et R2185-2 du code de la commande publique).", ending=ENDINGS[letter.ending])  # fmt: skip
    return [
        page.lead(said),
        page.paragraph(message("Motif : {reason}", reason=letter.reason)),
        page.paragraph(message("Cette décision est portée à la connaissance de tous les participants. Elle vous délie de votre offre.")),
        *no_award_appeal(page.setter),
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------------- requests
def _regularisation(page: _Page) -> list[Block]:
    said = message("La lecture de votre offre montre les irrégularités ci-dessous. L'acheteur vous autorise à les régulariser (articles R2152-1 et R2152-2 du code de la commande publique).")  # fmt: skip
    limits = message("La même date limite est donnée à tous les soumissionnaires concernés. La régularisation ne peut pas changer les caractéristiques substantielles de l'offre, ni son prix. Sans réponse recevable à cette date, l'offre est éliminée comme irrégulière.")  # fmt: skip
    return [page.lead(said), _asked(page, points=True), page.paragraph(limits)]


def _justification(page: _Page) -> list[Block]:
    letter = page.letter
    deadline = page.setter.day(letter.asked[0].deadline)
    said = message("Le prix de votre offre semble anormalement bas. Merci d'en donner toutes les précisions et justifications avant le {deadline} (articles L2152-6 et R2152-3 du code de la commande publique).", deadline=deadline)  # fmt: skip
    result = [page.lead(said)]
    if letter.amount is not None:
        result.append(page.paragraph(message("Prix examiné : {amount} hors taxes.", amount=letter.amount)))
    grounds = [
        message("le mode de fabrication des produits, les modalités de la prestation, le procédé employé ;"),
        message("les solutions techniques retenues ou les conditions exceptionnellement favorables dont vous disposez ;"),
        message("l'originalité de l'offre ;"),
        message("le respect des obligations environnementales, sociales et du travail, et celui de vos sous-traitants (commande publique) ;"),
        message("l'obtention éventuelle d'une aide d'État."),
    ]  # fmt: skip
    rest = message("Cette demande ne préjuge pas de la suite : un prix bas, s'il est justifié, n'est pas un motif de rejet. Si les justifications n'expliquent pas ce prix de façon satisfaisante, l'offre est rejetée.")  # fmt: skip
    return [
        *result,
        page.paragraph(message("Les justifications peuvent tenir notamment à :")),
        blocks.items([page.say(each) for each in grounds]),
        page.paragraph(rest),
    ]


def _proofs(page: _Page) -> list[Block]:
    said = message("Votre offre est celle que l'acheteur envisage de retenir. Avant toute attribution, merci de remettre les justificatifs ci-dessous (articles R2144-4 et R2144-7 du code de la commande publique).")  # fmt: skip
    rest = message("Cette demande ne vaut pas attribution. Sans ces pièces à la date dite, vous êtes éliminé et le soumissionnaire classé ensuite est sollicité.")  # fmt: skip
    return [page.lead(said), _asked(page), page.paragraph(rest)]


def _asked(page: _Page, *, points: bool = False) -> Block:
    rows = []
    for each in page.letter.asked:
        named = "\n".join(f"{point} {page.say(title)}".strip() for point, title in each.points)
        rows.append([page.say(each.what), *([named] if points else []), page.setter.day(each.deadline)])
    head = [message("Demande"), *([message("Points concernés")] if points else []), message("À remettre avant le")]
    return blocks.table("1f 62 44" if points else "1f 44", [page.say(each) for each in head], rows)


BODIES: Mapping[Kind, Callable[[_Page], list[Block]]] = {
    Kind.REGULARISATION: _regularisation,
    Kind.JUSTIFICATION: _justification,
    Kind.PROOFS: _proofs,
    Kind.CANDIDACY: _candidacy,
    Kind.REJECTION: _rejection,
    Kind.AWARD: _award,
    Kind.NO_AWARD: _no_award,
    Kind.REASONS: _answer,
}
